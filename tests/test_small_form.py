"""汇总录入: one book of an office of five branches is enough for a whole graded run, and gives the same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl.cell.cell import Cell
from openpyxl.utils import column_index_from_string
from openpyxl.workbook import Workbook

from dingji.forms.filling import Block
from dingji.forms.handout import handouts
from dingji.forms.small_form import SMALL, small_form
from dingji.forms.stamp import META_SHEET
from dingji.forms.write import write_form
from dingji.outcome import Outcome
from dingji.pipeline import unsettled
from dingji.problems import Problem
from dingji.read.rows import row_of
from dingji.tables import records
from tests.five_good_case import BRANCHES, ROUND, small_book, small_filling
from tests.papers import (
    BOOK,
    DECISIONS,
    ROSTER,
    SELF,
    Alter,
    altered,
    at,
    cells_with,
    codes,
    filled,
    good,
    outcome_of,
    read,
    shown_at,
    told,
    typed,
)
from tests.test_case_five_good import EXPECTED, HEADINGS, drawn, sheet_rows
from tests.workspaces import PROGRAM, command, make_workspace, scheme

PATH = "汇总录入.xlsx"
FIGURES = (
    "scores",
    "shares",
    "survey",
    "bonus",
    "composite",
    "unrounded",
    "place",
    "computed",
    "decided",
    "situations",
)


def whole() -> bytes:
    return small_book(scheme(), mended=True, decided=False)


def run(alter: Alter, **others: bytes) -> Outcome:
    return outcome_of({PATH: altered(whole(), alter), **{f"{name}.xlsx": raw for name, raw in others.items()}})


def figures(outcome: Outcome) -> list[list[Any]]:
    return [[row[name] for name in FIGURES] for row in records(outcome.results)]


def statuses(outcome: Outcome) -> dict[tuple[str, str], str]:
    return {(row["owner"], row["form"]): row["status"] for row in records(outcome.rollcall)}


def test_alone_it_is_enough_for_a_whole_run(tmp_path: Path) -> None:
    """The worked case, with its one blank mark and the committee's word, through one book."""
    folder = make_workspace(tmp_path, {PATH: small_book(scheme())})
    assert command(folder, "run") == 1
    rows = sheet_rows((folder / "output/内部/分类定级结果.xlsx").read_bytes(), "一览表")
    for code, expected in drawn(EXPECTED).items():
        for heading, text in zip(HEADINGS, expected, strict=True):
            cell = rows[code][heading]
            shown = "-" if cell in (None, "—", "") else cell
            assert shown == (pytest.approx(float(text), abs=1e-9) if text.replace(".", "").isdigit() else text), code
    assert (rows["ZB04"]["测算等次"], rows["ZB04"]["审定等次"]) == ("一般", "较好")


def test_it_gives_the_figures_that_the_single_forms_give() -> None:
    one, many = outcome_of({PATH: whole()}), outcome_of(good())
    assert figures(one) == figures(many)
    assert statuses(one) == statuses(many)
    assert set(statuses(one).values()) == {"已报"}
    assert not unsettled(one)
    assert {file.path: (file.kind, file.taken) for file in one.files} == {PATH: ("small", True)}
    assert [problem.code for problem in one.problems if problem.code != "W512"] == ["W221"]


def test_what_an_office_program_saves_is_read_alike() -> None:
    assert figures(run(lambda _book: None)) == figures(outcome_of(good()))


def test_every_problem_stands_at_its_cell_and_makes_that_branch_wait() -> None:
    raw = altered(whole(), typed("自评", "4", "自评得分", "四分"))
    outcome = outcome_of({PATH: raw})
    (problem,) = told(outcome.problems, "E201")
    assert (problem.file, problem.sheet, problem.unit) == (PATH, "自评", "ZB01")
    assert shown_at(raw, problem.sheet, problem.cell) == "四分"
    waiting = {owner for (owner, _), status in statuses(outcome).items() if status == "待改"}
    assert waiting == {"一支部"}
    assert statuses(outcome)["一支部", "测评表"] == "待改"  # one file, so what to mend in it is looked for there
    assert statuses(outcome)["评委一", "评定表"] == "已报"


