"""同一工作: of what one piece of work gave points for several times, the row that counts by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dingji.comparing import wording
from dingji.exact import Exact, Mask, Places
from dingji.scheme.indicators import Indicator
from dingji.scoring.facts import Facts
from dingji.scoring.ruled import Ground, points_by


@dataclass(frozen=True, eq=False)
class Singly:
    """Rows of facts under the rules of an indicator, each as if it stood alone: the row, its rule, its points."""

    rows: Places
    rule: Places
    points: Exact

    @classmethod
    def of(cls, ground: Ground, indicator: Indicator, facts: Facts) -> Singly:
        """Reckon every row that could be read."""
        rows, of_rule, points = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)], [Exact.constant(0, 0)]
        for number, rule in enumerate(indicator.rules):
            own = facts.typed(rule) if rule.way and not rule.of else np.zeros(0, np.intp)
            rows.append(own)
            of_rule.append(np.full(len(own), number))
            alone = np.arange(len(own))
            points.append(points_by(ground, rule, facts.told.take(own), alone, facts.rows.branch[own]))
        return cls(np.concatenate(rows), np.concatenate(of_rule), Exact.joined(points))

    def outdone(self, owners: Places, works: list[str]) -> Mask:
        """Say which rows another one of the same owner and work outdoes: by more points, added or taken; or the first.

        One whose points cannot be told outdoes nothing, and stays.
        """
        found = np.zeros(len(self.rows), bool)
        best: dict[tuple[int, str], int] = {}
        sizes = abs(self.points).fractions()
        for place, (owner, work) in enumerate(zip(owners.tolist(), works, strict=True)):
            size = sizes[place]
            if not work or size is None:
                continue
            first = best.setdefault((owner, work), place)
            lesser = place if size <= (sizes[first] or 0) else first
            if first != place:
                found[lesser] = True
                best[owner, work] = first if lesser == place else place
        return found


def once_a_work(ground: Ground, facts: Facts) -> Facts:
    """Return facts of which those count by themselves that the standard counts once a work, by branch and rater."""
    if not facts.rows.are("work", "").all() and len(facts):
        works = np.array([wording(work) for work in facts.rows.texts("work").tolist()], object)
        for indicator in ground.scheme.indicators:
            if indicator.same_work == "highest":
                alone = Singly.of(ground, indicator, facts)
                lesser = alone.outdone(facts.pairs[alone.rows], works[alone.rows].tolist())
                facts = replace(facts, outdone=np.union1d(facts.outdone, alone.rows[lesser]))
    return facts
