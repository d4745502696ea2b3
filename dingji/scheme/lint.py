"""What is wrong with a standard in itself: every contradiction at once, errors apart from warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from dingji.scheme.conditions import ConditionError, names_in, parse
from dingji.scheme.finding import Finding, Path, error, nearest, warning
from dingji.scheme.grades import PREVIOUS, STEPS
from dingji.scheme.indicators import Indicator, Marked, Rule
from dingji.scheme.lint_after import candidates, honours, targets, year_days
from dingji.scheme.lint_collected import collected, own_circle
from dingji.scheme.lint_conditions import all_conditions, bounds, circles, empty, readable
from dingji.scheme.lint_effect import shares, signs, without_effect
from dingji.scheme.lint_quotas import quotas
from dingji.scheme.lint_reach import out_of_reach, unmarked, vetoes
from dingji.scheme.lint_rules import Row, limits, row_faults, rules
from dingji.scheme.lint_scale import holes
from dingji.scheme.lint_sources import dropped_rounds, required, sources, weights, who_marks
from dingji.scheme.marking import joined
from dingji.scheme.model import Scheme, Situation
from dingji.scheme.names import COMPUTED, FURTHER, NOT_READ, ROSTER, roster_names
from dingji.scheme.reach_grades import by_rank
from dingji.scheme.totals import unlike_totals


def lint(scheme: Scheme) -> list[Finding]:
    """Run every check on a standard that is right in form; how far it reaches, only where there is no error."""
    found = [finding for check in CHECKS for finding in check(scheme)]
    if any(finding.severity == "error" for finding in found):
        return found
    return [*found, *(finding for check in REACHING for finding in check(scheme))]


def _named(scheme: Scheme) -> Iterator[tuple[Path, str]]:
    """Yield where every named part of the standard stands, with its name; a share's once, whoever has it."""
    for index, source in enumerate(scheme.sources):
        yield ("sources", index, "name"), source.name
    owners = {share: index for index, source in reversed(list(enumerate(scheme.sources))) for share in source.shares}
    for share, index in owners.items():
        yield ("sources", index, "shares"), share
    for index, indicator in enumerate(scheme.indicators):
        yield ("indicators", index, "name"), indicator.name
        for number, rule in enumerate(indicator.rules):
            yield ("indicators", index, "rules", number, "name"), rule.name
    for index, situation in enumerate(scheme.situations):
        yield ("situations", index, "name"), situation.name
    for index, column in enumerate(scheme.roster):
        yield ("roster", index, "name"), column.name


def _clashes(scheme: Scheme) -> Iterator[Finding]:
    """Find names of two things; a bonus indicator may be called 加分, for no condition reads it by itself."""
    named = list(_named(scheme))
    counts = Counter(name for _, name in named)
    for path, name in named:
        if counts[name] > 1:
            counts[name] = 1
            yield error(path, f"名称“{name}”用了不止一次；每个名称只能指一样东西")
        if name in (*ROSTER, *COMPUTED, *FURTHER) and name not in {indicator.name for indicator in scheme.bonuses}:
            yield error(path, f"“{name}”是程序自带的名称，请换一个")


def _own_columns(scheme: Scheme) -> Iterator[Finding]:
    """Find columns of the roster that it has anyway, that say two things at once, or that nothing reads."""
    read = set(_read(scheme))
    for index, column in enumerate(scheme.roster):
        path: Path = ("roster", index)
        if column.name in NOT_READ:
            yield error((*path, "name"), f"名册上已有“{column.name}”一栏，请换一个名称")
        if column.values and column.unit:
            yield error(path, f"“{column.name}”写了 unit 就填数，不能再写 values")
        if len(set(column.values)) < len(column.values):
            yield error((*path, "values"), f"“{column.name}”的 values 有重复的")
        if column.name not in read:
            yield warning(path, f"没有条件读“{column.name}”，名册上不必另设这一栏")


def _read(scheme: Scheme) -> Iterator[str]:
    """Yield every name that conditions read; those that cannot be understood are told elsewhere."""
    for _, condition, _ in all_conditions(scheme):
        try:
            yield from names_in(parse(condition))
        except ConditionError:
            continue


LONG_GAP = 10
"""Numbers left out one after the other, of which the first and the last are told."""


def _numbers(scheme: Scheme) -> Iterator[Finding]:
    numbers = [(index, item.no) for index, indicator in enumerate(scheme.indicators) for item in indicator.items]
    counts = Counter(number for _, number in numbers)
    for index, number in numbers:
        if counts[number] > 1:
            counts[number] = 1
            yield error(("indicators", index, "items"), f"序号 {number} 重复")
    used = sorted(counts)
    gaps = [range(before + 1, after) for before, after in pairwise(used) if after > before + 1]
    if gaps:
        told = ("、".join(map(str, gap)) if len(gap) < LONG_GAP else f"{gap[0]}–{gap[-1]}" for gap in gaps)
        yield warning(("indicators",), f"序号跳过了 {'、'.join(told)}")


# --- full marks -------------------------------------------------------------------------------------------


def _marks(scheme: Scheme) -> Iterator[Finding]:
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


def _unscored(scheme: Scheme) -> Iterator[Finding]:
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


def _deductions(scheme: Scheme) -> Iterator[Finding]:
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


def _nesting(scheme: Scheme) -> Iterator[Finding]:
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


