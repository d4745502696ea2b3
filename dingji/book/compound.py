"""Kinds of values made of others: lists, tables of names and values, one of several kinds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from dingji.book.notation import ANY_TEXT, UNREAD, Content, Notation
from dingji.book.toml import toml_value, value_of

_PARTS = re.compile(r"[;；\n]")


@dataclass(frozen=True)
class Several(Notation):
    """A list, its parts between semicolons or on lines of their own."""

    part: Notation = ANY_TEXT
    between: str = "；"
    single: bool = False
    """Whether one value may stand for a list of one."""
    opens: ClassVar[str] = "["

    def settled(self, value: object) -> object:
        """Take a list of one for the one where that is the same."""
        return value[0] if self.single and isinstance(value, list) and len(value) == 1 else value

    def fits(self, value: object) -> bool:
        """Take lists of what fits the part."""
        listed = value if isinstance(value, list) else [value] if self.single else []
        return bool(listed) and all(self.part.fits(one) for one in listed)

    def short(self, value: Any) -> Content:  # noqa: ANN401 - as `fits` has it
        """Write the parts in a row."""
        listed = value if isinstance(value, list) else [value]
        return self.between.join(str(self.part.short(one)) for one in listed)

    def exact(self, value: object) -> str:
        """Write a list even of one: by its bracket it is known for what it is."""
        return toml_value(value if isinstance(value, list) else [value])

    def meant(self, content: object) -> object:
        """Read the parts."""
        parts = split(content, self.between)
        values = [self.part.read(part) for part in parts]
        if UNREAD in values or not values:
            return UNREAD
        return self.settled(values)


@dataclass(frozen=True)
class Named(Notation):
    """A table of names and values: `年初=30；年终=20`. `called` are keys that are shown by Chinese words."""

    part: Notation = ANY_TEXT
    called: tuple[tuple[str, str], ...] = ()
    opens: ClassVar[str] = "{"

    def fits(self, value: object) -> bool:
        """Take tables of what fits the part."""
        return isinstance(value, Mapping) and bool(value) and all(self.part.fits(one) for one in value.values())

    def short(self, value: Any) -> Content:  # noqa: ANN401 - as `fits` has it
        """Write the pairs in a row."""
        called = dict(self.called)
        return "；".join(f"{called.get(name, name)}={self.part.short(one)}" for name, one in value.items())

    def meant(self, content: object) -> object:
        """Read the pairs; a name twice is none of this kind."""
        pairs = [part.replace("＝", "=").rpartition("=") for part in split(content)]
        keys = {words: key for key, words in self.called}
        read = {keys.get(name.strip(), name.strip()): self.part.read(value.strip()) for name, _, value in pairs}
        whole = all(sign and name.strip() for name, sign, _ in pairs) and len(read) == len(pairs)
        return read if whole and read and UNREAD not in read.values() else UNREAD


@dataclass(frozen=True)
class Either(Notation):
    """One of several kinds; tables of names are tried first where a `=` stands in the cell."""

    kinds: tuple[Notation, ...] = ()

    def read(self, content: object) -> object:
        """Read TOML's own way by the kind whose sign it begins with, any other by the first kind that it is of."""
        if isinstance(content, str) and content[:1]:
            kind = next((kind for kind in self.kinds if content[0] in kind.opens), None)
            if kind is not None and value_of(content) is not None:
                return value_of(content)
        return self.meant(content)

    def fits(self, value: object) -> bool:
        """Take what fits one of the kinds."""
        return any(kind.fits(value) for kind in self.kinds)

    def short(self, value: Any) -> Content:  # noqa: ANN401 - as `fits` has it
        """Write a value in the way of its kind."""
        return next(kind for kind in self.kinds if kind.fits(value)).short(value)

    def meant(self, content: object) -> object:
        """Read the first kind that the content is of."""
        for kind in sorted(self.kinds, key=lambda kind: not isinstance(kind, Named)):
            value = kind.meant(content)
            if value is not UNREAD:
                return value
        return UNREAD


def split(content: object, between: str = "；") -> Sequence[str]:
    """Return the parts of a cell, each without the space around it; empty ones are none."""
    text = ANY_TEXT.meant(content)
    pattern = _PARTS if between == "；" else re.compile(f"[{re.escape(between)}＋]")
    return [part.strip() for part in pattern.split(str(text)) if part.strip()]
