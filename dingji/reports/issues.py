"""主要问题: where a branch lost most, told by what happened: `工作机制好（12/20）（组织生活6次扣6分）`.

A view of results and trail. What a branch claims of itself (自评) accuses nobody, and is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from dingji.forms.declare import YES_NO
from dingji.ledger.lost import Loss
from dingji.numbers import half_up, plain
from dingji.outcome import Outcome
from dingji.scheme.conditions import Name, names_in, parse
from dingji.scheme.indicators import Rule
from dingji.scheme.model import Scheme
from dingji.scoring.sentences import by_share, typed_words
from dingji.scoring.trail import Step

NAMED = 3
"""So many indicators are named, and so many findings of each, those that cost most first."""
BETWEEN = "；"
WITHIN = "、"

Found = dict[tuple[str, str], dict[str, "Finding"]]
"""By branch and indicator, then by rule: what was found."""


@dataclass(frozen=True)
class Issue:
    """An indicator far below its full mark. `figure`: None where a situation tells it by another source's mark."""

    indicator: str
    figure: Fraction | None
    full: Fraction
    found: str = ""

    @property
    def text(self) -> str:
        """Return the issue as printed."""
        mark = "" if self.figure is None else f"{plain(half_up(self.figure, 2))}/{plain(self.full)}"
        return self.indicator + "".join(f"（{told}）" for told in (mark, self.found) if told)


def issue_words(issues: Sequence[Issue]) -> str:
    """Return 主要问题 of a branch, as printed."""
    return BETWEEN.join(issue.text for issue in issues)


def shown(issues: Sequence[Issue], kept: Sequence[tuple[str, Fraction | None, Fraction]]) -> list[Issue]:
    """Return the issues that stand in a row of results as it is told; without its figure, its name alone."""
    figures = {name: figure for name, figure, _ in kept}
    bare = {name for name, figure in figures.items() if figure is None}
    return [
        Issue(one.indicator, None, one.full) if one.indicator in bare else one
        for one in issues
        if one.indicator in figures
    ]


@dataclass(frozen=True)
class Issues:
    """Reads the issues of an outcome's branches; what was found is gathered at the first question."""

    outcome: Outcome
    made: dict[str, tuple[Issue, ...]] = field(default_factory=dict)

    def of(self, result: Mapping[str, Any]) -> tuple[Issue, ...]:
        """Return the issues of a branch by its row of results."""
        unit = str(result["unit"])
        if unit not in self.made:
            self.made[unit] = tuple(self._issues(unit, result))
        return self.made[unit]

    def _issues(self, unit: str, result: Mapping[str, Any]) -> Iterator[Issue]:
        worst = sorted(result["issues"], key=lambda issue: issue[1] - issue[2])[:NAMED]
        return self.told(unit, result, worst)

    def told(
        self, unit: str, result: Mapping[str, Any], lost: Sequence[tuple[str, Fraction, Fraction]]
    ) -> Iterator[Issue]:
        """Yield some of a branch's losses (indicator, figure, full mark) as issues, in the same words."""
        told = _told_by_situations(self.outcome.schemes[str(result["scheme"])], result)
        for name, figure, full in lost:
            found = _found_words(self._found.get((unit, name), {}), full - figure)
            yield Issue(name, None if name in told else figure, full, found)

    def told_item(self, unit: str, scheme: Scheme, loss: Loss) -> str:
        """Return what an item lost in words: its name, mark and clause, who found it, and what was found."""
        number, clause = (loss.item.no, loss.item.text) if loss.item else (None, "")
        (indicator,) = (one for one in scheme.scored if one.name == loss.name)
        rules = {rule.name for rule in indicator.rules if rule.item == number}
        own = {name: finding for name, finding in self._found.get((unit, loss.name), {}).items() if name in rules}
        found = _found_words(own, loss.points or Fraction(0))
        who = WITHIN.join(loss.found_by)
        told = f"{who}：{found}" if who and found else f"{who}扣分" if who else found
        issue = Issue(loss.title, loss.figure, loss.full or Fraction(0))
        return f"{issue.text}{clause}{f'（{told}）' if told else ''}"

    @cached_property
    def _found(self) -> Found:
        found: Found = {}
        for step in self.outcome.trail.steps:
            if step.sentence == "rule" and step.round == self.outcome.settings.round.name:
                _gather(self.outcome, step, found)
        return found


