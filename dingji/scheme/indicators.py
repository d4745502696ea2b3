"""What a standard asks and gives points for: indicators, their items, and the rules under them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from dingji.scheme.told import TableWords, key
from dingji.scheme.written import Bound, Limit, Number, Otherwise, Points, Table, names_of

Bounded = Literal["indicator", "item"]


class Band(Table):
    """A row of `bands`: `from` a bound, `when` a condition, both, or neither (the rest)."""

    words: ClassVar = TableWords("分档", "规则里 bands 的一行。")
    start: Annotated[
        Bound | None, key("达到", "数量达到（含）这个界限，就用这一行。", '{ from = "90%", points = 0 }')
    ] = Field(None, alias="from")
    when: Annotated[
        str,
        key("条件", "满足条件，就用这一行；与 from 同写，两样都要满足。", "{ when = \"类别 = '机关'\", points = -5 }"),
    ] = ""
    points: Annotated[Points, key("给分", "这一行给多少分；扣分写负数。", '{ from = "80%", points = [-5, -10] }')]


class Rule(Table):
    """What is typed under the rule's name, or read (`of`), and the points that follow."""

    words: ClassVar = TableWords(
        "规则", "一行一条。给分的办法只能有一种：once、each、options 或 bands；一种也不写的，只填事实、不计分。"
    )
    name: Annotated[str, key("规则", "规则的名称，印在表上，也可以用在条件里。", '{ name = "不按期换届", once = -2 }')]
    item: Annotated[
        int | None,
        key(
            "第几项考评内容", "属于第几项考评内容；不写就属于整个指标。", '{ name = "不按期换届", item = 1, once = -2 }'
        ),
    ] = None
    of: Annotated[
        str,
        key(
            "读哪个数",
            "不用人填，读一个现成的数：测评的比率、别的指标，或者一个算式。读的是事实、几名评委都填了的，取各评委的平均。",
            '{ name = "信访排位", of = "名次(信访量)", over = 1, each = -2 }',
        ),
    ] = ""
    unit: Annotated[
        str,
        key(
            "计量单位",
            "计量单位。写了，填表人就填数量；不写，就填“是”或“否”。写 % 的，填百分数，与比率比较。",
            '{ name = "组织生活", unit = "次", under = 10, each = -1 }',
        ),
    ] = ""
    once: Annotated[
        Points | None,
        key(
            "一次给分",
            "一次给这么多分（扣分写负数）：填“是”的，或者数量低于 under、超过 over 的。",
            '{ name = "党员受教育率", unit = "%", under = "95%", once = -1 }',
        ),
    ] = None
    each: Annotated[
        Points | None,
        key(
            "每个单位给分",
            "每一个单位给这么多分；有 under 或 over 的，只算不足或超过的那部分。",
            '{ name = "支委集中学习", unit = "学时", under = 8, each = -1 }',
        ),
    ] = None
    options: Annotated[
        dict[str, Points] | None,
        key(
            "按选项给分",
            "按选项给分；另有 unit 的，分数再乘以填的数量。",
            '{ name = "党员示范活动", options = { "已开展" = 0, "效果不好" = [-1, -3], "未开展" = -4 } }',
        ),
    ] = None
    bands: Annotated[
        list[Band] | None,
        key(
            "分档",
            "分档给分，从高到低写，取第一个达到的；最后一行不写界限，就是其余。",
            '{ name = "测评", of = "满意率", bands = [{ from = "90%", points = 0 }, { points = -15 }] }',
        ),
    ] = None
    under: Annotated[
        Bound | None,
        key(
            "低于", "界限：数量低于它才给分，正好等于不给。", '{ name = "集中学习", unit = "次", under = 6, each = -1 }'
        ),
    ] = None
    over: Annotated[
        Bound | None,
        key("超过", "界限：数量超过它才给分，正好等于不给。", '{ name = "迟到", unit = "次", over = 3, once = -1 }'),
    ] = None
    per: Annotated[
        Bound | None,
        key(
            "一个单位有多大",
            "each 所说的一个单位有多大；不写是 1，比率是 1%。",
            '{ name = "增幅", unit = "%", over = "30%", per = "10%", round = "floor", each = 1 }',
        ),
    ] = None
    round: Annotated[
        Literal["floor", "ceil", "half_up", ""],
        key(
            "取整",
            "each 数出来的单位怎样取成整数；不写就按实际数，零头也算。",
            '{ name = "欠缴", unit = "元", per = 100, round = "ceil", each = -1 }',
        ),
    ] = ""
    minimum: Annotated[
        Limit | None,
        key("合计最低分", "这条规则各次合计，最低几分。", '{ name = "无故缺席", unit = "次", each = -1, min = -5 }'),
    ] = Field(None, alias="min")
    maximum: Annotated[
        Limit | None,
        key("合计最高分", "这条规则各次合计，最高几分。", '{ name = "信息录用", unit = "篇", each = 0.5, max = 3 }'),
    ] = Field(None, alias="max")
    only_for: Annotated[
        str,
        key(
            "适用于",
            "这条规则只适用于哪些党组织。条件只能读名册上的事项和轮次。",
            '{ name = "无专职党务干部", once = -5, for = "类别 = \'机关\' and 党员数 >= 50" }',
        ),
    ] = Field("", alias="for")
    missing: Annotated[
        Otherwise,
        key(
            "没有填时",
            "条件里读到这一项而没有人填时当作什么：“是”“否”、一个选项或一个数；不写就是不知道，等次取决于它的党组织要等补填。",
            '{ name = "廉政证明齐全", missing = "否" }',
        ),
    ] = None
    evidence: Annotated[
        bool,
        key(
            "要写依据",
            "写 true 时要写明依据（评定扣分写在事由）；没有写的不计入，等人补上。",
            '{ name = "大讨论未开展", unit = "项", each = -2, evidence = true }',
        ),
    ] = False

    @property
    def way(self) -> str:
        """Name the way points are given: once, each, options, bands, or "" for a fact that is only asked."""
        return next((way for way in ("once", "each", "options", "bands") if getattr(self, way) is not None), "")

    @property
    def reads_figure(self) -> bool:
        """Say whether a number is typed under the name (a count or a rate), rather than yes or no."""
        return bool(self.unit)

    @property
    def bounded(self) -> bool:
        """Say whether the rule looks at the part of a figure under or over a bound."""
        return bool(self.under or self.over)

    @property
    def told_once(self) -> bool:
        """Say whether the rule counts once however often it is told: no figures add up to a bound."""
        return self.once is not None and not self.bounded

    @property
    def amounts(self) -> tuple[Decimal, Decimal] | None:
        """Return the widest range within which an amount is typed for this rule, None where none is."""
        rows = [
            self.once,
            self.each,
            *(self.options or {}).values(),
            *(band.points for band in self.bands or []),
        ]
        ranges = [row for row in rows if row and row[0] != row[1]]
        return (min(low for low, _ in ranges), max(high for _, high in ranges)) if ranges else None


