"""计算过程 and 加分与直接定级: the trail in words, with where each figure was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from dingji.reports.columns import Cells, ReportColumn, ReportTable, Shown, build_long
from dingji.reports.foot import titled
from dingji.reports.view import MARK, OutcomeView
from dingji.scoring.trail import STEPS, Listing

ADJUSTING: Final = frozenset(
    ("bonus", "adjust", "score", "at_least", "up", "down", "at_most", "grade", "no_grade", "quota", "decision")
)
"""Steps by which something other than the sources' figures moves a branch's score or grade."""


LISTED: Final = frozenset(STEPS) - {"indicator"}
"""The steps of 计算过程: what an indicator comes to over all sources stands there source by source."""


class Told(NamedTuple):
    """What the columns read: steps and the view by which names and places are looked up."""

    view: OutcomeView
    steps: Listing


Column = ReportColumn[Told, Cells]


def _figures(told: Told) -> Cells:
    pairs = zip(told.steps.column("step"), told.steps.column("figure"), strict=True)
    return ["" if figure is None else Shown(figure, "share") if kind == "share" else figure for kind, figure in pairs]


UNIT: tuple[Column, ...] = (
    Column("党组织编码", 14, "text", lambda told: told.steps.column("unit")),
    Column("党组织名称", 26, "text", lambda told: told.view.named(told.steps.column("unit"))),
    Column("步骤", 12, "text", lambda told: [STEPS.get(kind, kind) for kind in told.steps.column("step")]),
)
ITEM: Column = Column("项目", 30, "text", lambda told: told.steps.column("item"))
OUTCOME: tuple[Column, ...] = (
    Column("结果", 16, "text", lambda told: told.steps.column("text")),
    Column("说明", 60, "text", lambda told: told.steps.column("words")),
)
PLACE: Column = Column(
    "出处（文件 ▸ 表 ▸ 单元格）", 56, "text", lambda told: told.view.placed(told.steps.column("entries"))
)

STEP_COLUMNS: tuple[Column, ...] = (
    *UNIT,
    Column("来源", 14, "text", lambda told: told.steps.column("source")),
    Column("评委", 12, "text", lambda told: told.view.named(told.steps.column("rater"))),
    ITEM,
    Column("数值", 10, "number", _figures),
    *OUTCOME,
    PLACE,
)
NO_ADJUSTMENT: Final = "没有加分的，也没有直接定级、限档等情形。"
ADJUSTMENT_COLUMNS: tuple[Column, ...] = (
    *UNIT,
    ITEM,
    Column("分值", 10, "number", _figures),
    *OUTCOME,
    Column("理由", 30, "text", lambda told: [told.view.reasons(each) for each in told.steps.column("entries")]),
    PLACE,
)


def steps(view: OutcomeView) -> ReportTable:
    """Return 计算过程: of the marks, which 得分明细 lists, only those missing."""
    told = Told(view, view.listing(LISTED, missing={MARK}))
    return build_long(titled(view.outcome, "计算过程"), STEP_COLUMNS, told)


def adjustments(view: OutcomeView) -> ReportTable:
    """Return 加分与直接定级."""
    told = Told(view, view.listing(ADJUSTING))
    table = build_long(titled(view.outcome, "加分与直接定级情况"), ADJUSTMENT_COLUMNS, told)
    return table if len(table) else replace(table, notes=(NO_ADJUSTMENT,))
