"""分类定级结果.xlsx: the office's own book of results, a sheet a view of the outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from dingji.checkcode import word_codes
from dingji.forms.ledger_form import TITLE as LEDGER_SHEET
from dingji.forms.palette import new_book
from dingji.forms.stamp import Stamp
from dingji.reports.columns import ReportTable
from dingji.reports.details import details
from dingji.reports.flat import FlatSheet, flat_sheet
from dingji.reports.foot import of_work
from dingji.reports.grade_chart import insert_grade_charts
from dingji.reports.held_against import NAME as HELD_SHEET
from dingji.reports.held_against import held_against
from dingji.reports.ledger_sheet import ledger_sheet
from dingji.reports.live_overview import insert_links, live_overview
from dingji.reports.mark_cells import NAME as MARK_SHEET
from dingji.reports.mark_cells import sheet_name
from dingji.reports.movement import NAME as MOVEMENT_SHEET
from dingji.reports.movement import insert_movement_chart, movement, movement_counts, movement_rates
from dingji.reports.overview import overview
from dingji.reports.problem_list import problem_list
from dingji.reports.rates import NAME as RATE_SHEET
from dingji.reports.rates import insert_rate_charts, rates, shade
from dingji.reports.reckoned import NAME as RECKONED_SHEET
from dingji.reports.reckoned import Reckoned, nothing_reckoned
from dingji.reports.sheet import HEAD_ROWS, Layout, Placed, put_sheet
from dingji.reports.stated import NAME as STATED_SHEET
from dingji.reports.steady_sheet import steady_tables
from dingji.reports.steps import adjustments, steps
from dingji.reports.styles import Styles, grade_tints
from dingji.reports.submission import submission
from dingji.reports.summary import summary
from dingji.reports.surveys import surveys
from dingji.reports.units_compared import NAME as UNITS_SHEET
from dingji.reports.units_compared import units_compared
from dingji.reports.view import OutcomeView
from dingji.reports.widths import widths_of
from dingji.sealed_book import SealedBook

TITLE = "结果"
ROW_LIMIT = 1_048_576
"""Rows of a sheet, the format's own limit."""
RED, ORANGE, YELLOW = "#F8CBAD", "#FFE0B2", "#FFF2CC"
STATE_TINTS = {"未报": RED, "待改": YELLOW, "重复": YELLOW, "旧版": YELLOW, "未识别": YELLOW}
LEVEL_TINTS = {"拒收": RED, "须处理": ORANGE, "提醒": YELLOW}


@dataclass
class Book:
    """A workbook being written: the view it tells, its formats, and how many rows a sheet may have."""

    view: OutcomeView
    workbook: SealedBook
    styles: Styles
    row_limit: int

    @cached_property
    def reckoned(self) -> Reckoned:
        """Return the formulas, and where they stand."""
        return Reckoned(self.view, self.row_limit)

    def headed(self, tables: Sequence[ReportTable]) -> list[ReportTable]:
        """Return a sheet's tables with 密级 and 知悉范围 below the title of the first."""
        secret = self.view.outcome.settings.publish.secret_line
        first, *others = tables
        return [replace(first, title=f"{first.title}\n{secret}") if secret else first, *others]

    @property
    def grade_tints(self) -> dict[str, str]:
        """Return the tints of the grades of all standards."""
        return grade_tints(self.view.outcome.schemes.values())


def _put(
    book: Book, name: str, tables: Sequence[ReportTable], layout: Layout, stamp: str = ""
) -> tuple[FlatSheet, list[Placed]]:
    """Write a sheet down to its last row: nothing that its rows are made of is held any longer than that."""
    sheet = flat_sheet(book.workbook, name, passing=True)
    placed = put_sheet(sheet, book.styles, book.headed(tables), layout, stamp)
    sheet.finish(book.workbook.begun(sheet))
    return sheet, placed


def _put_long(book: Book, name: str, table: ReportTable, starts: Sequence[int]) -> None:
    """Write a table that may have more rows than a sheet; the rest goes to sheets numbered from 2."""
    layout = Layout(long=True, widths=widths_of([table]))
    for number, part in enumerate(shards(table, starts)):
        _put(book, sheet_name(name, number), [part], layout)


