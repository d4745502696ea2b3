"""内部/抽查名单.xlsx: what was drawn, a sheet a draw, with the seed, and room for what is found on the spot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dingji.forms.palette import new_book
from dingji.numbers import exact, plain
from dingji.outcome import Outcome
from dingji.problems import BETWEEN
from dingji.read.grid import text_of
from dingji.read.open import open_workbook
from dingji.reports.columns import Cell, ReportColumn, ReportTable, build
from dingji.reports.flat import flat_sheet
from dingji.reports.foot import titled
from dingji.reports.sheet import Layout, put_sheet
from dingji.reports.styles import Styles
from dingji.sample_settings import BRANCHES, MEMBERS, WHOLE
from dingji.sampling import Drawn, Lot

SAMPLES: Final = "内部/抽查名单.xlsx"
ROOM: Final = ("检查日期", "检查人", "检查情况")
"""Columns that are filled on the spot."""


@dataclass(frozen=True)
class Line:
    """A row of the list."""

    number: int
    stratum: str
    lot: Lot

    def branch(self, field: str) -> str:
        """Return what the roster says of the branch."""
        return str(self.lot.branch[field])

    def record(self, field: str) -> str:
        """Return what a record says, its figures as typed."""
        told = self.lot.record or {}
        value = told.get(field, "")
        if field in ("value", "amount"):
            return "" if value is pd.NA or value == "" else plain(exact(int(value)))
        return str(value)

    @property
    def place(self) -> str:
        """Return where a record stands."""
        return BETWEEN.join((self.record("file"), self.record("sheet"), self.record("cell").split(" ")[0]))


NUMBER: Final = "序号"
KNOWN_BY: Final = ("党组织编码", "党组织名称", "党员名册第几名", "日期", "规则", "选项", "数量", "事由")
"""Headings by which a lot is told to be the same in two lists."""
Column = ReportColumn[Line, Cell]
LEAD: Final = (
    Column("党组织编码", 14, "text", lambda line: line.branch("unit")),
    Column("党组织名称", 26, "text", lambda line: line.branch("name")),
    Column("上级党组织", 20, "text", lambda line: line.branch("parent")),
)
OF_BRANCH: Final = (
    Column("书记", 10, "text", lambda line: line.branch("secretary")),
    Column("联系电话", 16, "text", lambda line: line.branch("phone")),
)
OF_MEMBER: Final = (Column("党员名册第几名", 12, "number", lambda line: line.lot.member),)
OF_RECORD: Final = (
    Column("日期", 12, "text", lambda line: line.record("date")),
    Column("规则", 24, "text", lambda line: line.record("rule")),
    Column("选项", 10, "text", lambda line: line.record("option")),
    Column("数量", 8, "text", lambda line: line.record("value")),
    Column("事由", 24, "text", lambda line: line.record("reason")),
    Column("依据", 20, "text", lambda line: line.record("evidence")),
    Column("出处", 30, "text", lambda line: line.place),
)


def write_samples(outcome: Outcome, drawn: Sequence[Drawn]) -> bytes:
    """Return the workbook, sealed; a sheet a draw, in the order of the settings."""
    workbook = new_book("抽查名单")
    styles = Styles(workbook)
    for number, draw in enumerate(drawn, start=1):
        put_sheet(flat_sheet(workbook, f"抽查{number}"), styles, [table_of(outcome, draw)], Layout(frozen=3))
    return workbook.sealed()


def table_of(outcome: Outcome, drawn: Drawn) -> ReportTable:
    """Return a draw as a table, how it was drawn told below it."""
    sample = drawn.sample
    own = OF_BRANCH if sample.of == BRANCHES else OF_MEMBER if sample.of == MEMBERS else OF_RECORD
    stratum = (Column(sample.within, 16, "text", lambda line: line.stratum),)
    shown = stratum if sample.within not in (WHOLE, "上级党组织", "党组织") else ()
    room = tuple(Column(heading, 14, "text", lambda _line: "") for heading in ROOM)
    lots = [(name, lot) for name, found in drawn.lots.items() for lot in found]
    lines = [Line(number, name, lot) for number, (name, lot) in enumerate(lots, start=1)]
    columns = (Column(NUMBER, 6, "count", lambda line: line.number), *LEAD, *shown, *own, *room)
    return build(titled(outcome, f"抽查名单（{sample.name}）"), columns, lines, list(told(drawn)))


def moved(before: bytes, after: bytes) -> Iterator[str]:
    """Yield a line for each draw of a list not filled in yet that a list written anew draws otherwise."""
    was = _listed(before)
    for title, lots in _listed(after).items():
        gone = [lot for lot in was.get(title, lots) if lot not in lots]
        new = [lot for lot in lots if lot not in was.get(title, lots)]
        parts = (("不再抽到", gone), ("新抽到", new))
        if what := "，".join(f"{words} {len(some)} 个（{'、'.join(some)}）" for words, some in parts if some):
            yield f"{title}与上次写的不同：{what}。名册、平时记录或设置改过；已经照上次的名单去查的，请说明。"


def _listed(raw: bytes) -> dict[str, list[str]]:
    """Return what a list of ours has drawn, in words, by the title of the draw."""
    found: dict[str, list[str]] = {}
    for grid in open_workbook(raw)[0]:
        top = next((row for row, line in enumerate(grid.rows) if line[:1] == [NUMBER]), len(grid.rows))
        told = [at for at, heading in enumerate(grid.rows[top] if top < len(grid.rows) else ()) if heading in KNOWN_BY]
        rows = (line for line in grid.rows[top + 1 :] if isinstance(line[0], int | float))
        lots = [" ".join(text for at in told if (text := text_of(line[at]))) for line in rows]
        found[text_of(grid.value(0, 0))] = lots
    return found


def told(drawn: Drawn) -> Iterator[str]:
    """Yield how a draw was made, and what could not be drawn as asked."""
    sample = drawn.sample
    each = f"每个{sample.within}抽" if sample.within != WHOLE else "抽"
    measure = sample.count.written if sample.count.share else f"{sample.count.written}个"
    of = f"总体{drawn.of_all}个，抽到{drawn.drawn}个"
    yield f"{sample.name}：抽{sample.of}，种子 {sample.seed}，{each}{measure}，{of}。"
    if sample.without:
        yield f"“{'”“'.join(sample.without)}”抽到过的{drawn.left_out}个不再抽。"
    if drawn.short:
        where = "、".join(name for name in drawn.short if name)
        yield f"不够抽的，全部抽到{f'：{where}' if where else ''}。"
    if drawn.unknown:
        yield f"名册没有填党员人数，没有抽：{'、'.join(drawn.unknown)}。"
