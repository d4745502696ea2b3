"""What each source gives: raters' marks combined, records laid on, indicators and totals summed and bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from dingji.exact import Exact, Mask, total, where
from dingji.scheme.indicators import Indicator
from dingji.scheme.marking import Thing, headings, inside, item_key, things_of
from dingji.scheme.model import Source
from dingji.scheme.names import UNREPORTED, form_title, source_heading
from dingji.scheme.totals import full_for
from dingji.scheme.who_marks import full_within, items_apart
from dingji.scoring.ballots import Survey, count
from dingji.scoring.facts import Facts
from dingji.scoring.laid import added_to, recorded
from dingji.scoring.marks import Marks, Rated, combined, rated, records_of
from dingji.scoring.rests import Rest, loose_rules, rests
from dingji.scoring.ruled import Ground
from dingji.scoring.survey import mark_means, mark_split, put_survey
from dingji.scoring.worked import OPTIONS, SOURCE, Of, Part, Stated, added
from dingji.scoring.worked_sources import Reckoning, limits_of, marks_of, sum_of_indicators, work_thing


@dataclass
class SourceMarks:
    """A source's figures by branch: its indicators, the total that it gives, and what a survey counted."""

    source: Source
    total: Exact
    indicators: dict[str, Exact] = field(default_factory=dict)
    items: dict[str, Exact] = field(default_factory=dict)
    """Marks of items that say themselves who marks them, by the key of the item."""
    laid: dict[str, Exact] = field(default_factory=dict)
    """What 平时记录 add to those."""
    survey: Survey | None = None
    option_scores: Exact | None = None
    """A survey's mean of option points."""
    absent: Mask | None = None
    """Whose form never came, where the standard counts a figure for it."""

    def own(self, key: str) -> Exact | None:
        """Return the marks of an indicator (by name) or of an item that says who marks it (by key)."""
        return self.indicators.get(key, self.items.get(key))


def score_source(ground: Ground, source: Source) -> SourceMarks:
    """Score a source that has a form of its own, and put its marks on the board under its name."""
    size = len(ground.board)
    board, outcome = ground.board, SourceMarks(source, Exact.constant(None, size))
    made: Part = Of(board.key(OPTIONS, source.name))
    if source.main_form == "survey":
        outcome.survey = count(ground.entered, source)
        outcome.option_scores = put_survey(ground.board, outcome.survey)
    if source.marks == "options":
        outcome.total = outcome.option_scores or outcome.total
    elif source.marks == "total":
        thing = things_of(ground.scheme, source)[0]
        outcome.total = combined(ground, source, thing, _given(ground, source, outcome.survey).marks[thing.key])
        made = marks_of(ground, source, thing)
    else:
        _indicator_marks(ground, outcome, _given(ground, source, outcome.survey))
        outcome.total, made = _sum(ground, outcome)
    absent: list[tuple[Mask | None, Part]] = []
    if source.missing is not None:
        _count_unreported(ground, outcome, Fraction(source.missing))
        absent = [(outcome.absent, Stated(f"{source.name} 没有交的按几分", Fraction(source.missing)))]
    board.work(board.key(SOURCE, source.name), source_heading(source.name), outcome.total, *absent, (None, made))
    ground.board.set(source.name, outcome.total)
    for name, figures in outcome.indicators.items():
        applies = ground.board.applies(ground.indicator(name).only_for)
        ground.board.set(f"{source.name}.{name}", figures.where(applies, None))
    return outcome


def _count_unreported(ground: Ground, outcome: SourceMarks, points: Fraction) -> None:
    """Count what the standard says for a form that never came; its parts are 0 where that is what it says."""
    board, source = ground.board, outcome.source
    absent = np.array([value is True for value in board.lookup(f"{source.name}{UNREPORTED}")], bool)
    outcome.total = Exact.constant(points).where(absent, outcome.total)
    outcome.absent = absent
    for parts in (outcome.indicators, outcome.items) if not points else ():
        parts |= {name: Exact.constant(0).where(absent, figures) for name, figures in parts.items()}
    board.trace(
        "source", absent, "unreported", source.name, figure=outcome.total, form=form_title(source),
        points=points,
    )  # fmt: skip


