"""Which row of the superior's form is whose, and what goes into its cells: rows named, else the empty ones in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import Final

from dingji.comparing import normal
from dingji.numbers import decimal_of
from dingji.outcome import Outcome
from dingji.problems import Problem, shown
from dingji.read.grid import Position, address, position_of
from dingji.reports.columns import Cell, Shown, printed
from dingji.reports.sheet import cell_value
from dingji.reports.superior.mapping import Mapped
from dingji.reports.superior.stock import NUMBER, REMARKS, Finder, Stock
from dingji.reports.superior.table import FormColumn, FormRow, FormTable, Seen
from dingji.reports.superior.writing import Write
from dingji.reports.withholding import WITHHELD
from dingji.roster import Directory

NAMED: Final = 3
"""So many branches are named in a line; the others are counted."""


@dataclass
class Filled:
    """What is written and tinted on a sheet, how many lines found their row, and what is to be said."""

    writes: list[Write] = field(default_factory=list)
    tints: list[Position] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: int = 0


@dataclass(frozen=True)
class Row:
    """A row that has found its line; `like` is the row whose looks a new one takes, -1 where it is there."""

    at: FormRow
    line: int
    like: int = -1


def all_filled(outcome: Outcome, seen: Seen, found: Mapped) -> dict[str, Filled]:
    """Return what goes into each sheet whose columns were confirmed."""
    directory = Directory.of(outcome.branches)
    pairs = [(table, found.stocks[table.sheet]) for table in seen.tables if table.sheet in found.stocks]
    return {
        table.sheet: filled(table, stock, found.targets[table.sheet], Finder(stock, directory))
        for table, stock in pairs
    }


def unseen_sheets(seen: Seen) -> list[Problem]:
    """Return a problem for each table that is left alone since its sheet is hidden."""
    return [Problem("W669", sheet=name, values={"what": "这张工作表是隐藏的"}) for name in seen.hidden]


def filled(table: FormTable, stock: Stock, targets: Mapping[int, str], finder: Finder) -> Filled:
    """Return what goes into a table; nothing is written where not every line would find its place in an empty one."""
    found = Filled()
    named = list(_named(table, stock, targets, finder, found))
    others: list[Problem] = []
    if any(row.line in stock.lines for row in named):
        rows = named
        there = {row.line for row in rows}
        found.problems += [
            Problem("E676", sheet=table.sheet, subject=stock.told(line)) for line in stock.lines if line not in there
        ]
    else:
        others, found = found.problems, Filled()
        own = _in_order(table, stock, targets)
        if len(own) < len(stock.lines):
            return Filled(problems=[_too_few(table, len(own), len(stock.lines))])
        rows = [*own, *named]
    for row in rows:
        _fill_row(table, stock, targets, row, found)
    found.lines = sum(row.line in stock.lines for row in rows)
    found.problems += _passed_over(table, stock, targets, rows, named=rows is named)
    found.problems += _of_others(table, others, rows)
    found.problems += [*_left(table, targets, rows, found), *_without(table, stock, targets, rows, found)]
    return found


def _too_few(table: FormTable, there: int, wanted: int) -> Problem:
    return Problem("E674", sheet=table.sheet, values={"there": str(there), "wanted": str(wanted)})


# --- which row is whose --------------------------------------------------------------------------------------


def _named(table: FormTable, stock: Stock, targets: Mapping[int, str], finder: Finder, found: Filled) -> Iterator[Row]:
    """Yield the rows that name one of our lines; others that name something, and the second of two, are told."""
    keys = {index: target for index, target in targets.items() if target in stock.keys}
    taken: set[int] = set()
    for row in table.rows:
        said = {target: row.texts[index] for index, target in keys.items() if index in row.texts}
        if not said or _is_no_row(table, row, keys):
            continue
        line, hint = finder.find(said)
        if line is not None and line not in taken:
            taken.add(line)
            yield Row(row, line)
        elif not row.formulas:  # a sum of the form's own needs nobody's figures
            what = "又是同一个，只填了前一行" if line is not None else f"不在上报的表里{hint}"
            found.problems.append(_unknown(table, row, keys, what))
            found.tints += [(row.number, index) for index in keys if index in row.texts]


def _unknown(table: FormTable, row: FormRow, keys: Mapping[int, str], what: str) -> Problem:
    index = next(index for index in keys if index in row.texts)
    place = address(row.number, index)
    return Problem("E675", sheet=table.sheet, cell=place, found=row.texts[index], values={"what": what})


def _is_no_row(table: FormTable, row: FormRow, keys: Mapping[int, str]) -> bool:
    """Say whether a row is a note (its key is merged into its neighbours) or numbers the columns (甲 乙 1 2)."""
    own = [column.index for column in table.columns]
    numbering = all(len(row.texts.get(index, "")) in (1, 2) for index in own) and row == table.rows[0]
    beside = set(own) - set(keys)
    return numbering or any(index in row.joined and (index in row.covered or beside & row.joined) for index in keys)


def _in_order(table: FormTable, stock: Stock, targets: Mapping[int, str]) -> list[Row]:
    """Return the empty rows with our lines in order; where nothing is below them, as many as are wanted."""
    free = _free_rows(table, stock, targets)
    rows = [Row(row, line) for row, line in zip(free, stock.lines, strict=False)]
    more = list(stock.lines)[len(rows) :]
    if not more or not _may_grow(table, free):
        return rows
    last, empty = (free[-1].number if free else -1), frozenset[int]()
    new = (FormRow(number, {}, empty, empty, empty, framed=True) for number in count(last + 1 if free else table.first))
    return [*rows, *(Row(row, line, last) for row, line in zip(new, more, strict=False))]


def _may_grow(table: FormTable, free: Sequence[FormRow]) -> bool:
    """Say whether rows may be added: nothing stands below, and a row is no more than its cells' formats."""
    below = [row for row in table.rows if not free or row.number > free[-1].number]
    plain = not free or not (free[-1].formulas or free[-1].joined)
    return table.open_end and plain and not any(row.texts or row.formulas or row.covered for row in below)


