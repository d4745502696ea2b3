"""整改台账 as a whole: a line for everything that was lost, found or is still open, with what was typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from dingji.forms.ledger_form import (
    CLOSED,
    CODE_HEADING,
    LEADER,
    NAME_HEADING,
    NUMBER,
    PROBLEM,
    TYPED,
)
from dingji.intake.succession import passed
from dingji.ledger.lost import Loss, losses_of
from dingji.ledger.numbers import JOIN, names_by_number
from dingji.ledger.typed import Cell, Cells, Known, Merged, merged, typed_rows
from dingji.outcome import Outcome
from dingji.problems import Problem
from dingji.roster import ACTIVE, named_before
from dingji.tables import records

YES: Final = "是"
Origin = Literal["lost", "found", "carried", "none"]
"""Why a line is there: lost now, found by somebody, left open by an earlier round, or nothing of all that any more."""


@dataclass(frozen=True)
class Line:
    """A line of 整改台账. `loss`: what was lost, where it is that; `cells`: what came back, nothing for a blank."""

    number: str
    unit: str
    origin: Origin
    loss: Loss | None = None
    cells: Cells = field(default_factory=dict)

    def text(self, heading: str) -> str:
        """Return what was typed under a heading, "" where nothing was."""
        return self.cells[heading].text if heading in self.cells else ""

    @property
    def filled(self) -> bool:
        """Say whether anything was typed beside what the program prints."""
        return any(heading in self.cells for heading in TYPED)

    @property
    def closed(self) -> bool:
        """Say whether the office has struck the line off (销号)."""
        return self.text(CLOSED) == YES

    @property
    def large(self) -> bool:
        """Say whether it is a large loss."""
        return self.loss is not None and self.loss.large


@dataclass(frozen=True)
class Ledger:
    """The lines by branch, in the order of the roster; and what is wrong with what came back."""

    lines: Mapping[str, Sequence[Line]]
    problems: tuple[Problem, ...] = ()


def ledger_of(outcome: Outcome) -> Ledger:
    """Return 整改台账 of an outcome: what was lost now, then what was found, then what earlier rounds left open."""
    branches = records(outcome.branches)
    losses = losses_of(outcome)
    came, problems = merged(typed_rows(outcome), _known(outcome, branches))
    own: defaultdict[str, list[Line]] = defaultdict(list)
    after = _taken_over(branches)
    for line in _lines(outcome, losses, came):
        heir = after.get(line.unit, line.unit)
        own[heir].append(line if heir == line.unit else replace(line, unit=heir))
    return Ledger({branch["unit"]: own[branch["unit"]] for branch in branches}, tuple(problems))


def _lines(outcome: Outcome, losses: Mapping[str, Sequence[Loss]], came: Mapping[str, Merged]) -> Iterator[Line]:
    lost = set()
    for unit, own in losses.items():
        for loss in own:
            lost.add(loss.number)
            yield Line(loss.number, unit, "lost", loss, came[loss.number].cells if loss.number in came else {})
    mark = f"{JOIN}{outcome.settings.round.label.replace(' ', '')}{JOIN}"
    for number, row in came.items():
        if number not in lost:
            now = mark in number
            origin: Origin = "carried" if not now else "found" if _is_finding(number) else "none"
            yield Line(number, row.unit, origin, None, row.cells)


def _is_finding(number: str) -> bool:
    return len(number.rpartition(JOIN)[2]) > FOUR


FOUR: Final = 4


def _known(outcome: Outcome, branches: Sequence[Mapping[str, Any]]) -> Known:
    settings = outcome.settings
    by_scheme = {scheme.id: names_by_number(scheme) for scheme in outcome.schemes.values()}
    numbers = {str(row["unit"]): by_scheme[row["scheme"]] for row in records(outcome.results)}
    heirs: defaultdict[str, set[str]] = defaultdict(set)
    for unit, heir in _taken_over(branches).items():
        heirs[heir].add(unit)
    for branch in branches:
        heirs[branch["unit"]].update(named_before(branch["successor_of"]))
    named = {unit: frozenset(left) for unit, left in heirs.items() if unit}
    rounds = list(dict.fromkeys(name for scheme in outcome.schemes.values() for name in scheme.rounds))
    return Known(settings.round.label, settings.round.year, numbers, named, rounds)


def _taken_over(branches: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return by branch that is gone who goes on with its lines: the last that it went into, by one after another.

    并入编码 and 承继 hold codes, or names where no code is known; what 并入编码 says goes first.
    """
    named = {branch["name"]: branch["unit"] for branch in branches}
    gone = [branch for branch in branches if branch["state"] not in ACTIVE]
    into = {named.get(name, name): heir["unit"] for heir in branches for name in named_before(heir["successor_of"])}
    into |= {each["unit"]: named.get(each["merged_into"], each["merged_into"]) for each in gone if each["merged_into"]}
    there = {branch["unit"] for branch in branches}
    steps = {each["unit"]: into[each["unit"]] for each in gone if into.get(each["unit"]) in there}
    return {unit: passed(unit, steps)[-1] for unit in steps}


Rows = Sequence[Mapping[str, str]]


def open_rows(ledger: Ledger, names: Mapping[str, str], told: Mapping[str, str]) -> Rows:
    """Return the rows that the next round carries on with, by heading, as `ledger_form` writes and reads them.

    Those are the lines not struck off (销号). `names`: of branches by code; `told`: by 编号, 问题 as it is printed.
    What was typed stays as typed, a blank stays blank. Pure: the same lines give the same rows.
    """
    return [
        row_of_line(line, names.get(line.unit, ""), told.get(line.number, line.text(PROBLEM)))
        for lines in ledger.lines.values()
        for line in lines
        if not line.closed
    ]


def row_of_line(line: Line, name: str, problem: str, leader: str = "") -> Mapping[str, str]:
    """Return a line as a row of the form, by heading; `leader` is whom the roster names where nobody was typed."""
    typed = {heading: line.text(heading) for heading in TYPED}
    own = {NUMBER: line.number, CODE_HEADING: line.unit, NAME_HEADING: name, PROBLEM: problem}
    return {**own, **typed, LEADER: typed[LEADER] or leader}


def cell_of(line: Line, *headings: str) -> Cell:
    """Return where a line is best pointed at: the first of some cells that was typed, else any."""
    named = (line.cells[heading] for heading in headings if heading in line.cells)
    return next(named, None) or next(iter(line.cells.values()), Cell(""))
