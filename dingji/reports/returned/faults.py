"""What is told of a faulty workbook, to whom it goes back, and under which name: decided from the outcome alone.

A file goes back where something in it was refused or waits for a person (levels `refuse` and `act`), so that its
owner must mend it. Not so: a copy of another file, a file refused as a whole where the right one is there too, a file
that could not be read and whose name speaks of no branch, rater or form: it is nobody's; and the exports of online
questionnaires with 问卷对照表, by which they are put right: votes do not travel.
Warnings at a cell go along, to be looked at; notes and warnings of whole files do not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Final

from dingji.comparing import normal
from dingji.forms.catalogue import forms_of
from dingji.forms.columns_form import KIND as COLUMNS
from dingji.forms.questionnaire_form import KIND as QUESTIONNAIRE
from dingji.naming import safe_name, unique
from dingji.outcome import InputFile, Outcome
from dingji.problems import Problem, describe, level_of
from dingji.read.grid import Position, position_of
from dingji.reports.returned.fault import Fault
from dingji.reports.submission import IN
from dingji.tables import records

MEND: Final = ("refuse", "act")
TWICE: Final = "N304"
UNREAD: Final = frozenset({"E115", "E116"})
"""Codes of files that are not read as they are, besides those not opened."""
SHEETS: Final = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".et", ".ett", ".ods", ".csv")
"""How the names of workbooks end."""
UNOPENED: Final = "E10"
"""How the codes of files begin that could not be opened: there is nothing to mark."""
STEM: Final = 74
"""Bytes that a name may have without its ending."""
_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")


@dataclass(frozen=True)
class Return:
    """A workbook that goes back: its name there without ending, whose it is (as papers name them), and its faults."""

    file: InputFile
    stem: str
    owner: str
    title: str
    faults: tuple[Fault, ...]
    unit: str = ""
    rater: str = ""
    """Whose it is by code; both "" where it is the office's own, or nobody's."""

    @property
    def opened(self) -> bool:
        """Say whether the file could be opened, so that there is something to mark."""
        return not any(fault.line.code.startswith(UNOPENED) for fault in self.faults)


@dataclass(frozen=True)
class GivenBack:
    """One workbook on its way back: what it is about, and the names (in 退回/) of the copy ("" none) and the letter."""

    back: Return
    copy: str
    letter: str


def returns(outcome: Outcome) -> list[Return]:
    """Return what goes back, in the order of the files."""
    problems = _by_file(outcome.problems)
    rows = _by_path(records(outcome.rollcall))
    stay = {path for path, _ in outcome.questionnaires.exports}
    named = _names(records(outcome.rollcall))
    files = [
        file
        for file in outcome.files
        if file.path not in stay
        and not _is_nobodys(file, problems[file.path], named)
        and _goes_back(file, problems[file.path], rows.get(file.path, ()))
    ]
    stems = unique([_stem(file, rows.get(file.path, ())) for file in files], STEM)
    label = outcome.settings.round.label
    titles = {form.kind: form.title for scheme in outcome.schemes.values() for form in forms_of(scheme, label)}
    paths = sorted((file.path for file in outcome.files), key=len, reverse=True)
    backs = []
    for file, stem in zip(files, stems, strict=True):
        known = _known(rows.get(file.path, ()))
        owner, title = (known["owner"], known["form"]) if known else ("", titles.get(file.kind, ""))
        whose = (known["unit"], known["rater"]) if known else ("", "")
        backs.append(Return(file, stem, owner, title, faults_of(problems[file.path], paths), *whose))
    return backs


Rows = Sequence[Mapping[str, Any]]
"""Rows of the roll-call."""


def _by_file(problems: Iterable[Problem]) -> Mapping[str, list[Problem]]:
    found: defaultdict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        found[problem.file].append(problem)
    return found


def _by_path(rollcall: Rows) -> Mapping[str, Rows]:
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rollcall:
        for path in row["files"]:
            found[path].append(row)
    return found


def _names(rollcall: Rows) -> frozenset[str]:
    """Return by what a file's name may say that it is a form: names and codes of those who owe one, titles of forms."""
    rows = [row for row in rollcall if row["form"]]
    told = {normal(row[name]) for row in rows for name in ("owner", "unit", "rater", "form")}
    return frozenset(name for name in told if len(name) > 1)


def _is_nobodys(file: InputFile, problems: Iterable[Problem], named: Iterable[str]) -> bool:
    """Say whether a file that was not read is no form, as far as its name tells."""
    codes = {problem.code for problem in problems}
    if file.kind or not any(code.startswith(UNOPENED) or code in UNREAD for code in codes):
        return False
    path = normal(file.path)
    return not path.endswith(SHEETS) or not any(name in path for name in named)


def _goes_back(file: InputFile, problems: Sequence[Problem], rows: Rows) -> bool:
    copy = any(problem.code == TWICE and not problem.cell for problem in problems)
    needless = not file.taken and bool(rows) and all(row["status"] == IN for row in rows)
    mended_elsewhere = copy or needless or file.kind in (QUESTIONNAIRE, COLUMNS)
    return any(level_of(problem) in MEND for problem in problems) and not mended_elsewhere


def _known(rows: Rows) -> Mapping[str, Any] | None:
    """Return the one line of the roll-call that a file stands in; None for a book of many, or nobody's."""
    return rows[0] if len(rows) == 1 and rows[0]["form"] else None


def _stem(file: InputFile, rows: Rows) -> str:
    """Return the owner's code, name and form, as the forms handed out are named; else the name that the file has."""
    row = _known(rows)
    if row is None:
        return safe_name(PurePosixPath(file.path).stem, STEM)
    form = safe_name(row["form"], STEM // 2)
    owner = "_".join(dict.fromkeys(filter(None, (row["unit"] or row["rater"], row["owner"]))))
    return f"{safe_name(owner, STEM - 1 - len(form.encode()))}_{form}"


def faults_of(problems: Iterable[Problem], paths: Sequence[str] = ()) -> tuple[Fault, ...]:
    """Return a file's problems in words, without its path: those to be mended first, each told once.

    `paths`: those of all files, the longest first. What others sent in is nothing to a file's owner.
    """
    faults = {}
    for problem in problems:
        level, cells = level_of(problem), tuple(filter(_ADDRESS.fullmatch, problem.cell.split()))
        if level in MEND or (level == "warning" and cells):
            values = {key: _without_paths(value, paths) for key, value in problem.values.items()}
            line = describe(replace(problem, file="", values=values))
            fault = Fault(problem.sheet, cells, line, level in MEND)
            faults[problem.sheet, cells, fault.line.text] = fault
    sheets = list(dict.fromkeys(fault.sheet for fault in faults.values()))
    return tuple(sorted(faults.values(), key=lambda fault: _order(fault, sheets)))


ANOTHER: Final = "另一份表"


def _without_paths(text: str, paths: Sequence[str]) -> str:
    """Return words that name no file; a path has a dot before its ending, other words hardly ever."""
    for path in paths if "." in text else ():
        if path in text:
            text = text.replace(path, ANOTHER)
    return text.replace(f"{ANOTHER}、{ANOTHER}", ANOTHER)


def _order(fault: Fault, sheets: Sequence[str]) -> tuple[bool, bool, int, Position]:
    """Put what must be mended first, what concerns the whole file before that of a cell, then sheet by sheet down."""
    place = position_of(fault.cells[0]) if fault.cells else (-1, -1)
    return not fault.must, bool(fault.cells), sheets.index(fault.sheet), place
