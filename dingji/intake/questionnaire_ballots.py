"""Ballots from an online questionnaire: whose they are, and the counts that a typed form would state in its head."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import pandas as pd

from dingji.comparing import normal
from dingji.forms.questionnaire_form import BRANCH, UNUSED
from dingji.intake.questionnaire_mapping import Line, Typed, typed_lines
from dingji.numbers import MICRO
from dingji.problems import Problem
from dingji.read.questionnaire import WHOLE_FILE, Questionnaire
from dingji.read.reading import FileReading
from dingji.read.rows import Columns
from dingji.roster import Directory
from dingji.scheme.model import Scheme
from dingji.tables import ENTRIES, stacked, table

RETURNED, DUE = "收回", "应参加"
_CODED = re.compile(r"\d{1,3}")
"""A branch exported as the number of its option: no code of the roster, however alike."""


def resolve(text: str, directory: Directory) -> str:
    """Return the branch that a text stands for beyond doubt: its code, its name, or both; "" else."""
    if (unit := directory.by_code.get(normal(text))) is not None:
        return unit
    named = directory.by_name.get(normal(text), frozenset())
    if len(named) == 1:
        return next(iter(named))
    code, _, name = text.partition(" ")
    unit = directory.by_code.get(normal(code), "")
    return unit if unit and unit in directory.by_name.get(normal(name), frozenset()) else ""


def is_known(text: str, directory: Directory) -> bool:
    """Say whether a branch as a questionnaire writes it can be taken without asking."""
    return not _CODED.fullmatch(normal(text)) and bool(resolve(text, directory))


def settle_branches(readings: Sequence[FileReading], directory: Directory) -> tuple[list[FileReading], list[Problem]]:
    """Say whose every ballot of an export is; ballots of branches not known are left out and counted."""
    typed = typed_lines(readings)[0]
    problems: list[Problem] = []
    settled = [
        _settle(reading, typed, directory, problems) if reading.questionnaire else reading for reading in readings
    ]
    return settled, problems


def _settle(reading: FileReading, typed: Typed, directory: Directory, problems: list[Problem]) -> FileReading:
    export = reading.questionnaire
    if export is None:
        return reading
    column = export.of(BRANCH)
    written = [text for text, _ in column.answers] if column else [WHOLE_FILE]
    units = {text: _unit(typed.branch(export.number, reading.path, text), text, directory) for text in written}
    known = tuple(dict.fromkeys(unit for unit in units.values() if unit and unit != UNUSED))
    if not reading.taken:
        return replace(reading, awaited=known)
    if column is None:
        if not known:
            problems.append(Problem("E135", reading.path, export.sheet, subject=f"问卷 {export.number}"))
            return replace(reading, columns=Columns())
        return replace(reading, code=known[0])
    return _row_by_row(reading, export, units, directory, problems)


def _unit(line: Line | None, text: str, directory: Directory) -> str:
    """Return the branch confirmed for a writing, 不用, the branch that it names beyond doubt, or ""."""
    if line and line.confirmed and line.said:
        return UNUSED if line.said == UNUSED else resolve(line.said, directory)
    return resolve(text, directory) if is_known(text, directory) else ""


def _row_by_row(
    reading: FileReading,
    export: Questionnaire,
    units: Mapping[str, str],
    directory: Directory,
    problems: list[Problem],
) -> FileReading:
    names = [" ".join(name.split()) for name in reading.columns["name"]]
    ballots = Counter(name for name, _ in dict.fromkeys(zip(names, reading.columns["rater"], strict=True)))
    problems += _unknown(
        reading, export, {name: count for name, count in ballots.items() if not units.get(name)}, directory
    )
    codes = [units.get(name, "") for name in names]
    keep = [place for place, code in enumerate(codes) if code and code != UNUSED]
    if not keep:
        return replace(reading, columns=Columns())
    columns = reading.columns.taken(keep)
    columns.put("code", [codes[place] for place in keep])
    columns.put("name", [""] * len(keep))
    return replace(reading, columns=columns)


def _unknown(
    reading: FileReading, export: Questionnaire, ballots: Mapping[str, int], directory: Directory
) -> Iterator[Problem]:
    column = export.of(BRANCH)
    if column is None:
        return
    for name, count in ballots.items():
        what = (
            "没有填写" if not name else "是代码，不知道指哪一个" if _CODED.fullmatch(normal(name)) else "在名册中没有"
        )
        suggestion = directory.suggest(name) if what.startswith("在") else ""
        values = {"count": str(count), "what": what, "suggestion": suggestion}
        cell = export.place(column.letter)
        yield Problem("E136", reading.path, export.sheet, cell, subject=column.heading, found=name, values=values)


def head_counts(
    entries: pd.DataFrame, readings: Sequence[FileReading], schemes: Mapping[str, Scheme], branches: pd.DataFrame
) -> tuple[pd.DataFrame, list[Problem]]:
    """Add what the head of a typed form says: 收回 is the number of answers; 应参加 the members, where it is needed.

    An online round hands no ballots out, so 发出 and 实到 stay unknown.
    """
    online = {reading.path: reading for reading in readings if reading.questionnaire}
    members = dict(zip(branches["unit"], branches["members"], strict=True))
    ballots = entries[entries["file"].isin(online) & (entries["part"] == "mark")]
    rows: list[dict[str, Any]] = []
    grouped = ballots.groupby(["file", "unit", "source", "round"], sort=False)
    for (file, unit, source, round_), answered in cast("Iterable[tuple[tuple[str, ...], pd.DataFrame]]", grouped):
        head = {"unit": unit, "round": round_, "form": "survey", "part": "head", "source": source, "file": file}
        counts = {RETURNED: int(answered["rater"].nunique())}
        if _needs_due(schemes[online[file].scheme], source) and members.get(unit) is not None:
            counts[DUE] = members[unit]
        rows += [{**head, "state": "typed", "rule": rule, "value": count * MICRO} for rule, count in counts.items()]
    if not rows:
        return entries, []
    return stacked([entries, table(ENTRIES, rows)]).reset_index(drop=True), _notes(rows)


def _notes(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Return what the heads of online rounds were taken from, once a file; a branch counts once for all sources."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        code = "N138" if row["rule"] == RETURNED else "N139"
        counts.setdefault((code, row["file"]), {})[row["unit"]] = row["value"] // MICRO
    return [Problem(code, file, values={"count": str(sum(own.values()))}) for (code, file), own in counts.items()]


def _needs_due(scheme: Scheme, name: str) -> bool:
    source = next(source for source in scheme.sources if source.name == name)
    return source.min_turnout is not None or source.out_of == "due"
