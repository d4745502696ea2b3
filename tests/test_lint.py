"""The checks of a standard: each finds its fault, where it stands, and is silent about a standard without it."""

from __future__ import annotations

import pytest

from tests.small_standard import GRADES, findings

SOURCE = """
[[sources]]
name = "评定"
form = "committee"
weight = 100
"""
SURVEY = """
[[sources]]
name = "测评"
form = "survey"
questions = ["总体评价"]
options = { "满意" = 100, "不满意" = 0 }
apart = ["弃权"]
shares = { "满意率" = ["满意"] }
weight = 0
"""
FROM_SURVEY = (
    '可以写一条读它的规则：{ name = "测评折算", of = "测评 / 100", each = 分值 }，指标写 start = 0，by 写评定的来源'
)
SITUATION = '[[situations]]\nname = "甲"\n'
TARGET = '[[targets]]\nname = "甲"\n'


def indicator(name: str, full: int = 100, body: str = "") -> str:
    return f'[[indicators]]\nname = "{name}"\nfull = {full}\n{body}\n'


def with_rule(rule: str, full: int = 100, *, items: str = "") -> str:
    body = f"items = [{items}]\n" if items else ""
    return SOURCE + SURVEY + indicator("班子", full, f"{body}rules = [{{ {rule} }}]")


def told(text: str) -> list[str]:
    return [f"{'.'.join(map(str, finding.path))} {finding.words}" for finding in findings(text)]


