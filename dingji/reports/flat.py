"""The body of a report table: each column is turned into XML as a whole.

XlsxWriter keeps an object a cell and serialises each by itself, which takes most of the time of a workbook
with hundreds of thousands of cells. Here equal values of a column share one piece of XML. Titles, headings, sums
and everything else go through XlsxWriter's own methods and stand between the flat blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape  # that of xml.sax.saxutils brings what talks to servers with it
from io import StringIO
from typing import Any, Final

from xlsxwriter.url import Url
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

TEXT_LIMIT: Final = 32_767
"""The longest text that a cell holds."""

AT_ONCE: Final = 32_768
"""So many cells, in whole rows, are put together at a time."""

SHARED: Final = ' t="s"><v>'
"""In the XML of every cell that holds one of the workbook's texts, and nowhere else: formulas have no bare > or <."""

DOWN_TO_ROWS: Final = (
    "_xml_declaration",
    "_write_worksheet",
    "_write_sheet_pr",
    "_write_dimension",
    "_write_sheet_views",
    "_write_sheet_format_pr",
    "_write_cols",
    "_write_sheet_data",
)
"""XlsxWriter's own methods that write a sheet from its beginning to its last row, in order."""

Pieces = Callable[[slice], list[str]]
"""Gives the XML of some cells of a column, each to follow its cell's address."""


class FlatSheet(Worksheet):
    """A worksheet whose blocks of rows are put in column by column.

    A `passing` sheet makes the XML of its rows when it is `finished`, so many rows at a time; any other when they are
    put.
    """

    def __init__(self) -> None:
        super().__init__()
        self.passing = False
        self._blocks: dict[int, tuple[list[Pieces], list[str]]] = {}
        self._whole: Any = self

    def piece(self, value: str | float, style: int) -> str:
        """Return the XML of a value in a format, to follow a cell's address; text is never a formula or a link."""
        if not isinstance(value, str):
            return f'" s="{style}"><v>{value!r}</v></c>'
        if not value:
            return f'" s="{style}"/>'
        shared, text = self._whole.str_table, value[:TEXT_LIMIT]
        number = shared.string_table.setdefault(text, shared.unique_count)
        shared.unique_count = len(shared.string_table)
        return f'" s="{style}"{SHARED}{number}</v></c>'

    def pieces(self, texts: Sequence[str], style: int) -> list[str]:
        """Return the same of a column of texts in one format, made once a text."""
        made = {text: self.piece(text, style) for text in dict.fromkeys(texts)}
        return list(map(made.__getitem__, texts))

    def formula(self, text: str, value: str | float, style: int) -> str:
        """Return the XML of a formula and the value that it comes to; of the value alone where there is no formula."""
        if not text:
            return self.piece(value, style)
        if "<" in text or ">" in text or "&" in text:
            text = escape(text, quote=False)
        if isinstance(value, str):
            return f'" s="{style}" t="str"><f>{text}</f><v>{escape(value, quote=False)}</v></c>'
        return f'" s="{style}"><f>{text}</f><v>{value!r}</v></c>'

    def link(self, row: int, column: int, cell: str) -> None:
        """Make a cell lead to another of the workbook."""
        self._whole.hyperlinks[row][column] = Url(f"internal:{cell}")

    def put_columns(
        self, first: int, count: int, columns: Sequence[Pieces], heights: Mapping[int, float], least: str
    ) -> None:
        """Put so many rows, given as columns of `piece`s, from row `first` (from 0) on.

        `heights`, in points, are of the higher ones among them by their place; `least` are a row's attributes
        otherwise.
        """
        looks = [least] * count
        for place, points in heights.items():
            looks[place] = f' ht="{points!r}" customHeight="1"'
        made = columns if self.passing else [column(slice(count)).__getitem__ for column in columns]
        self._blocks[first] = (list(made), looks)
        self._check_dimensions(first + count - 1, len(columns) - 1)

    def finish(self, text: StringIO) -> None:
        """Write the sheet down to its last row; only what stands below the rows is left for the workbook's closing."""
        whole = self._whole
        whole.selected = whole.index == whole.worksheet_meta.activesheet
        whole._set_xml_writer(text)  # noqa: SLF001 - as XlsxWriter's packager does
        for name in DOWN_TO_ROWS:
            getattr(whole, name)()
            setattr(whole, name, _done)

    def _write_rows(self) -> None:
        """Write XlsxWriter's own rows and the flat ones in order; overrides the one method that serialises rows."""
        whole, lowest, last = self._whole, self.dim_rowmin, self.dim_rowmax
        for first, (columns, looks) in sorted(self._blocks.items()):
            whole.dim_rowmax = first - 1
            super()._write_rows()
            whole.dim_rowmin = first + len(looks)
            for text in _rows(first, columns, looks):
                whole.str_table.count += text.count(SHARED)
                whole.fh.write(text)
        whole.dim_rowmax = last
        super()._write_rows()
        whole.dim_rowmin = lowest
        self._blocks.clear()


def _done() -> None:
    """Write nothing where XlsxWriter's own method has written already."""


def _rows(first: int, columns: Sequence[Pieces], looks: Sequence[str]) -> Iterator[str]:
    """Yield the XML of rows, many at a time: every piece is laid into its place among the others, then all are joined.

    A row is its opening, number and look, then for each column a cell's opening, the row's number and the piece.
    """
    cells = [piece for index in range(len(columns)) for piece in (f'<c r="{xl_col_to_name(index)}', "", "")]
    row, step = ['<row r="', "", "", *cells, "</row>"], AT_ONCE // len(columns) + 1
    for start in range(0, len(looks), step):
        some = slice(start, start + step)
        count = len(looks[some])
        numbers = list(map(str, range(first + start + 1, first + start + count + 1)))
        pieces = row * count
        pieces[1 :: len(row)] = numbers
        pieces[2 :: len(row)] = [f'"{look}>' for look in looks[some]]
        for index, column in enumerate(columns, start=1):
            pieces[3 * index + 1 :: len(row)] = numbers
            pieces[3 * index + 2 :: len(row)] = column(some)
        yield "".join(pieces)


def number_of(style: Any) -> int:  # noqa: ANN401 - asks what XlsxWriter keeps to itself
    """Return the number by which cells name a format."""
    number: int = style._get_xf_index()  # noqa: SLF001 - there is no public way
    return number


def flat_sheet(book: Any, name: str, *, passing: bool = False) -> FlatSheet:  # noqa: ANN401 - XlsxWriter has no types
    """Add a flat worksheet to a workbook."""
    sheet = book.add_worksheet(name, worksheet_class=FlatSheet)
    if not isinstance(sheet, FlatSheet):
        raise TypeError(name)
    sheet.passing = passing
    return sheet
