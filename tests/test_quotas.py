"""Quotas on grades and flags: how far one falls, who is told apart, what is not kept, what may still move."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dingji.problems import level_of
from dingji.reports.standing import flag_words, moving
from dingji.scheme.condition_values import Column
from dingji.tables import records
from tests.drawn import decisions, entries, facts, marks, rows, situations
from tests.small_standard import GRADES, ONE_MARK, Scored, scored, standard

UNITS = "甲乙丙丁戊己庚辛壬癸"
BY_RANK = "".join(f'[[grades]]\nname = "{name}"\n' for name in ("一等", "二等", "三等", "四等"))


def quota(*lines: str) -> str:
    return "\n".join(["[[quotas]]", *lines, ""])


def graded(text: str, figures: str, declared: str = "", decided: str = "", **more: object) -> Scored:
    """Grade branches by one mark each. `declared`, `decided`: drawn tables; `facts`: rows of 规则 and 数量."""
    lines = [f"{unit} | 一 | {figure}" for unit, figure in zip(UNITS, figures.split(), strict=False)]
    parts = [marks("\n".join(["支部 | 评委 | 总分", *lines]), "评定")]
    parts += [situations("支部 | 情形\n" + declared)] if declared else []
    parts += [decisions("支部 | 测算等次 | 审定等次 | 理由\n" + decided)] if decided else []
    parts += [facts(f"支部 | 规则 | 数量\n{own}", "committee", "评定")] if (own := str(more.pop("stated", ""))) else []
    return scored(standard(text if "[[sources]]" in text else ONE_MARK + text), entries(*parts), **more)  # type: ignore[arg-type]


def grades(found: Scored) -> str:
    return " ".join(grade or "—" for grade in found.column("computed"))


def said(found: Scored, *codes: str) -> list[str]:
    return [problem.values["what"] for problem in found.scores.problems if problem.code in codes]


# --- how far one falls ------------------------------------------------------------------------------------

LEAST = """
名额                                      | 得分              | 等次
grade = "差"; at_least = 2                | 99 98 97 95 91    | 好 好 好 差 差
grade = "差"; at_least = 2                | 99 98 85 95 65    | 好 好 差 好 差
grade = "差"; at_least = 3                | 99 98 85 95 65    | 好 好 差 差 差
grade = "差"; at_least = 2                | 99 98 85 95 50    | 好 好 差 好 差
grade = "差"; at_least = "40%"            | 99 98 97 96 50    | 好 好 好 差 差
grade = ["一般", "差"]; at_least = "40%"   | 99 98 97 96 50    | 好 好 好 一般 差
grade = ["一般", "差"]; at_least = "20%"   | 99 98 97 96 50    | 好 好 好 好 差
grade = ["差", "一般"]; at_least = 2       | 99 98 97 96 95    | 好 好 好 一般 一般
grade = ["好", "较好"]; at_most = "40%"    | 99 85 84 83 50    | 好 较好 一般 一般 差
grade = ["好", "较好"]; at_most = 1        | 99 98 97 96 50    | 好 一般 一般 一般 差
grade = ["好", "较好"]; at_most = 3        | 99 98 97 96 50    | 好 好 好 一般 差
"""


@pytest.mark.parametrize("line", rows(LEAST), ids=lambda line: f"{line['名额']} {line['得分']}")
def test_branches_fall_as_far_as_a_number_asks_for(line: dict[str, str]) -> None:
    """Those of the next better grade go first, then those of the one above it; grades together have one number."""
    found = graded(quota(*line["名额"].split("; ")), line["得分"])
    assert grades(found) == line["等次"]
    assert found.scores.problems == ()


CHAINED = """
名额 | 得分 | 等次
grade = "较好"; at_least = 1 / grade = "差"; at_least = 2 | 99 98 97 96 95 | 好 好 较好 差 差
grade = "差"; at_least = 2 / grade = "较好"; at_least = 1 | 99 98 97 96 95 | 好 好 较好 差 差
grade = "一般"; at_least = 2 / grade = "差"; at_least = 1 | 99 98 97 96 95 | 好 好 一般 一般 差
grade = "好"; at_most = 1 / grade = "较好"; at_most = 1 / grade = "差"; at_least = 2 | 99 98 97 96 | 好 较好 差 差
grade = ["一般", "差"]; at_least = 3 / grade = "一般"; at_most = 1 | 99 98 97 96 95 | 好 好 一般 差 差
grade = ["较好", "一般"]; at_least = 3 / grade = "一般"; at_most = 1 | 99 98 72 71 70 | 较好 较好 一般 差 差
"""


@pytest.mark.parametrize("line", rows(CHAINED), ids=lambda line: f"{line['名额']}")
def test_quotas_that_hang_together_are_all_kept(line: dict[str, str]) -> None:
    """Whatever the order written; one that is broken again by another is held again."""
    written = [quota(*one.split("; ")) for one in line["名额"].split(" / ")]
    for text in ("".join(written), "".join(reversed(written))):
        found = graded(text, line["得分"])
        assert grades(found) == line["等次"]
        assert found.scores.problems == ()


def test_a_share_is_of_those_graded_before_any_quota_moved_them() -> None:
    """Two level at the edge of 好 wait; 20% of ten are two 差, not one of the eight others."""
    text = quota('grade = "好"', "at_most = 2") + quota('grade = "差"', 'at_least = "20%"')
    found = graded(text, "99 95 95 89 88 87 86 85 84 83")
    assert grades(found) == "好 — — 较好 较好 较好 较好 较好 差 差"


def test_those_who_wait_at_an_edge_keep_their_seats_between_them() -> None:
    """One of 甲 and 乙 is 好, the other takes the one seat of 较好: 丙 is 一般 whichever it will be."""
    text = quota('grade = "好"', "at_most = 1") + quota('grade = "较好"', "at_most = 1")
    found = graded(text, "95 95 89 70")
    assert grades(found) == "— — 一般 一般"
    assert said(found, "E541") == ["好不超过1个：“好”名额边缘并列：甲、乙（综合得分 95.00），待党委研究确定"]
    decided = graded(text, "95 95 89 70", "", "甲 | 未定级 | 好 | 研究\n乙 | 未定级 | 较好 | 研究")
    assert [problem.code for problem in decided.scores.problems] == ["W502", "W502"]


def test_no_quota_moves_whom_a_situation_holds_higher_than_where_it_leads() -> None:
    direct = '[[situations]]\nname = "直"\nat_least = "较好"\n'
    found = graded(direct + quota('grade = "差"', "at_least = 2"), "99 98 97", "丙 | 直\n乙 | 直")
    assert grades(found) == "差 好 好"
    assert said(found, "E551") == ["差不少于2个，现有1个"]


# --- grades by number alone -------------------------------------------------------------------------------

TENTHS = (
    quota('grade = "一等"', 'at_most = "10%"')
    + quota('grade = "二等"', 'at_most = "40%"')
    + quota('grade = "三等"', 'at_most = "30%"')
)


def ranked(text: str, figures: str, **more: object) -> Scored:
    return graded(ONE_MARK.replace(GRADES, BY_RANK) + text, figures, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ("99 98 97 96 95 94 93 92 91 90", "一等 二等 二等 二等 二等 三等 三等 三等 四等 四等"),
        ("9 8 7 6 5 4 3 2 1 0", "一等 二等 二等 二等 二等 三等 三等 三等 四等 四等"),
        ("99 98 98 98 98 98 90 90 90 80", "一等 — — — — — — — — 四等"),
        ("80 99 70 60", "三等 二等 四等 四等"),
    ],
)
def test_grades_by_share_alone_need_no_bounds(figures: str, expected: str) -> None:
    """Of five at 98 one comes down to 三等, where two seats are left for three at 90."""
    found = ranked(TENTHS, figures)
    assert grades(found) == expected
    assert set(found.column("lowered")) == {""}


def test_a_grade_by_rank_below_one_with_a_bound() -> None:
    """Two of four reach 90; the seat below them is had by rank."""
    text = BY_RANK.replace('name = "一等"\n', 'name = "一等"\nfrom = 90\n', 1)
    found = graded(ONE_MARK.replace(GRADES, text) + quota('grade = "二等"', "at_most = 1")
                   + quota('grade = "三等"', "at_most = 1"), "95 91 85 80 70")  # fmt: skip
    assert grades(found) == "一等 一等 二等 三等 四等"


# --- ties -------------------------------------------------------------------------------------------------

TOLD_APART = ONE_MARK.replace(
    "full = 100", 'full = 100\nrules = [{ name = "表彰", unit = "次" }, { name = "信访", unit = "件" }]', 1
)
STATED = "甲 | 表彰 | 1\n乙 | 表彰 | 3\n丙 | 表彰 | 3\n甲 | 信访 | 0\n乙 | 信访 | 2\n丙 | 信访 | 1"
TIES = """
名额                                                          | 得分        | 等次
at_most = 1                                                  | 95 95 95    | — — —
at_most = 1; ties = "meeting"                                | 95 95 95    | — — —
at_most = 1; ties = "all"                                    | 95 95 95    | 好 好 好
at_most = 1; ties = "all"                                    | 95 95 94    | 好 好 较好
at_most = 1; ties = ["表彰"]                                  | 95 95 95    | 较好 — —
at_most = 2; ties = ["表彰"]                                  | 95 95 95    | 较好 好 好
at_most = 1; ties = ["表彰", "-信访"]                          | 95 95 95    | 较好 较好 好
at_most = 1; ties = ["表彰", "信访"]                           | 95 95 95    | 较好 好 较好
at_most = 1; ties = ["-表彰"]                                 | 95 95 95    | 好 较好 较好
at_most = 1; ties = ["表彰"]                                  | 95 94 94    | 好 较好 较好
"""


@pytest.mark.parametrize("line", rows(TIES), ids=lambda line: f"{line['名额']} {line['得分']}")
def test_a_tie_at_an_edge_is_settled_as_the_standard_says(line: dict[str, str]) -> None:
    text = TOLD_APART + quota('grade = "好"', *line["名额"].split("; "))
    found = graded(text, line["得分"], stated=STATED)
    assert grades(found) == line["等次"]
    assert [problem.code for problem in found.scores.problems] == (["E541"] if "—" in line["等次"] else [])


def test_what_told_a_tie_apart_stands_in_the_trail_and_what_did_not_in_the_question() -> None:
    keys = 'ties = ["表彰", "-信访"]'
    found = graded(TOLD_APART + quota('grade = "好"', "at_most = 2", keys), "95 95 95", stated=STATED)
    assert found.told("甲", "quota") == ["好不超过2个，综合得分并列的依次比表彰：好 → 较好"]
    asked = graded(TOLD_APART + quota('grade = "好"', "at_most = 1", 'ties = ["表彰"]'), "95 95 95", stated=STATED)
    assert said(asked, "E541") == [
        "好不超过1个：“好”名额边缘并列：乙、丙（综合得分 95.00，表彰也相同），待党委研究确定"
    ]


def test_a_tie_by_a_figure_that_is_not_known_is_left_to_people() -> None:
    text = TOLD_APART + quota('grade = "好"', "at_most = 1", 'ties = ["表彰"]')
    found = graded(text, "95 95 95", stated="甲 | 表彰 | 1\n乙 | 表彰 | 3")
    assert grades(found) == "— — —"
    assert "表彰有的还不知道" in said(found, "E541")[0]


@pytest.mark.parametrize(
    ("ties", "flags"),
    [
        ("", "表扬  "),
        ('ties = "all"', "表扬 表扬 表扬"),
        ('ties = ["表彰"]', "表扬  "),
        ('ties = ["-信访"]', "表扬  表扬"),
    ],
)
def test_a_tie_for_a_flag(ties: str, flags: str) -> None:
    """甲 is first; 乙 and 丙 are level, and one seat is left."""
    found = graded(TOLD_APART + quota('flag = "表扬"', "top = 2", ties), "96 95 95", stated=STATED)
    assert [" ".join(one) for one in found.column("flags")] == flags.split(" ")
    assert [problem.code for problem in found.scores.problems] == ([] if "all" in ties or "信" in ties else ["W545"])


def test_all_who_stand_level_are_among_the_lowest_too() -> None:
    text = quota('grade = "差"', "at_least = 1", 'ties = "all"')
    assert grades(graded(text, "95 85 85")) == "好 差 差"


# --- what is not kept -------------------------------------------------------------------------------------

BEYOND = """
名额 | 得分 | 审定 | 怎么说
grade = "好"; at_most = "40%" | 95 94 93 92 91 | 丙 较好 好 | 好不超过40% × 5 → 2个，现有3个；审定改变的：丙
grade = "好"; at_most = "40%" | 95 94 93 92 91 | 丙 较好 好 / 甲 好 较好 |
grade = "好"; at_most = "40%" | 95 94 93 92 91 | 甲 好 较好 |
grade = "差"; at_least = 1 | 95 94 93 92 91 | 戊 差 好 | 差不少于1个，现有0个；审定改变的：戊
grade = "差"; at_least = 1 | 95 94 93 92 91 | 戊 差 好 / 丁 好 差 |
grade = ["一般", "差"]; at_least = "40%" | 95 94 93 92 91 | 戊 一般 差 |
grade = ["一般", "差"]; at_least = 2 | 95 94 93 92 91 | 戊 一般 较好 | 一般、差不少于2个，现有1个；审定改变的：戊
grade = "好"; at_most = 1; ties = "all" | 95 95 93 92 91 | |
grade = "好"; at_most = 1; ties = "all" | 95 95 93 92 91 | 丙 较好 好 | 好不超过1个，现有3个；审定改变的：丙
"""


@pytest.mark.parametrize("line", rows(BEYOND), ids=lambda line: f"{line['名额']} {line['审定']}")
def test_a_decision_beyond_a_quota_asks_for_a_person(line: dict[str, str]) -> None:
    decided = [f"{' | '.join(one.split())} | 研究" for one in line["审定"].split(" / ") if one]
    found = graded(quota(*line["名额"].split("; ")), line["得分"], "", "\n".join(decided))
    assert said(found, "E551") == ([line["怎么说"]] if line["怎么说"] else [])
    assert [level_of(problem) for problem in found.scores.problems if problem.code == "E551"] == ["act"] * len(
        said(found, "E551")
    )


def test_a_number_that_situations_alone_pass_is_told() -> None:
    direct = '[[situations]]\nname = "直"\nat_least = "好"\n'
    found = graded(direct + quota('grade = "好"', "at_most = 1"), "70 70 50", "甲 | 直\n乙 | 直")
    assert grades(found) == "好 好 差"
    assert said(found, "E551") == ["好不超过1个，现有2个；不因名额变动的：甲、乙"]


def test_a_rough_share_only_warns_and_counts_what_was_decided() -> None:
    text = quota('grade = "好"', 'about = "20%"')
    assert said(graded(text, "95 94 85 84 83"), "W542") == ["好建议20% × 5 → 1个，现有2个"]
    assert said(graded(text, "95 94 85 84 83", "", "乙 | 好 | 较好 | 研究"), "W542") == []


def test_each_group_keeps_its_own_number_and_is_named() -> None:
    text = quota('grade = "好"', 'at_most = { "机关" = 1, default = "50%" }', 'within = "类别"')
    roster: dict[str, Column] = {"类别": ["机关", "机关", "学校", "学校", None]}
    found = graded(text, "95 94 93 92 91", "", "乙 | 较好 | 好 | 研究", roster=roster)
    assert grades(found) == "好 较好 好 较好 较好"
    assert said(found, "E551") == ["机关：好不超过1个，现有2个；审定改变的：乙"]


# --- a branch lowered, places after a decision ------------------------------------------------------------


def test_a_branch_that_a_quota_lowered_has_it_beside_its_grade() -> None:
    text = quota('grade = "好"', "at_most = 1") + quota('grade = "差"', "at_least = 1")
    found = graded(text, "96 95 94 85")
    assert grades(found) == "好 较好 较好 差"
    out = "“好”名额之外，由“好”降为“较好”"
    assert found.column("lowered") == ["", out, out, "补足“差”名额，由“较好”降为“差”"]
    assert [moving(row) for row in records(found.scores.results)][1] == [out]
    assert found.told("乙", "quota") == ["好不超过1个：好 → 较好"]


def test_a_branch_lowered_twice_is_told_from_where_to_where() -> None:
    text = quota('grade = "好"', "at_most = 1") + quota('grade = "较好"', "at_most = 0")
    found = graded(text, "96 95")
    assert found.column("lowered")[1] == "“好”名额之外，由“好”降为“一般”"
    assert found.told("乙", "quota") == ["好不超过1个：好 → 较好", "较好不超过0个：较好 → 一般"]


DECIDED_TIE = "乙 | 未定级 | 好 | 研究\n丙 | 未定级 | 较好 | 研究"


@pytest.mark.parametrize(("decided", "places"), [("", [1, None, None, 2, 3]), (DECIDED_TIE, [1, 2, 2, 4, 5])])
def test_branches_of_a_decided_tie_have_their_places(decided: str, places: list[int | None]) -> None:
    text = quota('grade = "好"', "at_most = 2")
    assert graded(text, "97 95 95 92 70", "", decided).column("place") == places


def test_who_is_graded_by_a_decision_alone_has_a_place_and_counts_for_a_flag() -> None:
    late = '[[situations]]\nname = "缓"\nno_grade = "不定等次"\n'
    flag = quota('flag = "表扬"', 'top = "50%"')
    found = graded(late + flag, "97 95 92 70", "甲 | 缓", "甲 | 不定等次 | 好 | 研究")
    assert found.column("place") == [1, 2, 3, 4]
    assert [bool(flags) for flags in found.column("flags")] == [True, True, False, False]


RANKS = """
条件                                   | 有标注的
排名 <= 2                              | 甲 乙
类别内排名 = 1                          | 甲 丙
类别内排名 <= 2 and 上级党组织内排名 = 1  | 甲 丁
"""


@pytest.mark.parametrize("line", rows(RANKS), ids=lambda line: line["条件"])
def test_places_and_places_within_a_class_may_be_read_by_flags(line: dict[str, str]) -> None:
    text = f'[[situations]]\nname = "前"\nwhen = "{line["条件"]}"\nflag = "先进"\n'
    roster: dict[str, Column] = {"类别": ["机关", "机关", "学校", "学校"], "上级党组织": ["东", "东", "东", "西"]}
    found = graded(text, "97 95 92 70", roster=roster)
    assert (
        " ".join(unit for unit, flags in zip(UNITS, found.column("flags"), strict=False) if flags) == line["有标注的"]
    )
    assert [len(found.steps(unit, "flag")) for unit in line["有标注的"].split()] == [1] * len(line["有标注的"].split())


def test_a_quota_may_pick_among_the_first_of_each_class() -> None:
    roster: dict[str, Column] = {"类别": ["机关", "机关", "学校", "学校"]}
    found = graded(quota('flag = "先进"', "top = 4", 'among = "类别内排名 = 1"'), "97 95 92 70", roster=roster)
    assert found.column("flags") == [("先进",), (), ("先进",), ()]
    assert found.told("丙", "flag") == ["名额4个 → 先进"]


# --- while somebody waits ---------------------------------------------------------------------------------


def provisional(found: Scored) -> list[str]:
    return said(found, "W550")


def test_an_award_says_by_whom_it_may_still_move() -> None:
    flag = quota('flag = "一等奖"', "top = 1")
    found = graded(flag, "95 90 85 ?")
    assert provisional(found) == ["“一等奖”的名额暂定：丁还没有定级，定级以后可能变动"]
    beside = [flag_words(row) for row in records(found.scores.results)]
    assert beside == [["一等奖（暂定，丁还没有定级，定级以后可能变动）"], [], [], []]
    assert found.told("甲", "flag") == ["名额1个 → 一等奖", "“一等奖”暂定：丁还没有定级，定级以后可能变动"]
    assert provisional(graded(flag, "95 90 85 96")) == []


def test_an_award_without_grades_waits_for_figures() -> None:
    found = graded(ONE_MARK.replace(GRADES, "") + quota('flag = "一等奖"', "top = 1"), "95 90 ?")
    assert provisional(found) == ["“一等奖”的名额暂定：丙还没有得分，可能变动"]


WAITING = """
名额                                            | 得分           | 暂定的
grade = "好"; at_most = 1                       | 95 94 85 ?    | 甲 乙
grade = "好"; at_most = 1                       | 95 85 84 ?    | 甲
grade = "好"; at_most = 2                       | 95 85 84 ?    |
grade = "好"; at_most = "50%"                   | 95 94 85 84   |
grade = "差"; at_least = 1                      | 95 85 84 ?    | 丙
grade = "差"; at_least = 1                      | 95 85 50 40 ? |
flag = "表扬"; top = 1; among = "等次 = '好'"     | 95 85 84 ?    | 甲
flag = "表扬"; top = 1; among = "党员数 > 5"      | 95 85 84 ?    |
"""


@pytest.mark.parametrize("line", rows(WAITING), ids=lambda line: f"{line['名额']} {line['得分']}")
def test_only_what_may_still_move_is_provisional(line: dict[str, str]) -> None:
    size = len(line["得分"].split())
    roster: dict[str, Column] = {"党员数": [Fraction(9 if place < 3 else 3) for place in range(size)]}
    found = graded(quota(*line["名额"].split("; ")), line["得分"], roster=roster)
    noted = [bool(row["notes"] or row["beside"]) for row in records(found.scores.results)]
    assert " ".join(unit for unit, one in zip(UNITS, noted, strict=False) if one) == line["暂定的"]
    assert bool(provisional(found)) == bool(line["暂定的"])


def test_in_other_groups_nothing_is_provisional() -> None:
    text = quota('grade = "好"', "at_most = 1", 'within = "类别"')
    roster: dict[str, Column] = {"类别": ["机关", "机关", "学校", "学校"]}
    found = graded(text, "95 94 93 ?", roster=roster)
    assert [bool(notes) for notes in found.column("notes")] == [False, False, True, False]


def test_whom_the_committee_graded_is_not_waited_for() -> None:
    found = graded(quota('flag = "一等奖"', "top = 1"), "95 90 ?", "", "丙 | 未定级 | 好 | 研究")
    assert provisional(found) == []


# --- out of last time's -----------------------------------------------------------------------------------

OUT_OF_LAST = quota('grade = "好"', 'at_most = "50%"', 'out_of = "previous"')


def test_a_share_may_be_of_those_graded_last_time() -> None:
    """Six were graded last time, one of them is gone since and one is another's: three 好, not two of five."""
    last = dict(zip("甲乙丙丁己庚", ["好", "好", "一般", "差", "较好", "好"], strict=True))
    found = graded(OUT_OF_LAST, "95 94 93 92 91", previous=last, left={"己": {}, "庚": {}})
    assert grades(found) == "好 好 好 较好 较好"
    assert found.told("丁", "quota") == ["好不超过50% × 6 → 3个：好 → 较好"]


