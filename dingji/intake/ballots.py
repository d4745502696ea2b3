"""Survey sessions judged: whether one and its ballots are valid, and whether its head agrees with what was entered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dingji.forms.declare import ABSTAIN, TALLY_MEAN
from dingji.intake.marks import blank_code
from dingji.intake.sessions import Record, Session, sessions_of
from dingji.numbers import MICRO, exact, plain
from dingji.problems import Problem
from dingji.read.answers import CERTAIN
from dingji.read.printed import VOTES
from dingji.tables import records

IDENTICAL_FROM = 5
"""So many ballots alike in every answer are worth a look."""

BLANK = "空白"

_Entry = Record | None


@dataclass(frozen=True)
class Checked:
    """The verdict on survey rows: which to leave out, which figures wait, which are of invalid ballots; problems."""

    drop: set[int]
    disputed: set[int]
    problems: list[Problem]
    invalid: set[int] = field(default_factory=set)


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
    checked.problems.extend(_told_twice([one for one in sessions if counted[one.unit] > 1 and not one.second]))
    return checked


def _told_twice(sessions: Sequence[Session]) -> Iterator[Problem]:
    """Yield a problem where two sessions of a branch say the same ballot by ballot: perhaps one, handed in twice."""
    first: dict[tuple[Any, ...], Session] = {}
    for session in sessions:
        own = session.survey.loc[session.marks, ["rater", "item", "option", "value"]]
        answers = (session.unit, *own.astype(object).fillna("").itertuples(index=False, name=None))
        other = first.setdefault(answers, session)
        if other is not session and session.ballots.valid >= IDENTICAL_FROM:
            yield session.problem("W419", "测评场次", session.name, other=other.file)


def _check_weight(session: Session, checked: Checked) -> None:
    """Let a tally's means wait where they are to be joined with another session's and nothing says for how many."""
    means = [row["label"] for row in session.tally if row["rule"] == TALLY_MEAN and row["value"] is not pd.NA]
    if means and "有效" not in session.head.counts:
        checked.disputed.update(means)
        checked.problems.append(session.problem("E413"))


def _check_session(session: Session, floor: int, asked: Asked, checked: Checked) -> None:
    issued, returned = session.head.counts.get("发出"), session.head.counts.get("收回")
    if issued is not None and returned is not None and returned > issued:
        values = {"returned": str(returned), "issued": str(issued)}
        checked.problems.append(session.problem("E401", "收回", str(returned), **values))
        checked.drop.update(session.labels)
        return
    tally = session.tally
    checked.disputed.update(row["label"] for row in tally if row["state"] == "refused")  # unread, so its figure waits
    if session.marks:
        if tally:
            checked.drop.update(row["label"] for row in tally)
            checked.problems.append(Problem("W410", session.file, tally[0]["sheet"], unit=session.unit))
        _check_answers(session, asked, checked)
        valid: int | None = session.ballots.valid
    else:
        blank = [row for row in tally if row["state"] == "blank" and asked(session.unit, row["item"])]
        checked.disputed.update(row["label"] for row in blank)  # no votes are not nought votes
        checked.problems.extend(_left_out(session, row) for row in blank)
        _check_sums(session, checked)
        valid = _tallied(tally)
    _check_counts(session, valid, checked)
    if valid is not None:
        checked.problems.extend(_count_remarks(session, valid, floor))


def _left_out(session: Session, row: Mapping[str, Any]) -> Problem:
    subject = f"{row['item']}（{row['group']}）" if row["group"] else row["item"]
    return Problem(blank_code(row["cell"]), session.file, row["sheet"], row["cell"], subject=subject, unit=session.unit)


def _tallied(tally: Sequence[Record]) -> int | None:
    """Return the ballots that a tally tells of: of the question with the most votes; None where that cannot be told."""
    if any(row["state"] == "refused" for row in tally):
        return None
    sums: Counter[str] = Counter()
    for row in tally:
        if row["rule"] == VOTES and row["value"] is not pd.NA:
            sums[row["item"]] += row["value"]
    return max(sums.values()) // MICRO if sums else None


def _check_answers(session: Session, asked: Asked, checked: Checked) -> None:
    """Look at what is no proper answer, or that nobody answered, and say where many ballots are alike."""
    ballots = session.ballots
    for item, blank in ballots.unanswered if ballots.valid > 1 else ():  # of one ballot a blank is its voter's
        if asked(session.unit, item):
            _check_blank(session, item, blank, checked)
    if ballots.invalid or ballots.unread or ballots.spoilt:
        _check_improper(session, session.survey.loc[session.marks], checked)
    if ballots.valid >= IDENTICAL_FROM and ballots.alike:
        checked.problems.append(session.problem("W406", valid=str(ballots.valid)))


def _check_blank(session: Session, item: str, blank: int, checked: Checked) -> None:
    """Say what most ballots leave blank; what all do was rather left out by the typist, and waits."""
    rows = session.survey.loc[session.marks]
    own = rows[rows["item"] == item]
    place = (session.file, own["sheet"].iloc[0], own["cell"].iloc[0])
    values = {"valid": str(session.ballots.valid), "blank": str(blank)}
    code = "E687" if blank == session.ballots.valid else "W688"
    checked.problems.append(Problem(code, *place, subject=item, unit=session.unit, values=values))
    checked.disputed.update(own.index if code == "E687" else ())


def _check_improper(session: Session, rows: pd.DataFrame, checked: Checked) -> None:
    """Put invalid ballots aside; let wait what cannot be read, or is mostly invalid."""
    for rater in session.ballots.invalid:
        own = rows[rows["rater"] == rater]
        checked.invalid.update(own.index)
        place = (session.file, own["sheet"].iloc[0])
        checked.problems.append(Problem("N402", *place, subject=f"票号 {rater}", unit=session.unit))
    checked.disputed.update(rows.index[rows["state"] == "refused"])
    if session.ballots.spoilt:
        checked.problems.extend(_mostly_invalid(session, rows, checked))


def _mostly_invalid(session: Session, rows: pd.DataFrame, checked: Checked) -> Iterator[Problem]:
    """Yield the questions of which no more answers are proper than look as if they were entered in another way."""
    for item, own in rows.groupby("item", observed=True, sort=False):
        strange = own[(own["state"] == "invalid") & (own["option"] != CERTAIN)]
        proper = int(((own["state"] == "typed") & (own["option"] != ABSTAIN)).sum())
        if len(strange) > 1 and len(strange) >= proper:
            checked.disputed.update(strange.index)
            values = {"valid": str(own["rater"].nunique()), "invalid": str(len(strange))}
            place = (session.file, strange["sheet"].iloc[0], strange["cell"].iloc[0])
            found = str(strange["option"].iloc[0])
            yield Problem("E417", *place, subject=str(item), found=found, unit=session.unit, values=values)


def _check_sums(session: Session, checked: Checked) -> None:
    """Let the questions of a tally wait whose votes are not the ballots that the head tells of."""
    base, most, exactly = _ballots_told(session.head.counts)
    lines: defaultdict[str, list[Record]] = defaultdict(list)
    for row in session.tally if base else ():
        if row["rule"] == VOTES:
            lines[row["item"]].append(row)
    for item, rows in lines.items():
        if any(row["state"] != "typed" for row in rows):
            continue  # told already
        votes = int(sum(row["value"] for row in rows)) // MICRO
        unsaid = {row["group"] for row in rows} - {row["group"] for row in rows if row["option"] == ABSTAIN}
        if votes > most or (votes < most and (exactly or unsaid)):
            checked.disputed.update(row["label"] for row in rows)
            checked.problems.append(_wrong_sum(session, item, rows[0], (base, most, votes), short=bool(unsaid)))


def _ballots_told(counts: Mapping[str, int]) -> tuple[str, int, bool]:
    """Return which count of a head a tally's votes are held against, how many that is, and whether they are all it.

    Of ballots returned some may be invalid where the head does not say how many are.
    """
    if "有效" in counts:
        return "有效", counts["有效"], True
    returned = counts.get("收回")
    if returned is None:
        return "", 0, False
    return ("收回减无效", returned - counts["无效"], True) if "无效" in counts else ("收回", returned, False)


def _wrong_sum(session: Session, item: str, row: Record, told: tuple[str, int, int], *, short: bool) -> Problem:
    base, most, votes = told
    place = (session.file, row["sheet"], row["cell"])
    if votes < most and short:
        values = {"base": base, "valid": str(most), "sum": str(votes), "short": str(most - votes)}
        return Problem("E416", *place, subject=item, unit=session.unit, values=values)
    more = "多" if votes > most else "少"
    what = f"各选项合计 {votes} 张，{more}于{base} {most} 张，这一题等待核对"
    return Problem("E415", *place, subject=item, unit=session.unit, values={"what": what})


def _check_counts(session: Session, valid: int | None, checked: Checked) -> None:
    """Send back counts that cannot be: more valid ballots than were returned; where they were entered, they wait."""
    counts = session.head.counts
    returned = counts.get("收回")
    if returned is None:
        return
    stated = sum(counts.get(label, 0) for label in ("有效", "无效"))
    if valid is not None and valid > returned:
        checked.disputed.update(row for row in (*session.marks, *(each["label"] for each in session.tally)))
        what = f"录入的有效票 {valid} 张，多于收回 {returned} 张，这场测评等待核对"
    elif stated > returned:
        what = f"有效加无效是 {stated} 张，多于收回 {returned} 张"
    else:
        return
    checked.problems.append(session.problem("E415", "收回", str(returned), what=what))


def _count_remarks(session: Session, valid: int, floor: int) -> Iterator[Problem]:
    head, due = session.head.counts.get("有效"), session.head.counts.get("应参加")
    if head is not None and head != valid and session.marks:
        yield session.problem("W407", "有效", str(head), head=str(head), valid=str(valid))
    returned = session.head.counts.get("收回")
    parts = [session.head.counts[label] for label in ("有效", "无效") if label in session.head.counts]
    if returned is not None and len(parts) > 1 and sum(parts) < returned:
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
