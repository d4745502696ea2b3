"""The trail: how every figure came about, from the typed cell to the grade; every explanation is a view of it.

A step is written once for all branches that it was taken for: which kind, of what, the figures, what its sentence
needs, and the entries behind each. Nothing is put into words before somebody reads it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import chain, pairwise, repeat
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from dingji.exact import Exact, Mask, Places
from dingji.scoring.sentences import SENTENCES
from dingji.scoring.worked import Worked
from dingji.tables import TRAIL, from_columns

STEPS: Mapping[str, str] = {
    "mark": "评分",  # one rater's (branch's, tally's) mark of one thing; source, rater, item
    "rule": "扣分加分",  # one rule's points; source, rater, item = the rule's name
    "ballots": "票数",  # a count of ballots; source, item = 发出, 收回, 有效, 无效 …
    "votes": "得票",  # votes for an option; source, item = question, text = option
    "share": "比率",  # a survey's share; source, item = its name
    "option_score": "测评得分",  # mean of the option points; source
    "combined": "指标得分",  # a source's mark of an indicator or item over its raters; source, item
    "source": "来源得分",  # a source's figure; source
    "indicator": "指标合成",  # an indicator's mark over all sources, that conditions read; item
    "bonus": "加分",  # a bonus indicator's points; item
    "composite": "综合得分",
    "adjust": "情形加减分",  # a situation's points or factor on the composite; item = its name
    "score": "情形定分",  # a situation that sets the composite; item = its name
    "points": "按得分定等次",
    "at_least": "直接定级",
    "up": "升等次",
    "down": "降等次",
    "at_most": "限档",
    "grade": "否决",
    "no_grade": "不定等次",
    "quota": "名额",
    "decision": "审定",
    "movement": "晋位情况",
    "flag": "标注",
    "looked": "没有起作用的条件",  # situations and grade rows that do not hold, or of which that cannot be told
    "lower": "下级结果",  # figures and grade as a lower unit handed them up
    "missing": "未定级",  # why there is no grade
}
"""Every kind of step in the order in which a branch's grade comes about, with its Chinese name."""

EMPTY: Final = np.zeros(0, np.intp)

Texts = str | Sequence[str] | np.ndarray[Any, np.dtype[Any]]
"""One text for all rows of a step, or one a row."""


class Steps(NamedTuple):
    """Steps as columns of equal length, those of `tables.TRAIL`."""

    unit: Sequence[str]
    round: Sequence[str]
    step: Sequence[str]
    source: Sequence[str]
    rater: Sequence[str]
    item: Sequence[str]
    figure: Sequence[Fraction | None]
    text: Sequence[str]
    words: Sequence[str]
    entries: Sequence[tuple[int, ...]]

    def picked(self, places: Sequence[int]) -> Steps:
        """Return the steps at some places, in the order given."""
        return Steps._make(list(map(column.__getitem__, places)) for column in self)


