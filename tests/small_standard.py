"""Small standards written in a test as TOML text, and what scoring makes of entries under them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from dingji.intake.earlier import Earlier
from dingji.numbers import fixed
from dingji.scheme.condition_values import Column
from dingji.scheme.conditions import Value
from dingji.scheme.finding import Finding
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.scoring.score import Group, Scores, score
from dingji.tables import records

HEAD = 'id = "small"\ntitle = "示例"\n'
GRADES = """
[[grades]]
name = "好"
from = 90
[[grades]]
name = "较好"
from = 80
[[grades]]
name = "一般"
from = 60
[[grades]]
name = "差"
"""
ONE_MARK = (
    """
[[sources]]
name = "评定"
form = "committee"
marks = "total"
weight = 100
[[indicators]]
name = "班子"
full = 100
"""
    + GRADES
)
"""A whole standard: raters give one mark of a hundred, and the grades."""
COMMITTEE = """
[[sources]]
name = "评定"
form = ["committee", "records"]
weight = 100
"""
RECORDS_ONLY = """
[[sources]]
name = "考核"
form = "records"
marks = "rules"
weight = 100
"""


def indicator(name: str, full: int, *lines: str) -> str:
    """Write an indicator with some lines of its own."""
    return "\n".join(["[[indicators]]", f'name = "{name}"', f"full = {full}", *lines, ""])


BOTH = (
    GRADES
    + COMMITTEE.replace("100", "50")
    + indicator("班子", 100)
    + """
[[sources]]
name = "测评"
form = "survey"
marks = "options"
questions = ["总评"]
options = { "好" = 100, "差" = 0 }
weight = 50
"""
)
"""Half by one rater's mark and half by votes for 好 or 差."""


def rules(*drawn: str) -> str:
    """Write the rules of an indicator."""
    return "rules = [\n" + "\n".join(f"  {{ {rule} }}," for rule in drawn) + "\n]"


def findings(text: str) -> list[Finding]:
    """Return everything that is said about a standard."""
    return load_scheme((HEAD + text).encode())[1]


@cache
def standard(text: str) -> Scheme:
    """Load a standard that must have no errors."""
    scheme, found = load_scheme((HEAD + text).encode())
    assert scheme is not None, [finding.text for finding in found]
    return scheme


@cache
def five_good() -> Scheme:
    """Load the standard as it ships."""
    scheme, found = load_scheme((Path(__file__).parents[1] / "schemes" / "five-good.toml").read_bytes())
    assert scheme is not None, [finding.text for finding in found]
    return scheme


@dataclass(frozen=True)
class Scored:
    """What scoring gave, as tests look at it."""

    scores: Scores

    @property
    def by_unit(self) -> dict[str, dict[str, Any]]:
        return {row["unit"]: row for row in records(self.scores.results)}

    def column(self, name: str) -> list[Any]:
        return list(self.scores.results[name])

    def printed(self, name: str = "composite", places: int = 2) -> list[str]:
        """Return a column of figures as printed, "" where missing."""
        return ["" if figure is None else fixed(figure, places) for figure in self.column(name)]

    def source(self, name: str) -> list[Fraction | None]:
        return [figures[name] for figures in self.column("scores")]

    def steps(self, unit: str, step: str) -> list[dict[str, Any]]:
        """Return a branch's steps of one kind, in the trail's order."""
        return [row for row in records(self.scores.trail.table()) if (row["unit"], row["step"]) == (unit, step)]

    def told(self, unit: str, step: str) -> list[str]:
        return [row["words"] for row in self.steps(unit, step)]


def scored(
    scheme: Scheme,
    entries: pd.DataFrame,
    units: Sequence[str] = (),
    *,
    round_name: str = "",
    roster: Mapping[str, Column] | None = None,
    previous: Mapping[str, str] | None = None,
    last_year: Mapping[str, str] | None = None,
    absent: Mapping[str, Sequence[str]] | None = None,
    left: Mapping[str, Mapping[str, Value]] | None = None,
    first: bool = False,
) -> Scored:
    """Score entries; the branches are those named, else those of the entries in the order in which they come."""
    group = Group(scheme, list(units or dict.fromkeys(entries["unit"])), roster or {}, left=left or {})
    earlier = Earlier(previous or {}, last_year or {}, first=first)
    return Scored(score(entries, [group], round_name, f"2026 {round_name}", earlier, absent or {}))
