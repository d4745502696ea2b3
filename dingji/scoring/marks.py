"""Marks: those that were typed, those that rules compute, and how several raters' become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dingji.exact import Exact, Places
from dingji.scheme.marking import Thing, things_of
from dingji.scheme.model import Source
from dingji.scheme.names import RATED
from dingji.scoring.entered import Rows, Words
from dingji.scoring.facts import Facts
from dingji.scoring.ruled import Ground, Judges, Ruled, ruled
from dingji.scoring.same_work import once_a_work
from dingji.scoring.survey import Split
from dingji.scoring.trail import Grouped, Groups

COUNTING = ("typed", "blank", "refused", "disputed")
"""States of a mark that was asked for; one that is not typed is missing."""


@dataclass(frozen=True, eq=False)
class Marks:
    """Marks of one thing, a row each: of which branch, by whom, the figure; `ruled` where rules computed it."""

    branch: Places
    rater: Words
    figure: Exact
    behind: Groups
    ruled: Ruled | None = None
    split: Split = ()
    """Of a survey, the sums and numbers of its ballots' marks by group."""


@dataclass(frozen=True, eq=False)
class Rated:
    """What the raters of a source gave: the marks of each thing, and what is needed beside them."""

    things: Sequence[Thing]
    marks: dict[str, list[Marks]]
    """By the key of the thing: first those that were typed."""
    left: dict[str, Judges]
    """Raters who left a mark to the rules, by the key of the thing."""
    facts: Facts
    """Facts beside the marks; of a source without a form of its own, 平时记录."""


def rated(ground: Ground, source: Source, *, ballots: bool = False) -> Rated:
    """Gather the marks of a source with those that rules compute; `ballots`: typed marks are counted elsewhere."""
    things = things_of(ground.scheme, source)
    rows = ground.entered.rows(source.main_form or "-", "mark", source.name)
    facts = once_a_work(ground, facts_of(ground, source))
    own = rows.coded("item", [thing.key for thing in things])
    counting, to_rules = rows.are("state", *COUNTING), rows.are("state", "rules")
    places = range(0 if ballots else len(things))
    marks: dict[str, list[Marks]] = {thing.key: [] for thing in things}
    for place in places:
        marks[things[place].key].append(typed_marks(rows.keep((own == place) & counting)))
    left = {}
    for place, thing in enumerate(things if source.main_form != "self" else ()):
        pairs = rows.keep((own == place) & to_rules).pairs()
        if len(pairs):
            left[thing.key] = Judges.of(ground.entered, pairs)
    found = Rated(things, marks, left, facts)
    if source.main_form != "self":
        _compute(ground, source, found)
    return found


def facts_of(ground: Ground, source: Source) -> Facts:
    """Return the facts that a source's marks are reckoned from: those on its own form, else 平时记录."""
    if not source.main_form:
        return records_of(ground, source)
    return Facts.of(ground.entered.rows(source.main_form, "fact", source.name), ground.rules)


def records_of(ground: Ground, source: Source, *, own_form: bool = False) -> Facts:
    """Return the facts of 平时记录 that count in a source; `own_form`: only where it has a form of its own too."""
    if "records" not in source.form or (own_form and not source.main_form):
        return no_facts(ground)
    return Facts.of(ground.entered.rows("records", "fact"), ground.rules)


def no_facts(ground: Ground) -> Facts:
    """Return facts of nobody."""
    return Facts.of(ground.entered.rows("-", "fact"), ground.rules)


def typed_marks(rows: Rows) -> Marks:
    """Return marks as typed; blank and refused ones are missing."""
    figure = rows.figures().where(rows.are("state", "typed"), None)
    return Marks(rows.branch, rows.texts("rater"), figure, Groups.single(rows.entry))


def _compute(ground: Ground, source: Source, found: Rated) -> None:
    """Add the marks that rules compute.

    They are: those left to the rules, with `rules` every mark of those whose duty gives it, and those that nobody types
    because they read figures or 平时记录 only.
    """
    nobody = Judges.nobody(ground.entered)
    none = no_facts(ground)
    for thing in found.things:
        if thing.key in found.left:
            _add(ground, source, thing, found, found.facts, found.left[thing.key])
    if source.marks == "rules" and source.main_form:
        _judge(ground, source, found)
    for thing in found.things:
        if thing.filled or (thing.ruled and not source.main_form):
            _add(ground, source, thing, found, none if source.main_form else found.facts, nobody)


