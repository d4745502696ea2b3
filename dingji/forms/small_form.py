"""汇总录入: all that an office of a few branches fills in, in one book; each sheet made from a single form's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dingji.forms.declare import ROUND_HEAD, Column, Form, HeadCell, Sheet
from dingji.forms.marking_forms import (
    CODE,
    NAME,
    committee_form,
    fact_fields,
    rule_reference,
    rule_units,
    self_form,
)
from dingji.forms.office_forms import decision_form, decisions_by_row, has_situations, roster_form, situation_form
from dingji.forms.survey_form import survey_form
from dingji.naming import safe_name
from dingji.scheme.indicators import Indicator, Rule
from dingji.scheme.marking import typed_rules
from dingji.scheme.model import Scheme, Source

SMALL = 30
"""Up to so many branches one book is handed out for all of them; more are not to be entered in one."""

BRANCHES = 5
"""A blank has room for so many."""

MARK_ROWS = 24
FACT_ROWS = 25
SHEET_NAME = 60
"""Bytes of a sheet's name: twenty Chinese characters, of the 31 that a spreadsheet allows."""

LEFT_OUT = ("评分办法", "录入")
"""What would stand once a branch: the rules have a sheet of their own, and a tally is entered once."""

BLOCK_NOTE = "一个{unit}一段，编码、名称和各项人数填在这一段的第一行。整段空白视为没有报。"
FACT_NOTE = "有则填，没有可不填；一件事一行，数量填实际的数。各条规则见“评分办法”页。"
MARK_NOTE = "一位评委评一个{unit}填一行，评委编号与“评委”页一致。整行空白视为不评该{unit}。"


def small_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 汇总录入: roster, claims, tallies, committee marks, 情形申报 and decisions.

    It holds the sources of every round, so that one blank serves them all; a source marked by peers has no place.
    """
    parts = [roster_form(scheme, round_label)]
    for source in scheme.sources:
        several = sum(other.main_form == source.main_form for other in scheme.sources) > 1
        if source.main_form in ("self", "survey", "committee"):
            parts.append(_part(scheme, round_label, source, f"_{source.name}" if several else ""))
    if has_situations(scheme):
        declared = situation_form(scheme, round_label)
        parts.append(replace(declared, sheets=(replace(declared.sheets[0], optional=True),)))
    if scheme.grades:
        page = replace(decisions_by_row(scheme), name="审定", optional=True)
        parts.append(replace(decision_form(scheme, round_label), head=(), sheets=(page,)))
    sheets = tuple(sheet for part in parts for sheet in part.sheets)
    return Form(
        "small",
        "汇总录入",
        scheme.id,
        scheme.title,
        round_label,
        "",
        "office",
        ROUND_HEAD,
        sheets,
        reference=rule_reference(_rules(scheme)),
        work=scheme.work_name,
        parts=tuple(parts),
    )


def _rules(scheme: Scheme) -> list[tuple[Indicator, Rule]]:
    """Return every rule whose facts are typed in some sheet, once."""
    found = {
        rule.name: (indicator, rule) for source in scheme.sources for indicator, rule in typed_rules(scheme, source)
    }
    return list(found.values())


def _part(scheme: Scheme, round_label: str, source: Source, ending: str) -> Form:
    """Return a marking form for many branches at once, its sheets named for what is entered there."""
    form = MARKING_FORMS[source.main_form](scheme, round_label, source)
    first, *others = form.sheets
    match source.main_form:
        case "self":
            sheets = [_blocks(first, f"自评{ending}", form.head, scheme.unit)]
            sheets += [_stated(rules, f"扣分加分{ending}") for rules in [typed_rules(scheme, source)] if rules]
        case "survey":
            sheets = [_blocks(others[0], f"测评{ending}", form.head, scheme.unit)]
        case _:
            note = MARK_NOTE.format(unit=scheme.unit)
            sheets = [replace(_rated(first, f"评定{ending}"), spare=MARK_ROWS, note=note)]
            sheets += [_rated(sheet, f"{sheet.name}{ending}") for sheet in others]
    named = tuple(replace(sheet, name=safe_name(sheet.name, SHEET_NAME)) for sheet in sheets)
    return replace(form, sheets=named, head=(), sign_off="", reference=())


MARKING_FORMS = {"self": self_form, "survey": survey_form, "committee": committee_form}


def _blocks(sheet: Sheet, name: str, head: Sequence[HeadCell], unit: str) -> Sheet:
    """Return a sheet of printed rows for many branches: who it is, and what the form's head tells, beside the rows."""
    told = tuple(
        Column(cell.label, "head", cell.reads, 6 if cell.reads == "count" else 9, choices=cell.choices, needed=False)
        for cell in head
        if cell.reads in ("count", "choice") and cell.label not in LEFT_OUT
    )
    kept = tuple(column for column in sheet.columns if column.heading not in LEFT_OUT)
    columns = (replace(CODE, width=12), replace(NAME, width=18), *told, *kept)
    note = BLOCK_NOTE.format(unit=unit)
    return replace(sheet, name=name, columns=columns, total=(), note=note, landscape=True, blocks=BRANCHES)


def _stated(rules: Sequence[tuple[Indicator, Rule]], name: str) -> Sheet:
    """Return the sheet of the facts behind claims, a row a fact: not every rule once more for every branch."""
    columns = (CODE, NAME, *fact_fields(rules), Column("说明", "reason", width=24))
    units = rule_units(rules)
    return Sheet(name, "records", columns, (), FACT_ROWS, (), FACT_NOTE, optional=True, part="fact", units=units)


def _rated(sheet: Sheet, name: str) -> Sheet:
    """Return a rater's sheet for many raters: each row tells whose it is."""
    columns = tuple(replace(column, needed=True) if column.field == "rater" else column for column in sheet.columns)
    return replace(sheet, name=name, columns=columns)
