"""Who marks what: `by` on an indicator or item names sources, or groups of raters (组别) or of ballots (身份).

A name that is no source is a group. A group of a survey's `groups` is its ballots of that 身份; any other is the raters
of that 组别 in the committee sources — those named beside it, else all of them.

What has `by` counts at face value; the sources with a weight cover what is left of the standard's full mark, and a
source without one marks nothing but what names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dingji.scheme.indicators import Indicator, Item
from dingji.scheme.model import Scheme, Source


def named_sources(scheme: Scheme, by: Sequence[str]) -> list[Source]:
    """Return the sources that `by` names."""
    return [source for source in scheme.sources if source.name in by]


def rater_groups(scheme: Scheme, by: Sequence[str]) -> list[str]:
    """Return the 组别 of raters that `by` names: neither sources nor 身份 of a survey."""
    known = {source.name for source in scheme.sources} | {group for one in scheme.sources for group in one.groups}
    return [name for name in by if name not in known]


def groups_within(scheme: Scheme, source: Source, by: Sequence[str]) -> frozenset[str]:
    """Return the groups within a source that alone mark; none means everybody in it."""
    if source.main_form == "survey":
        return frozenset(name for name in by if name in source.groups)
    return frozenset(rater_groups(scheme, by)) if source.main_form == "committee" else frozenset()


def marked_by(scheme: Scheme, source: Source, by: Sequence[str]) -> bool:
    """Say whether a source marks a part: one that names it, or where nobody is named, any source with a weight."""
    named = named_sources(scheme, by)
    if source in named:
        return True
    if not by:
        return source.weight is not None
    if source.main_form == "committee" and any(other.main_form == "committee" for other in named):
        return False
    return bool(groups_within(scheme, source, by))


def items_marked(scheme: Scheme, source: Source, indicator: Indicator) -> list[Item]:
    """Return the items of an indicator that a source marks."""
    return [item for item in indicator.items if marked_by(scheme, source, item.by or indicator.by)]


def full_within(scheme: Scheme, source: Source, indicator: Indicator) -> Decimal:
    """Return an indicator's full mark in a source: without the items that only others mark."""
    kept = items_marked(scheme, source, indicator)
    others = [item.full or Decimal(0) for item in indicator.items if item not in kept]
    return (indicator.full or Decimal(0)) - sum(others, Decimal(0))


def items_apart(indicator: Indicator) -> list[Item]:
    """Return the items that say themselves who marks them: they count at face value, as an indicator with `by` does."""
    return [] if indicator.by else [item for item in indicator.items if item.by]


def full_apart(scheme: Scheme) -> Decimal:
    """Return how much of the full mark counts at face value."""
    top = [indicator for indicator in scheme.scored if not indicator.inside]
    items = [item for indicator in scheme.scored for item in items_apart(indicator)]
    return sum((part.full or Decimal(0) for part in [*(one for one in top if one.by), *items]), Decimal(0))


def full_left(scheme: Scheme, source: Source) -> Decimal:
    """Return what one figure of a source is out of: what is left beside `by`, or all where it is only shown."""
    return scheme.full - full_apart(scheme) if source.counts else scheme.full
