"""Marks that rules compute: the points of each rule, items held where the standard bounds them, the indicator too.

Everything is a column with a row for each judge: a branch and the rater whose facts count (nobody in particular for
平时记录 and for what reads a figure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dingji.exact import Exact, Mask, Places, total, where
from dingji.scheme.conditions import Value
from dingji.scheme.indicators import Band, Indicator, Item, Rule
from dingji.scheme.marking import Thing, item_base, own_limit
from dingji.scheme.model import Scheme, Source
from dingji.scheme.totals import by_own_items
from dingji.scheme.unwritten import must_be_written, taken_as_met
from dingji.scheme.who_marks import items_marked
from dingji.scoring.board import Board, Unfit
from dingji.scoring.entered import Entered, Words
from dingji.scoring.facts import Facts, RulesByName, only_of
from dingji.scoring.points import NO, UNKNOWN, YES, Fits, Told, total_points, unfit_amounts
from dingji.scoring.trail import Grouped, Groups

RECORDS = ""
"""The rater under whom 平时记录 stand: nobody in particular."""
ZERO = Fraction(0)


@dataclass(frozen=True)
class Ground:
    """What the figures of a round stand on: the standard, the board, the entries, the rules by name."""

    scheme: Scheme
    board: Board
    entered: Entered
    rules: RulesByName

    def exempt(self, marked: Indicator | Item) -> Mask:
        """Say which branches an indicator or item counts in full for without being marked."""
        return self.board.holds(marked.exempt)

    def indicator(self, name: str) -> Indicator:
        """Return an indicator by its name."""
        return next(indicator for indicator in self.scheme.indicators if indicator.name == name)


@dataclass(frozen=True, eq=False)
class Judges:
    """Who judges, a row each: a number for branch and rater together (`pairs`), the branch, the rater's number."""

    pairs: Places
    branch: Places
    rater: Words

    @classmethod
    def of(cls, entered: Entered, pairs: Places) -> Judges:
        """Return the judges of some pairs."""
        return cls(pairs, entered.branches_of(pairs), entered.raters_of(pairs))

    @classmethod
    def nobody(cls, entered: Entered) -> Judges:
        """Return for every branch the judge who is nobody in particular."""
        return cls.of(entered, entered.pairs_with(RECORDS))

    def __len__(self) -> int:
        """Return the number of judges."""
        return len(self.pairs)


@dataclass(frozen=True, eq=False)
class Given:
    """The points of some rules, a column each, with the entries behind them together by judge."""

    points: Sequence[Exact]
    behind: Groups
    met: Sequence[tuple[str, Mask]]
    """Rules under which a rater wrote nothing and which count as met, with where."""


@dataclass(frozen=True, eq=False)
class Ruled:
    """Computed marks by judge, with how each came about: base and points, and what brought them to the full mark."""

    figure: Exact
    behind: Groups
    base: Exact
    points: Exact
    ratio: Exact
    by_rule: Mapping[str, Exact]
    """The points of each rule by its name."""
    met: Sequence[tuple[str, Mask]]
    """Rules of which the rater wrote nothing and which count as met, with where."""
    items: Sequence[tuple[int | None, Exact, Exact, Exact, Mask]] = ()
    """What was reckoned by item: its number, base, points, what these come to within bounds, whether it counts."""


