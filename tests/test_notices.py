"""What notices say beyond marks and weights, each through workbooks, the program and what it prints."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dingji.forms.filling import Cells
from dingji.forms.office_forms import result_form, roster_form, situation_form
from dingji.intake.earlier import earlier_grades
from dingji.round_days import Round
from dingji.scheme.conditions import Value
from dingji.scheme.lint_roster import strange_values
from dingji.scheme.load import load_scheme
from dingji.scheme.reach import reaches
from dingji.scheme.reach_rounds import graded
from dingji.tables import ENTRIES, stacked, table
from tests.case_books import Books, Files, Run, Setting, Unit
from tests.drawn import entries, marks
from tests.notices import JUDGE, TOTAL, UNITS, books, column, explained, marked, record, run, shown
from tests.small_standard import GRADES, HEAD, findings, indicator, rules, scored, standard
from tests.workspaces import command, make_workspace

A, B, C = UNITS

# --- the mean of the group, the greater and the smaller ----------------------------------------------------


def test_points_by_the_mean_of_the_group_and_a_count_with_a_cap(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """收入 3, 6, 9 against the mean 6, and prizes 5, 2, 0 of which three count: 60 + 10 × 收入 ÷ 6 + 2 each."""
    text = TOTAL.replace('"indicators"', '"rules"').replace('["committee", "records"]', '"records"')
    more = rules(
        'name = "收入", unit = "万元"', 'name = "获奖", unit = "次"',
        'name = "收入得分", of = "收入 / 平均(收入)", each = 10',
        'name = "获奖得分", of = "较小(获奖, 3)", each = 2',
    )  # fmt: skip
    text += indicator("业绩", 100, "start = 60", more) + GRADES
    facts = [
        record(unit, rule, figure)
        for rule, figures in (("收入", (3, 6, 9)), ("获奖", (5, 2, 0)))
        for unit, figure in zip(UNITS, figures, strict=True)
    ]
    own = books(text)
    found = run(tmp_path, text, {**own.roster(UNITS, []), **own.records(facts)})
    assert found.status == 0
    assert column(found) == [71, 74, 75]
    told = explained(found, "A1", capsys)
    assert "收入 / 平均(收入)＝0.5" in told
    assert "较小(获奖, 3)＝3" in told


# --- points and factors on the composite -------------------------------------------------------------------

ADJUSTED = (
    TOTAL
    + indicator("业绩", 100, rules('name = "通报", unit = "次", missing = 0'))
    + """
