"""Branches scored again with something changed: many copies of one in a column run, by the functions of scoring itself.

A copy is a branch of its own, with the rows of the branch that it is of. Where a standard reads other branches (最高,
名次, 下级平均) a copy would see the other copies: there the whole group is scored for each change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from dingji.exact import Exact, Places
from dingji.intake.earlier import Earlier
from dingji.intake.lower import handed_up
from dingji.scheme.conditions import BELOW, OVER_GROUP, Node, Operation
from dingji.scheme.model import Scheme
from dingji.scoring.basis import Basis
from dingji.scoring.board import parsed
from dingji.scoring.composed import Composite
from dingji.scoring.entered import Entered
from dingji.scoring.grading import Grading, grade_alone
from dingji.scoring.rounds import compose_rounds
from dingji.scoring.score import Group, board_of, declarations, narrowed
from dingji.scoring.trail import Trail
from dingji.scoring.worked_rounds import Part
from dingji.tables import CATEGORY, ENTRIES

Row = tuple[int, Mapping[str, Any]]
"""A row of the entries by its label, and what it says instead, by column."""
MOST_ROWS: Final = 150_000
"""Rows of entries in one run: more would need memory that a small machine has not."""


@dataclass(frozen=True)
class Change:
    """What is supposed of one branch: rows left out, rows that say something else, rows more (like another but …).

    `laid`: points laid on the total of a source, by name; `composite`: a composite in place of the one reckoned.
    """

    dropped: tuple[int, ...] = ()
    altered: tuple[Row, ...] = ()
    added: tuple[Row, ...] = ()
    laid: Mapping[str, Fraction] = field(default_factory=dict)
    composite: Fraction | None = None


AS_IT_IS: Final = Change()
Ask = tuple[str, Change]
"""A branch, and what is supposed of it."""


@dataclass(frozen=True)
class Found:
    """What a branch comes to by itself: the rank of its grade (−1: none), the composite, what took effect."""

    rank: int
    score: Fraction | None
    held: frozenset[str]
    """Situations that hold, whether or not they moved the grade."""
    figures: Mapping[str, Fraction | None]
    """By the name of an indicator."""


@dataclass(frozen=True, eq=False)
class Alone:
    """Branches graded by themselves, before any quota: the state, and the parts of the composite by round."""

    state: Grading
    parts: Sequence[Part]
    whole: Composite
    """The composite before grading."""

    def found(self, place: int) -> Found:
        """Return what one of them comes to."""
        state, names = self.state, [indicator.name for indicator in self.state.scheme.scored]
        figures = {name: state.board.figures(name).at(place) for name in names}
        held = frozenset(state.took_effect[place])
        return Found(int(state.grade[place]), state.scores.at(place), held, figures)


def crosses(scheme: Scheme) -> bool:
    """Say whether what a standard reads of a branch depends on other branches."""
    return any(_reads(parsed(text), (*OVER_GROUP, *BELOW)) for text in formulas_in(scheme))


def looks_below(scheme: Scheme) -> bool:
    """Say whether a standard reads what those below a branch come to."""
    return any(_reads(parsed(text), BELOW) for text in formulas_in(scheme))


def formulas_in(scheme: Scheme) -> Iterator[str]:
    """Yield every condition and formula by which branches are scored and graded."""
    for indicator in scheme.indicators:
        for part in (indicator, *indicator.items):
            yield from filter(None, (part.only_for, part.exempt))
        for rule in indicator.rules:
            yield from filter(None, (rule.of, rule.only_for, *(band.when for band in rule.bands or [])))
    yield from (grade.when for grade in scheme.grades if grade.when)
    for situation in scheme.situations:
        yield from filter(None, (situation.when, situation.of, situation.only_for))


def _reads(node: Node, functions: Sequence[str]) -> bool:
    if not isinstance(node, Operation):
        return False
    return node.operator in functions or any(_reads(part, functions) for part in node.parts)


@dataclass(frozen=True, eq=False)
class Copies:
    """Scores branches of one standard again."""

    basis: Basis
    whole: Group

    @cached_property
    def group(self) -> Group:
        """Return the branches that are graded here, without those that a lower unit graded."""
        handed = handed_up(self.basis.entries, self.basis.label)
        return narrowed(self.whole, [unit for unit in self.whole.units if unit not in handed])

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Return the place of each branch in the group."""
        return {unit: place for place, unit in enumerate(self.group.units)}

    @cached_property
    def able(self) -> bool:
        """Say whether branches can be scored by themselves: what lies below them stands in this group."""
        alone = len(self.basis.groups) == 1 and len(self.group.units) == len(self.whole.units)
        return alone or not looks_below(self.whole.scheme)

    @cached_property
    def _rows(self) -> Mapping[str, Places]:
        """Return the places of each branch's rows in the table of entries."""
        groups = self.basis.entries.groupby("unit", observed=True, sort=False).indices
        return {str(unit): np.asarray(places, np.intp) for unit, places in groups.items()}

    def rows(self, units: Sequence[str]) -> pd.DataFrame:
        """Return the entries of some branches, branch by branch."""
        none = np.zeros(0, np.intp)
        return self.basis.entries.iloc[np.concatenate([none, *(self._rows.get(unit, none) for unit in units)])]

    def found(self, asks: Sequence[Ask]) -> list[Found]:
        """Return what each comes to."""
        if crosses(self.group.scheme):
            return [self.all_with(ask).found(self.place[ask[0]]) for ask in asks]
        return [
            alone.found(place)
            for part in self._parts(asks)
            for alone in [self.alone(part)]
            for place in range(len(part))
        ]

    def _parts(self, asks: Sequence[Ask]) -> Iterator[Sequence[Ask]]:
        rows, start = 0, 0
        for place, (unit, _) in enumerate(asks):
            rows += len(self._rows.get(unit, ()))
            if rows > MOST_ROWS and place > start:
                yield asks[start:place]
                rows, start = len(self._rows.get(unit, ())), place
        yield asks[start:]

    def all_with(self, *asks: Ask) -> Alone:
        """Grade the whole group with some branches changed, each branch in its place."""
        changed = dict(asks)
        return self.alone([(unit, changed.get(unit, AS_IT_IS)) for unit in self.group.units])

    def alone(self, asks: Sequence[Ask]) -> Alone:
        """Grade a branch for each ask, in their order."""
        basis, group, names = self.basis, self.group, [f"{unit}#{place}" for place, (unit, _) in enumerate(asks)]
        places = [self.place[unit] for unit, _ in asks]
        of = list(zip(names, (unit for unit, _ in asks), strict=True))
        facts = {name: [column[place] for place in places] for name, column in group.facts.items()}
        by_round = {
            name: {what: _also(values, of) for what, values in own.items()} for name, own in group.by_round.items()
        }
        copied = Group(group.scheme, names, facts, by_round, group.left)
        earlier = _earlier(basis.earlier, of)
        entries = self._entries(asks, names)
        board = board_of(copied, Trail(names), earlier)
        laid = {name: _column(asks, name) for name in dict.fromkeys(name for _, each in asks for name in each.laid)}
        entered = Entered.of(entries, names)
        composite, parts = compose_rounds(group.scheme, board, entered, basis.round_name, by_round, laid)
        state = Grading(group.scheme, board, composite, declarations(entries, earlier, group.left))
        supposed = Exact.of([each.composite for _, each in asks])
        plain = replace(composite)  # grading changes the figures that it is given
        return Alone(grade_alone(state, supposed if supposed.known.any() else None), parts, plain)

    # --- the entries of the copies ------------------------------------------------------------------------

    def _entries(self, asks: Sequence[Ask], names: Sequence[str]) -> pd.DataFrame:
        """Return the rows of every copy below each other, changed as is supposed."""
        labels, at = self.basis.entries.index.to_numpy(), self._places_of(change for _, change in asks)
        chosen, owners, said = [], [], list[tuple[int, Mapping[str, Any]]]()
        total = 0
        for number, (unit, change) in enumerate(asks):
            own = np.asarray(self._rows.get(unit, np.zeros(0, np.intp)))
            if change.dropped:
                own = own[~np.isin(labels[own], change.dropped)]
            more = np.array([at[label] for label, _ in change.added], np.intp)
            for label, values in change.altered:
                row = int(np.searchsorted(own, at[label]))
                said += [(total + row, values)] if row < len(own) and own[row] == at[label] else []
            said += [(total + len(own) + row, values) for row, (_, values) in enumerate(change.added)]
            chosen += [own, more]
            total += len(own) + len(more)
            owners.append(np.full(len(own) + len(more), number))
        frame = self.basis.entries.iloc[np.concatenate([np.zeros(0, np.intp), *chosen])].reset_index(drop=True)
        frame["unit"] = pd.Categorical.from_codes(np.concatenate([np.zeros(0, np.intp), *owners]), pd.Index(names))
        return _saying(frame, said)

    def _places_of(self, changes: Iterable[Change]) -> Mapping[int, int]:
        """Return the places of the rows that changes speak of, by label: looked up once for all of them."""
        index = self.basis.entries.index
        told = list({label for change in changes for label, _ in (*change.altered, *change.added)})
        return dict(zip(told, index.get_indexer(pd.Index(told, dtype=index.dtype)).tolist(), strict=True))


