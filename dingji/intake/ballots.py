"""Survey rounds: whether a session and its ballots are valid, and whether the head agrees with what was entered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from dingji.forms.declare import ABSTAIN, TALLY_MEAN
from dingji.intake.marks import blank_code
from dingji.numbers import MICRO, exact, plain
from dingji.problems import Problem
from dingji.read.printed import VOTES
from dingji.tables import records

IDENTICAL_FROM = 5
"""So many ballots alike in every answer are worth a look."""

SECOND_ENTRY = "复录"
BLANK = "空白"

_Entry = Mapping[str, Any] | None


@dataclass(frozen=True)
class Session:
    """One survey form of one branch: its rows and the counts of its head."""

    rows: pd.DataFrame
    counts: Mapping[str, int]
    places: Mapping[str, tuple[str, str]]
    unit: str
    file: str
    name: str
    """测评场次, which tells a branch's sessions apart."""
    second: bool
    heads: tuple[int, ...] = ()
    """The rows of its head, which count with it or not at all."""

    @property
    def labels(self) -> list[int]:
        """Return the labels of all its rows."""
        return [*self.rows.index, *self.heads]

    def problem(self, code: str, label: str = "", found: str = "", **values: str) -> Problem:
        """Return a problem of this session, at a head cell where one is meant."""
        sheet, cell = self.places.get(label, ("", ""))
        return Problem(code, self.file, sheet, cell, subject=label, found=found, unit=self.unit, values=values)


