"""Sources → composite: nested sources, weights, what counts at face value, bonus, one rounding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial

import numpy as np

from dingji.exact import Exact, total
from dingji.scheme.indicators import Indicator
from dingji.scheme.marking import item_key, sources_read, typed_rules
from dingji.scheme.model import Scheme, Source
from dingji.scheme.who_marks import items_apart
from dingji.scoring.board import Board
from dingji.scoring.bonus import bonus_points
from dingji.scoring.composed import Composite
from dingji.scoring.entered import Entered
from dingji.scoring.facts import Facts, fact_column, otherwise_column, rules_by_name
from dingji.scoring.marks import facts_of, no_facts, records_of
from dingji.scoring.points import limited
from dingji.scoring.ruled import Ground
from dingji.scoring.sources import SourceMarks, score_source
from dingji.scoring.weights import HUNDRED, effective_weights, way_up, weight_of
from dingji.scoring.worked_composite import work_composite, work_nested, work_over


def compose(
    scheme: Scheme, board: Board, entered: Entered, round_name: str, more: Mapping[str, Exact] | None = None
) -> Composite:
    """Score every source of a round and put the composite together.

    `more`: what is supposed to be laid on the totals of sources, by name (`supposing`).
    """
    ground = Ground(scheme, board, entered, rules_by_name(scheme))
    sources = scheme.sources_in(round_name)
    board.formulas = formulas(scheme)
    _offer_facts(ground, sources)
    ordered = (source for source in _readable_order(scheme, sources) if source.form)
    scored = {source.name: _supposed(board, score_source(ground, source), more or {}) for source in ordered}
    for source in sorted(sources, key=lambda source: -len(way_up(source, sources))):
        if not source.form:
            scored[source.name] = _nested(source, sources, scored, board, round_name)
    weights = effective_weights(board, sources, round_name)
    _put_indicators(ground, scored, weights)
    faces = {key: _face(scored, weights, key, len(board)) for key in keys_apart(scheme)}
    bonus = bonus_points(ground)
    board.set("加分", bonus)
    return _composite(ground, Composite(scored, bonus, bonus, bonus, faces), sources, round_name)


def _supposed(board: Board, marks: SourceMarks, more: Mapping[str, Exact]) -> SourceMarks:
    """Return a source's marks with what is supposed to be laid on its total, which conditions read too."""
    if (laid := more.get(marks.source.name)) is not None:
        marks.total = marks.total + laid
        board.set(marks.source.name, marks.total)
    return marks


def formulas(scheme: Scheme) -> dict[str, str]:
    """Return what the rules that read a figure stand for where a condition reads their name."""
    return {rule.name: rule.of for indicator in scheme.indicators for rule in indicator.rules if rule.of}


def _offer_facts(ground: Ground, sources: Iterable[Source]) -> None:
    """Offer every rule's fact as `来源.规则`, and under its bare name that of the last source that has it."""
    size, entered = len(ground.board), ground.entered
    for rule in (rule for _, rule in ground.rules.values() if rule.missing is not None and not rule.of):
        ground.board.offer(rule.name, partial(otherwise_column, rule, size))
    for source in sources:
        records = records_of(ground, source)
        typed = facts_of(ground, source) if source.main_form else no_facts(ground)
        for _, rule in typed_rules(ground.scheme, source):
            if rule.missing is not None:
                ground.board.offer(f"{source.name}.{rule.name}", partial(otherwise_column, rule, size))
        for name in {*typed.rule.tolist(), *records.rule.tolist()} & set(ground.rules):
            made = partial(fact_column, ground.rules[name][1], size, typed, records)
            ground.board.offer(f"{source.name}.{name}", made)
            ground.board.offer(name, made)
        _put_heads(ground, source)
    bonus = Facts.of(entered.rows("bonus", "fact"), ground.rules)
    for rule in (rule for indicator in ground.scheme.bonuses for rule in indicator.rules):
        ground.board.offer(rule.name, partial(fact_column, rule, size, bonus, None))


