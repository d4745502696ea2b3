"""After grading: what each grade is followed by, and which targets over two rounds (晋位率, 转化率) were reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dingji.numbers import percent
from dingji.problems import Problem
from dingji.scheme.model import Scheme, Target


def follow_up(scheme: Scheme, grade: str) -> str:
    """Return what the standard asks for after a grade; "" where it asks nothing."""
    return next((one.follow_up for one in scheme.grades if one.name == grade), "")


@dataclass(frozen=True)
class Reached:
    """How far a target was reached: `risen` of the `base` branches that had one of its grades last time."""

    target: Target
    risen: int
    base: int
    called: str
    """晋位率, or 转化率 of the lowest grade."""
    counted: str
    """What is counted: 党组织, or the standard's own word."""
    due: bool = True
    """Whether it is to be reached by the end of this round."""
    waiting: int = 0
    """So many of the base have not been reckoned yet."""

    @property
    def rate(self) -> Fraction | None:
        """Return risen ÷ base; None where nobody had such a grade last time."""
        return Fraction(self.risen, self.base) if self.base else None

    @property
    def missed(self) -> bool:
        """Say whether the target was not reached.

        One that is about nobody, or that a later round is to reach, is not; nor one that those who are not reckoned yet
        may still bring about.
        """
        return self.due and bool(self.base) and not self._is_enough(self.risen + self.waiting)

    def _is_enough(self, risen: int) -> bool:
        bound = self.target.at_least
        return (Fraction(risen, self.base) if bound.share else risen) >= bound.value

    @property
    def _verdict(self) -> str:
        if not self.due:
            return f"{'、'.join(self.target.rounds)}检查"
        if self.missed:
            return "未达到"
        return "已达到" if self._is_enough(self.risen) else f"还有{self.waiting}个没有测算"

    @property
    def words(self) -> str:
        """Tell the target's name, numerator, denominator, rate and verdict in one line."""
        return f"{self.target.name}：{self.told}"

    @property
    def told(self) -> str:
        """Tell the same without the name."""
        target, before = self.target, "、".join(self.target.out_of)
        if self.rate is None:
            return f"上期没有“{before}”的{self.counted}，不计算{self.called}。"
        goal = f"不低于{target.at_least.written}" if target.at_least.share else f"不少于{target.at_least.written}个"
        rate = f"{self.called}{self.risen}÷{self.base}＝{percent(self.rate)}"
        told = f"上期“{before}”{self.base}个，本期达到“{'、'.join(target.to)}”{self.risen}个"
        return f"{told}，{rate}；目标{goal}，{self._verdict}。"


def reached(scheme: Scheme, results: Sequence[Mapping[str, Any]], round_name: str) -> list[Reached]:
    """Return how far each target of a standard was reached by some of its branches; nothing without 上期等次.

    A branch counts that is graded this time and had the grade last time, under the same code: one that was dissolved or
    merged since has no result, a new one no 上期等次. The grade is 审定等次, else 测算等次; 未定级 has not risen.
    """
    compared = [result for result in results if result["scheme"] == scheme.id and result["previous"]]
    return (
        [_reached(scheme, target, compared, round_name) for target in scheme.targets]
        if compared and scheme.grades
        else []
    )


def _reached(scheme: Scheme, target: Target, compared: Sequence[Mapping[str, Any]], round_name: str) -> Reached:
    base = [result for result in compared if result["previous"] in target.out_of]
    risen = [result for result in base if (result["decided"] or result["computed"]) in target.to]
    called = "转化率" if target.out_of == [scheme.grades[-1].name] else "晋位率"
    due = not target.rounds or round_name in target.rounds
    waiting = [result for result in base if result not in risen and not result["settled"]]
    return Reached(target, len(risen), len(base), called, scheme.counted, due, len(waiting))


def target_problems(scheme: Scheme, results: Sequence[Mapping[str, Any]], round_name: str) -> Iterator[Problem]:
    """Yield a warning for every target that was missed."""
    for one in reached(scheme, results, round_name):
        if one.missed:
            yield Problem("W543", subject=one.target.name, values={"what": one.told.removesuffix("。")})
