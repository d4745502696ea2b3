"""What was struck out, or says of itself that it does not count: rows, and the names of sheets and files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from dingji.comparing import normal
from dingji.forms.declare import Column, Form
from dingji.problems import Problem
from dingji.read.grid import WHOLE, CellValue, address, cells, text_of
from dingji.read.lines import REMARKS, Cell
from dingji.read.locate import UNTYPED, WHO, Located, is_label
from dingji.read.row_kinds import first_filled, is_among
from dingji.read.rows import row_of

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
_VOID_WHOLE = re.compile(
    r"(?:以上|上述|上列|上面|全表|[本此该这][张份个]?表)[^,;:。!]{0,10}(?<![未不没非])(?:作废|无效|废止|撤销|不作数|不算数)(?=$|[了,;。!])"
)
_ON_CONDITION = re.compile(
    r"如有|如果|若|(?:涂改|复印|盖章|签[字名章]|[逾过]期|[未不无]|如|若)[^,;。]*(?:无效|作废|不计|不算)"
)
"""A rule printed on a form (未盖章无效) says nothing of this one."""
LONGEST_NOTE = 24
LONGEST_WORDS = 80


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


@lru_cache(maxsize=1 << 12)
def says_all_void(text: str) -> bool:
    """Say whether words above or below a table say that all of it does not count (以上结果作废)."""
    if _ON_CONDITION.search(normal(text)):
        return False
    return says_void(text) or (len(text) <= LONGEST_WORDS and _VOID_WHOLE.search(normal(text)) is not None)


NAMING = (*WHO, "group")


def void_cell(line: Line) -> Cell | None:
    """Return the cell by which a row is void: it says so, or all that was typed is struck through."""
    for cell in line.values():
        if isinstance(cell.value, str) and not cell.blank and voids(cell.column, cell.text):
            return cell
    own = [cell for cell in line.values() if not cell.blank and cell.column.reads not in UNTYPED and not cell.spanned]
    struck = own[0].located.grid.struck if own else {}
    return own[0] if struck and all(cell.struck == WHOLE for cell in own) else None


def voids(column: Column, text: str) -> bool:
    """Say whether what stands in a column says of its row that it does not count."""
    if column.item or (column.choices and is_among(text, column.choices)):
        return False
    return is_void(text) or (column.field in NAMING and says_void(text))


def beside(located: Located, row: int) -> Iterator[tuple[int, str]]:
    """Yield the texts that stand in a row under no heading at all, with their places."""
    grid = located.grid
    own = {place for _, place in located.places}
    for place, value in enumerate(grid.rows[row]):
        if isinstance(value, str) and value and place not in own and grid.value(located.header, place) == "":
            yield place, text_of(value)


def void_in(row: int, line: Line) -> Cell | None:
    """Return the cell at which to tell that a row is void, by what it says itself or by a note beside it."""
    first = first_filled(line)
    noted = any(says_void(text) for _, text in beside(first.located, row))
    return void_cell(line) or (first if noted else None)


def void_remark(line: Line) -> Cell | None:
    """Return the remark by which a row that counts says that it does not."""
    return next((cell for cell in line.values() if cell.column.field in REMARKS and is_void(cell.text)), None)


# --- notes and names --------------------------------------------------------------------------------------


def noted_rows(located: Located, rows: Sequence[int]) -> list[Problem]:
    """Return a problem where words stand beside rows that counted, under no heading."""
    notes = [(row, place, note) for row in rows for place, note in beside(located, row) if says_something(note)]
    if not notes:
        return []
    (row, place, note), more = notes[0], len({row for row, *_ in notes}) - 1
    others = f"，另有 {more} 行也有" if more else ""
    return [Problem("W565", sheet=located.grid.name, cell=address(row, place), found=note, values={"more": others})]


def says_something(note: str) -> bool:
    """Say whether a note is a word, or a cross; figures beside a table are somebody's sums."""
    return any(map(str.isalpha, note)) or note in _CROSSES


_CROSSES = ("×", "✗", "✘", "✕")


def void_names(form: Form, located: Located, told: Sequence[Problem] = ()) -> list[Problem]:
    """Return a problem where the name of a sheet, or words above or below its table, say that it does not count.

    `told`: what was said of its rows already.
    """
    grid = located.grid
    if says_void(grid.name):
        return [Problem("W566", sheet=grid.name, values={"what": "工作表的名称"})]
    known = {row_of(problem.cell) for problem in told if problem.sheet == grid.name}
    words = ((row, place, text_of(value)) for row, place, value in cells(grid) if may_say_void(value))
    found = (
        (row, place, text)
        for row, place, text in words
        if row != located.header and str(row + 1) not in known and says_all_void(text)
    )
    return [
        Problem("W566", sheet=grid.name, cell=address(row, place), found=text, values={"what": what})
        for row, place, text in found
        if (what := _where(located, row, text, form))
    ][:1]


def may_say_void(value: CellValue) -> bool:
    """Say whether a cell has one of the signs without which no word says void: most have none."""
    return isinstance(value, str) and not _VOID_SIGNS.isdisjoint(value)


_VOID_SIGNS = frozenset("废效划不注撤")


def _where(located: Located, row: int, text: str, form: Form) -> str:
    """Return where words stand that are of the whole table; "" where they belong to a label or to one row."""
    if row < located.header:
        return "" if is_label(text, form) else "表头"
    return "表的下面" if len({str(value) for value in located.grid.rows[row] if value != ""}) == 1 else ""


def void_file(path: str) -> list[Problem]:
    """Return a problem where the name of a file says that it does not count."""
    named = _VOID_BESIDE.search(normal(PurePosixPath(path).stem))
    return [Problem("W566", values={"what": "文件名"})] if named else []
