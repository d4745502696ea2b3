"""What the tables of a TOML file say of themselves and of their keys: a Chinese name, what for, an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True)
class KeyWords:
    """A key's Chinese name, what it does in a plain sentence, and an example as it stands in a file."""

    heading: str
    does: str
    example: str


@dataclass(frozen=True)
class TableWords:
    """A table's name, and what it is for."""

    title: str
    about: str


def key(heading: str, does: str, *example: str) -> KeyWords:
    """Return what a key is annotated with; the example is its lines, or a whole row in braces."""
    return KeyWords(heading, does, "\n".join(example))


@dataclass(frozen=True)
class Others:
    """Marks names of which `default` stands for all that are not named."""


OTHERS = Others()


class Section(BaseModel):
    """A table of a TOML file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    words: ClassVar[TableWords]
