"""Sources → composite: nested sources, weights, indicators with marks of their own, bonus, one rounding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from dingji.numbers import fixed, half_up, plain, signed
from dingji.scheme.indicators import Indicator, Rule
from dingji.scheme.marking import sources_read
from dingji.scheme.model import Scheme, Source
from dingji.scoring.board import Board, Figures
from dingji.scoring.face_value import apart_of, faces, keys_apart, with_items
from dingji.scoring.fact_columns import put_facts
from dingji.scoring.facts import Facts
from dingji.scoring.points import limited
from dingji.scoring.sources import Scorer, SourceMarks

HUNDRED = Fraction(100)


@dataclass
class Composite:
    """A round's figures by branch: every source, the bonus, the composite before and after rounding."""

    sources: dict[str, SourceMarks] = field(default_factory=dict)
    faces: dict[str, Figures] = field(default_factory=dict)
    """What counts at face value, by the name of the indicator or the key of the item."""
    bonus: list[Fraction] = field(default_factory=list)
    unrounded: Figures = field(default_factory=list)
    rounded: Figures = field(default_factory=list)


def compose(scheme: Scheme, board: Board, entries: pd.DataFrame, round_name: str) -> Composite:
    """Score every source of a round and put the composite together."""
    scorer = Scorer(scheme, board, entries)
    outcome = Composite()
    sources = scheme.sources_in(round_name)
    board.formulas = formulas(scheme)
    put_facts(scheme, board, scorer, round_name)
    for source in _readable_order(scheme, sources):
        if source.form:
            outcome.sources[source.name] = scorer.score(source)
    for source in sorted(sources, key=lambda source: -len(_way_up(source, sources))):
        if not source.form:
            outcome.sources[source.name] = _nested(source, sources, outcome.sources, board, round_name)
    weights = effective_weights(sources, round_name)
    _put_indicators(scheme, outcome.sources, board, weights)
    outcome.faces = {key: faces(outcome.sources, weights, key, len(board)) for key in keys_apart(scheme)}
    outcome.bonus = _bonus(scheme, scorer, board)
    board.set("加分", outcome.bonus)
    outcome.unrounded = [_composite(scheme, sources, outcome, board, place, round_name) for place in range(len(board))]
    places = scheme.rounding.places
    outcome.rounded = [None if figure is None else half_up(figure, places) for figure in outcome.unrounded]
    return outcome


def formulas(scheme: Scheme) -> dict[str, str]:
    """Return what the rules that read a figure stand for where a condition reads their name."""
    return {rule.name: rule.of for indicator in scheme.indicators for rule in indicator.rules if rule.of}


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


def _way_up(source: Source, sources: Sequence[Source]) -> list[Source]:
    """Return the sources that a source is inside of, the nearest first."""
    outer = next((outer for outer in sources if outer.name == source.inside), None)
    return [outer, *_way_up(outer, sources)] if outer else []


def effective_weights(sources: Sequence[Source], round_name: str) -> dict[str, Fraction]:
    """Return every source's weight in the whole: one of 40 inside another of 60 counts 24."""
    weights = {}
    for source in sources:
        weights[source.name] = source.weight_in(round_name) or Fraction(0)
        for outer in _way_up(source, sources):
            weights[source.name] *= (outer.weight_in(round_name) or Fraction(0)) / HUNDRED
    return weights


def _nested(
    source: Source,
    sources: Sequence[Source],
    scored: Mapping[str, SourceMarks],
    board: Board,
    round_name: str,
) -> SourceMarks:
    """Return a source made of others: their figures by weight, as a share of this one."""
    inner = [part for part in sources if part.inside == source.name]
    outcome = SourceMarks(source)
    for place, unit in enumerate(board.units):
        parts = [
            (part.weight_in(round_name) or Fraction(0), scored[part.name].total[place], part.name) for part in inner
        ]
        figure, words = _weighted(parts)
        words = words if figure is None else f"{words} ＝ {plain(figure)}"
        outcome.total.append(figure)
        board.trail.add(unit, "source", source=source.name, figure=figure, words=words)
    board.set(source.name, outcome.total)
    return outcome


def _weighted(parts: Sequence[tuple[Fraction, Fraction | None, str]]) -> tuple[Fraction | None, str]:
    """Return Σ weight × figure ÷ 100 with its words; missing where a part that counts is."""
    counting = [(weight, figure, name) for weight, figure, name in parts if weight]
    missing = [name for _, figure, name in counting if figure is None]
    if missing:
        return None, f"缺 {'、'.join(missing)}"
    terms = [(weight, figure, name) for weight, figure, name in counting if figure is not None]
    total = sum((weight * figure for weight, figure, _ in terms), Fraction(0)) / HUNDRED
    words = " ＋ ".join(f"{name} {plain(figure)}×{plain(weight)}%" for weight, figure, name in terms)
    return total, words


