"""汇总录入: all that an office of a few branches fills in, in one book; each sheet made from a single form's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dingji.forms.committee_forms import decision_form, decisions_by_row
from dingji.forms.declare import PEER, ROUND_HEAD, SETTINGS, Column, Form, HeadCell, Row, Sheet
from dingji.forms.marking_forms import (
    CODE,
    NAME,
    committee_form,
    fact_fields,
    rule_reference,
    rule_units,
    self_form,
)
from dingji.forms.office_forms import bonus_form, has_situations, records_form, roster_form, situation_form
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
SETTINGS_ROWS = {
    "填报单位": ("填报单位", "填表人", "审核人", "联系电话", "填报日期"),
    "轮次": ("年度", "轮次", "第一天", "最后一天"),
    "公文": ("成文日期", "公示第一天", "公示最后一天", "受理部门", "受理电话", "受理地址", "报告主送"),
}
"""Settings by their part and item, as 设置.xlsx heads them."""
SETTINGS_NOTE = (
    "留空的照原来的设置。把这本表拖到“运行.bat”上，程序先说哪些设置要改、您同意了才改。其余的设置见 设置.xlsx。"
)
LISTED_ROWS = 25
SHEET_NAME = 60
"""Bytes of a sheet's name: twenty Chinese characters, of the 31 that a spreadsheet allows."""

RATED_PAGES = {"committee": "评定", "peer": "互评"}
LEFT_OUT = ("评分办法", "录入")
"""What would stand once a branch: the rules have a sheet of their own, and a tally is entered once."""

BLOCK_NOTE = "一个{unit}一段，编码、名称和各项人数填在这一段的第一行。整段空白视为没有报。"
FACT_NOTE = "有则填，没有可不填；一件事一行，数量填实际的数。各条规则见“评分办法”页。"
MARK_NOTE = "一位评委评一个{unit}填一行，评委编号与“评委”页一致。整行空白视为不评该{unit}。"
PEER_NOTE = "一个{unit}评另一个填一行，给分的填在“评分党组织”栏，编码或名称都行。整行空白视为不评。"


def small_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 汇总录入: roster, claims, tallies, marks of raters and of peers, what the office keeps, and decisions.

    It holds the sources of every round, so that one blank serves them all.
    """
    parts = [roster_form(scheme, round_label)]
    for source in scheme.sources:
        several = sum(other.main_form == source.main_form for other in scheme.sources) > 1
        if source.main_form in MARKING_FORMS:
            parts.append(_part(scheme, round_label, source, f"_{source.name}" if several else ""))
    parts += [
        replace(form, head=(), sheets=(replace(form.sheets[0], optional=True, spare=LISTED_ROWS),), reference=())
        for form in _kept(scheme, round_label)
    ]
    parts.append(_settings_form(scheme, round_label))
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


def _settings_form(scheme: Scheme, round_label: str) -> Form:
    """Declare the page of the settings that an office changes from round to round, headed as in 设置.xlsx."""
    columns = (
        Column("部分", "part", "printed", 14),
        Column("项目", "item", "printed", 16),
        Column("值", "told", width=40),
    )
    headings = [column.heading for column in columns]
    rows = [
        Row(f"{part}.{item}", tuple(zip(headings, (part, item), strict=False)))
        for part, items in SETTINGS_ROWS.items()
        for item in items
    ]
    page = Sheet("设置", "printed", columns, tuple(rows), note=SETTINGS_NOTE, optional=True, landscape=False)
    titles = (SETTINGS, page.name, scheme.id, scheme.title, round_label)
    return Form(*titles, "", "office", (), (page,), work=scheme.work_name)


def _kept(scheme: Scheme, round_label: str) -> Iterator[Form]:
    """Yield the lists that the office keeps through the year."""
    if has_situations(scheme):
        yield situation_form(scheme, round_label)
    if any("records" in source.form for source in scheme.sources):
        yield records_form(scheme, round_label)
    if scheme.bonuses:
        yield bonus_form(scheme, round_label)


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
            peer = source.main_form == "peer"
            page = f"{RATED_PAGES[source.main_form]}{ending}"
            note = (PEER_NOTE if peer else MARK_NOTE).format(unit=scheme.unit)
            sheets = [replace(_rated(first, page, peer=peer), spare=MARK_ROWS, note=note)]
            pages = [sheet.name.replace(RATED_PAGES["committee"], page.removesuffix(ending)) for sheet in others]
            sheets += [_rated(sheet, f"{name}{ending}", peer=peer) for name, sheet in zip(pages, others, strict=True)]
    named = tuple(replace(sheet, name=safe_name(sheet.name, SHEET_NAME)) for sheet in sheets)
    return replace(form, sheets=named, head=(), sign_off="", reference=())


PEER_COLUMN = Column(PEER, "rater", width=14, hint="给分的是哪个，填编码或名称")
MARKING_FORMS = {"self": self_form, "survey": survey_form, "committee": committee_form, "peer": committee_form}


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


def _rated(sheet: Sheet, name: str, *, peer: bool) -> Sheet:
    """Return a rater's sheet for many raters: each row tells whose it is."""
    columns = tuple(replace(column, needed=True) if column.field == "rater" else column for column in sheet.columns)
    if peer:
        columns = tuple(PEER_COLUMN if column.field == "rater" else column for column in columns)
    return replace(sheet, name=name, columns=columns)
