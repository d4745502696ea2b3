"""Figures of few ballots or raters stay in the office, and so do the sums that would tell them."""

from dataclasses import replace
from fractions import Fraction

import pytest

from dingji.checkcode import check_code, figures
from dingji.outcome import Outcome
from dingji.reports.made_of import made_of
from dingji.reports.overview import overview
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import WITHHELD, Given, count_voices, give, hidden_headings, remaining
from dingji.scheme.model import Scheme
from dingji.settings import Privacy, ReportChoice
from dingji.tables import records
from tests.drawn_trail import trail_of
from tests.outcome_example import WEAK, changed, example, five_good
from tests.paper_reading import OPEN, column, documents, html_tables, page_text, with_floors, word_rows

SECRET = Privacy(ballots=5, raters=1, composite=True)
GIVEN = Privacy(ballots=5, raters=1)


def given(outcome: Outcome) -> Given:
    view = OutcomeView(outcome)
    return give(view, hidden_headings(view))


def of_standard(scheme: Scheme, outcome: Outcome) -> Outcome:
    """Return an outcome with another standard in the place of its own."""
    return replace(outcome, schemes={scheme.id: scheme})


def test_figures_of_few_raters_are_withheld_with_what_would_tell_them() -> None:
    outcome = example()  # one rater where three are asked for
    grid = html_tables(documents(outcome)["上报/一览表.html"])[0]
    assert column(grid, "党委评定得分") == [WITHHELD] * 4 + ["—", WITHHELD]
    assert column(grid, "综合得分")[0] == "95.87"
    assert column(grid, "自评得分")[0] == "98.00"
    assert column(grid, "党群得分")[0] == WITHHELD  # else the subtraction would tell
    assert column(grid, "满意率")[0] == "90.00%"
    assert column(grid, "拟定等次")[0] == "好"
    assert column(grid, "主要问题")[2] == "群众反映好；工作机制好"
    assert word_rows(documents(outcome)["上报/一览表.docx"]) == grid


def with_ballots(outcome: Outcome, unit: str, count: int) -> Outcome:
    steps = records(outcome.trail.table())
    for step in steps:
        if (step["unit"], step["step"], step["item"]) == (unit, "ballots", "有效"):
            step["figure"] = Fraction(count)
    return replace(outcome, trail=trail_of(steps))


@pytest.mark.parametrize(("ballots", "hidden"), [(4, True), (5, False)])
def test_figures_of_few_ballots_are_withheld(ballots: int, hidden: bool) -> None:  # noqa: FBT001 - a table's cell
    outcome = with_ballots(with_floors(SECRET), "D001", ballots)
    grid = html_tables(documents(outcome)["上报/一览表.html"])[0]
    for heading in ("党群得分", "满意率", "测评得分", "综合得分"):
        texts = column(grid, heading)
        assert (texts[0] == WITHHELD) is hidden
        assert WITHHELD not in texts[1:]
    assert WITHHELD not in column(grid, "自评得分")


def test_points_lost_go_from_the_main_problems() -> None:
    issues = (("领导班子好", Fraction(8), Fraction(10)), ("工作机制好", Fraction("7.5"), Fraction(20)))
    hidden, shown = (
        changed(example(), "D001", issues=issues),
        changed(with_floors(OPEN), "D001", issues=issues),
    )
    for outcome, printed in (
        (hidden, "工作机制好；领导班子好"),
        (shown, "工作机制好（7.5/20）；领导班子好（8/10）"),
    ):
        listed = given(outcome).overview
        assert column([list(listed.headings), *listed.texts()], "主要问题")[0] == printed


def test_what_read_a_withheld_share_goes_with_it_and_the_grade_stays() -> None:
    veto = ("群众反映好低于12分", "支部班子不团结")
    outcome = with_ballots(with_floors(GIVEN), "D001", 1)
    outcome = changed(outcome, "D001", situations=veto, issues=WEAK)
    listed = given(outcome).overview
    rows = [list(listed.headings), *listed.texts()]
    told = {heading: column(rows, heading) for heading in listed.headings}
    for heading in ("满意率", "党群得分", "党委评定得分", "测评得分"):
        assert told[heading][0] == WITHHELD
        assert WITHHELD not in told[heading][1:]
    assert told["直接定级或限档情形"][0] == f"支部班子不团结；{WITHHELD}"
    assert told["主要问题"][0] == "工作机制好"
    assert (told["综合得分"][0], told["拟定等次"][0], told["自评得分"][0]) == ("95.87", "好", "98.00")


def test_a_situation_that_does_not_hold_looks_as_one_that_does() -> None:
    outcome = with_ballots(with_floors(GIVEN), "D001", 1)
    held, not_held = (
        given(changed(outcome, "D001", situations=situations)).overview.texts()[0]
        for situations in (("群众反映好低于12分（未改变等次）",), ())
    )
    assert held == not_held


