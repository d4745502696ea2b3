"""Files go into output/ whole; only the program's own ever leave it."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from dingji.problems import Problem, describe
from dingji.reports.publish import STAGING, publish
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
    assert json.loads((tmp_path / RECORD).read_bytes())["held"] == [neighbour]

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
    with pytest.raises(ValueError, match="unsafe output path"):
        publish(output, {BOOK: b"book"})
    assert tree(outside) == {}


@pytest.mark.parametrize("record", [b"", b"[]", b"{}", b'{"outputs": 3}', b"\xff\xfe", b"null"])
def test_an_unreadable_record_removes_nothing(tmp_path: Path, record: bytes) -> None:
    publish(tmp_path, with_record({BOOK: b"book", PAPER: b"paper"}))
    (tmp_path / RECORD).write_bytes(record)
    publish(tmp_path, with_record({BOOK: b"book"}))
    assert set(tree(tmp_path)) == {BOOK, PAPER, RECORD}
