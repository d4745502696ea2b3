"""The filled rows of a book's sheets: headings found by their text, each cell with its place and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from dingji.book.declare import CHECK, MEANING, BookColumn
from dingji.book.notation import UNREAD, content_of
from dingji.comparing import normal, suggestion
from dingji.problems import BETWEEN, shown
from dingji.read.grid import Grid, Position, address, text_of
from dingji.scheme.finding import Path

HEAD_ROWS: Final = 20
"""Headings are looked for in so many rows from the top."""


@dataclass(frozen=True)
class Spot:
    """A cell: where it is, what was found there, and the column it stands in."""

    sheet: str
    cell: str = ""
    found: str = ""
    column: BookColumn | None = None


@dataclass(frozen=True)
class CellFinding:
    """Something about a cell of a workbook: how grave, where, and the words."""

    severity: str
    spot: Spot
    words: str

    @property
    def text(self) -> str:
        """Return the line for a console: sheet ▸ cell, what was found, how to mend it."""
        place = BETWEEN.join(
            part for part in (f"表“{self.spot.sheet}”" if self.spot.sheet else "", self.spot.cell) if part
        )
        found = f" ＝ {shown(self.spot.found)}" if self.spot.found else ""
        head = "错误" if self.severity == "error" else "提醒"
        return f"{head} {place}{found}：{self.words}" if place else f"{head}：{self.words}"


@dataclass
class BookReading:
    """What a workbook gave."""

    data: dict[str, Any] = field(default_factory=dict)
    spots: dict[Path, Spot] = field(default_factory=dict)
    findings: list[CellFinding] = field(default_factory=list)

    def tell(self, spot: Spot, words: str, severity: str = "error") -> None:
        """Note what is wrong with a cell."""
        self.findings.append(CellFinding(severity, spot, words))


@dataclass(frozen=True)
class FilledRow:
    """A filled row: by heading, what its cells hold and where they are."""

    contents: Mapping[str, object]
    spots: Mapping[str, Spot]

    @property
    def place(self) -> Spot:
        """Return the row's first cell that is filled, else its first."""
        return next((spot for spot in self.spots.values() if spot.found), next(iter(self.spots.values())))


def rows_of(
    grid: Grid, columns: Mapping[str, BookColumn | None], reading: BookReading, others: Sequence[str] = (MEANING,)
) -> Iterator[FilledRow]:
    """Yield the filled rows below a sheet's headings, which stand in any order; `others` are not read."""
    top, places = _headings(grid, columns)
    if not places:
        words = f"找不到表头；应有“{'”“'.join(list(columns)[:3])}”等栏"
        reading.tell(Spot(grid.name), words)
        return
    _tell_unknown(grid, top, (*columns, *others), reading)
    for number in range(top + 1, len(grid.rows)):
        positions = {heading: (number, place) for heading, place in places.items()}
        faulty = {heading: words for heading, place in positions.items() if (words := _wrong(grid, place))}
        contents = {heading: _content(grid, place) for heading, place in positions.items()} | dict.fromkeys(faulty, "")
        if not faulty and all(content == "" for content in contents.values()):
            continue
        spots = {heading: _spot(grid, place, columns.get(heading)) for heading, place in positions.items()}
        for heading, words in faulty.items():
            reading.tell(spots[heading], words)
        yield FilledRow(contents, spots)


def _headings(grid: Grid, columns: Mapping[str, BookColumn | None]) -> tuple[int, dict[str, int]]:
    """Return the row of the headings and where each stands; the row with most of them."""
    names = {normal(name): name for name in columns}
    best: tuple[int, dict[str, int]] = (0, {})
    for number, line in enumerate(grid.rows[:HEAD_ROWS]):
        found: dict[str, int] = {}
        for index, value in enumerate(line):
            name = names.get(normal(text_of(value)))
            if name is not None and name not in found:
                found[name] = index
        if len(found) > len(best[1]) and (len(found) > 1 or len(columns) == 1):
            best = number, found
    return best


def _tell_unknown(grid: Grid, top: int, columns: Sequence[str], reading: BookReading) -> None:
    known = {normal(name) for name in (*columns, CHECK)}
    seen: set[str] = set()
    for index, value in enumerate(grid.rows[top]):
        name = text_of(value)
        spot = Spot(grid.name, address(top, index), name)
        if normal(name) in seen:
            reading.tell(spot, "这一栏有两个；请只留一个")
        elif name and normal(name) not in known:
            reading.tell(spot, f"没有这一栏，没有读{suggestion(name, columns)}", "warning")
        seen |= {normal(name)} & known


def _wrong(grid: Grid, place: Position) -> str:
    """Say why what a cell holds cannot be relied on; "" where it can."""
    cell = grid.cell(*place)
    if cell.fault is not None:
        return "公式出错，或者没有算出结果；请改成要填的内容"
    if cell.value == "":
        return ""
    if cell.covered:
        return "被合并的单元格盖住，里面还留着看不见的内容；请取消合并，核对后重新填写"
    return "加了删除线，不知道算不算；请改成要填的内容" if cell.struck else ""


def _content(grid: Grid, place: Position) -> object:
    value = grid.value(*place)
    return content_of(grid.spans.get(place, value) if value == "" else value, percent=place in grid.percent)


def _spot(grid: Grid, place: Position, column: BookColumn | None) -> Spot:
    value = _content(grid, place)
    return Spot(grid.name, address(*place), value.isoformat() if isinstance(value, date) else str(value), column)


def value_in(row: FilledRow, column: BookColumn, heading: str, reading: BookReading) -> object:
    """Return the value of a column in a row: None where blank, UNREAD (and told) where it is of another kind."""
    content, spot = row.contents.get(heading, ""), row.spots.get(heading)
    if content == "" or spot is None:
        return None
    value = column.notation.read(content)
    if value is UNREAD:
        dated = "；Excel 把它当成了日期，请先把格式改为“文本”再填" if isinstance(content, date) else ""
        reading.tell(spot, f"应是{column.notation.words}{dated}")
    return value
