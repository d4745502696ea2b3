"""What could have been otherwise with one branch: composite, a source's mark, ballots, facts, situations.

Each move is a change by amount, the larger the better for the branch, and how large it may be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import ceil
from typing import Any, Final

import pandas as pd

from dingji.exact import Exact
from dingji.numbers import MICRO, exact
from dingji.read.printed import VOTES
from dingji.scheme.conditions import names_in
from dingji.scheme.indicators import Rule
from dingji.scheme.marking import things_of
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import RATED
from dingji.scheme.who_marks import full_within
from dingji.scoring.board import parsed
from dingji.scoring.facts import rules_by_name
from dingji.scoring.weights import HUNDRED, effective_weights
from dingji.supposing.copies import Alone, Change, formulas_in
from dingji.tables import records

HEADS: Final = ("收回", "有效", "实到")
"""Counts in the head of a survey that one more ballot raises."""
MARKED: Final = (*RATED, "survey")
"""Forms on which others than the branch itself mark."""


@dataclass(frozen=True)
class Move:
    """One thing that could be otherwise. `kind`: points, mark, votes, ballots, figure, fact, situation.

    `subject`: the source, rule or situation; `what`: the best option, the unit or label; `group`: the 身份 of
    the ballots; `lowest`: the option from which votes move; `step`: how much one of the amount is; `worth`: how many
    points of the composite come with one, where no bound holds them; None where that is not told beforehand.
    """

    kind: str
    subject: str
    change: Callable[[int], Change]
    most: int
    what: str = ""
    group: str = ""
    step: Fraction = Fraction(1)
    lowest: str = ""
    worth: Fraction | None = None


def moves_of(
    scheme: Scheme, rows: Sequence[dict[str, Any]], alone: Alone, place: int, round_name: str
) -> Iterator[Move]:
    """Yield every move of a branch. `rows`: its entries, `labelled`; `alone`, `place`: where it stands as it is."""
    own = [row for row in rows if row["state"] != "superseded"]
    current = [row for row in own if row["round"] == round_name] or own
    yield from _points(scheme, alone, place)
    weights = effective_weights(alone.state.board, scheme.sources_in(round_name), round_name)
    for source in scheme.sources_in(round_name):
        if source.main_form in MARKED and source.marks != "options":
            for move in _mark(scheme, source, alone, place):
                yield replace(move, worth=_worth(move.step, weights[source.name], place))
        if source.main_form == "survey" and source.questions and source.options:
            yield from _ballots(source, [row for row in current if row["source"] == source.name])
    yield from _facts(scheme, current)
    yield from _situations(scheme, own)


def labelled(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return entries as rows that know their labels."""
    return [{**row, "label": int(label)} for label, row in zip(rows.index, records(rows), strict=True)]


# --- composite and marks ----------------------------------------------------------------------------------


def grid(scheme: Scheme) -> Fraction:
    """Return in what steps points are told: as the composite is printed, hundredths at the most."""
    return Fraction(1, 10 ** max(scheme.rounding.places, 0))


def _points(scheme: Scheme, alone: Alone, place: int) -> Iterator[Move]:
    score, step = alone.state.scores.at(place), grid(scheme)
    bounds = [Fraction(grade.start) for grade in scheme.grades if grade.start is not None]
    if score is None:
        return
    low, high = score // step, ceil(max([Fraction(scheme.full), *bounds]) / step)
    if high > low:
        yield Move(
            "points", "", lambda amount: Change(composite=(low + amount) * step), high - low, step=step, worth=step
        )


def _mark(scheme: Scheme, source: Source, alone: Alone, place: int) -> Iterator[Move]:
    """Yield what lies on a source's figure; raters cannot give more than the full marks of what they mark."""
    marks, step = alone.parts[-1][2].sources[source.name], min(grid(scheme), Fraction(1, 100))
    things = [thing for thing in things_of(scheme, source) if not thing.filled]
    if source.marks == "total":
        figure = marks.total.at(place)
        room = None if figure is None else things[0].full - figure
    else:
        names = dict.fromkeys(thing.indicator for thing in things)
        lacking = [(_full(scheme, source, name), marks.indicators[name].at(place)) for name in names]
        room = sum((max(full - figure, Fraction(0)) for full, figure in lacking if figure is not None), Fraction(0))
    if room and room >= step:
        yield Move("mark", source.name, partial(_laid, source.name, step), int(room / step), step=step)


def _worth(step: Fraction, weights: Exact, place: int) -> Fraction | None:
    """Return what one step of a source's figure weighs in the composite of one round."""
    weight = weights.at(place if len(weights) > 1 else 0)
    return step * weight / HUNDRED if weight else None


