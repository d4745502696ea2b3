"""交接说明: what a finished round came to, what of it is still open, what went along, and what is to be done next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from dingji.problems import Line, level_of
from dingji.reports.official.common import common, joined, round_words
from dingji.reports.official.notices import counts
from dingji.reports.standing import UNGRADED, grade_of
from dingji.reports.summary import summary
from dingji.reports.view import OutcomeView
from dingji.scoring.targets import reached

TEMPLATE: Final = "交接说明.docx"
SHOWN: Final = 30
"""So many reminders are listed; 校验报告 has all."""
STEPS: Final = (
    "核对名册：书记、党员数、新成立、撤销、合并、更名的，改在名册里；合并的写明并入哪个、承继不承继。",
    "核对设置：轮次的起止日期、各表的截止日期、公文的日期都空着，要重新填写。",
    "生成并发放新一轮的表，收齐后放进 input。",
    "运行一次，看校验报告；事情办妥后再定稿。",
)


def handover_context(view: OutcomeView, name: str, onward: str, taken: Sequence[str], open_rows: int) -> dict[str, Any]:
    """Return the fields of 交接说明. `name`: of the archive; `onward`: the next round; `taken`: what went along."""
    outcome = view.outcome
    return {
        **common(outcome),
        "标题": f"{round_words(outcome)}{common(outcome)['工作']}交接说明",
        "定稿名称": name,
        "下一轮": onward,
        "结果": list(_results(view)),
        "未了": list(_open(view, open_rows)),
        "带入": list(taken),
        "步骤": list(STEPS),
        "填表人": outcome.settings.office.preparer,
    }


def _results(view: OutcomeView) -> Iterator[str]:
    outcome = view.outcome
    results = list(view.results.values())
    used = [scheme for scheme in outcome.schemes.values() if any(one["scheme"] == scheme.id for one in results)]
    yield from counts(summary(view), used)
    for scheme in outcome.schemes.values():
        yield from (one.words for one in reached(scheme, results, outcome.settings.round.name))


def _open(view: OutcomeView, open_rows: int) -> Iterator[str]:
    """Yield what whoever takes over must know of: who has no grade, ledger rows, reminders that were left."""
    waiting = [view.name(unit) for unit, result in view.results.items() if not grade_of(result)]
    if waiting:
        yield f"{UNGRADED}的有{len(waiting)}个：{joined(waiting)}。"
    if open_rows:
        yield f"整改台账还有{open_rows}条没有销号，已带到新一轮。"
    told = zip(view.outcome.problems, view.lines, strict=True)
    lines = [line for problem, line in told if level_of(problem) != "note"]
    yield from (_words(line) for line in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield f"另有{len(lines) - SHOWN}条提醒，见校验报告。"


def _words(line: Line) -> str:
    return f"{line.place}：{line.words}。" if line.place else f"{line.words}。"
