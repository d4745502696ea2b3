"""What each source gives: raters' marks combined, rules computed, records laid on, indicators and totals bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from dingji.numbers import plain, signed
from dingji.scheme.marking import Thing, headings, inside, own_limit, things_of
from dingji.scheme.model import Indicator, Source
from dingji.scoring.ballots import count_survey
from dingji.scoring.board import Figures
from dingji.scoring.facts import Facts
from dingji.scoring.marks import Mark, combine_marks, held, left_to_rules, own_marks
from dingji.scoring.reckoning import RECORDS, Reckoner
from dingji.scoring.survey import mark_mean, put_survey

ZERO = Fraction(0)
RATED = ("committee", "peer")
"""Kinds of form that several raters fill in for one branch."""


@dataclass
class SourceMarks:
    """A source's figures by branch: its indicators, the total that it gives, and a survey's option scores."""

    source: Source
    indicators: dict[str, Figures] = field(default_factory=dict)
    total: Figures = field(default_factory=list)
    option_scores: Figures = field(default_factory=list)


@dataclass
class Scorer(Reckoner):
    """Computes the figures of the sources for the branches of one standard, putting them on the board."""

    entries: pd.DataFrame

    def rows(self, *forms: str, source: str | None = None) -> pd.DataFrame:
        """Return the entries of some kinds of form, of one source where it is given."""
        rows = self.entries[self.entries["form"].isin(forms)]
        return rows if source is None else rows[rows["source"] == source]

    # --- one source ---------------------------------------------------------------------------------------

    def score(self, source: Source) -> SourceMarks:
        """Score a source that has a form of its own, and put its marks on the board under its name."""
        outcome = SourceMarks(source)
        if source.main_form == "survey":
            outcome.option_scores = self._survey_marks(source, outcome)
        elif source.marks == "total":
            outcome.total = self._combined(source, things_of(self.scheme, source)[0], self._typed(source))
        else:
            self._indicator_marks(source, outcome, self._typed(source))
        if not outcome.total:
            outcome.total = self._sum(outcome)
        self._put(outcome)
        return outcome

    def _typed(self, source: Source) -> dict[str, dict[str, list[Mark]]]:
        """Return the raters' marks by branch and thing, with those that rules compute."""
        rows = self.rows(source.main_form, source=source.name) if source.main_form else self.entries.iloc[0:0]
        is_mark = rows["part"] == "mark"
        marks = own_marks(rows[is_mark] if source.main_form != "survey" else rows.iloc[0:0])
        facts = Facts.of(rows[rows["part"] == "fact"], self.rules)
        things = {thing.key: thing for thing in things_of(self.scheme, source)}
        if source.main_form == "self":
            return marks
        for (unit, key), raters in left_to_rules(rows[is_mark]).items():
            marks[unit][key] += [self.computed(source, things[key], facts, unit, rater) for rater in raters]
        if source.marks == "rules":
            for unit, rater in facts.verified:
                for thing in things.values():
                    if thing.rules and not thing.filled:
                        marks[unit][thing.key].append(self.computed(source, thing, facts, unit, rater))
        self._put_beside_items(source, things.values(), marks, facts)
        laid = Facts() if source.main_form else Facts.of(self._records(source), self.rules)
        for thing in things.values():
            if thing.filled or (thing.rules and not source.main_form):
                for unit in self.board.units:
                    marks[unit][thing.key].append(self.computed(source, thing, laid, unit, RECORDS))
        return marks

    def _put_beside_items(
        self,
        source: Source,
        things: Iterable[Thing],
        marks: dict[str, dict[str, list[Mark]]],
        facts: Facts,
    ) -> None:
        """Put the points of rules that belong to no item beside the items of raters who left one to the rules.

        They stand under the indicator's own name; a rater who typed every item has said everything there.
        """
        items = [thing for thing in things if thing.number is not None and not thing.filled]
        for name in dict.fromkeys(thing.indicator for thing in items):
            rules = [rule for rule in self.indicators[name].rules if rule.item is None and rule.way]
            keys = [thing.key for thing in items if thing.indicator == name]
            for unit, own in marks.items() if rules else ():
                left = {mark.rater for key in keys for mark in own[key] if mark.how}
                for rater in dict.fromkeys(mark.rater for key in keys if left for mark in own[key]):
                    by_rules = self.beside_items(source, name, rules, facts, unit, rater)
                    own[name].append(by_rules if rater in left else Mark(rater, ZERO, ()))

    def _survey_marks(self, source: Source, outcome: SourceMarks) -> Figures:
        rows = self.rows("survey", source=source.name)
        survey = count_survey(rows, source)
        scores = put_survey(survey, self.board)
        if source.marks == "options":
            outcome.total = scores
            return scores
        marks = self._typed(source)
        ballots = [thing.key for thing in things_of(self.scheme, source) if not thing.filled]
        for unit in self.board.units:
            for key in ballots:
                marks[unit][key] = [Mark("", mark_mean(survey, unit, key), survey.entries.get((unit, key), ()))]
        if source.marks == "total":
            outcome.total = self._combined(source, things_of(self.scheme, source)[0], marks)
        else:
            self._indicator_marks(source, outcome, marks)
        return scores

    # --- combining ----------------------------------------------------------------------------------------

    def _combined(self, source: Source, thing: Thing, marks: Mapping[str, Mapping[str, Sequence[Mark]]]) -> Figures:
        """Combine the raters' marks of one thing for every branch; missing where one is, or too few marked."""
        figures: Figures = []
        for unit in self.board.units:
            given = marks.get(unit, {}).get(thing.key, ())
            figures.append(self._combine_one(source, thing, unit, given))
        return figures

    def _beside(self, source: Source, indicator: str, marks: Mapping[str, Mapping[str, Sequence[Mark]]]) -> Figures:
        """Combine what raters gave under rules that belong to no item; 0 where nobody left anything to the rules."""
        given = [marks.get(unit, {}).get(indicator, ()) for unit in self.board.units]
        figures = [[mark.figure for mark in own if mark.figure is not None] for own in given]
        return [
            None if len(known) < len(own) else combine_marks(source, known)[0] if own else ZERO
            for own, known in zip(given, figures, strict=True)
        ]

    def _combine_one(self, source: Source, thing: Thing, unit: str, given: Sequence[Mark]) -> Fraction | None:
        for mark in given:
            self._trace_mark(source, thing, unit, mark)
        known = [mark.figure for mark in given if mark.figure is not None]
        if len(known) < len(given) or len(known) < (source.min_raters if source.main_form in RATED else 1):
            return None
        figure, words = combine_marks(source, known)
        if len(known) > 1:
            words = f"{thing.label}：{words} ＝ {plain(figure)}"
            self.board.trail.add(unit, "combined", source=source.name, item=thing.key, figure=figure, words=words)
        return figure

    def _trace_mark(self, source: Source, thing: Thing, unit: str, mark: Mark) -> None:
        told = "缺" if mark.figure is None else f"{plain(mark.figure)} 分"
        full = f"（满分 {plain(thing.full)}）" if thing.full else ""
        how = "，各票平均" if source.main_form == "survey" and not thing.filled else mark.how
        self.board.trail.add(
            unit, "mark", source=source.name, rater=mark.rater, item=thing.key, figure=mark.figure,
            words=f"{thing.label}{full} {told}{how}", entries=mark.entries,
        )  # fmt: skip

    # --- indicators and totals ----------------------------------------------------------------------------

    def _indicator_marks(
        self, source: Source, outcome: SourceMarks, marks: Mapping[str, Mapping[str, Sequence[Mark]]]
    ) -> None:
        """Sum a source's things into indicators, lay records on, and hold each within its bounds."""
        listed = things_of(self.scheme, source)
        by_thing = {thing.key: self._combined(source, thing, marks) for thing in listed}
        beside = {thing.indicator: self._beside(source, thing.indicator, marks) for thing in listed if thing.number}
        records = Facts.of(self._records(source) if source.main_form else self.entries.iloc[0:0], self.rules)
        places = range(len(self.board))
        for indicator in self.scheme.scored:
            if things := [thing for thing in listed if thing.indicator == indicator.name]:
                added = beside.get(indicator.name, [ZERO] * len(self.board))
                figures = [
                    self._indicator(source, indicator, things, by_thing, place, records, added) for place in places
                ]
                outcome.indicators[indicator.name] = figures
        for heading in headings(self.scheme):
            if any(part.name in outcome.indicators for part in inside(self.scheme, heading)):
                outcome.indicators[heading.name] = [self._heading(heading, outcome, place) for place in places]

    def _heading(self, heading: Indicator, outcome: SourceMarks, place: int) -> Fraction | None:
        """Return the mark of an indicator that others are inside of: their sum, within its own bounds."""
        if not self.board.applies(heading.only_for, place):
            return Fraction(0)
        marked = [part for part in inside(self.scheme, heading) if part.name in outcome.indicators]
        own = [part for part in marked if self.board.applies(part.only_for, place)]
        figures = [outcome.indicators[part.name][place] for part in own]
        known = [figure for figure in figures if figure is not None]
        if len(known) < len(figures):
            return None
        applying = sum((Fraction(part.full or 0) for part in own), Fraction(0))
        figure = self._hold(heading, sum(known, Fraction(0)), applying)
        words = f"{heading.name} {plain(figure)} 分（满分 {plain(Fraction(heading.full or 0))}）"
        source, unit = outcome.source.name, self.board.units[place]
        self.board.trail.add(unit, "combined", source=source, item=heading.name, figure=figure, words=words)
        return figure

    def _records(self, source: Source) -> pd.DataFrame:
        rows = self.rows("records")
        return rows[rows["part"] == "fact"] if "records" in source.form else rows.iloc[0:0]

    def _indicator(
        self,
        source: Source,
        indicator: Indicator,
        things: Sequence[Thing],
        by_thing: Mapping[str, Figures],
        place: int,
        records: Facts,
        beside: Figures,
    ) -> Fraction | None:
        unit = self.board.units[place]
        if indicator.exempt and self.board.evaluate(indicator.exempt)[place] is True:
            return Fraction(indicator.full or 0)
        own = [thing for thing in things if self.board.applies(thing.only_for, place)]
        exempt = {str(number) for number in self.exempt(indicator, place)}
        figures = [thing.full if thing.key in exempt else by_thing[thing.key][place] for thing in own]
        known = [figure for figure in figures if figure is not None]
        if len(known) < len(own) or not own:
            return None if own else Fraction(0)
        recorded = [rule for rule in indicator.rules if not rule.of and records.typed(unit, RECORDS, rule)]
        given, entries = self.points_given(source, recorded, records, unit, RECORDS)
        laid = [points for points in given.values() if points is not None]
        added = beside[place]
        if len(laid) < len(given) or added is None or records.unreadable(unit, RECORDS, indicator.name):
            return None
        points = sum(laid, Fraction(0))
        applying = sum((thing.full for thing in own), Fraction(0))
        figure = self._hold(indicator, sum(known, Fraction(0)) + added + points, applying)
        if len(own) > 1 or entries:
            told = f"，平时记录 {signed(points)}" if entries else ""
            words = f"{indicator.name} {plain(figure)} 分（满分 {plain(Fraction(indicator.full or 0))}{told}）"
            self.board.trail.add(
                unit,
                "combined",
                source=source.name,
                item=indicator.name,
                figure=figure,
                words=words,
                entries=entries,
            )
        return figure

    def _hold(self, indicator: Indicator, figure: Fraction, applying: Fraction) -> Fraction:
        """Hold an indicator between its bounds, after bringing what applies to the stated full mark (`scaled`)."""
        full = Fraction(indicator.full or 0)
        if indicator.scaled and applying:
            figure = figure * full / applying
        return held(figure, own_limit(indicator.minimum, Fraction(0)), own_limit(indicator.maximum, full))

    def _sum(self, outcome: SourceMarks) -> Figures:
        """Sum a source's indicators; those inside another count in that one."""
        names = [name for name in outcome.indicators if self.indicators[name].inside not in outcome.indicators]
        totals: Figures = []
        for place, unit in enumerate(self.board.units):
            figures = [outcome.indicators[name][place] for name in names]
            known = [figure for figure in figures if figure is not None]
            if len(known) < len(figures) or not figures:
                totals.append(None)
                continue
            total = sum(known, Fraction(0))
            own = [self.board.applies(self.indicators[name].only_for, place) for name in names]
            terms = " ＋ ".join(
                f"{name} {plain(figure)}" for name, figure, applies in zip(names, known, own, strict=True) if applies
            )
            words = f"{terms} ＝ {plain(total)}"
            ratio = self._scaling(names, place)
            if ratio != 1:
                total *= ratio
                words += f"，按满分 {plain(Fraction(self.scheme.full))} 折算为 {plain(total)}"
            totals.append(total)
            self.board.trail.add(unit, "source", source=outcome.source.name, figure=total, words=words)
        return totals

    def _scaling(self, names: Sequence[str], place: int) -> Fraction:
        """Return what brings the full marks that apply to a branch to the standard's own (`scaled`)."""
        own = [self.indicators[name] for name in names if self.board.applies(self.indicators[name].only_for, place)]
        applying = sum((Fraction(indicator.full or 0) for indicator in own), Fraction(0))
        return Fraction(self.scheme.full) / applying if self.scheme.scaled and applying else Fraction(1)

    def _put(self, outcome: SourceMarks) -> None:
        name = outcome.source.name
        self.board.set(name, outcome.total)
        for indicator, figures in outcome.indicators.items():
            self.board.set(f"{name}.{indicator}", self.board.where(self.indicators[indicator].only_for, figures))
