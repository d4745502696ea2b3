"""Typed text → number, date or choice: one function a kind of cell, each returning what was read or a problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from dingji.comparing import folded, normal, tidy
from dingji.dates import read_day
from dingji.forms.declare import YES_NO
from dingji.numbers import MICRO, decimal_of, decimal_of_float, exact, micro, plain
from dingji.read.grid import ERRORS, CellValue, TypedCell, text_of


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


LONGEST = 64
"""Signs that a typed figure may have; more make no number that a cell can hold."""


def _decimal(text: str) -> Decimal | None:
    return decimal_of(text) if len(text) <= LONGEST else None


def read_mark(value: CellValue, low: Fraction | None, full: Fraction | None) -> Reading:
    """Read a mark (分): `4.5`, `４．５`, `4.5分`, `'4.5`, `4.5/5` where 5 is the full mark."""
    if type(value) is float:
        read = stored(value)
        return read if read.number is None else _bounded(read, low, full)
    decimal, noted = _mark_decimal(value, full)
    if decimal is None:
        is_percent = isinstance(value, str) and folded(value).endswith("%")
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
    text = folded(value).removesuffix("分").strip()
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
def stored(value: float) -> Reading:
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
    text = folded(value).removesuffix("分" if not unit else folded(unit)).strip()
    decimal = _decimal(text)
    return Reading(problem="E201") if decimal is None else _within(decimal, None, None, noted=True)


def _read_rate(value: str | float, *, percent: bool) -> Reading:
    written = isinstance(value, str) and folded(value).endswith("%")
    text = folded(value).removesuffix("%").strip() if isinstance(value, str) else ""
    decimal = _decimal(text) if isinstance(value, str) else decimal_of_float(value)
    if decimal is None:
        return Reading(problem="E201")
    if percent and not isinstance(value, str):
        decimal *= 100
    elif not written and 0 < decimal <= 1:
        return Reading(problem="E207", values={"times": plain(Fraction(decimal) * 100)})
    return _within(decimal, Fraction(0), Fraction(100), noted=written)


def read_count(value: CellValue) -> Reading:
    """Read a whole number of people, ballots or meetings (`30`, `30人`)."""
    reading = read_number(re.sub(r"[人张票名次]$", "", folded(value)) if isinstance(value, str) else value)
    if reading.number is not None and (reading.number < 0 or reading.number % 1_000_000):
        return Reading(problem="E201")
    return reading


def read_date(value: CellValue, *, month: bool = False) -> Reading:
    """Read a date into ISO text; a month is enough where one is asked, and is read as its first day."""
    day = read_day(value)
    if day is None or (day.month_only and not month):
        return Reading(problem="E213")
    return Reading(text=day.text, note="N242", values={"value": day.text}) if day.month_only else Reading(text=day.text)


_SAID_YES = frozenset(["有", "存在", "√", "✓", "✔", "对", "y", "yes", "true"])
_SAID_NO = frozenset(["无", "没有", "不存在", "×", "✗", "✘", "x", "n", "no", "false"])


def read_choice(value: CellValue, choices: Sequence[str]) -> Reading:
    """Read one of the choices, white space and width aside; any text where there are none to choose from.

    Where yes or no is asked, what says so in another way is read as that.
    """
    text = text_of(value)
    if not choices:
        return Reading(text=text)
    found = next((choice for choice in choices if normal(choice) == normal(text)), None)
    if found is None and tuple(choices) == YES_NO and normal(text) in _SAID_YES | _SAID_NO:
        said = YES_NO[normal(text) in _SAID_NO]
        return Reading(text=said, note="N220", values={"value": said})
    if found is None:
        return Reading(problem="E205", values={"choices": "、".join(choices)})
    return Reading(text=found)


# --- a cell, with all that is known of it -----------------------------------------------------------------


class Asked(NamedTuple):
    """What is asked in a cell: how it is read, between which bounds, of which choices, in which unit.

    `words` says that it is a remark, in which an error harms nothing else; `month` that a month is date enough.
    """

    reads: str
    low: Fraction | None = None
    full: Fraction | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    words: bool = False
    month: bool = False


FIGURES = frozenset({"mark", "number", "count"})


def read_typed(cell: TypedCell, asked: Asked) -> Reading:
    """Read a cell as is asked: the one place where a value, its format and its state come to a figure or a word."""
    percent = cell.percent and not isinstance(cell.value, str)
    if cell.fault is not None or cell.value in ERRORS:
        return Reading(note="W248") if asked.words else Reading(problem="E209")
    if cell.value != "" and cell.over is not None and not _is_shown(cell, asked):
        return Reading() if asked.words else Reading(problem="E241")
    if cell.struck and cell.value != "":
        return Reading(text=tidy(text_of(cell.value)), note="W663") if asked.words else Reading(problem="E240")
    if asked.reads in FIGURES and percent and asked.unit != "%":
        return Reading(problem="E206")
    return _READERS[asked.reads](cell.value, asked, percent)


def _is_shown(cell: TypedCell, asked: Asked) -> bool:
    """Say whether the merged block over a cell shows what it holds, so that nothing hides; figures are one's own."""
    return asked.reads not in FIGURES and cell.over is not None and text_of(cell.over) == text_of(cell.value)


def _text(value: CellValue, *, percent: bool) -> CellValue:
    return shown_in_percent(value) if percent and isinstance(value, int | float) else value


_READERS: Mapping[str, Callable[[CellValue, Asked, bool], Reading]] = {
    "mark": lambda value, asked, _: read_mark(value, asked.low, asked.full),
    "number": lambda value, asked, percent: read_number(value, asked.unit, percent=percent),
    "count": lambda value, _, __: read_count(value),
    "date": lambda value, asked, _: read_date(value, month=asked.month),
    "choice": lambda value, asked, percent: read_choice(_text(value, percent=percent), asked.choices),
    "text": lambda value, _, percent: Reading(text=tidy(text_of(_text(value, percent=percent)))),
    "printed": lambda value, _, __: Reading(text=text_of(value)),
    "formula": lambda value, _, __: Reading(text=text_of(value)),
}


def shown_in_percent(value: float) -> str:
    """Return a number as it is shown in a cell of percentages: 0.9 as 90%."""
    decimal = decimal_of_float(float(value))
    return text_of(value) if decimal is None else f"{plain(Fraction(decimal) * 100)}%"
