"""One file → what it says: the whole of what the reading process does with a workbook."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dingji.checkcode import told_codes
from dingji.comparing import normal
from dingji.forms import columns_form, questionnaire_form
from dingji.forms.declare import SETTINGS, Form, Sheet
from dingji.forms.stamp import return_number
from dingji.problems import Problem, level_of
from dingji.read.csv_text import ONLY_SHEET
from dingji.read.file_kinds import Fault
from dingji.read.grid import Grid, text_of
from dingji.read.guard import MAX_FILE, large_kind
from dingji.read.handed_code import round_told, vouched
from dingji.read.handed_summary import summary_problems
from dingji.read.handed_words import heading_problems, word_problems
from dingji.read.heads import read_head_values
from dingji.read.layout import Layout, Page
from dingji.read.locate import (
    HeadValue,
    Located,
    is_read,
    locate_sheets,
    missing_columns,
    repeated_columns,
    suggested,
)
from dingji.read.open import open_file
from dingji.read.printed import untold_options
from dingji.read.questionnaire import Answers, Questionnaire, find_answers, read_questionnaire
from dingji.read.recognise import Plan, Recognised, against_head, letters_lost, recognise, stamp_texts, without_lists
from dingji.read.rows import Columns, Letters, Reading, columns_of, joined, row_of
from dingji.read.shapes import SHAPES
from dingji.read.sheet_each import OwnSheets, named, sheets_of_each, wrong_stamps
from dingji.read.sheets import read_roster
from dingji.read.straight import layout_of, learn, read_page
from dingji.read.unread_sheets import rivals, unread_sheets
from dingji.read.void_rows import void_file, void_names

STRAIGHT = True
"""Whether a form that keeps to a known layout is taken in whole columns; tests compare both ways of reading."""

HEAD = 4_096
"""Bytes by which a file is named that is too large to be read."""

TITLES = 3
"""Rows from the top in which a table made by hand may say its round."""

BALLOTS_TOLD = frozenset({"有效", "收回"})
"""Labels of the counts that a tally's votes are held against."""

KEPT_AS_TYPED = ("roster", questionnaire_form.KIND, columns_form.KIND, SETTINGS)
"""Kinds of form whose rows are no entries."""


@dataclass
class FileReading:
    """What one file says. `columns` are entry rows by field, before identities are settled.

    `code`, `name`, `rater` are the head's (or the stamp's); `roster` holds the sheets of a roster (or of 问卷对照表
    and 栏目对照), row by row; `letters` says by sheet where its columns stand. `questionnaire`: what an online export
    is; `awaited`: the branches whose ballots are in it while they cannot be read yet.
    """

    path: str
    sha256: str
    kind: str = ""
    title: str = ""
    scheme: str = ""
    source: str = ""
    code: str = ""
    name: str = ""
    rater: str = ""
    round: str = ""
    """The label of the round (`2026 年初`); of a result that of the round it tells, "" where it does not say."""
    head: dict[str, str] = field(default_factory=dict)
    head_cells: dict[str, str] = field(default_factory=dict)
    columns: Columns = field(default_factory=Columns)
    roster: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    letters: dict[str, Letters] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    questionnaire: Questionnaire | None = None
    awaited: tuple[str, ...] = ()
    returned: str = ""
    """退回号 that it carries, where it is the mended copy of a workbook given back."""

    @property
    def number(self) -> str:
        """Return the 退回号 that it gets when it is given back."""
        return return_number(self.sha256, self.code or self.name or self.rater)

    many: bool = False
    """Every row tells whose it is; the head says nothing of that."""
    parts: list[FileReading] = field(default_factory=list)
    """What a book of several forms (汇总录入) says, a reading a form that something was filled in of."""

    @property
    def all(self) -> list[FileReading]:
        """Return the reading and those of its parts."""
        return [self, *self.parts]

    @property
    def taken(self) -> bool:
        """Say whether the file was recognised and read."""
        return bool(self.columns)


def read_file(path: Path, shown: str, plan: Plan) -> FileReading:
    """Read one file; whatever is wrong with it is a problem in the outcome. `shown` is its path for people."""
    try:
        if _is_special(path):
            return FileReading(shown, "", problems=[Problem("E102", shown, values={"what": "链接或特殊文件"})])
        raw = _content(path)
    except (PermissionError, IsADirectoryError):  # of folders only those come here whose files cannot be listed
        return FileReading(shown, "", problems=[Problem("E116", shown)])
    if isinstance(raw, Fault):
        return FileReading(shown, "", problems=[Problem(raw.code, shown, values={"what": raw.what})])
    outcome = FileReading(shown, hashlib.sha256(raw).hexdigest())
    grids, problems, is_text = open_file(raw, shown)
    if grids:
        found = _read_grids(grids, plan, outcome)
        known, unknown = (found, problems or found) if is_text else (problems + found, found)
        problems = known if outcome.kind else unknown  # of a file that is nobody's form one line is enough
        if outcome.taken and not outcome.questionnaire:
            problems += [Problem("N121")] if is_text else []
            problems += void_file(shown)
    outcome.problems = [problem.in_file(shown) for problem in problems]
    for part in outcome.parts:
        part.problems = [problem.in_file(shown) for problem in part.problems]
    return outcome


