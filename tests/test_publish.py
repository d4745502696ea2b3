"""Files go into output/ whole; only the program's own ever leave it."""

import contextlib
import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from dingji.cannot_run import CannotRunError
from dingji.problems import Problem, describe
from dingji.reports import publish as publishing
from dingji.reports.publish import STAGING, finish, publish
from dingji.reports.run_record import RECORD, amended, hashes

BOOK = "内部/分类定级结果.xlsx"
PAPER = "上报/一览表.docx"
REPORT = "内部/校验报告.html"


def with_record(files: Mapping[str, bytes]) -> dict[str, bytes]:
    record = json.dumps({"outputs": hashes(files)}, ensure_ascii=False).encode()
    return {**files, RECORD: record}


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def hold(path: Path) -> None:
    """Make a path impossible to replace or remove, as a program that holds it open does on Windows."""
    path.unlink(missing_ok=True)
    path.mkdir(parents=True)
    (path / "held").touch()


def release(path: Path) -> None:
    (path / "held").unlink()
    path.rmdir()


def test_files_arrive_whole_and_nothing_else_stays(tmp_path: Path) -> None:
    files = with_record({BOOK: b"book", PAPER: b"paper"})
    assert publish(tmp_path, files) == []
    assert tree(tmp_path) == files
    assert not (tmp_path / STAGING).exists()


def test_output_folder_is_made(tmp_path: Path) -> None:
    publish(tmp_path / "新" / "output", with_record({BOOK: b"book"}))
    assert (tmp_path / "新" / "output" / BOOK).read_bytes() == b"book"


def test_what_is_no_longer_produced_goes_with_its_empty_folder(tmp_path: Path) -> None:
    publish(tmp_path, with_record({BOOK: b"book", "反馈/D001_一支部.docx": b"page"}))
    publish(tmp_path, with_record({BOOK: b"book"}))
    assert set(tree(tmp_path)) == {BOOK, RECORD}
    assert not (tmp_path / "反馈").exists()


def test_an_officers_own_files_stay(tmp_path: Path) -> None:
    publish(tmp_path, with_record({BOOK: b"book", PAPER: b"paper"}))
    (tmp_path / "上报" / "请示.docx").write_bytes(b"mine")
    (tmp_path / "笔记.txt").write_bytes(b"mine too")
    publish(tmp_path, with_record({BOOK: b"book"}))
    assert tree(tmp_path).keys() == {BOOK, RECORD, "上报/请示.docx", "笔记.txt"}


def test_unchanged_files_are_left_alone(tmp_path: Path) -> None:
    publish(tmp_path, with_record({BOOK: b"book", PAPER: b"paper"}))
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in (BOOK, RECORD)}
    numbers = {name: (tmp_path / name).stat().st_ino for name in before}
    publish(tmp_path, with_record({BOOK: b"book", PAPER: b"paper"}))
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in before} == before
    assert {name: (tmp_path / name).stat().st_ino for name in before} == numbers


def test_a_staging_folder_of_a_crashed_run_is_cleared(tmp_path: Path) -> None:
    (tmp_path / STAGING).mkdir()
    (tmp_path / STAGING / "000000").write_bytes(b"half")
    publish(tmp_path, with_record({BOOK: b"book"}))
    assert set(tree(tmp_path)) == {BOOK, RECORD}


def test_a_held_file_gets_a_neighbour_and_a_problem(tmp_path: Path) -> None:
    publish(tmp_path, with_record({BOOK: b"old", PAPER: b"old"}))
    hold(tmp_path / BOOK)
    neighbour = "内部/分类定级结果(新).xlsx"
    problems = publish(tmp_path, with_record({BOOK: b"new", PAPER: b"new"}))
    assert problems == [Problem("W601", file=BOOK, values={"other": neighbour})]
    assert neighbour in describe(problems[0]).text
    assert (tmp_path / neighbour).read_bytes() == b"new"
    assert (tmp_path / PAPER).read_bytes() == b"new"
    assert json.loads((tmp_path / RECORD).read_bytes())["held"].keys() == {BOOK, neighbour}

    hold(tmp_path / neighbour)
    problems = publish(tmp_path, with_record({BOOK: b"newer", PAPER: b"new"}))
    assert problems[0].values == {"other": "内部/分类定级结果(新2).xlsx"}
    release(tmp_path / BOOK)
    release(tmp_path / neighbour)


