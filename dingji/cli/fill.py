"""`fill`: the superior's own form, filled with what 上报 shows."""

from __future__ import annotations

import argparse
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from dingji.cannot_run import CannotRunError
from dingji.cli.archive import against_archive
from dingji.cli.console import ACT, SETTLED, say
from dingji.cli.folders import finish_reading
from dingji.cli.outcomes import write_outputs
from dingji.engine.apart import Apart
from dingji.outcome import Outcome
from dingji.pipeline import Run, unsettled
from dingji.problems import Problem, describe, level_of
from dingji.reports.run_record import NO_RECORD, RECORD, amended, outputs_in
from dingji.reports.superior.mapping import MAPPING_BOOK, Mapped, known_headings, mapped, mapping_book
from dingji.reports.superior.matching import Filled, all_filled, unseen_sheets
from dingji.reports.superior.stock import Stock, stocks_of
from dingji.reports.superior.table import Look, Seen, look_at
from dingji.reports.superior.writing import Order, fill_in
from dingji.reports.upward import FILLED
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import give, hidden_headings
from dingji.workspace import Workspace


def fill_command(chosen: argparse.Namespace, workspace: Workspace, done: Run) -> int:
    """Fill the superior's form where its columns are confirmed; else write 栏目对照 with what they seem to be."""
    done = against_archive(workspace, done)
    finish_reading(done.way)
    outcome, book = done.outcome, _found(chosen.book, workspace.root)
    view = OutcomeView(outcome)
    stocks = stocks_of(outcome, give(view, hidden_headings(view)))
    digest = sha256(book.read_bytes()).hexdigest()
    seen = _seen(book, stocks)
    found = mapped(outcome, seen, stocks)
    if found.problems:
        return _to_be_confirmed(workspace, outcome, seen, stocks, found)
    by_sheet = all_filled(outcome, seen, found)
    problems = [*unseen_sheets(seen), *(problem for each in by_sheet.values() for problem in each.problems)]
    for problem in problems:
        say(describe(problem).text)
    if any(problem.code == "E674" for problem in problems):
        say("没有填写：请先把行数补够。")
        return ACT
    _write(workspace, book, digest, by_sheet)
    say(f"已填写 output/{FILLED}：{sum(each.lines for each in by_sheet.values())} 行；涂了颜色的格子请手工填写或核对")
    say("表中的公式在打开时重新计算：用 WPS 或 Excel 打开看过，存一次盘，再上报。")
    return ACT if unsettled(outcome) or any(level_of(problem) == "act" for problem in problems) else SETTLED


def _found(book: Path, folder: Path) -> Path:
    found = next((path for path in (book, folder / book) if path.is_file()), None)
    if found is None:
        raise CannotRunError([f"找不到上级的表：{book}"])
    return found


def _seen(book: Path, stocks: list[Stock]) -> Seen:
    child = Apart(look_at)
    try:
        (seen,) = child.ask([Look(book, known_headings(stocks))])
    finally:
        child.leave()
    problem = Problem("E106") if seen is None else seen.problem
    if seen is None or problem:
        raise CannotRunError([f"{book.name} {describe(problem).text}" for problem in [problem] if problem])
    return seen


def _to_be_confirmed(workspace: Workspace, outcome: Outcome, seen: Seen, stocks: list[Stock], found: Mapped) -> int:
    """Write 栏目对照, unless somebody has begun to fill in the one that lies there, and say what is open."""
    for problem in found.problems:
        say(describe(problem).text)
    if _is_changed(workspace):
        say(f"output/{MAPPING_BOOK} 有人改过，没有重写：核对完的，把它放进 input 再运行；不要的，删去再运行。")
    else:
        _put(workspace, {MAPPING_BOOK: mapping_book(outcome, seen, stocks)})
        say(f"栏目对照已放在 output/{MAPPING_BOOK}")
    return ACT


def _is_changed(workspace: Workspace) -> bool:
    """Say whether the 栏目对照 that lies in output/ is no longer as the program wrote it."""
    lying, record = workspace.outputs / MAPPING_BOOK, workspace.outputs / RECORD
    written = outputs_in(record.read_bytes()) if record.is_file() else {}
    return lying.is_file() and sha256(lying.read_bytes()).hexdigest() != written.get(MAPPING_BOOK)


def _write(workspace: Workspace, book: Path, digest: str, by_sheet: dict[str, Filled]) -> None:
    child = Apart(fill_in)
    writes = {sheet: each.writes for sheet, each in by_sheet.items()}
    tints = {sheet: each.tints for sheet, each in by_sheet.items()}
    with TemporaryDirectory(prefix="dingji-") as folder:
        target = Path(folder, "filled")
        try:
            (done,) = child.ask([Order(book, digest, writes, tints, target)])
        finally:
            child.leave()
        if not done:
            raise CannotRunError([f"{book.name} {describe(Problem('E106')).text}"])
        _put(workspace, {FILLED: target.read_bytes()})


def _put(workspace: Workspace, files: dict[str, bytes]) -> None:
    """Put files into output/ and name them in the record: the next run takes away what is then no longer true."""
    record = workspace.outputs / RECORD
    before = record.read_bytes() if record.is_file() else NO_RECORD
    for line in write_outputs(workspace, {**files, RECORD: amended(before, files)}):
        say(line)
