"""An online questionnaire's export: what its columns are, and its answers as ballots once that is confirmed.

Runs in the reading process: of columns that are not asked about nothing but the heading leaves it, and of the others
no answer that could tell a person.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Final

from dingji.comparing import normal
from dingji.forms.declare import ABSTAIN, Column, Form
from dingji.forms.questionnaire_form import BRANCH, GROUP, UNUSED, Target, group_column, targets
from dingji.read.cells import read_mark
from dingji.read.grid import CellValue, Grid, address, text_of
from dingji.read.lines import Cell
from dingji.read.locate import Located
from dingji.read.questionnaire_headings import heading_row, is_private, propose, tidy
from dingji.read.rows import Reading, Row
from dingji.read.sheets import read_marks

WHOLE_FILE: Final = "（整个文件）"
NOT_ANSWERED = frozenset(normal(text) for text in ("(跳过)", "(空)", "(未答)", "(未填)", "（未作答）"))
"""What a platform writes where a question was not answered."""
SEVERAL = "┋"
"""What stands between two answers to one question."""

_TELLS_WHO = re.compile(
    r"(?<!\d)1[3-9]\d{9}(?!\d)|\d{17}[\dXx]|[^@\s]+@[^@\s]+\.[^@\s]+|\d{1,3}(?:\.\d{1,3}){3}|\d{4}[-/年]\d{1,2}[-/月]\d{1,2}"
)
FREE_LENGTH, FREE_VALUES = 30, 20
"""Answers longer than this, or more different ones, are words of a person's own and no choice."""
BRANCH_LENGTH, BRANCH_VALUES = 60, 5000


@dataclass(frozen=True)
class Answered:
    """A column: its letters, heading, what it is taken for, whether it is private, its answers with their number."""

    letter: str
    heading: str
    target: str = UNUSED
    private: bool = False
    answers: tuple[tuple[str, int], ...] = ()
    unknown: tuple[tuple[str, int], ...] = ()
    """Answers that the standard words otherwise, or as a code, and that nobody has confirmed."""


@dataclass(frozen=True)
class Questionnaire:
    """What an export is, as far as the office must know it: `number` is the same for exports with the same headings."""

    number: str
    sheet: str
    header: int
    rows: int
    columns: tuple[Answered, ...]

    def place(self, letter: str) -> str:
        """Return the address of a column's heading."""
        return f"{letter}{self.header + 1}"

    def of(self, target: str) -> Answered | None:
        """Return the column that is taken for something."""
        return next((column for column in self.columns if column.target == target), None)


@dataclass(frozen=True)
class Confirmed:
    """What the office has confirmed of an export: by letter what a column is, and by letter and answer the option."""

    targets: Mapping[str, str]
    options: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """The sheet with the answers, found: its grid, the row of its headings, and the rows of answers."""

    grid: Grid
    header: int

    @property
    def headings(self) -> dict[str, str]:
        """Return the headings by column letters."""
        line = ((place, text_of(value)) for place, value in enumerate(self.grid.rows[self.header]))
        return {address(0, place)[:-1]: text for place, text in line if text}

    @property
    def rows(self) -> list[int]:
        """Return the rows in which somebody answered; a lonely cell is a remark."""
        below = range(self.header + 1, len(self.grid.rows))
        return [row for row in below if sum(text_of(value) != "" for value in self.grid.rows[row]) > 1]

    def values(self, letter: str) -> list[CellValue]:
        """Return what was answered in a column, blank answers left out."""
        place = _place(letter)
        found = (self.grid.value(row, place) for row in self.rows)
        return [value for value in found if not _blank(value)]


def find_answers(grids: Sequence[Grid], forms: Sequence[Form], *, certain: bool) -> Answers | None:
    """Find the sheet of an export in a workbook without a stamp; None where there is none."""
    questions = [target.column.heading for target in targets(forms).values()]
    for grid in grids if questions else ():
        header = heading_row(grid.rows, questions, certain=certain)
        if header is not None:
            return Answers(grid, header)
    return None


