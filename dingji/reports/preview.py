"""预演: which grades would be others than before, and what about the branch's figures is another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dingji.numbers import fixed, percent
from dingji.outcome import Outcome
from dingji.reports.standing import UNGRADED, grade_of, moving, waiting_words
from dingji.tables import records

Told = Mapping[str, Any]
"""What is remembered of a branch: name, grade, composite, places, figures by source, what moved the grade."""
Before = Mapping[str, Told]
SHOWN = 20
"""So many branches are told; the others are counted."""
NAMED = 3
"""So many files, and branches of which only figures are others, are named."""


def told_of(outcome: Outcome) -> dict[str, Told]:
    """Return what the next run is compared with, by branch."""
    names = dict(zip(outcome.branches["unit"], outcome.branches["name"], strict=True))
    return {row["unit"]: _told(names.get(row["unit"], row["unit"]), row) for row in records(outcome.results)}


def _told(name: str, row: Mapping[str, Any]) -> Told:
    figures = {"综合得分": row["composite"], **row["scores"]}
    points = {source: "" if figure is None else fixed(figure, 4) for source, figure in figures.items()}
    rates = {name: "" if share is None else percent(share) for name, share in row["shares"].items()}
    return {
        "名称": name,
        "等次": grade_of(row) or UNGRADED,
        "综合得分": "" if row["composite"] is None else fixed(row["composite"], 2),
        "得分": points | rates,
        "情形": list(moving(row)),
        "原因": "" if grade_of(row) else waiting_words(row),
    }


def differences(before: Before, now: Before) -> list[str]:
    """Return a line a branch whose grade is another, with why; then what moved beside, a few by name, else how many."""
    lines = [*_lines(before, now)]
    rest = [f"……另有{len(lines) - SHOWN}个"] if len(lines) > SHOWN else []
    return [*lines[:SHOWN], *rest, *_beside(before, now)]


def _beside(before: Before, now: Before) -> list[str]:
    moved = [unit for unit, told in now.items() if unit in before and _figures_only(before[unit], told)]
    if len(moved) > NAMED:
        return [f"另有{len(moved)}个党组织得分有变动，等次不变"]
    told = [(now[unit]["名称"], unit, "；".join(_why(before[unit], now[unit]))) for unit in moved]
    return [f"{name}（{unit}）：等次不变，{words}" for name, unit, words in told]


def _figures_only(was: Told, told: Told) -> bool:
    return bool(was["等次"] == told["等次"] and (was["综合得分"] != told["综合得分"] or _parts(was, told)))


def _lines(before: Before, now: Before) -> Iterator[str]:
    for unit, told in now.items():
        was = before.get(unit)
        head = f"{told['名称']}（{unit}）"
        if was is None:
            yield f"{head}：新参加，为“{told['等次']}”"
        elif was["等次"] != told["等次"]:
            why = "；".join(_why(was, told))
            yield f"{head}：由“{was['等次']}”变为“{told['等次']}”{f'，{why}' if why else ''}"
    for unit in (unit for unit in before if unit not in now):
        yield f"{before[unit]['名称']}（{unit}）：原为“{before[unit]['等次']}”，这次不参加"


def _why(was: Told, told: Told) -> Iterator[str]:
    """Yield what is another: the composite with the sources that moved it, situations, what is waited for."""
    parts = _parts(was, told)
    if was["综合得分"] != told["综合得分"]:
        beside = f"（{'，'.join(parts)}）" if parts else ""
        yield f"综合得分 {_short(was['综合得分'])}→{_short(told['综合得分'])}{beside}"
    elif parts:
        yield "，".join(parts)
    gone, come = _apart(was["情形"], told["情形"])
    yield from (f"新有“{name}”" for name in come)
    yield from (f"不再有“{name}”" for name in gone)
    if told["原因"]:
        yield str(told["原因"])


def _parts(was: Told, told: Told) -> list[str]:
    """Return the figures by source that are others, before and now."""
    return [
        f"{name} {_short(was['得分'].get(name))}→{_short(figure)}"
        for name, figure in told["得分"].items()
        if name != "综合得分" and was["得分"].get(name, "") != figure
    ]


def _short(figure: str | None) -> str:
    """Return a figure without zeros at its end; 缺 where there is none."""
    if not figure:
        return "缺"
    return figure.rstrip("0").rstrip(".") if "." in figure else figure


def _apart(was: Sequence[str], now: Sequence[str]) -> tuple[list[str], list[str]]:
    return [name for name in was if name not in now], [name for name in now if name not in was]


def files_changed(before: Mapping[str, Any], outcome: Outcome) -> list[str]:
    """Return what came in, changed and went since a run, by name. `before`: files by path, as recorded."""
    hashes = {path: told.get("sha256", "") for path, told in before.items() if isinstance(told, dict)}
    now = {file.path: file.sha256 for file in outcome.files}
    kinds = (
        ("新来", [path for path in now if path not in hashes]),
        ("改过", [path for path in now if path in hashes and hashes[path] != now[path]]),
        ("拿走", [path for path in hashes if path not in now]),
    )
    told = [f"{word}{len(paths)}个（{_listed(paths)}）" for word, paths in kinds if paths]
    return [f"与上次运行相比，input 中的文件{'，'.join(told)}"] if told else []


def _listed(paths: Sequence[str]) -> str:
    return "、".join(paths[:NAMED]) + ("等" if len(paths) > NAMED else "")
