"""Every sentence of 差多少升一档: which single change would have lifted a branch's grade."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dingji.numbers import plain
from dingji.supposing.lifts import Edge, Lift, Lifts

HEADING = "差多少升一档"


def lift_line(found: Lifts | None) -> str:
    """Tell the smallest changes, each by itself, and what a quota asks for besides; "" where nothing can be told."""
    if found is None:
        return ""
    if not found.sought:
        return f"{HEADING}：标准要与其他党组织比较，没有推算"
    grade = found.lifts[0].grade if found.lifts else ""
    parts = [_words(lift) + (f"（到“{lift.grade}”）" if lift.grade != grade else "") for lift in found.lifts]
    told = f"要升到“{grade}”，{'；或'.join(parts)}" if parts else _nothing(found)
    return f"{HEADING}：{told}{_edge(found.edge)}"


def _nothing(found: Lifts) -> str:
    held = "".join(f"“{name}”" for name in found.held)
    return f"只改一处不够{f'（有{held}）' if held else ''}"


def _words(lift: Lift) -> str:
    told = [SENTENCES[lift.move.kind](lift)]
    told += [f"{name}即为{plain(figure)}分" for name, figure in lift.figures]
    told += [f"不再有“{name}”" for name in lift.gone if name != lift.move.subject]
    return "，".join(told) + ("（名额仍不够）" if lift.beyond else "")


def _votes(lift: Lift) -> str:
    move = lift.move
    return (
        f"{move.subject}{f'的{move.group}' if move.group else ''}有{lift.amount}张票由“{move.lowest}”改为“{move.what}”"
    )


def _ballots(lift: Lift) -> str:
    move = lift.move
    return f"{move.subject}{f'的{move.group}' if move.group else ''}再多{lift.amount}张“{move.what}”票"


def _figure(lift: Lift) -> str:
    more = "再多" if lift.move.step > 0 else "少"
    unit = "个百分点" if lift.move.what == "%" else lift.move.what
    return f"“{lift.move.subject}”{more}{lift.amount}{unit}"


def _fact(lift: Lift) -> str:
    if lift.move.what == "否":
        return f"没有“{lift.move.subject}”"
    return f"“{lift.move.subject}”是“{lift.move.what}”"


SENTENCES: Mapping[str, Callable[[Lift], str]] = {
    "points": lambda lift: f"综合得分再高{plain(lift.more)}分",
    "mark": lambda lift: f"{lift.move.subject}再高{plain(lift.amount * lift.move.step)}分",
    "votes": _votes,
    "ballots": _ballots,
    "figure": _figure,
    "fact": _fact,
    "situation": lambda lift: f"没有“{lift.move.subject}”",
}
"""By kind of move."""


def _edge(edge: Edge | None) -> str:
    if edge is None or edge.score is None:
        return ""
    forward = f"，即前进{edge.places}名" if edge.places else ""
    return f"。名额所限，综合得分要到{plain(edge.score)}{forward}"
