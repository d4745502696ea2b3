"""平时记录通报 (月月检查、月月通报): what was recorded in one month, a row an event, for the office to hand round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from dingji.numbers import exact, plain
from dingji.outcome import Outcome
from dingji.reports.official.common import called, common
from dingji.reports.official.notices import addressees
from dingji.scheme.indicators import Rule
from dingji.tables import records

PAPER: Final = "平时记录通报.docx"
Row = Mapping[str, Any]


def month_of(outcome: Outcome) -> str:
    """Return the month that is told of (`2026-04`): the settings' own, else the last in which anything is recorded.

    "" where nothing is recorded and no month is asked for.
    """
    return outcome.settings.publish.month or max((row["date"][:7] for row in _recorded(outcome)), default="")


def monthly_context(outcome: Outcome) -> dict[str, Any]:
    """Return the fields of the notice: the month's events by day, within a day in roster order."""
    month, order = month_of(outcome), {unit: place for place, unit in enumerate(outcome.branches["unit"])}
    own = [row for row in _recorded(outcome) if row["date"].startswith(f"{month}-")] if month else []
    told = sorted((row for row in own if row["state"] == "typed"), key=lambda row: (row["date"], order[row["unit"]]))
    names = dict(zip(outcome.branches["unit"], outcome.branches["name"], strict=True))
    rules = _rules(outcome)
    shared = common(outcome)
    return {
        **shared,
        "标题": f"关于{_spoken(month)}平时检查情况的通报",
        "主送": addressees(outcome),
        "月份": _spoken(month),
        "各行": [_line(number, row, names, rules) for number, row in enumerate(told, start=1)],
        "小结": _counted(told, names, called(outcome)),
        "附注": _notes(own, told),
    }


def _recorded(outcome: Outcome) -> list[dict[str, Any]]:
    entries = outcome.entries
    rows = entries[(entries["form"] == "records") & (entries["part"] == "fact") & (entries["date"] != "")]
    graded = set(outcome.branches["unit"])
    return [row for row in records(rows) if row["unit"] in graded]


def _rules(outcome: Outcome) -> dict[tuple[str, str], Rule]:
    """Return the rules by branch's standard and name."""
    by_scheme = {
        (scheme.id, rule.name): rule
        for scheme in outcome.schemes.values()
        for indicator in scheme.indicators
        for rule in indicator.rules
    }
    own = zip(outcome.results["unit"], outcome.results["scheme"], strict=True)
    return {(unit, name): rule for unit, scheme in own for (of, name), rule in by_scheme.items() if of == scheme}


def _line(number: int, row: Row, names: Mapping[str, str], rules: Mapping[tuple[str, str], Rule]) -> dict[str, str]:
    rule = rules.get((row["unit"], row["rule"]))
    _, month, day = row["date"].split("-")
    return {
        "序号": str(number),
        "日期": f"{int(month)}月{int(day)}日",
        "名称": names[row["unit"]],
        "事项": row["rule"],
        "情况": _said(row, rule.unit if rule else ""),
        "事由": row["reason"],
        "依据": row["evidence"],
    }


def _said(row: Row, unit: str) -> str:
    """Return what a record says happened: the choice, the figure with its unit, the points that were weighed."""
    figures = {name: plain(exact(int(row[name]))) for name in ("value", "amount") if row[name] is not pd.NA}
    parts = [row["option"], f"{figures['value']}{unit}" if "value" in figures else ""]
    parts += [f"酌情{figures['amount']}分"] if "amount" in figures else []
    return "，".join(part for part in parts if part)


def _counted(told: Sequence[Row], names: Mapping[str, str], called_: str) -> str:
    """Return how many events there are of how many branches, and of whom how many."""
    of = Counter(row["unit"] for row in told)
    if not of:
        return ""
    each = "、".join(f"{names[unit]}{count}件" for unit, count in of.items())
    return f"共{len(told)}件，涉及{len(of)}个{called_}：{each}"


def _notes(own: Sequence[Row], told: Sequence[Row]) -> list[str]:
    waiting = len(own) - len(told)
    return [f"另有{waiting}件填写有误，等待核对，没有列入。"] if waiting else []


def _spoken(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月" if number else "＿＿＿＿年＿＿月"
