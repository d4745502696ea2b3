"""How one branch's grade came about, as lines for the console: the answer first, then the trail step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from dingji.outcome import Outcome
from dingji.reports.answer import answer
from dingji.reports.answer_words import answer_lines
from dingji.reports.lift_words import lift_line
from dingji.reports.steps import ADJUSTING
from dingji.reports.view import OutcomeView
from dingji.scoring.trail import STEPS, Steps
from dingji.supposing.lifts import lifts_of

QUIET = ("ballots", "indicator")
"""Steps that other steps' words or the answer already contain."""
REASONED = (ADJUSTING | {"rule"}) - {"decision"}
"""Steps below which the days, reasons and proofs that were typed with them stand; a decision's words have its own."""
WHOLE = "综合与等次"
"""The heading of the steps that belong to no source."""


def explain(outcome: Outcome, unit: str) -> list[str]:
    """Return the lines for a branch: the answer, then each step, each typed figure with file ▸ sheet ▸ cells."""
    view = OutcomeView(outcome)
    lines = [
        f"{view.name(unit)}（{unit}）　{outcome.settings.round.label}",
        *answer_lines(answer(view, unit), _lift(view, unit)),
    ]
    steps = outcome.trail.listed([kind for kind in STEPS if kind not in QUIET], [unit])
    return [*lines, *_listed(view, steps)] if unit in view.results and steps.unit else lines


def _lift(view: OutcomeView, unit: str) -> str:
    """Return the line that tells what would have lifted the grade, "" where that cannot be told."""
    basis, computed = view.outcome.basis, {unit: view.results[unit]["computed"]} if unit in view.results else {}
    return lift_line(lifts_of(basis, [unit], computed).get(unit)) if basis else ""


def _listed(view: OutcomeView, steps: Steps) -> Iterator[str]:
    """Yield the steps under a heading each source, numbered through, after a count of them."""
    counted = "，".join(f"{STEPS[kind]}{number}" for kind, number in Counter(steps.step).items())
    yield f"计算过程：{len(steps.step)} 步（{counted}）"
    several = len(set(steps.round)) > 1
    places = range(len(steps.step))
    for (round_, source), group in groupby(places, key=lambda place: (steps.round[place], steps.source[place])):
        own = list(group)
        yield f"—— {f'{round_}　' if several and round_ else ''}{source or WHOLE}（{len(own)} 步）"
        for place in own:
            rater = steps.rater[place]
            of_round = round_ if several and not source and steps.step[place] == "composite" else ""
            who = "　".join(filter(None, (of_round, source, view.name(rater) or rater)))
            yield f"{place + 1}. 【{STEPS[steps.step[place]]}】{who}{'：' if who else ''}{steps.words[place]}"
            yield from (f"     出处：{where}" for where in view.places.listed(steps.entries[place]))
            if steps.step[place] in REASONED and (grounds := view.grounds(steps.entries[place])):
                yield f"     事由：{grounds}"
