"""What of a sheet that was read nobody sees, sees otherwise, or wrote where it is not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dingji.forms.stamp import is_stamp
from dingji.problems import Problem
from dingji.read.grid import CellValue, address, text_of
from dingji.read.lines import typed_columns
from dingji.read.locate import Located
from dingji.read.notes import MARK

TOLD = 3
"""So many cells or notes of a sheet are named."""
LONGEST = 40
"""Signs of a note that are told."""


def out_of_sight(located: Located) -> list[Problem]:
    """Return what is to be said of a sheet's hidden parts, of cells that show another value, and of notes."""
    return [*hidden_part(located), *_shown_otherwise(located), *_notes(located)]


def _shown_otherwise(located: Located) -> Iterator[Problem]:
    """Yield a problem where cells that were read show something else than what is stored."""
    grid = located.grid
    typed = {place for _, _, place in typed_columns(located)} if grid.misleading else set()
    told = []
    for (row, place), shown in sorted(grid.misleading.items()):
        value = grid.value(row, place)
        if place in typed if row > located.header else not isinstance(value, str):
            seen = f"显示“{shown}”" if shown else "看不见内容"
            told.append(f"{address(row, place)} {seen}，存的是“{text_of(value)}”")
    if told:
        yield Problem("W645", sheet=grid.name, values={"what": _listed(told, TOLD, "；")})


def _notes(located: Located) -> Iterator[Problem]:
    """Yield a problem where somebody wrote beside the cells."""
    own = [(cell, words.partition(MARK)[0].strip()) for cell, words in located.grid.notes]
    told = [f"{cell or '文本框'}“{_shortened(words)}”" for cell, words in own if words]
    if told:
        yield Problem("W646", sheet=located.grid.name, values={"what": _listed(told, TOLD)})


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def hidden_part(located: Located) -> list[Problem]:
    """Return a problem where rows or columns that were read are hidden, or the whole sheet is."""
    grid = located.grid
    if not (grid.hidden_rows or grid.hidden_columns or grid.hidden):
        return []
    if grid.hidden:
        return [Problem("W244", sheet=grid.name, values={"what": "这张工作表"})]
    rows = [row for row in sorted(grid.hidden_rows) if row < len(grid.rows) and _says_more(grid.rows[row])]
    columns = sorted(grid.hidden_columns & {place for _, _, place in typed_columns(located)})
    parts = [f"第 {_listed([str(row + 1) for row in rows])} 行"] if rows else []
    parts += [f"{_listed([address(0, place)[:-1] for place in columns])} 列"] if columns else []
    return [Problem("W244", sheet=grid.name, values={"what": "、".join(parts)})] if parts else []


def _says_more(line: Sequence[CellValue]) -> bool:
    """Say whether something stands in a row beside the form's stamp, which many do not want to see."""
    return any(value != "" and not (isinstance(value, str) and is_stamp(value)) for value in line)


def _listed(texts: Sequence[str], most: int = 5, between: str = "、") -> str:
    more = f" 等 {len(texts)} 个" if len(texts) > most else ""
    return between.join(texts[:most]) + more
