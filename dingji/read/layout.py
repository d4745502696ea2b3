"""How a form was laid out that came in whole: what is printed where, and where people type.

A layout is learnt from the first file of a form that the careful road read without a word. Of another file it says
whether all that is printed stands where it stood in that one, so that nothing need be looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import itemgetter
from typing import Any

from dingji.comparing import normal, tidy
from dingji.forms.declare import HINT, Form, Sheet
from dingji.forms.stamp import PREFIX, RETURN_PREFIX, Stamp, is_stamp
from dingji.read.grid import CellValue, Grid, Position, address
from dingji.read.itself import Itself
from dingji.read.locate import HEADER_SEARCH, HeadValue, Located, is_heading, is_label, read_head
from dingji.read.printed_rows import RowCheck, printed_rows
from dingji.read.void_rows import may_say_void, says_all_void, void_names

Line = Sequence[CellValue]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Slot:
    """Where the value to a head cell's label stands: in the first of these columns that is filled.

    `under` are those over which a merged block lies, so that nobody sees what they hold.
    """

    label: str
    row: int
    places: tuple[int, ...]
    under: tuple[int, ...]


@dataclass(frozen=True)
class Page:
    """One sheet of a layout. `top`: of each row down to the headings the columns printed in, and what is there.

    `body`: the same below the headings, where the standard prints rows; `bare` are columns in which nothing may stand.
    """

    name: str
    width: int
    located: Located | None
    stamped: bool
    top: tuple[tuple[Callable[[Line], Any], Any], ...]
    body: tuple[Callable[[Line], Any], list[Any]] | None
    bare: tuple[int, ...]
    slots: tuple[Slot, ...]
    percent: frozenset[Position]
    spans: Mapping[Position, CellValue]
    merges: Mapping[Position, Position]
    letters: Mapping[str, str]

    def fits(self, grid: Grid, stamp: str) -> bool:
        """Say whether all that is printed in a sheet stands where it stood when the layout was learnt."""
        rows = grid.rows
        hidden = grid.hidden_rows or grid.hidden_columns or (grid.hidden and self.located)
        beside = grid.notes or grid.veiled
        if grid.faults or grid.struck or grid.misleading or beside or hidden or len(rows) < len(self.top):
            return False
        if grid.percent != self.percent or grid.spans != self.spans or not self._merged_alike(grid):
            return False
        if set(map(len, rows)) - {self.width} or not _are_plain(rows) or (self.stamped and rows[0][0] != stamp):
            return False
        if any(printed(line) != texts for (printed, texts), line in zip(self.top, rows, strict=False)):
            return False
        below = rows[len(self.top) :]
        if self.body is not None and [*map(self.body[0], below)] != self.body[1]:
            return False
        return not any(line[place] != "" for place in self.bare for line in below)

    def _merged_alike(self, grid: Grid) -> bool:
        return grid.merges is self.merges or grid.merges == self.merges


def _are_plain(rows: Sequence[Line]) -> bool:
    """Say whether no cell holds TRUE or a whole number: they would pass for the decimals that they equal."""
    return not {bool, int} & set(map(type, chain.from_iterable(rows)))


@dataclass(frozen=True)
class Layout:
    """A form as it was laid out: its sheets in their order, and what no cell may say that somebody typed in."""

    form: Form
    pages: tuple[Page, ...]
    judged: dict[Key, Any] = field(default_factory=dict)
    """What the careful road made of a cell or line, by where it stands and what it says; only what is well."""
    harmless: dict[str, set[CellValue]] = field(default_factory=dict)
    """By sheet, "" for the head: what may stand there without being taken for anything printed."""

    def any_strange(self, values: Iterable[CellValue], sheet: Sheet | None = None) -> bool:
        """Say whether a text typed in a sheet, or in the head, could be taken for something printed, or for nothing."""
        harmless = self.harmless.setdefault(sheet.name if sheet else "", set())
        unknown = set(values) - harmless
        sheets = [sheet] if sheet else self.form.sheets
        if any(isinstance(value, str) and value and _is_strange(value, self.form, sheets) for value in unknown):
            return True
        if len(harmless) > MOST_REMEMBERED:
            harmless.clear()
        harmless |= unknown
        return False

    def keep(self, key: Key, outcome: Any) -> None:  # noqa: ANN401 - an outcome is whatever its reader makes of a cell
        """Remember what the careful road made of something; where that is too much, begin anew."""
        if len(self.judged) > MOST_REMEMBERED:
            self.judged.clear()
        self.judged[key] = outcome

    def remembered(self, key: Key) -> dict[CellValue, Any]:
        """Return what is remembered of the cells of one kind, by what they say, to be added to."""
        if key not in self.judged:
            self.keep(key, {})
        known: dict[CellValue, Any] = self.judged[key]
        return known

    def head(self, grids: Sequence[Grid]) -> dict[str, HeadValue] | None:
        """Return what stands in the head by label; None where somebody typed what may be something else."""
        found = {}
        values: list[CellValue] = []
        for page, grid in zip(self.pages, grids, strict=True):
            for slot in page.slots:
                line = grid.rows[slot.row]
                if slot.under and any(line[place] != "" for place in slot.under):
                    return None  # read with care
                filled = [place for place in slot.places if line[place] != ""]
                if filled:
                    values += [line[place] for place in filled]
                    cell = address(slot.row, filled[0])
                    found[slot.label] = HeadValue(slot.label, line[filled[0]], grid.name, cell)
        return None if self.any_strange(values) else found


MOST_REMEMBERED = 1 << 12
"""So many texts and cells are remembered of a layout at most."""


def _is_strange(text: str, form: Form, sheets: Sequence[Sheet]) -> bool:
    headed = any(is_heading(text, sheet) for sheet in sheets)
    unseen = not tidy(text)  # it stands for a blank, and is none
    void = may_say_void(text) and says_all_void(text)
    return headed or unseen or void or PREFIX in text or RETURN_PREFIX in text or bool(is_label(text, form))


def learnt(form: Form, stamp: str, grids: Sequence[Grid], located: Sequence[Located]) -> Layout | None:
    """Return the layout of a form that was read without a word; None where it is not plain what is printed where."""
    by_name = {found.grid.name: found for found in located}
    if len({grid.name for grid in grids}) < len(grids) or any(grid.faults or not _is_square(grid) for grid in grids):
        return None
    pages = tuple(_page(grid, by_name.get(grid.name), stamp, form) for grid in grids)
    layout = Layout(form, pages)
    typed = [each for page, grid in zip(pages, grids, strict=True) for each in _typed(page, grid)]
    labels = [slot.label for page in pages for slot in page.slots]
    blank = [_blanked(page, grid) for page, grid in zip(pages, grids, strict=True)]
    plain = len(set(labels)) == len(labels) and not any(layout.any_strange(values, sheet) for values, sheet in typed)
    plain = plain and not any(void_names(form, found) for found in located)  # of others like it this is to be said too
    fits = all(page.fits(grid, stamp) for page, grid in zip(pages, grids, strict=True))
    sure = plain and fits and not read_head(form, blank) and _is_sure(layout, grids)
    return Layout(form, tuple(map(_without_rows, pages))) if sure else None


def _without_rows(page: Page) -> Page:
    """Return a page without the rows of the file that it was learnt from, which may be many."""
    located = page.located and replace(page.located, grid=Grid(name=page.name, rows=()))
    return replace(page, located=located)


def _is_square(grid: Grid) -> bool:
    """Say whether a sheet has rows, all of one width."""
    return len({len(line) for line in grid.rows}) == 1


def _page(grid: Grid, located: Located | None, stamp: str, form: Form) -> Page:
    width = max(map(len, grid.rows))
    stamped = bool(grid.rows[0]) and grid.rows[0][0] == stamp
    height = len(grid.rows) if located is None else located.header + 1
    labels = [] if located is None else list(_labels(grid, located.header, form))
    slots = tuple(_slots(labels, width, grid.anchors))
    open_places = {(slot.row, place) for slot in slots for place in slot.places} | ({(0, 0)} if stamped else set())
    top = []
    for row in range(height):
        printed = _getter([place for place in range(width) if (row, place) not in open_places])
        top.append((printed, printed(grid.rows[row])))
    own = {place for _, place in located.places} if located else set()
    body, bare = None, tuple(place for place in range(width) if place not in own)
    if located and located.sheet.shape == "printed":
        typed = {place for column, place in located.places if column.reads not in ("printed", "formula")}
        typed |= {place for place, heading in enumerate(grid.rows[located.header]) if heading == HINT}
        printed = _getter([place for place in range(width) if place not in typed])
        body, bare = (printed, [*map(printed, grid.rows[height:])]), ()
    letters = located.letters if located else {}
    formats = grid.percent, grid.spans, grid.merges
    return Page(grid.name, width, located, stamped, tuple(top), body, bare, slots, *formats, letters)


def _getter(places: Sequence[int]) -> Callable[[Line], Any]:
    return itemgetter(*places) if places else len


def _labels(grid: Grid, header: int, form: Form) -> Iterator[tuple[int, int, str]]:
    for row, line in enumerate(grid.rows[:header]):
        for place, value in enumerate(line):
            if isinstance(value, str) and value and (label := is_label(value, form)):
                yield row, place, label


def _slots(labels: Sequence[tuple[int, int, str]], width: int, anchors: Container[Position]) -> Iterator[Slot]:
    """Yield the place of each label's value: up to the next label, or the end of the row."""
    for (row, place, label), after in zip(labels, [*labels[1:], (-1, 0, "")], strict=False):
        last = after[1] if after[0] == row else width
        places = tuple(range(place + 1, last))
        yield Slot(label, row, places, tuple(each for each in places if (row, each) in anchors))