def shards(table: ReportTable, starts: Sequence[int]) -> Iterator[ReportTable]:
    """Cut a table into parts, each beginning with one of these rows."""
    for start, end in pairwise([*starts, len(table)]):
        yield replace(table, values=tuple(values[start:end] for values in table.values))


def _overview(book: Book) -> None:
    layout = Layout(3, book.grade_tints)
    outcome = book.view.outcome
    plain = overview(book.view, "internal")
    # By its stamp the next round recognises the book as 上期结果, its round, and whether its words are as written.
    codes = word_codes(plain.headings, plain.texts())
    stamp = Stamp("result", next(iter(outcome.schemes)), codes, outcome.settings.round.label, "", "")
    table = live_overview(plain, book.view, book.reckoned)
    sheet, (placed,) = _put(book, "一览表", [table], layout, stamp.text())
    insert_links(sheet, placed, book.view, book.reckoned)


def _summary(book: Book) -> None:
    _, placed = _put(book, "汇总表", summary(book.view), Layout(frozen=1))
    insert_grade_charts(book.workbook, "汇总表", placed, list(book.view.outcome.schemes.values()))


def _units(book: Book) -> None:
    _put(book, UNITS_SHEET, units_compared(book.view), Layout(frozen=1))


def _rates(book: Book) -> None:
    sheet, placed = _put(book, RATE_SHEET, rates(book.view), Layout(frozen=2))
    shade(sheet, placed)
    insert_rate_charts(book.workbook, sheet, placed)


def _details(book: Book) -> None:
    _put_long(book, MARK_SHEET, details(book.view), book.reckoned.cuts)


def _surveys(book: Book) -> None:
    _put(book, "测评统计", [surveys(book.view)], Layout())


def _adjustments(book: Book) -> None:
    _put(book, "加分与直接定级", [adjustments(book.view)], Layout(tints=book.grade_tints))


def _steps(book: Book) -> None:
    table = steps(book.view)
    _put_long(book, "计算过程", table, range(0, max(len(table), 1), book.row_limit - HEAD_ROWS))


def _steadiness(book: Book) -> None:
    _put(book, "临界提示", steady_tables(book.view), Layout(frozen=3, tints=book.grade_tints))


def _movement(book: Book) -> None:
    tables = [movement(book.view), *movement_rates(book.view), *movement_counts(book.view)]
    _, placed = _put(book, MOVEMENT_SHEET, tables, Layout(frozen=3, tints=book.grade_tints))
    insert_movement_chart(book.workbook, placed)


def _submission(book: Book) -> None:
    _put(book, "报送情况", submission(book.view), Layout(tints=STATE_TINTS))


def _problems(book: Book) -> None:
    _put(book, "问题清单", [problem_list(book.view)], Layout(tints=LEVEL_TINTS))


def _ledger(book: Book) -> None:
    _put(book, LEDGER_SHEET, [ledger_sheet(book.view)], Layout(frozen=3, tints=book.grade_tints))


def _reckoned(book: Book) -> None:
    tables = [block.table for block in book.reckoned.blocks]
    _put(book, RECKONED_SHEET, tables or [nothing_reckoned(book.view)], Layout())


def _held_against(book: Book) -> None:
    _put(book, HELD_SHEET, [held_against(book.view, book.reckoned)], Layout())


def _stated(book: Book) -> None:
    """Write 标准 last: what the formulas of all sheets before it read has its cell by then."""
    _put(book, STATED_SHEET, [book.reckoned.stated.table()], Layout(frozen=0))


SHEETS: tuple[Callable[[Book], None], ...] = (
    _overview,
    _summary,
    _rates,
    _details,
    _surveys,
    _adjustments,
    _steps,
    _steadiness,
    _movement,
    _submission,
    _problems,
    _ledger,
    _units,
    _reckoned,
    _held_against,
    _stated,
)
"""The sheets in order; a new one is a function and a line here."""


def write_results(view: OutcomeView, row_limit: int = ROW_LIMIT) -> bytes:
    """Return 分类定级结果.xlsx, sealed; long sheets are cut before `row_limit` rows."""
    workbook = new_book(of_work(view.outcome, TITLE))
    book = Book(view, workbook, Styles(workbook), row_limit)
    for put in SHEETS:
        put(book)
    return workbook.sealed()
