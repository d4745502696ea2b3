"""Branches that a lower unit graded: their figures and grade are taken over as they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from dingji.intake.lower import Handed
from dingji.scheme.model import Scheme
from dingji.scheme.names import source_heading
from dingji.scoring.targets import follow_up
from dingji.scoring.trail import Trail


def taken_over(
    scheme: Scheme, units: Sequence[str], handed: Mapping[str, Handed], previous: Mapping[str, str], trail: Trail
) -> list[dict[str, Any]]:
    """Return the results of branches that lower units graded, each with its one step in the trail."""
    labels = {grade.name for grade in scheme.grades}
    rows = []
    for unit in (unit for unit in units if unit in handed):
        given = handed[unit]
        grade = given.grade if given.grade in labels else ""
        composite = given.figure("综合得分")
        words = f"下级上报：{grade or '未定级'}" + (
            f"，综合得分 {given.texts['综合得分']}" if composite is not None else ""
        )
        trail.add(unit, "lower", text=grade, figure=composite, words=words, entries=given.entries)
        rows.append(_row(scheme, unit, given, grade, composite, previous.get(unit, "")))
    return rows


def _row(
    scheme: Scheme, unit: str, given: Handed, grade: str, composite: Fraction | None, previous: str
) -> dict[str, Any]:
    top = [source.name for source in scheme.sources if not source.inside]
    shares = [share for source in scheme.sources for share in source.shares]
    settled = bool(grade) if scheme.grades else composite is not None
    situation = given.texts.get("直接定级或限档情形", "")
    return {
        "unit": unit,
        "scheme": scheme.id,
        "scores": {name: given.figure(source_heading(name)) for name in top},
        "shares": {name: given.figure(name) for name in shares},
        "survey": given.figure("测评得分"),
        "bonus": given.figure("加分") or Fraction(0),
        "composite": composite,
        "unrounded": composite,
        "place": None,
        "computed": grade,
        "decided": "",
        "previous": previous,
        "last_year": "",
        "movement": "",
        "situations": tuple(part for part in situation.split("；") if part),
        "flags": (),
        "beside": {},
        "follow_up": follow_up(scheme, grade),
        "issues": (),
        "missing": () if settled else ("下级未定级",),
        "settled": settled,
        "borderline": False,
    }
