"""What was read before: a second run gives the same bytes and reads what changed; what is in doubt is read again."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from weakref import ref

import pytest
from pydantic_core import to_json

from dingji.engine import cache, program
from dingji.engine.ahead import READINGS
from dingji.engine.cache import Cache
from dingji.engine.inputs import Job, find_files
from dingji.engine.work import read_here
from dingji.read.reading import FileReading
from tests.five_good_case import case_files
from tests.online import exported, workbook
from tests.papers import BOOK, SELF, altered, good, prepared, typed
from tests.workspaces import command, make_workspace, scheme, without_meeting

RECORD = "内部/运行记录.json"
FILES: Mapping[str, bytes] = {
    **case_files(scheme(), mended=False),
    "一处/坏.xlsx": b"PK",
    "一处/空.csv": b"",
    "一处/不认识.csv": "甲,1\n乙,2\n".encode(),
    "不采用/旧.xlsx": b"PK",
    "问卷/答卷.xlsx": workbook(exported()),
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace that was run once."""
    folder = make_workspace(tmp_path_factory.mktemp("ran"), FILES)
    assert command(folder, "run") == 1
    return folder


@pytest.fixture
def folder(ran: Path, tmp_path: Path) -> Path:
    return shutil.copytree(ran, tmp_path / "again")


