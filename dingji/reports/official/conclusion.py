"""A branch's grade and why, in the words that it may read itself: nothing withheld, and no 测算等次 beside another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dingji.reports.answer import Answer, Reason
from dingji.reports.answer_words import gap_words, reason_words
from dingji.reports.arithmetic import line
from dingji.reports.standing import UNGRADED, waiting_for
from dingji.reports.withholding import COMPOSITE, PLACE, WITHHELD, Withheld
from dingji.scheme.grades import Situation

DECIDED_WORDS: Final = "党委研究确定"


@dataclass(frozen=True)
class Told:
    """What may be told of a branch: its answer, its result as given away, its row of 一览表 as printed by heading."""

    answer: Answer
    result: Mapping[str, Any]
    row: Mapping[str, str]
    heading: str
    """What the grade is called."""
    withheld: Withheld | None
    closed: frozenset[str]

    @property
    def open(self) -> bool:
        """Say whether every figure may be told."""
        return self.withheld is None and not self.closed

    @property
    def grade(self) -> str:
        """Return the grade as printed, 未公开 where it is withheld, "" where the standard has none."""
        return self.row.get(self.heading, "") if self.answer.graded else ""

    @property
    def changed(self) -> bool:
        """Say whether the committee decided otherwise than was computed."""
        return bool(self.answer.decided) and self.answer.decided != self.answer.computed


def conclusion(told: Told) -> list[str]:
    """Return the answer in lines: what and why; what is lacking; how it moved; the sum, where all of it may be told."""
    return [f"{sentence}。" for sentence in _sentences(told) if sentence]


def _sentences(told: Told) -> Iterator[str]:
    if told.answer.graded:
        yield "，".join(filter(None, (f"{told.heading}：{told.grade or UNGRADED}", _why(told))))
    else:
        place = told.row.get(PLACE, "")
        shown = f"，第{place}名" if place.isdecimal() else ""
        yield f"{COMPOSITE}：{told.row.get(COMPOSITE, '')}{shown}{_pending(told)}"
    yield _beyond(told)
    moved = ((name, told.row.get(name, "")) for name in ("上期等次", "晋位情况"))
    yield "，".join(f"{name}：{words}" for name, words in moved if words and words != "—")
    yield _sum(told)


def _pending(told: Told) -> str:
    return f"，{waiting_for(told.result)}" if told.answer.composite is None else ""


def _why(told: Told) -> str:
    """Return why it is that grade; nothing of what is withheld, or of what the committee did not follow."""
    if told.grade in ("", UNGRADED):
        return waiting_for(told.result)
    if told.grade == WITHHELD or told.answer.why is None:
        return ""
    if told.changed:
        return DECIDED_WORDS
    return reason_words(told.answer.why) if told.open and told.answer.why.kind in PLAIN else _guarded(told)


PLAIN: Final = frozenset({"points", "situation"})
"""Reasons whose own words speak of the branch alone."""


def _guarded(told: Told) -> str:
    """Return a reason in the words of 一览表, without the figures behind it."""
    why: Reason = told.answer.why or Reason("told", {})
    if why.kind == "points":
        figure = told.row.get(COMPOSITE, WITHHELD)
        return "" if figure == WITHHELD else f"{COMPOSITE}{figure}"
    if why.kind == "situation":
        situation: Situation = why.values["situation"]
        return "" if _is_hidden(told, situation) else f"因“{situation.name}”"
    return str(told.result["lowered"]) if why.kind == "fall" else ""


def _is_hidden(told: Told, situation: Situation) -> bool:
    return told.withheld is not None and situation.name in told.withheld.made.situations


def deciding_situation(told: Told) -> str:
    """Return the situation that gave the grade, "" where none did or it is not told."""
    why = told.answer.why
    if why is None or why.kind != "situation" or told.changed or told.grade in ("", UNGRADED, WITHHELD):
        return ""
    situation: Situation = why.values["situation"]
    return "" if _is_hidden(told, situation) else situation.name


def _beyond(told: Told) -> str:
    """Return how far the next grade is, and the situations that hold beside; nothing where any figure is withheld."""
    if not told.open or told.changed or told.grade in ("", UNGRADED, WITHHELD):
        return ""
    beside = "".join(f"“{one.name}”" for one in told.answer.beside)
    return "；".join(filter(None, (gap_words(told.answer.gap), beside and f"另有{beside}，没有改变等次")))


def _sum(told: Told) -> str:
    """Return how the composite adds up, unless a figure in it is withheld."""
    summed, answer = told.answer.arithmetic, told.answer
    if told.withheld is not None or summed is None:
        return ""
    parts = "".join(f"；其中{one.round}：{line(one)}" for one in answer.rounds)
    changed = f"；因“{answer.set_to[0]}”改为{told.row.get(COMPOSITE, '')}" if answer.set_to else ""
    return f"算式：{line(summed)}{changed}{parts}"
