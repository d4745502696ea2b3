"""The entries of one round as scoring reads them: columns of what was typed, by form, source and part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from dingji.exact import Exact, Mask, Places
from dingji.numbers import MICRO
from dingji.tables import only

Words = npt.NDArray[Any]
"""Texts, an object array."""


@dataclass
class Entered:
    """Entries of the branches `units`, those that count; a row is found by what it is, a column once."""

    frame: pd.DataFrame
    units: Sequence[str]
    memo: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: pd.DataFrame, units: Sequence[str]) -> Entered:
        """Take the entries of some branches that count."""
        own = entries["unit"].isin(list(units)) & (entries["state"] != "superseded")
        return cls(only(entries, own), units)

    def in_round(self, name: str) -> Entered:
        """Return the entries of one round."""
        return Entered(only(self.frame, self.frame["round"] == name), self.units)

    @cached_property
    def branch(self) -> Places:
        """Return the place of each entry's branch among the units."""
        codes, names = pd.factorize(self.frame["unit"])
        places = {unit: place for place, unit in enumerate(self.units)}
        return np.array([places[name] for name in names], np.intp)[codes] if len(names) else codes

    @cached_property
    def entry(self) -> Places:
        """Return the number of each row in the table of all entries."""
        return self.frame.index.to_numpy(np.intp)

    @cached_property
    def _kinds(self) -> dict[tuple[str, str, str], Places]:
        groups = self.frame.groupby(["form", "source", "part"], observed=True, sort=False).indices
        return cast("dict[tuple[str, str, str], Places]", groups)

    def codes(self, name: str) -> tuple[Places, list[str]]:
        """Return a column of texts as numbers, and the texts that they stand for."""
        if name not in self.memo:
            codes, names = pd.factorize(self.frame[name])
            self.memo[name] = (codes, [str(text) for text in names])
        found: tuple[Places, list[str]] = self.memo[name]
        return found

    def micro(self, name: str) -> tuple[npt.NDArray[np.int64], Mask]:
        """Return a column of millionths, and where there is one."""
        key = f"{name} in millionths"
        if key not in self.memo:
            column = self.frame[name]
            known = column.notna().to_numpy()
            self.memo[key] = (column.to_numpy(np.int64, na_value=0), known)
        found: tuple[npt.NDArray[np.int64], Mask] = self.memo[key]
        return found

    def pairs_with(self, rater: str) -> Places:
        """Return the number of every branch with one rater."""
        everywhere = np.full(len(self.units), rater, object)
        return self.pairs_of(np.arange(len(self.units)), everywhere)

    def pairs_of(self, branch: Places, rater: Words) -> Places:
        """Return a number for each branch and rater together."""
        names = self.codes("rater")[1]
        codes = {name: code for code, name in enumerate(names)}
        own = np.array([codes.get(name, len(names)) for name in rater.tolist()], np.intp)
        return branch * (len(names) + 1) + own

    def branches_of(self, pairs: Places) -> Places:
        """Return the place of the branch of each pair."""
        return pairs // (len(self.codes("rater")[1]) + 1)

    def raters_of(self, pairs: Places) -> Words:
        """Return the rater of each pair."""
        names = self.codes("rater")[1]
        return np.array([*names, ""], object)[pairs % (len(names) + 1)]

    def rows(self, form: str, part: str, source: str | None = None) -> Rows:
        """Return the rows of a part of a kind of form, of one source where it is given."""
        kinds = self._kinds.items()
        found = [rows for kind, rows in kinds if kind[::2] == (form, part) and source in (None, kind[1])]
        return Rows(self, np.sort(np.concatenate(found)) if found else np.zeros(0, np.intp))


@dataclass(frozen=True, eq=False)
class Rows:
    """Some rows of the entries."""

    entered: Entered
    where: Places
    """Their places in the frame."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.where)

    @property
    def branch(self) -> Places:
        """Return the place of each row's branch."""
        return self.entered.branch[self.where]

    @property
    def entry(self) -> Places:
        """Return the number of each row in the table of all entries."""
        return self.entered.entry[self.where]

    def texts(self, name: str) -> Words:
        """Return a column of texts."""
        codes, names = self.entered.codes(name)
        return np.array([*names, ""], object)[codes[self.where]]

    def numbers(self, name: str) -> Places:
        """Return a column of texts as numbers: equal texts have equal ones."""
        return self.entered.codes(name)[0][self.where]

    def coded(self, name: str, listed: Sequence[str]) -> Places:
        """Return the place of each text in a list, −1 where it is not there."""
        codes, names = self.entered.codes(name)
        places = {text: place for place, text in enumerate(listed)}
        return np.array([*(places.get(text, -1) for text in names), -1], np.intp)[codes[self.where]]

    def are(self, name: str, *wanted: str) -> Mask:
        """Say which rows have one of some texts."""
        return self.coded(name, wanted) >= 0

    def known(self, name: str = "value") -> Mask:
        """Say which rows have a number."""
        return self.entered.micro(name)[1][self.where]

    def figures(self, name: str = "value") -> Exact:
        """Return a column of typed numbers."""
        numbers, known = self.entered.micro(name)
        return Exact.parts(numbers[self.where], MICRO, known[self.where])

    def counts(self) -> Places:
        """Return the typed numbers as whole counts, 0 where there is none."""
        numbers = self.entered.micro("value")[0][self.where]
        return (np.sign(numbers) * (abs(numbers) // MICRO)).astype(np.intp)

    def keep(self, mask: Mask) -> Rows:
        """Return the rows where a mask holds."""
        return Rows(self.entered, self.where[mask])

    def pairs(self) -> Places:
        """Return a number for the branch and rater of each row together."""
        codes, names = self.entered.codes("rater")
        return self.branch * (len(names) + 1) + codes[self.where]
