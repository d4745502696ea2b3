"""What the page of results carries beside its table, made small: each text once, columns of their numbers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from dingji.exact import Exact
from dingji.numbers import plain
from dingji.reports.columns import each
from dingji.reports.rendering import shown_text

Numbers = int | list[int]
"""A column of numbers; a number alone where it is the same in every row."""
INERT: Final = "<>&\u2028\u2029"
"""Signs that would mean something to a page, or end a line of a script: JSON has them in texts only."""


@dataclass
class Pool:
    """Texts, each with a number; 0 is none."""

    numbers: dict[str, int] = field(default_factory=lambda: {"": 0})
    printed: dict[Callable[[Fraction], str], dict[tuple[int, int], int]] = field(default_factory=dict)
    """What was printed so far in each way, by numerator and denominator."""

    def number(self, text: str) -> int:
        """Return the number of a text."""
        return self.numbers.setdefault(text, len(self.numbers))

    def listed(self, texts: Sequence[str]) -> list[int]:
        """Return the numbers of texts."""
        return each(texts, self.number)

    def column(self, texts: Sequence[str]) -> Numbers:
        """Return the numbers of texts as a column."""
        return short(self.listed(texts))

    def figures(self, column: Exact, printed: Callable[[Fraction], str] = plain, lacking: str = "") -> Numbers:
        """Return the numbers of figures as printed; each figure is printed once for all columns."""
        met = self.printed.setdefault(printed, {})
        numbers = []
        ratios = zip(column.top.tolist(), column.base.tolist(), strict=True)
        for key, known in zip(ratios, column.known.tolist(), strict=True):
            if known and key not in met:
                met[key] = self.number(printed(Fraction(*key)))
            numbers.append(met[key] if known else self.number(lacking))
        return short(numbers)

    @property
    def texts(self) -> list[str]:
        """Return the texts by their numbers, as a page may show them."""
        return [str(shown_text(text)) for text in self.numbers]


def short(numbers: list[int]) -> Numbers:
    """Return a column of numbers, the same in all rows as one."""
    return numbers[0] if numbers and numbers.count(numbers[0]) == len(numbers) else numbers


def rising(numbers: Sequence[int]) -> list[int]:
    """Return by how much each number is more than the one before, which for a rising column is 1 or little more."""
    return [number - before for number, before in zip(numbers, (0, *numbers), strict=False)]


def inert_json(data: Mapping[str, Any]) -> str:
    """Return JSON that may stand in a page: no text in it can end its place there."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in INERT:
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
