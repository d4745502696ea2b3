"""What a run leaves: its files in output/, and its lines on the console."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from dingji.cannot_run import CannotRunError
from dingji.cli.console import listed, say
from dingji.cli.folders import templates_of
from dingji.content import Content, chunks
from dingji.outcome import Outcome
from dingji.pipeline import Run, unsettled, waiting
from dingji.problems import Problem, describe, level_of, place_of
from dingji.reports.outputs import RESULTS, outputs
from dingji.reports.preview import told_of
from dingji.reports.publish import publish
from dingji.reports.recalculate import Difference, installed, recalculated
from dingji.reports.returned.apart import copier
from dingji.reports.returned.build import ENDING, FOLDER
from dingji.reports.run_record import RECORD, carried, run_record
from dingji.reports.samples import SAMPLES
from dingji.workspace import Workspace

SHOWN_PROBLEMS = 20
"""So many problems are printed on the console; all of them stand in 校验报告 and 问题清单."""


@contextmanager
def files_of(workspace: Workspace, done: Run) -> Iterator[dict[str, Content]]:
    """Give every file of a run, its record among them; what is large lies in files that go afterwards."""
    started = perf_counter()
    with TemporaryDirectory(prefix="dingji-") as folder, copier(done.inputs) as copy:
        files = outputs(done.outcome, templates_of(workspace), copy, Path(folder))
        timings = {**done.timings, "write": perf_counter() - started}
        checked, differences = check_formulas(done.outcome, files)
        if differences:  # a fault of ours: every list of problems is written again with it
            done.outcome = replace(done.outcome, problems=(*done.outcome.problems, *differences))
            files = outputs(done.outcome, templates_of(workspace), copy, Path(folder))
        told, waits = told_of(done.outcome), unsettled(done.outcome)
        record = run_record(done.outcome, files, timings, checked, told, waits=waits)
        yield {**files, RECORD: _keeping_samples(workspace, done.outcome, record)}


def _keeping_samples(workspace: Workspace, outcome: Outcome, record: bytes) -> bytes:
    """Return the record with the line of 抽查名单, which stays while draws are asked for."""
    lying = workspace.outputs / RECORD
    wanted = outcome.settings.samples and lying.is_file()
    return carried(record, lying.read_bytes(), [SAMPLES]) if wanted else record


def check_formulas(outcome: Outcome, files: Mapping[str, Content]) -> tuple[str, list[Problem]]:
    """Work the result workbook's formulas out again where that can be; return how it went, and what differs."""
    if not outcome.settings.checks.formulas:
        return "设置里写了不重算公式", []
    if not installed():
        return "没有安装重算公式的组件，没有重算", []
    found = recalculated(b"".join(chunks(files[RESULTS])))
    if not found.differences:
        return f"重算了 {found.formulas} 个公式，与存着的数都一致", []
    told = f"重算了 {found.formulas} 个公式，{len(found.differences)} 个与存着的数不同"
    return told, [_differs(difference) for difference in found.differences[:SHOWN_PROBLEMS]]


def _differs(difference: Difference) -> Problem:
    at, values = difference.at, {"expected": difference.reckoned}
    return Problem("E571", RESULTS, at.sheet, at.cell, found=str(at.stored), values=values)


def write_outputs(workspace: Workspace, files: Mapping[str, Content]) -> list[str]:
    """Put a run's files into output/; return a line for each that was held open."""
    make_outputs(workspace)
    return [describe(problem).text for problem in publish(workspace.outputs, files)]


def make_outputs(workspace: Workspace) -> None:
    """Make the folder output/ where there is none; CannotRunError where something else has its name."""
    if os.path.lexists(workspace.outputs) and not workspace.outputs.is_dir():
        raise CannotRunError(["output 不是文件夹，或者是断开的链接；请把它改名或移走"])
    workspace.outputs.mkdir(exist_ok=True)


def say_problems(outcome: Outcome, left_out: Sequence[str] = ()) -> None:
    """Print the gravest problems, and where the others stand; not those of the codes `left_out`.

    One that lies in no file is told with its branch.
    """
    names = dict(zip(outcome.branches["unit"], outcome.branches["name"], strict=True))
    order = ("act", "refuse", "warning", "note")
    ranked = sorted((problem for problem in outcome.problems), key=lambda problem: order.index(level_of(problem)))
    loud = [problem for problem in ranked if level_of(problem) != "note" and problem.code not in left_out]
    for problem in loud[:SHOWN_PROBLEMS]:
        whose = "" if place_of(problem) else names.get(problem.unit, "")
        say(describe(replace(problem, subject=whose) if whose else problem).text)
    if len(loud) > SHOWN_PROBLEMS:
        say(f"……另有 {len(loud) - SHOWN_PROBLEMS} 条，见 output/内部/校验报告.html")


def say_returned(files: Iterable[str]) -> None:
    """Print how many files go back to be mended, and where they lie; nothing where there are none."""
    count = sum(name.startswith(f"{FOLDER}/") and name.endswith(ENDING) for name in files)
    if count:
        say(f"退回 {count} 个文件，放在 output/{FOLDER}")


def last_line(outcome: Outcome) -> str:
    """Return what happened in one line."""
    names = waiting(outcome)
    total = len(outcome.results)
    pending = f"，{len(names)}个待补（{listed(names)}）" if names else ""
    return f"结果已放在 output 文件夹，共{total}个{outcome.counted}，{total - len(names)}个已测算{pending}"
