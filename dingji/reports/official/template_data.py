"""What a run gives to each template, so that an officer's own can be tried with the very same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dingji.outcome import InputFile
from dingji.reports.check_report import check_context
from dingji.reports.columns import ReportTable
from dingji.reports.documents import paper_context
from dingji.reports.official.commendation import candidates_context, inside_context
from dingji.reports.official.feedback import Pages
from dingji.reports.official.handover import TEMPLATE as HANDOVER
from dingji.reports.official.handover import handover_context
from dingji.reports.official.ledger_papers import INSPECTION, inspections, pledge_context
from dingji.reports.official.meeting import meeting_context, meeting_scores
from dingji.reports.official.monthly import PAPER, monthly_context
from dingji.reports.official.notices import circular_context, public_context, report_context
from dingji.reports.official.personal import personal_context
from dingji.reports.official.review import Reviews
from dingji.reports.result_page import page_context
from dingji.reports.returned.build import letter_context
from dingji.reports.returned.faults import GivenBack, Return, returns
from dingji.reports.self_check import check_fields
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import give, hidden_headings
from dingji.scheme.grades import PAPERS
from dingji.scheme.honours import Honour
from dingji.scoring.commending import Award, Candidate


class Paper(NamedTuple):
    """The fields of one paper, and the tables that it holds."""

    fields: Mapping[str, Any]
    tables: Sequence[ReportTable] = ()


PARTS = ("_base.html.j2", "_paper.html.j2", "_parts.html.j2")
"""Templates that others are made of: alone, they print nothing."""


def template_data(view: OutcomeView) -> dict[str, list[Paper]]:
    """Return by template what it is filled with in a run; there is something for each, whatever the input holds."""
    hidden = hidden_headings(view)
    given, scores = give(view, hidden), meeting_scores(view)
    pages = Pages(view, given, hidden)
    reviews = Reviews(pages)
    public = Paper(public_context(view, given))
    letters = [Paper(fields) for fields in _letters(view)]
    overview = Paper(paper_context(view.outcome, [given.overview]), [given.overview])
    summary = Paper(paper_context(view.outcome, given.summary), given.summary)
    return {
        "一览表.docx": [overview],
        "一览表.html.j2": [overview],
        "汇总表.docx": [summary],
        "汇总表.html.j2": [summary],
        "公示.docx": [public],
        "公示.html.j2": [public],
        "示范星级名单.docx": [Paper(inside_context(view, _made_up(view), hidden))],
        "推荐对象公示.docx": [Paper(candidates_context(view, _made_up(view)))],
        "通报.docx": [Paper(circular_context(view, given))],
        "报告.docx": [Paper(report_context(view, given), [*given.summary, given.overview])],
        "上会材料.docx": [Paper(meeting_context(view, scores), [scores])],
        "个人信息清单.docx": [Paper(personal_context(view.outcome, given))],
        "反馈.docx": [Paper(pages.context(unit)) for unit in pages.units],
        "限期整改通知书.docx": [Paper(pages.letter(unit)) for unit in pages.units],
        PAPER: [Paper(monthly_context(view.outcome))],
        **{
            f"{paper}.docx": [Paper(pledge_context(pages, unit, paper, reviews)) for unit in pages.units]
            for paper in PAPERS
        },
        f"{INSPECTION}.docx": [Paper(context) for _, context in inspections(pages, pages.units)],
        "报表退回修改通知.docx": letters,
        HANDOVER: [Paper(handover_context(view, "示例定稿", "示例轮次", ["示例：名册"], 1))],
        "报表退回修改通知.txt.j2": letters,
        "结果查询页.html.j2": [Paper(page_context(view, ""))],
        "校验报告.html.j2": [Paper(check_context(view, []))],
        "上报前自查.html.j2": [Paper(check_fields(view, given))],
    }


def _made_up(view: OutcomeView) -> list[Award]:
    """Return an honour that is made up, so that there is one whatever the standard holds."""
    scheme, unit = next(iter(view.outcome.schemes.values())), next(iter(view.results))
    honour = Honour(name="示例称号", by="list", places=1)
    return [Award(honour, scheme, [Candidate(unit, "示例", "事迹")])]


def _letters(view: OutcomeView) -> Iterator[Mapping[str, Any]]:
    """Yield the fields of each letter that goes back, then of one that is made up, which has every kind of line."""
    outcome = view.outcome
    yield from (letter_context(outcome, GivenBack(back, f"{back.stem}.xlsx", ""), "") for back in returns(outcome))
    back = Return(InputFile("示例.xlsx", "", "", taken=False, number="0-示例"), "示例", "示例党支部", "自评表", ())
    line = {"位置": "自评表 ▸ F9", "填的是": "四分", "问题": "不能确定是多少", "改法": "只填数字"}
    told = letter_context(outcome, GivenBack(back, "示例.xlsx", ""), "未保留：示例。")
    yield {**told, "须改正": [line], "请核对": [line]}
