"""Where figures were typed, as people read it: file ▸ sheet ▸ cells, neighbouring cells of a column as a range."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from dingji.read.grid import address, position_of

BETWEEN = " ▸ "


class Places(NamedTuple):
    """Columns of the entries table: file, sheet and the addresses of an entry's cells with spaces between."""

    file: Sequence[str]
    sheet: Sequence[str]
    cell: Sequence[str]

    def listed(self, entries: Sequence[int]) -> list[str]:
        """Return one text a file and sheet of some entries, in the order in which they first come."""
        found = []
        for (file, sheet), group in groupby(entries, key=lambda entry: (self.file[entry], self.sheet[entry])):
            cells = ranges(" ".join(self.cell[entry] for entry in group))
            found.append(BETWEEN.join(part for part in (file, sheet, cells) if part))
        return found

    def spelled(self, entries: Sequence[int]) -> str:
        """Return the same in one text."""
        if len(entries) != 1:
            return "；".join(self.listed(entries))
        file, sheet, cells = self.file[entries[0]], self.sheet[entries[0]], ranges(self.cell[entries[0]])
        return f"{file}{BETWEEN}{sheet}{BETWEEN}{cells}" if file and sheet and cells else self.listed(entries)[0]


def ranges(cells: str) -> str:
    """Join neighbouring cells of a column: B3 B4 B5 D9 → B3:B5、D9. One alone, as most are, is what it says."""
    return _joined(cells) if " " in cells else cells


@lru_cache(maxsize=65_536)
def _joined(cells: str) -> str:
    positions = sorted(dict.fromkeys(map(position_of, cells.split())), key=lambda position: (position[1], position[0]))
    runs: list[list[tuple[int, int]]] = []
    for position in positions:
        if runs and runs[-1][-1] == (position[0] - 1, position[1]):
            runs[-1].append(position)
        else:
            runs.append([position])
    return "、".join(address(*run[0]) if len(run) == 1 else f"{address(*run[0])}:{address(*run[-1])}" for run in runs)
