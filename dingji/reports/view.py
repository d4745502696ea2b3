"""The outcome as plain lists and lookups, made once for all reports: no table is indexed row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from dingji.outcome import Outcome
from dingji.reports.places import places
from dingji.scheme.model import Scheme
from dingji.tables import TRAIL, records


class Step(NamedTuple):
    """A row of the trail; the fields are the columns of `tables.TRAIL`."""

    unit: str
    round: str
    step: str
    source: str
    rater: str
    item: str
    figure: Fraction | None
    text: str
    words: str
    entries: tuple[int, ...]


@dataclass(frozen=True)
class OutcomeView:
    """Reads an outcome for the reports; every lookup is built at its first use."""

    outcome: Outcome

    @cached_property
    def branches(self) -> list[dict[str, Any]]:
        """Return the roster's rows in roster order."""
        return records(self.outcome.branches)

    @cached_property
    def results(self) -> dict[str, dict[str, Any]]:
        """Return the results by 党组织编码."""
        return {result["unit"]: result for result in records(self.outcome.results)}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return the names of branches by code and of raters by number."""
        raters = zip(self.outcome.raters["rater"].tolist(), self.outcome.raters["name"].tolist(), strict=True)
        return {**dict(raters), **{branch["unit"]: branch["name"] for branch in self.branches}}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Return each branch's position in the roster."""
        return {branch["unit"]: position for position, branch in enumerate(self.branches)}

    @cached_property
    def steps(self) -> list[Step]:
        """Return the trail, branch by branch in roster order, steps in the order in which they were taken."""
        columns = (self.outcome.trail[name].tolist() for name in TRAIL)
        steps = map(Step._make, zip(*columns, strict=True))
        return sorted(steps, key=lambda step: self.position(step.unit))

    @cached_property
    def _places(self) -> list[tuple[str, str, str]]:
        file, sheet, cell = (self.outcome.entries[name].tolist() for name in ("file", "sheet", "cell"))
        return list(zip(file, sheet, cell, strict=True))

    @cached_property
    def _reasons(self) -> list[str]:
        return list(self.outcome.entries["reason"])

    def name(self, code: str) -> str:
        """Return the name of a branch or rater; its code where the roster does not know it."""
        return self.names.get(code, code)

    def position(self, unit: str) -> int:
        """Return a branch's position in the roster; one that is not on it comes last."""
        return self.places.get(unit, len(self.places))

    def scheme_of(self, unit: str) -> Scheme | None:
        """Return the standard by which a branch is graded, None where it is not graded."""
        result = self.results.get(unit)
        return self.outcome.schemes[result["scheme"]] if result else None

    def place(self, entries: Sequence[int]) -> str:
        """Return where figures were typed: file ▸ sheet ▸ cells, neighbouring cells as a range."""
        return "；".join(places(self._places[entry] for entry in entries))

    def reasons(self, entries: Iterable[int]) -> str:
        """Return the reasons typed with some entries, each once."""
        return "；".join(dict.fromkeys(reason for entry in entries if (reason := self._reasons[entry])))
