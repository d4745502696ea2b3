"""问卷对照表 against the exports: what the office has confirmed, what is still open, and what cannot be so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dingji.comparing import normal
from dingji.forms.declare import Form
from dingji.forms.questionnaire_form import (
    BRANCHES,
    GROUP,
    KIND,
    OPTIONS,
    TITLE,
    UNUSED,
    Target,
    group_column,
    targets,
)
from dingji.problems import Problem
from dingji.read.questionnaire import WHOLE_FILE, Answered, Confirmed, Questionnaire, choices_of
from dingji.read.reading import FileReading

Key = tuple[str, ...]
"""Number of the questionnaire, then column letters, an answer, or a file: as the sheet has them, for comparing."""


@dataclass(frozen=True)
class Line:
    """A line of 问卷对照表 or 栏目对照: what it says, whether that is confirmed, and where it stands."""

    said: str
    confirmed: bool
    file: str
    sheet: str
    cell: str

    def problem(self, code: str, subject: str, **values: str) -> Problem:
        """Return a problem at this line."""
        return Problem(code, self.file, self.sheet, self.cell, subject=subject, found=self.said, values=values)


@dataclass(frozen=True)
class Typed:
    """All that the office has typed into its 问卷对照表: by column, by answer, by branch as written."""

    columns: Mapping[Key, Line] = field(default_factory=dict)
    options: Mapping[Key, Line] = field(default_factory=dict)
    branches: Mapping[Key, Line] = field(default_factory=dict)

    def branch(self, number: str, file: str, answer: str) -> Line | None:
        """Return the line on a branch as a questionnaire writes it; on a whole file, where the answer is that."""
        return self.branches.get((number, normal(file) if answer == WHOLE_FILE else "", normal(answer)))


def typed_lines(readings: Iterable[FileReading]) -> tuple[Typed, list[Problem]]:
    """Gather every 问卷对照表; where two confirm different things, neither counts and both are named."""
    problems: list[Problem] = []
    books = [reading for reading in readings if reading.kind == KIND and reading.taken]
    told = Contradictions("E133", problems)
    parts = [
        lines_of(books, TITLE, ("number", "letter"), "target", told),
        lines_of(books, OPTIONS, ("number", "letter", "answer"), "option", told),
        lines_of(books, BRANCHES, ("number", "file", "answer"), "branch", told),
    ]
    return Typed(*parts), problems


@dataclass(frozen=True)
class Contradictions:
    """Where two books confirm different things: the code by which that is told, and the problems found so far."""

    code: str
    problems: list[Problem]


def lines_of(
    books: Sequence[FileReading], sheet: str, keys: tuple[str, ...], said: str, told: Contradictions
) -> dict[Key, Line]:
    """Gather a sheet of all books by these keys: what each line says under `said`, and whether that is confirmed."""
    found: dict[Key, Line] = {}
    for book in books:
        for row in book.roster.get(sheet, []):
            key = tuple(
                row.get(name, "") if name in ("number", "letter") else normal(row.get(name, "")) for name in keys
            )
            line = Line(
                row.get(said, ""),
                row.get("confirmed") == "是",
                book.path,
                row["sheet"],
                row.get(f"{said}@", row["cell"]),
            )
            other = found.get(key)
            if other and other.confirmed and line.confirmed and other.said != line.said:
                what = f"{other.file} 确认为“{other.said}”，这里确认为“{line.said}”"
                told.problems.append(line.problem(told.code, row.get("answer") or row.get("heading", ""), what=what))
                found[key] = replace(line, confirmed=False)
            elif other is None or line.confirmed:
                found[key] = line
    return found


Read = Callable[[Mapping[str, Confirmed], Sequence[str]], list[FileReading]]
"""Reads the files of these paths again, now that it is known what their columns are."""


def confirm_questionnaires(readings: list[FileReading], forms: Sequence[Form], read: Read) -> list[FileReading]:
    """Hold 问卷对照表 against the exports; read those again that are confirmed, say of the others what is open."""
    exports = {reading.path: reading.questionnaire for reading in readings if reading.questionnaire}
    typed, problems = typed_lines(readings)
    problems += _stale(typed, {export.number for export in exports.values()})
    confirmed: dict[str, Confirmed] = {}
    wanted: list[str] = []
    for path, export in exports.items():
        found, settled = _settled(export, typed, path, targets(forms))
        problems += found
        if settled:
            confirmed[export.number] = settled
            wanted.append(path)
    again = {reading.path: reading for reading in read(confirmed, wanted)} if wanted else {}
    for reading in again.values():
        problems += _open_answers(reading)
    by_file: defaultdict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_file[problem.file].append(problem)
    read_now = (again.get(reading.path, reading) for reading in readings)
    return [replace(reading, problems=[*reading.problems, *by_file[reading.path]]) for reading in read_now]


def _stale(typed: Typed, numbers: set[str]) -> list[Problem]:
    """Return a warning for every questionnaire of a 问卷对照表 that no file in input has the headings of."""
    lines = {(line.file, key[0]): line for key, line in typed.columns.items() if key[0] not in numbers}
    return [Problem("W137", file, line.sheet, subject=number, values={}) for (file, number), line in lines.items()]


def _settled(
    export: Questionnaire, typed: Typed, path: str, asked: Mapping[str, Target]
) -> tuple[list[Problem], Confirmed | None]:
    """Return what is wrong or open with what an export's columns are, and what they are where nothing is."""
    lines = {column.letter: typed.columns.get((export.number, column.letter)) for column in export.columns}
    said = {letter: line.said for letter, line in lines.items() if line and line.confirmed and line.said}
    waiting = [column for column in export.columns if not column.private and column.letter not in said]
    if waiting:
        values = {"rows": str(export.rows), "what": _waiting_words(waiting, said)}
        return [Problem("E130", path, export.sheet, subject=f"问卷 {export.number}", values=values)], None
    chosen = {letter: target for letter, target in said.items() if target != UNUSED}
    problems = [
        _private(export, path, column) for column in export.columns if column.private and column.letter in chosen
    ]
    problems += _contradictions(export, path, chosen, asked)
    problems += [_lacking(export, path, what) for what in _missing(chosen, asked)]
    options, found = _options(export, typed, chosen, asked)
    problems += found
    return problems, None if problems else Confirmed(chosen, options)