def _is_special(path: Path) -> bool:
    """Say whether this is a link to nowhere or to a folder, a pipe, or the like."""
    return not path.is_file() and os.path.lexists(path) and (path.is_symlink() or not path.is_dir())


def _content(path: Path) -> bytes | Fault:
    """Return a file's bytes; of one above the cap only what it is, by its beginning: nobody waits for a film."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > MAX_FILE:
            return large_kind(file.read(HEAD))
        raw = file.read(size + 1)  # room is made for as much as is asked for
        if len(raw) > size:  # it grew in the meantime
            raw += file.read(MAX_FILE + 1 - len(raw))
    return raw if len(raw) <= MAX_FILE else large_kind(raw)


def _read_grids(sheets: Sequence[Grid], plan: Plan, outcome: FileReading) -> list[Problem]:
    if STRAIGHT and (problems := _read_straight(sheets, plan, outcome)) is not None:
        return problems
    grids, outcome.returned = without_lists(sheets)
    if not stamp_texts(grids) and (answers := find_answers(grids, plan.forms, certain=True)):
        return _read_answers(answers, plan, outcome)
    recognised, problems = recognise(grids, plan)
    if recognised is None:
        answers = None if problems else find_answers(grids, plan.forms, certain=False)
        return _read_answers(answers, plan, outcome) if answers else problems or [_unknown(grids)]
    return problems + _read_recognised(recognised, grids, problems, outcome, plan)


def _unknown(grids: Sequence[Grid]) -> Problem:
    return Problem("E668" if letters_lost(grids) else "W109")


def _read_straight(grids: Sequence[Grid], plan: Plan, outcome: FileReading) -> list[Problem] | None:
    """Read a form whose layout is known; None where it is another, or says what is to be looked at with care."""
    kept = layout_of(grids, plan)
    head = kept.layout.head(grids) if kept else None
    if head is None or (kept and kept.layout.form.kind == "survey" and not BALLOTS_TOLD & head.keys()):
        return None
    if kept is None or against_head(kept.stamp, kept.layout.form, head):
        return None
    form = kept.layout.form
    recognised = Recognised(form, kept.stamp, head)
    _set_form(form, outcome)
    _set_owner(recognised, outcome)
    _set_round(recognised, outcome)
    told = read_head_values(form, head)
    parts = [columns_of(told.rows)]
    for page, grid in zip(kept.layout.pages, grids, strict=True):
        if page.located:
            outcome.letters[grid.name] = page.letters
            parts.append(_read_page(kept.layout, page, replace(page.located, grid=grid), outcome, told.problems))
    return _taken(form, joined(parts), told.problems, outcome)


def _read_page(layout: Layout, page: Page, located: Located, outcome: FileReading, problems: list[Problem]) -> Columns:
    """Read a sheet in whole columns, or cell by cell where there is a word to say of it."""
    read = read_page(layout, page, located)
    if read is None:
        reading = _read_sheet(layout.form, located, outcome)
        read = columns_of(reading.rows), reading.problems
    problems += read[1]
    return read[0]


def _taken(form: Form, columns: Columns, problems: list[Problem], outcome: FileReading) -> list[Problem]:
    """Put what was read into the outcome, and return the problems; a survey without any answer is one more."""
    outcome.columns = columns
    if form.kind == "survey" and not outcome.many and not {"mark", "votes"} & set(columns["part"]):
        problems.append(Problem("E411"))
    return problems


def _read_answers(answers: Answers, plan: Plan, outcome: FileReading) -> list[Problem]:
    """Read an online questionnaire's export, as ballots where it was confirmed how."""
    found, form, reading = read_questionnaire(answers, plan.forms, plan.questionnaires)
    outcome.questionnaire = found
    _set_form(form, outcome)
    outcome.round = form.round
    if reading is None:
        return []
    outcome.columns = columns_of(reading.rows)
    return reading.problems


def _set_form(form: Form, outcome: FileReading) -> None:
    outcome.kind, outcome.title, outcome.scheme, outcome.source = (
        form.kind,
        form.title,
        form.scheme,
        form.source,
    )


