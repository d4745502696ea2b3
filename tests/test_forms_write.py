"""Forms as written: opened again with another library, they show what a person would see and may type."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dingji.forms.ballots import write_ballots
from dingji.forms.blanks import blank_forms
from dingji.forms.catalogue import forms_of
from dingji.forms.declare import Column, Form, HeadCell, Sheet
from dingji.forms.filling import BLANK, Cells, Filling
from dingji.forms.layout import head_spots, height, line_count, text_width, written_columns
from dingji.forms.stamp import META_SHEET, read_stamp
from dingji.forms.write import write_form
from dingji.read.reading import FileReading, read_file
from dingji.read.recognise import Plan
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from tests.workspaces import PROGRAM

ROUND = "2026 年终"


def five_good() -> Scheme:
    scheme, findings = load_scheme(Path("schemes/five-good.toml").read_bytes())
    assert scheme is not None, findings
    return scheme


SCHEME = five_good()
FORMS = {form.title: form for form in forms_of(SCHEME, ROUND)}


def opened(form: Form, filling: Filling = BLANK, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(BytesIO(write_form(form, filling)), data_only=values)


def heading_row(sheet: Worksheet) -> int:
    """Return the row of headings: the one that is repeated on every printed page."""
    return int(str(sheet.print_title_rows).rpartition("$")[2])


def column_of(sheet: Worksheet, heading: str) -> tuple[int, int]:
    """Return the first row below a heading and its column."""
    row = heading_row(sheet)
    texts = [str(cell.value or "").partition("\n")[0] for cell in sheet[row]]
    return row + 1, texts.index(heading) + 1


def value_cell(sheet: Worksheet, label: str) -> Cell | MergedCell:
    """Return the cell right of a head cell's label."""
    cell = next(cell for row in sheet.iter_rows(max_row=12) for cell in row if cell.value == label)
    return sheet.cell(cell.row, cell.column + 1)


def fits_page(sheet: Worksheet) -> bool:
    setup = sheet.sheet_properties.pageSetUpPr
    return setup is not None and bool(setup.fitToPage)


@pytest.mark.parametrize(("count", "tall"), [(16, 0), (28, 1), (45, 0)])
def test_a_few_rows_do_not_stand_alone_on_a_last_page(count: int, tall: int) -> None:
    """28 branches take a page and a quarter, 45 nearly two: only the former are printed smaller."""
    rows = [{"党组织编码": f"D{number:03d}", "党组织名称": "某支部"} for number in range(count)]
    sheet = opened(FORMS["评定表"], Filling(rows={"评定表": rows}))["评定表"]
    assert fits_page(sheet)
    assert (1 if sheet.page_setup.fitToHeight is None else sheet.page_setup.fitToHeight) == tall


@pytest.mark.parametrize("title", ["审定表", "更正表", "收件登记", "情形申报"])
def test_a_blank_list_is_one_page_and_takes_more_rows_than_it_prints(title: str) -> None:
    """What stands below the page on the screen is empty cells without a frame, which do not print."""
    sheet = opened(FORMS[title])[title]
    (first,) = sheet.iter_cols(max_col=1, min_row=4)
    framed = [number for number, cell in enumerate(first, start=4) if cell.border.left.style]
    tall = sum(sheet.row_dimensions[row].height or 18.0 for row in range(2, framed[-1] + 1))
    letters = [get_column_letter(place) for place in range(1, sheet.max_column + 1)]
    wide = sum(5.25 * sheet.column_dimensions[letter].width for letter in letters)
    high, across = (508.6, 784.4) if sheet.page_setup.orientation == "landscape" else (755.6, 537.4)
    if sheet.page_setup.paperSize == 8:
        high, across = (755.6, 1133.4)
    filled = tall * min(1, across / wide)
    assert filled <= high
    assert filled > high - 36 or len(framed) > 30
    assert sheet.protection.insertRows is False
    assert not sheet.cell(framed[-1] + 5, 1).protection.locked


