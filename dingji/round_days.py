"""The days of rounds, as config.toml tells them: which records belong to which, and by when forms are due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from dingji.dates import read_day
from dingji.scheme.finding import Finding, Path, nearest
from dingji.scheme.names import FORMS
from dingji.scheme.positions import line_of
from dingji.scheme.told import OTHERS, Section, TableWords, key

ONLY_ROUND = "年终"
"""What the round is called where a standard names none and nobody else does."""
NONE_BEFORE = "无"
"""What stands for the round before where there is none."""
AS_IT_WAS, IN_PROPORTION, ANEW = "照旧", "按比例", "重置"
"""What becomes of figures of earlier rounds whose full mark was another."""
DATE_WORDS = "日期写成 2026-03-31 的样子"
MONTH_WORDS = "月份写成 2026-03 的样子"


def iso(text: str) -> str:
    """Return a date however it is written as 2026-03-31; what is no date of a day stays as it is."""
    day = read_day(text)
    return text if day is None or day.month_only else day.text


def iso_month(text: str) -> str:
    """Return a month however it is written as 2026-03; what is none stays as it is."""
    day = read_day(text)
    return day.text[:7] if day and day.month_only else text


class Days(Section):
    """The days of a round; records between `begins` and `ends` (ISO dates, both included) belong to it."""

    words: ClassVar = TableWords("起止日期", "一轮的日子；日期在这两天之间（含）的平时记录计入这一轮。")
    begins: Annotated[
        str, key("第一天", "这一轮的第一天；平时记录的日期从这一天（含）起计入。不写就不限。", 'begins = "2026-01-01"')
    ] = ""
    ends: Annotated[
        str,
        key(
            "最后一天",
            "这一轮的最后一天；平时记录计到这一天（含），成立月数和书记任职月数也算到这一天。",
            'ends = "2026-12-31"',
        ),
    ] = ""

    @field_validator("begins", "ends")
    @classmethod
    def _as_read(cls, text: str) -> str:
        return iso(text)

    @property
    def told(self) -> bool:
        """Say whether either bound is given."""
        return bool(self.begins or self.ends)

    def holds(self, day: str) -> bool:
        """Say whether an ISO date lies in the round; an empty bound is open."""
        return (not self.begins or day >= self.begins) and (not self.ends or day <= self.ends)

    @property
    def last_day(self) -> date | None:
        """Return the round's last day, by which ages (成立月数) are counted."""
        return date.fromisoformat(self.ends) if self.ends else None


class Round(Days):
    """The round being graded."""

    words: ClassVar = TableWords("轮次", "正在定级的这一轮。")
    year: Annotated[int, key("年度", "年度。", "year = 2026")]
    name: Annotated[
        str, key("轮次", "轮次，须是标准的 rounds 里的一个；标准没有分轮次的，写什么都可以。", 'name = "年终"')
    ]
    previous: Annotated[
        str,
        key(
            "上期是哪一轮",
            f"上期是哪一轮，写成 年度 轮次。不写，是日历上的前一轮；放着的上期结果是更早的，写明才采用。"
            f"第一次定级、没有上期的，写“{NONE_BEFORE}”。",
            'previous = "2025 年终"',
        ),
    ] = ""

    other_full: Annotated[
        Literal["", "照旧", "按比例", "重置"],
        key(
            "总分变了怎么比",
            "以前各轮的总分与现在不同、标准又要读以前的得分时写：照旧，原数直接比；按比例，折算成现在的总分；"
            "重置，不用以前的得分。不写就不采用，并提醒。",
            'other_full = "按比例"',
        ),
    ] = ""

    @property
    def label(self) -> str:
        """Return the year and name as stamps and papers print them: `2026 年初`."""
        return f"{self.year} {self.name}"


class RoundDays(Days):
    """The calendar of one round of this year: its days, and by when its forms are due (ISO dates)."""

    words: ClassVar = TableWords("日历", "本年各轮次的起止日期和截止日期，一轮一张表。")
    round: Annotated[
        str, key("轮次", "哪一轮。正在定级的这一轮，起止日期写在“轮次”里也可以，写一处就行。", 'round = "半年"')
    ]
    due: Annotated[
        str | dict[Annotated[str, OTHERS], str],
        key(
            "截止日期",
            "各表哪一天（含）以前要交；收件登记的收到时间晚于它的是迟报。各表不同的，写成 表 = 日期，其余写 default。",
            'due = { "自评表" = "2026-06-20", default = "2026-06-25" }',
        ),
    ] = ""

    days: Annotated[
        dict[str, str],
        key(
            "其他日子",
            "标准的日程（定级、承诺、检查验收、公布、上报……）在本单位是哪一天，写成 事项 = 日期，代替标准定的；"
            "标准没有的事项也可以写。本单位不办的，等号后面空着。",
            'days = { "报工作方案" = "2026-04-27", "检查验收" = "2026-09-05" }',
        ),
    ] = Field(default_factory=dict)
    done: Annotated[
        list[str],
        key(
            "已经办好的",
            "已经办好的事项，查收时不再说；一年几次的，后面写上是哪一次的日期。",
            'done = ["报工作方案", "公开评诺 2026-06-30"]',
        ),
    ] = Field(default_factory=list)

    @field_validator("days")
    @classmethod
    def _days_as_read(cls, days: dict[str, str]) -> dict[str, str]:
        return {name: iso(day) for name, day in days.items()}

    @field_validator("due")
    @classmethod
    def _due_as_read(cls, due: str | dict[str, str]) -> str | dict[str, str]:
        return iso(due) if isinstance(due, str) else {title: iso(day) for title, day in due.items()}

    def due_by(self, title: str) -> str:
        """Return by when a form (自评表) is due, "" where nothing is said."""
        return self.due if isinstance(self.due, str) else self.due.get(title, self.due.get("default", ""))


