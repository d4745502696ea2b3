"""The days of rounds, as config.toml tells them: which records belong to which, and by when forms are due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from pydantic import BaseModel, ConfigDict

from dingji.scheme.finding import Finding, Path, nearest
from dingji.scheme.names import FORMS
from dingji.scheme.positions import line_of

DATE_WORDS = "日期写成 2026-03-31 的样子"


class Section(BaseModel):
    """A table of config.toml: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Days(Section):
    """The days of a round; records between `begins` and `ends` (ISO dates, both included) belong to it."""

    begins: str = ""
    ends: str = ""

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

    year: int
    name: str

    @property
    def label(self) -> str:
        """Return the year and name as stamps and papers print them: `2026 年初`."""
        return f"{self.year} {self.name}"


class RoundDays(Days):
    """The calendar of one round of this year: its days, and by when its forms are due (ISO dates)."""

    round: str
    due: str | dict[str, str] = ""

    def due_by(self, title: str) -> str:
        """Return by when a form (自评表) is due, "" where nothing is said."""
        return self.due if isinstance(self.due, str) else self.due.get(title, self.due.get("default", ""))


Fault = tuple[Path, str]


def calendar_findings(current: Round, calendar: Sequence[RoundDays], text: str) -> list[Finding]:
    """Return what is wrong with the days of rounds: dates that are none, rounds told twice, days of two rounds."""
    faults = [*_dates(("round",), current)]
    for place, days in enumerate(calendar):
        faults += [*_dates(("calendar", place), days), *_due(("calendar", place), days)]
        faults += _against(("calendar", place), days, current)
    faults = faults or [*_shared(current, calendar)]
    return [Finding("error", path, words, line_of(text, path)) for path, words in faults]


def _dates(path: Path, days: Days) -> Iterator[Fault]:
    wrong = [key for key in ("begins", "ends") if not is_date(getattr(days, key))]
    yield from (((*path, key), DATE_WORDS) for key in wrong)
    if not wrong and days.begins and days.ends and days.ends < days.begins:
        yield (*path, "ends"), f"最后一天 {days.ends} 早于第一天 {days.begins}"


def _due(path: Path, days: RoundDays) -> Iterator[Fault]:
    dates = {"": days.due} if isinstance(days.due, str) else days.due
    for title, day in dates.items():
        where = (*path, "due", *([title] if title else []))
        if not is_date(day):
            yield where, DATE_WORDS
        if title and title not in (*FORMS, "default"):
            yield where, f"没有“{title}”这种表{nearest(title, FORMS)}；其余各表写 default"


def _against(path: Path, days: RoundDays, current: Round) -> Iterator[Fault]:
    """Find days of the current round that `[round]` tells otherwise."""
    for key in ("begins", "ends") if days.round == current.name else ():
        own, other = getattr(days, key), getattr(current, key)
        if own and other and own != other:
            yield (*path, key), f"与 [round] 里的 {other} 不一致；写一处就可以"


def _shared(current: Round, calendar: Sequence[RoundDays]) -> Iterator[Fault]:
    """Find rounds that are told twice, and days that belong to two rounds."""
    spans = [(("calendar", place), days.round, days) for place, days in enumerate(calendar)]
    for (_, first, one), (path, second, other) in combinations(spans, 2):
        if first == second:
            yield (*path, "round"), f"轮次“{second}”写了两次"
        elif _overlap(one, other):
            yield path, f"“{first}”和“{second}”有重叠的日期，一条记录会属于两个轮次"
    for path, name, days in spans:
        if name != current.name and _overlap(days, current):
            yield path, f"“{name}”和 [round] 里的“{current.name}”有重叠的日期，一条记录会属于两个轮次"


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
