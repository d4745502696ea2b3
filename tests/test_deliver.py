"""The folder to hand out: brought up to date without losing what someone filled in there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dingji.forms.deliver import RECORD, Delivered, deliver


def held(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder but the record, by path."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != RECORD)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_new_files_are_written_and_like_ones_left(tmp_path: Path) -> None:
    folder, files = tmp_path / "发放", [("一/表.xlsx", b"1"), ("二/表.xlsx", b"2")]
    assert deliver(folder, files) == Delivered(2, [])
    before = (folder / "一/表.xlsx").stat().st_mtime_ns
    record = (folder / RECORD).read_bytes()
    assert deliver(folder, iter(files)) == Delivered(0, [])
    assert held(folder) == dict(files)
    assert (folder / "一/表.xlsx").stat().st_mtime_ns == before
    assert (folder / RECORD).read_bytes() == record


def test_a_form_that_nobody_touched_is_brought_up_to_date(tmp_path: Path) -> None:
    deliver(tmp_path, [("表.xlsx", b"old")])
    assert deliver(tmp_path, [("表.xlsx", b"new")]) == Delivered(1, [])
    assert held(tmp_path) == {"表.xlsx": b"new"}


def test_a_filled_form_is_kept_run_after_run(tmp_path: Path) -> None:
    deliver(tmp_path, [("表.xlsx", b"blank"), ("又.xlsx", b"blank")])
    (tmp_path / "表.xlsx").write_bytes(b"filled")
    for content in (b"blank", b"newer", b"newest"):
        delivered = deliver(tmp_path, [("表.xlsx", content), ("又.xlsx", content)])
        assert delivered.kept == ["表.xlsx"]
    assert held(tmp_path) == {"表.xlsx": b"filled", "又.xlsx": b"newest"}


def test_a_file_that_the_program_never_wrote_is_kept(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(b"someone's")
    assert deliver(tmp_path, [("表.xlsx", b"blank")]) == Delivered(0, ["表.xlsx"])
    assert held(tmp_path) == {"表.xlsx": b"someone's"}


def test_a_form_put_away_is_written_again(tmp_path: Path) -> None:
    deliver(tmp_path, [("表.xlsx", b"blank")])
    (tmp_path / "表.xlsx").unlink()
    assert deliver(tmp_path, [("表.xlsx", b"blank")]) == Delivered(1, [])


def test_an_older_layout_goes_but_for_what_was_filled_in(tmp_path: Path) -> None:
    old = [("一/表.xlsx", b"1"), ("二/表.xlsx", b"2"), ("三/表.xlsx", b"3")]
    deliver(tmp_path, old)
    (tmp_path / "二/表.xlsx").write_bytes(b"filled")
    (tmp_path / "三/说明.txt").write_bytes(b"someone's")
    delivered = deliver(tmp_path, [("总支/一/表.xlsx", b"1")])
    assert delivered == Delivered(1, ["二/表.xlsx"], 2)
    assert held(tmp_path) == {"总支/一/表.xlsx": b"1", "二/表.xlsx": b"filled", "三/说明.txt": b"someone's"}
    assert not (tmp_path / "一").exists()


def test_a_name_in_another_case_may_be_the_same_file(tmp_path: Path) -> None:
    deliver(tmp_path, [("a.xlsx", b"1")])
    assert deliver(tmp_path, [("A.xlsx", b"1")]).removed == 0
    assert (tmp_path / "a.xlsx").read_bytes() == b"1"


@pytest.mark.parametrize("record", [b"", b"{", b"[1]", b'{"\xe8', b'{"a.xlsx": 1}'])
def test_a_broken_record_makes_every_file_someones(tmp_path: Path, record: bytes) -> None:
    deliver(tmp_path, [("a.xlsx", b"old")])
    (tmp_path / RECORD).write_bytes(record)
    assert deliver(tmp_path, [("a.xlsx", b"new")]) == Delivered(0, ["a.xlsx"])


def test_a_tampered_record_removes_nothing_outside(tmp_path: Path) -> None:
    folder = tmp_path / "发放"
    deliver(folder, [("a.xlsx", b"1")])
    digest = json.loads((folder / RECORD).read_bytes())["a.xlsx"]
    (tmp_path / "a.xlsx").write_bytes(b"1")
    absolute = (tmp_path / "a.xlsx").as_posix()
    (folder / RECORD).write_text(json.dumps({"../a.xlsx": digest, absolute: digest, "": digest}), "utf-8")
    assert deliver(folder, []) == Delivered()
    assert (tmp_path / "a.xlsx").read_bytes() == b"1"


@pytest.mark.parametrize("name", ["../a.xlsx", "/a.xlsx", "a\\b.xlsx", "C:a.xlsx", "一/../../a.xlsx"])
def test_unsafe_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="unsafe"):
        deliver(tmp_path / "发放", [(name, b"1")])


def test_what_was_written_before_a_failure_is_on_record(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"a file where a folder should be")
    with pytest.raises(OSError, match="b"):
        deliver(tmp_path, [("a.xlsx", b"1"), ("b/c.xlsx", b"2")])
    assert deliver(tmp_path, [("a.xlsx", b"2")]) == Delivered(1, [])
