"""Which marks were expected, and which of the blank ones are missing, excused or to be computed from rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dingji.branch_facts import Applies
from dingji.intake.drawn_anew import drawn_anew
from dingji.intake.places import row_texts
from dingji.problems import BETWEEN, Problem, problem_at
from dingji.read.grid import position_of
from dingji.read.itself import Itself
from dingji.roster import Directory, Duty, called_in_papers
from dingji.scheme.marking import Thing, things_of, typed_things
from dingji.scheme.model import Scheme, Source
from dingji.tables import numbered, records, texts_of


@dataclass(frozen=True)
class Marking:
    """What is needed to judge the marks of one source."""

    scheme: Scheme
    source: Source
    things: tuple[Thing, ...]
    applies: Applies
    _known: dict[Any, dict[str, Thing]] = field(default_factory=dict, compare=False, repr=False)
    """What a rater is expected to mark, by who it is, whether the branch is within its duty, and what it is asked."""
    _asked: dict[str, tuple[bool, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, scheme: Scheme, source: Source, applies: Applies) -> Marking:
        """Gather what a source's raters type."""
        return cls(scheme, source, tuple(typed_things(scheme, source)), applies)

    def asks(self, unit: str, key: str) -> bool:
        """Say whether a thing or question is put to this branch at all."""
        return next((self.applies(thing.only_for, unit) for thing in self.things if thing.key == key), True)

    def expected(self, unit: str, duty: Duty | None) -> dict[str, Thing]:
        """Return the things that a rater is expected to mark for a branch, by key; not to be changed."""
        asked = self._asked_of(unit)
        key = (duty and Itself(duty), duty is None or duty.reaches(unit), asked)
        if key not in self._known:
            own = [thing for thing, applies in zip(self.things, asked, strict=True) if applies]
            self._known[key] = {thing.key: thing for thing in own if duty is None or self._is_of(duty, unit, thing)}
        return self._known[key]

    def _asked_of(self, unit: str) -> tuple[bool, ...]:
        """Say for each thing whether it is put to a branch."""
        if unit not in self._asked:
            self._asked[unit] = tuple([not each or self.applies(each, unit) for each in self._conditions])
        return self._asked[unit]

    @cached_property
    def all_things(self) -> list[Thing]:
        """Return everything that the source gives marks of, filled in by hand or not."""
        return things_of(self.scheme, self.source)

    @cached_property
    def _conditions(self) -> list[str]:
        return [thing.asked_of for thing in self.things]

    def _is_of(self, duty: Duty, unit: str, thing: Thing) -> bool:
        return duty.marks(unit, self.source.name, thing.indicator) and duty.belongs(thing.groups)


def check_claims(claims: pd.DataFrame, marking: Marking) -> tuple[pd.Series[Any], list[Problem]]:
    """Judge the claims of 自评表: a blank one is missing. Returns which rows stay."""
    numbers, pairs = numbered(claims, "unit", "item")
    expected = {unit: marking.expected(unit, None) for unit in dict.fromkeys(unit for unit, _ in pairs)}
    kept = np.array([item in expected[unit] for unit, item in pairs], dtype=bool)
    keep = kept[numbers]
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
        return thing.ruled and (thing.indicator in items or "" in items)


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
    outside = outside_code(marking.source)
    plain, seen = _plain(marks, marking, raters)
    for (rater, unit), row in _rows(marks[~plain], problems, drop):
        duty = raters.get(rater)
        expected = marking.expected(unit, duty)
        drop |= {label for key, label in row.positions.items() if key not in expected}
        if rater == unit or not expected:
            barred = rater == unit or (duty is not None and unit in duty.avoids)
            problems += _not_asked(marks, row, called(rater), unit, "W308" if barred else outside)
            drop |= set(row.positions.values())
            continue
        problems += _not_asked(marks, row.without(expected), called(rater), unit, outside)
        blank = {key for key in expected if row.states.get(key, "blank") in ("blank", "excused")}
        excused = {key for key in blank if row.states.get(key) == "excused"}
        if excused and len(blank) < len(expected):  # whether the branch was marked is not for the program to say
            states |= {row.positions[key]: "blank" for key in excused}
            label = min(row.positions[key] for key in excused)
            problems.append(_at(marks, label, "E322", called(rater), said=_record(marks, label)["option"]))
            blank, excused = blank - excused, set()
        computed = {key for key in blank - excused if verified.computes(rater, unit, expected[key])}
        states |= {row.positions[key]: "rules" for key in computed if key in row.positions}
        missing = {key: thing for key, thing in expected.items() if key in blank - computed}
        if excused or len(missing) == len(expected):
            drop |= {row.positions[key] for key in blank if key in row.positions}
            problems += [] if excused else [_abstains(marks, row, called(rater), unit, directory)]
        else:
            told = [key for key in missing if key in row.positions]
            problems += [_at(marks, row.positions[key], "E204", missing[key].label) for key in told]
    doubtful = nobodys | {problem.file for problem in problems if problem.code == "E305"}
    for code, file, rater, unit in _unseen(marks, seen, marking, raters, directory, verified, doubtful):
        subject = directory.names.get(unit, unit)
        problems.append(Problem(code, file, unit=unit, subject=subject, values={"rater": called(rater)}))
    return states, drop, [*problems, *(drawn_anew(problems) if marking.source.rates else ())]