def test_a_list_that_takes_no_marks_has_no_column_for_their_sum() -> None:
    scheme = load_scheme((PROGRAM / "schemes/responsibility.toml").read_bytes())[0]
    assert scheme is not None
    form = next(form for form in forms_of(scheme, ROUND) if form.kind == "committee")
    assert [column.heading for column in form.sheets[0].columns if column.needed] == [
        "党组织编码",
        "党组织名称",
        "说明",
    ]


def rule_at(sheet: Worksheet, address: str) -> DataValidation | None:
    return next((rule for rule in sheet.data_validations.dataValidation if address in rule.sqref), None)


def address(sheet: Worksheet, heading: str, down: int = 0) -> str:
    row, column = column_of(sheet, heading)
    found: str = sheet.cell(row + down, column).coordinate
    return found


def value_beside(sheet: Worksheet, label: str) -> object:
    return value_cell(sheet, label).value


@pytest.mark.parametrize("title", list(FORMS))
def test_every_form_carries_its_stamp_twice_and_gives_the_same_bytes_twice(title: str) -> None:
    form = FORMS[title]
    raw = write_form(form, Filling(who="001"))
    assert raw == write_form(form, Filling(who="001"))
    book = openpyxl.load_workbook(BytesIO(raw))
    assert book.sheetnames == [*(sheet.name for sheet in (*form.sheets, *form.reference)), META_SHEET]
    assert book[META_SHEET].sheet_state == "veryHidden"
    lines = {sheet["A1"].value for sheet in book}
    assert len(lines) == 1
    stamp = read_stamp(str(lines.pop()))
    assert stamp is not None
    assert (stamp.kind, stamp.scheme, stamp.round, stamp.who) == (form.kind, "five-good", ROUND, "001")
    assert stamp.fingerprint == form.fingerprint


@pytest.mark.parametrize("title", list(FORMS))
def test_every_sheet_is_guided_printable_and_protected(title: str) -> None:
    form = FORMS[title]
    book = opened(form)
    for declared in form.sheets:
        sheet = book[declared.name]
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert sheet.page_setup.paperSize == {"A4": 9, "A3": 8}[declared.paper]
        assert (sheet.page_setup.orientation == "landscape") == declared.landscape
        assert fits_page(sheet)
        listed = declared.shape == "wide" and not declared.spare
        tall = 1 if listed or (declared.shape == "printed" and not declared.blocks) else 0
        setup = sheet.page_setup
        assert (setup.fitToWidth or 1, 1 if setup.fitToHeight is None else setup.fitToHeight) == (1, tall)
        assert sheet.oddFooter is not None
        assert str(sheet.oddFooter.center.text) == "第 &P 页 共 &N 页"
        assert (sheet.oddFooter.left.text == "评委（签字）：") == (title == "评定表" and sheet.title == "评定表")
        row = heading_row(sheet)
        assert sheet.freeze_panes in (f"A{row + 1}", f"C{row + 1}", f"D{row + 1}")
        assert sheet["A1"].protection.locked
        assert sheet["A1"].font.sz == 5
        assert any(not cell.protection.locked for cells in sheet.iter_rows() for cell in cells)


def test_validation_messages_are_chinese_and_within_limits() -> None:
    sheets = [sheet for form in FORMS.values() for sheet in opened(form)]
    rules = [rule for sheet in sheets for rule in sheet.data_validations.dataValidation]
    assert {rule.type for rule in rules} >= {"decimal", "whole", "list", "date", "custom"}
    for rule in rules:
        texts = [text for text in (rule.error, rule.errorTitle, rule.prompt, rule.promptTitle) if text]
        assert texts
        assert all(any("一" <= character <= "鿿" for character in text) for text in texts)
        assert all(len(text) <= 255 for text in texts)


