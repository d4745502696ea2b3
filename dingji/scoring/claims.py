"""Marks held against the facts typed beside them, and 分值 against rules: a mismatch is a warning, no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import pandas as pd

from dingji.intake.facts import amount_range
from dingji.numbers import exact, plain
from dingji.problems import Problem, problem_at
from dingji.scheme.marking import Thing, things_of
from dingji.scheme.model import Scheme, Source
from dingji.scoring.facts import Facts
from dingji.scoring.marks import held
from dingji.scoring.points import Typed, figure_of, rule_points, total_points
from dingji.tables import records

CODES = {"self": "W221", "committee": "W222", "peer": "W222"}


def compare_marks(entries: pd.DataFrame, scheme: Scheme, round_name: str) -> Iterator[Problem]:
    """Yield a warning for every typed mark that the facts of the same rater and branch contradict.

    For an item only the rules whose facts were stated are reckoned with; the mark is held in its bounds as claims are.
    """
    rules = {rule.name: (indicator, rule) for indicator in scheme.indicators for rule in indicator.rules}
    for source in scheme.sources_in(round_name):
        if source.main_form not in CODES or source.marks == "total":
            continue
        own = entries[(entries["form"] == source.main_form) & (entries["source"] == source.name)]
        facts = Facts.of(own[own["part"] == "fact"], rules)
        stated: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for unit, rater, rule in facts.rows:
            stated[unit, rater].add(rule)
        marks = own[(own["part"] == "mark") & (own["state"] == "typed")]
        marks = marks[marks["unit"].isin({unit for unit, _ in stated})]
        yield from _contradictions(marks, things_of(scheme, source), facts, stated, source)


def compare_amounts(entries: pd.DataFrame, scheme: Scheme) -> Iterator[Problem]:
    """Yield a warning for every 分值 that was typed where the rule's points are fixed and come to something else."""
    rules = {rule.name: rule for indicator in scheme.indicators for rule in indicator.rules}
    facts = entries[(entries["part"] == "fact") & (entries["state"] == "typed") & entries["amount"].notna()]
    for row in records(facts):
        rule = rules.get(row["rule"])
        if rule is None or amount_range(row, rule):
            continue
        figure = None if pd.isna(row["value"]) else exact(int(row["value"]))
        points = rule_points(rule, Typed(figure_of(rule, figure), row["option"]))
        typed = exact(int(row["amount"]))
        if points is not None and abs(points) != abs(typed):
            cell = row["cell"].split(" ")[-1]  # 分值 is the last of a fact's cells
            expected = plain(abs(points))
            yield problem_at(row, "W226", rule.name, plain(typed), cell=cell, expected=expected)


def _contradictions(
    marks: pd.DataFrame,
    things: Sequence[Thing],
    facts: Facts,
    stated: Mapping[tuple[str, str], set[str]],
    source: Source,
) -> Iterator[Problem]:
    by_key = {thing.key: thing for thing in things}
    for row in records(marks):
        unit, rater, thing = row["unit"], row["rater"], by_key.get(row["item"])
        rules = [rule for rule in thing.rules if rule.name in stated[unit, rater]] if thing else []
        if not thing or not rules:
            continue
        points = [total_points(rule, [fact.typed for fact in facts.typed(unit, rater, rule)]) for rule in rules]
        expected = _expected(thing, points)
        claimed = exact(int(row["value"]))
        if expected is not None and expected != claimed:
            code = CODES[source.main_form]
            yield problem_at(row, code, thing.label, plain(claimed), expected=plain(expected))


def _expected(thing: Thing, points: Iterable[Fraction | None]) -> Fraction | None:
    given = list(points)
    if any(figure is None for figure in given):
        return None
    mark = thing.base + sum((figure for figure in given if figure is not None), Fraction(0))
    return held(mark, thing.low, thing.high)
