"""How one branch's grade came about, as lines for the console: a view of the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dingji.numbers import fixed
from dingji.outcome import Outcome
from dingji.reports.view import OutcomeView
from dingji.scheme.model import Scheme
from dingji.scoring.trail import STEPS

QUIET = ("ballots",)
"""Steps that other steps' words already contain."""


def explain(outcome: Outcome, unit: str) -> list[str]:
    """Return the lines for a branch: each step in words, each typed figure with file ▸ sheet ▸ cells."""
    view = OutcomeView(outcome)
    lines = [f"{view.name(unit)}（{unit}）　{outcome.settings.round.label}"]
    result = view.results.get(unit)
    if result is None:
        return [*lines, "不参加本次测算。"]
    lines.append(_outcome(result, outcome.schemes[result["scheme"]]))
    told = [kind for kind in STEPS if kind not in QUIET]
    steps = outcome.trail.listed(told, [unit])
    rows = zip(steps.step, steps.source, steps.rater, steps.words, steps.entries, strict=True)
    for number, (kind, source, rater, words, entries) in enumerate(rows, start=1):
        who = "　".join(filter(None, (source, view.name(rater) or rater)))
        lines.append(f"{number}. 【{STEPS[kind]}】{who}{'：' if who else ''}{words}")
        lines += [f"     依据：{place}" for place in view.places.listed(entries)]
    return lines


def _outcome(result: Mapping[str, Any], scheme: Scheme) -> str:
    """Tell what a branch came to: its grades, or its total where the standard names none."""
    if not scheme.grades:
        figure = result["composite"]
        return "综合得分：未测算" if figure is None else f"综合得分：{fixed(figure, scheme.rounding.places)}"
    decided = f"　审定等次：{result['decided']}" if result["decided"] else ""
    return f"测算等次：{result['computed'] or '未定级'}{decided}"
