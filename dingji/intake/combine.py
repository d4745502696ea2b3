"""Readings of all files → one table of entries with every branch and rater settled, duplicates put aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from dingji.comparing import most_like, normal
from dingji.forms.declare import PEER
from dingji.intake.duplicates import OWN_FORMS, OWNERLESS_FORMS, FormKey, Settled, leave_out_twice_named, put_aside
from dingji.problems import Problem
from dingji.read.grid import position_of
from dingji.read.reading import FileReading
from dingji.read.rows import Columns, beside
from dingji.roster import Directory, Duty
from dingji.scheme.names import RATED
from dingji.tables import CATEGORY, ENTRIES, categories, micro_column


@dataclass
class Combined:
    """Entries of all files taken, problems, and by file the owner (unit or rater) that was settled."""

    entries: pd.DataFrame
    problems: list[Problem] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    duplicates: dict[str, str] = field(default_factory=dict)
    """Files not counted, with the code of the reason (N304, E305)."""
    twice: dict[FormKey, tuple[str, ...]] = field(default_factory=dict)
    """Forms that came in two files and differ, neither of which counts, where a book of many is one of these."""
    nobodys: frozenset[str] = frozenset()
    """Files with rows of which could not be told whose they are: whom else they are about is not certain either."""


NOBODYS = frozenset({"E301", "E302", "E303", "E307", "E229"})
"""Problems for which a row is left out, since its branch or rater cannot be told."""


def combine(readings: Sequence[FileReading], directory: Directory, raters: Mapping[str, Duty]) -> Combined:
    """Settle whose every row is, put duplicates aside, and join the rest into the entries table."""
    problems: list[Problem] = []
    owners = {reading.path: _owner(reading, directory, raters, problems) for reading in readings if reading.kind}
    duplicates = put_aside(readings, owners, problems)
    taken = [
        reading for reading in readings if reading.taken and reading.path not in duplicates and reading.kind != "roster"
    ]
    taken = [reading for reading in taken if owners[reading.path] or not _has_owner(reading)]
    forms = [_settled(reading, owners[reading.path], directory, raters, problems) for reading in taken]
    twice = leave_out_twice_named(forms, problems)
    told = [*problems, *(problem for form in forms for problem in form.reading.problems)]
    nobodys = {problem.file for problem in told if problem.code in NOBODYS} | {
        file for each in twice.values() for file in each
    }
    return Combined(_table(forms), problems, owners, duplicates, twice, frozenset(nobodys))


def _table(forms: Sequence[Settled]) -> pd.DataFrame:
    """Return the entries of all forms; what all rows of a form, or several forms, say alike is looked at once."""
    parts = [columns for form in forms if (columns := _entries_of(form)).size]
    sizes = np.array([part.size for part in parts], dtype=np.intp)
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    entries: dict[str, Any] = {}
    for name, kind in ENTRIES.items():
        values, starts = _told(parts, name)
        places = np.repeat(np.array(starts, dtype=np.intp), sizes)
        if not all(name in part.fixed for part in parts):
            places += np.where(np.repeat([name in part.varied for part in parts], sizes), within, 0)
        entries[name] = categories(name, values, places) if kind == CATEGORY else micro_column(values)[places]
    return pd.DataFrame(entries)


def _told(parts: Sequence[Columns], name: str) -> tuple[list[Any], list[int]]:
    """Return what a column says, a list that parts share once, and where what each part says begins there."""
    values: list[Any] = []
    known: dict[int, int] = {}
    starts: list[int] = []
    for part in parts:
        own = part.varied.get(name)
        starts.append(len(values) if own is None else known.setdefault(id(own), len(values)))
        if starts[-1] == len(values):
            values += [part.fixed[name]] if own is None else own
    return values, starts


def _entries_of(form: Settled) -> Columns:
    """Return a form's rows as entries; those whose branch or rater could not be told are left out."""
    reading, units, people = form.reading, form.units, form.raters
    columns = Columns(len(units), dict(reading.columns.fixed), dict(reading.columns.varied))
    if None in units or None in people:
        keep = [row for row, (unit, rater) in enumerate(zip(units, people, strict=True)) if None not in (unit, rater)]
        columns = columns.taken(keep)
        units, people = [units[row] for row in keep], [people[row] for row in keep]
    if not columns.size:
        return columns
    # A result keeps the year of its round, by which 上期 is told from 上年; all else is of this year.
    round_name = reading.round if reading.kind == "result" else reading.round.rpartition(" ")[2]
    columns.fixed |= {"round": round_name, "form": reading.kind, "file": reading.path}
    columns.put("unit", units)
    columns.put("rater", people)
    if "source" not in columns.fixed:
        columns.put("source", [source or reading.source for source in columns["source"]])
    elif not columns.fixed["source"]:
        columns.fixed["source"] = reading.source
    return columns


