"""一览表: its columns in the contract's order, and what each audience sees."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from dingji.outcome import Outcome
from dingji.reports.columns import NOTHING, ReportTable, Shown, printed
from dingji.reports.overview import Audience, overview
from dingji.reports.view import OutcomeView
from dingji.scheme.model import Scheme
from dingji.scheme.names import source_heading
from dingji.settings import ReportChoice
from tests.outcome_example import MISSING, changed, example, five_good, only

FACTS = ("序号", "党组织编码", "党组织名称", "上级党组织", "类别", "书记", "党员数")
SCORES = ("自评得分", "党群得分", "党委评定得分", "满意率", "测评得分", "加分", "综合得分")
AFTER = ("直接定级或限档情形", "上期等次", "晋位情况", "主要问题", "联系领导", "备注")
INTERNAL = [*FACTS, *SCORES, "排名", "测算等次", "审定等次", *AFTER]
UPWARD = [*FACTS, *(heading for heading in SCORES if heading != "加分"), "拟定等次", *AFTER]
"""The superior gets no column in which nothing stands: this standard has no bonus."""


def column(table: ReportTable, heading: str) -> list[str]:
    place = table.headings.index(heading)
    return [row[place] for row in table.texts()]


def with_scheme(outcome: Outcome, scheme: Scheme, *units: str) -> Outcome:
    """Return the outcome with some branches graded by a further standard."""
    for unit in units:
        outcome = changed(outcome, unit, scheme=scheme.id)
    return replace(outcome, schemes={**outcome.schemes, scheme.id: scheme})


@pytest.mark.parametrize(("audience", "headings"), [("internal", INTERNAL), ("upward", UPWARD)])
def test_headings_stand_in_the_contracts_order(audience: Audience, headings: list[str]) -> None:
    assert list(overview(OutcomeView(example()), audience).headings) == headings


def test_places_go_upward_where_config_asks() -> None:
    outcome = example()
    asked = outcome.settings.model_copy(update={"report": ReportChoice(places=True)})
    headings = overview(OutcomeView(replace(outcome, settings=asked)), "upward").headings
    assert headings[headings.index("综合得分") + 1 :][:2] == ("排名", "拟定等次")


def test_rows_stand_in_roster_order_numbered_from_one() -> None:
    table = overview(OutcomeView(only(example(), "D006", "D002", "D004")), "internal")
    assert column(table, "党组织编码") == ["D002", "D004", "D006"]
    assert column(table, "序号") == ["1", "2", "3"]


def test_figures_are_printed_half_up_and_missing_ones_as_a_dash() -> None:
    table = overview(OutcomeView(example()), "internal")
    assert column(table, "党委评定得分") == ["94.33", "89.50", "75.67", "58.00", NOTHING, "89.50"]
    assert column(table, "综合得分") == ["95.87", "90.00", "78.57", "73.30", NOTHING, "90.00"]
    assert column(table, "满意率") == ["90.00%", "95.00%", "65.00%", "85.00%", "100.00%", "95.00%"]
    assert column(table, "排名") == ["1", "2", "4", "5", NOTHING, "2"]


def test_the_committees_grade_stands_beside_the_computed_one_inside_only() -> None:
    inside, upward = overview(OutcomeView(example()), "internal"), overview(OutcomeView(example()), "upward")
    assert column(inside, "测算等次") == ["好", "好", "后进", "一般", "未定级", "好"]
    assert column(inside, "审定等次") == ["", "", "", "较好", "", ""]
    assert column(upward, "拟定等次") == ["好", "好", "后进", "较好", "未定级", "好"]


def test_remarks_say_why_a_branch_waits_and_keep_details_inside() -> None:
    assert column(overview(OutcomeView(example()), "internal"), "备注") == [
        "",
        "临界",
        "",
        "",
        f"待补：{MISSING}",
        "临界",
    ]
    assert column(overview(OutcomeView(example()), "upward"), "备注") == ["", "", "", "", "待补", ""]


def test_a_branch_that_does_not_take_part_says_so() -> None:
    outcome = changed(example(), "D005", settled=True, missing=("成立不满一年",))
    assert column(overview(OutcomeView(outcome), "upward"), "备注")[4] == "不参加（成立不满一年）"


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("党群评分", "党群得分"),
        ("群众得分", "群众得分"),
        ("自评", "自评得分"),
        ("党委评定", "党委评定得分"),
    ],
)
def test_the_heading_of_a_source_speaks_of_its_score(name: str, heading: str) -> None:
    assert source_heading(name) == heading


def test_a_source_of_the_surveys_name_takes_the_place_of_its_column() -> None:
    scheme = five_good()
    sources = [
        source.model_copy(update={"name": "测评" if source.name == "党群评分" else source.name})
        for source in scheme.sources
    ]
    outcome = replace(example(), schemes={scheme.id: scheme.model_copy(update={"sources": sources})})
    headings = overview(OutcomeView(outcome), "internal").headings
    assert headings.count("测评得分") == 1
    assert headings.index("测评得分") < headings.index("满意率")


def test_nested_sources_and_those_of_other_rounds_have_no_column() -> None:
    scheme = five_good()
    sources = [
        source.model_copy(update={"inside": "党委评定"}) if source.name == "自评" else source
        for source in scheme.sources
    ]
    outcome = replace(example(), schemes={scheme.id: scheme.model_copy(update={"sources": sources})})
    headings = overview(OutcomeView(outcome), "internal").headings
    assert "自评得分" not in headings
    assert "互评得分" not in headings  # 年终 only


def test_several_standards_print_the_union_of_their_sources() -> None:
    scheme = five_good()
    other = [source.model_copy(update={"name": source.name.replace("党委评定", "考评")}) for source in scheme.sources]
    second = scheme.model_copy(update={"id": "other", "sources": other})
    outcome = with_scheme(example(), second, "D006")
    outcome = changed(outcome, "D006", scores={"自评": Fraction(90), "考评": Fraction(91)})
    table = overview(OutcomeView(outcome), "internal")
    start = table.headings.index("党员数") + 1
    assert table.headings[start : start + 4] == ("自评得分", "党群得分", "党委评定得分", "考评得分")
    assert [row[start : start + 4] for row in table.texts()][4:] == [
        ["95.00", "92.00", NOTHING, NOTHING],
        ["90.00", NOTHING, NOTHING, "91.00"],
    ]


def test_two_sources_never_share_a_column() -> None:
    scheme = five_good()
    twins = [source.model_copy(update={"name": source.name.replace("自评", "党群得分")}) for source in scheme.sources]
    outcome = replace(example(), schemes={scheme.id: scheme.model_copy(update={"sources": twins})})
    assert [
        heading for heading in overview(OutcomeView(outcome), "internal").headings if heading.startswith("党群")
    ] == [
        "党群得分",
        "党群评分得分",
    ]


def test_without_grades_the_grade_cells_hold_a_dash() -> None:
    scheme = five_good().model_copy(update={"grades": []})
    outcome = replace(changed(example(), "D004", decided=""), schemes={scheme.id: scheme})
    table = overview(OutcomeView(outcome), "internal")
    assert set(column(table, "测算等次") + column(table, "审定等次")) == {NOTHING}
    assert column(table, "备注")[4] == f"待补：{MISSING}"


def test_scores_are_printed_as_finely_as_the_standard_rounds() -> None:
    scheme = five_good()
    rounding = scheme.rounding.model_copy(update={"places": 3})
    outcome = replace(example(), schemes={scheme.id: scheme.model_copy(update={"rounding": rounding})})
    outcome = changed(outcome, "D002", composite=Fraction("89.996"), computed="较好")
    assert column(overview(OutcomeView(outcome), "upward"), "综合得分")[1] == "89.996"


def test_a_label_that_is_no_grade_of_the_standard_is_told_in_the_remarks() -> None:
    outcome = changed(example(), "D005", computed="不定等次", settled=True, missing=("成立不满一年",))
    table = overview(OutcomeView(outcome), "upward")
    assert column(table, "拟定等次")[4] == "不定等次"
    assert column(table, "备注")[4] == "不参加（成立不满一年）"


def test_the_foot_signs_off_and_carries_the_check_code() -> None:
    sign_off, code = overview(OutcomeView(example()), "upward").notes
    assert sign_off.startswith("填报单位（盖章）：示范医院党委　　审核人：审核员　　填表人：填表员")
    assert code.startswith("数据校验码：")


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (Fraction("89.995"), "score", "90.00"),
        (Fraction(2, 3), "share", "66.67%"),
        (12, "count", "12"),
        (Fraction(9, 2), "number", "4.5"),
        (Shown(Fraction(1, 2), "share"), "number", "50.00%"),
        ("—", "score", "—"),
        (None, "text", "—"),
        ("好", "grade", "好"),
    ],
)
def test_printed_texts(value: object, kind: str, text: str) -> None:
    assert printed(value, kind) == text  # type: ignore[arg-type]
