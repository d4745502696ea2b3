"""内部/结果查询页.html: one file to search, sort, filter and open, from a branch's grade down to the typed cell.

The table stands in the page itself, so that it is there without scripts too; what opens lies beside it as JSON.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final

from markupsafe import Markup

from dingji.checkcode import COMPUTED, DECIDED, PREFIX
from dingji.numbers import percent, plain
from dingji.reports.answer import Answer, Reason, conclusions
from dingji.reports.answer_words import first_line, second_line, sum_lines
from dingji.reports.columns import Cell, ReportColumn, ReportTable, without_empty
from dingji.reports.foot import titled
from dingji.reports.overview import ALWAYS, inside_overview
from dingji.reports.page_pool import Pool, inert_json, rising
from dingji.reports.page_steps import PageSteps, places_of
from dingji.reports.rendering import Renderer
from dingji.reports.standing import UNGRADED, grade_of, waiting_for
from dingji.reports.styles import STRONG, grade_tints
from dingji.reports.summary import summary
from dingji.reports.view import OutcomeView
from dingji.scoring.trail import Step

RESULT_PAGE: Final = "内部/结果查询页.html"
TEMPLATE: Final = "结果查询页.html.j2"
SCRIPT: Final = "结果查询页.js"
DATA_HERE, SCRIPT_HERE = Markup("<!--数据-->"), Markup("<!--脚本-->")
"""Where data and script are put once the page is rendered: they are no template's doing. No text typed looks so."""
NARROW: Final = frozenset({"党组织名称", "综合得分", COMPUTED, DECIDED})
"""Columns that stand on a telephone too."""
MIDDLE: Final = NARROW | {"党组织编码", "上级党组织", "类别", "排名", "晋位情况", "直接定级或限档情形", "主要问题"}
"""Columns that stand on any larger screen."""
APART: Final = frozenset({"序号", "书记", "党员数", "联系领导", "上期等次", "测评得分"})
"""Columns that are seen only where a branch is opened."""
REMARKS: Final = "备注"
LONG: Final = 28
"""Columns as wide hold whole sentences (备注, which may name raters, among them): not for the screen of a meeting."""
BORDERLINE, AGAINST, LOWERED = "临界", "审定与测算不同", "因名额降等"


def result_page(view: OutcomeView, renderer: Renderer) -> bytes:
    """Return the page of results."""
    script = renderer.text_of(SCRIPT)
    page = renderer.render_html(TEMPLATE, page_context(view, script))
    page = page.replace(SCRIPT_HERE.encode(), script.encode(), 1)
    return page.replace(DATA_HERE.encode(), inert_json(page_data(view)).encode(), 1)


def page_context(view: OutcomeView, script: str) -> Mapping[str, Any]:
    """Return the fields that the template may print."""
    outcome, table = view.outcome, without_empty(view.once(inside_overview), ALWAYS)
    return {
        "标题": titled(outcome, "结果查询页"),
        "填报单位": outcome.settings.office.name,
        "轮次": outcome.settings.round.label,
        "密级行": outcome.settings.publish.secret_line,
        "各块": [_block(one, view) for one in _blocks(summary(view))],
        "栏目": [_column(one) for one in table.columns],
        "各行": table.texts(),
        "等次色": list(grade_tints(outcome.schemes.values()).items()),
        "数据校验码": next((one.removeprefix(PREFIX) for one in table.notes if one.startswith(PREFIX)), ""),
        "数据": DATA_HERE,
        "脚本": SCRIPT_HERE,
        "脚本指纹": b64encode(sha256(script.encode()).digest()).decode(),
    }


def _column(column: ReportColumn[Any, Any]) -> Mapping[str, Any]:
    """Return a column of the table, and where it does not stand."""
    heading, apart = column.heading, column.heading in APART
    return {
        "名称": heading,
        "类型": column.kind,
        "只在打开时": apart,
        "宽屏才有": not apart and heading not in MIDDLE,
        "手机没有": not apart and heading not in NARROW,
        "投影没有": not apart and (heading not in MIDDLE or column.width >= LONG),
        "宽": column.width,
    }


# --- the counts on top --------------------------------------------------------------------------------------


def _blocks(tables: Sequence[ReportTable]) -> Sequence[ReportTable]:
    """Return the tables of which the last row is counted: one alone where it sums all of them."""
    return tables[-1:] if tables[-1].totals > 1 else tables


