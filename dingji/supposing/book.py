"""预演表: assumptions in a workbook, blank with the weights as they are, and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from dingji.comparing import normal
from dingji.forms.palette import TEXT_FORMAT, Palette, new_book, set_up_print
from dingji.numbers import decimal_of, plain
from dingji.read.grid import CellValue, Grid, address, text_of
from dingji.scheme.model import Scheme
from dingji.supposing.assumed import Assumed

TITLE: Final = "预演"
KIND, SOURCE, WHOSE, OPTION, NOW, NUMBER = "假设", "来源", "党组织或评委", "选项", "现在", "改为或增加"
HEADINGS: Final = (KIND, SOURCE, WHOSE, OPTION, NOW, NUMBER)
WIDTHS: Final = (12, 18, 24, 14, 10, 14)
WEIGHT, WITHOUT, VOTES = "占比", "不计评委", "增加选票"
NOTE: Final = (
    "占比：在“改为或增加”一栏写这一方改占百分之几，各方合计不变。不计评委：在“党组织或评委”一栏写评委编号。"
    "增加选票：写来源、党组织的编码或名称、选项、几张。用不着的行空着。"
    "存盘后运行 python process.py run --what-if 这个文件。"
)
TOP: Final = 2
FREE: Final = 8
"""Rows of each kind left free."""

Find = Callable[[str], str]
"""Returns a branch's code by what is written; "" where nobody is meant."""


def write_blank(schemes: Sequence[Scheme], round_name: str) -> bytes:
    """Return a blank 预演表: a row a weight, then free rows."""
    book = new_book(TITLE)
    sheet, palette = book.add_worksheet(TITLE), Palette(book)
    set_up_print(sheet, landscape=True)
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    for row, (text, look) in enumerate(((TITLE, "title"), (NOTE, "note"))):
        sheet.merge_range(row, 0, row, len(HEADINGS) - 1, "", palette.look(look))
        sheet.write_string(row, 0, text, palette.look(look))
        sheet.set_row(row, 48)
    for index, heading in enumerate(HEADINGS):
        sheet.write_string(TOP, index, heading, palette.look("heading"))
    open_ = palette.look("text", fillable=True, number_format=TEXT_FORMAT)
    for row, line in enumerate(_rows(schemes, round_name), start=TOP + 1):
        for index, text in enumerate(line):
            sheet.write_string(row, index, text, palette.look("text") if text else open_)
    sheet.freeze_panes(TOP + 1, 0)
    return book.sealed()


def _rows(schemes: Sequence[Scheme], round_name: str) -> Iterator[tuple[str, ...]]:
    told: dict[str, str] = {}
    for source in (source for scheme in schemes for source in scheme.sources_in(round_name)):
        weight = source.weight_in(round_name)
        if weight is not None and not source.by_class:
            told.setdefault(source.name, plain(weight))
    yield from ((WEIGHT, name, "", "", weight, "") for name, weight in told.items())
    yield from ((kind, "", "", "", "", "") for kind in (WITHOUT, VOTES) for _ in range(FREE))


@dataclass
class Filled:
    """What a 预演表 supposes, in words too, and what in it cannot be understood, with its cell."""

    assumed: Assumed
    words: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_filled(grids: Sequence[Grid], schemes: Sequence[Scheme], find: Find) -> Filled:
    """Read a 预演表; rows in which nothing was filled in say nothing."""
    weights: dict[str, Decimal] = {}
    raters: list[str] = []
    votes: list[tuple[str, str, str, int]] = []
    found = Filled(Assumed(weights, raters, votes))
    place = next(((grid, row) for grid in grids for row, line in enumerate(grid.rows) if _heads(line)), None)
    if place is None:
        found.faults.append(f"没有找到预演表：要有“{KIND}”“{NUMBER}”等栏")
        return found
    grid, heads = place
    columns = {normal(text_of(value)): index for index, value in enumerate(grid.rows[heads])}
    for row in range(heads + 1, len(grid.rows)):
        cells = {name: text_of(grid.value(row, columns[name])) if name in columns else "" for name in HEADINGS}
        _read_row(cells, Line(grid, row, columns, schemes, find), found, (weights, raters, votes))
    if not found.words and not found.faults:
        found.faults.append("预演表里没有写任何假设")
    return found


