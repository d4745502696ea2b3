"""The straight road: a form whose printed cells stand where its layout has them is taken without looking for anything.

Whatever a cell or line is made of is the careful road's own judgement, made once and remembered by where it stands and
what it says. A sheet with a cell of which there is anything to say takes the careful road from the headings on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from dingji.forms.declare import Row as PrintedRow
from dingji.forms.stamp import PREFIX, Stamp, read_stamp
from dingji.problems import Problem
from dingji.read.grid import Grid
from dingji.read.itself import Itself
from dingji.read.layout import Key, Layout, Page, layout_key, learnt
from dingji.read.lines import Cell, typed_columns
from dingji.read.locate import Located, is_repeated_header
from dingji.read.printed import Line, has_claims, read_line
from dingji.read.printed_rows import RowCheck, printed_rows, unread_row
from dingji.read.recognise import Plan, Recognised
from dingji.read.rows import COLUMNS, Columns, Fields, Reading, columns_of_fields, fields_of
from dingji.read.straight_marks import read_lines_of_marks

MOST_LAYOUTS, MOST_LESSONS = 8, 64
"""So many ways of laying one form out are remembered, and learnt at all: where every file has its own, none helps."""


@dataclass
class Layouts:
    """The layouts known of one form, the last learnt first, and how often one was to be learnt."""

    known: list[Layout] = field(default_factory=list)
    lessons: int = 0


@lru_cache(maxsize=8)
def layouts_of(_plan: Itself[Plan]) -> defaultdict[Key, Layouts]:
    """Return the layouts known of the forms that a run expects, to be added to."""
    return defaultdict(Layouts)


@dataclass(frozen=True)
class Kept:
    """A layout that a workbook keeps to, and the workbook's stamp."""

    layout: Layout
    stamp: Stamp


def layout_of(grids: Sequence[Grid], plan: Plan) -> Kept | None:
    """Return the layout that a workbook keeps to in all that is printed; None where it keeps to none that is known."""
    first = grids[0].value(0, 0)
    stamp = read_stamp(first) if isinstance(first, str) and first.startswith(PREFIX) else None
    known = layouts_of(Itself(plan))[layout_key(stamp, grids)].known if stamp and not stamp.returned else []
    for place, layout in enumerate(known):
        if stamp and all(page.fits(grid, str(first)) for page, grid in zip(layout.pages, grids, strict=True)):
            known.insert(0, known.pop(place))  # the one used last stays longest
            return Kept(layout, stamp)
    return None


def learn(recognised: Recognised, grids: Sequence[Grid], located: Sequence[Located], plan: Plan) -> None:
    """Keep the layout of a form that was read, for the files to come."""
    stamp, first = recognised.stamp, grids[0].value(0, 0)
    if stamp is None or not isinstance(first, str):
        return
    layouts = layouts_of(Itself(plan))[layout_key(stamp, grids)]
    layouts.lessons += 1
    layout = learnt(recognised.form, first, grids, located) if layouts.lessons <= MOST_LESSONS else None
    if layout:
        layouts.known.insert(0, layout)
        del layouts.known[MOST_LAYOUTS:]


def read_page(layout: Layout, page: Page, located: Located) -> Read | None:
    """Read a sheet in whole columns; None where something in it is to be looked at cell by cell."""
    if page.body is not None:
        return _printed(layout, located)
    plain = (
        located.sheet.shape == "wide"
        and any(column.item for column, _ in located.places)
        and not page.percent
        and not page.spans
    )
    return read_lines_of_marks(layout, located) if plain else None


# --- printed rows ------------------------------------------------------------------------------------------


Read = tuple[Columns, list[Problem]]
Outcome = tuple[list[Fields], list[Problem]]
"""What a line comes to, and what is to be said of it."""


def _printed(layout: Layout, located: Located) -> Read | None:
    """Read rows that the standard prints line by line: what a line comes to depends on nothing but its own cells."""
    typed = [(column, place) for _, column, place in typed_columns(located)]
    places, told = (
        [place for _, place in typed],
        [place for column, place in typed if column.reads in ("text", "choice")],
    )
    fields: list[Fields] = []
    problems: list[Problem] = []
    for number, line in enumerate(located.grid.rows[located.header + 1 :], start=located.header + 1):
        key = (located.sheet.name, number, *[line[place] for place in places])
        known = layout.judged.get(key)
        if known is None:
            known = _line(layout, located, number)
            if known is None:
                return None
            shown = places if known[1] else told
            if not any(type(line[place]) is float for place in shown):
                layout.keep(key, known)  # of figures that are shown as texts 0 and −0 are equal, and are not
        fields += known[0]
        problems += known[1]
    unanswered = all(row[_PART] == "votes" and row[_STATE] == "blank" for row in fields)  # ballots stand elsewhere
    return columns_of_fields([] if unanswered else fields), problems


_PART, _STATE = COLUMNS.index("part"), COLUMNS.index("state")


def _line(layout: Layout, located: Located, number: int) -> Outcome | None:
    """Return what the careful road makes of one line; None where it may be another than it was."""
    rows = _rows_of(layout, located)
    typed, grid = typed_columns(located), located.grid
    if rows is None or layout.any_strange((grid.value(number, place) for _, _, place in typed), located.sheet):
        return None
    filled = any(grid.value(number, place) != "" for _, _, place in typed)
    row = rows.get(number)
    if row is None:
        told = filled and not is_repeated_header(located, number) and unread_row(located, number)
        return None if told else ([], [])
    if not filled and not has_claims(located):
        return [], []
    reading = Reading()
    line = Line(row, number, {name: Cell(located, column, number, place) for name, column, place in typed})
    read_line(located, line, None, reading)
    return [fields_of(each) for each in reading.rows], reading.problems


def _rows_of(layout: Layout, located: Located) -> Mapping[int, PrintedRow] | None:
    """Return the printed rows of a sheet by their place; None where one is wanting, stands twice, or was reworded."""
    key = ("rows", located.sheet.name)
    if key not in layout.judged:
        layout.keep(key, _found_rows(located))
    found: Mapping[int, PrintedRow] | None = layout.judged[key]
    return found


def _found_rows(located: Located) -> Mapping[int, PrintedRow] | None:
    check = RowCheck(located, printed_rows(Itself(located.sheet)))
    found = {number: row for number in check.numbers if (row := check.row(number))}
    told = list(filter(None, (check.problem(row, number) for number, row in found.items()))) or check.reworded()
    whole = {row.key for row in found.values()} == {row.key for row in located.sheet.rows}
    return found if whole and not told and len(found) == len(located.sheet.rows) else None
