"""What may be filled into the superior's form: 一览表 and 汇总表 as 上报.xlsx shows them, by name of the column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from dingji.comparing import normal
from dingji.outcome import Outcome
from dingji.reports.columns import Cell, ReportColumn, ReportTable, Shown
from dingji.reports.overview import columns, upward_heading
from dingji.reports.withholding import Given
from dingji.roster import Directory

GRADE: Final = "等次"
"""What 拟定等次 is called here, which is 审定等次 after 定稿: what was confirmed before holds after."""
NUMBER, CODE, NAME = "序号", "党组织编码", "党组织名称"
OF_SUMMARY: Final = "汇总表："
REMARKS: Final = ("直接定级或限档情形", "主要问题", "备注")
"""Columns in which nothing stands where there is nothing to remark."""


@dataclass(frozen=True)
class Stock:
    """One of the two tables. `names`: the column of each target; `keys`: the targets by which a row is told.

    `sums`: how many rows at the end are sums.
    """

    table: ReportTable
    names: Mapping[str, ReportColumn[Any, Any]]
    keys: tuple[str, ...]
    sums: int

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Return where each target's column stands in the table; one that it leaves out has nothing in it."""
        headings = list(self.table.headings)
        return {target: headings.index(each.heading) for target, each in self.names.items() if each.heading in headings}

    def cell(self, line: int, target: str) -> Cell:
        """Return a cell; None where the table has no such column."""
        place = self.places.get(target)
        return None if place is None else self.table.values[place][line]

    def kind(self, line: int, target: str) -> str:
        """Return what kind of value a cell is."""
        cell = self.cell(line, target)
        return cell.kind if isinstance(cell, Shown) else self.names[target].kind

    @property
    def lines(self) -> range:
        """Return the lines that are no sums."""
        return range(len(self.table) - self.sums)

    def told(self, line: int) -> str:
        """Return whose line it is, for people."""
        return str(self.cell(line, self.keys[-1]))


def stocks_of(outcome: Outcome, given: Given) -> list[Stock]:
    """Return what may be given; 汇总表 only where it is one table, under one standard."""
    listed = {GRADE if each.heading == upward_heading(outcome) else each.heading: each for each in _columns(outcome)}
    found = [Stock(given.overview, listed, (CODE, NAME), 0)]
    if len(given.summary) == 1:
        table = given.summary[0]
        names = {f"{OF_SUMMARY}{each.heading}": each for each in table.columns}
        found.append(Stock(table, names, (next(iter(names)),), table.totals))
    return found


def _columns(outcome: Outcome) -> list[ReportColumn[Any, Any]]:
    return list(columns(outcome, "upward"))


class Finder:
    """Finds the line of a stock that a row of the superior's form is about."""

    def __init__(self, stock: Stock, directory: Directory) -> None:
        self.stock, self.directory = stock, directory
        self._lines = {normal(str(stock.cell(line, stock.keys[0]))): line for line in range(len(stock.table))}

    def find(self, said: Mapping[str, str]) -> tuple[int | None, str]:
        """Return the line that a row's keys name, or None and a hint; code and name must agree."""
        if self.stock.keys == (CODE, NAME):
            unit, problem = self.directory.find(said.get(CODE, ""), said.get(NAME, ""))
            hint = problem.values.get("suggestion", "") if problem else ""
            return self._lines.get(normal(unit)) if unit else None, hint
        return self._lines.get(normal(said.get(self.stock.keys[0], ""))), ""
