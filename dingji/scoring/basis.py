"""What scoring starts from, kept so that it can be scored again with something changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from dingji.intake.earlier import Earlier
from dingji.read.rows import Letters
from dingji.scoring.score import Group, Scores, score


@dataclass(frozen=True, eq=False)
class Basis:
    """The entries that count, the branches by standard, and what was known before; see `score.score`."""

    entries: pd.DataFrame
    groups: Sequence[Group]
    round_name: str
    label: str
    earlier: Earlier
    absent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    letters: Mapping[tuple[str, str], Letters] = field(default_factory=dict)

    def scored(self) -> Scores:
        """Score it."""
        return score(self.entries, self.groups, self.round_name, self.label, self.earlier, self.absent, self.letters)
