"""The full marks that apply to a branch: those of different branches must be alike, unless they are scaled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from dingji.scheme.conditions import ConditionError, names_in, parse
from dingji.scheme.finding import Finding, Path, error
from dingji.scheme.indicators import Indicator, Marked
from dingji.scheme.marking import inside, joined
from dingji.scheme.model import Scheme
from dingji.scheme.names import ROUND

ZERO = Decimal(0)
Applies = Callable[[str], bool]
"""Whether a `for` condition holds for the branch at hand."""


def by_parts(scheme: Scheme) -> bool:
    """Say whether any source marks indicators, so that what is not for a branch is missing from its total."""
    return any(source.marks in ("indicators", "items", "rules") for source in scheme.sources)


def by_items(scheme: Scheme) -> bool:
    """Say whether any source marks items, or leaves them to rules."""
    return any(source.marks in ("items", "rules") for source in scheme.sources)


def total_for(scheme: Scheme, applies: Applies) -> Decimal:
    """Return the full mark that applies to a branch, after what each indicator's own `scaled` brings back."""
    top = [indicator for indicator in scheme.scored if not indicator.inside]
    return sum((full_for(scheme, indicator, applies, items=by_items(scheme)) for indicator in top), ZERO)


def full_for(scheme: Scheme, indicator: Indicator, applies: Applies, *, items: bool) -> Decimal:
    """Return an indicator's full mark for a branch. `items`: whether it is marked item by item, or by rules."""
    full = indicator.full or ZERO
    if not applies(indicator.only_for):
        return ZERO
    if indicator.scaled:
        return full
    parts = inside(scheme, indicator)
    lacking = sum(((part.full or ZERO) - full_for(scheme, part, applies, items=items) for part in parts), ZERO)
    others = [item for item in indicator.items if not applies(item.only_for)] if items else []
    lacking += sum((item.full or ZERO for item in others), ZERO)
    return full - max(lacking - beyond(full, [*parts, *(indicator.items if items else [])]), ZERO)


def beyond(full: Decimal, parts: Iterable[Marked]) -> Decimal:
    """Return how far parts go beyond the full mark above them: those for some branches stand in for each other."""
    return max(sum((part.full or ZERO for part in parts), ZERO) - full, ZERO)


def by_own_items(indicator: Indicator) -> bool:
    """Say whether an indicator's points are reckoned on its items' full marks, and then brought to its own."""
    return indicator.scaled and any(item.full for item in indicator.items)


def unlike_totals(scheme: Scheme) -> Iterator[Finding]:
    """Find full marks that are for some branches only where the total is not scaled.

    Parts for different branches may make up for each other: that is told when the branches are known.
    """
    if scheme.scaled or not by_parts(scheme):
        return
    parts = list(_partial(scheme))
    conditions = Counter(condition for _, _, condition in parts)
    if len(conditions) == 1:
        path, named, condition = parts[0]
        words = (
            f"{named}只适用于一部分党组织（{condition}），各党组织的总分就不一样；要写 scaled = true 折算，或用 exempt"
        )
        yield error(path, words)


def _partial(scheme: Scheme) -> Iterator[tuple[Path, str, str]]:
    """Yield every part with a full mark of its own that is not for all, and that nothing above brings back."""
    scaled = {indicator.name for indicator in scheme.scored if indicator.scaled}
    for index, indicator in enumerate(scheme.indicators):
        if indicator not in scheme.scored or indicator.inside in scaled:
            continue
        path: Path = ("indicators", index)
        if _differs(indicator.only_for):
            yield (*path, "for"), f"“{indicator.name}”", indicator.only_for
        for number, item in enumerate(indicator.items if by_items(scheme) and not indicator.scaled else ()):
            if item.full and _differs(item.only_for):
                named = f"第 {item.no} 项"
                yield (*path, "items", number, "for"), named, joined(indicator.only_for, item.only_for)


def _differs(condition: str) -> bool:
    """Say whether a condition tells branches of one round apart; one that cannot be read is told elsewhere."""
    try:
        return bool(condition) and names_in(parse(condition)) != {ROUND}
    except ConditionError:
        return False