def _waiting_words(waiting: Sequence[Answered], said: Mapping[str, str]) -> str:
    if not said:
        return "各列是什么还没有确认"
    letters = "、".join(column.letter for column in waiting)
    return f"还有 {len(waiting)} 列没有确认（{letters}）"


def _private(export: Questionnaire, path: str, column: Answered) -> Problem:
    return Problem("E134", path, export.sheet, export.place(column.letter), subject=column.heading)


def _lacking(export: Questionnaire, path: str, what: str) -> Problem:
    return Problem("E132", path, export.sheet, subject=f"问卷 {export.number}", values={"what": what})


def _contradictions(
    export: Questionnaire, path: str, chosen: Mapping[str, str], asked: Mapping[str, Target]
) -> Iterator[Problem]:
    letters: defaultdict[str, list[str]] = defaultdict(list)
    for letter, target in chosen.items():
        letters[target].append(letter)
    for target, twice in letters.items():
        if len(twice) > 1:
            yield _against(export, path, f"{'、'.join(twice)} 列都认作“{target}”")
    standards = {
        (asked[target].form.scheme_title, asked[target].form.round) for target in chosen.values() if target in asked
    }
    if len(standards) > 1:
        yield _against(export, path, "一份问卷里有几个标准或几个轮次的题，须分成几份")


def _against(export: Questionnaire, path: str, what: str) -> Problem:
    return Problem("E133", path, export.sheet, subject=f"问卷 {export.number}", values={"what": what})


def _missing(chosen: Mapping[str, str], asked: Mapping[str, Target]) -> list[str]:
    """Return what the surveys that the questionnaire answers ask, and no column is."""
    used = {_key(asked[target].form) for target in chosen.values() if target in asked}
    if not used and len({_key(target.form) for target in asked.values()}) > 1:
        return ["测评的题"]
    forms = {_key(target.form): target.form for target in asked.values() if not used or _key(target.form) in used}
    missing = [name for name, target in asked.items() if _key(target.form) in forms and name not in chosen.values()]
    grouped = any(group_column(form).choices for form in forms.values())
    return missing + ([GROUP] if grouped and GROUP not in chosen.values() else [])


def _key(form: Form) -> tuple[str, str, str]:
    return form.scheme, form.round, form.source


def _options(
    export: Questionnaire, typed: Typed, chosen: Mapping[str, str], asked: Mapping[str, Target]
) -> tuple[dict[tuple[str, str], str], list[Problem]]:
    """Return the options confirmed by column and answer; one that its question does not have is refused."""
    form = next((asked[target].form for target in chosen.values() if target in asked), None)
    options: dict[tuple[str, str], str] = {}
    problems = []
    for (number, letter, answer), line in typed.options.items():
        if form is None or number != export.number or not line.confirmed or letter not in chosen:
            continue
        choices = choices_of(chosen[letter], asked, form)
        if line.said in choices:
            options[letter, answer] = line.said
        elif choices:
            problems.append(line.problem("E133", answer, what=f"“{line.said}”不是“{chosen[letter]}”的选项"))
    return options, problems


def _open_answers(reading: FileReading) -> list[Problem]:
    """Return a problem for every answer that nobody has said the meaning of, and for columns that are private."""
    export = reading.questionnaire
    problems: list[Problem] = []
    if export is None:
        return problems
    for column in export.columns:
        place = (reading.path, export.sheet, export.place(column.letter))
        if column.private and column.target != UNUSED:
            problems.append(_private(export, reading.path, column))
        problems += [
            Problem("E131", *place, subject=column.heading, found=text, values={"count": str(count)})
            for text, count in column.unknown
        ]
    return problems
