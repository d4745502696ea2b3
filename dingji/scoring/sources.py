"""What each source gives: raters' marks combined, rules computed, records laid on, indicators and totals bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from dingji.numbers import percent, plain, signed
from dingji.scheme.describe import rule_words
from dingji.scheme.marking import Thing, own_limit, things_of
from dingji.scheme.model import Band, Indicator, Rule, Scheme, Source
from dingji.scoring.board import Board, Figures
from dingji.scoring.facts import FactRow, Facts
from dingji.scoring.marks import Mark, bounded, combine_marks, left_to_rules, own_marks
from dingji.scoring.points import Typed, total_points, typed_words
from dingji.scoring.survey import count_survey, mark_mean, put_survey

RECORDS = ""
"""The rater under whom 平时记录 stand: nobody in particular."""


@dataclass
class SourceMarks:
    """A source's figures by branch: its indicators, the total that it gives, and a survey's option scores."""

    source: Source
    indicators: dict[str, Figures] = field(default_factory=dict)
    total: Figures = field(default_factory=list)
    option_scores: Figures = field(default_factory=list)


@dataclass
class Scorer:
    """Computes the figures of the sources for the branches of one standard, putting them on the board."""

    scheme: Scheme
    board: Board
    entries: pd.DataFrame

    def __post_init__(self) -> None:
        """Index branches and rules."""
        self.places = {unit: place for place, unit in enumerate(self.board.units)}
        pairs = [(indicator, rule) for indicator in self.scheme.indicators for rule in indicator.rules]
        self.rules = {rule.name: (indicator, rule) for indicator, rule in pairs}
        self.indicators = {indicator.name: indicator for indicator in self.scheme.indicators}

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
        for thing in things.values():
            if thing.filled or (thing.rules and not source.main_form):
                for unit in self.board.units:
                    marks[unit][thing.key].append(self.computed(source, thing, Facts(), unit, RECORDS))
        return marks

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

    # --- computed by rules --------------------------------------------------------------------------------

    def rule_points(self, rule: Rule, place: int, rows: Sequence[FactRow]) -> Fraction | None:
        """Return the points of a rule for a branch: from the figure it reads, or from what was typed."""
        if not self.board.applies(rule.only_for, place):
            return Fraction(0)

        def fits(band: Band) -> bool | None:
            value = self.board.evaluate(band.when)[place]
            return value if isinstance(value, bool) else None

        typed = [Typed(self.board.figure(rule.of, place))] if rule.of else [row.typed for row in rows]
        return total_points(rule, typed, fits)

    def computed(self, source: Source, thing: Thing, facts: Facts, unit: str, rater: str) -> Mark:
        """Compute a mark from facts and figures; missing where one of them is."""
        points, entries = self.facts_points(source, thing.rules, facts, unit, rater)
        if points is None or facts.unreadable(unit, rater, thing.indicator):
            return Mark(rater, None, entries)
        base = thing.base
        figure = bounded(base + points, thing, self.scheme)
        held = "" if figure == base + points else "，扣完为止" if points < 0 else "，不超满分"
        return Mark(rater, figure, entries, f"＝{plain(base)} {_with_sign(points)}{held}")

    def facts_points(
        self, source: Source, rules: Iterable[Rule], facts: Facts, unit: str, rater: str
    ) -> tuple[Fraction | None, tuple[int, ...]]:
        """Return the points of some rules for a branch and the entries behind them, each rule traced."""
        total: Fraction | None = Fraction(0)
        entries: tuple[int, ...] = ()
        for rule in rules:
            rows = facts.typed(unit, rater, rule)
            points = self.rule_points(rule, self.places[unit], rows)
            behind = tuple(row.entry for row in rows)
            entries += behind
            if behind or rule.of:
                words = self._rule_told(rule, self.places[unit], rows, points)
                self.board.trail.add(
                    unit,
                    "rule",
                    source=source.name,
                    rater=rater,
                    item=rule.name,
                    figure=points,
                    words=words,
                    entries=behind,
                )
            total = None if total is None or points is None else total + points
        return total, entries

    def _rule_told(self, rule: Rule, place: int, rows: Sequence[FactRow], points: Fraction | None) -> str:
        """Tell what a rule read or was typed under it, how it gives points, and the points given."""
        told = "无法计算" if points is None else f"{signed(points)} 分"
        read = self._figure_told(rule, place) if rule.of else "、".join(typed_words(rule, row.typed) for row in rows)
        return f"{rule.name}：{read}{'；' if read else ''}{rule_words(rule)} → {told}"

    def _figure_told(self, rule: Rule, place: int) -> str:
        figure = self.board.figure(rule.of, place)
        is_share = any(band.start and band.start.share for band in rule.bands or []) or bool(
            rule.under and rule.under.share
        )
        shown = "缺" if figure is None else percent(figure) if is_share else plain(figure)
        return f"{rule.of}＝{shown}"

    # --- combining ----------------------------------------------------------------------------------------

    def _combined(self, source: Source, thing: Thing, marks: Mapping[str, Mapping[str, Sequence[Mark]]]) -> Figures:
        """Combine the raters' marks of one thing for every branch; missing where one is, or too few marked."""
        figures: Figures = []
        for unit in self.board.units:
            given = marks.get(unit, {}).get(thing.key, ())
            figures.append(self._combine_one(source, thing, unit, given))
        return figures

    def _combine_one(self, source: Source, thing: Thing, unit: str, given: Sequence[Mark]) -> Fraction | None:
        for mark in given:
            self._trace_mark(source, thing, unit, mark)
        known = [mark.figure for mark in given if mark.figure is not None]
        if len(known) < len(given) or len(known) < (source.min_raters if source.main_form == "committee" else 1):
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
        by_thing = {thing.key: self._combined(source, thing, marks) for thing in things_of(self.scheme, source)}
        records = Facts.of(self._records(source), self.rules)
        for indicator in self.scheme.scored:
            things = [thing for thing in things_of(self.scheme, source) if thing.indicator == indicator.name]
            if things:
                outcome.indicators[indicator.name] = [
                    self._indicator(source, indicator, things, by_thing, place, records)
                    for place in range(len(self.board))
                ]

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
    ) -> Fraction | None:
        unit = self.board.units[place]
        if indicator.exempt and self.board.evaluate(indicator.exempt)[place] is True:
            return Fraction(indicator.full or 0)
        own = [thing for thing in things if self.board.applies(thing.only_for, place)]
        figures = [by_thing[thing.key][place] for thing in own]
        known = [figure for figure in figures if figure is not None]
        if len(known) < len(own) or not own:
            return None if own else Fraction(0)
        recorded = [rule for rule in indicator.rules if not rule.of and records.typed(unit, RECORDS, rule)]
        points, entries = self.facts_points(source, recorded, records, unit, RECORDS)
        if points is None or records.unreadable(unit, RECORDS, indicator.name):
            return None
        figure = self._hold(indicator, sum(known, Fraction(0)) + points, own)
        if len(own) > 1 or entries:
            laid = f"，平时记录 {signed(points)}" if entries else ""
            words = f"{indicator.name} {plain(figure)} 分（满分 {plain(Fraction(indicator.full or 0))}{laid}）"
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

    def _hold(self, indicator: Indicator, figure: Fraction, things: Sequence[Thing]) -> Fraction:
        """Hold an indicator between its bounds, after bringing what applies to the stated full mark (`scaled`)."""
        full = Fraction(indicator.full or 0)
        applying = sum((thing.full for thing in things), Fraction(0))
        if indicator.scaled and applying:
            figure = figure * full / applying
        low, high = own_limit(indicator.minimum, Fraction(0)), own_limit(indicator.maximum, full)
        figure = figure if low is None else max(figure, low)
        return figure if high is None else min(figure, high)

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
            totals.append(total)
            terms = " ＋ ".join(f"{name} {plain(figure)}" for name, figure in zip(names, known, strict=True))
            words = f"{terms} ＝ {plain(total)}"
            self.board.trail.add(unit, "source", source=outcome.source.name, figure=total, words=words)
        return totals

    def _put(self, outcome: SourceMarks) -> None:
        name = outcome.source.name
        self.board.set(name, outcome.total)
        for indicator, figures in outcome.indicators.items():
            self.board.set(f"{name}.{indicator}", figures)


def _with_sign(points: Fraction) -> str:
    return f"− {plain(-points)}" if points < 0 else f"＋ {plain(points)}"
