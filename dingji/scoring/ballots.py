"""Ballots and tallies counted: votes by question and option, sums of marks, and whether they are enough.

Counts are arrays: [branch, group] of ballots, [branch, group, question, option] of votes. A group is a 身份 of ballots;
where the standard weighs no groups there is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dingji.exact import Exact, Mask, Places
from dingji.forms.declare import ABSTAIN, TALLY_MEAN
from dingji.numbers import percent
from dingji.read.printed import VOTES
from dingji.scheme.model import Source
from dingji.scoring.entered import Entered, Rows
from dingji.scoring.trail import Groups

Counts = npt.NDArray[np.int64]
VALID, VOID = "有效", "无效"


@dataclass(frozen=True, eq=False)
class Survey:
    """What was counted of a survey source, by branch."""

    source: Source
    groups: Sequence[str]
    questions: Sequence[str]
    options: Sequence[str]
    ballots: Counts
    """[branch, group]"""
    votes: Counts
    """[branch, group, question, option], those of tallies among them."""
    named: Mask
    """Where a vote was entered for an option at all, were it 0 of a tally."""
    tallied: Counts
    """[branch, group, question]: those of the votes that came as a tally."""
    there: Mask
    """[branch, group]: whether anything was counted of a group."""
    sums: dict[str, list[Exact]]
    """Sums of marks on ballots by thing, a column a group."""
    sizes: dict[str, Counts]
    """How many marks those are, by thing: [branch, group]."""
    heads: dict[str, tuple[Counts, Mask]]
    """What the heads of the forms count, by label: the numbers, and where there is one."""
    answers: Rows
    """The rows that count: marks and lines of tallies."""
    rows: Rows
    """All rows."""
    disputed: dict[str, Mask]
    """By question or thing, for which branches two typists differ or the counters are asked."""
    invalid: dict[str, Counts]
    """By question or thing, the answers of valid ballots that are none: [branch, group]."""
    void: Counts
    """The ballots without a proper answer: [branch]."""

    @property
    def counted(self) -> Mask:
        """Say of which branches anything was counted."""
        counted: Mask = self.there.sum(axis=1) > 0
        return counted

    @cached_property
    def unanswered(self) -> Counts:
        """Return the ballots that gave no proper answer to a question: [branch, group, question]."""
        answered: Counts = self.votes.sum(axis=3) - self.tallied
        return self.ballots[:, :, None] - answered

    @cached_property
    def spoilt(self) -> Counts:
        """Return those of the unanswered whose answer is invalid: [branch, group, question]."""
        none = np.zeros_like(self.ballots)
        found = [self.invalid.get(name, none) for name in self.questions]
        return np.stack(found, axis=2) if found else np.zeros((*none.shape, 0), none.dtype)

    @cached_property
    def valid(self) -> Counts:
        """Return the valid ballots by question: those entered and the votes of tallies, else what the head says."""
        return self._or_stated(self.ballots[:, :, None] + self.tallied)

    @cached_property
    def cast(self) -> Counts:
        """Return the valid ballots of each branch, by its first question, all groups together."""
        first = self.tallied[:, :, :1].sum(axis=2, keepdims=True)
        cast: Counts = self._or_stated(self.ballots[:, :, None] + first).sum(axis=(1, 2))
        return cast

    def _or_stated(self, counted: Counts) -> Counts:
        stated = np.where(self.there, self.head(VALID)[0][:, None], 0)
        return np.where(counted != 0, counted, stated[:, :, None])

    def head(self, label: str) -> tuple[Counts, Mask]:
        """Return what the heads say under a label, 0 where they say nothing, and where they say something."""
        nothing = (np.zeros(len(self.ballots), np.int64), np.zeros(len(self.ballots), bool))
        return self.heads.get(label, nothing)

    @cached_property
    def short(self) -> dict[int, str]:
        """Return by branch why its survey does not count: fewer ballots or a lower turnout than the standard asks.

        The turnout is 收回, else the valid ballots, out of 应参加; unknown where the head does not state that.
        """
        if not self.source.min_ballots and self.source.min_turnout is None:
            return {}
        told = ((int(place), self._too_few(int(place))) for place in np.flatnonzero(self.counted))
        return {place: why for place, why in told if why}

    def _too_few(self, place: int) -> str:
        ballots, least = int(self.cast[place]), self.source.min_turnout
        if ballots < self.source.min_ballots:
            return f"有效票 {ballots} 张，不足 {self.source.min_ballots} 张"
        due = int(self.head("应参加")[0][place])
        returned, stated = (column[place] for column in self.head("收回"))
        present = int(returned) if stated else ballots
        if least is None or (due and Fraction(present, due) >= least.value):
            return ""
        turnout = percent(Fraction(present, due)) if due else "不详（没有填应参加）"
        return f"参评率 {turnout}，不足 {least.written}"

    def counts_for(self, *things: str) -> Mask:
        """Say for which branches figures may be taken: there are ballots, enough of them, and none in dispute."""
        fine = self.counted.copy()
        fine[list(self.short)] = False
        for thing in things:
            fine &= ~self.disputed.get(thing, np.zeros(len(fine), bool))
        return fine

    def first_row(self, place: int) -> Mapping[str, str]:
        """Return the first entry of a branch's survey."""
        own = self.rows.where[self.rows.branch == place]
        return dict(self.rows.entered.frame.iloc[own[0]])

    def behind(self, *things: str) -> Groups:
        """Return the entries behind some questions or things by branch."""
        parts = []
        for thing in things:
            rows = self.answers.keep(self.answers.are("item", thing))
            parts.append(Groups.of(rows.branch, len(self.ballots), rows.entry))
        return Groups.joined(parts, len(self.ballots))


