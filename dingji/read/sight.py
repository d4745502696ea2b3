"""What of a sheet that was read nobody sees, sees otherwise, or wrote where it is not read."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from dingji.forms.stamp import is_stamp
from dingji.problems import Problem
from dingji.read.grid import Block, CellValue, address, position_of, text_of
from dingji.read.lines import typed_columns
from dingji.read.locate import Located
from dingji.read.notes import MARK
from dingji.read.void_rows import beside, says_something

TOLD = 3
"""So many cells or notes of a sheet are named."""
LONGEST = 40
"""Signs of a note that are told."""


def out_of_sight(located: Located, told: Sequence[Problem], noted: Container[int] = ()) -> list[Problem]:
    """Return what is to be said of a sheet's hidden parts, of cells that show another value, and of words beside.

    `told`: what was said of its rows before; `noted` the rows whose words beside were told, or taken, for their own.
    """
    parts = hidden_part(located), _shown_otherwise(located), _veiled(located), _notes(located)
    return [problem for part in (*parts, _beside(located, told, noted)) for problem in part]


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


def _veiled(located: Located) -> Iterator[Problem]:
    """Yield a problem where a conditional format may hide what was read."""
    blocks = [block for block in located.grid.veiled if _is_read(located, block)]
    if blocks:
        names = [":".join(dict.fromkeys((address(*first), address(*last)))) for first, last in blocks]
        yield Problem("W627", sheet=located.grid.name, values={"what": _listed(names, TOLD)})


def _is_read(located: Located, block: Block) -> bool:
    """Say whether something that is read stands in a block of cells: typed below the headings, or a figure above."""
    (top, left), (bottom, right) = block
    typed = {place for _, _, place in typed_columns(located)}
    return any(
        value != "" and (left + place in typed if row > located.header else not isinstance(value, str))
        for row, line in enumerate(located.grid.rows[top : bottom + 1], start=top)
        for place, value in enumerate(line[left : right + 1])
    )


def _beside(located: Located, told: Sequence[Problem], noted: Container[int]) -> Iterator[Problem]:
    """Yield a problem where words stand under no heading, in rows that no other word tells of."""
    grid = located.grid
    void = {position_of(each.cell)[0] for each in told if each.code == "W243" and each.sheet == grid.name}
    rows = (row for row in range(located.header + 1, len(grid.rows)) if row not in noted and row not in void)
    found = [f"{address(row, place)}“{_shortened(text)}”" for row in rows for place, text in beside(located, row)
             if says_something(text)]  # fmt: skip
    if found:
        yield Problem("W628", sheet=grid.name, values={"what": _listed(found, TOLD)})


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
