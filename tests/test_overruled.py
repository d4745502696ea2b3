"""What a committee decides against a situation is told to the superior, and every branch that waits is told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from dingji.outcome import Outcome
from dingji.pipeline import grade, unsettled
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import give, hidden_headings
from dingji.settings import Privacy
from tests.five_good_case import BRANCHES
from tests.paper_reading import column
from tests.papers import DECISIONS, SELF, SURVEY, filled, good, outcome_of, prepared, read, told, with_file


def decided(unit: str, label: str, reason: str | None) -> Outcome:
    branch = next(branch for branch in BRANCHES if branch.code == unit)
    return outcome_of(
        with_file(DECISIONS, filled("decision", [{**branch.identity, "审定等次": label, "理由": reason}]))
    )


def remark(outcome: Outcome, unit: str) -> str:
    view = OutcomeView(outcome)
    shown = give(view, hidden_headings(view)).overview
    rows = [list(shown.headings), *shown.texts()]
    remarks = column(rows, "备注") if "备注" in rows[0] else [""] * len(rows[1:])  # an empty column is left out
    return dict(zip(column(rows, "党组织编码"), remarks, strict=True))[unit]


@pytest.mark.parametrize(
    ("unit", "label", "reason", "expected"),
    [
        ("ZB03", "一般", "整改到位", "党委研究定为“一般”：整改到位"),
        ("ZB03", "一般", None, "党委研究定为“一般”"),
        ("ZB03", "后进", None, ""),
        ("ZB02", "较好", "研究", ""),
    ],
)
def test_a_decision_against_a_situation_is_told_with_its_reason(
    unit: str, label: str, reason: str | None, expected: str
) -> None:
    assert remark(decided(unit, label, reason), unit) == expected


def test_it_is_not_told_where_the_situation_is_withheld() -> None:
    outcome = decided("ZB03", "一般", "整改到位")
    hidden = outcome.settings.model_copy(update={"privacy": Privacy(ballots=100)})
    assert "整改" not in remark(replace(outcome, settings=hidden), "ZB03")


# --- whoever waits is told of -----------------------------------------------------------------------------


def with_source(files: Mapping[str, bytes], name: str, **keys: object) -> Outcome:
    """Return the outcome under the standard with other keys of one source."""
    scheme = prepared().schemes["five-good"]
    sources = [each.model_copy(update=keys) if each.name == name else each for each in scheme.sources]
    changed = replace(prepared(), schemes={scheme.id: scheme.model_copy(update={"sources": sources})})
    return grade(changed, [read(raw, path) for path, raw in files.items()])


@pytest.mark.parametrize(("name", "path"), [("党群评分", SURVEY), ("自评", SELF)])
def test_a_form_that_need_not_come_and_counts_is_told_where_it_did_not(name: str, path: str) -> None:
    outcome = with_source({key: raw for key, raw in good().items() if key != path}, name, required=False)
    (problem,) = told(outcome.problems, "E552")
    assert (problem.unit, name in problem.values["what"]) == ("ZB01", True)
    assert told(outcome.problems, "E310") == []
    assert unsettled(outcome)


def test_what_is_told_already_is_not_told_again() -> None:
    outcome = outcome_of(
        {key: raw for key, raw in good().items() if key not in (SURVEY, "自评表/ZB02_二支部_自评表.xlsx")}
    )
    assert len(told(outcome.problems, "E310")) == 2
    assert told(outcome.problems, "E552") == told(outcome_of(good()).problems, "E552") == []
