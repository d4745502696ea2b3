"""What raters give: marks as typed, those left to the rules, and those that nobody types."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from dingji.scheme.marking import things_of
from dingji.scheme.model import Source
from dingji.scoring.board import Figures
from dingji.scoring.facts import Facts
from dingji.scoring.marks import Mark, left_to_rules, own_marks
from dingji.scoring.reckoning import RECORDS, Reckoner
from dingji.scoring.rests import Left, rests

Marks = dict[str, dict[str, list[Mark]]]
"""Raters' marks by branch and thing."""


@dataclass
class RaterMarks(Reckoner):
    """Gathers the marks of a source from the entries of a round."""

    entries: pd.DataFrame
    beside_items: dict[tuple[str, str], Figures] = field(default_factory=dict)
    """Points of rules that belong to no item, by source marked item by item and indicator."""

    def rows(self, *forms: str, source: str | None = None) -> pd.DataFrame:
        """Return the entries of some kinds of form, of one source where it is given."""
        rows = self.entries[self.entries["form"].isin(forms)]
        return rows if source is None else rows[rows["source"] == source]

    def typed(self, source: Source) -> Marks:
        """Return the raters' marks by branch and thing, with those that rules compute."""
        rows = self.rows(source.main_form, source=source.name) if source.main_form else self.entries.iloc[0:0]
        is_mark = rows["part"] == "mark"
        marks = own_marks(rows[is_mark] if source.main_form != "survey" else rows.iloc[0:0])
        if source.main_form == "self":
            return marks
        facts = Facts.of(rows[rows["part"] == "fact"], self.rules)
        laid = Facts() if source.main_form else Facts.of(self.records_of(source), self.rules)
        left = left_to_rules(rows[is_mark])
        self._compute(source, marks, facts, left)
        self._fill(source, marks, laid)
        for name, points in rests(self, source, marks, facts if source.main_form else laid, left).items():
            self.beside_items[source.name, name] = points
        return marks

    def _compute(self, source: Source, marks: Marks, facts: Facts, left: Left) -> None:
        """Add the marks that raters left to the rules; with `rules` every mark, of those whom the duty gives it."""
        things = {thing.key: thing for thing in things_of(self.scheme, source)}
        for (unit, key), raters in left.items():
            marks[unit][key] += [self.computed(source, things[key], facts, unit, rater) for rater in raters]
        limited = {(unit, rater) for (unit, _), raters in left.items() for rater in raters}
        judged = [each for each in facts.verified if each not in limited] if source.marks == "rules" else []
        for unit, rater in judged:
            for thing in things.values():
                if thing.rules and not thing.filled:
                    marks[unit][thing.key].append(self.computed(source, thing, facts, unit, rater))

    def _fill(self, source: Source, marks: Marks, laid: Facts) -> None:
        """Add the marks that nobody types: those that read figures, and all of a source that has records only."""
        for thing in things_of(self.scheme, source):
            if thing.filled or (thing.rules and not source.main_form):
                for unit in self.board.units:
                    marks[unit][thing.key].append(self.computed(source, thing, laid, unit, RECORDS))

    def records_of(self, source: Source) -> pd.DataFrame:
        """Return the facts of 平时记录 that count in a source."""
        rows = self.rows("records")
        return rows[rows["part"] == "fact"] if "records" in source.form else rows.iloc[0:0]
