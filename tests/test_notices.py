"""What notices say beyond marks and weights, each through workbooks, the program and what it prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notices import TOTAL, UNITS, books, column, explained, record, run
from tests.small_standard import GRADES, indicator, rules

A, B, C = UNITS

# --- the mean of the group, the greater and the smaller ----------------------------------------------------


def test_points_by_the_mean_of_the_group_and_a_count_with_a_cap(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """收入 3, 6, 9 against the mean 6, and prizes 5, 2, 0 of which three count: 60 + 10 × 收入 ÷ 6 + 2 each."""
    text = TOTAL.replace('"indicators"', '"rules"').replace('["committee", "records"]', '"records"')
    more = rules(
        'name = "收入", unit = "万元"', 'name = "获奖", unit = "次"',
        'name = "收入得分", of = "收入 / 平均(收入)", each = 10',
        'name = "获奖得分", of = "较小(获奖, 3)", each = 2',
    )  # fmt: skip
    text += indicator("业绩", 100, "start = 60", more) + GRADES
    facts = [
        record(unit, rule, figure)
        for rule, figures in (("收入", (3, 6, 9)), ("获奖", (5, 2, 0)))
        for unit, figure in zip(UNITS, figures, strict=True)
    ]
    own = books(text)
    found = run(tmp_path, text, {**own.roster(UNITS, []), **own.records(facts)})
    assert found.status == 0
    assert column(found) == [71, 74, 75]
    told = explained(found, "A1", capsys)
    assert "收入 / 平均(收入)＝0.5" in told
    assert "较小(获奖, 3)＝3" in told
