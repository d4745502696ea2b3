"""What `check` says of the calendar. Only the console ever reads the machine's date, and says so."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from dingji.cannot_run import CannotRunError
from dingji.dates import read_day
from dingji.deadlines import deadline_lines, deadlines
from dingji.outcome import Outcome
from dingji.reports.roll_text import WANTING, plain_text, titles_by_kind
from dingji.tables import records


def today_of(typed: str) -> tuple[date, str]:
    """Return the day to look from, and whose it is: the one typed, else the machine's."""
    if not typed:
        return date.today(), "电脑上的日期，要从别的日子看，加 --today"  # noqa: DTZ011 - the office's own day
    day = read_day(typed)
    if day is None or day.month_only:
        raise CannotRunError([f"--today 后面写日期，如 2026-03-31；写的是“{typed}”"])
    return date.fromisoformat(day.text), "--today 写的"


def day_lines(outcome: Outcome, today: date, whose: str) -> list[str]:
    """Return what is overdue and what is due next; nothing where neither config nor a standard tells a day."""
    found = deadlines(outcome.settings, outcome.schemes.values(), titles_by_kind(outcome))
    owed: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in records(outcome.rollcall):
        if row["status"] in WANTING:
            owed[row["kind"]].append((plain_text(row["owner"]), row["title"]))
    lines = list(deadline_lines(found, today, owed))
    return [f"今天 {today.isoformat()}（{whose}）", *(f"  {line}" for line in lines)] if lines else []
