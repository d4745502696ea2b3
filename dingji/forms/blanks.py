"""The blank standard workbooks of a standard, good for any year: generated, and never read back from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dingji.forms.catalogue import forms_of
from dingji.forms.declare import Form
from dingji.forms.write import write_form
from dingji.naming import safe_name
from dingji.scheme.model import Scheme

TITLE_BYTES = 40
"""A title leaves room in a file's name for the code and name of whose form it is."""


def blank_forms(scheme: Scheme, round_names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield file name and bytes of every blank: each form once, whichever of the rounds it belongs to.

    The stamp's round is "", which stands for any; so the office's own forms offer the choices of every round.
    """
    forms: dict[tuple[str, str], Form] = {}
    for round_name in ["", *round_names]:
        for form in forms_of(scheme, round_name):
            forms.setdefault((form.kind, form.source), replace(form, round=""))
    for form, title in zip(forms.values(), file_titles(list(forms.values())), strict=True):
        yield f"{title}.xlsx", write_form(form)


def file_titles(forms: Sequence[Form]) -> list[str]:
    """Return a title a form, fit for a file's name: `自评表`, with the source where several share it."""
    titles = Counter(form.heading for form in forms)
    return [
        safe_name(form.heading if titles[form.heading] == 1 else f"{form.heading}_{form.source}", TITLE_BYTES)
        for form in forms
    ]
