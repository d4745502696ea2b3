"""The check-up of 整改台账: overdue, without an owner, struck off without proof, a measure for nothing, none for much.

What is written is held against the last day of the round, as config says it, never against the clock; the console of
`check` asks for what is overdue on its own day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from dingji.forms.ledger_form import CLOSED, DONE, DUE, MEASURE, NUMBER, OWNER, PROGRESS, PROOF
from dingji.ledger.ledger import Ledger, Line, cell_of, ledger_of
from dingji.ledger.typed import KIND
from dingji.outcome import Outcome
from dingji.problems import Problem

Check = Callable[[Line, str], Iterator[Problem]]


def check_up(outcome: Outcome) -> list[Problem]:
    """Return everything that is amiss with what came back."""
    if not (outcome.entries["form"] == KIND).any():
        return []
    ledger = ledger_of(outcome)
    day = outcome.settings.current.ends
    found = list(ledger.problems)
    for lines in ledger.lines.values():
        found += [problem for line in lines for check in CHECKS for problem in check(line, day)]
        found += _nothing_done(lines)
    return [*found, *_no_day(ledger, day)]


def overdue_on(outcome: Outcome, day: str) -> tuple[Problem, ...]:
    """Return the problems of an outcome with what is overdue on a day (ISO) in place of what is by the round's last.

    In June nothing is late that is due in September, though the round ends in December.
    """
    if not (outcome.entries["form"] == KIND).any():
        return outcome.problems
    others = (problem for problem in outcome.problems if problem.code not in BY_DAY)
    lines = (line for lines in ledger_of(outcome).lines.values() for line in lines)
    late = (problem for line in lines for problem in _overdue(line, day, "看的这一天"))
    return (*others, *(problem for problem in late if problem.code in BY_DAY))


def _overdue(line: Line, day: str, whose: str = "本轮最后一天") -> Iterator[Problem]:
    due = line.text(DUE)
    if due and not line.closed and not line.text(DONE):
        last = _last(due)
        if not last:
            yield cell_of(line, DUE).problem("W639", DUE, line.unit, number=line.number)
        elif day and last < day:
            told = f"{day}（{whose}）"
            yield cell_of(line, DUE).problem("W633", DUE, line.unit, number=line.number, day=told)


def _last(due: str) -> str:
    """Return the last day of a time told, of a month (2026-09) one after all of its days; "" where it is no date."""
    if not DAY.fullmatch(due):
        return ""
    return due if due.count("-") > 1 else f"{due}-31"


def _no_owner(line: Line, _: str) -> Iterator[Problem]:
    if line.filled and not line.closed and line.text(MEASURE):
        lacking = [heading for heading in (OWNER, DUE) if not line.text(heading)]
        if lacking:
            what = "、".join(lacking)
            yield cell_of(line, MEASURE).problem("W634", MEASURE, line.unit, number=line.number, what=what)


def _no_proof(line: Line, _: str) -> Iterator[Problem]:
    if line.closed:
        lacking = [DONE] if not line.text(DONE) else []
        lacking += ["佐证材料或进展"] if not (line.text(PROOF) or line.text(PROGRESS)) else []
        if lacking:
            what = "、".join(lacking)
            yield cell_of(line, CLOSED).problem("W635", CLOSED, line.unit, number=line.number, what=what)


def _for_nothing(line: Line, _: str) -> Iterator[Problem]:
    if line.origin == "none" and line.filled and not line.closed:
        yield cell_of(line, MEASURE, NUMBER).problem("W636", MEASURE, line.unit, number=line.number)


BY_DAY: Final = ("W633", "W638")
"""Codes of problems that hang on which day is looked from."""
DAY: Final = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")
"""A time that was understood, as it is kept."""
CHECKS: Sequence[Check] = (_overdue, _no_owner, _no_proof, _for_nothing)
"""Each looks at one line; a new one is a function and its name here."""


def _nothing_done(lines: Sequence[Line]) -> Iterator[Problem]:
    """Yield large losses without a measure, of a branch that has filled in something against what it lost this time.

    What an earlier round left open, and what is found in between, is filled in before anybody knows of these losses.
    """
    back = [line for line in lines if line.filled and line.origin in {"lost", "none"}]
    for line in lines if back else ():
        if line.loss and line.large and not line.text(MEASURE) and not line.closed:
            at = cell_of(line if line.cells else back[0], NUMBER)
            yield replace(at, text="").problem("W637", line.loss.name, line.unit, number=line.number)


def _no_day(ledger: Ledger, day: str) -> Iterator[Problem]:
    waiting = [line for lines in ledger.lines.values() for line in lines if line.text(DUE) and not line.closed]
    if waiting and not day:
        yield Problem("W638", values={"count": str(len(waiting))})
