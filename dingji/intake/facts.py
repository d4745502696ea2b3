"""Facts under rules: whether the standard knows the rule, and what was typed suffices for its points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from dingji.comparing import normal, suggestion, wording
from dingji.forms.declare import YES_NO
from dingji.forms.marking_forms import rule_choices
from dingji.intake.record_rounds import RecordRounds
from dingji.intake.shortfall import shortfall_of
from dingji.intake.told_twice import told_twice
from dingji.numbers import exact, plain
from dingji.problems import BETWEEN, Problem, problem_at
from dingji.read.rows import Letters, beside
from dingji.scheme.indicators import Indicator, Rule, amounts_between
from dingji.scheme.model import Scheme
from dingji.scheme.names import RATED
from dingji.tables import records

Fact = dict[str, Any]

Outcome = tuple[Fact | None, Problem | None]
"""The fact as it counts (None: not at all), and what is to be said about it."""


@dataclass(frozen=True)
class Rules:
    """The rules of a standard by normalised name, each with its indicator."""

    found: Mapping[str, tuple[Indicator, Rule]]

    @classmethod
    def of(cls, scheme: Scheme) -> Rules:
        """Index a standard's rules."""
        pairs = [(indicator, rule) for indicator in scheme.indicators for rule in indicator.rules]
        return cls({normal(rule.name): (indicator, rule) for indicator, rule in pairs})

    def suggest(self, name: str) -> str:
        """Return `；是不是 …` with the nearest rule, or ""."""
        return suggestion(name, (rule.name for _, rule in self.found.values()))


def check_facts(
    facts: pd.DataFrame,
    scheme: Scheme,
    rounds: RecordRounds,
    letters: Mapping[tuple[str, str], Letters] | None = None,
) -> tuple[list[Fact], list[Problem]]:
    """Check the rows of part `fact`; refused rows stay, marked, so that what they should have fed is missing.

    A record comes back with the round whose days hold its 日期; where the office has judged any row of a book of
    records, only those that it agreed with count. `letters` tells by file and sheet where the columns
    stand, so that a problem names the cell that it is about.
    """
    rules, letters = Rules.of(scheme), letters or {}
    kept, problems = [], []
    rows = records(facts)
    judged = {row["file"] for row in rows if row["form"] == "records" and row["verdict"]}
    for row in rows:
        fact: Fact = {key: None if value is pd.NA else value for key, value in row.items()}
        fact["letters"] = letters.get((fact["file"], fact["sheet"]), {})
        fact["judged"] = fact["form"] == "bonus" or fact["file"] in judged
        outcome, problem = _check_fact(fact, rules, rounds)
        if problem:
            problems.append(problem)
        if outcome:
            kept.append(outcome)
            problems += _remarks(outcome, rules)
    doubtful = _two_rates(kept, rules)
    problems += [_at(fact, "E227", fact["rule"], plain(exact(fact["value"])), "value") for fact in doubtful]
    again = list(_repeated(kept, rules))
    for fact, first in again:
        other = BETWEEN.join((first["file"], first["sheet"], first["cell"].split(" ")[0]))
        problems.append(_at(fact, "E246", fact["rule"], other=other))
    waiting = {id(fact) for fact in (*doubtful, *(fact for fact, _ in again))}
    kept = [{**fact, "state": "refused"} if id(fact) in waiting else fact for fact in kept]
    return kept, problems + list(told_twice(kept, scheme))


WHOLE_ROW = (
    "unit", "round", "form", "source", "rater", "rule", "item", "option", "value", "amount", "work", "date", "reason",
    "evidence",
)  # fmt: skip
"""What a row says: two that say all of it alike, however spaced, spelt (Ａ for A) or punctuated, are perhaps one."""
PROSE = ("work", "reason", "evidence")


def _repeated(facts: Iterable[Fact], rules: Rules) -> Iterator[tuple[Fact, Fact]]:
    """Yield the rows that say what another one says, with the first such.

    Where a rule takes a thing but once, or the latest of rates, nothing comes of it.
    """
    first: dict[tuple[Any, ...], Fact] = {}
    for fact in facts:
        known = rules.found.get(normal(fact["rule"]))
        if known and known[1].once is None and known[1].unit != "%" and fact["form"] != "self":
            other = first.setdefault(tuple(_compared(name, fact[name]) for name in WHOLE_ROW), fact)
            if other is not fact and fact["state"] == "typed":
                yield fact, other


