"""What makes a row a ballot, a branch's or a record: said by its form, never by a list of labels.

A figure stands where a figure belongs, typed and not computed; whoever it is about is named as the others are. What
sums up the rows above it is known by its figures, and what was struck out by the strike or by the words beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from statistics import median

from dingji.comparing import normal
from dingji.forms.declare import ABSTAIN, EXCUSED
from dingji.read.cells import FIGURES, read_date, read_number, stored
from dingji.read.grid import CellValue, text_of
from dingji.read.lines import Cell, says
from dingji.read.locate import UNTYPED, Located

Line = Mapping[str, Cell]

# --- whose row it is --------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 12)
def is_remark(text: str) -> bool:
    """Say whether what stands in the place of a branch, rater or number is a remark: it has a colon."""
    return ":" in normal(text)


@lru_cache(maxsize=1 << 12)
def is_coded(text: str) -> bool:
    """Say whether a text looks like a code: figures or Latin letters are in it."""
    return any(sign.isascii() and sign.isalnum() for sign in normal(text)) and not is_remark(text)


def is_plainly_named(code: str, name: str) -> bool:
    """Say whether a row is some branch's beyond any doubt that its form could raise."""
    return is_coded(code) and not is_remark(name)


def are_codes(located: Located, field: str) -> bool:
    """Say whether most of what stands under a code's heading looks like one."""
    place = next((place for column, place in located.places if column.field == field), None)
    if place is None:
        return False
    below = (text_of(line[place]) for line in located.grid.rows[located.header + 1 :] if place < len(line))
    told = [is_coded(text) for text in below if text]
    return sum(told) * 2 > len(told)


def is_named(line: Line, field: str = "code", *, coded: bool) -> bool:
    """Say whether a row names somebody as the others do: by a code where those have one, else by any name.

    Beside a code a name may have a colon: only without one it is a remark.
    """
    code, name = says(line, field), says(line, "name")
    if is_remark(code) or (is_remark(name) and not is_coded(code)):
        return False
    return is_coded(code) if code and coded else bool(code) or any(map(str.isalpha, name))


_CHINESE = "零〇一二三四五六七八九十百"
_NUMBER = re.compile(
    rf"(?:no\.?|编号|票号|票|第)?(?:[a-z]{{0,4}}[-_/.]?)*(?:\d+(?:[-_/.][a-z]?\d+)*|[{_CHINESE}]+)[a-z]?(?:号|张|票|份)?"
)


@lru_cache(maxsize=1 << 12)
def is_ballot_number(text: str) -> bool:
    """Say whether a text is a ballot's number, with letters or counting words about it; no words of any other kind.

    Ballots are counted from one: nought, and blanks of it, number none.
    """
    return (
        len(text) <= LONGEST_NUMBER
        and _NUMBER.fullmatch(normal(text)) is not None
        and bool(_COUNTED.search(normal(text)))
    )


@lru_cache(maxsize=1 << 12)
def may_count(text: str) -> bool:
    """Say whether a ballot's number may as well say how many ballots there are, as `10张` and `1-10` do."""
    return not normal(text).isdigit()


_COUNTED = re.compile(rf"[1-9{_CHINESE[2:]}]")
LONGEST_NUMBER = 24

# --- what counts in it ------------------------------------------------------------------------------------


def is_entry(cell: Cell) -> bool:
    """Say whether a cell holds what would count: words or a date among figures are a signature or an opinion."""
    if cell.blank or cell.column.reads == "text":
        return False
    if cell.fault is not None:
        return True
    if cell.column.reads == "choice":
        return not cell.column.choices or is_among(cell.text, cell.column.choices)
    return any(map(str.isdigit, cell.text)) and (cell.column.reads == "date" or bool(read_date(cell.value).problem))


def has_words_alone(located: Located) -> bool:
    """Say whether a row of a sheet may be in order with nothing in it but words: no column that it needs asks more."""
    return all(column.reads == "text" for column, _ in located.places if not column.may_lack)


def is_told(line: Line) -> bool:
    """Say whether words under several headings tell something, though not of whom; beside a label they are signed."""
    own = [cell for cell in line.values() if not (cell.blank or cell.spanned)]
    return len(own) > 1 and not any(is_remark(cell.text) for cell in own)


def is_among(text: str, choices: Sequence[str]) -> bool:
    """Say whether a text is one of the choices, or 弃权."""
    return normal(text) in map(normal, (*choices, ABSTAIN))


