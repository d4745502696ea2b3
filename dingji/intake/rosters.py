"""党组织名册 as it was read → branches and raters, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from dingji.comparing import normal
from dingji.forms.declare import OWN
from dingji.intake.superseded import superseded_by
from dingji.numbers import MICRO
from dingji.problems import Problem, describe, level_of
from dingji.read.reading import FileReading
from dingji.roster import Directory, branches_within, groups_of
from dingji.tables import BRANCHES, RATERS, table

COUNTS = ("full_members", "probationary_members")


def read_roster(
    readings: Sequence[FileReading], *, awaited: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """Return branches (in the order of 排序号), raters, and what is wrong with the roster.

    `awaited`: whether the standards have raters, so that a roster that names none leaves something unchecked.
    """
    replaced = superseded_by(readings)
    found = [reading for reading in readings if reading.kind == "roster" and reading.path not in replaced]
    problems = [_of_state(problem) for reading in found for problem in reading.problems]
    rosters = _distinct([reading for reading in found if reading.taken and _says_anything(reading)], problems)
    if len(rosters) != 1:
        unread = [reading for reading in readings if not reading.kind and reading.problems]
        problems.append(Problem("E309", values={"what": _no_roster(rosters, found, unread)}))
        return table(BRANCHES, []), table(RATERS, []), problems
    rows, people = (rosters[0].roster.get(sheet, []) for sheet in ("名册", "评委"))
    known = [name for name in COUNTS if any(row.get(name, "") != "" or row.get(f"{name}?") for row in rows)]
    ordered = sorted(enumerate(rows), key=lambda pair: (_order(pair[1]), pair[0]))
    problems = [_with_unit(problem, rows) for problem in problems]
    branches = table(BRANCHES, [_branch(row, known) for _, row in ordered if row["code"]])
    raters = table(RATERS, [_rater(row) for row in people if row["rater"]])
    if not len(raters) and awaited:
        problems.append(Problem("W323", rosters[0].path))
    problems += [*_faults(rosters[0].path, rows), *_rater_faults(rosters[0].path, people, branches)]
    return branches, raters, problems


def _of_state(problem: Problem) -> Problem:
    """Say of a 状态 that is none of the choices what is done meanwhile."""
    return replace(problem, code="E318") if (problem.code, problem.subject) == ("E205", "状态") else problem


def _with_unit(problem: Problem, rows: Sequence[Mapping[str, Any]]) -> Problem:
    """Name the branch in whose row of 名册 a problem stands."""
    places = ((row["code"], row["sheet"], value) for row in rows for name, value in row.items() if name.endswith("@"))
    units = (code for code, *place in places if place == [problem.sheet, problem.cell])
    return replace(problem, unit=next(units, "")) if problem.cell else problem


def _distinct(rosters: Sequence[FileReading], problems: list[Problem]) -> list[FileReading]:
    """Return rosters that differ in what they say; a copy counts once."""
    if len(rosters) <= 1:
        return list(rosters)
    first: dict[str, FileReading] = {}
    for reading in rosters:
        known = first.setdefault(str(_content(reading)), reading)
        if known is not reading:
            problems.append(Problem("N304", reading.path, values={"other": known.path}))
    return list(first.values())


def _says_anything(reading: FileReading) -> bool:
    """Say whether it is a roster that may count: 汇总录入 may leave it to a workbook of its own."""
    return not reading.many or any(reading.roster.values())


def _content(reading: FileReading) -> dict[str, list[dict[str, Any]]]:
    """Return what a roster says, wherever it says it: values by field, without blanks and addresses."""
    return {
        sheet: [{name: row[name] for name in sorted(row) if row[name] != "" and not _is_place(name)} for row in rows]
        for sheet, rows in reading.roster.items()
        if rows
    }


def _is_place(name: str) -> bool:
    return name in ("sheet", "cell") or name.endswith("@")


def _no_roster(rosters: Sequence[FileReading], found: Sequence[FileReading], unread: Sequence[FileReading]) -> str:
    """Say why there is no one roster: there are several, or one that could not be read, or may be among the unread."""
    if rosters:
        names = "、".join(reading.path for reading in rosters)
        return f"有 {len(rosters)} 份内容不同的名册（{names}），只能有一份"
    why = [describe(problem).text for reading in found for problem in reading.problems if level_of(problem) == "refuse"]
    if why:
        return f"名册没有读成：{why[0]}"
    named = [reading for reading in unread if NAMED in normal(PurePosixPath(reading.path).name)] or list(unread)
    told = "；".join(_why_unread(reading) for reading in named[:MOST_TOLD])
    return f"没有读到党组织名册，可能是没有读成的这{'几' if len(named) > 1 else '一'}个文件：{told}" if told else ABSENT


NAMED, MOST_TOLD = "名册", 3
ABSENT = (
    "input 中没有党组织名册；请填好 templates/forms 中的 党组织名册.xlsx，放进 input"
    "（没有空白表的，用 python process.py forms --blank 生成）"
)


def _why_unread(reading: FileReading) -> str:
    line = describe(reading.problems[0])
    return f"{reading.path}（{line.code} {line.words}）"


def _order(row: Mapping[str, Any]) -> float:
    order = row.get("order", "")
    return order if isinstance(order, int) else float("inf")


def _branch(row: Mapping[str, Any], kept: Sequence[str]) -> dict[str, Any]:
    """Return a branch; its members are not known where one of the counts that the roster keeps is not."""
    known = {name: row.get(name, "") for name in BRANCHES if name in row}
    counts = {name: _count(row.get(name, "")) for name in COUNTS}
    summed = [count for name in kept if (count := counts[name]) is not None]
    members = sum(summed) if kept and len(summed) == len(kept) else None
    own = {name.removeprefix(OWN): _own(value) for name, value in row.items() if _is_own(name)}
    return {**known, **counts, "own": own, "unit": row["code"], "members": members}


def _is_own(name: str) -> bool:
    return name.startswith(OWN) and not name.endswith(("@", "?"))


def _own(value: object) -> str | Fraction | None:
    return Fraction(value, MICRO) if isinstance(value, int) else str(value) or None


def _count(value: object) -> int | None:
    return value // MICRO if isinstance(value, int) else None


def _rater(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row.get(name, "") for name in RATERS}


def _faults(file: str, rows: Iterable[Mapping[str, Any]]) -> list[Problem]:
    problems, seen = [], set()
    for row in rows:
        code = normal(row["code"])
        if not code or code in seen:
            what = f"党组织编码 {row['code']} 出现两次" if code else "这一行没有党组织编码"
            problems.append(_fault(file, row, "code", "党组织编码", what))
        elif not row["name"]:
            problems.append(_fault(file, row, "name", "党组织名称", "这一行没有党组织名称"))
        seen.add(code)
    return problems


def _rater_faults(file: str, rows: Iterable[Mapping[str, Any]], branches: pd.DataFrame) -> Iterator[Problem]:
    """Yield what is wrong with the raters: without a number, listed twice, or for branches that nobody knows."""
    directory, groups, seen = Directory.of(branches), groups_of(branches), set()
    for row in rows:
        number = normal(row["rater"])
        if not number or number in seen:
            what = f"评委编号 {row['rater']} 出现两次" if number else "这一行没有评委编号"
            yield _fault(file, row, "rater", "评委编号", what)
        seen.add(number)
        for field, label in (("units", "评定范围"), ("avoids", "回避党组织")):
            for word in branches_within(row.get(field, ""), groups, directory)[1]:
                what = f"{label}中的“{word}”在名册中没有，或者不止一个{directory.suggest(word)}"
                yield _fault(file, row, field, label, what)


def _fault(file: str, row: Mapping[str, Any], field: str, label: str, what: str) -> Problem:
    cell = row.get(f"{field}@") or row["cell"]
    return Problem("E309", file, row["sheet"], cell, subject=label, found=row.get(field, ""), values={"what": what})
