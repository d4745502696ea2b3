"""What a standard writes without effect, and slips of sign and scale that leave it readable and wrong."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from dingji.numbers import plain
from dingji.scheme.finding import Finding, warning
from dingji.scheme.indicators import Indicator, Item, Rule
from dingji.scheme.marking import item_base
from dingji.scheme.model import Quota, Scheme
from dingji.scheme.written import Points, Quantity

HUNDRED = Decimal(100)
MANY = 20
"""A number of branches from which a round number is more likely meant as a percentage."""


def without_effect(scheme: Scheme) -> Iterator[Finding]:
    """Find keys and tables that change nothing."""
    for index, indicator in enumerate(scheme.indicators):
        if "same_work" in indicator.model_fields_set and not indicator.bonus:
            words = 'same_work = "sum" 在这里不起作用：不写的，同一件事填几次就算几次；只计最重的一次，写 "highest"'
            if indicator.same_work == "sum" or not any(rule.way and not rule.of for rule in indicator.rules):
                yield warning(("indicators", index, "same_work"), words)
        if indicator.bonus and not any(rule.way for rule in indicator.rules):
            yield warning(("indicators", index), f"加分指标“{indicator.name}”没有给分的规则，谁也加不到分")
    for index, source in enumerate(scheme.sources):
        weights = list(source.questions.values()) if isinstance(source.questions, dict) else []
        if weights and sum(weights, Decimal(0)) != HUNDRED:
            total = plain(Fraction(sum(weights, Decimal(0))))
            words = f"“{source.name}”各题的权重合计 {total}，不是 100；按各占的份额折算"
            yield warning(("sources", index, "questions"), words)


def signs(scheme: Scheme) -> Iterator[Finding]:
    """Find points that go against the way in which their block is reckoned, and ranges on both sides of zero."""
    for index, indicator in enumerate(scheme.indicators):
        items = {item.no: item for item in indicator.items}
        for number, rule in enumerate(indicator.rules):
            path = ("indicators", index, "rules", number)
            for low, high in points_of_rule(rule):
                if low < 0 < high:
                    words = f"“{rule.name}”的酌情范围 [{plain(Fraction(low))}, {plain(Fraction(high))}] 跨过了 0"
                    mend = f"，既能加又能扣；是不是 [{plain(Fraction(low))}, {plain(-Fraction(high))}]"
                    yield warning(path, words + mend)
                    break
            if indicator in scheme.scored and _lost_sign(indicator, items.get(rule.item or -1), rule):
                words = f"“{rule.name}”是加分，而所在的部分从满分扣起、不超过满分，这些分加不上去"
                yield warning(path, f"{words}；扣分要写负数，从零加起的写 start = 0，可以超过满分的写 max")


def points_of_rule(rule: Rule) -> list[Points]:
    """Return every row of points that a rule has."""
    rows = [rule.once, rule.each, *(rule.options or {}).values(), *(band.points for band in rule.bands or [])]
    return [row for row in rows if row is not None]


def _lost_sign(indicator: Indicator, item: Item | None, rule: Rule) -> bool:
    """Say whether a rule only adds where the block and its indicator begin full, and nothing may pass that."""
    points = points_of_rule(rule)
    adds = points and all(low >= 0 for low, _ in points) and any(high > 0 for _, high in points)
    if not adds or indicator.maximum is not None or indicator.start is not None or indicator.scaled:
        return False
    if item is None:
        return not indicator.items or all(item_base(indicator, one) == (one.full or 0) for one in indicator.items)
    return item.maximum is None and item.full is not None and item_base(indicator, item) == item.full


def shares(scheme: Scheme) -> Iterator[Finding]:
    """Find counts of branches that were likely meant as percentages, and tables of quotas that leave some out."""
    for index, quota in enumerate(scheme.quotas):
        for key in ("at_most", "at_least", "about", "top", "bottom"):
            bound = getattr(quota, key)
            for one in bound.values() if isinstance(bound, dict) else [bound] if bound else []:
                yield from _as_share(index, key, quota, one)
            if isinstance(bound, dict) and "default" not in bound:
                named = "、".join(bound)
                words = f"只写了{named}，没有写 default：其余的{quota.within or '各类'}不受这条名额限制"
                yield warning(("quotas", index, key), f"{words}；都要限制的加一个 default")


def _as_share(index: int, key: str, quota: Quota, bound: Quantity) -> Iterator[Finding]:
    written = f"{bound.written} 个"
    if not bound.share and bound.value >= MANY and bound.value % 5 == 0 and written not in quota.choice:
        words = f'{key} = {bound.written} 是 {written}；比例请写成 "{bound.written}%"'
        yield warning(("quotas", index, key), f"{words}（确是个数的，在 choice 里写明“{written}”）")