def _full(scheme: Scheme, source: Source, name: str) -> Fraction:
    return Fraction(full_within(scheme, source, next(one for one in scheme.scored if one.name == name)))


def _laid(source: str, step: Fraction, amount: int) -> Change:
    return Change(laid={source: amount * step})


# --- ballots ----------------------------------------------------------------------------------------------


def _ballots(source: Source, rows: Sequence[dict[str, Any]]) -> Iterator[Move]:
    """Yield votes moved from the lowest option to the best, and further ballots of the best; by 身份 where weighed."""
    points = {option: Fraction(value) for option, value in source.options.items()}
    best = max(points, key=lambda option: points[option])
    votes = [row for row in rows if row["item"] in source.questions and row["state"] == "typed" and _is_vote(row)]
    for group in dict.fromkeys(row["group"] for row in votes) if source.groups else ("",):
        own = [row for row in votes if not source.groups or row["group"] == group]
        if not own:
            continue
        by_question = [[row for row in own if row["item"] == question] for question in source.questions]
        lower = [_lower(each, points, best) for each in by_question]
        if any(lower):
            most = max(sum(number for _, number in each) for each in lower)
            change = partial(_moved, lower, best)
            yield Move("votes", source.name, change, most, best, group, lowest=_used(lower))
        most = max(sum(_number(row) for row in each) for each in by_question)
        change = partial(further, own[0], list(source.questions), best, rows)
        yield Move("ballots", source.name, change, most, best, group)


def one_vote(source: Source, rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, Change]]:
    """Yield one vote moved from the lowest option that anybody chose to the best, and from the best to the lowest.

    `rows`: a branch's entries of that survey. Each with what is told of it: `1张“不满意”改为“满意”`.
    """
    points = {option: Fraction(value) for option, value in source.options.items()}
    if not points:
        return
    best, worst = (choose(points, key=lambda option: points[option]) for choose in (max, min))
    asked = [row for row in rows if row["item"] in source.questions and row["state"] == "typed"]
    votes = [row for row in asked if _is_vote(row) and row["option"] in points and _number(row)]
    votes.sort(key=lambda row: points[row["option"]])
    for row, to in ((votes[0], best), (votes[-1], worst)) if votes else ():
        if row["option"] != to:
            yield f"1张“{row['option']}”改为“{to}”", _moved([[(row, _number(row))]], to, 1)


def _is_vote(row: dict[str, Any]) -> bool:
    if row["part"] == "votes":
        return bool(row["rule"] == VOTES) and isinstance(row["value"], int)
    return bool(row["part"] == "mark" and row["option"])


def _number(row: dict[str, Any]) -> int:
    """Return how many votes a row is: those of a line of a tally, or one."""
    return int(row["value"]) // MICRO if row["part"] == "votes" else 1


def _lower(rows: Sequence[dict[str, Any]], points: dict[str, Fraction], best: str) -> list[tuple[dict[str, Any], int]]:
    """Return the rows of votes for options below the best with their votes, the lowest option first."""
    below = [row for row in rows if row["option"] in points and points[row["option"]] < points[best] and _number(row)]
    return [(row, _number(row)) for row in sorted(below, key=lambda row: points[row["option"]])]


def _used(lower: Sequence[Sequence[tuple[dict[str, Any], int]]]) -> str:
    """Return the lowest option that anybody chose."""
    return next(str(each[0][0]["option"]) for each in lower if each)


def _moved(
    lower: Sequence[Sequence[tuple[dict[str, Any], int]]],
    best: str,
    amount: int,
) -> Change:
    altered: list[tuple[int, dict[str, Any]]] = []
    added: list[tuple[int, dict[str, Any]]] = []
    for each in lower:
        left = amount
        for row, number in each:
            taken = min(left, number)
            left -= taken
            if taken and row["part"] == "votes":
                altered.append((row["label"], {"value": (number - taken) * MICRO}))
                added.append((row["label"], {"option": best, "value": taken * MICRO}))
            elif taken:
                altered.append((row["label"], {"option": best}))
    return Change(altered=tuple(altered), added=tuple(added))


def further(
    like: dict[str, Any], questions: Sequence[str], option: str, rows: Sequence[dict[str, Any]], amount: int
) -> Change:
    """Return further ballots that choose an option in every question; heads among `rows`, the survey's, count them."""
    said = {"part": "votes", "rule": VOTES, "option": option, "value": amount * MICRO, "rater": "", "state": "typed"}
    added = tuple((like["label"], {**said, "item": question}) for question in questions)
    heads = [row for row in rows if row["part"] == "head" and row["rule"] in HEADS and isinstance(row["value"], int)]
    first = {row["rule"]: row for row in reversed(heads)}
    altered = tuple((row["label"], {"value": row["value"] + amount * MICRO}) for row in first.values())
    return Change(altered=altered, added=added)


