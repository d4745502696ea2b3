"""审定表: filled from the outcome, and read back as the form that it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from dingji.forms.catalogue import forms_of
from dingji.forms.committee_forms import MEETING
from dingji.outcome import Outcome
from dingji.read.reading import read_file
from dingji.read.recognise import Plan
from dingji.reports.decision import write_decision, write_decisions
from dingji.reports.view import OutcomeView
from dingji.settings import Office
from dingji.tables import ENTRIES, RESULTS, records, stacked, table
from tests.outcome_example import changed, example, five_good


def rows(raw: bytes) -> list[dict[str, Any]]:
    """Return the filled rows of a decision form by heading."""
    sheet: Any = load_workbook(BytesIO(raw))["审定表"]
    grid = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(number for number, row in enumerate(grid) if row[0] == "党组织编码")
    return [dict(zip(grid[head], row, strict=True)) for row in grid[head + 1 :] if row[0]]


def head(raw: bytes) -> dict[str, Any]:
    """Return what the head of a decision form tells of the meeting."""
    sheet: Any = load_workbook(BytesIO(raw))["审定表"]
    labels = {cell.label for cell in MEETING}
    cells = [cell for row in sheet.iter_rows(max_row=5) for cell in row if cell.value in labels]
    told = {cell.value: cell.offset(0, 1).value for cell in cells}
    return {label: value for label, value in told.items() if value is not None}


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
    assert [row["直接定级或限档情形"] for row in filled] == [None, None, "群众反映好低于12分", None, "待补", None]


def test_the_committee_sees_what_the_figure_rests_on() -> None:
    filled = rows(write_decision(OutcomeView(example())))
    assert [row["自评得分"] for row in filled] == [98, 92, 90, 90, 95, 92]
    assert [row["党委评定得分"] for row in filled] == [94.33, 89.5, 75.67, 58, None, 89.5]
    assert [row["满意率"] for row in filled] == ["90.00%", "95.00%", "65.00%", "85.00%", "100.00%", "95.00%"]
    assert [row["上期等次"] for row in filled] == ["较好", "好", "一般", "一般", "一般", None]
    assert [row["主要问题"] for row in filled][:3] == [None, None, "群众反映好；工作机制好（10/20）"]


def test_a_branch_at_a_bound_is_marked() -> None:
    filled = rows(write_decision(OutcomeView(example())))
    assert [row["距上一等次"] for row in filled] == [None, "临界", None, None, None, "临界"]


def test_the_grade_that_a_branch_claims_for_itself() -> None:
    outcome = example()
    claim = {"unit": "D001", "round": "年初", "form": "self", "part": "head", "rule": "自评等次", "option": "好"}
    entries = stacked([outcome.entries, table(ENTRIES, [claim, {**claim, "unit": "D002", "round": "年终"}])])
    filled = rows(write_decision(OutcomeView(replace(outcome, entries=entries.reset_index(drop=True)))))
    assert [row["自评等次"] for row in filled] == ["好", None, None, None, None, None]


def test_a_column_in_which_nothing_would_stand_is_left_out() -> None:
    outcome = example()
    results = table(RESULTS, [{**row, "previous": "", "shares": {}} for row in records(outcome.results)])
    headings = set(rows(write_decision(OutcomeView(replace(outcome, results=results))))[0])
    assert not headings & {"上期等次", "满意率", "自评等次", "会议名称", "会议日期", "应到", "实到", "依据文号"}
    assert {"综合得分", "审定等次", "理由", "同意", "上级审查意见"} <= headings


def test_whose_decision_it_is_and_nothing_to_change_but_the_decision() -> None:
    outcome = example()
    named = outcome.settings.model_copy(update={"office": Office(name="示范医院党委")})
    sheet: Any = load_workbook(BytesIO(write_decision(OutcomeView(replace(outcome, settings=named)))))["审定表"]
    assert sheet["A2"].value == "示范医院党委　党支部分类定级　审定表"
    headings = next([cell.value for cell in row] for row in sheet.iter_rows() if row[0].value == "党组织编码")
    locked = dict(zip(headings, (cell.protection.locked for cell in sheet[sheet.max_row]), strict=True))
    unlocked = ["审定等次", "理由", "同意", "不同意", "弃权", "上级审查意见", "审查日期"]
    assert [heading for heading in headings if not locked[heading]] == unlocked
    assert sheet.cell(sheet.max_row, 1).value == "D006"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")


def test_what_was_decided_before_stands_in_its_row_and_its_meeting_in_the_head() -> None:
    raw = write_decision(OutcomeView(example()))
    assert [rows(raw)[3][heading] for heading in ("审定等次", "理由")] == ["较好", "整改成效明显"]
    assert head(raw) == {"会议名称": "党委会", "会议日期": datetime(2026, 3, 30), "应到": 9}  # noqa: DTZ001 - a day
    assert rows(raw)[0]["审定等次"] is None


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
    assert ("head", "", "会议名称", "党委会") in typed