def given(
    ground: Ground,
    source: Source,
    rules: Sequence[Rule],
    facts: Facts,
    judges: Judges,
    active: Sequence[Mask] | None = None,
    turn: int | None = None,
) -> Given:
    """Return the points of some rules by judge, each rule traced; where one is not `active` it gives nothing."""
    turn = ground.board.trail.turn() if turn is None else turn
    rows, owners = only_of(facts, judges.pairs)
    columns, behind, met = [], [], []
    verified = judges.rater != RECORDS
    for number, rule in enumerate(rules):
        on = np.ones(len(judges), bool) if active is None else active[number]
        typed = np.intersect1d(rows, facts.typed(rule), assume_unique=True)
        carriers = owners[np.searchsorted(rows, typed)]
        told = facts.told.take(typed)
        points = points_by(ground, rule, told, carriers, judges.branch)
        unwritten = verified & (np.bincount(carriers, minlength=len(judges)) == 0)
        if must_be_written(rule) and not rule.of:
            _note_unwritten(ground, rule, facts, judges.pairs[unwritten & on])
        elif not rule.of:
            points = points.where(~unwritten, 0)
        met += [(rule.name, unwritten & on)] if taken_as_met(rule) else []
        points = points.where(on, 0)
        note_amounts(ground, rule, facts, typed, carriers, judges.branch)
        owned = Groups.of(np.where(on[carriers], carriers, -1), len(judges), typed)
        entries = Groups(facts.rows.entry[owned.rows], owned.starts)
        ground.board.trace(
            "rule", on & (bool(rule.of) | (owned.counts > 0)), "rule", source.name, branches=judges.branch,
            rater=judges.rater, item=rule.name, figure=points, behind=entries, turn=turn, by_row=True, rule=rule,
            points=points, read=_read(ground, rule, facts.told, owned, judges.branch),
            beside=ground.board.from_outside(judges.branch, rule.of, marks=True) if rule.of else "",
        )  # fmt: skip
        columns.append(points)
        behind.append(entries)
    return Given(columns, Groups.joined(behind, len(judges)), met)


def _note_unwritten(ground: Ground, rule: Rule, facts: Facts, pairs: Places) -> None:
    """Note on the board who verified a branch and did not write a figure that has to be written."""
    for pair in pairs.tolist():
        rows = np.flatnonzero(facts.pairs == pair)
        if len(rows):
            entry = int(facts.rows.entry[rows[0]])
            ground.board.unfit[entry, rule.name] = Unfit(int(rows[0]), "E214", unit=rule.unit)


def points_by(ground: Ground, rule: Rule, told: Told, carriers: Places, branches: Places) -> Exact:
    """Return the points of a rule by carrier, of which each is of one of `branches`: from what it reads, or was told.

    `carriers`: whose each row of `told` is.
    """
    size = len(branches)
    if rule.of:
        told, carriers = Told.read(ground.board.evaluate(rule.of)).take(branches), np.arange(size)
    points = total_points(rule, told, carriers, size, band_fits(ground, branches))
    return points.where(ground.board.applies(rule.only_for)[branches], 0) if rule.only_for else points


def note_amounts(ground: Ground, rule: Rule, facts: Facts, rows: Places, carriers: Places, branches: Places) -> None:
    """Note on the board the rows of facts whose amount cannot be taken; `carriers`: whose each is."""
    if rule.amounts is not None and not rule.of:
        told, fits = facts.told.take(rows), band_fits(ground, branches)
        for unfit in unfit_amounts(rule, told, carriers, len(branches), fits):
            ground.board.unfit[int(facts.rows.entry[rows[unfit.row]]), rule.name] = unfit


def band_fits(ground: Ground, branches: Places) -> Fits:
    """Return what tells whether a band's condition holds for each of some branches."""

    def fits(band: Band) -> Places:
        answers = {True: YES, False: NO}
        said = [answers[value] if isinstance(value, bool) else UNKNOWN for value in ground.board.evaluate(band.when)]
        return np.array(said, np.intp)[branches]

    return fits


def _read(ground: Ground, rule: Rule, told: Told, owned: Groups, branches: Places) -> list[Value] | Grouped:
    """Return what a rule read: the figure of its formula, or what was typed under it, row by row."""
    if rule.of:
        column = ground.board.evaluate(rule.of)
        return [column[branch] for branch in branches.tolist()]
    return Grouped(owned, (told.figure, told.option, told.amount))


def ruled(
    ground: Ground,
    source: Source,
    thing: Thing,
    facts: Facts,
    judges: Judges,
    turn: int | None = None,
) -> Ruled:
    """Compute the mark of a thing from facts and figures by judge; missing where one of them is."""
    blocks = blocks_of(ground, source, thing)
    by_number = {block.number: block for block in blocks}
    rules = [rule for rule in thing.rules if rule.item in by_number]
    active = [by_number[rule.item].active[judges.branch] for rule in rules]
    told = given(ground, source, rules, facts, judges, active, turn)
    size = len(judges)
    figure, base = Exact.constant(0, size), Exact.constant(0, size)
    items = []
    for block in (block.of(judges.branch) for block in blocks):
        own = total((each for rule, each in zip(rules, told.points, strict=True) if rule.item == block.number), size)
        held = (block.base + own).held(block.low, block.high)
        items.append((block.number, block.base, own, held, block.active))
        figure += held.where(block.active, 0)
        base += block.base.where(block.active, 0)
    ratio = ratios(ground, source, thing).take(judges.branch)
    figure = (figure * ratio).held(thing.low, thing.high) if thing.number is None else figure
    figure = figure.where(~facts.unreadable(judges.pairs, thing.indicator), None)
    by_rule = {rule.name: points for rule, points in zip(rules, told.points, strict=True)}
    return Ruled(figure, told.behind, base, total(told.points, size), ratio, by_rule, told.met, items)


