"""What only scoring can see and a person must: totals that differ, decisions that overrule, changed grades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from dingji.numbers import exact, plain
from dingji.problems import Problem, problem_at
from dingji.read.rows import Letters, beside
from dingji.scheme.model import Scheme
from dingji.scheme.totals import by_parts, total_for
from dingji.scoring.board import Board, Unfit
from dingji.scoring.worked_rounds import Part
from dingji.tables import records


def unlike_totals(scheme: Scheme, board: Board) -> Iterable[Problem]:
    """Yield a problem where the full marks that apply to the branches differ, and nothing brings them together."""
    if scheme.scaled or not by_parts(scheme):
        return
    conditions = [part.only_for for indicator in scheme.indicators for part in (indicator, *indicator.items)]
    of_branch, sorts = board.alike(conditions)
    totals = [total_for(scheme, applies) for applies in sorts]
    named: defaultdict[Decimal, list[str]] = defaultdict(list)
    for place, sort in enumerate(of_branch.tolist() if len(set(totals)) > 1 else ()):
        named[totals[sort]].append(board.name(place))
    if len(named) > 1:
        told = [
            f"{total}分{len(names)}个（{'、'.join(names[:3])}{'等' if names[3:] else ''}）"
            for total, names in named.items()
        ]
        yield Problem("E544", values={"what": "，".join(told)})


def amount_problems(
    entries: pd.DataFrame, unfit: Mapping[tuple[int, str], Unfit], letters: Mapping[tuple[str, str], Letters]
) -> Iterable[Problem]:
    """Yield a problem for every amount that cannot be taken; `letters` tells by file and sheet where columns stand.

    A rule that should have been written and was not is told of the sheet.
    """
    for (entry, rule), why in sorted(unfit.items()):
        row = records(entries.loc[[entry]])[0]
        if row["rule"] != rule:
            yield problem_at(row, why.code, rule, cell="", unit=why.unit)
            continue
        cell = beside(row["cell"].partition(" ")[0], "amount", letters.get((row["file"], row["sheet"]), {}))
        found = "" if pd.isna(row["amount"]) else plain(exact(int(row["amount"])))
        yield problem_at(row, why.code, rule, found, cell=cell, low=plain(why.low), full=plain(why.high))


def turnout_problems(parts: Iterable[Part]) -> Iterable[Problem]:
    """Yield the surveys of the rounds taken that do not count for want of ballots or turnout."""
    for _, _, composite in parts:
        for survey in (marks.survey for marks in composite.sources.values() if marks.survey):
            for place, why in survey.short.items():
                yield problem_at(survey.first_row(place), "E405", cell="", what=why)


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
    cell = str(decision["cell"]).partition(" ")[0]  # the reason's follows
    if not decision["reason"]:
        yield problem_at(decision, "E504", "审定等次", decision["option"], cell=cell)
    if vetoed or not computed:
        what = "否决情形的结果" if vetoed else "未定级"
        expected = computed or "未定级"
        yield problem_at(decision, "W502", "审定等次", decision["option"], cell=cell, what=what, expected=expected)
