"""The receipt of a branch's own form: what was read from it, in the order in which it was typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import pandas as pd

from dingji.numbers import MICRO, plain
from dingji.outcome import Outcome
from dingji.reports.view import OutcomeView
from dingji.scheme.indicators import Rule
from dingji.scheme.marking import things_of
from dingji.scheme.model import Scheme
from dingji.scoring.points import figure_of
from dingji.scoring.sentences import typed_words
from dingji.tables import records

BETWEEN: Final = "，"
PARTS: Final = ("head", "mark", "fact")
OLD: Final = "superseded"
NOT_TAKEN: Final = {"blank": "没有填", "refused": "没有采用"}
"""By the state of an entry that does not count, what is said of it."""
Entry = Mapping[str, Any]


def receipts(view: OutcomeView) -> dict[str, str]:
    """Return by branch what its own form of this round said."""
    outcome = view.outcome
    told: defaultdict[str, list[str]] = defaultdict(list)
    labels = {scheme.id: _labels(scheme) for scheme in outcome.schemes.values()}
    rules = {scheme.id: _rules(scheme) for scheme in outcome.schemes.values()}
    for entry in records(_own(outcome)):
        result = view.results.get(entry["unit"])
        if result is not None:
            told[entry["unit"]].append(_words(entry, labels[result["scheme"]], rules[result["scheme"]]))
    return {unit: f"{BETWEEN.join(words)}。" for unit, words in told.items()}


def _own(outcome: Outcome) -> pd.DataFrame:
    entries = outcome.entries
    told = (entries["form"] == "self") & entries["part"].isin(PARTS) & (entries["state"] != OLD)
    return entries[told & (entries["round"] == outcome.settings.round.name)]


def _labels(scheme: Scheme) -> dict[tuple[str, str], str]:
    """Return what a mark is called in short, by source and key: an item by its number."""
    return {(source.name, thing.key): thing.label for source in scheme.sources for thing in things_of(scheme, source)}


def _rules(scheme: Scheme) -> dict[str, Rule]:
    return {rule.name: rule for indicator in scheme.indicators for rule in indicator.rules}


def _words(entry: Entry, labels: Mapping[tuple[str, str], str], rules: Mapping[str, Rule]) -> str:
    if entry["part"] == "mark":
        name = labels.get((entry["source"], entry["item"]), entry["item"])
        said = " ".join(filter(None, (entry["option"], _figure(entry["value"], "分"))))
    elif entry["rule"] in rules:
        name, rule = entry["rule"], rules[entry["rule"]]
        said = typed_words(rule, figure_of(rule, _exact(entry["value"])), entry["option"], _exact(entry["amount"]))
    else:
        name, said = entry["rule"], entry["option"] or _figure(entry["value"], "")
    return f"{name} {NOT_TAKEN.get(entry['state'], said)}".rstrip()


def _exact(value: object) -> Fraction | None:
    return Fraction(value, MICRO) if isinstance(value, int) else None


def _figure(value: object, unit: str) -> str:
    figure = _exact(value)
    return "" if figure is None else f"{plain(figure)}{unit}"