def outside_code(source: Source) -> str:
    """Return what it is that a rater marks a branch not its own to mark: outside of its duty, or not drawn."""
    return "W644" if source.rates else "W231"


def recused(marks: pd.DataFrame, marking: Marking, raters: Mapping[str, Duty]) -> dict[tuple[str, str], str]:
    """Return who says 回避 or 缺席 of which branch, and gives it no mark: the word, by rater and branch."""
    said: dict[tuple[str, str], str] = {}
    states: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    pairs = marks.loc[marks["state"] == "excused", ["rater", "unit"]]
    own = marks[marks["rater"].isin(set(pairs["rater"])) & marks["unit"].isin(set(pairs["unit"]))]
    for row in records(own):
        key = (row["rater"], row["unit"])
        if row["item"] in marking.expected(row["unit"], raters.get(row["rater"])):
            states[key].add(row["state"])
            said |= {key: row["option"]} if row["state"] == "excused" else {}
    return {key: word for key, word in said.items() if states[key] <= {"excused", "blank"}}


MARKS_SHEET = "评定表"
"""The sheet on which raters mark."""

MOST_KEYS = 50
"""So many things may be told by the bits of a number; of more every row is looked at."""


def _plain(
    marks: pd.DataFrame, marking: Marking, raters: Mapping[str, Duty]
) -> tuple[npt.NDArray[np.bool_], list[tuple[Any, ...]]]:
    """Say of which rows there is nothing to say: every mark expected is typed, once, in one row, and no other.

    Returns that by row of the table, and every rater and branch that has one.
    """
    keys = {thing.key: 1 << place for place, thing in enumerate(marking.things[:MOST_KEYS])}
    group, pairs = numbered(marks, "rater", "unit")
    if not pairs or len(marking.things) > MOST_KEYS:
        return np.zeros(len(marks), dtype=bool), pairs
    bits = np.array([keys.get(item, 0) for item in marks["item"].cat.categories], dtype=np.int64)
    found = bits[marks["item"].cat.codes.to_numpy()]
    odd = (found == 0) | (marks["state"] != "typed").to_numpy() | (marks["evidence"] != "").to_numpy()
    whole = np.array([_asked_bits(pair, marking, raters, keys) for pair in pairs], dtype=np.int64)
    sizes = np.bincount(group)
    good = (np.bincount(group, found).astype(np.int64) == whole) & (np.bincount(group, odd) == 0)
    good &= np.array([bits.bit_count() for bits in whole.tolist()]) == sizes
    place = _places(marks)
    first = np.zeros(len(pairs), dtype=np.int64)
    first[group[::-1]] = place[::-1]
    good &= np.bincount(group, place != first[group]) == 0
    return good[group], pairs