def test_self_form_bounds_each_mark_and_totals_exactly() -> None:
    marks = {str(number): {"自评得分": Decimal("0.1")} for number in range(1, 4)}
    head: Cells = {"党组织名称": "一支部", "填报日期": date(2026, 3, 1)}
    filling = Filling("001", head, printed={"自评表": marks})
    sheet = opened(FORMS["自评表"], filling)["自评表"]
    first = rule_at(sheet, address(sheet, "自评得分"))
    tenth = rule_at(sheet, address(sheet, "自评得分", 15))
    assert first is not None
    assert tenth is not None
    assert (first.type, first.formula1, first.formula2, first.errorStyle) == ("decimal", "0", "4", None)
    assert tenth.formula2 == "10"
    assert first.prompt == "空白不当作0分；得0分请填0"
    row, column = column_of(sheet, "自评得分")
    total = sheet.cell(row + 19, column)
    assert sheet.cell(row + 19, 1).value == "合计"
    area = f"{address(sheet, '自评得分')}:{address(sheet, '自评得分', 18)}"
    assert total.value == f'=IF(COUNT({area})=0,"",SUM({area}))'
    values = opened(FORMS["自评表"], filling, values=True)["自评表"]
    assert values.cell(row + 19, column).value == 0.3
    assert values.cell(row + 19, column_of(sheet, "分值")[1]).value == 100
    assert sheet.cell(row, column).value == 0.1
    assert value_beside(sheet, "填报日期") == datetime(2026, 3, 1)  # noqa: DTZ001 - spreadsheets know no zones


def test_a_blank_form_totals_nothing() -> None:
    sheet = opened(FORMS["自评表"], values=True)["自评表"]
    row, column = column_of(sheet, "自评得分")
    assert sheet.cell(row + 19, column).value is None


def test_only_what_a_person_fills_in_is_unlocked() -> None:
    sheet = opened(FORMS["自评表"], Filling("001", {"党组织名称": "一支部"}))["自评表"]
    row = column_of(sheet, "自评得分")[0]
    unlocked = [cell.column for cell in sheet[row] if not cell.protection.locked]
    assert unlocked == [column_of(sheet, heading)[1] for heading in ("自评得分", "情况说明")]
    assert value_cell(sheet, "党组织名称").protection.locked
    assert not value_cell(sheet, "党组织编码").protection.locked
    assert not value_cell(sheet, "填表人").protection.locked
    assert sheet[address(sheet, "自评得分")].fill.fgColor.rgb == "FFFFFBE6"


def test_facts_open_only_the_cells_that_their_rule_needs() -> None:
    sheet = opened(FORMS["自评表"])["扣分加分"]
    row, rule_column = column_of(sheet, "规则")
    open_cells = {
        sheet.cell(number, rule_column).value: [
            heading
            for heading in ("选项", "数量", "分值", "说明")
            if not sheet.cell(number, column_of(sheet, heading)[1]).protection.locked
        ]
        for number in range(row, row + 21)
    }
    assert open_cells["不按期换届"] == ["选项", "分值", "说明"]
    assert open_cells["支委集中学习"] == ["数量", "分值", "说明"]
    down = list(open_cells).index("党员示范活动")
    rule = rule_at(sheet, address(sheet, "选项", down))
    assert rule is not None
    assert rule.formula1 == '"已开展,效果不好,未开展"'


def test_a_tally_takes_votes_for_questions_and_means_for_marks() -> None:
    sheet = opened(FORMS["测评表"])["测评汇总"]
    locked = [
        [sheet[address(sheet, heading, down)].protection.locked for heading in ("满意", "弃权", "平均分")]
        for down in (0, 1)
    ]
    assert locked == [[False, False, True], [True, True, False]]


