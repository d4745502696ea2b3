"""Which form a workbook is: by its stamp, else by its headings; refused, and both named, where the two disagree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from openpyxl.workbook import Workbook

from dingji.forms.catalogue import forms_of
from dingji.forms.declare import Form
from dingji.forms.filling import Filling
from dingji.forms.stamp import META_SHEET, PREFIX, Stamp
from dingji.forms.write import write_form
from dingji.read.open import open_workbook
from dingji.read.reading import FileReading
from dingji.read.recognise import Plan, recognise
from tests.five_good_case import ROUND
from tests.papers import (
    BOOK,
    FIRST,
    ROSTER,
    SELF,
    SURVEY,
    altered,
    book_of,
    codes,
    form,
    good,
    in_head,
    read,
    typed,
)
from tests.workspaces import scheme

YEAR_END = "2026 年终"
FORMS = forms_of(scheme(), ROUND)
LATER = forms_of(scheme(), YEAR_END)


def stamped(raw: bytes, stamp: str, meta: str | None = None) -> bytes:
    """Return a workbook with another stamp on its sheets, and in the hidden one (as on the sheets unless given)."""

    def alter(book: Workbook) -> None:
        for page in book.worksheets:
            page["A1"] = stamp if page.title != META_SHEET or meta is None else meta

    return altered(raw, alter)


def stamp_of(declared: Form, who: str = "") -> Stamp:
    return Stamp(declared.kind, declared.scheme, declared.fingerprint, declared.round, declared.source, who)


def known(reading: FileReading) -> tuple[str, str, str, str]:
    return reading.kind, reading.scheme, reading.source, reading.code or reading.rater


STAMPED = [
    (SELF, ("self", "five-good", "自评", "ZB01")),
    (SURVEY, ("survey", "five-good", "党群评分", "ZB01")),
    (BOOK, ("committee", "five-good", "党委评定", "PW1")),
    (ROSTER, ("roster", "five-good", "", "")),
]


@pytest.mark.parametrize(("path", "expected"), STAMPED)
def test_by_its_stamp(path: str, expected: tuple[str, ...]) -> None:
    reading = read(good()[path])
    assert known(reading) == expected
    assert reading.problems == []


def copied_into_a_new_book(raw: bytes) -> bytes:
    """Return what copying the sheets into a new book leaves: the line on the sheet, no hidden sheet."""
    return altered(raw, lambda book: book.remove(book[META_SHEET]))


def line_deleted(raw: bytes) -> bytes:
    """Return a workbook whose first row was deleted: the stamp in the hidden sheet is left."""

    def alter(book: Workbook) -> None:
        for page in book.worksheets:
            if page.title != META_SHEET:
                for block in list(page.merged_cells.ranges):
                    page.unmerge_cells(str(block))  # Excel moves them with the rows, openpyxl leaves them behind
                page.delete_rows(1)

    return altered(raw, alter)


@pytest.mark.parametrize("alter", [copied_into_a_new_book, line_deleted])
@pytest.mark.parametrize(("path", "expected"), STAMPED[:3])
def test_either_of_the_two_stamps_will_do(path: str, expected: tuple[str, ...], alter: object) -> None:
    reading = read(alter(good()[path]))  # type: ignore[operator]
    assert known(reading) == expected
    assert codes(reading.problems) == []


def test_a_damaged_line_is_made_good_by_the_hidden_stamp() -> None:
    whole = stamp_of(form("self"), "ZB01").text()
    reading = read(stamped(good()[SELF], whole.replace("ZB01", "ZB09"), whole))
    assert (known(reading), reading.problems) == (STAMPED[0][1], [])


@pytest.mark.parametrize("damaged", [f"{PREFIX}|self|five-good", f"{PREFIX}||||||||", "定级表单|自评表 一支部"])
def test_a_damaged_stamp_is_said_and_the_headings_are_taken(damaged: str) -> None:
    reading = read(stamped(good()[SELF], damaged))
    assert known(reading) == STAMPED[0][1]
    assert [(problem.code, problem.values["kind"]) for problem in reading.problems] == [("W118", "自评表")]


def unstamped(raw: bytes) -> bytes:
    """Return a workbook without any stamp."""

    def alter(book: Workbook) -> None:
        book.remove(book[META_SHEET])
        for page in book.worksheets:
            page["A1"] = None

    return altered(raw, alter)


@pytest.mark.parametrize("declared", FORMS, ids=lambda declared: declared.title)
def test_without_a_stamp_by_its_headings(declared: Form) -> None:
    reading = read(unstamped(write_form(declared)))
    assert (reading.kind, reading.source) == (declared.kind, declared.source)
    assert codes(reading.problems) == ["N114", *(["E411"] if declared.kind == "survey" else [])]
    assert reading.problems[0].values == {"kind": declared.title}


@pytest.mark.parametrize("declared", LATER, ids=lambda declared: declared.title)
def test_two_forms_with_the_same_headings_are_told_apart_by_their_title(declared: Form) -> None:
    """At the year's end branches and raters fill in the same table, under two names."""
    head = {"unit": {"党组织编码": "ZB02"}, "rater": {"评委": "评委二"}}.get(declared.owner, {})
    grids, _ = open_workbook(unstamped(write_form(declared, Filling(head=head))))
    recognised, problems = recognise(grids, Plan(YEAR_END, tuple(LATER)))
    assert recognised is not None
    assert recognised.form == declared
    assert codes(problems) == ["N114"]
    assert {label: recognised.head[label].value for label in head} == head


