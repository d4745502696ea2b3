"""审定表's entries → what the committee decided on each branch, in which meeting, and where each of that was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from dingji.numbers import exact, plain
from dingji.tables import records

MEETING = ("会议名称", "会议日期", "依据文号")
"""What tells a meeting from others."""


class Decision(NamedTuple):
    """What was decided on a branch: grade, reason, the meeting in a few words, and the entries that say so."""

    grade: str
    reason: str
    meeting: str
    entries: tuple[int, ...]


def beside_decisions(entries: pd.DataFrame) -> dict[str, dict[str, tuple[str, int]]]:
    """Return by branch and heading what else is typed of decisions, with its entry.

    A row's own word goes before that of the head above it; of two forms the later one counts.
    """
    rows = entries[(entries["form"] == "decision") & entries["part"].isin(("head", "also"))]
    told: dict[str, dict[str, tuple[str, int]]] = {}
    for label, row in zip(rows.index.tolist(), records(rows), strict=True):
        told.setdefault(row["unit"], {})[row["rule"]] = _text(row), label
    return told


def _text(row: Mapping[str, Any]) -> str:
    return row["option"] or (plain(exact(int(row["value"]))) if isinstance(row["value"], int) else "")


def decisions_of(entries: pd.DataFrame) -> dict[str, Decision]:
    """Return the decisions by branch."""
    beside = beside_decisions(entries)
    rows = entries[(entries["form"] == "decision") & (entries["part"] == "record") & (entries["option"] != "")]
    found = {}
    for label, row in zip(rows.index.tolist(), records(rows), strict=True):
        told = beside.get(row["unit"], {})
        meeting = " ".join(told[heading][0] for heading in MEETING if heading in told)
        found[row["unit"]] = Decision(
            row["option"], row["reason"], meeting, (label, *(entry for _, entry in told.values()))
        )
    return found