def _settled(
    reading: FileReading, owner: str, directory: Directory, raters: Mapping[str, Duty], problems: list[Problem]
) -> Settled:
    """Settle whose every row of a reading is."""
    units = _row_units(reading, owner, directory, problems)
    people = _row_raters(reading, owner, (directory, raters), problems)
    if reading.kind in RATED and not owner:
        people = _who_said_something(reading, people)
    form = Settled(reading, units, people)
    if reading.kind == "decision":
        return _with_the_meeting(form)
    return _with_heads_of_each(form) if reading.kind == "survey" and not owner else form


def _who_said_something(reading: FileReading, raters: Sequence[str | None]) -> list[str | None]:
    """Leave out a rater whose rows in a book of many are all blank: that is no form handed in."""
    told = {rater for rater, state in zip(raters, reading.columns["state"], strict=True) if state != "blank"}
    return [rater if rater in told else None for rater in raters]


def _with_heads_of_each(form: Settled) -> Settled:
    """Let the head of a book of many branches tell its session and entry of each; its counts are of none of them."""
    columns, units = form.reading.columns, list(form.units)
    named = list(dict.fromkeys(unit for unit in units if unit))
    heads = [row for row, part in enumerate(columns["part"]) if part == "head" and not units[row]]
    if len(named) == 1:
        return replace(form, units=[unit if row not in heads else named[0] for row, unit in enumerate(units)])
    told = [row for row in heads if columns["option"][row]]
    kept = [row for row in range(len(units)) if row not in heads]
    rows = [*kept, *(row for row in told for _ in named)]
    reading = replace(form.reading, columns=columns.taken(rows))
    return Settled(reading, [*(units[row] for row in kept), *(named * len(told))], [form.raters[row] for row in rows])


def _with_the_meeting(form: Settled) -> Settled:
    """Let the head of 审定表 tell of every branch decided on below it in which meeting that was."""
    columns = form.reading.columns
    parts, options = columns["part"], columns["option"]
    decided = [
        unit for unit, part, option in zip(form.units, parts, options, strict=True) if part == "record" and option
    ]
    named = list(dict.fromkeys(unit for unit in decided if unit))
    heads = [row for row, part in enumerate(parts) if part == "head"]
    below = [row for row, part in enumerate(parts) if part != "head"]
    rows = [*(row for row in heads for _ in named), *below]
    units = [*(named * len(heads)), *(form.units[row] for row in below)]
    return Settled(replace(form.reading, columns=columns.taken(rows)), units, [form.raters[row] for row in rows])


def _has_owner(reading: FileReading) -> bool:
    """Say whether a form is one branch's or one rater's; books of many branches or raters name them row by row."""
    if reading.kind in OWNERLESS_FORMS or reading.many:
        return False
    rows_say = reading.columns.get("rater" if reading.kind == "committee" else "code", [])
    names_say = reading.columns.get("name", []) if reading.kind in OWN_FORMS else []
    return not (reading.kind == "committee" and any(rows_say)) and not (
        reading.kind in OWN_FORMS and (any(rows_say) or any(names_say))
    )