@dataclass(frozen=True, eq=False)
class Block:
    """What points are added to and taken from, by branch, and what they are held between (扣完为止, 不超满分).

    `number`: of the item, None for what belongs to no item. Where a block is not active, no rule touches it.
    """

    number: int | None
    active: Mask
    base: Exact
    low: Exact
    high: Exact

    def of(self, branches: Places) -> Block:
        """Return the block of each of some branches."""
        base, low, high = (column.take(branches) for column in (self.base, self.low, self.high))
        return Block(self.number, self.active[branches], base, low, high)


def blocks_of(ground: Ground, source: Source, thing: Thing) -> list[Block]:
    """Return what a thing's rules work on: the item itself, or the indicator with its items.

    An item that is exempt counts in full; one that is for other branches is left out, and where the items go beyond the
    full mark, others stand in for it.
    """
    indicator, size = ground.indicator(thing.indicator), len(ground.board)
    items = items_marked(ground.scheme, source, indicator)
    applying = {item.no: ground.board.applies(item.only_for) for item in items}
    counted = {item.no: applying[item.no] & ~ground.exempt(item) for item in items}
    if thing.number is not None:
        item = next(item for item in items if item.no == thing.number)
        return [_item_block(ground, indicator, item, counted[item.no], thing.full)]
    own = _beside_items(indicator, items, applying, size)
    own += total((where(applying[item.no] & ~counted[item.no], Fraction(item.full or 0)) for item in items), size)
    unbound = Exact.constant(None, size)
    blocks = [_item_block(ground, indicator, item, counted[item.no], None) for item in items]
    return [Block(None, np.ones(size, bool), own.wide(size), unbound, unbound), *blocks]


def _item_block(ground: Ground, indicator: Indicator, item: Item, counted: Mask, otherwise: Fraction | None) -> Block:
    """Return an item with its bounds: its full mark where the standard bounds items, or limits of its own.

    `otherwise`: what the item counts where it does not count by itself; None leaves it out there.
    """
    bounds_items = (indicator.bounded or ground.scheme.bounded) == "item"
    low = own_limit(item.minimum, ZERO if bounds_items else None)
    high = own_limit(item.maximum, Fraction(item.full or 0) if bounds_items else None)
    bounds = [Exact.constant(limit).where(counted, None) for limit in (low, high)]
    base = Exact.constant(item_base(indicator, item)).where(counted, otherwise or 0)
    active = counted if otherwise is None else np.ones(len(counted), bool)
    return Block(item.no, active, base, bounds[0], bounds[1])


def _beside_items(indicator: Indicator, items: Sequence[Item], applying: dict[int, Mask], size: int) -> Exact:
    """Return the points before any rule of an indicator that none of its items has."""
    if by_own_items(indicator):
        return Exact.constant(0, size)
    bases = {item.no: item_base(indicator, item) for item in indicator.items}
    beside = Fraction(indicator.base) - sum(bases.values(), ZERO)
    lacking = total((where(~applying[item.no], bases[item.no]) for item in items), size)
    return lacking.held(None, max(-beside, ZERO)) + beside


def ratios(ground: Ground, source: Source, thing: Thing) -> Exact:
    """Return by branch what brings points reckoned on the items that apply to it to the indicator's own full mark."""
    indicator, size = ground.indicator(thing.indicator), len(ground.board)
    if thing.number is not None or not by_own_items(indicator):
        return Exact.constant(1, size)
    items = [item for item in items_marked(ground.scheme, source, indicator) if item.full]
    applying = total((where(ground.board.applies(item.only_for), Fraction(item.full or 0)) for item in items), size)
    return (Exact.constant(thing.full) / applying).where(applying > 0, 1)
