"""审定表: filled from the outcome, and read back as the form that it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from dingji.forms.catalogue import forms_of
from dingji.outcome import Outcome
from dingji.read.reading import read_file
from dingji.read.recognise import Plan
from dingji.reports.decision import write_decision, write_decisions
from dingji.reports.view import OutcomeView
from dingji.workspace import Office
from tests.outcome_example import changed, example, five_good


def rows(raw: bytes) -> list[dict[str, Any]]:
    """Return the filled rows of a decision form by heading."""
    sheet: Any = load_workbook(BytesIO(raw))["审定表"]
    grid = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(number for number, row in enumerate(grid) if row[0] == "党组织编码")
    return [dict(zip(grid[head], row, strict=True)) for row in grid[head + 1 :] if row[0]]


def two_standards() -> Outcome:
    scheme = five_good()
    second = scheme.model_copy(update={"id": "second"})
    return changed(replace(example(), schemes={scheme.id: scheme, "second": second}), "D006", scheme="second")


def test_every_branch_has_its_computed_and_proposed_grade() -> None:
    filled = rows(write_decision(OutcomeView(example())))
    assert [row["党组织编码"] for row in filled] == ["D001", "D002", "D003", "D004", "D005", "D006"]
    assert [row["测算等次"] for row in filled] == ["好", "好", "后进", "一般", None, "好"]
    assert [row["拟定等次"] for row in filled] == ["好", "好", "后进", "较好", "未定级", "好"]


def test_the_committee_sees_the_figure_and_the_situations() -> None:
    filled = rows(write_decision(OutcomeView(example())))
    assert [row["综合得分"] for row in filled] == [95.87, 90, 78.57, 73.3, None, 90]
    assert [row["直接定级或限档情形"] for row in filled] == [None, None, "群众反映好低于12分", None, None, None]


def test_whose_decision_it_is_and_nothing_to_change_but_the_decision() -> None:
    outcome = example()
    named = outcome.settings.model_copy(update={"office": Office(name="示范医院党委")})
    sheet: Any = load_workbook(BytesIO(write_decision(OutcomeView(replace(outcome, settings=named)))))["审定表"]
    assert sheet["A2"].value == "示范医院党委　党支部分类定级　审定表"
    last = [cell.protection.locked for cell in sheet[sheet.max_row]]
    assert last == [True] * 6 + [False] * 12
    assert sheet.cell(sheet.max_row, 1).value == "D006"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")


def test_what_was_decided_before_stands_in_its_row() -> None:
    decided = rows(write_decision(OutcomeView(example())))[3]
    assert (decided["审定等次"], decided["理由"], decided["会议名称"]) == (
        "较好",
        "整改成效明显",
        "党委会",
    )
    assert (decided["会议日期"], decided["应到"]) == (datetime(2026, 3, 30), 9)  # noqa: DTZ001 - a day in a cell
    assert rows(write_decision(OutcomeView(example())))[0]["审定等次"] is None


def test_each_standard_has_its_own_form() -> None:
    files = write_decisions(OutcomeView(two_standards()))
    assert list(files) == ["审定表.xlsx", "审定表_second.xlsx"]
    assert [row["党组织编码"] for row in rows(files["审定表_second.xlsx"])] == ["D006"]


def test_a_standard_without_grades_has_nothing_to_decide() -> None:
    scheme = five_good().model_copy(update={"grades": []})
    assert write_decisions(OutcomeView(replace(example(), schemes={scheme.id: scheme}))) == {}


def test_the_same_outcome_gives_the_same_bytes() -> None:
    assert write_decision(OutcomeView(example())) == write_decision(OutcomeView(example()))


def test_the_form_is_read_back_as_a_decision(tmp_path: Path) -> None:
    path = tmp_path / "审定表.xlsx"
    path.write_bytes(write_decision(OutcomeView(example())))
    plan = Plan("2026 年初", tuple(forms_of(five_good(), "2026 年初")))
    reading = read_file(path, path.name, plan)
    assert (reading.kind, reading.problems) == ("decision", [])
    columns = reading.columns
    typed = list(zip(columns["part"], columns["code"], columns["rule"], columns["option"], strict=True))
    assert ("record", "D004", "", "较好") in typed
    assert [row for row in typed if row[2] == "测算等次"] == [
        ("also", f"D00{number}", "测算等次", grade)
        for number, grade in ((1, "好"), (2, "好"), (3, "后进"), (4, "一般"), (6, "好"))
    ]
    assert ("also", "D004", "会议名称", "党委会") in typed
