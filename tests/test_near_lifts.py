"""差多少升一档 where it is weighed: in 审定表, 上会材料 and on the page, for branches near a bound or held down."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import openpyxl
import pytest

from dingji.outcome import Outcome
from dingji.reports import near_lifts as near
from dingji.reports.decision import write_decision
from dingji.reports.official.meeting import meeting_context, meeting_scores
from dingji.reports.result_page import page_data
from dingji.reports.view import OutcomeView
from dingji.tables import records
from tests.papers import good, outcome_of

LINE = (
    "差多少升一档：要升到“较好”，党群评分有3张票由“不满意”改为“满意”，群众反映好即为16.5分，不再有“群众反映好低于12分”"
)


@cache
def view() -> OutcomeView:
    return OutcomeView(outcome_of(good()))


def outcome() -> Outcome:
    return view().outcome


def test_it_is_sought_for_branches_near_a_bound_or_held_down() -> None:
    rows = {row["unit"]: row for row in records(outcome().results)}
    assert rows["ZB03"]["situations"]
    assert view().lifts["ZB03"].startswith(LINE)
    weighed = {unit for unit, row in rows.items() if row["borderline"] or row["situations"] or row["lowered"]}
    assert set(view().lifts) <= weighed
    assert set(rows) - weighed


def test_it_is_sought_for_no_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "MOST", 0)
    assert near.near_lifts(outcome()) == {}


def test_the_committee_reads_it() -> None:
    page = openpyxl.load_workbook(io.BytesIO(write_decision(view()))).worksheets[0]
    rows: list[list[Any]] = [list(row) for row in page.iter_rows(values_only=True)]
    top = next(row for row in rows if "差多少升一档" in row)
    (own,) = (row for row in rows if row[0] == "ZB03")
    assert str(own[top.index("差多少升一档")]).startswith(LINE.partition("：")[2])
    told = meeting_context(view(), meeting_scores(view()))["各党组织"]
    (third,) = (one for one in told if one["名称"] == "三支部")
    assert third["结论"][2].startswith(LINE)


def test_the_page_tells_it_third() -> None:
    data = page_data(view())
    place = [data["texts"][number] for number in data["unit"]].index("ZB03")
    for lines in (data["told"][place][0], data["told"][place][2]):
        assert data["texts"][lines[2]].startswith(LINE)