def entries_with(entries: pd.DataFrame, changes: Sequence[Change]) -> pd.DataFrame:
    """Return the table of entries with the rows of changes changed."""
    dropped = {label for change in changes for label in change.dropped}
    kept = entries[~entries.index.isin(dropped)]
    like = [label for change in changes for label, _ in change.added]
    frame = pd.concat([kept, entries.loc[like]]) if like else kept
    at = {int(label): place for place, label in enumerate(kept.index)}
    said = [(at[label], values) for change in changes for label, values in change.altered if label in at]
    said += list(enumerate((values for change in changes for _, values in change.added), start=len(kept)))
    return _saying(frame.reset_index(drop=True), said)


def _column(asks: Sequence[Ask], source: str) -> Exact:
    return Exact.of([each.laid.get(source, Fraction(0)) for _, each in asks])


def _also(values: Mapping[str, Any], of: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return what is known by branch with the copies beside; a copy knows what its branch knows."""
    return {**values, **{name: values[unit] for name, unit in of if unit in values}}


def _earlier(earlier: Earlier, of: Sequence[tuple[str, str]]) -> Earlier:
    columns = {name: _also(values, of) for name, values in earlier.columns.items()}
    return Earlier(_also(earlier.previous, of), _also(earlier.last_year, of), columns, earlier.first, earlier.heirs)


def _saying(frame: pd.DataFrame, said: Sequence[tuple[int, Mapping[str, Any]]]) -> pd.DataFrame:
    """Return the rows with what some of them say instead, by the row's place and column."""
    for name in dict.fromkeys(name for _, values in said for name in values):
        own = [(row, values[name]) for row, values in said if name in values]
        rows, told = [row for row, _ in own], [value for _, value in own]
        column = frame[name]
        if ENTRIES[name] == CATEGORY:
            column = column.cat.add_categories(
                [text for text in dict.fromkeys(told) if text not in column.cat.categories]
            )
        column.iloc[rows] = told
        frame[name] = column
    return frame
