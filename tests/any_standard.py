"""Random data for a kind of file, drawn from its model: every key of every table, whatever its type allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel

from dingji.book.compound import Either, Named, Several
from dingji.book.declare import columns_of
from dingji.book.kinds import Anything, Rows
from dingji.book.notation import Bound, Choice, Notation, Number, Points, Text

Values = st.SearchStrategy[Any]

SIGNS = st.characters(codec="utf-8")
"""Any sign at all, seen or not."""
OFFICE = st.sampled_from("班子好、；;=＝，,“”+＋至 0123456789%/.-[]{}\"'\\\n_x党组织")
"""Signs that mean something in a cell, or in TOML."""
TEXTS = st.text(OFFICE, max_size=8) | st.text(SIGNS, max_size=5)
NUMBERS = (
    st.integers(-(10**9), 10**9)
    | st.decimals(-1000, 1000, places=3)
    | st.sampled_from([Decimal("8.0"), Decimal("1E+3")])
)
WHOLE = st.integers(0, 6)
SHARES = st.integers(0, 100).map(lambda share: f"{share}%") | st.builds("{}/{}".format, WHOLE, st.integers(1, 9))


def values(kind: Notation) -> Values:
    """Return the values that a kind of cell may hold."""
    return next(draw for of, draw in KINDS if isinstance(kind, of))(kind)


def _named(kind: Any) -> Values:  # noqa: ANN401 - a notation
    part = values(kind.part)
    filled = part.filter(bool) if isinstance(kind.part, Several) else part
    return st.dictionaries(TEXTS, filled, max_size=3)


def _nested(inner: Values) -> Values:
    return st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)


def _rows(kind: Any) -> Values:  # noqa: ANN401 - a notation
    rows = st.lists(table(kind.table), min_size=1, max_size=3)
    return table(kind.table) if kind.single else rows


KINDS: list[tuple[type[Notation], Callable[[Any], Values]]] = [
    (Points, lambda _: NUMBERS | st.tuples(NUMBERS, NUMBERS).map(list)),
    (Bound, lambda _: NUMBERS | SHARES),
    (Number, lambda kind: WHOLE.map(lambda number: number or 1) if kind.whole else NUMBERS),
    (Text, lambda _: TEXTS),
    (Choice, lambda kind: st.sampled_from([value for value, _ in kind.values])),
    (Several, lambda kind: st.lists(values(kind.part), max_size=3)),
    (Named, _named),
    (Either, lambda kind: st.one_of(*(values(one) for one in kind.kinds))),
    (Rows, _rows),
    (Anything, lambda _: st.recursive(NUMBERS | TEXTS, _nested, max_leaves=4)),
]


def table(model: type[BaseModel]) -> Values:
    """Return the data of a table: what it must have, and any of what it may have."""
    columns = {column.key: column for column in columns_of(model) if column.key != "choices"}
    must = {key: values(column.notation) for key, column in columns.items() if column.required}
    may = {key: values(column.notation) for key, column in columns.items() if not column.required}
    return st.fixed_dictionaries(must, optional=may).map(_renamed)


def _renamed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Give every row that others may name a name of its own."""
    if "id" in data:
        count = iter(range(1000))
        return {**_numbered(dict(data), count), "id": "any"}
    return dict(data)


def _numbered(data: dict[str, Any], count: Any) -> dict[str, Any]:  # noqa: ANN401 - an iterator
    for key, value in data.items():
        rows = value if isinstance(value, list) and all(isinstance(row, dict) for row in value) else []
        for row in rows:
            _numbered(row, count)
            if "name" in row and key in ("sources", "indicators", "rules"):
                row["name"] = f"{row['name']}{next(count)}"
    return data