def _put_heads(ground: Ground, source: Source) -> None:
    """Put the counts of a form's head on the board (`自评.赞成`), several sessions added up."""
    rows = ground.entered.rows(source.main_form or "-", "head", source.name)
    rows = rows.keep(rows.known())
    for label in dict.fromkeys(rows.texts("rule").tolist()):
        own, size = rows.keep(rows.are("rule", label)), len(ground.board)
        there = np.bincount(own.branch, minlength=size) > 0
        ground.board.set(f"{source.name}.{label}", own.figures().by(own.branch, size).where(there, None))


def _readable_order(scheme: Scheme, sources: Sequence[Source]) -> list[Source]:
    """Put a source after those that its rules read: surveys first, for others read their shares."""
    waiting = sorted(sources, key=lambda source: source.main_form != "survey")
    reads = {source.name: sources_read(scheme, source) for source in sources}
    ordered: list[Source] = []
    while waiting:
        unread = {source.name for source in waiting}
        free = (source for source in waiting if not (reads[source.name] & unread) - {source.name})
        ordered.append(next(free, waiting[0]))
        waiting.remove(ordered[-1])
    return ordered


def _parts(figure: Exact, weight: Exact) -> Exact:
    """Return figures by weight; what has no weight counts nothing, whether or not its figure is there."""
    return figure.where(~weight.same(0), 0) * weight


def _shown(weight: Exact, size: int) -> Fraction | Exact | None:
    """Return a weight as a sentence takes it: one for all, or a column."""
    return weight.at(0) if len(weight) == 1 else weight.wide(size)


def _nested(
    source: Source, sources: Sequence[Source], scored: Mapping[str, SourceMarks], board: Board, round_name: str
) -> SourceMarks:
    """Return a source made of others: their figures by weight, as a share of this one."""
    inner = [part for part in sources if part.inside == source.name]
    terms = [(part.name, scored[part.name].total, weight_of(board, part, round_name)) for part in inner if part.counts]
    figure = _weighted(terms, len(board))
    told = tuple((name, own, _shown(weight, len(board))) for name, own, weight in terms)
    board.trace("source", board.every, "nested", source.name, figure=figure, terms=told, whole=figure)
    work_nested(board, source, figure, {name: weight for name, _, weight in terms})
    board.set(source.name, figure)
    return SourceMarks(source, figure)


def _weighted(terms: Iterable[tuple[str, Exact, Exact]], size: int) -> Exact:
    """Return Σ weight × figure ÷ 100; missing where a figure is."""
    return total((_parts(figure, weight) for _, figure, weight in terms), size) / HUNDRED


# --- indicators, and what counts at face value ------------------------------------------------------------


def _put_indicators(ground: Ground, scored: Mapping[str, SourceMarks], weights: Mapping[str, Exact]) -> None:
    """Put each indicator's composite mark on the board: its sources' marks by weight."""
    size = len(ground.board)
    for indicator in ground.scheme.scored:
        marks = {
            name: own.indicators[indicator.name] for name, own in scored.items() if indicator.name in own.indicators
        }
        whole = total((weights[name] for name in marks), 1).wide(size)
        terms = (_parts(marks[name], weights[name]) for name in marks)
        column = total(terms, size) / whole
        if indicator.by:  # at face value, also of sources without a weight
            column = column.where(~whole.same(0), _face(scored, weights, indicator.name, size))
        column = _with_items(indicator, column, scored, weights, whole)
        applies = ground.board.applies(indicator.only_for)
        ground.board.set(indicator.name, column.where(applies, None))
        work_over(ground, indicator, column, {name: weights[name] for name in marks}, applies)
        told = tuple((own.name, marks[own.name]) for own in ground.scheme.sources if own.name in marks)
        ground.board.trace(
            "indicator", applies if told else [], "over_sources", item=indicator.name, figure=column,
            name=indicator.name, full=indicator.full, held=column, terms=told,
        )  # fmt: skip


