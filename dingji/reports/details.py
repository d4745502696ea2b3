"""得分明细: a row a mark as it was given, the ballots of a survey as one mean a question."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from dingji.reports.columns import Cells, ReportColumn, ReportTable, build_long
from dingji.reports.foot import titled
from dingji.reports.view import OutcomeView
from dingji.scheme.marking import Thing, things_of
from dingji.scheme.model import Scheme, Source
from dingji.scoring.trail import Listing

OF_BALLOTS, BY_RULES = "各票平均", "按规则计算"


class Told(NamedTuple):
    """What is told of a mark by what it is a mark of; `nobody` is printed where no rater gave it."""

    indicator: str
    item: str = ""
    full: Fraction | None = None
    nobody: str = ""


class Marks(NamedTuple):
    """What the columns of 得分明细 read: the marks, and what is told of each."""

    view: OutcomeView
    steps: Listing
    told: list[Told]


Column = ReportColumn[Marks, Cells]


def _raters(marks: Marks) -> Cells:
    """Return who gave the marks; where nobody in particular did, how they came about."""
    names = marks.view.names
    pairs = zip(marks.steps.column("rater"), marks.told, strict=True)
    return [names.get(rater, rater) if rater else told.nobody for rater, told in pairs]


def _remarks(marks: Marks) -> Cells:
    """Say why there is no figure, as the trail says it."""
    rows = zip(*map(marks.steps.column, ("figure", "text", "words")), strict=True)
    return ["" if figure is not None else text or said for figure, text, said in rows]


COLUMNS: tuple[Column, ...] = (
    Column("党组织编码", 14, "text", lambda marks: marks.steps.column("unit")),
    Column("党组织名称", 26, "text", lambda marks: marks.view.named(marks.steps.column("unit"))),
    Column("来源", 14, "text", lambda marks: marks.steps.column("source")),
    Column("评委", 18, "text", _raters),
    Column("指标", 20, "text", lambda marks: [told.indicator for told in marks.told]),
    Column("项目", 30, "text", lambda marks: [told.item for told in marks.told]),
    Column("满分", 8, "number", lambda marks: [told.full for told in marks.told]),
    Column("得分", 9, "exact", lambda marks: marks.steps.column("figure")),
    Column("说明", 20, "text", _remarks),
    Column("出处（文件 ▸ 表 ▸ 单元格）", 56, "text", lambda marks: marks.view.placed(marks.steps.column("entries"))),
)


def details(view: OutcomeView) -> ReportTable:
    """Return 得分明细: branch by branch, source by source as the standard lists them."""
    steps = view.mark_listing
    units, sources, items = map(steps.column, ("unit", "source", "item"))
    schemes = {unit: view.scheme_of(unit) for unit in set(units)}
    known = {scheme.id: _known(scheme) for scheme in view.outcome.schemes.values()}
    things = {unit: known[scheme.id] if scheme else {} for unit, scheme in schemes.items()}
    marked = zip(units, sources, items, strict=True)
    told = [things[unit].get((source, item)) or _unknown(schemes[unit], source, item) for unit, source, item in marked]
    return build_long(titled(view.outcome, "得分明细"), COLUMNS, Marks(view, steps, told))


def _known(scheme: Scheme) -> dict[tuple[str, str], Told]:
    return {
        (source.name, thing.key): _told(source, thing)
        for source in scheme.sources
        for thing in things_of(scheme, source)
    }


def _told(source: Source, thing: Thing) -> Told:
    item = thing.spoken if thing.number is not None else ""
    nobody = BY_RULES if source.main_form != "self" and thing.filled else _of_ballots(source)
    return Told(thing.indicator or thing.label, item, thing.full, nobody)


def _unknown(scheme: Scheme | None, source: str, item: str) -> Told:
    """Return what is told of a mark of something that the standard does not name."""
    found = next((each for each in scheme.sources if each.name == source), None) if scheme else None
    return Told(item, nobody=_of_ballots(found) if found else "")


def _of_ballots(source: Source) -> str:
    return OF_BALLOTS if source.main_form == "survey" else ""
