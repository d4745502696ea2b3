"""How a composite adds up, as data: terms by weight, factors, bonus, points, bounds; and in one line of figures.

The line is exact: whoever works it out from its own printed figures comes to the printed composite.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial

from dingji.numbers import MICRO, fixed, half_up, plain
from dingji.scheme.grades import Situation
from dingji.scoring.trail import Taken

Show = Callable[[Fraction], Fraction]
"""What is left of a figure once it is printed."""
Print = Callable[[Fraction], str]
"""How a figure is printed."""
LEAST_PLACES, MOST_PLACES = 4, 12
"""To how many places a figure without an end is printed, at the least, and at the most before it stands as a ratio."""
ONE = Fraction(1)


@dataclass(frozen=True)
class Term:
    """A figure that counts by its weight, a part of one; None: it counts as it stands."""

    name: str
    figure: Fraction
    weight: Fraction | None = None


@dataclass(frozen=True)
class Change:
    """What a situation makes of the composite: a factor on what stands without the bonus, or points; so many times."""

    name: str
    figure: Fraction
    times: Fraction = ONE


@dataclass(frozen=True)
class Arithmetic:
    """Σ terms, × factors, + bonus, + points, within bounds, rounded; of one round, or of several as one."""

    round: str
    terms: tuple[Term, ...]
    bonus: tuple[Term, ...]
    held: Fraction
    """The composite within the standard's bounds, before rounding."""
    places: int | None
    """To how many places it is rounded, None where it is not: the part of a year's figure that a round is."""
    inner: Fraction = Fraction(0)
    """The bonus inside of the terms, where rounds are added up with theirs: no factor touches it."""
    factors: tuple[Change, ...] = ()
    points: tuple[Change, ...] = ()
    dropped: tuple[Term, ...] = ()
    """Rounds that are left out as the lowest or highest."""

    @property
    def rounded(self) -> Fraction:
        """Return the composite as it counts."""
        return self.held if self.places is None else half_up(self.held, self.places)

    @cached_property
    def shared(self) -> int:
        """Return of how many terms it is the plain mean, where the weights would have no end in percent; else 1."""
        size = len(self.terms)
        alike = size > 1 and all(term.weight == Fraction(1, size) for term in self.terms)
        return size if alike and not _ends(Fraction(100, size)) else 1

    @property
    def apart(self) -> Fraction:
        """Return the bonus that is taken out of the terms before a factor, and added again after it."""
        return self.inner if self.factors else Fraction(0)

    def worked_out(self, show: Show = lambda figure: figure) -> Fraction:
        """Work the sum out from its figures as printed, before bounds and rounding."""
        core = sum((show(one.figure) * (ONE if one.weight is None else one.weight) for one in self.terms), Fraction(0))
        core -= show(self.apart)
        for factor in self.factors:
            core *= show(factor.figure) * show(factor.times)
        added = sum((show(term.figure) for term in self.bonus), show(self.apart))
        return core + added + sum((show(one.figure) * show(one.times) for one in self.points), Fraction(0))

    @cached_property
    def summed(self) -> Fraction:
        """Return the sum before bounds and rounding."""
        return self.worked_out()

    @cached_property
    def exact_places(self) -> int | None:
        """Return to how many places figures without an end are printed so that the line is exact; None: as ratios."""
        for places in range(LEAST_PLACES, MOST_PLACES + 1):
            if self._rounds_to(self.held + self.worked_out(partial(printed, places)) - self.summed):
                return places
        return None

    def _rounds_to(self, figure: Fraction) -> bool:
        places = LEAST_PLACES if self.places is None else self.places
        return half_up(figure, places) == half_up(self.held, places)


def printed(places: int, figure: Fraction) -> Fraction:
    """Return a figure as it reads once printed: one without an end to so many places."""
    return figure if _ends(figure) else half_up(figure, places)


def _ends(figure: Fraction) -> bool:
    return MICRO % figure.denominator == 0


# --- from the trail -----------------------------------------------------------------------------------------


def arithmetic(steps: Sequence[Taken]) -> tuple[Arithmetic | None, tuple[Arithmetic, ...]]:
    """Return how a branch's composite adds up, and each of its rounds where there are several.

    `steps`: the steps `composite` and `adjust` of the branch, in order.
    """
    rounds = [_of_round(step) for step in steps if step.sentence == "composite"]
    whole = next((_of_rounds(step) for step in steps if step.sentence == "rounds"), None)
    parts: tuple[Arithmetic, ...] = ()
    if whole is not None:
        parts = tuple(_as_part(one, whole) for one in rounds)
    found = whole or (rounds[-1] if rounds else None)
    return None if found is None else _adjusted(found, steps), parts