def read_questionnaire(
    answers: Answers, forms: Sequence[Form], mappings: Mapping[str, Confirmed]
) -> tuple[Questionnaire, Form, Reading | None]:
    """Return what an export is, the survey that it answers, and its ballots where all of it was confirmed."""
    asked = targets(forms)
    headings = answers.headings
    number = f"WJ{hashlib.sha256(chr(10).join(map(normal, headings.values())).encode()).hexdigest()[:6].upper()}"
    confirmed = mappings.get(number)
    chosen = confirmed.targets if confirmed else _proposed(answers, headings, asked)
    options = confirmed.options if confirmed else {}
    form = _survey(chosen, asked)
    columns = tuple(_answered(answers, letter, chosen.get(letter, UNUSED), asked, form, options) for letter in headings)
    found = Questionnaire(number, answers.grid.name, answers.header, len(answers.rows), columns)
    settled = confirmed and not any(
        column.unknown or (column.private and column.target != UNUSED) for column in columns
    )
    return found, form, _ballots(answers, found, asked, options) if settled else None


def _proposed(answers: Answers, headings: Mapping[str, str], asked: Mapping[str, Target]) -> dict[str, str]:
    given = {letter: [text_of(value) for value in answers.values(letter)] for letter in headings}
    choices = {question: target.column.choices for question, target in asked.items()}
    return propose(headings, given, choices)


def _survey(chosen: Mapping[str, str], asked: Mapping[str, Target]) -> Form:
    """Return the survey that most columns answer, the first one where none does."""
    forms = [asked[target].form for target in chosen.values() if target in asked]
    keys = Counter((form.scheme, form.round, form.source) for form in forms)
    most = max(keys, key=lambda key: keys[key], default=None)
    first = next(iter(asked.values())).form
    return next((form for form in forms if (form.scheme, form.round, form.source) == most), first)


def _answered(
    answers: Answers,
    letter: str,
    target: str,
    asked: Mapping[str, Target],
    form: Form,
    options: Mapping[tuple[str, str], str],
) -> Answered:
    heading = tidy(answers.headings[letter])
    values = answers.values(letter) if target != UNUSED else []
    if is_private(heading) or any(_tells_who(value) for value in values):
        return Answered(letter, heading, target, private=True)
    if target == UNUSED:
        return Answered(letter, heading)
    counts = Counter(" ".join(text_of(value).split()) for value in values)
    listed = tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    if target == BRANCH:
        free = _is_free(counts, BRANCH_LENGTH, BRANCH_VALUES)
    else:
        free = _is_free(counts, FREE_LENGTH, FREE_VALUES) and not _is_mark(target, asked)
    if free:
        return Answered(letter, heading, target, private=True)
    if _is_mark(target, asked):
        listed = tuple(item for item in listed if len(item[0]) <= FREE_LENGTH)
    unknown = [item for item in listed if _is_unknown(letter, item[0], target, asked, form, options)]
    return Answered(letter, heading, target, answers=listed, unknown=tuple(unknown))


def _is_free(counts: Mapping[str, int], longest: int, most: int) -> bool:
    return len(counts) > most or any(len(text) > longest for text in counts)


def _tells_who(value: CellValue) -> bool:
    """Say whether an answer is a telephone number, an address on the net, a time: nothing that a survey asks."""
    return isinstance(value, date | time | timedelta) or bool(_TELLS_WHO.search(text_of(value)))


def _is_mark(target: str, asked: Mapping[str, Target]) -> bool:
    return target in asked and asked[target].column.reads == "mark"


def _is_unknown(
    letter: str,
    text: str,
    target: str,
    asked: Mapping[str, Target],
    form: Form,
    options: Mapping[tuple[str, str], str],
) -> bool:
    """Say whether an answer is none that the standard knows, nor confirmed to mean one."""
    if _is_mark(target, asked):
        return is_skipped(text, asked[target].column) and (letter, normal(text)) not in options
    choices = choices_of(target, asked, form)
    known = {normal(choice) for choice in choices}
    taken = [options.get((letter, normal(part)), part) for part in text.split(SEVERAL)]
    return bool(choices) and not all(normal(part) in known for part in taken)


