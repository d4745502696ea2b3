"""Every form of a standard in a round; the one list that writing, reading and the manual go by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from dingji.forms import committee_forms, ledger_form, marking_forms, office_forms, small_form, survey_form
from dingji.forms.declare import Column, Form
from dingji.identity import Itself
from dingji.scheme.model import Scheme, Source

MARKING: dict[str, Callable[[Scheme, str, Source], Form]] = {
    "self": marking_forms.self_form,
    "survey": survey_form.survey_form,
    "committee": marking_forms.committee_form,
    "peer": marking_forms.committee_form,
}


def forms_of(scheme: Scheme, round_label: str) -> list[Form]:
    """Return the forms of a round (`2026 年初`): the office's, then one for each source that marks."""
    return list(_kept_forms(Itself(scheme), round_label))


@lru_cache(maxsize=32)
def _kept_forms(standard: Itself[Scheme], round_label: str) -> tuple[Form, ...]:
    scheme = standard.thing
    round_name = round_label.rpartition(" ")[2]
    sources = scheme.sources_in(round_name)
    marking = [_marking(scheme, round_label, source) for source in sources if source.main_form]
    return (office_forms.roster_form(scheme, round_label), *marking, *_office(scheme, round_label))


def _marking(scheme: Scheme, round_label: str, source: Source) -> Form:
    return replace(MARKING[source.main_form](scheme, round_label, source), called=source.title)


def with_own_columns(forms: Sequence[Form], schemes: Sequence[Scheme]) -> list[Form]:
    """Return forms of which every roster has the own columns of all standards: there is one roster for them all."""
    own = {column.name: office_forms.own_column(column) for scheme in schemes for column in scheme.roster}
    return [_widened(form, own) if form.kind in ("roster", "small") else form for form in forms]


def _widened(form: Form, own: Mapping[str, Column]) -> Form:
    first, *rest = form.sheets
    there = {column.heading for column in first.columns}
    more = tuple(column for heading, column in own.items() if heading not in there)
    return replace(form, sheets=(replace(first, columns=(*first.columns, *more)), *rest)) if more else form


def _office(scheme: Scheme, round_label: str) -> list[Form]:
    forms = []
    if any("records" in source.form for source in scheme.sources):
        forms.append(office_forms.records_form(scheme, round_label))
    if scheme.bonuses:
        forms.append(office_forms.bonus_form(scheme, round_label))
    if office_forms.has_situations(scheme):
        forms.append(office_forms.situation_form(scheme, round_label))
    if scheme.grades:
        forms.append(committee_forms.decision_form(scheme, round_label))
    also = (
        office_forms.correction_form,
        office_forms.receipt_form,
        office_forms.result_form,
        ledger_form.ledger_form,
        small_form.small_form,
    )
    forms += committee_forms.honour_forms(scheme, round_label)
    return [*forms, *(declare(scheme, round_label) for declare in also)]