def _owner(reading: FileReading, directory: Directory, raters: Mapping[str, Duty], problems: list[Problem]) -> str:
    """Return the branch or rater whose form this is; "" with a problem where that cannot be told."""
    if not reading.taken:
        return likely_owner(reading, directory, raters)
    if not _has_owner(reading) or reading.kind == "roster":
        return ""
    if reading.kind == "committee":
        return _rater_of(reading, raters, problems)
    if not reading.code and not reading.name:
        problems.append(Problem("E313", reading.path))
        return ""
    unit, problem = directory.find(reading.code, reading.name)
    if problem:
        problems.append(_at_head(problem, reading))
    return unit


def likely_owner(reading: FileReading, directory: Directory, raters: Mapping[str, Duty]) -> str:
    """Return whose a form is by its stamp or head, as far as that can be told; no problem where it cannot."""
    if reading.kind == "committee":
        return find_rater(reading.rater, raters) if reading.rater else ""
    return directory.find(reading.code, reading.name)[0] if reading.code or reading.name else ""


def _at_head(problem: Problem, reading: FileReading) -> Problem:
    label = problem.subject if problem.subject in reading.head else "党组织名称"
    sheet, _, cell = reading.head_cells.get(label, "").rpartition(" ")
    found = reading.head.get(label, "") or problem.found
    return replace(problem, file=reading.path, sheet=sheet, cell=cell, found=found)


def find_rater(text: str, raters: Mapping[str, Duty]) -> str:
    """Return the rater that a number or an unambiguous name stands for; as typed where the roster lists none."""
    if not raters:
        return text.strip()
    numbers = {normal(number): number for number in raters}
    named = [duty.rater for duty in raters.values() if normal(duty.name) == normal(text)]
    return numbers.get(normal(text)) or (named[0] if len(named) == 1 else "")


def _rater_of(reading: FileReading, raters: Mapping[str, Duty], problems: list[Problem]) -> str:
    if not reading.rater:
        problems.append(Problem("E314", reading.path))
        return ""
    rater = find_rater(reading.rater, raters)
    sheet, _, cell = reading.head_cells.get("评委", "").rpartition(" ")
    typed = reading.head.get("评委", "")
    if not rater:
        values = {"suggestion": suggest_rater(typed or reading.rater, raters)}
        problems.append(
            Problem("E307", reading.path, sheet, cell, subject="评委", found=typed or reading.rater, values=values)
        )
    elif raters and not raters[rater].active:
        problems.append(_retired(reading.path, raters[rater]))
        return ""
    elif raters and typed and not _is_called(raters[rater], typed):
        other = f"{rater} {raters[rater].name}".strip()
        values = {"other": other, "expected": typed}
        problems.append(Problem("E113", reading.path, sheet, cell, subject="评委", found=typed, values=values))
        return ""
    return rater


def _retired(file: str, duty: Duty) -> Problem:
    who = f"{duty.name}（{duty.rater}）" if duty.name else f"评委 {duty.rater} "
    return Problem("W319", file, values={"rater": who, "status": duty.state})


def _is_called(duty: Duty, typed: str) -> bool:
    """Say whether a head's 评委 is this rater's number or name, with whatever else stands beside it."""
    return any(name and normal(name) in normal(typed) for name in (duty.rater, duty.name))


def suggest_rater(text: str, raters: Mapping[str, Duty]) -> str:
    """Return `；是不是 …` with the nearest rater of the roster, or ""."""
    called = {name: duty for duty in raters.values() for name in (duty.name, duty.rater) if name}
    near = most_like(text, called)
    return f"；是不是 {called[near].rater} {called[near].name}" if near else ""