def test_committee_form_locks_branches_adds_up_rows_and_admits_words() -> None:
    rows: list[Cells] = [
        {"党组织编码": "001", "党组织名称": "一支部", "领导班子好": Decimal("9.5"), "党员队伍好": 19},
        {"党组织编码": "002", "党组织名称": "二支部", "领导班子好": "回避"},
    ]
    filling = Filling("P1", {"评委": "评委甲"}, {"评定表": rows})
    sheet = opened(FORMS["评定表"], filling)["评定表"]
    row, code = column_of(sheet, "党组织编码")
    assert sheet.cell(row, code).value == "001"
    assert sheet.cell(row, code).number_format == "@"
    assert sheet.cell(row, code).protection.locked
    mark = address(sheet, "领导班子好")
    assert not sheet[mark].protection.locked
    rule = rule_at(sheet, mark)
    assert rule is not None
    assert rule.type == "custom"
    assert rule.formula1 == f'OR(AND(ISNUMBER({mark}),{mark}>=0,{mark}<=10),{mark}="回避",{mark}="缺席")'
    assert sheet[address(sheet, "合计")].value == '=IF(COUNT(C7:F7)=0,"",SUM(C7:F7))'
    values = opened(FORMS["评定表"], filling, values=True)["评定表"]
    assert [values[address(sheet, "合计", down)].value for down in (0, 1)] == [28.5, None]
    assert sheet.max_row == row + 1
    assert "评委编号" not in [cell.value for cell in sheet[row - 1]]


def test_a_book_of_many_raters_gets_their_column() -> None:
    rows = [{"评委编号": "P1", "党组织编码": "001", "党组织名称": "一支部"}]
    sheet = opened(FORMS["评定表"], Filling(rows={"评定表": rows}))["评定表"]
    assert column_of(sheet, "评委编号")[1] == 1


def test_columns_that_a_rater_does_not_fill_are_shut() -> None:
    rows = [{"党组织编码": "001", "党组织名称": "一支部"}]
    filling = Filling(rows={"评定表": rows}, shut=frozenset({"工作业绩好"}))
    sheet = opened(FORMS["评定表"], filling)["评定表"]
    assert sheet[address(sheet, "工作业绩好")].protection.locked
    assert rule_at(sheet, address(sheet, "工作业绩好")) is None
    assert not sheet[address(sheet, "工作机制好")].protection.locked


@pytest.mark.parametrize(
    ("title", "name", "given", "expected"),
    [
        ("评定表", "评定表", 0, (30, 30)),
        ("测评表", "测评票", 3, (60, 200)),
        ("平时记录", "平时记录", 2, (32, 200)),
        ("情形申报", "情形申报", 0, (22, 200)),
        ("情形申报", "情形申报", 2, (2, 2)),
        ("党组织名册", "名册", 0, (40, 200)),
    ],
)
def test_empty_rows_are_drawn_and_more_can_be_typed_in(
    title: str, name: str, given: int, expected: tuple[int, int]
) -> None:
    heading = "票号" if name == "测评票" else "党组织编码"
    rows = [{heading: f"{number:03d}"} for number in range(given)]
    sheet = opened(FORMS[title], Filling(rows={name: rows}))[name]
    row, column = column_of(sheet, heading)
    cells = [sheet.cell(number, column) for number in range(row, sheet.max_row + 1)]
    drawn = sum(cell.border.left.style is not None for cell in cells)
    assert (drawn, sum(not cell.protection.locked for cell in cells)) == expected


def test_a_filling_may_ask_for_more_rows() -> None:
    sheet = opened(FORMS["测评表"], Filling(spare={"测评票": 92}))["测评票"]
    row, column = column_of(sheet, "票号")
    below = [sheet.cell(number, column) for number in range(row, sheet.max_row + 1)]
    assert sum(cell.border.left.style is not None for cell in below) == 92
    tenth, next_one = sheet.cell(row + 9, column), sheet.cell(row + 10, column)
    assert (tenth.border.bottom.style, next_one.border.bottom.style) == ("medium", "thin")


def test_rules_of_choice_reach_the_rows_below_those_drawn() -> None:
    sheet = opened(FORMS["平时记录"])["平时记录"]
    last = sheet[address(sheet, "党组织编码", 199)]
    assert (last.protection.locked, last.number_format, last.border.left.style) == (False, "@", None)
    assert rule_at(sheet, address(sheet, "规则", 199)) is not None


