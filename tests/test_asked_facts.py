"""Facts that are only asked and give no points: they make no mark, and contradict none."""

from __future__ import annotations

from pathlib import Path

import pytest

from dingji.forms.filling import Cells
from tests.case_books import Unit
from tests.notices import DAY, JUDGE, TOTAL, UNITS, books, column, run
from tests.small_standard import GRADES, RECORDS_ONLY, findings, indicator, rules

A, B, C = UNITS
ASKED = indicator("业绩", 70, rules('name = "创新项目", unit = "个"'))
GIVING = indicator("纪律", 30, rules('name = "缺会", unit = "次", each = -1'))
STANDARD = TOTAL + ASKED + GIVING + GRADES


def told(unit: Unit, rule: str, figure: int | None = None) -> Cells:
    """Return a verified row of 评定扣分; without a rule it says that there is nothing to take off."""
    return {**unit.identity, "规则": rule, "数量": figure, "事由": "检查", "已核": "是"}


@pytest.mark.parametrize("how", ["indicators", "rules"])
def test_a_mark_left_blank_beside_such_a_fact_is_missing_and_not_full(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """甲 told a fact and no mark, 乙 nothing to take off and no mark; 丙 typed 60, and lost 2 of 30 by a rule."""
    text = STANDARD.replace('marks = "indicators"', f'marks = "{how}"')
    own = books(text)
    rows: list[Cells] = [A.identity, B.identity, {**C.identity, "业绩": 60}]
    facts = [told(A, "创新项目", 2), told(A, "缺会", 0), told(B, ""), told(C, "缺会", 2), told(C, "创新项目", 1)]
    found = run(tmp_path, text, {**own.roster(UNITS, [JUDGE]), **own.marked(JUDGE, rows, facts)})
    assert (found.status, column(found)) == (1, ["—", "—", 88])
    assert "W222" not in capsys.readouterr().out


def test_what_only_records_would_mark_wants_a_rule_that_gives_points() -> None:
    (finding,) = [one for one in findings(RECORDS_ONLY + ASKED + GIVING + GRADES) if one.severity == "error"]
    assert "“考核”只有平时记录，“业绩”没有给分的规则，谁也评不了" in finding.words
    assert [one for one in findings(RECORDS_ONLY + GIVING.replace("30", "100")) if one.severity == "error"] == []


def test_a_mark_is_held_against_the_facts_of_its_own_round(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Typed 70 at half-year; at the year's end the rater leaves the mark to one absence: 40% × 70 + 60% × 99."""
    text = 'rounds = { "半年" = 40, "年终" = 60 }\n' + TOTAL + GIVING.replace("30", "100") + GRADES
    own = books(text)
    half = own.at("2026 半年", DAY).book(JUDGE, {A: "70"})
    end = own.marked(JUDGE, [A.identity], [told(A, "缺会", 1)])
    found = run(tmp_path, text, {**own.roster([A], [JUDGE]), **half, **end})
    assert (found.status, column(found)) == (0, [87.4])
    assert "W222" not in capsys.readouterr().out
