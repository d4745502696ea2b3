"""by, exempt, rules beside items, totals: who marks what, and what counts for whom."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dingji.intake.fact_duties import asked, unknown_duties
from dingji.intake.marks import Marking, Verified, check_marks
from dingji.problems import Problem
from dingji.roster import Directory, Duty
from dingji.scheme.condition_values import Column
from dingji.scheme.marking import things_of, typed_rules
from dingji.scheme.model import Scheme, Source
from dingji.tables import BRANCHES, records, table
from tests.drawn import ballots, entries, facts, marks, rows
from tests.small_standard import GRADES, findings, indicator, rules, scored, standard

TWO = """
[[sources]]
name = "自评"
form = "self"
marks = "{own}"
weight = 40
[[sources]]
name = "评定"
form = "committee"
marks = "{judged}"
weight = 60
"""
ITEMS = 'items = [{ no = 1, full = 60 }, { no = 2, full = 40, by = "评定" }]'
NONE: frozenset[str] = frozenset()


def by_name(scheme: Scheme, name: str) -> Source:
    return next(source for source in scheme.sources if source.name == name)


def shown(scheme: Scheme, name: str) -> list[str]:
    return [f"{thing.key} {thing.full}" for thing in things_of(scheme, by_name(scheme, name))]


# --- items that one source alone marks ---------------------------------------------------------------------


def test_an_item_with_by_is_marked_there_alone_and_counts_at_face_value() -> None:
    """40% of 50 and 60% of 30 for the item that both mark, and 25 as it stands."""
    scheme = standard(TWO.format(own="items", judged="items") + indicator("班子", 100, ITEMS))
    assert shown(scheme, "自评") == ["1 60"]
    assert shown(scheme, "评定") == ["1 60", "2 40"]
    table_ = entries(
        marks("支部 | 1\n甲 | 50", "自评", "self"), marks("支部 | 评委 | 1 | 2\n甲 | 一 | 30 | 25", "评定")
    )
    found = scored(scheme, table_)
    assert [*found.source("自评"), *found.source("评定")] == [50, 55]
    assert found.column("composite") == [Fraction("0.4") * 50 + Fraction("0.6") * 30 + 25]
    assert "班子第2项 25" in found.told("甲", "composite")[0]


def test_who_marks_whole_indicators_marks_the_rest_of_one() -> None:
    text = TWO.format(own="indicators", judged="items") + indicator("班子", 100, ITEMS)
    scheme = standard(text + '[[situations]]\nname = "低"\nwhen = "班子 < 70"\nflag = "低"\n')
    assert shown(scheme, "自评") == ["班子 60"]
    table_ = entries(
        marks("支部 | 班子\n甲 | 60\n乙 | 50", "自评", "self"),
        marks("支部 | 评委 | 1 | 2\n甲 | 一 | 60 | 10\n乙 | 一 | 50 | 19", "评定"),
    )
    found = scored(scheme, table_)
    assert found.column("composite") == [70, 69]
    assert found.column("flags") == [(), ("低",)]


def test_a_missing_mark_of_such_an_item_leaves_no_composite() -> None:
    scheme = standard(TWO.format(own="items", judged="items") + indicator("班子", 100, ITEMS))
    table_ = entries(marks("支部 | 1\n甲 | 50", "自评", "self"), marks("支部 | 评委 | 1 | 2\n甲 | 一 | 30 | –", "评定"))
    assert scored(scheme, table_).column("composite") == [None]


def test_rules_of_an_item_are_asked_only_of_who_marks_it() -> None:
    lines = (ITEMS, rules('name = "迟到", item = 1, once = -1', 'name = "缺会", item = 2, once = -1'))
    scheme = standard(TWO.format(own="items", judged="items") + indicator("班子", 100, *lines))
    assert [rule.name for _, rule in typed_rules(scheme, by_name(scheme, "自评"))] == ["迟到"]
    assert [rule.name for _, rule in typed_rules(scheme, by_name(scheme, "评定"))] == ["迟到", "缺会"]


# --- groups of raters and of ballots -----------------------------------------------------------------------

GROUPED = (
    TWO.format(own="indicators", judged="indicators") + indicator("班子", 60) + indicator("作风", 40, 'by = "纪检组"')
)


def duty(number: str, group: str = "", items: frozenset[str] = NONE) -> Duty:
    return Duty(number, "", NONE, items, NONE, NONE, active=True, group=group)


def directory() -> Directory:
    return Directory.of(table(BRANCHES, [{"unit": "甲", "name": "甲"}]))


def test_a_group_of_raters_marks_alone_what_is_its_own() -> None:
    scheme = standard(GROUPED)
    marking = Marking.of(scheme, by_name(scheme, "评定"), lambda _condition, _unit: True)
    assert list(marking.expected("甲", duty("一", "纪检组"))) == ["班子", "作风"]
    assert list(marking.expected("甲", duty("二", "办公室"))) == ["班子"]
    assert shown(scheme, "自评") == ["班子 60"]
    typed = entries(marks("支部 | 评委 | 班子 | 作风\n甲 | 一 | 50 | 30\n甲 | 二 | 40 | 10", "评定"))
    people = {"一": duty("一", "纪检组"), "二": duty("二", "办公室")}
    typed = entries({**row, "cell": "B2"} for row in records(typed))
    _, drop, problems = check_marks(typed, marking, people, directory(), Verified({}))
    assert [problem.code for problem in problems] == ["W231"]
    kept = typed.drop(index=sorted(drop))
    own = entries(marks("支部 | 班子\n甲 | 60", "自评", "self"))
    found = scored(scheme, entries(records(kept), records(own)))
    assert found.column("composite") == [Fraction("0.4") * 60 + Fraction("0.6") * 45 + 30]


def test_a_group_that_no_rater_has_is_told() -> None:
    people = {"一": duty("一", "纪检")}
    what = [problem.values["what"] for problem in unknown_duties(people, {"small": standard(GROUPED)})]
    assert what == ["标准由组别“纪检组”评的指标，名册的评委里没有这个组别；是不是“纪检”"]
    assert unknown_duties({"一": duty("一", "纪检组")}, {"small": standard(GROUPED)}) == []


def test_a_group_of_ballots_marks_alone_what_is_its_own() -> None:
    text = '[[sources]]\nname = "测评"\nform = "survey"\nweight = 100\ngroups = { "党员" = 60, "群众" = 40 }\n'
    scheme = standard(text + indicator("班子", 60) + indicator("作风", 40, 'by = "群众"'))
    drawn = "支部 | 身份 | 班子 | 作风\n甲 | 党员 | 50 | 10\n甲 | 群众 | 40 | 30"
    found = scored(scheme, entries(ballots(drawn, "测评")))
    assert found.column("composite") == [46 + 30]


BY = """
写法                            | 说的是
by = "纪检组"                    |
by = "评 定"                     | “评 定”不是来源，按评委的组别对待；是不是“评定”
by = ["自评", "评定"]             |
"""


@pytest.mark.parametrize("line", rows(BY), ids=lambda line: line["写法"])
def test_what_is_said_of_by(line: dict[str, str]) -> None:
    text = (
        TWO.format(own="indicators", judged="indicators") + indicator("班子", 60) + indicator("作风", 40, line["写法"])
    )
    assert [one.words for one in findings(text)] == [line["说的是"]] * bool(line["说的是"])


def test_by_that_names_nobody_is_an_error() -> None:
    text = '[[sources]]\nname = "自评"\nform = "self"\nweight = 100\n' + indicator("班子", 100, 'by = "自 评"')
    assert [one.words for one in findings(text)] == ["没有来源“自 评”；是不是“自评”；也没有评委可以分组别"]
    items = TWO.format(own="items", judged="indicators") + indicator("班子", 100, ITEMS)
    assert [one.words for one in findings(items)] == ["第 2 项单独由“评定”评，“评定”的 marks 要写 items"]


# --- rows of raters who are not asked ----------------------------------------------------------------------

BY_RULES = (
    '[[sources]]\nname = "评定"\nform = "committee"\nmarks = "rules"\nweight = 100\n'
    + indicator("班子", 60, rules('name = "缺会", once = -5'))
    + indicator("作风", 40, rules('name = "迟到", once = -5'))
)


def judged(drawn: str, people: dict[str, Duty]) -> tuple[list[str], list[str], list[Problem]]:
    """Return the rules that do not count, the marks that are left to the rules, and what is said."""
    scheme = standard(BY_RULES)
    places = {"缺会": "班子", "迟到": "作风", "": ""}
    listed = [
        {
            "state": "typed",
            **row,
            "item": places[row["rule"]],
            "round": "",
            "label": label,
            "file": "表",
            "sheet": "表",
            "cell": "A1",
        }
        for label, row in enumerate(facts("支部 | 评委 | 规则\n" + drawn, source="评定"))
    ]
    marking = Marking.of(scheme, by_name(scheme, "评定"), lambda _condition, _unit: True)
    outcome = asked(listed, marking, people, directory())
    dropped = [str(listed[label]["rule"]) for label in sorted(outcome.drop)]
    return dropped, [f"{row['rater']} {row['item']}" for row in outcome.rows], outcome.problems


def test_a_rater_of_some_indicators_leaves_only_those_to_the_rules() -> None:
    people = {"一": duty("一", items=frozenset({"班子"})), "二": duty("二")}
    dropped, left, problems = judged("甲 | 一 | 缺会\n甲 | 一 | 迟到\n甲 | 二 | 迟到", people)
    assert (dropped, left) == (["迟到"], ["一 班子"])
    assert [(problem.code, problem.values) for problem in problems] == [("W231", {"rater": "评委 一 "})]


def test_a_rater_who_stands_aside_deducts_nothing() -> None:
    aside = Duty("一", "某甲", NONE, NONE, NONE, frozenset({"甲"}), active=True)
    dropped, left, problems = judged("甲 | 一 | 缺会", {"一": aside})
    assert (dropped, left) == (["缺会"], [])
    assert [(problem.code, problem.values) for problem in problems] == [("W308", {"rater": "某甲（一）"})]


def test_a_row_that_could_not_be_read_waits_for_its_rater_whatever_the_duty() -> None:
    people = {"一": duty("一", items=frozenset({"班子"}))}
    drawn = "支部 | 评委 | 规则 | 状态\n甲 | 一 | 迟到 | refused"
    (row,) = facts(drawn, source="评定")
    fact = {**row, "item": "作风", "round": "", "label": 0, "file": "表", "sheet": "表", "cell": "A1"}
    scheme = standard(BY_RULES)
    marking = Marking.of(scheme, by_name(scheme, "评定"), lambda _condition, _unit: True)
    assert asked([fact], marking, people, directory()).drop == set()


def test_a_mark_left_to_the_rules_is_the_raters_own_only() -> None:
    """One rater reckons 班子 alone, the other both: 作风 is the second's by itself."""
    table_ = entries(
        facts("支部 | 评委 | 规则\n甲 | 一 | 缺会\n甲 | 二 | 迟到", source="评定"),
        marks("支部 | 评委 | 班子\n甲 | 一 | 规则", "评定"),
    )
    found = scored(standard(BY_RULES), table_)
    assert found.column("composite") == [Fraction(55 + 60, 2) + 35]