def label_before(label: str, names: Sequence[str]) -> str:
    """Return the round before another: of the same year by the standard's order, else the last of the year before."""
    year, _, name = label.rpartition(" ")
    if not year.isdigit():
        return ""
    if name not in names or name == names[0]:
        return f"{int(year) - 1} {names[-1] if name in names else name}"
    return f"{year} {names[names.index(name) - 1]}"


Mistake = tuple[Path, str]


def calendar_findings(current: Round, calendar: Sequence[RoundDays], text: str) -> list[Finding]:
    """Return what is wrong with the days of rounds: dates that are none, rounds told twice, days of two rounds."""
    faults = [*_dates(("round",), current), *_previous(current)]
    for index, days in enumerate(calendar):
        faults += [*_dates(("calendar", index), days), *_due(("calendar", index), days)]
        faults += _own_days(("calendar", index, "days"), days)
        faults += _against(("calendar", index), days, current)
    faults = faults or [*_shared(current, calendar)]
    return [Finding("error", path, words, line_of(text, path)) for path, words in faults]


def _dates(path: Path, days: Days) -> Iterator[Mistake]:
    wrong = [end for end in ("begins", "ends") if not is_date(getattr(days, end))]
    yield from (((*path, end), DATE_WORDS) for end in wrong)
    if not wrong and days.begins and days.ends and days.ends < days.begins:
        yield (*path, "ends"), f"最后一天 {days.ends} 早于第一天 {days.begins}"


def _previous(current: Round) -> Iterator[Mistake]:
    """Find a round before that is told in another way than stamps and papers print it."""
    year, space, name = current.previous.partition(" ")
    if current.previous not in ("", NONE_BEFORE) and not (year.isdecimal() and space and name.strip() == name != ""):
        yield (
            ("round", "previous"),
            f"写成 {current.year - 1} {current.name} 的样子（年度、空格、轮次），没有上期的写“{NONE_BEFORE}”",
        )
    elif current.previous == current.label:
        yield ("round", "previous"), "这是本轮自己"


def _due(path: Path, days: RoundDays) -> Iterator[Mistake]:
    dates = {"": days.due} if isinstance(days.due, str) else days.due
    for title, day in dates.items():
        where = (*path, "due", *([title] if title else []))
        if not is_date(day):
            yield where, DATE_WORDS
        if title and title not in (*FORMS, "default"):
            yield where, f"没有“{title}”这种表{nearest(title, FORMS)}；其余各表写 default"


def _own_days(path: Path, days: RoundDays) -> Iterator[Mistake]:
    return (((*path, name), DATE_WORDS) for name, day in days.days.items() if not is_date(day))


def _against(path: Path, days: RoundDays, current: Round) -> Iterator[Mistake]:
    """Find days of the current round that `[round]` tells otherwise."""
    for end in ("begins", "ends") if days.round == current.name else ():
        own, other = getattr(days, end), getattr(current, end)
        if own and other and own != other:
            yield (*path, end), f"与“轮次”里的 {other} 不一致；写一处就可以"


def _shared(current: Round, calendar: Sequence[RoundDays]) -> Iterator[Mistake]:
    """Find rounds that are told twice, and days that belong to two rounds."""
    spans = [(("calendar", index), days.round, days) for index, days in enumerate(calendar)]
    for (_, first, one), (path, second, other) in combinations(spans, 2):
        if first == second:
            yield (*path, "round"), f"轮次“{second}”写了两次"
        elif _overlap(one, other):
            yield path, f"“{first}”和“{second}”有重叠的日期，一条记录会属于两个轮次"
    for path, name, days in spans:
        if name != current.name and _overlap(days, current):
            yield path, f"“{name}”和本轮“{current.name}”有重叠的日期，一条记录会属于两个轮次"


def _overlap(one: Days, other: Days) -> bool:
    """Say whether two rounds share a day; an open end reaches on."""
    if not (one.told and other.told):
        return False
    begins, ends = max(one.begins, other.begins), min(one.ends or "9", other.ends or "9")
    return begins <= ends


def is_date(text: str) -> bool:
    """Say whether a text is empty or a date written as 2026-03-31, which sorts as it reads."""
    try:
        return not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
