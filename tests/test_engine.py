"""The reading process: a file that kills or hangs it loses only itself."""

from __future__ import annotations

import errno
import operator
import os
import sys
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import active_children, get_context, util
from multiprocessing.context import SpawnProcess
from pathlib import Path
from time import perf_counter
from types import ModuleType

import pytest

from dingji.demo.faults.old_excel import as_xls, far_xls
from dingji.engine import ahead, apart, work
from dingji.engine.ahead import started_ahead
from dingji.engine.inputs import Inputs, Job, find_files
from dingji.engine.readers import ReadingProcess, dismiss_readers
from dingji.engine.work import Crew, parts_of, read_files, read_here
from dingji.pipeline import run
from dingji.read.grid import Grid
from dingji.read.reading import FileReading
from dingji.received import read_inputs
from dingji.reports.outputs import outputs
from dingji.reports.returned.apart import copier
from dingji.workspace import Workspace
from tests.papers import BOOK, SELF, SURVEY, altered, book_of, codes, good, prepared, repacked, told, typed
from tests.workspaces import command, make_workspace

KILLER = far_xls()
"""A workbook of the old format, whose cells the guard cannot see: the reader makes room for four billion of them, and
the system ends the process. No exception tells of it."""


POSIX = pytest.mark.skipif(sys.platform == "win32", reason="that system starts processes in another way")


def written(folder: Path, files: Mapping[str, bytes]) -> list[Job]:
    for name, raw in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    return [(str(folder / name), name) for name in files]


def outcomes(readings: list[FileReading]) -> list[tuple[str, str, list[str]]]:
    return [(reading.path, reading.kind, codes(reading.problems)) for reading in readings]