def _asked_bits(pair: tuple[Any, ...], marking: Marking, raters: Mapping[str, Duty], keys: Mapping[str, int]) -> int:
    """Return the bits of what a rater is expected to mark for a branch; −1 where that is nothing, or its own."""
    rater, unit = pair
    expected = marking.expected(unit, raters.get(rater)) if rater != unit else {}
    return sum(keys[key] for key in expected) or -1


def _places(marks: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return a number for the row of a sheet in which each mark stands."""
    rows, texts = pd.factorize(row_texts(marks))
    sheets, _ = numbered(marks, "file", "sheet")
    return pd.factorize(sheets * (len(texts) + 1) + rows)[0]


def _rows(marks: pd.DataFrame, problems: list[Problem], drop: set[int]) -> Iterator[tuple[tuple[str, str], _Row]]:
    """Group marks by rater and branch; a branch that a rater marked twice and differently counts in neither place."""
    groups: defaultdict[tuple[str, str], dict[str, _Row]] = defaultdict(dict)
    names = ("rater", "unit", "item", "state", "value", "file", "sheet", "cell", "evidence")
    for label, rater, unit, item, state, value, *where, original in zip(
        marks.index, *(_listed(marks[name]) for name in names), strict=True
    ):
        file, sheet, cell = original.rsplit(BETWEEN, 2) if original else where  # a corrected mark stands where it stood
        place = BETWEEN.join((file, sheet, f"第{position_of(cell)[0] + 1}行"))
        row = groups[rater, unit].setdefault(place, _Row({}, {}, {}))
        row.positions[item], row.states[item] = label, state
        row.figures[item] = None if value is pd.NA else int(value)
    for key, places in groups.items():
        counted = _settle_twice(marks, places, key[0], problems, drop)
        if counted:
            yield key, counted


def _listed(column: pd.Series[Any]) -> list[Any]:
    return column.tolist() if column.name == "value" else texts_of(column)


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
    seen: Collection[tuple[str, str]],
    marking: Marking,
    raters: Mapping[str, Duty],
    directory: Directory,
    verified: Verified,
    doubtful: Container[str],
) -> Iterator[tuple[str, str, str, str]]:
    """Yield code, file, rater and branch where a rater who handed in a book was to mark a branch without a row in it.

    Where the book has rows that were left out, whether the branch was marked there cannot be told.
    """
    if marking.source.main_form != "committee" and not marking.source.rates:
        return
    files = marks.loc[~marks["rater"].duplicated(), ["rater", "file"]]  # a rater's book stands before any correction
    marked, units = set(seen), sorted(directory.active)
    for rater, file in zip(texts_of(files["rater"]), texts_of(files["file"]), strict=True):
        for unit in units:
            known = (rater, unit) in marked or (rater, unit) in verified.covered
            if not known and marking.expected(unit, raters.get(rater)):
                yield "E320" if file in doubtful else "W223", file, rater, unit


def rows_lacking(
    facts: Iterable[Mapping[str, Any]],
    marks: pd.DataFrame,
    marking: Marking,
    raters: Mapping[str, Duty],
    directory: Directory,
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Return the marks of raters who noted verified facts of a branch and have no row for it, and what is to be said.

    The row was deleted: it counts as one left blank, computed from the facts or missing, so that no verdict is lost.
    """
    judged = [fact for fact in facts if fact["source"] == marking.source.name]
    verified, seen = Verified.of(judged, marking.source.name), set(numbered(marks, "rater", "unit")[1])
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for (rater, unit), fact in {(fact["rater"], fact["unit"]): fact for fact in reversed(judged)}.items():
        expected = marking.expected(unit, raters.get(rater)) if (rater, unit) not in seen and rater != unit else {}
        left = [thing for thing in expected.values() if not verified.computes(rater, unit, thing)]
        named = {key: fact[key] for key in ("unit", "round", "form", "source", "rater", "file", "sheet")}
        for thing in expected.values():
            state, cell = ("blank", "") if thing in left else ("rules", fact["cell"])
            rows.append({**named, "part": "mark", "item": thing.key, "state": state, "cell": cell})
        if left:
            subject = directory.names.get(unit, unit)
            problems.append(Problem("E219", fact["file"], MARKS_SHEET, subject=subject, unit=unit))
    return rows, problems
