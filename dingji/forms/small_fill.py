"""汇总录入 with its heads filled in: the roster as it stands, and every row that somebody is to mark."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from dingji.forms.declare import CLAIMS, OWN, PEER, SETTINGS, Form, Sheet
from dingji.forms.filling import Block, Cells, Filling, Value

Record = Mapping[Any, Any]
InScope = Callable[[Record, Record], bool]
"""Whether a rater marks a branch."""

LISTED = ("records", "bonus")
"""What happens through the year stands in no list beforehand."""
MORE_ROWS = 5
"""So many empty rows below those given: a new branch, another rater."""


def small_filling(
    form: Form,
    roster: tuple[Sequence[Record], Sequence[Record]],
    active: Sequence[Record],
    in_scope: InScope,
    sources: Collection[str],
) -> Filling:
    """Return what is printed in 汇总录入. `roster`: all branches and raters; `active`: the branches taking part.

    `sources`: those that mark in this round; the pages of others are there, and nothing stands on them.
    """
    branches, raters = roster
    rows: dict[str, Sequence[Cells]] = {}
    blocks: dict[str, Sequence[Block]] = {}
    for part in form.parts:
        first, *others = part.sheets
        if part.kind == "roster":
            rows |= _roster_rows((first, others[0]), branches, raters)
        elif part.kind in (*LISTED, SETTINGS) or (part.source and part.source not in sources):
            continue
        elif first.blocks:
            blocks[first.name] = [Block(identity(branch), hints=_hints(part, branch)) for branch in active]
        elif part.kind == "committee":
            rows[first.name] = list(_rated(part.source, raters, active, in_scope))
        elif part.kind == "peer":
            rows[first.name] = [
                {PEER: one["name"], **identity(other)} for one in active for other in active if other != one
            ]
        elif part.kind == "situation":
            rows[first.name] = situation_rows(part, active)
        else:
            rows[first.name] = [identity(branch) for branch in active]
    spare = dict.fromkeys(rows, MORE_ROWS)
    return Filling(rows=rows, blocks=blocks, spare=spare)


def _hints(part: Form, branch: Record) -> Mapping[str, str]:
    """Return what is known beside a branch's marks, as its own form has it."""
    known: Mapping[str, Mapping[str, Mapping[str, str]]] = branch.get("hints") or {}
    return known.get(part.source, {}).get(CLAIMS, {}) if part.kind == "self" else {}


def roster_filling(form: Form, roster: tuple[Sequence[Record], Sequence[Record]]) -> Filling:
    """Return a whole roster as it was read, for a workbook of its own."""
    first, second = form.sheets
    return Filling(rows=_roster_rows((first, second), *roster))


def _roster_rows(
    sheets: tuple[Sheet, Sheet], branches: Sequence[Record], raters: Sequence[Record]
) -> dict[str, Sequence[Cells]]:
    first, second = sheets
    return {
        first.name: [_roster_row(first, row, order) for order, row in enumerate(branches, start=1)],
        second.name: [_roster_row(second, row, 0) for row in raters],
    }


def situation_rows(form: Form, branches: Sequence[Record]) -> list[Cells]:
    """Return a row of 情形申报 for each branch and circumstance that it declares."""
    column = next(column for column in form.sheets[0].columns if column.heading == "情形")
    return [{**identity(branch), "情形": name} for branch in branches for name in column.choices]


def identity(branch: Record) -> dict[str, str]:
    """Return the two cells by which a row names its branch."""
    return {"党组织编码": branch["unit"], "党组织名称": branch["name"]}


def _rated(source: str, raters: Sequence[Record], branches: Sequence[Record], in_scope: InScope) -> Iterator[Cells]:
    for rater in raters:
        if rater["state"] in ("", "正常") and rater["source"] in ("", source):
            for branch in branches:
                if in_scope(rater, branch):
                    yield {"评委编号": rater["rater"], **identity(branch)}


def _roster_row(sheet: Sheet, row: Record, order: int) -> Cells:
    """Return a row of the roster as it was read; 排序号 is the place in which it stands."""
    own = {f"{OWN}{name}": value for name, value in (row.get("own") or {}).items()}
    known = {**row, **own, "code": row.get("unit", ""), "order": order or ""}
    return {column.heading: _typed(known.get(column.field, ""), column.reads) for column in sheet.columns}


def _typed(value: Value, reads: str) -> Value:
    return date.fromisoformat(value) if reads == "date" and isinstance(value, str) and value else value
