"""Earlier results by branch: grade, composite and place of the rounds before, as far back as their results are there.

上期 is the latest round before this one that has a result; 前2期 the round before that, by the standard's calendar.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from dingji.intake.scales import NO_SCALES, Scales
from dingji.intake.succession import Succession
from dingji.numbers import decimal_of
from dingji.problems import Problem, problem_at
from dingji.round_days import NONE_BEFORE, Round, label_before
from dingji.scheme.conditions import Value
from dingji.scheme.model import Scheme
from dingji.scheme.names import FURTHEST, LAST, TOLD, YEAR_BEFORE
from dingji.tables import records

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
    first: bool = False
    """Whether the office says that there was no round before."""
    heirs: Mapping[str, str] = field(default_factory=dict)
    """By branch, in words, whose results it carries on where these are another's."""


def earlier_grades(
    entries: pd.DataFrame,
    schemes: Mapping[str, Scheme],
    round_: Round,
    succession: Succession | None = None,
    scales: Scales = NO_SCALES,
) -> tuple[Earlier, list[Problem]]:
    """Read the earlier results; a grade that no standard has is not compared with, and said.

    `succession` says whose results a branch carries on; `scales` what becomes of figures of another full mark.
    """
    rows = entries[(entries["form"] == "result") & (entries["part"] == "also") & (entries["round"] != round_.label)]
    labels = {grade.name for scheme in schemes.values() for grade in scheme.grades}
    names = list(dict.fromkeys(name for scheme in schemes.values() for name in scheme.rounds))
    told: dict[str, dict[str, dict[str, Value]]] = {}
    problems = []
    for heading in GRADE_HEADINGS:
        for row in records(rows[rows["rule"] == heading]):
            if row["option"] in labels:
                told.setdefault(row["round"], {}).setdefault("等次", {})[row["unit"]] = row["option"]
            elif row["option"] not in NO_GRADE:
                problems.append(problem_at(row, "W531", heading, row["option"]))
    for heading, what in FIGURES.items():
        for row in records(rows[rows["rule"] == heading]):
            figure = decimal_of(row["option"])
            if figure is not None:
                told.setdefault(row["round"], {}).setdefault(what, {})[row["unit"]] = Fraction(figure)
    meant, doubt = _round_before(
        [label for label, own in told.items() if "等次" in own], schemes.values(), names, round_
    )
    problems += [Problem("E533", values={"what": doubt})] if doubt else []
    heirs: dict[str, str] = {}
    if succession:
        told, heirs, asked = succession.applied(told)
        problems += asked
    last = meant or label_before(round_.label, names)
    columns = _columns(told, last, round_, names)
    columns, asked = scales.applied(columns, labels_by_name(last, round_, names))
    grades = {label: {unit: str(grade) for unit, grade in own.get("等次", {}).items()} for label, own in told.items()}
    last_year = grades.get(f"{round_.year - 1} {round_.name}", {})
    first = round_.previous == NONE_BEFORE
    return Earlier(grades.get(meant, {}), last_year, columns, first, heirs), [*problems, *asked]


def _columns(
    told: Mapping[str, Mapping[str, Mapping[str, Value]]], last: str, round_: Round, names: Sequence[str]
) -> dict[str, Mapping[str, Value]]:
    """Return what each round before told, by the names that conditions use. `last`: the label of 上期."""
    labels = labels_by_name(last, round_, names)
    return {f"{when}{what}": told.get(label, {}).get(what, {}) for when, label in labels.items() for what in TOLD}


def labels_by_name(last: str, round_: Round, names: Sequence[str]) -> dict[str, str]:
    """Return the labels of the rounds before by what conditions call them (上期, 前2年). `last`: that of 上期."""
    labels = {LAST: last, YEAR_BEFORE: f"{round_.year - 1} {round_.name}"}
    before = last
    for number in range(2, FURTHEST + 1):
        before = label_before(before, names)
        labels |= {f"前{number}期": before, f"前{number}年": f"{round_.year - number} {round_.name}"}
    return labels


def _round_before(
    there: Collection[str], schemes: Iterable[Scheme], names: Sequence[str], round_: Round
) -> tuple[str, str]:
    """Return which of the rounds whose results are there is 上期, "" where none is; and what is to be asked about.

    That is the round just before, or whichever the office names. Where the rounds of a year make one figure, the last
    of the year before is as near. A result that says no round is what the office put there as 上期.
    """
    if round_.previous:
        lacking = round_.previous not in (*there, NONE_BEFORE)
        return round_.previous, f"设置的“上期是哪一轮”写的是 {round_.previous}，没有放入它的结果" if lacking else ""
    now, before = _when(round_.label, names), label_before(round_.label, names)
    earlier = [label for when, label in sorted((_when(label, names), label) for label in there) if when < now]
    whole = any(isinstance(scheme.rounds, dict) for scheme in schemes)
    near = [before, *([f"{round_.year - 1} {names[-1]}"] if whole else [])]
    found = next((label for label in near if label in earlier), "")
    older = [label for label in earlier if _when(label, names)[0]]
    if found or not older:
        return found or next(iter(earlier), ""), ""
    return "", f"放着的上期结果是 {older[-1]} 的，不是上一轮（{before}）的，没有采用"


def _when(label: str, names: Sequence[str]) -> tuple[int, int]:
    """Return by what rounds are put in order: year, then the standard's order; one that says neither comes first."""
    year, _, name = label.rpartition(" ")
    return (int(year) if year.isdigit() else 0, names.index(name) if name in names else len(names))