def _with_items(
    indicator: Indicator,
    column: Exact,
    scored: Mapping[str, SourceMarks],
    weights: Mapping[str, Exact],
    whole: Exact,
) -> Exact:
    """Return an indicator's composite marks with its items that say who marks them at face value, not by weight."""
    for key in [item_key(item) for item in items_apart(indicator)]:
        own = [(weights[name], marks.items[key]) for name, marks in scored.items() if key in marks.items]
        known = (figure.where(figure.known, 0) * weight for weight, figure in own)
        column = column - total(known, len(column)) / whole + _face(scored, weights, key, len(column))
    return column


def keys_apart(scheme: Scheme) -> dict[str, str]:
    """Return what counts at face value, by key, with how it is told: indicators and items that say who marks them."""
    top = [indicator for indicator in scheme.scored if not indicator.inside]
    indicators = {indicator.name: indicator.name for indicator in top if indicator.by}
    items = [(indicator, item) for indicator in scheme.scored for item in items_apart(indicator)]
    return indicators | {item_key(item): f"{indicator.name}第{item.no}项" for indicator, item in items}


def _face(scored: Mapping[str, SourceMarks], weights: Mapping[str, Exact], key: str, size: int) -> Exact:
    """Return the marks at face value of an indicator or item: its sources' mean by weight, equal where none has one."""
    giving = [(weights[name], own) for name, marks in scored.items() if (own := marks.own(key)) is not None]
    if not giving:
        return Exact.constant(None, size)
    whole = total((weight for weight, _ in giving), 1)
    none = whole.same(0)
    parts = ((Exact.constant(1).where(none, weight), own) for weight, own in giving)
    return total((own * weight for weight, own in parts), size) / Exact.constant(len(giving)).where(none, whole)


def _apart(board: Board, source: Source, sources: Sequence[Source], outcome: Composite, round_name: str) -> Exact:
    """Return how much of a source's total comes from indicators and items that count at face value."""
    own = [figure for key in outcome.faces if (figure := outcome.sources[source.name].own(key)) is not None]
    apart = total((figure.where(figure.known, 0) for figure in own), len(board))
    for part in (part for part in sources if part.inside == source.name):
        inner = _apart(board, part, sources, outcome, round_name)
        apart = apart + inner * weight_of(board, part, round_name) / HUNDRED
    return apart


# --- the composite ----------------------------------------------------------------------------------------


def _composite(ground: Ground, outcome: Composite, sources: Sequence[Source], round_name: str) -> Composite:
    """Return Σ weight × source over indicators without `by`, + indicators with `by` at face value, + bonus."""
    scheme, board, size = ground.scheme, ground.board, len(ground.board)
    terms = []
    for source in (source for source in sources if not source.inside and source.counts):
        figure = outcome.sources[source.name].total - _apart(board, source, sources, outcome, round_name)
        terms.append((source.name, figure, weight_of(board, source, round_name)))
    plain = _weighted(terms, size) + total(outcome.faces.values(), size)
    outcome.summed = summed = plain + outcome.bonus
    outcome.plain = limited(plain, scheme.minimum, scheme.maximum)
    outcome.unrounded = limited(summed, scheme.minimum, scheme.maximum)
    outcome.rounded = outcome.unrounded.half_up(scheme.rounding.places)
    work_composite(ground, outcome, sources, round_name)
    named, told = keys_apart(scheme), tuple((name, figure, _shown(weight, size)) for name, figure, weight in terms)
    board.trace(
        "composite", summed.known, "composite", figure=outcome.rounded, terms=told, bonus=outcome.bonus,
        faces=tuple((named[key], face) for key, face in outcome.faces.items()), total=summed, limit=outcome.unrounded,
        rounded=outcome.rounded, places=scheme.rounding.places,
    )  # fmt: skip
    return outcome
