"""Every file that a run leaves in `output/`, by its path there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dingji.beside import beside
from dingji.content import Content, laid
from dingji.outcome import Outcome
from dingji.reports.check_report import CHECK_REPORT, check_report
from dingji.reports.decision import write_decisions
from dingji.reports.official.choosing import nominee_books
from dingji.reports.questionnaires import questionnaire_book
from dingji.reports.rendering import Renderer
from dingji.reports.result_page import RESULT_PAGE, result_page
from dingji.reports.returned.apart import Copier
from dingji.reports.returned.build import returned
from dingji.reports.standing import by_meeting
from dingji.reports.upward import upward
from dingji.reports.view import OutcomeView
from dingji.reports.workbook import write_results

RESULTS = "内部/分类定级结果.xlsx"
MANY = 200
"""So many branches are worth a second process.

It writes the papers, and all that tells how far a branch is from a better grade; this one the result workbook and what
goes back: about as much.
"""


def outputs(outcome: Outcome, templates: Path, copier: Copier, folder: Path) -> dict[str, Content]:
    """Return path → content for the run; `templates` is the workspace's folder of report templates.

    `copier` makes the copies that go back. Of many branches, what is made lies in files of `folder`: else
    both processes would hold it until the last is written, and what one sends the other three times.
    """
    view, renderer = OutcomeView(outcome), Renderer(templates)
    many = len(outcome.results) >= MANY

    def kept(files: Mapping[str, Content]) -> Mapping[str, Content]:
        return laid(files, folder) if many else files

    def others() -> dict[str, Content]:
        papers = {**kept(_for_the_meeting(view)), **kept(upward(view, renderer))}
        return {**papers, **kept({RESULT_PAGE: result_page(view, renderer)})}

    done = beside(others) if many else others
    book = kept({RESULTS: write_results(view)})
    return {**book, **kept(_checked(view, renderer, copier)), **questionnaire_book(outcome), **done()}


def _for_the_meeting(view: OutcomeView) -> dict[str, bytes]:
    written = write_decisions(view) if by_meeting(view.outcome) else {}
    written |= nominee_books(view)
    return {f"上会/{name}": raw for name, raw in written.items()}


def checked(outcome: Outcome, templates: Path, copier: Copier) -> dict[str, Content]:
    """Return path → content of what needs no grading: 校验报告, and what goes back to be mended."""
    return _checked(OutcomeView(outcome), Renderer(templates), copier)


def _checked(view: OutcomeView, renderer: Renderer, copier: Copier) -> dict[str, Content]:
    given, files = returned(view.outcome, copier, renderer)
    return {CHECK_REPORT: check_report(view, renderer, given), **files}
