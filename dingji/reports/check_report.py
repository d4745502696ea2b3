"""内部/校验报告.html: who has handed in what, what is missing, and every problem with its mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from dingji.burden import words
from dingji.outcome import Outcome
from dingji.problem_catalogue import LEVELS, Level
from dingji.problems import Line, level_of
from dingji.reports.rendering import Renderer
from dingji.reports.returned.faults import GivenBack
from dingji.reports.submission import LATE_MARK, RETURNED, UNKNOWN, by_parent, late_forms, owner_lines
from dingji.reports.view import OutcomeView
from dingji.tables import STATUSES

CHECK_REPORT: Final = "内部/校验报告.html"
TEMPLATE: Final = "校验报告.html.j2"
MISSING_FORM: Final = "E310"
ORDER: Final[Sequence[Level]] = ("act", "refuse", "warning", "note")
MARKS: Final = dict(zip(STATUSES, ("√", "×", "！", "≡", "△", "？"), strict=True))
CLASSES: Final = dict(zip(STATUSES, ("in", "out", "mend", "twice", "old", "unknown"), strict=True))


@dataclass(frozen=True)
class Call:
    """One line of the roll-call: whose form, and how it stands."""

    unit: str
    rater: str
    owner: str
    parent: str
    form: str
    kind: str
    title: str
    source: str
    status: str
    files: tuple[str, ...]
    late: str = ""


@dataclass(frozen=True)
class Told:
    """A problem as the report lists it: the name of the branch concerned, and the catalogue's line."""

    branch: str
    line: Line


def check_report(view: OutcomeView, renderer: Renderer, given: Sequence[GivenBack] = ()) -> bytes:
    """Return the check report; it needs the roll-call and the problems only, no result. `given`: what goes back."""
    return renderer.render_html(TEMPLATE, check_context(view, given))


def check_context(view: OutcomeView, given: Sequence[GivenBack] = ()) -> dict[str, Any]:
    """Gather what the template prints."""
    outcome = view.outcome
    late = late_forms(outcome)
    calls = [Call(*row) for row in outcome.rollcall.itertuples(index=False, name=None)]
    calls = [replace(call, late=LATE_MARK) if (call.unit, call.form) in late else call for call in calls]
    names = dict(zip(outcome.branches["unit"], outcome.branches["name"], strict=True))
    settings = outcome.settings
    return {
        "标题": "校验报告",
        "填报单位": settings.office.name,
        "轮次": settings.round.label,
        "密级行": settings.publish.secret_line,
        "总数": headline(calls, outcome),
        "减负": words(outcome.burden, outcome.burden_before),
        "图例": [(status, MARKS[status], CLASSES[status]) for status in STATUSES],
        "点名": matrix(calls, names),
        "其他应报": [call for call in calls if not call.unit],
        "待改": sum(call.status in RETURNED for call in calls),
        "报送率": by_parent(view, owner_lines(view)),
        "未报": _owing(view, names),
        "退回": given,
        "问题": by_level(view, names),
        "符号": MARKS,
        "样式": CLASSES,
    }


def headline(calls: Sequence[Call], outcome: Outcome) -> list[tuple[str, int]]:
    """Count forms due, forms by status, and problems by level."""
    status = Counter(call.status for call in calls)
    levels = Counter(level_of(problem) for problem in outcome.problems)
    return [
        ("党组织", len(outcome.branches)),
        ("应报", len(calls) - status[UNKNOWN]),
        *((word, status[word]) for word in STATUSES),
        *((LEVELS[level], levels[level]) for level in ORDER),
    ]


def matrix(calls: Sequence[Call], names: Mapping[str, str]) -> dict[str, Any]:
    """Arrange the branches' forms: a row a branch in roster order, a column a form."""
    own = [call for call in calls if call.unit]
    kinds = list(dict.fromkeys(call.form for call in own))
    cells: dict[tuple[str, str], Call] = {(call.unit, call.form): call for call in own}
    called = {call.unit for call in own}
    units = [unit for unit in names if unit in called] + sorted(called - set(names))
    owners = {call.unit: call.owner for call in own}
    return {
        "栏目": kinds,
        "各行": [
            {
                "编码": unit,
                "名称": names.get(unit, owners[unit]),
                "格": [cells.get((unit, kind)) for kind in kinds],
            }
            for unit in units
        ],
    }


def by_level(view: OutcomeView, names: Mapping[str, str]) -> list[tuple[str, list[Told]]]:
    """Group the problems, 须处理 first; forms not handed in are listed apart."""
    groups: dict[Level, list[Told]] = {level: [] for level in ORDER}
    for problem, line in zip(view.outcome.problems, view.lines, strict=True):
        if problem.code != MISSING_FORM:
            groups[level_of(problem)].append(Told(names.get(problem.unit, problem.unit), line))
    return [(LEVELS[level], group) for level, group in groups.items()]


def _owing(view: OutcomeView, names: Mapping[str, str]) -> list[Told]:
    """Name who owes each form that is missing: the branch, or the rater that the roll-call names."""
    return [
        Told(names.get(problem.unit, problem.subject or problem.unit), line)
        for problem, line in zip(view.outcome.problems, view.lines, strict=True)
        if problem.code == MISSING_FORM
    ]