def _free_rows(table: FormTable, stock: Stock, targets: Mapping[int, str]) -> list[FormRow]:
    """Return the first run of rows that wait to be filled: alike in frame, formulas and what is printed in them."""
    keys = [index for index, target in targets.items() if target in stock.keys]
    numbered = [column.index for column in table.columns if targets.get(column.index) in (None, NUMBER)]
    free: list[FormRow] = []
    for row in table.rows:
        model = free[0] if free else row
        alike = (row.formulas, row.framed, row.covered) == (model.formulas, model.framed, model.covered)
        texts = all(_is_printed(row, index, numbered, model) for index in row.texts if index not in row.formulas)
        empty = not any(index in row.texts or index in row.formulas or index in row.joined for index in keys)
        if alike and texts and empty:
            free.append(row)
        elif free:
            break
    return free


def _is_printed(row: FormRow, index: int, numbered: Sequence[int], model: FormRow) -> bool:
    """Say whether a text is one that stands in every empty row: a number of the row, or the same word in all."""
    if index not in numbered:
        return False
    return decimal_of(row.texts[index]) is not None or (row is not model and row.texts[index] == model.texts.get(index))


# --- what goes into it ---------------------------------------------------------------------------------------


def _fill_row(table: FormTable, stock: Stock, targets: Mapping[int, str], row: Row, found: Filled) -> None:
    headings = {column.index: column.heading for column in table.columns}
    for index, target in targets.items():
        place = (row.at.number, index)
        if index in row.at.formulas or index in row.at.covered:
            continue
        cell = stock.cell(row.line, target)
        if index in row.at.texts:
            _compare(table, stock, (row, target, cell), place, found)
        elif _is_wanting(stock, target, cell):
            found.tints.append(place)
        elif cell not in (None, ""):
            value = cell_value(cell, stock.names[target].kind, stock.names[target].places)
            share = stock.kind(row.line, target) == "share" and not isinstance(value, str)
            points = "%" in normal(headings[index])
            found.writes.append(Write(place, value, share, points, row.like))


