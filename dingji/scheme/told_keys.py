"""A standard as its keys by their Chinese names, each with a print of what it says: what changed is told from two."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from dingji.scheme.told import KeyWords, Section

if TYPE_CHECKING:
    from dingji.scheme.model import Scheme

IN: Final = " ▸ "
"""Between a table and its keys: 指标“班子” ▸ 规则“拖延” ▸ 一次给分."""
DIGITS: Final = 8
SHOWN: Final = 5
"""So many keys are named; of more, how many there are."""
Told = Mapping[str, str]


def told_keys(scheme: Scheme) -> dict[str, str]:
    """Return the keys of a standard by their place in Chinese, each with eight digits of what is written there."""
    return {IN.join(path): _print(value) for path, value in _walk(scheme, ())}


def _walk(table: Section, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    told = table.model_dump(mode="json", by_alias=True)
    for name, field in type(table).model_fields.items():
        words = next((each for each in field.metadata if isinstance(each, KeyWords)), None)
        heading, value = words.heading if words else name, getattr(table, name)
        if isinstance(value, Section):
            yield from _walk(value, (*path, heading))
        elif isinstance(value, list) and value and all(isinstance(row, Section) for row in value):
            for number, row in enumerate(value, start=1):
                yield from _walk(row, (*path, f"{heading}{_called(row, number)}"))
        elif value != []:  # no row is no key: a first one is something new
            yield (*path, heading), told[field.alias or name]


def _called(row: Section, number: int) -> str:
    """Return by what a row of a table is known: its name, its number, else the how-manieth it is."""
    own = getattr(row, "name", None) or getattr(row, "no", None)
    return f"“{own}”" if own else f"第{number}行"


def _print(value: object) -> str:
    return sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:DIGITS]


def changed_keys(before: Told, after: Told) -> list[str]:
    """Return what differs, in the order of the standard: keys, and whole tables that only one of the two has."""
    lines = [f"新增{_whole(path, before)}" if path not in before else path
             for path, written in after.items() if before.get(path) != written]  # fmt: skip
    gone = [f"删去{_whole(path, after)}" for path in before if path not in after]
    return list(dict.fromkeys([*lines, *gone]))


def _whole(path: str, other: Told) -> str:
    """Return the outermost table of a path that the other standard lacks."""
    parts = path.split(IN)
    heads = (IN.join(parts[:size]) for size in range(1, len(parts) + 1))
    return next(head for head in heads if not any(one == head or one.startswith(f"{head}{IN}") for one in other))


def changes_line(title: str, label: str, changed: Sequence[str]) -> str:
    """Return in one line what a standard says otherwise than it did then."""
    more = f"等{len(changed)}处" if len(changed) > SHOWN else ""
    return f"标准“{title}”与{label}的不同：{'；'.join(changed[:SHOWN])}{more}"
