"""得分明细: a row a mark as it was given, the ballots of a survey as one mean a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from dingji.reports.columns import Cell, ReportColumn, ReportTable, build
from dingji.reports.foot import titled
from dingji.reports.view import OutcomeView, Step
from dingji.scheme.marking import Thing, things_of
from dingji.scheme.model import Scheme, Source

MARK = "mark"
OF_BALLOTS, BY_RULES = "各票平均", "按规则计算"


class MarkLine(NamedTuple):
    """What the columns of 得分明细 read: a mark, its source and what it is a mark of, None where unknown."""

    view: OutcomeView
    step: Step
    source: Source | None
    thing: Thing | None


Column = ReportColumn[MarkLine]
Known = dict[tuple[str, str], tuple[Source, dict[str, Thing]]]


def _indicator(line: MarkLine) -> Cell:
    return (line.thing.indicator or line.thing.label) if line.thing else line.step.item


def _item(line: MarkLine) -> Cell:
    return line.thing.label if line.thing and line.thing.number is not None else ""


def _rater(line: MarkLine) -> Cell:
    """Return who gave the mark; where nobody in particular did, how it came about."""
    if line.step.rater:
        return line.view.name(line.step.rater)
    form = line.source.main_form if line.source else ""
    if form != "self" and line.thing and line.thing.filled:
        return BY_RULES
    return OF_BALLOTS if form == "survey" else ""


def _remark(line: MarkLine) -> Cell:
    """Say why there is no figure, as the trail says it."""
    return "" if line.step.figure is not None else line.step.text or line.step.words


COLUMNS: tuple[Column, ...] = (
    Column("党组织编码", 14, "text", lambda line: line.step.unit),
    Column("党组织名称", 26, "text", lambda line: line.view.name(line.step.unit)),
    Column("来源", 14, "text", lambda line: line.step.source),
    Column("评委", 18, "text", _rater),
    Column("指标", 20, "text", _indicator),
    Column("项目", 10, "text", _item),
    Column("满分", 8, "number", lambda line: line.thing.full if line.thing else None),
    Column("得分", 9, "score", lambda line: line.step.figure),
    Column("说明", 20, "text", _remark),
    Column("出处（文件 ▸ 表 ▸ 单元格）", 56, "text", lambda line: line.view.place(line.step.entries)),
)


def _known(schemes: Iterable[Scheme]) -> Known:
    return {
        (scheme.id, source.name): (source, {thing.key: thing for thing in things_of(scheme, source)})
        for scheme in schemes
        for source in scheme.sources
    }


def mark_lines(view: OutcomeView) -> Iterator[MarkLine]:
    """Yield a line a mark, branch by branch, source by source as the standard lists them."""
    known = _known(view.outcome.schemes.values())
    marks = (step for step in view.steps if step.step == MARK)
    for unit, steps in groupby(marks, key=attrgetter("unit")):
        scheme = view.scheme_of(unit)
        for step in _by_source(scheme, steps):
            source, things = known.get((scheme.id if scheme else "", step.source), (None, {}))
            yield MarkLine(view, step, source, things.get(step.item))


def _by_source(scheme: Scheme | None, steps: Iterable[Step]) -> list[Step]:
    """Return a branch's marks source by source as the standard lists them, otherwise as given."""
    order = {source.name: number for number, source in enumerate(scheme.sources if scheme else [])}
    return sorted(steps, key=lambda step: order.get(step.source, len(order)))


def details(view: OutcomeView) -> ReportTable:
    """Return 得分明细."""
    return build(titled(view.outcome, "得分明细"), COLUMNS, mark_lines(view))
