"""The examples of a standard reckoned: each that does not come out as it says is an error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from dingji.numbers import fixed, half_up, percent
from dingji.scheme.examples import Example
from dingji.scheme.finding import Finding, error, nearest
from dingji.scheme.model import Scheme
from dingji.scheme.positions import line_of
from dingji.scheme.written import Quantity
from dingji.trial.answers import answers_of, last_round
from dingji.trial.run import Trial, shown, tried

PLACES = 2
"""Figures are compared to as many places as are written, and never to fewer than these."""
SHOWN = 8
"""So many names are offered where none is like the one that is written."""


def examples(scheme: Scheme, text: str = "") -> list[Finding]:
    """Reckon every example; return what differs from what it expects. `text`: the file, to tell lines."""
    found = (each for place, example in enumerate(scheme.examples) for each in _example(scheme, place, example))
    return [replace(finding, line=line_of(text, finding.path)) for finding in found]


def _example(scheme: Scheme, place: int, example: Example) -> Iterator[Finding]:
    at, named = ("examples", place), example.name
    round_name = example.round or last_round(scheme)
    if example.round and scheme.rounds and example.round not in scheme.rounds:
        yield error((*at, "round"), f"没有轮次“{example.round}”{nearest(example.round, list(scheme.rounds))}")
        return
    answers = answers_of(scheme, round_name, example.typed)
    for path, words in answers.faults:
        yield error((*at, "typed", *path), f"例子“{named}”：{words}")
    if answers.faults:
        return
    trial = tried(scheme, round_name, answers.typed)
    for name, expected in example.expected.items():
        if words := _differs(trial, name, expected):
            yield error((*at, "expected", name), f"例子“{named}”：{words}")


def _differs(trial: Trial, name: str, expected: Decimal | str) -> str:
    """Tell how a figure differs from what is expected, "" where it does not."""
    figures = trial.figures()
    if name not in figures:
        near = nearest(name, list(figures)) or f"，可以写 {'、'.join([*figures][:SHOWN])}等"
        return f"没有“{name}”这个结果{near}"
    got, written = _printed(figures[name], expected)
    why = "；".join(trial.said()) if got != written and not isinstance(figures[name], Fraction) else ""
    return "" if got == written else f"{name}应为 {written}，算得 {got}{f'（{why}）' if why else ''}"


def _printed(figure: Fraction | str | None, expected: Decimal | str) -> tuple[str, str]:
    """Return what came out and what is expected as they are compared: figures to the places that are written."""
    if isinstance(expected, str) and isinstance(figure, Fraction):
        share = _share(expected)
        return percent(figure), (expected if share is None else percent(share))
    if isinstance(expected, str) or not isinstance(figure, Fraction):
        return shown(figure), str(expected)
    places = max(PLACES, -int(expected.as_tuple().exponent))
    return fixed(half_up(figure, places), places), fixed(Fraction(expected), places)


def _share(written: str) -> Fraction | None:
    try:
        return Quantity.parse(written).value
    except ValueError:
        return None
