"""How a value stands in a cell: for each kind of value a short way to write it, and TOML's where that is not exact.

What is written is read back before it is written: the short way is taken only where it gives the same value, so
nothing that a standard says can be lost in a workbook.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from dingji.book.toml import is_shown, toml_value, value_of
from dingji.comparing import normal
from dingji.numbers import decimal_of_float
from dingji.read.grid import CellValue, text_of
from dingji.scheme.conditions import ConditionError, tokens
from dingji.scheme.written import Quantity

Content = str | Decimal
"""What is written into a cell."""
UNREAD: Final = object()
"""What reading gives where a cell holds nothing of the kind."""
LONGEST: Final = 32_000
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_RANGE = re.compile(r"(.*\d)\s*(?:至|到|~|—)\s*([-+]?[\d.]+)")


def content_of(value: CellValue, *, percent: bool = False) -> object:
    """Return what a cell means: text, an exact number, yes or no, a date; a number shown in percent as `90%`."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        number = decimal_of_float(float(value))
        return f"{plain(number * 100)}%" if percent and number is not None else number
    if isinstance(value, datetime):
        return value.date() if value.time().isoformat() == "00:00:00" else value.isoformat()
    return value.strip() if isinstance(value, str) else value if isinstance(value, date) else text_of(value)


def plain(number: Decimal) -> str:
    """Return a number's digits without an exponent or idle noughts."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def folded(text: str) -> str:
    """Return figures and signs typed full-width, or as print has them, in their plain form."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").strip()


def same(one: object, other: object) -> bool:
    """Say whether two values are alike to the last digit written and in the order of their parts."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return same([list(pair) for pair in one.items()], [list(pair) for pair in other.items()])
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    numbers = (int, Decimal)
    kinds = all(isinstance(part, numbers) and not isinstance(part, bool) for part in (one, other))
    return str(one) == str(other) if kinds else type(one) is type(other) and one == other


def _is_kept(short: Content) -> bool:
    """Say whether a cell keeps a text as it is: to a spreadsheet `_x000D_` is one sign."""
    if not isinstance(short, str):
        return True
    shown = all(is_shown(sign) for sign in short if sign != "\n")
    return shown and short == short.strip() and "_x" not in short and len(short) < LONGEST


@dataclass(frozen=True)
class Notation:
    """A kind of value. `words` complete “应是……”; `opens` are the signs by which TOML's own way begins."""

    words: str = "文字"
    opens: ClassVar[str] = ""

    def write(self, value: object) -> Content:
        """Return the content of the cell for a value, such that `read` gives the value again."""
        value = self.settled(value)
        short = self.short(value) if self.fits(value) else ""
        seen = content_of(float(short)) if isinstance(short, Decimal) else short
        kept = short != "" and _is_kept(short) and same(self.read(seen), value)
        return short if kept else self.exact(value)

    def read(self, content: object) -> object:
        """Return the value that a cell's content stands for, UNREAD where it stands for none of this kind."""
        if isinstance(content, str) and content[:1] and content[0] in self.opens:
            value = value_of(content)
            if value is not None:
                return value
        return self.meant(content)

    def settled(self, value: object) -> object:
        """Return one form of values that mean the same."""
        return value

    def fits(self, value: object) -> bool:
        """Say whether a value is of this kind."""
        return isinstance(value, str)

    def short(self, value: Any) -> Content:  # noqa: ANN401 - as `fits` has it
        """Return the short way to write a value that fits."""
        return str(value)

    def exact(self, value: object) -> str:
        """Return TOML's way to write a value."""
        return toml_value(value)

    def meant(self, content: object) -> object:
        """Read the short way."""
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Notation):
    """Any text."""

    opens: ClassVar[str] = '"'

    def meant(self, content: object) -> object:
        """Take whatever stands there as text: a number without idle noughts, a date as 2026-03-31."""
        if isinstance(content, Decimal):
            return plain(content)
        if isinstance(content, bool):
            return "是" if content else "否"
        return content.isoformat() if isinstance(content, date) else content


ANY_TEXT: Final = Text()
SPOKEN: Final = {"and": "并且", "or": "或者", "not": "不是", "in": "属于"}
"""The words of a condition as a cell has them; the standard's own are read there too."""


