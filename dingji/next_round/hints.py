"""What is known before a form is filled: what a branch typed last time, its records; printed, never counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from dingji.forms.catalogue import forms_of
from dingji.forms.declare import Form, Row
from dingji.forms.filling import Hints
from dingji.numbers import exact, plain
from dingji.outcome import Outcome
from dingji.scheme.model import Scheme
from dingji.tables import records

SAME: Final = ("指标", "考评内容", "规则")
"""Printed texts by which a row of last time's form is known to ask the same."""

RowKey = tuple[str, ...]
Typed = Mapping[str, Mapping[tuple[str, RowKey], str]]
"""What was typed, by branch, then by sheet and what the row asks."""


@dataclass(frozen=True)
class Known:
    """What is known by branch: what it typed in the round `label`, and how many records there are by rule."""

    label: str = ""
    before: Typed = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    claimed: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """What each asked points for that time: 加分项, and in words which work, level and number, and the verdict."""

    def hints(self, scheme: Scheme, round_label: str) -> dict[str, dict[str, Hints]]:
        """Return what to print beside the rows of the branches' forms of a round, by branch and source."""
        forms = [form for form in forms_of(scheme, round_label) if form.kind == "self"]
        units = dict.fromkeys((*self.before, *self.counts))
        return {unit: {form.source: self._of_form(unit, form) for form in forms} for unit in units}

    def _of_form(self, unit: str, form: Form) -> dict[str, dict[str, str]]:
        told = {
            sheet.name: {row.key: "；".join(self._of_row(unit, sheet.name, row)) for row in sheet.rows}
            for sheet in form.sheets
        }
        return {name: rows for name, rows in told.items() if any(rows.values())}

    def _of_row(self, unit: str, sheet: str, row: Row) -> Iterator[str]:
        typed = self.before.get(unit, {}).get((sheet, _asks(row)))
        if typed:
            yield f"{self.label}：{typed}"
        if count := self.counts.get(unit, {}).get(row.rule, 0) if row.rule else 0:
            yield f"平时记录：{count}条"


def known(before: Outcome | None, units: Sequence[str], heirs: Mapping[str, str], counts: Counts) -> Known:
    """Gather what is known. `before`: the round to look back to; `heirs`: the former code of who carries another on."""
    if before is None:
        return Known(counts=counts)
    typed = typed_before(before)
    former = {unit: heirs.get(unit, unit) for unit in units}
    told = {unit: typed[old] for unit, old in former.items() if old in typed}
    label, claims = before.settings.round.label, claims_before(before)
    claimed = {unit: claims[old] for unit, old in former.items() if old in claims}
    return Known(label, told, counts, claimed)


Counts = Mapping[str, Mapping[str, int]]


def typed_before(before: Outcome) -> dict[str, dict[tuple[str, RowKey], str]]:
    """Return what branches typed in their forms of a round, by what the rows asked."""
    label = before.settings.round.label
    forms = [form for scheme in before.schemes.values() for form in forms_of(scheme, label) if form.kind == "self"]
    asks = {
        (form.source, sheet.name, row.rule or row.item): _asks(row)
        for form in forms
        for sheet in form.sheets
        for row in sheet.rows
    }
    entries = before.entries
    own = entries[(entries["form"] == "self") & (entries["round"] == before.settings.round.name)]
    found: dict[str, dict[tuple[str, RowKey], str]] = {}
    for row in records(own):
        for sheet in ("自评表", "扣分加分"):
            key = (row["source"], sheet, row["item"] if sheet == "自评表" else row["rule"])
            if (row["part"] == "mark") == (sheet == "自评表") and key in asks and (words := _words(row)):
                found.setdefault(row["unit"], {})[sheet, asks[key]] = words
    return found


def claims_before(before: Outcome) -> dict[str, list[tuple[str, str]]]:
    """Return what branches asked points for in a round: 加分项, and the rest in words."""
    entries, label = before.entries, before.settings.round.label
    own = entries[(entries["form"] == "bonus") & (entries["part"] == "fact") & (entries["state"] != "refused")]
    found: dict[str, list[tuple[str, str]]] = {}
    for row in records(own[own["round"] == before.settings.round.name]):
        told = "，".join(filter(None, (row["work"], _words(row), row["verdict"])))
        found.setdefault(row["unit"], []).append((row["rule"], f"{label}：{told}" if told else label))
    return found


def _asks(row: Row) -> RowKey:
    texts = dict(row.texts)
    return tuple(texts.get(name, "") for name in SAME)


def _words(row: Mapping[str, Any]) -> str:
    figures = [plain(exact(int(row[name]))) for name in ("value", "amount") if not pd.isna(row[name])]
    return "，".join(filter(None, (row["option"], *figures)))


def counted(rows: Sequence[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Count records by branch and rule."""
    found: dict[str, dict[str, int]] = {}
    for unit, rule in rows:
        own = found.setdefault(unit, {})
        own[rule] = own.get(rule, 0) + 1
    return found
