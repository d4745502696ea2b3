"""Slips of an author: small edits of a good standard, and what is said of each; none passes in silence."""

from __future__ import annotations

import pytest

from dingji.scheme.condition_values import Column
from dingji.scheme.lint_roster import strange_values
from tests.drawn import rows
from tests.small_standard import findings, standard

GOOD = """
rounds = ["年初", "年终"]
[[grades]]
name = "优秀"
from = 90
[[grades]]
name = "良好"
from = 80
[[grades]]
name = "合格"
from = 60
[[grades]]
name = "不合格"
[[sources]]
name = "自评"
form = "self"
marks = "indicators"
weight = 20
[[sources]]
name = "测评"
form = "survey"
marks = "options"
questions = { "班子" = 60, "队伍" = 40 }
options = { "满意" = 100, "基本满意" = 60, "不满意" = 0 }
apart = ["弃权"]
shares = { "满意率" = ["满意", "基本满意"] }
groups = { "党员" = 60, "群众" = 40 }
weight = 30
[[sources]]
name = "评定"
form = ["committee", "records"]
marks = "rules"
trim = 1
trim_from = 3
weight = 50
[[indicators]]
name = "班子建设"
full = 40
items = [{ no = 1, full = 15, text = "换届" }, { no = 2, full = 25, text = "学习" }]
rules = [
  { name = "未换届", item = 1, once = -5 },
  { name = "学习", item = 2, unit = "次", under = 6, each = -1 },
  { name = "受教育率", item = 2, unit = "%", under = "95%", once = -2 },
]
[[indicators]]
name = "队伍建设"
full = 30
rules = [
  { name = "示范岗", options = { "已开展" = 0, "效果差" = [-1, -4], "未开展" = -6 } },
  { name = "无专干", once = -5, for = "类别 = '机关' and 党员数 >= 50" },
]
[[indicators]]
name = "创新"
full = 10
start = 0
rules = [{ name = "创新项目", unit = "个", each = 2 }]
[[indicators]]
name = "群众反映"
full = 20
rules = [
  { name = "满意率折算", of = "满意率", bands = [
    { from = "90%", points = 0 }, { from = "80%", points = -5 }, { points = -10 },
  ] },
]
[[indicators]]
name = "表彰"
bonus = true
max = 5
rules = [{ name = "荣誉", options = { "省级" = 4, "市级" = 2 } }]
[[situations]]
name = "满意率不高"
when = "满意率 < 70%"
at_most = "合格"
[[situations]]
name = "班子太低"
when = "班子建设 < 10"
grade = "不合格"
[[situations]]
name = "自评迟报"
when = "自评表.迟报"
flag = "迟报"
[[situations]]
name = "受处分"
grade = "不合格"
[[quotas]]
grade = "优秀"
at_most = { "机关" = "30%", default = "40%" }
within = "类别"
[[quotas]]
flag = "推荐"
top = 4
places = 2
among = "等次 = '优秀'"
[[targets]]
name = "转化"
out_of = ["不合格"]
to = ["合格", "良好"]
at_least = "95%"
"""