def _typed(page: Page, grid: Grid) -> Iterator[tuple[list[CellValue], Sheet | None]]:
    """Yield what people typed into a sheet; of what stands below the headings also which sheet it is."""
    yield [grid.rows[slot.row][place] for slot in page.slots for place in slot.places], None
    if page.located:
        below = grid.rows[len(page.top) :]
        for column, place in page.located.places:
            if page.body is None or column.reads not in ("printed", "formula"):
                yield [line[place] for line in below], page.located.sheet


def _blanked(page: Page, grid: Grid) -> Grid:
    """Return a sheet as it was handed out, with no value in its head and nothing typed below."""
    rows = [list(line) for line in grid.rows]
    for slot in page.slots:
        for place in slot.places:
            rows[slot.row][place] = ""
    return replace(grid, rows=rows if page.located is None else rows[: len(page.top)])


def _is_sure(layout: Layout, grids: Sequence[Grid]) -> bool:
    """Say whether nothing printed below the headings could be a label, and no other stamp stands anywhere."""
    for page, grid in zip(layout.pages, grids, strict=True):
        if page.located is None:
            continue
        own = [normal(column.heading) for column, _ in page.located.places]
        heads = [value for value in grid.rows[page.located.header] if isinstance(value, str) and value]
        if len([value for value in heads if is_heading(value, page.located.sheet)]) > len(own):
            return False  # a heading that stands twice
        if any(heading.replace(".", "").isdigit() for heading in own):
            return False  # a figure below may pass for it
        below = grid.rows[len(page.top) : HEADER_SEARCH]
        if any(isinstance(value, str) and value and is_label(value, layout.form) for line in below for value in line):
            return False
        if any(_is_typed_in(page.located, row, place) for row, place in (*grid.spans, *grid.anchors)):
            return False  # what is merged over cells to be typed in is read with care
    stamps = sum(is_stamp(text) for grid in grids for text in grid.texts)
    return stamps == sum(page.stamped for page in layout.pages) and layout.pages[0].stamped


def _is_typed_in(located: Located, row: int, place: int) -> bool:
    """Say whether a cell is one that somebody types in: below the headings, of printed rows in these alone."""
    typed = {place for column, place in located.places if column.reads not in ("printed", "formula")}
    if row <= located.header or place not in typed:
        return False
    check = RowCheck(located, printed_rows(Itself(located.sheet)))
    return located.sheet.shape != "printed" or check.row(row) is not None


def layout_key(stamp: Stamp, grids: Sequence[Grid]) -> Key:
    """Return by what layouts are kept: all that a stamp says but whose the form is, and the sheets' names."""
    said = (stamp.kind, stamp.scheme, stamp.fingerprint, stamp.round, stamp.source)
    return (*said, *(grid.name for grid in grids))
