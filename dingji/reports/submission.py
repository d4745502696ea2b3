"""报送情况: which form of which branch or rater is in, and the same counted by parent unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any, Final

from dingji.outcome import Outcome
from dingji.reports.columns import Cell, ReportColumn, ReportTable, build
from dingji.reports.foot import titled
from dingji.reports.view import OutcomeView
from dingji.tables import records

IN, ABSENT, UNKNOWN = "已报", "未报", "未识别"
RETURNED = ("待改", "重复", "旧版")
"""What came in and goes back to be mended: it counts as handed in once it has been mended."""

LATE: Final = "W317"
"""The code of a problem at a form that came in after its day; its subject is the form."""

LATE_MARK = "（迟）"
OFFICE, RATERS = "（办公室）", "（评委）"
TOTAL = "合计"


@dataclass(frozen=True)
class OwnerLine:
    """What the columns of the matrix read: whose forms, and their states by heading."""

    code: str
    name: str
    parent: str
    states: dict[str, list[str]]
    late: frozenset[str] = frozenset()
    """The headings of forms that came in late."""

    @property
    def all(self) -> list[str]:
        """Return the states of all forms due; a file that is no expected form was never due."""
        return [state for states in self.states.values() for state in states if state != UNKNOWN]


@dataclass(frozen=True)
class Tally:
    """What the counting columns read: a name and the states of all forms due."""

    name: str
    all: list[str]


def _count(line: OwnerLine | Tally, *states: str) -> int:
    held = Counter(line.all)
    return sum(held[state] for state in states) if states else len(line.all)


def _rate(line: OwnerLine | Tally) -> Cell:
    return Fraction(_count(line, IN), len(line.all)) if line.all else None


COUNTS: tuple[ReportColumn[Any, Cell], ...] = (
    ReportColumn("应报", 8, "count", lambda line: len(line.all)),
    ReportColumn(IN, 8, "count", lambda line: _count(line, IN)),
    ReportColumn("退回", 8, "count", lambda line: _count(line, *RETURNED)),
    ReportColumn(ABSENT, 8, "count", lambda line: _count(line, ABSENT)),
)
RATE: ReportColumn[Any, Cell] = ReportColumn("报送率", 10, "share", _rate)


def _state(heading: str, line: OwnerLine) -> Cell:
    mark = LATE_MARK if heading in line.late else ""
    return "、".join(f"{state}{mark}" for state in dict.fromkeys(line.states.get(heading, ())))


def late_forms(outcome: Outcome) -> set[tuple[str, str]]:
    """Return the branch and the heading of every form that 收件登记 tells to be late."""
    late = [(problem.unit, problem.subject) for problem in outcome.problems if problem.code == LATE]
    rows = records(outcome.rollcall) if late else []
    return {
        (row["unit"], row["form"])
        for row in rows
        for unit, title in late
        if unit == row["unit"] and title == row["kind"]
    }


def matrix_columns(headings: Sequence[str]) -> list[ReportColumn[Any, Cell]]:
    """Return the columns of the matrix: a column a form between the owner and the counts."""
    return [
        ReportColumn("编码", 14, "text", lambda line: line.code),
        ReportColumn("党组织（评委）", 26, "text", lambda line: line.name),
        ReportColumn("上级党组织", 20, "text", lambda line: line.parent),
        *(ReportColumn(heading, 12, "grade", partial(_state, heading)) for heading in headings),
        *COUNTS,
    ]


def owner_lines(view: OutcomeView) -> list[OwnerLine]:
    """Return a line a branch in roster order, then one a rater, then the office's own forms."""
    rows, late = records(view.outcome.rollcall), late_forms(view.outcome)
    owners: dict[tuple[str, str, str], OwnerLine] = {}
    for row in rows:
        key = (row["unit"], row["rater"], row["owner"])
        parent = row["parent"] or ("" if row["unit"] else RATERS if row["rater"] else OFFICE)
        own = frozenset(form for unit, form in late if unit and unit == row["unit"])
        line = owners.setdefault(key, OwnerLine(row["unit"] or row["rater"], row["owner"], parent, {}, own))
        line.states.setdefault(row["form"] or UNKNOWN, []).append(row["status"])
    return [owners[key] for key in sorted(owners, key=lambda key: _order(view, key))]


def _order(view: OutcomeView, key: tuple[str, str, str]) -> tuple[bool, bool, int]:
    unit, rater, _ = key
    return not unit, not rater, view.position(unit)


def matrix(view: OutcomeView, lines: Sequence[OwnerLine]) -> ReportTable:
    """Return 报送情况: a row an owner, a column a form."""
    headings = dict.fromkeys(heading for line in lines for heading in line.states)
    return build(titled(view.outcome, "报送情况"), matrix_columns(list(headings)), lines)


def by_parent(view: OutcomeView, lines: Sequence[OwnerLine]) -> ReportTable:
    """Return the same counted by parent unit, with a sum."""
    states: dict[str, list[str]] = {}
    for line in lines:
        states.setdefault(line.parent or "（未填）", []).extend(line.all)
    tallies = [Tally(name, listed) for name, listed in states.items()]
    tallies.append(Tally(TOTAL, [state for tally in tallies for state in tally.all]))
    name: ReportColumn[Any, Cell] = ReportColumn("上级党组织", 20, "text", lambda line: line.name)
    return replace(build(titled(view.outcome, "各单位报送情况"), [name, *COUNTS, RATE], tallies), totals=1)


def submission(view: OutcomeView) -> list[ReportTable]:
    """Return the tables of 报送情况: the matrix, then by parent unit."""
    lines = owner_lines(view)
    return [matrix(view, lines), by_parent(view, lines)]