[[situations]]
name = "机关系数"
when = "类别 = '机关'"
factor = 1.05
[[situations]]
name = "通报批评"
when = "通报 > 0"
points = -5
of = "较小(通报, 2)"
[[situations]]
name = "受处分"
points = -10
"""
    + GRADES
)


def test_a_factor_by_class_and_points_straight_off_the_composite(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """88.5 × 1.05 = 92.925 of an office branch; 95 less 5 twice, though told three times; 90 less 10."""
    own = books(ADJUSTED)
    files = own.roster(UNITS, [JUDGE]) | own.book(JUDGE, {A: "88.5", B: "95", C: "90"})
    files |= own.records([record(B, "通报", 3)])
    told = [{**C.identity, "情形": "受处分", "是否存在": "是", "办公室确认": "是"}]
    files |= own.office(situation_form(own.scheme, own.label), {"情形申报": told})
    found = run(tmp_path, ADJUSTED, files)
    assert found.status == 0
    assert column(found) == [92.93, 85, 80]
    assert column(found, "测算等次") == ["好", "较好", "较好"]
    assert column(found, "直接定级或限档情形") == ["机关系数（×1.05）", "通报批评（−10分）", "受处分（−10分）"]
    assert "机关系数（类别 = “机关”；类别＝机关） → 88.5×1.05 ＝ 92.925" in explained(found, "A1", capsys)
    assert "综合得分 → 92.93（92.925 四舍五入）" in explained(found, "A1", capsys)
    assert "通报批评（通报 > 0） → 95 − 5×2（较小(通报, 2)） ＝ 85" in explained(found, "B2", capsys)
    assert "受处分（申报，办公室已确认） → 90 − 10 ＝ 80" in explained(found, "C3", capsys)


def test_what_may_take_points_away_leaves_the_composite_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = ADJUSTED.replace(", missing = 0", "")
    found = run(tmp_path, text, marked(text, {A: "88", B: "95"}))
    assert found.status == 1
    assert column(found) == ["—", "—"]
    assert "“通报批评”要看“通报”，没有填" in capsys.readouterr().out


def test_points_and_factors_are_told_and_their_slips_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = shown(ADJUSTED, tmp_path, capsys)
    assert "机关系数（程序判断：类别 = “机关”）→ 综合得分（不含加分）乘以 1.05。" in told
    assert "通报批评（程序判断：通报 > 0）→ 综合得分−5分×（较小(通报, 2)）。" in told
    wrong = (
        ("factor = 1.05", "factor = 0", "系数要大于 0"),
        ("points = -10", "points = 0", "不改变综合得分"),
        ("points = -10", 'flag = "处分"\nof = "通报"', "of 只与 points 或 factor 同写"),
    )
    for right, slip, words in wrong:
        assert any(words in finding.words for finding in findings(ADJUSTED.replace(right, slip)))


def test_lint_reaches_beyond_what_is_weighed() -> None:
    """With a factor of 0.8 for all but offices nobody else comes to 90; twice 5 and 10 go below 0."""
    text = ADJUSTED.replace("类别 = '机关'", "类别 != '机关'").replace("1.05", "0.8")
    spans = {one.branches.words: graded(one) for one in reaches(standard(text))}
    assert {words: span.high for words, span in spans.items()} == {"类别为“机关”": 100, "类别为“其他”": 80}
    assert {span.low for span in spans.values()} == {-20}


# --- the lowest round left out -----------------------------------------------------------------------------

QUARTERS = (
    'rounds = { "一季度" = "25%", "二季度" = "25%", "三季度" = "25%", "四季度" = "25%" }\ndrop_lowest = 1\n'
    + TOTAL
    + indicator("业绩", 100)
    + GRADES
)


def quarters(*marks: str) -> Files:
    """Return a roster and a rater's books of one branch, a mark a quarter."""
    files = books(QUARTERS, "2026 四季度").roster([A], [JUDGE])
    for name, mark in zip(("一季度", "二季度", "三季度", "四季度"), marks, strict=False):
        files |= books(QUARTERS, f"2026 {name}").book(JUDGE, {A: mark})
    return files


def test_the_lowest_quarter_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """70 drops out of 90, 70, 82 and 89: their mean is 87."""
    found = run(tmp_path, QUARTERS, quarters("90", "70", "82", "89"), "四季度")
    assert found.status == 0
    assert column(found) == [87]
    how = "各轮合成：去掉 二季度 70；（一季度 90 ＋ 三季度 82 ＋ 四季度 89）÷3 → 87.00"
    assert how in explained(found, "A1", capsys)
    assert "取平均前，每个党组织先去掉1 个最低的轮次。" in shown(QUARTERS, tmp_path, capsys)


def test_of_one_quarter_none_is_left_out(tmp_path: Path) -> None:
    found = run(tmp_path, QUARTERS, quarters("70"), "一季度")
    assert column(found) == [70]


def test_rounds_are_left_out_of_a_mean_of_equal_ones_only() -> None:
    assert [finding.words for finding in findings(QUARTERS)] == []
    for right, slip in (('"一季度" = "25%"', '"一季度" = "30%"'), ("25%", "100%")):
        assert any("drop_lowest 只用在" in finding.words for finding in findings(QUARTERS.replace(right, slip)))
    assert any("一轮也不剩" in one.words for one in findings(QUARTERS.replace("lowest = 1", "lowest = 4")))