def test_the_neighbour_goes_once_the_file_is_free(tmp_path: Path) -> None:
    hold(tmp_path / BOOK)
    publish(tmp_path, with_record({BOOK: b"new"}))
    release(tmp_path / BOOK)
    assert publish(tmp_path, with_record({BOOK: b"new"})) == []
    assert set(tree(tmp_path)) == {BOOK, RECORD}


def test_a_held_file_that_should_go_is_named_and_goes_later(tmp_path: Path) -> None:
    publish(tmp_path, with_record({BOOK: b"book", PAPER: b"paper"}))
    hold(tmp_path / PAPER)
    problems = publish(tmp_path, with_record({BOOK: b"book"}))
    assert [(problem.code, problem.file) for problem in problems] == [("W602", PAPER)]
    assert "没有删掉" in describe(problems[0]).text
    release(tmp_path / PAPER)
    (tmp_path / PAPER).write_bytes(b"paper")
    assert publish(tmp_path, with_record({BOOK: b"book"})) == []
    assert not (tmp_path / PAPER).exists()


def test_a_check_rewrites_its_own_files_only(tmp_path: Path) -> None:
    publish(tmp_path, with_record({BOOK: b"book", REPORT: b"old", "内部/退回/一支部.xlsx": b"old"}))
    new = {REPORT: b"new"}
    record = amended((tmp_path / RECORD).read_bytes(), new, folders=["内部/退回"])
    publish(tmp_path, {**new, RECORD: record})
    assert tree(tmp_path) == {BOOK: b"book", REPORT: b"new", RECORD: record}


def test_files_without_a_record_remove_nothing(tmp_path: Path) -> None:
    publish(tmp_path, with_record({BOOK: b"book", PAPER: b"paper"}))
    publish(tmp_path, {REPORT: b"report"})
    assert {BOOK, PAPER, REPORT, RECORD} == set(tree(tmp_path))


@pytest.mark.parametrize(
    "name",
    [
        "../外.txt",
        "/etc/外.txt",
        "内部/../../外.txt",
        "C:/外.txt",
        "内部\\外.txt",
        "",
        "内部/",
        "./外",
        "内部/.",
    ],
)
def test_no_path_leads_outside(tmp_path: Path, name: str) -> None:
    output = tmp_path / "output"
    with pytest.raises(ValueError, match="unsafe output path"):
        publish(output, {name: b"x"})
    assert tree(tmp_path) == {}


def test_a_tampered_record_leads_nowhere(tmp_path: Path) -> None:
    output = tmp_path / "output"
    (tmp_path / "重要.txt").write_bytes(b"keep")
    publish(output, with_record({BOOK: b"book"}))
    (output / RECORD).write_text(json.dumps({"outputs": {"../重要.txt": "", "内部/../../重要.txt": ""}}))
    publish(output, with_record({BOOK: b"book"}))
    assert (tmp_path / "重要.txt").read_bytes() == b"keep"


def test_a_linked_folder_leads_nowhere(tmp_path: Path) -> None:
    output, outside = tmp_path / "output", tmp_path / "outside"
    output.mkdir()
    outside.mkdir()
    try:
        (output / "内部").symlink_to(outside, target_is_directory=True)
    except OSError:
        pytest.skip("本机不允许建立链接")
    with pytest.raises(CannotRunError, match="output/内部 不是文件夹"):
        publish(output, {BOOK: b"book"})
    assert tree(outside) == {}


@pytest.mark.parametrize("record", [b"", b"[]", b"{}", b'{"outputs": 3}', b"\xff\xfe", b"null"])
def test_an_unreadable_record_removes_nothing(tmp_path: Path, record: bytes) -> None:
    publish(tmp_path, with_record({BOOK: b"book", PAPER: b"paper"}))
    (tmp_path / RECORD).write_bytes(record)
    publish(tmp_path, with_record({BOOK: b"book"}))
    assert set(tree(tmp_path)) == {BOOK, PAPER, RECORD}


