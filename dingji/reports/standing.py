"""How a branch stands: its grade as papers print it, or the reason for which it has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dingji.outcome import Outcome
from dingji.scheme.model import Scheme

UNGRADED = "未定级"
ABSENT = "不参加"
INCOMPLETE = "待补"

WAITING: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("未报", ("未报",)),
    ("待研究", ("并列", "待定", "待研究")),
)
"""Why a branch waits: the word that 汇总表 prints, and what `results.missing` then speaks of."""

Result = Mapping[str, Any]


def grade_of(result: Result) -> str:
    """Return 拟定等次: the committee's grade, else the computed one, "" where there is neither."""
    return str(result["decided"] or result["computed"])


def by_meeting(outcome: Outcome) -> bool:
    """Say whether a committee decides on the grades: the settings want it, or it has spoken of a branch."""
    return outcome.settings.office.meeting or bool((outcome.results["decided"] != "").any())


def graded(result: Result, scheme: Scheme) -> bool:
    """Say whether a branch counts as 已定级: its grade is one of the standard's; 不定等次 is none."""
    return grade_of(result) in {grade.name for grade in scheme.grades}


def flag_words(result: Result) -> list[str]:
    """Return a branch's flags as printed, each with what stands beside it: how many candidates for how many places."""
    beside: Mapping[str, str] = result["beside"] or {}
    return [f"{flag}（{beside[flag]}）" if flag in beside else flag for flag in result["flags"]]


def moving(result: Result) -> list[str]:
    """Return what other than points moved a branch's grade: situations that hold, and the quota that lowered it."""
    return [*result["situations"], *filter(None, [result["lowered"]])]


def waiting_for(result: Result) -> str:
    """Return why a branch has no grade, as 汇总表 splits them: 不参加（…）, 未报, 待研究 or 待补.

    A settled branch without a grade has a label such as 不定等次; the situation that gave it stands last.
    """
    if result["settled"]:
        reasons = (*result["missing"], *result["situations"])
        return f"{ABSENT}（{reasons[-1]}）" if reasons else ABSENT
    spoken = "；".join(result["missing"])
    return next((word for word, signs in WAITING if any(sign in spoken for sign in signs)), INCOMPLETE)


def waiting_words(result: Result) -> str:
    """Return why a branch has no grade, in full, for the office's own eyes."""
    reasons = "；".join(result["missing"])
    return waiting_for(result) if result["settled"] or not reasons else f"{waiting_for(result)}：{reasons}"
