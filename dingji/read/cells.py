"""Typed text → number, date or choice: one function a kind of cell, each returning what was read or a problem."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from dingji.comparing import normal, visible
from dingji.numbers import MICRO, decimal_of, decimal_of_float, exact, micro, plain
from dingji.read.grid import CellValue, text_of


@dataclass(frozen=True)
class Reading:
    """What a cell says: a number in millionths or a text, or the code of a problem; `note` codes do no harm."""

    number: int | None = None
    text: str = ""
    problem: str = ""
    note: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def _bounds(low: Fraction | None, full: Fraction | None) -> dict[str, str]:
    return {"low": plain(low or Fraction(0)), "full": "不限" if full is None else plain(full)}


_OF_FULL = re.compile(r"^([0-9.]+)/([0-9.]+)$")


_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D}
LONGEST = 64
"""Signs that a typed figure may have; more make no number that a cell can hold."""


def _plain_text(value: str) -> str:
    """Return typed text in half width. Only width is changed: NFKC would make 42 of 4² and 41/2 of 4½."""
    return visible(value).strip().translate(_HALF_WIDTH).strip().removeprefix("'").strip()


def _decimal(text: str) -> Decimal | None:
    return decimal_of(text) if len(text) <= LONGEST else None


def read_mark(value: CellValue, low: Fraction | None, full: Fraction | None) -> Reading:
    """Read a mark (分): `4.5`, `４．５`, `4.5分`, `'4.5`, `4.5/5` where 5 is the full mark."""
    if type(value) is float:
        stored = _stored(value)
        return stored if stored.number is None else _bounded(stored, low, full)
    decimal, noted = _mark_decimal(value, full)
    if decimal is None:
        is_percent = isinstance(value, str) and _plain_text(value).endswith("%")
        return Reading(problem="E206" if is_percent else _no_figure(value))
    return _within(decimal, low, full, noted=noted)


def _no_figure(value: CellValue) -> str:
    """Return why a cell holds no figure: a spreadsheet made a date or a time of it, or it is something else."""
    return "E225" if isinstance(value, date | time | timedelta) else "E201"


def _mark_decimal(value: CellValue, full: Fraction | None) -> tuple[Decimal | None, bool]:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None, False
    if not isinstance(value, str):
        return decimal_of_float(value), False
    text = _plain_text(value).removesuffix("分").strip()
    ratio = _OF_FULL.match(text)
    if ratio and full is not None and (of := _decimal(ratio[2])) is not None and Fraction(of) == full:
        text = ratio[1]
    return _decimal(text), True


def _within(decimal: Decimal, low: Fraction | None, full: Fraction | None, *, noted: bool) -> Reading:
    number = micro(decimal)
    if number is None:
        return Reading(problem="E208")
    read = Reading(number, note="N220", values={"value": plain(exact(number))}) if noted else Reading(number)
    return _bounded(read, low, full)


@lru_cache(maxsize=1 << 12)
def _stored(value: float) -> Reading:
    """Return what a number as a workbook stores it says, whatever its bounds. Remembered: marks are few numbers."""
    decimal = decimal_of_float(value)
    return Reading(problem="E201") if decimal is None else _within(decimal, None, None, noted=False)


def _bounded(reading: Reading, low: Fraction | None, full: Fraction | None) -> Reading:
    """Return the reading of a number, or the problem where it lies outside the bounds."""
    number = reading.number or 0
    if low is not None and number * low.denominator < low.numerator * MICRO:
        return Reading(problem="E202", values=_bounds(low, full))
    if full is not None and number * full.denominator > full.numerator * MICRO:
        return Reading(problem="E203", values=_bounds(low, full))
    return reading


def read_number(value: CellValue, unit: str = "", *, percent: bool = False) -> Reading:
    """Read a figure with an optional unit (`8学时`); a rate (unit %) in percent points 0–100."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return Reading(problem=_no_figure(value))
    if unit == "%":
        return _read_rate(value, percent=percent)
    if percent:
        return Reading(problem="E206")
    if not isinstance(value, str):
        decimal = decimal_of_float(value)
        return Reading(problem="E208") if decimal is None else _within(decimal, None, None, noted=False)
    text = _plain_text(value).removesuffix("分" if not unit else _plain_text(unit)).strip()
    decimal = _decimal(text)
    return Reading(problem="E201") if decimal is None else _within(decimal, None, None, noted=True)


def _read_rate(value: str | float, *, percent: bool) -> Reading:
    written = isinstance(value, str) and _plain_text(value).endswith("%")
    if isinstance(value, str):
        decimal = _decimal(_plain_text(value).removesuffix("%").strip())
    else:
        decimal = decimal_of_float(value)
    if decimal is None:
        return Reading(problem="E201")
    if percent and not isinstance(value, str):
        decimal *= 100
    elif not written and 0 < decimal <= 1:
        return Reading(problem="E207", values={"times": plain(Fraction(decimal) * 100)})
    return _within(decimal, Fraction(0), Fraction(100), noted=written)


def read_count(value: CellValue) -> Reading:
    """Read a whole number of people, ballots or meetings (`30`, `30人`)."""
    reading = read_number(re.sub(r"[人张票名次]$", "", _plain_text(value)) if isinstance(value, str) else value)
    if reading.number is not None and (reading.number < 0 or reading.number % 1_000_000):
        return Reading(problem="E201")
    return reading


_DATE = re.compile(r"^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}[:时].*)?$")
_EPOCH = date(1899, 12, 30)
_SERIAL_DAYS = range(20_000, 80_000)


def read_date(value: CellValue) -> Reading:
    """Read a date, typed as one or as text (`2026年3月31日`), into ISO text."""
    if isinstance(value, datetime):
        return Reading(text=value.date().isoformat())
    if isinstance(value, date):
        return Reading(text=value.isoformat())
    if isinstance(value, float | int) and _SERIAL_DAYS.start <= value < _SERIAL_DAYS.stop:  # neither TRUE nor infinity
        return Reading(text=(_EPOCH + timedelta(days=int(value))).isoformat())
    match = _DATE.match(_plain_text(value)) if isinstance(value, str) else None
    try:
        return Reading(text=date(*map(int, match.groups())).isoformat()) if match else Reading(problem="E213")
    except ValueError:
        return Reading(problem="E213")


def read_choice(value: CellValue, choices: Sequence[str]) -> Reading:
    """Read one of the choices, white space and width aside; any text where there are none to choose from."""
    text = text_of(value)
    if not choices:
        return Reading(text=text)
    found = next((choice for choice in choices if normal(choice) == normal(text)), None)
    if found is None:
        return Reading(problem="E205", values={"choices": "、".join(choices)})
    return Reading(text=found)
