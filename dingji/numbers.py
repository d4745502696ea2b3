"""Exact numbers from cell to page: decimals in millionths on the way in, fractions in between, 四舍五入 once.

A typed figure has at most 15 significant digits and six decimal places and is below 10¹², so it fits an int64 of
10⁻⁶ units ("micro"). Sums are taken on those integers; a division makes a `Fraction`; rounding happens where a standard
says so and nowhere else.
"""

from __future__ import annotations

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation
from fractions import Fraction

MICRO = 1_000_000
PLACES = 6
SIGNIFICANT_DIGITS = 15
BEYOND = Decimal(10) ** 12
"""No figure of an office is as large; in millionths a sum of two still fits an int64."""
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""The usual context would round a number of 29 digits to one that fits."""


def micro(number: Decimal) -> int | None:
    """Return the number in millionths, or None where it has more places or digits than a cell may hold."""
    if abs(number) >= BEYOND:
        return None
    scaled = number.scaleb(PLACES, _EXACT)
    if scaled != scaled.to_integral_value():
        return None
    whole = int(scaled)
    return whole if len(str(abs(whole)).rstrip("0")) <= SIGNIFICANT_DIGITS else None


def exact(millionths: int) -> Fraction:
    """Return millionths as the fraction they stand for."""
    return Fraction(millionths, MICRO)


def half_up(number: Fraction, places: int) -> Fraction:
    """Round 四舍五入: the fifth goes away from zero, as the word is understood in every office."""
    return Fraction(_scaled(number, places), 10**places)


def _scaled(number: Fraction, places: int) -> int:
    """Return how many units of the last place a number is, 四舍五入."""
    top, base = number.as_integer_ratio()
    whole = (abs(top) * 2 * int(10**places) // base + 1) // 2
    return -whole if top < 0 else whole


def fixed(number: Fraction, places: int) -> str:
    """Print a number 四舍五入 with exactly so many places: `95.80`."""
    scaled = _scaled(number, places)
    sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def plain(number: Fraction) -> str:
    """Print a number as short as it is exact (`2`, `4.5`); one without an end in four places and `…`."""
    top, base = number.as_integer_ratio()
    if base == 1:
        return str(top)
    if MICRO % base:
        return f"{fixed(number, 4)}…"
    whole, part = divmod(abs(top) * (MICRO // base), MICRO)
    return f"{'-' if top < 0 else ''}{whole}.{part:0{PLACES}d}".rstrip("0")


def signed(number: Fraction) -> str:
    """Print points given or taken with their sign: `+2`, `−0.5`, `0`."""
    if not number:
        return "0"
    return f"+{plain(number)}" if number > 0 else f"−{plain(-number)}"


def percent(share: Fraction, places: int = 2) -> str:
    """Print a share as a percentage: 9/10 → `90.00%`."""
    return f"{fixed(share * 100, places)}%"


def decimal_of(text: str) -> Decimal | None:
    """Return the decimal that plain digits spell (`4.5`, `-1`), else None; no exponents, no words."""
    body = text.removeprefix("-").removeprefix("+")
    if not body or not body.replace(".", "", 1).isdigit() or not body.isascii():
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def decimal_of_float(number: float) -> Decimal | None:
    """Return the decimal of at most 15 significant digits that a spreadsheet shows for a stored double."""
    text = format(number, f".{SIGNIFICANT_DIGITS}g")
    decimal = Decimal(text)
    return decimal if decimal.is_finite() else None


def mean(numbers: list[Fraction]) -> Fraction:
    """Return the exact mean of at least one number."""
    return sum(numbers, Fraction(0)) / len(numbers)


def median(numbers: list[Fraction]) -> Fraction:
    """Return the exact median; of an even number the mean of the middle two."""
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else mean(ordered[middle - 1 : middle + 1])


DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """Return a number below ten thousand in Chinese: 12 → 十二, 205 → 二百零五."""
    text = ""
    for value, unit in ((1000, "千"), (100, "百"), (10, "十")):
        digit, number = divmod(number, value)
        if digit:
            text += f"{DIGITS[digit]}{unit}"
        elif text and number and not text.endswith("零"):
            text += "零"
    text += DIGITS[number] if number or not text else ""
    return text.removeprefix("一") if text.startswith("一十") else text
