"""Earlier results by branch: grade, composite and place of the rounds before, as far back as their results are there.

上期 is the latest round before this one that has a result; 前2期 the round before that, by the standard's calendar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from dingji.numbers import decimal_of
from dingji.problems import Problem, problem_at
from dingji.scheme.conditions import Value
from dingji.scheme.model import Scheme
from dingji.scheme.names import FURTHEST, LAST, TOLD, YEAR_BEFORE
from dingji.tables import records
from dingji.workspace import Round

GRADE_HEADINGS = ("测算等次", "拟定等次", "审定等次")
"""Where a result tells a grade; a later one, where it is filled in, has the last word."""

FIGURES = {"综合得分": "得分", "排名": "名次"}
"""Headings of a result that hold a figure, and what conditions call it."""

NO_GRADE = ("", "—", "未定级")


@dataclass(frozen=True)
class Earlier:
    """Grades by branch of the last round, and of the same round a year before."""

    previous: Mapping[str, str] = field(default_factory=dict)
    last_year: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    """By the name that conditions use (上期得分, 前2期等次) and branch."""


def earlier_grades(
    entries: pd.DataFrame, schemes: Mapping[str, Scheme], round_: Round
) -> tuple[Earlier, list[Problem]]:
    """Read the earlier results; a grade that no standard has is not compared with, and said."""
    rows = entries[(entries["form"] == "result") & (entries["part"] == "also") & (entries["round"] != round_.label)]
    labels = {grade.name for scheme in schemes.values() for grade in scheme.grades}
    names = list(dict.fromkeys(name for scheme in schemes.values() for name in scheme.rounds))
    by_round: dict[str, dict[str, str]] = {}
    problems = []
    for heading in GRADE_HEADINGS:
        for row in records(rows[rows["rule"] == heading]):
            if row["option"] in labels:
                by_round.setdefault(row["round"], {})[row["unit"]] = row["option"]
            elif row["option"] not in NO_GRADE:
                problems.append(problem_at(row, "W531", heading, row["option"]))
    now = _when(round_.label, names)
    before = sorted((when, label) for label in by_round if (when := _when(label, names)) < now)
    previous = by_round[before[-1][1]] if before else {}
    last = before[-1][1] if before else ""
    last_year = by_round.get(f"{round_.year - 1} {round_.name}", {})
    told: dict[str, dict[str, dict[str, Value]]] = {label: {"等次": {**own}} for label, own in by_round.items()}
    for heading, what in FIGURES.items():
        for row in records(rows[rows["rule"] == heading]):
            figure = decimal_of(row["option"])
            if figure is not None:
                told.setdefault(row["round"], {}).setdefault(what, {})[row["unit"]] = Fraction(figure)
    return Earlier(previous, last_year, _columns(told, last, round_, names)), problems


def _columns(
    told: Mapping[str, Mapping[str, Mapping[str, Value]]], last: str, round_: Round, names: Sequence[str]
) -> dict[str, Mapping[str, Value]]:
    """Return what each round before told, by the names that conditions use. `last`: the label of 上期."""
    labels = {LAST: last, YEAR_BEFORE: f"{round_.year - 1} {round_.name}"}
    before = last
    for number in range(2, FURTHEST + 1):
        before = _before(before, names)
        labels |= {f"前{number}期": before, f"前{number}年": f"{round_.year - number} {round_.name}"}
    return {f"{when}{what}": told.get(label, {}).get(what, {}) for when, label in labels.items() for what in TOLD}


def _before(label: str, names: Sequence[str]) -> str:
    """Return the round before another: of the same year by the standard's order, else the last of the year before."""
    year, _, name = label.rpartition(" ")
    if not year.isdigit():
        return ""
    if name not in names or name == names[0]:
        return f"{int(year) - 1} {names[-1] if name in names else name}"
    return f"{year} {names[names.index(name) - 1]}"


def _when(label: str, names: Sequence[str]) -> tuple[int, int]:
    """Return by what rounds are put in order: year, then the standard's order; one that says neither comes first."""
    year, _, name = label.rpartition(" ")
    return (int(year) if year.isdigit() else 0, names.index(name) if name in names else len(names))
