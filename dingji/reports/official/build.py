"""Every official paper of a run, by its path below output/."""

from __future__ import annotations

from dingji.reports.official.commendation import commendation
from dingji.reports.official.feedback import Pages, feedback
from dingji.reports.official.ledger_papers import ledger_papers
from dingji.reports.official.meeting import meeting_context, meeting_scores
from dingji.reports.official.monthly import PAPER, month_of, monthly_context
from dingji.reports.official.notices import circular_context, public_context, report_context
from dingji.reports.rendering import Renderer
from dingji.reports.standing import by_meeting
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import Given, Hidden


def official(view: OutcomeView, renderer: Renderer, given: Given, hidden: Hidden) -> dict[str, bytes]:
    """Return the papers; without grades there is nothing to show in public, and without a meeting none for it."""
    outcome, files = view.outcome, {}
    if any(outcome.schemes[result["scheme"]].grades for result in view.results.values()):
        public = public_context(view, given)
        files["公示/公示.docx"] = renderer.render_word("公示.docx", public)
        files["公示/公示.html"] = renderer.render_html("公示.html.j2", public)
        files["上报/通报.docx"] = renderer.render_word("通报.docx", circular_context(view, given))
    for path, (template, fields) in commendation(view, hidden).items():
        files[path] = renderer.render_word(template, fields)
    tables = [*given.summary, given.overview]
    files["上报/报告.docx"] = renderer.render_word("报告.docx", report_context(view, given), tables)
    if by_meeting(outcome):
        scores = meeting_scores(view)
        context = meeting_context(view, scores)
        files["上会/上会材料.docx"] = renderer.render_word("上会材料.docx", context, [scores])
    if month_of(outcome):
        files[f"内部/{PAPER}"] = renderer.render_word(PAPER, monthly_context(outcome))
    if outcome.settings.publish.feedback:
        pages = Pages(view, given, hidden)
        files |= feedback(pages, renderer)
        files |= ledger_papers(pages, renderer)
    return files
