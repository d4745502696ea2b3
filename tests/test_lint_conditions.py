"""Slips in conditions: each is told where it stands, with its mend; what is right is left alone."""

from __future__ import annotations

import pytest

from tests.small_standard import GRADES, findings

STANDARD = (
    """
full = 110
rounds = ["年初", "年终"]
[[sources]]
name = "自评"
form = "self"
marks = "total"
weight = 0
required = false
[[sources]]
name = "评定"
form = ["committee", "records"]
weight = 100
[[sources]]
name = "测评"
form = "survey"
questions = ["总体评价"]
options = { "满意" = 100, "不满意" = 0 }
shares = { "满意率" = ["满意"] }
weight = 0
[[indicators]]
name = "班子建设"
full = 100
rules = [
  { name = "缺席", once = -1 },
  { name = "学习", unit = "次", under = 6, each = -1 },
  { name = "受教育率", unit = "%", under = "95%", once = -1 },
  { name = "示范岗", options = { "已开展" = 0, "未开展" = -4 } },
  { name = "件数", unit = "件", options = { "大" = -2, "小" = -1 } },
  { name = "人均学习", of = "学习 / 党员数", under = 1, once = -1 },
  { name = "测评扣分", of = "满意率", bands = [{ from = "90%", points = 0 }, { points = -1 }] },
]
[[indicators]]
name = "作风（含廉政）"
full = 10
[[situations]]
name = "受处分"
flag = "取消评先"
[[situations]]
name = "偏低"
when = "综合得分 < 50"
flag = "关注"
"""
    + GRADES
)


def told(text: str) -> list[str]:
    return [f"{'.'.join(map(str, one.path))} {one.severity} {one.words}" for one in findings(text)]


def situation(condition: str, effect: str = 'flag = "甲"') -> str:
    return f'{STANDARD}[[situations]]\nname = "丁"\nwhen = "{condition}"\n{effect}\n'


RIGHT = """
满意率 < 90%
满意率 >= 1/3
测评.满意率 = 0
满意率 < 受教育率
受教育率 < 95%
90% > 满意率
综合得分 >= 90
班子建设 < 60
评定.班子建设 < 60 / 2
最高(综合得分) - 综合得分 > 5
名次(综合得分) <= 3
综合得分 < 平均(综合得分) - 10
较大(评定.班子建设, 自评) < 60
较小(满意率, 受教育率) < 90%
下级最低(综合得分) < 60
下级平均(等次 = '好') > 50%
学习 / 党员数 < 50%
学习 / 党员数 > 2
人均学习 < 2
满意率 - 受教育率 < 5%
满意率 * 100 < 90
类别 = '机关'
类别 in ('机关', '学校')
类别 = 层级
等次 = '好'
上期等次 in ('好', '较好')
晋位情况 != '退位'
轮次 = '年初'
示范岗 = '未开展'
缺席
not 缺席
缺席 + 自评表.迟报 + 受处分 >= 2
受处分 and not 缺席
缺席 = '是'
自评表.迟报 or 情形申报.未报
自评表.迟报 = 缺席
成立月数 < 12 and 党员数 >= 3
测评扣分 < 90%
测评.有效 < 10
“作风（含廉政）” < 10
件数 = '大'
排名 <= 3
""".strip().splitlines()


@pytest.mark.parametrize("condition", RIGHT)
def test_a_right_condition_has_no_findings(condition: str) -> None:
    assert told(situation(condition)) == []


