"""互评 whose lots changed after the forms went out: names joined or left, or another seed was typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from dingji.problems import Problem


def drawn_anew(problems: Iterable[Problem]) -> list[Problem]:
    """Return a problem for each rater who marked others than it drew, and not those: the lots were others then."""
    told: defaultdict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for problem in problems:
        told[problem.code][problem.file, problem.values.get("rater", "")] = None
    return [
        Problem("E685", file, values={"rater": rater}) for file, rater in told["W644"] if (file, rater) in told["W223"]
    ]
