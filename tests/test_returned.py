"""退回: a faulty workbook goes back as it came, marked; the mended copy stands in its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from dingji.forms.stamp import Stamp, read_stamp, return_number
from dingji.intake.superseded import superseded_by
from dingji.outcome import Outcome
from dingji.pipeline import unsettled
from dingji.problems import describe
from dingji.reports.returned.faults import returns
from dingji.reports.submission import RETURNED
from dingji.seal import inflated
from dingji.tables import records
from tests.papers import (
    BOOK,
    DECISIONS,
    ROSTER,
    SECOND,
    SELF,
    Alter,
    altered,
    at,
    book_of,
    codes,
    filled,
    form,
    good,
    in_head,
    outcome_of,
    read,
    repacked,
    told,
    typed,
    with_file,
)
from tests.returned_books import (
    LETTER,
    LIST,
    OWN_COPY,
    Marks,
    given_back,
    is_tinted,
    listed,
    opened,
    resaved,
    seen,
    several,
)
from tests.test_bad_input import password

BLANK = typed("自评表", "1", "自评得分", None)
WORDS = typed("自评表", "2", "自评得分", "四分")
FAULTY = altered(good()[SELF], several(BLANK, WORDS))
FILES = {**good(), SELF: FAULTY}
MENDED = "改好的/新建 工作簿.xlsx"
CREAM = "FFFFFBE6"
"""What the form has behind the cells to be filled in."""


@pytest.fixture(scope="module")
def copy() -> bytes:
    return given_back(FILES)[OWN_COPY]


def mend(raw: bytes) -> bytes:
    """Fill in what is right, as in the good case."""
    marks = {key: at(opened(good()[SELF])["自评表"], key, "自评得分").value for key in ("1", "2")}
    return altered(raw, several(*(typed("自评表", key, "自评得分", mark) for key, mark in marks.items())))


def typed_at(sheet: str, value: str) -> Alter:
    """Return what puts a stamp into a sheet."""
    return lambda book: setattr(book[sheet]["A1"], "value", value)


def about(outcome: Outcome, *paths: str) -> list[tuple[str, str]]:
    return [(problem.code, problem.cell) for problem in outcome.problems if problem.file in paths]


# --- what goes back -----------------------------------------------------------------------------------------


def test_faulty_cells_are_tinted_noted_and_listed(copy: bytes) -> None:
    note = "【退回】漏填：没有填写，空白不当作 0 分。\n改法：补填；确实得 0 分的填 0。"
    assert seen(copy, "自评表", "F9") == Marks(None, "FFF8B4B1", note)
    assert seen(copy, "自评表", "F10").note == "【退回】不是数字：不能确定是多少。\n改法：只填数字，如 4.5。"
    assert seen(copy, "自评表", "F11") == Marks(2, CREAM, "")
    first, second = listed(copy)
    assert [first["序号"], second["序号"]] == ["1", "2"]
    assert second["链接"] == f"'自评表'!{second['单元格']}"
    assert (first["程度"], first["工作表"], first["单元格"], first["链接"]) == ("须处理", "自评表", "F9", "'自评表'!F9")
    assert (second["填的是"], second["问题"], second["改法"]) == ("四分", "不能确定是多少", "只填数字，如 4.5")


def test_words_are_the_catalogues(copy: bytes) -> None:
    problems = [problem for problem in outcome_of(FILES).problems if problem.file == SELF]
    lines = [describe(problem) for problem in problems]
    assert {(line["问题"], line["改法"]) for line in listed(copy)} == {(line.words, line.mend) for line in lines}


def test_everything_else_stays_as_it_came() -> None:
    """Parts without a mark stay byte for byte; in the marked sheet, values, formulas, rules and locks stay."""
    raw = repacked(good()[SELF], _spoil_first_mark)
    copy = given_back({**good(), SELF: raw})[OWN_COPY]
    before, after = inflated(raw), inflated(copy)
    marked = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
              "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}  # fmt: skip
    assert {name for name in before if after[name] != before[name]} == marked
    for old, new in zip(opened(raw).worksheets, opened(copy).worksheets, strict=False):
        cells = {cell.coordinate: cell.value for row in old.iter_rows() for cell in row}
        del cells["A1"]  # the stamp
        assert {name: new[name].value for name in cells} == cells
        assert new.data_validations.count == old.data_validations.count
        assert new.protection.sheet == old.protection.sheet
        assert (new.sheet_state, new.freeze_panes, new.merged_cells) == (
            old.sheet_state, old.freeze_panes, old.merged_cells)  # fmt: skip
    spoilt = opened(raw)["自评表"]["F9"], opened(copy)["自评表"]["F9"]
    for look in ("font", "border", "alignment", "number_format", "protection"):
        assert repr(getattr(spoilt[1], look)) == repr(getattr(spoilt[0], look))
    assert b"</f><v>" in after["xl/worksheets/sheet1.xml"], "a formula keeps the figure that it showed"


def _spoil_first_mark(parts: dict[str, bytes]) -> None:
    name = "xl/worksheets/sheet1.xml"
    head, cell, tail = parts[name].partition(b'<c r="F9"')
    assert cell
    mark, end, rest = tail.partition(b"<v>4</v>")
    parts[name] = head + cell + mark + end.replace(b"4", b"44") + rest


def test_the_stamp_says_that_it_went_back(copy: bytes) -> None:
    number = return_number(read(FAULTY).sha256, "ZB01")
    book = opened(copy)
    for page in book.worksheets[:3]:
        stamp = read_stamp(str(page["A1"].value))
        assert stamp is not None
        assert (stamp.who, stamp.returned) == ("ZB01", number)
    assert number in str(book[LIST]["A1"].value)
    assert book["_meta"].sheet_state == "veryHidden"


def test_a_stamp_without_a_number_is_what_it_was() -> None:
    own = Stamp("self", "five-good", "f", "2026 年初", "自评", "ZB01")
    assert read_stamp(own.text()) == own
    again = replace(own, returned="0123456789")
    assert read_stamp(again.text()) == again
    assert read_stamp(again.text().replace("0123", "0124")) is None


def test_same_input_same_bytes() -> None:
    assert given_back(FILES) == given_back(dict(FILES))


def test_the_letter_says_what_and_how() -> None:
    text = given_back(FILES)[LETTER].decode("utf-8-sig")
    assert text.startswith("报表退回修改通知\r\n")
    assert "一支部：" in text
    assert "报来的《自评表》（2026 年初，文件“ZB01_一支部_自评表.xlsx”）有2处须改正" in text
    assert "1. 自评表 ▸ F9（第1项），没有填写，空白不当作 0 分。改法：补填；确实得 0 分的填 0。" in text
    assert "2. 自评表 ▸ F10（第2项）＝ 四分，不能确定是多少。改法：只填数字，如 4.5。" in text
    assert f"退回号：{return_number(read(FAULTY).sha256, 'ZB01')}" in text


def test_only_what_must_be_mended_goes_back() -> None:
    """Notes and warnings alone send nothing back; what the good case warns of stays with the office."""
    assert given_back(good()) == {}
    noted = altered(good()[SELF], typed("自评表", "1", "自评得分", "4分"))
    assert given_back({**good(), SELF: noted}) == {}
    assert given_back({**good(), "杂.xlsx": book_of(["采购清单"])}) == {}


def test_warnings_go_along_in_another_tint() -> None:
    """A claim that its own facts do not bear out is to be looked at, once the form goes back anyhow."""
    path = "自评表/ZB03_三支部_自评表.xlsx"
    (warning,) = told(outcome_of(good()).problems, "W221")
    assert warning.file == path
    raw = altered(good()[path], typed("自评表", "1", "自评得分", None))
    copy = given_back({**good(), path: raw})["ZB03_三支部_自评表.xlsx"]
    assert [line["程度"] for line in listed(copy)] == ["须处理", "提醒"]
    assert seen(copy, warning.sheet, warning.cell).colour.startswith("FFFFE08")


def test_a_raters_book_and_an_office_form_go_back_too() -> None:
    book = altered(good()[BOOK], typed("评定表", "ZB02", "领导班子好", 99))
    decisions = filled("decision", [{**SECOND, "审定等次": "很好"}])
    made = given_back({**good(), BOOK: book, DECISIONS: decisions})
    assert set(made) == {"PW1_评委一_评定表.xlsx", "PW1_评委一_评定表.txt", "审定表.xlsx", "审定表.txt"}
    copy = made["PW1_评委一_评定表.xlsx"]
    assert is_tinted(seen(copy, "评定表", listed(copy)[0]["单元格"]))


def test_a_copy_and_an_old_form_beside_the_right_one_do_not_go_back() -> None:
    declared = form("self")
    old = Stamp("self", declared.scheme, "00000000", declared.round, declared.source, "ZB01").text()

    def outdate(book: Workbook) -> None:
        for page in book.worksheets:
            page["A1"] = old

    assert set(given_back({**FILES, "再来.xlsx": FAULTY})) == {OWN_COPY, LETTER}
    assert given_back({**good(), "旧表.xlsx": altered(good()[SELF], outdate)}) == {}
    alone = given_back(with_file(SELF, altered(good()[SELF], outdate)))
    assert listed(alone[OWN_COPY])[0]["改法"] == "换用最新发放的表填写"


def test_what_is_counted_as_returned_is_what_goes_back() -> None:
    """待改, 重复 and 旧版: the forms of these states, and no others, go back."""
    declared = form("self")
    old = Stamp("self", declared.scheme, "00000000", declared.round, declared.source, "ZB04").text()
    second, fourth = (f"自评表/{name}_自评表.xlsx" for name in ("ZB02_二支部", "ZB04_四支部"))
    files = {
        **FILES,
        "再来.xlsx": altered(good()[second], typed("自评表", "1", "自评得分", 3)),
        fourth: altered(good()[fourth], several(*(typed_at(sheet, old) for sheet in ("自评表", "扣分加分", "_meta")))),
    }
    outcome = outcome_of(files)
    counted = [row for row in records(outcome.rollcall) if row["status"] in RETURNED]
    assert [row["status"] for row in counted] == ["待改", "重复", "旧版"]
    assert {back.file.path for back in returns(outcome)} == {path for row in counted for path in row["files"]}


def test_two_differing_forms_both_go_back() -> None:
    """Which of them is right is for a person to say; each tells of the other."""
    other = altered(good()[SELF], typed("自评表", "1", "自评得分", 3))
    made = given_back({**good(), "再来.xlsx": other})
    assert set(made) == {OWN_COPY, LETTER, "ZB01_一支部_自评表(2).xlsx", "ZB01_一支部_自评表(2).txt"}
    assert [line["单元格"] for line in listed(made[OWN_COPY])] == [""]


@pytest.mark.parametrize(("raw", "words"), [(password(), "取消密码"), (b"PK\x03\x04", "重新发送"), (b"", "重新发送")])
def test_what_cannot_be_opened_gets_a_letter_only(raw: bytes, words: str) -> None:
    made = given_back({**good(), "四支部/打不开.xlsx": raw})
    assert set(made) == {"打不开.txt"}
    text = made["打不开.txt"].decode("utf-8-sig")
    assert words in text
    assert "没有退回件" in text
    assert "退回号" not in text


STRAYS = [
    ("会议通知.txt", "关于开会的通知".encode()),
    ("一支部照片.jpg", b"\xff\xd8\xff\xe0"),
    ("工资表.xlsx", password()),
    ("附件/通讯录.xls", b"PK\x03\x04"),
    ("一支部/说明.docx", b"PK\x03\x04"),
]


@pytest.mark.parametrize(("path", "raw"), STRAYS)
def test_a_stray_file_gets_no_letter_and_is_told(path: str, raw: bytes) -> None:
    files = {**good(), path: raw}
    assert given_back(files) == {}
    assert [problem.file for problem in outcome_of(files).problems if problem.file == path] == [path]


# --- and comes again ----------------------------------------------------------------------------------------


def test_the_mended_copy_counts_and_nothing_is_left_over(copy: bytes) -> None:
    """Both lie in input/; the figures are those of a form filled in right from the start."""
    files = {**FILES, MENDED: mend(copy)}
    outcome = outcome_of(files)
    assert about(outcome, SELF, MENDED) == [("N306", "")]
    assert outcome.results.equals(outcome_of(good()).results)
    assert not unsettled(outcome)
    assert given_back(files) == {}
    (row,) = [row for row in records(outcome.rollcall) if (row["unit"], row["form"]) == ("ZB01", "自评表")]
    assert (row["status"], row["files"]) == ("已报", (MENDED,))
    assert {file.path: file.taken for file in outcome.files if file.path in (SELF, MENDED)} == {
        SELF: False, MENDED: True}  # fmt: skip


def test_the_mended_copy_alone_counts_as_well(copy: bytes) -> None:
    outcome = outcome_of({**good(), SELF: mend(copy)})
    assert about(outcome, SELF) == []
    assert outcome.results.equals(outcome_of(good()).results)


def test_without_its_list_the_stamp_still_tells(copy: bytes) -> None:
    outcome = outcome_of({**FILES, MENDED: altered(mend(copy), lambda book: book.remove(book[LIST]))})
    assert about(outcome, SELF, MENDED) == [("N306", "")]


def test_a_form_without_a_stamp_is_told_by_its_list() -> None:
    def unstamp(book: Workbook) -> None:
        book.remove(book["_meta"])
        for page in book.worksheets:
            page["A1"] = None

    files = {**good(), SELF: altered(FAULTY, unstamp)}
    mended = mend(given_back(files)[OWN_COPY])
    outcome = outcome_of({**files, MENDED: mended})
    assert about(outcome, SELF, MENDED) == [("N306", ""), ("N114", "")]
    assert outcome.results.equals(outcome_of(good()).results)


def test_a_chain_of_returns_comes_to_the_last(copy: bytes) -> None:
    """A copy with a fault left goes back again, freed of the marks of what is mended; the last one counts."""
    once = altered(copy, typed("自评表", "2", "自评得分", 2))
    files = {**FILES, "第一次.xlsx": once}
    again = given_back(files)[OWN_COPY]
    assert seen(again, "自评表", "F10") == Marks(2, CREAM, "")
    assert is_tinted(seen(again, "自评表", "F9"))
    assert seen(again, "自评表", "F9").note.count("【退回】") == 1
    assert [line["单元格"] for line in listed(again)] == ["F9"]
    assert opened(again).sheetnames == opened(copy).sheetnames
    for kept in (files, FILES):
        outcome = outcome_of({**kept, "第二次.xlsx": mend(again)})
        others = [code for code, _ in about(outcome, SELF, "第一次.xlsx", "第二次.xlsx")]
        assert others == ["N306"] * (len(kept) - len(FILES) + 1)
        assert outcome.results.equals(outcome_of(good()).results)


def test_two_differing_mended_copies_wait_for_a_person(copy: bytes) -> None:
    other = altered(mend(copy), typed("自评表", "1", "自评得分", 1))
    outcome = outcome_of({**FILES, "甲.xlsx": mend(copy), "乙.xlsx": other})
    assert sorted(codes(told(outcome.problems, "E305", "N306"))) == ["E305", "E305", "N306"]


def test_another_branchs_copy_replaces_nothing(copy: bytes) -> None:
    """Whoever sends a copy of a neighbour's form under his own name does not do away with the neighbour's."""
    readings = [read(FAULTY, SELF), read(mend(copy), MENDED)]
    owners = {SELF: "ZB01", MENDED: "ZB02"}
    assert superseded_by(readings, lambda reading: owners[reading.path]) == {}
    assert superseded_by(readings, lambda _: "ZB01") == {SELF: MENDED}
    assert superseded_by([readings[0], replace(readings[1], kind="survey")]) == {}


def test_a_mended_head_replaces_the_form_whose_owner_was_not_told() -> None:
    """A stamp and a head that disagreed: nobody's form, until the head is put right."""
    files = with_file(SELF, altered(good()[SELF], in_head("自评表", "党组织编码", "ZB09")))
    (name,) = [name for name in given_back(files) if name.endswith(".xlsx")]
    copy = given_back(files)[name]
    outcome = outcome_of({**files, MENDED: altered(copy, in_head("自评表", "党组织编码", "ZB01"))})
    assert about(outcome, SELF, MENDED) == [("N306", "")]
    assert outcome.results.equals(outcome_of(good()).results)