# --- all or none ------------------------------------------------------------------------------------------

OLD = with_record({BOOK: b"old", PAPER: b"old", "上报/旧表.html": b"old"})
NEW = with_record({BOOK: b"new", PAPER: b"new", REPORT: b"new", "公示/公示.docx": b"new"})


class _KilledError(BaseException):
    """Stands for the end of the process."""


def cut_off(monkeypatch: pytest.MonkeyPatch, after: int, error: BaseException) -> None:
    """Let nothing more be moved after so many moves, as where the process ends, or where nothing may be written."""
    moves = iter(range(after))
    replace = Path.replace

    def moved(self: Path, target: Path) -> Path:
        if next(moves, None) is None:
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", moved)


@pytest.mark.parametrize("after", range(12))
def test_a_run_cut_off_anywhere_leaves_the_old_files_or_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    publish(tmp_path, OLD)
    with monkeypatch.context() as killed:
        cut_off(killed, after, _KilledError())
        killed.setattr(publishing, "_discard", lambda _: None)  # a killed process tidies nothing up
        killed.setattr(publishing._Moving, "take_back", lambda _: None)
        with contextlib.suppress(_KilledError):
            publish(tmp_path, NEW)
    begun = finish(tmp_path)
    assert tree(tmp_path) == (NEW if begun else OLD)
    assert begun is (after > 0), "the first move is that of the journal"
    assert finish(tmp_path) is False


def test_what_cannot_be_put_in_place_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, OLD)
    numbers = {name: (tmp_path / name).stat().st_ino for name in OLD}
    made = Path.mkdir

    def shut(self: Path, **options: bool) -> None:
        if self.name == "公示":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        made(self, **options)

    with monkeypatch.context() as refusing:
        refusing.setattr(Path, "mkdir", shut)
        with pytest.raises(PermissionError):
            publish(tmp_path, NEW)
    assert tree(tmp_path) == OLD
    assert {name: (tmp_path / name).stat().st_ino for name in OLD} == numbers
    assert not (tmp_path / STAGING).exists()
    publish(tmp_path, NEW)
    assert tree(tmp_path) == NEW


def test_a_full_disk_leaves_no_half_written_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, OLD)
    written = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if self.name == "000001":
            written(self, data[:1])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return written(self, data)

    with monkeypatch.context() as filling:
        filling.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            publish(tmp_path, NEW)
    assert tree(tmp_path) == OLD
    assert not (tmp_path / STAGING).exists()


@pytest.mark.parametrize("what", ["file", "link"])
def test_a_staging_place_that_is_no_folder_is_taken(tmp_path: Path, what: str) -> None:
    (tmp_path / "output").mkdir()
    staging = tmp_path / "output" / STAGING
    if what == "file":
        staging.write_bytes(b"")
    else:
        (tmp_path / "别处").mkdir()
        (tmp_path / "别处" / "moves.json").write_bytes(b"[]")
        staging.symlink_to(tmp_path / "别处", target_is_directory=True)
    publish(tmp_path / "output", NEW)
    assert tree(tmp_path / "output") == NEW
    assert what == "file" or (tmp_path / "别处" / "moves.json").exists()


@pytest.mark.parametrize("journal", [b"", b"{}", b"[1]", b'[["../x", 0]]', b'[["a", 0], ["/etc/x", -1]]', b"\xff"])
def test_a_journal_that_is_none_of_ours_moves_nothing(tmp_path: Path, journal: bytes) -> None:
    publish(tmp_path, OLD)
    (tmp_path / STAGING).mkdir()
    (tmp_path / STAGING / "moves.json").write_bytes(journal)
    (tmp_path / STAGING / "000000").write_bytes(b"evil")
    assert finish(tmp_path) is False
    assert tree(tmp_path) == OLD