def _given(ground: Ground, source: Source, survey: Survey | None) -> Rated:
    """Return what raters gave; of a survey, the means of its ballots stand for one rater's marks."""
    found = rated(ground, source, ballots=survey is not None)
    for thing in found.things if survey else ():
        if survey and not thing.filled:
            figure, behind = mark_means(survey, thing.key, thing.groups), survey.behind(thing.key)
            nobody = np.full(len(ground.board), "", object)
            split = mark_split(survey, thing.key, thing.groups)
            found.marks[thing.key] = [Marks(ground.board.every, nobody, figure, behind, split=split)]
    return found


@dataclass(frozen=True, eq=False)
class Mark:
    """The raters' combined mark of a thing by branch, and what 平时记录 add to it."""

    figure: Exact
    laid: Exact

    @property
    def whole(self) -> Exact:
        """Return both together."""
        return self.figure + self.laid


# --- indicators -------------------------------------------------------------------------------------------


def _indicator_marks(ground: Ground, outcome: SourceMarks, found: Rated) -> None:
    """Sum a source's things into indicators, lay records on, and hold each within its bounds."""
    source = outcome.source
    records = records_of(ground, source, own_form=True)
    beside = rests(ground, source, found, records)
    by_thing = {
        thing.key: Mark(
            combined(ground, source, thing, found.marks[thing.key]),
            added_to(ground, source, thing, found.marks[thing.key], found.facts, records),
        )
        for thing in found.things
    }
    worked = {thing.key: work_thing(ground, source, thing, by_thing[thing.key].figure) for thing in found.things}
    apart = {item_key(item) for indicator in ground.scheme.scored for item in items_apart(indicator)}
    outcome.items = {key: mark.whole for key, mark in by_thing.items() if key in apart and source.marks == "items"}
    outcome.laid = {key: by_thing[key].laid for key in outcome.items}
    for indicator in ground.scheme.scored:
        if things := [thing for thing in found.things if thing.indicator == indicator.name]:
            rest = beside.get(indicator.name, Rest(Exact.constant(0), Exact.constant(0)))
            figure, reckoning = _indicator(ground, source, indicator, things, by_thing, rest, records)
            outcome.indicators[indicator.name] = figure
            reckoning.work(ground, source, indicator, [worked[thing.key] for thing in things], figure)
    for heading in headings(ground.scheme):
        if parts := [part for part in inside(ground.scheme, heading) if part.name in outcome.indicators]:
            outcome.indicators[heading.name] = _heading(ground, outcome, heading, parts)


def _indicator(
    ground: Ground,
    source: Source,
    indicator: Indicator,
    things: Sequence[Thing],
    by_thing: Mapping[str, Mark],
    rest: Rest,
    records: Facts,
) -> tuple[Exact, Reckoning]:
    board, size = ground.board, len(ground.board)
    applies = {thing.key: board.applies(thing.only_for) for thing in things}
    exempt = {item_key(item): ground.exempt(item) for item in indicator.items if item.exempt}
    parts = np.sum([applies[thing.key] for thing in things], axis=0)
    marks = [_or_full(thing, by_thing[thing.key].figure, exempt.get(thing.key)) for thing in things]
    marked = total((mark.where(applies[thing.key], 0) for thing, mark in zip(things, marks, strict=True)), size)
    open_ = ~ground.exempt(indicator) & (parts > 0)
    counting = {thing.key: applies[thing.key] & ~exempt.get(thing.key, np.False_) for thing in things}
    more = total((by_thing[thing.key].laid.where(counting[thing.key], 0) for thing in things), size) + rest.laid
    rules = [rule for thing in things for rule in thing.rules] + loose_rules(ground.scheme, source, indicator)
    wanted = open_ & (marked + rest.points).known
    told = recorded(ground, source, indicator, records, wanted, more, [rule for rule in rules if not rule.of])
    applying = total((where(applies[thing.key], thing.full) for thing in things), size)
    figure = _hold(ground, source, indicator, marked + rest.points + told.points, applying)
    there = told.behind.counts > 0
    board.trace(
        "combined", open_ & figure.known & ((parts > 1) | there), "indicator", source.name, item=indicator.name,
        figure=figure, behind=told.behind, name=indicator.name, full=indicator.full, held=figure, laid=told.points,
        recorded=there, merged=told.merged,
    )  # fmt: skip
    beside = added(f"{source.name} {indicator.name} 不属于各项的规则", rest.points.where(open_, 0))
    beside += added(f"{source.name} {indicator.name} 平时记录", told.points.where(open_, 0))
    exempt_ = ground.exempt(indicator)
    return (
        figure.where(open_, 0).where(~exempt_, Fraction(indicator.full or 0)),
        Reckoning(beside, open_, exempt_, applying),
    )