def _read_recognised(
    recognised: Recognised, grids: Sequence[Grid], problems: Sequence[Problem], outcome: FileReading, plan: Plan
) -> list[Problem]:
    form = recognised.form
    _set_form(form, outcome)
    _set_owner(recognised, outcome)
    _set_round(recognised, outcome)
    if form.kind == "result":
        outcome.round = round_told(_round_words(recognised, grids), plan.round) or outcome.round
    if any(level_of(problem) == "refuse" for problem in problems):
        return []
    printed = recognised.stamp is not None and recognised.stamp.fingerprint == form.fingerprint
    if form.parts:
        return _read_parts(form, grids, outcome, printed=printed)
    if owners := sheets_of_each(form, grids):
        return _read_each(form, owners, grids, outcome)
    located = [found for found in locate_sheets(form, grids) if found and not _mistaken(found)]
    if lacking := _missing_sheets(form, located, grids):
        return [problem for found in located for problem in missing_columns(found, printed=printed)] + lacking
    if rival := rivals(form, located, grids):
        return rival
    found = _read_located(form, located, recognised.head, outcome, printed=printed)
    if form.kind == "result" and outcome.taken:
        found += _held_against_itself(recognised, located[0], grids, outcome, plan)
    ours = form.kind == "result" and recognised.stamp is not None  # the other sheets of 分类定级结果.xlsx are none
    unread = [] if ours else unread_sheets(form, [found.grid.name for found in located], grids)
    unread += _absent_facts(form, located) if recognised.stamp else []
    if STRAIGHT and outcome.taken and form.kind != "result" and not (problems or unread or outcome.returned):
        learn(recognised, grids, located, plan)
    return found + unread


def _held_against_itself(
    recognised: Recognised, located: Located, grids: Sequence[Grid], outcome: FileReading, plan: Plan
) -> list[Problem]:
    """Return what is to be said of a result by its own codes; note in `outcome` what no code vouches for."""
    lower = outcome.round == plan.round
    written = told_codes(recognised.stamp.fingerprint) if recognised.stamp else []
    noted, doubts = vouched(located, outcome.columns, plan.grades, lower=lower)
    if lower or written:
        doubts += heading_problems(located, written, plan.grades)
    doubts += word_problems(located, outcome.columns, written, plan.grades)
    doubts += _of_another_standard(recognised, outcome, plan)
    if lower:
        doubts += summary_problems(located, outcome.columns, grids, plan.grades)
    outcome.columns = joined([outcome.columns, noted])
    return doubts


def _read_each(form: Form, owners: Sequence[OwnSheets], grids: Sequence[Grid], outcome: FileReading) -> list[Problem]:
    """Read a form that a workbook has several times over, as a book whose every row tells whose it is."""
    outcome.code = outcome.name = outcome.rater = ""
    outcome.many = True
    whole = Reading()
    for own in owners:
        if wrong := wrong_stamps(form, own):
            whole.problems += wrong
            continue
        for found in own.located:
            outcome.letters[found.grid.name] = found.letters
        for reading in named(form, own, [_read_sheet(form, found, outcome) for found in own.located]):
            whole.add(reading)
    read = [found.grid.name for own in owners for found in own.located]
    return _taken(form, columns_of(whole.rows), whole.problems, outcome) + unread_sheets(form, read, grids)


def _read_parts(book: Form, grids: Sequence[Grid], outcome: FileReading, *, printed: bool) -> list[Problem]:
    """Read the forms of a book of several; of one page alone that keeps no name nobody can say which it is."""
    if [grid.name for grid in grids] == [ONLY_SHEET]:
        return [Problem("E117", values={"what": f"{book.title}的其他各页，.csv 只存得下一页，请交 .xlsx"})]
    parts = (_read_part(each, book, grids, outcome, printed=printed) for each in book.parts)
    outcome.parts = [part for part in parts if part]
    return unread_sheets(book, {name for part in outcome.parts for name in part.letters}, grids)


def _read_part(
    form: Form, book: Form, grids: Sequence[Grid], outcome: FileReading, *, printed: bool
) -> FileReading | None:
    """Read one form of a book of several; None where nothing of it was filled in, as though it had not come."""
    part = FileReading(outcome.path, outcome.sha256, form.kind, form.title, form.scheme, form.source, many=True)
    part.round = form.round
    located = [found for found in locate_sheets(form, grids, book) if found and not _mistaken(found)]
    part.problems = _read_located(form, located, {}, part, printed=printed)
    filled = bool(part.columns.get("part")) or any(part.roster.values())
    if filled and (lacking := _missing_sheets(form, located, grids)):
        part.columns, part.problems = Columns(), lacking
    return part if filled or part.problems else None


