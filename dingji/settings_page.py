"""The page 设置 of 汇总录入: what it says otherwise than config.toml, by the headings that 设置.xlsx has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from dingji.comparing import normal
from dingji.forms.declare import SETTINGS
from dingji.problems import Problem
from dingji.read.reading import FileReading
from dingji.reference.kinds import keys, tables
from dingji.scheme.told import Section
from dingji.settings import Settings

Path = tuple[str, str]


@dataclass(frozen=True)
class Told:
    """A row that says something else than the settings do: the key's path, its new value and what holds now."""

    path: Path
    heading: str
    value: str | int
    now: str
    found: str
    sheet: str
    cell: str


def told_otherwise(reading: FileReading, settings: Settings) -> tuple[list[Told], list[Problem]]:
    """Return what a book's page 设置 says otherwise than the settings, and what on it cannot be taken.

    A blank row says nothing.
    """
    found: list[Told] = []
    problems: list[Problem] = []
    rows = list(_rows(reading))
    known = _paths() if rows else {}
    for row in rows:
        told = str(row["told"]).strip()
        path, whole = known.get((normal(str(row["part"])), normal(str(row["item"]))), (None, False))
        if path is None or (whole and not told.isdecimal()):
            words = "应是整数" if path else "没有这一项设置"
            place = (reading.path, row["sheet"], row["told@"])
            problems.append(Problem("W662", *place, subject=str(row["item"]), found=told, values={"why": words}))
            continue
        section: Section = getattr(settings, path[0])
        given = {**section.model_dump(by_alias=True), path[1]: int(told) if whole else told}
        now, value = (getattr(one, path[1]) for one in (section, section.model_validate(given)))
        if value != now:
            found.append(Told(path, str(row["item"]), value, str(now), told, row["sheet"], row["told@"]))
    return found, problems


def page_problems(readings: Sequence[FileReading], settings: Settings) -> Iterator[Problem]:
    """Yield what pages of books that lie in the input say otherwise: config.toml holds, and that is said."""
    for reading in readings:
        found, problems = told_otherwise(reading, settings)
        yield from problems
        for one in found:
            values = {"now": one.now or "空着"}
            place = (reading.path, one.sheet, one.cell)
            yield Problem("W661", *place, subject=one.heading, found=one.found, values=values)


def _rows(reading: FileReading) -> Iterator[Mapping[str, Any]]:
    return (row for part in reading.parts if part.kind == SETTINGS for rows in part.roster.values() for row in rows)


@cache
def _paths() -> dict[tuple[str, str], tuple[Path, bool]]:
    """Return by part and item where a setting stands, and whether it is a whole number; those that stand once."""
    return {
        (normal(str(place.model.words.title)), normal(key.words.heading)): (
            (place.key, key.name),
            key.field.annotation is int,
        )
        for place in tables(Settings)
        if place.inside is not None and not place.several
        for key in keys(place.model)
    }
