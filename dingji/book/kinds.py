"""Which notation a key of a model has, told from its type: a new key of a known type needs nothing here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar, Final

from dingji.book.compound import Either, Named, Several
from dingji.book.notation import (
    ANY_TEXT,
    UNLIMITED,
    UNREAD,
    YES_NO,
    Bound,
    Choice,
    Content,
    Notation,
    Number,
    Points,
    Spoken,
    Text,
)
from dingji.book.toml import toml_value, value_of
from dingji.reference.kinds import keys
from dingji.reference.shapes import FORMULA, Shape
from dingji.reference.words import VALUES
from dingji.scheme.examples import expected_of, typed_of
from dingji.scheme.told import OTHERS
from dingji.scheme.written import Quantity, limit_of, number_of, otherwise_of, points_of


@dataclass(frozen=True)
class Anything(Notation):
    """A value of any kind, as TOML writes it; what is no TOML is text."""

    words: str = "照标准文件里的写法填"

    def write(self, value: object) -> Content:
        """Leave every value to TOML."""
        return toml_value(value)

    def meant(self, content: object) -> object:
        """Take what is no TOML as it is."""
        return content

    def read(self, content: object) -> object:
        """Read TOML, else take the text or number as it is."""
        value = value_of(content) if isinstance(content, str) else None
        return self.meant(content) if value is None else value


_READERS: Mapping[object, Notation] = {
    number_of: Number(),
    Quantity.parse: Bound(),
    points_of: Points(),
    otherwise_of: Either("数字，或者“是”“否”、一个选项", (Number(), ANY_TEXT)),
    typed_of: Anything(),
    expected_of: Either("数字或文字", (Number(), ANY_TEXT)),
    limit_of: Either("数字，或者“不限”", (Number(), UNLIMITED)),
}
"""By the function that reads the value from TOML."""
OTHER_NAMES: Final = Text("名称，或者“其余”")
_PLAIN: Mapping[object, Notation] = {
    str: ANY_TEXT,
    OTHERS: OTHER_NAMES,
    bool: YES_NO,
    int: Number("整数", whole=True),
    Decimal: Number(),
}
DEFAULT_CALLED = (("default", "其余"),)


def notation(shape: Shape) -> Notation:
    """Return how values of a shape stand in a cell."""
    return _MAKERS[shape.kind](shape.of, [notation(part) for part in shape.parts])


def _either(_: object, kinds: Sequence[Notation]) -> Notation:
    return kinds[0] if len(kinds) == 1 else Either("，或者".join(kind.words for kind in kinds), tuple(kinds))


def _limited(limits: Sequence[str], parts: Sequence[Notation]) -> Notation:
    return replace(parts[0], words="，".join([parts[0].words, *limits]))


def _choice(values: Sequence[str], _: Sequence[Notation]) -> Choice:
    shown = tuple((value, VALUES.get(value, value)) for value in values)
    return Choice("、".join(f"“{words}”" for _, words in shown), shown)


def _several(part: Notation, *, single: bool = False) -> Several:
    words = f"{part.words}，几个的用“；”隔开或者分行写"
    return Several(words, part, single=single)


def _named(_: object, parts: Sequence[Notation]) -> Named:
    part = parts[-1]
    if isinstance(part, Several):
        part = Several(f"{part.part.words}+{part.part.words}", part.part, between="+")
    words = f"名称={part.words}，几个的用“；”隔开或者分行写"
    return Named(words, part, DEFAULT_CALLED if isinstance(part, Bound) or parts[0] is OTHER_NAMES else ())


@dataclass(frozen=True)
class Rows(Notation):
    """Tables inside a cell, a table a line: `达到=90%，给分=0`."""

    words: str = "一行一条，每条写成 栏目=值，几栏之间用逗号“，”隔开"
    table: Any = None
    single: bool = False
    opens: ClassVar[str] = "[{"

    @property
    def _keys(self) -> Mapping[str, tuple[str, Notation]]:
        """Return the table's keys with their Chinese names and notations."""
        return {key.name: (key.words.heading, notation(key.shape)) for key in keys(self.table)}

    def fits(self, value: object) -> bool:
        """Take a table, or a list of them, whose keys are known."""
        rows = [value] if self.single else value
        return isinstance(rows, list) and bool(rows) and all(isinstance(row, dict) and row for row in rows)

    def short(self, value: Any) -> Content:  # noqa: ANN401 - as `fits` has it
        """Write a table a line; nothing where a value does not fit its key."""
        rows, keys = ([value] if self.single else value), self._keys
        if any(key not in keys or not keys[key][1].fits(one) for row in rows for key, one in row.items()):
            return ""
        lines = ("，".join(f"{keys[key][0]}={keys[key][1].short(one)}" for key, one in row.items()) for row in rows)
        return "\n".join(lines)

    def meant(self, content: object) -> object:
        """Read a table from each line."""
        rows = [self._row(line) for line in str(content).splitlines() if line.strip()]
        if not rows or None in rows or (self.single and len(rows) > 1):
            return UNREAD
        return rows[0] if self.single else rows

    def _row(self, line: str) -> dict[str, object] | None:
        keys = {name: (key, kind) for key, (name, kind) in self._keys.items()}
        pairs = [part.replace("＝", "=").partition("=") for part in line.replace(",", "，").split("，")]
        names = [name.strip() for name, _, _ in pairs]
        if len(set(names)) < len(names) or not set(names) <= set(keys):
            return None
        row = {
            keys[name][0]: keys[name][1].read(value.strip()) for name, (_, _, value) in zip(names, pairs, strict=True)
        }
        return None if UNREAD in row.values() else row


_MAKERS: Mapping[str, Callable[[Any, Sequence[Notation]], Notation]] = {
    "condition": lambda key, _: Spoken("算式" if key == FORMULA else "条件"),
    "either": _either,
    "read": lambda reader, _: _READERS[reader],
    "names": lambda _, parts: _several(parts[0], single=True),
    "limited": _limited,
    "choice": _choice,
    "list": lambda _, parts: _several(parts[0]),
    "named": _named,
    "rows": lambda model, _: Rows(table=model),
    "table": lambda model, _: Rows(table=model, single=True),
    "plain": lambda plain_type, _: _PLAIN.get(plain_type, Anything()),
}
"""By the kind of the shape."""
