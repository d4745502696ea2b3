"""What goes out from the lines of 整改台账: a branch's book and papers, 检查验收表, and what is carried on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from dingji.forms.filling import Cells, Filling, Value
from dingji.forms.ledger_form import (
    CODE_HEADING,
    DONE,
    HELP,
    LEADER,
    NAME_HEADING,
    NUMBER,
    PROBLEM,
    TITLE,
    TYPED,
    ledger_form,
)
from dingji.forms.write import write_form
from dingji.ledger.ledger import open_rows, row_of_line
from dingji.naming import unique
from dingji.reports.official.common import PEN, PEN_DATE, parent_folder, round_words
from dingji.reports.official.feedback import FEEDBACK, LETTER, STEM, Pages, stem_of
from dingji.reports.official.review import REVIEW, Reviews
from dingji.reports.rendering import Renderer
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import give, hidden_headings
from dingji.scheme.grades import PAPERS, Grade

INSPECTION: Final = "检查验收表"
MORE: Final = 2
"""Rows of a branch's own book for what it finds itself."""
OWN_PAPERS: Final = ("", LETTER, TITLE, *PAPERS)
"""What a branch gets, as `stem_of` names it."""
BLANK: Final = dict.fromkeys((NUMBER, PROBLEM, *TYPED), "")
Context = dict[str, Any]


def ledger_papers(pages: Pages, renderer: Renderer) -> dict[str, bytes]:
    """Return every branch's own papers of what it is to mend, and each parent unit's to inspect it by, by path."""
    units = [unit for unit in pages.units if has_ledger(pages, unit)]
    reviews = Reviews(pages)
    made: list[tuple[str, str, bytes]] = []
    for unit in units:
        made.append((stem_of(unit, pages.view.name(unit), TITLE), ".xlsx", own_book(pages, unit)))
        for paper in (paper for paper in papers_of(pages, unit) if paper != REVIEW or reviews.begun):
            raw = renderer.render_word(f"{paper}.docx", pledge_context(pages, unit, paper, reviews))
            made.append((stem_of(unit, pages.view.name(unit), paper), ".docx", raw))
    stems = unique([stem for stem, _, _ in made], STEM)
    files = {f"{FEEDBACK}/{stem}{ending}": raw for stem, (_, ending, raw) in zip(stems, made, strict=True)}
    return files | {
        f"上报/{INSPECTION}_{folder}.docx": renderer.render_word(f"{INSPECTION}.docx", context)
        for folder, context in inspections(pages, units)
    }


def has_ledger(pages: Pages, unit: str) -> bool:
    """Say whether a branch gets its book: its grade asks for something, or lines were there before.

    One that lost nothing does not; one from which its losses are withheld does, to write down what it finds itself.
    """
    lines, told = pages.mending(unit), pages.told(unit)
    before = any(mend.line.loss is None for mend in lines)
    asked = told.grade in pages.view.outcome.schemes[told.result["scheme"]].followed
    return before or (asked and (bool(lines) or not told.open))


def _grade(pages: Pages, unit: str) -> Grade | None:
    told = pages.told(unit)
    grades = pages.view.outcome.schemes[told.result["scheme"]].grades
    return next((grade for grade in grades if grade.name == told.grade), None)


def papers_of(pages: Pages, unit: str) -> list[str]:
    """Return which papers the standard gives a branch of its grade."""
    grade = _grade(pages, unit)
    return list(dict.fromkeys(grade.papers)) if grade else []


# --- the branch's own book --------------------------------------------------------------------------------


def own_book(pages: Pages, unit: str) -> bytes:
    """Return 整改台账 of a branch: its lines with what was typed so far, to be filled in and handed back."""
    view = pages.view
    told = pages.told(unit)
    branch = pages.branch(unit)
    lines = [row_of_line(mend.line, branch["name"], mend.problem, branch["leader"]) for mend in pages.mending(unit)]
    identity = {CODE_HEADING: unit, NAME_HEADING: branch["name"]}
    rows = [form_cells(row) for row in (*lines, *(identity for _ in range(MORE)))]
    form = ledger_form(view.outcome.schemes[told.result["scheme"]], view.outcome.settings.round.label)
    fixed = frozenset((NUMBER, CODE_HEADING, NAME_HEADING))
    office = view.outcome.settings.office.name
    return write_form(form, Filling(rows={TITLE: rows}, fixed=fixed, spare={TITLE: 0}, office=office))


