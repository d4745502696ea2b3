"""A form's sheet, columns and head cells are found by their words, wherever someone moved them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dingji.forms.declare import Column, Form, HeadCell, Sheet
from dingji.read.grid import Grid, position_of
from dingji.read.locate import HeadValue, locate_sheet, read_head
from dingji.read.reading import FileReading
from tests.papers import BOOK, SELF, SURVEY, altered, at, book_of, cells_with, codes, good, in_head, read, told

Alter = Callable[[Workbook], object]


def figures(reading: FileReading) -> list[tuple[object, ...]]:
    """Return what a reading says, without its addresses: branch, ballot, item, option, figure, state."""
    names = ("code", "rater", "item", "option", "value", "state")
    return sorted(zip(*(reading.columns[name] for name in names), strict=True), key=str)


def insert_rows_on_top(book: Workbook) -> None:
    page = book.worksheets[0]
    _unmerge(page)
    page.insert_rows(1, 3)
    page["A1"] = "附件2"


def insert_columns(book: Workbook) -> None:
    for page in book.worksheets[:2]:
        _unmerge(page)
        page.insert_cols(1, 2)
        page.insert_cols(5)


def move_columns(book: Workbook) -> None:
    """Bring the columns into another order; the head above the table stays where it is."""
    page = book.worksheets[0]
    header = _header(page)
    _unmerge(page)
    columns = list(page.iter_cols(min_row=header, max_row=page.max_row))
    values = [[cell.value for cell in column] for column in columns]
    for column, moved in zip(columns, [*values[3:], *values[:3]], strict=True):
        for cell, value in zip(column, moved, strict=True):
            cell.value = value


def repeat_header(book: Workbook) -> None:
    page = book.worksheets[0]
    header = _header(page)
    _unmerge(page)
    texts = [cell.value for cell in page[header]]
    page.insert_rows(header + 4)
    for column, text in enumerate(texts, start=1):
        page.cell(header + 4, column).value = text


def subtotals(book: Workbook) -> None:
    """Put the sum of the first two rows below these, and the sum of all below all: a total is known by its figure."""
    page = book.worksheets[0]
    header = _header(page)
    _unmerge(page)
    figures = [page.cell(row, 6).value for row in range(header + 1, page.max_row + 1)]
    typed = [figure for figure in figures if isinstance(figure, int | float)]
    page.insert_rows(header + 3)
    page.cell(header + 3, 1).value = "小　计："
    page.cell(header + 3, 6).value = sum(typed[:2])
    last = page.max_row + 1
    page.cell(last, 1).value = "合 计"
    page.cell(last, 6).value = sum(typed)


def notes_below(book: Workbook) -> None:
    page = book.worksheets[0]
    last = page.max_row
    page.cell(last + 2, 1).value = "说明：以上各项均经支委会研究。"
    page.cell(last + 3, 1).value = "评委签字："
    page.cell(last + 3, 5).value = "日期："
    page.cell(last + 4, 1).value = "共1页"


def rename_sheet(book: Workbook) -> None:
    for number, page in enumerate(book.worksheets):
        if page.title != "_meta":
            page.title = f"Sheet{number}"


def full_width_headings(book: Workbook) -> None:
    for page in book.worksheets[:2]:
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value in ("自评得分", "党组织编码", "领导班子好", "序号"):
                    cell.value = f" {cell.value[:2]}\n{cell.value[2:]}　"


def hide_rows(book: Workbook) -> None:
    for row in range(10, 14):
        book.worksheets[0].row_dimensions[row].hidden = True


def add_a_sheet_in_front(book: Workbook) -> None:
    book.create_sheet("草稿", 0)["A1"] = "草稿，不用看"


def without(*sheets: str) -> Alter:
    """Return what takes sheets out of a workbook."""

    def alter(book: Workbook) -> None:
        for sheet in sheets:
            book.remove(book[sheet])

    return alter


def _unmerge(page: Worksheet) -> None:
    for block in list(page.merged_cells.ranges):
        page.unmerge_cells(str(block))


def _header(page: Worksheet) -> int:
    found = [cells_with(page, heading) for heading in ("票号", "序号", "党组织编码")]
    return next(cells for cells in found if cells)[-1].row


@pytest.mark.parametrize(
    "alter",
    [
        insert_rows_on_top,
        insert_columns,
        move_columns,
        repeat_header,
        subtotals,
        notes_below,
        rename_sheet,
        full_width_headings,
        add_a_sheet_in_front,
    ],
)
@pytest.mark.parametrize("path", [SELF, BOOK, SURVEY])
def test_moving_things_about_does_no_harm(path: str, alter: Alter) -> None:
    before, after = read(good()[path]), read(altered(good()[path], alter))
    assert figures(after) == figures(before)
    assert codes(after.problems) == []
    assert (after.code, after.rater, after.head) == (before.code, before.rater, before.head)


@pytest.mark.parametrize("path", [SELF, BOOK, SURVEY])
def test_hidden_rows_are_read_and_said_to_be_hidden(path: str) -> None:
    """Nobody who looks at the form sees what counts there."""
    before, after = read(good()[path]), read(altered(good()[path], hide_rows))
    assert figures(after) == figures(before)
    assert codes(after.problems) == ["W244"]


def test_addresses_follow_what_moved() -> None:
    before, after = read(good()[SELF]), read(altered(good()[SELF], insert_rows_on_top))
    first, moved = (
        position_of(reading.columns["cell"][reading.columns["item"].index("1")]) for reading in (before, after)
    )
    assert (moved[0] - first[0], moved[1] - first[1]) == (3, 0)


@pytest.mark.parametrize(
    ("path", "sheet", "heading", "lacking"),
    [(SELF, "自评表", "自评得分", "自评表：自评得分"), (BOOK, "评定表", "工作机制好", "评定表：工作机制好")],
)
def test_a_missing_column_refuses_the_form_and_names_it(path: str, sheet: str, heading: str, lacking: str) -> None:
    def rename(book: Workbook) -> None:
        cells_with(book[sheet], heading)[-1].value = "改过的标题"

    reading = read(altered(good()[path], rename))
    assert not reading.taken
    assert [(problem.code, problem.sheet, problem.values["what"]) for problem in reading.problems] == [
        ("E117", sheet, lacking)
    ]


def test_a_missing_sheet_refuses_the_form_and_names_what_it_needs() -> None:
    """Without its table a form would otherwise count as handed in, and say nothing."""
    for path, sheet in ((SELF, "自评表"), (BOOK, "评定表")):
        reading = read(altered(good()[path], without(sheet)))
        assert not reading.taken
        assert codes(reading.problems) == ["E117"]
        assert reading.problems[0].values["what"].startswith(f"{sheet}（")


def test_a_survey_may_come_without_its_ballots_or_without_its_tally() -> None:
    assert codes(read(altered(good()[SURVEY], without("测评汇总"))).problems) == []
    assert codes(read(altered(good()[SURVEY], without("测评票"))).problems) == ["E411"]  # the tally is not filled in
    neither = altered(good()[SURVEY], lambda book: (without("测评票", "测评汇总")(book), book.create_sheet("空")))
    assert codes(read(neither).problems) == ["E117"]


def test_a_row_deleted_from_the_form_is_a_blank_mark() -> None:
    def delete(book: Workbook) -> None:
        page = book["自评表"]
        _unmerge(page)
        page.delete_rows(at(page, "3", "自评得分").row)

    reading = read(altered(good()[SELF], delete))
    states = dict(zip(reading.columns["item"], reading.columns["state"], strict=True))
    assert states["3"] == "blank"
    assert states["4"] == "typed"


@pytest.mark.parametrize(
    ("first", "again", "expected", "state"),
    [(4, 4, [], "typed"), (4, None, [], "typed"), (None, 4, [], "typed"), (4, 3, ["E227"], "refused")],
)
def test_a_row_that_stands_twice_counts_once(first: object, again: object, expected: list[str], state: str) -> None:
    """A copy of the row or a blank one is no second claim; of two different figures neither counts."""

    def copy(book: Workbook) -> None:
        page = book["自评表"]
        _unmerge(page)
        cell = at(page, "1", "自评得分")
        cell.value = first  # type: ignore[assignment]
        page.insert_rows(cell.row + 1)
        page.cell(cell.row + 1, 1).value = "1"
        page.cell(cell.row + 1, 6).value = again  # type: ignore[assignment]

    reading = read(altered(good()[SELF], copy))
    assert codes(reading.problems) == expected
    places = [place for place, item in enumerate(reading.columns["item"]) if item == "1"]
    assert [reading.columns["state"][place] for place in places] == [state]
    assert [reading.columns["value"][place] for place in places] == [None if expected else 4_000_000]


@pytest.mark.parametrize(("figure", "expected"), [(None, []), (3, ["E236"])])
def test_a_second_column_of_the_same_heading(figure: object, expected: list[str]) -> None:
    """An empty one does no harm; where both are filled and differ, none can say which counts."""

    def add(book: Workbook) -> None:
        page = book["自评表"]
        header, cell = cells_with(page, "自评得分")[0], at(page, "1", "自评得分")
        page.cell(header.row, 9).value = "自评得分"
        page.cell(cell.row, 9).value = figure  # type: ignore[assignment]

    reading = read(altered(good()[SELF], add))
    assert codes(reading.problems) == expected
    assert reading.taken is not bool(expected)


def test_merged_identity_stands_for_the_rows_that_it_covers() -> None:
    """Many ballots of a branch under one merged code are all that branch's."""

    def merge(book: Workbook) -> None:
        page = book["测评票"]
        header = cells_with(page, "票号")[0]
        _unmerge(page)
        page.insert_cols(1, 2)
        page.cell(header.row, 1).value, page.cell(header.row, 2).value = "党组织编码", "党组织名称"
        page.cell(header.row + 1, 1).value = "ZB01"
        page.merge_cells(start_row=header.row + 1, end_row=header.row + 10, start_column=1, end_column=1)

    reading = read(altered(good()[SURVEY], merge))
    parts = zip(reading.columns["part"], reading.columns["code"], strict=True)
    assert codes(reading.problems) == []
    assert [code for part, code in parts if part == "mark"] == ["ZB01"] * 10 * 5


