"""The roll-call: which forms were expected, and what became of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dingji.intake.combine import Combined
from dingji.intake.lower import Handed
from dingji.intake.reading import FileReading, refused
from dingji.problems import Problem, level_of
from dingji.roster import Duty
from dingji.scheme.model import Scheme, Source
from dingji.tables import ROLLCALL, records, table

TITLES = {"self": "自评表", "survey": "测评表", "committee": "评定表", "peer": "互评表"}
QUESTIONNAIRE_CODES = frozenset({"E130", "E131", "E132", "E133", "E134"})
"""What keeps an online questionnaire's export from being read."""
MEND_CODES = frozenset({"E204", "E305", "E401", "E409", "E411"}) | QUESTIONNAIRE_CODES


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


def expected_forms(
    schemes: Mapping[str, Scheme],
    scheme_of: Mapping[str, str],
    branches: pd.DataFrame,
    raters: Mapping[str, Duty],
    current: str,
) -> Iterator[Expected]:
    """Yield every form owed in the rounds that the current one takes in: the branches' in roster order, the raters'."""
    for row in records(branches):
        scheme_id = scheme_of.get(row["unit"], "")
        for round_name, source in _sources(schemes[scheme_id], current) if scheme_id else ():
            if source.main_form in ("self", "survey", "peer"):
                whose = (row["unit"], row["name"], row["parent"])
                yield Expected(scheme_id, round_name, source.main_form, source.name, *whose, source.required)
    for duty in raters.values():
        for scheme_id, scheme in schemes.items():
            asked = [unit for unit, graded_by in scheme_of.items() if graded_by == scheme_id]
            for round_name, source in _sources(scheme, current):
                marks = any(duty.marks(unit, source.name, "") for unit in asked)
                if source.main_form == "committee" and duty.active and marks:
                    whose = (duty.rater, duty.name or duty.rater, "")
                    yield Expected(scheme_id, round_name, "committee", source.name, *whose, source.required)


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
    faulty = _faulty(problems)
    titles = _titles(expected)
    rows, missing = [], []
    for form in expected:
        found = files.get((form.scheme, form.round, form.kind, form.source, form.owner), [])
        status = _status(found, combined, faulty)
        if status == "未报" and not form.required:
            continue
        title = titles[form.round, form.kind, form.source]
        rows.append(_row(form, title, status, tuple(reading.path for reading in found)))
        if status == "未报":
            missing.append(_missing(form, title))
    rows += [_unknown(reading) for reading in readings if not reading.kind and not _is_aside(reading)]
    return table(ROLLCALL, rows), missing


def _titles(expected: Sequence[Expected]) -> Mapping[tuple[str, str, str], str]:
    """Return how papers name the form of a round, kind and source: by as much as tells it from the others."""
    rounds = {form.round for form in expected}
    sources: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for form in expected:
        sources[form.scheme, form.kind].add(form.source)
    titles = {}
    for form in expected:
        source = f"（{form.source}）" if len(sources[form.scheme, form.kind]) > 1 else ""
        round_ = form.round if len(rounds) > 1 else ""
        titles[form.round, form.kind, form.source] = f"{round_}{TITLES[form.kind]}{source}"
    return titles


def taken_over_rows(branches: pd.DataFrame, handed: Mapping[str, Handed]) -> list[dict[str, object]]:
    """Return a row a branch that a lower unit graded: nothing is owed but the lower unit's result, which is there."""
    return [
        {
            "unit": row["unit"], "owner": row["name"], "parent": row["parent"],
            "form": "下级结果", "status": "已报", "files": (handed[row["unit"]].file,),
        }
        for row in records(branches) if row["unit"] in handed
    ]  # fmt: skip


def _missing(form: Expected, title: str) -> Problem:
    unit = form.owner if form.kind != "committee" else ""
    return Problem("E310", subject=form.label, unit=unit, values={"form": title})


def _row(form: Expected, title: str, status: str, files: tuple[str, ...]) -> dict[str, object]:
    unit = form.owner if form.kind != "committee" else ""
    rater = form.owner if form.kind == "committee" else ""
    return {
        "unit": unit, "rater": rater, "owner": form.label, "parent": form.parent,
        "form": title, "source": form.source, "status": status, "files": files,
    }  # fmt: skip


def _is_aside(reading: FileReading) -> bool:
    """Say whether a file was put into 不采用: listed among the problems, and nobody's form."""
    return any(problem.code == "N119" for problem in reading.problems)


def _unknown(reading: FileReading) -> dict[str, object]:
    return {"owner": reading.path, "status": "未识别", "files": (reading.path,)}


def _files_by_owner(
    readings: Sequence[FileReading], combined: Combined
) -> Mapping[tuple[str, str, str, str, str], list[FileReading]]:
    """Index files by standard, round, kind, source and owner; a book of many counts for each whom it names."""
    files: defaultdict[tuple[str, str, str, str, str], list[FileReading]] = defaultdict(list)
    by_path = {reading.path: reading for reading in readings}
    for reading in readings:
        owner = combined.owners.get(reading.path, "")
        if owner and combined.duplicates.get(reading.path) != "N304":
            files[reading.scheme, _round_name(reading), reading.kind, reading.source, owner].append(reading)
        for unit in reading.awaited:
            files[reading.scheme, _round_name(reading), reading.kind, reading.source, unit].append(reading)
    entries = combined.entries
    marks = entries[entries["form"].isin(tuple(TITLES))]
    owners = marks["unit"].where(marks["form"] != "committee", marks["rater"])
    keys = zip(marks["form"], marks["source"], owners, marks["file"], strict=True)
    for kind, source, owner, file in dict.fromkeys(keys):
        found = files[by_path[file].scheme, _round_name(by_path[file]), kind, source, owner]
        if by_path[file] not in found and not combined.owners.get(file):
            found.append(by_path[file])
    return files


def _round_name(reading: FileReading) -> str:
    return reading.round.rpartition(" ")[2]


def _faulty(problems: Sequence[Problem]) -> set[str]:
    """Return the files with something that their owner must mend."""
    return {problem.file for problem in problems if level_of(problem) == "refuse" or problem.code in MEND_CODES}


def _status(found: Sequence[FileReading], combined: Combined, faulty: set[str]) -> str:
    if not found:
        return "未报"
    if any(combined.duplicates.get(reading.path) == "E305" for reading in found):
        return "重复"
    read = [reading for reading in found if not refused(reading)]
    if not read:
        old = any(problem.code == "E111" for reading in found for problem in reading.problems)
        return "旧版" if old else "待改"
    return "待改" if any(reading.path in faulty for reading in read) else "已报"