def count(entered: Entered, source: Source) -> Survey:
    """Count the ballots and tallies of a survey source."""
    entries, votes, heads = (entered.rows("survey", part, source.name) for part in ("mark", "votes", "head"))
    void = entries.are("state", "void")
    rows, size = entries.keep(~void), len(entered.units)
    groups = _groups(rows, votes, source)
    questions, options = list(source.questions), list(dict.fromkeys([*source.options, *source.apart, ABSTAIN]))
    shape = (size, len(groups), len(questions), len(options))
    counted, named = np.zeros(shape, np.int64), np.zeros(shape, bool)
    answers = rows.keep(rows.are("state", "typed"))
    ballots = _ballots(rows, groups, source, size)
    _put_votes(counted, named, answers, (groups, questions, options), source)
    tallies = votes.keep(votes.are("rule", VOTES) & votes.known())
    before = counted.sum(axis=3)
    _put_votes(counted, named, tallies, (groups, questions, options), source, tallies.counts())
    means = votes.keep(votes.are("rule", TALLY_MEAN) & votes.known())
    there = ballots > 0
    there[tallies.branch, _group_of(tallies, groups, source)] = True
    there[means.branch, _group_of(means, groups, source)] = True
    sums, sizes = _sums(answers, means, heads, groups, source, size)
    return Survey(
        source, groups, questions, options, ballots, counted, named, counted.sum(axis=3) - before, there, sums, sizes,
        _heads(heads, size), _joined(answers, votes.keep(votes.are("state", "typed"))),
        _joined(_joined(rows, votes), heads), _disputed(rows, votes, size), _invalid(rows, groups, source, size),
        _ballots(entries.keep(void), groups, source, size).sum(axis=1),
    )  # fmt: skip


def _groups(rows: Rows, votes: Rows, source: Source) -> list[str]:
    found = [*rows.texts("group").tolist(), *votes.texts("group").tolist()] if source.groups else [""]
    return list(dict.fromkeys([*source.groups, *found]))


def _group_of(rows: Rows, groups: Sequence[str], source: Source) -> Places:
    return rows.coded("group", groups) if source.groups else np.zeros(len(rows), np.intp)


def _ballots(rows: Rows, groups: Sequence[str], source: Source, size: int) -> Counts:
    """Count the different ballots (file and number) of each branch and group."""
    keys = [rows.branch, _group_of(rows, groups, source), rows.numbers("file"), rows.numbers("rater")]
    different = pd.DataFrame(dict(enumerate(keys))).drop_duplicates()
    found = np.zeros((size, len(groups)), np.int64)
    np.add.at(found, (different[0].to_numpy(), different[1].to_numpy()), 1)
    return found


