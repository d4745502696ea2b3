"""The reading process: a file that kills or hangs it loses only itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

import pytest

from dingji import engine
from dingji.demo.faults.old_excel import as_xls, far_xls
from dingji.engine import ReadingProcess, find_files, read_files
from dingji.intake.grid import Grid
from dingji.intake.reading import FileReading
from dingji.pipeline import read_inputs, run
from dingji.workspace import Workspace
from tests.papers import BOOK, SELF, SURVEY, codes, good, prepared, told
from tests.workspaces import make_workspace

KILLER = far_xls()
"""A workbook of the old format, whose cells the guard cannot see: the reader makes room for four billion of them, and
the system ends the process. No exception tells of it."""


def written(folder: Path, files: Mapping[str, bytes]) -> list[engine.Job]:
    for name, raw in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    return [(str(folder / name), name) for name in files]


def outcomes(readings: list[FileReading]) -> list[tuple[str, str, list[str]]]:
    return [(reading.path, reading.kind, codes(reading.problems)) for reading in readings]


def test_a_file_that_kills_the_reader_loses_only_itself(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    jobs = written(tmp_path, {"a.xlsx": good()[SELF], "b.xlsx": KILLER, "c.xlsx": good()[BOOK], "d.xlsx": b""})
    assert outcomes(read_files(jobs, prepared().plan)) == [
        ("a.xlsx", "self", []),
        ("b.xlsx", "", ["E106"]),
        ("c.xlsx", "committee", []),
        ("d.xlsx", "", ["E104"]),
    ]
    assert capfd.readouterr() == ("", "")


def test_the_same_format_is_read_where_it_is_harmless(tmp_path: Path) -> None:
    """The killer above is a proper workbook but for its size, or the test would prove nothing."""
    jobs = written(tmp_path, {"a.xls": as_xls([Grid("A", [[1.0, "甲"], ["乙", 2.0]])])})
    assert outcomes(read_files(jobs, prepared().plan)) == [("a.xls", "", ["W109"])]


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe that nobody writes to has no name there")
def test_a_file_that_hangs_the_reader_loses_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BATCH_SECONDS", 2.0)
    monkeypatch.setattr(engine, "FILE_SECONDS", 1.0)
    jobs = written(tmp_path, {"a.xlsx": good()[SELF], "c.xlsx": good()[SURVEY]})
    os.mkfifo(tmp_path / "b.xlsx")
    started = perf_counter()
    readings = read_files([jobs[0], (str(tmp_path / "b.xlsx"), "b.xlsx"), jobs[1]], prepared().plan)
    assert outcomes(readings) == [("a.xlsx", "self", []), ("b.xlsx", "", ["E106"]), ("c.xlsx", "survey", [])]
    assert perf_counter() - started < 30


def test_a_file_that_is_gone_loses_only_itself(tmp_path: Path) -> None:
    jobs = written(tmp_path, {"a.xlsx": good()[SELF]})
    readings = read_files([(str(tmp_path / "gone.xlsx"), "gone.xlsx"), *jobs], prepared().plan)
    assert outcomes(readings) == [("gone.xlsx", "", ["E106"]), ("a.xlsx", "self", [])]


def test_batches_keep_the_order_and_tell_how_far_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BATCH", 2)
    jobs = written(tmp_path, {f"{number}.xlsx": good()[SELF] for number in range(5)})
    told_so_far: list[int] = []
    readings = read_files(jobs, prepared().plan, told_so_far.append)
    assert [reading.path for reading in readings] == [f"{number}.xlsx" for number in range(5)]
    assert told_so_far == [2, 4, 5]


def test_nothing_to_read_starts_nothing() -> None:
    assert read_files([], prepared().plan) == []


def test_the_child_ends_with_its_work(tmp_path: Path) -> None:
    child = ReadingProcess(prepared().plan)
    jobs = written(tmp_path, {"a.xlsx": good()[SELF]})
    answer = child.ask(jobs, 60)
    assert answer is not None
    assert answer[0].kind == "self"
    process = child.process
    assert process is not None
    child.stop()
    child.stop()
    assert process.exitcode is not None


# --- what is read -----------------------------------------------------------------------------------------


def test_every_file_of_any_depth_and_no_lock_files(tmp_path: Path) -> None:
    names = ("b.xlsx", "a/z.xlsx", "a/深/一.xls", "说明.docx", "~$b.xlsx", ".~lock.b.xlsx#", "a/Thumbs.db", ".DS_Store")
    written(tmp_path, dict.fromkeys(names, b"x"))
    assert [shown for _, shown in find_files(tmp_path)] == ["a/z.xlsx", "a/深/一.xls", "b.xlsx", "说明.docx"]


def test_what_is_put_aside_is_listed_and_not_read(tmp_path: Path) -> None:
    """A second version put into 不采用 is no duplicate, nobody's form, and no file that nobody knows."""
    files = {**good(), "不采用/一支部.xlsx": good()[BOOK], "收来的/不采用/旧.xlsx": b"PK", "不采用.txt": b"x"}
    folder = make_workspace(tmp_path, files)
    outcome = run(Workspace(folder)).outcome
    aside = told(outcome.problems, "N119")
    assert [problem.file for problem in aside] == ["不采用/一支部.xlsx", "收来的/不采用/旧.xlsx"]
    unknown = outcome.rollcall[outcome.rollcall["status"] == "未识别"]
    assert list(unknown["owner"]) == ["不采用.txt"]
    assert outcome.results["settled"].all()


def test_without_an_input_folder_there_is_nothing(tmp_path: Path) -> None:
    assert read_inputs(Workspace(tmp_path), prepared()) == []