def test_a_blank_mark_is_its_raters_and_branchs() -> None:
    outcome = outcome_of({PATH: small_book(scheme(), decided=False)})
    (problem,) = told(outcome.problems, "E204")
    assert (problem.sheet, problem.unit, problem.subject) == ("评定", "ZB05", "工作业绩好")
    named = {owner for (owner, _), status in statuses(outcome).items() if status == "待改"}
    assert named == {"评委二", "五支部"}


def emptied(sheet: str, heading: str, code: str) -> Alter:
    """Return what clears a column in one branch's rows."""

    def alter(book: Workbook) -> None:
        page = book[sheet]
        top = cells_with(page, heading)[-1]
        own = cells_with(page, "党组织编码")[-1].column
        branch = ""
        for row in range(top.row + 1, page.max_row + 1):
            branch = str(page.cell(row, own).value or branch)
            cell = page.cell(row, top.column)
            if branch == code and isinstance(cell, Cell):
                cell.value = None

    return alter


def several(*alters: Alter) -> Alter:
    def alter(book: Workbook) -> None:
        for each in alters:
            each(book)

    return alter


SILENT = [emptied("自评", heading, "ZB03") for heading in ("自评得分", "自评等次", "应到", "实到", "赞成")]


def test_a_branch_whose_part_is_empty_has_not_handed_in() -> None:
    outcome = run(several(*SILENT))
    assert {key for key, status in statuses(outcome).items() if status == "未报"} == {("三支部", "自评表")}
    assert [(problem.code, problem.unit) for problem in told(outcome.problems, "E204", "E310")] == [("E310", "ZB03")]


def test_a_blank_claim_among_others_is_missing() -> None:
    outcome = run(typed("自评", "4", "自评得分", None))
    (problem,) = told(outcome.problems, "E204")
    assert (problem.unit, problem.sheet, problem.subject) == ("ZB01", "自评", "第1项")


def without_rater(number: str) -> Alter:
    def alter(book: Workbook) -> None:
        for sheet in ("评定", "评定扣分"):
            page = book[sheet]
            last = cells_with(page, "党组织名称")[-1].column
            for cell in cells_with(page, number):
                for column in range(last + 1, page.max_column + 1):
                    page.cell(cell.row, column).value = None

    return alter


def test_a_rater_whose_rows_are_all_empty_has_not_handed_in() -> None:
    outcome = run(without_rater("PW3"))
    assert statuses(outcome)["评委三", "评定表"] == "未报"
    assert told(outcome.problems, "W223") == []


def test_rows_beneath_a_branch_are_its_own_without_merging() -> None:
    """In .xls, and where cells were unmerged, the code stands in the first row only."""

    def unmerge(book: Workbook) -> None:
        for sheet in ("自评", "测评"):
            for block in [str(block) for block in book[sheet].merged_cells.ranges]:
                book[sheet].unmerge_cells(block)

    assert figures(run(unmerge)) == figures(outcome_of(good()))


def test_a_part_that_names_nobody_is_nobodys() -> None:
    """Never the branch's above it."""

    def alter(book: Workbook) -> None:
        named = [at(book["自评"], "ZB02", heading) for heading in ("党组织编码", "党组织名称")]
        for cell in named:
            cell.value = None

    outcome = run(alter)
    assert {problem.sheet for problem in told(outcome.problems, "E229")} == {"自评"}
    assert statuses(outcome)["二支部", "自评表"] == "未报"
    assert statuses(outcome)["一支部", "自评表"] == "已报"


# --- recognised -------------------------------------------------------------------------------------------


def unstamped(book: Workbook) -> None:
    book.remove(book[META_SHEET])
    for page in book.worksheets:
        page["A1"] = None


def test_without_a_stamp_its_sheets_tell_what_it_is() -> None:
    outcome = run(unstamped)
    assert codes(told(outcome.problems, "N114", "W118")) == ["N114"]
    assert figures(outcome) == figures(outcome_of(good()))


@pytest.mark.parametrize("sheet", ["名册", "自评", "测评", "评定", "评定扣分"])
def test_a_sheet_of_another_name_is_found_by_its_headings(sheet: str) -> None:
    def rename(book: Workbook) -> None:
        book[sheet].title = "Sheet1"

    assert figures(run(rename)) == figures(outcome_of(good()))