class Taken(NamedTuple):
    """A step as one branch took it: its kind, what it is about, the outcome, and what its sentence needs, by name."""

    step: str
    sentence: str
    round: str
    source: str
    item: str
    text: str
    figure: Fraction | None
    values: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows that belong to something, together for each of it: of number `n` those from starts[n] to starts[n + 1]."""

    rows: Places
    starts: Places

    @classmethod
    def of(cls, owners: Places, size: int, rows: Places | None = None) -> Groups:
        """Gather rows by owner, in their order; `owners`: the owner of each row, −1 for a row of nobody."""
        order = np.argsort(owners, kind="stable")
        order = order[np.searchsorted(owners[order], 0) :]
        starts = np.searchsorted(owners[order], np.arange(size + 1))
        return cls(order if rows is None else rows[order], starts)

    @property
    def counts(self) -> Places:
        """Return how many rows each has."""
        return np.diff(self.starts)

    def take(self, owners: Places) -> Groups:
        """Return the groups of some owners only."""
        counts = self.counts[owners]
        starts = np.concatenate([[0], np.cumsum(counts)])
        shift = np.repeat(self.starts[:-1][owners] - starts[:-1], counts)
        return Groups(self.rows[np.arange(starts[-1]) + shift], starts)

    @staticmethod
    def joined(parts: Sequence[Groups], size: int) -> Groups:
        """Return for each of `size` owners the rows of several groups, one after the other."""
        owners = [np.repeat(np.arange(size), part.counts) for part in parts]
        rows = [part.rows for part in parts]
        none = np.zeros(0, np.intp)
        return Groups.of(np.concatenate([none, *owners]), size, np.concatenate([none, *rows]))

    @staticmethod
    def single(rows: Places) -> Groups:
        """Return groups of one row each."""
        return Groups(rows, np.arange(len(rows) + 1))

    def lists(self) -> list[list[int]]:
        """Return the rows of each."""
        rows, starts = self.rows.tolist(), self.starts.tolist()
        return [rows[start:end] for start, end in pairwise(starts)]


@dataclass(frozen=True, eq=False)
class Grouped:
    """A column of which several rows belong to each row of another; a tuple of columns gives tuples."""

    groups: Groups
    column: Any

    def listed(self, rows: Places) -> list[list[Any]]:
        """Return what belongs to some rows."""
        own = self.groups.take(rows)
        values = _listed(self.column, own.rows)
        return [values[start:end] for start, end in pairwise(own.starts.tolist())]

    def keys(self, rows: Places) -> list[list[Any]]:
        """Return columns in which two rows are the same only where what belongs to them is."""
        own = self.groups.take(rows)
        starts = own.starts.tolist()
        parts = [[tuple(key[start:end]) for start, end in pairwise(starts)] for key in _keys(self.column, own.rows)]
        return [own.counts.tolist(), *parts]


@dataclass(frozen=True, eq=False)
class Step:
    """One step for many branches: some `rows` of columns; `at`, `within`: where a reader finds them (`Trail.add`)."""

    step: str
    rows: Places
    branches: Places
    """The branch of each of the rows, its place among those of the trail."""
    sentence: str
    round: str
    source: str
    item: Texts
    rater: Texts
    text: Texts
    figure: Exact | None
    behind: Groups | None
    values: Mapping[str, Any]
    at: tuple[int, int]
    within: Places

    def without(self, places: Places) -> Mask:
        """Say in which of some of its rows there is no figure."""
        return np.ones(len(places), bool) if self.figure is None else ~self.figure.known[self.rows[places]]

    def column(self, name: str, places: Places, *, quiet: bool) -> list[Any]:
        """Return a column of `Steps` but for the branch, in some of its rows.

        `quiet`: words only where the figure is missing.
        """
        rows = self.rows[places]
        if name == "words":
            return self._words(rows, self.without(places) if quiet else np.ones(len(rows), bool))
        if name == "entries":
            return list(map(tuple, self.behind.take(rows).lists())) if self.behind else [()] * len(rows)
        return _listed(getattr(self, name), rows)

    @property
    def raters(self) -> list[str]:
        """Return who marked, row by row."""
        return _listed(self.rater, self.rows)

    def values_at(self, places: Places, *names: str) -> list[list[Any]]:
        """Return what its sentence needs under some names, a column each, in some of its rows."""
        return [_listed(self.values[name], self.rows[places]) for name in names]

    def taken(self, places: Places) -> Iterator[Taken]:
        """Yield some of its rows, each as its branch took it, figures exact and nothing in words."""
        rows = self.rows[places]
        columns = [_listed(column, rows) for column in (self.item, self.text, self.figure)]
        values = [_listed(value, rows) for value in self.values.values()]
        for number, (item, text, figure) in enumerate(zip(*columns, strict=True)):
            own = {name: column[number] for name, column in zip(self.values, values, strict=True)}
            yield Taken(self.step, self.sentence, self.round, self.source, item, text, figure, own)

    def _words(self, rows: Places, wanted: Mask) -> list[str]:
        words = [""] * len(rows)
        for place, text in zip(np.flatnonzero(wanted).tolist(), self._filled(rows[wanted]), strict=True):
            words[place] = text
        return words

    def _filled(self, rows: Places) -> list[str]:
        """Return the sentence in some rows."""
        texts, numbers = self.told if len(rows) == len(self.rows) else self._told(rows)
        return list(map(texts.__getitem__, numbers))

    @cached_property
    def told(self) -> tuple[list[str], list[int]]:
        """Return what its sentence says, and which of these texts stands in each of its rows."""
        return self._told(self.rows)

    def _told(self, rows: Places) -> tuple[list[str], list[int]]:
        """Fill the sentence in, once for all rows in which it needs the same."""
        met: dict[tuple[Any, ...], int] = {}
        keys = zip(repeat(None, len(rows)), *_keys(tuple(self.values.values()), rows), strict=True)
        numbers = [met.setdefault(key, len(met)) for key in keys]
        first = rows[np.unique(np.array(numbers, np.intp), return_index=True)[1]]
        sentence, names = SENTENCES[self.sentence], list(self.values)
        columns = (_listed(value, first) for value in self.values.values())
        return [sentence(**dict(zip(names, values, strict=True))) for values in zip(*columns, strict=True)], numbers


def _keys(value: Any, rows: Places) -> list[list[Any]]:  # noqa: ANN401 - whatever a sentence needs
    """Return columns in which two rows are the same only where a value is (see `_listed`).

    Objects are known by their identity: no text or figure is compared, and 1 is never taken for True.
    """
    if isinstance(value, Exact):
        taken = value.take(rows)
        return [taken.top.tolist(), np.where(taken.known, taken.base, 0).tolist()]
    if isinstance(value, Grouped):
        return value.keys(rows)
    if isinstance(value, np.ndarray):
        listed = value[rows].tolist()
        return [list(map(id, listed)) if value.dtype == object else listed]
    if isinstance(value, list):
        return [[id(value[row]) for row in rows.tolist()]]
    return [key for part in value for key in _keys(part, rows)] if isinstance(value, tuple) else []


def _listed(value: Any, rows: Places) -> list[Any]:  # noqa: ANN401 - whatever a sentence needs
    """Return what a value is in some rows: columns row by row, tuples part by part, anything else the same in all."""
    if isinstance(value, Exact):
        return list(value.take(rows).fractions())
    if isinstance(value, Grouped):
        return value.listed(rows)
    if isinstance(value, np.ndarray):
        return list(value[rows].tolist())
    if isinstance(value, list):
        return [value[row] for row in rows.tolist()]
    if isinstance(value, tuple):
        return list(zip(*(_listed(part, rows) for part in value), strict=True)) if value else [()] * len(rows)
    return list(repeat(value, len(rows)))


@dataclass(frozen=True, eq=False)
class Listing:
    """Steps in order, of which nothing is told before a column is asked for; it is read anew every time."""

    units: Sequence[str]
    parts: Sequence[tuple[Step, Places]]
    """Steps, and which of their rows are listed."""
    sequence: Places
    """The order of all these rows."""
    quiet: Collection[str] = ()

    def column(self, name: str) -> list[Any]:
        """Return a column of `Steps`."""
        if name == "unit":
            units = [step.branches[at] for step, at in self.parts]
            return list(map(self.units.__getitem__, np.concatenate([*units, EMPTY])[self.sequence].tolist()))
        parts = (step.column(name, at, quiet=step.step in self.quiet) for step, at in self.parts)
        told = list(chain.from_iterable(parts))
        return list(map(told.__getitem__, self.sequence.tolist()))


@dataclass
class Trail:
    """Collects the steps of the branches `units`."""

    units: Sequence[str] = ()
    steps: list[Step] = field(default_factory=list)
    round: str = ""
    """The round whose steps are being added."""
    worked: list[Worked] = field(default_factory=list)
    """What figures are reckoned from, in the order in which they come about."""

    def add(  # noqa: PLR0913 - a step has these parts
        self,
        step: str,
        rows: Places,
        branches: Places,
        sentence: str,
        /,
        *,
        source: str = "",
        order: int = 0,
        item: Texts = "",
        rater: Texts = "",
        text: Texts = "",
        figure: Exact | None = None,
        behind: Groups | None = None,
        turn: int | None = None,
        by_row: bool = False,
        **values: Any,  # noqa: ANN401 - what the sentence needs: columns, tuples of columns, or the same for all
    ) -> None:
        """Add a step for some `rows` of the columns that follow; `branches` is a column too.

        `sentence` and `values`: see `sentences.py`. A branch's steps stand in the `order` of their source, then in that
        of their `turn`: by itself that in which they are added. Steps of one turn `by_row` take turns row by row.
        """
        at = (order, self.turn() if turn is None else turn)
        own, within = branches[rows], rows if by_row else np.zeros(len(rows), np.intp)
        made = (step, rows, own, sentence, self.round, source, item, rater, text, figure, behind, values, at, within)
        if len(rows):
            self.steps.append(Step(*made))

    def turn(self) -> int:
        """Return a number for steps whose rows come together; each later one comes after."""
        return len(self.steps)

    def listing(
        self,
        kinds: Collection[str] | None = None,
        units: Sequence[str] | None = None,
        quiet: Collection[str] = (),
        missing: Collection[str] = (),
    ) -> Listing:
        """Return the steps of some kinds, branch by branch in the order of `units`, those of no other branch.

        Steps of the `quiet` kinds have words only where their figure is missing; of the kinds named under `missing`
        only those without a figure are listed.
        """
        places = {unit: place for place, unit in enumerate(self.units if units is None else units)}
        ranks = np.array([places.get(unit, -1) for unit in self.units], np.intp)
        parts: list[tuple[Step, Places]] = []
        keys: list[tuple[Places, ...]] = []
        for number, step in enumerate(self.steps):
            if kinds is None or step.step in kinds:
                at = np.flatnonzero(ranks[step.branches] >= 0)
                at = at[step.without(at)] if step.step in missing else at
                order, turn, last = (np.full(len(at), value) for value in (*step.at, number))
                parts.append((step, at))
                keys.append((last, step.within[at], turn, order, ranks[step.branches[at]]))
        sequence = np.lexsort([np.concatenate(key) for key in zip(*keys, strict=True)]) if keys else EMPTY
        return Listing(self.units, parts, sequence, quiet)

    def listed(
        self,
        kinds: Collection[str] | None = None,
        units: Sequence[str] | None = None,
        quiet: Collection[str] = (),
        missing: Collection[str] = (),
    ) -> Steps:
        """Return the same with all columns read."""
        listing = self.listing(kinds, units, quiet, missing)
        return Steps._make(map(listing.column, Steps._fields))

    def taken(self, unit: str, kinds: Collection[str]) -> list[Taken]:
        """Return the steps of some kinds as one branch took them, in the order in which they were taken."""
        branch = list(self.units).index(unit) if unit in self.units else -1
        own = ((step, np.flatnonzero(step.branches == branch)) for step in self.steps if step.step in kinds)
        return [taken for step, places in own for taken in step.taken(places)]

    def taken_by_all(self, kinds: Collection[str]) -> dict[str, list[Taken]]:
        """Return the same for every branch at once."""
        found: dict[str, list[Taken]] = {unit: [] for unit in self.units}
        for step in self.steps:
            if step.step in kinds:
                taken = step.taken(np.arange(len(step.rows)))
                for branch, one in zip(step.branches.tolist(), taken, strict=True):
                    found[self.units[branch]].append(one)
        return found

    def table(self) -> pd.DataFrame:
        """Return all steps as the table `tables.TRAIL`."""
        return from_columns(TRAIL, self.listed()._asdict())
