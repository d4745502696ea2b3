"""The model of a grading standard: rule → item → indicator → source → composite → ordered grading steps.

Every key that a TOML file under `schemes/` may have stands once, with its type and default: here, for what gives
points in `indicators.py`, for the values themselves in `written.py`. The loader (`load.py`) turns what is wrong with a
file into Chinese lines; nothing here reads a file.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from dingji.scheme.indicators import Bounded, Indicator
from dingji.scheme.written import Bound, Limit, Names, Number, Table, names_of

HUNDRED = Decimal(100)

Marks = Literal["total", "indicators", "items", "rules", "options"]
FormKind = Literal["self", "survey", "committee", "peer", "records"]
OutOf = Literal["valid", "returned", "present", "due"]


class Rounding(Table):
    """四舍五入: to how many places, and whether before the grade is read off (取整后定等次)."""

    places: Annotated[int, Field(ge=0, le=6)] = 2
    before_grading: bool = True


class Grade(Table):
    """A grade, best first: the first row that fits is taken; the last may have no condition."""

    name: str
    start: Number | None = Field(None, alias="from")
    when: str = ""
    follow_up: str = ""


class Source(Table):
    """Who marks, on which form, how finely, and at what weight (自评, 党群评分, 党委评定 …)."""

    name: str
    form: Annotated[list[FormKind], BeforeValidator(names_of)] = []
    marks: Marks = "indicators"
    weight: Bound | dict[str, Bound] | None = None
    combine: Literal["mean", "median"] = "mean"
    trim: Annotated[int, Field(ge=0)] = 0
    trim_from: int | None = None
    min_raters: Annotated[int, Field(ge=1)] = 1
    inside: str = Field("", alias="in")
    required: bool = True
    questions: list[str] | dict[str, Number] = []
    options: dict[str, Number] = {}
    apart: list[str] = []
    shares: dict[str, list[str]] = {}
    out_of: OutOf = "valid"
    groups: dict[str, Number] = {}
    min_ballots: Annotated[int, Field(ge=0)] = 0
    min_turnout: Bound | None = None

    @property
    def main_form(self) -> str:
        """Return the kind of form that the source's marks are typed on; "" for a source that only nests others."""
        return next((kind for kind in self.form if kind != "records"), "")

    def weight_in(self, round_name: str) -> Fraction | None:
        """Return the weight in a round: None where the source is absent, as when its table of weights skips it."""
        if isinstance(self.weight, dict):
            weight = self.weight.get(round_name)
            return None if weight is None else weight.of_hundred
        return self.weight.of_hundred if self.weight is not None else Fraction(0)


class Situation(Table):
    """A stated circumstance and its one effect; declared on 情形申报, or computed by `when`."""

    name: str
    when: str = ""
    only_for: str = Field("", alias="for")
    score: Number | None = None
    at_least: str = ""
    at_most: str = ""
    grade: str = ""
    no_grade: str = ""
    flag: str = ""

    @property
    def effect(self) -> str:
        """Name the one effect: score, at_least, at_most, grade, no_grade or flag."""
        texts = ("at_least", "at_most", "grade", "no_grade", "flag")
        return "score" if self.score is not None else next((key for key in texts if getattr(self, key)), "")


class Quota(Table):
    """How many may hold a grade, or receive a flag."""

    name: str = ""
    grade: str = ""
    flag: str = ""
    at_most: Bound | dict[str, Bound] | None = None
    at_least: Bound | dict[str, Bound] | None = None
    about: Bound | None = None
    top: Bound | dict[str, Bound] | None = None
    bottom: Bound | dict[str, Bound] | None = None
    among: str = ""
    places: int | None = None
    out_of: Literal["graded", "all"] = "graded"
    within: Literal["", "类别", "上级党组织"] = ""
    round: Literal["floor", "ceil", "half_up", ""] = ""
    minimum: int = Field(0, alias="min")


class Target(Table):
    """A goal over rounds: of those with a grade `out_of` last time, how many reach `to`.

    `rounds`: those by whose end it is to be reached; every round where none is named.
    """

    name: str
    out_of: Names
    to: Names
    at_least: Bound
    rounds: Names = []


class Scheme(Table):
    """A whole standard. `rounds`: names (each graded alone) or weights by name."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    version: int = 1
    title: str
    document: str = ""
    procedure: str = ""
    full: Number = Decimal(100)
    bounded: Bounded = "indicator"
    scaled: bool = False
    minimum: Limit | None = Field(None, alias="min")
    maximum: Limit | None = Field(None, alias="max")
    rounding: Rounding = Rounding()
    rounds: list[str] | dict[str, Bound] = []
    required: Names = []
    grades: list[Grade] = []
    sources: list[Source]
    indicators: list[Indicator]
    situations: list[Situation] = []
    quotas: list[Quota] = []
    targets: list[Target] = []

    def sources_in(self, round_name: str) -> list[Source]:
        """Return the sources that take part in a round, in the standard's order."""
        return [source for source in self.sources if source.weight_in(round_name) is not None]

    def rounds_taken(self, current: str) -> list[tuple[str, Fraction]]:
        """Return the rounds whose forms are taken when `current` is graded, each with its part in the figure.

        Rounds that are only named stand alone. Weights that total 100 make a mean, of the rounds so far; weights of
        100 each make a sum.
        """
        if not isinstance(self.rounds, dict):
            return [(current, Fraction(1))]
        names = list(self.rounds)
        taken = {name: self.rounds[name].of_hundred for name in names[: names.index(current) + 1]}
        whole = sum((weight.of_hundred for weight in self.rounds.values()), Fraction(0))
        base = sum(taken.values(), Fraction(0)) if whole == HUNDRED else Fraction(HUNDRED)
        return [(name, weight / base) for name, weight in taken.items()]

    @property
    def scored(self) -> list[Indicator]:
        """Return the indicators that carry points: neither checklists nor bonus."""
        return [indicator for indicator in self.indicators if indicator.full is not None and not indicator.bonus]

    @property
    def bonuses(self) -> list[Indicator]:
        """Return the bonus indicators, whose facts come from 加分申报."""
        return [indicator for indicator in self.indicators if indicator.bonus]
