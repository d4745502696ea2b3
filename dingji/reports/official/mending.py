"""What of 整改台账 a branch may be told: the lines, in words without any figure that is withheld from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dingji.forms.ledger_form import NUMBER, PROBLEM, TYPED
from dingji.ledger.ledger import Line
from dingji.reports.issues import shown
from dingji.reports.official.conclusion import Told
from dingji.reports.view import OutcomeView


class Mend(NamedTuple):
    """A line of 整改台账, with what is to be mended in words that the branch may read."""

    line: Line
    problem: str


def told_lines(view: OutcomeView, unit: str, told: Told, texts: Mapping[str, str]) -> list[Mend]:
    """Return a branch's lines as it may be told them; `texts`: by 编号, in the words for the office.

    Where a figure is withheld, an indicator is named where 主要问题 names it, in the order of the standard: that of the
    losses would tell which is the greater. What was asked for in vain is left out.
    """
    lines = [line for line in view.ledger.lines[unit] if line.origin != "none"]
    if told.open:
        return [Mend(line, texts[line.number]) for line in lines]
    order = [indicator.name for indicator in view.outcome.schemes[told.result["scheme"]].scored]
    return sorted(_kept(view, unit, told, lines, texts), key=lambda mend: _place(mend.line, order))


def printed_rows(mends: Sequence[Mend]) -> list[Mapping[str, str]]:
    """Return lines as papers print them: a row a line, what was typed under its heading."""
    return [
        {"序号": str(number), NUMBER: mend.line.number, PROBLEM: mend.problem}
        | {heading: mend.line.text(heading) for heading in TYPED}
        for number, mend in enumerate(mends, start=1)
    ]


def _place(line: Line, order: Sequence[str]) -> tuple[int, int]:
    """Return where a line stands by the standard: its indicator, then its item; behind these what is neither."""
    if line.loss is None or line.loss.name not in order:
        return len(order), 0
    return order.index(line.loss.name), line.loss.item.no if line.loss.item else 0


def _kept(view: OutcomeView, unit: str, told: Told, lines: Sequence[Line], texts: Mapping[str, str]) -> Iterator[Mend]:
    issues = shown(view.issues.of(view.results[unit]), told.result["issues"])
    words = {issue.indicator: issue.indicator if told.closed else issue.text for issue in issues}
    named = {name for name, _, _ in told.result["issues"]}
    for line in lines:
        loss = line.loss
        if loss is None:
            yield Mend(line, texts[line.number])
        elif loss.kind == "indicator" and loss.name in named:
            if not loss.item:
                yield Mend(line, words.get(loss.name, loss.name))
            elif loss.large or line.filled:  # by its name alone: its mark would tell of the withheld one
                yield Mend(line, loss.title)
        elif loss.kind == "situation" and loss.name in told.result["situations"]:
            yield Mend(line, loss.name)
