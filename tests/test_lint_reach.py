"""How far points can reach, and who marks what beside `by`: totals of more than the full mark, grades of nobody."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dingji.scheme.load import load_scheme
from dingji.scheme.marking import things_of, typed_rules
from dingji.scheme.model import Scheme
from dingji.scheme.reach import reaches
from dingji.scheme.sentences import as_lines
from tests.drawn import entries, marks, rows
from tests.small_standard import GRADES, findings, five_good, indicator, rules, scored, standard
from tests.test_tutorial import written
from tests.workspaces import PROGRAM

TOTAL = '[[sources]]\nname = "组织考评"\nform = "committee"\nmarks = "total"\nweight = 100\n'
INSPECTORS = '[[sources]]\nname = "纪检"\nform = "committee"\n'
PARTS = indicator("党建", 70) + indicator("廉政", 30, 'by = "纪检"')
SHARE = (
    '[[sources]]\nname = "测评"\nform = "survey"\nmarks = "options"\nquestions = ["总评"]\nweight = 0\n'
    'options = { "满意" = 100, "不满意" = 0 }\nshares = { "满意率" = ["满意"] }\n'
    '[[sources]]\nname = "评定"\nform = "committee"\nmarks = "rules"\nweight = 100\n'
)


def greatest(scheme: Scheme) -> list[Fraction | float]:
    return [one.composite().high for one in reaches(scheme)]


def things(scheme: Scheme, name: str) -> list[str]:
    source = next(source for source in scheme.sources if source.name == name)
    return [f"{thing.key} {thing.full}" for thing in things_of(scheme, source)]


def words(text: str) -> list[str]:
    return [finding.words for finding in findings(text)]


# --- by ---------------------------------------------------------------------------------------------------


def test_a_total_is_out_of_what_is_left_and_who_has_no_weight_marks_only_its_own() -> None:
    """70 for all beside 30 for the inspectors: 130 of 100 before, and the inspectors were asked for 党建 too."""
    text = TOTAL + INSPECTORS + PARTS
    scheme = standard(text)
    assert findings(text) == []
    assert (things(scheme, "组织考评"), things(scheme, "纪检")) == (["总分 70"], ["廉政 30"])
    assert greatest(scheme) == [100]
    found = scored(
        scheme,
        entries(
            marks("支部 | 评委 | 总分\n甲 | 一 | 70", "组织考评"), marks("支部 | 评委 | 廉政\n甲 | 二 | 30", "纪检")
        ),
    )
    assert found.column("composite") == [100]


def test_what_is_only_shown_marks_whatever_the_others_mark() -> None:
    scheme = standard(TOTAL + INSPECTORS + "weight = 0\n" + PARTS.replace('by = "纪检"', ""))
    assert (things(scheme, "组织考评"), things(scheme, "纪检")) == (["总分 100"], ["党建 70", "廉政 30"])


def test_rules_are_asked_only_of_who_marks_their_indicator() -> None:
    ruled = indicator("党建", 70, rules('name = "缺会", once = -1'))
    scheme = standard(TOTAL + INSPECTORS + 'marks = "rules"\n' + ruled + indicator("廉政", 30, 'by = "纪检"'))
    assert typed_rules(scheme, scheme.sources[1]) == []


def test_the_tutorial_with_by_says_that_its_options_are_beyond_what_is_left() -> None:
    text = written().replace('name = "组织建设"\n', 'name = "组织建设"\nby = "评定"\n')
    beyond = "“测评”的选项最高 100 分，它评的满分是 70 分（总分 100 减去写了 by 的部分）"
    scheme, found = load_scheme(text.encode())
    assert scheme is not None
    assert [finding.words for finding in found] == [
        f"{beyond}；请按满分 70 分写各选项的分值（现在综合得分最高 109 分）"
    ]
    mended = text.replace('"满意" = 100, "基本满意" = 80', '"满意" = 70, "基本满意" = 56')
    assert load_scheme(mended.encode())[1] == []


def test_a_part_that_nobody_can_mark_is_an_error() -> None:
    (finding,) = [one for one in findings(TOTAL + PARTS) if one.severity == "error"]
    assert "谁也评不了" in finding.words
    alone = INSPECTORS + TOTAL + indicator("廉政", 100, 'by = "纪检"')
    assert words(alone) == ["“组织考评”打一个总分，可是各指标都写了由谁评，没有剩下的分给它评"]


# --- reach ------------------------------------------------------------------------------------------------

REACH = """
from | 多写的                                            | 怎么说
120  |                                                   | 错误：“好”要 120 分，综合得分最高只有 100 分，谁也达不到
120  | [[situations]]; name = "甲"; at_least = "好"        | 提醒：“好”要 120 分，综合得分最高只有 100 分，谁也达不到
120  | [[situations]]; name = "甲"; score = 130            |
120  | [[indicators]]; name = "加分项"; bonus = true; rules = [{ name = "表彰", once = 5 }] |
90   |                                                   |
"""


@pytest.mark.parametrize("line", rows(REACH))
def test_a_grade_that_no_figure_comes_to(line: dict[str, str]) -> None:
    grades = GRADES.replace("from = 90", f"from = {line['from']}")
    found = findings(TOTAL + indicator("党建", 100) + grades + line["多写的"].replace("; ", "\n"))
    told = [f"{'错误' if one.severity == 'error' else '提醒'}：{one.words}" for one in found]
    assert told == [line["怎么说"]] * bool(line["怎么说"])


def test_a_grade_below_the_least_figure_does_not_occur() -> None:
    options = (
        SHARE.replace("weight = 0", "weight = 100")
        .replace('"不满意" = 0', '"不满意" = 60')
        .partition('[[sources]]\nname = "评定"')[0]
    )
    assert words(options + indicator("党建", 100) + GRADES) == ["“差”不会出现：综合得分最低也有 60 分，够上面的等次"]


def test_each_class_of_branches_and_each_round_has_its_own_reach() -> None:
    text = (
        'rounds = ["年初", "年终"]\n'
        + TOTAL.replace("total", "rules")
        + indicator(
            "党建",
            100,
            "start = 0",
            rules('name = "活动", unit = "次", each = 10', 'name = "项目", once = 40, for = "类别 = \'机关\'"'),
        ).replace("each = 10", "each = 10, max = 60")
    )
    named = {one.words: one.composite().high for one in reaches(standard(text))}
    assert named == {
        "年初，类别为“机关”": 100,
        "年初，类别为“其他”": 60,
        "年终，类别为“机关”": 100,
        "年终，类别为“其他”": 60,
    }


# --- bands that always meet a veto ------------------------------------------------------------------------

BANDS = (
    'name = "满意率扣分", of = "满意率", '
    'bands = [{ from = "90%", points = 0 }, { from = "80%", points = -5 }, { points = -10 }]'
)
VETO = '[[situations]]\nname = "群众不满意"\nwhen = "评定.群众 < 12"\ngrade = "差"\n'
ALWAYS = "满意率低于80%的一律“差”"


def vetoed(more: str = "", condition: str = "评定.群众 < 12") -> str:
    rule = BANDS + more
    parts = indicator("群众", 20, rules(rule)) + indicator("党建", 80)
    return SHARE + parts + VETO.replace("评定.群众 < 12", condition) + GRADES


def test_rows_that_always_meet_a_veto_are_told_and_read_back() -> None:
    (told,) = words(vetoed())
    assert told.startswith(f"照这样分档，{ALWAYS}（情形“群众不满意”）")
    assert f"因此，{ALWAYS}。" in "".join(as_lines(standard(vetoed())))
    assert words(vetoed(f', choice = "{ALWAYS}"')) == []
    assert words(vetoed(condition="评定.群众 < 10")) == []
    assert words(vetoed(condition="满意率 < 80%")) == []


def test_five_good_says_that_under_80_percent_is_always_the_last_grade() -> None:
    assert "因此，满意率低于80%的一律“后进”。" in "".join(as_lines(five_good()))


def test_the_ceiling_that_the_college_does_not_state_is_the_offices_own_and_can_be_left_out() -> None:
    raw = (PROGRAM / "schemes" / "seven-indicators.toml").read_bytes()
    scheme, found = load_scheme(raw, {"situations.满意率低于90%.when": "满意率 < 0%"})
    assert scheme is not None
    assert found == []
    (ceiling,) = [line for line in as_lines(scheme) if "满意率低于90%（" in line]
    assert "本单位自定：学院通知没有写这一条" in ceiling
    gaps = [line for line in as_lines(scheme) if "本单位自定：通知印作" in line]
    assert [line.split("：")[0].strip() for line in gaps] == ["较好", "一般"]


def test_where_there_are_too_many_conditions_to_look_through_it_is_said() -> None:
    """38 bounds of each of three counts: more combinations than anybody waits for."""
    counts = ("正式党员", "预备党员", "成立月数")
    drawn = [f'name = "{name}{bound}", once = -1, for = "{name} >= {bound}"' for name in counts for bound in range(38)]
    band = 'name = "反映", of = "满意率", bands = [{ from = "80%", points = 0 }, { points = -15 }]'
    veto = '[[situations]]\nname = "不满意"\nwhen = "评定.班子 < 90"\ngrade = "差"\n'
    found = words(SHARE + indicator("班子", 100, rules(*drawn, band)) + GRADES + veto)
    assert [line for line in found if "条件太多" in line] != []
    assert [line for line in found if "一律" in line] == []
