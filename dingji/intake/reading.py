"""One file → what it says: the whole of what the reading process does with a workbook."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dingji.forms.declare import Form
from dingji.intake.cells import read_choice, read_count, read_date
from dingji.intake.grid import Grid, text_of
from dingji.intake.locate import HeadValue, Located, locate_sheet, missing_columns
from dingji.intake.open import open_workbook
from dingji.intake.recognise import Plan, Recognised, recognise
from dingji.intake.rows import Reading, Row, columns_of
from dingji.intake.sheets import SHAPES, read_roster
from dingji.problems import Problem, level_of


@dataclass
class FileReading:
    """What one file says. `columns` are entry rows by field, before identities are settled.

    `code`, `name`, `rater` are the head's (or the stamp's); `roster` holds the sheets of a roster, row by row.
    """

    path: str
    sha256: str
    kind: str = ""
    title: str = ""
    scheme: str = ""
    source: str = ""
    code: str = ""
    name: str = ""
    rater: str = ""
    head: dict[str, str] = field(default_factory=dict)
    head_cells: dict[str, str] = field(default_factory=dict)
    columns: dict[str, list[Any]] = field(default_factory=dict)
    roster: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def taken(self) -> bool:
        """Say whether the file was recognised and read."""
        return bool(self.columns)


def read_file(path: Path, shown: str, plan: Plan) -> FileReading:
    """Read one file; whatever is wrong with it is a problem in the outcome. `shown` is its path for people."""
    raw = path.read_bytes()
    outcome = FileReading(shown, hashlib.sha256(raw).hexdigest())
    grids, problems = open_workbook(raw)
    if grids:
        problems = problems + _read_grids(grids, plan, outcome)
    outcome.problems = [replace(problem, file=shown) for problem in problems]
    return outcome


def _read_grids(grids: Sequence[Grid], plan: Plan, outcome: FileReading) -> list[Problem]:
    recognised, problems = recognise(grids, plan)
    if recognised is None:
        return problems or [Problem("W109")]
    form = recognised.form
    outcome.kind, outcome.title, outcome.scheme, outcome.source = (
        form.kind,
        form.title,
        form.scheme,
        form.source,
    )
    if any(problem.code == "E112" for problem in problems):
        return problems
    _set_owner(recognised, outcome)
    located = [found for sheet in form.sheets if (found := locate_sheet(sheet, grids))]
    lacking = [problem for found in located for problem in missing_columns(found)]
    if lacking:
        return problems + lacking
    reading = _read_head_values(form, recognised.head)
    for found in located:
        reading.add(_read_sheet(form, found, outcome))
    outcome.columns = columns_of(reading.rows)
    return problems + reading.problems


def _read_sheet(form: Form, found: Located, outcome: FileReading) -> Reading:
    if form.kind == "roster":
        reading = read_roster(found)
        outcome.roster[found.sheet.name] = [row.extra | {"sheet": row.sheet, "cell": row.cell} for row in reading.rows]
        return Reading(problems=reading.problems)
    return SHAPES[found.sheet.shape](found)


def _set_owner(recognised: Recognised, outcome: FileReading) -> None:
    """Whose form it is: as the head says, else as the stamp does."""
    head = {label: text_of(value.value) for label, value in recognised.head.items()}
    who = recognised.stamp.who if recognised.stamp else ""
    outcome.head = head
    outcome.head_cells = {label: f"{value.sheet} {value.cell}" for label, value in recognised.head.items()}
    if recognised.form.owner == "unit":
        outcome.code, outcome.name = head.get("党组织编码", "") or who, head.get("党组织名称", "")
    elif recognised.form.owner == "rater":
        outcome.rater = who or head.get("评委", "")


_HEAD_READERS = {
    "count": lambda value, _: read_count(value),
    "choice": read_choice,
    "date": lambda value, _: read_date(value),
}


def _read_head_values(form: Form, head: Mapping[str, HeadValue]) -> Reading:
    """Turn the counts, choices and dates of the head into entries named by their labels."""
    reading = Reading()
    for cell in form.head:
        value = head.get(cell.label)
        if value is None or cell.reads not in _HEAD_READERS:
            continue
        result = _HEAD_READERS[cell.reads](value.value, cell.choices)  # type: ignore[no-untyped-call]
        if result.problem:
            found = text_of(value.value)
            reading.problems.append(
                Problem(result.problem, "", value.sheet, value.cell, cell.label, found, values=result.values)
            )
        elif cell.reads != "date":
            row = Row(
                "head",
                rule=cell.label,
                option=result.text,
                value=result.number,
                sheet=value.sheet,
                cell=value.cell,
            )
            reading.rows.append(row)
    return reading


def refused(reading: FileReading) -> bool:
    """Say whether a file was refused as a whole."""
    return not reading.taken and any(level_of(problem) == "refuse" for problem in reading.problems)
