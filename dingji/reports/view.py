"""The outcome as plain lists and lookups, made once for all reports: no table is indexed row by row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

from dingji.ledger.ledger import Ledger, ledger_of
from dingji.outcome import Outcome
from dingji.problems import Line, describe
from dingji.reports.issues import Issues
from dingji.reports.near_lifts import near_lifts
from dingji.reports.places import Places
from dingji.scheme.model import Scheme
from dingji.scoring.trail import Listing, Steps
from dingji.tables import records

Made = TypeVar("Made")
MARK: Final = "mark"
"""The step of a mark as it was given."""


@dataclass(frozen=True)
class OutcomeView:
    """Reads an outcome for the reports; every lookup is built at its first use."""

    outcome: Outcome
    whole: OutcomeView | None = None
    """Where this is the view of one parent unit's branches: the view of all, whose lookups serve for it."""
    parent: str = ""

    @cached_property
    def branches(self) -> list[dict[str, Any]]:
        """Return the roster's rows in roster order; of a part, its own."""
        if self.whole:
            return self.whole.by_parent[self.parent]
        return records(self.outcome.branches)

    @cached_property
    def by_parent(self) -> dict[str, list[dict[str, Any]]]:
        """Return the roster's rows by parent unit, in the order in which the roster first names them."""
        rows: dict[str, list[dict[str, Any]]] = {}
        for branch in self.branches:
            rows.setdefault(branch["parent"], []).append(branch)
        return rows

    @cached_property
    def results(self) -> dict[str, dict[str, Any]]:
        """Return the results by 党组织编码."""
        if self.whole:
            return self.whole.results
        return {result["unit"]: result for result in records(self.outcome.results)}

    @cached_property
    def lines(self) -> list[Line]:
        """Return every problem in words, in the outcome's order."""
        return [describe(problem) for problem in self.outcome.problems]

    @cached_property
    def _made(self) -> dict[Callable[[OutcomeView], Any], Any]:
        return {}

    def once(self, make: Callable[[OutcomeView], Made]) -> Made:
        """Return what a function makes of this view: made at the first question, and the same for whoever asks."""
        if make not in self._made:
            self._made[make] = make(self)
        made: Made = self._made[make]
        return made

    def part(self, parent: str) -> OutcomeView:
        """Return the view of a parent unit's branches; their places stay those of the whole."""
        return OutcomeView(self.outcome, self, parent)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return the names of branches by code and of raters by number."""
        raters = zip(self.outcome.raters["rater"].tolist(), self.outcome.raters["name"].tolist(), strict=True)
        return {**dict(raters), **{branch["unit"]: branch["name"] for branch in self.branches}}

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {branch["unit"]: position for position, branch in enumerate(self.branches)}

    def listed(
        self, kinds: Collection[str] | None = None, *, quiet: Collection[str] = (), missing: Collection[str] = ()
    ) -> Steps:
        """Return the steps of some kinds, branch by branch in roster order; see `Trail.listed`."""
        return self.outcome.trail.listed(kinds, list(self._positions), quiet, missing)

    def listing(self, kinds: Collection[str], *, quiet: Collection[str] = (), missing: Collection[str] = ()) -> Listing:
        """Return the same, each column read when it is asked for."""
        return self.outcome.trail.listing(kinds, list(self._positions), quiet, missing)

    @cached_property
    def issues(self) -> Issues:
        """Return where branches lost most (主要问题)."""
        return self.whole.issues if self.whole else Issues(self.outcome)

    @cached_property
    def ledger(self) -> Ledger:
        """Return what every branch is to mend (整改台账), of all branches."""
        return self.whole.ledger if self.whole else ledger_of(self.outcome)

    @cached_property
    def lifts(self) -> Mapping[str, str]:
        """Return 差多少升一档 of the branches that a committee weighs, as a line."""
        return self.whole.lifts if self.whole else near_lifts(self.outcome)

    @cached_property
    def marks(self) -> Steps:
        """Return the marks, with words only where a figure is missing."""
        return self.listed({MARK}, quiet={MARK})

    @cached_property
    def mark_listing(self) -> Listing:
        """Return the same, each column read when it is asked for."""
        return self.listing({MARK}, quiet={MARK})

    @cached_property
    def places(self) -> Places:
        """Return where entries were typed."""
        return Places(*(self._column(name) for name in Places._fields))

    @cached_property
    def _reasons(self) -> list[str]:
        return self._column("reason")

    @cached_property
    def _grounds(self) -> tuple[list[str], list[str], list[str]]:
        return self._column("date"), self._reasons, self._column("evidence")

    def _column(self, name: str) -> list[str]:
        texts: list[str] = self.outcome.entries[name].tolist()
        return texts

    def name(self, code: str) -> str:
        """Return the name of a branch or rater; its code where the roster does not know it."""
        return self.names.get(code, code)

    def named(self, codes: Sequence[str]) -> list[str]:
        """Return the same for a column of codes; nothing for none."""
        names = self.names
        return [names.get(code, code) if code else "" for code in codes]

    def position(self, unit: str) -> int:
        """Return a branch's position in the roster; one that is not on it comes last."""
        return self._positions.get(unit, len(self._positions))

    def scheme_of(self, unit: str) -> Scheme | None:
        """Return the standard by which a branch is graded, None where it is not graded."""
        result = self.results.get(unit)
        return self.outcome.schemes[result["scheme"]] if result else None

    def placed(self, entries: Sequence[Sequence[int]]) -> list[str]:
        """Return where the figures behind each of some steps were typed: file ▸ sheet ▸ cells."""
        return [self.places.spelled(each) for each in entries]

    def grounds(self, entries: Iterable[int]) -> str:
        """Return what was typed beside some entries, each once: the day, the reason, what it is proved by."""
        told = []
        for entry in entries:
            day, reason, proof = (column[entry] for column in self._grounds)
            told.append("　".join(filter(None, (day, reason))) + (f"（见{proof}）" if proof else ""))
        return "；".join(dict.fromkeys(filter(None, told)))

    def reasons(self, entries: Iterable[int]) -> str:
        """Return the reasons typed with some entries, each once."""
        return "；".join(dict.fromkeys(reason for entry in entries if (reason := self._reasons[entry])))
