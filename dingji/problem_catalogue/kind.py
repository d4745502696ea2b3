"""What a class of problems is: one fixed level, and the words for what, why and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["refuse", "act", "warning", "note"]

LEVELS: Mapping[Level, str] = {"refuse": "拒收", "act": "须处理", "warning": "提醒", "note": "说明"}


@dataclass(frozen=True)
class Kind:
    """A class of problems as the catalogue tells it: `words` completes the sentence, `mend` says what to do."""

    level: Level
    title: str
    words: str
    mend: str
