"""The arithmetic line worked out again from its own text, as a reader with a calculator does."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

LINE = "算式："
FIGURE = re.compile(r"(?<![^\s×÷（−])-?\d+(?:\.\d+)?(?:…)?%?(?=[\s×÷）]|$)")
SIGN = re.compile(r"(?<=\s)[＋−](?=\s)|[×÷（）]")


def worked_out(text: str) -> tuple[Decimal, Decimal]:
    """Return what a line's sum comes to, rounded and bounded as it says, and the figure that it prints."""
    body = text.removeprefix(LINE).split("；因“")[0].split(" → ")[0]
    sum_, _, result = body.rpartition(" ＝ ")
    sum_ = sum_.rpartition("；")[2]
    figure, _, how = result.partition("（")
    shown = Decimal(figure)
    with localcontext(prec=40):
        whole = _value(_tokens(sum_))
        if found := re.search(r"以 (-?[\d.]+) 为限", how):
            assert whole != Decimal(found[1])
            whole = Decimal(found[1])
        return whole.quantize(shown, ROUND_HALF_UP), shown


def _tokens(text: str) -> list[str]:
    found = sorted((match.start(), match[0]) for pattern in (FIGURE, SIGN) for match in pattern.finditer(text))
    return [first for _, first in found]


def _value(tokens: list[str]) -> Decimal:
    """Work out a sum of products; brackets first."""
    whole, sign = Decimal(0), Decimal(1)
    while tokens and tokens[0] != "）":
        whole += sign * _product(tokens)
        if tokens and tokens[0] in "＋−":
            sign = Decimal(1 if tokens.pop(0) == "＋" else -1)
    return whole


def _product(tokens: list[str]) -> Decimal:
    whole = _factor(tokens)
    while tokens and tokens[0] in "×÷":
        times = tokens.pop(0) == "×"
        factor = _factor(tokens)
        whole = whole * factor if times else whole / factor
    return whole


def _factor(tokens: list[str]) -> Decimal:
    first = tokens.pop(0)
    if first == "（":
        whole = _value(tokens)
        assert tokens.pop(0) == "）"
        return whole
    number = Decimal(first.rstrip("%…"))
    return number / 100 if first.endswith("%") else number
