"""After grading: targets over two rounds with numerator and denominator, follow-up, what stands beside a flag."""

from __future__ import annotations

import pytest

from dingji.problems import describe
from dingji.reports.standing import flag_words
from dingji.scheme.condition_values import Column
from dingji.scoring.targets import reached
from dingji.tables import records
from tests.drawn import by_first, decisions, entries, marks
from tests.small_standard import ONE_MARK, Scored, scored, standard

TARGETS = """
[[targets]]
name = "一般晋位"
out_of = ["一般"]
to = ["好", "较好"]
at_least = "{share}"
[[targets]]
name = "后进转化"
out_of = ["差"]
to = ["好", "较好", "一般"]
at_least = "100%"
"""


def graded(text: str, figures: str, previous: dict[str, str], decided: str = "", **more: object) -> Scored:
    """Grade 甲, 乙, 丙 … by one mark each."""
    lines = [f"{unit} | 一 | {figure}" for unit, figure in zip("甲乙丙丁戊", figures.split(), strict=False)]
    parts = [marks("\n".join(["支部 | 评委 | 总分", *lines]), "评定")]
    parts += [decisions("支部 | 测算等次 | 审定等次 | 理由\n" + decided)] if decided else []
    return scored(standard(ONE_MARK + text), entries(*parts), previous=previous, **more)  # type: ignore[arg-type]


def told(text: str, found: Scored) -> list[str]:
    return [one.words for one in reached(standard(ONE_MARK + text), records(found.scores.results), "年终")]


RATES = """
上期       | 得分        | 下限 | 分子 分母 未达到
一般 一般 一般 | 95 85 70  | 66%  | 2 3
一般 一般 一般 | 95 85 70  | 2/3  | 2 3
一般 一般 一般 | 95 85 70  | 67%  | 2 3 未达到
一般 一般 一般 | 95 85 ?   | 67%  | 2 3
一般 一般 一般 | 95 70 ?   | 67%  | 1 3 未达到
一般 好 一般  | 95 50 85  | 100% | 2 2
一般 - -     | 95 50 60  | 100% | 1 1
"""


@pytest.mark.parametrize("line", [line.split("|") for line in RATES.strip().splitlines()[1:]], ids=str)
def test_the_rate_is_of_those_who_had_the_grade_last_time(line: list[str]) -> None:
    """A branch that is 未定级 now has not risen; one without 上期等次 (new, or merged in June) is in neither number.

    One that is not reckoned yet may still rise: the target is missed where even that would not do.
    """
    before, figures, share, expected = (cell.strip() for cell in line)
    previous = {unit: grade for unit, grade in zip("甲乙丙", before.split(), strict=True) if grade != "-"}
    text = TARGETS.format(share=share)
    found = graded(text, figures, previous)
    one = reached(standard(ONE_MARK + text), records(found.scores.results), "")[0]
    assert [str(one.risen), str(one.base), *(["未达到"] if one.missed else [])] == expected.split()


def test_numerator_and_denominator_are_told_and_a_missed_target_is_a_warning() -> None:
    text = TARGETS.format(share="95%")
    found = graded(text, "95 70 85", {"甲": "一般", "乙": "一般", "丙": "差"})
    assert told(text, found) == [
        "一般晋位：上期“一般”2个，本期达到“好、较好”1个，晋位率1÷2＝50.00%；目标不低于95%，未达到。",
        "后进转化：上期“差”1个，本期达到“好、较好、一般”1个，转化率1÷1＝100.00%；目标不低于100%，已达到。",
    ]
    (problem,) = found.scores.problems
    line = describe(problem)
    assert (line.code, line.level) == ("W543", "提醒")
    assert "晋位率1÷2＝50.00%" in line.text


def test_a_target_for_the_end_of_the_year_is_not_missed_before() -> None:
    text = (
        'rounds = ["年初", "年终"]\n' + ONE_MARK + TARGETS.format(share="95%").replace("95%", '95%"\nrounds = "年终', 1)
    )
    table = entries(marks("支部 | 评委 | 总分\n甲 | 一 | 70", "评定"))
    rates = {}
    for name in ("年初", "年终"):
        found = scored(standard(text), table, round_name=name, previous={"甲": "一般"})
        rates[name] = reached(standard(text), records(found.scores.results), name)[0].words.rpartition("；")[2]
        assert [problem.code for problem in found.scores.problems] == (["W543"] if name == "年终" else [])
    assert rates == {"年初": "目标不低于95%，年终检查。", "年终": "目标不低于95%，未达到。"}


def test_the_committees_decision_counts() -> None:
    text = TARGETS.format(share="100%")
    found = graded(text, "70", {"甲": "一般"}, "甲 | 一般 | 较好 | 有进步")
    assert "晋位率1÷1" in told(text, found)[0]


def test_without_an_earlier_round_there_is_nothing_to_tell() -> None:
    text = TARGETS.format(share="95%")
    assert told(text, graded(text, "70", {})) == []
    assert told(text, graded(text, "70", {"甲": "好"})) == [
        "一般晋位：上期没有“一般”的党组织，不计算晋位率。",
        "后进转化：上期没有“差”的党组织，不计算转化率。",
    ]


def test_what_follows_a_grade_stands_with_the_result() -> None:
    text = ONE_MARK.replace('name = "好"', 'name = "好"\nfollow_up = "总结经验"', 1)
    found = scored(standard(text), entries(marks("支部 | 评委 | 总分\n甲 | 一 | 95\n乙 | 一 | 85", "评定")))
    assert found.column("follow_up") == ["总结经验", ""]


def words(found: Scored) -> list[list[str]]:
    return [flag_words(row) for row in records(found.scores.results)]


CANDIDATES = """
名额                 | 甲 乙 丙 丁（95 94 93 70）
top = 3              | 推荐 推荐 推荐 -
top = 2, places = 1  | 推荐（差额推荐，候选2个，取1个） 推荐（差额推荐，候选2个，取1个） - -
top = 4, places = 3  | 推荐（候选3个，取3个） 推荐（候选3个，取3个） 推荐（候选3个，取3个） -
"""


@pytest.mark.parametrize(("bounds", "expected"), [(key, rest[0]) for key, rest in by_first(CANDIDATES).items()])
def test_candidates_and_places_stand_beside_the_flag(bounds: str, expected: str) -> None:
    quota = '[[quotas]]\nflag = "推荐"\namong = "等次 = \'好\'"\n' + bounds.replace(", ", "\n")
    found = graded(quota, "95 94 93 70", {})
    assert [("".join(flags) or "-") for flags in words(found)] == expected.split()


def test_a_flag_over_two_years_tells_since_when_the_secretary_is_in_office() -> None:
    """A new secretary is not blamed for the years before; who reads the flag must see it."""
    text = '[[situations]]\nname = "两年"\nwhen = "等次 = \'一般\' and 上年等次 = \'一般\'"\nflag = "调整"\n'
    text += '[[situations]]\nname = "低"\nwhen = "综合得分 < 70"\nflag = "关注"\n'
    roster: dict[str, Column] = {"书记任职时间": ["2026-03-01", None, "2020-01-01"]}
    found = graded(text, "65 75 85", {}, roster=roster, last_year=dict.fromkeys("甲乙丙", "一般"))
    assert words(found) == [["调整（书记2026-03-01任职）", "关注"], ["调整（名册未填书记任职时间）"], []]
