"""A ballot's answer that is none of those asked for: it is invalid and counted apart, and nobody is to mend a vote."""

from __future__ import annotations

import re
from dataclasses import replace

from dingji.comparing import normal
from dingji.problems import Problem
from dingji.read import cells
from dingji.read.lines import Cell

VOID = ("无效", "作废")
"""What counters write in the place of an answer that the ballot does not properly give."""
CERTAIN = VOID[0]
"""The option noted of an invalid answer that is certain; of any other it is what was entered."""
_BETWEEN_ANSWERS = re.compile(r"[、，,；;/\s]+")


def invalid_answer(cell: Cell) -> Problem | None:
    """Return why an answer is invalid; None where it is a proper one, or where a fault of the file hides it.

    What the counters wrote so, or two options, is certain (N408); anything else may be a slip in entering it (W414).
    """
    if cell.fault is not None:
        return None
    if normal(cell.text) in VOID:
        return cell.problem("N408", why="写明无效")
    if _several(cell):
        return cell.problem("N408", why="填了多个答案")
    outcome = cell.read(cell.column.low, cell.column.full, cell.column.choices, "")
    if outcome.problem in ("E202", "E203"):
        return cell.problem("W414", why=_range(cell, outcome))
    if outcome.problem == "E205":
        return cell.problem("W414", why=f"不是可选的内容（{outcome.values['choices']}）")
    typed = outcome.problem == "E201" and isinstance(cell.value, str)
    return cell.problem("W414", why="不是一个分数") if typed else None


def _range(cell: Cell, outcome: cells.Reading) -> str:
    if cell.column.full is None:
        return f"小于 {outcome.values['low']}"
    return f"不在 {outcome.values['low']}–{outcome.values['full']} 之间"


def _several(cell: Cell) -> bool:
    """Say whether two options stand where one is asked."""
    known = set(map(normal, cell.column.choices))
    parts = [normal(part) for part in _BETWEEN_ANSWERS.split(cell.text) if part]
    return cell.column.reads == "choice" and normal(cell.text) not in known and len(parts) > 1 and known >= set(parts)


def of_ballot(problem: Problem, number: str) -> Problem:
    """Name the ballot by its number, so that the counters find it."""
    return replace(problem, subject=f"票号 {number} {problem.subject}") if number else problem
