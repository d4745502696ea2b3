"""What a standard asks and gives points for: indicators, their items, and the rules under them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from dingji.scheme.written import Bound, Limit, Number, Points, Table, names_of

Bounded = Literal["indicator", "item"]


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
