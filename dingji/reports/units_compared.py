"""单位对比: the share of the best grade, unit by unit against all the others; advice for the office, and no verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dingji.numbers import percent
from dingji.reports.columns import Cell, ReportColumn, ReportTable, build
from dingji.reports.foot import titled
from dingji.reports.standing import grade_of
from dingji.reports.summary import UNNAMED, labels_of
from dingji.reports.view import OutcomeView
from dingji.scheme.model import Scheme

NAME: Final = "单位对比"
FAR: Final = 2
"""So many standard deviations a unit's share lies from the others' before it is pointed out."""
NOTE: Final = (
    "注：占比＝“{best}”的个数÷已定级的个数；“其他单位”是除本单位以外的全部单位合计。相差超过两个标准差"
    "（按个数多少计算，个数越少允许相差越大）的，提示“明显偏高”“明显偏低”：只供办公室复核宽严，不是定级的依据。"
)
SOLE: Final = "注：只有一个上级党组织有已定级的党组织，没有可比的。"
UNGRADED: Final = "注：标准没有等次，不作比较。"


@dataclass(frozen=True)
class Share:
    """How many of some branches have the best grade."""

    best: int
    graded: int

    @property
    def rate(self) -> Fraction:
        """Return the share; there is at least one branch."""
        return Fraction(self.best, self.graded)

    @property
    def words(self) -> str:
        """Tell numerator, denominator and share: `3÷8＝37.50%`."""
        return f"{self.best}÷{self.graded}＝{percent(self.rate)}"


@dataclass(frozen=True)
class UnitLine:
    """A unit's share of the best grade, and that of all other units together."""

    name: str
    own: Share
    others: Share

    @property
    def apart(self) -> Fraction:
        """Return by how much the unit's share is greater."""
        return self.own.rate - self.others.rate

    @property
    def advice(self) -> str:
        """Say whether the share is far from the others': beyond what so few branches would make by themselves.

        The difference of two shares has the variance p(1 − p)(1/n + 1/m), p of both together; squares are compared, so
        that no root is taken.
        """
        own, others = self.own, self.others
        whole = Fraction(own.best + others.best, own.graded + others.graded)
        variance = whole * (1 - whole) * (Fraction(1, own.graded) + Fraction(1, others.graded))
        if self.apart**2 <= FAR**2 * variance:
            return ""
        return "明显偏高" if self.apart > 0 else "明显偏低"


def columns(best: str) -> list[ReportColumn[UnitLine, Cell]]:
    """Return the columns; `best` is what the standard calls its best grade."""
    return [
        ReportColumn("单位", 26, "text", lambda line: line.name),
        ReportColumn("已定级", 10, "count", lambda line: line.own.graded),
        ReportColumn(best, 9, "count", lambda line: line.own.best),
        ReportColumn(f"{best}占比", 12, "share", lambda line: line.own.rate),
        ReportColumn("其他单位已定级", 14, "count", lambda line: line.others.graded),
        ReportColumn(f"其他单位{best}", 13, "count", lambda line: line.others.best),
        ReportColumn("其他单位占比", 14, "share", lambda line: line.others.rate),
        ReportColumn("相差（百分点）", 14, "score", lambda line: line.apart * 100),
        ReportColumn("提示", 16, "text", lambda line: line.advice),
    ]


def units_compared(view: OutcomeView) -> list[ReportTable]:
    """Return a table a standard that grades any branch: a row a parent unit."""
    used = dict.fromkeys(result["scheme"] for result in view.results.values())
    schemes = [scheme for id_, scheme in view.outcome.schemes.items() if id_ in used]
    several = len(schemes) > 1
    return [_table(view, scheme, several=several) for scheme in schemes or list(view.outcome.schemes.values())[:1]]


def _table(view: OutcomeView, scheme: Scheme, *, several: bool) -> ReportTable:
    title = titled(view.outcome, NAME) + (f"　{scheme.title}" if several else "")
    labels = labels_of(scheme)
    if not labels:
        return build(title, columns("最高等次"), [], [UNGRADED])
    lines = list(_lines(_shares(view, scheme, labels)))
    return build(title, columns(labels[0]), lines, [NOTE.format(best=labels[0]) if lines else SOLE])


def _shares(view: OutcomeView, scheme: Scheme, labels: Sequence[str]) -> dict[str, Share]:
    """Return each parent unit's share, in the order in which the roster first names them."""
    grades: dict[str, list[str]] = {}
    for branch in view.branches:
        result = view.results.get(branch["unit"])
        if result and result["scheme"] == scheme.id and grade_of(result) in labels:
            grades.setdefault(branch["parent"] or UNNAMED, []).append(grade_of(result))
    return {name: Share(held.count(labels[0]), len(held)) for name, held in grades.items()}


def _lines(shares: Mapping[str, Share]) -> Iterator[UnitLine]:
    best, graded = sum(one.best for one in shares.values()), sum(one.graded for one in shares.values())
    for name, own in shares.items() if len(shares) > 1 else ():
        yield UnitLine(name, own, Share(best - own.best, graded - own.graded))