WRONG = {
    # units
    "满意率 < 90": "比率不能与 90 比较；请写成 90%",
    "85.5 > 测评.满意率": "比率不能与 85.5 比较；请写成 85.5%",
    "受教育率 < 95": "比率不能与 95 比较；请写成 95%",
    "最低(满意率) < 60": "比率不能与 60 比较；请写成 60%",
    "测评扣分 < 90": "比率不能与 90 比较；请写成 90%",
    "满意率 in (90%, 80)": "比率不能与 80 比较；请写成 80%",
    "综合得分 >= 90%": "“综合得分”不是比率，不能与 90% 比较；请写成 90",
    "评定.班子建设 < 60%": "“评定.班子建设”不是比率，不能与 60% 比较；请写成 60",
    "学习 < 6%": "“学习”不是比率，不能与 6% 比较；请写成 6",
    "满意率 > 综合得分": "“综合得分”不是比率，不能与“满意率”比较",
    # texts and figures
    "综合得分 >= '90'": "“综合得分”是数，不能与文字 '90' 比较；请写成 90",
    "满意率 < '90%'": "“满意率”是数，不能与文字 '90%' 比较；请写成 90%",
    "党员数 > '五十'": "“党员数”是数，不能与文字 '五十' 比较；数字不加引号",
    "类别 = 3": "“类别”是文字，不能与 3 比较；文字要加单引号，如 '3'",
    "类别 = 党员数": "“类别”是文字，不能与“党员数”比较",
    "类别 > '机关'": "文字不能比大小；只能用 =、!=、in",
    "类别 in ('机关', 3)": "“类别”是文字，不能与 3 比较；文字要加单引号，如 '3'",
    "缺席 > 2": "“缺席”只有是或否，不能与数比较；直接写它，或在前面写 not",
    "缺席 = '有'": "“缺席”只有是或否，不能与 '有' 比较",
    "类别 + 1 > 2": "“类别”不是数，不能计算",
    "缺席 / 2 > 1": "“缺席”不是数，不能计算",
    "最高(类别) = 1": "“类别”不是数，不能计算",
    # neither yes nor no
    "综合得分": "条件要能判断是或否；“综合得分”要与别的数或文字比较",
    "综合得分 + 1": "条件要能判断是或否；算出的结果要与别的数或文字比较",
    "满意率 < 90% and 党员数": "and 两边都要能判断是或否；“党员数”要与别的数或文字比较",
    "not 类别": "not 后面都要能判断是或否；“类别”要与别的数或文字比较",
    # labels
    "等次 = '后进'": "“等次”没有“后进”；只有 好、较好、一般、差",
    "示范岗 = '没开展'": "“示范岗”没有“没开展”；是不是“未开展”",
    "轮次 = '年末'": "“轮次”没有“年末”；是不是“年终”",
    "晋位情况 = '升级'": "“晋位情况”没有“升级”；只有 晋位、保持、退位",
    # names
    "满意度 < 90%": "条件中的“满意度”没有出处；是不是“满意率”",
    "测评.满意律 < 90%": "条件中的“测评.满意律”没有出处；是不是“测评.满意率”",
    "类别 = 机关": "条件中的“机关”没有出处；如果是文字，要加单引号：'机关'",
    "党员人数 > 3": "条件中的“党员人数”没有出处；是不是“党员数”",
    # signs
    "综合得分 ≥ 60": "条件“综合得分 ≥ 60”从第 6 个字起看不懂；“≥”请写成英文半角的 >=",
    "满意率 < 90％": "条件“满意率 < 90％”从第 9 个字起看不懂；“％”请写成英文半角的 %",
    "类别 == '机关'": "条件“类别 == '机关'”从第 5 个字起看不懂；等于只写一个 =",
    "最大(综合得分) > 3": (
        "条件“最大(综合得分) > 3”从第 1 个字起看不懂；没有“最大”这个算法，只有 最高、最低、平均、名次、较大、较小、"
        "下级平均、下级最高、下级最低"
    ),
    "党员数 > 50人": "条件“党员数 > 50人”从第 9 个字起看不懂；数字后面不写单位",
    "60 <= 综合得分 < 90": "条件“60 <= 综合得分 < 90”从第 12 个字起看不懂；不能连着比较，请用 and 连成两个",
    "类别 = '机关": "条件“类别 = '机关”从第 6 个字起看不懂；单引号不成对",
    "(综合得分 > 3": "条件“(综合得分 > 3”从第 10 个字起看不懂；括号不成对",
    "综合得分 => 60": "条件“综合得分 => 60”从第 7 个字起看不懂；=> 请写成 >=",
    "类别 <> '机关'": "条件“类别 <> '机关'”从第 5 个字起看不懂；<> 请写成 !=",
    "综合得分 大于等于 60": "条件“综合得分 大于等于 60”从第 6 个字起看不懂；“大于等于”请写成 >=",
    "满意率低于90%": "条件“满意率低于90%”从第 8 个字起看不懂；“低于”请写成 <",
    "综合得分 < 60 且 缺席": "条件“综合得分 < 60 且 缺席”从第 11 个字起看不懂；“且”请写成 and",
    "缺席 或者 受处分": "条件“缺席 或者 受处分”从第 4 个字起看不懂；“或者”请写成 or",
    "缺席 && 受处分": "条件“缺席 && 受处分”从第 4 个字起看不懂；“&&”请写成 and",
}  # fmt: skip


