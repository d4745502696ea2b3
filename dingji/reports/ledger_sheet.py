"""整改台账 of all branches: the sheet of the result workbook, and the workbook that the next round carries on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from dingji.forms.ledger_form import PROBLEM, TITLE, ledger_columns
from dingji.ledger.ledger import Line, row_of_line
from dingji.ledger.lost import Loss
from dingji.numbers import half_up, plain
from dingji.reports.columns import NOTHING, Cell, ReportColumn, ReportTable, build_long
from dingji.reports.foot import titled
from dingji.reports.issues import Issue
from dingji.reports.standing import UNGRADED, grade_of
from dingji.reports.view import OutcomeView

NOTHING_LOST: Final = "没有失分，没有影响等次的情形"
NOTES: Final = (
    "注：失分是各方合成以后比满分少的分，大的在前；各方都逐项评的指标一项一行，别的一个指标一行。没有分的是情形、另外查出的问题和以前一轮没有销号的。",
    "注：目标以后各栏，是交回的整改台账里填的；没有交回的空着。",
)


def problem_texts(view: OutcomeView) -> dict[str, str]:
    """Return by 编号 what is to be mended, in the words of 主要问题, or in those of whoever found it."""
    told: dict[str, str] = {}
    for unit, lines in view.ledger.lines.items():
        result = view.results.get(unit)
        told |= {line.number: line.text(PROBLEM) for line in lines}
        if result:
            told |= _losses(view, unit, result, lines)
    return told


def _losses(view: OutcomeView, unit: str, result: Mapping[str, Any], lines: Sequence[Line]) -> dict[str, str]:
    lost = [line for line in lines if line.loss]
    marked = [(line.loss.name, line.loss.figure or Fraction(0), line.loss.full or Fraction(0), line)
              for line in lost if line.loss and line.loss.kind == "indicator" and not line.loss.item]  # fmt: skip
    issues = view.issues.told(unit, result, [(name, figure, full) for name, figure, full, _ in marked])
    told = {line.number: _whole(issue, line.loss) for (*_, line), issue in zip(marked, issues, strict=True)}
    scheme, items = view.outcome.schemes[result["scheme"]], [line for line in lost if line.loss and line.loss.item]
    told |= {line.number: view.issues.told_item(unit, scheme, line.loss) for line in items if line.loss}
    return {line.number: told.get(line.number, line.loss.name) for line in lost if line.loss}


def _whole(issue: Issue, loss: Loss | None) -> str:
    """Return an indicator in words; of one whose items have rows of their own, that this is what lies in none."""
    if loss is None or loss.beside is None:
        return issue.text
    return f"{replace(issue, found='').text}（不属于各项的{plain(half_up(loss.beside, 2))}分）"


@dataclass(frozen=True)
class _Told:
    """What the columns read: lines, None for a branch without any, each with its branch and its problem in words."""

    rows: Sequence[Mapping[str, str]]
    grades: Sequence[str]
    points: Sequence[Cell]


def ledger_sheet(view: OutcomeView) -> ReportTable:
    """Return 整改台账: the lines of every branch with its grade."""
    texts = problem_texts(view)
    rows: list[Mapping[str, str]] = []
    grades: list[str] = []
    points: list[Cell] = []
    for branch in view.branches:
        unit, result = branch["unit"], view.results.get(branch["unit"])
        lines = view.ledger.lines[unit]
        own = [row_of_line(line, branch["name"], texts[line.number], branch["leader"]) for line in lines]
        if result and not own:
            own = [{"党组织编码": unit, "党组织名称": branch["name"], PROBLEM: _nothing(result)}]
        rows += own
        grades += [grade_of(result) or UNGRADED if result else NOTHING] * len(own)
        points += [line.loss.points if line.loss else None for line in lines] or [None] * len(own)
    typed = ledger_columns()
    columns: tuple[ReportColumn[_Told, Any], ...] = (
        *(ReportColumn(one.heading, one.width, "text", _reads(one.heading)) for one in typed),
        ReportColumn("等次", 8, "grade", lambda told: told.grades),
        ReportColumn("失分", 8, "exact", lambda told: told.points),
    )
    table = build_long(titled(view.outcome, TITLE), columns, _Told(rows, grades, points))
    return replace(table, notes=NOTES)


def _nothing(result: Mapping[str, Any]) -> str:
    return NOTHING_LOST if grade_of(result) or result["composite"] is not None else UNGRADED


def _reads(heading: str) -> Any:  # noqa: ANN401 - a function of what the columns read
    return lambda told: [row.get(heading, "") for row in told.rows]
