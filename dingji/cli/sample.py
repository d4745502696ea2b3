"""`sample`: who and what is looked at on the spot, drawn by the seeds of the settings."""

from __future__ import annotations

import argparse

from dingji.cannot_run import CannotRunError
from dingji.cli.console import ACT, SETTLED, listed, say
from dingji.cli.folders import finish_reading
from dingji.cli.outcomes import write_outputs
from dingji.pipeline import Run
from dingji.reports.run_record import NO_RECORD, RECORD, amended
from dingji.reports.samples import SAMPLES, told, write_samples
from dingji.sampling import Drawn, draws
from dingji.workspace import Workspace

NONE_ASKED = "设置的“抽查”里还没有写：请写上抽查名称、抽几个和抽签的种子（任写一个数），再运行一次"


def sample_command(_chosen: argparse.Namespace, workspace: Workspace, done: Run) -> int:
    """Write 抽查名单 and print the draws; 1 where something could not be drawn as asked."""
    finish_reading(done.way)
    outcome = done.outcome
    if not outcome.settings.samples:
        raise CannotRunError([NONE_ASKED])
    drawn = draws(outcome.settings.samples, outcome.branches, outcome.entries)
    files, record = {SAMPLES: write_samples(outcome, drawn)}, workspace.outputs / RECORD
    before = record.read_bytes() if record.is_file() else NO_RECORD
    held = write_outputs(workspace, {**files, RECORD: amended(before, files)})
    for line in (*(line for each in drawn for line in _lines(each)), *held):
        say(line)
    say(f"抽查名单已放在 output/{SAMPLES}；检查日期、检查人、检查情况三栏留着填")
    return ACT if any(each.unknown or not each.drawn for each in drawn) else SETTLED


def _lines(drawn: Drawn) -> list[str]:
    names = list(dict.fromkeys(lot.branch["name"] for lots in drawn.lots.values() for lot in lots))
    return [*told(drawn), *([f"  {listed(names)}"] if names else [])]