@pytest.mark.parametrize(
    ("hidden", "other", "expected"),
    [(True, 0, ["W234"]), (False, None, ["W234"]), (False, 0, ["E247"])],
)
def test_a_backup_beside_the_form_is_not_read_instead_of_it(
    *, hidden: bool, other: object, expected: list[str]
) -> None:
    """A hidden copy never wins, one that says the same does no harm; of two that differ a person chooses."""

    def back_up(book: Workbook) -> None:
        copy = book.copy_worksheet(book["自评表"])
        copy.title, copy.sheet_state = "备份", "hidden" if hidden else "visible"
        at(copy, "1", "自评得分").value = at(copy, "1", "自评得分").value if other is None else other  # type: ignore[assignment]
        book.move_sheet(copy, -3)

    reading = read(altered(good()[SELF], back_up))
    assert codes(reading.problems) == expected
    if expected != ["E247"]:
        assert figures(reading) == figures(read(good()[SELF]))


# --- the head ---------------------------------------------------------------------------------------------

HEAD = Form(
    "self",
    "表",
    "x",
    "x",
    "2026 年初",
    "",
    "unit",
    tuple(map(HeadCell, ("党组织名称", "党组织编码", "填表人", "实到"))),
    (Sheet("表", "wide", tuple(map(Column, ("党组织编码", "党组织名称", "领导班子好")))),),
)

