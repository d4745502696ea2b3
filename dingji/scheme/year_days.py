"""The days that a notice sets through the year: by when a plan is handed in, pledges are made, work is inspected."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar, Final

from pydantic import Field

from dingji.scheme.told import TableWords, key
from dingji.scheme.written import Names, Table

EVERY: Final = {"每月末": 1, "每季末": 3, "每半年末": 6}
"""What stands for several days of a year, and how many months lie between them."""
DAY_WORDS: Final = f"日子写成 4月27日 的样子，或者{'、'.join(f'“{words}”' for words in EVERY)}"
_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日?")
MONTHS: Final = range(1, 13)
LEAP: Final = 2000
"""A year that has every day."""


class YearDay(Table):
    """Something to be done by days of each year; `begins`: from which day on it is under way."""

    words: ClassVar = TableWords(
        "日程",
        "通知定的日子，一件事一张表；查收时按它说下一件事是什么、哪些过了期。本单位另定日子的，写在设置的日历里。",
    )
    name: Annotated[str, key("事项", "做什么，照通知写。", 'name = "报工作方案"')]
    by: Annotated[
        Names,
        key(
            "哪天以前",
            f"哪一天（含）以前要办好，不写年份：4月27日；几次的写几个，或者写{'、'.join(EVERY)}。",
            'by = "4月27日"',
        ),
    ]
    begins: Annotated[str, key("从哪天起", "从哪一天起办；不写，只说截止的日子。", 'begins = "7月1日"')] = ""
    who: Annotated[str, key("谁办", "谁来办，照通知的叫法。", 'who = "各党总支"')] = ""
    rounds: Annotated[Names, key("在哪几轮", "定哪几轮的级时要办；不写时，每一轮都说。", 'rounds = "年初"')] = Field(
        default_factory=list
    )

    def dates(self, year: int) -> list[date]:
        """Return by which days of a year it is to be done, the earliest first."""
        return sorted({day for text in self.by for day in days_of(text, year)})

    def since(self, year: int) -> date | None:
        """Return the day of a year from which on it is under way; None where that is not said."""
        return next(days_of(self.begins, year), None)


def days_of(text: str, year: int) -> Iterator[date]:
    """Yield the days of a year that a text names (4月27日, 每季末); none where it names none."""
    if step := EVERY.get(text.strip()):
        yield from (_last(year, month) for month in range(step, 13, step))
    elif match := _DAY.fullmatch(text.strip()):
        month, day = int(match[1]), int(match[2])
        if month in MONTHS and 1 <= day <= _last(LEAP, month).day:
            yield date(year, month, min(day, _last(year, month).day))


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
