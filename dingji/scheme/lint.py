"""What is wrong with a standard in itself: every contradiction at once, errors apart from warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from dingji.scheme.finding import Finding, Path, error, nearest, warning
from dingji.scheme.lint_conditions import bounds, readable
from dingji.scheme.lint_sources import sources, weights
from dingji.scheme.model import Indicator, Rule, Scheme
from dingji.scheme.names import COMPUTED, ROSTER


def lint(scheme: Scheme) -> list[Finding]:
    """Run every check on a standard that is right in form."""
    return [finding for check in CHECKS for finding in check(scheme)]


def _named(scheme: Scheme) -> Iterator[tuple[Path, str]]:
    """Yield where every named part of the standard stands, with its name; a share's once, whoever has it."""
    for place, source in enumerate(scheme.sources):
        yield ("sources", place, "name"), source.name
    owners = {share: place for place, source in reversed(list(enumerate(scheme.sources))) for share in source.shares}
    for share, place in owners.items():
        yield ("sources", place, "shares"), share
    for place, indicator in enumerate(scheme.indicators):
        yield ("indicators", place, "name"), indicator.name
        for number, rule in enumerate(indicator.rules):
            yield ("indicators", place, "rules", number, "name"), rule.name
    for place, situation in enumerate(scheme.situations):
        yield ("situations", place, "name"), situation.name


def _clashes(scheme: Scheme) -> Iterator[Finding]:
    """Find names of two things; a bonus indicator may be called 加分, for no condition reads it by itself."""
    named = list(_named(scheme))
    counts = Counter(name for _, name in named)
    for path, name in named:
        if counts[name] > 1:
            counts[name] = 1
            yield error(path, f"名称“{name}”用了不止一次；每个名称只能指一样东西")
        if name in (*ROSTER, *COMPUTED) and name not in {indicator.name for indicator in scheme.bonuses}:
            yield error(path, f"“{name}”是程序自带的名称，请换一个")


def _numbers(scheme: Scheme) -> Iterator[Finding]:
    numbers = [(place, item.no) for place, indicator in enumerate(scheme.indicators) for item in indicator.items]
    counts = Counter(number for _, number in numbers)
    for place, number in numbers:
        if counts[number] > 1:
            counts[number] = 1
            yield error(("indicators", place, "items"), f"序号 {number} 重复")
    used = sorted(counts)
    skipped = sorted(set(range(used[0], used[-1] + 1)) - set(used)) if used else []
    if skipped:
        yield warning(("indicators",), f"序号跳过了 {'、'.join(map(str, skipped))}")


# --- full marks -------------------------------------------------------------------------------------------


def _marks(scheme: Scheme) -> Iterator[Finding]:
    total = sum((indicator.full or 0 for indicator in scheme.scored if not indicator.inside), Decimal(0))
    typed = any(source.marks in ("indicators", "items", "rules") for source in scheme.sources)
    if scheme.scored and typed and not scheme.scaled and total != scheme.full:
        yield warning(("full",), f"各指标分值合计 {total}，与总分 {scheme.full} 不符")
    for place, indicator in enumerate(scheme.indicators):
        parts = _parts(scheme, indicator)
        inner = sum(parts, Decimal(0))
        if any(parts) and not indicator.scaled and indicator.full is not None and inner != indicator.full:
            words = f"“{indicator.name}”各项分值合计 {inner}，与指标分值 {indicator.full} 不符"
            yield warning(("indicators", place, "full"), words)


def _parts(scheme: Scheme, indicator: Indicator) -> list[Decimal]:
    """Return the full marks of an indicator's items, or of the indicators inside it."""
    inner = [part.full or Decimal(0) for part in scheme.scored if part.inside == indicator.name]
    return inner or [item.full or Decimal(0) for item in indicator.items]


def _deductions(scheme: Scheme) -> Iterator[Finding]:
    """Find deductions that are larger than what they are taken from."""
    for place, indicator in enumerate(scheme.indicators):
        blocks = {item.no: item for item in indicator.items}
        for number, rule in enumerate(indicator.rules):
            block = indicator if rule.item is None else blocks.get(rule.item, indicator)
            deducted = -min(_lowest(rule), Decimal(0))
            if block.full is not None and block.minimum is None and deducted > block.full:
                words = f"“{rule.name}”一次扣 {deducted} 分，比所在的{block.full}分还多"
                yield warning(("indicators", place, "rules", number), words)


def _lowest(rule: Rule) -> Decimal:
    rows = [rule.once, rule.each, *(rule.options or {}).values(), *(band.points for band in rule.bands or [])]
    return min((low for low, _ in filter(None, rows)), default=Decimal(0))