def _block(table: ReportTable, view: OutcomeView) -> Mapping[str, Any]:
    """Return the last row of 汇总表: its counts, and for each grade a bar as long as its share."""
    texts = dict(zip(table.headings, table.texts()[-1], strict=True))
    values: dict[str, Cell] = {heading: cells[-1] for heading, cells in zip(table.headings, table.values, strict=True)}
    shares = {grade: f"{grade}占比" for grade in texts if f"{grade}占比" in texts}
    colours = grade_tints(view.outcome.schemes.values(), STRONG)
    apart = {"单位", REMARKS, *shares, *shares.values()}
    return {
        "标题": table.title if len(view.outcome.schemes) > 1 else "",
        "总数": [(name, text) for name, text in texts.items() if name not in apart],
        "说明": texts[REMARKS],
        "等次": [
            {"名称": one, "个数": texts[one], "占比": texts[share], "色": colours[one], "长": _length(values[share])}
            for one, share in shares.items()
        ],
    }


def _length(share: Cell) -> str:
    return percent(share) if isinstance(share, Fraction) else "0"


# --- what opens ---------------------------------------------------------------------------------------------


def page_data(view: OutcomeView) -> dict[str, Any]:
    """Return what the script reads: texts, and by their numbers the branches in the order of the table, and steps."""
    pool = Pool()
    branches = [branch for branch in view.branches if branch["unit"] in view.results]
    units = [branch["unit"] for branch in branches]
    results, told = [view.results[unit] for unit in units], view.once(conclusions)
    grades = [grade.name for scheme in view.outcome.schemes.values() for grade in scheme.grades]
    data = {
        "grades": pool.listed(list(dict.fromkeys(grades))),
        "unit": pool.listed(units),
        "also": pool.listed([f"{branch['short_name']} {branch['former_names']}".strip() for branch in branches]),
        "parent": pool.listed([branch["parent"] for branch in branches]),
        "category": pool.listed([branch["category"] for branch in branches]),
        "grade": pool.listed([_grade(view, result) for result in results]),
        "marks": [pool.listed(_marks(result)) for result in results],
        "told": [_told(told[result["unit"]], result, view.lifts.get(result["unit"], ""), pool) for result in results],
        "indicators": [_indicator(view, step, units, pool) for step in view.outcome.trail.steps if _is_figure(step)],
        "steps": PageSteps(view, units, pool).listed(),
    }
    return {**data, "texts": pool.texts}


def _told(told: Answer, result: Mapping[str, Any], lift: str, pool: Pool) -> list[list[int]]:
    """Return the answer's lines for the office, its sums, and its lines for a screen, where no rater is named."""
    shown = told
    if told.why is not None and told.why.kind in ("waiting", "total") and told.why.values["missing"]:
        shown = replace(told, why=Reason(told.why.kind, {"missing": [waiting_for(result)]}))
    own = _lines(told, lift)
    lines = [own, sum_lines(told), own if shown is told else _lines(shown, lift)]
    return [[pool.number(line) for line in each] for each in lines]


def _lines(told: Answer, lift: str) -> list[str]:
    return list(filter(None, (first_line(told), second_line(told), lift)))


def _grade(view: OutcomeView, result: Mapping[str, Any]) -> str:
    """Return by which grade a branch is found; none where its standard has none."""
    return (grade_of(result) or UNGRADED) if view.outcome.schemes[result["scheme"]].grades else ""


def _marks(result: Mapping[str, Any]) -> list[str]:
    """Return by what a branch can be found beside its grade: whatever moved it, or waits for a person."""
    against = result["decided"] and result["computed"] and result["decided"] != result["computed"]
    told = [
        *([] if result["settled"] else [waiting_for(result)]),
        *([AGAINST] if against else []),
        *([BORDERLINE] if result["borderline"] else []),
        *([LOWERED] if result["lowered"] else []),
        *result["situations"],
        *result["flags"],
    ]
    return list(dict.fromkeys(told))


def _is_figure(step: Step) -> bool:
    """Say whether a step is an indicator over all sources, with what makes it."""
    return step.sentence == "over_sources"


def _indicator(view: OutcomeView, step: Step, units: Sequence[str], pool: Pool) -> dict[str, Any]:
    """Return an indicator's figures over all sources and of each, columns that go with `unit` (as in the steps)."""
    full = None if step.values["full"] is None else Fraction(step.values["full"])
    held = step.values["held"].take(step.rows)
    return {
        "round": pool.number(step.round),
        "name": pool.number(step.values["name"]),
        "full": pool.number("" if full is None else plain(full)),
        "unit": rising(places_of(view, units)[step.branches].tolist()),
        "figure": pool.figures(held),
        "rate": pool.figures(held / full, percent) if full else 0,
        "by": [[pool.number(name), pool.figures(own.take(step.rows))] for name, own in step.values["terms"]],
    }
