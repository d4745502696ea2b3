"""编号: by which a row of 整改台账 is known again, whoever filled it in and however often the program runs.

`D001-2026年初-0417`: branch, round, and a number made from what was lost, not from how much or in which
order (ADR 0030).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Final, NamedTuple

from dingji.comparing import normal
from dingji.scheme.model import Scheme

COMPOSITE: Final = "综合得分"
"""What is lost where nobody marks indicators."""
JOIN: Final = "-"
THINGS, FINDINGS = 10_000, 100_000
"""Below how much numbers of what a standard names lie (four figures), and of findings in somebody's words (five)."""
_NUMBER = re.compile(rf"(?P<unit>.+){JOIN}(?P<year>\d{{4}})(?P<round>[^{JOIN}]+){JOIN}(?P<number>\d{{4,5}})")


class Parts(NamedTuple):
    """What a 编号 says: branch and round as they are compared, and the number."""

    unit: str
    year: int
    round: str
    number: str


def indicator_key(name: str) -> str:
    """Return what an indicator is called among all that may be lost."""
    return f"指标 {name}"


def situation_key(name: str) -> str:
    """Return what a situation is called among all that may be lost."""
    return f"情形 {name}"


def item_name(indicator: str, number: int) -> str:
    """Return what an item of an indicator is called: 学习教育第3项."""
    return f"{indicator}第{number}项"


def item_key_of(indicator: str, number: int) -> str:
    """Return what an item is called among all that may be lost."""
    return f"考评内容 {item_name(indicator, number)}"


def numbers_of(scheme: Scheme) -> dict[str, str]:
    """Return the number of everything that a branch may lose by a standard, whether it does or not.

    Where two come to one number, the later one takes the next that is free: indicators, situations, items, each in the
    standard's order.
    """
    marked = (indicator_key(name) for name in (*(one.name for one in scheme.scored), COMPOSITE))
    situations = (situation_key(one.name) for one in scheme.situations)
    items = (item_key_of(one.name, item.no) for one in scheme.scored for item in one.items)
    return _numbered(dict.fromkeys([*marked, *situations, *items]))


def names_by_number(scheme: Scheme) -> dict[str, str]:
    """Return what a standard calls each thing that may be lost, by its number."""
    return {number: key.partition(" ")[2] for key, number in numbers_of(scheme).items()}


def _numbered(keys: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    taken: set[int] = set()
    for key in keys:
        number = _hashed(key) % THINGS
        while number in taken:
            number = (number + 1) % THINGS
        taken.add(number)
        found[key] = f"{number:04d}"
    return found


def finding_number(text: str) -> str:
    """Return the number of a finding by its words, however they are spaced."""
    return str(THINGS + _hashed(normal(text)) % (FINDINGS - THINGS))


def _hashed(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big")


def full_number(unit: str, label: str, number: str) -> str:
    """Return a 编号 in full; `label` is the round's (`2026 年初`)."""
    return JOIN.join((unit, label.replace(" ", ""), number))


def parts_of(text: str) -> Parts | None:
    """Return what a typed 编号 says; None where it is none."""
    found = _NUMBER.fullmatch(normal(text))
    return Parts(found["unit"], int(found["year"]), found["round"], found["number"]) if found else None
