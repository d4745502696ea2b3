"""Bars of 上会材料: how many branches hold each grade, and the mean score rate by indicator, as lengths of cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from dingji.numbers import half_up, percent
from dingji.reports.overview import BranchLine
from dingji.reports.rates import mean_rates, weakest
from dingji.reports.standing import grade_of
from dingji.reports.summary import labels_of
from dingji.reports.view import OutcomeView
from dingji.reports.word_building import BAR_UNITS
from dingji.scheme.model import Scheme

Chart = Mapping[str, Any]
"""A picture as templates print it: 标题, and 各条 of 名称, 长, 余, 数."""


def grade_bars(lines: Sequence[BranchLine], schemes: Sequence[Scheme]) -> Iterator[Chart]:
    """Yield a picture a standard with grades, of the branches that have one."""
    for scheme in schemes:
        labels = labels_of(scheme)
        held = [grade_of(line.result) for line in lines if line.scheme.id == scheme.id]
        counts = {label: held.count(label) for label in labels}
        if whole := sum(counts.values()):
            bars = [
                _bar(label, Fraction(count, whole), f"{count}个，{percent(Fraction(count, whole))}")
                for label, count in counts.items()
            ]
            yield {"标题": f"各等次个数{_of(scheme, schemes)}", "各条": bars}


def rate_bars(view: OutcomeView, schemes: Sequence[Scheme]) -> Iterator[tuple[Chart, str]]:
    """Yield a picture a standard by whose indicators branches were marked, and the sentence on the weakest of them."""
    for scheme, means in mean_rates(view):
        known = {name: rate for name, rate in means.items() if rate is not None}
        bars = [_bar(name, rate, percent(rate)) for name, rate in known.items()]
        told = weakest(means, scheme, several=len(schemes) > 1)
        yield {"标题": f"各指标平均得分率{_of(scheme, schemes)}", "各条": bars}, f"{told}。"


def _bar(name: str, rate: Fraction, figure: str) -> Mapping[str, Any]:
    """Return a bar: what is more than nothing is seen, and one that is full leaves the last unit free."""
    most = BAR_UNITS - 1
    length = min(max(int(half_up(rate * most, 0)), 1), most) if rate > 0 else 0
    return {"名称": name, "长": length, "余": BAR_UNITS - length, "数": figure}


def _of(scheme: Scheme, schemes: Sequence[Scheme]) -> str:
    return f"　{scheme.title}" if len(schemes) > 1 else ""
