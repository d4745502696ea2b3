"""One problem of a workbook that goes back. Light: the process that marks copies loads it."""

from __future__ import annotations

from dataclasses import dataclass

from dingji.problems import Line


@dataclass(frozen=True)
class Fault:
    """One problem of a workbook, in words; `cells` are its addresses, none where it is the sheet's or the file's."""

    sheet: str
    cells: tuple[str, ...]
    line: Line
    must: bool
    """Whether it must be mended; else it is to be looked at."""
