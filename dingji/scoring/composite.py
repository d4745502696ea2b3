"""Sources → composite: nested sources, weights, indicators with marks of their own, bonus, one rounding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from dingji.numbers import fixed, half_up, plain, signed
from dingji.scheme.model import Indicator, Scheme, Source
from dingji.scoring.board import Board, Figures
from dingji.scoring.facts import Facts
from dingji.scoring.points import limited
from dingji.scoring.sources import Scorer, SourceMarks

HUNDRED = Fraction(100)


@dataclass
class Composite:
    """A round's figures by branch: every source, the bonus, the composite before and after rounding."""

    sources: dict[str, SourceMarks] = field(default_factory=dict)
    bonus: list[Fraction] = field(default_factory=list)
    unrounded: Figures = field(default_factory=list)
    rounded: Figures = field(default_factory=list)


def compose(scheme: Scheme, board: Board, entries: pd.DataFrame, round_name: str) -> Composite:
    """Score every source of a round and put the composite together."""
    scorer = Scorer(scheme, board, entries)
    outcome = Composite()
    sources = scheme.sources_in(round_name)
    for source in _readable_order(sources):
        if source.form:
            outcome.sources[source.name] = scorer.score(source)
    for source in sources:
        if not source.form:
            outcome.sources[source.name] = _nested(source, sources, outcome.sources, board, round_name)
    _put_indicators(scheme, outcome.sources, board, round_name)
    outcome.bonus = _bonus(scheme, scorer, board)
    board.set("加分", outcome.bonus)
    top = [source for source in sources if not source.inside]
    outcome.unrounded = [_composite(scheme, top, outcome, board, place, round_name) for place in range(len(board))]
    places = scheme.rounding.places
    outcome.rounded = [None if figure is None else half_up(figure, places) for figure in outcome.unrounded]
    return outcome


def _readable_order(sources: Sequence[Source]) -> list[Source]:
    """Put surveys first: rules of other sources read their shares."""
    return sorted(sources, key=lambda source: source.main_form != "survey")


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
    return total, f"{words} ＝ {plain(total)}"


def _put_indicators(scheme: Scheme, scored: Mapping[str, SourceMarks], board: Board, round_name: str) -> None:
    """Put each indicator's composite mark on the board: its sources' marks by weight."""
    for indicator in scheme.scored:
        giving = [
            (marks.source.weight_in(round_name) or Fraction(0), marks.indicators[indicator.name])
            for marks in scored.values()
            if indicator.name in marks.indicators
        ]
        total = sum((weight for weight, _ in giving), Fraction(0))
        column: Figures = []
        for place in range(len(board)):
            figures = [(weight, figures[place]) for weight, figures in giving if weight]
            known = [(weight, figure) for weight, figure in figures if figure is not None]
            complete = len(known) == len(figures) and total
            column.append(sum((weight * figure for weight, figure in known), Fraction(0)) / total if complete else None)
        board.set(indicator.name, column)


def _composite(
    scheme: Scheme, top: Sequence[Source], outcome: Composite, board: Board, place: int, round_name: str
) -> Fraction | None:
    """Return Σ weight × source over indicators without `by`, + indicators with `by` at face value, + bonus."""
    own = [indicator for indicator in scheme.scored if indicator.by and not indicator.inside]
    parts = [
        (source.weight_in(round_name) or Fraction(0), _plain_total(source, outcome, own, place), source.name)
        for source in top
    ]
    weighted, words = _weighted(parts)
    figures = [(indicator.name, _face_value(indicator, outcome, place, round_name)) for indicator in own]
    bonus = outcome.bonus[place]
    missing = [name for name, figure in figures if figure is None]
    if weighted is None or missing:
        return None
    total = weighted + sum((figure for _, figure in figures if figure is not None), Fraction(0)) + bonus
    words += "".join(f" ＋ {name} {plain(figure)}" for name, figure in figures if figure is not None)
    words += f" ＋ 加分 {plain(bonus)}" if bonus else ""
    places = scheme.rounding.places
    rounded = half_up(total, places)
    exactly = "" if rounded == total else f"（{plain(total)} 四舍五入）"
    words = f"{words} → {fixed(rounded, places)}{exactly}"
    board.trail.add(board.units[place], "composite", figure=rounded, words=words)
    return total


def _plain_total(source: Source, outcome: Composite, own: Sequence[Indicator], place: int) -> Fraction | None:
    """Return a source's total without the indicators that count at face value."""
    marks = outcome.sources[source.name]
    total = marks.total[place]
    apart = [marks.indicators[indicator.name][place] for indicator in own if indicator.name in marks.indicators]
    return None if total is None else total - sum((figure for figure in apart if figure is not None), Fraction(0))


def _face_value(indicator: Indicator, outcome: Composite, place: int, round_name: str) -> Fraction | None:
    """Return the mark of an indicator with `by`: its sources' mean by weight, equal where none has one."""
    giving = [marks for marks in outcome.sources.values() if indicator.name in marks.indicators]
    figures = [
        (marks.source.weight_in(round_name) or Fraction(0), marks.indicators[indicator.name][place]) for marks in giving
    ]
    known = [(weight, figure) for weight, figure in figures if figure is not None]
    if not known or len(known) < len(figures):
        return None
    total = sum((weight for weight, _ in known), Fraction(0))
    if not total:
        return sum((figure for _, figure in known), Fraction(0)) / len(known)
    return sum((weight * figure for weight, figure in known), Fraction(0)) / total


def _bonus(scheme: Scheme, scorer: Scorer, board: Board) -> list[Fraction]:
    """Return every branch's bonus: approved facts, the same work once at its highest unless the standard sums."""
    rows = scorer.rows("bonus")
    facts = Facts.of(rows[rows["part"] == "fact"], scorer.rules)
    works = dict(zip(rows.index, rows["work"], strict=True))
    totals = [Fraction(0)] * len(board)
    for indicator in scheme.bonuses:
        for place, unit in enumerate(board.units):
            points, behind, words = _bonus_points(indicator, scorer, facts, works, unit)
            if behind:
                points = limited(points, indicator.minimum, indicator.maximum)
                told = f"{indicator.name}：{words} → {signed(points)} 分"
                board.trail.add(unit, "bonus", item=indicator.name, figure=points, words=told, entries=behind)
                totals[place] += points
    return totals


def _bonus_points(
    indicator: Indicator, scorer: Scorer, facts: Facts, works: Mapping[int, str], unit: str
) -> tuple[Fraction, tuple[int, ...], str]:
    by_work: defaultdict[str, list[Fraction]] = defaultdict(list)
    entries: list[int] = []
    words: list[str] = []
    for rule in indicator.rules:
        for row in facts.typed(unit, "", rule):
            points = scorer.rule_points(rule, scorer.places[unit], [row])
            if points is not None:
                by_work[works[row.entry] or f"#{row.entry}"].append(points)
                entries.append(row.entry)
                words.append(f"{rule.name}{row.typed.option} {signed(points)}")
    best = max if indicator.same_work == "highest" else (lambda points: sum(points, Fraction(0)))
    return sum((best(points) for points in by_work.values()), Fraction(0)), tuple(entries), "；".join(words)
