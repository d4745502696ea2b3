"""How one branch's grade came about, as lines for the console: a view of the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dingji.numbers import fixed
from dingji.outcome import Outcome
from dingji.reports.places import places
from dingji.scheme.model import Scheme
from dingji.scoring.trail import STEPS
from dingji.tables import records

QUIET = ("ballots",)
"""Steps that other steps' words already contain."""


def explain(outcome: Outcome, unit: str) -> list[str]:
    """Return the lines for a branch: each step in words, each typed figure with file ▸ sheet ▸ cells."""
    names = dict(zip(outcome.branches["unit"], outcome.branches["name"], strict=True))
    raters = {row["rater"]: row["name"] or row["rater"] for row in records(outcome.raters)} | names
    result = next((row for row in records(outcome.results) if row["unit"] == unit), None)
    lines = [f"{names[unit]}（{unit}）　{outcome.settings.round.label}"]
    if result is None:
        return [*lines, "不参加本次测算。"]
    lines.append(_outcome(result, outcome.schemes[result["scheme"]]))
    steps = [row for row in records(outcome.trail) if row["unit"] == unit and row["step"] not in QUIET]
    for number, step in enumerate(steps, start=1):
        lines.append(f"{number}. 【{STEPS[step['step']]}】{_who(step, raters)}{step['words']}")
        typed = outcome.entries.loc[list(step["entries"]), ["file", "sheet", "cell"]]
        lines += [f"     依据：{place}" for place in places(typed.itertuples(index=False, name=None))]
    return lines


def _outcome(result: Mapping[str, Any], scheme: Scheme) -> str:
    """Tell what a branch came to: its grades, or its total where the standard names none."""
    if not scheme.grades:
        figure = result["composite"]
        return "综合得分：未测算" if figure is None else f"综合得分：{fixed(figure, scheme.rounding.places)}"
    decided = f"　审定等次：{result['decided']}" if result["decided"] else ""
    return f"测算等次：{result['computed'] or '未定级'}{decided}"


def _who(step: Mapping[str, Any], raters: Mapping[str, str]) -> str:
    who = "　".join(part for part in (step["source"], raters.get(step["rater"], step["rater"])) if part)
    return f"{who}：" if who else ""