def test_two_sources_with_the_same_form_are_told_apart_by_the_head_or_not_at_all() -> None:
    other = replace(form("committee"), source="部门评定")
    plan = Plan(ROUND, (*FORMS, other))
    for source, expected in (("部门评定", other), ("党委评定", form("committee")), ("", None), ("别处", None)):
        raw = unstamped(altered(good()[BOOK], in_head("评定表", "来源", source)))
        recognised, problems = recognise(open_workbook(raw)[0], plan)
        assert (recognised.form if recognised else None) == expected
        assert codes(problems) == (["N114"] if expected else ["E312"])


HEADS = [
    (SELF, "自评表", "党组织编码", "ZB02", "ZB01"),
    (SURVEY, "测评票", "党组织编码", "ZB02", "ZB01"),
    (SELF, "自评表", "轮次", "2025 年终", "2026 年初"),
    (BOOK, "评定表", "来源", "部门评定", "党委评定"),
]


@pytest.mark.parametrize(("path", "sheet", "label", "value", "other"), HEADS)
def test_a_stamp_against_the_head_is_refused_and_both_are_named(
    path: str, sheet: str, label: str, value: str, other: str
) -> None:
    reading = read(altered(good()[path], in_head(sheet, label, value)))
    assert not reading.taken
    (problem,) = reading.problems
    assert (problem.code, problem.sheet, problem.subject, problem.found) == ("E113", sheet, label, value)
    assert problem.values == {"other": other, "expected": value}
    assert problem.cell


@pytest.mark.parametrize(
    ("label", "value"), [("党组织编码", " ｚｂ01 "), ("轮次", "年初"), ("轮次", "2026年初"), ("党组织编码", None)]
)
def test_the_same_said_otherwise_is_no_contradiction(label: str, value: str | None) -> None:
    reading = read(altered(good()[SELF], in_head("自评表", label, value)))
    assert reading.taken
    assert reading.problems == []


def test_a_head_cell_left_empty_is_made_good_by_the_stamp() -> None:
    assert read(altered(good()[SELF], in_head("自评表", "党组织编码", None))).code == "ZB01"


