"""Earlier results: the grade of each branch last round (上期等次), and in the same round a year before (上年等次)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from dingji.problems import Problem, problem_at
from dingji.scheme.model import Scheme
from dingji.tables import records
from dingji.workspace import Round

GRADE_HEADINGS = ("测算等次", "拟定等次", "审定等次")
"""Where a result tells a grade; a later one, where it is filled in, has the last word."""

NO_GRADE = ("", "—", "未定级")


@dataclass(frozen=True)
class Earlier:
    """Grades by branch of the last round, and of the same round a year before."""

    previous: Mapping[str, str] = field(default_factory=dict)
    last_year: Mapping[str, str] = field(default_factory=dict)


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
    return Earlier(previous, by_round.get(f"{round_.year - 1} {round_.name}", {})), problems


def _when(label: str, names: Sequence[str]) -> tuple[int, int]:
    """Return by what rounds are put in order: year, then the standard's order; one that says neither comes first."""
    year, _, name = label.rpartition(" ")
    return (int(year) if year.isdigit() else 0, names.index(name) if name in names else len(names))