@pytest.mark.parametrize(
    ("lowest", "highest", "figure"), [(0, 0, "65"), (1, 0, "80"), (0, 1, "53.33"), (1, 1, "70"), (2, 1, "80")]
)
def test_highest_and_lowest_are_left_out_of_the_rounds(lowest: int, highest: int, figure: str) -> None:
    """20, 60, 80 and 100 in any order."""
    text = QUARTERS.replace("drop_lowest = 1", f"drop_lowest = {lowest}\ndrop_highest = {highest}")
    for order in ("100 20 80 60", "20 60 80 100", "80 100 60 20"):
        drawn = [
            {**row, "round": name}
            for name, mark in zip(standard(text).rounds, order.split(), strict=True)
            for row in marks(f"支部 | 评委 | 业绩\n甲 | 一 | {mark}", "评定")
        ]
        assert scored(standard(text), entries(drawn), round_name="四季度").column("composite") == [Fraction(figure)]


# --- what earlier rounds told ------------------------------------------------------------------------------

PAST = (
    TOTAL
    + indicator("业绩", 100)
    + GRADES
    + """
[[situations]]
name = "连续三次好"
when = "等次 = '好' and 上期等次 = '好' and 前2期等次 = '好'"
flag = "表彰"
[[situations]]
name = "进步大"
when = "综合得分 - 上期得分 >= 5 and 上期名次 > 1"
flag = "进步奖"
[[situations]]
name = "连续两年后进"
when = "上年等次 = '差' and 前2年等次 = '差'"
at_most = "一般"
"""
)


def earlier(year: int, rows: str, name: str = "年终") -> Files:
    """Return an earlier result: by branch its grade, composite and place."""
    own = books(PAST, f"{year} {name}")
    told = []
    for unit, line in zip(UNITS, rows.splitlines(), strict=False):
        grade, figure, place = line.split()
        told.append({**unit.identity, "审定等次": grade, "综合得分": figure, "排名": place})
    return own.office(result_form(own.scheme, own.label), {"一览表": told})


def test_conditions_read_grade_composite_and_place_of_earlier_rounds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = marked(PAST, {A: "95", B: "86", C: "90"})
    files |= earlier(2025, "好 93 1\n较好 81 2\n差 40 3") | earlier(2024, "好 91.5 1\n好 90 2\n差 30 3")
    found = run(tmp_path, PAST, files)
    assert found.status == 0
    assert column(found, "测算等次") == ["好", "较好", "一般"]
    flags = found.sheet("晋位对比")
    assert [flags[unit.code]["标注"] for unit in UNITS] == ["表彰", "进步奖", "进步奖"]
    assert "；上期得分＝81，上期名次＝2） → 进步奖" in explained(found, "B2", capsys)
    assert "；上年等次＝差，前2年等次＝差） → 一般" in explained(found, "C3", capsys)


