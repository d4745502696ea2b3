"""计算过程 and 加分与直接定级: the trail in words, with where each figure was typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dingji.reports.columns import Cell, ReportColumn, ReportTable, Shown, build
from dingji.reports.details import MARK
from dingji.reports.foot import titled
from dingji.reports.view import OutcomeView, Step
from dingji.scoring.trail import STEPS

ADJUSTING = frozenset(("bonus", "score", "at_least", "at_most", "grade", "no_grade", "decision"))
"""Steps by which something other than the sources' figures moves a branch's score or grade."""


class StepLine(NamedTuple):
    """What the columns read: a step and the view by which names and places are looked up."""

    view: OutcomeView
    step: Step


Column = ReportColumn[StepLine]


def _figure(line: StepLine) -> Cell:
    figure = line.step.figure
    if figure is None:
        return ""
    return Shown(figure, "share") if line.step.step == "share" else figure


def _rater(line: StepLine) -> Cell:
    return line.view.name(line.step.rater) if line.step.rater else ""


UNIT: tuple[Column, ...] = (
    Column("党组织编码", 14, "text", lambda line: line.step.unit),
    Column("党组织名称", 26, "text", lambda line: line.view.name(line.step.unit)),
    Column("步骤", 12, "text", lambda line: STEPS.get(line.step.step, line.step.step)),
)
ITEM: Column = Column("项目", 30, "text", lambda line: line.step.item)
OUTCOME: tuple[Column, ...] = (
    Column("结果", 16, "text", lambda line: line.step.text),
    Column("说明", 60, "text", lambda line: line.step.words),
)
PLACE: Column = Column("依据（文件 ▸ 表 ▸ 单元格）", 56, "text", lambda line: line.view.place(line.step.entries))

STEP_COLUMNS: tuple[Column, ...] = (
    *UNIT,
    Column("来源", 14, "text", lambda line: line.step.source),
    Column("评委", 12, "text", _rater),
    ITEM,
    Column("数值", 10, "number", _figure),
    *OUTCOME,
    PLACE,
)
ADJUSTMENT_COLUMNS: tuple[Column, ...] = (
    *UNIT,
    ITEM,
    Column("分值", 10, "number", _figure),
    *OUTCOME,
    Column("理由", 30, "text", lambda line: line.view.reasons(line.step.entries)),
    PLACE,
)


def readable(view: OutcomeView) -> Iterable[Step]:
    """Return the steps that 计算过程 tells: of the marks, which 得分明细 lists, only those missing."""
    return (step for step in view.steps if step.step != MARK or step.figure is None)


def steps(view: OutcomeView) -> ReportTable:
    """Return 计算过程."""
    lines = (StepLine(view, step) for step in readable(view))
    return build(titled(view.outcome, "计算过程"), STEP_COLUMNS, lines)


def adjustments(view: OutcomeView) -> ReportTable:
    """Return 加分与直接定级."""
    lines = (StepLine(view, step) for step in view.steps if step.step in ADJUSTING)
    return build(titled(view.outcome, "加分与直接定级情况"), ADJUSTMENT_COLUMNS, lines)
