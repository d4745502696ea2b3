"""The answer first: what a branch came to and why, how its figure adds up, and where its points are.

Data that several papers can print; every figure is the trail's or the results', nothing is computed again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from dingji.reports.arithmetic import Arithmetic, arithmetic
from dingji.reports.view import OutcomeView
from dingji.scheme.grades import PREVIOUS, Grade, Quota, Situation
from dingji.scheme.model import Scheme
from dingji.scoring.trail import Taken

MOVING = ("at_least", "up", "down", "at_most", "grade")
"""Steps by which a situation moves a grade."""
READ = frozenset(
    (*MOVING, "no_grade", "composite", "adjust", "score", "points", "quota", "decision", "looked", "lower", "indicator")
)
CEILINGS = ("at_most", "grade")
"""Steps that hold a branch at a grade, however high its composite."""


class Reason(NamedTuple):
    """Why a branch has a grade: the kind, and what its words need, by name."""

    kind: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Gap:
    """What lies between a branch and the next better grade."""

    grade: str
    bound: Fraction | None
    lacking: Fraction | None
    """Points of the composite; 0 where it is reached, None where the composite does not decide."""
    condition: str = ""
    """What that grade asks for besides, "" where nothing."""
    quota: bool = False
    """Whether a number of places stands between them too."""


@dataclass(frozen=True)
class IndicatorFigure:
    """An indicator's figure over all sources, its full mark, and the figure of each source by name."""

    round: str
    name: str
    full: Decimal | None
    figure: Fraction | None
    sources: tuple[tuple[str, Fraction | None], ...]


@dataclass(frozen=True)
class Answer:
    """What a branch came to; grades "" where there is none, `why` None where it does not take part."""

    computed: str
    decided: str
    graded: bool
    """Whether the standard has grades at all."""
    why: Reason | None
    by_points: Reason | None
    """The grade that the composite alone gives, where something else decided."""
    beside: tuple[Situation, ...]
    """Situations that hold too and did not move the grade."""
    gap: Gap | None
    arithmetic: Arithmetic | None
    rounds: tuple[Arithmetic, ...]
    set_to: tuple[str, Fraction] | None
    """The situation that set the composite, and to what."""
    composite: Fraction | None
    places: int
    place: int | None
    indicators: tuple[IndicatorFigure, ...]
    decision: Reason | None = None
    better_by_points: bool = False
    """Whether the composite alone gives a better grade than the computed one."""


def answer(view: OutcomeView, unit: str) -> Answer | None:
    """Return the answer for a branch; None where it does not take part."""
    result, scheme = view.results.get(unit), view.scheme_of(unit)
    if result is None or scheme is None:
        return None
    return _Asked(scheme, result, view.outcome.trail.taken(unit, READ)).answer()


def answers(view: OutcomeView) -> dict[str, Answer]:
    """Return the answers for all branches that take part, by 党组织编码."""
    return _answers(view, READ)


def conclusions(view: OutcomeView) -> dict[str, Answer]:
    """Return the same without the indicators' figures, which cost more than all the rest."""
    return _answers(view, READ - {"indicator"})


def _answers(view: OutcomeView, kinds: Collection[str]) -> dict[str, Answer]:
    taken, schemes = view.outcome.trail.taken_by_all(kinds), view.outcome.schemes
    return {
        unit: _Asked(schemes[result["scheme"]], result, taken.get(unit, [])).answer()
        for unit, result in view.results.items()
    }


