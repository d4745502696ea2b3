"""Where a form's sheet and columns are in a workbook: found by heading text, wherever someone moved them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from dingji.comparing import most_like, normal
from dingji.forms.declare import SETTINGS, Column, Form, HeadCell, Sheet
from dingji.numbers import plain
from dingji.problems import Problem
from dingji.read.grid import WHOLE, CellValue, Grid, TypedCell, address, text_of
from dingji.read.heading_texts import declared, other_full, read_as
from dingji.read.itself import Itself
from dingji.read.rows import row_named

HEADER_SEARCH = 60
"""Rows from the top within which a table's heading row is looked for."""


@dataclass(frozen=True)
class Located:
    """A declared sheet found in a grid: its heading row and the grid column of each declared column found."""

    sheet: Sheet
    grid: Grid
    header: int
    places: tuple[tuple[Column, int], ...]

    @property
    def letters(self) -> dict[str, str]:
        """Return the letters of the columns by the field that each fills, and where each printed fact stands."""
        columns = {column.field: address(0, place)[:-1] for column, place in self.places if column.field}
        return columns | self._fact_rows()

    def _fact_rows(self) -> dict[str, str]:
        if self.sheet.shape != "printed" or self.sheet.part != "fact" or self.sheet.blocks:
            return {}
        named = {normal(row.key): row_named(row.key) for row in self.sheet.rows}
        keys = [place for column, place in self.places if column.key]
        numbered = range(self.header + 1, len(self.grid.rows)) if keys else ()
        texts = ((normal(str(self.grid.value(number, keys[0]))), number) for number in numbered)
        return {named[text]: str(number + 1) for text, number in texts if text in named}

    @cached_property
    def headings(self) -> list[tuple[str, int]]:
        """Return the headings found, normalised, with their columns."""
        return [(normal(column.heading), place) for column, place in self.places]

    @property
    def missing(self) -> list[str]:
        """Return the headings without which the sheet can't be read."""
        return self.lacking(printed=False)

    def lacking(self, *, printed: bool) -> list[str]:
        """Return the headings without which the sheet is not read; a `printed` one is of a form of the program's."""
        found = {column.heading for column, _ in self.places}
        columns = [column for column in self.sheet.columns if is_read(column)]
        must = [column for column in columns if not column.may_lack or (printed and column.by_hand)]
        return [column.heading for column in must if not {column.heading, column.instead} & found]


def is_read(column: Column) -> bool:
    """Say whether a column is one that a filled form has."""
    return column.needed and (column.key or column.reads not in ("printed", "formula"))


def locate_sheets(form: Form, grids: Sequence[Grid], book: Form | None = None) -> list[Located | None]:
    """Find a form's sheets, in the order in which it declares them; `book` is the form that it is a part of."""
    declared = (book or form).sheets
    return [
        locate_sheet(sheet, grids, [other.name for other in declared if other is not sheet]) for sheet in form.sheets
    ]


def locate_sheet(sheet: Sheet, grids: Sequence[Grid], taken: Sequence[str] = ()) -> Located | None:
    """Find a declared sheet: one that is seen and filled before others, the grid of that name before the rest.

    A grid named as another sheet of the form (`taken`) is that sheet, whatever its headings.
    """
    found = located_all(sheet, grids, taken)
    if len(found) <= 1:
        return next(iter(found), None)
    return min(found, key=lambda one: (one.grid.hidden, bool(one.missing), not is_filled(one)))


def located_all(sheet: Sheet, grids: Sequence[Grid], taken: Sequence[str] = ()) -> list[Located]:
    """Return a declared sheet wherever it may be: in the grid of its name, and in any with its heading row."""
    named = [grid for grid in grids if normal(grid.name) == normal(sheet.name)]
    others = [
        grid for grid in grids if not any(grid is one for one in named) and normal(grid.name) not in map(normal, taken)
    ]
    return [found for grid in (*named, *others) if (found := _locate_in(sheet, grid))]


ROSTER_SHEETS = ("名册", "评委")
WHO = ("code", "name", "rater")
UNTYPED = ("printed", "formula")


def is_filled(located: Located) -> bool:
    """Say whether somebody typed something below the headings that would count; in a roster any name does."""
    named = located.sheet.name in ROSTER_SHEETS
    typed = [
        place
        for column, place in located.places
        if column.reads not in UNTYPED and (named or (column.field not in WHO and column.reads != "text"))
    ]
    below = range(located.header + 1, len(located.grid.rows))
    return any(located.grid.value(number, place) != "" for number in below for place in typed)