def test_a_mended_roster_replaces_the_roster() -> None:
    raw = altered(good()[ROSTER], typed("名册", "ZB02", "正式党员", "不详"))
    files = {**good(), ROSTER: raw}
    copy = given_back(files)["党组织名册.xlsx"]
    (line,) = listed(copy)
    mended = altered(copy, lambda book: setattr(book["名册"][line["单元格"]], "value", 12))
    outcome = outcome_of({**files, MENDED: mended})
    assert about(outcome, ROSTER, MENDED) == [("N306", "")]
    assert list(outcome.branches["full_members"])[1] == 12


@pytest.mark.office
def test_a_copy_mended_in_an_office_suite(tmp_path: Path, office_program: Path, copy: bytes) -> None:
    """Saved by another program before and after the mending, marks and number stay, and the mended form counts."""
    saved = resaved(copy, tmp_path / "opened", office_program)
    assert seen(saved, "自评表", "F9") == seen(copy, "自评表", "F9")
    assert [line["单元格"] for line in listed(saved)] == ["F9", "F10"]
    assert [line["链接"].replace("#", "").replace("'", "") for line in listed(saved)] == ["自评表!F9", "自评表!F10"]
    half = {**FILES, MENDED: altered(saved, typed("自评表", "2", "自评得分", 2))}
    again = given_back(half)[OWN_COPY]
    assert seen(again, "自评表", "F10") == Marks(2, CREAM, "")
    outcome = outcome_of({**FILES, MENDED: resaved(mend(saved), tmp_path / "mended", office_program)})
    assert about(outcome, SELF, MENDED) == [("N306", "")]
    assert outcome.results.equals(outcome_of(good()).results)


def test_no_letter_or_copy_names_the_file_of_another() -> None:
    """Of two different forms of one branch each goes back, and neither says where the other lies."""
    other = altered(good()[SELF], typed("自评表", "1", "自评得分", 1))
    made = given_back({**good(), "收件/张某发来的 自评.xlsx": other})
    letters = [raw.decode("utf-8-sig") for name, raw in made.items() if name.endswith(".txt")]
    assert sorted("与 另一份表 内容不同" in text for text in letters) == [True, True]
    told = [*letters, *(str(listed(raw)) for name, raw in made.items() if name.endswith(".xlsx"))]
    assert len(told) == 4
    assert not any("收件/" in text or "自评表/ZB01" in text for text in told)