# --- exempt, and rules beside items ------------------------------------------------------------------------

EXEMPT = "items = [{ no = 1, full = 80 }, { no = 2, full = 20, exempt = \"类别 = '临床'\" }]"
JUDGED = '[[sources]]\nname = "评定"\nform = "committee"\nmarks = "items"\nweight = 100\n'


def test_what_a_branch_is_exempt_from_may_be_left_blank() -> None:
    """It counts in full; a mark typed all the same does not."""
    scheme = standard(JUDGED + indicator("班子", 100, EXEMPT))
    clinics = {"乙", "丙"}
    marking = Marking.of(scheme, by_name(scheme, "评定"), lambda condition, unit: not (condition and unit in clinics))
    typed = entries(marks("支部 | 评委 | 1 | 2\n甲 | 一 | 70 | –\n乙 | 一 | 70 | –\n丙 | 一 | 70 | 5", "评定"))
    typed = entries({**row, "cell": "B2"} for row in records(typed))
    _, drop, problems = check_marks(typed, marking, {}, directory(), Verified({}))
    assert [(problem.code, problem.unit) for problem in problems] == [("E204", "甲"), ("W231", "丙")]
    roster: dict[str, Column] = {"类别": ["机关", "临床", "临床"]}
    found = scored(scheme, entries(records(typed.drop(index=sorted(drop)))), roster=roster)
    assert found.column("composite") == [None, 90, 90]


