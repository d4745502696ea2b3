"""From composite to grade: the steps in their fixed order, whatever the order in which a standard is written."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product

import pytest

from dingji.exact import Exact
from dingji.problems import Problem
from dingji.scheme.condition_values import Column
from dingji.scheme.model import Scheme
from dingji.scoring.grading import borderline
from tests.drawn import by_first, decisions, entries, facts, marks, rows, situations
from tests.small_standard import GRADES, ONE_MARK, Scored, scored, standard


def situation(name: str, *lines: str) -> str:
    return "\n".join(["[[situations]]", f'name = "{name}"', *lines, ""])


def totals(figures: str) -> str:
    """Draw a mark for each of 甲, 乙, 丙 and so on."""
    return "\n".join(
        [
            "支部 | 评委 | 总分",
            *(f"{unit} | 评委一 | {figure}" for unit, figure in zip("甲乙丙丁戊", figures.split(), strict=False)),
        ]
    )


def graded(text: str, figures: str, declared: str = "", decided: str = "", **more: object) -> Scored:
    """Grade branches by one mark each. `declared`, `decided`: drawn tables."""
    parts = [marks(totals(figures), "评定")]
    parts += [situations("支部 | 情形\n" + declared)] if declared else []
    parts += [decisions("支部 | 测算等次 | 审定等次 | 理由\n" + decided)] if decided else []
    return scored(standard(ONE_MARK + text), entries(*parts), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("figure", "grade", "is_borderline"),
    [
        ("100", "好", False),
        ("90.51", "好", False),
        ("90.5", "好", True),
        ("90", "好", True),
        ("89.995", "好", True),
        ("89.994", "较好", True),
        ("89.5", "较好", True),
        ("89.49", "较好", False),
        ("79.99", "一般", True),
        ("60", "一般", True),
        ("59.99", "差", True),
        ("0", "差", False),
    ],
)
def test_a_bound_belongs_to_the_better_grade_and_both_its_sides_are_borderline(
    figure: str, grade: str, *, is_borderline: bool
) -> None:
    found = graded("", figure)
    assert found.column("computed") == [grade]
    assert found.column("borderline") == [is_borderline]
    assert found.steps("甲", "points")[0]["text"] == grade


def test_grades_may_be_read_before_rounding() -> None:
    """89.995 is printed 90.00 and is 较好; the step shows the figure that was read."""
    found = graded("[rounding]\nplaces = 2\nbefore_grading = false\n", "89.995")
    assert (found.printed(), found.column("computed")) == (["90.00"], ["较好"])
    assert found.told("甲", "points") == ["综合得分 89.995 ≥ 80 → 较好"]


def test_a_grade_may_have_a_condition_beside_its_bound() -> None:
    text = ONE_MARK.replace('name = "好"\nfrom = 90', 'name = "好"\nfrom = 90\nwhen = "党员数 >= 10"', 1)
    roster: dict[str, Column] = {"党员数": [Fraction(10), Fraction(9), None]}
    found = scored(standard(text), entries(marks(totals("95 95 95"), "评定")), roster=roster)
    assert found.column("computed") == ["好", "较好", ""]
    assert found.column("missing")[2] == ("等次待定：“好”要看“党员数”，没有填（名册（党办填写））",)


MOVES = {
    "提": situation("提", 'at_least = "较好"'),
    "限": situation("限", 'at_most = "一般"'),
    "否": situation("否", 'grade = "差"'),
    "零": situation("零", "score = 0"),
    "缓": situation("缓", 'no_grade = "不定等次"'),
}

FIXED_ORDER = """
情形      | 95分    | 70分
提       | 好      | 较好
限       | 一般    | 一般
否       | 差      | 差
零       | 差      | 差
缓       | 不定等次 | 不定等次
提 限    | 一般    | 一般
提 否    | 差      | 差
提 零    | 较好    | 较好
限 零    | 差      | 差
提 限 零 | 一般    | 一般
提 限 否 | 差      | 差
提 限 否 缓 | 不定等次 | 不定等次
"""


@pytest.mark.parametrize("line", rows(FIXED_ORDER), ids=lambda line: line["情形"])
def test_a_promotion_never_passes_a_ceiling_or_a_veto(line: dict[str, str]) -> None:
    """However the standard orders its situations, and the form its rows, the steps are taken in one order."""
    names = line["情形"].split()
    for written in list(permutations(names))[:6]:
        declared = "\n".join(f"{unit} | {name}" for name in reversed(written) for unit in "甲乙")
        found = graded("".join(MOVES[name] for name in written), "95 70", declared)
        assert found.column("computed") == [line["95分"], line["70分"]]


def test_a_promotion_does_not_lower_nor_a_ceiling_raise() -> None:
    found = graded(MOVES["提"] + MOVES["限"], "95 30", "甲 | 提\n乙 | 限")
    assert found.column("computed") == ["好", "差"]
    assert found.told("甲", "at_least") == ["提（申报，办公室已确认） → 好（不变）"]
    assert found.column("situations") == [("提（未改变等次）",), ("限（未改变等次）",)]


def test_a_situation_that_moved_the_grade_is_listed_without_more_words() -> None:
    found = graded(MOVES["提"] + MOVES["否"], "70 30", "甲 | 提\n甲 | 否\n乙 | 否")
    assert found.column("situations") == [("提", "否"), ("否（未改变等次）",)]


def test_of_several_vetoes_the_lowest_counts_whichever_is_written_first() -> None:
    low, lower = situation("甲类", 'grade = "一般"'), situation("乙类", 'grade = "差"')
    for text in (low + lower, lower + low):
        assert graded(text, "95", "甲 | 甲类\n甲 | 乙类").column("computed") == ["差"]


def test_a_score_set_to_nothing_is_the_composite_too() -> None:
    found = graded(MOVES["零"] + situation("罚", "score = 50"), "95 85 70", "甲 | 零\n甲 | 罚\n乙 | 罚")
    assert found.printed() == ["0.00", "50.00", "70.00"]
    assert found.column("computed") == ["差", "差", "一般"]
    assert found.column("place") == [3, 2, 1]


def test_a_ceiling_may_be_last_times_grade() -> None:
    text = situation("未整改", 'at_most = "上期等次"')
    found = graded(text, "95 95", "甲 | 未整改\n乙 | 未整改", previous={"甲": "一般"})
    assert found.column("computed") == ["一般", "好"]


def test_situations_are_computed_from_figures_and_only_where_they_apply() -> None:
    text = situation("人少", 'when = "党员数 < 3"', "for = \"类别 = '机关'\"", 'grade = "差"')
    roster: dict[str, Column] = {
        "党员数": [Fraction(2), Fraction(3), Fraction(2), None],
        "类别": ["机关", "机关", "临床", "机关"],
    }
    found = graded(text, "95 95 95 95", roster=roster)
    assert found.column("computed") == ["差", "好", "好", ""]
    assert found.told("甲", "grade") == ["人少（党员数 < 3；党员数＝2） → 差"]
    told = [(problem.code, problem.unit, problem.values["may"]) for problem in found.scores.problems]
    assert told == [("E546", "丁", "好 或 差")]


def test_without_a_figure_there_is_no_grade_to_raise_or_cap() -> None:
    found = graded(MOVES["提"] + MOVES["限"], "? 80", "甲 | 提\n甲 | 限")
    assert found.column("computed") == ["", "较好"]
    assert found.column("situations") == [("提（未改变等次）", "限（未改变等次）"), ()]
    assert found.told("甲", "at_least") == ["提（申报，办公室已确认） → 未定级（不变）"]
    assert found.column("settled") == [False, True]
    assert found.column("missing") == [("缺评定",), ()]
    assert found.told("甲", "missing") == ["未定级：缺评定"]


def test_a_veto_gives_its_grade_whatever_the_points_also_to_a_branch_without_any() -> None:
    found = graded(MOVES["提"] + MOVES["否"], "? 80", "甲 | 提\n甲 | 否")
    assert found.column("computed") == ["差", "较好"]
    assert found.column("place") == [None, 1]
    assert found.column("missing") == [(), ()]
    assert found.column("situations")[0] == ("提（未改变等次）", "否")


def test_no_grade_settles_a_branch_even_without_a_figure() -> None:
    found = graded(MOVES["缓"], "? 80", "甲 | 缓")
    assert found.column("computed") == ["不定等次", "较好"]
    assert found.told("甲", "no_grade") == ["缓（申报，办公室已确认） → 不定等次"]
    assert found.column("settled") == [True, True]
    assert found.column("missing") == [(), ()]
    assert found.column("place") == [None, 1]


def test_forms_that_are_wanting_are_told_first() -> None:
    found = graded("", "?", absent={"甲": ["自评表未报"]})
    assert found.column("missing") == [("自评表未报",)]


# --- places -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "places"),
    [
        ("70 80 80 90", [4, 2, 2, 1]),
        ("80.004 80.001 79.99", [1, 1, 3]),
        ("90 ? 80", [1, None, 2]),
        ("60 60 60", [1, 1, 1]),
    ],
)
def test_places_are_on_the_printed_composite_of_graded_branches(figures: str, places: list[int | None]) -> None:
    assert graded("", figures).column("place") == places


def test_a_branch_without_a_grade_takes_nobodys_place() -> None:
    found = graded(MOVES["缓"], "95 92 85", "乙 | 缓")
    assert found.column("computed") == ["好", "不定等次", "较好"]
    assert found.column("place") == [1, None, 2]


NARROW = '[[quotas]]\ngrade = "好"\nat_most = 1\n[[quotas]]\ngrade = "较好"\nat_most = 0\n'


@pytest.mark.parametrize(
    ("least", "figures", "grades"),
    [
        ("好", "97 95 70", ["一般", "好", "一般"]),
        ("好", "97 85 70", ["一般", "好", "一般"]),
        ("较好", "97 95 70", ["好", "较好", "一般"]),
        ("较好", "95 97 70", ["一般", "好", "一般"]),
    ],
)
def test_no_quota_moves_a_branch_below_the_grade_that_it_has_at_the_least(
    least: str, figures: str, grades: list[str]
) -> None:
    """Whether its points give that grade too, or a better one from which a quota may still move it."""
    found = graded(situation("直", f'at_least = "{least}"') + NARROW, figures, "乙 | 直")
    assert found.column("computed") == grades


def test_a_tie_is_settled_once_the_committee_has_spoken_of_everybody_in_it() -> None:
    quota = '[[quotas]]\ngrade = "好"\nat_most = 1\n'
    one, other = "甲 | 未定级 | 好 | 研究", "乙 | 未定级 | 较好 | 研究"
    codes = [
        [problem.code for problem in graded(quota, "95 95 70", "", decided).scores.problems]
        for decided in ("", one, f"{one}\n{other}")
    ]
    assert codes == [["E541"], ["E541", "W502"], ["W502", "W502"]]


def test_a_tie_for_a_flag_keeps_nobody_from_being_settled() -> None:
    quota = '[[quotas]]\nflag = "表扬"\ntop = 1\n'
    found = graded(quota, "95 95 70")
    assert [problem.code for problem in found.scores.problems] == ["W545"]
    assert found.column("settled") == [True, True, True]
    assert found.column("flags") == [(), (), ()]


def test_a_tie_names_the_branches_as_the_roster_does() -> None:
    """An officer reads names; where the roster is not at hand the codes stand."""
    quota = '[[quotas]]\ngrade = "好"\nat_most = 1\n'
    names: dict[str, Column] = {"党组织名称": ["第一支部", None, "第三支部"]}
    found = graded(quota, "95 95 70", roster=names)
    (problem,) = found.scores.problems
    assert problem.values["what"] == ("好不超过1个：“好”名额边缘并列：第一支部、乙（综合得分 95.00），待党委研究确定")


def test_without_grades_every_branch_with_a_composite_has_its_place_and_is_settled() -> None:
    text = ONE_MARK.replace(GRADES, "")
    found = scored(standard(text), entries(marks(totals("70 ? 90"), "评定")))
    assert found.column("place") == [2, None, 1]
    assert found.column("computed") == ["", "", ""]
    assert found.column("settled") == [True, False, True]
    assert found.column("borderline") == [False] * 3


# --- the committee, and last time -------------------------------------------------------------------------

DECIDED = "甲 | 差 | 较好 | 已整改\n乙 | 好 | | "


def test_the_committees_decision_stands_over_a_veto_and_the_computed_grade_beside_it() -> None:
    found = graded(MOVES["否"], "95 95", "甲 | 否", DECIDED)
    assert (found.column("computed"), found.column("decided")) == (["差", "好"], ["较好", ""])
    assert found.told("甲", "decision") == ["党委研究确定 较好（测算等次 差，理由：已整改）"]
    assert found.column("place") == [1, 1]


def test_a_decision_settles_what_could_not_be_graded() -> None:
    found = graded(MOVES["缓"], "? 80", "", "甲 | 未定级 | 一般 | 补报")
    assert (found.column("decided"), found.column("settled")) == (["一般", ""], [True, True])
    assert [problem.code for problem in found.scores.problems] == ["W502"]


PROBLEMS = """
审定                    | 测算 | 问题
差 ; 较好 ; 已整改       | 差   | W502
差 ; 较好 ;             | 差   | E504 W502
好 ; 差 ; 已整改         | 差   | E501
好 ; 较好 ; 集体研究      | 较好  | E501
较好 ; 较好 ;            | 较好  |
较好 ; 一般 ; 另有情况     | 较好  |
较好 ; 一般 ;            | 较好  | E504
"""


@pytest.mark.parametrize(("decided", "rest"), by_first(PROBLEMS).items())
def test_what_is_to_be_said_of_a_decision(decided: str, rest: list[str]) -> None:
    """E501 the computed grade has changed, E504 no reason for another grade, W502 a veto is overruled."""
    computed, codes = rest
    declared = "甲 | 否" if computed == "差" else ""
    found = graded(MOVES["否"], "85", declared, f"甲 | {decided.replace(';', '|')}")
    assert found.column("computed") == [computed]
    assert [problem.code for problem in found.scores.problems] == codes.split()
    assert {problem.unit for problem in found.scores.problems} <= {"甲"}


def test_a_problem_with_a_decision_names_its_cell() -> None:
    problems = graded("", "85", "", "甲 | 好 | 一般 | ").scores.problems
    assert problems == (
        Problem("E501", "表", "表", "C2", subject="测算等次", found="好", unit="甲", values={"expected": "较好"}),
        Problem("E504", "表", "表", "E2", subject="审定等次", found="一般", unit="甲", values={}),
    )


MOVEMENT = """
上期   | 得分 | 审定 | 晋位情况
较好   | 95  |     | 晋位
好    | 95  |     | 保持
一般   | 50  |     | 退位
一般   | 70  | 较好 | 晋位
差    | ?   |     |
差    | ?   | 一般  | 晋位
      | 95  |     |
