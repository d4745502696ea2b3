"""What each source gives: raters' marks combined, rules computed, records laid on, indicators and totals bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from dingji.numbers import plain, signed
from dingji.scheme.indicators import Indicator
from dingji.scheme.marking import Thing, headings, inside, item_key, own_limit, things_of
from dingji.scheme.model import Source
from dingji.scheme.names import RATED
from dingji.scheme.totals import full_for
from dingji.scheme.who_marks import full_within, items_apart
from dingji.scoring.ballots import count_survey
from dingji.scoring.board import Figures
from dingji.scoring.facts import Facts
from dingji.scoring.marks import Mark, combine_marks, held
from dingji.scoring.raters import RaterMarks
from dingji.scoring.reckoning import RECORDS
from dingji.scoring.survey import mark_mean, put_survey


@dataclass
class SourceMarks:
    """A source's figures by branch: its indicators, the total that it gives, and a survey's option scores."""

    source: Source
    indicators: dict[str, Figures] = field(default_factory=dict)
    total: Figures = field(default_factory=list)
    option_scores: Figures = field(default_factory=list)
    items: dict[str, Figures] = field(default_factory=dict)
    """Marks of items that say themselves who marks them, by the key of the item."""


@dataclass
class Scorer(RaterMarks):
    """Computes the figures of the sources for the branches of one standard, putting them on the board."""

    # --- one source ---------------------------------------------------------------------------------------

    def score(self, source: Source) -> SourceMarks:
        """Score a source that has a form of its own, and put its marks on the board under its name."""
        outcome = SourceMarks(source)
        if source.main_form == "survey":
            outcome.option_scores = self._survey_marks(source, outcome)
        elif source.marks == "total":
            outcome.total = self._combined(source, things_of(self.scheme, source)[0], self.typed(source))
        else:
            self._indicator_marks(source, outcome, self.typed(source))
        if not outcome.total:
            outcome.total = self._sum(outcome)
        self._put(outcome)
        return outcome

    def _survey_marks(self, source: Source, outcome: SourceMarks) -> Figures:
        rows = self.rows("survey", source=source.name)
        survey = count_survey(rows, source)
        scores = put_survey(survey, self.board)
        if source.marks == "options":
            outcome.total = scores
            return scores
        marks = self.typed(source)
        ballots = [thing for thing in things_of(self.scheme, source) if not thing.filled]
        for unit in self.board.units:
            for thing in ballots:
                mean = mark_mean(survey, unit, thing.key, thing.groups)
                marks[unit][thing.key] = [Mark("", mean, survey.entries.get((unit, thing.key), ()))]
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
        records = Facts.of(self.records_of(source) if source.main_form else self.entries.iloc[0:0], self.rules)
        places = range(len(self.board))
        apart = {item_key(item) for indicator in self.scheme.scored for item in items_apart(indicator)}
        outcome.items = {key: figures for key, figures in by_thing.items() if key in apart and source.marks == "items"}
        for indicator in self.scheme.scored:
            if things := [thing for thing in listed if thing.indicator == indicator.name]:
                figures = [self._indicator(source, indicator, things, by_thing, place, records) for place in places]
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
        figure = self._hold(outcome.source, heading, sum(known, Fraction(0)), applying)
        words = f"{heading.name} {plain(figure)} 分（满分 {plain(Fraction(heading.full or 0))}）"
        source, unit = outcome.source.name, self.board.units[place]
        self.board.trail.add(unit, "combined", source=source, item=heading.name, figure=figure, words=words)
        return figure

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
        if not own:
            return Fraction(0)
        marked = self._marked(indicator, own, by_thing, place)
        beside = self.beside_items.get((source.name, indicator.name))
        rest = beside[place] if beside else Fraction(0)
        if marked is None or rest is None:
            return None
        laid, entries = self._laid_on(source, indicator, records, unit)
        if laid is None:
            return None
        points = laid * self.ratio(source, own[0], place) + rest
        figure = self._hold(source, indicator, marked + points, sum((thing.full for thing in own), Fraction(0)))
        if len(own) > 1 or entries:
            told = f"，平时记录 {signed(points)}" if entries else ""
            words = f"{indicator.name} {plain(figure)} 分（满分 {plain(Fraction(indicator.full or 0))}{told}）"
            self.board.trail.add(
                unit, "combined", source=source.name, item=indicator.name, figure=figure, words=words, entries=entries
            )
        return figure

    def _marked(
        self, indicator: Indicator, own: Sequence[Thing], by_thing: Mapping[str, Figures], place: int
    ) -> Fraction | None:
        """Sum the marks of an indicator's things, those that a branch is exempt from in full; missing where one is."""
        exempt = {str(number) for number in self.exempt(indicator, place)}
        figures = [thing.full if thing.key in exempt else by_thing[thing.key][place] for thing in own]
        known = [figure for figure in figures if figure is not None]
        return sum(known, Fraction(0)) if len(known) == len(own) else None

    def _laid_on(
        self, source: Source, indicator: Indicator, records: Facts, unit: str
    ) -> tuple[Fraction | None, tuple[int, ...]]:
        """Return the points of 平时记录 for an indicator, with the entries behind; missing where one cannot be read."""
        recorded = [rule for rule in indicator.rules if not rule.of and records.typed(unit, RECORDS, rule)]
        given, entries = self.points_given(source, recorded, records, unit, RECORDS)
        laid = [points for points in given.values() if points is not None]
        unknown = len(laid) < len(given) or records.unreadable(unit, RECORDS, indicator.name)
        return None if unknown else sum(laid, Fraction(0)), entries

    def _hold(self, source: Source, indicator: Indicator, figure: Fraction, applying: Fraction) -> Fraction:
        """Hold an indicator between its bounds, after bringing what applies to the stated full mark (`scaled`)."""
        full = Fraction(full_within(self.scheme, source, indicator))
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
            ratio = self._scaling(outcome.source, names, place)
            if ratio != 1:
                total *= ratio
                words += f"，按满分 {plain(Fraction(self.scheme.full))} 折算为 {plain(total)}"
            totals.append(total)
            self.board.trail.add(unit, "source", source=outcome.source.name, figure=total, words=words)
        return totals

    def _scaling(self, source: Source, names: Sequence[str], place: int) -> Fraction:
        """Return what brings the full marks that apply to a branch to the standard's own (`scaled`)."""
        applies, items = partial(self.board.holds_at, place), source.marks in ("items", "rules")
        marked = [self.indicators[name] for name in names]
        applying = sum((Fraction(full_for(self.scheme, one, applies, items=items)) for one in marked), Fraction(0))
        return Fraction(self.scheme.full) / applying if self.scheme.scaled and applying else Fraction(1)

    def _put(self, outcome: SourceMarks) -> None:
        name = outcome.source.name
        self.board.set(name, outcome.total)
        for indicator, figures in outcome.indicators.items():
            self.board.set(f"{name}.{indicator}", self.board.where(self.indicators[indicator].only_for, figures))