@pytest.mark.parametrize(
    ("sheet", "absent"), [("自评", {"自评表"}), ("测评", {"测评表"}), ("评定", {"评定表"}), ("扣分加分", set())]
)
def test_a_sheet_taken_out_is_a_form_that_has_not_come(sheet: str, absent: set[str]) -> None:
    """The rows of another sheet are not taken for it."""
    outcome = run(lambda book: book.remove(book[sheet]))
    assert {form for (_, form), status in statuses(outcome).items() if status == "未报"} == absent
    facts = outcome.entries[(outcome.entries["part"] == "fact") & (outcome.entries["form"] == "self")]
    assert len(facts) == (0 if sheet in ("自评", "扣分加分") else 1)


def test_a_column_taken_out_is_said_of_that_sheet_only() -> None:
    def alter(book: Workbook) -> None:
        page = book["自评"]
        page.delete_cols(cells_with(page, "自评得分")[-1].column)

    outcome = run(alter)
    (problem,) = told(outcome.problems, "E117")
    assert (problem.sheet, problem.values["what"]) == ("自评", "自评：自评得分")
    assert statuses(outcome)["一支部", "测评表"] == "已报"
    assert unsettled(outcome)


def test_one_of_an_older_version_is_refused() -> None:
    declared = small_form(scheme(), ROUND)
    older = replace(declared, sheets=tuple(replace(sheet, spare=1) for sheet in declared.sheets[:-1]))
    assert codes(read(write_form(older)).problems) == ["E111"]


def test_the_blank_is_good_for_every_round() -> None:
    declared = small_form(scheme(), ROUND)
    assert declared.fingerprint == small_form(scheme(), "").fingerprint == small_form(scheme(), "2026 年终").fingerprint
    reading = read(write_form(replace(declared, round=""), small_filling()))
    assert [part.kind for part in reading.parts] == ["roster", "self", "survey", "committee", "decision"]
    assert {part.round for part in reading.parts} == {ROUND}


def test_an_empty_one_says_nothing() -> None:
    reading = read(write_form(small_form(scheme(), "")))
    assert (reading.kind, reading.parts, reading.problems) == ("small", [], [])


# --- beside other forms -----------------------------------------------------------------------------------


def beside(path: str, raw: bytes) -> Outcome:
    return outcome_of({PATH: whole(), path: raw})


def duplicates(outcome: Outcome) -> list[Problem]:
    return told(outcome.problems, "N304", "E305")


def test_a_branchs_own_form_beside_it_counts_once_where_they_agree() -> None:
    outcome = beside(SELF, good()[SELF])
    assert [(problem.code, problem.file, problem.values) for problem in duplicates(outcome)] == [
        ("N304", SELF, {"other": PATH})
    ]
    assert figures(outcome) == figures(outcome_of(good()))


def test_where_they_differ_neither_counts_until_a_person_decides() -> None:
    outcome = beside(SELF, altered(good()[SELF], typed("自评表", "1", "自评得分", 3)))
    found = {(problem.code, problem.file, problem.unit) for problem in duplicates(outcome)}
    assert found == {("E305", SELF, "ZB01"), ("E305", PATH, "ZB01")}
    assert statuses(outcome)["一支部", "自评表"] == "重复"
    assert statuses(outcome)["二支部", "自评表"] == "已报"
    first, *others = figures(outcome)
    assert first[FIGURES.index("composite")] is None
    assert [row[FIGURES.index("composite")] for row in others] == [
        row["composite"] for row in records(outcome_of(good()).results)[1:]
    ]


def test_a_raters_own_book_beside_it_counts_once() -> None:
    outcome = beside(BOOK, good()[BOOK])
    assert {problem.code for problem in duplicates(outcome)} == {"N304"}
    assert figures(outcome) == figures(outcome_of(good()))


def test_a_copy_counts_once() -> None:
    outcome = outcome_of({PATH: whole(), "副本.xlsx": whole()})
    assert codes(duplicates(outcome)) == ["N304", "N304"]  # the roster's, and the book's
    assert figures(outcome) == figures(outcome_of(good()))


def test_a_copy_saved_again_counts_once() -> None:
    outcome = outcome_of({PATH: whole(), "副本.xlsx": altered(whole(), lambda _book: None)})
    assert {problem.code for problem in duplicates(outcome)} == {"N304"}
    assert figures(outcome) == figures(outcome_of(good()))
    assert set(statuses(outcome).values()) == {"已报"}


