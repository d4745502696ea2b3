"""内部/问卷对照表.xlsx: what the program takes an export's columns for, to be confirmed and put into input/.

What the office has typed into an earlier copy stands in the new one; no answer but those that a survey may ask for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from dingji.comparing import normal
from dingji.forms.catalogue import forms_of
from dingji.forms.declare import ABSTAIN
from dingji.forms.filling import Cells, Filling
from dingji.forms.questionnaire_form import BRANCH, BRANCHES, OPTIONS, TITLE, UNUSED, questionnaire_forms
from dingji.forms.write import write_form
from dingji.intake.questionnaire_ballots import is_known
from dingji.intake.questionnaire_mapping import Line
from dingji.numbers import decimal_of
from dingji.outcome import Outcome
from dingji.read.questionnaire import WHOLE_FILE, Answered, Questionnaire
from dingji.roster import ACTIVE, Directory

QUESTIONNAIRES: Final = f"内部/{TITLE}.xlsx"
NOT_READ: Final = "（不读取）"
SAMPLES = 3


def questionnaire_book(outcome: Outcome) -> dict[str, bytes]:
    """Return 问卷对照表 by its path, nothing where no export is in input/."""
    exports = outcome.questionnaires.exports
    settings = outcome.settings
    forms = [
        form
        for scheme in outcome.schemes.values()
        for name, _ in scheme.rounds_taken(settings.round.name)
        for form in forms_of(scheme, f"{settings.round.year} {name}")
    ]
    branches = outcome.branches[outcome.branches["state"].isin(ACTIVE)]
    called = tuple(f"{unit} {name}" for unit, name in zip(branches["unit"], branches["name"], strict=True))
    declared = questionnaire_forms(forms, called)
    if not exports or not declared:
        return {}
    distinct = list({export.number: export for _, export in reversed(exports)}.values())[::-1]
    rows = {
        TITLE: [row for export in distinct for row in _columns(outcome, export)],
        OPTIONS: list(_options(outcome)),
        BRANCHES: list(_branches(outcome, Directory.of(outcome.branches))),
    }
    filling = Filling(rows={name: listed for name, listed in rows.items() if listed}, office=settings.office.name)
    return {QUESTIONNAIRES: write_form(declared[0], filling)}


def _said(line: Line | None, heading: str, otherwise: str = "", confirmed: str = "") -> Cells:
    """Return what the office has typed into a line, or what the program proposes."""
    if line is None:
        return {heading: otherwise, "确认": confirmed}
    return {heading: line.said or otherwise, "确认": "是" if line.confirmed else ""}


def _columns(outcome: Outcome, export: Questionnaire) -> Iterator[Cells]:
    for column in export.columns:
        line = outcome.questionnaires.typed.columns.get((export.number, column.letter))
        proposed = UNUSED if column.private else column.target
        yield {
            "问卷": export.number,
            "列": column.letter,
            "问卷列标题": column.heading,
            "样例": _sample(column),
            **_said(line, "识别为", proposed, "是" if column.private else ""),
        }


def _sample(column: Answered) -> str:
    if column.private:
        return NOT_READ
    shown = "、".join(f"{text}（{count}份）" for text, count in column.answers[:SAMPLES])
    return f"{shown}……" if len(column.answers) > SAMPLES else shown


def _options(outcome: Outcome) -> Iterator[Cells]:
    """Yield every answer in other words, with what was said of it; answers confirmed before stay in the list."""
    typed = outcome.questionnaires.typed.options
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for _, export in outcome.questionnaires.exports:
        for column in export.columns:
            open_ = dict(column.unknown)
            for text, count in column.answers:
                if text in open_ or (export.number, column.letter, normal(text)) in typed:
                    counts[export.number, column.letter, column.heading, text] += count
    for (number, letter, heading, text), count in counts.items():
        own: Cells = {"问卷": number, "列": letter, "问卷列标题": heading, "问卷选项": text, "份数": count}
        yield {**own, **_said(typed.get((number, letter, normal(text))), "标准选项", _skipped(text))}


def _skipped(text: str) -> str:
    """Propose for a code below nought (-3), by which platforms say that nothing was answered, that nothing was."""
    code = decimal_of(text)
    return ABSTAIN if code is not None and code < 0 else ""


def _branches(outcome: Outcome, directory: Directory) -> Iterator[Cells]:
    """Yield every branch written in a way that cannot be taken as it is, and every file that names none."""
    typed = outcome.questionnaires.typed
    counts: Counter[tuple[str, str, str]] = Counter()
    for path, export in outcome.questionnaires.exports:
        column = export.of(BRANCH)
        if column is None:
            counts[export.number, path, WHOLE_FILE] = export.rows
        for text, count in column.answers if column else ():
            if not is_known(text, directory) or typed.branch(export.number, path, text):
                counts[export.number, "", text] += count
    for (number, file, text), count in counts.items():
        own: Cells = {"问卷": number, "文件": file, "问卷中的写法": text, "份数": count}
        hint = _named_in(file, directory) if file else directory.suggest(text).removeprefix("；")
        yield {**own, "提示": hint, **_said(typed.branch(number, file, text), "党组织")}


def _named_in(file: str, directory: Directory) -> str:
    """Return the one branch that a file's name speaks of, as a hint: a name within a longer one is none."""
    stem = normal(file.rpartition("/")[2])
    found = [unit for unit, name in directory.names.items() if normal(unit) in stem or normal(name) in stem]
    return f"是不是 {found[0]} {directory.names[found[0]]}" if len(found) == 1 else ""