def _row_units(reading: FileReading, owner: str, directory: Directory, problems: list[Problem]) -> list[str | None]:
    """Return the branch of every row: its own cells', else the head's; None where it cannot be told."""
    nobody = owner if reading.kind in OWN_FORMS else None
    if nobody is not None and not reading.columns.fixed.get("code", "?") and not reading.columns.fixed.get("name", "?"):
        return [nobody] * reading.columns.size
    pairs = list(zip(reading.columns["code"], reading.columns["name"], strict=True))
    found = {pair: directory.find(*pair) for pair in dict.fromkeys(pairs) if any(pair)}
    if len(found) == len(set(pairs)) and not any(problem for _, problem in found.values()):
        return [found[pair][0] for pair in pairs]
    settled: dict[tuple[str, str], str | None] = {("", ""): nobody}
    units: list[str | None] = []
    columns = ("code", "name", "sheet", "who_cell", "part", "cell")
    for code, name, sheet, cell, part, typed in zip(*(reading.columns[column] for column in columns), strict=True):
        if not code and not name and nobody is None and part not in ("head", "also"):
            first = beside(typed.split(" ")[0], "code", reading.letters.get(sheet, {}))
            problems.append(
                Problem("E229", reading.path, sheet, first, subject="党组织编码", values={"what": "党组织编码"})
            )
        elif (code, name) not in settled:
            unit, problem = directory.find(code, name)
            if problem:
                subject = "党组织编码" if code else "党组织名称"
                place = {
                    "file": reading.path,
                    "sheet": sheet,
                    "cell": cell,
                    "subject": subject,
                    "found": code or name,
                }
                problems.append(replace(problem, **place))
            settled[code, name] = unit or None
        units.append(settled[code, name])
    return units


def _row_raters(
    reading: FileReading, owner: str, known: tuple[Directory, Mapping[str, Duty]], problems: list[Problem]
) -> list[str | None]:
    """Return who gave every row's marks: the form's owner, else whom the row names; None where that cannot be told."""
    directory, raters = known
    typed = reading.columns["rater"]
    if reading.kind == "peer":
        return [owner] * len(typed) if owner else _row_peers(reading, directory, problems)
    if reading.kind != "committee":
        return typed
    owner = owner or (find_rater(reading.rater, raters) if reading.rater else "")
    if owner and not any(typed):
        return [owner] * len(typed)
    settled: dict[str, str | None] = {"": owner or None}
    nameless: set[tuple[str, int]] = set()
    columns = (reading.columns[name] for name in ("sheet", "rater_cell", "cell"))
    for rater, sheet, rater_cell, cell in zip(typed, *columns, strict=True):
        own = beside(cell.split(" ")[0], "rater", reading.letters.get(sheet, {}))
        place = (reading.path, sheet, rater_cell or own)
        if rater and rater not in settled:
            found = find_rater(rater, raters)
            settled[rater] = found or None
            if found in raters and not raters[found].active:
                settled[rater] = None
                problems.append(replace(_retired(reading.path, raters[found]), sheet=sheet, cell=place[2]))
            elif settled[rater] is None:
                values = {"suggestion": suggest_rater(rater, raters)}
                problems.append(Problem("E307", *place, subject="评委编号", found=rater, values=values))
        elif not rater and not owner and (sheet, position_of(place[2])[0]) not in nameless:
            nameless.add((sheet, position_of(place[2])[0]))
            problems.append(Problem("E229", *place, subject="评委编号", values={"what": "评委编号"}))
    return [settled[rater] for rater in typed]


def _row_peers(reading: FileReading, directory: Directory, problems: list[Problem]) -> list[str | None]:
    """Return the branch that gave every row's marks, in a book in which many mark each other."""
    settled: dict[str, str | None] = {}
    nameless: set[tuple[str, int]] = set()
    names = ("rater", "sheet", "rater_cell", "cell")
    for rater, sheet, rater_cell, cell in zip(*(reading.columns[name] for name in names), strict=True):
        place = (reading.path, sheet, rater_cell or beside(cell.split(" ")[0], "rater", reading.letters.get(sheet, {})))
        if rater and rater not in settled:
            found, problem = directory.find(rater, "")
            found, problem = (found, problem) if found else directory.find("", rater)
            settled[rater] = found or None
            if problem:
                at = {"file": place[0], "sheet": sheet, "cell": place[2], "subject": PEER, "found": rater}
                problems.append(replace(problem, **at))
        elif not rater and (sheet, position_of(place[2])[0]) not in nameless:
            nameless.add((sheet, position_of(place[2])[0]))
            problems.append(Problem("E229", *place, subject=PEER, values={"what": PEER}))
    return [settled.get(rater) for rater in reading.columns["rater"]]
