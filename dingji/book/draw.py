"""What stands on the sheets of a book before it is written: headings, lines, and where each key's cell is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from dingji.book.declare import (
    GUIDE,
    ITEM,
    MEANING,
    PART,
    VALUE,
    Book,
    BookColumn,
    TableSheet,
    path_of,
)
from dingji.book.explain import about, default, does, example, meaning, notes
from dingji.book.notation import ANY_TEXT, Content
from dingji.reference.headings import in_names
from dingji.reference.kinds import TablePlace
from dingji.scheme.finding import Finding, Path

Data = Mapping[str, Any]
SEVERITY: Final = {"error": "错误", "warning": "提醒"}
SPARE: Final = 8
"""Empty lines that are drawn below a table's own."""


@dataclass(frozen=True)
class Heading:
    """The head of a column; `column` is what is read from it, None where the column is only for reading by people.

    A `link` names the table that a row belongs to; under a `value` each line's own column says what may stand there.
    """

    text: str
    note: str = ""
    column: BookColumn | None = None
    widest: int = 32
    role: Literal["", "link", "value"] = ""


@dataclass
class DrawnRow:
    """A row: its contents, what is found about it, and the key path it stands for. `column` is that of its value."""

    cells: Sequence[Content | None]
    path: Path = ()
    column: BookColumn | None = None
    checks: list[str] = field(default_factory=list)


@dataclass
class Drawing:
    """A sheet. `keys` are the paths, below the line's own, for which a line is the place."""

    name: str
    about: str
    headings: Sequence[Heading]
    lines: Sequence[DrawnRow]
    path: Path | None = None
    spare: int = 0
    checked: bool = True
    open_value: bool = False
    """Whether lines may be added to a sheet of values."""
    checks: list[str] = field(default_factory=list)

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys that have a column here."""
        return frozenset(heading.column.key for heading in self.headings if heading.column and heading.role != "link")


def drawn(book: Book, data: Data) -> list[Drawing]:
    """Draw every sheet of a file's data; the last one explains all columns."""
    return [_first(book, data), *(_table(sheet, data) for sheet in book.sheets), _guide(book)]


def _first(book: Book, data: Data) -> Drawing:
    headings = [Heading(PART), Heading(ITEM), Heading(VALUE, widest=60, role="value"), Heading(MEANING, widest=70)]
    lines = []
    for entry in book.entries:
        value = look_up(data, entry.path)
        cells = [entry.part, entry.column.heading, written(entry.column, value), meaning(entry.column)]
        lines.append(DrawnRow(cells, entry.path, entry.column))
    return Drawing(book.name, "一行一项，只填“值”这一栏；不填的，按说明里“不写时”的办法。", headings, lines, ())


def look_up(data: Data, path: Iterable[str]) -> object:
    """Return the value at a path of keys, None where there is none."""
    found: Any = data
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def written(column: BookColumn, value: object) -> Content | None:
    """Return a value as its cell holds it; an empty text, which says no more than its absence, is left out."""
    return None if value is None or (value == "" and not column.required) else column.notation.write(value)


def _table(sheet: TableSheet, data: Data) -> Drawing:
    linked = [Heading(sheet.link.heading, notes(sheet.link), sheet.link, role="link")] if sheet.link else []
    headings = [*linked, *(Heading(column.heading, notes(column), column) for column in sheet.columns)]
    lines = []
    for path, above, table in rows(data, sheet.place):
        own = [written(column, table.get(column.key)) for column in sheet.columns]
        if not sheet.beside and not any(cell is not None for cell in own):
            own[0] = ANY_TEXT.write("")  # a row without a filled cell would be none
        link = ANY_TEXT.write(name_of(table if sheet.beside else above, sheet)) if sheet.link else ""
        if not sheet.beside or any(cell is not None for cell in own):
            lines.append(DrawnRow([*([link] if sheet.link else []), *own], path))
    return Drawing(
        sheet.name,
        sheet.about or about(sheet.place.model),
        headings,
        lines,
        None if sheet.beside else path_of(sheet.place),
        SPARE,
    )


def name_of(table: Data, sheet: TableSheet) -> str:
    """Return the name by which a row is linked to a table."""
    return str(table.get(sheet.link.key, "") if sheet.link else "")


def rows(data: Data, place: TablePlace) -> Iterator[tuple[Path, Data, Data]]:
    """Yield every table at a place, with its path and the table that it is in."""
    if place.inside is None:
        yield (), {}, data
        return
    for path, _, above in rows(data, place.inside):
        found = above.get(place.key)
        if place.several:
            yield from (((*path, place.key, number), above, row) for number, row in enumerate(found or []))
        elif found is not None:
            yield (*path, place.key), above, found


def _guide(book: Book) -> Drawing:
    """Explain every column once more on paper, where the notes on the headings do not show."""
    names = ("表", "栏目", "作用", "写什么", "不写时", "例")
    headings = [Heading(name, widest=width) for name, width in zip(names, (16, 20, 60, 34, 14, 34), strict=True)]
    lines = [
        DrawnRow([sheet.name, column.heading, *notes_of])
        for sheet in book.sheets
        for column in sheet.columns
        for notes_of in [meaning_parts(column)]
    ]
    words = "各表各栏怎样填。把鼠标停在表头上，也能看到这些说明。本页只供查看，不读取。"
    return Drawing(GUIDE, words, headings, lines, checked=False)


def meaning_parts(column: BookColumn) -> list[Content | None]:
    """Return what the guide says of a column, cell by cell."""
    return [does(column), column.notation.words, default(column) or "—", example(column)]


def place_findings(drawings: Sequence[Drawing], findings: Iterable[Finding], book: Book) -> None:
    """Set every finding beside the line that it is about, or at the head of its sheet."""
    for finding in findings:
        drawing, line = _home(drawings, finding.path)
        table = next((sheet.place.model for sheet in book.sheets if sheet.name == drawing.name), book.root)
        words = f"{SEVERITY[finding.severity]}：{in_names(finding.words, table)}"
        (line or drawing).checks.append(words)


def _home(drawings: Sequence[Drawing], path: Path) -> tuple[Drawing, DrawnRow | None]:
    """Return the sheet and line nearest to a path: a key's own column decides between two sheets of one table."""
    found: tuple[int, int, Drawing, DrawnRow | None] = (-1, 0, drawings[0], None)
    for drawing in drawings:
        if drawing.path is not None and drawing.path == _names_in(path)[: len(drawing.path)]:
            found = max(found, (2 * len(drawing.path) - 1, 0, drawing, None), key=lambda one: one[:2])
        for line in drawing.lines:
            if line.path and line.path == path[: len(line.path)]:
                below = path[len(line.path) :][:1]
                own = int(bool(below) and below[0] in drawing.keys)
                found = max(found, (2 * len(line.path), own, drawing, line), key=lambda one: one[:2])
    return found[2], found[3]


def _names_in(path: Path) -> Path:
    return tuple(part for part in path if isinstance(part, str))
