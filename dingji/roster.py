"""The roster: which branches there are, who rates them, and finding a branch by code or name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from dingji.comparing import SUGGESTED, most_alike, normal
from dingji.problems import Problem
from dingji.tables import records

ACTIVE = ("", "正常")


NOT_CARRIED = ("不承继", "否", "无")
"""What 承继 says of a branch whose results nobody carries on, or that carries on nobody's."""
CARRIED = ("承继", "是")


def split_names(text: str) -> list[str]:
    """Split names written in one cell: `甲、乙；丙`."""
    for mark in ("，", ",", "；", ";", "\n"):
        text = text.replace(mark, "、")
    return [name.strip() for name in text.split("、") if name.strip()]


def named_before(text: str) -> list[str]:
    """Return the codes or names that 承继 names; none where it only says whether."""
    return [] if text in (*CARRIED, *NOT_CARRIED) else split_names(text)


@dataclass(frozen=True, eq=False)
class Directory:
    """Finds a branch by what a form says: its code, or a name that only one branch has or had."""

    branches: pd.DataFrame
    names: Mapping[str, str]
    active: frozenset[str]

    @classmethod
    def of(cls, branches: pd.DataFrame) -> Directory:
        """Take a roster; it is indexed when something is first looked up."""
        units = list(branches["unit"])
        active = frozenset(unit for unit, state in zip(units, branches["state"], strict=True) if state in ACTIVE)
        return cls(branches, dict(zip(units, branches["name"], strict=True)), active)

    @cached_property
    def by_name(self) -> Mapping[str, frozenset[str]]:
        """Return the branches by current, former and short names."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        columns = (self.branches[name] for name in ("unit", "name", "short_name", "former_names"))
        for unit, *called, former in zip(*columns, strict=True):
            for name in filter(None, (*called, *split_names(former))):
                found[normal(name)].add(unit)
        return {name: frozenset(units) for name, units in found.items()}

    @cached_property
    def by_code(self) -> Mapping[str, str]:
        """Return the branches by code.

        A code that 承继 names and no branch has any more is the former one of the branch that carries it on.
        """
        former: defaultdict[str, set[str]] = defaultdict(set)
        for unit, before in zip(self.branches["unit"], self.branches["successor_of"], strict=True):
            for name in named_before(before):
                former[normal(name)].add(unit)
        heirs = {code: next(iter(units)) for code, units in former.items() if len(units) == 1}
        gone = {code: heir for code, heir in heirs.items() if code not in self.by_name}
        return gone | {normal(unit): unit for unit in self.names}

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
        responsible = not self.items or not indicator or normal(indicator) in self.items
        return self.reaches(unit) and responsible and (not self.sources or source in self.sources)

    def reaches(self, unit: str) -> bool:
        """Say whether a branch is among those that this rater marks."""
        return (not self.units or unit in self.units) and unit not in self.avoids

    def belongs(self, groups: Iterable[str]) -> bool:
        """Say whether this rater is of one of these 组别; none named means that everybody is."""
        named = {normal(group) for group in groups}
        return not named or self.group in named


def called_in_papers(rater: str, raters: Mapping[str, Duty], directory: Directory) -> str:
    """Return how papers call a rater: a person by name and number, a branch that rates others by its name."""
    name = raters[rater].name if rater in raters else ""
    if name:
        return f"{name}（{rater}）"
    return directory.names.get(rater) or f"评委 {rater} "


def duties(raters: pd.DataFrame, branches: pd.DataFrame) -> tuple[dict[str, Duty], list[Problem]]:
    """Read what each rater marks; names of branches, parents or categories that nobody has are problems."""
    directory, groups = Directory.of(branches), groups_of(branches)
    found, problems = {}, []
    for row in records(raters):
        units, unknown = branches_within(row["units"], groups, directory)
        avoids, strangers = branches_within(row["avoids"], groups, directory)
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


def drawn_duties(drawn: Mapping[str, frozenset[str]], directory: Directory) -> dict[str, Duty]:
    """Return the duties of branches that rate those drawn for them, by their codes."""
    nothing: frozenset[str] = frozenset()
    return {
        unit: Duty(unit, directory.names[unit], nothing, nothing, others, frozenset({unit}), active=True)
        for unit, others in drawn.items()
    }


Groups = Mapping[str, frozenset[str]]
"""The branches under a parent or of a category, by its name for comparing."""


def groups_of(branches: pd.DataFrame) -> Groups:
    """Return the branches of each parent and category."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for unit, *names in zip(branches["unit"], branches["parent"], branches["category"], strict=True):
        for name in names:
            groups[normal(name)].add(unit)
    return {name: frozenset(units) for name, units in groups.items() if name}


def branches_within(text: str, groups: Groups, directory: Directory) -> tuple[set[str], list[str]]:
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
