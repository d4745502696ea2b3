"""The one reader of dates: in forms, in the roster and in workbooks of settings alike, however offices write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dingji.comparing import folded

_WORDS = r"(?:[（(]?(?:周|星期|礼拜)[一二三四五六日天][）)]?|[（(]?(?:上午|中午|下午|晚上?|凌晨|早上|傍晚)[）)]?)"
_CLOCK = r"(?:\d{1,2}\s*[:：时点](?:\s*\d{1,2}\s*(?:[:：分]\s*(?:\d{1,2}(?:\.\d+)?\s*秒?)?)?|半|整)?)"
_BEHIND = rf"(?:\s*(?:{_WORDS}|{_CLOCK}))*"
_DAY = re.compile(rf"(\d{{4}})\s*[-./年]\s*(\d{{1,2}})\s*[-./月]\s*(\d{{1,2}})\s*[日号]?{_BEHIND}")
_CLOSE = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}}){_BEHIND}")
_MONTH = re.compile(r"(\d{4})\s*(?:[-./年]\s*(\d{1,2})\s*月?|(\d{2}))(?:份|起|至今|以来)?")
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?")
_EPOCH = date(1899, 12, 30)
_SERIAL_DAYS = range(20_000, 80_000)
_AGE = range(1921, 2100)
"""Years of which offices write dates."""
_BEIJING = timedelta(hours=8)
"""What programs store as an instant of the world is a day of ours."""
LONGEST = 64
"""Signs that a date may have."""


@dataclass(frozen=True)
class Day:
    """A date as ISO text; `month_only` where no day of the month was written, so that it is the first."""

    text: str
    month_only: bool = False


def read_day(value: object) -> Day | None:
    """Return the date that a cell says; None where it says none, or one that may be read in two ways."""
    if isinstance(value, date):
        return _of_date(value if isinstance(value, datetime) else datetime.combine(value, time()))
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _of_number(value)
    return _of_text(folded(value)) if isinstance(value, str) and len(value) <= LONGEST else None


def _of_date(day: datetime) -> Day | None:
    """Read a date that a spreadsheet keeps; one of another age is a figure (2025.11, 202511) shown as a date."""
    if day.year in _AGE:
        return Day(day.date().isoformat())
    return _of_number((day - datetime.combine(_EPOCH, time())) / timedelta(days=1))


def _of_number(number: float) -> Day | None:
    """Read a spreadsheet's number of a day, 20260326, 202603, or a month that lost nothing as a number (2026.3)."""
    if _SERIAL_DAYS.start <= number < _SERIAL_DAYS.stop:  # neither TRUE nor infinity
        return Day((_EPOCH + timedelta(days=int(number))).isoformat())
    text = format(round(number, 4), ".15g")
    return None if text.endswith(".1") else _of_text(text)  # 2025.10 as a number is 2025.1


@lru_cache(maxsize=1 << 12)
def _of_text(text: str) -> Day | None:
    if match := _INSTANT.fullmatch(text):
        return _of_instant(match)
    if match := _DAY.fullmatch(text) or _CLOSE.fullmatch(text):
        return _day(*match.groups()[:3])
    match = _MONTH.fullmatch(text)
    return _day(match[1], match[2] or match[3], "1", month_only=True) if match else None


def _day(year: str, month: str, day: str, *, month_only: bool = False) -> Day | None:
    try:
        return Day(date(int(year), int(month), int(day)).isoformat(), month_only)
    except ValueError:
        return None


def _of_instant(match: re.Match[str]) -> Day | None:
    try:
        begins = datetime.fromisoformat(f"{match[1]}T{match[2]}:00")
        return Day((begins + _BEIJING if match[3] == "Z" else begins).date().isoformat())
    except (ValueError, OverflowError):
        return None