@dataclass(frozen=True)
class _Asked:
    """One branch's standard, result and steps."""

    scheme: Scheme
    result: Mapping[str, Any]
    steps: Sequence[Taken]

    def of(self, *kinds: str) -> list[Taken]:
        return [step for step in self.steps if step.step in kinds]

    def answer(self) -> Answer:
        whole, rounds = arithmetic(self.of("composite", "adjust"))
        scores = self.of("score")
        mover = self.mover
        return Answer(
            computed=self.result["computed"],
            decided=self.result["decided"],
            graded=bool(self.scheme.grades),
            why=self.why(mover),
            by_points=self.by_points,
            beside=tuple(step.values["situation"] for step in self.of(*MOVING) if step is not mover and _told(step)),
            gap=self.gap(),
            arithmetic=whole,
            rounds=rounds,
            set_to=(scores[-1].item, scores[-1].figure or Fraction(0)) if scores else None,
            composite=self.result["composite"],
            places=self.scheme.rounding.places,
            place=self.result["place"],
            indicators=tuple(map(_indicator, self.of("indicator"))),
            better_by_points=self._ranked_above(),
            decision=next((Reason("decision", step.values) for step in self.of("decision") if _told(step)), None),
        )

    # --- why ---------------------------------------------------------------------------------------------

    @property
    def mover(self) -> Taken | None:
        """Return the last situation that moved the grade, or that withholds it."""
        found, grade = None, next((step.text for step in self.of("points")), "")
        for step in self.of(*MOVING, "no_grade"):
            if step.text != grade and _told(step):
                found, grade = step, step.text
        return found

    def why(self, mover: Taken | None) -> Reason:
        """Return what decided on the computed grade, or who is waited for."""
        if not self.scheme.grades:
            return Reason("total", {"missing": self.result["missing"]})
        if not self.result["computed"]:
            return Reason("waiting", {"missing": self.result["missing"]})
        if lower := self.of("lower"):
            return Reason("lower", lower[0].values)
        falls = [step for step in self.of("quota") if step.sentence == "fall"]
        if falls:
            return Reason("fall", falls[-1].values)
        if mover is not None:
            return Reason("situation", mover.values)
        return self.by_points or Reason("told", {})

    @cached_property
    def by_points(self) -> Reason | None:
        """Return the band in which the composite lies, with what it lacks of the next better one."""
        points = next((step for step in self.of("points") if step.sentence == "points"), None)
        if points is None:
            return None
        rank = self.labels.index(points.text)
        better = self.scheme.grades[rank - 1] if rank else None
        grade = self.scheme.grades[rank]
        return Reason(
            "points",
            {"grade": grade, "shown": points.values["shown"], "better": better, "lacks": self._lacks(better, points)},
        )

    def _lacks(self, grade: Grade | None, points: Taken) -> str:
        """Return the condition that keeps a branch out of a grade whose bound it reaches, "" where there is none."""
        reached = grade is not None and (grade.start is None or (points.figure or 0) >= Fraction(grade.start))
        return grade.when if grade is not None and reached else ""

    def _ranked_above(self) -> bool:
        """Say whether the composite alone gives a better grade than the computed one."""
        by_points, computed = self.by_points, self.result["computed"]
        if by_points is None or computed not in self.labels:
            return False
        return self.labels.index(by_points.values["grade"].name) < self.labels.index(computed)

    # --- how far to the next -----------------------------------------------------------------------------

    @cached_property
    def labels(self) -> list[str]:
        return [grade.name for grade in self.scheme.grades]

    def gap(self) -> Gap | None:
        """Return what lies between the computed grade and the next better one; None where there is no such thing."""
        points = next((step for step in self.of("points") if step.sentence == "points"), None)
        rank = self.labels.index(self.result["computed"]) if self.result["computed"] in self.labels else 0
        if not rank or points is None or self.of("up", "down"):
            return None
        better, figure = self.scheme.grades[rank - 1], points.figure or Fraction(0)
        bound = None if better.start is None else Fraction(better.start)
        held = bound is None or bool(self.of("score")) or self._held(rank)
        lacking = None if held or bound is None else max(bound - figure, Fraction(0))
        return Gap(better.name, bound, lacking, better.when, self._by_number(rank))

    def _held(self, rank: int) -> bool:
        """Say whether a situation keeps the branch from every grade better than this one."""
        return any(
            (target := self._target(step.values["situation"])) is None or target >= rank
            for step in self.of(*CEILINGS, "no_grade")
            if _told(step)
        )

    def _target(self, situation: Situation) -> int | None:
        """Return the rank that a situation names, None where it is not known."""
        named = self.result["previous"] if situation.named == PREVIOUS else situation.named
        return self.labels.index(named) + situation.shift if named in self.labels else None

    def _by_number(self, rank: int) -> bool:
        return any(_between(self.labels, quota, rank) for quota in self.scheme.quotas if quota.grade)


def _between(labels: Sequence[str], quota: Quota, rank: int) -> bool:
    """Say whether a quota may keep a branch of some rank from the next better grade."""
    own = [labels.index(label) for label in quota.grade]
    return (quota.at_most is not None and max(own) == rank - 1) or (quota.at_least is not None and min(own) >= rank)


def _told(step: Taken) -> bool:
    """Say whether a step keeps what it was taken from; one of an archive keeps only words."""
    return step.sentence in ("situation", "decision")


def _indicator(step: Taken) -> IndicatorFigure:
    values = step.values
    return IndicatorFigure(step.round, values["name"], values["full"], values["held"], tuple(values["terms"]))
