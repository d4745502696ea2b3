"""Rows that the standard prints once, found by their keys: claims and facts of 自评表, the lines of 测评汇总."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dingji.forms.declare import ABSTAIN, TALLY_MEAN
from dingji.forms.declare import Row as PrintedRow
from dingji.problems import Problem
from dingji.read import cells
from dingji.read.fields import fill
from dingji.read.itself import Itself
from dingji.read.lines import Cell, blank_state, read_cell, typed_columns
from dingji.read.locate import UNTYPED, Located, is_repeated_header
from dingji.read.printed_rows import RowCheck, printed_rows, unread_row
from dingji.read.rows import Reading, Row
from dingji.read.sight import out_of_sight
from dingji.read.void_rows import void_remark

VOTES = "得票"
ASIDE = ("code", "name", "head")
"""Fields that tell of a branch, and not of the row."""


@dataclass(frozen=True)
class Line:
    """One line of a sheet that is a printed row: its number and its cells to be typed in, none where all are blank."""

    row: PrintedRow
    number: int
    cells: Mapping[str, Cell]

    @property
    def typed(self) -> list[str]:
        """Return what was typed in it, but for whose line it is."""
        typed = (cell for cell in self.cells.values() if cell.column.reads not in UNTYPED)
        return [cell.text for cell in typed if not cell.blank and cell.column.field not in ASIDE]


def read_printed(located: Located) -> Reading:
    """Read rows whose keys the standard prints: claims and facts of 自评表, the lines of 测评汇总."""
    reading = Reading()
    check = RowCheck(located, printed_rows(Itself(located.sheet)))
    lines: dict[str, list[Line]] = {}
    for line in _printed_lines(check, reading):
        lines.setdefault(line.row.key, []).append(line)
    read_lines(check, lines, reading)
    reading.problems += [*check.reworded(), *out_of_sight(located, reading.problems)]
    if all(row.part == "votes" and row.state == "blank" for row in reading.rows):
        reading.rows.clear()  # a tally that nobody filled in: the ballots stand on the other sheet
    return reading


def read_lines(check: RowCheck, lines: Mapping[str, Sequence[Line]], reading: Reading) -> None:
    """Read the lines of one branch by row key: of equal ones the first counts, of differing ones none."""
    for alike in lines.values():
        found = [line for line in alike if not check.is_section(line.row, line.number, alike)]
        reading.problems += check.sections(alike, found)
        first, *others = [line for line in found if line.typed] or found[:1]
        other = next((line for line in others if line.typed != first.typed), None)
        if first.cells:
            wrong = check.twice(other.row, other.number) if other else check.problem(first.row, first.number)
            read_line(check.located, first, wrong, reading)
    add_unseen(check.located, lines, reading)


def _printed_lines(check: RowCheck, reading: Reading) -> Iterator[Line]:
    """Yield every printed row that is there, found by its keys; no cells where none is filled and none need be.

    A row of no key in which something was typed is told.
    """
    located = check.located
    typed, grid = typed_columns(located), located.grid
    needed = bool(grid.faults) or has_claims(located)
    for number in check.numbers:
        row = check.row(number)
        if row is None:
            unread = None if is_repeated_header(located, number) else unread_row(located, number)
            reading.problems += [unread] if unread else []
            continue
        filled = needed or any(grid.value(number, place) != "" for _, _, place in typed)
        yield Line(row, number, {name: Cell(located, each, number, place) for name, each, place in typed if filled})


def has_claims(located: Located) -> bool:
    """Say whether a sheet holds claims, which are missing where they are blank."""
    return any(column.field == "value" and column.reads == "mark" for column, _ in located.places)


def read_line(located: Located, line: Line, wrong: Problem | None, reading: Reading) -> None:
    """Read a line; nothing of it is taken where it is another row than its key says, or stands twice."""
    taken = Reading() if wrong else reading
    _read_row(located, line.row, line.cells, taken)
    if line.typed and (noted := void_remark(line.cells)):
        reading.problems.append(noted.problem("W565", more=""))
    if wrong:
        reading.problems.append(wrong)
        reading.rows += [replace(row, value=None, amount=None, option="", state="refused") for row in taken.rows]


def add_unseen(located: Located, seen: Collection[str], reading: Reading) -> None:
    """Count a printed mark whose row was deleted as missing, like a blank one; so with a line of a tally."""
    tally = any(column.field == "votes" for column in located.sheet.columns)
    claims = not located.sheet.optional and any(
        column.field == "value" and column.reads == "mark" for column in located.sheet.columns
    )
    for row in located.sheet.rows if tally or claims else ():
        if row.key not in seen:
            reading.rows.append(_blank_line(row, located) if tally else _blank_mark(row, located))


def _blank_mark(row: PrintedRow, located: Located) -> Row:
    return Row(item=row.item, state="blank", sheet=located.grid.name)


def _blank_line(row: PrintedRow, located: Located) -> Row:
    rule = VOTES if row.unit else TALLY_MEAN
    return Row("votes", item=row.item, group=row.group, rule=rule, state="blank", sheet=located.grid.name)


def _read_row(located: Located, printed: PrintedRow, line: Mapping[str, Cell], reading: Reading) -> None:
    """Read what was typed in a printed row: a claim, a fact, or a line of a tally."""
    votes = [cell for cell in line.values() if cell.column.field == "votes"]
    if votes:
        _read_tally_row(printed, line, votes, reading)
        return
    row = fill(line, reading, printed, ("option", "value", "amount", "reason"))
    row.item, row.rule, row.sheet = printed.item, printed.rule, located.grid.name
    claim = line["value"].column.reads == "mark" if "value" in line else False
    row.part = "mark" if claim else located.sheet.part
    if claim:
        row.cell = line["value"].address
        if line["value"].blank:
            row.state = blank_state(line["value"], reading)
    if claim or row.cell:
        reading.rows.append(row)


def _read_tally_row(printed: PrintedRow, line: Mapping[str, Cell], votes: list[Cell], reading: Reading) -> None:
    sheet = votes[0].located.grid.name
    for cell in votes:
        if cell.blank:
            continue
        outcome = read_cell(cell, reading, f"{printed.item} {cell.column.item}")
        row = Row("votes", item=printed.item, group=printed.group, rule=VOTES, option=cell.column.item, sheet=sheet)
        reading.rows.append(_with_value(row, cell, outcome))
    mean = line.get("value")
    if mean and not mean.blank:
        outcome = read_cell(mean, reading, printed.item, printed=printed)
        row = Row("votes", item=printed.item, group=printed.group, rule=TALLY_MEAN, sheet=sheet)
        reading.rows.append(_with_value(row, mean, outcome))
    wanted = votes if printed.unit else [mean] if mean else []
    if wanted and all(cell.blank for cell in wanted):
        reading.rows.append(replace(_blank_line(printed, wanted[0].located), cell=wanted[0].address))


def untold_options(located: Located, reading: Reading) -> None:
    """Let the questions of a tally wait of which an option is blank, where no head tells how many ballots there are."""
    options = [column.item for column, _ in located.places if column.field == "votes" and column.item != ABSTAIN]
    lines: dict[tuple[str, str], list[Row]] = {}
    for row in reading.rows:
        if row.rule == VOTES and row.option and row.sheet == located.grid.name:
            lines.setdefault((row.item, row.group), []).append(row)
    for (item, _), rows in lines.items():
        blank = [option for option in options if option not in {row.option for row in rows}]
        if not blank:
            continue
        told = {"options": "”“".join(blank)}
        reading.problems.append(Problem("E561", sheet=rows[0].sheet, cell=rows[0].cell, subject=item, values=told))
        for row in rows:
            row.value, row.state = None, "refused"


def _with_value(row: Row, cell: Cell, outcome: cells.Reading | None) -> Row:
    number = outcome.number if outcome else None
    return replace(row, value=number, cell=cell.address, state="typed" if outcome else "refused")
