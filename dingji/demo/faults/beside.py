"""Faults of what is known beside values: formats, strikes, hidden sheets, notes, names, and how a file is kept."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import Final

from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from dingji.demo.faults.default_password import old_packaged, packaged
from dingji.demo.faults.files import TEXT_ONLY, container, dialect, hostile, named
from dingji.demo.faults.forms import form, hand
from dingji.demo.faults.handwork import (
    CLAIM,
    CLAIMS,
    PAGE,
    Change,
    becomes,
    by_hand,
    done,
    first_claim,
    grids_of,
    heading,
    repacked,
    replaced,
)
from dingji.demo.faults.kit import MARKS, Alter, Case, Fault
from dingji.demo.faults.old_excel import SECTOR, as_xls
from dingji.demo.faults.other_formats import as_csv
from dingji.demo.faults.rows import numbered
from dingji.demo.faults.surveys import entered, survey
from dingji.read.grid import Grid

BALLOTS: Final = "测评票"
STRUCK: Final = Font(strike=True)

# --- files ------------------------------------------------------------------------------------------------


def tabbed(raw: bytes) -> bytes:
    """Save the first sheet as what Excel calls Unicode text."""
    return as_csv(grids_of(raw)[0], "utf-8").decode().replace(",", "\t").encode("utf-16")


def of_facts(alter: Alter) -> Alter:
    """Return a fault of a form that has a sheet of facts too; StopIteration where it has none."""

    def only(case: Case) -> None:
        next(sheet for sheet in case.own().form.sheets if sheet.part == "fact")
        alter(case)

    return only


def main_part_elsewhere(parts: dict[str, bytes]) -> None:
    """Name the main part of a workbook as programs on the web do."""
    for name in ("_rels/.rels", "[Content_Types].xml"):
        parts[name] = parts[name].replace(b"xl/workbook.xml", b"xl/workbook22.xml")
    parts["xl/workbook22.xml"] = parts.pop("xl/workbook.xml")
    parts["xl/_rels/workbook22.xml.rels"] = parts.pop("xl/_rels/workbook.xml.rels")


def in_a_circle() -> bytes:
    """Return an old workbook, one of whose sectors is followed by itself."""
    raw = bytearray(as_xls([Grid("表", [["甲"]])]))
    first = SECTOR + 4 * 2  # its place in the table of sectors: after the table's own and the directory's
    raw[first : first + 4] = struct.pack("<I", 2)
    return bytes(raw)


def oddly_named(case: Case) -> None:
    """Give the file a name with signs that look like spaces or like nothing."""
    case.renamed("\u3000（终\u00a0稿）.xlsx")


def named_void(case: Case) -> None:
    """Say in the file's name that it does not count, and hand it in all the same."""
    case.renamed("（作废）.xlsx")


# --- sheets, rows and cells -------------------------------------------------------------------------------


def hidden_sheet(book: Workbook) -> None:
    """Hide the sheet that is filled in."""
    book.create_sheet("说明")
    book[CLAIMS].sheet_state = "hidden"
    book.active = book.sheetnames.index("说明")


def struck_heading(book: Workbook) -> None:
    """Strike the heading of the marks through."""
    heading(book[CLAIMS], CLAIM).font = STRUCK


def struck_row(book: Workbook) -> None:
    """Strike through what is printed in a row, and leave its mark."""
    book[CLAIMS].cell(first_claim(book).row, 1).font = STRUCK


def void_remark(book: Workbook) -> None:
    """Say beside a mark that it does not count."""
    first_claim(book).offset(0, 1).value = "作废"


def words_covered(book: Workbook) -> None:
    """Merge what stands beside a name by a format painter, which leaves words below it."""
    page, label = book[CLAIMS], heading(book[CLAIMS], "填表人")
    name = label.offset(0, 1)
    name.value = "某同志"
    page.merged_cells.add(f"{label.coordinate}:{name.coordinate}")


def error_as_text(book: Workbook) -> None:
    """Paste an error as a text into a mark."""
    cell = first_claim(book)
    cell.value, cell.data_type = "#REF!", "s"


def on_ballots(change: Change) -> Alter:
    """Return a fault by hand of ballots that were entered."""

    def alter(case: Case) -> None:
        entered(case).works.append(by_hand(change))

    return alter


