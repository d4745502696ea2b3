"""汇总表: how many branches hold each grade, by parent unit, category or level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from dingji.checkcode import code_of
from dingji.numbers import half_up, mean
from dingji.outcome import Outcome
from dingji.reports.columns import Cell, ReportColumn, ReportTable, build
from dingji.reports.foot import code_line, sign_off, titled
from dingji.reports.overview import BranchLine, branch_lines
from dingji.reports.standing import grade_of, graded, waiting_for
from dingji.reports.view import OutcomeView
from dingji.scheme.model import Scheme
from dingji.scoring.targets import reached

TOTAL, SUBTOTAL, UNNAMED = "合计", "小计", "（未填）"
SHARE_PLACES = 4
FIELDS = {"上级党组织": "parent", "类别": "category", "层级": "level"}
SHARE_NOTES = {
    "plain": "注：占比为该等次数与已定级数之比，分别四舍五入，各占比之和可能不等于100.00%。",
    "forced": "注：占比为该等次数与已定级数之比，凑足100.00%，尾差计入最后一个不为零的等次。",
}


@dataclass(frozen=True)
class GroupLine:
    """What the columns of 汇总表 read: a group's name, its branches, its grades' counts and shares."""

    name: str
    members: tuple[BranchLine, ...]
    counts: dict[str, int]
    shares: dict[str, Fraction | None]

    @property
    def counted(self) -> str:
        """Return what is counted: 党组织, or the standard's own word."""
        return self.members[0].scheme.counted

    @property
    def settled(self) -> int:
        """Return how many branches have a grade of their standard."""
        return sum(self.counts.values())

    @property
    def composites(self) -> list[Fraction]:
        """Return the composites of the branches that have one."""
        figures = (line.result["composite"] for line in self.members)
        return [figure for figure in figures if figure is not None]


Column = ReportColumn[GroupLine, Cell]


def _members(line: GroupLine) -> Cell:
    known = [member.branch["members"] for member in line.members if member.branch["members"] is not None]
    return sum(known) if known else None


def _waiting(line: GroupLine) -> Cell:
    """Split the branches without a grade: `不参加（成立不满一年）1；未报2`."""
    waiting = (member for member in line.members if not graded(member.result, member.scheme))
    return _told(line, Counter(waiting_for(member.result) for member in waiting))


def _told(line: GroupLine, reasons: Counter[str]) -> str:
    """Return reasons with how many branches each is for, and of how many the members are left out of the sum."""
    unknown = sum(member.branch["members"] is None for member in line.members)
    left_out = [f"党员数未计{unknown}个{line.counted}"] if 0 < unknown < len(line.members) else []
    return "；".join([*(f"{reason}{count}" for reason, count in reasons.items()), *left_out])


def _unmeasured(line: GroupLine) -> Cell:
    waiting = (member for member in line.members if member.result["composite"] is None)
    return _told(line, Counter(waiting_for(member.result) for member in waiting))


def _of_composites(pick: Callable[[list[Fraction]], Fraction]) -> Callable[[GroupLine], Cell]:
    return lambda line: pick(line.composites) if line.composites else None


def _count_of(grade: str, line: GroupLine) -> Cell:
    return line.counts[grade]


def _share_of(grade: str, line: GroupLine) -> Cell:
    return line.shares[grade]


UNIT_NAME = Column("单位", 26, "text", lambda line: line.name)
MEMBERS = Column("党员数", 10, "count", _members)
SETTLED = Column("已定级", 10, "count", lambda line: line.settled)
UNSETTLED: tuple[Column, ...] = (
    Column("未定级", 10, "count", lambda line: len(line.members) - line.settled),
    Column("备注", 34, "text", _waiting),
)
WITHOUT_GRADES: tuple[Column, ...] = (
    Column("已测算", 10, "count", lambda line: len(line.composites)),
    Column("最高分", 10, "score", _of_composites(max)),
    Column("最低分", 10, "score", _of_composites(min)),
    Column("平均分", 10, "score", _of_composites(mean)),
    Column("未测算", 10, "count", lambda line: len(line.members) - len(line.composites)),
    Column("备注", 34, "text", _unmeasured),
)


def columns(scheme: Scheme) -> list[Column]:
    """Return the columns of 汇总表 for a standard's grades; those for totals where it names none."""
    grades, places = labels_of(scheme), max(2, scheme.rounding.places)
    total = Column(f"{scheme.counted}总数", 12, "count", lambda line: len(line.members))
    leading = (UNIT_NAME, total, MEMBERS)
    if not grades:
        listed = [*leading, *WITHOUT_GRADES]
        return [replace(column, places=places) if column.kind == "score" else column for column in listed]
    middle = [column for grade in grades for column in _grade_columns(grade)]
    return [*leading, SETTLED, *middle, *UNSETTLED]


