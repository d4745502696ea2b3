"""内部/栏目对照.xlsx: what the program takes the columns of the superior's form for, and what was confirmed of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from dingji.comparing import normal
from dingji.forms.columns_form import TITLE, UNUSED, columns_form
from dingji.forms.filling import Cells, Filling
from dingji.forms.write import write_form
from dingji.intake.questionnaire_mapping import Line
from dingji.outcome import Outcome
from dingji.problems import Problem
from dingji.reports.superior.stock import GRADE, Stock
from dingji.reports.superior.table import BETWEEN, NEAR, FormColumn, FormTable, Seen, likeness
from dingji.scheme.model import UNIT

CALLED: Final = (UNIT, "党支部", "单位")
"""What superiors' forms call 党组织."""
MAPPING_BOOK: Final = f"内部/{TITLE}.xlsx"


@dataclass(frozen=True)
class Mapped:
    """What the columns of each table are (target by index, UNUSED left out), or what is still in the way of that."""

    stocks: Mapping[str, Stock] = field(default_factory=dict)
    targets: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def known_headings(stocks: Sequence[Stock]) -> tuple[str, ...]:
    """Return all headings that we may give, as compared."""
    return tuple(dict.fromkeys(normal(word) for stock in stocks for target in stock.names for word in _words(target)))


def _words(target: str) -> tuple[str, ...]:
    """Return what a target may be called in a form."""
    bare = target.rpartition("：")[2]
    if target == GRADE:
        return (f"拟定{GRADE}", f"审定{GRADE}", f"定级{GRADE}", GRADE)
    return tuple(dict.fromkeys(bare.replace(UNIT, word) for word in CALLED))


# --- what is proposed ----------------------------------------------------------------------------------------


def proposals(table: FormTable, stocks: Sequence[Stock]) -> dict[int, str]:
    """Return by column what it is most like, all of one of our tables: that which fits the headings best.

    Each of ours is proposed once, for the column that is most like it. A column of formulas is left to them.
    """
    own = [column for column in table.columns if not _reckoned(table, column)]
    return max((_fitting(own, stock) for stock in stocks), key=lambda each: (len(each[1]), each[0]))[1]


def _reckoned(table: FormTable, column: FormColumn) -> bool:
    first = next((row for row in table.rows if row.framed or row.texts or row.formulas), None)
    return first is not None and column.index in first.formulas


def _fitting(columns: Sequence[FormColumn], stock: Stock) -> tuple[float, dict[int, str]]:
    pairs = sorted(
        (
            (-_alike(column.heading, target), column.index, target)
            for column in columns
            for target in stock.names
            if _alike(column.heading, target) >= NEAR
        ),
        key=lambda pair: pair[:2],
    )
    found: dict[int, str] = {}
    total = 0.0
    for likely, index, target in pairs:
        if index not in found and target not in found.values():
            found[index] = target
            total -= likely
    return total, found


def _alike(heading: str, target: str) -> float:
    """Return how alike a heading and a target are: by its last part, or by all of it."""
    parts = {normal(heading.rpartition(BETWEEN)[2]), normal(heading.replace(BETWEEN, ""))}
    return max(likeness(part, normal(word)) for part in parts for word in _words(target))


def mapping_book(outcome: Outcome, seen: Seen, stocks: Sequence[Stock]) -> bytes:
    """Return 栏目对照 for a form: what was typed of it before stands in it, the rest is proposed."""
    form = columns_form(next(iter(outcome.schemes.values())), tuple(target for each in stocks for target in each.names))
    rows = [row for table in seen.tables for row in _rows(outcome, seen.number, table, stocks)]
    return write_form(form, Filling(rows={TITLE: rows}, office=outcome.settings.office.name))


def _rows(outcome: Outcome, number: str, table: FormTable, stocks: Sequence[Stock]) -> Iterator[Cells]:
    proposed = proposals(table, stocks)
    for column in table.columns:
        line = _line(outcome, number, table, column)
        yield {
            "表": number,
            "工作表": table.sheet,
            "列": column.letter,
            "上级表的栏目": column.heading,
            "识别为": (line.said if line else "") or proposed.get(column.index, UNUSED),
            "确认": "是" if line and line.confirmed else "",
        }


def _line(outcome: Outcome, number: str, table: FormTable, column: FormColumn) -> Line | None:
    return outcome.confirmed_columns.lines.get((number, normal(table.sheet), column.letter))


# --- what is confirmed ---------------------------------------------------------------------------------------


def mapped(outcome: Outcome, seen: Seen, stocks: Sequence[Stock]) -> Mapped:
    """Return what the office has confirmed; problems where a column is open, or where it cannot be so."""
    found = Mapped({}, {})
    stock_of, targets = dict(found.stocks), dict(found.targets)
    problems = list(outcome.confirmed_columns.problems)
    for table in seen.tables:
        said = {column: _line(outcome, seen.number, table, column) for column in table.columns}
        confirmed = {column.index: line.said for column, line in said.items() if line and line.confirmed and line.said}
        waiting = [column for column in table.columns if column.index not in confirmed]
        if waiting:
            problems.append(_open(seen, table, waiting))
            continue
        own = {index: target for index, target in confirmed.items() if target != UNUSED}
        faults = list(_faults(table, own, stocks))
        problems += faults
        if own and not faults:
            stock_of[table.sheet] = next(stock for stock in stocks if set(own.values()) <= set(stock.names))
            targets[table.sheet] = own
    if not problems and not targets:
        problems.append(Problem("E673", subject=f"表 {seen.number}", values={"what": "每一栏都写了不填"}))
    return Mapped(stock_of, targets, tuple(problems))


def _open(seen: Seen, table: FormTable, waiting: Sequence[FormColumn]) -> Problem:
    letters = "、".join(column.letter for column in waiting)
    values = {"count": str(len(waiting)), "what": letters}
    return Problem("E672", sheet=table.sheet, subject=f"表 {seen.number}", values=values)


def _faults(table: FormTable, own: Mapping[int, str], stocks: Sequence[Stock]) -> Iterator[Problem]:
    known = {target for stock in stocks for target in stock.names}
    for index, target in own.items():
        if target not in known:
            letter = next(column.letter for column in table.columns if column.index == index)
            yield _against(table, f"{letter} 列认作“{target}”，上报的表没有这一栏")
    fits = [stock for stock in stocks if set(own.values()) <= set(stock.names)]
    if set(own.values()) <= known and own and not fits:
        yield _against(table, "一张表里有一览表的栏目，也有汇总表的栏目")
    elif own and fits and not set(fits[0].keys) & set(own.values()):
        yield _against(table, f"没有一栏是“{'”或“'.join(fits[0].keys)}”，不知道哪一行是谁的")


def _against(table: FormTable, what: str) -> Problem:
    return Problem("E673", sheet=table.sheet, values={"what": what})