后进   | 95  |     |
"""


@pytest.mark.parametrize("line", rows(MOVEMENT), ids=lambda line: "-".join(line.values()))
def test_movement_is_from_the_decided_grade_else_the_computed(line: dict[str, str]) -> None:
    decided = f"甲 | | {line['审定']} | 研究" if line["审定"] else ""
    found = graded("", line["得分"], "", decided, previous={"甲": line["上期"]} if line["上期"] else {})
    assert found.column("movement") == [line["晋位情况"]]
    assert found.column("previous") == [line["上期"]]


def test_a_flag_reads_the_settled_grade_and_the_movement() -> None:
    stuck = situation("未晋位", "when = \"等次 in ('一般', '差') and 晋位情况 != '晋位'\"", 'flag = "调整负责人"')
    found = graded(stuck, "70 70 70 95", "", "乙 | | 较好 | 研究", previous={"甲": "一般", "乙": "一般", "丁": "好"})
    assert found.column("flags") == [("调整负责人",), (), (), ()]
    assert found.column("computed") == ["一般", "一般", "一般", "好"]
    assert found.steps("甲", "flag")[0]["text"] == "调整负责人"


def test_the_trail_tells_the_steps_in_the_order_in_which_they_were_taken() -> None:
    text = "".join(MOVES[name] for name in ("否", "限", "提")) + situation("注", 'flag = "关注"')
    declared = "\n".join(f"甲 | {name}" for name in ("注", "否", "限", "提"))
    found = graded(text, "95", declared, "甲 | 差 | 一般 | 研究", previous={"甲": "一般"})
    steps = [str(step) for step in found.scores.trail.table()["step"]]
    assert steps == [
        "mark", "composite", "points", "at_least", "at_most", "grade", "decision", "movement", "flag",
    ]  # fmt: skip


@pytest.mark.parametrize(("score", "expected"), [("89.5", True), ("90.5", True), ("89.49", False), ("75", False)])
def test_borderline_looks_both_ways(score: str, *, expected: bool) -> None:
    scheme: Scheme = standard(ONE_MARK)
    assert borderline(scheme, Exact.of([Fraction(score), None])).tolist() == [expected, False]


# --- what is not known ------------------------------------------------------------------------------------

CERTIFIED = ONE_MARK.replace(
    "full = 100", 'full = 100\nrules = [{ name = "廉政证明" }, { name = "事故", unit = "起" }]', 1
)
NO_PAPER = situation("没有证明", 'when = "not 廉政证明"', 'at_most = "一般"')
ACCIDENT = situation("出了事故", 'when = "事故 > 0"', 'grade = "差"')
PRAISED = situation("表扬", 'when = "廉政证明"', 'flag = "表扬"')


def told(text: str, drawn: str, given: str = "甲 | 否 | 廉政证明 | |", **more: object) -> Scored:
    """Grade 甲 …, of whom one rater states facts (支部, 选项, 规则, 数量)."""
    stated = facts(f"支部 | 选项 | 规则 | 数量 | 评委\n{given}", "committee", "评定")
    return scored(standard(CERTIFIED + text), entries(marks(totals(drawn), "评定"), stated), **more)  # type: ignore[arg-type]


def doubted(found: Scored) -> list[tuple[str, str, str]]:
    return [(one.code, one.unit, one.values.get("may", "")) for one in found.scores.problems]


def test_a_ceiling_that_may_hold_waits_and_names_what_is_not_known() -> None:
    found = told(NO_PAPER, "95 95 55", "甲 | 是 | 廉政证明 | |")
    assert found.column("computed") == ["好", "", "差"]
    assert found.column("settled") == [True, False, True]
    assert doubted(found) == [("E546", "乙", "好 或 一般")]
    what = found.scores.problems[0].values["what"]
    assert what == "“没有证明”要看“廉政证明”，没有填（评定表的“评定扣分”（评委填写））"


def test_what_changes_nothing_either_way_is_not_waited_for() -> None:
    """A ceiling at 一般 does not touch a branch at 差; a sure veto leaves nothing to a ceiling that may hold."""
    sure = situation("否", 'grade = "差"')
    found = told(NO_PAPER + sure, "55 95", "甲 | 是 | 事故 | 1 |")
    assert found.column("computed") == ["差", ""]
    vetoed = scored(
        standard(CERTIFIED + NO_PAPER + sure), entries(marks(totals("95"), "评定"), situations("支部 | 情形\n甲 | 否"))
    )
    assert (vetoed.column("computed"), doubted(vetoed)) == (["差"], [])


@pytest.mark.parametrize(
    ("missing", "grade"), [("", ""), ('missing = "否"', "一般"), ('missing = "是"', "好")], ids=["unknown", "no", "yes"]
)
def test_a_standard_may_say_what_is_meant_where_nothing_is_typed(missing: str, grade: str) -> None:
    rule = f'{{ name = "廉政证明"{", " if missing else ""}{missing} }}'
    text = CERTIFIED.replace('{ name = "廉政证明" }', rule) + NO_PAPER
    found = scored(standard(text), entries(marks(totals("95"), "评定")))
    assert found.column("computed") == [grade]


def test_a_figure_may_be_taken_for_nought() -> None:
    text = CERTIFIED.replace('unit = "起"', 'unit = "起", missing = 0') + ACCIDENT
    assert scored(standard(text), entries(marks(totals("95"), "评定"))).column("computed") == ["好"]
    assert told(ACCIDENT, "95").column("computed") == [""]


def test_a_flag_that_may_be_given_is_told_and_the_grade_stands() -> None:
    found = told(PRAISED, "95 95", "甲 | 是 | 廉政证明 | |")
    assert found.column("computed") == ["好", "好"]
    assert found.column("flags") == [("表扬",), ()]
    assert doubted(found) == [("E547", "乙", "")]


@pytest.mark.parametrize("read", ["等次 = '好'", "排名 <= 3"])
def test_a_flag_that_reads_the_grade_waits_for_it_and_nobody_is_asked_to_fill_it_in(read: str) -> None:
    """乙 may be 好 or 一般; what it lacks is told by E546, not by asking for a grade on a form."""
    found = told(NO_PAPER + situation("推荐", f'when = "{read}"', 'flag = "推荐"'), "95 95", "甲 | 是 | 廉政证明 | |")
    (what,) = [one.values["what"] for one in found.scores.problems if one.code == "E547"]
    assert what == f"“推荐”要看“{read[:2]}”，还没有定级"


def test_a_composite_that_may_be_set_is_not_printed() -> None:
    found = told(situation("清零", 'when = "事故 > 0"', "score = 0"), "95")
    assert (found.column("composite"), found.column("computed")) == ([None], [""])
    assert doubted(found) == [("E546", "甲", "未定")]


def test_no_fact_left_out_raises_a_grade_in_silence() -> None:
    """Whatever is typed of 甲, leaving it out gives that grade, or no grade and a line."""
    text = NO_PAPER + ACCIDENT + situation("提", 'when = "廉政证明 and 事故 = 0"', 'at_least = "较好"')
    for paper, accidents, score in product(("是", "否"), ("0", "1"), ("95", "85", "65", "50")):
        lines = [f"甲 | {paper} | 廉政证明 | |", f"甲 | | 事故 | {accidents} |"]
        known = told(text, score, "\n".join(lines)).column("computed")
        for left in ([lines[0]], [lines[1]], ["乙 | 是 | 廉政证明 | |"]):
            found = told(text, f"{score} 50", "\n".join(left))
            assert found.column("computed")[0] in (known[0], "")
            assert found.column("computed")[0] or ("E546", "甲") in {one[:2] for one in doubted(found)}