def form_cells(row: Mapping[str, str]) -> Cells:
    """Return a row as cells of the form: the day on which something was done as a day, nothing for what is blank."""
    return {heading: _value(heading, text) for heading, text in row.items() if text}


def _value(heading: str, text: str) -> Value:
    return date.fromisoformat(text) if heading == DONE else text


def open_ledger(view: OutcomeView, label: str) -> bytes | None:
    """Return 整改台账.xlsx of the lines still open, to be put into the input of the round `label` (`2026 年终`).

    None where nothing is open.
    """
    rows = carried_rows(view)
    form = ledger_form(next(iter(view.outcome.schemes.values())), label)
    filling = Filling(rows={TITLE: [form_cells(row) for row in rows]}, office=view.outcome.settings.office.name)
    return write_form(form, filling) if rows else None


def carried_rows(view: OutcomeView) -> list[Mapping[str, str]]:
    """Return the lines still open as rows of the form, in words that branches may read: they are told them again.

    A loss that is withheld from its branch is carried on with its name alone, and only where somebody typed in it; a
    line without a loss was told to its branch before, whoever has it now.
    """
    hidden = hidden_headings(view)
    pages = Pages(view, give(view, hidden), hidden)
    told = {mend.line.number: mend.problem for unit in pages.units for mend in pages.mending(unit)}
    for line in (line for lines in view.ledger.lines.values() for line in lines if line.filled or not line.loss):
        told.setdefault(line.number, line.loss.title if line.loss else line.text(PROBLEM))
    names = {branch["unit"]: branch["name"] for branch in view.branches}
    return [row for row in open_rows(view.ledger, names, told) if row[NUMBER] in told]


# --- papers in Word ---------------------------------------------------------------------------------------


def pledge_context(pages: Pages, unit: str, paper: str, reviews: Reviews) -> Context:
    """Return the fields of a branch's 承诺书, 目标责任书 or 公开评诺表."""
    told, grade = pages.told(unit), _grade(pages, unit)
    scheme = pages.view.outcome.schemes[told.result["scheme"]]
    helped = dict.fromkeys(mend.line.text(HELP) for mend in pages.mending(unit))
    leaders = dict.fromkeys(mend.line.text(LEADER) for mend in pages.mending(unit))
    return {
        **pages.common,
        **(reviews.context(unit) if paper == REVIEW else {}),
        "标题": paper,
        "名称": pages.view.name(unit),
        "等次": told.grade,
        "要求": told.result["follow_up"],
        "台账": pages.mending_rows(unit) or [{**BLANK, "序号": str(number + 1)} for number in range(MORE)],
        "签字人": scheme.signer,
        "联系领导": "、".join(filter(None, leaders)) or pages.branch(unit)["leader"] or PEN,
        "帮扶措施": "；".join(filter(None, helped)),
        "走访": grade.visits if grade else "",
        "手填日期": PEN_DATE,
    }


def inspections(pages: Pages, units: list[str]) -> Iterator[tuple[str, Context]]:
    """Yield, for each parent unit with branches that have lines, how its paper is called, and the fields of it."""
    view = pages.view
    codes = {branch["name"]: branch["unit"] for branch in view.branches}
    for parent, branches in view.by_parent.items():
        own = [branch["unit"] for branch in branches if branch["unit"] in units]
        if own:
            rows = [{**row, "党组织": view.name(unit)} for unit in own for row in pages.mending_rows(unit)]
            yield (
                parent_folder(codes.get(parent, ""), parent),
                {
                    **pages.common,
                    "标题": f"{round_words(view.outcome)}整改{INSPECTION}",
                    "上级": parent or PEN,
                    "台账": rows,
                    "手填日期": PEN_DATE,
                },
            )
