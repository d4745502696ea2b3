"""指标得分: the share of each indicator's full mark that branches came to, the weakest named on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from dingji.numbers import mean, percent
from dingji.reports.chart_looks import GAP_ROWS, LABELS, PLAIN, dressed, insert_charts
from dingji.reports.columns import Cell, ReportColumn, ReportTable, build
from dingji.reports.flat import FlatSheet
from dingji.reports.foot import titled
from dingji.reports.sheet import Placed
from dingji.reports.view import OutcomeView
from dingji.scheme.indicators import Indicator
from dingji.scheme.model import Scheme

NAME: Final = "指标得分"
OF_ALL: Final = "平均"
OF_STANDARD: Final = "　"
"""Before the standard of a table, where there are several."""
STEP: Final = "indicator"
LEADING: Final = 3
LOW, HIGH = "#A6A6A6", "#FFFFFF"
"""The shades of the lowest and the highest rate: black figures are read on both, in black and white too."""
NONE: Final = "没有可列的：各方都不分指标打分，或者还没有测算出来。"
NOTE: Final = "注：得分率＝各方合成的指标得分÷满分；颜色越深，得分率越低。对该党组织不适用的指标为“—”，不进平均。"


@dataclass(frozen=True)
class RateLine:
    """What the columns read: a branch, or the mean of all, and its rates by indicator."""

    unit: str
    name: str
    parent: str
    rates: Mapping[str, Fraction | None]


Column = ReportColumn[RateLine, Cell]
COLUMNS: tuple[Column, ...] = (
    Column("党组织编码", 14, "text", lambda line: line.unit),
    Column("党组织名称", 26, "text", lambda line: line.name),
    Column("上级党组织", 20, "text", lambda line: line.parent),
)


def rates(view: OutcomeView) -> list[ReportTable]:
    """Return a table a standard by whose indicators any branch was marked; one without indicators where none was."""
    found = _rates(view)
    schemes = view.outcome.schemes.values()
    tables = [_table(view, scheme, found) for scheme in schemes if _indicators(scheme)]
    made = [table for table in tables if len(table)]
    return made or [build(titled(view.outcome, NAME), COLUMNS, [], [NONE])]


def mean_rates(view: OutcomeView) -> list[tuple[Scheme, Mapping[str, Fraction | None]]]:
    """Return each standard by whose indicators any branch was marked, with the mean rate of each indicator."""
    found = _rates(view)
    lines = [(scheme, _lines(view, scheme, found)) for scheme in view.outcome.schemes.values()]
    return [(scheme, _means(scheme, own)) for scheme, own in lines if own]


def _indicators(scheme: Scheme) -> list[Indicator]:
    return [indicator for indicator in scheme.scored if indicator.full]


def _rates(view: OutcomeView) -> dict[tuple[str, str], Fraction | None]:
    """Return the composite marks of indicators by branch and indicator; of several rounds the last one's."""
    steps = view.listed({STEP}, quiet={STEP})
    return {(unit, item): figure for unit, item, figure in zip(steps.unit, steps.item, steps.figure, strict=True)}


def _lines(view: OutcomeView, scheme: Scheme, found: Mapping[tuple[str, str], Fraction | None]) -> list[RateLine]:
    fulls = {indicator.name: Fraction(indicator.full or 0) for indicator in _indicators(scheme)}
    lines = []
    for branch in view.branches:
        unit = branch["unit"]
        own = {name: figure / fulls[name] for name in fulls if (figure := found.get((unit, name))) is not None}
        if own and view.results.get(unit, {}).get("scheme") == scheme.id:
            lines.append(RateLine(unit, branch["name"], branch["parent"], own))
    return lines


def _means(scheme: Scheme, lines: Sequence[RateLine]) -> dict[str, Fraction | None]:
    names = [indicator.name for indicator in _indicators(scheme)]
    return {name: _mean(line.rates.get(name) for line in lines) for name in names}


def _table(view: OutcomeView, scheme: Scheme, found: Mapping[tuple[str, str], Fraction | None]) -> ReportTable:
    lines = _lines(view, scheme, found)
    means = _means(scheme, lines)
    columns = [*COLUMNS, *(Column(name, 12, "share", partial(_rate, name)) for name in means)]
    several = len(view.outcome.schemes) > 1
    title = titled(view.outcome, NAME) + (f"{OF_STANDARD}{scheme.title}" if several else "")
    told = weakest(means, scheme, several=several)
    whole = [*lines, RateLine(OF_ALL, "", "", means)] if lines else []
    table = build("\n".join(filter(None, (title, told))), columns, whole, [NOTE])
    return replace(table, totals=1 if lines else 0)


def _rate(name: str, line: RateLine) -> Cell:
    return line.rates.get(name)


def _mean(figures: Any) -> Fraction | None:  # noqa: ANN401 - any iterable of figures
    known = [figure for figure in figures if figure is not None]
    return mean(known) if known else None


def weakest(means: Mapping[str, Fraction | None], scheme: Scheme, *, several: bool) -> str:
    """Return which indicator has the lowest mean rate; all that share it are named, and of several standards this one.

    "" where there is no rate.
    """
    known = {name: rate for name, rate in means.items() if rate is not None}
    if not known:
        return ""
    lowest = min(known.values())
    names = "、".join(name for name, rate in known.items() if rate == lowest)
    whose = f"适用《{scheme.title}》的" if several else "全部"
    return f"{whose}党组织得分率最低的指标：{names}（平均 {percent(lowest)}）"


def shade(sheet: FlatSheet, placed: Sequence[Placed]) -> None:
    """Shade the rates of every table, light where they are high, dark where they are low."""
    scale = {"type": "2_color_scale", "min_color": LOW, "max_color": HIGH}
    for block in placed:
        last = block.last - block.table.totals
        if last >= block.first:
            sheet.conditional_format(block.first, LEADING, last, len(block.table.columns) - 1, scale)


def insert_rate_charts(workbook: Workbook, sheet: FlatSheet, placed: Sequence[Placed]) -> None:
    """Put a chart of the mean rates below the tables for each of them."""
    made = [_chart(workbook, block) for block in placed if block.table.totals]
    insert_charts(sheet, placed[-1].end + GAP_ROWS, made)


def _chart(workbook: Workbook, block: Placed) -> Chart:
    chart: Any = workbook.add_chart({"type": "column"})
    last = len(block.table.columns) - 1
    chart.add_series(
        {
            "name": "平均得分率",
            "categories": [NAME, block.heading, LEADING, block.heading, last],
            "values": [NAME, block.last, LEADING, block.last, last],
            **PLAIN,
            "gap": 80,
            "data_labels": LABELS,
        }
    )
    chart.set_legend({"none": True})
    _, parted, standard = block.table.title.partition("\n")[0].partition(OF_STANDARD)
    made: Chart = dressed(chart, f"各指标平均得分率{parted}{standard}", "得分率", "0%")
    return made
