"""The roll-call: which forms were expected, and what became of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dingji.intake.combine import Combined
from dingji.intake.reading import FileReading, refused
from dingji.problems import Problem, level_of
from dingji.roster import Duty
from dingji.scheme.model import Scheme, Source
from dingji.tables import ROLLCALL, records, table

TITLES = {"self": "自评表", "survey": "测评表", "committee": "评定表", "peer": "互评表"}
MEND_CODES = frozenset({"E204", "E401", "E405", "E409"})


@dataclass(frozen=True)
class Expected:
    """A form that somebody owes: kind, source, owner (a branch's code or a rater's) and how papers name the owner."""

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
    round_name: str,
) -> Iterator[Expected]:
    """Yield every form owed in the round: the branches' in roster order, then the raters'."""
    for row in records(branches):
        if row["unit"] in scheme_of:
            for source in schemes[scheme_of[row["unit"]]].sources_in(round_name):
                if source.main_form in ("self", "survey", "peer"):
                    label = row["name"]
                    yield Expected(source.main_form, source.name, row["unit"], label, row["parent"], source.required)
    committee = [
        source for scheme in schemes.values() for source in scheme.sources_in(round_name) if _by_raters(source)
    ]
    for duty in raters.values():
        for source in committee:
            if duty.active and (not duty.sources or source.name in duty.sources):
                yield Expected("committee", source.name, duty.rater, duty.name or duty.rater, "", source.required)


def _by_raters(source: Source) -> bool:
    return source.main_form == "committee"


def call_roll(
    expected: Sequence[Expected],
    readings: Sequence[FileReading],
    combined: Combined,
    problems: Sequence[Problem],
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the roll-call table and a problem for every form not handed in."""
    files = _files_by_owner(readings, combined)
    faulty = _faulty(problems)
    rows, missing = [], []
    for form in expected:
        found = files.get((form.kind, form.source, form.owner), [])
        status = _status(found, combined, faulty)
        rows.append(_row(form, status, tuple(reading.path for reading in found)))
        if status == "未报" and form.required:
            missing.append(_missing(form))
    rows += [_unknown(reading) for reading in readings if not reading.kind and reading.problems]
    return table(ROLLCALL, rows), missing


def _missing(form: Expected) -> Problem:
    unit = form.owner if form.kind != "committee" else ""
    values = {"form": TITLES[form.kind], "who": f"（{form.label}）"}
    return Problem("E310", subject=form.label, unit=unit, values=values)


def _row(form: Expected, status: str, files: tuple[str, ...]) -> dict[str, object]:
    unit = form.owner if form.kind != "committee" else ""
    rater = form.owner if form.kind == "committee" else ""
    title = TITLES[form.kind]
    return {
        "unit": unit, "rater": rater, "owner": form.label, "parent": form.parent,
        "form": title, "source": form.source, "status": status, "files": files,
    }  # fmt: skip


def _unknown(reading: FileReading) -> dict[str, object]:
    return {"owner": reading.path, "status": "未识别", "files": (reading.path,)}


def _files_by_owner(
    readings: Sequence[FileReading], combined: Combined
) -> Mapping[tuple[str, str, str], list[FileReading]]:
    """Index files by kind, source and owner; a book of many branches or raters counts for each that it names."""
    files: defaultdict[tuple[str, str, str], list[FileReading]] = defaultdict(list)
    by_path = {reading.path: reading for reading in readings}
    for reading in readings:
        owner = combined.owners.get(reading.path, "")
        if owner and combined.duplicates.get(reading.path) != "N304":
            files[reading.kind, reading.source, owner].append(reading)
    entries = combined.entries
    marks = entries[entries["form"].isin(tuple(TITLES))]
    owners = marks["unit"].where(marks["form"] != "committee", marks["rater"])
    keys = zip(marks["form"], marks["source"], owners, marks["file"], strict=True)
    for kind, source, owner, file in dict.fromkeys(keys):
        found = files[kind, source, owner]
        if by_path[file] not in found and not combined.owners.get(file):
            found.append(by_path[file])
    return files


def _faulty(problems: Sequence[Problem]) -> set[str]:
    """Return the files with something that their owner must mend."""
    return {problem.file for problem in problems if level_of(problem) == "refuse" or problem.code in MEND_CODES}


def _status(found: Sequence[FileReading], combined: Combined, faulty: set[str]) -> str:
    if not found:
        return "未报"
    if any(combined.duplicates.get(reading.path) == "E305" for reading in found):
        return "重复"
    if all(refused(reading) for reading in found):
        old = any(problem.code == "E111" for reading in found for problem in reading.problems)
        return "旧版" if old else "待改"
    return "待改" if any(reading.path in faulty for reading in found) else "已报"