@pytest.mark.parametrize(("condition", "words"), WRONG.items(), ids=WRONG)
def test_a_slip_is_told_with_its_mend(condition: str, words: str) -> None:
    assert told(situation(condition)) == [f"situations.2.when error {words}"]


@pytest.mark.parametrize(
    "condition", [f"{'(' * 3000}缺席", f"{'not ' * 900}缺席", f"{'学习 + ' * 3000}学习 > 1", f"{'-' * 900}学习 > 1"]
)
def test_an_endless_condition_is_told_and_no_crash(condition: str) -> None:
    (line,) = told(situation(condition))
    assert line.endswith("；太长，或者括号套得太深，请拆成几条")


def test_many_facts_may_be_counted() -> None:
    assert told(situation(" + ".join(["(学习 < 6)"] * 80) + " >= 3")) == []


def test_a_grade_of_an_earlier_standard_is_only_a_warning() -> None:
    (line,) = told(situation("上期等次 = '后进'"))
    assert line == "situations.2.when warning “上期等次”没有“后进”；只有 好、较好、一般、差"


PLACES = {
    "for of a situation": (
        STANDARD + '[[situations]]\nname = "丁"\nfor = "类型 = \'机关\'"\nflag = "甲"\n',
        "situations.2.for error 条件中的“类型”没有出处；是不是“类别”",
    ),
    "for of an indicator": (
        STANDARD.replace('name = "作风（含廉政）"', 'name = "作风"\nfor = "党员数 > 10%"'),
        "indicators.1.for error “党员数”不是比率，不能与 10% 比较；请写成 10",
    ),
    "exempt": (
        STANDARD.replace('name = "作风（含廉政）"', 'name = "作风"\nexempt = "综合得分 > 10"'),
        "indicators.1.exempt error “综合得分”发表的时候还不知道；exempt 里只能读名册上的事项和轮次",
    ),
    "when of a grade": (
        STANDARD.replace('name = "好"\nfrom = 90', 'name = "好"\nfrom = 90\nwhen = "满意率 >= 90"'),
        "grades.0.when error 比率不能与 90 比较；请写成 90%",
    ),
    "among": (
        STANDARD + '[[quotas]]\nflag = "甲"\ntop = 1\namong = "等次 = \'优\'"\n',
        "quotas.0.among error “等次”没有“优”；只有 好、较好、一般、差",
    ),
    "when of a band": (
        STANDARD.replace('{ from = "90%", points = 0 }', '{ when = "满意率 >= 90", points = 0 }'),
        "indicators.0.rules.6.bands.0.when error 比率不能与 90 比较；请写成 90%",
    ),
    "of": (
        STANDARD.replace('of = "学习 / 党员数"', 'of = "学习 / 党员"'),
        "indicators.0.rules.5.of error 条件中的“党员”没有出处；是不是“党员数”",
    ),
    "a share as the bound of a count": (
        STANDARD.replace("under = 6", 'under = "60%"'),
        'indicators.0.rules.1.under error “学习”读的不是比率，不能写 "60%"；请写成 60',
    ),
    "a bound of what is no figure": (
        STANDARD.replace('of = "学习 / 党员数"', 'of = "类别"'),
        "indicators.0.rules.5.under error “人均学习”读的不是数，不能有界限",
    ),
    "the place before grades stand": (
        situation("排名 > 3", 'at_most = "较好"'),
        "situations.2.when error “排名”要到审定之后才有，只能用在写 flag 的情形和名额里；这里请写 名次(综合得分)",
    ),
    "a mark of all sources while one is scored": (
        STANDARD.replace('of = "满意率"', 'of = "作风"').replace("作风（含廉政）", "作风"),
        "indicators.0.rules.6.of error “作风”要各方合成以后才有，评分的规则不能读；要读某一方的分，请写 来源.作风",
    ),
    "the composite while a source is scored": (
        STANDARD.replace('of = "满意率"', 'of = "综合得分 / 100"'),
        "indicators.0.rules.6.of error “综合得分”要各方合成以后才有，评分的规则不能读",
    ),
    "a situation while a source is scored": (
        STANDARD.replace('of = "满意率"', 'of = "受处分 + 1"'),
        "indicators.0.rules.6.of error “受处分”要各方合成以后才有，评分的规则不能读",
    ),
    "a situation that the program computes": (
        situation("偏低 and 缺席"),
        "situations.2.when error “偏低”是程序判断的情形，请直接写它的条件",
    ),
    "a circle": (
        STANDARD.replace('of = "学习 / 党员数"', 'of = "测评扣分"').replace('of = "满意率"', 'of = "人均学习 + 1"'),
        "indicators.0.rules.5.of error “人均学习”读的数绕回到它自己",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), PLACES.values(), ids=PLACES)
