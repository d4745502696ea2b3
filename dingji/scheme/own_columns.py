"""Columns that a standard adds to the roster, so that conditions may read them: 社区类型, 在岗党员."""

from __future__ import annotations

from typing import Annotated, ClassVar

from dingji.scheme.told import TableWords, key
from dingji.scheme.written import Table


class OwnColumn(Table):
    """A column of 名册: a text, one of the `values` where they are listed, or with `unit` a number."""

    words: ClassVar = TableWords(
        "名册上另设的栏目", "名册上没有、条件又要读的栏目，一栏一张表；名册要有这一栏，没有填的是不知道。"
    )
    name: Annotated[str, key("栏目", "栏目的名称，印在名册上，也用在条件里。", 'name = "社区类型"')]
    values: Annotated[
        list[str],
        key(
            "能填什么",
            "只能填这几个，名册上填别的要改；不写，什么文字都可以填。",
            'name = "社区类型"',
            'values = ["城市社区", "农村社区"]',
        ),
    ] = []
    unit: Annotated[str, key("计量单位", "写了，这一栏填数；不写，填文字。", 'name = "在岗党员"', 'unit = "人"')] = ""