def _judge(ground: Ground, source: Source, found: Rated) -> None:
    """Add every mark of the raters who judge a branch by its facts alone."""
    limited = [judges.pairs for judges in found.left.values()]
    pairs = found.facts.judges
    judges = Judges.of(ground.entered, pairs[~np.isin(pairs, np.concatenate([*limited, pairs[:0]]))])
    turn = ground.board.trail.turn()
    for thing in found.things:
        if thing.ruled and not thing.filled:
            _add(ground, source, thing, found, found.facts, judges, turn)


def _add(
    ground: Ground, source: Source, thing: Thing, found: Rated, facts: Facts, judges: Judges, turn: int | None = None
) -> None:
    made = ruled(ground, source, thing, facts, judges, turn)
    found.marks[thing.key].append(Marks(judges.branch, judges.rater, made.figure, made.behind, made))


# --- several raters' as one -------------------------------------------------------------------------------


def combined(ground: Ground, source: Source, thing: Thing, marks: Sequence[Marks]) -> Exact:
    """Combine the raters' marks of one thing by branch; missing where one is, or too few marked."""
    turn = ground.board.trail.turn()
    for part in marks:
        _trace_marks(ground, source, thing, part, turn)
    branch = np.concatenate([np.zeros(0, np.intp), *(part.branch for part in marks)])
    figures = Exact.joined([part.figure for part in marks])
    least = source.min_raters if source.main_form in RATED else 1
    found, groups = combine(source, figures, branch, len(ground.board))
    found = found.where(groups.counts >= least, None)
    ground.board.trace(
        "combined", found.known & (groups.counts > 1), "combined", source.name, item=thing.key, figure=found,
        label=thing.spoken, given=Grouped(groups, figures), raters=source, total=found, once=_told_once(thing, marks),
    )  # fmt: skip
    return found


def _told_once(thing: Thing, marks: Sequence[Marks]) -> bool:
    """Say whether marks are reckoned by rules of which one counts once."""
    return any(part.ruled for part in marks) and any(rule.told_once for rule in thing.rules)


def _trace_marks(ground: Ground, source: Source, thing: Thing, marks: Marks, turn: int) -> None:
    how = (marks.ruled.base, marks.ruled.points, marks.ruled.ratio) if marks.ruled else None
    met, items = (tuple(marks.ruled.met), tuple(marks.ruled.items)) if marks.ruled else ((), ())
    voices = source.main_form == "survey" and not thing.filled
    ground.board.trace(
        "mark", np.arange(len(marks.branch)), "mark", source.name, branches=marks.branch, rater=marks.rater,
        item=thing.key, figure=marks.figure, behind=marks.behind, turn=turn, label=thing.spoken, full=thing.full,
        marked=marks.figure, how=how, met=met, split=marks.split if voices else None, items=items,
    )  # fmt: skip


def combine(source: Source, figures: Exact, owners: Places, size: int) -> tuple[Exact, Groups]:
    """Combine figures by owner: mean or median, after `trim` off each end from `trim_from` figures up.

    Missing where a figure is, and where there is none. Returns also the rows of each owner.
    """
    groups = Groups.of(owners, size)
    counts = groups.counts
    trim_from = source.trim_from if source.trim_from is not None else 2 * source.trim + 1
    cut = np.where((counts >= trim_from) & (counts > 1), source.trim, 0)
    kept = counts - 2 * cut
    if source.combine != "median" and not source.trim:
        return figures.by(owners, size) / Exact.parts(counts, 1), groups
    ranks = _ranks(figures, owners, groups)
    low, high = cut, counts - cut
    if source.combine == "median":
        low, high = cut + (kept - 1) // 2, cut + kept // 2 + 1
    picked = (ranks >= low[owners]) & (ranks < high[owners])
    complete = figures.by(owners, size).known
    sums = figures.take(picked).by(owners[picked], size) / Exact.parts(np.bincount(owners[picked], minlength=size), 1)
    return sums.where(complete, None), groups


def _ranks(figures: Exact, owners: Places, groups: Groups) -> Places:
    """Return each figure's rank among those of its owner, the lowest 0."""
    by_figure = np.argsort(figures.keys, kind="stable")
    order = by_figure[np.argsort(owners[by_figure], kind="stable")]
    ranks = np.empty(len(owners), np.intp)
    ranks[order] = np.arange(len(owners)) - np.repeat(groups.starts[:-1], groups.counts)
    return ranks
