"""Ballots and tallies: shares and scores are exact, and both ways of handing votes in come to the same."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dingji.forms.declare import ABSTAIN as ABSTAINED
from dingji.scheme.model import Source
from dingji.scoring.ballots import Survey, count
from dingji.scoring.board import Board
from dingji.scoring.entered import Entered
from dingji.scoring.survey import mark_means, option_scores, put_survey, share
from dingji.tables import records
from tests.drawn import Row, ballots, entries, heads, rows, tally

OPTIONS = {"满意": 100, "基本满意": 60, "不满意": 0}
SATISFIED = ["满意", "基本满意"]
BRANCHES = ["甲", "乙"]


def source(**keys: Any) -> Source:  # noqa: ANN401 - as TOML has them
    given: dict[str, Any] = {"name": "测评", "form": "survey", "marks": "indicators", "questions": ["评价"],
                             "options": OPTIONS, "shares": {"满意率": SATISFIED}, "weight": 100}  # fmt: skip
    return Source.model_validate(given | keys)


def counted(made: Source, *parts: list[Row]) -> Survey:
    return count(Entered.of(entries(*parts), BRANCHES), made)


def voted(made: Source, *parts: list[Row]) -> tuple[Fraction | None, Fraction | None]:
    """Return the share of the satisfied and the score of branch 甲."""
    survey = counted(made, *parts)
    return share(survey, SATISFIED).at(0), option_scores(survey).at(0)


def votes(satisfied: int, fairly: int, no: int, **more: int) -> list[Row]:
    """Return single ballots of branch 甲, those under 未答 with no answer."""
    drawn = {"满意": satisfied, "基本满意": fairly, "不满意": no, **more}
    lines = [f"甲 | {count} | {'' if option == '未答' else option}" for option, count in drawn.items()]
    return ballots("\n".join(["支部 | 张数 | 评价", *lines]), "测评")


@pytest.mark.parametrize(
    ("drawn", "rate", "score"),
    [((7, 2, 1), "9/10", "82"), ((15, 4, 1), "19/20", "87"), ((8, 5, 7), "13/20", "55"), ((10, 7, 3), "17/20", "71"),
     ((10, 0, 0), "1", "100"), ((0, 0, 4), "0", "0"), ((1, 0, 2), "1/3", "100/3")],
)  # fmt: skip
def test_shares_and_scores_of_the_worked_case(drawn: tuple[int, int, int], rate: str, score: str) -> None:
    assert voted(source(), votes(*drawn)) == (Fraction(rate), Fraction(score))


def test_a_share_exactly_at_a_bound_is_there_and_a_hair_below_is_not() -> None:
    """27 of 30 is 90%; one third is 1/3, whatever number of thirds is counted."""
    at, _ = voted(source(), votes(27, 0, 3))
    below, _ = voted(source(), tally("支部 | 项目 | 满意 | 不满意\n甲 | 评价 | 89999 | 10001", "测评"))
    third, _ = voted(source(), votes(333, 0, 666))
    assert (at, third) == (Fraction("0.9"), Fraction(1, 3))
    assert below is not None
    assert below < Fraction("0.9")


ABSTAIN: dict[str, Any] = {"apart": ["弃权", "不了解"]}
HEAD = heads("支部 | 应参加 | 实到 | 发出 | 收回 | 有效 | 无效\n甲 | 40 | 32 | 32 | 30 | 25 | 5", "测评")


@pytest.mark.parametrize(
    ("keys", "base"),
    [
        ({}, 25),
        ({"out_of": "valid"}, 25),
        ({"out_of": "returned"}, 30),
        ({"out_of": "present"}, 32),
        ({"out_of": "due"}, 40),
        (ABSTAIN, 19),
        (ABSTAIN | {"out_of": "returned"}, 24),
        (ABSTAIN | {"out_of": "due"}, 34),
        ({"apart": ["不了解"]}, 24),
    ],
)
def test_what_a_share_is_taken_of(keys: dict[str, Any], base: int) -> None:
    """Of 25 valid ballots one says 不了解, three 弃权, two leave the question open, which is 弃权 too."""
    drawn = votes(12, 3, 4, 不了解=1, 弃权=3, 未答=2)
    assert voted(source(**keys), drawn, HEAD)[0] == Fraction(15, base)


def test_a_score_is_the_mean_over_those_who_chose() -> None:
    drawn = votes(1, 1, 0, 弃权=3, 未答=5)
    for keys in ({}, ABSTAIN, {"out_of": "due"}):
        assert voted(source(**keys), drawn, HEAD)[1] == 80


@pytest.mark.parametrize("parts", [[], [HEAD], [votes(0, 0, 0, 弃权=3)]], ids=["no form", "a head alone", "弃权 only"])
def test_where_nobody_chose_there_is_no_figure(parts: list[list[Row]]) -> None:
    assert voted(source(**ABSTAIN), *parts) == (None, None)


def test_a_share_of_a_count_that_the_head_does_not_give_is_missing() -> None:
    assert voted(source(out_of="due"), votes(7, 2, 1)) == (None, Fraction(82))


TALLY = tally(
    """
    支部 | 项目 | 满意 | 基本满意 | 不满意 | 弃权
    甲   | 评价 | 12  | 3      | 4     | 6
    """,
    "测评",
)


@pytest.mark.parametrize("keys", [{}, ABSTAIN, {"out_of": "returned"}, {"out_of": "due", **ABSTAIN}])
def test_a_tally_comes_to_the_same_as_its_ballots(keys: dict[str, Any]) -> None:
    one, other = voted(source(**keys), TALLY, HEAD), voted(source(**keys), votes(12, 3, 4, 弃权=6), HEAD)
    assert one == other
    assert None not in one


@pytest.mark.parametrize(("apart", "base"), [([], 30), ([ABSTAINED], 27)])
def test_a_session_of_ballots_and_one_of_a_tally_add_up(apart: list[str], base: int) -> None:
    """Nine answers on ten ballots, and a tally of twenty of which two abstain."""
    tallied = tally(f"支部 | 项目 | 满意 | 不满意 | {ABSTAINED}\n甲 | 评价 | 15 | 3 | 2", "测评")
    survey = counted(source(apart=apart), votes(9, 0, 0, 未答=1), tallied)
    assert survey.cast[0] == 30
    assert share(survey, SATISFIED).at(0) == Fraction(24, base)


def test_sessions_add_up() -> None:
    second = tally("支部 | 项目 | 满意 | 基本满意 | 不满意\n甲 | 评价 | 3 | 1 | 1", "测评", "第二场")
    assert voted(source(), votes(7, 2, 1), second) == voted(source(), votes(10, 3, 2))


BY_QUESTION = ballots(
    """
    支部 | 张数 | 班子     | 作风
    甲   | 3   | 满意     | 不满意
    甲   | 1   | 不满意   | 满意
    甲   | 2   | 满意     |
    甲   | 2   | 基本满意 | 基本满意
    """,
    "测评",
)


@pytest.mark.parametrize(
    ("questions", "rate", "score"),
    [
        (["班子", "作风"], "5/8", "685/12"),
        ({"班子": 3, "作风": 1}, "3/4", "1615/24"),
        ({"班子": 1}, "7/8", "155/2"),
    ],
)
def test_questions_are_weighed(questions: list[str] | dict[str, int], rate: str, score: str) -> None:
    """班子: 7/8 and 620/8; 作风, two left open: 3/8 and 220/6."""
    assert voted(source(questions=questions), BY_QUESTION) == (Fraction(rate), Fraction(score))


GROUPED = ballots(
    """
    支部 | 张数 | 身份 | 评价
    甲   | 3   | 党员 | 满意
    甲   | 1   | 党员 | 不满意
    甲   | 1   | 群众 | 满意
    甲   | 1   | 群众 | 基本满意
    甲   | 2   | 群众 | 不满意
    乙   | 5   | 党员 | 满意
    """,
    "测评",
)


def test_groups_are_weighed_and_pooled_without_weights() -> None:
    made = source(groups={"党员": 40, "群众": 60})
    assert voted(made, GROUPED) == (Fraction("0.4") * Fraction(3, 4) + Fraction("0.6") * Fraction(1, 2), Fraction(54))
    assert voted(source(), GROUPED) == (Fraction(5, 8), Fraction(460, 8))


def test_a_weighed_group_that_nobody_voted_in_is_missing() -> None:
    survey = counted(source(groups={"党员": 40, "群众": 60}), GROUPED)
    assert (share(survey, SATISFIED).at(1), option_scores(survey).at(1)) == (None, None)


def test_the_heads_counts_know_no_groups() -> None:
    made = source(groups={"党员": 40, "群众": 60}, out_of="returned")
    assert voted(made, GROUPED, HEAD)[0] == Fraction("0.6")


MARKED = ballots(
    """
    支部 | 张数 | 身份 | 班子 | 队伍 | 评价
    甲   | 1   | 党员 | 9   | 18  | 满意
    甲   | 2   | 群众 | 8   |     | 满意
    甲   | 1   | 群众 | 9.5 | 17  | 不满意
    """,
    "测评",
)


@pytest.mark.parametrize(
    ("keys", "team", "members"),
    [({}, "69/8", "35/2"), ({"groups": {"党员": 1, "群众": 1}}, "35/4", "35/2"), ({"groups": {"党员": 1}}, "9", "18")],
)
def test_marks_on_ballots_are_averaged_over_those_who_answered(keys: dict[str, Any], team: str, members: str) -> None:
    survey = counted(source(**keys), MARKED)
    assert (mark_means(survey, "班子").at(0), mark_means(survey, "队伍").at(0)) == (Fraction(team), Fraction(members))
    assert mark_means(survey, "业绩").at(0) is None
    assert mark_means(survey, "班子").at(1) is None


def session(file: str, valid: int, mean: str) -> list[Row]:
    lines = tally(f"支部 | 项目 | 平均分\n甲 | 班子 | {mean}", "测评", file)
    return lines + heads(f"支部 | 有效\n甲 | {valid}", "测评", file)


def test_a_tallys_mean_counts_as_often_as_its_own_session_has_ballots() -> None:
    survey = counted(source(), session("第一场", 10, "8"), session("第二场", 30, "9"))
    assert mark_means(survey, "班子").at(0) == Fraction(35, 4)
    alone = counted(source(), tally("支部 | 项目 | 平均分\n甲 | 班子 | 8.25", "测评"))
    assert mark_means(alone, "班子").at(0) == Fraction(33, 4)


def test_what_two_typists_read_differently_waits() -> None:
    drawn = votes(7, 2, 1) + ballots("支部 | 班子\n甲 | 8\n甲 | 9", "测评")
    disputed = [
        {**row, "state": "disputed"} if place in (0, len(drawn) - 1) else row for place, row in enumerate(drawn)
    ]
    survey = counted(source(), disputed)
    assert (share(survey, SATISFIED).at(0), option_scores(survey).at(0), mark_means(survey, "班子").at(0)) == (
        None,
    ) * 3


def test_shares_stand_on_the_board_and_their_counts_in_the_trail() -> None:
    board = Board(["甲", "乙"])
    scores = put_survey(board, counted(source(**ABSTAIN), votes(7, 2, 1, 弃权=1, 未答=1), HEAD))
    assert scores.fractions() == [82, None]
    assert board.lookup("满意率") == board.lookup("测评.满意率") == [Fraction(9, 10), None]
    steps = [
        (row["unit"], row["step"], row["item"], row["text"], row["figure"]) for row in records(board.trail.table())
    ]
    assert ("甲", "share", "满意率", "", Fraction(9, 10)) in steps
    assert ("甲", "ballots", "有效", "", 12) in steps
    assert ("甲", "votes", "评价", "弃权", 2) in steps
    assert {unit for unit, *_ in steps} == {"甲"}
    words = [row["words"] for row in records(board.trail.table()) if row["step"] == "share"]
    formula = "满意率＝（满意＋基本满意）÷（有效票－弃权－不了解）＝9÷10＝90.00%"
    assert words == [f"{formula}（满意7票，基本满意2票，不满意1票，弃权2票，不了解0票）"]


ANSWERS = (*OPTIONS, "弃权")
FLOORS = """
要求                  | 说明
10 张                |
25 张                |
26 张                | 有效票 25 张，不足 26 张
75%                  |
75.1%                | 参评率 75.00%，不足 75.1%
3/4                  |
"""


@pytest.mark.parametrize("line", rows(FLOORS), ids=lambda line: line["要求"])
def test_below_the_standards_floor_a_survey_does_not_count(line: dict[str, str]) -> None:
    """25 valid ballots; 30 of 40 were handed back."""
    asked = line["要求"]
    floor = {"min_ballots": int(asked.removesuffix(" 张"))} if asked.endswith("张") else {"min_turnout": asked}
    survey = counted(source(**floor), votes(12, 3, 10), HEAD)
    assert survey.short.get(0, "") == line["说明"]
    assert (share(survey, SATISFIED).at(0) is None) is bool(line["说明"])
    board = Board(["甲", "乙"])
    assert (put_survey(board, survey).at(0) is None) is bool(line["说明"])
    told = [row["words"] for row in records(board.trail.table()) if row["step"] == "source"]
    assert told == ([f"测评 不计：{line['说明']}"] if line["说明"] else [])


def test_a_turnout_of_an_unknown_number_is_unknown() -> None:
    survey = counted(source(min_turnout="50%"), votes(7, 2, 1))
    assert survey.short.get(0, "") == "参评率 不详（没有填应参加），不足 50%"
    assert counted(source(min_turnout="50%"), votes(7, 2, 1), HEAD[:1]).short.get(0, "") == "参评率 25.00%，不足 50%"


VOTES = st.fixed_dictionaries({option: st.integers(0, 6) for option in ANSWERS})


@settings(max_examples=25, deadline=None)
@given(VOTES, VOTES, st.integers(1, 9), st.integers(1, 9), st.booleans())
def test_tally_ballots_and_plain_fractions_agree(
    party: Mapping[str, int],
    masses: Mapping[str, int],
    first: int,
    second: int,
    apart: bool,  # noqa: FBT001 - drawn
) -> None:
    made = source(groups={"党员": first, "群众": second}, apart=["弃权"] if apart else [])
    by_group = {"党员": party, "群众": masses}
    lines = [f"甲 | {n} | {group} | {option}" for group, drawn in by_group.items() for option, n in drawn.items()]
    single = ballots("\n".join(["支部 | 张数 | 身份 | 评价", *lines]), "测评")
    lines = [
        f"甲 | 评价 | {group} | {' | '.join(str(drawn[option]) for option in ANSWERS)}"
        for group, drawn in by_group.items()
    ]
    totals = tally("\n".join([f"支部 | 项目 | 身份 | {' | '.join(ANSWERS)}", *lines]), "测评")
    expected = _worked_out(by_group, {"党员": first, "群众": second}, with_abstentions=not apart)
    assert voted(made, single) == voted(made, totals) == expected


def _worked_out(
    drawn: Mapping[str, Mapping[str, int]], weights: Mapping[str, int], *, with_abstentions: bool
) -> tuple[Fraction | None, Fraction | None]:
    rate, score = Fraction(0), Fraction(0)
    missing_rate = missing_score = False
    for group, numbers in drawn.items():
        chosen = sum(numbers[option] for option in OPTIONS)
        below = chosen + (numbers["弃权"] if with_abstentions else 0)
        missing_rate, missing_score = missing_rate or not below, missing_score or not chosen
        weight = Fraction(weights[group], sum(weights.values()))
        rate += weight * Fraction(numbers["满意"] + numbers["基本满意"], below or 1)
        score += weight * Fraction(sum(numbers[option] * points for option, points in OPTIONS.items()), chosen or 1)
    return None if missing_rate else rate, None if missing_score else score


def test_points_of_options_may_have_places() -> None:
    made = source(options={"好": Decimal("92.5"), "差": Decimal("0.1")}, shares={})
    survey = counted(made, ballots("支部 | 评价\n甲 | 好\n甲 | 差\n甲 | 差", "测评"))
    assert option_scores(survey).at(0) == Fraction("92.7") / 3