def _grade_columns(grade: str) -> tuple[Column, Column]:
    return (
        Column(grade, 9, "count", partial(_count_of, grade)),
        Column(f"{grade}占比", 11, "share", partial(_share_of, grade)),
    )


def shares_of(counts: dict[str, int], how: str) -> dict[str, Fraction | None]:
    """Return each grade's share of the graded branches: exact, or as printed with the last taking the rest.

    `forced`: every share is rounded to 0.01% and the last grade with a count takes what is left of 100.00%.
    """
    total = sum(counts.values())
    if not total:
        return dict.fromkeys(counts)
    shares: dict[str, Fraction | None] = {grade: Fraction(count, total) for grade, count in counts.items()}
    if how == "forced":
        rounded = {grade: half_up(Fraction(count, total), SHARE_PLACES) for grade, count in counts.items()}
        last = [grade for grade, count in counts.items() if count][-1]
        rest = sum((share for grade, share in rounded.items() if grade != last), Fraction(0))
        shares = {**rounded, last: 1 - rest}
    return shares


def _group(outcome: Outcome, grades: Sequence[str], name: str, members: Iterable[BranchLine]) -> GroupLine:
    listed = tuple(members)
    held = Counter(grade_of(member.result) for member in listed)
    counts = {grade: held[grade] for grade in grades}
    return GroupLine(name, listed, counts, shares_of(counts, outcome.settings.summary.shares))


def _groups(outcome: Outcome, grades: Sequence[str], members: Sequence[BranchLine]) -> list[GroupLine]:
    """Return a line a group, groups in the order in which the roster first names them."""
    field = FIELDS[outcome.settings.summary.by]
    by_name: dict[str, list[BranchLine]] = {}
    for member in members:
        by_name.setdefault(member.branch[field] or UNNAMED, []).append(member)
    return [_group(outcome, grades, name, listed) for name, listed in by_name.items()]


def labels_of(scheme: Scheme) -> tuple[str, ...]:
    """Return a standard's grade labels, best first."""
    return tuple(grade.name for grade in scheme.grades)


def summary(view: OutcomeView) -> list[ReportTable]:
    """Return 汇总表: a block a standard that grades any branch, and one 合计 where their labels agree."""
    outcome, lines = view.outcome, list(branch_lines(view))
    used = {line.result["scheme"] for line in lines} or set(list(outcome.schemes)[:1])
    schemes = [scheme for id_, scheme in outcome.schemes.items() if id_ in used]
    together = len(schemes) > 1 and len({labels_of(scheme) for scheme in schemes}) == 1
    name = SUBTOTAL if together else TOTAL
    tables = [_block(outcome, scheme, lines, name) for scheme in schemes]
    if len(schemes) > 1:
        tables = [_headed(table, scheme) for table, scheme in zip(tables, schemes, strict=True)]
    if together:
        tables[-1] = _with_total(outcome, tables[-1], labels_of(schemes[-1]), lines)
    return [*tables[:-1], _with_foot(outcome, tables, labels_of(schemes[-1]))]


def _headed(table: ReportTable, scheme: Scheme) -> ReportTable:
    return replace(table, title=f"{table.title}　{scheme.title}")


def _block(outcome: Outcome, scheme: Scheme, lines: Sequence[BranchLine], total: str) -> ReportTable:
    """Return the groups of a standard and their sum; a single group is its own sum, and is printed once.

    Where it has no name, it is the sum that is printed.
    """
    grades = labels_of(scheme)
    members = [line for line in lines if line.result["scheme"] == scheme.id]
    groups = _groups(outcome, grades, members)
    sums = [] if len(groups) == 1 and total == TOTAL else [_group(outcome, grades, total, members)]
    if not sums and groups[0].name == UNNAMED:
        groups, sums = [], [_group(outcome, grades, total, members)]
    results = [line.result for line in members]
    targets = tuple(one.words for one in reached(scheme, results, outcome.settings.round.name))
    return replace(build(titled(outcome, "汇总表"), columns(scheme), [*groups, *sums], targets), totals=len(sums))


def _with_total(
    outcome: Outcome, table: ReportTable, grades: Sequence[str], lines: Sequence[BranchLine]
) -> ReportTable:
    total = _group(outcome, grades, TOTAL, lines)
    values = zip(table.columns, table.values, strict=True)
    return replace(table, values=tuple([*cells, column.value(total)] for column, cells in values), totals=2)


def _with_foot(outcome: Outcome, tables: Sequence[ReportTable], grades: Sequence[str]) -> ReportTable:
    """Put what is for all blocks below the last one's own notes; the check code is of all blocks together."""
    note = (SHARE_NOTES[outcome.settings.summary.shares],) if grades else ()
    own = tables[-1].notes
    return replace(tables[-1], notes=(*own, *note, sign_off(outcome), code_line(code_of(tables))))