# --- grades and what moves them ---------------------------------------------------------------------------


def _grades(scheme: Scheme) -> Iterator[Finding]:
    ranked = by_rank(scheme)
    rows = [Row.of(grade.start, grade.when) for grade in scheme.grades]
    for words in row_faults([row for row, grade in zip(rows, scheme.grades, strict=True) if grade.name not in ranked]):
        mend = "；只按比例取、不定分数的等次，另写一条 at_most 的名额" if "没有条件" in words else ""
        yield error(("grades",), f"等次{words}{mend}")
    yield from _after_ranked(scheme, ranked)
    counts = Counter(grade.name for grade in scheme.grades)
    for index, grade in enumerate(scheme.grades):
        if counts[grade.name] > 1:
            counts[grade.name] = 1
            words = f"等次“{grade.name}”写了不止一次；同一等次的几种条件写在一个 when 里，用 or 连起来"
            yield error(("grades", index, "name"), words)
    if rows and not rows[-1].rest:
        words = f"最后一个等次“{scheme.grades[-1].name}”之下留有空档；最后一个等次不写 from 和 when"
        yield error(("grades", len(rows) - 1), words)


def _after_ranked(scheme: Scheme, ranked: Sequence[str]) -> Iterator[Finding]:
    """Find bounds below a grade that is had by rank: whoever falls out of it is held to none."""
    above = ""
    for index, grade in enumerate(scheme.grades):
        if above and (grade.start is not None or grade.when):
            words = f"“{above}”只按名额取，超出的落到“{grade.name}”，不再看它的 from 和 when"
            yield error(("grades", index), f"{words}；“{grade.name}”也只按名额取的，不写 from 和 when")
        above = grade.name if grade.name in ranked else above


def _situations(scheme: Scheme) -> Iterator[Finding]:
    for index, situation in enumerate(scheme.situations):
        effects = situation.effects
        steps = [effect for effect in effects if effect in STEPS]
        beside = situation.named == PREVIOUS and len(steps) == 1 and effects[1:] == steps
        if len(effects) != 1 and not beside:
            now = f"只能写一个后果，现有 {'、'.join(effects)}" if effects else "没有写后果"
            mend = f'；{"、".join(steps)} 只能单独写，或与 "{PREVIOUS}" 同写' if effects[1:] and steps else ""
            yield error(("situations", index), f"情形“{situation.name}”{now}{mend}")
        if situation.excused:
            yield from _excused(("situations", index, "excused"), scheme, situation)
        if situation.of and situation.effect not in ("points", "factor"):
            yield error(("situations", index, "of"), "of 只与 points 或 factor 同写：综合得分加减或乘以的数")
        if situation.factor is not None and situation.factor <= 0:
            yield error(("situations", index, "factor"), "系数要大于 0；清零请写 score = 0")
        if situation.points == 0 or (situation.factor == 1 and not situation.of):
            yield warning(("situations", index), f"情形“{situation.name}”不改变综合得分，不起作用")


def _excused(path: Path, scheme: Scheme, situation: Situation) -> Iterator[Finding]:
    """Find those who are to hand in nothing where they would be graded, or where nobody knows yet who they are."""
    if not situation.no_grade or not situation.when:
        yield error(path, "excused 与 when 和 no_grade 同写：不参加评定的，记什么字")
        return
    try:
        read = names_in(parse(joined(situation.only_for, situation.when)))
    except ConditionError:
        return  # told where conditions are read
    for name in sorted(read - set(roster_names(scheme))):
        yield error(path, f"“{name}”发表的时候还不知道；不用交表的，条件里只能读名册上的事项和轮次")


def _labels(scheme: Scheme) -> Iterator[Finding]:
    """Find grades that are named somewhere and are not among the standard's."""
    labels = [grade.name for grade in scheme.grades]
    for path, label in _labels_named(scheme):
        if label not in labels:
            yield error(path, f"没有等次“{label}”{nearest(label, labels)}")


def _labels_named(scheme: Scheme) -> Iterator[tuple[Path, str]]:
    for index, situation in enumerate(scheme.situations):
        for key in ("at_least", "at_most", "grade"):
            label = getattr(situation, key)
            if label and label != PREVIOUS:
                yield ("situations", index, key), label
    for index, quota in enumerate(scheme.quotas):
        yield from ((("quotas", index, "grade"), label) for label in quota.grade)
    for index, target in enumerate(scheme.targets):
        for key in ("out_of", "to"):
            yield from ((("targets", index, key), label) for label in getattr(target, key))


CHECKS: Sequence[Callable[[Scheme], Iterator[Finding]]] = (
    _clashes,
    _own_columns,
    _numbers,
    weights,
    sources,
    dropped_rounds,
    required,
    who_marks,
    _marks,
    _unscored,
    unlike_totals,
    _deductions,
    _nesting,
    rules,
    limits,
    _grades,
    _situations,
    _labels,
    quotas,
    candidates,
    targets,
    year_days,
    honours,
    empty,
    readable,
    circles,
    bounds,
)
"""Every check, in the order in which findings are listed."""

REACHING: Sequence[Callable[[Scheme], Iterator[Finding]]] = (
    collected,
    own_circle,
    unmarked,
    out_of_reach,
    vetoes,
    without_effect,
    signs,
    shares,
    holes,
)
"""Checks that take a standard for right so far: what it can give, who tells it, and what has no effect."""