def test_conditions_are_checked_wherever_they_stand(text: str, words: str) -> None:
    assert words in told(text)


# --- quotas, rules, sources --------------------------------------------------------------------------------


QUOTAS = {
    "": "quotas.0 error 名额要写 grade（管哪个等次）或 flag（标注什么），只能写一个",
    'grade = "好"\nflag = "甲"\ntop = 1': "quotas.0 error 名额要写 grade（管哪个等次）或 flag（标注什么），只能写一个",
    'grade = "好"': "quotas.0 error 管等次“好”的名额要写 at_most、at_least、about 之一",
    'flag = "甲"': "quotas.0 error 标注“甲”的名额要写 top、bottom 之一",
    'flag = "甲"\ntop = 1\nat_most = 2': "quotas.0.at_most error 标注“甲”的名额不能写 at_most；能写的是 top、bottom",
    'grade = "好"\nat_most = 1\namong = "党员数 > 3"': "quotas.0.among error among 只能用在写 flag 的名额里",
    'grade = "好"\nat_most = 0.4': 'quotas.0.at_most error 个数要是整数；比例请写成 "40%"',
    'grade = "好"\nat_most = 2.5': "quotas.0.at_most error 个数要是整数",
    'grade = "好"\nat_most = "140%"': "quotas.0.at_most error 比例 140% 超过了 100%",
    'grade = "好"\nat_most = { "机关" = 1 }': "quotas.0.at_most error 各类的数不同时，要写 within，指明按什么分开",
    'grade = "差"\nat_most = 1': (
        "quotas.0.at_most warning “差”是最后一个等次，超出名额的没有等次可降，这条名额不起作用"
    ),
    'grade = "好"\nat_least = 1': "quotas.0.at_least warning “好”是第一个等次，没有更好的等次来补足，这条名额不起作用",
    'grade = ["好", "差"]\nat_most = 1': "quotas.0.grade error 合在一起算的等次要相邻；“好、差”中间隔着较好、一般",
    'grade = ["好", "好"]\nat_most = 1': "quotas.0.grade error “好、好”里有等次写了两次",
    'grade = ["好", "较 好"]\nat_most = 1': "quotas.0.grade error 没有等次“较 好”",
    'grade = "好"\nat_most = 1\nties = []': "quotas.0.ties error ties 是空的；由党委研究的，不写这个键",
    'grade = "好"\nabout = 1\nties = "all"': "quotas.0.ties warning about 只提醒，不取舍，ties 不起作用",
    'grade = "好"\nat_most = 1\nties = ["类别"]': "quotas.0.ties.0 error “类别”是文字，比不出先后；并列的要比数",
    'grade = "好"\nat_most = 1\nties = ["排名"]': (
        "quotas.0.ties.0 error “排名”要到审定之后才有，只能用在写 flag 的情形和名额里；这里请写 名次(综合得分)"
    ),
    'grade = "好"\nat_most = 1\nties = ["满意度"]': "quotas.0.ties.0 error 条件中的“满意度”没有出处；是不是“满意率”",
    'grade = "一般"\nat_most = 1\nat_least = 2': ("quotas.0.at_least error “一般”不少于 2、不超过 1，不能同时做到"),
    'grade = "一般"\nat_most = "30%"\nat_least = "30%"': (
        "quotas.0.at_least warning “一般”不少于、不超过都是 30%：除不尽时 at_least 进一、at_most 舍去零头，"
        "不能同时做到；请写 round，用同一种取整"
    ),
}


