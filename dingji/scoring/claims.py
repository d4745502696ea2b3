"""Marks held against the facts typed beside them, and 分值 against rules: a mismatch is a warning, no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from dingji.exact import Exact, Mask, Places
from dingji.numbers import plain
from dingji.problems import BETWEEN, Problem, problem_at
from dingji.scheme.marking import Thing, things_of
from dingji.scheme.model import Scheme, Source
from dingji.scoring.entered import Entered, Rows
from dingji.scoring.facts import Facts, rules_by_name
from dingji.scoring.points import Told, rule_points, total_points
from dingji.tables import only, records, texts_of

CODES = {"self": "W221", "committee": "W222", "peer": "W222"}


def compare_marks(entries: pd.DataFrame, scheme: Scheme, units: Sequence[str], round_name: str) -> Iterator[Problem]:
    """Yield a warning for every typed mark that the facts of the same rater, branch and round contradict.

    For an item only the rules whose facts were stated are reckoned with; the mark is held in its bounds as claims are.
    """
    own = Entered(only(entries, entries["unit"].isin(list(units))), units)
    for name, _ in scheme.rounds_taken(round_name):
        yield from _compare_round(own.in_round(name), scheme, name)


def _compare_round(entered: Entered, scheme: Scheme, name: str) -> Iterator[Problem]:
    rules = rules_by_name(scheme)
    for source in scheme.sources_in(name):
        if source.main_form in CODES and source.marks != "total":
            facts = Facts.of(entered.rows(source.main_form, "fact", source.name), rules)
            marks = entered.rows(source.main_form, "mark", source.name)
            yield from _contradictions(marks.keep(marks.are("state", "typed")), facts, scheme, source)


def _contradictions(marks: Rows, facts: Facts, scheme: Scheme, source: Source) -> Iterator[Problem]:
    judges = np.sort(facts.judges)
    marks = marks.keep(np.isin(marks.pairs(), judges))
    judge, figures = np.searchsorted(judges, marks.pairs()), marks.figures()
    things = things_of(scheme, source) if len(judges) else []
    of_thing = marks.coded("item", [thing.key for thing in things])
    found: dict[int, tuple[Thing, Fraction, Fraction]] = {}
    for place, thing in enumerate(things):
        expected, stated = _expected(thing, facts, judges)
        rows = np.flatnonzero(of_thing == place)
        due, claimed = expected.take(judge[rows]), figures.take(rows)
        differ = stated[judge[rows]] & due.known & claimed.known & ~due.same(claimed)
        both = (column.take(differ).fractions() for column in (due, claimed))
        for row, one, other in zip(rows[differ].tolist(), *both, strict=True):
            found[row] = (thing, one or Fraction(0), other or Fraction(0))
    order = sorted(found)
    entries = records(marks.entered.frame.iloc[marks.where[order]])
    for entry, (thing, due_, claim) in zip(entries, (found[row] for row in order), strict=True):
        yield problem_at(entry, CODES[source.main_form], thing.label, plain(claim), expected=plain(due_))


def _expected(thing: Thing, facts: Facts, judges: Places) -> tuple[Exact, Mask]:
    """Return by judge the mark that the stated facts come to, and whether a fact that gives points is stated."""
    size = len(judges)
    points, stated = Exact.constant(0, size), np.zeros(size, bool)
    for rule in (rule for rule in thing.rules if rule.way):
        told, rows = facts.under(rule), facts.typed(rule)
        if not len(told):
            continue
        whose, of_rows = (np.searchsorted(judges, facts.pairs[own]) for own in (told, rows))
        own = np.bincount(whose, minlength=size) > 0
        points += total_points(rule, facts.told.take(rows), of_rows, size).where(own, 0)
        stated |= own
    return (points + thing.base).held(thing.low, thing.high), stated


BY_RATERS = ("committee", "peer")


def told_again(entries: pd.DataFrame, scheme: Scheme, units: Sequence[str]) -> Iterator[Problem]:
    """Yield a note for every rule that counts once and was told of a branch several times, with all its cells.

    That all raters of a branch told it, each once, is how it should be, and is no note.
    """
    once = [rule.name for indicator in scheme.scored for rule in indicator.rules if rule.told_once and not rule.of]
    facts = entries[(entries["part"] == "fact") & (entries["state"] == "typed") & entries["unit"].isin(list(units))]
    facts = facts[facts["form"].isin([*BY_RATERS, "records"]) & facts["rule"].isin(once)]
    facts = facts[(facts["option"] != "否") & (facts["value"] != 0).fillna(value=True)]
    spoke = entries[entries["form"].isin(BY_RATERS) & entries["unit"].isin(facts["unit"])]
    voices = spoke.groupby(["unit", "round", "source"], observed=True)["rater"].nunique().to_dict()
    places: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in records(facts):
        places[row["unit"], row["round"], row["rule"]].append(row)
    for (_, _, rule), rows in places.items():
        told = {(row["form"], row["source"], row["rater"]) for row in rows}
        all_of_them = {voices.get((row["unit"], row["round"], row["source"])) for row in rows} == {len(told)}
        if len(rows) > len(told) or not (len(rows) == 1 or all_of_them):
            first, *others = ({**row, "cell": row["cell"].partition(" ")[0]} for row in rows)
            other = "、".join(BETWEEN.join((row["file"], row["sheet"], row["cell"])) for row in others)
            raters = {row["rater"] for row in rows if row["form"] in BY_RATERS}
            how = "，各评委的分里各计一次，再平均" if len(raters) > 1 else ""
            yield problem_at(first, "N238", rule, other=other, how=how)


def compare_amounts(entries: pd.DataFrame, scheme: Scheme, units: Sequence[str]) -> Iterator[Problem]:
    """Yield a warning for every 分值 that was typed where the rule's points are fixed and come to something else."""
    rules = rules_by_name(scheme)
    facts = entries[(entries["part"] == "fact") & (entries["state"] == "typed") & entries["amount"].notna()]
    entered = Entered(facts[facts["unit"].isin(list(units))], units)
    told = Facts.of(Rows(entered, np.arange(len(entered.frame))), rules).told
    named = np.array(texts_of(entered.frame["rule"]), object)
    found: dict[int, tuple[str, Fraction, Fraction]] = {}
    for name in (name for name in dict.fromkeys(named.tolist()) if name in rules):
        rule, rows = rules[name][1], np.flatnonzero(named == name)
        if not any(band.when for band in rule.bands or []):
            own = told.take(rows)
            points = rule_points(rule, Told(own.figure, own.option, Exact.constant(None, len(rows))))
            differ = points.known & own.amount.known & ~abs(points).same(abs(own.amount))
            both = (column.take(differ).fractions() for column in (points, own.amount))
            for row, one, other in zip(rows[differ].tolist(), *both, strict=True):
                found[row] = (rule.name, one or Fraction(0), other or Fraction(0))
    frame = entered.frame.iloc[sorted(found)]
    for row, (name, due, typed) in zip(records(frame), (found[row] for row in sorted(found)), strict=True):
        cell = row["cell"].split(" ")[-1]  # 分值 is the last of a fact's cells
        yield problem_at(row, "W226", name, plain(typed), cell=cell, expected=plain(abs(due)))
