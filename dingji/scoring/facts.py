"""Facts that came through intake, a row each, as rules and conditions read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from dingji.exact import Mask, Places
from dingji.numbers import mean
from dingji.scheme.condition_values import Column
from dingji.scheme.conditions import Value
from dingji.scheme.indicators import Indicator, Rule
from dingji.scheme.model import Scheme
from dingji.scoring.entered import Rows, Words
from dingji.scoring.points import PERCENT_POINT, Told, figure_of

RulesByName = Mapping[str, tuple[Indicator, Rule]]
ALL = ""
NO_ROWS: Final[Places] = np.zeros(0, np.intp)


def rules_by_name(scheme: Scheme) -> dict[str, tuple[Indicator, Rule]]:
    """Return every rule of a standard with its indicator."""
    return {rule.name: (indicator, rule) for indicator in scheme.indicators for rule in indicator.rules}


@dataclass(frozen=True, eq=False)
class Facts:
    """Facts, a row each: whose they are (`pairs`: branch and rater), under which rule, what was told, and the entry."""

    rows: Rows
    pairs: Places
    rule: Words
    indicator: Words
    """The rule's indicator, `ALL` where no rule of the standard has that name."""
    told: Told
    refused: Mask
    outdone: Places = field(default_factory=lambda: np.zeros(0, np.intp))
    """Rows that do not count beside another of the same work (同一工作)."""

    @classmethod
    def of(cls, rows: Rows, rules: RulesByName) -> Facts:
        """Gather rows of part `fact`."""
        names = rows.texts("rule")
        known = {name: rules[name] for name in dict.fromkeys(names.tolist()) if name in rules}
        indicators = [known[name][0].name if name in known else ALL for name in names.tolist()]
        rates = np.array([name in known and known[name][1].unit == "%" for name in names.tolist()], bool)
        value = rows.figures("value")
        figure = (value * PERCENT_POINT).where(rates, value)
        told = Told(figure, rows.texts("option"), rows.figures("amount"))
        return cls(rows, rows.pairs(), names, np.array(indicators, object), told, rows.are("state", "refused"))

    def __len__(self) -> int:
        """Return the number of facts."""
        return len(self.pairs)

    def take(self, rows: Places, pairs: Places) -> Facts:
        """Return some rows as if they were of other branches and raters."""
        own = Rows(self.rows.entered, self.rows.where[rows])
        return Facts(own, pairs, self.rule[rows], self.indicator[rows], self.told.take(rows), self.refused[rows])

    def above(self, other: Facts) -> Facts:
        """Return these facts with others below."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in ("pairs", "rule", "indicator", "refused"))
        codes, rules, indicators, refused = (np.concatenate(pair) for pair in pairs)
        where = np.concatenate([self.rows.where, other.rows.where])
        rows = Rows(self.rows.entered, where)
        return Facts(rows, codes, rules, indicators, self.told.above(other.told), refused, self.outdone)

    @cached_property
    def _by_rule(self) -> Mapping[str, Places]:
        codes, names = pd.factorize(self.rule)
        order, ends = np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes, minlength=len(names)))
        between = pairwise([0, *ends.tolist()])
        return {name: order[start:end] for name, (start, end) in zip(names.tolist(), between, strict=True)}

    def under(self, rule: Rule) -> Places:
        """Return the rows of a rule, in order."""
        return self._by_rule.get(rule.name, NO_ROWS)

    def typed(self, rule: Rule) -> Places:
        """Return the rows of a rule that could be read; of a rate (%) only the latest of each branch and rater."""
        found = self.under(rule)
        found = found[~self.refused[found]]
        if len(found) and len(self.outdone):
            found = np.setdiff1d(found, self.outdone, assume_unique=True)
        if rule.unit != "%" or len(found) < 2:  # noqa: PLR2004 - a single one is the latest
            return found
        latest: dict[int, int] = {}
        dates = self.rows.texts("date")
        for row, pair in zip(found.tolist(), self.pairs[found].tolist(), strict=True):
            if pair not in latest or dates[row] > dates[latest[pair]]:
                latest[pair] = row
        return np.array(sorted(latest.values()), np.intp)

    @property
    def judges(self) -> Places:
        """Return who stated anything, each branch and rater once, in the order in which they come."""
        pairs, first = np.unique(self.pairs, return_index=True)
        return pairs[np.argsort(first)]

    def unreadable(self, pairs: Places, indicator: str) -> Mask:
        """Say for which of some branches and raters something typed for an indicator could not be read."""
        spoilt = self.refused & ((self.indicator == indicator) | (self.indicator == ALL))
        return np.isin(pairs, self.pairs[spoilt])

    # --- under the names by which conditions read them ----------------------------------------------------

    def said(self, rule: Rule) -> dict[int, list[Value]]:
        """Return what each rater says under a rule, by branch, raters in the order in which they come.

        A figure is the sum of a rater's rows (of a rate the latest); a label the last one; yes or no whether it was
        said.
        """
        by_pair: dict[int, list[int]] = {}
        found = self.typed(rule)
        for row, pair in zip(found.tolist(), self.pairs[found].tolist(), strict=True):
            by_pair.setdefault(pair, []).append(row)
        order = {pair: place for place, pair in enumerate(self.judges.tolist())} if len(by_pair) > 1 else {}
        told: dict[int, list[Value]] = {}
        for pair in sorted(by_pair, key=lambda pair: order.get(pair, 0)):
            value = self._value(rule, by_pair[pair])
            branch = int(self.rows.branch[by_pair[pair][0]])
            told.setdefault(branch, []).extend([] if value is None else [value])
        return told

    def _value(self, rule: Rule, rows: list[int]) -> Value:
        options = [str(self.told.option[row]) for row in rows]
        if rule.options:
            return options[-1] or None
        if not rule.reads_figure:
            return any(option != "否" for option in options)
        figures = [figure for row in rows if (figure := self.told.figure.at(row)) is not None]
        return sum(figures, Fraction(0)) if figures else None


def fact_column(rule: Rule, size: int, facts: Facts | None, records: Facts | None) -> Column | None:
    """Return what is known of each branch under a rule; None where it is known of none.

    A figure is the mean over raters, with 平时记录 added (of a rate they stand instead); anything else what 平时记录
    say, or the last rater.
    """
    column: Column = [None] * size
    for branch, given in (facts.said(rule) if facts else {}).items():
        figures = [value for value in given if isinstance(value, Fraction)]
        if not rule.reads_figure or rule.options:
            column[branch] = given[-1] if given else None
        else:
            column[branch] = mean(figures) if figures else None
    for branch, given in (records.said(rule) if records else {}).items():
        if given:
            column[branch] = _laid_on(column[branch], given[-1], rule)
    return _filled(rule, column) if any(value is not None for value in column) else None


def otherwise_column(rule: Rule, size: int) -> Column:
    """Return what a fact is for everybody where nobody typed it."""
    return _filled(rule, [None] * size)


def _filled(rule: Rule, column: Column) -> Column:
    if rule.missing is None:
        return column
    return [_otherwise(rule) if value is None else value for value in column]


def only_of(facts: Facts, pairs: Places) -> tuple[Places, Places]:
    """Return the facts of some branches and raters, and the place of each one's among `pairs`."""
    order = np.argsort(pairs, kind="stable")
    found = np.searchsorted(pairs[order], facts.pairs)
    found = np.minimum(found, max(len(pairs) - 1, 0))
    if not len(pairs):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    there = pairs[order][found] == facts.pairs
    return np.flatnonzero(there), order[found[there]]


def _otherwise(rule: Rule) -> Value:
    """Return what the standard says that a fact is where nobody typed it."""
    if isinstance(rule.missing, str):
        return rule.missing if rule.options else rule.missing == "是"
    return figure_of(rule, None if rule.missing is None else Fraction(rule.missing))


def _laid_on(before: Value, now: Value, rule: Rule) -> Value:
    """Return what 平时记录 make of what raters said."""
    if isinstance(before, Fraction) and isinstance(now, Fraction) and rule.unit != "%":
        return before + now
    return now