def test_within_a_class_those_who_are_gone_count_where_they_were() -> None:
    text = OUT_OF_LAST + 'within = "类别"\n'
    roster: dict[str, Column] = {"类别": ["机关", "机关", "学校"]}
    last = dict(zip("甲乙丙己庚", ["好"] * 5, strict=True))
    found = graded(
        text, "95 94 93", previous=last, left={"己": {"类别": "机关"}, "庚": {"类别": "机关"}}, roster=roster
    )
    assert grades(found) == "好 好 较好"


def test_without_a_result_of_last_time_the_quota_is_not_held_and_said() -> None:
    found = graded(OUT_OF_LAST, "95 94 93")
    assert grades(found) == "好 好 好"
    assert said(found, "E549") == ["“好”的名额以上期已定级的党组织为基数，没有上期结果，这条名额没有计算"]


# --- steps up and down ------------------------------------------------------------------------------------


def situation(name: str, *lines: str) -> str:
    return "\n".join(["[[situations]]", f'name = "{name}"', *lines, ""])


MOVES = {
    "升": situation("升", "up = 1"),
    "降": situation("降", "down = 1"),
    "又降": situation("又降", "down = 2"),
    "提": situation("提", 'at_least = "较好"'),
    "限": situation("限", 'at_most = "一般"'),
    "否": situation("否", 'grade = "差"'),
}
STEPS = """
情形    | 95分 | 85分 | 70分 | 50分
升      | 好   | 好   | 较好 | 一般
降      | 较好  | 一般 | 差   | 差
又降     | 一般  | 差   | 差   | 差
降 又降  | 差   | 差   | 差   | 差
升 降    | 较好  | 较好 | 一般 | 差
提 降    | 较好  | 一般 | 一般 | 一般
提 升    | 好   | 好   | 好   | 好
升 限    | 一般  | 一般 | 一般 | 一般
降 限    | 一般  | 一般 | 差   | 差
升 否    | 差   | 差   | 差   | 差
"""


