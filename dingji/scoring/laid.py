"""平时记录 laid on raters' marks: what they add to each beside what its rater told.

What holds over all that was told, whatever form carried it, holds here: a rule that counts once, a rule's own limits,
an item's bounds, figures added up before a bound looks at them, the same work at its heaviest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dingji.exact import Exact, Mask, Places, total
from dingji.scheme.indicators import Indicator, Rule
from dingji.scheme.marking import Thing
from dingji.scheme.model import Source
from dingji.scoring.entered import Words
from dingji.scoring.facts import Facts, only_of
from dingji.scoring.marks import Marks, combine
from dingji.scoring.ruled import Ground, Judges, blocks_of, given, points_by, ratios
from dingji.scoring.same_work import once_a_work
from dingji.scoring.trail import Groups


@dataclass(frozen=True, eq=False)
class Laid:
    """What 平时记录 add to an indicator by branch, the entries behind, and whether it is less than they say alone."""

    points: Exact
    behind: Groups
    merged: Mask


@dataclass(frozen=True, eq=False)
class _Marked:
    """The marks of some branches; `by_rule`: the points of each rule where rules computed them."""

    branch: Places
    rater: Words
    figure: Exact
    by_rule: Mapping[str, Exact] | None = None

    @classmethod
    def of(cls, marks: Marks, branches: Mask) -> _Marked:
        """Take the marks of the branches for which a mask holds."""
        rows = np.flatnonzero(branches[marks.branch])
        found = cls(marks.branch[rows], marks.rater[rows], marks.figure.take(rows))
        if not marks.ruled:
            return found
        return replace(found, by_rule={name: points.take(rows) for name, points in marks.ruled.by_rule.items()})


def added_to(ground: Ground, source: Source, thing: Thing, marks: Sequence[Marks], own: Facts, records: Facts) -> Exact:
    """Return by branch what 平时记录 add to the raters' combined mark of a thing. `own`: what the raters told."""
    size = len(ground.board)
    if not len(records) or not marks:
        return Exact.constant(0, size)
    noted = np.bincount(records.rows.branch, minlength=size) > 0
    theirs = [_Marked.of(part, noted) for part in marks]
    figures = Exact.joined([part.figure for part in theirs])
    owners = np.concatenate([part.branch for part in theirs])
    more = Exact.joined([_to_each(ground, source, thing, part, own, records) for part in theirs])
    laid = combine(source, figures + more, owners, size)[0] - combine(source, figures, owners, size)[0]
    return laid.where(noted, 0)


def _to_each(ground: Ground, source: Source, thing: Thing, part: _Marked, own: Facts, records: Facts) -> Exact:
    """Return by mark what 平时记录 add to it; an item that the standard bounds takes no more than its bounds."""
    judges = Judges(ground.entered.pairs_of(part.branch, part.rater), part.branch, part.rater)
    both, size = beside(ground, own, records, judges), len(judges)
    found = Exact.constant(0, size)
    for block in (block.of(judges.branch) for block in blocks_of(ground, source, thing)):
        rules = [rule for rule in thing.rules if rule.item == block.number and not rule.of]
        before, after = (told_points(ground, rules, facts, judges) for facts in (own, both))
        start = block.base + before
        if part.by_rule is not None:
            read = [part.by_rule[rule.name] for rule in thing.rules if rule.item == block.number and rule.of]
            start = start + total(read, size)
        elif thing.number is not None:
            start = part.figure
        more = (start + (after - before)).held(block.low, block.high) - start.held(block.low, block.high)
        found = found + more.where(block.active, 0)
    return found * ratios(ground, source, thing).take(judges.branch)


def beside(ground: Ground, own: Facts, records: Facts, judges: Judges) -> Facts:
    """Return what each judge told, with 平时记录 of the branch beside; of what counts once these stand instead."""
    of_branch = Groups.of(records.rows.branch, len(ground.board))
    counts = of_branch.counts[judges.branch]
    rows, whose = of_branch.take(judges.branch).rows, np.repeat(judges.pairs, counts)
    both = own.above(records.take(rows, whose))
    recorded = np.arange(len(both)) >= len(own)
    outdone = [own.outdone]
    for rule in (rule for _, rule in ground.rules.values() if rule.told_once):
        again = both.under(rule)
        said = both.pairs[again[recorded[again] & (both.told.option[again] != "否")]]
        outdone.append(again[~recorded[again] & np.isin(both.pairs[again], said)])
    return once_a_work(ground, replace(both, outdone=np.unique(np.concatenate(outdone))))


def told_points(ground: Ground, rules: Sequence[Rule], facts: Facts, judges: Judges) -> Exact:
    """Return by judge the points of what was told under some rules; a rule of which nothing was told gives none."""
    rows, owners = only_of(facts, judges.pairs)
    size = len(judges)
    columns = []
    for rule in rules:
        typed = np.intersect1d(rows, facts.typed(rule), assume_unique=True)
        if not len(typed):
            continue
        carriers = owners[np.searchsorted(rows, typed)]
        there = np.bincount(carriers, minlength=size) > 0
        columns.append(points_by(ground, rule, facts.told.take(typed), carriers, judges.branch).where(there, 0))
    return total(columns, size)


def recorded(
    ground: Ground,
    source: Source,
    indicator: Indicator,
    records: Facts,
    wanted: Mask,
    more: Exact,
    rules: Sequence[Rule],
) -> Laid:
    """Tell what 平时记录 add to an indicator: `more`, missing where a record cannot be read."""
    everybody = Judges.nobody(ground.entered)
    there = [np.isin(everybody.pairs, records.pairs[records.typed(rule)]) for rule in rules]
    told = given(ground, source, rules, records, everybody, [wanted & has for has in there])
    readable = ~records.unreadable(everybody.pairs, indicator.name)
    alone = total(told.points, len(ground.board))
    return Laid(more.where(readable, None), told.behind, (told.behind.counts > 0) & ~more.same(alone))
