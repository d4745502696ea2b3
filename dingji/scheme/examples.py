"""Examples that stay with a standard: what was typed for one branch, and the figures that come of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from dingji.scheme.told import TableWords, key
from dingji.scheme.written import Table, number_of


def typed_of(value: object) -> object:
    """Accept what is typed in an example: a number, a text, a list of these, or a table of names and such values."""
    if isinstance(value, list):
        return [typed_of(part) for part in value]
    if isinstance(value, dict):
        return {name: typed_of(part) for name, part in value.items()}
    return value if isinstance(value, str) else number_of(value)


def expected_of(value: object) -> Decimal | str:
    """Accept what an example comes to: a figure, a share (`"95%"`), or a word such as a grade."""
    return value if isinstance(value, str) else number_of(value)


Typed = Annotated[Any, BeforeValidator(typed_of)]
Expected = Annotated[Decimal | str, BeforeValidator(expected_of)]


class Example(Table):
    """A branch's figures as they are typed, and what they come to; `scheme lint` reckons and compares."""

    words: ClassVar = TableWords(
        "例子", "一个党组织填的数和应得的结果，一个例子一张表；scheme lint 按标准实算，不符就是错误。名额不在例子里算。"
    )
    name: Annotated[str, key("例子", "例子的名称。", 'name = "满分"')]
    round: Annotated[
        str, key("轮次", "哪一轮；不写就是标准的第一个轮次，几轮合成一个得分的，是最后一个。", 'round = "年终"')
    ] = ""
    typed: Annotated[
        dict[str, Typed],
        key(
            "填的数",
            "谁在哪一项填了什么：一方（或 名册、加分申报、情形申报、平时记录、上期等次）= 项目和填的数。"
            "几名评委的写在 [ ] 里；几轮合成一个得分的，先写轮次。",
            'typed = { "考核" = { "班子建设" = [92, 95] } }',
        ),
    ]
    expected: Annotated[
        dict[str, Expected],
        key(
            "应得的结果",
            "应得的结果：来源、来源.指标、比率、测评得分、加分、综合得分、等次、情形、标注 = 数或文字。"
            "数按写出的位数比，不足两位按两位。",
            'expected = { "综合得分" = 93.5 }',
        ),
    ]