def test_flags_and_ranks_of_a_withheld_figure_go_where_the_composite_stays() -> None:
    outcome = with_ballots(with_floors(GIVEN), "D001", 3)
    listed = outcome.settings.model_copy(update={"report": ReportChoice(places=True)})
    flag = next(quota.flag for quota in five_good().quotas if quota.flag)
    shown = given(changed(replace(outcome, settings=listed), "D001", flags=(flag, "通报批评"))).overview
    rows = [list(shown.headings), *shown.texts()]
    assert column(rows, "排名") == [WITHHELD, "2", "4", "5", "—", "2"]
    assert column(rows, "备注")[0] == f"通报批评；{WITHHELD}"


@pytest.mark.parametrize(("grade", "printed"), [(True, WITHHELD), (False, "好")])
def test_a_grade_is_withheld_only_where_the_settings_say_so(grade: bool, printed: str) -> None:  # noqa: FBT001 - a table's cell
    outcome = with_ballots(with_floors(Privacy(ballots=5, raters=1, grade=grade)), "D001", 1)
    shown = given(outcome).overview
    assert column([list(shown.headings), *shown.texts()], "拟定等次")[:2] == [printed, "好"]


@pytest.mark.parametrize(
    ("trim", "trim_from", "raters", "hidden"),
    [
        (0, None, 3, False),
        (1, None, 3, True),
        (1, None, 4, True),
        (1, None, 5, False),
        (1, 5, 4, False),
        (2, None, 6, True),
    ],
)
def test_raters_are_counted_after_trimming(
    trim: int,
    trim_from: int | None,
    raters: int,
    hidden: bool,  # noqa: FBT001 - a table's cell
) -> None:
    source = next(source for source in five_good().sources if source.main_form == "committee")
    trimmed = source.model_copy(update={"trim": trim, "trim_from": trim_from})
    assert (remaining(trimmed, raters) < Privacy().raters) is hidden


def test_names_are_followed_through_rules_sources_and_conditions() -> None:
    made = made_of(five_good(), "年初", {"党群评分"}, (), totals=False)
    assert made.sources == {"党群评分", "党委评定"}
    assert [*made.fed, *made.situations] == ["群众反映好", "群众反映好低于12分"]
    alone = made_of(five_good(), "年初", {"党委评定"}, (), totals=False)
    assert [*alone.sources, *alone.fed, *alone.situations] == ["党委评定"]


def test_places_go_with_the_composite() -> None:
    outcome = with_ballots(with_floors(SECRET), "D001", 3)
    listed = outcome.settings.model_copy(update={"report": ReportChoice(places=True)})
    shown = given(replace(outcome, settings=listed)).overview
    assert column([list(shown.headings), *shown.texts()], "排名") == [WITHHELD] * 4 + ["—", WITHHELD]


def test_the_code_is_of_what_is_shown() -> None:
    shown = given(example()).overview
    code = check_code(figures(shown.headings, shown.texts()))
    assert f"数据校验码：{code}" in shown.notes
    assert f"数据校验码：{code}" in page_text(documents(example())["上报/一览表.html"])
    assert shown.notes[-1] != overview(OutcomeView(example()), "internal").notes[-1]
    assert any("少于3人" in note for note in shown.notes)


def test_means_that_would_tell_a_withheld_figure_go_too() -> None:
    totals = five_good().model_copy(update={"grades": []})
    base = with_ballots(with_floors(SECRET), "D001", 3)
    block = given(of_standard(totals, base)).summary[0]
    grid = [list(block.headings), *block.texts()]
    assert column(grid, "单位") == ["机关党总支", "临床党总支", "合计"]
    for heading in ("最高分", "最低分", "平均分"):
        texts = column(grid, heading)
        assert (texts[0], texts[2]) == (WITHHELD, WITHHELD)
        assert texts[1] != WITHHELD
    assert column(grid, "已测算") == ["3", "2", "5"]


def test_a_source_of_nested_parts_is_withheld_when_all_but_the_claim_are_thin() -> None:
    first, second, *rest = five_good().sources
    nested = [first.model_copy(update={"inside": "合计"}), second.model_copy(update={"inside": "合计"})]
    whole = first.model_copy(update={"name": "合计", "form": []})
    scheme = five_good().model_copy(update={"sources": [whole, *nested, *rest]})
    outcome = of_standard(scheme, with_ballots(with_floors(SECRET), "D001", 3))
    for unit in outcome.results["unit"].tolist():
        outcome = changed(outcome, unit, scores={"合计": Fraction(90)})
    shown = given(outcome).overview
    assert column([list(shown.headings), *shown.texts()], "合计得分") == [WITHHELD] + ["90.00"] * 5


def test_voices_are_counted_from_the_trail() -> None:
    voices = count_voices(OutcomeView(example()))
    assert voices.ballots["D001", "党群评分"] == 20
    assert voices.raters["D001", "党委评定"] == 1