@pytest.mark.parametrize(("keys", "words"), QUOTAS.items(), ids=QUOTAS)
def test_quotas_that_bind_nothing_or_slip(keys: str, words: str) -> None:
    assert any(one.startswith(words) for one in told(f"{STANDARD}[[quotas]]\n{keys}\n"))


RULES = {
    'name = "丁", once = -1, per = 3': "per error “丁”的per 在 once 里不起作用，只能与 each 同写",
    'name = "丁", once = -1, round = "floor"': "round error “丁”的round 在 once 里不起作用，只能与 each 同写",
    'name = "丁", options = { "大" = 1 }, unit = "件", under = 3': (
        "under error “丁”的under 在 options 里不起作用，只能与 once、each 同写"
    ),
    'name = "丁", options = {}': "options error “丁”的options 是空的",
    'name = "丁", bands = []': "bands error “丁”的bands 是空的",
    'name = "丁", unit = "次", each = 1, min = 3, max = 1': "min error “丁”的 min 比 max 大",
    'name = "丁", unit = "次", bands = [{ from = 3, points = 1 }]': (
        "bands warning “丁”的最后一档以下没有写，按 0 分计；可以加一行只写 points 的"
    ),
}


@pytest.mark.parametrize(("rule", "words"), RULES.items(), ids=RULES)
def test_rules_with_keys_that_nobody_reads(rule: str, words: str) -> None:
    text = STANDARD.replace('{ name = "缺席", once = -1 }', f"{{ {rule} }}")
    assert f"indicators.0.rules.0.{words}" in told(text)


SOURCES = {
    'form = "committee"\nmarks = "options"': (
        'marks error 按选项评价只能用测评表；评委按选项评的，写成 marks = "rules"，把选项写进规则的 options'
    ),
    'form = "self"\nmarks = "rules"': "marks error 自评表填的是自评得分；marks 请写 indicators、items 或 total",
    'form = "self"\ntrim = 1': "trim error trim 只用于有几名评委的表（评定表、互评表）",
    'form = "committee"\ngroups = { "党员" = 100 }': 'groups error groups 只用于测评表（form = "survey"）',
    'form = "survey"\nmarks = "options"': " error “丁”按选项评价，要写题目 questions 和选项 options",
    'form = ["committee", "records"]\nmarks = "total"': (
        "form error “丁”不按指标打分，平时记录里的扣分加分计不进去；marks 请写 indicators 或 items"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("keys", "words"), SOURCES.items(), ids=SOURCES)
def test_sources_that_mark_as_their_form_cannot(keys: str, words: str) -> None:
    text = STANDARD.replace("[[indicators]]", f'[[sources]]\nname = "丁"\nweight = 0\n{keys}\n[[indicators]]', 1)
    assert f"sources.3.{words}".replace(". ", " ") in told(text)