def test_fixed_columns_are_locked_even_where_nothing_is_given() -> None:
    rows: list[Cells] = [{"党组织编码": "1", "测算等次": "好"}, {"党组织编码": "2"}]
    filling = Filling(rows={"审定表": rows}, fixed=frozenset({"测算等次"}), office="示范医院党委")
    sheet = opened(FORMS["审定表"], filling)["审定表"]
    locked = [sheet[address(sheet, "测算等次", down)].protection.locked for down in (0, 1)]
    assert locked == [True, True]
    assert not sheet[address(sheet, "审定等次")].protection.locked
    assert str(sheet["A2"].value).startswith("示范医院党委　")


def test_full_marks_stand_in_the_headings_and_are_read_past(tmp_path: Path) -> None:
    row: Cells = {"党组织编码": "001", "党组织名称": "一支部", "领导班子好": 9, "党员队伍好": 19}
    form = FORMS["互评表"]
    raw = write_form(form, Filling("002", rows={"评定表": [row]}))
    sheet = openpyxl.load_workbook(BytesIO(raw))["评定表"]
    headings = [str(cell.value) for cell in sheet[heading_row(sheet)]]
    marks = ["领导班子好\n（10分）", "党员队伍好\n（20分）", "工作机制好\n（20分）", "工作业绩好\n（30分）"]
    assert headings == ["党组织编码", "党组织名称", *marks, "合计", "说明"]
    for text in ("党员队伍好20分", "党员队伍好 (20 分)", "党员队伍好＊", "党员队伍好"):
        reading = read_with_heading(raw, text, tmp_path)
        assert (reading.kind, reading.problems, reading.name) == ("peer", [], "")
        marked = zip(reading.columns["item"], reading.columns["value"], strict=True)
        assert [item for item, value in marked if value == 19_000_000] == ["党员队伍好"]


def read_with_heading(raw: bytes, text: str, folder: Path) -> FileReading:
    """Read a form again after its heading of 党员队伍好 was typed anew."""
    book = openpyxl.load_workbook(BytesIO(raw))
    sheet = book["评定表"]
    sheet.cell(heading_row(sheet), column_of(sheet, "党员队伍好")[1]).value = text
    book.save(folder / "表.xlsx")
    return read_file(folder / "表.xlsx", "表.xlsx", Plan(ROUND, tuple(FORMS.values())))


def test_rules_can_be_looked_up_and_are_never_read(tmp_path: Path) -> None:
    rows: list[Cells] = [{"党组织编码": "001", "党组织名称": "一支部", "领导班子好": 9}]
    path = tmp_path / "评定表.xlsx"
    path.write_bytes(write_form(FORMS["评定表"], Filling("P1", {"评委": "评委甲"}, {"评定表": rows})))
    sheet = openpyxl.load_workbook(path)["评分办法"]
    first, column = column_of(sheet, "标准")
    assert [sheet.cell(first + 1, number).value for number in range(column - 3, column + 1)] == [
        "领导班子好",
        "支委集中学习",
        "学时",
        "不足8学时，每少1学时−1分（没有写的，按达到标准，不扣不加）",
    ]
    assert all(cell.protection.locked for row in sheet.iter_rows() for cell in row)
    reading = read_file(path, path.name, Plan(ROUND, tuple(FORMS.values())))
    assert (reading.kind, reading.problems) == ("committee", [])
    assert "评分办法" not in reading.columns["sheet"]


def test_what_is_only_looked_up_outdates_no_form() -> None:
    form = FORMS["评定表"]
    assert form.reference
    assert replace(form, reference=()).fingerprint == form.fingerprint


def test_needed_columns_of_the_roster_stand_out() -> None:
    sheet = opened(FORMS["党组织名册"])["名册"]
    dark = [cell.value for cell in sheet[heading_row(sheet)] if cell.fill.fgColor.rgb == "FF2F5496"]
    assert dark == ["党组织编码", "党组织名称"]
    assert sheet.cell(heading_row(sheet) - 1, 1).value == "说明：深色标题的栏目必填。"