LOOSE = (
    "items = [{ no = 1, full = 60 }, { no = 2, full = 40 }]",
    rules(
        'name = "缺会", item = 1, once = -10', 'name = "书记未配齐", once = -3', 'name = "迟到", item = 2, once = -1'
    ),
)
BESIDE = """
评委一的分  | 评委一的扣分     | 班子
规则 规则  | 书记未配齐       | 97
规则 规则  | 书记未配齐 缺会   | 87
50 规则   | 书记未配齐       | 87
50 40    | 书记未配齐       | 90
规则 规则  | 缺会          | 90
"""


@pytest.mark.parametrize("line", rows(BESIDE), ids=lambda line: "-".join(line.values()))
def test_rules_that_belong_to_no_item_count_beside_computed_items(line: dict[str, str]) -> None:
    """Who typed every item has judged the indicator: the typed marks stand."""
    scheme = standard(JUDGED + indicator("班子", 100, *LOOSE))
    deducted = "\n".join(f"甲 | 一 | {rule}" for rule in line["评委一的扣分"].split())
    table_ = entries(
        marks(f"支部 | 评委 | 1 | 2\n甲 | 一 | {' | '.join(line['评委一的分'].split())}", "评定"),
        facts("支部 | 评委 | 规则\n" + deducted, source="评定"),
    )
    assert scored(scheme, table_).column("composite") == [Fraction(line["班子"])]