def _put_votes(
    counted: Counts,
    named: Mask,
    rows: Rows,
    axes: tuple[Sequence[str], Sequence[str], Sequence[str]],
    source: Source,
    times: Places | None = None,
) -> None:
    groups, questions, options = axes
    question, option = rows.coded("item", questions), rows.coded("option", options)
    fits = (question >= 0) & (option >= 0)
    at: Any = (rows.branch[fits], _group_of(rows, groups, source)[fits], question[fits], option[fits])
    np.add.at(counted, at, 1 if times is None else times[fits])
    named[at] = True


def _sums(
    answers: Rows, means: Rows, heads: Rows, groups: Sequence[str], source: Source, size: int
) -> tuple[dict[str, list[Exact]], dict[str, Counts]]:
    """Sum the marks on ballots; a tally's mean counts as many times as its session has valid ballots."""
    numbers = answers.keep(answers.known())
    sums, sizes = {}, {}
    for thing in dict.fromkeys([*numbers.texts("item").tolist(), *means.texts("item").tolist()]):
        own, averaged = (rows.keep(rows.are("item", thing)) for rows in (numbers, means))
        times = _session_sizes(averaged, heads)
        at = [_group_of(rows, groups, source) for rows in (own, averaged)]
        owners = np.concatenate([own.branch * len(groups) + at[0], averaged.branch * len(groups) + at[1]])
        figures = Exact.joined([own.figures(), averaged.figures() * Exact.parts(times, 1)])
        summed = figures.by(owners, size * len(groups))
        sums[thing] = [summed.take(np.arange(group, size * len(groups), len(groups))) for group in range(len(groups))]
        sizes[thing] = np.bincount(
            owners, np.concatenate([np.ones(len(own)), times]), minlength=size * len(groups)
        ).astype(np.int64).reshape(size, len(groups))  # fmt: skip
    return sums, sizes


def _session_sizes(means: Rows, heads: Rows) -> Counts:
    """Return for each mean of a tally the valid ballots that its session's head states, 1 where it states none."""
    valid = heads.keep(heads.are("rule", VALID) & heads.known())
    known = dict(
        zip(zip(valid.branch.tolist(), valid.texts("file").tolist(), strict=True), valid.counts(), strict=True)
    )
    keys = zip(means.branch.tolist(), means.texts("file").tolist(), strict=True)
    return np.array([int(known.get(key, 0)) or 1 for key in keys], np.int64)


def _heads(rows: Rows, size: int) -> dict[str, tuple[Counts, Mask]]:
    counted = rows.keep(rows.known())
    found = {}
    for label in dict.fromkeys(counted.texts("rule").tolist()):
        own = counted.keep(counted.are("rule", label))
        numbers = np.zeros(size, np.int64)
        np.add.at(numbers, own.branch, own.counts())
        found[label] = (numbers, np.bincount(own.branch, minlength=size) > 0)
    return found


def _joined(rows: Rows, others: Rows) -> Rows:
    return Rows(rows.entered, np.sort(np.concatenate([rows.where, others.where])))


def _invalid(rows: Rows, groups: Sequence[str], source: Source, size: int) -> dict[str, Counts]:
    """Count the invalid answers by what they were to answer."""
    own = rows.keep(rows.are("state", "invalid"))
    found: dict[str, Counts] = {}
    for item in dict.fromkeys(own.texts("item").tolist()):
        here = own.keep(own.are("item", item))
        found[item] = np.zeros((size, len(groups)), np.int64)
        np.add.at(found[item], (here.branch, _group_of(here, groups, source)), 1)
    return found


def _disputed(rows: Rows, votes: Rows, size: int) -> dict[str, Mask]:
    found: dict[str, Mask] = {}
    for part in (rows, votes):
        disputed = part.keep(part.are("state", "disputed"))
        for branch, item in zip(disputed.branch.tolist(), disputed.texts("item").tolist(), strict=True):
            found.setdefault(item, np.zeros(size, bool))[branch] = True
    return found
