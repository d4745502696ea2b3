"""Where a fact that nobody typed would stand: in the very file that was handed in, down to the cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from dingji.problems import BETWEEN
from dingji.read.rows import Letters, row_named
from dingji.scheme.indicators import Rule
from dingji.scheme.origins import FACT_SHEETS

NEW_ROW = "新写一行"


@dataclass(frozen=True)
class HandedIn:
    """The files of a round by branch. `letters`: by file and sheet, where its columns and printed rows stand."""

    entries: pd.DataFrame | None = None
    letters: Mapping[tuple[str, str], Letters] = field(default_factory=dict)

    def place(self, unit: str, form: str, source: str, rule: Rule) -> str | None:
        """Return where a fact of a branch would stand: `甲.xlsx ▸ 扣分加分 ▸ G7`; "" where the form is not there.

        None where nothing is known of files at all. On a sheet of records a row is to be added.
        """
        if self.entries is None:
            return None
        own = self.entries[(self.entries["unit"] == unit) & (self.entries["form"] == form)]
        files = own.loc[own["source"] == source, "file"].astype(str)
        if files.empty:
            return ""
        file, sheet = files.iloc[0], FACT_SHEETS[form]
        letters = self.letters.get((file, sheet), {})
        row = letters.get(row_named(rule.name), "")
        column = letters.get("value" if rule.reads_figure and not rule.options else "option", "")
        return BETWEEN.join((file, sheet, f"{column}{row}" if row and column else NEW_ROW))