def amounts_between(low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """Return between which numbers an amount is typed: without a sign, unless the range has amounts of both signs."""
    if low < 0 < high:
        return low, high
    near, far = sorted((abs(low), abs(high)))
    return near, far


class Marked(Table):
    """What an item and an indicator share: whom it is for, who marks it, and its limits."""

    words: ClassVar = TableWords("指标和考评内容共有的键", "指标和考评内容都可以写。")
    full: Annotated[
        Number | None, key("分值", "分值（满分）；指标不写分值，就是只对照、不计分的清单。", "full = 20")
    ] = None
    text: Annotated[str, key("条文", "条文的简写，印在表上。", 'text = "支委分工明确，配合有力"')] = ""
    only_for: Annotated[
        str,
        key(
            "适用于",
            "只适用于哪些党组织；对不适用的，既不评分，也不算满分，所以要有 scaled 折算。"
            "条件只能读名册上的事项和轮次。",
            "for = \"类别 = '机关' and 党员数 >= 50\"",
        ),
    ] = Field("", alias="for")
    by: Annotated[
        list[str],
        BeforeValidator(names_of),
        key(
            "只由谁评",
            "只由这里写的来源，或评委的组别、票的身份来评；这样的指标或考评内容按得分直接加进综合得分，不乘来源的权重，"
            "别的来源不再评它。有权重的来源合起来只占剩下的分：打总分的按剩下的分打，按选项评价的，选项分值也按剩下的分写。",
            'by = "纪检组"',
        ),
    ] = []
    exempt: Annotated[
        str, key("免评条件", "满足条件的党组织免评，按满分计。条件只能读名册上的事项和轮次。", 'exempt = "党员数 < 7"')
    ] = ""
    start: Annotated[
        Number | None,
        key("从几分起计", "从几分起计：不写，从满分往下扣（扣分制）；写 0，从零往上加（加分制）。", "start = 0"),
    ] = None
    minimum: Annotated[Limit | None, key("最低分", '最低几分；"none" 是可以扣成负分。', 'min = "none"')] = Field(
        None, alias="min"
    )
    maximum: Annotated[Limit | None, key("最高分", '最高几分；"none" 是可以超过满分。', "max = 25")] = Field(
        None, alias="max"
    )

    @property
    def base(self) -> Decimal:
        """Return the points before any rule: the full mark (扣分制) unless `start` says otherwise."""
        return self.start if self.start is not None else self.full or Decimal(0)


class Item(Marked):
    """A numbered criterion inside an indicator (考评内容)."""

    words: ClassVar = TableWords("考评内容", "指标之下带序号的一项，一行一项。")
    no: Annotated[
        int,
        key(
            "序号",
            "序号，整个标准里不能重复；规则用它指明属于哪一项。",
            '{ no = 2, full = 2, text = "支委带头学习，全年不少于8学时" }',
        ),
    ]


class Indicator(Marked):
    """A heading of the standard (指标) with its items and rules; without `full` a checklist."""

    words: ClassVar = TableWords("指标", "标准的大项，一项一张表。")
    name: Annotated[str, key("指标", "指标的名称，照通知写。", 'name = "领导班子好"')]
    items: Annotated[
        list[Item],
        key("考评内容", "考评内容，一行一项。", 'items = [{ no = 1, full = 20, text = "支部设置合理，按期换届" }]'),
    ] = []
    rules: Annotated[
        list[Rule],
        key("规则", "规则：每一条扣分或加分的办法，一行一条。", 'rules = [{ name = "不按期换届", once = -2 }]'),
    ] = []
    bounded: Annotated[
        Bounded | None,
        key("扣完为止管到", "这个指标另行规定“扣完为止”管到哪一层；不写与整个标准相同。", 'bounded = "item"'),
    ] = None
    scaled: Annotated[
        bool,
        key(
            "折算到分值",
            "写 true 时，把适用的各项得分折算到这个指标的分值（各项合计 100 分、这里只占 20 分时也用它）。",
            "scaled = true",
        ),
    ] = False
    bonus: Annotated[
        bool,
        key(
            "加分指标",
            "写 true 是加分指标：不占总分，读加分申报里审核同意的，加在综合得分之后。",
            "bonus = true",
            'rules = [{ name = "表彰", options = { "国家级" = 8, "省级" = 6 } }]',
        ),
    ] = False
    same_work: Annotated[
        Literal["highest", "sum"],
        key(
            "同一工作几次得分",
            "同一项工作得了几次分怎么算：只计最高的一次（扣分的，是扣得最多的一次），还是累计。加分指标不写就只计最高的；"
            "别的指标写了 highest，评定扣分和平时记录才有“同一工作”一栏，不写的各次都算。",
            "bonus = true",
            'same_work = "sum"',
        ),
    ] = "highest"
    inside: Annotated[
        str,
        key("放在哪个指标之内", "放在哪个指标之内：大指标之下分小指标，大指标的得分是小指标之和。", 'in = "总体评价"'),
    ] = Field("", alias="in")

    @property
    def asks_for_work(self) -> bool:
        """Say whether facts of an indicator that is no bonus name the work (同一工作), so that it counts once."""
        return "same_work" in self.model_fields_set and self.same_work == "highest" and not self.bonus