STRANGERS = [
    ({"scheme": "other-standard"}, "E110", {"other": "other-standard", "expected": scheme().title}),
    ({"kind": "honour"}, "E110", {"other": "five-good 自评", "expected": scheme().title}),
    ({"source": "群众"}, "E110", {"other": "five-good 群众", "expected": scheme().title}),
    ({"round": "2025 年终"}, "E112", {"other": "2025 年终", "expected": ROUND}),
    ({"round": "2025 年终", "source": "互评", "kind": "peer"}, "E112", {"other": "2025 年终", "expected": ROUND}),
    ({"fingerprint": "00000000"}, "E111", {"other": "00000000", "expected": form("self").fingerprint}),
]


@pytest.mark.parametrize(("change", "code", "values"), STRANGERS)
def test_a_form_of_another_standard_round_or_version_is_refused(
    change: dict[str, str], code: str, values: dict[str, str]
) -> None:
    other = replace(stamp_of(form("self"), "ZB01"), **change)
    reading = read(stamped(good()[SELF], other.text()))
    assert not reading.taken
    assert [(problem.code, problem.values) for problem in reading.problems] == [(code, values)]


@pytest.mark.parametrize("change", [{"round": "2025 年终"}, {"fingerprint": "00000000"}])
def test_an_old_form_is_still_known_for_whose_it_is(change: dict[str, str]) -> None:
    other = replace(stamp_of(form("self"), "ZB01"), **change)
    reading = read(stamped(good()[SELF], other.text()))
    assert (reading.kind, reading.source, reading.code) == ("self", "自评", "ZB01")


def test_a_roster_and_a_result_serve_every_round() -> None:
    for kind in ("roster", "result"):
        declared = form(kind)
        raw = write_form(replace(declared, round="2024 年终", sheets=declared.sheets))
        assert read(raw).kind == kind
        assert codes(read(raw).problems) == []
        assert codes(read(unstamped(raw)).problems) == ["N114"]


def test_without_a_stamp_the_head_tells_the_round() -> None:
    raw = altered(unstamped(good()[SELF]), in_head("自评表", "轮次", "2025 年终"))
    reading = read(raw)
    assert codes(reading.problems) == ["N114", "E112"]
    assert (reading.problems[1].sheet, reading.problems[1].found) == ("自评表", "2025 年终")
    assert (reading.kind, reading.code, reading.taken) == ("self", "ZB01", False)


UNRELATED = [
    [["采购清单"], ["品名", "数量", "单价"], ["椅子", 4, 120]],
    [["党组织编码", "党组织名称", "电话"], ["ZB01", "一支部", "010"]],
    [["党组织编码", "党组织名称", "综合得分"], ["ZB01", "一支部", 95]],
    [["序号"], ["1"]],
    [["定级表单", "自评表"], ["说明", "见附件"]],
]


@pytest.mark.parametrize("rows", UNRELATED)
def test_an_unrelated_workbook_is_only_a_warning(rows: list[list[object]]) -> None:
    """A list of branches with telephone numbers is no roster: two rosters would stop the run."""
    reading = read(book_of(*rows))
    assert (reading.kind, codes(reading.problems)) == ("", ["W109"])


@pytest.mark.parametrize(("title", "sheet"), [("某医院党组织名册", "Sheet1"), ("", "名册")])
def test_a_roster_made_by_hand_is_known_by_its_title_or_sheet(title: str, sheet: str) -> None:
    raw = book_of([title], ["党组织编码", "党组织名称", "类别"], ["ZB01", "一支部", "临床"], sheet=sheet)
    assert read(raw).kind == "roster"


def test_a_form_without_code_or_name_is_no_one_elses() -> None:
    """The branch's name in the table of a form is not taken for its head's."""
    empty = write_form(form("survey"))
    assert (read(empty).code, read(empty).name) == ("", "")
    named = altered(empty, in_head("测评票", "党组织名称", FIRST["党组织名称"]))
    assert read(named).name == "一支部"


def test_a_typed_value_never_makes_a_stamp() -> None:
    """Only a line that begins like a stamp is looked at as one."""
    told = f"见 {stamp_of(form('self'), 'ZB05').text()}"
    reading = read(altered(good()[SELF], typed("自评表", "1", "情况说明", told)))
    assert (reading.code, reading.problems) == ("ZB01", [])
