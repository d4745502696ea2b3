"""Branches without a grade of which no problem tells why: the list of problems must name every one that waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from dingji.problems import Problem, level_of

TIED: Final = ("并列", "待定")
"""What is said of a branch that the committee is asked about."""


def unexplained(
    results: Sequence[Mapping[str, Any]], problems: Iterable[Problem], forms: Collection[str]
) -> Iterator[Problem]:
    """Yield a problem for every branch that waits and has none of its own. `forms`: paths of files that are a form.

    What is wrong with everybody's form, or wanting of it, explains it for all: the rater's, the office's.
    """
    grave = [problem for problem in problems if level_of(problem) in ("refuse", "act")]
    if any(not problem.unit and (problem.code == "E310" or problem.file in forms) for problem in grave):
        return
    told = {problem.unit for problem in grave}
    for row in results:
        what = "；".join(row["missing"])
        if not row["settled"] and what and row["unit"] not in told and not any(word in what for word in TIED):
            yield Problem("E552", unit=row["unit"], values={"what": what})
