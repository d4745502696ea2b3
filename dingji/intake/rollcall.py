"""The roll-call: which forms were expected, and what became of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dingji.branch_facts import Applies
from dingji.intake.combine import Combined
from dingji.intake.duplicates import form_key
from dingji.intake.likely_files import likely_files
from dingji.intake.lower import Below
from dingji.intake.places import at_rows
from dingji.problems import Problem, level_of
from dingji.read.reading import FileReading, refused
from dingji.read.rows import row_of
from dingji.roster import Duty
from dingji.scheme.marking import excused, things_of
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import OFFICE_FORMS, RATED, SOURCE_FORMS, form_title
from dingji.tables import ROLLCALL, records, table, texts_of

OFFICE_TITLES = {kind: title for title, kind in OFFICE_FORMS.items()}
OFFICE = "办公室"
QUESTIONNAIRE_CODES = frozenset({"E130", "E131", "E132", "E133", "E134"})
"""What keeps an online questionnaire's export from being read."""
MEND_CODES = QUESTIONNAIRE_CODES | {
    "E204", "E216", "E218", "E219", "E227", "E229", "E237", "E305", "E401", "E409", "E411", "E413",
    "E245", "E246", "E249", "E415", "E416", "E417", "E687",
}  # fmt: skip
"""What an owner must mend though nothing was refused."""


@dataclass(frozen=True)
class Expected:
    """A form that somebody owes: by whose standard, kind, source, owner (a branch's code or a rater's).

    `label` is how papers name the owner.
    """

    scheme: str
    round: str
    kind: str
    source: str
    owner: str
    label: str
    parent: str
    required: bool
    title: str
    """How the form is headed."""


def expected_forms(
    schemes: Mapping[str, Scheme],
    scheme_of: Mapping[str, str],
    branches: pd.DataFrame,
    raters: Mapping[str, Duty],
    current: str,
    applies: Mapping[str, Applies] | None = None,
) -> Iterator[Expected]:
    """Yield every form owed in the rounds that the current one takes in: the branches' in roster order, the raters'.

    `applies`: by round whether a condition holds for a branch, by which those who take no part are told.
    """
    spared = {scheme_id: excused(scheme) for scheme_id, scheme in schemes.items()}
    for row in records(branches):
        scheme_id = scheme_of.get(row["unit"], "")
        for round_name, source in _sources(schemes[scheme_id], current) if scheme_id else ():
            free = spared[scheme_id] and applies and not applies[round_name](f"not ({spared[scheme_id]})", row["unit"])
            if source.main_form in ("self", "survey", "peer") and not (free and source.main_form != "peer"):
                whose = (row["unit"], row["name"], row["parent"])
                yield _marking(scheme_id, round_name, source, whose)
        yield from _required_of(schemes[scheme_id], row, current) if scheme_id else ()
    yield from _books(schemes, scheme_of, raters, current)
    for scheme_id, scheme in schemes.items():
        for title in scheme.required if scheme_id in scheme_of.values() else ():
            if OFFICE_FORMS[title] != "situation":
                whose = ("", OFFICE, "")
                yield Expected(scheme_id, "", OFFICE_FORMS[title], "", *whose, required=True, title=title)


def _marking(scheme: str, round_name: str, source: Source, whose: tuple[str, str, str]) -> Expected:
    """Return the form of a source that somebody (code, label, parent) owes."""
    return Expected(
        scheme, round_name, source.main_form, source.name, *whose, required=source.required, title=form_title(source)
    )


def _books(
    schemes: Mapping[str, Scheme], scheme_of: Mapping[str, str], raters: Mapping[str, Duty], current: str
) -> Iterator[Expected]:
    """Yield every book that a rater owes."""
    for duty in raters.values():
        for scheme_id, scheme in schemes.items():
            asked = [unit for unit, graded_by in scheme_of.items() if graded_by == scheme_id]
            for round_name, source in _sources(scheme, current):
                things = things_of(scheme, source)
                within = not things or any(duty.belongs(thing.groups) for thing in things)
                marks = within and any(duty.marks(unit, source.name, "") for unit in asked)
                if source.main_form == "committee" and duty.active and marks:
                    whose = (duty.rater, duty.name or duty.rater, "")
                    yield _marking(scheme_id, round_name, source, whose)


def _required_of(scheme: Scheme, branch: Mapping[str, Any], current: str) -> Iterator[Expected]:
    """Yield 情形申报 in every round taken, where the standard requires it: each branch answers for itself.

    The other required forms are the office's, one for all branches, and of whichever round.
    """
    title = OFFICE_TITLES["situation"]
    for round_name, _ in scheme.rounds_taken(current) if title in scheme.required else ():
        whose = (branch["unit"], branch["name"], branch["parent"])
        yield Expected(scheme.id, round_name, "situation", "", *whose, required=True, title=title)


