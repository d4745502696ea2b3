"""Faults of the rows that a form prints: sorted, typed over, deleted, added to, or filled in a second time elsewhere."""

from __future__ import annotations

from functools import partial
from typing import Final

from openpyxl.workbook import Workbook

from dingji.demo.faults.forms import hand, loose
from dingji.demo.faults.handwork import CLAIM, CLAIMS, Change, by_hand, first_claim, heading
from dingji.demo.faults.kit import MARKS, Alter, Case, Fault
from dingji.demo.faults.surveys import entered
from dingji.demo.faults.typed import claim
from dingji.forms.filling import Value

CONTENT: Final = "考评内容"
FULL: Final = "分值"
TALLY: Final = "测评汇总"


def numbered(change: Change) -> Alter:
    """Return a fault by hand of a form whose rows are known by their numbers; StopIteration where they are not."""

    def alter(case: Case) -> None:
        sheet = case.own().form.sheets[0]
        next(column for column in sheet.columns if column.key and column.heading == "序号")
        hand(change)(case)

    return alter


def several(change: Change) -> Alter:
    """Return a fault by hand of a form with several rows; StopIteration where there is but one."""

    def alter(case: Case) -> None:
        next(iter(case.own().form.sheets[0].rows[1:]))
        hand(change)(case)

    return alter


def sorted_by_half(book: Workbook) -> None:
    """Change two rows about, their numbers left where they were."""
    page, top = book[CLAIMS], heading(book[CLAIMS], CONTENT)
    one, other = (page.cell(top.row + below, top.column) for below in (1, 2))
    one.value, other.value = other.value, one.value


def other_full_mark(book: Workbook) -> None:
    """Type another full mark into the first row."""
    top = heading(book[CLAIMS], FULL)
    book[CLAIMS].cell(top.row + 1, top.column).value = 99


def reworded(book: Workbook) -> None:
    """Add a word to what the first row prints."""
    top = heading(book[CLAIMS], CONTENT)
    cell = book[CLAIMS].cell(top.row + 1, top.column)
    cell.value = f"{cell.value}（本支部）"


def numbers_in_words(book: Workbook) -> None:
    """Write the numbers of the rows as people say them."""
    page, top = book[CLAIMS], heading(book[CLAIMS], "序号")
    for row in range(top.row + 1, page.max_row + 1):
        cell = page.cell(row, top.column)
        if isinstance(cell.value, int | float):
            cell.value = f"第{int(cell.value)}项"


def row_of_its_own(book: Workbook) -> None:
    """Put a row into the table that the standard does not have."""
    loose(book)
    page, cell = book[CLAIMS], first_claim(book)
    page.insert_rows(cell.row + 1)
    page.cell(cell.row + 1, 1).value = "自加"
    page.cell(cell.row + 1, 2).value = "特色工作"
    page.cell(cell.row + 1, cell.column).value = 1


def deleted_row(book: Workbook) -> None:
    """Delete the first row of the table."""
    loose(book)
    book[CLAIMS].delete_rows(first_claim(book).row)


def merged_marks(book: Workbook) -> None:
    """Merge the first two marks."""
    page, cell = book[CLAIMS], first_claim(book)
    page.merge_cells(start_row=cell.row, end_row=cell.row + 1, start_column=cell.column, end_column=cell.column)


def second_sheet(book: Workbook) -> None:
    """Copy the sheet within the workbook, as for another branch or an earlier draft."""
    copy = book.copy_worksheet(book[CLAIMS])
    copy.title = f"{CLAIMS} (2)"


def tally_without_a_line(case: Case) -> None:
    """Tally the ballots and delete the first line of the tally; StopIteration where that is all there is."""
    paper = entered(case, as_tally=True)
    lines = next(sheet for sheet in paper.form.sheets if sheet.name == TALLY).rows
    next(iter(lines[1:]))

    def delete(book: Workbook) -> None:
        loose(book, TALLY)
        book[TALLY].delete_rows(heading(book[TALLY], "项目").row + 1)

    paper.works.append(by_hand(delete))


def pasted(case: Case) -> Value:
    """Return the first mark with a sign before it that nobody sees."""
    return f"\u200b{next(iter(case.own().printed[CLAIMS].values()))[CLAIM]}"


def more_than_were_due(case: Case) -> None:
    """Let more members attend than there were to."""
    case.own().head.update({"应到": 10, "实到": 12, "赞成": 12})


def total_only(case: Case) -> None:
    """Let a rater type a total over the live one, and leave the marks blank."""
    case.appointed()
    paper = case.book()
    for line in paper.rows["评定表"]:
        for name in case.marks:
            line.pop(name, None)

    def type_over(book: Workbook) -> None:
        top = heading(book["评定表"], "合计")
        book["评定表"].cell(top.row + 1, top.column).value = 88

    paper.works.append(by_hand(type_over))


def section(book: Workbook) -> None:
    """Put a section with the sum of all its rows above the first."""
    loose(book)
    page, cell = book[CLAIMS], first_claim(book)
    claims = [page.cell(row, cell.column).value for row in range(cell.row, page.max_row + 1)]
    page.insert_rows(cell.row)
    page.cell(cell.row - 1, 1).value = "一、"
    page.cell(cell.row - 1, 2).value = "合起来"
    page.cell(cell.row - 1, cell.column).value = sum(value for value in claims if isinstance(value, int | float))


def painted_over(book: Workbook) -> None:
    """Merge the first two marks by a format painter, which leaves the lower one in its cell."""
    page, cell = book[CLAIMS], first_claim(book)
    page.merged_cells.add(f"{cell.coordinate}:{cell.offset(1, 0).coordinate}")


row = partial(Fault, "行")


def more_returned(case: Case) -> None:
    """Let two ballots more be returned than were valid, and none invalid."""
    paper = entered(case)
    size = len(paper.rows["测评票"])
    paper.head |= {**dict.fromkeys(("应参加", "实到", "发出", "收回"), size + 2), "无效": 0}


FAULTS: Final = (
    row("行序打乱", ("E217",), "只排了后面几栏的序，序号没有动", numbered(sorted_by_half)),
    row("分值改动", ("E217",), "把分数填到了“分值”栏", several(other_full_mark)),
    row("印字改动", ("W232",), "改了印好的考评内容", numbered(reworded)),
    row("序号写法", (), "序号写成“第1项”，照样认得", numbered(numbers_in_words)),
    row("自加一行", ("W233",), "自己加了一项，标准中没有", hand(row_of_its_own)),
    row("整行删除", ("E219",), "删掉了一行", hand(deleted_row)),
    row("得分合并", ("E218",), "两项的得分合并成一格", several(merged_marks)),
    row("另有一张", ("W234",), "一个工作簿里有两张一样的自评表", hand(second_sheet)),
    row("分段小计", (), "各项上面加了一行小计，不算一项", several(section)),
    row("盖住的分", ("E241",), "用格式刷合并，下面一格的分还在", several(painted_over)),
    row("人数矛盾", ("W235",), "实到比应到还多", more_than_were_due),
    row("粘贴的数", ("N220",), "从聊天里粘贴的数，前面有看不见的符号", claim(pasted)),
    row("票数矛盾", ("W412",), "收回的张数不等于有效加无效", more_returned, needs=("survey",)),
    row("只填合计", ("E237",), "评委只填了合计，各项空着", total_only, needs=("committee", MARKS)),
    row("汇总缺行", ("E219",), "测评汇总里删掉了一行", tally_without_a_line, needs=("survey",)),
)  # fmt: skip
