"""审定表: what the committee decides on, filled from the outcome and readable back as the form it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dingji.forms.declare import Column
from dingji.forms.filling import Cells, Filling, Value
from dingji.forms.office_forms import decision_form
from dingji.forms.write import write_form
from dingji.numbers import exact, plain
from dingji.outcome import Outcome
from dingji.reports.overview import SEPARATOR, BranchLine, branch_lines
from dingji.reports.standing import UNGRADED, grade_of, moving
from dingji.reports.view import OutcomeView
from dingji.scheme.model import Scheme
from dingji.tables import records

TITLE = "审定表"
FIELDS = {"option": "审定等次", "reason": "理由", "date": "会议日期"}
"""Headings of the fields of a decision's own row; its other cells are rows named by their heading."""

COMPUTED = frozenset({"党组织编码", "党组织名称", "测算等次"})
"""Headings that are read back, and that nobody is to change here."""

Typed = dict[str, dict[str, str]]


def write_decisions(view: OutcomeView) -> dict[str, bytes]:
    """Return 审定表.xlsx by file name; a further standard's is 审定表_<id>.xlsx. None without grades."""
    outcome = view.outcome
    used = set(outcome.results["scheme"].tolist())
    schemes = [scheme for scheme in outcome.schemes.values() if scheme.grades and scheme.id in used]
    names = [TITLE if not number else f"{TITLE}_{scheme.id}" for number, scheme in enumerate(schemes)]
    return {f"{name}.xlsx": write_decision(view, scheme) for name, scheme in zip(names, schemes, strict=True)}


def write_decision(view: OutcomeView, scheme: Scheme | None = None) -> bytes:
    """Return 审定表 for the branches of a standard, the first one's where none is given."""
    outcome = view.outcome
    chosen = scheme or next(iter(outcome.schemes.values()))
    form = decision_form(chosen, outcome.settings.round.label)
    sheet = form.sheets[0]
    typed = typed_decisions(outcome)
    lines = (line for line in branch_lines(view) if line.scheme.id == chosen.id)
    rows = [_row(line, typed.get(line.branch["unit"], {}), sheet.columns) for line in lines]
    office = outcome.settings.office.name
    return write_form(form, Filling(rows={sheet.name: rows}, fixed=COMPUTED, office=office))


def _row(line: BranchLine, typed: Mapping[str, str], columns: tuple[Column, ...]) -> Cells:
    """Return a branch's row: what was typed before stays; the computed grade is today's."""
    own = {
        "党组织编码": line.branch["unit"],
        "党组织名称": line.branch["name"],
        "综合得分": line.result["composite"],
        "直接定级或限档情形": SEPARATOR.join([*moving(line.result), *line.result["notes"]]),
        "测算等次": line.result["computed"],
        "拟定等次": grade_of(line.result) or UNGRADED,
    }
    before = {column.heading: _value(column, typed[column.heading]) for column in columns if column.heading in typed}
    return {**before, **own}


def _value(column: Column, text: str) -> Value:
    """Return a typed text as its cell holds it: a day as a day, a count as a number."""
    if column.reads == "date" and _is_day(text):
        return date.fromisoformat(text)
    return int(text) if column.reads == "count" and text.isdecimal() else text


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def typed_decisions(outcome: Outcome) -> Typed:
    """Return what is typed on decision forms, by branch and heading; of two rows the later one counts."""
    entries = outcome.entries
    typed: Typed = {}
    for entry in records(entries[entries["form"] == "decision"]):
        typed.setdefault(entry["unit"], {}).update(_cells(entry))
    return typed


def _cells(entry: Mapping[str, Any]) -> dict[str, str]:
    if entry["part"] == "also":
        return {entry["rule"]: entry["option"] or _number(entry["value"])}
    return {heading: entry[name] for name, heading in FIELDS.items() if entry[name]}


def _number(millionths: Any) -> str:  # noqa: ANN401 - an integer, or pandas' mark of a missing one
    return plain(exact(int(millionths))) if isinstance(millionths, int) else ""