def _nesting(scheme: Scheme) -> Iterator[Finding]:
    """Find indicators that are said to be inside nothing, or inside themselves by way of others."""
    inside = {indicator.name: indicator.inside for indicator in scheme.indicators}
    for place, indicator in enumerate(scheme.indicators):
        above, way = indicator.inside, [indicator.name]
        while above and above in inside and above not in way:
            way.append(above)
            above = inside[above]
        if above and above not in inside:
            yield error(("indicators", place, "in"), f"没有指标“{above}”{nearest(above, list(inside))}")
        elif above == indicator.name:
            yield error(("indicators", place, "in"), f"指标“{indicator.name}”绕回到自己之内")


# --- rules ------------------------------------------------------------------------------------------------


def _ways(scheme: Scheme) -> Iterator[Finding]:
    for place, indicator in enumerate(scheme.indicators):
        numbers = {item.no for item in indicator.items}
        for number, rule in enumerate(indicator.rules):
            path = ("indicators", place, "rules", number)
            if rule.item is not None and rule.item not in numbers:
                yield error((*path, "item"), f"“{rule.name}”所属的第 {rule.item} 项不在这个指标里")
            for key, words in _way_faults(rule):
                yield error((*path, key) if key else path, f"“{rule.name}”的{words}")
            rows = [(band.start.value if band.start else None, bool(band.when)) for band in rule.bands or []]
            for words in _row_faults(rows):
                yield error((*path, "bands"), f"“{rule.name}”的分档{words}")


def _way_faults(rule: Rule) -> Iterator[tuple[str, str]]:
    ways = [way for way in ("once", "each", "options", "bands") if getattr(rule, way) is not None]
    if len(ways) > 1:
        yield "", f"给分办法只能有一种，现有 {'、'.join(ways)}"
    if rule.bands == []:
        yield "bands", "分档一行也没有写"
    if rule.under and rule.over:
        yield "over", "under 和 over 只能写一个"
    if rule.per and rule.per.value <= 0:
        yield "per", "per 要大于 0"
    compares = rule.under or rule.over or any(band.start for band in rule.bands or [])
    if (rule.each is not None or compares) and not rule.unit and not rule.of:
        yield "", "给分要看数量，须写计量单位 unit，或用 of 指明读哪个数"


Row = tuple[Fraction | None, bool]
"""A row of bands or grades: its bound, and whether it has a condition beside."""


def _row_faults(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what keeps a row of a falling table from ever being reached."""
    if any(start is None and not has_condition for start, has_condition in rows[:-1]):
        yield "中，没有条件的一行只能放在最后"
    bounded = [(start, has_condition) for start, has_condition in rows if start is not None]
    if any(
        lower > upper or (lower == upper and not conditional) for (upper, conditional), (lower, _) in pairwise(bounded)
    ):
        yield "要从高到低写，界限不能相同"


# --- grades and what moves them ---------------------------------------------------------------------------


def _grades(scheme: Scheme) -> Iterator[Finding]:
    rows = [(None if grade.start is None else Fraction(grade.start), bool(grade.when)) for grade in scheme.grades]
    for words in _row_faults(rows):
        yield error(("grades",), f"等次{words}")
    if rows and rows[-1] != (None, False):
        words = f"最后一个等次“{scheme.grades[-1].name}”之下留有空档；最后一个等次不写 from 和 when"
        yield error(("grades", len(rows) - 1), words)


def _situations(scheme: Scheme) -> Iterator[Finding]:
    for place, situation in enumerate(scheme.situations):
        effects = [key for key in ("at_least", "at_most", "grade", "no_grade", "flag") if getattr(situation, key)]
        effects += ["score"] if situation.score is not None else []
        if len(effects) != 1:
            now = f"只能写一个后果，现有 {'、'.join(effects)}" if effects else "没有写后果"
            yield error(("situations", place), f"情形“{situation.name}”{now}")


def _labels(scheme: Scheme) -> Iterator[Finding]:
    """Find grades that are named somewhere and are not among the standard's."""
    labels = [grade.name for grade in scheme.grades]
    for path, label in _labels_named(scheme):
        if label not in labels:
            yield error(path, f"没有等次“{label}”{nearest(label, labels)}")


def _labels_named(scheme: Scheme) -> Iterator[tuple[Path, str]]:
    for place, situation in enumerate(scheme.situations):
        for key in ("at_least", "at_most", "grade"):
            label = getattr(situation, key)
            if label and not (key == "at_most" and label == "上期等次"):
                yield ("situations", place, key), label
    for place, quota in enumerate(scheme.quotas):
        if quota.grade:
            yield ("quotas", place, "grade"), quota.grade
    for place, target in enumerate(scheme.targets):
        for key in ("out_of", "to"):
            yield from ((("targets", place, key), label) for label in getattr(target, key))


CHECKS: Sequence[Callable[[Scheme], Iterator[Finding]]] = (
    _clashes,
    _numbers,
    weights,
    sources,
    _marks,
    _deductions,
    _nesting,
    _ways,
    _grades,
    _situations,
    _labels,
    readable,
    bounds,
)
"""Every check, in the order in which findings are listed."""
