"""沿革: whose earlier results a branch carries on, as the roster says; what it does not say is asked, never guessed.

A branch that went (撤销, 合并) stands on the roster with 并入编码; 承继 on its row says whether the other one carries
on its results (承继, 不承继). On the row of the branch that goes on, 承继 names whose results it carries on, or says
不承继: it goes on with its own, if it has any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dingji.problems import Problem
from dingji.roster import ACTIVE, CARRIED, NOT_CARRIED, Directory, named_before
from dingji.scheme.conditions import Value
from dingji.tables import records

Told = Mapping[str, Mapping[str, Mapping[str, Value]]]
"""What rounds before told: by label of the round, what it is (等次, 得分, 名次), and branch."""


@dataclass(frozen=True)
class Succession:
    """Whose results count as whose: `before` by branch, in the order named; `unsaid` are pairs that nobody settled."""

    names: Mapping[str, str]
    before: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    none: frozenset[str] = frozenset()
    unsaid: Sequence[tuple[str, str]] = ()
    gone: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()
    """Branches whose own row names whose results they carry on: these, and no others."""

    def applied(self, told: Told) -> tuple[dict[str, dict[str, dict[str, Value]]], dict[str, str], list[Problem]]:
        """Return what rounds told, by the branches that carry it on; words for each; and what is to be asked.

        The results of a branch that is gone are told of its successor alone, so that nobody counts twice.
        """
        found = {label: {what: dict(own) for what, own in whats.items()} for label, whats in told.items()}
        words: dict[str, str] = {}
        rounds: dict[tuple[str, str], list[str]] = {}
        for label, whats in found.items():
            there = {unit for own in whats.values() for unit in own}
            moves = {unit: self._source(unit, there, frozenset()) for unit in self._concerned()}
            claims = Counter(source[0] for unit, source in moves.items() if len(source) == 1 and source[0] != unit)
            asked = {unit: what for unit, own in moves.items() if (what := self._asked(unit, own, there, claims))}
            for pair in asked.items():
                rounds.setdefault(pair, []).append(label)
            settled = {unit: "" if unit in asked else next(iter(source), "") for unit, source in moves.items()}
            words |= {unit: self._words(source) for unit, source in settled.items() if source not in ("", unit)}
            for what, own in whats.items():
                whats[what] = self._moved(own, settled)
        lines = {unit: f"{'、'.join(filter(None, labels))}的结果，{what}" for (unit, what), labels in rounds.items()}
        return found, words, [Problem("E622", unit=unit, values={"what": line}) for unit, line in lines.items()]

    def _concerned(self) -> list[str]:
        return list(dict.fromkeys((*self.before, *self.none, *(heir for _, heir in self.unsaid))))

    def _source(self, unit: str, there: set[str], seen: frozenset[str]) -> tuple[str, ...]:
        """Return the branches whose results a branch may have of a round; several are asked about."""
        if unit in self.none or unit in seen:
            return (unit,) if unit in there else ()
        found: dict[str, None] = {}
        for one in self.before.get(unit, ()):
            through = (one,) if one in there or one == unit else self._source(one, there, seen | {unit})
            found |= dict.fromkeys(through)
        if unit not in self.chosen or not any(each in there for each in found):
            found.setdefault(unit)
        return tuple(each for each in found if each in there)

    def _asked(self, unit: str, source: Sequence[str], there: set[str], claims: Mapping[str, int]) -> str:
        """Return what a person must say of a branch in a round; "" where it is settled.

        `claims`: how many other branches carry on the results of one. One that is still there gives away its own
        only where it says itself that it keeps them too: nobody's result counts twice unasked.
        """
        gone = [old for old, heir in self.unsaid if heir == unit and old in there]
        if gone:
            return f"{self._listed(gone)}并入以后，上期结果承继不承继，名册的“承继”没有写"
        if len(source) > 1:
            return f"{self._listed(source)}都有结果，名册的“承继”只能写一个"
        if source and source[0] != unit:
            return self._counted_twice(source[0], claims[source[0]])
        return ""

    def _counted_twice(self, source: str, claims: int) -> str:
        """Return why a result would count for several branches; "" where it counts once, or its owner says so."""
        who = self._listed([source])
        if claims > 1:
            return f"{who}的结果有{claims}个党组织写了承继，只能有一个"
        if source not in self.gone and source not in self.before.get(source, ()):
            return f"{who}还在名册上，它的结果不能又算这里的；确实两处都算的，在它的“承继”写它自己的编码"
        return ""

    def _moved(self, own: Mapping[str, Value], settled: Mapping[str, str]) -> dict[str, Value]:
        taken = {source for unit, source in settled.items() if source != unit and source in self.gone}
        kept = {unit: value for unit, value in own.items() if unit not in settled and unit not in taken}
        return kept | {unit: own[source] for unit, source in settled.items() if source in own}

    def _words(self, source: str) -> str:
        return f"上期结果承继自{self.names.get(source, source)}"

    def _listed(self, units: Sequence[str]) -> str:
        return "、".join(f"{self.names.get(unit, '')}（{unit}）" for unit in units)


def succession_of(branches: pd.DataFrame) -> tuple[Succession, list[Problem]]:
    """Read 并入编码 and 承继; a code or name that nobody has is a problem."""
    directory, rows = Directory.of(branches), records(branches)
    before: dict[str, list[str]] = {}
    problems: list[Problem] = [*_unclear(rows)]
    heirs = dict(_heirs(rows, directory, problems))
    none = {row["unit"] for row in rows if row["successor_of"] in NOT_CARRIED and row["unit"] not in heirs}
    for row in rows:
        for name in named_before(row["successor_of"]) if row["successor_of"] not in CARRIED else ():
            if unit := _found(row, "承继", name, directory, problems):
                before.setdefault(row["unit"], []).append(unit)
    chosen = frozenset(before)
    unsaid = []
    for row in rows:
        heir = heirs.get(row["unit"], "")
        if heir and row["successor_of"] in CARRIED and heir not in chosen:
            before.setdefault(heir, []).append(row["unit"])
        elif heir and not row["successor_of"] and heir not in {*before, *none}:
            unsaid.append((row["unit"], heir))
    gone = frozenset(row["unit"] for row in rows if row["state"] not in ACTIVE)
    named = {unit: tuple(units) for unit, units in before.items()}
    return Succession(directory.names, named, frozenset(none), unsaid, gone, chosen), problems


def _heirs(
    rows: Sequence[Mapping[str, Any]], directory: Directory, problems: list[Problem]
) -> Iterator[tuple[str, str]]:
    """Yield who went, and into whom it went."""
    into = {}
    for row in rows:
        if row["merged_into"] and (heir := _found(row, "并入编码", row["merged_into"], directory, problems)):
            into[row["unit"]] = heir
    for unit, heir in into.items():
        round_about = passed(unit, into)
        if round_about[-1] != unit or heir not in into:
            yield unit, heir
        else:
            listed = "、".join(directory.names[each] for each in round_about[:-1])
            what = "“并入编码”写的是它自己" if heir == unit else f"{listed}的“并入编码”转了一圈，没有一个留下来"
            problems.append(Problem("E622", unit=unit, values={"what": what}))


def passed(unit: str, into: Mapping[str, str]) -> list[str]:
    """Return a branch and who goes on with what was its, one after another, until nobody follows or one comes again."""
    found = [unit]
    while found[-1] in into and found.count(found[-1]) == 1:
        found.append(into[found[-1]])
    return found


def _unclear(rows: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield the rows that say that their results are carried on, and not by whom; or that went and are still there."""
    for row in rows:
        if row["merged_into"] and row["state"] in ACTIVE:
            what = "“并入编码”写了并入别的党组织，“状态”没有写合并或撤销"
            yield Problem("E622", unit=row["unit"], values={"what": what})
        if row["successor_of"] in CARRIED and not row["merged_into"]:
            what = "“承继”写了承继，没有写并入哪个党组织"
            yield Problem("E622", unit=row["unit"], values={"what": what})


def _found(row: Mapping[str, Any], heading: str, name: str, directory: Directory, problems: list[Problem]) -> str:
    unit = directory.find(name, "")[0] or directory.find("", name)[0]
    if not unit:
        near = directory.suggest_code(name) or directory.suggest(name)
        problems.append(Problem("E623", unit=row["unit"], subject=heading, found=name, values={"suggestion": near}))
    return unit
