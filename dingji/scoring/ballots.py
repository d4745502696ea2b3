"""Ballots and tallies counted: votes by question and option, sums of marks, and whether they are enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from dingji.forms.declare import TALLY_MEAN
from dingji.numbers import exact, percent
from dingji.read.printed import VOTES
from dingji.scheme.model import Source

Key = tuple[str, str]
"""Branch and 身份 ("": ballots without, or pooled because the standard weighs no groups)."""


@dataclass
class Count:
    """What was counted of one branch and group: ballots, votes by question and option, sums of marks by thing."""

    ballots: int = 0
    votes: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    sums: dict[str, tuple[Fraction, int]] = field(default_factory=dict)
    tallied: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Those of the votes that came as a tally, by question; the others stand on the ballots."""

    def unanswered(self, question: str) -> int:
        """Return the ballots that left a question blank."""
        return self.ballots - (sum(self.votes.get(question, {}).values()) - self.tallied.get(question, 0))


@dataclass
class Survey:
    """The counts of a survey source, the heads' counts by branch, and the entries behind each figure."""

    source: Source
    counts: dict[str, dict[str, Count]]
    heads: dict[str, dict[str, int]]
    entries: Mapping[Key, tuple[int, ...]]
    disputed: frozenset[Key]

    def votes(self, unit: str, group: str, question: str) -> dict[str, int]:
        """Return votes by option for one question."""
        return self.counts[unit][group].votes.get(question, {})

    def valid(self, unit: str, group: str, question: str) -> int:
        """Return the valid ballots: those entered and the votes of tallies, else what the head says."""
        count = self.counts[unit][group]
        return count.ballots + count.tallied.get(question, 0) or self.heads.get(unit, {}).get("有效", 0)

    def too_few(self, unit: str) -> str:
        """Say why a branch's survey does not count: fewer ballots or a lower turnout than the standard asks; "" if not.

        The turnout is 收回, else the valid ballots, out of 应参加; unknown where the head does not state that.
        """
        heads, question = self.heads.get(unit, {}), next(iter(self.source.questions), "")
        ballots = sum(self.valid(unit, group, question) for group in self.counts.get(unit, {}))
        if ballots < self.source.min_ballots:
            return f"有效票 {ballots} 张，不足 {self.source.min_ballots} 张"
        least, due = self.source.min_turnout, heads.get("应参加", 0)
        if least is None or (due and Fraction(heads.get("收回", ballots), due) >= least.value):
            return ""
        turnout = percent(Fraction(heads.get("收回", ballots), due)) if due else "不详（没有填应参加）"
        return f"参评率 {turnout}，不足 {least.written}"

    def counts_for(self, unit: str, *things: str) -> bool:
        """Say whether figures may be taken of a branch's ballots: there are some, enough, and none in dispute."""
        disputed = any((unit, thing) in self.disputed for thing in things)
        return unit in self.counts and not disputed and not self.too_few(unit)


def count_survey(rows: pd.DataFrame, source: Source) -> Survey:
    """Count a survey source's rows. `rows`: its entries of parts mark, votes and head, those that count."""
    group = rows["group"] if source.groups else pd.Series("", index=rows.index)
    rows = rows.assign(group=group)
    counts: dict[str, dict[str, Count]] = defaultdict(lambda: defaultdict(Count))
    marks = rows[(rows["part"] == "mark") & (rows["state"] == "typed")]
    _count_ballots(rows[rows["part"] == "mark"], counts)
    _count_votes(marks, rows, counts)
    _sum_marks(marks, rows, counts)
    answered = rows[rows["part"] != "head"]
    disputed = answered[answered["state"] == "disputed"]
    return Survey(
        source,
        {unit: dict(groups) for unit, groups in counts.items()},
        _heads(rows),
        _entries_behind(answered[answered["state"] == "typed"]),
        frozenset(zip(disputed["unit"], disputed["item"], strict=True)),
    )


def _count_ballots(ballots: pd.DataFrame, counts: Mapping[str, Mapping[str, Count]]) -> None:
    distinct = ballots[["unit", "group", "file", "rater"]].drop_duplicates()
    for unit, group in zip(distinct["unit"], distinct["group"], strict=True):
        counts[unit][group].ballots += 1


def _count_votes(marks: pd.DataFrame, rows: pd.DataFrame, counts: Mapping[str, Mapping[str, Count]]) -> None:
    answers = marks[marks["option"] != ""]
    keys = ["unit", "group", "item", "option"]
    for unit, group, item, option in zip(*(answers[key] for key in keys), strict=True):
        counts[unit][group].votes[item][option] += 1
    tallies = rows[(rows["part"] == "votes") & (rows["rule"] == VOTES) & rows["value"].notna()]
    for unit, group, item, option, value in zip(*(tallies[key] for key in (*keys, "value")), strict=True):
        votes = int(exact(int(value)))
        counts[unit][group].votes[item][option] += votes
        counts[unit][group].tallied[item] += votes


def _heads(rows: pd.DataFrame) -> dict[str, dict[str, int]]:
    heads: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    counted = rows[(rows["part"] == "head") & rows["value"].notna()]
    for unit, label, value in zip(counted["unit"], counted["rule"], counted["value"], strict=True):
        heads[unit][label] += int(exact(int(value)))
    return {unit: dict(labels) for unit, labels in heads.items()}


def _session_sizes(rows: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return the valid ballots that each session's head states, by branch and file."""
    valid = rows[(rows["part"] == "head") & (rows["rule"] == "有效") & rows["value"].notna()]
    keys = zip(valid["unit"], valid["file"], valid["value"], strict=True)
    return {(unit, file): int(exact(int(value))) for unit, file, value in keys}


def _sum_marks(marks: pd.DataFrame, rows: pd.DataFrame, counts: Mapping[str, Mapping[str, Count]]) -> None:
    """Sum the marks on ballots; a tally's mean counts as many times as its session has valid ballots."""
    numbers = marks[marks["value"].notna()]
    sums = numbers.groupby(["unit", "group", "item"], sort=False)["value"].agg(["sum", "count"])
    for (unit, group, item), total, size in zip(sums.index, sums["sum"], sums["count"], strict=True):
        counts[unit][group].sums[item] = (exact(int(total)), int(size))
    means = rows[(rows["part"] == "votes") & (rows["rule"] == TALLY_MEAN) & rows["value"].notna()]
    sizes = _session_sizes(rows)
    keys = (means[key] for key in ("unit", "group", "item", "file", "value"))
    for unit, group, item, file, value in zip(*keys, strict=True):
        size = sizes.get((unit, file), 0) or 1
        total, before = counts[unit][group].sums.get(item, (Fraction(0), 0))
        counts[unit][group].sums[item] = (total + exact(int(value)) * size, before + size)


def _entries_behind(rows: pd.DataFrame) -> dict[Key, tuple[int, ...]]:
    behind: defaultdict[Key, list[int]] = defaultdict(list)
    for label, unit, item in zip(rows.index, rows["unit"], rows["item"], strict=True):
        behind[unit, item].append(label)
    return {key: tuple(labels) for key, labels in behind.items()}
