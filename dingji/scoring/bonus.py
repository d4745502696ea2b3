"""The bonus: approved claims, the same work once at its highest unless the standard sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dingji.exact import Exact
from dingji.scheme.indicators import Indicator, Rule
from dingji.scoring.facts import Facts
from dingji.scoring.points import limited
from dingji.scoring.ruled import Ground, points_by
from dingji.scoring.trail import Groups


@dataclass(frozen=True)
class Claim:
    """One approved row of 加分申报; `work` is "" where it names none."""

    branch: int
    rule: Rule
    option: str
    points: Fraction
    work: str
    entry: int


def bonus_points(ground: Ground) -> Exact:
    """Return every branch's bonus, each bonus indicator traced."""
    facts = Facts.of(ground.entered.rows("bonus", "fact"), ground.rules)
    bonus = Exact.constant(0, len(ground.board))
    for indicator in ground.scheme.bonuses if len(facts) else ():
        by_branch: defaultdict[int, list[Claim]] = defaultdict(list)
        applies = ground.board.applies(indicator.only_for)
        for claim in _claims(ground, indicator, facts):
            if applies[claim.branch]:
                by_branch[claim.branch].append(claim)
        bonus = bonus + _traced(ground, indicator, dict(sorted(by_branch.items())))
    return bonus


def _claims(ground: Ground, indicator: Indicator, facts: Facts) -> list[Claim]:
    """Return the claims whose points can be told, rule by rule."""
    works, found = facts.rows.texts("work"), []
    for rule in indicator.rules:
        rows = facts.typed(rule)
        points = points_by(ground, rule, facts, rows, np.arange(len(rows)), facts.rows.branch[rows])
        for row, given in zip(rows.tolist(), points.fractions(), strict=True):
            if given is not None:
                branch, entry = int(facts.rows.branch[row]), int(facts.rows.entry[row])
                found.append(Claim(branch, rule, str(facts.told.option[row]), given, str(works[row]), entry))
    return found


def _traced(ground: Ground, indicator: Indicator, claims: Mapping[int, Sequence[Claim]]) -> Exact:
    """Return an indicator's bonus by branch, within its limits."""
    places = np.array(list(claims), np.intp)
    points = Exact.of(_counting(indicator, own) for own in claims.values())
    points = limited(points, indicator.minimum, indicator.maximum)
    entries = np.array([claim.entry for own in claims.values() for claim in own], np.intp)
    owners = np.repeat(np.arange(len(places)), [len(own) for own in claims.values()])
    told = [[(claim.rule.name, claim.option, claim.points) for claim in own] for own in claims.values()]
    ground.board.trace(
        "bonus", np.arange(len(places)), "bonus", branches=places, item=indicator.name, figure=points,
        behind=Groups.of(owners, len(places), entries), name=indicator.name, claims=told, points=points,
    )  # fmt: skip
    return points.by(places, len(ground.board))


def _counting(indicator: Indicator, claims: Sequence[Claim]) -> Fraction:
    """Return the points of what counts: of each work its highest, then each rule within its own limits."""
    by_work: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_work[claim.work or f"#{claim.entry}"].append(claim)
    highest = indicator.same_work == "highest"
    by_rule: defaultdict[str, Fraction] = defaultdict(Fraction)
    for same in by_work.values():
        for claim in [max(same, key=lambda claim: claim.points)] if highest else same:
            by_rule[claim.rule.name] += claim.points
    rules = {rule.name: rule for rule in indicator.rules}
    held = (
        limited(Exact.constant(points), rules[name].minimum, rules[name].maximum).at(0)
        for name, points in by_rule.items()
    )
    return sum((points for points in held if points is not None), Fraction(0))
