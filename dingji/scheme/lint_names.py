"""What is named twice, after nothing, or like something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from dingji.scheme.conditions import ConditionError, names_in, parse
from dingji.scheme.finding import Finding, Path, error, warning
from dingji.scheme.lint_conditions import all_conditions
from dingji.scheme.model import Scheme
from dingji.scheme.names import COMPUTED, FURTHER, NOT_READ, ROSTER


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


def name_clashes(scheme: Scheme) -> Iterator[Finding]:
    """Find names of two things; a bonus indicator may be called 加分, for no condition reads it by itself."""
    named = list(_named(scheme))
    counts = Counter(name for _, name in named)
    for path, name in named:
        if counts[name] > 1:
            counts[name] = 1
            yield error(path, f"名称“{name}”用了不止一次；每个名称只能指一样东西")
        if name in (*ROSTER, *COMPUTED, *FURTHER) and name not in {indicator.name for indicator in scheme.bonuses}:
            yield error(path, f"“{name}”是程序自带的名称，请换一个")


def own_columns(scheme: Scheme) -> Iterator[Finding]:
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


def numbers(scheme: Scheme) -> Iterator[Finding]:
    """Find items whose numbers are given twice, or left out."""
    found = [(index, item.no) for index, indicator in enumerate(scheme.indicators) for item in indicator.items]
    counts = Counter(number for _, number in found)
    for index, number in found:
        if counts[number] > 1:
            counts[number] = 1
            yield error(("indicators", index, "items"), f"序号 {number} 重复")
    used = sorted(counts)
    gaps = [range(before + 1, after) for before, after in pairwise(used) if after > before + 1]
    if gaps:
        told = ("、".join(map(str, gap)) if len(gap) < LONG_GAP else f"{gap[0]}–{gap[-1]}" for gap in gaps)
        yield warning(("indicators",), f"序号跳过了 {'、'.join(told)}")