def _put_indicators(
    scheme: Scheme, scored: Mapping[str, SourceMarks], board: Board, weights: Mapping[str, Fraction]
) -> None:
    """Put each indicator's composite mark on the board: its sources' marks by weight."""
    for indicator in scheme.scored:
        giving = [
            (weights[name], marks.indicators[indicator.name])
            for name, marks in scored.items()
            if indicator.name in marks.indicators
        ]
        total = sum((weight for weight, _ in giving), Fraction(0))
        column: Figures = []
        for place in range(len(board)):
            figures = [(weight, figures[place]) for weight, figures in giving if weight]
            known = [(weight, figure) for weight, figure in figures if figure is not None]
            complete = len(known) == len(figures) and total
            column.append(sum((weight * figure for weight, figure in known), Fraction(0)) / total if complete else None)
        whole = with_items(indicator, column, scored, weights, total)
        board.set(indicator.name, board.where(indicator.only_for, whole))


def _composite(
    scheme: Scheme, sources: Sequence[Source], outcome: Composite, board: Board, place: int, round_name: str
) -> Fraction | None:
    """Return Σ weight × source over indicators without `by`, + indicators with `by` at face value, + bonus."""
    weights = effective_weights(sources, round_name)
    parts: list[tuple[Fraction, Fraction | None, str]] = []
    for source in (source for source in sources if not source.inside):
        total = outcome.sources[source.name].total[place]
        apart = apart_of(source, sources, outcome.sources, outcome.faces, place, round_name)
        parts.append((weights[source.name], None if total is None else total - apart, source.name))
    weighted, words = _weighted(parts)
    figures = [(name, outcome.faces[key][place]) for key, name in keys_apart(scheme).items()]
    known = [(name, figure) for name, figure in figures if figure is not None]
    if weighted is None or len(known) < len(figures):
        return None
    bonus = outcome.bonus[place]
    terms = [words, *(f"{name} {plain(figure)}" for name, figure in known), f"加分 {plain(bonus)}" if bonus else ""]
    total = weighted + sum((figure for _, figure in known), Fraction(0)) + bonus
    limit = limited(total, scheme.minimum, scheme.maximum)
    rounded, told = half_up(limit, scheme.rounding.places), " ＋ ".join(term for term in terms if term)
    told += "" if limit == total else f" ＝ {plain(total)}，以 {plain(limit)} 为限"
    told += f" → {fixed(rounded, scheme.rounding.places)}"
    told += "" if rounded == limit else f"（{plain(limit)} 四舍五入）"
    board.trail.add(board.units[place], "composite", figure=rounded, words=told)
    return limit


def _bonus(scheme: Scheme, scorer: Scorer, board: Board) -> list[Fraction]:
    """Return every branch's bonus: approved facts, the same work once at its highest unless the standard sums."""
    rows = scorer.rows("bonus")
    facts = Facts.of(rows[rows["part"] == "fact"], scorer.rules)
    works = dict(zip(rows.index, rows["work"], strict=True))
    totals = [Fraction(0)] * len(board)
    for indicator in scheme.bonuses:
        for place, unit in enumerate(board.units):
            claims = list(_claims(indicator, scorer, facts, works, unit))
            if claims and board.applies(indicator.only_for, place):
                points = limited(_bonus_points(indicator, claims), indicator.minimum, indicator.maximum)
                told = "；".join(f"{claim.rule.name}{claim.option} {signed(claim.points)}" for claim in claims)
                told = f"{indicator.name}：{told} → {signed(points)} 分"
                entries = tuple(claim.entry for claim in claims)
                board.trail.add(unit, "bonus", item=indicator.name, figure=points, words=told, entries=entries)
                totals[place] += points
    return totals


@dataclass(frozen=True)
class _Claim:
    """One approved row of 加分申报; `work` is "" where it names none."""

    rule: Rule
    option: str
    points: Fraction
    work: str
    entry: int


def _claims(
    indicator: Indicator, scorer: Scorer, facts: Facts, works: Mapping[int, str], unit: str
) -> Iterator[_Claim]:
    for rule in indicator.rules:
        for row in facts.typed(unit, "", rule):
            points = scorer.rule_points(rule, scorer.places[unit], [row])
            if points is not None:
                yield _Claim(rule, row.typed.option, points, works[row.entry], row.entry)


def _bonus_points(indicator: Indicator, claims: Sequence[_Claim]) -> Fraction:
    """Return the points of what counts: of each work its highest, then each rule within its own limits."""
    by_work: defaultdict[str, list[_Claim]] = defaultdict(list)
    for claim in claims:
        by_work[claim.work or f"#{claim.entry}"].append(claim)
    highest = indicator.same_work == "highest"
    by_rule: defaultdict[str, Fraction] = defaultdict(Fraction)
    for same in by_work.values():
        for claim in [max(same, key=lambda claim: claim.points)] if highest else same:
            by_rule[claim.rule.name] += claim.points
    limits = {rule.name: (rule.minimum, rule.maximum) for rule in indicator.rules}
    return sum((limited(points, *limits[name]) for name, points in by_rule.items()), Fraction(0))