@dataclass(frozen=True)
class Spoken(Text):
    """A condition or formula, its few words in Chinese; one that cannot be read stands as it is."""

    def short(self, value: Any) -> Content:  # noqa: ANN401 - as `fits` has it
        """Put the words into Chinese."""
        return _put(value, "word", SPOKEN)

    def meant(self, content: object) -> object:
        """Put the Chinese words back; between quotes and inside names they are no such words."""
        text = super().meant(content)
        return _put(text, "name", {spoken: word for word, spoken in SPOKEN.items()}) if isinstance(text, str) else text


def _put(text: str, kind: str, words: Mapping[str, str]) -> str:
    """Return a condition with some tokens of a kind replaced, all else as it is."""
    try:
        found = [token for token in tokens(text) if token.kind == kind and token.text in words]
    except ConditionError:
        return text
    for token in reversed(found):
        text = f"{text[: token.position]}{words[token.text]}{text[token.position + len(token.text) :]}"
    return text


@dataclass(frozen=True)
class Number(Notation):
    """An exact number; `whole` where it must be a whole one."""

    words: str = "数字"
    whole: bool = False

    def fits(self, value: object) -> bool:
        """Take numbers."""
        return isinstance(value, int | Decimal) and not isinstance(value, bool)

    def short(self, value: Any) -> Content:  # noqa: ANN401 - as `fits` has it
        """Write a number as one."""
        return Decimal(value)

    def meant(self, content: object) -> object:
        """Read a number, also one that is typed as text."""
        if isinstance(content, str) and _NUMBER.fullmatch(folded(content)):
            content = Decimal(folded(content))
        if not isinstance(content, Decimal):
            return UNREAD
        whole = content == content.to_integral_value()
        if self.whole:
            return int(content) if whole else UNREAD
        return int(content) if whole and str(int(content)) == str(content) else content


@dataclass(frozen=True)
class Bound(Number):
    """A number, or a share as text."""

    words: str = "数字，或者 90%、1/3 这样的比率"
    opens: ClassVar[str] = '"'

    def settled(self, value: object) -> object:
        """Drop what a share has around it."""
        return value.strip() if isinstance(value, str) else value

    def fits(self, value: object) -> bool:
        """Take numbers, and shares."""
        return isinstance(value, str) or super().fits(value)

    def short(self, value: Any) -> Content:  # noqa: ANN401 - as `fits` has it
        """Write a share as it is."""
        return value if isinstance(value, str) else super().short(value)

    def meant(self, content: object) -> object:
        """Read a number or a share."""
        if isinstance(content, str):
            text = folded(content).replace(" ", "")
            if _NUMBER.fullmatch(text):
                return super().meant(text)
            return text if _is_share(text) else UNREAD
        return super().meant(content)


def _is_share(text: str) -> bool:
    try:
        return Quantity.parse(text).share
    except ValueError:
        return False


@dataclass(frozen=True)
class Points(Number):
    """Points, or two between which an amount is typed."""

    words: str = "分数，或者 -1至-4 这样的范围"
    opens: ClassVar[str] = "["

    def fits(self, value: object) -> bool:
        """Take numbers, and pairs of them."""
        return isinstance(value, list) or super().fits(value)

    def short(self, value: Any) -> Content:  # noqa: ANN401 - as `fits` has it
        """Write a pair with 至 between."""
        return "至".join(map(str, value)) if isinstance(value, list) else super().short(value)

    def meant(self, content: object) -> object:
        """Read points or a range of them."""
        if isinstance(content, str) and (match := _RANGE.fullmatch(folded(content))):
            pair = [super(Points, self).meant(part) for part in match.groups()]
            return UNREAD if UNREAD in pair else pair
        return super().meant(content)


@dataclass(frozen=True)
class Choice(Notation):
    """One of a few values, shown by their Chinese words; `free` admits other values of another kind."""

    values: tuple[tuple[object, str], ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """Return what a drop-down offers."""
        return tuple(words for _, words in self.values)

    def fits(self, value: object) -> bool:
        """Take the values themselves."""
        return any(same(value, own) for own, _ in self.values)

    def short(self, value: Any) -> Content:  # noqa: ANN401 - as `fits` has it
        """Write the words of a value."""
        return next(words for own, words in self.values if same(own, value))

    def meant(self, content: object) -> object:
        """Read the words, or the value itself, however they are spaced."""
        if isinstance(content, bool):
            return content if self.fits(content) else UNREAD
        text = normal(str(content))
        found = [own for own, words in self.values if text in (normal(words), normal(str(own)))]
        return found[0] if found else UNREAD


YES_NO: Final = Choice("“是”或“否”", ((True, "是"), (False, "否")))
UNLIMITED: Final = Choice("“不限”", (("none", "不限"),))
