"""What each source marks, what is typed on its form, and which facts it asks for."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dingji.scheme.marking import Thing, things_of, typed_rules, typed_things
from dingji.scheme.model import Scheme, Source
from tests.drawn import by_first
from tests.small_standard import five_good, standard

STANDARD = """
full = 60
[[sources]]
name = "自评"
form = "self"
marks = "items"
weight = 10
[[sources]]
name = "测评"
form = "survey"
marks = "options"
questions = ["评价"]
options = { "好" = 100 }
shares = { "满意率" = ["好"] }
weight = 10
[[sources]]
name = "评定"
form = ["records", "committee"]
marks = "indicators"
weight = 40
[[sources]]
name = "考核"
form = "committee"
marks = "rules"
weight = 20
[[sources]]
name = "总评"
form = "committee"
marks = "total"
weight = 20
[[indicators]]
name = "班子"
full = 20
items = [{ no = 1, full = 15, text = "换届", for = "层级 = '党支部'" }, { no = 2, full = 5, max = "none" }]
rules = [{ name = "不换届", item = 1, once = -2 }, { name = "缺额", once = -1 }]
for = "类别 = '机关'"
[[indicators]]
name = "队伍"
full = 20
start = 0
max = 25
items = [{ no = 3, full = 10 }, { no = 4, full = 10, start = 2 }]
[[indicators]]
name = "群众反映"
full = 10
rules = [{ name = "满意", of = "测评.满意率", bands = [{ from = "90%", points = 0 }, { points = -5 }] }]
[[indicators]]
name = "集体"
full = 10
[[indicators]]
name = "学习"
in = "集体"
full = 6
by = ["评定", "自评"]
[[indicators]]
name = "活动"
in = "集体"
full = 4
[[indicators]]
name = "荣誉"
bonus = true
rules = [{ name = "表彰", options = { "省级" = 2 } }]
[[indicators]]
name = "五个一"
rules = [{ name = "一面旗" }]
"""


def source(scheme: Scheme, name: str) -> Source:
    return next(source for source in scheme.sources if source.name == name)


def thing(name: str, key: str) -> Thing:
    scheme = standard(STANDARD)
    return next(thing for thing in things_of(scheme, source(scheme, name)) if thing.key == key)


MARKED = """
来源 | 给分               | 手填
自评 | 1 2 3 4 群众反映 学习 活动 | 1 2 3 4 群众反映 学习 活动
测评 |                    |
评定 | 班子 队伍 群众反映 学习 活动 | 班子 队伍 学习 活动
考核 | 班子 队伍 群众反映 活动   | 队伍 活动
总评 | 总分               | 总分
"""


@pytest.mark.parametrize(("name", "marked"), by_first(MARKED).items())
def test_what_a_source_marks_and_what_is_typed(name: str, marked: list[str]) -> None:
    """A checklist and a bonus are marked by nobody, a heading is its parts, and what reads a figure is filled."""
    scheme = standard(STANDARD)
    given = [
        [thing.key for thing in things]
        for things in (things_of(scheme, source(scheme, name)), typed_things(scheme, source(scheme, name)))
    ]
    assert given == [line.split() for line in marked]


def test_an_item_has_its_own_rules_and_its_indicators_condition() -> None:
    item = thing("自评", "1")
    assert (item.label, item.indicator, item.full, item.text) == ("第1项", "班子", Fraction(15), "换届")
    assert [rule.name for rule in item.rules] == ["不换届"]
    assert item.only_for == "(类别 = '机关') and (层级 = '党支部')"


def test_an_indicator_marked_as_a_whole_has_all_its_rules() -> None:
    whole = thing("评定", "班子")
    assert [rule.name for rule in whole.rules] == ["不换届", "缺额"]
    assert (whole.low, whole.high, whole.base, whole.only_for) == (
        Fraction(0),
        Fraction(20),
        Fraction(20),
        "类别 = '机关'",
    )


@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [
        ("自评", "1", (0, 15, 15)),
        ("自评", "2", (0, None, 5)),
        ("自评", "3", (0, 10, 0)),
        ("自评", "4", (0, 10, 2)),
        ("评定", "队伍", (0, 25, 0)),
        ("总评", "总分", (0, 60, 0)),
    ],
)
def test_bounds_and_starting_points(name: str, key: str, expected: tuple[int, int | None, int]) -> None:
    found = thing(name, key)
    assert (found.low, found.high, found.base) == tuple(
        None if number is None else Fraction(number) for number in expected
    )


def test_facts_are_asked_for_rules_that_read_no_figure() -> None:
    scheme = standard(STANDARD)
    asked = [(indicator.name, rule.name) for indicator, rule in typed_rules(scheme, source(scheme, "评定"))]
    assert asked == [("班子", "不换届"), ("班子", "缺额")]


def test_five_good_has_nineteen_claims_and_four_marks() -> None:
    scheme = five_good()
    assert [thing.key for thing in typed_things(scheme, source(scheme, "自评"))] == [str(no) for no in range(1, 20)]
    names = ["领导班子好", "党员队伍好", "工作机制好", "工作业绩好"]
    for name in ("党群评分", "互评", "党委评定"):
        assert [thing.key for thing in typed_things(scheme, source(scheme, name))] == names
    assert len(typed_rules(scheme, source(scheme, "党委评定"))) == 21