def test_several_raters_are_combined_beside_the_items_too() -> None:
    scheme = standard(JUDGED + indicator("班子", 100, *LOOSE))
    table_ = entries(
        marks("支部 | 评委 | 1 | 2\n甲 | 一 | 规则 | 规则\n甲 | 二 | 60 | 40", "评定"),
        facts("支部 | 评委 | 规则\n甲 | 一 | 书记未配齐", source="评定"),
    )
    found = scored(scheme, table_)
    assert found.column("composite") == [Fraction("98.5")]
    assert "班子不属于各项的规则 −1.5 分" in "".join(found.told("甲", "combined"))


# --- totals ------------------------------------------------------------------------------------------------

ONE = '[[sources]]\nname = "评定"\nform = "committee"\nweight = 100\n' + GRADES
PARTIAL = indicator("班子", 80) + indicator("值班", 20, "for = \"类别 = '机关'\"")
OTHER = indicator("门诊", 10, "for = \"类别 = '临床'\"")


def test_a_part_for_some_branches_wants_scaling() -> None:
    (finding,) = findings(ONE + PARTIAL)
    assert (finding.severity, finding.path) == ("error", ("indicators", 1, "for"))
    words = "“值班”只适用于一部分党组织（类别 = '机关'），各党组织的总分就不一样；要写 scaled = true 折算，或用 exempt"
    assert finding.words == words
    assert findings("scaled = true\n" + ONE + PARTIAL) == []
    by_round = PARTIAL.replace("类别 = '机关'", "轮次 = '年终'")
    assert findings('rounds = ["年终"]\n' + ONE + by_round) == []


@pytest.mark.parametrize(("full", "codes"), [(20, []), (10, ["E544"])])
def test_parts_for_different_branches_must_come_to_the_same(full: int, codes: list[str]) -> None:
    text = ONE + PARTIAL + OTHER.replace("full = 10", f"full = {full}")
    table_ = entries(
        marks("支部 | 评委 | 班子 | 值班\n甲 | 一 | 70 | 10", "评定"),
        marks("支部 | 评委 | 班子 | 门诊\n乙 | 一 | 70 | 10", "评定"),
    )
    roster: dict[str, Column] = {"类别": ["机关", "临床"]}
    found = scored(standard(text), table_, roster=roster)
    assert [problem.code for problem in found.scores.problems] == codes
    if codes:
        assert found.scores.problems[0].values == {"what": "100分1个（甲），90分1个（乙）"}