def test_two_that_differ_make_that_branch_wait() -> None:
    outcome = outcome_of({PATH: whole(), "另一份.xlsx": altered(whole(), typed("自评", "4", "自评得分", 1))})
    assert statuses(outcome)["一支部", "自评表"] == "重复"
    assert {problem.unit for problem in told(outcome.problems, "E305")} == {"ZB01"}


def test_the_roster_may_be_a_workbook_of_its_own() -> None:
    """The same roster twice is one; a book that leaves its roster empty has none."""
    rosterless = write_form(
        small_form(scheme(), ROUND),
        replace(small_filling(mended=True, decided=False), rows={
            name: rows for name, rows in small_filling(mended=True, decided=False).rows.items()
            if name not in ("名册", "评委")
        }),
    )  # fmt: skip
    for raw, expected in ((rosterless, []), (whole(), ["N304"])):
        outcome = outcome_of({PATH: raw, ROSTER: good()[ROSTER]})
        assert codes(duplicates(outcome)) == expected
        assert figures(outcome) == figures(outcome_of(good()))


def test_the_decision_may_come_on_the_form_for_the_committee() -> None:
    outcome = beside(DECISIONS, filled("decision", [{**BRANCHES[0].identity, "审定等次": "好"}]))
    assert [row["decided"] for row in records(outcome.results)] == ["好", "", "", "", ""]


# --- handed out -------------------------------------------------------------------------------------------


def handed_out(**of: Any) -> dict[str, bytes]:  # noqa: ANN401
    outcome = outcome_of(good())
    return {
        path: raw for path, raw in handouts(scheme(), ROUND, outcome.branches, outcome.raters, **of) if PATH in path
    }


def test_it_is_handed_out_with_roster_and_rows_filled_in() -> None:
    ((path, raw),) = handed_out().items()
    assert path == f"办公室/{PATH}"
    reading = read(raw)
    assert [part.kind for part in reading.parts] == ["roster", "committee", "situation"]
    outcome = outcome_of({PATH: raw})
    original = outcome_of(good())
    assert outcome.branches.equals(original.branches)
    assert outcome.raters.equals(original.raters)
    assert set(statuses(outcome).values()) == {"未报"}
    pairs = {(row["rater"], row["code"]) for row in entries_of(reading.parts[1].columns)}
    assert len(pairs) == len(entries_of(reading.parts[1].columns)) // 4 == 14  # 评委三 is barred from one branch


def entries_of(columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def test_it_is_not_handed_out_beside_another_standard_or_to_a_large_office() -> None:
    assert handed_out(alone=False) == {}
    outcome = outcome_of(good())
    rows = [{**records(outcome.branches)[0], "unit": f"ZB{number:03}"} for number in range(SMALL + 1)]
    branches = outcome.branches.iloc[0:0].reindex(range(len(rows)))
    for name in branches.columns:
        branches[name] = [row[name] for row in rows]
    paths = [path for path, _ in handouts(scheme(), ROUND, branches, outcome.raters) if PATH in path]
    assert paths == []


STANDARDS = sorted(path.stem for path in (PROGRAM / "schemes").glob("*.toml"))


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_standard_has_one(standard: str) -> None:
    """Its sheets have names of their own, and every part's sheets are the book's."""
    declared = small_form(scheme(standard), "")
    names: Sequence[str] = [sheet.name for sheet in declared.sheets]
    assert len(set(names)) == len(names)
    assert [sheet for part in declared.parts for sheet in part.sheets] == list(declared.sheets)
    assert all(len(name) <= 31 for name in names)


def test_a_branchs_cells_are_as_high_as_its_rows() -> None:
    filling = replace(small_filling(), blocks={"测评": [Block(each.identity) for each in BRANCHES]})
    book = write_form(small_form(scheme(), ROUND), filling)

    def look(opened: Workbook) -> None:
        page = opened["测评"]
        merged = {str(block) for block in page.merged_cells.ranges}
        for cell in cells_with(page, "ZB02"):
            last = int(row_of(cell.coordinate)) + 4
            assert f"{cell.coordinate}:{cell.column_letter}{last}" in merged
            assert column_index_from_string(cell.column_letter) == 1

    altered(book, look)


def test_deductions_without_the_marks_are_no_form() -> None:
    outcome = run(lambda book: book.remove(book["评定"]))
    (problem,) = told(outcome.problems, "E117")
    assert problem.values["what"].startswith("评定（评委编号、党组织编码、党组织名称、")
