"""Faults of the form: not the right one, not the branch's own, or rearranged by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from openpyxl.workbook import Workbook

from dingji.demo.faults.handwork import (
    CLAIM,
    CLAIMS,
    Change,
    by_hand,
    done,
    first_claim,
    heading,
    replaced,
    without_stamp,
)
from dingji.demo.faults.kit import Alter, Case, Fault
from dingji.forms.declare import Form
from dingji.forms.filling import Filling
from dingji.forms.stamp import PREFIX
from dingji.forms.write import write_form
from dingji.scheme.model import Scheme

MISSING: Final = "E310"


def of_another_standard(case: Case) -> None:
    """Hand in the form of another standard."""
    paper = case.own()
    paper.form = replace(paper.form, scheme="another-standard")


def older(case: Case) -> None:
    """Hand in the form as it was before the standard got its last item."""
    paper = case.own()
    first, *rest = paper.form.sheets
    key = first.rows[-1].key
    paper.form = replace(paper.form, sheets=(replace(first, rows=first.rows[:-1]), *rest))
    paper.printed[first.name].pop(key, None)


def of_last_year(case: Case) -> None:
    """Hand in the form of the same round a year before."""
    paper = case.own()
    year, _, name = paper.form.round.partition(" ")
    paper.form = replace(paper.form, round=f"{int(year) - 1} {name}")


def of_another_branch(case: Case) -> None:
    """Fill in the form that was handed out to another branch."""
    case.own().who = case.desk.stage.branches[0].code


def unrelated(case: Case) -> None:
    """Hand in a table that has nothing to do with this."""
    case.withheld()
    case.added(f"{case.branch.name}.xlsx", _list_of_phones(case.desk.stage.scheme))


def _list_of_phones(scheme: Scheme) -> bytes:
    """Return a workbook that is no form, written like one and stripped of what tells."""
    form = Form("list", "通讯录", scheme.id, "", "", "", "office", (), ())
    raw = write_form(form, Filling())
    return replaced("", (PREFIX.encode(), "通讯录".encode()))(raw)


def aside(case: Case) -> None:
    """Put a second, older copy where it is not read."""
    paper = case.own()
    case.copied(f"{case.branch.name}旧稿.xlsx", paper)
    case.desk.papers[-1].path = f"不采用/{case.branch.name}旧稿.xlsx"
    case.paths[:] = [case.desk.papers[-1].path]


def damaged_stamp(book: Workbook) -> None:
    """Type over the grey line by which a form is known."""
    without_stamp(book)
    for page in book.worksheets:
        page["A1"] = f"{PREFIX}|改过"


def renamed_sheet(book: Workbook) -> None:
    """Give the sheet another name."""
    book[CLAIMS].title = "Sheet1"


def without_claims(book: Workbook) -> None:
    """Delete the sheet of the marks; an empty one stays."""
    book.create_sheet("Sheet1")
    book.remove(book[CLAIMS])


def renamed_heading(book: Workbook) -> None:
    """Type over the heading of the marks."""
    heading(book[CLAIMS], CLAIM).value = "得分情况"


def loose(book: Workbook, name: str = CLAIMS) -> None:
    """Take the merged blocks apart, as a spreadsheet does before rows and columns are moved."""
    page = book[name]
    for block in list(page.merged_cells.ranges):
        page.unmerge_cells(str(block))
    page.protection.sheet = False


def inserted_columns(book: Workbook) -> None:
    """Put two columns in, one before everything and one before the marks."""
    loose(book)
    page = book[CLAIMS]
    page.insert_cols(heading(page, CLAIM).column)
    page.insert_cols(1)


def swapped_columns(book: Workbook) -> None:
    """Move the remarks before the marks."""
    loose(book)
    page = book[CLAIMS]
    marks, remarks = heading(page, CLAIM).column, heading(page, "情况说明").column
    for row in range(heading(page, CLAIM).row, page.max_row + 1):
        one, other = page.cell(row, marks), page.cell(row, remarks)
        one.value, other.value = other.value, one.value


def inserted_rows(book: Workbook) -> None:
    """Put empty rows above the table and within it."""
    loose(book)
    page = book[CLAIMS]
    top = heading(page, CLAIM).row
    page.insert_rows(top + 3, 2)
    page.insert_rows(top, 3)


def repeated_heading(book: Workbook) -> None:
    """Copy the headings to where a new page begins."""
    loose(book)
    page = book[CLAIMS]
    top = heading(page, CLAIM).row
    page.insert_rows(top + 3)
    for column in range(1, page.max_column + 1):
        page.cell(top + 3, column).value = page.cell(top, column).value


def merged_blocks(book: Workbook) -> None:
    """Merge the cells of two rows in a column by which no row is known."""
    page = book[CLAIMS]
    top = heading(page, "评分办法")
    page.merge_cells(start_row=top.row + 1, end_row=top.row + 2, start_column=top.column, end_column=top.column)


def subtotal(book: Workbook) -> None:
    """Put a row with the sum of all into the table."""
    loose(book)
    page = book[CLAIMS]
    cell = first_claim(book)
    claims = [page.cell(row, cell.column).value for row in range(cell.row, page.max_row + 1)]
    page.insert_rows(cell.row + 2)
    page.cell(cell.row + 2, 1).value = "小计"
    page.cell(cell.row + 2, cell.column).value = sum(value for value in claims if isinstance(value, int | float))


def hidden_row(book: Workbook) -> None:
    """Hide the first row of the table."""
    cell = first_claim(book)
    book[CLAIMS].row_dimensions[cell.row].hidden = True


def filled_copy(book: Workbook) -> None:
    """Leave the sheet blank and fill in a copy of it."""
    loose(book)
    book.copy_worksheet(book[CLAIMS]).title = f"{CLAIMS} (2)"
    top = heading(book[CLAIMS], CLAIM)
    for row in range(top.row + 1, book[CLAIMS].max_row + 1):
        book[CLAIMS].cell(row, top.column).value = None


def differing_copy(book: Workbook) -> None:
    """Fill in a copy of the sheet with another first mark."""
    book.copy_worksheet(book[CLAIMS]).title = f"{CLAIMS} (2)"
    first_claim(book).value = 0.5


def notes_below(book: Workbook) -> None:
    """Write remarks under the table."""
    page = book[CLAIMS]
    page.cell(page.max_row + 2, 1).value = "备注：以上得分经支委会讨论，满分 100 分。"
    page.cell(page.max_row + 1, 1).value = "2026年3月5日"


def hand(change: Change) -> Alter:
    """Return the fault that somebody rearranged the form by hand."""
    return done(by_hand(change))


form = partial(Fault, "表")

FAULTS: Final = (
    form("别的标准", ("E110", MISSING), "领错了表：是另一个标准的", of_another_standard),
    form("旧版表", ("E111",), "用了以前领的表，少一项", older),
    form("上年旧表", ("E112",), "用了去年的表", of_last_year),
    form("他人表格", ("E113", MISSING), "拿别的支部的表改了抬头", of_another_branch),
    form("无关表格", ("W109", MISSING), "交来的是通讯录", unrelated),
    form("不采用稿", ("N119",), "旧稿放在“不采用”文件夹，不读", aside),
    form("没有识别码", ("N114",), "把表复制到新工作簿里填的", hand(without_stamp)),
    form("识别码残缺", ("W118",), "左上角灰色小字被改动", hand(damaged_stamp)),
    form("工作表改名", (), "工作表标签改成了 Sheet1", hand(renamed_sheet)),
    form("缺工作表", ("E117",), "把自评表那一页删掉了", hand(without_claims)),
    form("标题改动", ("E117",), "“自评得分”改成了别的字", hand(renamed_heading)),
    form("插入列", (), "自己加了两列", hand(inserted_columns)),
    form("栏目换位", (), "两栏换了位置", hand(swapped_columns)),
    form("插入行", (), "自己加了几行空行", hand(inserted_rows)),
    form("重复表头", (), "分页处又写了一遍标题", hand(repeated_heading)),
    form("合并单元格", (), "“评分办法”一栏上下合并了", hand(merged_blocks)),
    form("小计行", (), "表中间加了“小计”行，不算一项", hand(subtotal)),
    form("隐藏行", ("W244",), "有一行隐藏了，照样读", hand(hidden_row)),
    form("空表副本", (), "原表空着，填的是它的副本，读副本", hand(filled_copy)),
    form("两张都填", ("E247",), "同一张表填了两份，内容不同", hand(differing_copy)),
    form("表下加注", (), "表下面写了备注，不算", hand(notes_below)),
)