@pytest.mark.parametrize(
    ("round_label", "kinds", "sources"),
    [
        ("2026 年初", "自评表,测评表,评定表,情形申报", "自评,党群评分,党委评定"),
        ("2026 年终", "自评表,测评表,互评表,评定表,情形申报", "自评,党群评分,互评,党委评定"),
        ("", "自评表,测评表,互评表,评定表,情形申报", "自评,党群评分,互评,党委评定"),
    ],
)
def test_choices_are_what_the_round_has(round_label: str, kinds: str, sources: str) -> None:
    forms = {form.title: form for form in forms_of(SCHEME, round_label)}
    for title, heading, expected in (("收件登记", "表类", kinds), ("更正表", "来源", sources)):
        sheet = opened(forms[title])[title]
        rule = rule_at(sheet, address(sheet, heading))
        assert rule is not None
        assert rule.formula1 == f'"{expected}"'


def test_dates_only_warn_and_records_let_rows_in() -> None:
    sheet = opened(FORMS["平时记录"])["平时记录"]
    rule = rule_at(sheet, address(sheet, "日期", 29))
    assert rule is not None
    assert (rule.type, rule.operator, rule.errorStyle) == ("date", "greaterThanOrEqual", "warning")
    assert rule.formula1 == "36526"
    assert not sheet.protection.insertRows  # the file format says what is forbidden
    assert opened(FORMS["自评表"])["自评表"].protection.insertRows


def small(*columns: Column) -> Form:
    sheet = Sheet("页", "records", (Column("序号"), Column("名", "name"), *columns), spare=2)
    head = (HeadCell("填表人"),)
    return Form("records", "小表", "small", "标准", "2026 年初", "", "office", head, (sheet,))


@pytest.mark.parametrize(
    "choices",
    [
        tuple(f"第{number}种很长的选项名称" for number in range(30)),
        ("一,二", "三"),
        ('说"一"', "二"),
        ("=1+1", "二"),
    ],
    ids=["long", "comma", "quote", "formula"],
)
def test_choices_that_a_rule_cannot_hold_are_referred_to(choices: tuple[str, ...]) -> None:
    columns = [Column(heading, reads="choice", choices=choices) for heading in ("甲", "乙")]
    book = opened(small(*columns))
    rules = book["页"].data_validations.dataValidation
    assert {rule.formula1 for rule in rules} == {f"'_meta'!$B$1:$B${len(choices)}"}
    assert [cell.value for cell in book[META_SHEET]["B"]] == list(choices)


def test_long_headings_and_hints_are_cut_and_not_dropped() -> None:
    heading, hint = "很长的标题" * 20, "说明" * 200
    column = Column(heading, reads="mark", low=Fraction(0), full=Fraction(9, 2), hint=hint)
    rule = opened(small(column))["页"].data_validations.dataValidation[0]
    assert (len(rule.promptTitle), len(rule.errorTitle), len(rule.prompt)) == (32, 32, 255)
    assert rule.prompt.endswith("…")
    assert (rule.formula2, rule.error) == ("4.5", "请填0至4.5之间的数，只填数字。")


@pytest.mark.parametrize(
    ("low", "full", "bounds", "words"),
    [
        (None, Fraction(5), ("-999999999", "5"), "请填不大于5的数，只填数字。"),
        (Fraction(-4), None, ("-4", "999999999"), "请填不小于-4的数，只填数字。"),
        (None, None, ("-999999999", "999999999"), "请只填数字。"),
    ],
)
def test_marks_without_a_bound(
    low: Fraction | None, full: Fraction | None, bounds: tuple[str, str], words: str
) -> None:
    column = Column("分", reads="mark", low=low, full=full)
    rule = opened(small(column))["页"].data_validations.dataValidation[0]
    assert ((rule.formula1, rule.formula2), rule.error) == (bounds, words)


