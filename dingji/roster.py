"""The roster: which branches there are, who rates them, and finding a branch by code or name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher, get_close_matches
from typing import Any

import pandas as pd

from dingji.intake.grid import normal
from dingji.intake.reading import FileReading
from dingji.intake.superseded import superseded_by
from dingji.numbers import MICRO
from dingji.problems import Problem, describe, level_of
from dingji.tables import BRANCHES, RATERS, records, table

ACTIVE = ("", "正常")
COUNTS = ("full_members", "probationary_members")


def split_names(text: str) -> list[str]:
    """Split names written in one cell: `甲、乙；丙`."""
    for mark in ("，", ",", "；", ";", "\n"):
        text = text.replace(mark, "、")
    return [name.strip() for name in text.split("、") if name.strip()]


def read_roster(readings: Sequence[FileReading]) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """Return branches (in the order of 排序号), raters, and what is wrong with the roster."""
    replaced = superseded_by(readings)
    found = [reading for reading in readings if reading.kind == "roster" and reading.path not in replaced]
    problems = [_of_state(problem) for reading in found for problem in reading.problems]
    rosters = _distinct([reading for reading in found if reading.taken and _says_anything(reading)], problems)
    if len(rosters) != 1:
        problems.append(Problem("E309", values={"what": _no_roster(rosters, found)}))
        return table(BRANCHES, []), table(RATERS, []), problems
    rows, people = (rosters[0].roster.get(sheet, []) for sheet in ("名册", "评委"))
    ordered = sorted(enumerate(rows), key=lambda pair: (_order(pair[1]), pair[0]))
    problems = [_with_unit(problem, rows) for problem in problems]
    branches = table(BRANCHES, [_branch(row) for _, row in ordered if row["code"]])
    raters = table(RATERS, [_rater(row) for row in people if row["rater"]])
    problems += [*_faults(rosters[0].path, rows), *_rater_faults(rosters[0].path, people, branches)]
    return branches, raters, problems


def _of_state(problem: Problem) -> Problem:
    """Say of a 状态 that is none of the choices what is done meanwhile."""
    return replace(problem, code="E318") if (problem.code, problem.subject) == ("E205", "状态") else problem


def _with_unit(problem: Problem, rows: Sequence[Mapping[str, Any]]) -> Problem:
    """Name the branch in whose row of 名册 a problem stands."""
    places = ((row["code"], row["sheet"], value) for row in rows for name, value in row.items() if name.endswith("@"))
    units = (code for code, *place in places if place == [problem.sheet, problem.cell])
    return replace(problem, unit=next(units, "")) if problem.cell else problem


def _distinct(rosters: Sequence[FileReading], problems: list[Problem]) -> list[FileReading]:
    """Return rosters that differ in what they say; a copy counts once."""
    first: dict[str, FileReading] = {}
    for reading in rosters:
        known = first.setdefault(str(_content(reading)), reading)
        if known is not reading:
            problems.append(Problem("N304", reading.path, values={"other": known.path}))
    return list(first.values())


def _says_anything(reading: FileReading) -> bool:
    """Say whether it is a roster that may count: 汇总录入 may leave it to a workbook of its own."""
    return not reading.many or any(reading.roster.values())


def _content(reading: FileReading) -> dict[str, list[dict[str, Any]]]:
    """Return what a roster says, wherever it says it: values by field, without blanks and addresses."""
    return {
        sheet: [{name: row[name] for name in sorted(row) if row[name] != "" and not _is_place(name)} for row in rows]
        for sheet, rows in reading.roster.items()
        if rows
    }


def _is_place(name: str) -> bool:
    return name in ("sheet", "cell") or name.endswith("@")


def _no_roster(rosters: Sequence[FileReading], found: Sequence[FileReading]) -> str:
    """Say why there is no one roster: there are several, or one that could not be read."""
    if rosters:
        names = "、".join(reading.path for reading in rosters)
        return f"有 {len(rosters)} 份内容不同的名册（{names}），只能有一份"
    why = [describe(problem).text for reading in found for problem in reading.problems if level_of(problem) == "refuse"]
    return (
        f"名册没有读成：{why[0]}"
        if why
        else "input 中没有党组织名册；请填好 templates/forms 中的 党组织名册.xlsx，放进 input"
    )


def _order(row: Mapping[str, Any]) -> float:
    order = row.get("order", "")
    return order if isinstance(order, int) else float("inf")


def _branch(row: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: row.get(name, "") for name in BRANCHES if name in row}
    counts = {name: _count(row.get(name, "")) for name in COUNTS}
    typed = [count for count in counts.values() if count is not None]
    unread = any(row.get(f"{name}?") for name in COUNTS)
    return {**known, **counts, "unit": row["code"], "members": sum(typed) if typed and not unread else None}


def _count(value: object) -> int | None:
    return value // MICRO if isinstance(value, int) else None


def _rater(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row.get(name, "") for name in RATERS}


def _faults(file: str, rows: Iterable[Mapping[str, Any]]) -> list[Problem]:
    problems, seen = [], set()
    for row in rows:
        code = normal(row["code"])
        if not code or code in seen:
            what = f"党组织编码 {row['code']} 出现两次" if code else "这一行没有党组织编码"
            problems.append(_fault(file, row, "code", "党组织编码", what))
        elif not row["name"]:
            problems.append(_fault(file, row, "name", "党组织名称", "这一行没有党组织名称"))
        seen.add(code)
    return problems


def _rater_faults(file: str, rows: Iterable[Mapping[str, Any]], branches: pd.DataFrame) -> Iterator[Problem]:
    """Yield what is wrong with the raters: without a number, listed twice, or for branches that nobody knows."""
    directory, groups, seen = Directory.of(branches), _groups(branches), set()
    for row in rows:
        number = normal(row["rater"])
        if not number or number in seen:
            what = f"评委编号 {row['rater']} 出现两次" if number else "这一行没有评委编号"
            yield _fault(file, row, "rater", "评委编号", what)
        seen.add(number)
        for field, label in (("units", "评定范围"), ("avoids", "回避党组织")):
            for word in _scope(row.get(field, ""), groups, directory)[1]:
                what = f"{label}中的“{word}”在名册中没有，或者不止一个{directory.suggest(word)}"
                yield _fault(file, row, field, label, what)


def _fault(file: str, row: Mapping[str, Any], field: str, label: str, what: str) -> Problem:
    cell = row.get(f"{field}@") or row["cell"]
    return Problem("E309", file, row["sheet"], cell, label, row.get(field, ""), values={"what": what})


SUGGESTED = 2
"""So many names are suggested together; of more that are equally like, none is the likely one."""


def most_alike(text: str, names: Iterable[str]) -> list[str]:
    """Return the names most like a text, by what both are as compared; none where more than SUGGESTED are as near."""
    wanted = normal(text)
    near = get_close_matches(wanted, names, n=SUGGESTED + 1)
    likeness = [SequenceMatcher(None, name, wanted).ratio() for name in near]
    alike = [name for name, like in zip(near, likeness, strict=True) if like == max(likeness)]
    return alike if len(alike) <= SUGGESTED else []


@dataclass(frozen=True)
class Directory:
    """Finds a branch by what a form says: its code, or a name that only one branch has or had."""

    names: Mapping[str, str]
    by_code: Mapping[str, str]
    by_name: Mapping[str, frozenset[str]]
    active: frozenset[str]

    @classmethod
    def of(cls, branches: pd.DataFrame) -> Directory:
        """Index a roster by codes and by current, former and short names."""
        by_name: defaultdict[str, set[str]] = defaultdict(set)
        for row in records(branches):
            for name in (row["name"], row["short_name"], *split_names(row["former_names"])):
                if name:
                    by_name[normal(name)].add(row["unit"])
        units = list(branches["unit"])
        return cls(
            dict(zip(units, branches["name"], strict=True)),
            {normal(unit): unit for unit in units},
            {name: frozenset(found) for name, found in by_name.items()},
            frozenset(unit for unit, state in zip(units, branches["state"], strict=True) if state in ACTIVE),
        )

    def find(self, code: str, name: str) -> tuple[str, Problem | None]:
        """Return the branch, or "" and why not; code and name must agree where both are given."""
        named = self.by_name.get(normal(name), frozenset()) if name else frozenset()
        if code:
            return self._find_code(code, name, named)
        if len(named) == 1:
            return next(iter(named)), None
        if len(named) > 1:
            candidates = "、".join(f"{unit} {self.names[unit]}" for unit in sorted(named))
            return "", Problem("E302", subject="党组织名称", found=name, values={"candidates": candidates})
        return "", Problem("E301", subject="党组织名称", found=name, values={"suggestion": self.suggest(name)})

    def _find_code(self, code: str, name: str, named: frozenset[str]) -> tuple[str, Problem | None]:
        unit = self.by_code.get(normal(code))
        if unit is None:
            near = self.suggest(name) if name else self.suggest_code(code)
            return "", Problem(
                "E301", subject="党组织编码", found=f"{code} {name}".strip(), values={"suggestion": near}
            )
        if name and unit not in named:
            values = {"code": unit, "name": self.names[unit]}
            return "", Problem("E303", subject="党组织名称", found=name, values=values)
        return unit, None

    def suggest(self, name: str) -> str:
        """Return `；是不是 …` with whom a name is most like; "" where none is near, or too many are as near."""
        units = {unit for near in most_alike(name, self.by_name) for unit in self.by_name[near]}
        told = " 或 ".join(f"{unit} {self.names[unit]}" for unit in sorted(units))
        return f"；是不是 {told}" if 0 < len(units) <= SUGGESTED else ""

    def suggest_code(self, code: str) -> str:
        """Return `；是不是 …` with the code that is most like one; "" where none is near, or too many are as near."""
        near = most_alike(code, self.by_code)
        return f"；是不是 {' 或 '.join(sorted(self.by_code[each] for each in near))}" if near else ""


@dataclass(frozen=True)
class Duty:
    """What a rater marks: sources, indicators and branches; `avoids` are branches never marked (回避)."""

    rater: str
    name: str
    sources: frozenset[str]
    items: frozenset[str]
    units: frozenset[str]
    avoids: frozenset[str]
    active: bool
    """`items` are indicators as texts for comparing."""
    state: str = ""
    group: str = ""
    """组别 as a text for comparing."""

    def marks(self, unit: str, source: str, indicator: str) -> bool:
        """Say whether this rater is expected to mark an indicator of a branch; empty sets mean all."""
        inside = not self.units or unit in self.units
        responsible = not self.items or not indicator or normal(indicator) in self.items
        return inside and responsible and unit not in self.avoids and (not self.sources or source in self.sources)

    def belongs(self, groups: Iterable[str]) -> bool:
        """Say whether this rater is of one of these 组别; none named means that everybody is."""
        named = {normal(group) for group in groups}
        return not named or self.group in named


def duties(raters: pd.DataFrame, branches: pd.DataFrame) -> tuple[dict[str, Duty], list[Problem]]:
    """Read what each rater marks; names of branches, parents or categories that nobody has are problems."""
    directory, groups = Directory.of(branches), _groups(branches)
    found, problems = {}, []
    for row in records(raters):
        units, unknown = _scope(row["units"], groups, directory)
        avoids, strangers = _scope(row["avoids"], groups, directory)
        for name in (*unknown, *strangers):
            near = directory.suggest(name)
            what = f"评委 {row['rater']} 的评定范围或回避党组织“{name}”在名册中没有，或者不止一个{near}"
            problems.append(Problem("E309", values={"what": what}))
        found[row["rater"]] = Duty(
            row["rater"], row["name"], frozenset(split_names(row["source"])),
            frozenset(normal(item) for item in split_names(row["items"])),
            frozenset(units), frozenset(avoids), row["state"] in ACTIVE, row["state"], normal(row["group"]),
        )  # fmt: skip
    return found, problems


Groups = Mapping[str, frozenset[str]]
"""The branches under a parent or of a category, by its name for comparing."""


def _groups(branches: pd.DataFrame) -> Groups:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for unit, *names in zip(branches["unit"], branches["parent"], branches["category"], strict=True):
        for name in names:
            groups[normal(name)].add(unit)
    return {name: frozenset(units) for name, units in groups.items() if name}


def _scope(text: str, groups: Groups, directory: Directory) -> tuple[set[str], list[str]]:
    """Return the branches that codes, names, parents or categories stand for, and the words that stand for none."""
    units: set[str] = set()
    unknown = []
    for word in split_names(text):
        named = directory.by_name.get(normal(word), frozenset())
        own = frozenset({directory.by_code[normal(word)]}) if normal(word) in directory.by_code else named
        found = groups.get(normal(word)) or own
        if not found or (len(own) > 1 and own is found):
            unknown.append(word)
        else:
            units |= found
    return units, unknown
