"""What a book says about its columns: the reference's own words, with Chinese names and the book's notation."""

from __future__ import annotations

from functools import cache
from typing import Final

from dingji.book.declare import BookColumn
from dingji.book.kinds import Anything
from dingji.reference.headings import in_names
from dingji.scheme.load import read_toml
from dingji.scheme.told import Section

PLAIN_TEXT: Final = "文字"


def about(table: type[Section]) -> str:
    """Return what a table is for; what is a table in a file is a row of a sheet."""
    return in_names(table.words.about, table).replace("一张表", "一行")


@cache
def does(column: BookColumn) -> str:
    """Return what a column is for."""
    return in_names(column.words.does, column.table)


@cache
def example(column: BookColumn) -> str:
    """Return the reference's example as the column's cell would hold it."""
    text = column.words.example
    data = read_toml(f"row = {text}".encode() if text.startswith("{") else text.encode())[0]
    value = data.get("row", data).get(column.key)
    return "" if value is None or isinstance(column.notation, Anything) else str(column.notation.write(value))


@cache
def default(column: BookColumn) -> str:
    """Return what holds where the cell is blank, "" where that is nothing."""
    if column.required:
        return "必填"
    value = column.default
    return "" if value is None or value in ("", [], {}) else str(column.notation.write(value))


def meaning(column: BookColumn) -> str:
    """Return all that is said of a key beside its value."""
    blank = default(column)
    told_blank = {"": "", "必填": "必填。"}.get(blank, f"不写时：{blank}。")
    shown = example(column)
    return f"{does(column)}{told_blank}{_kind(column)}" + (f"例：{shown}" if shown else "")


def _kind(column: BookColumn) -> str:
    """Tell what to write where it is not just text."""
    return "" if column.notation.words == PLAIN_TEXT else f"写：{column.notation.words}。"


def notes(column: BookColumn) -> str:
    """Return the note at a heading: a line for each thing that is said."""
    blank = default(column)
    lines = [does(column), _kind(column), f"不写时：{blank}" if blank else "", f"例：{example(column)}"]
    return "\n".join(line for line in lines if line and line != "例：")
