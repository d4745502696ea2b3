"""审定表 as a committee fills it: its meeting once in the head, another one's in a row, and the older layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from dingji.forms.committee_forms import decision_form
from dingji.forms.filling import Cells, Filling
from dingji.forms.write import write_form
from dingji.outcome import Outcome
from dingji.problems import Problem
from dingji.reports.decision import split_meeting, typed_decisions, write_decision
from dingji.reports.explain import explain
from dingji.reports.view import OutcomeView
from tests.five_good_case import ROUND
from tests.papers import (
    DECISIONS,
    Alter,
    altered,
    at,
    cells_with,
    filled,
    form,
    good,
    in_head,
    outcome_of,
    shown_at,
    told,
    typed,
)
from tests.workspaces import scheme

SHEET = "审定表"
MEETING = {"会议名称": "党委会", "会议日期": "2026年3月30日", "应到": 9, "实到": 8, "依据文号": "党委〔2026〕3号"}


def paper() -> bytes:
    """Return 审定表 as the run before the meeting leaves it."""
    return write_decision(OutcomeView(outcome_of(good())))


def filled_in(raw: bytes, *alters: Alter, meeting: Mapping[str, Any] = MEETING) -> bytes:
    """Return it with the meeting in its head, and whatever else was typed."""
    for alter in (*(in_head(SHEET, label, value) for label, value in meeting.items()), *alters):
        raw = altered(raw, alter)
    return raw


def own(outcome: Outcome) -> list[Problem]:
    return [problem for problem in outcome.problems if problem.file == DECISIONS]


def decided(outcome: Outcome, unit: str) -> str:
    return str(OutcomeView(outcome).results[unit]["decided"])


def run(raw: bytes) -> Outcome:
    return outcome_of({**good(), DECISIONS: raw})


def place(raw: bytes, key: str, heading: str) -> str:
    """Return where a heading's cell stands in a branch's row."""
    found: list[str] = []
    altered(raw, lambda book: found.append(at(book[SHEET], key, heading).coordinate))
    return found[0]


def test_the_meeting_is_told_of_every_branch_decided_on_with_the_cell_where_it_stands() -> None:
    raw = filled_in(
        paper(),
        typed(SHEET, "ZB01", "审定等次", "较好"),
        typed(SHEET, "ZB01", "理由", "党委研究"),
        typed(SHEET, "ZB01", "同意", 8),
        typed(SHEET, "ZB02", "审定等次", "好"),
    )
    outcome = run(raw)
    assert own(outcome) == []
    assert [decided(outcome, unit) for unit in ("ZB01", "ZB02", "ZB03")] == ["较好", "好", ""]
    decisions = typed_decisions(outcome)
    meeting = {**MEETING, "会议日期": "2026-03-30", "应到": "9", "实到": "8"}
    assert decisions["ZB01"] == {
        "测算等次": "好",
        "审定等次": "较好",
        "理由": "党委研究",
        "同意": "8",
        **meeting,
    }
    assert "会议名称" not in decisions["ZB03"]
    lines = explain(outcome, "ZB01")
    assert lines[1] == "审定等次：较好　党委研究确定，理由：党委研究，党委会 2026-03-30 党委〔2026〕3号"
    said = next(number for number, line in enumerate(lines) if "党委研究确定 较好" in line)
    assert lines[said].endswith("较好（测算等次 好，理由：党委研究，党委会 2026-03-30 党委〔2026〕3号）")
    where = lines[said + 1].rpartition(" ▸ ")[2].split("、")
    assert {place(raw, "ZB01", heading) for heading in ("审定等次", "理由", "同意")} <= set(where)
    shown = [shown_at(raw, SHEET, cell) for cell in where if ":" not in cell]
    assert {"党委会", "党委〔2026〕3号"} <= set(shown)


def test_the_next_paper_tells_the_meeting_in_its_head_again() -> None:
    raw = filled_in(paper(), typed(SHEET, "ZB01", "审定等次", "好"))
    again = write_decision(OutcomeView(run(raw)))
    assert typed_decisions(run(again)) == typed_decisions(run(raw))
    headings: list[Any] = []
    altered(again, lambda book: headings.append(len(cells_with(book[SHEET], "会议名称"))))
    assert headings == [1]


def test_a_row_tells_another_meeting_than_the_head() -> None:
    rows: list[Cells] = [
        {"党组织编码": "ZB01", "审定等次": "好", "会议名称": "党委扩大会", "应到": 12},
        {"党组织编码": "ZB02", "审定等次": "好"},
    ]
    head: Cells = {"会议名称": "党委会", "应到": 9}
    outcome = run(write_form(form("decision"), Filling(head=head, rows={SHEET: rows})))
    said = typed_decisions(outcome)
    assert [(said[unit]["会议名称"], said[unit]["应到"]) for unit in ("ZB01", "ZB02")] == [
        ("党委扩大会", "12"),
        ("党委会", "9"),
    ]
    assert any("党委扩大会" in line for line in explain(outcome, "ZB01"))
    assert not any("党委会" in line for line in explain(outcome, "ZB01"))
    again = typed_decisions(run(write_decision(OutcomeView(outcome))))
    assert {unit: again[unit]["会议名称"] for unit in ("ZB01", "ZB02")} == {"ZB01": "党委扩大会", "ZB02": "党委会"}


def test_the_head_speaks_for_no_decision_that_told_no_meeting() -> None:
    said = {"甲": {"审定等次": "好", "会议名称": "党委会"}, "乙": {"审定等次": "好"}}
    assert split_meeting(said) == ({}, said)
    head, rows = split_meeting({**said, "乙": {"审定等次": "好", "会议名称": "党委会"}})
    assert (head, rows["乙"]) == ({"会议名称": "党委会"}, {"审定等次": "好"})


WRONG = [
    ({"应到": "七人"}, [], ["E201"]),
    ({"会议日期": "三月"}, [], ["E213"]),
    ({"实到": 10}, [], ["W235"]),
    ({}, [("同意", 9)], ["W235"]),
    ({}, [("同意", 8)], []),
    ({}, [("审定等次", "较好")], ["E504"]),
]


@pytest.mark.parametrize(("meeting", "cells", "expected"), WRONG)
def test_what_is_wrong_in_head_or_row_is_told_at_its_cell(
    meeting: dict[str, Any], cells: list[tuple[str, Any]], expected: list[str]
) -> None:
    row = [typed(SHEET, "ZB01", heading, value) for heading, value in [("审定等次", "好"), *cells]]
    raw = filled_in(paper(), *row, meeting={**MEETING, **meeting})
    outcome = run(raw)
    problems = own(outcome)
    assert [problem.code for problem in problems] == expected
    for problem in problems:
        assert shown_at(raw, problem.sheet, problem.cell) == problem.found
        assert problem.unit == ("" if meeting else "ZB01")


def older(rows: list[dict[str, Any]]) -> bytes:
    """Return 审定表 as it was laid out before, its meeting in every row."""
    declared = decision_form(scheme(), ROUND)
    return write_form(replace(declared, head=declared.head[:1], sheets=declared.earlier), Filling(rows={SHEET: rows}))


def test_a_paper_of_the_older_layout_is_read() -> None:
    row = {"党组织编码": "ZB01", "测算等次": "好", "审定等次": "较好", "理由": "党委研究", **MEETING, "同意": 8}
    outcome = run(older([row, {"党组织编码": "ZB02", "审定等次": "好", "会议名称": "党委扩大会"}]))
    assert own(outcome) == []
    assert decided(outcome, "ZB01") == "较好"
    said = typed_decisions(outcome)
    assert said["ZB01"]["会议日期"] == "2026-03-30"
    assert (said["ZB02"]["会议名称"], "应到" in said["ZB02"]) == ("党委扩大会", False)


def test_a_paper_of_a_layout_that_never_was_is_an_old_one() -> None:
    declared = decision_form(scheme(), ROUND)
    sheet = replace(declared.sheets[0], columns=declared.sheets[0].columns[:-1])
    raw = write_form(replace(declared, sheets=(sheet,), earlier=()), Filling(rows={SHEET: []}))
    assert [problem.code for problem in told(run(raw).problems, "E111")] == ["E111"]


def test_a_heading_of_the_table_is_no_label_of_the_head() -> None:
    """A column of the office's own behind 会议名称 is no meeting's name."""

    def insert(book: Any) -> None:  # noqa: ANN401 - a workbook
        page = book[SHEET]
        cell = cells_with(page, "会议名称")[-1]
        page.cell(cell.row, cell.column + 1).value = "地点"

    raw = altered(older([{"党组织编码": "ZB01", "审定等次": "好"}]), insert)
    assert "会议名称" not in typed_decisions(run(raw))["ZB01"]


def test_a_blank_serves_any_round() -> None:
    blank = decision_form(scheme(), "")
    assert blank.fingerprint == form("decision").fingerprint
    assert filled("decision", [])
