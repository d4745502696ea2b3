"""The commands of every day: run, check, explain."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from dingji.cannot_run import CannotRunError
from dingji.cli.archive import against_archive, archive_lines
from dingji.cli.console import ACT, SETTLED, say
from dingji.cli.days import day_lines, today_of
from dingji.cli.folders import finish_reading, templates_of
from dingji.cli.outcomes import files_of, last_line, say_problems, say_returned, write_outputs
from dingji.cli.standards import standard_lines
from dingji.ledger.check_up import overdue_on
from dingji.next_step import next_command
from dingji.outcome import Outcome
from dingji.pipeline import Run, unsettled
from dingji.problems import describe
from dingji.reports.check_report import MISSING_FORM
from dingji.reports.explain import explain
from dingji.reports.outputs import checked
from dingji.reports.preview import differences, files_changed, told_of
from dingji.reports.returned.apart import copier
from dingji.reports.returned.build import FOLDER
from dingji.reports.roll_text import WANTING, console_lines
from dingji.reports.run_record import NO_RECORD, RECORD, amended, results_in
from dingji.roster import Directory
from dingji.tables import records
from dingji.workspace import Workspace


def run_command(chosen: argparse.Namespace, workspace: Workspace, done: Run) -> int:
    """Do the main job: write every output of a run; with assumptions only tell what would be another."""
    if chosen.what_if is not None:
        from dingji.cli.what_if import what_if  # noqa: PLC0415 - with all that reads and writes tables of a standard

        finish_reading(done.way)
        return what_if(chosen.what_if, workspace, done.outcome)
    done = against_archive(workspace, done)
    finish_reading(done.way)
    changed = standard_lines(workspace, done.outcome)
    with files_of(workspace, done) as files:
        held = write_outputs(workspace, files)
    say_problems(done.outcome)
    for line in (*held, *changed, *archive_lines(workspace, done.outcome)):
        say(line)
    if chosen.workspace:
        say(f"工作文件夹：{workspace.root}")
    say_returned(files)
    say(f"接下来：{next_command(workspace, done.outcome.settings, named=bool(chosen.workspace))}")
    say(last_line(done.outcome))
    return ACT if unsettled(done.outcome) else SETTLED


def check_command(chosen: argparse.Namespace, workspace: Workspace, done: Run) -> int:
    """Call the roll and validate; rewrite 校验报告, 退回/ and their lines in 运行记录.json, nothing else."""
    outcome = done.outcome
    today, whose = today_of(chosen.today)
    days = day_lines(outcome, today, whose)
    finish_reading(done.way)
    record = workspace.outputs / RECORD
    compared = against_last_run(outcome, record)
    with copier(done.inputs) as copy:
        files = checked(outcome, templates_of(workspace), copy)
        if record.is_file():
            files[RECORD] = amended(record.read_bytes(), files, [FOLDER])
        elif len(files) > 1:  # what goes back must be found again, to be taken away once it is mended
            files[RECORD] = amended(NO_RECORD, files)
        write_outputs(workspace, files)
    said = replace(outcome, problems=overdue_on(outcome, today.isoformat()))
    say_problems(said, left_out=(MISSING_FORM,))  # who owes a form stands in the roll-call below
    for line in console_lines(outcome):
        say(line)
    for line in (*days, *compared):
        say(line)
    say_returned(files)
    say("校验报告已放在 output/内部/校验报告.html")
    if any(row["status"] in WANTING for row in records(outcome.rollcall)):
        say("要催报的，运行：python process.py mail（文字放在 邮件/催报.txt，可以直接发到群里）")
    return ACT if unsettled(outcome) else SETTLED


def against_last_run(outcome: Outcome, record: Path) -> list[str]:
    """Return which grades would be others than in the last run of this round, and which files are others."""
    label, before, inputs = results_in(record.read_bytes()) if record.is_file() else ("", {}, {})
    if not before or label != outcome.settings.round.label:
        return []
    lines = differences(before, told_of(outcome))
    head = "现在运行，与上次运行的结果相比：" if lines else "现在运行，各党组织的等次与上次运行的一样"
    return [*files_changed(inputs, outcome), head, *(f"  {line}" for line in lines)]


def explain_command(chosen: argparse.Namespace, _workspace: Workspace, done: Run) -> int:
    """Print how a branch's grade came about."""
    outcome = done.outcome
    directory = Directory.of(outcome.branches)
    unit = directory.find(chosen.branch, "")[0]
    if not unit:
        unit, problem = directory.find("", chosen.branch)
        if problem:
            raise CannotRunError([describe(problem).text])
    for line in explain(outcome, unit):
        say(line)
    return SETTLED