def _compared(name: str, said: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """Return what a column says, for comparing: signs between words make no difference in prose, in codes they do."""
    return said if not isinstance(said, str) else wording(said) if name in PROSE else normal(said)


def _two_rates(facts: Iterable[Fact], rules: Rules) -> list[Fact]:
    """Return the rows of rates (%) of which the latest counts, where two of the same day say two things."""
    latest: defaultdict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        known = rules.found.get(normal(fact["rule"]))
        if known and known[1].unit == "%" and fact["state"] == "typed" and fact["value"] is not None:
            key = tuple(fact[name] for name in ("unit", "round", "form", "source", "rater", "rule"))
            before = latest[key][0]["date"] if latest[key] else ""
            if fact["date"] > before:
                latest[key].clear()
            if fact["date"] >= before:
                latest[key].append(fact)
    return [fact for rows in latest.values() if len({row["value"] for row in rows}) > 1 for fact in rows]


def _at(fact: Fact, code: str, subject: str, found: str = "", field: str = "", **values: str) -> Problem:
    """Return a problem at the cell of a field, which may be blank; at what was typed first where none is meant."""
    cell = beside(fact["cell"].split(" ")[0], field, fact["letters"])
    return problem_at(fact, code, subject, found, cell=cell, **values)


def _check_fact(fact: Fact, rules: Rules, rounds: RecordRounds) -> Outcome:
    if fact["form"] in RATED and fact["verdict"] != "是":
        return None, _at(fact, "W224", fact["rule"] or "已核", fact["verdict"], "verdict")
    if fact["judged"] and fact["verdict"] != "同意":
        code = "W513" if fact["form"] == "bonus" else "W642"
        return None, _at(fact, code, fact["rule"], "", "verdict") if not fact["verdict"] else None
    if fact["form"] == "records" and fact["date"]:
        fact = {**fact, "round": rounds.round_of(fact["date"], fact["round"])}
        if not fact["round"]:
            where = rounds.where(fact["date"])
            return None, _at(fact, "W228", fact["rule"] or "日期", fact["date"], "date", what=where)
    elif fact["form"] == "records" and fact["state"] != "refused":  # a date not to be understood was told, and waits
        return None, _at(fact, "E229", fact["rule"] or "日期", "", "date", what="日期")
    return _check_rule(fact, rules) if fact["rule"] else _without_a_rule(fact)


def _without_a_rule(fact: Fact) -> Outcome:
    """Judge a row that names no rule: 已核 and nothing else says that there is nothing to deduct."""
    if fact["form"] in RATED and not _stated(fact):
        return fact, None
    problem = _at(fact, "E229", "规则", "", "rule", what="规则")
    return ({**fact, "state": "refused"} if fact["form"] in RATED else None), problem


def _check_rule(fact: Fact, rules: Rules) -> Outcome:
    known = rules.found.get(normal(fact["rule"]))
    if known is None:
        near = rules.suggest(fact["rule"])
        problem = _at(fact, "E212", "规则", fact["rule"], "rule", what="规则", suggestion=near)
        return {**fact, "state": "refused"}, problem
    indicator, rule = known
    if fact["item"] and normal(fact["item"]) != normal(indicator.name):
        suggestion = f"：规则“{rule.name}”属于“{indicator.name}”"
        problem = _at(fact, "E212", "指标", fact["item"], "item", what="指标与规则的搭配", suggestion=suggestion)
        return {**fact, "item": indicator.name, "rule": rule.name, "state": "refused"}, problem
    fact = {**fact, "item": indicator.name, "rule": rule.name}
    if fact["state"] != "typed":
        return fact, None
    fault = next(_faults(fact, rule), None)
    if fault:
        return {**fact, "state": "refused"}, fault
    if rule.evidence and not _has_evidence(fact):
        return _without_rule(fact), _at(fact, "E216", rule.name, "", _evidence_field(fact))
    return fact, None


def _has_evidence(fact: Fact) -> bool:
    """Say whether a row states its record; a branch's own claims are backed by what it hands in, not row by row."""
    return fact["form"] == "self" or bool(fact[_evidence_field(fact)])


def _evidence_field(fact: Fact) -> str:
    """Return where a form has the record behind a row: 依据, or 事由 on 评定扣分, which has no such column."""
    return "reason" if fact["form"] in RATED else "evidence"


def _without_rule(fact: Fact) -> Fact | None:
    """Return what is left of a row that waits for its evidence: that a rater looked at the indicator, and no points."""
    return {**fact, "rule": ""} if fact["form"] in RATED else None


def _faults(fact: Fact, rule: Rule) -> Iterator[Problem]:
    """Yield what keeps a fact from giving points; facts of a branch's own form that were left blank give none."""
    choices = rule_choices(rule)
    if fact["form"] == "self" and not _stated(fact):
        return
    if rule.options and not fact["option"]:
        yield _at(fact, "E215", rule.name, "", "option", choices="、".join(choices))
    if fact["option"] and fact["option"] not in (choices or YES_NO):
        yield _at(fact, "E205", rule.name, fact["option"], "option", choices="、".join(choices or YES_NO))
    if rule.reads_figure and fact["value"] is None:
        yield _at(fact, "E214", rule.name, "", "value", unit=rule.unit)
    if fact["value"] is not None and fact["value"] < 0:
        found = plain(exact(fact["value"]))
        yield _at(fact, "E202", rule.name, found, "value", low="0", full="不限")
    yield from _amount_faults(fact, rule)
    rest = shortfall_of(fact, rule) if fact["form"] != "self" else None
    if rest is not None:
        found = plain(exact(fact["value"]))
        yield _at(fact, "E249", rule.name, found, "value", reason=fact["reason"], rest=plain(rest), unit=rule.unit)


def _stated(fact: Fact) -> bool:
    return bool(fact["option"]) or fact["value"] is not None or fact["amount"] is not None


def _amount_faults(fact: Fact, rule: Rule) -> Iterator[Problem]:
    amounts = amount_range(fact, rule)
    if amounts is None or fact["option"] == "否":
        return
    low, high = amounts_between(*amounts)
    bounds = {"low": plain(low), "full": plain(high)}
    if fact["amount"] is None:
        yield _at(fact, "E211", rule.name, "", "amount", **bounds)
    elif not low <= _unsigned(fact["amount"], low) <= high:
        yield _at(fact, "E210", rule.name, plain(exact(fact["amount"])), "amount", **bounds)


def _unsigned(amount: int, low: Fraction) -> Fraction:
    """Return a typed amount without its sign, unless the range has amounts of both signs."""
    return exact(amount) if low < 0 else abs(exact(amount))


def amount_range(fact: Mapping[str, Any], rule: Rule) -> tuple[Fraction, Fraction] | None:
    """Return the range of the row of points that a fact names by itself; None where the points are fixed.

    What depends on a figure is held to its row where all rows of the rule are added up, in scoring.
    """
    if rule.under or rule.over or fact.get("value") == 0:
        return None
    points = (rule.options or {}).get(fact["option"]) if rule.options else rule.once or rule.each
    if points is None or points[0] == points[1]:
        return None
    return Fraction(points[0]), Fraction(points[1])


def _weighed(fact: Fact, rule: Rule) -> bool:
    """Say whether an amount is typed for a fact, as far as that can be told by itself."""
    by_figure = rule.under or rule.over or rule.bands
    return rule.amounts is not None if by_figure else amount_range(fact, rule) is not None


def _remarks(fact: Fact, rules: Rules) -> Iterator[Problem]:
    """Yield warnings about a fact that counts: an amount without a reason."""
    if not fact["rule"] or fact["state"] != "typed":
        return
    _, rule = rules.found[normal(fact["rule"])]
    if _weighed(fact, rule) and fact["amount"] is not None and not fact["reason"] and fact["form"] != "bonus":
        yield _at(fact, "W230", rule.name, "", "reason")
