"""Where figures were typed, as people read it: file ▸ sheet ▸ cells, neighbouring cells of a column as a range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from dingji.read.grid import address, position_of

Place = tuple[str, str, str]
"""File, sheet and the addresses of an entry's cells with spaces between, as the entries table has them."""


def places(entries: Iterable[Place]) -> Iterator[str]:
    """Yield one text a file and sheet, in the order in which they first come."""
    for book, group in groupby(entries, key=lambda entry: entry[:2]):
        cells = [cell for _, _, listed in group for cell in listed.split()]
        yield " ▸ ".join(part for part in (*book, "、".join(ranges(cells))) if part)


def ranges(cells: Sequence[str]) -> list[str]:
    """Join neighbouring cells of a column: B3 B4 B5 D9 → B3:B5, D9."""
    positions = sorted(dict.fromkeys(map(position_of, cells)), key=lambda position: (position[1], position[0]))
    runs: list[list[tuple[int, int]]] = []
    for position in positions:
        if runs and runs[-1][-1] == (position[0] - 1, position[1]):
            runs[-1].append(position)
        else:
            runs.append([position])
    return [address(*run[0]) if len(run) == 1 else f"{address(*run[0])}:{address(*run[-1])}" for run in runs]
