"""The steps of all branches as the page of results carries them: column by column, as the trail keeps them.

Nothing is told branch by branch: the page picks a branch's rows out of the columns when it is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np

from dingji.exact import Mask, Places
from dingji.numbers import percent, plain
from dingji.reports.explain import QUIET, REASONED, WHOLE
from dingji.reports.page_pool import Numbers, Pool, rising, short
from dingji.reports.places import BETWEEN, ranges
from dingji.reports.view import MARK, OutcomeView
from dingji.scoring.sentences import marked_thing
from dingji.scoring.trail import STEPS, Groups, Step

LACKING: Final = "缺"


def places_of(view: OutcomeView, units: Sequence[str]) -> Places:
    """Return the places among `units` of the trail's branches, −1 for one that is not there."""
    places = {unit: place for place, unit in enumerate(units)}
    return np.array([places.get(unit, -1) for unit in view.outcome.trail.units], np.intp)


class Numbered:
    """A column of the entries: texts by code, of which only those that somebody asks for enter a pool."""

    def __init__(self, pool: Pool, texts: Sequence[str], codes: Places, told: Callable[[str], str] = str) -> None:
        self._pool, self._texts, self._codes, self._told = pool, texts, codes, told
        self._numbers = np.full(len(texts), -1, np.int64)

    def texts_of(self, entries: Places) -> list[str]:
        """Return the texts of some entries."""
        return list(map(self._texts.__getitem__, self._codes[entries].tolist()))

    def of(self, entries: Places) -> Places:
        """Return the numbers of the texts of some entries."""
        codes = self._codes[entries]
        for code in np.unique(codes[self._numbers[codes] < 0]).tolist():
            self._numbers[code] = self._pool.number(self._told(self._texts[code]))
        return self._numbers[codes]


@dataclass(frozen=True)
class PageSteps:
    """Writes the steps of the branches `units`, known by their place there, their texts into a pool."""

    view: OutcomeView
    units: Sequence[str]
    pool: Pool

    def listed(self) -> list[dict[str, Any]]:
        """Return a record a step of the trail: what is the same in all its rows, and its columns.

        `part`: round and source, the heading below which it stands. `at`: where among a branch's steps; `within`: the
        order of the rows of steps at one place. `unit`: the branches' places, each as what it is more than the last.
        """
        steps = (step for step in self.view.outcome.trail.steps if step.step not in QUIET)
        return [self._record(number, step) for number, step in enumerate(steps)]

    def _record(self, number: int, step: Step) -> dict[str, Any]:
        files, cells = self._places(step)
        return {
            "kind": self.pool.number(STEPS.get(step.step, step.step)),
            "round": self.pool.number(step.round),
            "part": self.pool.number(step.source or WHOLE),
            "at": [*step.at, number],
            "within": short(step.within.tolist()),
            "unit": rising(self._branches[step.branches].tolist()),
            "rater": self.pool.column(self.view.named(step.raters)),
            "words": self._words(step),
            "figure": self._figures(step),
            "file": files,
            "cells": cells,
            "reason": self._reasons(step) if step.step in REASONED else 0,
        }

    @cached_property
    def _branches(self) -> Places:
        return places_of(self.view, self.units)

    def _words(self, step: Step) -> Numbers:
        """Tell the rows; of a mark as it was given, which thing it is of."""
        values = step.values
        if step.sentence == MARK and values["how"] is None and values["split"] is None:
            return self.pool.number(marked_thing(values["label"], values["full"]))
        texts, numbers = step.told
        own = self.pool.listed(texts)
        return short([own[number] for number in numbers])

    def _figures(self, step: Step) -> Numbers:
        if step.figure is None:
            return 0
        lacking = LACKING if step.step == MARK else ""
        return self.pool.figures(step.figure.take(step.rows), percent if step.step == "share" else plain, lacking)

    def _reasons(self, step: Step) -> Numbers:
        """Return what was typed beside what is behind each row: day, reason, proof."""
        if step.behind is None:
            return 0
        own, reasons = step.behind.take(step.rows), np.zeros(len(step.rows), np.int64)
        owners = np.repeat(np.arange(len(step.rows)), own.counts)
        rows = np.unique(owners[self._grounded[own.rows]])
        for row, entries in zip(rows.tolist(), own.take(rows).lists(), strict=True):
            reasons[row] = self.pool.number(self.view.grounds(entries))
        return short(reasons.tolist())

    @cached_property
    def _grounded(self) -> Mask:
        """Say beside which entries a day, a reason or a proof was typed."""
        entries = self.view.outcome.entries
        found = np.zeros(len(entries), bool)
        for name in ("date", "reason", "evidence"):
            texts = np.array([bool(text) for text in entries[name].cat.categories], bool)
            found |= texts[entries[name].cat.codes.to_numpy()] if len(texts) else False
        return found

    # --- where figures were typed -------------------------------------------------------------------------

    def _places(self, step: Step) -> tuple[Numbers, Numbers]:
        """Return file ▸ sheet, and cells, of what is behind each row."""
        if step.behind is None:
            return 0, 0
        own = step.behind.take(step.rows)
        files, cells = (np.zeros(len(step.rows), np.int64) for _ in range(2))
        single = own.counts == 1
        entries = own.rows[own.starts[:-1][single]]
        files[single], cells[single] = self._files.of(entries), self._cells.of(entries)
        several = np.flatnonzero(own.counts > 1)
        for row, (file, cell) in zip(several.tolist(), self._several(own.take(several)), strict=True):
            files[row], cells[row] = file, cell
        return short(files.tolist()), short(cells.tolist())

    def _several(self, own: Groups) -> Iterator[tuple[int, int]]:
        """Yield where the entries behind each row stand, of rows that have several."""
        files, cells = self._files.of(own.rows).tolist(), self._cells.texts_of(own.rows)
        for start, end in pairwise(own.starts.tolist()):
            if len(set(files[start:end])) == 1:
                yield files[start], self.pool.number(ranges(" ".join(cells[start:end])))
            else:
                yield 0, self.pool.number("；".join(self.view.places.listed(own.rows[start:end].tolist())))

    @cached_property
    def _files(self) -> Numbered:
        """Return what gives the number of file ▸ sheet of an entry."""
        entries = self.view.outcome.entries
        file, sheet = (entries[name].cat for name in ("file", "sheet"))
        files, sheets = file.categories.tolist(), sheet.categories.tolist()
        joint = file.codes.to_numpy().astype(np.int64) * len(sheets) + sheet.codes.to_numpy()
        found, codes = np.unique(joint, return_inverse=True)
        pairs = [divmod(pair, len(sheets)) for pair in found.tolist()]
        texts = [BETWEEN.join(filter(None, (files[one], sheets[two]))) for one, two in pairs]
        return Numbered(self.pool, texts, codes)

    @cached_property
    def _cells(self) -> Numbered:
        """Return what gives the number of the cells of an entry."""
        cells = self.view.outcome.entries["cell"].cat
        return Numbered(self.pool, cells.categories.tolist(), cells.codes.to_numpy().astype(np.intp), ranges)
