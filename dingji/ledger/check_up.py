"""The check-up of 整改台账: overdue, without an owner, struck off without proof, a measure for nothing, none for much.

What is written is held against the last day of the round, as config says it, never against the clock; the console of
`check` asks for what is overdue on its own day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from dingji.dates import read_day
from dingji.forms.ledger_form import CLOSED, DONE, DUE, MEASURE, NUMBER, OWNER, PROGRESS, PROOF
from dingji.ledger.ledger import Ledger, Line, cell_of, ledger_of
from dingji.ledger.numbers import parts_of
from dingji.ledger.typed import KIND
from dingji.outcome import Outcome
from dingji.problems import Problem
from dingji.round_days import Round

Check = Callable[[Line, Round], Iterator[Problem]]


def check_up(outcome: Outcome) -> list[Problem]:
    """Return everything that is amiss with what came back."""
    if not (outcome.entries["form"] == KIND).any():
        return []
    ledger = ledger_of(outcome)
    round_ = outcome.settings.current
    found = list(ledger.problems)
    for lines in ledger.lines.values():
        found += [problem for line in lines for check in CHECKS for problem in check(line, round_)]
        found += _nothing_done(lines)
    return [*found, *_no_day(ledger, round_.ends)]


def overdue_on(outcome: Outcome, day: str) -> tuple[Problem, ...]:
    """Return the problems of an outcome with what is overdue on a day (ISO) first, not by the round's last.

    In June nothing is late that is due in September, though the round ends in December.
    """
    if not (outcome.entries["form"] == KIND).any():
        return outcome.problems
    others = (problem for problem in outcome.problems if problem.code not in BY_DAY)
    lines = (line for lines in ledger_of(outcome).lines.values() for line in lines)
    late = (problem for line in lines for problem in _late(line, day, "看的这一天"))
    return (*(problem for problem in late if problem.code in BY_DAY), *others)


def _overdue(line: Line, round_: Round) -> Iterator[Problem]:
    return _late(line, round_.ends, "本轮最后一天")


def _late(line: Line, day: str, whose: str) -> Iterator[Problem]:
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
    if not DAY.fullmatch(due) or read_day(due) is None:
        return ""
    return due if due.count("-") > 1 else f"{due}-31"


def _no_owner(line: Line, _: Round) -> Iterator[Problem]:
    if line.filled and not line.closed and line.text(MEASURE):
        lacking = [heading for heading in (OWNER, DUE) if not line.text(heading)]
        if lacking:
            what = "、".join(lacking)
            yield cell_of(line, MEASURE).problem("W634", MEASURE, line.unit, number=line.number, what=what)


def _no_proof(line: Line, _: Round) -> Iterator[Problem]:
    if line.closed:
        lacking = [DONE] if not line.text(DONE) else []
        lacking += ["佐证材料或进展"] if not (line.text(PROOF) or line.text(PROGRESS)) else []
        if lacking:
            what = "、".join(lacking)
            yield cell_of(line, CLOSED).problem("W635", CLOSED, line.unit, number=line.number, what=what)


def _for_nothing(line: Line, _: Round) -> Iterator[Problem]:
    if line.origin == "none" and line.filled and not line.closed:
        yield cell_of(line, MEASURE, NUMBER).problem("W636", MEASURE, line.unit, number=line.number)


def _odd_days(line: Line, round_: Round) -> Iterator[Problem]:
    """Yield the days that cannot be: done before it was found or after the round, due in another age."""
    told = parts_of(line.number)
    if told is None:
        return
    done, due, found = line.text(DONE), line.text(DUE), str(told.year)
    now = line.origin != "carried" and round_.begins
    if done and done < (now or found):
        yield _odd(line, DONE, f"在发现问题（{now or f'{found}年'}）以前")
    if done and round_.ends and done > round_.ends:
        yield _odd(line, DONE, f"在 {round_.ends}（本轮最后一天）以后")
    if _last(due) > str(told.year + LONGEST):
        yield _odd(line, DUE, f"在{LONGEST}年以后")


def _odd(line: Line, heading: str, what: str) -> Problem:
    return cell_of(line, heading).problem("W664", heading, line.unit, number=line.number, heading=heading, what=what)


LONGEST: Final = 5
"""Years that mending may take: a committee's term; a day beyond is mistyped, and would never be overdue."""
BY_DAY: Final = ("W633", "W638")
"""Codes of problems that hang on which day is looked from."""
DAY: Final = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")
"""A time that was understood, as it is kept."""
CHECKS: Sequence[Check] = (_overdue, _odd_days, _no_owner, _no_proof, _for_nothing)
"""Each looks at one line; a new one is a function and its name here."""


def _nothing_done(lines: Sequence[Line]) -> Iterator[Problem]:
    """Yield large losses without a measure, of a branch that has filled in something against what it lost this time.

    What an earlier round left open, and what is found in between, is filled in before anybody knows of these losses.
    """
    back = [line for line in lines if line.filled and line.origin in {"lost", "none"}]
    for line in lines if back else ():
        if line.loss and line.large and not line.text(MEASURE) and not line.closed:
            at = cell_of(line if line.cells else back[0], NUMBER)
            yield replace(at, text="").problem("W637", line.loss.title, line.unit, number=line.number)


def _no_day(ledger: Ledger, day: str) -> Iterator[Problem]:
    waiting = [line for lines in ledger.lines.values() for line in lines if line.text(DUE) and not line.closed]
    if waiting and not day:
        yield Problem("W638", values={"count": str(len(waiting))})
