"""审定表: what the committee decides on, filled from the outcome and readable back as the form it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from dingji.forms.committee_forms import MEETING, decision_form
from dingji.forms.declare import Column
from dingji.forms.filling import Cells, Filling, Value
from dingji.forms.layout import written_columns
from dingji.forms.write import write_form
from dingji.outcome import Outcome
from dingji.reports.overview import BranchLine, branch_lines
from dingji.reports.view import OutcomeView
from dingji.reports.weighed import weighed_of
from dingji.scheme.model import Scheme
from dingji.scoring.decisions import beside_decisions
from dingji.tables import records

TITLE = "审定表"
FIELDS = {"option": "审定等次", "reason": "理由"}
"""Headings of the fields of a decision's own row; its other cells are rows named by their heading."""

COMPUTED = frozenset({"党组织编码", "党组织名称", "测算等次"})
"""Headings that are read back, and that nobody is to change here."""

A4_WIDTH = 212
"""So many half-width characters on a line of A4 are printed in 六号, the smallest letters that a table is read in."""

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
    lines = [line for line in branch_lines(view) if line.scheme.id == chosen.id]
    own = {line.branch["unit"] for line in lines}
    told, typed = split_meeting({unit: each for unit, each in typed_decisions(outcome).items() if unit in own})
    weighed = weighed_of(view, chosen)
    rows = [_row(line, weighed(line), typed.get(line.branch["unit"], {}), sheet.columns) for line in lines]
    head = {cell.label: _value(cell.reads, told[cell.label]) for cell in MEETING if cell.label in told}
    width = sum(column.width for column in written_columns(form, sheet, rows))
    form = replace(form, sheets=(replace(sheet, paper="A4" if width <= A4_WIDTH else "A3"),))
    office, secret = outcome.settings.office.name, outcome.settings.publish.secret_line
    filling = Filling(head=head, rows={sheet.name: rows}, fixed=COMPUTED, office=office, secret=secret)
    return write_form(form, filling)


def _row(line: BranchLine, computed: Cells, typed: Mapping[str, str], columns: Sequence[Column]) -> Cells:
    """Return a branch's row: what was typed before stays, what is computed is today's; only what says something."""
    own = {"党组织编码": line.branch["unit"], "党组织名称": line.branch["name"], **computed}
    reads = {column.heading: column.reads for column in columns}
    before = {heading: _value(reads[heading], text) for heading, text in typed.items() if heading in reads}
    return {name: value for name, value in {**before, **own}.items() if name in reads and value not in (None, "")}


def _value(reads: str, text: str) -> Value:
    """Return a typed text as its cell holds it: a day as a day, a count as a number."""
    if reads == "date" and _is_day(text):
        return date.fromisoformat(text)
    return int(text) if reads == "count" and text.isdecimal() else text


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def typed_decisions(outcome: Outcome) -> Typed:
    """Return what is typed on decision forms, by branch and heading; of two rows the later one counts."""
    entries = outcome.entries
    typed: Typed = {
        unit: {heading: text for heading, (text, _) in told.items()} for unit, told in beside_decisions(entries).items()
    }
    for entry in records(entries[(entries["form"] == "decision") & (entries["part"] == "record")]):
        own = {heading: entry[name] for name, heading in FIELDS.items() if entry[name]}
        typed.setdefault(entry["unit"], {}).update(own)
    return typed


def split_meeting(typed: Typed) -> tuple[dict[str, str], Typed]:
    """Return what the head tells of the meeting of all decisions, and what is left to the rows.

    The head tells what most decisions say, so long as all of them say something: a row's own word goes before the
    head's, but where it says nothing, the head would speak for it.
    """
    decided = [told for told in typed.values() if "审定等次" in told]
    head: dict[str, str] = {}
    for label in (cell.label for cell in MEETING):
        said = [told.get(label, "") for told in decided]
        if said and all(said):
            head[label] = Counter(said).most_common(1)[0][0]
    rows = {
        unit: {heading: text for heading, text in told.items() if head.get(heading) != text}
        for unit, told in typed.items()
    }
    return head, rows