def _of_round(step: Taken) -> Arithmetic:
    values = step.values
    weighted = (
        Term(name, figure, weight / 100) for name, figure, weight in values["terms"] if figure is not None and weight
    )
    faces = (Term(name, figure) for name, figure in values["faces"])
    bonus = (Term("加分", values["bonus"]),) if values["bonus"] else ()
    return Arithmetic(step.round, (*weighted, *faces), bonus, values["limit"], values["places"])


def _of_rounds(step: Taken) -> Arithmetic:
    values = step.values
    parts = values["parts"]
    kept = sum((weight for _, _, weight, counts in parts if counts), Fraction(0))
    whole = sum((weight for _, _, weight, _ in parts), Fraction(0))
    terms = tuple(Term(name, figure, weight * whole / kept) for name, figure, weight, counts in parts if counts)
    dropped = tuple(Term(name, figure) for name, figure, _, counts in parts if not counts)
    bonus = tuple(Term(f"{name}加分", points) for name, points in values["bonuses"] if points)
    return Arithmetic("", terms, bonus, values["whole"], values["places"], dropped=dropped)


def _as_part(one: Arithmetic, whole: Arithmetic) -> Arithmetic:
    """Return a round's sum as the year takes it in: unrounded, without the bonus that the year adds itself."""
    figures = {term.name: term.figure for term in (*whole.terms, *whole.dropped)}
    bonus = () if whole.bonus else one.bonus
    return replace(one, bonus=bonus, held=figures.get(one.round, one.held), places=None)


def _adjusted(found: Arithmetic, steps: Sequence[Taken]) -> Arithmetic:
    """Lay on what situations made of the composite."""
    taken = [step.values for step in steps if step.sentence == "adjusted"]
    settled = next((step.values for step in steps if step.sentence == "settled"), None)
    if not taken or settled is None:
        return found
    held: list[tuple[Situation, Fraction]] = [(values["situation"], values["times"]) for values in taken]
    factors = tuple(Change(one.name, Fraction(one.factor), times) for one, times in held if one.factor is not None)
    points = tuple(Change(one.name, Fraction(one.points), times) for one, times in held if one.points is not None)
    inner = Fraction(0) if found.bonus else Fraction(taken[0]["bonus"] or 0)
    return replace(found, held=settled["limit"], inner=inner, factors=factors, points=points)


# --- in one line ------------------------------------------------------------------------------------------


def line(whole: Arithmetic) -> str:
    """Return the sum in one line: `自评 92×30% ＋ 评定 90×70% ＝ 90.60`."""
    show = partial(_shown, whole)
    left = "、".join(f"{term.name} {plain(term.figure)}" for term in whole.dropped)
    return f"{f'去掉 {left}；' if left else ''}{_core(whole, show)}{_more(whole, show)} ＝ {_result(whole)}"


def _shown(whole: Arithmetic, figure: Fraction) -> str:
    if _ends(figure):
        return plain(figure)
    places = whole.exact_places
    return f"{figure.numerator}÷{figure.denominator}" if places is None else f"{fixed(figure, places)}…"


def _core(whole: Arithmetic, show: Print) -> str:
    """Tell what factors work on, and them."""
    told = " ＋ ".join(f"{term.name} {show(term.figure)}{_weight(term, whole.shared)}" for term in whole.terms)
    if whole.shared > 1:
        told = f"（{told}）÷{whole.shared}"
    if not whole.factors:
        return told
    apart = f" − 加分 {show(whole.apart)}" if whole.apart else ""
    return f"（{told}{apart}）" + "".join(f"×{_change(one, show)}" for one in whole.factors)


def _weight(term: Term, shared: int) -> str:
    if term.weight is None or term.weight == 1 or shared > 1:
        return ""
    percent = term.weight * 100
    return f"×{plain(percent)}%" if _ends(percent) else f"×{term.weight.numerator}÷{term.weight.denominator}"


def _more(whole: Arithmetic, show: Print) -> str:
    """Tell what is added to that as it stands: the bonus, and points."""
    apart = [Term("加分", whole.apart)] if whole.apart else []
    told = [(term.figure, f"{term.name} {show(abs(term.figure))}") for term in (*whole.bonus, *apart)]
    told += [(one.figure, _change(one, show)) for one in whole.points]
    return "".join(f" {'−' if figure < 0 else '＋'} {words}" for figure, words in told)


def _change(one: Change, show: Print) -> str:
    return f"{one.name} {show(abs(one.figure))}" + ("" if one.times == 1 else f"×{show(one.times)}")


def _result(whole: Arithmetic) -> str:
    summed, places = whole.summed, whole.places
    told = plain(whole.held) if places is None else fixed(whole.rounded, places)
    if summed != whole.held:
        return f"{told}（{plain(summed)}，以 {plain(whole.held)} 为限）"
    return told if whole.rounded == whole.held else f"{told}（{plain(whole.held)} 四舍五入）"
