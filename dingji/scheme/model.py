"""The model of a grading standard: rule → item → indicator → source → composite → ordered grading steps.

Every key that a TOML file under `schemes/` may have stands here once, with its type and default. The loader
(`load.py`) turns what is wrong with a file into Chinese lines; nothing here reads a file. Numbers are exact
(`Decimal` as written); a share is written `90%` or `1/3`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dingji.numbers import decimal_of

HUNDRED = Decimal(100)

Bounded = Literal["indicator", "item"]
Marks = Literal["total", "indicators", "items", "rules", "options"]
FormKind = Literal["self", "survey", "committee", "peer", "records"]
OutOf = Literal["valid", "returned", "present", "due"]


def number_of(value: object) -> Decimal:
    """Accept a TOML integer or decimal as an exact number; a boolean or text is an error."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        message = "number"
        raise ValueError(message)
    return Decimal(value)


@dataclass(frozen=True)
class Quantity:
    """A bound as written: a plain number, or a share (`90%`, `1/3`) between two of which no mix-up is allowed."""

    value: Fraction
    share: bool
    written: str

    @classmethod
    def parse(cls, value: object) -> Quantity:
        """Read a bound from TOML; ValueError where it is neither a number nor a share."""
        if isinstance(value, Quantity):
            return value
        if isinstance(value, str):
            return cls._of_text(value.strip())
        number = number_of(value)
        return cls(Fraction(number), share=False, written=str(number))

    @property
    def of_hundred(self) -> Fraction:
        """Return a weight in percent: 30 for 30 and for 30%, a third of 100 for 1/3."""
        return self.value * 100 if self.share else self.value

    @classmethod
    def _of_text(cls, text: str) -> Quantity:
        percent = decimal_of(text.removesuffix("%"))
        if text.endswith("%") and percent is not None:
            return cls(Fraction(percent) / 100, share=True, written=text)
        top, slash, bottom = text.partition("/")
        if slash and top.isdigit() and bottom.isdigit() and int(bottom):
            return cls(Fraction(int(top), int(bottom)), share=True, written=text)
        message = "quantity"
        raise ValueError(message)


def points_of(value: object) -> tuple[Decimal, Decimal]:
    """Accept points as one number, or as `[a, b]`: an amount between them is typed with a reason."""
    if isinstance(value, list | tuple) and len(value) == 2:  # noqa: PLR2004 - a pair
        low, high = sorted(number_of(part) for part in value)
        return low, high
    number = number_of(value)
    return number, number


def limit_of(value: object) -> Decimal | Literal["none"]:
    """Accept a limit of points: a number, or "none" where the standard lets points run past the full mark."""
    return "none" if value == "none" else number_of(value)


def names_of(value: object) -> object:
    """Accept one name where a list of names may stand."""
    return [value] if isinstance(value, str) else value


Number = Annotated[Decimal, BeforeValidator(number_of)]
Bound = Annotated[Quantity, BeforeValidator(Quantity.parse)]
Points = Annotated[tuple[Decimal, Decimal], BeforeValidator(points_of)]
Limit = Annotated[Decimal | Literal["none"], BeforeValidator(limit_of)]
Names = Annotated[list[str], BeforeValidator(names_of)]


class Table(BaseModel):
    """A TOML table: unknown keys are errors; `choice` says why this office may set its other keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)
    choice: str = ""


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


class Band(Table):
    """A row of `bands`: `from` a bound, `when` a condition, both, or neither (the rest)."""

    start: Bound | None = Field(None, alias="from")
    when: str = ""
    points: Points


class Rule(Table):
    """What is typed under the rule's name, or read (`of`), and the points that follow."""

    name: str
    item: int | None = None
    of: str = ""
    unit: str = ""
    once: Points | None = None
    each: Points | None = None
    options: dict[str, Points] | None = None
    bands: list[Band] | None = None
    under: Bound | None = None
    over: Bound | None = None
    per: Bound | None = None
    round: Literal["floor", "ceil", "half_up", ""] = ""
    minimum: Limit | None = Field(None, alias="min")
    maximum: Limit | None = Field(None, alias="max")
    only_for: str = Field("", alias="for")
    evidence: bool = False

    @property
    def way(self) -> str:
        """Name the way points are given: once, each, options, bands, or "" for a fact that is only asked."""
        return next((way for way in ("once", "each", "options", "bands") if getattr(self, way) is not None), "")

    @property
    def reads_figure(self) -> bool:
        """Say whether a number is typed under the name (a count or a rate), rather than yes or no."""
        return bool(self.unit)

    @property
    def amounts(self) -> tuple[Decimal, Decimal] | None:
        """Return the widest range within which an amount is typed for this rule, None where none is."""
        rows = [
            self.once,
            self.each,
            *(self.options or {}).values(),
            *(band.points for band in self.bands or []),
        ]
        ranges = [row for row in rows if row and row[0] != row[1]]
        return (min(low for low, _ in ranges), max(high for _, high in ranges)) if ranges else None


class Marked(Table):
    """What an item and an indicator share: whom it is for, who marks it, and its limits."""

    full: Number | None = None
    text: str = ""
    only_for: str = Field("", alias="for")
    by: Annotated[list[str], BeforeValidator(names_of)] = []
    exempt: str = ""
    start: Number | None = None
    minimum: Limit | None = Field(None, alias="min")
    maximum: Limit | None = Field(None, alias="max")

    @property
    def base(self) -> Decimal:
        """Return the points before any rule: the full mark (扣分制) unless `start` says otherwise."""
        return self.start if self.start is not None else self.full or Decimal(0)


class Item(Marked):
    """A numbered criterion inside an indicator (考评内容)."""

    no: int


class Indicator(Marked):
    """A heading of the standard (指标) with its items and rules; without `full` a checklist."""

    name: str
    items: list[Item] = []
    rules: list[Rule] = []
    bounded: Bounded | None = None
    scaled: bool = False
    bonus: bool = False
    same_work: Literal["highest", "sum"] = "highest"
    inside: str = Field("", alias="in")


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