def test_a_file_that_kills_the_reader_loses_only_itself(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    jobs = written(tmp_path, {"a.xlsx": good()[SELF], "b.xlsx": KILLER, "c.xlsx": good()[BOOK], "d.xlsx": b""})
    assert outcomes(read_here(jobs, prepared().plan)) == [
        ("a.xlsx", "self", []),
        ("b.xlsx", "", ["E106"]),
        ("c.xlsx", "committee", []),
        ("d.xlsx", "", ["E104"]),
    ]
    assert capfd.readouterr() == ("", "")


def test_the_same_format_is_read_where_it_is_harmless(tmp_path: Path) -> None:
    """The killer above is a proper workbook but for its size, or the test would prove nothing."""
    jobs = written(tmp_path, {"a.xls": as_xls([Grid("A", [[1.0, "甲"], ["乙", 2.0]])])})
    assert outcomes(read_here(jobs, prepared().plan)) == [("a.xls", "", ["W109"])]


def test_a_file_that_hangs_the_reader_loses_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four million cells take seconds, and this reader is given less time than that."""
    monkeypatch.setattr(apart, "TASK_SECONDS", 0.7)
    files = {"a.xlsx": good()[SELF], "b.csv": (b"1.5," * 1_999 + b"\n") * 2_000, "c.xlsx": good()[SURVEY]}
    started = perf_counter()
    readings = read_here(written(tmp_path, files), prepared().plan)
    assert outcomes(readings) == [("a.xlsx", "self", []), ("b.csv", "", ["E106"]), ("c.xlsx", "survey", [])]
    assert perf_counter() - started < 30


def test_a_file_that_is_gone_loses_only_itself(tmp_path: Path) -> None:
    jobs = written(tmp_path, {"a.xlsx": good()[SELF]})
    readings = read_here([(str(tmp_path / "gone.xlsx"), "gone.xlsx"), *jobs], prepared().plan)
    assert outcomes(readings) == [("gone.xlsx", "", ["E106"]), ("a.xlsx", "self", [])]


def test_batches_keep_the_order_and_tell_how_far_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "BATCH", 2)
    jobs = written(tmp_path, {f"{number}.xlsx": good()[SELF] for number in range(5)})
    told_so_far: list[int] = []
    readings = read_here(jobs, prepared().plan, told_so_far.append)
    assert [reading.path for reading in readings] == [f"{number}.xlsx" for number in range(5)]
    assert told_so_far == [2, 5]


def test_nothing_to_read_starts_nothing() -> None:
    assert read_here([], prepared().plan) == []


def test_the_child_ends_with_its_work(tmp_path: Path) -> None:
    child = ReadingProcess(prepared().plan)
    jobs = written(tmp_path, {"a.xlsx": good()[SELF]})
    (answer,) = child.ask(jobs)
    assert answer is not None
    assert answer.kind == "self"
    assert child.child is not None
    process = child.child.process
    child.stop()
    child.stop()
    assert process.exitcode is not None


def process_of(work: Callable[[str], object], task: str, answer: object) -> SpawnProcess:
    """Return the process that answered a task by some work, which then needs it no longer."""
    asked = apart.Apart(work)
    assert asked.ask([task]) == [answer]
    assert asked.child is not None
    process = asked.child.process
    asked.leave()
    return process


def test_a_child_is_kept_for_other_work_unless_a_task_came_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came to nothing may have left it without the memory that the next file needs."""
    with ahead.children_kept():
        kept = process_of(str.upper, "a", "A")
        assert process_of(int, "7", 7) is kept
        assert process_of(int, "七", None) is kept
        assert not kept.is_alive()
        last = process_of(str.upper, "a", "A")
        assert last.is_alive()
    monkeypatch.setattr(ahead, "_keepers", [])
    assert process_of(str.title, "a", "A") is last
    assert not last.is_alive()


def test_a_process_started_ahead_reads_and_none_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_keepers", [])
    monkeypatch.setattr(ahead, "_waiting", deque())
    jobs, others = written(tmp_path / "input", {"a.xlsx": good()[SELF]}), set(active_children())
    with started_ahead(tmp_path):
        (waiting,) = set(active_children()) - others
        child = ReadingProcess(prepared().plan)
        assert outcomes(child.read(jobs)) == [("a.xlsx", "self", [])]
        assert child.process is waiting
        child.stop()
    with started_ahead(tmp_path):
        (unused,) = set(active_children()) - others
    assert unused.exitcode is not None
    with started_ahead(tmp_path / "没有"):
        assert set(active_children()) == others


def test_one_process_is_started_ahead_for_what_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_keepers", [])
    monkeypatch.setattr(ahead, "_waiting", waiting := deque[ahead.Started]())
    monkeypatch.setattr(ahead, "ENOUGH", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    written(tmp_path, {"input/a.xlsx": b"", "input/b.xlsx": b""})
    with started_ahead(tmp_path):
        assert len(waiting) == 2
    written(tmp_path, {".cache/readings": b""})
    with started_ahead(tmp_path):
        assert len(waiting) == 1


def refused(*_: object) -> int:
    """Be a system that starts no process."""
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")


@pytest.mark.parametrize(
    ("where", "name", "instead"),
    [
        pytest.param(util, "spawnv_passfds", refused, marks=POSIX, id="none is started"),
        pytest.param(ahead, "_serve", operator.is_, id="none comes to its work"),
    ],
)
def test_where_there_is_no_other_process_this_one_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: ModuleType, name: str, instead: object
) -> None:
    monkeypatch.setattr(ahead, "_waiting", deque())
    monkeypatch.setattr(where, name, instead)
    jobs = written(tmp_path / "input", {"a.xlsx": good()[SELF], "b.xlsx": b"", "c.xlsx": good()[BOOK]})
    with started_ahead(tmp_path):
        assert outcomes(read_here(jobs, prepared().plan, processes=2)) == [
            ("a.xlsx", "self", []),
            ("b.xlsx", "", ["E104"]),
            ("c.xlsx", "committee", []),
        ]


@POSIX
def test_what_ended_a_process_is_not_let_into_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_waiting", deque())
    asked: apart.Apart[str, object] = apart.Apart(eval)
    assert asked.ask(["1 + 1"]) == [2]
    monkeypatch.setattr(util, "spawnv_passfds", refused)
    assert asked.ask(["1 + 1", "__import__('os')._exit(1)", "'三'"]) == [2, None, "三"]


# --- what is read -----------------------------------------------------------------------------------------


def test_every_file_of_any_depth_and_no_lock_files(tmp_path: Path) -> None:
    names = ("b.xlsx", "a/z.xlsx", "a/深/一.xls", "说明.docx", "~$b.xlsx", ".~lock.b.xlsx#", "a/Thumbs.db", ".DS_Store")
    written(tmp_path, dict.fromkeys(names, b"x"))
    assert [shown for _, shown in find_files(tmp_path)] == ["a/z.xlsx", "a/深/一.xls", "b.xlsx", "说明.docx"]


@pytest.mark.skipif(sys.platform == "win32", reason="these names and links are of other systems")
def test_links_to_nowhere_and_odd_names_are_named_and_lose_nothing(tmp_path: Path) -> None:
    """Whatever a folder holds has its line; a name in another encoding is shown as people read it."""
    names = [
        "😀👩‍👩‍👧.xlsx",
        "字" * 80 + ".XLSX",
        "没有扩展名",
        "一\n二\x01.xlsx",
        "<b>&\"'{{7*7}}.xlsx",
        "\u202egnp.xlsx",
    ]
    jobs = written(tmp_path, dict.fromkeys(names, good()[SELF]))
    (tmp_path / "文件夹.xlsx").mkdir()
    (tmp_path / "断链.xlsx").symlink_to("没有这个")
    (tmp_path / "环.xlsx").symlink_to("环.xlsx")
    (tmp_path / "上级").symlink_to("..")
    os.mkfifo(tmp_path / "管道.xlsx")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "测评表.xlsx".encode("gb18030")))).write_bytes(good()[SURVEY])
    found = find_files(tmp_path)
    outcome = {shown: (kind, said) for shown, kind, said in outcomes(read_here(found, prepared().plan))}
    assert {shown for shown, (kind, said) in outcome.items() if said == ["E102"] and not kind} == {
        "断链.xlsx", "环.xlsx", "上级", "管道.xlsx",
    }  # fmt: skip
    assert outcome["测评表.xlsx"] == ("survey", [])
    assert outcome["一�二�.xlsx"] == ("self", [])
    assert sum(kind == "self" for kind, _ in outcome.values()) == len(jobs)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are another matter there")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="nothing is forbidden to this user")