def is_skipped(text: str, column: Column) -> bool:
    """Say whether an answer is a code (-3) by which a platform says that there is none: below all that may be given."""
    return column.low is not None and read_mark(text, column.low, None).problem == "E202"


def choices_of(target: str, asked: Mapping[str, Target], form: Form) -> tuple[str, ...]:
    """Return what may be answered in a column taken for something; nothing where any mark or branch may stand."""
    if target == GROUP:
        return group_column(form).choices
    if _is_mark(target, asked):
        return (ABSTAIN,)
    return asked[target].column.choices if target in asked else ()


def _place(letter: str) -> int:
    place = 0
    for sign in letter:
        place = place * 26 + ord(sign) - 64
    return place - 1


def _blank(value: CellValue) -> bool:
    return normal(text_of(value)) in {"", *NOT_ANSWERED}


# --- ballots ----------------------------------------------------------------------------------------------


def _ballots(
    answers: Answers,
    found: Questionnaire,
    asked: Mapping[str, Target],
    options: Mapping[tuple[str, str], str],
) -> Reading:
    """Turn every answer into a ballot, as one typed into 测评票, for each survey that the questionnaire asks."""
    reading = Reading()
    by_form: dict[int, list[tuple[Column, Answered]]] = {}
    for column in found.columns:
        if column.target in asked:
            target = asked[column.target]
            by_form.setdefault(id(target.form), []).append((target.column, column))
    forms = {id(target.form): target.form for target in asked.values()}
    for key, columns in by_form.items():
        _read_form(answers, found, forms[key], columns, options, reading)
    return reading


def _read_form(
    answers: Answers,
    found: Questionnaire,
    form: Form,
    columns: Sequence[tuple[Column, Answered]],
    options: Mapping[tuple[str, str], str],
    reading: Reading,
) -> None:
    branch, group = found.of(BRANCH), found.of(GROUP)
    used = [column for _, column in columns] + [column for column in (branch, group) if column]
    grid = _in_our_words(answers, used, options)
    located = Located(form.sheets[0], grid, answers.header, tuple((own, _place(each.letter)) for own, each in columns))
    known = group_column(form).choices
    for row in answers.rows:
        base = Row(rater=f"第{row + 1}行", sheet=grid.name, source=form.source)
        if branch:
            base.name, base.who_cell = text_of(grid.value(row, _place(branch.letter))), f"{branch.letter}{row + 1}"
        if group and known:
            said = normal(text_of(grid.value(row, _place(group.letter))))
            base.group = next((choice for choice in known if normal(choice) == said), "")
        read_marks(base, [Cell(located, column, row, place) for column, place in located.places], reading, ballots=True)


def _in_our_words(answers: Answers, used: Sequence[Answered], options: Mapping[tuple[str, str], str]) -> Grid:
    """Return the grid with the columns used only, and their answers as the office has confirmed them to mean."""
    rows: list[list[CellValue]] = [list(line) for line in answers.grid.rows[: answers.header + 1]]
    width = len(answers.grid.rows[answers.header])
    for row in range(answers.header + 1, len(answers.grid.rows)):
        line: list[CellValue] = [""] * width
        for column in used:
            place = _place(column.letter)
            value = answers.grid.value(row, place)
            line[place] = "" if _blank(value) else _meant(column, value, options)
        rows.append(line)
    return replace(answers.grid, rows=rows)


def _meant(column: Answered, value: CellValue, options: Mapping[tuple[str, str], str]) -> CellValue:
    """Return an answer as the standard words it; several to one question stand apart as a person would type them."""
    text = " ".join(text_of(value).split())
    parts = text.split(SEVERAL)
    meant = [options.get((column.letter, normal(part)), part) for part in parts]
    return value if meant == parts and len(parts) == 1 else "、".join(meant)