def is_mark(cell: Cell) -> bool:
    """Say whether a cell of marks holds one, or a word that stands for one."""
    return is_entry(cell) or cell.text in (*EXCUSED, ABSTAIN)


def are_computed(cells: Iterable[Cell]) -> bool:
    """Say whether formulas give all the figures of a row, so that nobody typed them."""
    figures = [cell for cell in cells if not cell.blank]
    return bool(figures) and figures[0].located.grid.computed.any_at_all and all(cell.computed for cell in figures)


MILLION = 1_000_000
LOOKED_AT = 500
"""Rows above or below with which a figure is compared."""


def sums_up(cells: Iterable[Cell], aside: Collection[int] = (), least: int = 2) -> bool:
    """Say whether every figure of a row is what the figures above it come to, `least` of them or more.

    Rows `aside` are sums themselves and no part of another.
    """
    figures = [cell for cell in cells if not cell.blank and cell.column.reads in FIGURES]
    return bool(figures) and all(_is_sum(cell, aside, least) for cell in figures)


def _is_sum(cell: Cell, aside: Collection[int], least: int) -> bool:
    own, above = micro(cell.value), column_above(cell, aside)
    return own is not None and own in _sums(above, least)


def is_average(cells: Iterable[Cell], *, alone: bool) -> bool:
    """Say whether every figure of a row is the mean of those above, as far as its decimals go.

    A ballot may be just that. So its figures are finer than any above, or it is `alone` in having no number.
    """
    figures = [cell for cell in cells if not cell.blank and cell.column.reads in FIGURES]
    finer = alone
    for cell in figures:
        own, above = micro(cell.value), column_above(cell)
        if own is None or len(above) <= 1:
            return False
        step = _step(own)
        if abs(own * len(above) - sum(above)) * 2 > step * len(above):
            return False
        finer = finer or step < min(map(_step, above))
    return bool(figures) and finer


def is_bound(cells: Iterable[Cell]) -> bool:
    """Say whether every figure of a row is the greatest above it, or the least, the middle one or the full mark."""
    figures = [cell for cell in cells if not cell.blank and cell.column.reads in FIGURES]
    told = [(micro(cell.value), column_above(cell), cell.column.full) for cell in figures]
    if not figures or any(own is None or len(above) <= 1 for own, above, _ in told):
        return False
    if all(full is not None and own == full * MILLION for own, _, full in told):
        return True
    return any(all(own == bound(above) for own, above, _ in told) for bound in (max, min, median))


def _step(number: int) -> int:
    """Return the unit of the last decimal that a figure in millionths has."""
    step = MILLION
    while step > 1 and number % step:
        step //= 10
    return step


def _sums(numbers: Sequence[int], least: int) -> set[int]:
    """Return what the last two, three and so on come to, from `least` of them on; nothing is no sum."""
    found, total = set(), 0
    for count, number in enumerate(reversed(numbers), start=1):
        total += number
        if count >= least and total:
            found.add(total)
    return found


def micro(value: CellValue) -> int | None:
    """Return the figure of a cell in millionths."""
    if type(value) is float:
        return stored(value).number
    return None if value == "" or isinstance(value, bool) else read_number(value).number


def column_above(cell: Cell, aside: Collection[int] = ()) -> list[int]:
    """Return the figures above a cell, below the headings, but for rows `aside`."""
    rows = range(max(cell.located.header + 1, cell.row - LOOKED_AT), cell.row)
    found = (micro(cell.located.grid.value(row, cell.place)) for row in rows if row not in aside)
    return [number for number in found if number is not None]


def exceeds(cells: Iterable[Cell]) -> bool:
    """Say whether a figure of a row is above its full mark, as the sum of many is."""
    return any(
        cell.column.full is not None and (micro(cell.value) or 0) > cell.column.full * MILLION
        for cell in cells
        if not cell.blank
    )


def is_lonely(line: Line) -> bool:
    """Say whether one cell is all that was typed in a row, as a page's number or a remark below the table."""
    return sum(not cell.blank and cell.column.reads not in UNTYPED for cell in line.values()) == 1


def is_labelled(line: Line) -> bool:
    """Say whether a row begins with words, as a total does."""
    return any(map(str.isalpha, leads(line)))


# --- what it is called ------------------------------------------------------------------------------------


def first_filled(line: Line) -> Cell:
    """Return the first cell of a row in which something stands."""
    return next((cell for cell in line.values() if not cell.blank), next(iter(line.values())))


def leads(line: Line) -> str:
    """Return what stands first in a row, as a person would call the row."""
    return first_filled(line).text
