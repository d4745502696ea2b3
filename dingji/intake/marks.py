"""Which marks were expected, and which of the blank ones are missing, excused or to be computed from rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from dingji.branch_facts import Applies
from dingji.problems import BETWEEN, Problem, problem_at
from dingji.read.grid import position_of
from dingji.roster import Directory, Duty, called_in_papers
from dingji.scheme.marking import Thing, typed_things
from dingji.scheme.model import Scheme, Source
from dingji.tables import records


@dataclass(frozen=True)
class Marking:
    """What is needed to judge the marks of one source."""

    scheme: Scheme
    source: Source
    things: tuple[Thing, ...]
    applies: Applies

    @classmethod
    def of(cls, scheme: Scheme, source: Source, applies: Applies) -> Marking:
        """Gather what a source's raters type."""
        return cls(scheme, source, tuple(typed_things(scheme, source)), applies)

    def asks(self, unit: str, key: str) -> bool:
        """Say whether a thing or question is put to this branch at all."""
        return next((self.applies(thing.only_for, unit) for thing in self.things if thing.key == key), True)

    def expected(self, unit: str, duty: Duty | None) -> dict[str, Thing]:
        """Return the things that a rater is expected to mark for a branch, by key."""
        return {
            thing.key: thing
            for thing in self.things
            if self.applies(thing.asked_of, unit)
            and (duty is None or (duty.marks(unit, self.source.name, thing.indicator) and duty.belongs(thing.groups)))
        }


def check_claims(claims: pd.DataFrame, marking: Marking) -> tuple[pd.Series[Any], list[Problem]]:
    """Judge the claims of 自评表: a blank one is missing. Returns which rows stay."""
    applying = {unit: set(marking.expected(unit, None)) for unit in dict.fromkeys(claims["unit"])}
    keep = [key in applying[unit] for unit, key in zip(claims["unit"], claims["item"], strict=True)]
    blanks = claims[pd.Series(keep, index=claims.index) & (claims["state"] == "blank")]
    labels = {thing.key: thing.label for thing in marking.things}
    problems = [problem_at(row, blank_code(row["cell"]), labels[row["item"]]) for row in records(blanks)]
    return pd.Series(keep, index=claims.index, dtype=bool), problems


def blank_code(cell: str) -> str:
    """Return what a blank is: a cell left blank, or a row that is not there at all."""
    return "E204" if cell else "E219"


@dataclass(frozen=True)
class Verified:
    """Where 已核 rows stand, by rater and branch: the indicators they cover; "" means nothing to deduct anywhere."""

    covered: Mapping[tuple[str, str], frozenset[str]]

    @classmethod
    def of(cls, facts: Iterable[Mapping[str, Any]], source: str) -> Verified:
        """Index the verified 评定扣分 rows of a source."""
        covered: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for fact in facts:
            if fact["form"] in ("committee", "peer") and fact["source"] == source:
                covered[fact["rater"], fact["unit"]].add(fact["item"])
        return cls({key: frozenset(items) for key, items in covered.items()})

    def computes(self, rater: str, unit: str, thing: Thing) -> bool:
        """Say whether a blank mark is to be computed: rows of its indicator, or one saying there is nothing."""
        items = self.covered.get((rater, unit), frozenset())
        return bool(thing.rules) and (thing.indicator in items or "" in items)


@dataclass
class _Row:
    """One rater's row for one branch, as positions in the table."""

    positions: dict[str, int]
    states: dict[str, str]
    figures: dict[str, int | None]

    def without(self, keys: Container[str]) -> _Row:
        """Return what the row says of other things than these."""
        return _Row({key: label for key, label in self.positions.items() if key not in keys}, self.states, {})

    @property
    def blank(self) -> bool:
        """Say whether the row says nothing at all."""
        return all(state == "blank" for state in self.states.values())


def check_marks(
    marks: pd.DataFrame,
    marking: Marking,
    raters: Mapping[str, Duty],
    directory: Directory,
    verified: Verified,
    nobodys: frozenset[str] = frozenset(),
) -> tuple[dict[int, str], set[int], list[Problem]]:
    """Judge the marks of a committee or peer source; `nobodys`: files with rows that are nobody's.

    Returns new states by row label, the row labels that do not count, and problems.
    """
    states: dict[int, str] = {}
    drop: set[int] = set()
    problems: list[Problem] = []
    called = partial(called_in_papers, raters=raters, directory=directory)
    for (rater, unit), row in _rows(marks, problems, drop):
        duty = raters.get(rater)
        expected = marking.expected(unit, duty)
        drop |= {label for key, label in row.positions.items() if key not in expected}
        if rater == unit or not expected:
            barred = rater == unit or (duty is not None and unit in duty.avoids)
            problems += _not_asked(marks, row, called(rater), unit, "W308" if barred else "W231")
            drop |= set(row.positions.values())
            continue
        problems += _not_asked(marks, row.without(expected), called(rater), unit, "W231")
        blank = {key for key in expected if row.states.get(key, "blank") in ("blank", "excused")}
        computed = {key for key in blank if verified.computes(rater, unit, expected[key])}
        states |= {row.positions[key]: "rules" for key in computed if key in row.positions}
        missing = {key: thing for key, thing in expected.items() if key in blank - computed}
        excused = {key for key in missing if row.states.get(key) == "excused"}
        if len(missing) == len(expected):
            drop |= {row.positions[key] for key in missing if key in row.positions}
            problems += [] if excused else [_abstains(marks, row, called(rater), unit, directory)]
        else:
            drop |= {row.positions[key] for key in excused}
            told = [key for key in missing if key in row.positions and key not in excused]
            problems += [_at(marks, row.positions[key], "E204", missing[key].label) for key in told]
    doubtful = nobodys | {problem.file for problem in problems if problem.code == "E305"}
    for code, file, rater, unit in _unseen(marks, marking, raters, directory, verified, doubtful):
        subject = directory.names.get(unit, unit)
        problems.append(Problem(code, file, unit=unit, subject=subject, values={"rater": called(rater)}))
    return states, drop, problems