def _heads(line: Sequence[CellValue]) -> bool:
    return {KIND, NUMBER} <= {text_of(value) for value in line}


@dataclass(frozen=True)
class Line:
    """Where a row stands, and what names in it may mean."""

    grid: Grid
    row: int
    columns: Mapping[str, int]
    schemes: Sequence[Scheme]
    find: Find

    def fault(self, column: str, words: str) -> str:
        """Return a line that names the cell."""
        return f"{self.grid.name} {address(self.row, self.columns.get(column, 0))}：{words}"


Lists = tuple[dict[str, Decimal], list[str], list[tuple[str, str, str, int]]]


def _read_row(cells: Mapping[str, str], line: Line, found: Filled, lists: Lists) -> None:
    if not any(cells[name] for name in (WHOSE, OPTION, NUMBER)):
        return
    if cells[KIND] not in (WEIGHT, WITHOUT, VOTES):
        found.faults.append(line.fault(KIND, f"“{KIND}”要写“{WEIGHT}”“{WITHOUT}”或“{VOTES}”"))
    elif cells[KIND] == WITHOUT:
        lists[1].append(cells[WHOSE])
        found.words.append(f"不计评委{cells[WHOSE]}")
    elif cells[SOURCE] not in {source.name for scheme in line.schemes for source in scheme.sources}:
        found.faults.append(line.fault(SOURCE, f"没有来源“{cells[SOURCE]}”"))
    elif cells[KIND] == WEIGHT:
        _read_weight(cells, line, found, lists[0])
    else:
        _read_votes(cells, line, found, lists[2])


def _read_weight(cells: Mapping[str, str], line: Line, found: Filled, weights: dict[str, Decimal]) -> None:
    number = decimal_of(cells[NUMBER].removesuffix("%"))
    if number is None or not 0 <= number <= 100:  # noqa: PLR2004 - per cent
        found.faults.append(line.fault(NUMBER, "占比要写 0 至 100 的数"))
    elif any(source.by_class for scheme in line.schemes for source in scheme.sources if source.name == cells[SOURCE]):
        found.faults.append(line.fault(SOURCE, f"“{cells[SOURCE]}”的占比按类别不同，不能在这里改"))
    else:
        weights[cells[SOURCE]] = number
        found.words.append(f"{cells[SOURCE]}占{cells[NUMBER].removesuffix('%')}%")


def _read_votes(cells: Mapping[str, str], line: Line, found: Filled, votes: list[tuple[str, str, str, int]]) -> None:
    unit, number = line.find(cells[WHOSE]), decimal_of(cells[NUMBER])
    sources = [source for scheme in line.schemes for source in scheme.sources if source.name == cells[SOURCE]]
    if not unit:
        found.faults.append(line.fault(WHOSE, f"名册上没有“{cells[WHOSE]}”"))
    elif any(source.groups for source in sources):
        found.faults.append(line.fault(SOURCE, f"“{cells[SOURCE]}”分身份计票，不能在这里增加"))
    elif not any(cells[OPTION] in source.options and source.questions for source in sources):
        found.faults.append(line.fault(OPTION, f"“{cells[SOURCE]}”没有选项“{cells[OPTION]}”"))
    elif number is None or number != int(number) or number <= 0:
        found.faults.append(line.fault(NUMBER, "选票要写整数张"))
    else:
        votes.append((unit, cells[SOURCE], cells[OPTION], int(number)))
        found.words.append(f"{cells[WHOSE]}的{cells[SOURCE]}增加{int(number)}张“{cells[OPTION]}”票")
