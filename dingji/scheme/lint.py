"""What is wrong with a standard in itself: every contradiction at once, errors apart from warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dingji.scheme.finding import Finding
from dingji.scheme.lint_after import candidates, honours, targets, year_days
from dingji.scheme.lint_collected import collected, own_circle
from dingji.scheme.lint_conditions import bounds, circles, empty, readable
from dingji.scheme.lint_effect import shares, signs, without_effect
from dingji.scheme.lint_grades import grades, labels, situations
from dingji.scheme.lint_marks import deductions, marks, nesting, unscored
from dingji.scheme.lint_names import name_clashes, numbers, own_columns
from dingji.scheme.lint_quotas import quotas
from dingji.scheme.lint_reach import out_of_reach, unmarked, vetoes
from dingji.scheme.lint_rules import limits, rules
from dingji.scheme.lint_scale import holes
from dingji.scheme.lint_sources import dropped_rounds, required, sources, weights, who_marks
from dingji.scheme.model import Scheme
from dingji.scheme.totals import unlike_totals

CHECKS: Sequence[Callable[[Scheme], Iterator[Finding]]] = (
    name_clashes,
    own_columns,
    numbers,
    weights,
    sources,
    dropped_rounds,
    required,
    who_marks,
    marks,
    unscored,
    unlike_totals,
    deductions,
    nesting,
    rules,
    limits,
    grades,
    situations,
    labels,
    quotas,
    candidates,
    targets,
    year_days,
    honours,
    empty,
    readable,
    circles,
    bounds,
)
"""Every check, in the order in which findings are listed."""

REACHING: Sequence[Callable[[Scheme], Iterator[Finding]]] = (
    collected,
    own_circle,
    unmarked,
    out_of_reach,
    vetoes,
    without_effect,
    signs,
    shares,
    holes,
)
"""Checks that take a standard for right so far: what it can give, who tells it, and what has no effect."""


def lint(scheme: Scheme) -> list[Finding]:
    """Run every check on a standard that is right in form; how far it reaches, only where there is no error."""
    found = [finding for check in CHECKS for finding in check(scheme)]
    if any(finding.severity == "error" for finding in found):
        return found
    return [*found, *(finding for check in REACHING for finding in check(scheme))]
