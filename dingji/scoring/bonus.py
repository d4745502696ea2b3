"""The bonus: approved claims, the same work once at its highest unless the standard sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dingji.comparing import wording
from dingji.exact import Exact, Mask, Places, total
from dingji.scheme.indicators import Indicator, Rule
from dingji.scoring.facts import Facts
from dingji.scoring.points import limited
from dingji.scoring.ruled import Ground, note_amounts, points_by
from dingji.scoring.same_work import Singly
from dingji.scoring.trail import Grouped, Groups


@dataclass(frozen=True, eq=False)
class Claims:
    """The claims of an indicator, a row each: of which branch and rule, what was told, its points by itself."""

    facts: Facts
    rows: Places
    rule: Places
    branch: Places
    alone: Exact
    counts: Mask
    """Whether the claim counts, or another of the same work does instead."""

    def of(self, number: int) -> Places:
        """Return the claims under a rule that count."""
        return np.flatnonzero((self.rule == number) & self.counts)


def bonus_points(ground: Ground) -> Exact:
    """Return every branch's bonus, each bonus indicator traced."""
    facts = Facts.of(ground.entered.rows("bonus", "fact"), ground.rules)
    bonus = Exact.constant(0, len(ground.board))
    for indicator in ground.scheme.bonuses if len(facts) else ():
        claims = _claims(ground, indicator, facts)
        columns = [_given(ground, rule, claims, number) for number, rule in enumerate(indicator.rules)]
        points = limited(total(columns, len(ground.board)), indicator.minimum, indicator.maximum)
        bonus = bonus + _traced(ground, indicator, claims, points)
    return bonus


def _claims(ground: Ground, indicator: Indicator, facts: Facts) -> Claims:
    """Return the claims of the branches for which an indicator is, without those whose points cannot be told."""
    found = Singly.of(ground, indicator, facts)
    for number, rule in enumerate(indicator.rules):
        rows = found.rows[found.rule == number]
        note_amounts(ground, rule, facts, rows, np.arange(len(rows)), facts.rows.branch[rows])
    branch = facts.rows.branch[found.rows]
    kept = np.flatnonzero(found.points.known & ground.board.applies(indicator.only_for)[branch])
    found = Singly(found.rows[kept], found.rule[kept], found.points.take(kept))
    counts = np.ones(len(kept), bool)
    if indicator.same_work == "highest":
        works = [wording(work) for work in facts.rows.texts("work")[found.rows].tolist()]
        counts = ~found.outdone(branch[kept], works)
    return Claims(facts, found.rows, found.rule, branch[kept], found.points, counts)


def _given(ground: Ground, rule: Rule, claims: Claims, number: int) -> Exact:
    """Return what a rule gives each branch: its rows added up, within its limits; what counts once does so each time.

    Every claim is a work of its own unless two of them say that they are the same.
    """
    own, size = claims.of(number), len(ground.board)
    if rule.told_once:
        return limited(claims.alone.take(own).by(claims.branch[own], size), rule.minimum, rule.maximum)
    told, branch = claims.facts.told.take(claims.rows[own]), claims.branch[own]
    there = np.bincount(branch, minlength=size) > 0
    return points_by(ground, rule, told, branch, ground.board.every).where(there, 0)


def _traced(ground: Ground, indicator: Indicator, claims: Claims, points: Exact) -> Exact:
    """Keep how an indicator's bonus came about, for the branches that claim one."""
    size = len(ground.board)
    groups = Groups.of(claims.branch, size)
    entries = Groups(claims.facts.rows.entry[claims.rows[groups.rows]], groups.starts)
    rules: Sequence[Rule] = [indicator.rules[number] for number in claims.rule.tolist()]
    works = claims.facts.rows.texts("work")[claims.rows]
    told = claims.facts.told.take(claims.rows)
    given = Grouped(groups, (list(rules), told.figure, told.option, told.amount, claims.alone, works, claims.counts))
    ground.board.trace(
        "bonus", groups.counts > 0, "bonus", item=indicator.name, figure=points, behind=entries, name=indicator.name,
        claims=given, points=points,
    )  # fmt: skip
    return points.where(groups.counts > 0, Fraction(0))
