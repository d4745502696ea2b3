"""A fictional roster: branches with numbers for names, of a quality for every grade; titles instead of persons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Final

from dingji.demo.people import Branch
from dingji.forms.filling import Cells
from dingji.numbers import chinese
from dingji.scheme.model import UNIT, Scheme
from dingji.settings import Settings

CATEGORIES: Final = ("机关", "业务", "后勤", "离退休")
GRADE_WEIGHTS: Final = (3, 4, 2, 1)
"""How many branches deserve each grade, best first; grades beyond the fourth as the last."""

UNGRADED: Final = (0.6, 0.98)
WIDEST: Final = (0.5, 0.98)
LOWEST: Final = 0.55
"""Below the lowest bound, branches deserve this share of it and more."""

PER_PARENT: Final = 40
OFTEN: Final = 0.6
"""How often an optional cell is filled in."""

BRANCH: Final = "党支部"
PERSONS: Final = ("员", "人", "书记", "干部")
"""How words for persons end."""
CATEGORY_CONDITION: Final = re.compile(r"类别\s*(?:=|!=|in)\s*\(?([^)]*)")


def make_branches(scheme: Scheme, settings: Settings, count: int, rng: Random) -> list[Branch]:
    """Return so many branches: a few parents and categories, and every grade deserved by some."""
    deserved = _deserved(scheme, count, rng)
    categories = _categories(scheme, settings)
    parents = min(max(count // 3, 1), max(3, -(-count // PER_PARENT)))
    return [
        Branch(
            f"DZ{number:04d}",
            named(scheme, number),
            f"第{chinese((number - 1) * parents // count + 1)}党总支",
            rng.choice(categories),
            (8 + int(40 * rng.random() ** 2), rng.randint(0, 2)),
            quality,
            grade,
        )
        for number, (grade, quality) in enumerate(deserved, start=1)
    ]


def named(scheme: Scheme, number: int) -> str:
    """Return what a branch is called: 第三党支部; a person has a plain number: 党员0003."""
    kind = kind_of(scheme)
    return f"{kind}{number:04d}" if kind.endswith(PERSONS) else f"第{chinese(number)}{kind}"


def kind_of(scheme: Scheme) -> str:
    """Return what is graded in a practice folder; where the standard has no word of its own, 党支部."""
    return BRANCH if scheme.unit == UNIT else scheme.unit


def _deserved(scheme: Scheme, count: int, rng: Random) -> list[tuple[int, float]]:
    """Return the place of the deserved grade and the quality of every branch; each grade once, then by weight."""
    grades = range(len(scheme.grades))
    if not grades:
        return [(0, rng.uniform(*UNGRADED)) for _ in range(count)]
    weights = [GRADE_WEIGHTS[min(index, len(GRADE_WEIGHTS) - 1)] for index in grades]
    places = [*grades][:count]
    places += rng.choices(grades, weights, k=count - len(places))
    rng.shuffle(places)
    spans = _spans(scheme)
    return [(index, spans[index][0] + (spans[index][1] - spans[index][0]) * rng.uniform(0.3, 0.8)) for index in places]


def _spans(scheme: Scheme) -> list[tuple[float, float]]:
    """Return the shares of the full mark between which each grade lies; even ones where bounds are not points."""
    starts = [grade.start for grade in scheme.grades]
    if any(start is None for start in starts[:-1]):
        low, high = WIDEST
        width = (high - low) / len(starts)
        return [(high - width * (index + 1), high - width * index) for index in range(len(starts))]
    bounds = [1.0, *(float(Fraction(start) / Fraction(scheme.full)) for start in starts if start is not None)]
    if starts[-1] is None:
        bounds.append(bounds[-1] * LOWEST)
    return [(low, high) for high, low in pairwise(bounds)]


def _categories(scheme: Scheme, settings: Settings) -> list[str]:
    """Return categories to choose from: those that the standard speaks of and some more, all graded by it."""
    spoken = [text for condition in _conditions(scheme) for text in CATEGORY_CONDITION.findall(condition)]
    named = [name for text in spoken for name in re.findall(r"'([^']+)'", text)]
    chosen = settings.standard.by_category
    return [name for name in dict.fromkeys((*CATEGORIES, *named)) if chosen.get(name, scheme.id) == scheme.id]


def _conditions(scheme: Scheme) -> Iterator[str]:
    for indicator in scheme.indicators:
        yield indicator.only_for
        yield from (item.only_for for item in indicator.items)
        yield from (rule.only_for for rule in indicator.rules)
    yield from (situation.only_for for situation in scheme.situations)


def own_values(scheme: Scheme, order: int) -> dict[str, str | Fraction]:
    """Return what the standard's own columns say of a branch: each of their values in turn."""
    return {
        column.name: Fraction(1 + order % 9)
        if column.unit
        else (column.values or ["甲", "乙"])[order % (len(column.values) or 2)]
        for column in scheme.roster
    }


def branch_rows(branches: Sequence[Branch], scheme: Scheme, year: int, rng: Random) -> Iterator[Cells]:
    """Yield the rows of 名册: telephones and mail stay empty, optional cells now and then."""
    kind = kind_of(scheme)
    short = "支部" if kind == BRANCH else "" if kind.endswith(PERSONS) else kind
    for order, branch in enumerate(branches, start=1):
        founded = date(year - rng.randint(6, 30), rng.randint(1, 12), rng.randint(1, 28))
        yield {
            **branch.identity,
            "排序号": order,
            "规范简称": f"{chinese(order)}{short}" if rng.random() < OFTEN and short else "",
            "上级党组织": branch.parent,
            "层级": kind,
            "类别": branch.category,
            "书记": f"书记{order:04d}",
            "书记任职时间": date(year - rng.randint(1, 4), rng.randint(1, 12), 1),
            "联系领导": f"领导{order % 9 + 1:02d}",
            "正式党员": branch.members[0],
            "预备党员": branch.members[1],
            "成立日期": founded,
            "届满日期": date(year + rng.randint(1, 3), rng.randint(1, 12), 28),
            "联络员": f"联络员{order:04d}" if rng.random() < OFTEN else "",
            "状态": "正常" if rng.random() < OFTEN else "",
            **own_values(scheme, order),
        }


def rater_rows(raters: Sequence[tuple[str, str]]) -> list[Cells]:
    """Return the rows of 评委: everyone marks every branch, for every source of raters."""
    return [{"评委编号": number, "评委": name} for number, name in raters]
