"""内部/上报前自查.html: what is looked at before the papers go upward, each with what to do where it is not so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dingji.checkcode import PREFIX
from dingji.outcome import Outcome
from dingji.problems import level_of
from dingji.reports.columns import ReportTable
from dingji.reports.rendering import Renderer
from dingji.reports.standing import by_meeting, graded
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import WITHHELD, Given

SELF_CHECK: Final = "内部/上报前自查.html"
TEMPLATE: Final = "上报前自查.html.j2"
YES, NO, LOOK = "是", "否", "请核对"
NAMED: Final = 5
"""So many branches are named; the others are counted."""
COUNTED: Final = "党组织总数"
UNKNOWN_NAMES: Final = frozenset({"E301", "E302", "E303"})
QUOTAS: Final = frozenset({"E541", "W542", "E549", "W550", "E551"})
TARGETS: Final = "W543"
"""Codes of problems: names that the roster has not, quotas not kept or not sure, targets not reached."""


@dataclass(frozen=True)
class Check:
    """One line: what should be so, whether it is, what was found, and what to do where it is not."""

    question: str
    answer: str
    found: str = ""
    todo: str = ""


def self_check(view: OutcomeView, given: Given, renderer: Renderer) -> bytes:
    """Return the page."""
    return renderer.render_html(TEMPLATE, check_fields(view, given))


def check_fields(view: OutcomeView, given: Given) -> Mapping[str, Any]:
    """Return the fields that the template may print."""
    checks = list(_checks(view, given))
    settings = view.outcome.settings
    return {
        "标题": "上报前自查",
        "填报单位": settings.office.name,
        "轮次": settings.round.label,
        "密级行": settings.publish.secret_line,
        "各项": [
            {"序号": number, "自查": check.question, "结果": check.answer, "情况": check.found, "怎么办": check.todo}
            for number, check in enumerate(checks, start=1)
        ],
        "未办妥": sum(check.answer == NO for check in checks),
        "要核对": sum(check.answer == LOOK for check in checks),
    }


def _checks(view: OutcomeView, given: Given) -> Iterator[Check]:
    outcome, results = view.outcome, view.results.values()
    loud = [problem for problem in outcome.problems if level_of(problem) in ("refuse", "act")]
    found = f"还有 {len(loud)} 条" if loud else ""
    yield _check("拒收和须处理的问题都办妥了", not loud, found, "见 内部/校验报告.html，逐条办妥后再运行")
    waiting = [view.name(row["unit"]) for row in results if not row["settled"]]
    yield _check(f"各{outcome.counted}都有结论", not waiting, _listed(waiting), "补齐缺的表，或请党委研究，再运行")
    if by_meeting(outcome):
        open_ = [row for row in results if graded(row, outcome.schemes[row["scheme"]]) and not row["decided"]]
        names = _listed([view.name(row["unit"]) for row in open_])
        yield _check("等次都经审定", not open_, names, "把审定结果填进审定表，放进 input 再运行")
    yield _of_problems(outcome, "名额都守住了", QUOTAS, "见 内部/校验报告.html；请党委研究")
    yield _of_problems(outcome, "目标都达到了", {TARGETS}, "没有达到的，在报告里说明原因和措施", otherwise=LOOK)
    yield _sums(given)
    yield _of_problems(outcome, "表里的名称、编码都与名册一致", UNKNOWN_NAMES, "改正表里的名称或编码，或补进名册")
    yield _withheld(given)
    yield _signed(outcome)
    yield _earlier(view)
    code = next((note for note in given.overview.notes if note.startswith(PREFIX)), "")
    yield Check("纸质表和电子表的数据校验码相同", LOOK, code, "盖章的纸质表脚上的码，要与电子表的这个码一样")


def _check(question: str, good: bool, found: str, todo: str, otherwise: str = NO) -> Check:  # noqa: FBT001 - the answer itself
    return Check(question, YES, found) if good else Check(question, otherwise, found, todo)


def _listed(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED]) + (f"等 {len(names)} 个" if len(names) > NAMED else "")


def _of_problems(outcome: Outcome, question: str, codes: Iterable[str], todo: str, otherwise: str = NO) -> Check:
    found = [problem for problem in outcome.problems if problem.code in set(codes)]
    told = "；".join(dict.fromkeys(problem.values.get("what", "") or problem.found for problem in found[:NAMED]))
    more = f"等 {len(found)} 处" if len(found) > NAMED else ""
    return _check(question, not found, told + more, todo, otherwise)


def _sums(given: Given) -> Check:
    """Add up every column of counts of 汇总表, and hold 党组织总数 against the rows of 一览表."""
    wrong = [heading for table in given.summary for heading in _unequal(table)]
    total = sum(_total(table) for table in given.summary if COUNTED in table.headings)
    listed = len(given.overview) - given.overview.totals
    found = [*(f"“{heading}”的合计不符" for heading in wrong)]
    if total != listed:
        found.append(f"汇总表共 {total} 个，一览表 {listed} 个")
    good = f"共 {listed} 个"
    todo = "这是程序的毛病，请把这一行告诉维护人，不要上报"
    return _check("汇总表的合计与各行、与一览表相符", not found, "；".join(found) or good, todo)


def _unequal(table: ReportTable) -> Iterator[str]:
    """Yield the columns of counts whose sum is not that of their rows; what is not known has no sum."""
    for column, values in zip(table.columns, table.values, strict=True):
        counts = [value for value in values if isinstance(value, int)]
        known = table.totals == 1 and column.kind == "count" and len(counts) == len(table)
        if known and sum(counts[:-1]) != counts[-1]:
            yield column.heading


def _total(table: ReportTable) -> int:
    """Return how many branches a table counts, by its sum where it has one."""
    values = table.values[table.headings.index(COUNTED)]
    return sum(value for value in values[-table.totals :] if isinstance(value, int))


def _withheld(given: Given) -> Check:
    tables = (given.overview, *given.summary)
    count = sum(text == WITHHELD for table in tables for row in table.texts() for text in row)
    found = f"有 {count} 处印作“{WITHHELD}”" if count else ""
    todo = "人数太少，按规定不对外印；上级一定要的，当面说明，不要手工填上"
    return _check("没有因人数太少不公开的数", not count, found, todo, LOOK)


def _signed(outcome: Outcome) -> Check:
    office = outcome.settings.office
    told = {"填报单位": office.name, "审核人": office.reviewer, "填表人": office.preparer}
    told |= {"联系电话": office.phone, "填报日期": office.date}
    blank = "、".join(label for label, value in told.items() if not value.strip())
    todo = "在设置的“填报单位”里填好再运行，或者打印后手填"
    return _check("填报单位、审核人、填表人、电话、日期都写了", not blank, f"空着：{blank}" if blank else "", todo)


def _earlier(view: OutcomeView) -> Check:
    without = [view.name(row["unit"]) for row in view.results.values() if not row["previous"]]
    todo = "上期定过级的，把上期的结果放进 input 再运行；新成立的不必处理"
    return _check("都有上期等次可比", not without, f"没有：{_listed(without)}" if without else "", todo, LOOK)
