"""The model of a grading standard: rule → item → indicator → source → composite → ordered grading steps.

Every key that a TOML file under `schemes/` may have stands once, with its type, default and words: here, for what gives
points in `indicators.py`, for who marks in `sources.py`, for what makes grades in `grades.py`, for the values
themselves in `written.py`. The loader (`load.py`) turns what is wrong with a file into Chinese lines; nothing here
reads a file.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from dingji.scheme.examples import Example
from dingji.scheme.grades import Grade, Quota, Rounding, Situation, Target
from dingji.scheme.honours import Honour
from dingji.scheme.indicators import Bounded, Indicator
from dingji.scheme.own_columns import OwnColumn
from dingji.scheme.sources import FormKind, Marks, OutOf, Source
from dingji.scheme.told import TableWords, key
from dingji.scheme.written import Bound, Limit, Names, Number, Table
from dingji.scheme.year_days import YearDay

__all__ = ["FormKind", "Grade", "Marks", "OutOf", "Quota", "Rounding", "Scheme", "Situation", "Source", "Target"]

HUNDRED = Decimal(100)


UNIT, SIGNER = "党组织", "负责人"
"""What papers say where a standard has no word of its own."""
ORGANISATIONS = ("组织", "支部", "总支", "党委")
"""How the kinds of Party organisation end."""


class Scheme(Table):
    """A whole standard. `rounds`: names (each graded alone) or weights by name."""

    words: ClassVar = TableWords("整个标准", "写在文件最前面，在任何 [表] 之前。")
    id: Annotated[
        str,
        Field(pattern=r"^[a-z0-9][a-z0-9-]*$"),
        key("代号", "标准的代号，与文件名相同；只用小写英文字母、数字和连字符。", 'id = "five-good"'),
    ]
    version: Annotated[
        int, key("版次", "第几版；标准改动后加 1，读标准（scheme show）时印在名称后面。", "version = 2")
    ] = 1
    title: Annotated[
        str,
        key("标准名称", "标准的名称，读标准（scheme show）时印在最前面。", 'title = "党支部分类定级标准（五个好）"'),
    ]
    work: Annotated[
        str,
        key(
            "工作名称",
            "这项工作叫什么，印在一览表、汇总表和要填的各种表的标题上；不写时，取标准名称，去掉末尾的括号和“标准”二字。",
            'work = "村党组织评星定级"',
        ),
    ] = ""
    unit: Annotated[
        str,
        key("考评对象", "被评的叫什么，照通知的叫法，印在表和说明里；不写就叫党组织。", 'unit = "村"'),
    ] = UNIT
    signer: Annotated[
        str,
        key("谁签字", "自评表由谁签字；不写就是负责人。", 'signer = "党支部书记"'),
    ] = SIGNER
    document: Annotated[str, key("出处", "出处：哪个文件的哪一部分，便于对照。", 'document = "实施方案附件2"')] = ""
    procedure: Annotated[
        str,
        key(
            "定级程序",
            "通知规定的定级程序，照通知写一句话。",
            'procedure = "经支部自评、党员群众测评，由党委会议研究确定"',
        ),
    ] = ""
    full: Annotated[Number, key("总分", "总分；各指标分值合计应等于它，不等时给出提醒。", "full = 100")] = Decimal(100)
    bounded: Annotated[
        Bounded,
        key(
            "扣完为止管到",
            "“扣完为止、不超满分”管到哪一层；写 item 时，每个指标也仍然不超过它自己的满分。",
            'bounded = "item"',
        ),
    ] = "indicator"
    scaled: Annotated[
        bool,
        key(
            "折算到总分",
            "写 true 时，按各党组织适用的指标，把得分折算到总分（有的指标不适用于某些党组织时用）。",
            "scaled = true",
        ),
    ] = False
    minimum: Annotated[Limit | None, key("最低分", "综合得分（含加分）的最低分；不写就不限。", "min = 0")] = Field(
        None, alias="min"
    )
    maximum: Annotated[Limit | None, key("最高分", "综合得分（含加分）的最高分；不写就不限。", "max = 110")] = Field(
        None, alias="max"
    )
    rounding: Annotated[
        Rounding, key("取位", "综合得分怎样取位。", "rounding = { places = 1, before_grading = true }")
    ] = Rounding()
    rounds: Annotated[
        list[str] | dict[str, Bound],
        key(
            "轮次",
            '轮次。只写名称，各轮单独定级；写成 名称 = 权重，权重合计 100 的取加权平均（三次平均写 "1/3"），'
            "每个都是 100 的相加。",
            'rounds = ["年初", "年终"]',
        ),
    ] = []
    drop_lowest: Annotated[
        int,
        Field(ge=0),
        key(
            "去掉最低的几轮",
            "各轮次取平均时，每个党组织先去掉得分最低的几轮；轮次还不够去的时候不去。各轮次的权重要一样。",
            'rounds = { "上半年" = "1/3", "下半年" = "1/3", "年终" = "1/3" }',
            "drop_lowest = 1",
        ),
    ] = 0
    drop_highest: Annotated[
        int,
        Field(ge=0),
        key(
            "去掉最高的几轮",
            "各轮次取平均时，每个党组织先去掉得分最高的几轮；去掉一个最高、一个最低的，与 drop_lowest 同写。",
            'rounds = { "上半年" = "1/3", "下半年" = "1/3", "年终" = "1/3" }',
            "drop_highest = 1",
        ),
    ] = 0
    roster: Annotated[
        list[OwnColumn],
        key("名册上另设的栏目", "名册上另设的栏目，条件可以读。", "[[roster]]", 'name = "社区类型"'),
    ] = []
    required: Annotated[
        Names, key("必须交的表", "除了各来源的表，还要求党组织必须交的表。", 'required = "情形申报"')
    ] = []
    grades: Annotated[
        list[Grade],
        key(
            "等次",
            "等次，从高到低逐个写；一个也不写，就只计总分和名次。",
            "[[grades]]",
            'name = "合格"',
            "from = 60",
            "[[grades]]",
            'name = "不合格"',
        ),
    ] = []
    sources: Annotated[
        list[Source],
        key(
            "来源",
            "来源：谁来评，每一方写一张表。",
            "[[sources]]",
            'name = "考核"',
            'form = "committee"',
            "weight = 100",
        ),
    ]
    indicators: Annotated[
        list[Indicator],
        key("指标", "指标：标准的大项，每一项写一张表。", "[[indicators]]", 'name = "班子建设"', "full = 100"),
    ]
    situations: Annotated[
        list[Situation],
        key(
            "情形",
            "情形：直接定级、限档、否决、不定等次、标注等特别规定。",
            "[[situations]]",
            'name = "发生违法案件"',
            'grade = "差"',
        ),
    ] = []
    quotas: Annotated[
        list[Quota],
        key(
            "名额", "名额：某个等次最多或最少几个，或者从中推荐几个。", "[[quotas]]", 'grade = "好"', 'at_most = "40%"'
        ),
    ] = []
    targets: Annotated[
        list[Target],
        key(
            "目标",
            "目标：上期某些等次的党组织，这一期应有多少达到某些等次。",
            "[[targets]]",
            'name = "后进转化率"',
            'out_of = ["差"]',
            'to = ["好", "较好", "一般"]',
            'at_least = "100%"',
        ),
    ] = []
    days: Annotated[
        list[YearDay],
        key(
            "日程",
            "日程：通知定的日子，哪天以前要办好什么；查收时按它说下一件事和过了期的。",
            "[[days]]",
            'name = "报工作方案"',
            'by = "4月27日"',
        ),
    ] = []
    honours: Annotated[
        list[Honour],
        key(
            "表彰",
            "表彰：候选从哪里来，名额和差额多少；星级怎样挂。",
            "[[honours]]",
            'name = "优秀共产党员"',
            'by = "list"',
            "places = 3",
        ),
    ] = []
    examples: Annotated[
        list[Example],
        key(
            "例子",
            "例子：一个党组织填的数和应得的结果，scheme lint 照着实算。",
            "[[examples]]",
            'name = "两名评委"',
            'typed = { "考核" = { "班子建设" = [92, 95] } }',
            'expected = { "综合得分" = 93.5 }',
        ),
    ] = []

    @field_validator("unit", "signer", mode="before")
    @classmethod
    def _word_or_usual(cls, value: object, told: ValidationInfo) -> object:
        """Take a word left blank for one that is not written."""
        return {"unit": UNIT, "signer": SIGNER}[str(told.field_name)] if value == "" else value

    @property
    def work_name(self) -> str:
        """Return what this grading is called on papers: the title without what says that it is a standard."""
        return self.work or re.sub(r"[（(][^（()）]*[)）]$", "", self.title.strip()).removesuffix("标准") or self.title

    @property
    def rectified(self) -> frozenset[str]:
        """Return the grades that are told to mend by a day: those that say so; the last where none says anything."""
        if self.grades and all(grade.rectify is None for grade in self.grades):
            return frozenset({self.grades[-1].name})
        return frozenset(grade.name for grade in self.grades if grade.rectify)

    def honours_in(self, round_name: str) -> list[Honour]:
        """Return the honours that are given in a round; all of them where it has no name."""
        return [honour for honour in self.honours if honour.given_in(round_name)]

    @property
    def followed(self) -> frozenset[str]:
        """Return the grades after which 整改台账 goes out: those of which the standard asks anything."""
        return self.rectified | {grade.name for grade in self.grades if grade.followed}

    def sources_in(self, round_name: str) -> list[Source]:
        """Return the sources that take part in a round, in the standard's order."""
        return [source for source in self.sources if source.weight_in(round_name) is not None]

    def rounds_taken(self, current: str) -> list[tuple[str, Fraction]]:
        """Return the rounds whose forms are taken when `current` is graded, each with its part in the figure.

        Rounds that are only named stand alone. Weights that total 100 make a mean, of the rounds so far; weights of
        100 each make a sum.
        """
        if not isinstance(self.rounds, dict):
            return [(current, Fraction(1))]
        names = list(self.rounds)
        taken = {name: self.rounds[name].of_hundred for name in names[: names.index(current) + 1]}
        base = sum(taken.values(), Fraction(0)) if self.averaged else Fraction(HUNDRED)
        return [(name, weight / base) for name, weight in taken.items()]

    @property
    def counted(self) -> str:
        """Return what is counted on papers: 党组织 of whatever kind, else the standard's own word (村)."""
        return UNIT if self.unit.endswith(ORGANISATIONS) else self.unit

    @property
    def averaged(self) -> bool:
        """Say whether the rounds' figures are a weighted mean: their weights total 100."""
        weights = self.rounds.values() if isinstance(self.rounds, dict) else ()
        return sum((weight.of_hundred for weight in weights), Fraction(0)) == HUNDRED

    def dropped(self, taken: int) -> tuple[int, int]:
        """Return how many of so many rounds are left out, the lowest and the highest; none where too few are there."""
        return (self.drop_lowest, self.drop_highest) if taken > self.drop_lowest + self.drop_highest else (0, 0)

    @property
    def scored(self) -> list[Indicator]:
        """Return the indicators that carry points: neither checklists nor bonus."""
        return [indicator for indicator in self.indicators if indicator.full is not None and not indicator.bonus]

    @property
    def bonuses(self) -> list[Indicator]:
        """Return the bonus indicators, whose facts come from 加分申报."""
        return [indicator for indicator in self.indicators if indicator.bonus]