def _or_full(thing: Thing, marks: Exact, exempt: Mask | None) -> Exact:
    return marks if exempt is None else marks.where(~exempt, thing.full)


def _hold(ground: Ground, source: Source, indicator: Indicator, figure: Exact, applying: Exact) -> Exact:
    """Hold an indicator between its bounds, after bringing what applies to the stated full mark (`scaled`)."""
    full = Fraction(full_within(ground.scheme, source, indicator))
    if indicator.scaled:
        figure = (figure * full / applying).where(applying > 0, figure)
    return figure.held(*limits_of(ground, source, indicator))


def _heading(ground: Ground, outcome: SourceMarks, heading: Indicator, parts: Sequence[Indicator]) -> Exact:
    """Return the mark of an indicator that others are inside of: their sum, within its own bounds."""
    board, size = ground.board, len(ground.board)
    applies = [board.applies(part.only_for) for part in parts]
    marks = (outcome.indicators[part.name].where(on, 0) for part, on in zip(parts, applies, strict=True))
    fulls = [where(on, Fraction(part.full or 0)) for part, on in zip(parts, applies, strict=True)]
    figure = _hold(ground, outcome.source, heading, total(marks, size), total(fulls, size))
    own = board.applies(heading.only_for)
    board.trace(
        "combined", own & figure.known, "indicator", outcome.source.name, item=heading.name, figure=figure,
        name=heading.name, full=heading.full, held=figure, laid=None, recorded=False, merged=False,
    )  # fmt: skip
    nobody = np.zeros(size, bool)
    made = sum_of_indicators(board, outcome.source, [part.name for part in parts])
    Reckoning((), own, nobody, total(fulls, size)).work(ground, outcome.source, heading, [made], figure)
    return figure.where(own, 0)


# --- totals -----------------------------------------------------------------------------------------------


def _sum(ground: Ground, outcome: SourceMarks) -> tuple[Exact, Part]:
    """Sum a source's indicators; those inside another count in that one."""
    board, size, source = ground.board, len(ground.board), outcome.source
    names = [name for name in outcome.indicators if ground.indicator(name).inside not in outcome.indicators]
    if not names:
        return Exact.constant(None, size), sum_of_indicators(board, source, [])
    summed = total((outcome.indicators[name] for name in names), size)
    ratio = _scaling(ground, source, names)
    scaled = summed * ratio
    terms = ((name, outcome.indicators[name], board.applies(ground.indicator(name).only_for)) for name in names)
    board.trace(
        "source", summed.known, "source", source.name, figure=scaled, terms=tuple(terms), summed=summed, scaled=scaled,
        ratio=ratio, full=ground.scheme.full,
    )  # fmt: skip
    return scaled, sum_of_indicators(board, source, names, ratio if ground.scheme.scaled else None)


def _scaling(ground: Ground, source: Source, names: Sequence[str]) -> Exact:
    """Return what brings the full marks that apply to a branch to the standard's own (`scaled`)."""
    scheme, size = ground.scheme, len(ground.board)
    if not scheme.scaled:
        return Exact.constant(1, size)
    conditions = [part.only_for for indicator in scheme.indicators for part in (indicator, *indicator.items)]
    of_branch, sorts = ground.board.alike(conditions)
    items = source.marks in ("items", "rules")
    fulls = [
        sum(Fraction(full_for(scheme, ground.indicator(name), applies, items=items)) for name in names)
        for applies in sorts
    ]
    applying = Exact.of(map(Fraction, fulls)).take(of_branch)
    return (Exact.constant(Fraction(scheme.full)) / applying).where(applying > 0, 1)
