"""The formulas of a column, each written when it is asked for: of a long column they would take much memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload

from dingji.exact import Places
from dingji.reports.formulas import CELLS, ROW


class Pattern(NamedTuple):
    """A formula with signs in place of what its row changes, and what gives the cells of a row's marks, if any."""

    text: str
    cells: Callable[[int], str] | None


@dataclass(frozen=True, eq=False)
class RowFormulas(Sequence[str]):
    """The formula of each row by its place, "" where there is none."""

    rows: Sequence[str]
    """The number of each row."""
    patterns: Sequence[Pattern]
    ways: Places
    """Which of the patterns a row has, −1 for none."""

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return list(map(self._written, range(*place.indices(len(self))), self.ways[place].tolist()))
        return self._written(place, int(self.ways[place]))

    def _written(self, place: int, way: int) -> str:
        if way < 0:
            return ""
        text, cells = self.patterns[way]
        return (text.replace(CELLS, cells(place)) if cells else text).replace(ROW, self.rows[place])
