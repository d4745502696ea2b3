"""Who marks, on which form, and at what weight: the sources of a standard."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from dingji.scheme.told import TableWords, key
from dingji.scheme.written import Bound, Number, Table, names_of

OTHERS = "default"
"""How a table by 类别 calls the branches that it does not name."""
Marks = Literal["total", "indicators", "items", "rules", "options"]
FormKind = Literal["self", "survey", "committee", "peer", "records"]
OutOf = Literal["valid", "returned", "present", "due"]


class Source(Table):
    """Who marks, on which form, how finely, and at what weight (自评, 党群评分, 党委评定 …)."""

    words: ClassVar = TableWords("来源", "谁来评、用什么表、占多少，一方一张表。")
    name: Annotated[str, key("来源", "来源的名称，一览表的栏目由它而来；不能与其他名称相同。", 'name = "党群评分"')]
    form: Annotated[
        list[FormKind],
        BeforeValidator(names_of),
        key(
            "用什么表",
            "用哪种表来评；另加 records 的，平时记录计入这一方。一种也不写的，由写了 in 的其他来源合成。",
            'form = ["committee", "records"]',
        ),
    ] = []
    title: Annotated[
        str,
        key(
            "表名",
            "这一方的表叫什么，印在表头，也是文件名；不写，就叫自评表、测评表、评定表或互评表。填法和读法不变。",
            'form = "committee"',
            'title = "述职评议表"',
        ),
    ] = ""
    marks: Annotated[Marks, key("填什么", "这一方在表上填什么。", 'marks = "items"')] = "indicators"
    weight: Annotated[
        Bound | dict[str, Bound] | None,
        key(
            "权重",
            '占百分之几；三方平均写 "1/3"。各轮次不同的写成 轮次 = 数，没有写的轮次就没有这一方。写 0 只列示、不计入。'
            "各类别不同的写成 类别 = 数，其余写 default；名册没有填类别的，综合得分要等补填。"
            "写了 in 的，是占那一方的百分之几；不写权重的，只评 by 指名由它评的部分。",
            'weight = { "年初" = 30, "年终" = 20 }',
        ),
    ] = None
    combine: Annotated[
        Literal["mean", "median"],
        key("合成办法", "几名评委的分怎样合成一个。", 'form = "committee"', 'combine = "median"'),
    ] = "mean"
    trim: Annotated[
        int,
        Field(ge=0),
        key("去掉最高最低各几个", "去掉几个最高分和同样多的最低分。", 'form = "committee"', "trim = 1"),
    ] = 0
    trim_from: Annotated[
        int | None,
        key(
            "满几名评委才去",
            "评委满几名才去掉最高分和最低分；不写时，是去掉的个数合起来再多一名。",
            'form = "committee"',
            "trim = 1",
            "trim_from = 5",
        ),
    ] = None
    min_raters: Annotated[
        int,
        Field(ge=1),
        key(
            "至少几名评委",
            "至少要有几名评委打了分；不够的，这一方没有分，该党组织未定级。",
            'form = "committee"',
            "min_raters = 3",
        ),
    ] = 1
    rates: Annotated[
        int,
        Field(ge=0),
        key(
            "每个评几个",
            "互评表上每个党组织评几个别的党组织，由抽签定谁评谁，每个被评的次数一样（最多差一次）；"
            "不写，就评其余所有的。发放的互评表只列抽到的，评了没有抽到的不计入。",
            'form = "peer"',
            "rates = 3",
            "seed = 2026",
        ),
    ] = 0
    seed: Annotated[
        int | None,
        key(
            "抽签的种子",
            "抽签用的数，任写一个；同一个数、同一份名册，抽出来的一样。",
            'form = "peer"',
            "rates = 3",
            "seed = 2026",
        ),
    ] = None
    inside: Annotated[
        str,
        key("放在哪个来源之内", "放在哪个来源之内；那个来源不写 form，由放在里面的各方按权重合成。", 'in = "静态考评"'),
    ] = Field("", alias="in")
    required: Annotated[bool, key("必须交", "写 false 时，这一方的表不交也不算未报。", "required = false")] = True
    missing: Annotated[
        Number | None,
        key(
            "没有交的按几分",
            "自评表、测评表没有交的，这一方按几分计（未交按0分的写 0），在依据、备注和问题清单里注明；"
            "不写，就等它交来。只有打一个总分的、按选项评价的，才可以写别的数。",
            "missing = 0",
        ),
    ] = None
    questions: Annotated[
        list[str] | dict[str, Number],
        key("问题", "测评票上的问题；各题分量不同的，写成 题目 = 权重。", 'questions = ["对党支部的总体评价"]'),
    ] = []
    options: Annotated[
        dict[str, Number],
        key(
            "选项和分值",
            "票上的选项，各值多少分；测评得分是各票的平均。",
            'options = { "满意" = 100, "基本满意" = 60, "不满意" = 0 }',
        ),
    ] = {}
    apart: Annotated[
        list[str],
        key(
            "不算进分母的选项",
            "不算进任何分母的选项；写了“弃权”的，没有作答的也按弃权算。",
            'options = { "满意" = 100, "不满意" = 0 }',
            'apart = ["弃权", "不了解"]',
        ),
    ] = []
    shares: Annotated[
        dict[str, list[str]],
        key(
            "比率",
            "由票数算出的比率：名称 = 算作分子的选项。名称可以用在条件里。",
            'options = { "满意" = 100, "基本满意" = 60, "不满意" = 0 }',
            'shares = { "满意率" = ["满意", "基本满意"] }',
        ),
    ] = {}
    out_of: Annotated[OutOf, key("比率的分母", "比率以什么为分母。", 'out_of = "returned"')] = "valid"
    groups: Annotated[
        dict[str, Number],
        key(
            "身份和权重",
            "测评人的身份和各占多少：先按身份分别算，再加权；不写就合在一起算。",
            'groups = { "党员" = 60, "群众" = 40 }',
        ),
    ] = {}
    min_ballots: Annotated[
        int,
        Field(ge=0),
        key("有效票至少", "有效票至少几张；不够的，这次测评不作数，该党组织未定级。", "min_ballots = 8"),
    ] = 0
    min_turnout: Annotated[
        Bound | None,
        key(
            "参评率至少",
            "参评率（收回的票 ÷ 应参加的人数）至少多少；不够的，这次测评不作数，该党组织未定级。",
            'min_turnout = "80%"',
        ),
    ] = None

    @property
    def main_form(self) -> str:
        """Return the kind of form that the source's marks are typed on; "" for a source that only nests others."""
        return next((kind for kind in self.form if kind != "records"), "")

    @property
    def by_class(self) -> Mapping[str, Fraction]:
        """Return the weights of those 类别 that have one of their own; none where `weight` is not a table by class."""
        if not isinstance(self.weight, dict) or OTHERS not in self.weight:
            return {}
        return {name: weight.of_hundred for name, weight in self.weight.items() if name != OTHERS}

    @property
    def counts(self) -> bool:
        """Say whether it has a weight above 0 for some branches in some round."""
        weights = self.weight.values() if isinstance(self.weight, dict) else [self.weight]
        return any(weight is not None and weight.value for weight in weights)

    @property
    def indispensable(self) -> bool:
        """Say whether a branch has no composite while its form of this source has not come."""
        return self.required and self.missing is None and (self.counts or self.weight is None)

    def weight_in(self, round_name: str, category: str = "") -> Fraction | None:
        """Return the weight in a round, for branches of a 类别: None where the source is absent from the round."""
        if isinstance(self.weight, dict):
            other = self.weight.get(OTHERS)
            weight = self.weight.get(category, other) if other is not None else self.weight.get(round_name)
            return None if weight is None else weight.of_hundred
        return self.weight.of_hundred if self.weight is not None else Fraction(0)