HEADS = """
党组织名称 | 一支部 | 党组织编码 | ZB01     -> 党组织名称=一支部@B1 党组织编码=ZB01@D1
党组织名称： | 一支部                        -> 党组织名称=一支部@B1
党组织名称：一支部 | 填表人:张               -> 党组织名称=一支部@A1 填表人=张@B1
党 组 织 名 称 | | | 一支部                  -> 党组织名称=一支部@D1
党组织名称 | 党组织编码 | ZB01               -> 党组织编码=ZB01@C1
党组织名称 | 填表人：张                      -> 填表人=张@B1
党组织名称                                   ->
党组织编码 | 党组织名称 | 领导班子好         ->
党组织名称： | | 填表人                      ->
实到 | 0                                     -> 实到=0@B1
"""


@pytest.mark.parametrize("line", HEADS.strip().splitlines())
def test_head_cells(line: str) -> None:
    """A value stands to the right of its label, or behind its colon; what follows a blank is the next label."""
    drawn, _, expected = line.partition("->")
    found = read_head(HEAD, [Grid("表", [[cell.strip() for cell in drawn.split("|")]])])
    assert " ".join(f"{each.label}={each.value}@{each.cell}" for each in found.values()) == expected.strip()


def test_of_two_labels_alike_the_first_with_a_value_counts() -> None:
    grid = Grid("表", [["填表人", ""], ["填表人", "张"], ["填表人", "李"]])
    assert read_head(HEAD, [grid])["填表人"] == HeadValue("填表人", "张", "表", "B2")


def test_a_formula_never_calculated_in_the_head_is_no_blank() -> None:
    grid = Grid("表", [["实到", "", "填表人", "张"]], faults={(0, 1): ""})
    assert read_head(HEAD, [grid])["实到"].fault == ""
    broken = read(altered(good()[SURVEY], in_head("测评票", "收回", "=SUM(A1:A9)")))
    assert [problem.subject for problem in told(broken.problems, "E209")] == ["收回"]


# --- which row is the heading row -------------------------------------------------------------------------

TABLE = Sheet(
    "表",
    "wide",
    (Column("编码", "code"), Column("名称", "name"), Column("得分", "value", "mark"), Column("合计", reads="formula")),
)


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([["编码", "名称", "得分", "合计"]], 0),
        ([["表"], ["编码", "名称", "得分"]], 1),
        ([["编码", "名称"], ["编码", "名称", "得分"]], 1),
        ([["编码", "名称"]], 0),
        ([["编码"]], None),
        ([["编码", "别的", "别的"]], None),
        ([[""]] * 70 + [["编码", "名称", "得分"]], None),
    ],
)
def test_the_row_with_the_most_headings_is_the_heading_row(rows: list[list[str]], header: int | None) -> None:
    located = locate_sheet(TABLE, [Grid("别的", rows)])
    assert (located.header if located else None) == header


def test_a_workbook_made_by_hand_is_read_by_its_headings() -> None:
    """The same headings typed into a new book, without stamp, title or lock."""
    from_scratch = book_of(
        ["评委", "评委一", "来源", "党委评定"],
        ["党组织编码", "党组织名称", "领导班子好", "党员队伍好", "工作机制好", "工作业绩好", "说明"],
        ["ZB01", "一支部", 10, "19分", 18, 28],
        sheet="评定表",
    )
    reading = read(from_scratch)
    assert (reading.kind, reading.rater, reading.source) == ("committee", "评委一", "党委评定")
    assert codes(reading.problems) == ["N114", "N220"]
    assert [value for value in reading.columns["value"] if value] == [10_000_000, 19_000_000, 18_000_000, 28_000_000]