@dataclass
class Finding:
    """What raters found under one rule: in which words, and the points that each of them took.

    What is told of it is worked out once, when all of it is gathered.
    """

    words: Counter[str] = field(default_factory=Counter)
    points: list[Fraction] = field(default_factory=list)

    @cached_property
    def taken(self) -> Fraction:
        """Return the mean of the points taken."""
        return -sum(self.points, Fraction(0)) / len(self.points)

    @cached_property
    def text(self) -> str:
        """Return what was found, as most raters say it."""
        return self.words.most_common(1)[0][0]

    @cached_property
    def priced(self) -> str:
        """Return the same with the points; where raters took different ones, from the least to the most."""
        least, most = -max(self.points), -min(self.points)
        return f"{self.text}扣{plain(least) if least == most else f'{plain(least)}至{plain(most)}'}分"


def _found_words(found: Mapping[str, Finding], lost: Fraction) -> str:
    """Tell what was found, what cost most first.

    With points only where these are not more than was lost (扣完为止, other sources' marks).
    """
    priced = sum(finding.taken for finding in found.values()) <= lost
    dearest = sorted(found.values(), key=lambda finding: finding.taken, reverse=True)
    told = [finding.priced if priced else finding.text for finding in dearest[:NAMED]]
    return WITHIN.join(told) + (f"等{len(found)}项" if len(found) > NAMED else "")


def _gather(outcome: Outcome, step: Step, found: Found) -> None:
    """Add what a step tells of deductions that somebody else than the branch found."""
    rule: Rule = step.values["rule"]
    indicator = _indicator_of(outcome, step.source, rule)
    if not indicator or step.figure is None:
        return
    places = np.flatnonzero((step.figure < 0)[step.rows])
    given = step.figure.take(step.rows[places]).fractions()
    for place, points, read in zip(places.tolist(), given, step.values_at(places, "read")[0], strict=True):
        unit = outcome.trail.units[step.branches[place]]
        finding = found.setdefault((unit, indicator), {}).setdefault(rule.name, Finding())
        finding.words[_words(rule, read)] += 1
        finding.points.append(points or Fraction(0))


def _indicator_of(outcome: Outcome, source: str, rule: Rule) -> str:
    """Return the indicator that a rule belongs to, "" for one that no scored indicator has or that a branch applied."""
    for scheme in outcome.schemes.values():
        if any(own.name == source and own.main_form != "self" for own in scheme.sources):
            holders = [one.name for one in scheme.scored if any(own is rule for own in one.rules)]
            if holders:
                return holders[0]
    return ""


def _words(rule: Rule, read: Any) -> str:  # noqa: ANN401 - what a formula gave, or the rows typed
    if isinstance(read, list):
        return rule.name + WITHIN.join(typed_words(rule, *row) for row in read if row[1] != YES_NO[0])
    if isinstance(read, Fraction) and isinstance(name := parse(rule.of), Name):
        shown = f"{plain(half_up(read * 100, 2))}%" if by_share(rule) else plain(read)
        return name.name.rpartition(".")[2] + shown
    return rule.name


def _told_by_situations(scheme: Scheme, result: Mapping[str, Any]) -> set[str]:
    """Return the indicators that a situation which holds reads: by whichever source's mark."""
    held = [one for one in scheme.situations if one.when and any(one.name in told for told in result["situations"])]
    return {name.rpartition(".")[2] for one in held for name in names_in(parse(one.when))}