@pytest.mark.parametrize("name", ["上报", "内部"])
@pytest.mark.parametrize("what", ["file", "loop", "nowhere", "outwards"])
def test_a_folder_that_is_none_is_named_and_nothing_changes(tmp_path: Path, name: str, what: str) -> None:
    output, place = tmp_path / "output", tmp_path / "output" / name
    output.mkdir()
    if what == "file":
        place.write_bytes(b"mine")
    else:
        place.symlink_to({"loop": name, "nowhere": "没有", "outwards": ".."}[what])
    with pytest.raises(CannotRunError, match=f"output/{name} 不是文件夹，或者是指向别处的链接；请把它改名或移走"):
        publish(output, NEW)
    assert [path.name for path in output.iterdir()] == [name]


MEETING = "上会/审定表.xlsx"


def test_what_somebody_typed_into_a_file_stays_beside_the_new_one(tmp_path: Path) -> None:
    """Whether the file is written anew, is the same as before, or is no longer produced; a second time too."""
    publish(tmp_path, with_record({MEETING: b"blank", PAPER: b"paper", BOOK: b"book"}))
    (tmp_path / MEETING).write_bytes(b"decided")
    (tmp_path / PAPER).write_bytes(b"polished")
    problems = publish(tmp_path, with_record({MEETING: b"blank", BOOK: b"new book"}))
    assert [(one.code, one.file, one.values["other"]) for one in problems] == [
        ("W616", MEETING, "上会/审定表(手改).xlsx"),
        ("W616", PAPER, "上报/一览表(手改).docx"),
    ]
    left = {
        MEETING: b"blank",
        "上会/审定表(手改).xlsx": b"decided",
        "上报/一览表(手改).docx": b"polished",
        BOOK: b"new book",
    }
    assert {name: raw for name, raw in tree(tmp_path).items() if name != RECORD} == left
    (tmp_path / MEETING).write_bytes(b"decided again")
    assert [one.code for one in publish(tmp_path, with_record({MEETING: b"blank"}))] == ["W616"]
    assert (tmp_path / "上会/审定表(手改2).xlsx").read_bytes() == b"decided again"
    assert (tmp_path / "上会/审定表(手改).xlsx").read_bytes() == b"decided"


def test_a_file_of_an_officers_own_under_a_papers_name_stays(tmp_path: Path) -> None:
    publish(tmp_path, with_record({BOOK: b"book"}))
    (tmp_path / "上报").mkdir()
    (tmp_path / PAPER).write_bytes(b"own")
    (problem,) = publish(tmp_path, with_record({BOOK: b"book", PAPER: b"paper"}))
    assert describe(problem).text.startswith(
        "W616 上报/一览表.docx，上次写出以后有人改过，原样留作 上报/一览表(手改).docx"
    )
    assert (tmp_path / "上报/一览表(手改).docx").read_bytes() == b"own"


def test_what_nobody_touched_is_replaced_without_a_word(tmp_path: Path) -> None:
    publish(tmp_path, with_record({BOOK: b"book", PAPER: b"paper"}))
    assert publish(tmp_path, with_record({BOOK: b"new"})) == []
    assert set(tree(tmp_path)) == {BOOK, RECORD}


def test_a_file_that_is_shut_to_us_stops_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As some programs keep open files on Windows: they can be neither read nor replaced."""
    publish(tmp_path, with_record({BOOK: b"old"}))
    (tmp_path / BOOK).write_bytes(b"typed")

    def shut(content: object) -> str:
        raise PermissionError(errno.EACCES, "shut", str(content))

    monkeypatch.setattr("dingji.reports.typed_into.digest_of", shut)
    real = Path.replace

    def kept(self: Path, target: Path) -> Path:
        if self == tmp_path / BOOK:
            raise PermissionError(errno.EACCES, "shut", str(self))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", kept)
    assert [one.code for one in publish(tmp_path, with_record({BOOK: b"new"}))] == ["W601"]
    assert (tmp_path / BOOK).read_bytes() == b"typed"
    assert (tmp_path / "内部/分类定级结果(新).xlsx").read_bytes() == b"new"
