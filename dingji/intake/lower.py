"""下级结果: what a lower unit handed up for this very round, branch by branch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from dingji.intake.earlier import GRADE_HEADINGS, NO_GRADE
from dingji.numbers import decimal_of
from dingji.problems import Problem, problem_at
from dingji.read.handed_code import BY_HAND, DOUBTFUL, NOTE
from dingji.roster import ACTIVE
from dingji.scheme.names import SOURCE_FORMS
from dingji.tables import records, texts_of


@dataclass(frozen=True)
class Handed:
    """What a lower unit says of one branch: texts by heading, and the entries behind them."""

    texts: Mapping[str, str]
    entries: tuple[int, ...]
    file: str

    def figure(self, heading: str) -> Fraction | None:
        """Return a figure; missing where it was withheld or there is none."""
        text = self.texts.get(heading, "")
        decimal = decimal_of(text.removesuffix("%"))
        if decimal is None:
            return None
        return Fraction(decimal) / 100 if text.endswith("%") else Fraction(decimal)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what is to be said beside figures that no 数据校验码 vouches for, here or further down."""
        said = (self.texts.get(NOTE, ""), self.texts.get("备注", ""))
        return tuple(note for note in (BY_HAND, DOUBTFUL) if any(note in text for text in said))

    @property
    def grade(self) -> str:
        """Return the grade that was handed up."""
        return next((self.texts[heading] for heading in reversed(GRADE_HEADINGS) if self.texts.get(heading)), "")


def is_lower(entries: pd.DataFrame, label: str) -> pd.Series[bool]:
    """Say which entries are of results of this very round (`2026 年初`)."""
    return (entries["form"] == "result") & (entries["round"] == label)


def handed_up(entries: pd.DataFrame, label: str) -> dict[str, Handed]:
    """Return what lower units handed up for this round, by branch; branches marked here are graded here.

    What two files tell of one branch is taken from the first.
    """
    texts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    behind: defaultdict[str, list[int]] = defaultdict(list)
    files: dict[str, str] = {}
    rows = _told(entries, label)
    rows = rows[~rows["unit"].isin(_marked_here(entries))]
    for entry, row in zip(rows.index, records(rows), strict=True):
        if files.setdefault(row["unit"], row["file"]) == row["file"]:
            texts[row["unit"]][row["rule"]] = row["option"]
            behind[row["unit"]].append(int(entry))
    return {unit: Handed(found, tuple(behind[unit]), files[unit]) for unit, found in texts.items()}


def _told(entries: pd.DataFrame, label: str) -> pd.DataFrame:
    return entries[is_lower(entries, label) & (entries["part"] == "also")]


def _marked_here(entries: pd.DataFrame) -> set[str]:
    return set(texts_of(entries.loc[entries["part"] == "mark", "unit"]))


# --- what is to be said of them ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Below:
    """What came from below: results by branch, and by parent unit the branches whose results are still owed."""

    handed: Mapping[str, Handed]
    owed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    disputed: frozenset[str] = frozenset()
    """Branches of which two results tell differently, so that neither counts."""

    @property
    def units(self) -> frozenset[str]:
        """Return the branches of which no form of their own is expected here."""
        return self.disputed.union(self.handed, *self.owed.values())

    def status(self, unit: str) -> str:
        """Return what became of a branch's result."""
        return "已报" if unit in self.handed else "重复" if unit in self.disputed else "未报"


def told_below(entries: pd.DataFrame, label: str) -> frozenset[str]:
    """Return the branches of which any result of this round tells."""
    return frozenset(texts_of(_told(entries, label)["unit"]))


def from_below(
    entries: pd.DataFrame, label: str, branches: pd.DataFrame, grades: Collection[str], told: frozenset[str]
) -> tuple[Below, list[Problem]]:
    """Return what came from below in a round (`2026 年初`), what is still owed, and what is to be said of both.

    `grades` are the labels of all standards; `told` the branches told of before those were left out that two results
    tell differently.
    """
    handed = handed_up(entries, label)
    disputed = told.difference(told_below(entries, label), _marked_here(entries))
    owed = _owed(entries, branches, {*handed, *disputed}) if handed else {}
    names = dict(zip(branches["unit"], branches["name"], strict=True))
    problems = [*_unknown_grades(entries, label, handed, grades), *_not_taken(entries, label)]
    problems += _twice(entries, label, names)
    for parent, units in owed.items():
        named = "、".join(names[unit] for unit in units)
        problems.append(Problem("E652", subject=parent, values={"number": str(len(units)), "branches": named}))
    return Below(handed, owed, disputed), problems


def _owed(entries: pd.DataFrame, branches: pd.DataFrame, there: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return by parent unit the branches of which neither a result nor any form came, where other parents hand up.

    A parent of whose branches any form came grades here; it is its branches that owe their forms. One that is itself
    in the roster as somebody's parent hands in nothing through its own parent.
    """
    came = set(texts_of(entries.loc[entries["form"].isin(tuple(SOURCE_FORMS)), "unit"]))
    parents = dict(zip(branches["unit"], branches["parent"], strict=True))
    asked = set(branches.loc[branches["state"].isin(ACTIVE), "unit"])
    above = {unit for unit, name in zip(branches["unit"], branches["name"], strict=True) if name in {*parents.values()}}
    here = {parents[unit] for unit in came if unit in parents}
    owed: defaultdict[str, list[str]] = defaultdict(list)
    for unit, parent in parents.items():
        if parent and parent not in here and unit in asked - above and unit not in there:
            owed[parent].append(unit)
    return {parent: tuple(units) for parent, units in owed.items()}


def _unknown_grades(
    entries: pd.DataFrame, label: str, handed: Mapping[str, Handed], grades: Collection[str]
) -> Iterator[Problem]:
    """Yield a problem for every grade handed up that no standard has: such a branch has none here."""
    rows = _told(entries, label)
    for row in records(rows[rows["rule"].isin(GRADE_HEADINGS)]):
        unknown = row["option"] not in (*NO_GRADE, *grades) and row["option"] == handed_grade(handed, row["unit"])
        if grades and unknown:
            yield problem_at(row, "E653", row["rule"], row["option"])


def handed_grade(handed: Mapping[str, Handed], unit: str) -> str:
    """Return the grade handed up of a branch, "" where there is none."""
    return handed[unit].grade if unit in handed else ""


def _not_taken(entries: pd.DataFrame, label: str) -> Iterator[Problem]:
    """Yield a warning for every branch that was handed up though it is marked here."""
    rows = _told(entries, label)
    own = rows[rows["unit"].isin(_marked_here(entries))]
    for row in records(own.drop_duplicates(["unit", "file"])):
        yield problem_at(row, "W657")


def _twice(entries: pd.DataFrame, label: str, names: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a warning for every two files that tell of the same branches alike; of what differs a person decides."""
    pairs = _told(entries, label)[["unit", "file"]].drop_duplicates()
    files: defaultdict[str, list[str]] = defaultdict(list)
    for unit, file in zip(texts_of(pairs["unit"]), texts_of(pairs["file"]), strict=True):
        files[unit].append(file)
    shared: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for unit, (first, *others) in files.items():
        for other in others:
            shared[other, first].append(names[unit])
    for (other, first), alike in shared.items():
        yield Problem("W656", other, values={"other": first, "number": str(len(alike)), "branches": "、".join(alike)})