@pytest.fixture
def read_now(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the files that are read from now on."""
    paths: list[str] = []
    real = cache.Cache.read

    def watched(self: Cache, jobs: list[Job], plan: Any, read: cache.Read) -> list[FileReading]:  # noqa: ANN401
        def noted(wanting: Any) -> list[FileReading]:  # noqa: ANN401
            paths.extend(shown for _, shown in wanting)
            return read(wanting)

        return real(self, jobs, plan, noted)

    monkeypatch.setattr(cache.Cache, "read", watched)
    return paths


def outputs(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {
        path.relative_to(folder / "output").as_posix(): path.read_bytes()
        for path in (folder / "output").rglob("*")
        if path.is_file()
    }
    record = json.loads(found[RECORD])
    del record["timings"]
    return {**found, RECORD: record}


def kept(folder: Path) -> Path:
    return folder / ".cache" / "readings"


def test_a_second_run_reads_nothing_and_gives_the_same_bytes(ran: Path, folder: Path, read_now: list[str]) -> None:
    before = kept(folder).read_bytes()
    shutil.rmtree(folder / "output")
    assert command(folder, "run") == 1
    assert read_now == []
    assert outputs(folder) == outputs(ran)
    assert kept(folder).read_bytes() == before


def test_only_what_changed_is_read(folder: Path, read_now: list[str]) -> None:
    form = folder / "input" / SELF
    form.write_bytes(altered(form.read_bytes(), typed("自评表", "2", "自评得分", "四分")))
    (folder / "input" / "一处/坏.xlsx").rename(folder / "input" / "一处/改名.xlsx")
    assert command(folder, "run") == 1
    assert read_now == ["一处/改名.xlsx", SELF]
    warm = outputs(folder)
    read_now.clear()
    assert command(folder, "run", "--no-cache") == 1
    assert read_now == []
    assert outputs(folder) == warm


def test_a_file_that_was_changed_back_in_size_and_time_is_read(folder: Path, read_now: list[str]) -> None:
    """Content counts, not what the system says of a file."""
    file = folder / "input/一处/不认识.csv"
    told = file.stat()
    file.write_bytes("甲,1\n乙,3\n".encode())
    os.utime(file, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert command(folder, "run") == 1
    assert read_now == ["一处/不认识.csv"]


def test_what_is_no_longer_used_goes(folder: Path) -> None:
    size = kept(folder).stat().st_size
    (folder / "input" / BOOK).unlink()
    assert command(folder, "run") == 1
    assert 0 < kept(folder).stat().st_size < size
    shutil.rmtree(folder / ".cache")
    assert command(folder, "run") == 1
    assert 0 < kept(folder).stat().st_size < size


def test_another_round_standard_or_program_reads_all(
    folder: Path, read_now: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [shown for _, shown in find_files(folder / "input") if not shown.startswith("不采用/")]
    with monkeypatch.context() as patch:
        patch.setattr(cache, "program_digest", lambda: "another")
        assert command(folder, "run") == 1
    assert read_now[: len(every)] == every
    read_now.clear()
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace("year = 2026", "year = 2027"), "utf-8")
    assert command(folder, "check") == 1
    assert read_now == every


def test_the_digest_of_a_program_is_that_of_its_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "ROOT", tmp_path)
    (tmp_path / "a.py").write_bytes(b"x = 1\r\n")
    first = program.program_digest.__wrapped__()
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    assert program.program_digest.__wrapped__() == first, "line ends are the system's"
    (tmp_path / "a.py").write_bytes(b"x = 2\n")
    assert program.program_digest.__wrapped__() != first


SPOILED: Mapping[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut off": lambda raw: raw[: len(raw) * 2 // 3],
    "a head cut off": lambda raw: raw[:50],
    "another byte in every record": lambda raw: raw[:200] + bytes(byte ^ 1 for byte in raw[200:]),
    "no records": lambda _: b"cos\nsystem\n(S'echo'\ntR." * 50,
    "lengths that lie": lambda raw: raw[:64] + b"\xff\xff\xff\xff" + raw[68:],
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_what_is_spoiled_is_read_again(ran: Path, folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    good_one = kept(folder).read_bytes()
    kept(folder).write_bytes(spoil(good_one))
    assert command(folder, "run") == 1
    assert outputs(folder) == outputs(ran)
    assert sorted(kept(folder).read_bytes()) == sorted(good_one), "and is whole again"


def test_a_reading_that_is_no_reading_is_read_again(tmp_path: Path) -> None:
    """Its digest may be right: it is held against the model all the same."""
    (tmp_path / "a.xlsx").write_bytes(good()[SELF])
    jobs, plan = [(str(tmp_path / "a.xlsx"), "a.xlsx")], prepared().plan
    fresh = read_here(jobs, plan)
    for content in (b"", b"[]", b'{"path": 1}', cache.readings_model().dump_json(replace(fresh[0], path="b.xlsx"))):
        first = Cache.of(tmp_path)
        first.read(jobs, plan, lambda _: fresh)
        [key] = first.fresh
        first.fresh.clear()
        first.used[key] = zlib.compress(content)
        first.save()
        assert Cache.of(tmp_path).read(jobs, plan, lambda wanting: read_here(wanting, plan)) == fresh


def test_a_reading_is_read_again_where_a_column_that_it_shares_is_not_the_one(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(good()[SELF])
    jobs, plan = [(str(tmp_path / "a.xlsx"), "a.xlsx")], prepared().plan
    fresh = read_here(jobs, plan)
    items = fresh[0].columns["item"]

    def is_read(name: str, key: bytes, content: object) -> bool:
        """Say whether the file is read where its items are kept by a name, and something under a key."""
        made = Cache(tmp_path / READINGS)
        made.read(jobs, plan, lambda _: fresh)
        told = cache.readings_model().dump_python(fresh[0])
        told["columns"]["varied"]["item"] = [name]
        [own] = made.fresh
        made.fresh.clear()
        made.used = {key.ljust(32): zlib.compress(to_json(content)), own: zlib.compress(to_json(told))}
        made.save()
        cached = Cache.of(tmp_path)
        assert cached.read(jobs, plan, lambda wanting: fresh[: len(wanting)]) == fresh
        return bool(cached.fresh)

    def key_of(content: object) -> bytes:
        return sha256(to_json(content)).digest()

    right = key_of(items)
    assert not is_read(right.hex(), right, items)
    assert is_read(right.hex(), b"", items), "it is not there"
    assert is_read(right.hex(), right, items[::-1]), "it is another"
    for content in (items[1:], 7, dict.fromkeys(map(str, range(len(items))))):
        assert is_read(key_of(content).hex(), key_of(content), content), "it is no such column"
    assert is_read("甲", right, items), "it is no name"


def test_readings_share_what_they_say_alike(tmp_path: Path) -> None:
    """It is kept once, goes on being shared with what is read later, and goes when nobody says it any longer."""
    plan, forms = prepared().plan, {"a.xlsx": good()[SELF], "b.xlsx": good()[SELF]}

    def read(new: int) -> tuple[Cache, list[FileReading]]:
        cached, fresh = Cache.of(tmp_path), list[FileReading]()
        for name, raw in forms.items():
            (tmp_path / name).write_bytes(raw)

        def noted(wanting: Sequence[Job]) -> list[FileReading]:
            fresh.extend(read_here(wanting, plan))
            return fresh

        readings = cached.read([(str(tmp_path / name), name) for name in forms], plan, noted)
        assert len(fresh) == new
        cached.save()
        return cached, readings

    read(new=2)
    first, (one, other) = read(new=0)
    assert one.columns["value"] is other.columns["value"]
    forms["b.xlsx"] = altered(good()[SELF], typed("自评表", "2", "自评得分", 1))
    read(new=1)
    last, (one, other) = read(new=0)
    assert one.columns["item"] is other.columns["item"]
    assert one.columns["value"] != other.columns["value"]
    assert last.columns.keys() == first.columns.keys(), "one still names it"
    del forms["a.xlsx"]
    assert read(new=0)[0].columns.keys() < first.columns.keys()


@pytest.mark.parametrize("many", [1, 1_000], ids=["made beside", "made here"])
def test_every_reading_comes_back_as_it_was(
    ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(cache, "ENOUGH", many)
    jobs, plan = find_files(ran / "input"), prepared().plan

    def nothing(wanting: object) -> list[FileReading]:
        assert wanting == []
        return []

    fresh = read_here(jobs, plan)
    assert {reading.kind for reading in fresh} >= {"self", "survey", "committee", "roster", "result", ""}
    made = Cache.of(tmp_path)
    made.read(jobs, plan, lambda _: fresh)
    made.make_ready()
    made.save()
    again = Cache.of(tmp_path).read(jobs, plan, nothing)
    assert again == fresh
    assert [type(each.awaited) for each in again] == [tuple] * len(again)


def test_what_is_kept_is_held_no_longer(tmp_path: Path) -> None:
    kept, reading = Cache.of(tmp_path), FileReading("甲.xlsx", "0" * 64)
    held = ref(reading)
    kept.fresh[b"0" * 32] = reading
    del reading
    kept.save()
    assert (len(Cache.of(tmp_path).places), held()) == (1, None)


def test_a_workspace_where_nothing_can_be_kept_has_no_cache(folder: Path, ran: Path) -> None:
    shutil.rmtree(folder / ".cache")
    (folder / ".cache").write_bytes(b"")
    assert command(folder, "run") == 1
    assert outputs(folder) == outputs(ran)


def test_only_run_and_check_keep_readings_and_archives_use_none(
    tmp_path: Path, read_now: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_workspace(tmp_path, case_files(scheme(), mended=True, decided=False))
    without_meeting(folder)
    monkeypatch.setattr(cache, "ENOUGH", 1)
    with monkeypatch.context() as patch:
        patch.setattr(cache, "beside", pytest.fail)
        assert command(folder, "explain", "一支部") == 0, "and makes nothing to be kept"
    assert command(folder, "archive", "定稿") == 0
    assert not kept(folder).exists()
    assert command(folder, "check") == 0
    read_now.clear()
    assert command(folder, "explain", "一支部") == 0
    assert read_now == []
    kept(folder).write_bytes(b"")
    assert command(folder, "verify") == 0
    assert kept(folder).read_bytes() == b""
    assert not (folder / "archive/定稿/.cache").exists()
