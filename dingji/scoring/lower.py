"""Branches that a lower unit graded: their figures and grade are taken over as they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from dingji.exact import Exact
from dingji.intake.lower import Handed
from dingji.scheme.grades import PREVIOUS
from dingji.scheme.model import Scheme
from dingji.scheme.names import source_heading
from dingji.scoring.grading import movement_of
from dingji.scoring.state import Declared
from dingji.scoring.targets import follow_up
from dingji.scoring.trail import Groups, Trail

ALONE = np.zeros(1, np.intp)
"""The one row of a step that one branch takes."""


def taken_over(
    scheme: Scheme, units: Sequence[str], handed: Mapping[str, Handed], declared: Declared, trail: Trail
) -> list[dict[str, Any]]:
    """Return the results of branches that lower units graded, each with its step in the trail.

    What this committee decided of them stands over what was handed up, as over a grade computed here. 上期等次 is what
    is known of it here, else what was handed up.
    """
    labels = {grade.name for grade in scheme.grades}
    rows = []
    for unit in (unit for unit in units if unit in handed):
        given, place = handed[unit], np.array([trail.units.index(unit)])
        grade = given.grade if given.grade in labels else ""
        composite = given.figure("综合得分")
        shown = "" if composite is None else given.texts["综合得分"]
        behind = Groups.of(np.zeros(len(given.entries), np.intp), 1, np.array(given.entries, np.intp))
        trail.add(
            "lower", ALONE, place, "lower", order=len(scheme.sources), text=grade, figure=Exact.of([composite]),
            behind=behind, grade=grade, composite=shown,
        )  # fmt: skip
        decision = declared.decisions.get(unit)
        decided = decision.grade if decision else ""
        if decision:
            own = np.array(decision.entries, np.intp)
            trail.add(
                "decision", ALONE, place, "decision", order=len(scheme.sources), item="审定等次", text=decided,
                behind=Groups.of(np.zeros(len(own), np.intp), 1, own), grade=decided, computed=grade or "未定级",
                reason=decision.reason, meeting=decision.meeting,
            )  # fmt: skip
        row = _row(scheme, given, grade, decided, composite) | {"unit": unit}
        told = given.texts.get(PREVIOUS, "")
        before = declared.previous.get(unit, "") or (told if told in labels else "")
        rows.append(row | _compared(scheme, row, before, trail))
    return rows


def _compared(scheme: Scheme, row: Mapping[str, Any], before: str, trail: Trail) -> dict[str, str]:
    """Return 上期等次 and 晋位情况 of a branch."""
    labels = [grade.name for grade in scheme.grades]
    now = row["decided"] or row["computed"]
    movement = movement_of(labels, before, now)
    if movement:
        place = np.array([trail.units.index(row["unit"])])
        trail.add(
            "movement", ALONE, place, "movement", order=len(scheme.sources), text=movement, before=before, now=now,
            movement=movement,
        )  # fmt: skip
    return {"previous": before, "movement": movement}


def _row(scheme: Scheme, given: Handed, grade: str, decided: str, composite: Fraction | None) -> dict[str, Any]:
    top = [source.name for source in scheme.sources if not source.inside]
    shares = [share for source in scheme.sources for share in source.shares]
    settled = bool(decided or grade) if scheme.grades else composite is not None
    situation = given.texts.get("直接定级或限档情形", "")
    return {
        "scheme": scheme.id,
        "scores": {name: given.figure(source_heading(name)) for name in top},
        "shares": {name: given.figure(name) for name in shares},
        "survey": given.figure("测评得分"),
        "bonus": given.figure("加分") or Fraction(0),
        "composite": composite,
        "unrounded": composite,
        "place": None,
        "computed": grade,
        "decided": decided,
        "last_year": "",
        "situations": tuple(part for part in situation.split("；") if part),
        "lowered": "",
        "notes": given.notes,
        "flags": (),
        "beside": {},
        "follow_up": follow_up(scheme, decided or grade),
        "overruled": "",
        "issues": (),
        "missing": () if settled else ("下级未定级",),
        "settled": settled,
        "borderline": False,
    }
