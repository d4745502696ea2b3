"""What an office supposes — other weights, a rater left out, further votes — laid on what scoring starts from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from dingji.numbers import plain
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import RATED
from dingji.scheme.written import Quantity
from dingji.scoring.basis import Basis
from dingji.supposing.copies import Change, entries_with
from dingji.supposing.moves import further, labelled


@dataclass(frozen=True)
class Assumed:
    """Assumptions. `weights`: by source; `raters`: codes left out; `votes`: branch, source, option, how many more."""

    weights: Mapping[str, Decimal]
    raters: Sequence[str] = ()
    votes: Sequence[tuple[str, str, str, int]] = ()


def unfit(basis: Basis, assumed: Assumed) -> Iterator[str]:
    """Yield why assumptions cannot be reckoned with: weights with another total, nobody by that code, no ballots."""
    for group in basis.groups:
        for inside in dict.fromkeys(source.inside for source in group.scheme.sources):
            other = weighed(group.scheme, assumed, basis)
            before, after = (_total(scheme, inside, basis.round_name) for scheme in (group.scheme, other))
            if before != after:
                yield f"各方占比合计是 {plain(after)}，原来是 {plain(before)}；一方多了，别的要相应减少"
    known = set(basis.entries.loc[basis.entries["form"].isin(RATED), "rater"])
    yield from (f"没有评委“{rater}”的评分" for rater in assumed.raters if rater not in known)
    for unit, source, option, _ in assumed.votes:
        if not _ballots(basis, unit, source).any():
            yield f"{unit} 没有“{source}”的测评票，不能增加“{option}”票"


def _total(scheme: Scheme, inside: str, round_name: str) -> Fraction:
    weights = (source.weight_in(round_name) for source in scheme.sources if source.inside == inside)
    return sum((weight for weight in weights if weight is not None), Fraction(0))


def weighed(scheme: Scheme, assumed: Assumed, basis: Basis) -> Scheme:
    """Return a standard with other weights in the current round."""
    sources = [_weighed(source, assumed.weights.get(source.name), basis.round_name) for source in scheme.sources]
    return scheme.model_copy(update={"sources": sources})


def _weighed(source: Source, weight: Decimal | None, round_name: str) -> Source:
    if weight is None or source.by_class:
        return source
    told = Quantity.parse(weight)
    by_round = {**source.weight, round_name: told} if isinstance(source.weight, dict) else told
    return source.model_copy(update={"weight": by_round})


def supposed(basis: Basis, assumed: Assumed) -> Basis:
    """Return what scoring starts from under assumptions."""
    entries = basis.entries
    if assumed.raters:
        entries = entries[~(entries["form"].isin(RATED) & entries["rater"].isin(list(assumed.raters)))]
    groups = [replace(group, scheme=weighed(group.scheme, assumed, basis)) for group in basis.groups]
    sources = {source.name: source for group in groups for source in group.scheme.sources}
    changes = [_voted(basis, sources[source], unit, option, number) for unit, source, option, number in assumed.votes]
    return replace(basis, groups=groups, entries=entries_with(entries, changes))


def _ballots(basis: Basis, unit: str, source: str) -> pd.Series[bool]:
    entries = basis.entries
    own = (entries["unit"] == unit) & (entries["source"] == source) & (entries["form"] == "survey")
    return own & (entries["round"] == basis.round_name) & (entries["state"] != "superseded")


def _voted(basis: Basis, source: Source, unit: str, option: str, number: int) -> Change:
    rows = labelled(basis.entries[_ballots(basis, unit, source.name)])
    first = next((row for row in rows if row["item"] in source.questions), rows[0])
    return further(first, list(source.questions), option, rows, number)
