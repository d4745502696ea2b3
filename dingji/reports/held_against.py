"""核对: the formulas' figures beside the program's, branch by branch, and whether they agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from dingji.reports.columns import NOTHING, Cell, Cells, Live, LiveCells, ReportColumn, ReportTable
from dingji.reports.foot import titled
from dingji.reports.overview import source_columns, source_headings
from dingji.reports.reckoned import LEADING, LEADING_COLUMNS, Place, Reckoned
from dingji.reports.sheet import HEAD_ROWS
from dingji.reports.view import OutcomeView
from dingji.scheme.model import Source
from dingji.scoring.worked import Stated

NAME: Final = "核对"
AGREES, DIFFERS, UNCHECKED = "一致", "不一致", "不核对"
TOLERANCE: Final = Stated("核对时容许的误差", Fraction(1, 1_000_000))
NOTES: Final = (
    "注：“公式”是用本表的公式从“得分明细”的打分算出来的，“程序”是程序用精确分数算出来的；两个数应当一致。",
    "注：公式一栏为“—”的，没有得数，或者要看别的党组织（名额、名次）、看规则和申报，改表后需重新运行。",
)
COMPOSITE, GRADE = "综合得分", "测算等次"


@dataclass(frozen=True)
class Pair:
    """A figure as a formula and as the program have it."""

    formula: Live
    program: Live

    @property
    def checked(self) -> bool:
        """Say whether there is a formula to be held against the program's figure."""
        return bool(self.formula.formula) and self.program.value != NOTHING

    @property
    def agrees(self) -> bool:
        """Say whether the two are the same."""
        one, other = self.formula.value, self.program.value
        if isinstance(one, str) or isinstance(other, str):
            return one == other
        return abs(one - other) <= float(TOLERANCE.value)


def held_against(view: OutcomeView, reckoned: Reckoned) -> ReportTable:
    """Return 核对 of the branches that were graded, in roster order."""
    headings = [column.heading for column in source_columns(view.outcome)]
    sources = {id_: source_headings(view.outcome, scheme) for id_, scheme in view.outcome.schemes.items()}
    units = [branch["unit"] for branch in view.branches if branch["unit"] in view.results]
    names = [*headings, COMPOSITE, GRADE]
    pairs = [_pairs(view.results[unit], reckoned, sources, headings) for unit in units]
    tolerance = reckoned.stated.common(TOLERANCE)
    columns = [cell for place in range(len(names)) for cell in _both(pairs, place)]
    verdicts = [_verdict(own, HEAD_ROWS + row, tolerance) for row, own in enumerate(pairs, start=1)]
    kinds = ["exact"] * 2 * (len(names) - 1) + ["grade"] * 2
    told = [f"{name}{way}" for name in names for way in ("（公式）", "（程序）")]
    return ReportTable(
        titled(view.outcome, NAME),
        (
            *LEADING_COLUMNS,
            *(ReportColumn(heading, 10, kind, _nothing) for heading, kind in zip(told, kinds, strict=True)),  # type: ignore[arg-type]
            ReportColumn("结论", 10, "grade", _nothing),
        ),
        (units, view.named(units), *columns, verdicts),
        NOTES,
    )


def _nothing(_: Any) -> Cell:  # noqa: ANN401 - the columns are made at once
    return None


def _both(pairs: list[list[Pair]], place: int) -> tuple[Cells, Cells]:
    both = ([getattr(own[place], side) for own in pairs] for side in ("formula", "program"))
    one, other = (LiveCells([cell.formula for cell in each], [cell.value for cell in each]) for each in both)
    return one, other


def _pairs(
    result: Mapping[str, Any], reckoned: Reckoned, sources: Mapping[str, Mapping[str, Source]], headings: list[str]
) -> list[Pair]:
    unit, found = result["unit"], []
    for heading in headings:
        source = sources[result["scheme"]].get(heading)
        place = reckoned.source(unit, source.name) if source else None
        found.append(Pair(_formula(place), _figure(result["scores"].get(source.name) if source else None)))
    composite = reckoned.composite(unit)
    rounded_ = f"ROUND({composite.cell},{reckoned.rounding(unit)})" if composite else ""
    figure = _figure(result["composite"])
    found.append(Pair(Live(rounded_, figure.value) if composite and composite.live else NO_FIGURE, figure))
    found.append(Pair(_formula(reckoned.grade(unit)), Live("", result["computed"] or NOTHING)))
    return found


NO_FIGURE: Final = Live("", NOTHING)


def _formula(place: Place | None) -> Live:
    return Live(place.cell, place.value) if place and place.live else NO_FIGURE


def _figure(figure: Fraction | None) -> Live:
    return NO_FIGURE if figure is None else Live("", float(figure))


def _verdict(pairs: list[Pair], row: int, tolerance: str) -> Live:
    """Return whether all pairs agree, by a formula over those of which both are there."""
    tests = []
    for place, pair in enumerate(pairs):
        one, other = (f"{xl_col_to_name(LEADING + 2 * place + side)}{row}" for side in (0, 1))
        if pair.checked:
            words = isinstance(pair.program.value, str)
            tests.append(f"{one}={other}" if words else f"ABS({one}-{other})<={tolerance}")
    if not tests:
        return Live("", UNCHECKED)
    agrees = all(pair.agrees for pair in pairs if pair.checked)
    return Live(f'IF(AND({",".join(tests)}),"{AGREES}","{DIFFERS}")', AGREES if agrees else DIFFERS)
