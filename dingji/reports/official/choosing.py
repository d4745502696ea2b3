"""上会/推荐名单.xlsx: every candidate for every honour, for the committee to choose from; it is read back as a form."""

from __future__ import annotations

from typing import Final

from dingji.forms.committee_forms import ORDER, VERDICT, nominee_form
from dingji.forms.filling import Cells, Filling
from dingji.forms.write import write_form
from dingji.reports.official.commendation import awards_of, weighed
from dingji.reports.view import OutcomeView
from dingji.scheme.honours import STARS
from dingji.scheme.model import Scheme
from dingji.scoring.commending import Award, Candidate

TITLE: Final = "推荐名单"


def nominee_books(view: OutcomeView) -> dict[str, bytes]:
    """Return 推荐名单 by file name, a further standard's as 推荐名单_<id>.xlsx; none where there is no candidate."""
    found: dict[str, list[Award]] = {}
    for award in awards_of(view):
        if award.honour.by != STARS and award.candidates:
            found.setdefault(award.scheme.id, []).append(award)
    names = [TITLE if not number else f"{TITLE}_{scheme_id}" for number, scheme_id in enumerate(found)]
    schemes = (view.outcome.schemes[scheme_id] for scheme_id in found)
    return {
        f"{name}.xlsx": _book(view, scheme, awards)
        for name, scheme, awards in zip(names, schemes, found.values(), strict=True)
    }


def _book(view: OutcomeView, scheme: Scheme, awards: list[Award]) -> bytes:
    settings = view.outcome.settings
    form = nominee_form(scheme, settings.round.label)
    rows = [_row(view, award, one) for award in awards for one in award.candidates]
    fixed = frozenset({"称号", "党组织编码", "党组织名称"})
    name, office, secret = form.sheets[0].name, settings.office.name, settings.publish.secret_line
    filling = Filling(rows={name: rows}, fixed=fixed, spare={name: 0}, office=office, secret=secret)
    return write_form(form, filling)


def _row(view: OutcomeView, award: Award, one: Candidate) -> Cells:
    told = {
        "称号": award.honour.name,
        "党组织编码": one.unit,
        "党组织名称": view.name(one.unit),
        "姓名（名称）": one.name,
        "事迹": one.reason if one.name else weighed(view, award, one),
        VERDICT: one.verdict,
        ORDER: one.order,
    }
    return {heading: value for heading, value in told.items() if value not in (None, "")}
