"""上报前自查: every line says whether it is so, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from dingji.outcome import Outcome
from dingji.problems import Problem
from dingji.reports.rendering import Renderer
from dingji.reports.self_check import SELF_CHECK, check_fields
from dingji.reports.upward import upward
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import Given, give, hidden_headings
from dingji.settings import Privacy
from tests.outcome_example import example
from tests.paper_reading import page_text
from tests.papers import good, outcome_of

Line = tuple[str, str]


def given_of(outcome: Outcome) -> tuple[OutcomeView, Given]:
    view = OutcomeView(outcome)
    return view, give(view, hidden_headings(view))


def lines(outcome: Outcome, given: Given | None = None) -> dict[str, Line]:
    """Return answer and what was found, by question."""
    view, own = given_of(outcome)
    return {each["自查"]: (each["结果"], each["情况"]) for each in check_fields(view, given or own)["各项"]}


def whole() -> Outcome:
    """Return an outcome of which all is as it should be: decided, signed, nothing withheld."""
    outcome = outcome_of(good())
    office = outcome.settings.office.model_copy(
        update={"reviewer": "甲", "preparer": "乙", "phone": "0000-1234567", "date": "2026-03-31"}
    )
    settings = outcome.settings.model_copy(update={"office": office, "privacy": Privacy(ballots=0, raters=0)})
    results = outcome.results.assign(decided=outcome.results["computed"])
    return replace(outcome, settings=settings, results=results)


def test_where_all_is_well_only_the_paper_is_left_to_look_at() -> None:
    assert {question: answer for question, (answer, _) in lines(whole()).items() if answer != "是"} == {
        "纸质表和电子表的数据校验码相同": "请核对"
    }


def with_problem(code: str, /, **values: str) -> Callable[[Outcome], Outcome]:
    def change(outcome: Outcome) -> Outcome:
        return replace(outcome, problems=(*outcome.problems, Problem(code, values=values)))

    return change


def undecided(outcome: Outcome) -> Outcome:
    return replace(outcome, results=outcome.results.assign(decided=""))


def unsettled(outcome: Outcome) -> Outcome:
    settled = [unit != "ZB04" for unit in outcome.results["unit"]]
    return replace(outcome, results=outcome.results.assign(settled=settled))


def unsigned(outcome: Outcome) -> Outcome:
    office = outcome.settings.office.model_copy(update={"reviewer": " "})
    return replace(outcome, settings=outcome.settings.model_copy(update={"office": office}))


def secret(outcome: Outcome) -> Outcome:
    return replace(outcome, settings=outcome.settings.model_copy(update={"privacy": Privacy(ballots=0, raters=9)}))


def first_time(outcome: Outcome) -> Outcome:
    return replace(outcome, results=outcome.results.assign(previous=""))


@pytest.mark.parametrize(
    ("change", "question", "answer", "found"),
    [
        (with_problem("E551", what="好 2 个"), "名额都守住了", "否", "好 2 个"),
        (with_problem("W543", what="晋位率 50%"), "目标都达到了", "请核对", "晋位率 50%"),
        (with_problem("E303", code="ZB01", name="甲"), "表里的名称、编码都与名册一致", "否", ""),
        (with_problem("E204"), "拒收和须处理的问题都办妥了", "否", "还有 1 条"),
        (undecided, "等次都经审定", "否", "一支部、二支部、三支部、四支部、五支部"),
        (unsettled, "各党组织都有结论", "否", "四支部"),
        (unsigned, "填报单位、审核人、填表人、电话、日期都写了", "否", "空着：审核人"),
        (secret, "没有因人数太少不公开的数", "请核对", "印作“未公开”"),
        (first_time, "都有上期等次可比", "请核对", "没有：一支部、二支部、三支部、四支部、五支部"),
    ],
)
def test_whatever_is_not_so_is_told(
    change: Callable[[Outcome], Outcome], question: str, answer: str, found: str
) -> None:
    told = lines(change(whole()))
    assert told[question][0] == answer
    assert found in told[question][1]
    assert lines(whole())[question][0] == "是"


def test_a_sum_that_is_not_that_of_its_rows_is_told() -> None:
    _, given = given_of(example())
    table = given.summary[0]
    place = table.headings.index("党员数")
    values = [list(column) for column in table.values]
    values[place][-1] += 1  # type: ignore[operator]
    wrong = replace(given, summary=[replace(table, values=tuple(values)), *given.summary[1:]])
    told = lines(example(), wrong)["汇总表的合计与各行、与一览表相符"]
    assert told == ("否", "“党员数”的合计不符")


def test_a_branch_missing_from_one_table_is_told() -> None:
    _, given = given_of(whole())
    shorter = replace(given.overview, values=tuple(column[:-1] for column in given.overview.values))
    told = lines(whole(), replace(given, overview=shorter))["汇总表的合计与各行、与一览表相符"]
    assert told == ("否", "汇总表共 5 个，一览表 4 个")


def test_the_page_lies_inside_and_tells_what_to_do() -> None:
    files = upward(OutcomeView(example()), Renderer())
    text = page_text(files[SELF_CHECK])
    assert SELF_CHECK.startswith("内部/")
    assert "内部资料" in text
    assert "把审定结果填进审定表，放进 input 再运行" in text