def sessions_of(survey: pd.DataFrame) -> list[Session]:
    """Split the rows of survey forms into sessions, one a file and branch."""
    heads = survey[survey["part"] == "head"]
    by_form = dict(iter(heads.groupby(["file", "unit"], sort=False)))
    body = survey[survey["part"].isin(("mark", "votes"))]
    sessions = []
    for (file, unit), rows in cast(
        "Iterable[tuple[tuple[str, str], pd.DataFrame]]", body.groupby(["file", "unit"], sort=False)
    ):
        head = by_form.get((file, unit), heads.iloc[0:0])
        counted = head[head["value"].notna()]
        counts = {rule: int(value) // MICRO for rule, value in zip(counted["rule"], counted["value"], strict=True)}
        places = {
            rule: (sheet, cell) for rule, sheet, cell in zip(head["rule"], head["sheet"], head["cell"], strict=True)
        }
        texts = dict(zip(head["rule"], head["option"], strict=True))
        second = texts.get("录入") == SECOND_ENTRY
        sessions.append(Session(rows, counts, places, unit, file, texts.get("测评场次", ""), second, tuple(head.index)))
    return sessions


@dataclass(frozen=True)
class Checked:
    """The verdict on survey rows: which to leave out, which figures wait, and what is to be said."""

    drop: set[int]
    disputed: set[int]
    problems: list[Problem]


Asked = Callable[[str, str], bool]
"""Whether a branch's ballots are asked about a thing: (branch, thing) → bool."""


def check_ballots(survey: pd.DataFrame, floor: int, asked: Asked = lambda _unit, _thing: True) -> Checked:
    """Judge every session of a survey source. `floor` is the privacy floor in ballots."""
    checked = Checked(set(), set(), [])
    sessions = sessions_of(survey)
    first = {(session.unit, session.name): session for session in sessions if not session.second}
    counted = Counter(session.unit for session in sessions if not session.second)
    for session in sessions:
        other = first.get((session.unit, session.name))
        if session.second and other:
            checked.drop.update(session.labels)
            _compare_entries(other, session, checked)
        else:
            _check_session(session, floor, asked, checked)
            if counted[session.unit] > 1:
                _check_weight(session, checked)
    return checked


def _check_weight(session: Session, checked: Checked) -> None:
    """Let a tally's means wait where they are to be joined with another session's and nothing says for how many."""
    means = session.rows.index[(session.rows["rule"] == TALLY_MEAN) & session.rows["value"].notna()]
    if len(means) and "有效" not in session.counts:
        checked.disputed.update(means)
        checked.problems.append(session.problem("E413"))


def _check_session(session: Session, floor: int, asked: Asked, checked: Checked) -> None:
    issued, returned = session.counts.get("发出"), session.counts.get("收回")
    if issued is not None and returned is not None and returned > issued:
        values = {"returned": str(returned), "issued": str(issued)}
        checked.problems.append(session.problem("E401", "收回", str(returned), **values))
        checked.drop.update(session.labels)
        return
    ballots = session.rows[session.rows["part"] == "mark"]
    tally = session.rows[session.rows["part"] == "votes"]
    checked.disputed.update(tally.index[tally["state"] == "refused"])  # a line not to be read, so its figure waits
    if not ballots.empty:
        if not tally.empty:
            checked.drop.update(tally.index)
            checked.problems.append(_both(session, tally))
        valid: int | None = _check_answers(session, ballots, checked)
    else:
        blank = [label for label in tally.index[tally["state"] == "blank"] if asked(session.unit, tally["item"][label])]
        checked.disputed.update(blank)  # no votes are not nought votes
        checked.problems.extend(_left_out(session, row) for row in records(tally.loc[blank]))
        valid = _tallied(tally)
    if valid is not None:
        checked.problems.extend(_count_remarks(session, valid, floor))


def _left_out(session: Session, row: Mapping[str, Any]) -> Problem:
    subject = f"{row['item']}（{row['group']}）" if row["group"] else row["item"]
    return Problem(blank_code(row["cell"]), session.file, row["sheet"], row["cell"], subject=subject, unit=session.unit)


def _tallied(tally: pd.DataFrame) -> int | None:
    """Return the ballots that a tally tells of: of the question with the most votes; None where that cannot be told."""
    if "refused" in set(tally["state"]):
        return None
    votes = tally[(tally["rule"] == VOTES) & tally["value"].notna()]
    sums = votes.groupby("item", sort=False)["value"].sum()
    return None if sums.empty else int(sums.max()) // MICRO


def _both(session: Session, tally: pd.DataFrame) -> Problem:
    return Problem("W410", session.file, tally.iloc[0]["sheet"], unit=session.unit)


def _check_answers(session: Session, ballots: pd.DataFrame, checked: Checked) -> int:
    """Leave out invalid ballots and return the number of valid ones."""
    proper = (ballots["state"] == "typed") & (ballots["option"] != ABSTAIN)
    valid = proper.groupby(ballots["rater"], sort=False).any()
    for rater, is_valid in valid.items():
        if not is_valid:
            rows = ballots[ballots["rater"] == rater]
            checked.drop.update(rows.index)
            first = rows.iloc[0]
            checked.problems.append(
                Problem("N402", session.file, first["sheet"], subject=f"票号 {rater}", unit=session.unit)
            )
    count = int(valid.sum())
    kept = ballots[ballots["rater"].map(valid)]
    if count >= IDENTICAL_FROM and _all_alike(kept):
        checked.problems.append(session.problem("W406", valid=str(count)))
    return count


def _all_alike(ballots: pd.DataFrame) -> bool:
    answers = ballots["option"].where(ballots["value"].isna(), ballots["value"].astype(str))
    distinct = pd.DataFrame({"item": ballots["item"], "answer": answers}).drop_duplicates()
    return len(distinct) == distinct["item"].nunique()


def _count_remarks(session: Session, valid: int, floor: int) -> Iterator[Problem]:
    head, due = session.counts.get("有效"), session.counts.get("应参加")
    if head is not None and head != valid:
        yield session.problem("W407", "有效", str(head), head=str(head), valid=str(valid))
    returned = session.counts.get("收回")
    parts = [session.counts[label] for label in ("有效", "无效") if label in session.counts]
    if returned is not None and (sum(parts) > returned or (len(parts) > 1 and sum(parts) < returned)):
        yield session.problem("W412", "收回", str(returned), sum=str(sum(parts)))
    if due is not None and valid > due:
        yield session.problem("W403", "应参加", str(due), valid=str(valid), due=str(due))
    if valid < floor:
        yield session.problem("W404", valid=str(valid), floor=str(floor))


def _compare_entries(first: Session, second: Session, checked: Checked) -> None:
    """Hold 复录 against 初录 cell by cell; a differing figure waits for a person."""
    again = dict(zip(map(_answer_key, records(second.rows)), second.rows.index, strict=True))
    twins = dict(zip(second.rows.index, records(second.rows), strict=True))
    for label, row in zip(first.rows.index, records(first.rows), strict=True):
        twin = twins.get(again.pop(_answer_key(row), -1))
        if _answer(twin) != _answer(row):
            checked.disputed.add(label)
            checked.problems.append(_differs(row, row, twin, second))
    for label in again.values():
        if _answer(twins[label]):
            checked.drop.discard(label)
            checked.disputed.add(label)
            checked.problems.append(_differs(twins[label], None, twins[label], second))


def _differs(at: Mapping[str, Any], once: _Entry, again: _Entry, second: Session) -> Problem:
    values = {"first": _answer(once) or BLANK, "second": _answer(again) or BLANK, "other": second.file}
    place = (at["file"], at["sheet"], at["cell"])
    return Problem("E409", *place, subject=at["item"], found=_answer(at), unit=second.unit, values=values)


def _answer_key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        row["part"],
        row["rater"],
        row["group"],
        row["item"],
        row["option"] if row["part"] == "votes" else "",
    )


def _answer(row: _Entry) -> str:
    """Return what was answered, "" for a blank."""
    if row is None:
        return ""
    if row["part"] == "mark" and row["option"]:
        return str(row["option"])
    return "" if pd.isna(row["value"]) else plain(exact(int(row["value"])))