SLIPS = """
原来的写法 | 写错的写法 | 怎么说
once = -5 },¶  { name = "学习" | once = 5 },¶  { name = "学习" | “未换届”是加分，而所在的部分从满分扣起
each = -1 | each = 1 | “学习”是加分，而所在的部分从满分扣起
under = "95%", once = -2 | under = "95%", once = 2 | “受教育率”是加分
under = "95%" | under = 95 | “受教育率”读的是比率
under = 6, each | under = "6%", each | “学习”读的不是比率
once = -5, for | once = 5, for | “无专干”是加分
[-1, -4] | [-1, 4] | 酌情范围 [-1, 4] 跨过了 0
"未开展" = -6 | "未开展" = -60 | “示范岗”一次扣 60 分
from = 90¶ | from = 120¶ | “优秀”要 120 分，综合得分最高只有 105 分，谁也达不到
from = 80¶ | from = 95¶ | 要从高到低写
from = 80¶ | from = 90¶ | 界限不能相同
from = 60¶ |  | 没有条件的一行只能放在最后
name = "不合格"¶ | name = "不合格"¶from = 40¶ | 之下留有空档
from = 80¶ | when = "综合得分 >= 80 and 综合得分 <= 89"¶ | 综合得分在 89 和 90 之间（如 89.5）哪一行也不收，落到了“合格”
from = 80¶ | from = 80¶when = "综合得分 < 80"¶ | “良好”的 from 和 when 不能同时满足
"满意" = 100, "基本满意" = 60, "不满意" = 0 | "满意" = 5, "基本满意" = 4, "不满意" = 1 | “测评”的选项最高 5 分
"满意" = 100, "基本 | "满意" = 10, "基本 | “测评”的选项最高 60 分
"班子" = 60, "队伍" = 40 | "班子" = 30, "队伍" = 30 | “测评”各题的权重合计 60，不是 100
"党员" = 60, "群众" = 40 | "党员" = 60, "群众" = 30 | “测评”各身份的权重合计 90
"满意率" = ["满意", "基本满意"] | "满意率" = ["满意", "较满意"] | 选项“较满意”不在 options 里
{ name = "创新项目", unit = "个", each = 2 } | { name = "创新项目", unit = "个", each = -2 } | 最多只能给 0 分：start
each = 2 } | each = 2, max = 5 } | “创新”分值 10，“评定”最多只能给 5 分
at_most = { "机关" = "30%", default = "40%" } | at_most = 40 | at_most = 40 是 40 个；比例请写成 "40%"
at_most = { "机关" = "30%", default = "40%" } | at_most = 0.4 | 个数要是整数；比例请写成 "40%"
at_most = { "机关" = "30%", default = "40%" } | at_most = "400%" | 超过了 100%
, default = "40%" |  | 没有写 default：其余的类别不受这条名额限制
within = "类别"¶ |  | 要写 within
top = 4 | top = 2 | 不是差额推荐
top = 4 | top = 40 | top = 40 是 40 个
grade = "优秀" | grade = "优良" | 没有等次“优良”
among = "等次 = '优秀'" | among = "等次 = '优良'" | “等次”没有“优良”
满意率 < 70% | 满意率 < 70 | 比率不能与 70 比较
满意率 < 70% | 满意度 < 70% | “满意度”没有出处；是不是“满意率”
满意率 < 70% | 满意率 ≤ 70% | “≤”请写成英文半角的 <=
满意率 < 70% | 满意率 低于 70% | “低于”请写成 <
at_most = "合格" | at_most = "及格" | 没有等次“及格”
at_most = "合格" | at_most = "合格"¶grade = "不合格" | 只能写一个后果
at_most = "合格" |  | 没有写后果
班子建设 < 10 | 班子 < 10 | “班子”没有出处；是不是“班子建设”
班子建设 < 10 | 测评.班子建设 < 10 | 条件读“测评.班子建设”，可是测评都不按指标打分，永远不知道
班子建设 < 10 | 表彰 < 10 | 条件读“表彰”，可是加分要读“加分”
班子建设 < 10 | 综合得分 < 95 | 综合得分够“良好”的，都符合“班子太低”，一律定为“不合格”
自评表.迟报 | 互评表.迟报 | 条件读“互评表.迟报”，可是这个标准没有互评表
自评表.迟报 | 自评表.未报 | “自评表”是来源必需的表
form = "self"¶marks = "indicators" | form = "peer"¶marks = "indicators" | 条件读“自评表.迟报”，可是这个标准没有自评表
of = "满意率", bands | of = "评定.班子建设 / 40", bands | “满意率折算”读“评定”的得分
name = "满意率折算", of = "满意率" | name = "满意率折算", of = "综合得分" | “综合得分”要各方合成以后才有
{ from = "80%", points = -5 } | { from = "95%", points = -5 } | 要从高到低写
, { points = -10 }, | , | 最后一档以下没有写，按 0 分计
from = "90%", points = 0 } | from = 90, points = 0 } | “满意率折算”读的是比率
weight = 50 | weight = 40 | 权重合计 90
trim_from = 3 | trim_from = 2 | 就一个也不剩了
full = 30 | full = 20 | 各指标分值合计 90，与总分 100 不符
full = 15, | full = 25, | 各项分值合计 50，与指标分值 40 不符
no = 2, | no = 1, | 序号 1 重复
no = 2, | no = 4, | 所属的第 2 项不在这个指标里
for = "类别 = '机关' and 党员数 >= 50" | for = "类别 = '机关' and 党员数 >= 50%" | “党员数”不是比率
for = "类别 = '机关' and 党员数 >= 50" | for = "满意率 < 50%" | 发表的时候还不知道
full = 20¶ | full = 20¶same_work = "sum"¶ | same_work = "sum" 在这里不起作用
rules = [{ name = "荣誉", options = { "省级" = 4, "市级" = 2 } }] | rules = [] | 加分指标“表彰”没有给分的规则
full = 10¶start = 0¶ | start = 0¶ | 没有写分值 full，只当清单
full = 20¶ | full = 20¶by = "纪检"¶ | 它评的满分是 80 分（总分 100 减去写了 by 的部分）
marks = "rules" | marks = "total" | 平时记录里的扣分加分计不进去
out_of = ["不合格"] | out_of = ["差"] | 没有等次“差”
at_least = "95%" | at_least = "950%" | 超过 100%
rounds = ["年初", "年终"] | rounds = { "年初" = 40, "年终" = 50 } | 各轮次的权重合计 90
name = "受处分" | name = "测评" | 名称“测评”用了不止一次
once = -5, for | onse = -5, for | 没有这个键
"""


