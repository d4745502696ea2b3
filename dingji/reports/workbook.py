"""分类定级结果.xlsx: the office's own book of results, a sheet a view of the outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from xlsxwriter import Workbook

from dingji.forms.palette import new_book
from dingji.forms.stamp import Stamp
from dingji.outcome import Outcome
from dingji.reports.columns import ReportTable
from dingji.reports.details import details
from dingji.reports.flat import flat_sheet, write_flat
from dingji.reports.grade_chart import insert_grade_charts
from dingji.reports.movement import movement
from dingji.reports.overview import overview
from dingji.reports.problem_list import problem_list
from dingji.reports.sheet import (
    A3,
    HEAD_ROWS,
    Layout,
    Placed,
    freeze,
    prepare,
    write_table,
)
from dingji.reports.steps import adjustments, steps
from dingji.reports.styles import Styles, grade_tints
from dingji.reports.submission import submission
from dingji.reports.summary import summary
from dingji.reports.surveys import surveys
from dingji.reports.view import OutcomeView
from dingji.reports.widths import widths_of
from dingji.seal import seal

TITLE = "分类定级结果"
ROW_LIMIT = 1_048_576
"""Rows of a sheet, the format's own limit."""
RED, ORANGE, YELLOW = "#F8CBAD", "#FFE0B2", "#FFF2CC"
STATE_TINTS = {"未报": RED, "待改": YELLOW, "重复": YELLOW, "旧版": YELLOW, "未识别": YELLOW}
LEVEL_TINTS = {"拒收": RED, "须处理": ORANGE, "提醒": YELLOW}


@dataclass(frozen=True)
class Book:
    """A workbook being written: the view it tells, its formats, and how many rows a sheet may have."""

    view: OutcomeView
    workbook: Workbook
    styles: Styles
    row_limit: int

    @property
    def grade_tints(self) -> dict[str, str]:
        """Return the tints of the grades of all standards."""
        return grade_tints(self.view.outcome.schemes.values())


def _put(book: Book, name: str, tables: Sequence[ReportTable], layout: Layout, stamp: str = "") -> list[Placed]:
    """Write tables below each other on one sheet, and the stamp below them; the first one's headings stay in view."""
    sheet = book.workbook.add_worksheet(name)
    widths = widths_of(tables)
    prepare(sheet, widths, layout)
    placed: list[Placed] = []
    for table in tables:
        row = placed[-1].end + 1 if placed else 0
        placed.append(write_table(sheet, book.styles, table, widths, layout, row))
    if stamp:
        sheet.write_string(placed[-1].end, 0, stamp, book.styles.look("stamp"))
    freeze(sheet, placed[0], layout)
    return placed


def _put_long(book: Book, name: str, table: ReportTable) -> None:
    """Write a table that may have more rows than a sheet; the rest goes to sheets numbered from 2."""
    widths, layout = widths_of([table]), Layout()
    for number, part in enumerate(shards(table, book.row_limit - HEAD_ROWS), start=1):
        sheet = flat_sheet(book.workbook, name if number == 1 else f"{name}{number}")
        prepare(sheet, widths, layout)
        freeze(sheet, write_flat(sheet, book.styles, part, widths), layout)


def shards(table: ReportTable, most: int) -> Iterator[ReportTable]:
    """Cut a table into parts of at most so many rows; at least one part."""
    for start in range(0, max(len(table.rows), 1), most):
        yield replace(table, rows=table.rows[start : start + most])


def _overview(book: Book) -> None:
    layout = Layout(A3, 3, book.grade_tints)
    outcome = book.view.outcome
    # By its stamp the next round recognises the book as 上期结果, and its round.
    stamp = Stamp("result", next(iter(outcome.schemes)), "", outcome.settings.round.label, "", "")
    _put(book, "一览表", [overview(outcome, "internal")], layout, stamp.text())


def _summary(book: Book) -> None:
    placed = _put(book, "汇总表", summary(book.view.outcome), Layout(frozen=1))
    insert_grade_charts(book.workbook, "汇总表", placed, list(book.view.outcome.schemes.values()))


def _details(book: Book) -> None:
    _put_long(book, "得分明细", details(book.view))


def _surveys(book: Book) -> None:
    _put(book, "测评统计", [surveys(book.view)], Layout())


def _adjustments(book: Book) -> None:
    _put(book, "加分与直接定级", [adjustments(book.view)], Layout(tints=book.grade_tints))


def _steps(book: Book) -> None:
    _put_long(book, "计算过程", steps(book.view))


def _movement(book: Book) -> None:
    _put(book, "晋位对比", [movement(book.view)], Layout(frozen=3, tints=book.grade_tints))


def _submission(book: Book) -> None:
    _put(book, "报送情况", submission(book.view), Layout(tints=STATE_TINTS))


def _problems(book: Book) -> None:
    _put(book, "问题清单", [problem_list(book.view)], Layout(tints=LEVEL_TINTS))


SHEETS: tuple[Callable[[Book], None], ...] = (
    _overview,
    _summary,
    _details,
    _surveys,
    _adjustments,
    _steps,
    _movement,
    _submission,
    _problems,
)
"""The sheets in order; a new one is a function and a line here."""


def write_results(outcome: Outcome, row_limit: int = ROW_LIMIT) -> bytes:
    """Return 分类定级结果.xlsx, sealed; long sheets are cut before `row_limit` rows."""
    stream = BytesIO()
    workbook = new_book(stream, TITLE)
    book = Book(OutcomeView(outcome), workbook, Styles(workbook), row_limit)
    for put in SHEETS:
        put(book)
    workbook.close()
    return seal(stream.getvalue())