def test_what_no_earlier_result_tells_is_not_no(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """差 last year and nothing known of the year before: nobody can say whether two years running."""
    files = marked(PAST, {A: "95", B: "86", C: "90"}) | earlier(2025, "好 93 1\n较好 81 2\n差 40 3")
    found = run(tmp_path, PAST, files)
    told = capsys.readouterr().out
    assert found.status == 1
    assert column(found, "测算等次") == ["好", "较好", "未定级"]
    assert "“连续两年后进”要看“前2年等次”，没有填（前2年那一轮的分类定级结果.xlsx（党办放进 input））" in told


def test_rounds_before_are_counted_by_the_calendar() -> None:
    """Of two rounds a year the one before 年初 is 年终 of the year before; without 上期 nothing further is known."""
    scheme = standard('rounds = ["年初", "年终"]\n' + PAST)
    labels = ("2026 年初", "2025 年终", "2025 年初", "2024 年终")
    drawn = [
        {"unit": "甲", "round": label, "form": "result", "part": "also", "rule": "审定等次", "option": grade}
        for label, grade in zip(labels, ("好", "较好", "一般", "差"), strict=True)
    ]
    told, _ = earlier_grades(table(ENTRIES, drawn), {"small": scheme}, Round(year=2026, name="年终"))
    shown_ = {name: told.columns[name].get("甲") for name in ("上期等次", "前2期等次", "前3期等次", "前4期等次")}
    assert list(shown_.values()) == ["好", "较好", "一般", "差"]
    assert [told.columns[name].get("甲") for name in ("上年等次", "前2年等次", "前3年等次")] == ["较好", "差", None]
    assert told.columns["前5期等次"] == {}


# --- what never came counts as 0 ---------------------------------------------------------------------------

NOT_HANDED_IN = (
    """
[[sources]]
name = "自评"
form = "self"
marks = "indicators"
weight = 20
missing = 0
[[sources]]
name = "评定"
form = "committee"
marks = "indicators"
weight = 80
[[indicators]]
name = "业绩"
full = 100
"""
    + GRADES
)


def test_a_form_that_never_came_counts_as_0_and_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0.2 × 0 + 0.8 × 90 of who handed nothing in, 0.2 × 100 + 0.8 × 90 of who did; the form stays wanted."""
    own = books(NOT_HANDED_IN)
    files = marked(NOT_HANDED_IN, {A: "90", B: "90"}) | own.claim(B, "自评", "100")
    found = run(tmp_path, NOT_HANDED_IN, files)
    assert found.status == 1
    assert column(found) == [72, 92]
    assert column(found, "测算等次") == ["一般", "好"]
    assert "自评表未交，按0分计" in str(column(found, "备注")[0])
    assert "W548 第一支部，自评表未交，按0分计" in capsys.readouterr().out
    told = explained(found, "A1", capsys)
    assert "自评表没有交，标准规定按 0 分计" in told
    assert "自评 0×20% ＋ 评定 90×80%" in told
    assert "没有交的按 0 分计" in shown(NOT_HANDED_IN, tmp_path, capsys)


def test_where_the_form_need_not_come_nothing_is_wanted(tmp_path: Path) -> None:
    text = NOT_HANDED_IN.replace("missing = 0", "missing = 0\nrequired = false")
    found = run(tmp_path, text, marked(text, {A: "90"}))
    assert (found.status, column(found)) == (0, [72])


NOT_OVER = '[[situations]]\nname = "没有交自评表"\nwhen = "自评表.未报"\nat_most = "一般"\n'


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        (NOT_HANDED_IN.replace("weight = 20", "weight = 0").replace("weight = 80", "weight = 100"), [95, 95]),
        (
            NOT_HANDED_IN.replace("weight = 20\nmissing = 0", "weight = 0").replace("weight = 80", "weight = 100"),
            [95, 95],
        ),
        (NOT_HANDED_IN, [76, 94]),
    ],
)
def test_who_handed_nothing_in_may_be_held_down_where_there_is_a_figure_without(
    text: str, figures: list[int], tmp_path: Path
) -> None:
    """A self-assessment that is only shown, or that counts as 0, leaves a figure for the ceiling to hold."""
    files = marked(text + NOT_OVER, {A: "95", B: "95"}) | books(text).claim(B, "自评", "90")
    found = run(tmp_path, text + NOT_OVER, files)
    assert column(found) == figures
    assert column(found, "测算等次") == ["一般", "好"]
    assert findings(text + NOT_OVER) == []


def test_a_form_that_came_and_cannot_be_read_is_waited_for(tmp_path: Path) -> None:
    files = marked(NOT_HANDED_IN, {A: "90"})
    claim = books(NOT_HANDED_IN).claim(A, "自评", "100")
    ((path, raw),) = claim.items()
    found = run(tmp_path, NOT_HANDED_IN, {**files, path: raw[: len(raw) // 2]})
    assert (found.status, column(found)) == (1, ["—"])
    marked_wrong = books(NOT_HANDED_IN).claim(A, "自评", "120")
    assert column(run(tmp_path / "错", NOT_HANDED_IN, {**files, **marked_wrong})) == ["—"]


def test_what_may_count_for_no_form_is_the_branchs_own() -> None:
    slip = NOT_HANDED_IN.replace("weight = 80", "weight = 80\nmissing = 0")
    assert any("missing 只用于自评表和测评表" in finding.words for finding in findings(slip))
    slip = NOT_HANDED_IN.replace("missing = 0", "missing = 60")
    assert any("只能按 0 分计" in finding.words for finding in findings(slip))
    assert [finding.words for finding in findings(NOT_HANDED_IN)] == []


# --- columns that a standard adds to the roster ------------------------------------------------------------

COMMUNITIES = (
    """
[[roster]]
name = "社区类型"
values = ["城市社区", "农村社区"]
[[roster]]
name = "网格数"
unit = "个"
"""
    + TOTAL
    + indicator("业绩", 100)
    + GRADES
    + """
[[situations]]
name = "农村社区"
when = "社区类型 = '农村社区'"
factor = 1.1
[[situations]]
name = "网格多"
when = "网格数 >= 8"
points = 0.5
of = "网格数 - 7"
"""
)


def communities(*own: tuple[str, float | None]) -> Files:
    """Return a roster with the standard's own columns, and the same marks for all."""
    made = books(COMMUNITIES)
    head: list[Cells] = [
        {**unit.identity, "排序号": order, "社区类型": kind, "网格数": grids}
        for order, (unit, (kind, grids)) in enumerate(zip(UNITS, own, strict=True), start=1)
    ]
    people: list[Cells] = [dict(zip(("评委编号", "评委", "来源"), JUDGE, strict=True))]
    files = made.office(roster_form(made.scheme, made.label), {"名册": head, "评委": people})
    return files | made.book(JUDGE, dict.fromkeys(UNITS, "80"))


def test_conditions_read_the_standards_own_columns_of_the_roster(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run(tmp_path, COMMUNITIES, communities(("城市社区", 10), ("农村社区", 4), ("农村社区", 8.5)))
    assert found.status == 0
    assert column(found) == [81.5, 88, 88.75]
    told = explained(found, "C3", capsys)
    assert "农村社区（社区类型 = “农村社区”；社区类型＝农村社区） → 80×1.1 ＝ 88" in told
    assert "网格多（网格数 ≥ 8；网格数＝8.5） → 88 ＋ 0.5×1.5（网格数 − 7） ＝ 88.75" in told
    assert "名册另设“社区类型”一栏：城市社区、农村社区。" in shown(COMMUNITIES, tmp_path, capsys)


def test_a_value_that_the_column_has_not_and_a_blank_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run(tmp_path, COMMUNITIES, communities(("城镇社区", 1), ("农村社区", None), ("城市社区", 1)))
    told = capsys.readouterr().out
    assert found.status == 1
    assert column(found) == ["—", "—", 80]
    assert "城镇社区" in told
    assert "“网格多”要看“网格数”，没有填（名册（党办填写））" in told


def test_a_roster_without_the_column_is_not_graded_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = COMMUNITIES[COMMUNITIES.index("[[sources]]") :]
    plain = plain[: plain.index("[[situations]]")]
    found = run(tmp_path, COMMUNITIES, marked(plain, {A: "80"}))
    assert found.status == 2
    assert "社区类型" in capsys.readouterr().out


def test_slips_in_own_columns_are_found() -> None:
    slips = (
        ('name = "网格数"', 'name = "邮箱"', "名册上已有“邮箱”一栏"),
        ('name = "网格数"', 'name = "类别"', "“类别”是程序自带的名称"),
        ('unit = "个"', 'unit = "个"\nvalues = ["多"]', "不能再写 values"),
        ('"农村社区"]', '"城市社区"]', "有重复的"),
        ("= '农村社区'", "= '农村'", "“社区类型”没有“农村”；是不是“农村社区”"),
        ("网格数 >= 8", "党员数 >= 8", "没有条件读“网格数”"),
    )
    assert [finding.words for finding in findings(COMMUNITIES)] == []
    for right, slip, words in slips:
        told = [finding.words for finding in findings(COMMUNITIES.replace(right, slip).replace("网格数 - 7", "1"))]
        assert any(words in one for one in told), (words, told)


# --- weights, full marks and bounds by class ---------------------------------------------------------------

BY_CLASS = """
[[grades]]
name = "好"
when = "类别 = '机关' and 综合得分 >= 85 or 综合得分 >= 90"
[[grades]]
name = "较好"
from = 80
[[grades]]
name = "一般"
[[sources]]
name = "自评"
form = "self"
marks = "indicators"
weight = { "机关" = 40, default = 20 }
[[sources]]
name = "评定"
form = "committee"
marks = "indicators"
weight = { "机关" = 60, default = 80 }
[[indicators]]
name = "机关党建"
full = 100
for = "类别 = '机关'"
[[indicators]]
name = "党建"
full = 70
for = "类别 != '机关'"
[[indicators]]
name = "教学"
full = 30
for = "类别 != '机关'"
"""


def test_weights_full_marks_and_bounds_by_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0.4 × 80 + 0.6 × 90 = 86 is 好 of an office branch; 0.2 × 100 + 0.8 × 85 = 88 is not of another."""
    made = books(BY_CLASS)
    files = made.roster([A, B], [JUDGE]) | made.book(JUDGE, {A: "90 0 0", B: "0 60 25"})
    files |= made.claim(A, "自评", "80 0 0") | made.claim(B, "自评", "0 70 30")
    found = run(tmp_path, BY_CLASS, files)
    assert column(found) == [86, 88]
    assert column(found, "测算等次") == ["好", "较好"]
    assert "自评 80×40% ＋ 评定 90×60% → 86.00" in explained(found, "A1", capsys)
    assert "自评 100×20% ＋ 评定 85×80% → 88.00" in explained(found, "B2", capsys)
    assert "占 机关 40%、其他类别 20%" in shown(BY_CLASS, tmp_path, capsys)


WEIGHED = """
[[sources]]
name = "自评"
form = "self"
weight = { "机关" = 100, default = 20 }
[[sources]]
name = "评定"
form = "committee"
weight = { "机关" = 0, default = 80 }
[[indicators]]
name = "业绩"
full = 100
"""


def test_a_branch_without_a_class_has_no_weights() -> None:
    """乙 is of a class that no weight names; of 丙 nothing is known, and 丁 needs no mark that counts nothing."""
    drawn = [
        *marks("支部 | 业绩\n甲 | 80\n乙 | 60\n丙 | 90\n丁 | 70", "自评", "self"),
        *marks("支部 | 评委 | 业绩\n甲 | 一 | 10\n乙 | 一 | 80\n丙 | 一 | 90", "评定"),
    ]
    roster: dict[str, list[Value]] = {"类别": ["机关", "业务", None, "机关"]}
    found = scored(standard(WEIGHED + GRADES), entries(drawn), roster=roster)
    assert found.column("composite") == [80, 76, None, 70]
    assert found.column("missing")[2] == ("名册没有填类别，不知道各方占多少",)


def test_weights_by_class_are_added_up_class_by_class() -> None:
    assert [finding.words for finding in findings(WEIGHED + GRADES)] == []
    slip = WEIGHED.replace('"机关" = 0', '"机关" = 10') + GRADES
    assert any("权重（类别为“机关”的）合计 110，应为 100" in finding.words for finding in findings(slip))
    slip = WEIGHED.replace(", default = 80", "") + GRADES
    assert any("其余的类别要写 default" in finding.words for finding in findings(slip))
    roster: dict[str, list[Value]] = {"类别": ["业务"]}
    told = strange_values(standard(WEIGHED + GRADES), roster)
    assert "名册上没有一个党组织的类别是“机关”" in told[0].words


def test_lint_reaches_by_class() -> None:
    text = WEIGHED.replace("full = 100", "full = 100\nmin = 40") + GRADES
    spans = {one.branches.words: graded(one) for one in reaches(standard(text))}
    assert {words: (span.low, span.high) for words, span in spans.items()} == dict.fromkeys(
        ("类别为“机关”", "类别为“其他”"), (40, 100)
    )


# --- those below -------------------------------------------------------------------------------------------

UPPER = (
    """
id = "upper"
title = "党总支标准"
[[sources]]
name = "评定"
form = "committee"
marks = "indicators"
weight = 100
[[indicators]]
name = "自身建设"
full = 60
[[indicators]]
name = "支部工作"
full = 40
start = 0
rules = [{ name = "支部平均", of = "下级平均(综合得分) / 100", each = 40 }]
[[situations]]
name = "有支部后进"
when = "下级最低(综合得分) < 60"
at_most = "一般"
[[situations]]
name = "一半以上支部好"
when = "下级平均(等次 = '好') > 50%"
flag = "表扬"
"""
    + GRADES
)
LOWER = TOTAL + indicator("业绩", 100) + GRADES


def test_a_general_branch_is_marked_by_the_mean_of_its_branches(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """50 of 60, and 40 × 85 %: the mean of 95 and 75; the other has a branch of 55 and 60 + 40 × 55 %."""
    tops = [Unit("Z1", "第一总支", "党委", 50, "总支"), Unit("Z2", "第二总支", "党委", 50, "总支")]
    units = [replace(A, parent="第一总支"), replace(B, parent="第一总支"), replace(C, parent="第二总支")]
    own = books(LOWER)
    upper, found = load_scheme(UPPER.encode())
    assert upper is not None, [finding.text for finding in found]
    other = Books(upper, own.label, own.day)
    files = own.roster([*tops, *units], [JUDGE]) | other.book(JUDGE, {tops[0]: "50", tops[1]: "60"})
    book = own.book(JUDGE, dict(zip(units, ("95", "75", "55"), strict=True)))
    files |= {f"支部/{path}": raw for path, raw in book.items()}
    make_workspace(tmp_path, files)
    (tmp_path / "schemes" / "small.toml").write_text(HEAD + LOWER, encoding="utf-8")
    (tmp_path / "schemes" / "upper.toml").write_text(UPPER, encoding="utf-8")
    setting = Setting("small", 2026, "年终", ("2026-01-01", "2026-12-31")).toml()
    setting = setting.replace('default = "small"', 'default = "small"\nby_category = { "总支" = "upper" }')
    (tmp_path / "config.toml").write_text(setting, encoding="utf-8")
    run_ = Run(tmp_path, command(tmp_path, "run"))
    assert run_.status == 0
    assert [run_.overview[code]["综合得分"] for code in ("Z1", "Z2", "A1", "B2", "C3")] == [84, 82, 95, 75, 55]
    assert [run_.overview[code]["测算等次"] for code in ("Z1", "Z2")] == ["较好", "一般"]
    told = explained(run_, "Z1", capsys)
    assert "下级平均(综合得分) / 100＝0.85（下级 第一支部 95、第二支部 75）" in told
    assert "下级 第三支部 55） → 一般" in explained(run_, "Z2", capsys)
    assert "表扬" not in told


def test_those_below_may_be_of_the_same_standard_or_handed_up() -> None:
    """甲's own branches are 乙 with 50 and 丙, which a lower unit graded: 70 on the mean, one of two 好."""
    text = (
        LOWER
        + """
[[situations]]
name = "下级平均低"
when = "下级平均(综合得分) < 75"
flag = "关注"
[[situations]]
name = "半数好"
when = "下级平均(等次 = '好') >= 50%"
flag = "带动"
"""
    )
    drawn = entries(marks("支部 | 评委 | 业绩\n甲 | 一 | 90\n乙 | 一 | 50", "评定"))
    up = {"unit": "丙", "round": "2026 ", "form": "result", "part": "also", "state": "typed"}
    told = [{**up, "rule": "综合得分", "option": "90"}, {**up, "rule": "审定等次", "option": "好"}]
    drawn = stacked([drawn, table(ENTRIES, told)]).reset_index(drop=True)
    roster: dict[str, list[Value]] = {"党组织名称": ["甲", "乙", "丙"], "上级党组织": [None, "甲", "甲"]}
    found = scored(standard(text), drawn, "甲乙丙", roster=roster)
    assert found.by_unit["甲"]["flags"] == ("关注", "带动")
    assert found.by_unit["乙"]["flags"] == ()
    asked = {problem.unit: problem.values["what"] for problem in found.scores.problems if problem.code == "E547"}
    assert "没有以它为上级党组织的" in asked["乙"]


# --- persons are graded as branches are --------------------------------------------------------------------

MEMBERS = """
[[roster]]
name = "党员类型"
values = ["正式党员", "预备党员"]
[[grades]]
name = "优秀"
from = 90
[[grades]]
name = "合格"
from = 60
[[grades]]
name = "不合格"
[[sources]]
name = "自评"
form = "self"
marks = "total"
weight = 0
[[sources]]
name = "民主测评"
form = "survey"
marks = "options"
questions = ["总体评价"]
options = { "优秀" = 100, "合格" = 80, "不合格" = 0 }
weight = 100
[[indicators]]
name = "表现"
full = 100
[[situations]]
name = "预备党员不评"
when = "党员类型 = '预备党员'"
no_grade = "不评"
excused = true
[[quotas]]
grade = "优秀"
at_most = "1/3"
"""


def test_members_are_graded_and_those_on_probation_take_no_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of three full members one may be 优秀; of the one on probation nothing is wanted."""
    people = [Unit(f"D{n}", f"党员{n}", "第一支部", 1) for n in range(1, 5)]
    own = books(MEMBERS)
    rows: list[Cells] = [
        {**who.identity, "上级党组织": who.parent, "党员类型": "预备党员" if who is people[3] else "正式党员"}
        for who in people
    ]
    files = own.office(roster_form(own.scheme, own.label), {"名册": rows})
    for who, votes in zip(people[:3], ("9 1 0", "8 2 0", "1 8 1"), strict=True):
        files |= own.claim(who, "自评", "95") | own.tally(who, "民主测评", votes)
    found = run(tmp_path, MEMBERS, files)
    assert found.status == 0
    assert column(found) == [98, 96, 74, "—"]
    assert column(found, "测算等次") == ["优秀", "合格", "合格", "不评"]
    assert "预备党员不评（党员类型 = “预备党员”；党员类型＝预备党员） → 不评" in explained(found, "D4", capsys)
    assert "不定等次，记“不评”，不参加评定，不用交表" in shown(MEMBERS, tmp_path, capsys)


def test_nothing_is_handed_out_for_who_takes_no_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On probation: no forms. Of a member whose kind is blank it is not known, and there are forms."""
    people = [Unit(f"D{n}", f"党员{n}", "第一支部", 1) for n in range(1, 4)]
    own = books(MEMBERS)
    kinds = ("正式党员", "预备党员", None)
    rows: list[Cells] = [{**who.identity, "党员类型": kind} for who, kind in zip(people, kinds, strict=True)]
    run(tmp_path, MEMBERS, own.office(roster_form(own.scheme, own.label), {"名册": rows}))
    capsys.readouterr()
    assert command(tmp_path, "forms") == 0
    assert "不参加评定的 1 个没有发自评表、测评表，别人的表里也不列：党员2" in capsys.readouterr().out
    folders = {path.name for path in (tmp_path / "发放").iterdir() if path.is_dir()}
    assert folders == {"D1_党员1", "D3_党员3", "办公室"}
    sheets = load_workbook(next((tmp_path / "发放/办公室").glob("汇总录入*"))).worksheets
    assert "党员2" in {cell.value for row in sheets[0].iter_rows() for cell in row}
    assert not any(cell.value == "党员2" for sheet in sheets[2:] for row in sheet.iter_rows() for cell in row)


def test_who_takes_no_part_is_told_by_the_roster() -> None:
    assert [finding.words for finding in findings(MEMBERS)] == []
    slip = MEMBERS.replace("党员类型 = '预备党员'", "党员类型 = '预备党员' and 民主测评 < 60")
    assert any("不用交表的，条件里只能读名册上的事项和轮次" in finding.words for finding in findings(slip))
    slip = MEMBERS.replace('no_grade = "不评"', 'grade = "合格"')
    assert any("excused 与 when 和 no_grade 同写" in finding.words for finding in findings(slip))