def slips() -> list[dict[str, str]]:
    """Return the drawn slips; ¶ stands for a new line."""
    return [{key: cell.replace("¶", "\n") for key, cell in line.items()} for line in rows(SLIPS)]


def test_the_good_standard_has_no_findings() -> None:
    assert [finding.text for finding in findings(GOOD)] == []
    assert len(slips()) >= 65


@pytest.mark.parametrize("slip", slips(), ids=lambda slip: slip["怎么说"][:30])
def test_a_slip_is_told(slip: dict[str, str]) -> None:
    assert slip["原来的写法"] in GOOD
    found = findings(GOOD.replace(slip["原来的写法"], slip["写错的写法"], 1))
    assert [one.words for one in found if slip["怎么说"] in one.words], [one.text for one in found]


WITH_ROSTER = """
原来的写法        | 写错的写法        | 怎么说
类别 = '机关'     | 类别 = '机 关'    | 名册上没有一个党组织的类别是“机 关”，这一条不起作用；是不是“机关”
类别 = '机关'     | 类别 = '工厂'     | 名册上没有一个党组织的类别是“工厂”，这一条不起作用；名册上有 学校、机关
{ "机关" = "30%" | { "医院" = "30%"  | 名册上没有一个党组织的类别是“医院”
, default = "40%" |                  | “优秀”的 at_most 没有写学校，也没有写 default，不受这条名额限制
类别 = '机关'     | 层级 = '党委'     | 名册上没有一个党组织的层级是“党委”，这一条不起作用；名册没有填层级
"""


@pytest.mark.parametrize("slip", rows(WITH_ROSTER), ids=lambda slip: slip["怎么说"])
def test_a_value_that_no_branch_has_is_told_with_the_roster(slip: dict[str, str]) -> None:
    roster: dict[str, Column] = {"类别": ["机关", "学校"], "层级": [None, None]}
    assert strange_values(standard(GOOD), roster) == []
    text = GOOD.replace(slip["原来的写法"], slip["写错的写法"])
    assert [one.words for one in strange_values(standard(text), roster) if slip["怎么说"] in one.words]
