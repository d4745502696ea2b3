"""What a form is: head cells, sheets, columns and printed rows. Plain data, picklable, free of any file library.

The same declaration writes a blank workbook (`forms.write`), reads a filled one (`intake`) and prints the
manual's table. `field` names the column of the entries table that a form's column fills.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

Reads = Literal["printed", "text", "mark", "number", "count", "choice", "date", "formula"]
HINT = "供参考"
CLAIMED = "上一轮申报"
"""A locked page of what was asked points for the time before; the one that only a book handed out has."""
CLAIMS = "自评表"
"""The sheet of the marks that a branch gives itself."""
"""Heads what is printed in grey beside the rows of a form handed out; no form declares it, so nobody reads it."""
Shape = Literal["printed", "wide", "records"]
"""printed: rows given by the standard, found by key; wide: a row a branch or ballot, a column a mark;
records: a row an event, a column a field."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet, found by its heading. `low` and `full` bound a mark; `item` is what a wide mark is for."""

    heading: str
    field: str = ""
    reads: Reads = "text"
    width: int = 10
    item: str = ""
    low: Fraction | None = None
    full: Fraction | None = None
    choices: tuple[str, ...] = ()
    hint: str = ""
    key: bool = False
    needed: bool = True
    """Printed on every form; one that is not needed only where it is asked for."""
    may_lack: bool = False
    """A table made by hand without this column is read all the same: whatever it would say is missed row by row."""
    by_hand: bool = False
    """Of a column that may lack: only in a table made by hand, for nothing tells row by row that it is gone."""
    instead: str = ""
    """The heading of a column that says the same, so that one of the two is enough."""
    suffix: str = ""
    """What is printed after the heading, such as the full mark; no part of the heading itself."""
    places: int | None = None
    """Decimals shown of a printed figure."""
    at_most: str = ""
    """The heading of the count that this one cannot exceed."""
    month_enough: bool = False
    """Of a date the month will do."""
    telling: bool = False
    """What is printed here tells which row it is: a file must have it as the standard does."""

    @property
    def shown(self) -> str:
        """Return the heading as it is printed; what follows it has a line of its own."""
        return f"{self.heading}\n{self.suffix}" if self.suffix else self.heading


@dataclass(frozen=True)
class Row:
    """A printed row: its key, the printed texts by heading, and bounds or choices of what is typed in it."""

    key: str
    texts: tuple[tuple[str, str], ...]
    low: Fraction | None = None
    full: Fraction | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    item: str = ""
    rule: str = ""
    group: str = ""
    shut: tuple[str, ...] = ()
    """Headings under which this row takes nothing."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of a form. `total` says under which headings a live total stands; `spare` is the number of empty rows."""

    name: str
    shape: Shape
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    spare: int = 0
    total: tuple[str, ...] = ()
    note: str = ""
    optional: bool = False
    landscape: bool = True
    paper: Literal["A4", "A3"] = "A4"
    complete: bool = False
    """Rows that are given are all there are: no empty ones below them."""
    stressed: bool = False
    """The headings of needed columns are printed in a darker colour."""
    part: Literal["fact", "record"] = "record"
    """What a row of a records sheet is: something that happened under a rule, or another record."""
    units: tuple[tuple[str, str], ...] = ()
    """Unit of measure by rule name, so that a rate (%) typed in a record is read as one."""
    blocks: int = 0
    """Printed rows stand once a branch, below each other; this is how many branches a blank has room for."""
    excusable: bool = False
    """Instead of a mark a rater may write why there is none (回避, 缺席)."""
    sparing: bool = False
    """Columns that are not needed stand only where a row has something for them, on the office's paper too."""

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings in order."""
        return tuple(column.heading for column in self.columns)


@dataclass(frozen=True)
class HeadCell:
    """A labelled cell above the table; the value stands to the label's right."""

    label: str
    reads: Literal["text", "count", "choice", "date"] = "text"
    choices: tuple[str, ...] = ()
    prefilled: bool = False
    at_most: str = ""
    """The label of the count that this one cannot exceed."""
    of_rows: bool = False
    """Said once for all rows of the table; what a row says of its own under this heading goes before it."""


YES_NO = ("是", "否")
OWN = "own."
"""What the field of a column that a standard adds to the roster begins with."""
SETTINGS = "settings"
"""The kind of the page of settings, whose rows are no entries."""
PEER = "评分党组织"
"""The column that tells, where many branches mark each other in one sheet, who gave a row's marks."""
ABSTAIN = "弃权"
EXCUSED = ("回避", "缺席")
"""What a rater writes in place of a mark."""
TALLY_MEAN = "平均分"
"""The column of a tally that holds the mean of marks."""
ROUND_HEAD = (HeadCell("轮次", prefilled=True), HeadCell("填报日期", "date"), HeadCell("填表人"))
"""The head of a form that the office keeps."""


@dataclass(frozen=True)
class Form:
    """A whole form. `owner` says whose it is: a branch, a rater, or the office for all branches."""

    kind: str
    title: str
    scheme: str
    scheme_title: str
    round: str
    source: str
    owner: Literal["unit", "rater", "office"]
    head: tuple[HeadCell, ...]
    sheets: tuple[Sheet, ...]
    sign_off: str = ""
    reference: tuple[Sheet, ...] = ()
    """Locked sheets to look things up in; never read back, and no part of the fingerprint."""
    called: str = ""
    """What this form is called where not by its kind: 述职评议表, which is read as 评定表 is."""
    work: str = ""
    """What the grading is called, printed above the form's own title."""
    parts: tuple[Form, ...] = ()
    """The forms that one book holds, each with its own of the sheets: such a book is read as all of them."""
    earlier: tuple[Sheet, ...] = ()
    """The sheet as it was laid out before: one handed out so is read all the same, its columns being known still."""

    @property
    def heading(self) -> str:
        """Return what the form is called on paper and as a file."""
        return self.called or self.title

    @cached_property
    def fingerprint(self) -> str:
        """Return eight hex digits of what the form shows (kind, rows, order, full marks), not of weights or bands."""
        return self._fingerprint_of(self.sheets)

    @cached_property
    def fingerprints(self) -> frozenset[str]:
        """Return the fingerprints of all layouts that are read: today's and the earlier ones."""
        return frozenset((self.fingerprint, *(self._fingerprint_of((sheet,)) for sheet in self.earlier)))

    def _fingerprint_of(self, sheets: tuple[Sheet, ...]) -> str:
        shown = [self.kind, *map(_shown, sheets)]
        return hashlib.sha256("\n".join(shown).encode()).hexdigest()[:8]


def _shown(sheet: Sheet) -> str:
    kept = [column for column in sheet.columns if column.needed or column.reads != "printed"]  # others come and go
    columns = [f"{column.heading}:{column.full}" for column in kept]
    rows = [f"{row.key}:{row.full}" for row in sheet.rows]
    return "|".join([sheet.name, *columns, *rows])
