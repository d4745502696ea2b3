"""测评统计: one meaning a name, one round a row; and the tool's own result book put in again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from dingji.reports.surveys import survey_lines, surveys
from dingji.reports.view import OutcomeView
from dingji.reports.workbook import write_results
from dingji.scheme.names import option_score_name
from tests.drawn_trail import trail_of
from tests.outcome_example import example
from tests.papers import good, outcome_of, read


def step(round_: str, kind: str, item: str, figure: int, text: str = "") -> dict[str, Any]:
    return {
        "unit": "D001", "round": round_, "step": kind, "source": "党群评分", "item": item,
        "figure": Fraction(figure), "text": text,
    }  # fmt: skip


def test_of_a_weighted_year_the_last_round_alone_is_told() -> None:
    """弃权 was chosen 155 times at half-year and by nobody at year-end: 0, and not 155."""
    steps = [
        step("年初", "votes", "总体", 20, "满意"), step("年初", "votes", "总体", 155, "弃权"),
        step("年初", "ballots", "无效", 3), step("年初", "share", "满意率", 0),
        step("年终", "votes", "总体", 30, "满意"), step("年终", "ballots", "有效", 30),
    ]  # fmt: skip
    (line,) = survey_lines(OutcomeView(replace(example(), trail=trail_of(steps))))
    assert [line.votes[name] for name in ("满意", "弃权", "不满意")] == [30, 0, 0]
    assert line.ballots == {"有效": 30}
    assert line.shares == {}


@pytest.mark.parametrize(
    ("sources", "name"),
    [
        (["自评", "测评"], "选项平均分"),
        (["测评得分"], "选项平均分"),
        (["测评评分"], "选项平均分"),
        (["党群评分"], "测评得分"),
    ],
)
def test_a_source_and_the_mean_of_option_points_have_two_names(sources: list[str], name: str) -> None:
    assert option_score_name(sources) == name


def test_the_column_is_named_so() -> None:
    outcome = example()
    scheme = outcome.schemes["five-good"]
    renamed = [each.model_copy(update={"name": "测评"}) if each.name == "党群评分" else each for each in scheme.sources]
    other = replace(outcome, schemes={scheme.id: scheme.model_copy(update={"sources": renamed})})
    assert "测评得分" in surveys(OutcomeView(outcome)).headings
    assert "选项平均分" in surveys(OutcomeView(other)).headings
    assert "测评得分" not in surveys(OutcomeView(other)).headings


def test_the_tools_own_result_book_is_read_without_a_word_on_its_other_sheets() -> None:
    raw = write_results(OutcomeView(outcome_of(good())))
    assert [problem.code for problem in read(raw, "上期/分类定级结果.xlsx").problems] == []
