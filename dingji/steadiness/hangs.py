"""Grades that hang on one choice: rounding, one rater, one ballot, five points of weight.

Who may come to another grade is screened in floating point; each of those is scored again exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np

from dingji.exact import Mask
from dingji.scheme.conditions import Constant, Node, Operation, names_in
from dingji.scheme.model import Source
from dingji.scoring.ballots import VALID
from dingji.scoring.board import parsed
from dingji.scoring.trail import Trail
from dingji.steadiness.places import POINTS
from dingji.steadiness.ratings import Floats, Ratings
from dingji.steadiness.standing import Standing
from dingji.supposing.copies import Ask, Change, Copies, crosses, formulas_in
from dingji.supposing.moves import labelled, one_vote

MOST_TRIED: Final = 5_000
"""Tries times branches: a standard that compares branches is scored whole for each try."""


@dataclass(frozen=True)
class Hang:
    """On what a grade hangs. `kind`: rounding, rater, ballot, weight; `what`: the source and whose; the other grade."""

    kind: str
    source: str
    what: str
    grade: str


def hangs(
    standing: Standing, ratings: Mapping[str, Ratings], copies: Copies, trail: Trail
) -> dict[str, list[Hang]] | None:
    """Return on what the grades of the branches hang, by branch; None where that cannot be tried."""
    found: dict[str, list[Hang]] = {}
    if not standing.units or not standing.scheme.grades:
        return found
    if not copies.able:
        return None
    asked: list[tuple[Hang, Ask]] = [
        *_rounded(standing),
        *_without_raters(standing, ratings, copies),
        *_weighed(standing),
        *_ballots(standing, copies, trail),
    ]
    if crosses(standing.scheme) and len(asked) * len(standing.units) > MOST_TRIED:
        return None
    labels = [grade.name for grade in standing.scheme.grades]
    own = {row["unit"]: row["computed"] for row in standing.results}
    alone = sorted({unit for _, (unit, _) in asked})
    came = copies.found([*((unit, Change()) for unit in alone), *(ask for _, ask in asked)])
    before = {unit: one.rank for unit, one in zip(alone, came, strict=False)}
    for (hang, (unit, _)), one in zip(asked, came[len(alone) :], strict=True):
        if one.rank >= 0 and one.rank != before[unit] and own[unit] in labels:
            named = Hang(hang.kind, hang.source, hang.what, labels[one.rank])
            if named not in found.setdefault(unit, []):
                found[unit].append(named)
    return found


def _changing(standing: Standing, scores: Floats) -> Mask:
    """Say whose band is another with other composites."""
    changing: Mask = standing.bands(scores) != standing.bands(standing.scores)
    return changing


def _chosen(standing: Standing, where: Mask) -> Iterator[tuple[int, str]]:
    return ((place, standing.units[place]) for place in np.flatnonzero(where).tolist())


def _rounded(standing: Standing) -> Iterator[tuple[Hang, Ask]]:
    """Yield whose composite comes to another band when it is not rounded before grading, or is."""
    unit = Fraction(1, 10**standing.scheme.rounding.places)
    for code, row in zip(standing.units, standing.results, strict=True):
        exact, printed = row["unrounded"], row["composite"]
        bounds = [Fraction(grade.start) for grade in standing.scheme.grades if grade.start is not None]
        if any((exact >= bound) != (printed >= bound) for bound in bounds):
            before = standing.scheme.rounding.before_grading
            other = printed - unit if before and exact < printed else printed + unit if before else printed
            yield Hang("rounding", "", "", ""), (code, Change(composite=other))


def _without_raters(standing: Standing, ratings: Mapping[str, Ratings], copies: Copies) -> Iterator[tuple[Hang, Ask]]:
    entries = copies.basis.entries
    for name, own in ratings.items():
        rows = entries[(entries["source"] == name) & (entries["round"] == standing.round_name)]
        for place, rater in enumerate(own.raters if len(own.raters) > 1 else ()):
            changed = own.without(place)[standing.on_trail] * standing.weight_of(own.source)
            chosen = dict(_chosen(standing, _changing(standing, standing.scores + changed)))
            theirs = rows[(rows["rater"] == rater) & rows["unit"].isin(list(chosen.values()))] if chosen else rows[:0]
            labels: dict[str, list[int]] = {}
            for label, unit in zip(theirs.index.tolist(), theirs["unit"].tolist(), strict=True):
                labels.setdefault(str(unit), []).append(int(label))
            for unit, dropped in labels.items():
                yield Hang("rater", name, rater, ""), (unit, Change(dropped=tuple(dropped)))


def _weighed(standing: Standing) -> Iterator[tuple[Hang, Ask]]:
    """Yield whose band changes where one source takes five points of weight from another."""
    step = standing.part * Fraction(int(POINTS), 100)
    for name, figure, _ in standing.terms:
        for other, theirs, weight in standing.terms:
            if name == other:
                continue
            more = (figure - theirs).where(~(weight < Fraction(int(POINTS))), None) * step
            scores = standing.scores + np.nan_to_num(_floats(more))
            for place, unit in _chosen(standing, _changing(standing, scores)):
                exact = standing.results[place]["unrounded"] + (more.at(place) or Fraction(0))
                yield Hang("weight", name, other, ""), (unit, Change(composite=exact))


def _floats(column: Any) -> Floats:  # noqa: ANN401 - an exact column
    return np.where(column.known, column.top.astype(float) / column.base.astype(float), 0.0)


# --- one ballot -------------------------------------------------------------------------------------------


def _ballots(standing: Standing, copies: Copies, trail: Trail) -> Iterator[tuple[Hang, Ask]]:
    """Yield branches of which one vote may change a share's band or the composite's, with a vote moved up and down."""
    entries = copies.basis.entries
    for source in (one for one in standing.scheme.sources_in(standing.round_name) if one.questions):
        bounds, numbers = list(_bounds(standing, source)), _numbers(trail, source)
        near = [
            unit
            for unit, row in zip(standing.units, standing.results, strict=True)
            if unit in numbers and _near(standing, source, row, bounds, numbers[unit])
        ]
        asked = entries["item"].isin(list(source.questions)) & (entries["source"] == source.name)
        own = asked & (entries["round"] == standing.round_name) & entries["unit"].isin(near)
        votes: dict[str, list[dict[str, Any]]] = {}
        for row in labelled(entries[own]):
            votes.setdefault(row["unit"], []).append(row)
        for unit, rows in votes.items():
            for words, change in one_vote(source, rows):
                yield Hang("ballot", source.name, words, ""), (unit, change)


def _numbers(trail: Trail, source: Source) -> dict[str, int]:
    """Return the valid ballots of each branch."""
    found: dict[str, int] = {}
    for step in trail.steps:
        if (step.step, step.source, step.item) == ("ballots", source.name, VALID) and step.figure is not None:
            numbers = step.figure.take(step.rows).top.tolist()
            found |= {
                trail.units[place]: int(number)
                for place, number in zip(step.branches.tolist(), numbers, strict=True)
                if number
            }
    return found


def _bounds(standing: Standing, source: Source) -> Iterator[Fraction]:
    """Yield the numbers that a standard holds a survey's shares against."""
    shares = {*source.shares, *(f"{source.name}.{share}" for share in source.shares)}
    for text in formulas_in(standing.scheme):
        if shares & names_in(parsed(text)):
            yield from _constants(parsed(text))
    for rule in (rule for one in standing.scheme.indicators for rule in one.rules if rule.of):
        if shares & names_in(parsed(rule.of)):
            bands = [band.start for band in rule.bands or []]
            yield from (bound.value for bound in (*bands, rule.under, rule.over) if bound is not None)


def _constants(node: Node) -> Iterator[Fraction]:
    if isinstance(node, Constant) and isinstance(node.value, Fraction):
        yield node.value
    for part in node.parts if isinstance(node, Operation) else ():
        yield from _constants(part)


def _near(standing: Standing, source: Source, row: Mapping[str, Any], bounds: Sequence[Fraction], number: int) -> bool:
    """Say whether one of so many votes may move a share over a bound, or the composite over one."""
    shares = [row["shares"].get(share) for share in source.shares]
    near = any(abs(share - bound) <= Fraction(1, number) for share in shares if share is not None for bound in bounds)
    if near or source.marks != "options":
        return near
    points = [Fraction(value) for value in source.options.values()]
    reach = standing.weight_of(source) * float(max(points) - min(points)) / number
    score = float(row["unrounded"])
    return any(abs(score - bound) <= reach for bound in standing.starts.tolist())
