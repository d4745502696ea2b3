"""How a standard writes its values, and what every table of it has: exact numbers, shares, points, limits, names.

Numbers are exact (`Decimal` as written); a share is written `90%` or `1/3`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict

from dingji.numbers import decimal_of
from dingji.scheme.told import Section, TableWords, key


def number_of(value: object) -> Decimal:
    """Accept a TOML integer or decimal as an exact number; a boolean or text is an error."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        message = "number"
        raise ValueError(message)
    return Decimal(value)


LONGEST = 30
"""Signs of a share."""


@dataclass(frozen=True)
class Quantity:
    """A bound as written: a plain number, or a share (`90%`, `1/3`) between two of which no mix-up is allowed."""

    value: Fraction
    share: bool
    written: str

    @classmethod
    def parse(cls, value: object) -> Quantity:
        """Read a bound from TOML; ValueError where it is neither a number nor a share."""
        if isinstance(value, Quantity):
            return value
        if isinstance(value, str):
            return cls._of_text(value.strip())
        number = number_of(value)
        return cls(Fraction(number), share=False, written=str(number))

    @property
    def of_hundred(self) -> Fraction:
        """Return a weight in percent: 30 for 30 and for 30%, a third of 100 for 1/3."""
        return self.value * 100 if self.share else self.value

    @classmethod
    def _of_text(cls, text: str) -> Quantity:
        if len(text) > LONGEST:
            message = "quantity"
            raise ValueError(message)
        percent = decimal_of(text.removesuffix("%"))
        if text.endswith("%") and percent is not None:
            return cls(Fraction(percent) / 100, share=True, written=text)
        top, slash, bottom = text.partition("/")
        if slash and top.isdigit() and bottom.isdigit() and int(bottom):
            return cls(Fraction(int(top), int(bottom)), share=True, written=text)
        message = "quantity"
        raise ValueError(message)


def points_of(value: object) -> tuple[Decimal, Decimal]:
    """Accept points as one number, or as `[a, b]`: an amount between them is typed with a reason."""
    if isinstance(value, list | tuple) and len(value) == 2:  # noqa: PLR2004 - a pair
        low, high = sorted(number_of(part) for part in value)
        return low, high
    number = number_of(value)
    return number, number


def limit_of(value: object) -> Decimal | Literal["none"]:
    """Accept a limit of points: a number, or "none" where the standard lets points run past the full mark."""
    return "none" if value == "none" else number_of(value)


def otherwise_of(value: object) -> Decimal | str | None:
    """Accept what a fact is taken for where nobody typed it: 是, 否, a label or a number; "" says nothing."""
    return (value or None) if isinstance(value, str | None) else number_of(value)


def names_of(value: object) -> object:
    """Accept one name where a list of names may stand."""
    return [value] if isinstance(value, str) else value


Number = Annotated[Decimal, BeforeValidator(number_of)]
Bound = Annotated[Quantity, BeforeValidator(Quantity.parse)]
Points = Annotated[tuple[Decimal, Decimal], BeforeValidator(points_of)]
Limit = Annotated[Decimal | Literal["none"], BeforeValidator(limit_of)]
Otherwise = Annotated[Decimal | str | None, BeforeValidator(otherwise_of)]
Names = Annotated[list[str], BeforeValidator(names_of)]


class Table(Section):
    """A table of a standard; `choice` says why this office may set its other keys."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    words: ClassVar = TableWords("每张表都可以有的键", "标准里的每张表都可以写。")
    choice: Annotated[
        str,
        key(
            "本单位自定的理由",
            "本单位自定的理由。写了它，这张表的其他键就可以在设置的“本单位自定”里改；scheme show 印作“本单位自定”。",
            'choice = "通知没有写，由本单位自定"',
        ),
    ] = ""
