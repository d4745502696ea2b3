"""What is measured inside a process of its own: one function by name, its JSON arguments, its answer as JSON.

    python -m benchmarks.inside bare '["文件夹"]'

Nothing but the standard library is imported at the top: a reading process begins by importing what started the
program, and its memory is measured. Everything that knows the program's own functions stands here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dingji.read.recognise import Plan

Job = tuple[str, str]


def bare(folder: str) -> tuple[float, float]:
    """Return the seconds that the bare reader takes for an input, and those of the processor."""
    started = process_time()
    seconds = _seconds(lambda: _read_barely(_paths(folder)))
    return seconds, process_time() - started


def inflating(folder: str, pairs: int) -> list[tuple[float, float]]:
    """Return pairs of seconds: the bare reader, and only inflating the parts that have values (the floor)."""
    from zipfile import ZipFile

    def inflate() -> None:
        for path in paths:
            with ZipFile(path) as archive:
                for name in archive.namelist():
                    if name.startswith("xl/worksheets/sheet") or name == "xl/sharedStrings.xml":
                        archive.read(name)

    paths = _paths(folder)
    return _paired(pairs, lambda: _read_barely(paths), inflate)


def reading(folder: str, pairs: int) -> list[tuple[float, float, float]]:
    """Return seconds, in turn: the bare reader, the program's reading by one process, by two; their start apart."""
    jobs, plan, paths = _jobs(folder), _plan(folder), _paths(folder)
    taken = []
    for _ in range(pairs):
        lone = _seconds(lambda: _read_barely(paths))
        one, two = (_reading_seconds(jobs, plan, processes) for processes in (1, 2))
        taken.append((lone, one, two))
    return taken


def _reading_seconds(jobs: Sequence[Job], plan: Plan, processes: int) -> float:
    from dingji.engine.work import read_here

    start = _seconds(lambda: read_here(jobs[:1], plan))
    return _seconds(lambda: read_here(jobs, plan, processes=processes)) - start


def read_once(folder: str) -> None:
    """Read an input by one process, so that its memory can be watched."""
    _reading_seconds(_jobs(folder), _plan(folder), 1)


def naive(folder: str, kind: str, sample: int, pairs: int) -> list[tuple[float, float]]:
    """Return pairs of seconds for a few forms: read and validated, and with a call of pandas for each sheet."""
    import pandas as pd
    from python_calamine import CalamineWorkbook

    from dingji.read.reading import read_file

    plan = _plan(folder)
    jobs = [job for job in _jobs(folder) if job[1].startswith(kind)][:sample]
    sheets = [(path, name) for path, _ in jobs for name in CalamineWorkbook.from_path(path).sheet_names]

    def ours() -> None:
        for path, shown in jobs:
            read_file(Path(path), shown, plan)

    def by_sheet() -> None:
        for path, name in sheets:
            pd.read_excel(path, sheet_name=name, engine="openpyxl", header=None)

    return _paired(pairs, ours, by_sheet)


def writing(folder: str, pairs: int) -> list[tuple[float, float]]:
    """Return pairs of seconds: plain XlsxWriter of the result workbook's cells, and the result workbook."""
    from python_calamine import CalamineWorkbook
    from xlsxwriter import Workbook

    from dingji.pipeline import run
    from dingji.reports.view import OutcomeView
    from dingji.reports.workbook import write_results
    from dingji.workspace import Workspace

    outcome = run(Workspace(Path(folder))).outcome

    def ours() -> bytes:
        return write_results(OutcomeView(outcome))

    book = CalamineWorkbook.from_filelike(BytesIO(ours()))
    cells = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}

    def plain() -> None:
        written = Workbook(BytesIO())
        for name, rows in cells.items():
            page = written.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
        written.close()

    return _paired(pairs, plain, ours)


def feedback(folder: str, pairs: int) -> list[tuple[float, float]]:
    """Return the seconds that the papers of all branches take from the outcome on, and those of the processor.

    What other papers need too is there before.

    Once before without a clock, as imports cost only once.
    """
    from dingji.pipeline import run
    from dingji.reports.official.feedback import Pages
    from dingji.reports.official.feedback import feedback as papers
    from dingji.reports.rendering import Renderer
    from dingji.reports.view import OutcomeView
    from dingji.reports.withholding import give, hidden_headings
    from dingji.workspace import Workspace

    view = OutcomeView(run(Workspace(Path(folder))).outcome)
    hidden = hidden_headings(view)
    given = give(view, hidden)

    def ours() -> dict[str, bytes]:
        vars(view).pop("_made", None)  # what is made once for all papers of a run belongs to each time
        return papers(Pages(view, given, hidden), Renderer())

    def measured() -> tuple[float, float]:
        started = process_time()
        return _seconds(ours), process_time() - started

    ours()
    return [measured() for _ in range(pairs)]


def one_by_one(folder: str, below: str) -> list[float]:
    """Return the seconds that each file below a folder of the input takes, alone in a started reading process."""
    from dingji.engine.readers import ReadingProcess

    child = ReadingProcess(_plan(folder))
    taken = []
    for job in _jobs(folder):
        if job[1].startswith(f"{below}/"):
            child.started()  # starts another where the file before has ended it
            taken.append(_seconds(partial(child.ask, [job])))
    child.stop()
    return taken


def profile(folder: str) -> list[str]:
    """Return where the time of a run goes, as lines of Markdown; reading is profiled in this process."""
    from benchmarks.profiling import profile_lines

    return profile_lines(Path(folder))


def _plan(folder: str) -> Plan:
    from dingji.prepare import prepare
    from dingji.workspace import Workspace

    return prepare(Workspace(Path(folder))).plan


def _jobs(folder: str) -> list[Job]:
    from dingji.engine.inputs import find_files

    return find_files(Path(folder) / "input")


def _paths(folder: str) -> list[Path]:
    return [path for path in sorted((Path(folder) / "input").rglob("*")) if path.is_file()]


def _read_barely(paths: Sequence[Path]) -> None:
    """Take every value of every sheet, as the bare reader gives them."""
    from python_calamine import CalamineWorkbook

    for path in paths:
        workbook = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
        for name in workbook.sheet_names:
            workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _paired(pairs: int, first: Callable[[], object], second: Callable[[], object]) -> list[tuple[float, float]]:
    """Return the seconds of two ways, taken in turn; once before without a clock, as imports cost only once."""
    first(), second()
    return [(_seconds(first), _seconds(second)) for _ in range(pairs)]


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


WAYS: Sequence[Callable[..., Any]] = (
    bare,
    inflating,
    reading,
    read_once,
    naive,
    writing,
    feedback,
    one_by_one,
    profile,
)

if __name__ == "__main__":
    way = {each.__name__: each for each in WAYS}[sys.argv[1]]
    print(json.dumps(way(*json.loads(sys.argv[2]))))