# --- facts and situations ---------------------------------------------------------------------------------


def _situations(scheme: Scheme, rows: Sequence[dict[str, Any]]) -> Iterator[Move]:
    """Yield the declared situations that hold a branch down, as if they had not been declared."""
    for situation in scheme.situations:
        told = [row["label"] for row in rows if row["form"] == "situation" and row["rule"] == situation.name]
        if told and not situation.flag:
            yield Move("situation", situation.name, partial(_dropped, tuple(told)), 1)


def _dropped(labels: tuple[int, ...], _: int) -> Change:
    return Change(dropped=labels)


def _facts(scheme: Scheme, rows: Sequence[dict[str, Any]]) -> Iterator[Move]:
    """Yield what was told of a branch under each rule, as if it had been better."""
    read = {name for text in formulas_in(scheme) for name in names_in(parsed(text))}
    told = [row for row in rows if row["part"] == "fact" and row["state"] == "typed" and row["form"] != "bonus"]
    for name, (indicator, rule) in rules_by_name(scheme).items():
        own = [row for row in told if row["rule"] == name]
        if own and not rule.of and not indicator.bonus:
            yield from _fact(rule, own, read=bool({name, *(f"{row['source']}.{name}" for row in own)} & read))


def _fact(rule: Rule, rows: Sequence[dict[str, Any]], *, read: bool) -> Iterator[Move]:
    if rule.options and not rule.unit:
        best = max(rule.options, key=lambda label: rule.options[label][1] if rule.options else 0)
        if any(row["option"] != best for row in rows):
            yield Move("fact", rule.name, partial(_all_saying, rows, {"option": best, "amount": pd.NA}), 1, best)
    elif not rule.reads_figure and (rule.way == "once" or read):
        if any(row["option"] != "否" for row in rows) and (not rule.once or rule.once[0] < 0):
            yield Move("fact", rule.name, partial(_all_saying, rows, {"option": "否", "amount": pd.NA}), 1, "否")
    elif rule.reads_figure and not rule.options:
        yield from _figure(rule, rows)


def _all_saying(rows: Sequence[dict[str, Any]], said: dict[str, Any], _: int) -> Change:
    return Change(altered=tuple((row["label"], said) for row in rows))


def _figure(rule: Rule, rows: Sequence[dict[str, Any]]) -> Iterator[Move]:
    """Yield a figure raised to where the rule takes nothing off any more, or lowered to there."""
    goal = _goal(rule)
    known = [row for row in rows if isinstance(row["value"], int)]
    if goal is None or not known:
        return
    rising = bool(rule.under) or bool(rule.bands)
    tellers = _tellers(known, rising=rising)
    sums = [sum((exact(row["value"]) for row in each), Fraction(0)) for each in tellers]
    gaps = [goal - one if rising else one - goal for one in sums]
    if max(gaps) > 0:
        change = partial(_figured, tellers, gaps, 1 if rising else -1)
        yield Move("figure", rule.name, change, ceil(max(gaps)), rule.unit, step=Fraction(1 if rising else -1))


def _goal(rule: Rule) -> Fraction | None:
    """Return the figure, as typed, from which a rule takes nothing off; None where it takes nothing off."""
    hundredfold = 100 if rule.unit == "%" else 1
    points = rule.once or rule.each
    if points is not None and points[0] < 0:
        bound = rule.under or rule.over
        return bound.value * hundredfold if bound else Fraction(0)
    starts = [band.start.value * hundredfold for band in rule.bands or [] if band.start is not None]
    return max(starts, default=None)


def _tellers(rows: Sequence[dict[str, Any]], *, rising: bool) -> list[list[dict[str, Any]]]:
    """Return the rows of each who told it. What is lacking, 平时记录 need not make good beside the raters."""
    by_teller: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        by_teller.setdefault((row["form"], row["source"], row["rater"]), []).append(row)
    raters = {who: own for who, own in by_teller.items() if who[0] != "records"}
    return list((raters if rising and raters else by_teller).values())


def _figured(tellers: Sequence[Sequence[dict[str, Any]]], gaps: Sequence[Fraction], sign: int, amount: int) -> Change:
    """Let each who told a figure have told so many more, or fewer; nobody more than takes nothing off."""
    altered = []
    for rows, gap in zip(tellers, gaps, strict=True):
        left = min(Fraction(amount), gap)
        for row in rows if left > 0 else ():
            figure = exact(row["value"])
            by = left if sign > 0 else min(left, figure)
            left -= by
            altered.append((row["label"], {"value": int((figure + sign * by) * MICRO)}))
    return Change(altered=tuple(altered))
