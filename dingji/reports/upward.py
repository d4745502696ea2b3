"""What a superior gets as files of its own: 上报.xlsx, which it can read as 下级结果, and each parent unit's tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dingji.checkcode import word_codes
from dingji.forms.palette import new_book
from dingji.forms.stamp import Stamp
from dingji.outcome import Outcome
from dingji.reports.documents import OVERVIEW, SUMMARY, papers
from dingji.reports.flat import flat_sheet
from dingji.reports.machine_copy import MACHINE_COPY, machine_copy
from dingji.reports.official.build import official
from dingji.reports.official.common import parent_folder
from dingji.reports.official.personal import PERSONAL_LIST, personal_context
from dingji.reports.official.personal import TEMPLATE as PERSONAL_TEMPLATE
from dingji.reports.rendering import Renderer
from dingji.reports.self_check import SELF_CHECK, self_check
from dingji.reports.sheet import Layout, put_sheet
from dingji.reports.styles import Styles, grade_tints
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import Given, given_of, hidden_headings, uncut_overview

BOOK: Final = "上报.xlsx"
OWN: Final = "上报"
FILLED: Final = "上报/上报填写.xlsx"
"""The superior's own form, filled."""
BY_PARENT: Final = "上报/按上级"


def upward(view: OutcomeView, renderer: Renderer) -> dict[str, bytes]:
    """Return the superior's workbook and papers, each parent unit's own where there are several, and all that is shown.

    What is withheld, and what is given away, is found once for them.
    """
    hidden = hidden_headings(view)
    uncut = uncut_overview(view, hidden)
    whole = given_of(view, hidden, uncut)
    files = official(view, renderer, whole, hidden)
    files[SELF_CHECK] = self_check(view, whole, renderer)
    files[PERSONAL_LIST] = renderer.render_word(PERSONAL_TEMPLATE, personal_context(view.outcome, whole))
    for folder, part in ((OWN, view), *parts_by_parent(view)):
        given = whole if part is view else given_of(part, hidden, uncut)
        made = {
            BOOK: write_upward(view.outcome, given),
            MACHINE_COPY: machine_copy(view.outcome, given),
            **papers(view.outcome, given, renderer),
        }
        files.update({f"{folder}/{name}": raw for name, raw in made.items()})
    return files


def parts_by_parent(view: OutcomeView) -> Iterator[tuple[str, OutcomeView]]:
    """Yield folder and view for each parent unit with a result; none where all branches stand under one."""
    if len(view.by_parent) < 2:  # noqa: PLR2004 - one parent's tables are the whole's
        return
    codes = {branch["name"]: branch["unit"] for branch in view.branches}
    for parent, branches in view.by_parent.items():
        if any(branch["unit"] in view.results for branch in branches):
            yield f"{BY_PARENT}/{parent_folder(codes.get(parent, ''), parent)}", view.part(parent)


def write_upward(outcome: Outcome, given: Given) -> bytes:
    """Return 上报.xlsx: sheets 一览表 and 汇总表, values only, no hidden sheet, one visible stamp line."""
    workbook = new_book(OWN)
    styles, tints = Styles(workbook), grade_tints(outcome.schemes.values())
    told = word_codes(given.overview.headings, given.overview.texts())
    stamp = Stamp("result", next(iter(outcome.schemes)), told, outcome.settings.round.label, "", "")
    layout = Layout(3, tints)
    put_sheet(flat_sheet(workbook, OVERVIEW), styles, [given.overview], layout, stamp.text())
    put_sheet(flat_sheet(workbook, SUMMARY), styles, given.summary, Layout(frozen=1))
    return workbook.sealed()
