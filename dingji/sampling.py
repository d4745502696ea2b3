"""随机抽查: draws of branches, members or records by the settings' seeds; of who is asked, never of a clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from dingji.drawing import in_drawn_order
from dingji.roster import ACTIVE
from dingji.sample_settings import BRANCHES, MEMBERS, WHOLE, Sample
from dingji.tables import records

FIELDS: Final = {"上级党组织": "parent", "类别": "category", "层级": "level"}
UNFILED: Final = "（未填）"
TOLD: Final = ("unit", "date", "rule", "option", "value", "amount", "work", "reason", "evidence")
"""What makes a record the one that it is, wherever it stands."""


@dataclass(frozen=True)
class Lot:
    """What may be drawn: its key, its branch, the member's number or the record; "" and nothing for a branch."""

    key: str
    branch: Mapping[str, Any]
    member: int | None = None
    record: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Drawn:
    """What one draw came to, by stratum in roster order, and what could not be drawn as asked."""

    sample: Sample
    lots: Mapping[str, Sequence[Lot]]
    of_all: int
    left_out: int
    """So many were drawn before."""
    short: Sequence[str]
    """Strata with fewer than are asked for."""
    unknown: Sequence[str]
    """Branches without a number of members."""

    @property
    def drawn(self) -> int:
        """Return how many were drawn."""
        return sum(map(len, self.lots.values()))


def draws(samples: Sequence[Sample], branches: pd.DataFrame, entries: pd.DataFrame) -> list[Drawn]:
    """Return every draw of the settings, in their order. `branches`: the roster; `entries`: what came in and counts."""
    roster = [row for row in records(branches) if row["state"] in ACTIVE]
    found: dict[str, Drawn] = {}
    for sample in samples:
        before = {lot.key for name in sample.without for lots in found[name].lots.values() for lot in lots}
        found[sample.name] = _draw(sample, roster, entries, before)
    return list(found.values())


def _draw(sample: Sample, roster: Sequence[Mapping[str, Any]], entries: pd.DataFrame, before: set[str]) -> Drawn:
    every = list(_lots(sample, roster, entries))
    strata: dict[str, list[Lot]] = {}
    for lot in every:
        strata.setdefault(_stratum(sample, lot.branch), []).append(lot)
    lots, short = {}, []
    for name, own in strata.items():
        left = [lot for lot in own if lot.key not in before]
        wanted = _wanted(sample, len(own))
        chosen = set(in_drawn_order((lot.key for lot in left), sample.seed)[:wanted])
        lots[name] = [lot for lot in left if lot.key in chosen]
        short += [name] if len(left) < wanted else []
    unknown = [row["name"] for row in roster if sample.of == MEMBERS and not isinstance(row["members"], int)]
    return Drawn(sample, lots, len(every), len(before & {lot.key for lot in every}), short, unknown)


def _stratum(sample: Sample, branch: Mapping[str, Any]) -> str:
    if sample.within == BRANCHES:
        return f"{branch['unit']} {branch['name']}"
    return WHOLE if sample.within == WHOLE else str(branch[FIELDS[sample.within]] or UNFILED)


def _wanted(sample: Sample, size: int) -> int:
    value = sample.count.value
    return int(-(-value * size // 1)) if sample.count.share else int(value)


def _lots(sample: Sample, roster: Iterable[Mapping[str, Any]], entries: pd.DataFrame) -> Iterator[Lot]:
    if sample.of == BRANCHES:
        yield from (Lot(row["unit"], row) for row in roster)
    elif sample.of == MEMBERS:
        for row in roster:
            count = row["members"] if isinstance(row["members"], int) else 0
            yield from (Lot(f"{row['unit']}|{number}", row, member=number) for number in range(1, count + 1))
    else:
        yield from _of_records({row["unit"]: row for row in roster}, entries)


def _of_records(roster: Mapping[str, Mapping[str, Any]], entries: pd.DataFrame) -> Iterator[Lot]:
    """Yield the records of 平时记录 by branch and day; two that say the same are told apart by their order."""
    rows = records(entries[(entries["form"] == "records") & (entries["part"] == "fact")])
    places = {unit: place for place, unit in enumerate(roster)}
    rows = sorted((row for row in rows if row["unit"] in places), key=lambda row: (places[row["unit"]], row["date"]))
    seen: Counter[str] = Counter()
    for row in rows:
        told = "|".join(str(row[name]) for name in TOLD)
        seen[told] += 1
        yield Lot(f"{told}|{seen[told]}", roster[row["unit"]], record=row)