def _sources(scheme: Scheme, current: str) -> Iterator[tuple[str, Source]]:
    for round_name, _ in scheme.rounds_taken(current):
        for source in scheme.sources_in(round_name):
            yield round_name, source


def call_roll(
    expected: Sequence[Expected],
    readings: Sequence[FileReading],
    combined: Combined,
    problems: Sequence[Problem],
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the roll-call table and a problem for every form not handed in."""
    files = _files_by_owner(readings, combined)
    faults = Faults.of(problems, combined)
    titles = _titles(expected)
    rows: list[dict[str, object]] = []
    missing: list[tuple[Expected, str]] = []
    for form in expected:
        found = files.get((form.scheme, form.round, form.kind, form.source, form.owner), [])
        status = _status(found, form, combined, faults)
        if status == "未报" and not form.required:
            continue
        title = titles[_which(form)]
        rows.append(_row(form, title, status, tuple(reading.path for reading in found)))
        if status == "未报":
            missing.append((form, title))
    likely = _likely([form for form, _ in missing], expected, readings)
    rows += [_unknown(reading) for reading in _unread(readings)]
    return table(ROLLCALL, rows), [
        _missing(form, title, likely.get((form.label, title), ())) for form, title in missing
    ]


def unreported(
    expected: Sequence[Expected], readings: Sequence[FileReading], combined: Combined
) -> set[tuple[str, str, str, str]]:
    """Return the forms that never came, required or not: by standard, round, source and owner.

    What an unread file may well be has come.
    """
    files, titles = _files_by_owner(readings, combined), _titles(expected)
    absent = [
        form
        for form in expected
        if form.source and not files.get((form.scheme, form.round, form.kind, form.source, form.owner))
    ]
    likely = _likely(absent, expected, readings)
    return {
        (form.scheme, form.round, form.source, form.owner)
        for form in absent
        if not likely.get((form.label, titles[_which(form)]))
    }


def _likely(
    missing: Sequence[Expected], expected: Sequence[Expected], readings: Sequence[FileReading]
) -> Mapping[tuple[str, str], Sequence[str]]:
    """Return unread files that may be forms not handed in, by owner and title."""
    titles = _titles(expected)
    wanting = [(form.label, titles[_which(form)]) for form in missing]
    owed = {(form.label, titles[_which(form)]) for form in expected}
    unread = _unread(readings)
    large = {one.path for one in unread for problem in one.problems if problem.code in ("E105", "E106")}
    return likely_files(wanting, [one.path for one in unread], owed, large) if wanting else {}


def _unread(readings: Sequence[FileReading]) -> list[FileReading]:
    return [reading for reading in readings if not reading.kind and not _is_aside(reading)]


def _titles(expected: Sequence[Expected]) -> Mapping[tuple[str, str, str, str], str]:
    """Return how papers name the form of a standard, round, kind and source: by what tells it from the others."""
    rounds = {form.round for form in expected if form.round}
    sources: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for form in expected:
        sources[form.scheme, form.title].add(form.source)
    titles = {}
    for form in expected:
        source = f"（{form.source}）" if len(sources[form.scheme, form.title]) > 1 else ""
        round_ = form.round if len(rounds) > 1 else ""
        titles[_which(form)] = f"{round_}{form.title}{source}"
    return titles


def _which(form: Expected) -> tuple[str, str, str, str]:
    return form.scheme, form.round, form.kind, form.source


def from_below_rows(branches: pd.DataFrame, below: Below) -> list[dict[str, object]]:
    """Return a row a branch that a lower unit grades: nothing is owed but the lower unit's result."""
    return [
        {
            "unit": row["unit"], "owner": row["name"], "parent": row["parent"], "form": "下级结果",
            "status": below.status(row["unit"]),
            "files": (below.handed[row["unit"]].file,) if row["unit"] in below.handed else (),
        }
        for row in records(branches) if row["unit"] in below.units
    ]  # fmt: skip


def _missing(form: Expected, title: str, likely: Sequence[str]) -> Problem:
    unit = form.owner if form.kind != "committee" else ""
    hint = f"；没有读进来的“{likely[0]}”可能就是，先看它为什么没读进来" if likely else ""
    return Problem("E310", subject=form.label, unit=unit, values={"form": title, "hint": hint})


def _row(form: Expected, title: str, status: str, files: tuple[str, ...]) -> dict[str, object]:
    unit = form.owner if form.kind != "committee" else ""
    rater = form.owner if form.kind == "committee" else ""
    return {
        "unit": unit, "rater": rater, "owner": form.label, "parent": form.parent,
        "form": title, "kind": {**SOURCE_FORMS, **OFFICE_TITLES}[form.kind], "title": form.title,
        "source": form.source, "status": status, "files": files,
    }  # fmt: skip


def _is_aside(reading: FileReading) -> bool:
    """Say whether a file was put into 不采用: listed among the problems, and nobody's form."""
    return any(problem.code == "N119" for problem in reading.problems)


def _unknown(reading: FileReading) -> dict[str, object]:
    return {"owner": reading.path, "status": "未识别", "files": (reading.path,)}


Key = tuple[str, str, str, str, str]
"""Standard, round, kind, source and owner of a form."""


def _files_by_owner(readings: Sequence[FileReading], combined: Combined) -> Mapping[Key, list[FileReading]]:
    """Index files by whose form they are; a book of many counts for each whom it names."""
    files: defaultdict[Key, list[FileReading]] = defaultdict(list)
    by_form = {(reading.path, reading.kind, reading.source, _round_name(reading)): reading for reading in readings}
    for reading in readings:
        owner = combined.owners.get(reading.path, "")
        if owner and combined.duplicates.get(reading.path) != "N304":
            files[_key(reading, owner)].append(reading)
        for unit in reading.awaited:
            files[_key(reading, unit)].append(reading)
        if reading.kind in OFFICE_TITLES and combined.duplicates.get(reading.path) != "N304":
            files[reading.scheme, "", reading.kind, "", ""].append(reading)
    for (kind, source, round_name), owner, file in _named_in_books(combined):
        reading = by_form[file, kind, source, round_name]
        if reading not in files[_key(reading, owner)]:
            files[_key(reading, owner)].append(reading)
    return files


def _key(reading: FileReading, owner: str) -> Key:
    return reading.scheme, _round_name(reading), reading.kind, reading.source, owner


def _named_in_books(combined: Combined) -> Iterator[tuple[tuple[str, str, str], str, str]]:
    """Yield kind, source and round, owner and file of every form that stands in a book of many."""
    entries = combined.entries
    marks = entries[entries["form"].isin(tuple(SOURCE_FORMS)) & ~entries["part"].isin(("head", "also"))]
    marks = marks[(marks["form"] != "self") | (marks["part"] == "mark")]  # facts alone claim nothing
    marks = marks[~marks["file"].isin([file for file, owner in combined.owners.items() if owner])]
    owners = [
        rater if form in RATED else unit
        for form, unit, rater in zip(*(texts_of(marks[name]) for name in ("form", "unit", "rater")), strict=True)
    ]
    forms, sources, rounds, files = (texts_of(marks[name]) for name in ("form", "source", "round", "file"))
    for kind, source, round_name, owner, file in dict.fromkeys(zip(forms, sources, rounds, owners, files, strict=True)):
        if owner:
            yield (kind, source, round_name), owner, file
    answered = entries[(entries["form"] == "situation") & (entries["option"] != "")]
    for round_name, owner, file in dict.fromkeys(
        zip(*(texts_of(answered[name]) for name in ("round", "unit", "file")), strict=True)
    ):
        yield ("situation", "", round_name), owner, file
    for (kind, _, source, label, owner), paths in combined.twice.items():
        for path in paths:
            if not combined.owners.get(path):
                yield (kind, source, label.rpartition(" ")[2]), owner, path


def _round_name(reading: FileReading) -> str:
    return reading.round.rpartition(" ")[2]


@dataclass(frozen=True)
class Faults:
    """What must be mended: whole files, and by file the branches and raters of whose rows something must be."""

    files: frozenset[str]
    owners: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, problems: Sequence[Problem], combined: Combined) -> Faults:
        """Index the problems that an owner must mend; in a book of many, by the row at which they stand."""
        grave = [problem for problem in problems if level_of(problem) == "refuse" or problem.code in MEND_CODES]
        entries = at_rows(combined.entries, {(problem.file, row_of(problem.cell)) for problem in grave})
        entries = entries[entries["form"].isin(RATED)]  # a ballot's number is nobody's
        places = zip(*(texts_of(entries[name]) for name in ("file", "sheet", "cell", "rater")), strict=True)
        raters = {(file, sheet, row_of(cell)): rater for file, sheet, cell, rater in places}
        owners = {(problem.file, problem.unit) for problem in grave if problem.unit}
        owners |= {
            (problem.file, raters.get((problem.file, problem.sheet, row_of(problem.cell)), "")) for problem in grave
        }
        return cls(frozenset(problem.file for problem in grave), frozenset(owners))

    def concern(self, reading: FileReading, owner: str, combined: Combined) -> bool:
        """Say whether the owner of a form in this file must mend it."""
        alone = combined.owners.get(reading.path, "") != "" or owner in reading.awaited
        return reading.path in self.files if alone else (reading.path, owner) in self.owners


def _status(found: Sequence[FileReading], form: Expected, combined: Combined, faults: Faults) -> str:
    if not found:
        return "未报"
    if any(combined.duplicates.get(reading.path) == "E305" for reading in found):
        return "重复"
    if any(form_key(reading, form.owner) in combined.twice for reading in found):
        return "重复"
    read = [reading for reading in found if not refused(reading)]
    if not read:
        old = any(problem.code == "E111" for reading in found for problem in reading.problems)
        return "旧版" if old else "待改"
    return "待改" if any(faults.concern(reading, form.owner, combined) for reading in read) else "已报"
