"""Facts that came through intake, by branch, rater and rule, as scoring reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dingji.numbers import exact
from dingji.scheme.indicators import Indicator, Rule
from dingji.scoring.points import Typed, figure_of
from dingji.tables import records

ALL = ""


@dataclass
class FactRow:
    """A fact that counts: what was typed under a rule, and the entry it stands in."""

    typed: Typed
    date: str
    entry: int
    refused: bool


FactKey = tuple[str, str, str]
"""Branch, rater ("" for 平时记录) and rule name."""


@dataclass
class Facts:
    """The facts of one source, by branch, rater and rule; `refused` and `verified` by branch and rater."""

    rows: dict[FactKey, list[FactRow]] = field(default_factory=lambda: defaultdict(list))
    refused: set[tuple[str, str, str]] = field(default_factory=set)
    """Branch, rater and indicator with a fact that could not be read."""
    verified: dict[tuple[str, str], None] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: pd.DataFrame, rules: Mapping[str, tuple[Indicator, Rule]]) -> Facts:
        """Gather the rows of part `fact` that came through intake."""
        facts = cls()
        for label, row in zip(entries.index, records(entries), strict=True):
            unit, rater = row["unit"], row["rater"]
            facts.verified[unit, rater] = None
            if row["rule"] not in rules:
                if row["state"] == "refused":
                    facts.refused.add((unit, rater, ALL))
                continue
            indicator, rule = rules[row["rule"]]
            if row["state"] == "refused":
                facts.refused.add((unit, rater, indicator.name))
            facts.rows[unit, rater, rule.name].append(_fact_row(label, row, rule))
        return facts

    def typed(self, unit: str, rater: str, rule: Rule) -> list[FactRow]:
        """Return the rows of one rule; of a rate (%) only the latest counts."""
        rows = [row for row in self.rows.get((unit, rater, rule.name), []) if not row.refused]
        return [max(rows, key=lambda row: row.date)] if rows and rule.unit == "%" else rows

    def unreadable(self, unit: str, rater: str, indicator: str) -> bool:
        """Say whether something typed for this indicator could not be read."""
        return (unit, rater, indicator) in self.refused or (unit, rater, ALL) in self.refused


def _fact_row(label: int, row: Mapping[str, Any], rule: Rule) -> FactRow:
    value, amount = (None if pd.isna(row[name]) else exact(int(row[name])) for name in ("value", "amount"))
    typed = Typed(figure_of(rule, value), row["option"], amount)
    return FactRow(typed, row["date"], label, row["state"] == "refused")