def test_a_file_that_the_system_does_not_let_read_is_named(tmp_path: Path) -> None:
    jobs = written(tmp_path, {"a.xlsx": good()[SELF], "文件夹/b.xlsx": good()[SELF]})
    Path(jobs[0][0]).chmod(0)
    (tmp_path / "文件夹").chmod(0)
    found = find_files(tmp_path)
    readings = outcomes(read_here(found, prepared().plan))
    (tmp_path / "文件夹").chmod(0o700)
    assert readings == [("a.xlsx", "", ["E116"]), ("文件夹", "", ["E116"])]


def test_a_folder_whose_files_cannot_be_listed_is_named(tmp_path: Path) -> None:
    """Only such a folder comes to the reading process."""
    assert outcomes(read_here([(str(tmp_path), "文件夹")], prepared().plan)) == [("文件夹", "", ["E116"])]


def test_what_an_officer_may_call_a_file_is_shown_as_he_sees_it(tmp_path: Path) -> None:
    """Wide and hard spaces are no faults of a name."""
    written(tmp_path, {"一\u3000支部/自评\u00a0表.xlsx": b"x"})
    assert [shown for _, shown in find_files(tmp_path)] == ["一\u3000支部/自评\u00a0表.xlsx"]


@pytest.mark.skipif(sys.platform == "win32", reason="these names are of other systems")
def test_no_two_files_are_shown_alike(tmp_path: Path) -> None:
    names = ["a\x01.xlsx", "a\x02.xlsx", "a�.xlsx", "a�(2).xlsx"]
    written(tmp_path, {name: name.encode() for name in names})
    found = find_files(tmp_path)
    assert sorted(shown for _, shown in found) == ["a�(2).xlsx", "a�(3).xlsx", "a�(4).xlsx", "a�.xlsx"]
    inputs = Inputs(str(tmp_path))
    assert {inputs.read(shown) for _, shown in found} == {name.encode() for name in names}


