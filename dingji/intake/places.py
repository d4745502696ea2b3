"""Where entries stand: the rows of sheets, found for all entries at once by the addresses that they share."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dingji.read.rows import row_of


def row_texts(entries: pd.DataFrame) -> npt.NDArray[Any]:
    """Return the row of the sheet in which each entry stands."""
    cells = entries["cell"].cat
    rows = np.array([row_of(cell) for cell in cells.categories], dtype=object)
    return rows[cells.codes.to_numpy()] if len(rows) else np.array([], dtype=object)


def at_rows(entries: pd.DataFrame, wanted: Collection[tuple[str, str]]) -> pd.DataFrame:
    """Return the entries that stand in one of the rows wanted, by file and row."""
    named = {file for file, _ in wanted}
    there = np.array([file in named for file in entries["file"].cat.categories], dtype=bool)
    entries = entries[there[entries["file"].cat.codes.to_numpy()]] if len(entries) else entries
    files, cells = entries["file"].cat, entries["cell"].cat
    rows, texts = pd.factorize(np.array([row_of(cell) for cell in cells.categories], dtype=object))
    places = {file: place * len(texts) for place, file in enumerate(files.categories)}
    numbers = {text: number for number, text in enumerate(texts)}
    known = [places[file] + numbers[row] for file, row in wanted if file in places and row in numbers]
    found = files.codes.to_numpy().astype(np.int64) * len(texts) + rows[cells.codes.to_numpy()]
    return entries[np.isin(found, known)]
