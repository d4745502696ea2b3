"""What is made for others to fill in: forms, a workspace for practice."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from pandas import DataFrame

from dingji.branch_facts import applies_to
from dingji.cannot_run import CannotRunError
from dingji.cli.console import SETTLED, listed, say
from dingji.cli.folders import scheme_path, way_of, workspace_of
from dingji.demo import DemoError, write_demo
from dingji.forms.blanks import blank_forms
from dingji.forms.deliver import deliver
from dingji.forms.handout import handouts
from dingji.frozen import Archive, last_of_round
from dingji.intake.collect import scheme_by_unit
from dingji.intake.succession import succession_of
from dingji.next_round.hints import Known, counted, known
from dingji.outcome import Outcome
from dingji.pipeline import branches_of, run
from dingji.prepare import Prepared, prepare
from dingji.read.reading import FileReading, all_forms
from dingji.received import Way, read_inputs
from dingji.roster import Directory
from dingji.round_days import label_before
from dingji.scheme.load import load_scheme
from dingji.scheme.marking import excused
from dingji.scheme.model import Scheme
from dingji.settings import Engine
from dingji.workspace import Workspace


def forms_command(chosen: argparse.Namespace, root: Path) -> int:
    """Write the forms to hand out into 发放/; a form that somebody filled there is kept as it is."""
    workspace = workspace_of(chosen, root)
    if chosen.blank is not None:
        return _write_blanks(workspace, chosen.blank)
    prepared = prepare(workspace)
    readings = read_inputs(workspace, prepared, way_of(workspace))[0]
    branches, raters, _ = branches_of(readings, prepared.schemes.values())
    spared = _spared(prepared, branches)
    hints = _known(workspace, prepared, branches, readings)
    delivered = deliver(workspace.handouts, _handouts(prepared, branches, raters, chosen.by, frozenset(spared), hints))
    say(
        f"已生成 {delivered.written} 个文件，放在 发放 文件夹"
        if delivered.written
        else "发放 文件夹里的表没有变化，不用重新发"
    )
    if spared:
        names = listed(list(spared.values()))
        say(f"不参加评定的 {len(spared)} 个没有发自评表、测评表，别人的表里也不列：{names}")
    if delivered.kept:
        say(f"{len(delivered.kept)} 个文件有人填写过，保留原样：{listed(delivered.kept)}")
    return SETTLED


def _write_blanks(workspace: Workspace, named: str) -> int:
    """Write the blank forms of one standard, or of those that config.toml names, below templates/forms/."""
    schemes = [_standard(named, workspace)] if named else list(prepare(workspace).schemes.values())
    for scheme in schemes:
        folder = workspace.blanks / scheme.id
        delivered = deliver(folder, blank_forms(scheme, list(scheme.rounds)))
        say(f"空白表已放在 templates/forms/{scheme.id}，新写 {delivered.written} 个")
        if delivered.kept:
            say(f"{len(delivered.kept)} 个文件与新的不同，可能有人填写过，保留原样：{listed(delivered.kept)}")
    return SETTLED


def _standard(named: str, workspace: Workspace) -> Scheme:
    path = scheme_path(named, workspace.root)
    if not path.is_file():
        raise CannotRunError([f"找不到标准：{path}"])
    scheme, findings = load_scheme(path.read_bytes())
    if scheme is None:
        raise CannotRunError([f"{named} {finding.text}" for finding in findings])
    return scheme


def _known(workspace: Workspace, prepared: Prepared, branches: DataFrame, readings: Sequence[FileReading]) -> Known:
    """Return what is known of the branches already: the same round a year ago, else the one before, as it is frozen."""
    round_ = prepared.settings.current
    names = list(dict.fromkeys(name for scheme in prepared.schemes.values() for name in scheme.rounds))
    labels = (f"{round_.year - 1} {round_.name}", label_before(round_.label, names))
    archive = next((found for label in labels if (found := last_of_round(workspace, label))), None)
    before = _outcome_of(archive) if archive else None
    directory, rows = Directory.of(branches), []
    for reading in all_forms(readings):
        if reading.kind == "records" and reading.taken and reading.round == round_.label:
            told = zip(*(reading.columns[name] for name in ("code", "name", "rule")), strict=True)
            rows += [(directory.find(code, name)[0], rule) for code, name, rule in told if rule]
    heirs = {unit: units[0] for unit, units in succession_of(branches)[0].before.items() if len(units) == 1}
    return known(before, list(branches["unit"]), heirs, counted(rows))


def _outcome_of(archive: Archive) -> Outcome | None:
    """Return what a frozen round came to; None, and a line, where it cannot be computed any more."""
    try:
        return run(Workspace(archive.folder), Way(engine=Engine())).outcome
    except CannotRunError as error:
        say(f"定稿“{archive.name}”不能重新计算，表上没有印上一轮填的数：{error.lines[0]}")
        return None


def _spared(prepared: Prepared, branches: DataFrame) -> dict[str, str]:
    """Return the names of those that take no part by their standard, by code; who may have to does."""
    scheme_of, applies = scheme_by_unit(branches, prepared.settings), applies_to(branches, prepared.settings.current)
    without = {scheme_id: excused(scheme) for scheme_id, scheme in prepared.schemes.items()}
    found = {}
    for unit, name in zip(branches["unit"], branches["name"], strict=True):
        condition = without.get(scheme_of.get(unit, ""), "")
        if condition and not applies(f"not ({condition})", unit):
            found[unit] = name
    return found


def _handouts(
    prepared: Prepared, branches: DataFrame, raters: DataFrame, by: str, spared: Collection[str], hints: Known
) -> Iterator[tuple[str, bytes]]:
    """Yield the forms of every standard, each standard's in a folder of its own where there are several."""
    label, scheme_of = prepared.settings.round.label, scheme_by_unit(branches, prepared.settings)
    for scheme_id, scheme in prepared.schemes.items():
        own = branches[branches["unit"].map(scheme_of) == scheme_id]
        told = hints.hints(scheme, label)
        own = own.assign(hints=own["unit"].map(lambda unit, told=told: told.get(unit, {})))
        own = own.assign(claimed=own["unit"].map(lambda unit: hints.claimed.get(unit, ())))
        own = own.assign(asked=~own["unit"].isin(list(spared)))
        folder = f"{scheme_id}/" if len(prepared.schemes) > 1 else ""
        alone, office = len(prepared.schemes) == 1, prepared.settings.office.name
        for name, raw in handouts(scheme, label, own, raters, by, alone=alone, office=office):
            yield folder + name, raw


def demo_command(chosen: argparse.Namespace, root: Path) -> int:
    """Write a fictional workspace."""
    source = scheme_path(chosen.scheme, root)
    if not source.is_file():
        raise CannotRunError([f"找不到标准：{source}"])
    try:
        sizes = (chosen.branches, chosen.raters, chosen.seed)
        lines = write_demo(chosen.folder, source, *sizes, faults=chosen.faults)
    except DemoError as error:
        raise CannotRunError([str(error)]) from error
    for line in lines:
        say(line)
    return SETTLED
