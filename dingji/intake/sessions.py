"""Survey forms as sessions: the ballots of each, its tally and its head, and what the ballots come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dingji.forms.declare import ABSTAIN
from dingji.numbers import MICRO
from dingji.problems import Problem
from dingji.tables import numbered, only, records, texts_of

SECOND_ENTRY = "复录"
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Ballots:
    """What the ballots of a session come to: how many are valid, which are not, and whether all say the same.

    `unread`: whether an answer of one could not be read; `spoilt`: whether one is invalid. `unanswered`: the questions
    and things that most valid ballots leave blank, with how many do; who abstains may say so, and leaves none.
    """

    valid: int = 0
    invalid: Sequence[str] = ()
    unread: bool = False
    spoilt: bool = False
    alike: bool = False
    unanswered: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True)
class Head:
    """What the head of a survey form says: its counts, its texts, where each stands, and the labels of its rows."""

    counts: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    labels: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Session:
    """One survey form of one branch: the labels of its marks and of its tally's lines, its ballots and its head."""

    survey: pd.DataFrame
    file: str
    unit: str
    marks: list[int]
    tally: list[Record]
    ballots: Ballots
    head: Head

    @property
    def name(self) -> str:
        """Return 测评场次, which tells a branch's sessions apart."""
        return self.head.texts.get("测评场次", "")

    @property
    def second(self) -> bool:
        """Say whether it was entered a second time, to hold both against each other."""
        return self.head.texts.get("录入") == SECOND_ENTRY

    @property
    def rows(self) -> pd.DataFrame:
        """Return its rows but for the head's."""
        return self.survey.loc[sorted([*self.marks, *(row["label"] for row in self.tally)])]

    @property
    def labels(self) -> list[int]:
        """Return the labels of all its rows."""
        return [*self.marks, *(row["label"] for row in self.tally), *self.head.labels]

    def problem(self, code: str, label: str = "", found: str = "", **values: str) -> Problem:
        """Return a problem of this session, at a head cell where one is meant."""
        sheet, cell = self.head.places.get(label, ("", ""))
        return Problem(code, self.file, sheet, cell, subject=label, found=found, unit=self.unit, values=values)


Key = tuple[str, str]
"""File and branch of a session."""


def sessions_of(survey: pd.DataFrame) -> list[Session]:
    """Split the rows of survey forms into sessions, one a file and branch."""
    body = survey[survey["part"].isin(("mark", "votes"))]
    marks, tally = only(body, body["part"] == "mark"), body[body["part"] == "votes"]
    labels = dict(_labels_by_key(marks))
    lines: defaultdict[Key, list[Record]] = defaultdict(list)
    for label, row in zip(tally.index, records(tally), strict=True):
        lines[row["file"], row["unit"]].append({**row, "label": label})
    heads, ballots = _heads(survey[survey["part"] == "head"]), _ballots(marks)
    keys = body[["file", "unit"]].drop_duplicates()

    def told(file: str, unit: str) -> tuple[Ballots, Head]:
        return ballots.get((file, unit), Ballots()), heads.get((file, unit), Head())

    return [
        Session(survey, file, unit, labels.get((file, unit), []), lines[file, unit], *told(file, unit))
        for file, unit in zip(*(texts_of(keys[name]) for name in ("file", "unit")), strict=True)
    ]


def _labels_by_key(rows: pd.DataFrame) -> Iterator[tuple[Key, list[int]]]:
    """Yield the labels of the rows of each session."""
    numbers, keys = numbered(rows, "file", "unit")
    labels = rows.index.to_numpy()[np.argsort(numbers, kind="stable")]
    ends = np.cumsum(np.bincount(numbers, minlength=len(keys)))
    for key, (start, end) in zip(keys, pairwise([0, *ends]), strict=True):
        yield key, labels[start:end].tolist()


def _heads(heads: pd.DataFrame) -> dict[Key, Head]:
    found: dict[Key, Head] = {}
    texts = [texts_of(heads[name]) for name in ("file", "unit", "rule", "option", "sheet", "cell")]
    for label, value, file, unit, rule, option, *place in zip(
        heads.index, heads["value"].tolist(), *texts, strict=True
    ):
        head = found.setdefault((file, unit), Head())
        head.labels.append(label)
        head.places[rule], head.texts[rule] = (place[0], place[1]), option
        if value is not pd.NA:
            head.counts[rule] = int(value) // MICRO
    return found


def _ballots(marks: pd.DataFrame) -> dict[Key, Ballots]:
    """Count the ballots of each session: one is valid with an answer, or one that cannot be read and may be proper.

    All are alike with one answer a question.
    """
    session, keys = numbered(marks, "file", "unit")
    ballot, told = numbered(marks, "file", "unit", "rater")
    unread = (marks["state"] == "refused").to_numpy()
    proper = ((marks["state"] == "typed") & (marks["option"] != ABSTAIN)).to_numpy()
    valid = np.zeros(len(told), dtype=bool)
    valid[ballot[proper | unread]] = True
    whose = np.zeros(len(told), dtype=np.int64)
    whose[ballot] = session
    counts = np.bincount(whose[valid], minlength=len(keys)).tolist()
    doubtful = set(session[unread].tolist())
    spoilt = set(session[(marks["state"] == "invalid").to_numpy()].tolist())
    differing = set(session[_differing(marks, valid[ballot])].tolist())
    invalid: defaultdict[Key, list[str]] = defaultdict(list)
    for place in np.flatnonzero(~valid).tolist():
        file, unit, rater = told[place]
        invalid[file, unit].append(rater)
    unanswered = _unanswered(marks[valid[ballot]])
    return {
        key: Ballots(
            count, invalid.get(key, ()), number in doubtful, number in spoilt, number not in differing, unanswered[key]
        )
        for number, (key, count) in enumerate(zip(keys, counts, strict=True))
    }


def _unanswered(marks: pd.DataFrame) -> Mapping[Key, list[tuple[str, int]]]:
    """Return by session what at least half of the ballots leave blank, and how many those are."""
    question, told = numbered(marks, "file", "unit", "item")
    blank = np.bincount(question[(marks["state"] == "blank").to_numpy()], minlength=len(told))
    found: defaultdict[Key, list[tuple[str, int]]] = defaultdict(list)
    for place in np.flatnonzero(blank * 2 >= np.bincount(question, minlength=len(told))).tolist():
        file, unit, item = told[place]
        found[file, unit].append((item, int(blank[place])))
    return found


def _differing(marks: pd.DataFrame, counted: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return the places of counted answers that are another than the first one to the same question of a session."""
    own, at = marks[counted], np.flatnonzero(counted)
    figures = own["value"].to_numpy(dtype=np.int64, na_value=0)
    answers = np.where(own["value"].isna(), -1 - own["option"].cat.codes.to_numpy(dtype=np.int64), figures)
    question, told = numbered(own, "file", "unit", "item")
    first = np.zeros(len(told), dtype=np.int64)
    first[question[::-1]] = answers[::-1]
    differing: npt.NDArray[np.int64] = at[answers != first[question]]
    return differing