def count_in_percent(book: Workbook) -> None:
    """Let the head show the valid ballots as a share."""
    cell = heading(book[BALLOTS], "有效").offset(0, 1)
    cell.value, cell.number_format = 1, "0%"


def note_beside(book: Workbook) -> None:
    """Write a word beside the first ballot, where no heading is."""
    page, top = book[BALLOTS], heading(book[BALLOTS], "票号")
    page.cell(top.row + 1, page.max_column + 1).value = "涂改"


def all_in_one(case: Case) -> None:
    """Add a row without a number, in which everything is as in the best of the ballots; StopIteration without marks."""
    paper = entered(case)
    marks = [column.heading for column in paper.form.sheets[0].columns if column.item and column.reads == "mark"]
    next(iter(marks))
    rows = paper.rows[BALLOTS]
    typed = {
        name: [value for row in rows if isinstance(value := row.get(name), int | float | Fraction)] for name in marks
    }
    best = {name: max(values) for name, values in typed.items()}
    rows.append({**best})
    paper.head |= dict.fromkeys(("应参加", "实到", "发出", "收回", "有效"), len(rows))


def blank_option(case: Case) -> None:
    """Leave an option of a tally blank, and the ballots out of its head."""
    paper = entered(case, as_tally=True)
    sheet = next(sheet for sheet in paper.form.sheets if sheet.name == "测评汇总")
    key = next(row.key for row in sheet.rows if row.unit)
    option = next(column.heading for column in sheet.columns if column.field == "votes")
    paper.printed["测评汇总"][key] = {option: 9}
    for label in ("应参加", "实到", "发出", "收回", "有效", "无效"):
        paper.head.pop(label, None)


def other_total(case: Case) -> None:
    """Let a rater type a total that is not what the marks come to."""
    case.appointed()

    def type_over(book: Workbook) -> None:
        top = heading(book["评定表"], "合计")
        book["评定表"].cell(top.row + 1, top.column).value = 1.5

    case.book().works.append(by_hand(type_over))


FAULTS: Final = (
    container("默认密码", (), "Excel 自带的密码，打开时不问，照常读取", done(packaged)),
    container("旧版默认密码", (), "旧格式 .xls 保护了工作簿结构，打开时不问密码，照常读取", named(".xls", lambda raw: old_packaged(grids_of(raw)))),
    container("文件名有空格", (), "文件名里有看不见的空格", oddly_named),
    container("文件名作废", ("W566",), "文件名里写着“作废”，仍然照读", named_void),
    hostile("循环扇区", ("E103", "E310"), "旧格式 .xls 内部首尾相接", named(".xls", becomes(in_a_circle))),
    hostile("标签不闭", ("E103", "E310"), "内部写到一半", done(replaced(PAGE, (b"</sheetData>", b'<c r="A1"')))),
    dialect("制表符文本", TEXT_ONLY, "另存为“Unicode 文本”（.txt）", of_facts(named(".txt", tabbed))),
    dialect("主部件改名", (), "网上的表格程序保存的", done(repacked(main_part_elsewhere))),
    form("隐藏工作表", ("W244",), "填好的那张工作表被隐藏了，照样读", hand(hidden_sheet)),
    form("标题划去", ("E117",), "“自评得分”这个标题划去了", hand(struck_heading)),
    form("印行划去", ("E240",), "序号划去了，分还在", numbered(struck_row)),
    form("旁注作废", ("W565",), "说明里写着“作废”，分还在，仍然计入", hand(void_remark)),
    form("盖住的字", (), "合并时盖住了一个名字，不影响分数", hand(words_covered)),
    form("错误当字", ("E209",), "错误值贴成了文字", hand(error_as_text)),
    survey("票数百分比", ("E206",), "“有效”显示成 100%", on_ballots(count_in_percent)),
    survey("票旁有字", ("W565",), "一张票旁边写着“涂改”，仍然计入", on_ballots(note_beside)),
    survey("最高一行", ("E245",), "票的下面多了一行各项最高分，没有票号", all_in_one),
    survey("选项空着", ("E561",), "汇总的一个选项空着，表头也没有写票数", blank_option),
    Fault("评委", "合计不符", ("W567",), "评委手填的合计与各项得分不一致", other_total, ("committee", MARKS)),
)  # fmt: skip
