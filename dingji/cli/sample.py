"""`sample`: who and what is looked at on the spot, drawn by the seeds of the settings."""

from __future__ import annotations

import argparse
from collections import Counter
from hashlib import sha256

from pydantic import ValidationError

from dingji.cannot_run import CannotRunError
from dingji.cli.console import ACT, SETTLED, listed, say
from dingji.cli.folders import finish_reading
from dingji.cli.outcomes import write_outputs
from dingji.pipeline import Run
from dingji.reports.run_record import NO_RECORD, RECORD, amended, outputs_in
from dingji.reports.samples import SAMPLES, moved, told, write_samples
from dingji.sample_settings import Sample, sample_faults
from dingji.sampling import Drawn, draws
from dingji.workspace import Workspace

TYPED = "临时抽查"
"""What a draw is called that stands in no settings."""
BOTH = "抽几个和种子要一起写，如：python process.py sample 3 --seed 20260410（种子任写一个数）"
NONE_ASKED = "设置的“抽查”里还没有写：请写上抽查名称、抽几个和抽签的种子（任写一个数），再运行一次"


def sample_command(chosen: argparse.Namespace, workspace: Workspace, done: Run) -> int:
    """Write 抽查名单 and print the draws; 1 where something could not be drawn as asked."""
    finish_reading(done.way)
    outcome = done.outcome
    asked = _typed(chosen) or outcome.settings.samples
    if not asked:
        raise CannotRunError([NONE_ASKED])
    drawn = draws(asked, outcome.branches, outcome.entries)
    files, record = {SAMPLES: write_samples(outcome, drawn)}, workspace.outputs / RECORD
    before = record.read_bytes() if record.is_file() else NO_RECORD
    others = _moved(workspace, before, files[SAMPLES])
    held = write_outputs(workspace, {**files, RECORD: amended(before, files)})
    for line in (*(line for each in drawn for line in _lines(each)), *held, *others):
        say(line)
    say(f"抽查名单已放在 output/{SAMPLES}；检查日期、检查人、检查情况三栏留着填")
    return ACT if any(each.unknown or not each.drawn for each in drawn) else SETTLED


def _moved(workspace: Workspace, record: bytes, after: bytes) -> list[str]:
    """Return what is drawn otherwise than in the list that lies there as the program wrote it."""
    lying = workspace.outputs / SAMPLES
    before = lying.read_bytes() if lying.is_file() else b""
    as_written = sha256(before).hexdigest() == outputs_in(record).get(SAMPLES)
    return list(moved(before, after)) if as_written and before != after else []


def _typed(chosen: argparse.Namespace) -> list[Sample]:
    """Return the draw that was typed with the command: so many branches by this seed; none where nothing was."""
    if not chosen.count and chosen.seed is None:
        return []
    if not chosen.count or chosen.seed is None:
        raise CannotRunError([BOTH])
    count = int(chosen.count) if chosen.count.isdecimal() else chosen.count
    try:
        sample = Sample.model_validate({"name": TYPED, "count": count, "seed": chosen.seed})
    except ValidationError as error:
        raise CannotRunError([f"抽几个写成整数，或者 20% 这样的比例：{chosen.count}"]) from error
    if faults := [words for _, words in sample_faults([sample])]:
        raise CannotRunError(faults)
    return [sample]


def _lines(drawn: Drawn) -> list[str]:
    branches = {lot.branch["unit"]: str(lot.branch["name"]) for lots in drawn.lots.values() for lot in lots}
    alike = Counter(branches.values())
    names = [name if alike[name] == 1 else f"{name}（{unit}）" for unit, name in branches.items()]
    return [*told(drawn), *([f"  {listed(names)}"] if names else [])]
