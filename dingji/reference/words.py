"""What the reference says of values, names, functions, operators and steps; tables and keys tell their own words."""

from __future__ import annotations

from collections.abc import Mapping

from dingji.scheme import describe, sentences

VALUES: Mapping[str, str] = {
    **sentences.FORMS,
    **sentences.MARKS,
    **sentences.COMBINE,
    **sentences.OUT_OF,
    **describe.ROUNDING,
    "indicator": "每个指标",
    "item": "每项考评内容",
    "highest": "只计最高的一次",
    "sum": "累计",
    "graded": "已定级的党组织",
    "all": "全部党组织",
    "plain": "各自四舍五入",
    "forced": "凑足 100.00%",
    "local": "本机",
    "dask": "集群",
}
"""What the English values mean; Chinese ones say it themselves."""

ROSTER_NAMES: Mapping[str, str] = {
    "党组织编码": "名册里的编码（文字）",
    "党组织名称": "名册里的名称（文字）",
    "上级党组织": "名册里的上级（文字）",
    "层级": "名册里的层级（文字）",
    "类别": "名册里的类别（文字）",
    "书记": "名册里的书记（文字）",
    "书记任职时间": "名册里的日期（文字，如 '2025-09-01'）",
    "主持工作人": "书记空缺时主持工作的人（文字）",
    "联系领导": "名册里的联系领导（文字）",
    "成立日期": "名册里的日期（文字）",
    "届满日期": "名册里的日期（文字）",
    "正式党员": "正式党员数",
    "预备党员": "预备党员数",
    "党员数": "正式党员加预备党员",
    "成立月数": "从成立日期到本轮最后一天，满几个月",
    "书记任职月数": "从书记任职时间到本轮最后一天，满几个月",
    "轮次": "本轮的名称（文字）",
}
COMPUTED_NAMES: Mapping[str, str] = {
    "加分": "加分指标得分合计",
    "综合得分": "合成以后的得分",
    "排名": "按综合得分的名次，只排已定级的",
    "等次": "审定等次，没有审定的用测算等次；只能用在写 flag 的情形和名额里",
    "上期等次": "上一轮的等次",
    "上期得分": "上一轮的综合得分",
    "上期名次": "上一轮的排名",
    "上年等次": "上一年同名轮次的等次",
    "上年得分": "上一年同名轮次的综合得分",
    "上年名次": "上一年同名轮次的排名",
    "晋位情况": "晋位、保持或退位；只能用在写 flag 的情形和名额里",
}
FUNCTIONS: Mapping[str, tuple[str, str]] = {
    "最高": ("全部党组织中最高的数", "收入 / 最高(收入)"),
    "最低": ("全部党组织中最低的数", "最低(信访量) / 信访量"),
    "平均": ("全部党组织的平均", "收入 / 平均(收入)"),
    "名次": ("从高到低的名次，最高的是 1；并列的名次相同（1、2、2、4）", "名次(信访量)"),
    "较大": ("括号里几个数中最大的（同一个党组织的几个数，用逗号隔开）", "较大(群众评分, 党员评分)"),
    "较小": ("括号里几个数中最小的；也用来封顶", "较小(获奖次数, 3)"),
}
OPERATORS: Mapping[str, tuple[str, str]] = {
    "+ - * /": ("加、减、乘、除", "完成数 / 计划数"),
    "= !=": ("等于、不等于", "类别 = '机关'"),
    "< <= > >=": ("小于、不大于、大于、不小于", "党员数 >= 50"),
    "in": ("是其中之一", "等次 in ('一般', '差')"),
    "and or not": ("并且、或者、不是；先算 not，再算 and，最后算 or", "满意率 < 90% and not 轮次 = '年初'"),
    "( )": ("先算括号里的", "(正式党员 + 预备党员) / 2 > 10"),
}
STEPS: Mapping[str, str] = {
    "mark": "每名评委（或自评、各票平均）给每个指标或每项的分。",
    "rule": "填的事实按规则算出的分。",
    "ballots": "发出、收回、有效等票数。",
    "votes": "每道题每个选项的票数。",
    "share": "满意率等比率，用分数精确计算，不取位。",
    "option_score": "各票选项分值的平均。",
    "combined": "几名评委的分合成一个；加上平时记录；扣完为止、不超满分。",
    "source": "一方各指标得分之和，或由它之内的各方按权重合成。",
    "bonus": "加分申报里审核同意的。",
    "composite": "各方按权重合成，加上 by 指标和加分，四舍五入一次。",
    "adjust": "写了 factor 的情形（乘以系数），再是写了 points 的情形（加减分）；都作用于综合得分，最后取位一次。",
    "score": "写了 score 的情形。",
    "points": "综合得分与各等次的 from、when 比，取第一个达到的。",
    "at_least": "写了 at_least 的情形。",
    "at_most": "写了 at_most 的情形。",
    "grade": "写了 grade 的情形；几条都有的，取最低的等次。",
    "no_grade": "写了 no_grade 的情形。",
    "quota": "写了 grade 的名额。",
    "decision": "党委在审定表上的决定；测算等次仍列在旁边。",
    "movement": "与上期等次比：晋位、保持、退位。",
    "flag": "写了 flag 的情形和名额。",
    "lower": "下级单位报上来的得分和等次，原样采用。",
    "missing": "缺表、缺分的，说明缺什么。",
}
"""What each step of the trail is, by its name there."""