@pytest.mark.parametrize("text", ["A&B", "=1+1", "<b>党</b>", "https://example.org", "007", "{=A1}", "+86"])
def test_foreign_text_stays_text(text: str) -> None:
    filling = Filling("001", {"填表人": text}, {"页": [{"名": text}]})
    sheet = opened(small(), filling)["页"]
    cell = sheet[address(sheet, "名")]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert value_beside(sheet, "填表人") == text


@pytest.mark.parametrize(
    "filling",
    [
        Filling(head={"无此栏": "1"}),
        Filling(rows={"无此表": []}),
        Filling(rows={"评定表": [{"合计": 1}]}),
        Filling(rows={"评定扣分": [{"无此列": 1}]}),
    ],
)
def test_a_filling_that_the_form_has_no_cell_for_is_an_error(filling: Filling) -> None:
    with pytest.raises(ValueError, match="no such"):
        write_form(FORMS["评定表"], filling)


def test_a_printed_row_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such row"):
        write_form(FORMS["自评表"], Filling(printed={"自评表": {"99": {}}}))


def test_head_cells_stand_beside_their_values_and_do_not_overlap() -> None:
    for form in FORMS.values():
        columns = written_columns(form, form.sheets[0], [])
        widths = [column.width for column in columns]
        spots = head_spots(form.head, widths)
        assert [spot.cell for spot in spots] == list(form.head)
        assert all(spot.start <= spot.label == spot.first - 1 < spot.last < len(widths) for spot in spots)
        assert all(sum(widths[spot.start : spot.first]) > text_width(spot.cell.label) for spot in spots)
        assert all(one.last < two.start for one, two in pairwise(spots) if one.row == two.row)


def test_heights_follow_wrapped_chinese_text() -> None:
    assert text_width("A1支部") == 6
    assert line_count("一二三四五六", 8) == 2
    assert line_count("一\n二", 40) == 2
    assert height([("一", 40.0)]) == 18
    assert height([("一\n二\n三", 40.0), ("四", 10.0)]) == 45
    assert height([("长" * 5000, 10.0)]) == 409


def test_rows_are_as_high_as_their_longest_text() -> None:
    sheet = opened(FORMS["自评表"])["自评表"]
    row, column = column_of(sheet, "评分办法")
    for number in range(row, row + 19):
        lines = str(sheet.cell(number, column).value or "").count("\n") + 1
        assert sheet.row_dimensions[number].height >= lines * 13


def test_ballots_are_two_to_a_page_and_carry_no_number() -> None:
    source = next(source for source in SCHEME.sources if source.main_form == "survey")
    raw = write_ballots(SCHEME, source, ROUND, "A&B<支部>", "示范单位党委")
    assert raw == write_ballots(SCHEME, source, ROUND, "A&B<支部>", "示范单位党委")
    sheet = openpyxl.load_workbook(BytesIO(raw)).worksheets[0]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")]
    assert texts.count("示范单位党委") == 2
    assert texts.count("被测评党支部：A&B<支部>") == 2
    assert texts.count("□满意　□基本满意　□不满意") == 2
    assert sum(text.startswith("领导班子好\n") and len(text) > 20 for text in texts) == 2  # and what it means
    assert not any(text.startswith("群众反映好") for text in texts)
    assert not any(mark in text for text in texts for mark in ("票号", "编号", "定级表单", "姓名"))
    assert sum("不记名" in text and "√" in text for text in texts) == 2
    assert fits_page(sheet)
    assert sheet.print_area == f"'测评票'!$A$1:$H${sheet.max_row}"
    assert sheet.cell(1, 4).border.right.style == "dashed"


def test_blank_forms_serve_any_round() -> None:
    blanks = dict(blank_forms(SCHEME, list(SCHEME.rounds)))
    titles = ("党组织名册", "自评表", "测评表", "评定表", "互评表", "审定表")
    assert {f"{title}.xlsx" for title in titles} <= set(blanks)
    for raw in blanks.values():
        stamp = read_stamp(str(openpyxl.load_workbook(BytesIO(raw)).worksheets[0]["A1"].value))
        assert stamp is not None
        assert (stamp.round, stamp.who) == ("", "")