@pytest.mark.parametrize("line", rows(STEPS), ids=lambda line: line["情形"])
def test_steps_are_taken_after_what_lifts_and_before_what_caps(line: dict[str, str]) -> None:
    names = line["情形"].split()
    for written in (names, names[::-1]):
        declared = "\n".join(f"{unit} | {name}" for name in written for unit in "甲乙丙丁")
        found = graded("".join(MOVES[name] for name in written), "95 85 70 50", declared)
        assert found.column("computed") == [line[head] for head in ("95分", "85分", "70分", "50分")]


def test_a_step_is_told_and_no_quota_moves_who_took_it() -> None:
    found = graded(MOVES["降"] + quota('grade = "较好"', "at_most = 1"), "95 50 85", "甲 | 降\n乙 | 降")
    assert grades(found) == "较好 差 一般"
    assert found.told("甲", "down") == ["降（申报，办公室已确认） → 较好"]
    assert found.column("situations")[:2] == [("降",), ("降（未改变等次）",)]


def test_without_a_figure_there_is_no_grade_to_step_from() -> None:
    assert graded(MOVES["升"] + MOVES["降"], "? 85", "甲 | 升\n甲 | 降").column("computed") == ["", "较好"]


LAST_TIME = """
后果                          | 上期 | 95分 | 85分 | 50分
at_most = "上期等次"; up = 1   | 一般 | 较好  | 较好 | 差
at_most = "上期等次"; up = 1   | 差   | 一般  | 一般 | 差
at_most = "上期等次"; up = 1   | 好   | 好   | 较好 | 差
at_least = "上期等次"; down = 1 | 好   | 好   | 较好 | 较好
at_least = "上期等次"           | 较好 | 好   | 较好 | 较好
grade = "上期等次"; down = 1    | 差   | 差   | 差  | 差
"""


