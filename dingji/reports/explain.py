"""How one branch's grade came about, as lines for the console: a view of the trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from dingji.intake.grid import address, position_of
from dingji.outcome import Outcome
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
    lines.append(
        f"测算等次：{result['computed'] or '未定级'}"
        + (f"　审定等次：{result['decided']}" if result["decided"] else "")
    )
    steps = [row for row in records(outcome.trail) if row["unit"] == unit and row["step"] not in QUIET]
    for number, step in enumerate(steps, start=1):
        lines.append(f"{number}. 【{STEPS[step['step']]}】{_who(step, raters)}{step['words']}")
        lines += [f"     依据：{place}" for place in places(outcome, step["entries"])]
    return lines


def _who(step: Mapping[str, Any], raters: Mapping[str, str]) -> str:
    who = "　".join(part for part in (step["source"], raters.get(step["rater"], step["rater"])) if part)
    return f"{who}：" if who else ""


def places(outcome: Outcome, entries: Sequence[int]) -> Iterator[str]:
    """Yield file ▸ sheet ▸ cells for the entries behind a step, neighbouring cells of a column as a range."""
    rows = outcome.entries.loc[list(entries), ["file", "sheet", "cell"]].itertuples(index=False, name=None)
    for (file, sheet), group in groupby(rows, key=lambda row: (row[0], row[1])):
        cells = [cell for _, _, listed in group for cell in str(listed).split()]
        yield f"{file} ▸ {sheet} ▸ {'、'.join(ranges(cells))}" if cells else f"{file} ▸ {sheet}"


def ranges(cells: Sequence[str]) -> list[str]:
    """Join neighbouring cells of a column: B3 B4 B5 D9 → B3:B5, D9."""
    positions = sorted(dict.fromkeys(map(position_of, cells)), key=lambda position: (position[1], position[0]))
    runs: list[list[tuple[int, int]]] = []
    for position in positions:
        if runs and runs[-1][-1] == (position[0] - 1, position[1]):
            runs[-1].append(position)
        else:
            runs.append([position])
    return [address(*run[0]) if len(run) == 1 else f"{address(*run[0])}:{address(*run[-1])}" for run in runs]
