"""What a spreadsheet lets a person type into a form: rules with Chinese titles and messages.

XlsxWriter drops a rule, with a warning only, when its title has over 32 or its message over 255 characters,
or when its list of choices is longer than 255: texts are cut here, long lists go to the hidden sheet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from dingji.forms.declare import EXCUSED, Column
from dingji.forms.stamp import META_SHEET
from dingji.numbers import plain

TITLE_LIMIT = 32
MESSAGE_LIMIT = 255
LIST_LIMIT = 255
LARGEST = 999_999_999
FIRST_DAY = date(2000, 1, 1)

Rule = dict[str, Any]


@dataclass
class ChoiceLists:
    """Lists of choices too long for a rule; each gets a column of the hidden sheet, from B on."""

    columns: dict[tuple[str, ...], str] = field(default_factory=dict)

    def source(self, choices: tuple[str, ...]) -> list[str] | str:
        """Return the choices as a rule takes them: themselves, or the range where they stand."""
        if _fits(choices):
            return list(choices)
        if choices not in self.columns:
            self.columns[choices] = xl_col_to_name(len(self.columns) + 1)
        column = self.columns[choices]
        return f"='{META_SHEET}'!${column}$1:${column}${len(choices)}"


def _fits(choices: tuple[str, ...]) -> bool:
    joined = ",".join(choices)
    plain_texts = not any("," in choice or '"' in choice or choice != choice.strip() for choice in choices)
    return plain_texts and not joined.startswith("=") and _length(joined) <= LIST_LIMIT


@dataclass(frozen=True)
class Ruled:
    """What a rule is made for: the column, the bounds and choices that hold there, and its first cell."""

    column: Column
    low: Fraction | None
    full: Fraction | None
    choices: tuple[str, ...]
    first_cell: str
    excusable: bool = False


def rule_for(ruled: Ruled, lists: ChoiceLists) -> Rule | None:
    """Return the rule for a column's cells, None where anything may stand there and nothing is to be said."""
    column = ruled.column
    rule = _KINDS[column.reads](ruled, lists)
    if column.hint:
        rule = {**(rule or {"validate": "any"}), "input_message": _cut(column.hint, MESSAGE_LIMIT)}
        rule["input_title"] = _cut(column.heading, TITLE_LIMIT)
    return rule


def _free(_place: Ruled, _lists: ChoiceLists) -> Rule | None:
    return None


def _mark(ruled: Ruled, _lists: ChoiceLists) -> Rule:
    words = _bounds_words(ruled.low, ruled.full)
    if ruled.excusable:
        words = f"{words.rstrip('。')}，或填{'、'.join(EXCUSED)}。"
        return {"validate": "custom", "value": _excusable(ruled), **_stop(ruled.column, words)}
    return {"validate": "decimal", **_between(ruled.low, ruled.full), **_stop(ruled.column, words)}


def _excusable(ruled: Ruled) -> str:
    """Return the formula that admits a mark within its bounds and the words by which a rater stands aside."""
    cell = ruled.first_cell
    bounds = [f"{cell}>={plain(ruled.low)}"] if ruled.low is not None else []
    bounds += [f"{cell}<={plain(ruled.full)}"] if ruled.full is not None else []
    words = ",".join(f'{cell}="{word}"' for word in EXCUSED)
    return f"=OR(AND({','.join([f'ISNUMBER({cell})', *bounds])}),{words})"


def _number(ruled: Ruled, _lists: ChoiceLists) -> Rule:
    return {"validate": "decimal", **_between(None, None), **_stop(ruled.column, _bounds_words(None, None))}


def _count(ruled: Ruled, _lists: ChoiceLists) -> Rule:
    return {"validate": "integer", "criteria": ">=", "value": 0, **_stop(ruled.column, "请填不小于0的整数。")}


def _choice(ruled: Ruled, lists: ChoiceLists) -> Rule | None:
    if not ruled.choices:
        return None
    words = f"请从下拉列表中选一项：{'、'.join(ruled.choices)}。"
    return {"validate": "list", "source": lists.source(ruled.choices), **_stop(ruled.column, words)}


def _date(ruled: Ruled, _lists: ChoiceLists) -> Rule:
    words = "请填2000年以后的日期，写成 2026-03-31 的样子。"
    alert = {**_stop(ruled.column, words), "error_type": "warning"}
    return {"validate": "date", "criteria": ">=", "value": FIRST_DAY, **alert}


_KINDS: dict[str, Callable[[Ruled, ChoiceLists], Rule | None]] = {
    "printed": _free,
    "text": _free,
    "formula": _free,
    "mark": _mark,
    "number": _number,
    "count": _count,
    "choice": _choice,
    "date": _date,
}


def _between(low: Fraction | None, full: Fraction | None) -> Rule:
    bounds = (str(-LARGEST) if low is None else plain(low), str(LARGEST) if full is None else plain(full))
    return {"criteria": "between", "minimum": bounds[0], "maximum": bounds[1]}


def _bounds_words(low: Fraction | None, full: Fraction | None) -> str:
    if low is not None and full is not None:
        return f"请填{plain(low)}至{plain(full)}之间的数，只填数字。"
    if low is not None:
        return f"请填不小于{plain(low)}的数，只填数字。"
    return "请只填数字。" if full is None else f"请填不大于{plain(full)}的数，只填数字。"


def _stop(column: Column, words: str) -> Rule:
    title = _cut(f"请检查：{column.heading}", TITLE_LIMIT)
    return {"error_title": title, "error_message": _cut(words, MESSAGE_LIMIT), "error_type": "stop"}


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, limit: int) -> str:
    """Cut text to so many UTF-16 units, as spreadsheets count, with a sign that it was longer."""
    if _length(text) <= limit:
        return text
    kept = text.encode("utf-16-le")[: (limit - 1) * 2].decode("utf-16-le", errors="ignore")
    return f"{kept}…"