def _read_located(
    form: Form, located: Sequence[Located], head: Mapping[str, HeadValue], outcome: FileReading, *, printed: bool
) -> list[Problem]:
    """Read the sheets found into the outcome, and return the problems; nothing is read where a column is wanting."""
    lacking = [
        problem for found in located for problem in (*missing_columns(found, printed=printed), *repeated_columns(found))
    ]
    if lacking:
        return lacking
    headings = {(found.grid.name, str(found.header + 1)) for found in located}  # 会议名称 may head a column as well
    above = {label: value for label, value in head.items() if (value.sheet, row_of(value.cell)) not in headings}
    reading = read_head_values(form, above)
    for found in located:
        outcome.letters[found.grid.name] = found.letters
        reading.add(_read_sheet(form, found, outcome))
        reading.problems += void_names(form, found, reading.problems)
    if form.kind == "survey" and not BALLOTS_TOLD & head.keys():
        for found in located:
            untold_options(found, reading)
    return _taken(form, columns_of(reading.rows), reading.problems, outcome)


def _mistaken(found: Located) -> bool:
    """Say whether a sheet that may be left out was found only because another sheet has nearly its headings."""
    return found.sheet.optional and bool(found.missing) and normal(found.grid.name) != normal(found.sheet.name)


def _set_round(recognised: Recognised, outcome: FileReading) -> None:
    stamped = recognised.stamp.round if recognised.stamp else ""
    told = stamped or outcome.head.get("轮次", "")
    outcome.round = told if recognised.form.kind == "result" else recognised.form.round


def _of_another_standard(recognised: Recognised, outcome: FileReading, plan: Plan) -> list[Problem]:
    """Return a warning where a lower unit graded by a standard that this round has not."""
    known = {form.scheme: form.scheme_title for form in plan.forms}
    stamp = recognised.stamp
    if stamp is None or stamp.scheme in known or outcome.round != plan.round:
        return []
    return [Problem("W654", values={"other": stamp.scheme, "expected": "、".join(known.values())})]


def _round_words(recognised: Recognised, grids: Sequence[Grid]) -> list[str]:
    """Return where a result says its round: its head, else, where it is a table made by hand, its titles."""
    if "轮次" in recognised.head or recognised.stamp:
        return [text_of(recognised.head["轮次"].value)] if "轮次" in recognised.head else []
    return [text for grid in grids for line in grid.rows[:TITLES] for text in line if isinstance(text, str)]


def _missing_sheets(form: Form, located: Sequence[Located], grids: Sequence[Grid]) -> list[Problem]:
    """Return a problem for every sheet that must be there; a survey may come as ballots or as their tally."""
    names = {found.sheet.name for found in located}
    if form.kind == "survey" and names:
        return []
    lacking = [sheet for sheet in form.sheets if not sheet.optional and sheet.name not in names]
    found = [one.grid.name for one in located]
    others = [grid.name for grid in grids if grid.name not in found]
    words = {sheet.name: "、".join(_needed(sheet)) for sheet in lacking}
    whats = [f"{name}（{columns}）{suggested(name, others)}" for name, columns in words.items()]
    return [Problem("E117", values={"what": what}) for what in whats]


def _absent_facts(form: Form, located: Sequence[Located]) -> list[Problem]:
    """Return a problem for every sheet of facts that a form was handed out with, and came back without."""
    there = {found.sheet.name for found in located}
    absent = [sheet.name for sheet in form.sheets if sheet.part == "fact" and sheet.name not in there]
    return [Problem("W239", values={"what": name, "lost": "该记在那里的事实没有核对"}) for name in absent]


def _needed(sheet: Sheet) -> list[str]:
    return [column.heading for column in sheet.columns if is_read(column) and not column.may_lack]


def _read_sheet(form: Form, found: Located, outcome: FileReading) -> Reading:
    if form.kind in KEPT_AS_TYPED:
        reading = read_roster(found)
        for row in reading.rows:
            row.extra |= {"sheet": row.sheet, "cell": row.cell}
        told = [row.extra for row in reading.rows if form.kind != SETTINGS or row.extra["told"]]
        outcome.roster[found.sheet.name] = told
        return Reading(problems=reading.problems)
    return SHAPES[found.sheet.shape](found)


def _set_owner(recognised: Recognised, outcome: FileReading) -> None:
    """Whose form it is: as the head says, else as the stamp does."""
    head = {label: text_of(value.value) for label, value in recognised.head.items()}
    who = recognised.stamp.who if recognised.stamp else ""
    outcome.head = head
    outcome.head_cells = {label: f"{value.sheet} {value.cell}" for label, value in recognised.head.items()}
    if recognised.form.owner == "unit":
        outcome.code, outcome.name = head.get("党组织编码", "") or who, head.get("党组织名称", "")
    elif recognised.form.owner == "rater":
        outcome.rater = who or head.get("评委", "")


def all_forms(readings: Sequence[FileReading]) -> list[FileReading]:
    """Return a reading a form; of a book of several first its own, which says what is wrong with the book."""
    return [each for reading in readings for each in reading.all]


def refused(reading: FileReading) -> bool:
    """Say whether a file was refused as a whole."""
    return not reading.taken and any(level_of(problem) == "refuse" for problem in reading.problems)
