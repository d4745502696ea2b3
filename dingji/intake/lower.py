"""下级结果: what a lower unit handed up for this very round, branch by branch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from dingji.intake.earlier import GRADE_HEADINGS
from dingji.numbers import decimal_of
from dingji.tables import records


@dataclass(frozen=True)
class Handed:
    """What a lower unit says of one branch: texts by heading, and the entries behind them."""

    texts: Mapping[str, str]
    entries: tuple[int, ...]
    file: str

    def figure(self, heading: str) -> Fraction | None:
        """Return a figure; missing where it was withheld or there is none."""
        text = self.texts.get(heading, "")
        decimal = decimal_of(text.removesuffix("%"))
        if decimal is None:
            return None
        return Fraction(decimal) / 100 if text.endswith("%") else Fraction(decimal)

    @property
    def grade(self) -> str:
        """Return the grade that was handed up."""
        return next((self.texts[heading] for heading in reversed(GRADE_HEADINGS) if self.texts.get(heading)), "")


def is_lower(entries: pd.DataFrame, label: str) -> pd.Series[bool]:
    """Say which entries are of results of this very round (`2026 年初`)."""
    return (entries["form"] == "result") & (entries["round"] == label)


def handed_up(entries: pd.DataFrame, label: str) -> dict[str, Handed]:
    """Return what lower units handed up for this round, by branch; branches marked here are graded here."""
    texts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    behind: defaultdict[str, list[int]] = defaultdict(list)
    files: dict[str, str] = {}
    marked_here = entries.loc[entries["part"] == "mark", "unit"].unique()
    rows = entries[is_lower(entries, label) & (entries["part"] == "also") & ~entries["unit"].isin(marked_here)]
    for entry, row in zip(rows.index, records(rows), strict=True):
        texts[row["unit"]][row["rule"]] = row["option"]
        behind[row["unit"]].append(int(entry))
        files[row["unit"]] = row["file"]
    return {unit: Handed(found, tuple(behind[unit]), files[unit]) for unit, found in texts.items()}
