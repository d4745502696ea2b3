"""The sheet 本单位自定: what the standards leave to the office, with their reasons, and what the office has settled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from dingji.book.called import Called, Data, Standards
from dingji.book.declare import ITEM, BookColumn, Model, columns_of
from dingji.book.draw import Drawing, DrawnRow, Heading, rows, written
from dingji.book.filled import BookReading, FilledRow, Spot, rows_of, value_in
from dingji.book.kinds import Anything
from dingji.book.notation import UNREAD
from dingji.comparing import normal, suggestion
from dingji.problems import BETWEEN
from dingji.read.grid import Grid
from dingji.reference.kinds import tables
from dingji.scheme.finding import Path
from dingji.scheme.load import inner_model
from dingji.scheme.model import Scheme

SHEET: Final = "本单位自定"
STANDARD, PLACE, OWN, GIVEN, REASON = "标准", "位置", "本单位的值", "标准里的值", "理由"
ABOUT: Final = (
    "标准留给本单位自定的地方，每一处都写着理由。要改的，只填“本单位的值”；不填的，按“标准里的值”。"
    "标准里没有写的栏目也可以加一行，写明标准、位置和项目。"
)
FEW: Final = 5
"""Of a table with so few keys all are listed, of any other those that the standard writes."""


@dataclass(frozen=True)
class Opened:
    """A table that a standard leaves open: where, in words, in keys as config.toml writes them, and as a path."""

    scheme: str
    words: str
    dotted: str
    path: Path
    model: Model
    table: Data

    def key_of(self, column: BookColumn) -> str:
        """Return the key of config.toml for a column."""
        return f"{self.dotted}.{column.key}" if self.dotted else column.key


def opened(scheme: str, data: Data) -> Iterator[Opened]:
    """Yield the open tables of a standard; those that config.toml cannot name are none."""
    for place in tables(Scheme):
        for path, _, table in rows(data, place):
            steps = list(_steps(data, path))
            if table.get("choice") and all(step and "." not in step for step, _ in steps):
                words = BETWEEN.join(told for _, told in steps) or "整个标准"
                yield Opened(scheme, words, ".".join(step for step, _ in steps), path, place.model, table)


def _steps(data: Data, path: Path) -> Iterator[tuple[str, str]]:
    """Yield each step of a path as config.toml writes it, and in words; "" for a row without a name."""
    found: Any = data
    owner: Model = Scheme
    for part in path:
        found = found[part]
        if isinstance(part, int):
            name = str(found.get("name") or found.get("no") or "")
            yield name, name
        else:
            column = next(column for column in columns_of(owner) if column.key == part)
            yield part, column.heading
            owner = inner_model(owner, part) or owner


# --- drawn ----------------------------------------------------------------------------------------------------


def draw_choices(standards: Standards, chosen: Mapping[str, Data], called: Called) -> Drawing:
    """Draw the sheet: a line a key, those that the office has settled among them."""
    headings = [
        Heading(STANDARD),
        Heading(PLACE, widest=36),
        Heading(ITEM),
        Heading(OWN, widest=50, role="value"),
        Heading(GIVEN, widest=50),
        Heading(REASON, widest=40),
    ]
    lines = [line for scheme, data in standards.items() for line in _lines(scheme, data, chosen.get(scheme, {}))]
    told = {line.path for line in lines}
    lost = [(scheme, key) for scheme, keys in chosen.items() for key in keys if ("choices", scheme, key) not in told]
    lines += [_lost_line(scheme, key, chosen[scheme][key]) for scheme, key in lost]
    lines = [replace(line, cells=[called.shown(str(line.cells[0])), *line.cells[1:]]) for line in lines]
    return Drawing(SHEET, ABOUT, headings, lines, ("choices",), spare=6, checked=False, open_value=True)


def _lines(scheme: str, data: Data, chosen: Data) -> Iterator[DrawnRow]:
    for table in opened(scheme, data):
        columns = [column for column in columns_of(table.model) if column.key != "choice"]
        for column in columns:
            key = table.key_of(column)
            given = written(column, table.table.get(column.key))
            short = given is not None and not str(given).startswith(("[", "{"))
            listed = (short or len(columns) < FEW) and column.key not in ("name", "no")
            if listed or key in chosen:
                own = written(column, chosen.get(key))
                told = "（没有写）" if given is None else str(given)
                cells = [scheme, table.words, column.heading, own, told, str(table.table["choice"])]
                yield DrawnRow(cells, ("choices", scheme, key), column)


def _lost_line(scheme: str, key: str, value: object) -> DrawnRow:
    """Return the line of a choice for which the standards have no place: as it stands in the file."""
    place, _, last = key.rpartition(".")
    return DrawnRow([scheme, place, last, Anything().write(value), "", ""], ("choices", scheme, key))


# --- read -----------------------------------------------------------------------------------------------------


def read_choices(grid: Grid, standards: Standards, reading: BookReading) -> None:
    """Read the sheet into the settings' choices."""
    columns: dict[str, BookColumn | None] = dict.fromkeys((STANDARD, PLACE, ITEM, OWN))
    places = [table for scheme, data in standards.items() for table in opened(scheme, data)]
    others, called = (GIVEN, REASON), Called.of(standards)
    for row in rows_of(grid, columns, reading, others):
        if row.contents.get(OWN, "") != "":
            _read_row(row, places, called, reading)


def _read_row(row: FilledRow, places: Sequence[Opened], called: Called, reading: BookReading) -> None:
    written_as, place, item = (str(row.contents.get(name, "")) for name in (STANDARD, PLACE, ITEM))
    scheme, spot = called.meant(written_as), row.spots[OWN]
    if scheme not in called.ids:
        key = f"{place}.{item}" if place else item
        _take(reading, (scheme, key), Anything().read(row.contents[OWN]), spot)
        return
    own = [table for table in places if table.scheme == scheme]
    table = next((table for table in own if normal(place) in (normal(table.words), normal(table.dotted))), None)
    if table is None:
        near = suggestion(place, [table.words for table in own])
        words = f"标准没有把这里留给本单位自定{near}"
        reading.tell(row.spots.get(PLACE, spot), words)
        return
    columns = [column for column in columns_of(table.model) if column.key != "choice"]
    column = next((one for one in columns if normal(item) in (normal(one.heading), one.key)), None)
    if column is None:
        near = suggestion(item, [one.heading for one in columns])
        reading.tell(row.spots.get(ITEM, spot), f"这里没有这一项{near}")
        return
    value = value_in(row, column, OWN, reading)
    if value is not UNREAD:
        _take(reading, (scheme, table.key_of(column)), value, Spot(spot.sheet, spot.cell, spot.found, column))


def _take(reading: BookReading, place: tuple[str, str], value: object, spot: Spot) -> None:
    scheme, key = place
    chosen = reading.data.setdefault("choices", {}).setdefault(scheme, {})
    if key in chosen:
        reading.tell(spot, f"同一处写了两行（{reading.spots['choices', scheme, key].cell}）")
        return
    chosen[key] = value
    reading.spots["choices", scheme, key] = spot
