"""What only scoring can see and a person must: totals that differ, decisions that overrule, changed grades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd

from dingji.problems import Problem, problem_at
from dingji.scheme.model import Scheme
from dingji.scheme.totals import by_parts, total_for
from dingji.scoring.ballots import count_survey
from dingji.scoring.board import Board
from dingji.tables import records


def unlike_totals(scheme: Scheme, board: Board) -> Iterable[Problem]:
    """Yield a problem where the full marks that apply to the branches differ, and nothing brings them together."""
    if scheme.scaled or not by_parts(scheme):
        return
    named: defaultdict[Decimal, list[str]] = defaultdict(list)
    for place in range(len(board)):
        named[total_for(scheme, partial(board.holds_at, place))].append(board.name(place))
    if len(named) > 1:
        told = [
            f"{total}分{len(names)}个（{'、'.join(names[:3])}{'等' if names[3:] else ''}）"
            for total, names in named.items()
        ]
        yield Problem("E544", values={"what": "，".join(told)})


def turnout_problems(entries: pd.DataFrame, scheme: Scheme, round_name: str) -> Iterable[Problem]:
    """Yield the surveys of the rounds taken that do not count for want of ballots or turnout."""
    taken = ((name, source) for name, _ in scheme.rounds_taken(round_name) for source in scheme.sources_in(name))
    for name, source in ((name, source) for name, source in taken if source.main_form == "survey"):
        rows = entries[(entries["form"] == "survey") & (entries["source"] == source.name)]
        rows = rows[rows["round"] == name]
        survey = count_survey(rows, source)
        short = {unit: why for unit in survey.counts if (why := survey.too_few(unit))}
        for unit, why in short.items():
            first = records(rows[rows["unit"] == unit].head(1))[0]
            yield Problem("E405", first["file"], first["sheet"], unit=unit, values={"what": why})


def decision_problems(
    entries: pd.DataFrame, computed_of: Mapping[str, str], vetoed: Collection[str]
) -> Iterable[Problem]:
    """Yield what is to be said about decisions: the computed grade has changed, a veto is overruled, no reason.

    `computed_of`: 测算等次 by branch, "" where there is none; `vetoed`: branches that a 否决 graded.
    """
    rows = entries[(entries["form"] == "decision") & entries["part"].isin(("record", "also"))]
    seen = {(row["unit"], row["rule"]): row for row in records(rows)}
    for unit, computed in computed_of.items():
        decision = seen.get((unit, ""))
        if decision is None or not decision["option"]:
            continue
        stood = seen.get((unit, "测算等次"))
        if stood and stood["option"] not in (computed or "未定级", computed):
            yield problem_at(stood, "E501", "测算等次", stood["option"], expected=computed or "未定级")
        if decision["option"] != computed:
            yield from _overruling(decision, computed, vetoed=unit in vetoed)


def _overruling(decision: Mapping[str, Any], computed: str, *, vetoed: bool) -> Iterable[Problem]:
    if not decision["reason"]:
        yield problem_at(decision, "E504", "审定等次", decision["option"])
    if vetoed or not computed:
        what = "否决情形的结果" if vetoed else "未定级"
        expected = computed or "未定级"
        yield problem_at(decision, "W502", "审定等次", decision["option"], what=what, expected=expected)
