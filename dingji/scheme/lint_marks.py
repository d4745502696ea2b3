"""What is wrong with full marks, deductions, and indicators inside others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from dingji.scheme.finding import Finding, Path, error, nearest, warning
from dingji.scheme.indicators import Indicator, Marked, Rule
from dingji.scheme.model import Scheme


def marks(scheme: Scheme) -> Iterator[Finding]:
    """Find parts whose full marks do not come to that of the whole."""
    total = sum((indicator.full or 0 for indicator in scheme.scored if not indicator.inside), Decimal(0))
    typed = any(source.marks in ("indicators", "items", "rules") for source in scheme.sources)
    instead = any(indicator.only_for for indicator in scheme.scored if not indicator.inside)
    if scheme.scored and typed and not scheme.scaled and total != scheme.full and not (instead and total > scheme.full):
        yield warning(("full",), f"各指标分值合计 {total}，与总分 {scheme.full} 不符")
    for index, indicator in enumerate(scheme.indicators):
        parts = _parts(scheme, indicator)
        inner = sum((part.full or Decimal(0) for part in parts), Decimal(0))
        if indicator.full is None or indicator.scaled or not any(part.full for part in parts):
            continue
        instead = any(part.only_for for part in parts)  # parts for different branches stand in for each other
        if inner != indicator.full and not (instead and inner > indicator.full):
            words = f"“{indicator.name}”各项分值合计 {inner}，与指标分值 {indicator.full} 不符"
            yield warning(("indicators", index, "full"), words)


def _parts(scheme: Scheme, indicator: Indicator) -> Sequence[Marked]:
    """Return an indicator's items, or the indicators inside it."""
    return [part for part in scheme.scored if part.inside == indicator.name] or indicator.items


def unscored(scheme: Scheme) -> Iterator[Finding]:
    """Find full marks that are none, and indicators without one that hold what has one."""
    for path, full in [(("full",), scheme.full), *_fulls(scheme)]:
        if full is not None and (full < 0 or (path == ("full",) and not full)):
            yield error(path, "分值要大于 0")
    for index, indicator in enumerate(scheme.indicators):
        parts: list[Marked | Rule] = [*_parts(scheme, indicator), *(rule for rule in indicator.rules if rule.way)]
        if indicator.full is None and not indicator.bonus and any(_gives(part) for part in parts):
            words = f"“{indicator.name}”没有写分值 full，只当清单、不计分，里面的分值和给分办法都不起作用"
            yield warning(("indicators", index), words)


def _fulls(scheme: Scheme) -> Iterator[tuple[Path, Decimal | None]]:
    for index, indicator in enumerate(scheme.indicators):
        yield ("indicators", index, "full"), indicator.full
        for number, item in enumerate(indicator.items):
            yield ("indicators", index, "items", number, "full"), item.full


def _gives(part: Marked | Rule) -> bool:
    return bool(part.way if isinstance(part, Rule) else part.full)


def deductions(scheme: Scheme) -> Iterator[Finding]:
    """Find deductions that are larger than what they are taken from."""
    for index, indicator in enumerate(scheme.indicators):
        blocks = {item.no: item for item in indicator.items}
        for number, rule in enumerate(indicator.rules):
            block = indicator if rule.item is None else blocks.get(rule.item, indicator)
            deducted = -min(_lowest(rule), Decimal(0))
            if block.full is not None and block.minimum is None and deducted > block.full:
                words = f"“{rule.name}”一次扣 {deducted} 分，比所在的{block.full}分还多"
                yield warning(("indicators", index, "rules", number), words)


def _lowest(rule: Rule) -> Decimal:
    rows = [rule.once, rule.each, *(rule.options or {}).values(), *(band.points for band in rule.bands or [])]
    return min((low for low, _ in filter(None, rows)), default=Decimal(0))


def nesting(scheme: Scheme) -> Iterator[Finding]:
    """Find indicators that are said to be inside nothing, or inside themselves by way of others."""
    inside = {indicator.name: indicator.inside for indicator in scheme.indicators}
    for index, indicator in enumerate(scheme.indicators):
        above, way = indicator.inside, [indicator.name]
        while above and above in inside and above not in way:
            way.append(above)
            above = inside[above]
        if above and above not in inside:
            yield error(("indicators", index, "in"), f"没有指标“{above}”{nearest(above, list(inside))}")
        elif above == indicator.name:
            yield error(("indicators", index, "in"), f"指标“{indicator.name}”绕回到自己之内")