def _locate_in(sheet: Sheet, grid: Grid) -> Located | None:
    """Take the row with the most of the sheet's headings, if it has two thirds of those that are read.

    In a sheet of the right name a third is enough: what lacks is named rather than the sheet passed over.
    """
    headings = {normal(column.heading): column for column in sheet.columns}
    needed = sum(is_read(column) for column in sheet.columns)
    named = normal(grid.name) == normal(sheet.name)
    best: Located | None = None
    for row, line in enumerate(grid.rows[:HEADER_SEARCH]):
        struck = {place for (at, place), how in grid.struck.items() if at == row and how == WHOLE}
        places = _header_places(line, headings, struck)
        found = sum(is_read(column) for column, _ in places)
        if len(places) <= (len(best.places) if best else 1):
            continue
        located = Located(sheet, grid, row, places)
        enough = found * 3 >= needed * 2 or (named and (found * 3 >= needed or not located.missing))
        best = located if enough else best
        if best and len(best.places) == len(headings):
            break  # no other row has more
    return best


def _header_places(
    line: Sequence[CellValue], headings: dict[str, Column], struck: Container[int]
) -> tuple[tuple[Column, int], ...]:
    """Return the columns whose headings stand in a row; none that is struck through, or has another full mark."""
    places: dict[str, int] = {}
    for place, value in enumerate(line):
        heading = declared(value, headings) if isinstance(value, str) and value and place not in struck else ""
        if heading and other_full(str(value), headings[heading]) is None:
            places.setdefault(heading, place)
    return tuple((headings[heading], place) for heading, place in places.items())


def is_repeated_header(located: Located, row: int) -> bool:
    """Say whether a row repeats the headings, as in a table broken over pages."""
    line, headings = located.grid.rows[row], located.headings
    allowed = (len(headings) - 1) // 2  # so many may say something else
    for heading, place in headings:
        value = line[place] if place < len(line) else ""
        text = value if isinstance(value, str) else text_of(value) if heading[:1].isdigit() else ""
        if not text or heading not in read_as(text):
            allowed -= 1
            if allowed < 0:
                return False
    return True


class HeadValue(NamedTuple):
    """What stands to the right of a head cell's label, with its address; `odd` is what is known beside the value."""

    label: str
    value: CellValue
    sheet: str
    cell: str
    odd: TypedCell | None = None

    @property
    def fault(self) -> str | None:
        """Return the error that the cell shows, as in a grid."""
        return self.odd.fault if self.odd else None

    @property
    def known(self) -> TypedCell:
        """Return all that is known of the cell."""
        return self.odd._replace(value=self.value) if self.odd else TypedCell(self.value)


def read_head(form: Form, grids: Sequence[Grid]) -> dict[str, HeadValue]:
    """Find the value of every head cell of a form; a label without a value is left out.

    A heading of the table is nobody's value: where a label's words head a column too, the next heading follows. A page
    of settings lists labels of its own.
    """
    settings = {normal(sheet.name) for part in form.parts if part.kind == SETTINGS for sheet in part.sheets}
    labels = _labels_of(Itself(form))
    headings = frozenset().union(*(_headings_of(Itself(sheet)) for sheet in form.sheets))
    found: dict[str, HeadValue] = {}
    for grid in grids:
        if len(found) == len(labels):
            break
        if settings and normal(grid.name) in settings:
            continue
        for row, column, value in _texts(grid):
            if (head := labels.get(_label_of(value))) and head.label not in found:
                answer = _value_right_of(grid, row, column, value, labels)
                if answer and not (isinstance(answer[1], str) and declared(answer[1], headings)):
                    place, said = answer
                    known = grid.cell(row, place)
                    odd = known if known != TypedCell(known.value) else None
                    found[head.label] = HeadValue(head.label, said, grid.name, address(row, place), odd)
    return found


@lru_cache(maxsize=64)
def _labels_of(form: Itself[Form]) -> Mapping[str, HeadCell]:
    """Return the labels of a form's head, as they are compared."""
    return {normal(head.label): head for head in form.value.head}


@lru_cache(maxsize=256)
def _headings_of(sheet: Itself[Sheet]) -> frozenset[str]:
    """Return the headings of a sheet, as they are compared."""
    return frozenset(normal(column.heading) for column in sheet.value.columns)


def is_label(text: str, form: Form) -> str:
    """Return the label of a form's head that a text may be, "" where it is none."""
    head = _head_label(text, _labels_of(Itself(form)))
    return head.label if head else ""


def is_heading(text: str, sheet: Sheet) -> bool:
    """Say whether a text may be one of the headings of a sheet."""
    return bool(declared(text, _headings_of(Itself(sheet))))


def _texts(grid: Grid) -> list[tuple[int, int, str]]:
    """Return what may be a label with its position: the short texts of the upper rows that are not struck out."""
    return [
        (row, column, value)
        for row, line in enumerate(grid.rows[:HEADER_SEARCH])
        for column, value in enumerate(line)
        if value and isinstance(value, str) and len(value) <= LONGEST_LABEL and grid.struck.get((row, column)) != WHOLE
    ]