def _rows(marks: pd.DataFrame, problems: list[Problem], drop: set[int]) -> Iterator[tuple[tuple[str, str], _Row]]:
    """Group marks by rater and branch; a branch that a rater marked twice and differently counts in neither place."""
    groups: defaultdict[tuple[str, str], dict[str, _Row]] = defaultdict(dict)
    names = ("rater", "unit", "item", "state", "value", "file", "sheet", "cell", "evidence")
    for label, rater, unit, item, state, value, *where, original in zip(
        marks.index, *(marks[name] for name in names), strict=True
    ):
        file, sheet, cell = original.rsplit(BETWEEN, 2) if original else where  # a corrected mark stands where it stood
        place = BETWEEN.join((file, sheet, f"第{position_of(cell)[0] + 1}行"))
        row = groups[rater, unit].setdefault(place, _Row({}, {}, {}))
        row.positions[item], row.states[item] = label, state
        row.figures[item] = None if pd.isna(value) else int(value)
    for key, places in groups.items():
        counted = _settle_twice(marks, places, key[0], problems, drop)
        if counted:
            yield key, counted


def _settle_twice(
    marks: pd.DataFrame, places: Mapping[str, _Row], rater: str, problems: list[Problem], drop: set[int]
) -> _Row | None:
    """Return the one row that counts: of equal ones the first, of different ones none; a blank one is no second."""
    told = {place: row for place, row in places.items() if not row.blank} or dict(list(places.items())[:1])
    drop |= {label for place, row in places.items() if place not in told for label in row.positions.values()}
    (first, row), *others = told.items()
    if all((other.states, other.figures) == (row.states, row.figures) for _, other in others):
        for _, other in others:
            label = next(iter(other.positions.values()))
            problems.append(_at(marks, label, "N304", rater, other=first))
            drop |= set(other.positions.values())
        return row
    for place, each in told.items():
        label = next(iter(each.positions.values()))
        problems.append(_at(marks, label, "E305", rater, other="、".join(other for other in told if other != place)))
        drop |= set(each.positions.values())
    return None


def _at(marks: pd.DataFrame, label: int, code: str, subject: str = "", **values: str) -> Problem:
    return problem_at(_record(marks, label), code, subject, **values)


def _record(marks: pd.DataFrame, label: int) -> dict[str, Any]:
    return records(marks.loc[[label]])[0]


def _abstains(marks: pd.DataFrame, row: _Row, rater: str, unit: str, directory: Directory) -> Problem:
    label = next(iter(row.positions.values()))
    book = _record(marks, label)
    subject = directory.names.get(unit, unit)
    return Problem("W223", book["file"], book["sheet"], unit=unit, subject=subject, values={"rater": rater})


def _not_asked(marks: pd.DataFrame, row: _Row, rater: str, unit: str, code: str) -> Iterator[Problem]:
    """Warn where a mark was typed for a branch or thing that this rater must not mark, or is not asked to."""
    typed = [label for key, label in row.positions.items() if row.states[key] == "typed"]
    if typed:
        book = _record(marks, typed[0])
        yield Problem(code, book["file"], book["sheet"], book["cell"], unit=unit, values={"rater": rater})


def _unseen(
    marks: pd.DataFrame,
    marking: Marking,
    raters: Mapping[str, Duty],
    directory: Directory,
    verified: Verified,
    doubtful: Container[str],
) -> Iterator[tuple[str, str, str, str]]:
    """Yield code, file, rater and branch where a rater who handed in a book was to mark a branch without a row in it.

    Where the book has rows that were left out, whether the branch was marked there cannot be told.
    """
    files: dict[str, str] = {}
    for rater, file in zip(marks["rater"], marks["file"], strict=True):
        files.setdefault(rater, file)  # the rater's own book stands before any correction
    seen = set(zip(marks["rater"], marks["unit"], strict=True))
    for rater, file in files.items():
        for unit in sorted(directory.active) if marking.source.main_form == "committee" else ():
            known = (rater, unit) in seen or (rater, unit) in verified.covered
            if not known and marking.expected(unit, raters.get(rater)):
                yield "E320" if file in doubtful else "W223", file, rater, unit