def _is_wanting(stock: Stock, target: str, cell: Cell) -> bool:
    """Say whether a cell lacks what should stand in it; a remark that there is none of is none."""
    return cell in (None, "") and stock.names[target].heading not in REMARKS


def _compare(table: FormTable, stock: Stock, what: tuple[Row, str, Cell], place: Position, found: Filled) -> None:
    """Leave what the superior has filled in; tint and tell it where ours is another."""
    row, target, cell = what
    if target in (NUMBER, *stock.keys) or cell in (None, ""):
        return
    there, ours = row.at.texts[place[1]], printed(cell, stock.names[target].kind, stock.names[target].places)
    if normal(there) == normal(ours) or _same_figure(there, cell):
        return
    found.tints.append(place)
    values = {"ours": ours, "who": stock.told(row.line)}
    found.problems.append(
        Problem("E677", sheet=table.sheet, cell=address(*place), subject=target, found=there, values=values)
    )


def _same_figure(there: str, cell: Cell) -> bool:
    number, own = decimal_of(there), cell.value if isinstance(cell, Shown) else cell
    return number is not None and isinstance(own, Fraction | int) and Fraction(number) == own


# --- what could not be filled --------------------------------------------------------------------------------


def _left(table: FormTable, targets: Mapping[int, str], rows: Sequence[Row], found: Filled) -> Iterator[Problem]:
    """Tint the columns that are nothing of ours, where they are empty; yield a problem for each."""
    for column in table.columns:
        if column.index in targets:
            continue
        empty = [row.at for row in rows if not _has_something(row.at, column)]
        found.tints += [(row.number, column.index) for row in empty]
        if empty:
            yield Problem("W678", sheet=table.sheet, cell=column.letter, subject=column.heading)


def _passed_over(
    table: FormTable, stock: Stock, targets: Mapping[int, str], rows: Sequence[Row], *, named: bool
) -> Iterator[Problem]:
    """Yield a problem for what could have been filled and was not: hidden columns, formulas, a second table below."""
    own = {index for index, target in targets.items() if target not in (NUMBER, *stock.keys)}
    reckoned = {index for row in rows for index in own & row.at.formulas}
    what = [f"隐藏的 {column.letter} 栏（{column.heading}）" for column in table.hidden]
    what += [f"{each.letter} 栏（{each.heading}）是上级的公式" for each in table.columns if each.index in reckoned]
    what += [] if named else [f"第 {row + 1} 行起的又一张表" for row in table.again]
    if what:
        yield Problem("W669", sheet=table.sheet, values={"what": "；".join(what)})


def _of_others(table: FormTable, others: Sequence[Problem], rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield a problem that names the rows of a form, within its table, that are already somebody else's."""
    last = max((row.at.number for row in rows), default=-1)
    within = {row.number for row in table.rows if row.framed or row.number < last} - {*table.again}
    told = [f"{each.cell}“{shown(each.found)}”" for each in others if position_of(each.cell)[0] in within]
    if told:
        more = f"等 {len(told)} 行" if len(told) > NAMED else ""
        what = f"{'、'.join(told[:NAMED])}{more}不在上报的表里"
        yield Problem("W669", sheet=table.sheet, values={"what": what})


def _has_something(row: FormRow, column: FormColumn) -> bool:
    return column.index in row.texts or column.index in row.formulas or column.index in row.covered


def _without(
    table: FormTable, stock: Stock, targets: Mapping[int, str], rows: Sequence[Row], found: Filled
) -> Iterator[Problem]:
    """Yield a problem for each column in which some have no figure, or one that is not given away."""
    tinted = set(found.tints)
    lacking: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        for index, target in targets.items():
            cell = stock.cell(row.line, target)
            if (row.at.number, index) in tinted and index not in row.at.texts:
                lacking[target].append(stock.told(row.line))
            elif cell == WITHHELD and index not in row.at.texts:
                lacking[f"{target}（{WITHHELD}）"].append(stock.told(row.line))
    for target, names in lacking.items():
        what = "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")
        values = {"count": str(len(names)), "what": what}
        yield Problem("W679", sheet=table.sheet, subject=target, values=values)