def _head_label(value: str, labels: Mapping[str, HeadCell]) -> HeadCell | None:
    return labels.get(_label_of(value)) if len(value) <= LONGEST_LABEL else None


LONGEST_LABEL = 80
"""Signs of a label with its value in one cell."""


@lru_cache(maxsize=1 << 12)
def _label_of(value: str) -> str:
    return normal(value.replace("：", ":").partition(":")[0])


def _value_right_of(
    grid: Grid, row: int, column: int, value: str, labels: Mapping[str, HeadCell]
) -> tuple[int, CellValue] | None:
    """Return column and value: behind the label's own colon, else the next filled cell unless that is a label too."""
    _, _, behind = value.replace("：", ":").partition(":")
    if behind.strip():
        return column, behind.strip()
    for place in range(column + 1, len(grid.rows[row])):
        answer = grid.value(row, place)
        if answer == "" and (row, place) not in grid.faults:
            continue
        is_label = isinstance(answer, str) and _head_label(answer, labels) is not None
        return None if is_label else (place, answer)
    return None


def missing_columns(located: Located, *, printed: bool) -> list[Problem]:
    """Return one problem naming every needed heading that is not there, and one for each that has another full mark.

    `printed`: whether the form is one of the program's, laid out as today, so that all of them were there.
    """
    strange = [text for text in _heading_texts(located) if not declared(text, _headings(located))]
    told, fulls = dict(_renamed_verdicts(located)), dict(_other_fulls(located))
    lacking = [each for each in dict.fromkeys([*located.lacking(printed=printed), *told]) if each not in fulls]
    named = [heading + (told.get(heading) or suggested(heading, strange)) for heading in lacking]
    what = f"{located.sheet.name}：{'、'.join(named)}"
    absent = [Problem("E117", sheet=located.grid.name, values={"what": what})] if named else []
    return absent + list(fulls.values())


def _other_fulls(located: Located) -> Iterator[tuple[str, Problem]]:
    """Yield the headings after which another full mark is printed than the standard's, with the problem of the cell."""
    columns = {normal(column.heading): column for column in located.sheet.columns}
    for place, value in enumerate(located.grid.rows[located.header]):
        heading = declared(value, columns) if isinstance(value, str) and value else ""
        column = columns.get(heading)
        if column and (fulls := other_full(str(value), column)):
            printed, own = map(plain, fulls)
            values, cell = {"printed": printed, "expected": own}, address(located.header, place)
            yield column.heading, Problem("E122", sheet=located.grid.name, cell=cell, found=str(value), values=values)


def _renamed_verdicts(located: Located) -> Iterator[tuple[str, str]]:
    """Yield the columns by which rows count that are not there, with the other name under which one says just that."""
    there = {column.heading for column, _ in located.places}
    absent = [each for each in located.sheet.columns if each.field == VERDICT and each.heading not in there]
    known = _headings(located)
    for place, value in enumerate(located.grid.rows[located.header]) if absent else ():
        if not isinstance(value, str) or not value or declared(value, known):
            continue
        below = range(located.header + 1, len(located.grid.rows))
        said = {normal(text_of(located.grid.value(row, place))) for row in below} - {""}
        for column in absent:
            if said & set(map(normal, column.choices)):
                yield column.heading, f"（是不是“{_first_line(value)}”）"


VERDICT = "verdict"
"""The field of a column that says whether its row counts."""
TYPED_FIGURES = ("mark", "number", "count", "choice")


def repeated_columns(located: Located) -> list[Problem]:
    """Return a problem for every heading of figures or choices that stands over two columns which say two things."""
    own = {normal(column.heading): place for column, place in located.places if column.reads in TYPED_FIGURES}
    problems = []
    for place, value in enumerate(located.grid.rows[located.header]):
        heading = declared(value, own) if isinstance(value, str) and value else ""
        if heading and own[heading] != place and _say_otherwise(located, own[heading], place):
            cell, what = address(located.header, place), _first_line(str(value))
            values = {"column": what}
            problems.append(Problem("E236", sheet=located.grid.name, cell=cell, found=str(value), values=values))
    return problems


def _say_otherwise(located: Located, first: int, second: int) -> bool:
    below = range(located.header + 1, len(located.grid.rows))
    pairs = ((located.grid.value(row, first), located.grid.value(row, second)) for row in below)
    return any(one != other != "" for one, other in pairs)


def _heading_texts(located: Located) -> list[str]:
    """Return what stands in the heading row; of a heading on two lines the first."""
    line = located.grid.rows[located.header]
    return [_first_line(value) for value in line if isinstance(value, str) and value.strip()]


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


def _headings(located: Located) -> set[str]:
    return {normal(column.heading) for column in located.sheet.columns}


def suggested(name: str, others: Sequence[str]) -> str:
    """Return `（是不是“…”）` with what is most like a name that is wanting; never taken for it."""
    near = most_like(name, others)
    return f"（是不是“{near}”）" if near else ""
