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
    """Return the entries of some files that stand in one of the rows wanted, by file and row, and maybe a few more."""
    files = entries["file"].isin({file for file, _ in wanted})
    near = entries[files]
    return near[pd.Series(row_texts(near), dtype=object).isin({row for _, row in wanted}).to_numpy()]
