"""Whether the words beside a figure say that it is what was lacking, where the rule reads what there was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from dingji.comparing import normal
from dingji.numbers import chinese, exact
from dingji.scheme.indicators import Rule

MOST_SPELLED: Final = 100
"""Numbers below this are also read as words."""
SPELLED: Final[Mapping[str, int]] = {"两": 2, **{chinese(number): number for number in range(MOST_SPELLED)}}
_LACKING = re.compile(
    r"(?:少|缺|差|漏|欠|未|没)(?!于)[^\d零一二两三四五六七八九十]{0,6}(\d+(?:\.\d+)?|[零一二两三四五六七八九十]+)"
)


def shortfall_of(fact: Mapping[str, Any], rule: Rule) -> Fraction | None:
    """Return what there must have been where the 数量 is, by its 事由, what was lacking; None where it need not be.

    少1次 beside 数量 1 of 10 is either; beside 数量 1 of 2 both say the same.
    """
    if rule.under is None or fact["value"] is None or not rule.unit:
        return None
    figure = exact(int(fact["value"]))
    bound = rule.under.value * 100 if rule.unit == "%" else rule.under.value
    rest = Fraction(bound) - figure
    return rest if rest not in (figure, 0) and rest > 0 and figure in _lacking(fact["reason"]) else None


def _lacking(words: str) -> Iterator[Fraction]:
    for spelled in _LACKING.findall(normal(words)):
        if spelled in SPELLED or spelled.replace(".", "", 1).isascii():
            yield Fraction(SPELLED[spelled]) if spelled in SPELLED else Fraction(spelled)