@pytest.mark.parametrize("line", rows(LAST_TIME), ids=lambda line: f"{line['后果']} {line['上期']}")
def test_one_grade_above_or_below_last_times(line: dict[str, str]) -> None:
    text = situation("逐级", 'when = "综合得分 >= 0"', *line["后果"].split("; "))
    previous = dict.fromkeys("甲乙丙", line["上期"])
    found = graded(text, "95 85 50", previous=previous)
    assert found.column("computed") == [line[head] for head in ("95分", "85分", "50分")]


ONE_ABOVE = situation("逐级", 'when = "综合得分 >= 0"', 'at_most = "上期等次"', "up = 1")


def test_a_branch_that_is_new_is_not_held_by_last_times_grade() -> None:
    assert grades(graded(ONE_ABOVE, "95 95", previous={"甲": "差"})) == "一般 好"


def test_without_any_result_of_last_time_it_is_waited_for() -> None:
    """差 and 一般 stand whatever it was; a first round is said in config.toml."""
    found = graded(ONE_ABOVE, "95 70 50")
    assert grades(found) == "— 一般 差"
    (problem,) = found.scores.problems
    assert (problem.code, problem.values["may"]) == ("E546", "好 或 较好 或 一般")
    assert "“上期等次”，没有填（上期的分类定级结果.xlsx" in problem.values["what"]
    assert grades(graded(ONE_ABOVE, "95 70 50", first=True)) == "好 一般 差"


def test_a_step_that_may_be_taken_waits() -> None:
    text = TOLD_APART + situation("通报", 'when = "信访 > 0"', "down = 1")
    found = graded(text, "95 95 50", stated="甲 | 信访 | 1")
    assert grades(found) == "较好 — 差"
    assert [(one.unit, one.values["may"]) for one in found.scores.problems] == [("乙", "好 或 较好")]
