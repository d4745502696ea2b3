"""What was struck out, or says of itself that it does not count: rows, and the names of sheets and files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import PurePosixPath

from dingji.comparing import normal
from dingji.forms.declare import Form
from dingji.problems import Problem
from dingji.read.grid import WHOLE, address, cells, text_of
from dingji.read.lines import REMARKS, Cell
from dingji.read.locate import UNTYPED, WHO, Located, is_label
from dingji.read.row_kinds import first_filled, is_among

Line = Mapping[str, Cell]

_SIGNS = str.maketrans("", "", "[]()【】〔〕{}<>《》※*★!。.,、;~-—_“”\"'")
_VOID = re.compile(
    r"(?:此|本|该|这|已|应|予|按|为|是|系|一)*(?:选?票|行|条|项|份|张|页|记录)?(?:已|应|予|按|为|是|系)*"
    r"(?:作废|无效|废除|废弃|注销|划去|划掉|不算|不计|弃用)(?:选?票|处理|了|掉|计|入)*|废票?"
)
_VOID_BESIDE = re.compile(
    r"[\[({〔【〖<《](?:已|应|此票|本票)?(?:作废|无效|废票|注销|划去|不算|不计)入?[\])}〕】〗>》]"
    r"|(?<![未不没非])(?:作废|无效|废票|注销|划去|不算|不计)入?[\])}〕】〗>》。.!]*$"
    r"|^(?:作废|无效|废票|注销)[-_:、,]?(?:no\.?)?\d+$"
)
LONGEST_NOTE = 24


@lru_cache(maxsize=1 << 12)
def is_void(text: str) -> bool:
    """Say whether a text says of its row that it does not count."""
    return len(text) <= LONGEST_NOTE and _VOID.fullmatch(normal(text).translate(_SIGNS)) is not None


@lru_cache(maxsize=1 << 12)
def says_void(text: str) -> bool:
    """Say whether a number, name or note ends in words by which its row does not count, or has them in brackets.

    Within a name they are part of it.
    """
    return len(text) <= LONGEST_NOTE and _VOID_BESIDE.search(normal(text)) is not None


NAMING = (*WHO, "group")


def void_cell(line: Line) -> Cell | None:
    """Return the cell by which a row is void: it says so, or all that was typed is struck through."""
    for cell in line.values():
        if cell.blank or cell.column.item or not isinstance(cell.value, str):
            continue
        if cell.column.choices and is_among(cell.text, cell.column.choices):
            continue
        if is_void(cell.text) or (cell.column.field in NAMING and says_void(cell.text)):
            return cell
    own = [cell for cell in line.values() if not cell.blank and cell.column.reads not in UNTYPED and not cell.spanned]
    struck = own[0].located.grid.struck if own else {}
    return own[0] if struck and all(cell.struck == WHOLE for cell in own) else None


def beside(located: Located, row: int) -> Iterator[str]:
    """Yield the texts that stand in a row under no heading at all."""
    grid = located.grid
    own = {place for _, place in located.places}
    for place, value in enumerate(grid.rows[row]):
        if isinstance(value, str) and value and place not in own and grid.value(located.header, place) == "":
            yield text_of(value)


def void_in(row: int, line: Line) -> Cell | None:
    """Return the cell at which to tell that a row is void, by what it says itself or by a note beside it."""
    first = first_filled(line)
    noted = any(says_void(text) for text in beside(first.located, row))
    return void_cell(line) or (first if noted else None)


def void_remark(line: Line) -> Cell | None:
    """Return the remark by which a row that counts says that it does not."""
    return next((cell for cell in line.values() if cell.column.field in REMARKS and is_void(cell.text)), None)


# --- notes and names --------------------------------------------------------------------------------------


def noted_rows(located: Located, rows: Sequence[int]) -> list[Problem]:
    """Return a problem where words stand beside rows that counted, under no heading."""
    notes = [(row, note) for row in rows for note in beside(located, row) if _says_something(note)]
    if not notes:
        return []
    (row, note), more = notes[0], len({row for row, _ in notes}) - 1
    grid = located.grid
    place = next(place for place, value in enumerate(grid.rows[row]) if text_of(value) == note)
    others = f"，另有 {more} 行也有" if more else ""
    return [Problem("W565", sheet=grid.name, cell=address(row, place), found=note, values={"more": others})]


def _says_something(note: str) -> bool:
    """Say whether a note is a word, or a cross; figures beside a table are somebody's sums."""
    return any(map(str.isalpha, note)) or note in _CROSSES


_CROSSES = ("×", "✗", "✘", "✕")


def void_names(form: Form, located: Located) -> list[Problem]:
    """Return a problem where the name of a sheet, or words above its table, say that it does not count."""
    grid = located.grid
    if says_void(grid.name):
        return [Problem("W566", sheet=grid.name, values={"what": "工作表的名称"})]
    above = ((row, place, text_of(value)) for row, place, value in cells(grid) if row < located.header)
    found = (each for each in above if says_void(each[2]) and not is_label(each[2], form))
    return [
        Problem("W566", sheet=grid.name, cell=address(row, place), found=text, values={"what": "表头"})
        for row, place, text in islice(found, 1)
    ]


def void_file(path: str) -> list[Problem]:
    """Return a problem where the name of a file says that it does not count."""
    named = _VOID_BESIDE.search(normal(PurePosixPath(path).stem))
    return [Problem("W566", values={"what": "文件名"})] if named else []