def test_what_is_gone_or_shut_has_no_bytes(tmp_path: Path) -> None:
    written(tmp_path, {"a.xlsx": b"x"})
    inputs = Inputs(str(tmp_path))
    assert inputs.read("a.xlsx") == b"x"
    (tmp_path / "a.xlsx").unlink()
    (tmp_path / "a.xlsx").mkdir()
    assert inputs.read("a.xlsx") == b""
    assert inputs.read("../a.xlsx") == b""


STRANGE = (
    "一\u3000支部.xlsx",
    "一\u00a0支部.xlsx",
    "👩\u200d👧.xlsx",
    "一\n支部.xlsx",
    os.fsdecode("自评表.xlsx".encode("gb18030")),
)


@pytest.mark.skipif(sys.platform == "win32", reason="some of these names are of other systems")
@pytest.mark.parametrize("name", STRANGE, ids=("wide", "hard", "joined", "line", "GBK"))
def test_a_faulty_form_of_any_name_goes_back_and_is_frozen(tmp_path: Path, name: str) -> None:
    """The path that is shown is not the one by which it is opened."""
    folder = make_workspace(tmp_path, good())
    form = folder / "input" / SELF
    form.write_bytes(altered(form.read_bytes(), typed("自评表", "2", "自评得分", "四分")))
    form.rename(form.with_name(name))
    assert command(folder, "run") == 1
    back = [path for path in (folder / "output/内部/退回").iterdir() if path.suffix == ".xlsx"]
    assert len(back) == 1
    (folder / "input/测评表" / name).write_bytes(b"")
    outcome = run(Workspace(folder)).outcome
    assert len({file.path for file in outcome.files}) == len(outcome.files)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are another matter there")
def test_a_file_that_goes_while_the_run_goes_on_stops_nothing(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, good())
    form = folder / "input" / SELF
    form.write_bytes(altered(form.read_bytes(), typed("自评表", "2", "自评得分", "四分")))
    done = run(Workspace(folder))
    form.unlink()
    with copier(done.inputs) as copy:
        files = outputs(done.outcome, folder / "templates/reports", copy, tmp_path)
    back = [name for name in files if name.startswith("内部/退回/")]
    assert sorted(back) == ["内部/退回/ZB01_一支部_自评表.docx", "内部/退回/ZB01_一支部_自评表.txt"]


# --- whoever reads ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "executor", [ThreadPoolExecutor(2), ProcessPoolExecutor(2, get_context("spawn"))], ids=["threads", "processes"]
)
def test_any_executor_gives_the_same_readings(tmp_path: Path, executor: Executor) -> None:
    files = {**good(), "坏.xlsx": KILLER}
    written(tmp_path, files)
    inputs, plan = Inputs(str(tmp_path)), prepared().plan
    with executor:
        readings = read_files(inputs.jobs, plan, inputs, Crew(executor, 2, 3))
        dismiss_readers()
    assert readings == read_here(inputs.jobs, plan, processes=1)


def test_parts_keep_unit_folders_whole_where_they_can() -> None:
    jobs = [
        ("", f"{folder}/{number}")
        for folder, count in (("a", 2), ("b", 2), ("c", 9), ("d", 3))
        for number in range(count)
    ]
    parts = list(parts_of(jobs, 3))
    assert [job for part in parts for job in part] == jobs
    assert [len(part) for part in parts] == [4, 3, 3, 3, 3]
    assert list(parts_of([], 3)) == []


def test_of_a_file_that_is_nobodys_form_one_line_is_enough(tmp_path: Path) -> None:
    """That its macros are ignored is of no interest then."""
    macros = repacked(book_of(["甲", 1]), lambda parts: parts.update({"xl/vbaProject.bin": b"x"}))
    jobs = written(tmp_path, {"a.xlsm": macros})
    assert outcomes(read_here(jobs, prepared().plan)) == [("a.xlsm", "", ["W109"])]


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
    assert read_inputs(Workspace(tmp_path), prepared())[0] == []
