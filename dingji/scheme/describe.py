"""A standard told in Chinese: short words for a rule and its points, as forms and reports print them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from dingji.numbers import plain, signed
from dingji.scheme.conditions import ConditionError, Operation, Token, parse, tokens
from dingji.scheme.indicators import Band, Rule
from dingji.scheme.written import Quantity, Table

ROUNDING = {"floor": "舍去零头", "ceil": "进一", "half_up": "四舍五入", "": ""}
SPOKEN = {
    "and": "且", "or": "或", "not": "不是", "in": "属于",
    "!=": "≠", "<=": "≤", ">=": "≥", "*": "×", "-": "−",
}  # fmt: skip
"""How words and signs of a condition are said to people."""


def own_words(table: Table, line: str) -> str:
    """Return a line, marked where the unit itself chose what it says."""
    return f"{line}【本单位自定：{table.choice}】" if table.choice else line


def number_words(number: Decimal) -> str:
    """Return a number as it is printed."""
    return plain(Fraction(number))


@lru_cache(maxsize=256)
def condition_words(condition: str, *, beside: bool = False) -> str:
    """Return a condition as people say it; `beside` another one: in brackets where its last step is `or`.

    One that cannot be read is returned as it is: what is wrong with it is told elsewhere.
    """
    try:
        found, node = list(tokens(condition)), parse(condition)
    except ConditionError:
        return condition
    words = []
    for token, following in pairwise(found):
        written = condition[token.position : following.position]
        words.append(_spoken(token, written.rstrip()) + written[len(written.rstrip()) :])
    spoken = "".join(words)
    return f"（{spoken}）" if beside and isinstance(node, Operation) and node.operator == "or" else spoken


def _spoken(token: Token, written: str) -> str:
    if token.kind == "text":
        return f"“{token.text}”"
    if token.kind == "name" and written == token.text:
        return written.replace(".", "的")  # 党群评分.群众反映好: what one source gave
    return SPOKEN.get(token.text, written) if token.kind in ("word", "symbol") else written


def points_words(points: tuple[Decimal, Decimal]) -> str:
    """Return points as printed: `−2分`, or `−1至−4分（酌情）` for an amount to be typed."""
    low, high = Fraction(points[0]), Fraction(points[1])
    if low == high:
        return f"{signed(low)}分"
    near, far = (high, low) if high <= 0 else (low, high)
    return f"{signed(near)}至{signed(far)}分（酌情）"


def quantity_words(quantity: Quantity, unit: str = "") -> str:
    """Return a bound with its unit: `8学时`, `90%`."""
    return quantity.written if quantity.share else f"{plain(quantity.value)}{unit}"


def rule_words(rule: Rule) -> str:
    """Tell how a rule gives points: `不足8学时，每少1学时−1分`."""
    return WORDS[rule.way](rule) if rule.way else "只填事实，不计分"


def _bound_words(rule: Rule) -> str:
    if rule.under:
        return f"不足{quantity_words(rule.under, rule.unit)}"
    return f"超过{quantity_words(rule.over, rule.unit)}" if rule.over else ""


def _once_words(rule: Rule) -> str:
    return _bound_words(rule) + points_words(rule.once or (Decimal(0), Decimal(0)))


def _each_words(rule: Rule) -> str:
    if rule.of and not (rule.unit or rule.per or rule.under or rule.over or rule.round):
        return f"×{points_words(rule.each or (Decimal(0), Decimal(0))).removeprefix('+')}"
    step = quantity_words(rule.per, rule.unit) if rule.per else f"1{rule.unit}"
    verb = "每少" if rule.under else "每多" if rule.over else "每"
    each = f"{verb}{step}{points_words(rule.each or (Decimal(0), Decimal(0)))}"
    bound = _bound_words(rule)
    return f"{bound}，{each}" if bound else each


def _options_words(rule: Rule) -> str:
    times = f"（×{rule.unit}数）" if rule.unit else ""
    return "；".join(f"{label}{points_words(points)}" for label, points in (rule.options or {}).items()) + times


def _band_words(band: Band, unit: str) -> str:
    bound = f"{quantity_words(band.start, unit)}及以上" if band.start else ""
    when = condition_words(band.when, beside=bool(bound))
    condition = "且".join(part for part in (bound, when) if part) or "其余"
    return f"{condition}{'：' if band.when else ''}{points_words(band.points)}"


def _bands_words(rule: Rule) -> str:
    return "；".join(_band_words(band, rule.unit) for band in rule.bands or [])


WORDS: Mapping[str, Callable[[Rule], str]] = {
    "once": _once_words,
    "each": _each_words,
    "options": _options_words,
    "bands": _bands_words,
}
"""How each way of giving points is told, by the key that a rule has."""
