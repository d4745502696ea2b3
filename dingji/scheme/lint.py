"""What is wrong with a standard in itself: every contradiction at once, errors apart from warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction

from dingji.scheme.conditions import ConditionError, names_in, parse
from dingji.scheme.finding import Finding, Path
from dingji.scheme.model import Indicator, Scheme, Table
from dingji.scheme.names import known_names, roster_names

HUNDRED = Decimal(100)


def lint(scheme: Scheme) -> list[Finding]:
    """Run every check on a standard that is right in form."""
    return [finding for check in CHECKS for finding in check(scheme)]


def _error(path: Path, words: str) -> Finding:
    return Finding("error", path, words)


def _warning(path: Path, words: str) -> Finding:
    return Finding("warning", path, words)


def _named(scheme: Scheme) -> Iterator[tuple[Path, str]]:
    """Yield where every named part of the standard stands, with its name."""
    for place, source in enumerate(scheme.sources):
        yield ("sources", place, "name"), source.name
        for share in source.shares:
            yield ("sources", place, "shares"), share
    for place, indicator in enumerate(scheme.indicators):
        yield ("indicators", place, "name"), indicator.name
        for number, rule in enumerate(indicator.rules):
            yield ("indicators", place, "rules", number, "name"), rule.name
    for place, situation in enumerate(scheme.situations):
        yield ("situations", place, "name"), situation.name


def _clashes(scheme: Scheme) -> Iterator[Finding]:
    named = list(_named(scheme))
    counts = Counter(name for _, name in named)
    for path, name in named:
        if counts[name] > 1:
            counts[name] = 1
            yield _error(path, f"名称“{name}”用了不止一次；每个名称只能指一样东西")


def _numbers(scheme: Scheme) -> Iterator[Finding]:
    numbers = [(place, item.no) for place, indicator in enumerate(scheme.indicators) for item in indicator.items]
    counts = Counter(number for _, number in numbers)
    for place, number in numbers:
        if counts[number] > 1:
            counts[number] = 1
            yield _error(("indicators", place, "items"), f"序号 {number} 重复")
    used = sorted(counts)
    skipped = sorted(set(range(used[0], used[-1] + 1)) - set(used)) if used else []
    if skipped:
        yield _warning(("indicators",), f"序号跳过了 {'、'.join(map(str, skipped))}")


def _weights(scheme: Scheme) -> Iterator[Finding]:
    rounds = list(scheme.rounds) or [""]
    if scheme.scored and all(indicator.by for indicator in scheme.scored):
        return
    for round_name in rounds:
        for parent in dict.fromkeys(["", *(source.inside for source in scheme.sources)]):
            inner = [source for source in scheme.sources_in(round_name) if source.inside == parent]
            total = sum((source.weight_in(round_name) or 0 for source in inner), 0)
            if inner and total != HUNDRED:
                where = f"“{parent}”之内" if parent else "各来源"
                when = f"在“{round_name}”" if round_name else ""
                yield _error(("sources",), f"{where}{when}的权重合计 {total}，应为 100")


def _marks(scheme: Scheme) -> Iterator[Finding]:
    total = sum((indicator.full or 0 for indicator in scheme.scored if not indicator.inside), Decimal(0))
    typed = any(source.marks in ("indicators", "items", "rules") for source in scheme.sources)
    if scheme.scored and typed and total != scheme.full:
        yield _warning(("full",), f"各指标分值合计 {total}，与总分 {scheme.full} 不符")
    for place, indicator in enumerate(scheme.indicators):
        items = sum((item.full or 0 for item in indicator.items), Decimal(0))
        if indicator.items and indicator.full is not None and items != indicator.full:
            yield _warning(
                ("indicators", place, "full"),
                f"“{indicator.name}”各项分值合计 {items}，与指标分值 {indicator.full} 不符",
            )


def _ways(scheme: Scheme) -> Iterator[Finding]:
    for place, indicator in enumerate(scheme.indicators):
        numbers = {item.no for item in indicator.items}
        for number, rule in enumerate(indicator.rules):
            path = ("indicators", place, "rules", number)
            ways = [way for way in ("once", "each", "options", "bands") if getattr(rule, way) is not None]
            if len(ways) > 1:
                yield _error(path, f"“{rule.name}”的给分办法只能有一种，现有 {'、'.join(ways)}")
            if rule.item is not None and rule.item not in numbers:
                yield _error((*path, "item"), f"“{rule.name}”所属的第 {rule.item} 项不在这个指标里")
            if rule.bands and any(band.start is None and not band.when for band in rule.bands[:-1]):
                yield _error((*path, "bands"), f"“{rule.name}”的分档中，没有条件的一档只能放在最后")
            yield from _band_order(
                (*path, "bands"), rule.name, [band.start.value for band in rule.bands or [] if band.start]
            )


def _band_order(path: Path, name: str, starts: Sequence[Fraction]) -> Iterator[Finding]:
    if list(starts) != sorted(starts, reverse=True):
        yield _error(path, f"“{name}”的分档要从高到低写")


def _grades(scheme: Scheme) -> Iterator[Finding]:
    starts = [grade.start for grade in scheme.grades if grade.start is not None]
    if starts != sorted(starts, reverse=True) or len(set(starts)) < len(starts):
        yield _error(("grades",), "等次要从高到低写，界限不能相同")
    for place, grade in enumerate(scheme.grades[:-1]):
        if grade.start is None and not grade.when:
            yield _error(("grades", place), f"“{grade.name}”没有 from 或 when，它后面的等次永远轮不到")
    last = scheme.grades[-1] if scheme.grades else None
    if last and (last.start is not None or last.when):
        yield _error(
            ("grades", len(scheme.grades) - 1),
            f"最后一个等次“{last.name}”之下留有空档；最后一个等次不写 from 和 when",
        )
    labels = [grade.name for grade in scheme.grades]
    for place, situation in enumerate(scheme.situations):
        for key in ("at_least", "at_most", "grade"):
            named = getattr(situation, key)
            if named and named not in labels and not (key == "at_most" and named == "上期等次"):
                yield _error(("situations", place, key), f"没有等次“{named}”{_near(named, labels)}")
        if not situation.effect:
            yield _error(("situations", place), f"情形“{situation.name}”没有写后果")


def _near(name: str, names: Sequence[str]) -> str:
    near = get_close_matches(name, names, n=1)
    return f"；是不是“{near[0]}”" if near else ""


def _conditions(scheme: Scheme) -> Iterator[Finding]:
    names, roster = known_names(scheme), roster_names()
    for path, condition in _all_conditions(scheme):
        known = roster if path[-1] in ("for", "exempt") else names
        yield from _condition_findings(path, condition, known)


def _condition_findings(path: Path, condition: str, known: Sequence[str]) -> Iterator[Finding]:
    try:
        node = parse(condition)
    except ConditionError as error:
        yield _error(path, f"条件“{condition}”从第 {error.position + 1} 个字起看不懂")
        return
    for name in sorted(names_in(node) - set(known)):
        yield _error(path, f"条件中的“{name}”没有出处{_near(name, known)}")


def _all_conditions(scheme: Scheme) -> Iterator[tuple[Path, str]]:
    """Yield every condition and formula of a standard with its key path."""
    for path, table in _tables(scheme):
        for key, attribute in CONDITION_KEYS:
            if text := getattr(table, attribute, ""):
                yield (*path, key), text
        for number, band in enumerate(getattr(table, "bands", None) or []):
            if band.when:
                yield (*path, "bands", number, "when"), band.when


CONDITION_KEYS = (("when", "when"), ("for", "only_for"), ("among", "among"), ("exempt", "exempt"), ("of", "of"))
"""Keys that hold conditions, as TOML writes them and as the model names them."""


def _tables(scheme: Scheme) -> Iterator[tuple[Path, Table]]:
    for kind in ("grades", "situations", "quotas"):
        for place, table in enumerate(getattr(scheme, kind)):
            yield (kind, place), table
    for place, indicator in enumerate(scheme.indicators):
        yield ("indicators", place), indicator
        yield from _inner(place, indicator)


def _inner(place: int, indicator: Indicator) -> Iterator[tuple[Path, Table]]:
    for key in ("items", "rules"):
        for number, part in enumerate(getattr(indicator, key)):
            yield ("indicators", place, key, number), part


CHECKS: Sequence[Callable[[Scheme], Iterator[Finding]]] = (
    _clashes,
    _numbers,
    _weights,
    _marks,
    _ways,
    _grades,
    _conditions,
)
"""Every check, in the order in which findings are listed."""
