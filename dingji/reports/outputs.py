"""Every file that a run leaves in `output/`, by its path there."""

from __future__ import annotations

from pathlib import Path

from dingji.outcome import Outcome
from dingji.reports.decision import write_decisions
from dingji.reports.documents import CHECK_REPORT, check_report
from dingji.reports.questionnaires import questionnaire_book
from dingji.reports.upward import upward
from dingji.reports.workbook import write_results

RESULTS = "内部/分类定级结果.xlsx"


def outputs(outcome: Outcome, templates: Path) -> dict[str, bytes]:
    """Return path → bytes for the run; `templates` is the workspace's folder of report templates."""
    return {
        RESULTS: write_results(outcome),
        CHECK_REPORT: check_report(outcome, templates),
        **{f"上会/{name}": raw for name, raw in write_decisions(outcome).items()},
        **questionnaire_book(outcome),
        **upward(outcome, templates),
    }