SILENT = {
    "all kinds of rules": SOURCE
    + SURVEY
    + indicator(
        "班子",
        100,
        """max = "none"
items = [{ no = 3, full = 60 }, { no = 4, full = 40 }]
rules = [
  { name = "甲", item = 3, once = -60 },
  { name = "乙", unit = "次", under = 6, each = -1 },
  { name = "丙", unit = "%", over = "30%", per = "10%", round = "floor", each = 1 },
  { name = "丁", of = "测评.满意率", bands = [
    { from = "90%", when = "类别 = '机关'", points = 20 }, { from = "90%", points = 15 },
    { from = "1/3", points = 10 }, { points = 0 },
  ] },
  { name = "戊", of = "最低(乙) / 乙", each = 20 },
  { name = "己", once = -5, for = "类别 = '机关' and 党员数 >= 50" },
  { name = "庚" },
  { name = "辛", options = { "好" = [1, 4], "差" = -4 } },
]""",
    )
    + GRADES
    + """
[[situations]]
name = "测评差"
when = "满意率 < 90% or 测评.满意率 < 1/3 or 满意率 = 0"
at_most = "一般"
[[situations]]
name = "不进步"
at_most = "上期等次"
[[situations]]
name = "两年未晋位"
when = "等次 in ('一般', '差') and 晋位情况 != '晋位'"
flag = "建议调整"
[[quotas]]
flag = "表彰"
top = 4
among = "等次 = '好'"
[[targets]]
name = "转化"
out_of = ["差"]
to = ["好", "较好"]
at_least = "95%"
""",
    "a share that two surveys have": SOURCE + SURVEY + SURVEY.replace('"测评"', '"群众测评"') + indicator("班子"),
    "a bonus called by its name": SOURCE
    + indicator("班子")
    + '[[indicators]]\nname = "加分"\nbonus = true\n'
    + 'rules = [{ name = "表彰", once = 2 }]\n',
    "nested sources and indicators": """
rounds = ["年初", "年终"]
[[sources]]
name = "静态"
weight = 60
[[sources]]
name = "动态"
form = "records"
marks = "rules"
weight = { "年初" = 40, "年终" = 40 }
[[sources]]
name = "述职"
in = "静态"
form = "committee"
trim = 1
trim_from = 3
weight = 100
"""
    + indicator("总", 100)
    + indicator("分一", 60, 'in = "总"\nrules = [{ name = "缺会", once = -1 }]')
    + indicator("分二", 40, 'in = "总"\nrules = [{ name = "缺档", once = -1 }]'),
    "weights left out where every indicator says who marks it": SOURCE.replace("weight = 100", "")
    + indicator("班子", 100, 'by = "评定"'),
    "what is scaled need not add up": "scaled = true\n"
    + SOURCE
    + indicator("班子", 52, "scaled = true\nitems = [{ no = 1, full = 32 }]"),
    "a floor of its own may lie below the block": with_rule(
        'name = "甲", item = 1, once = -9', items="{ no = 1, full = 100, min = -9 }"
    ),
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_a_right_standard_has_no_findings(text: str) -> None:
    assert told(text) == []


ERRORS = {
    "a name twice": (
        SOURCE + indicator("评定"),
        "sources.0.name 名称“评定”用了不止一次；每个名称只能指一样东西",
    ),
    "a share and an indicator of one name": (
        SOURCE + SURVEY + indicator("满意率"),
        "sources.1.shares 名称“满意率”用了不止一次；每个名称只能指一样东西",
    ),
    "a name of the program's own": (
        SOURCE + indicator("综合得分"),
        "indicators.0.name “综合得分”是程序自带的名称，请换一个",
    ),
    "a number twice": (
        SOURCE + indicator("班子", 100, "items = [{ no = 1, full = 50 }, { no = 1, full = 50 }]"),
        "indicators.0.items 序号 1 重复",
    ),
    "weights": (
        SOURCE.replace("100", "90.5") + indicator("班子"),
        "sources 各来源的权重合计 90.5，应为 100",
    ),
    "weights of a round": (
        'rounds = ["年初", "年终"]' + SOURCE.replace("100", '{ "年初" = 100, "年终" = 60 }') + indicator("班子"),
        "sources 各来源在“年终”的权重合计 60，应为 100",
    ),
    "a weight for no round": (
        'rounds = ["年终"]' + SOURCE.replace("100", '{ "年终" = 100, "年末" = 60 }') + indicator("班子"),
        "sources.0.weight “评定”的权重写了没有的轮次“年末”；是不是“年终”",
    ),
    "trimming everything away": (
        SOURCE + "trim = 2\ntrim_from = 4\n" + indicator("班子"),
        "sources.0.trim_from “评定”从 4 名评委起去掉两头各 2 个，就一个也不剩了",
    ),
    "a share of no option": (
        SOURCE + SURVEY.replace('["满意"]', '["满意", "很不满意"]') + indicator("班子"),
        "sources.1.shares.满意率 “满意率”里的选项“很不满意”不在 options 里；是不是“不满意”",
    ),
    "an indicator inside nothing": (
        SOURCE + indicator("班子建设", 60) + indicator("分一", 40, 'in = "班子"'),
        "indicators.1.in 没有指标“班子”；是不是“班子建设”",
    ),
    "indicators inside each other": (
        SOURCE + indicator("甲", 100) + indicator("乙", 50, 'in = "丙"') + indicator("丙", 50, 'in = "乙"'),
        "indicators.1.in 指标“乙”绕回到自己之内",
    ),
    "two ways": (
        with_rule('name = "甲", once = -1, unit = "次", each = -1'),
        "indicators.0.rules.0 “甲”的给分办法只能有一种，现有 once、each",
    ),
    "an item of another indicator": (
        with_rule('name = "甲", item = 7, once = -1'),
        "indicators.0.rules.0.item “甲”所属的第 7 项不在这个指标里",
    ),
    "two bounds": (
        with_rule('name = "甲", unit = "次", under = 1, over = 2, each = -1'),
        "indicators.0.rules.0.over “甲”的under 和 over 只能写一个",
    ),
    "a step of nothing": (
        with_rule('name = "甲", unit = "次", per = 0, each = -1'),
        "indicators.0.rules.0.per “甲”的per 要大于 0",
    ),
    "each of what": (
        with_rule('name = "甲", each = -1'),
        "indicators.0.rules.0 “甲”的给分要看数量，须写计量单位 unit，或用 of 指明读哪个数",
    ),
    "bands of what": (
        with_rule('name = "甲", bands = [{ from = 3, points = 0 }, { points = -1 }]'),
        "indicators.0.rules.0 “甲”的给分要看数量，须写计量单位 unit，或用 of 指明读哪个数",
    ),
    "the rest before the end": (
        with_rule('name = "甲", unit = "次", bands = [{ points = -1 }, { from = 3, points = 0 }]'),
        "indicators.0.rules.0.bands “甲”的分档中，没有条件的一行只能放在最后",
    ),
    "bands that rise": (
        with_rule('name = "甲", unit = "次", bands = [{ from = 3, points = 0 }, { from = 4, points = 1 }]'),
        "indicators.0.rules.0.bands “甲”的分档要从高到低写，界限不能相同；应是 4、3",
    ),
    "bands that overlap": (
        with_rule('name = "甲", unit = "次", bands = [{ from = 3, points = 0 }, { from = 3, points = 1 }]'),
        "indicators.0.rules.0.bands “甲”的分档要从高到低写，界限不能相同；应是 3（相同的只留一行，或者改一个界限）",
    ),
    "grades that rise": (
        SOURCE + indicator("班子") + GRADES.replace("from = 90", "from = 70"),
        "grades 等次要从高到低写，界限不能相同；应是 80、70、60",
    ),
    "two grades from one bound": (
        SOURCE + indicator("班子") + GRADES.replace("from = 90", "from = 80"),
        "grades 等次要从高到低写，界限不能相同；应是 80、60（相同的只留一行，或者改一个界限）",
    ),
    "a grade that hides the rest": (
        SOURCE + indicator("班子") + GRADES.replace("from = 80\n", ""),
        "grades 等次中，没有条件的一行只能放在最后；只按比例取、不定分数的等次，另写一条 at_most 的名额",
    ),
    "a hole below the last grade": (
        SOURCE + indicator("班子") + GRADES + "from = 40\n",
        "grades.3 最后一个等次“差”之下留有空档；最后一个等次不写 from 和 when",
    ),
    "a situation without effect": (
        SOURCE + indicator("班子") + GRADES + SITUATION,
        "situations.0 情形“甲”没有写后果",
    ),
    "a situation with two": (
        SOURCE + indicator("班子") + GRADES + SITUATION + 'grade = "差"\nscore = 0\n',
        "situations.0 情形“甲”只能写一个后果，现有 score、grade",
    ),
    "a step beside a grade": (
        SOURCE + indicator("班子") + GRADES + SITUATION + 'at_most = "较好"\nup = 1\n',
        'situations.0 情形“甲”只能写一个后果，现有 at_most、up；up 只能单独写，或与 "上期等次" 同写',
    ),
    "both steps": (
        SOURCE + indicator("班子") + GRADES + SITUATION + "down = 1\nup = 1\n",
        'situations.0 情形“甲”只能写一个后果，现有 up、down；up、down 只能单独写，或与 "上期等次" 同写',
    ),
    "a bound below a grade had by number": (
        SOURCE + indicator("班子") + GRADES.replace("from = 90\n", "") + '[[quotas]]\ngrade = "好"\nat_most = 1\n',
        "grades.1 “好”只按名额取，超出的落到“较好”，不再看它的 from 和 when；“较好”也只按名额取的，不写 from 和 when",
    ),
    "a grade without a bound or a number": (
        SOURCE + indicator("班子") + GRADES.replace("from = 90\n", "") + '[[quotas]]\ngrade = "较好"\nat_most = 1\n',
        "grades 等次中，没有条件的一行只能放在最后；只按比例取、不定分数的等次，另写一条 at_most 的名额",
    ),
    "a grade that is none": (
        SOURCE + indicator("班子") + GRADES + SITUATION + 'at_least = "较 好"\n',
        "situations.0.at_least 没有等次“较 好”；是不是“较好”",
    ),
    "a quota on no grade": (
        SOURCE + indicator("班子") + GRADES + '[[quotas]]\ngrade = "优秀"\nat_most = "30%"\n',
        "quotas.0.grade 没有等次“优秀”",
    ),
    "a target for no grade": (
        SOURCE + indicator("班子") + GRADES + TARGET + 'out_of = ["后进"]\nto = ["好"]\nat_least = 1\n',
        "targets.0.out_of 没有等次“后进”",
    ),
    "a condition that breaks off": (
        SOURCE + indicator("班子") + GRADES.replace("from = 60", 'when = "综合得分 ≥ 60"'),
        "grades.2.when 条件“综合得分 ≥ 60”从第 6 个字起看不懂；“≥”请写成英文半角的 >=",
    ),
    "a name from nowhere": (
        with_rule('name = "甲", of = "测评.满意度", once = -1'),
        "indicators.0.rules.0.of 条件中的“测评.满意度”没有出处；是不是“测评.满意率”",
    ),
    "`for` beyond the roster": (
        with_rule('name = "甲", once = -1, for = "满意率 < 90%"'),
        "indicators.0.rules.0.for “满意率”发表的时候还不知道；for 里只能读名册上的事项和轮次",
    ),
    "a grade read before it is settled": (
        SOURCE + indicator("班子") + GRADES + SITUATION + 'when = "等次 = \'差\'"\nat_most = "一般"\n',
        "situations.0.when “等次”要到审定之后才有，只能用在写 flag 的情形和名额里",
    ),
    "no full mark at all": ("full = 0\n" + SOURCE + indicator("班子"), "full 分值要大于 0"),
    "a full mark below nothing": (SOURCE + indicator("班子", -100), "indicators.0.full 分值要大于 0"),
    "a turnout that nobody reaches": (
        SOURCE + SURVEY.replace("weight", "min_turnout = 80\nweight") + indicator("班子"),
        'sources.1.min_turnout 参评率不会超过 100%；请写成 "80%"',
    ),
    "an indicator marked by a source of one figure": (
        SOURCE + SOURCE.replace('"评定"', '"复核"') + 'marks = "total"\n' + indicator("班子", 100, 'by = "复核"'),
        "indicators.0.by “复核”只给一个总分，不分指标打分，评不了这一部分；“复核”的 marks 要写 indicators 或 items",
    ),
    "an indicator marked by ballots of options": (
        SOURCE + SURVEY.replace("weight = 0", 'marks = "options"') + indicator("班子", 100, 'by = "测评"'),
        f"indicators.0.by “测评”只给一个总分，不分指标打分，评不了这一部分；{FROM_SURVEY}",
    ),
    "an empty condition": (
        SOURCE + indicator("班子") + GRADES + SITUATION + 'when = ""\ngrade = "差"\n',
        "situations.0.when 不能是空的；没有的，不写这个键",
    ),
    "a share against a bare number": (
        SOURCE + SURVEY + indicator("班子") + GRADES + SITUATION + 'when = "测评.满意率 < 90"\ngrade = "差"\n',
        "situations.0.when 比率不能与 90 比较；请写成 90%",
    ),
    "a bare number against the best share": (
        with_rule('name = "甲", bands = [{ when = "59.5 > 最高(满意率)", points = 1 }]'),
        "indicators.0.rules.0.bands.0.when 比率不能与 59.5 比较；请写成 59.5%",
    ),
    "a bare bound on a share": (
        with_rule('name = "甲", of = "满意率", bands = [{ from = 90, points = 5 }, { points = 0 }]'),
        'indicators.0.rules.0.bands.0.from “甲”读的是比率，90 要写成 "90%"',
    ),
    "a bare bound on a rate": (
        with_rule('name = "受教育率", unit = "%", under = 95, once = -1'),
        'indicators.0.rules.0.under “受教育率”读的是比率，95 要写成 "95%"',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), ERRORS.values(), ids=ERRORS)
def test_an_error_is_found_where_it_stands(text: str, words: str) -> None:
    assert words in told(text)
    severities = [finding.severity for finding in findings(text) if finding.words in words]
    assert severities == ["error"]


NESTING = {
    "inside nothing": (
        SOURCE + SOURCE.replace('"评定"', '"述职"') + 'in = "静态"\n',
        "sources.1.in 没有来源“静态”",
    ),
    "inside itself": (
        SOURCE
        + '[[sources]]\nname = "甲"\nin = "乙"\nweight = 100\n[[sources]]\nname = "乙"\nin = "甲"\nweight = 100\n',
        "sources.1.in 来源“甲”绕回到自己之内",
    ),
    "neither form nor parts": (
        '[[sources]]\nname = "静态"\nweight = 100\n',
        "sources.0 来源“静态”没有表（form），也没有别的来源在它之内（in）",
    ),
    "form and parts": (
        SOURCE + SOURCE.replace('"评定"', '"述职"') + 'in = "评定"\n',
        "sources.0.form 来源“评定”由别的来源合成，不能又有自己的表",
    ),
    "no parts in one round": (
        'rounds = ["年初", "年终"]\n[[sources]]\nname = "静态"\nweight = 100\n'
        + SOURCE.replace("100", '{ "年终" = 100 }')
        + 'in = "静态"\n',
        "sources.0 来源“静态”在“年初”没有表（form），也没有别的来源在它之内（in）",
    ),
}


@pytest.mark.parametrize(("text", "words"), NESTING.values(), ids=NESTING)
def test_sources_stand_inside_sources_that_are_made_of_them(text: str, words: str) -> None:
    assert words in told(text + indicator("班子"))


WARNINGS = {
    "skipped numbers": (
        SOURCE + indicator("班子", 100, "items = [{ no = 1, full = 50 }, { no = 4, full = 50 }]"),
        "indicators 序号跳过了 2、3",
    ),
    "headings and full mark": (
        SOURCE + indicator("班子", 60),
        "full 各指标分值合计 60，与总分 100 不符",
    ),
    "items and heading": (
        SOURCE + indicator("班子", 100, "items = [{ no = 1, full = 14 }]"),
        "indicators.0.full “班子”各项分值合计 14，与指标分值 100 不符",
    ),
    "inner indicators and heading": (
        SOURCE + indicator("总", 100) + indicator("分一", 60, 'in = "总"'),
        "indicators.0.full “总”各项分值合计 60，与指标分值 100 不符",
    ),
    "a deduction larger than its indicator": (
        with_rule('name = "甲", once = [-1, -12]', 10),
        "indicators.0.rules.0 “甲”一次扣 12 分，比所在的10分还多",
    ),
    "a deduction larger than its item": (
        with_rule('name = "甲", item = 1, options = { "好" = 0, "差" = -3 }', items="{ no = 1, full = 2 }"),
        "indicators.0.rules.0 “甲”一次扣 3 分，比所在的2分还多",
    ),
    "an indicator without a full mark that holds others": (
        SOURCE + indicator("班子") + '[[indicators]]\nname = "总"\n' + indicator("分一", 60, 'in = "总"'),
        "indicators.1 “总”没有写分值 full，只当清单、不计分，里面的分值和给分办法都不起作用",
    ),
    "groups that do not make a whole": (
        SOURCE + SURVEY.replace("weight", 'groups = { "党员" = 60, "群众" = 50 }\nweight') + indicator("班子"),
        "sources.1.groups “测评”各身份的权重合计 110，不是 100；按各占的份额折算",
    ),
    "groups have no counts of their own": (
        SOURCE
        + SURVEY.replace("weight", 'out_of = "returned"\ngroups = { "党员" = 60, "群众" = 40 }\nweight')
        + indicator("班子"),
        "sources.1.out_of “测评”按身份分组加权；表头的数不分身份，各组的比率以该组有效票为分母",
    ),
}


@pytest.mark.parametrize(("text", "words"), WARNINGS.values(), ids=WARNINGS)
def test_a_warning_does_not_stop_the_run(text: str, words: str) -> None:
    assert words in told(text)
    assert {finding.severity for finding in findings(text)} == {"warning"}


def test_everything_is_found_at_once_with_its_line() -> None:
    text = SOURCE.replace("100", "90") + indicator("班子", 90, "items = [{ no = 1, full = 1 }]") + GRADES + "from = 1\n"
    assert [(finding.severity, finding.line) for finding in findings(text)] == [
        ("error", 4),
        ("warning", 0),
        ("warning", 10),
        ("error", 22),
    ]
