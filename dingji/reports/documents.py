"""一览表 and 汇总表 for the superior (HTML and Word), by templates.

They are made of what `withholding` gives away alone: no rater, file path or 测算等次 is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dingji.checkcode import PREFIX
from dingji.outcome import Outcome
from dingji.reports.columns import ReportTable
from dingji.reports.foot import sign_off
from dingji.reports.rendering import Renderer
from dingji.reports.withholding import Given
from dingji.reports.word_tables import paper_widths

OVERVIEW: Final = "一览表"
SUMMARY: Final = "汇总表"
BLANK_DATE: Final = "　　　年　　月　　日"


def papers(outcome: Outcome, given: Given, renderer: Renderer) -> dict[str, bytes]:
    """Return the superior's two tables as HTML and Word, by file name."""
    files = {}
    for name, tables in {OVERVIEW: [given.overview], SUMMARY: given.summary}.items():
        context = paper_context(outcome, tables)
        files[f"{name}.html"] = renderer.render_html(f"{name}.html.j2", context)
        files[f"{name}.docx"] = renderer.render_word(f"{name}.docx", context, tables)
    return files


def paper_context(outcome: Outcome, tables: Sequence[ReportTable]) -> dict[str, Any]:
    """Return the fields that the templates of a paper may print, under Chinese names for the officer."""
    office, notes = outcome.settings.office, [note for table in tables for note in table.notes]
    shown = [printed_table(table) for table in tables]
    return {
        **shown[0],
        "各表": shown,
        "填报单位": office.name,
        "轮次": outcome.settings.round.label,
        "审核人": office.reviewer,
        "填表人": office.preparer,
        "联系电话": office.phone,
        "填报日期": chinese_date(office.date),
        "数据校验码": next((note.removeprefix(PREFIX) for note in notes if note.startswith(PREFIX)), ""),
        "附注": [note for note in notes if note != sign_off(outcome) and not note.startswith(PREFIX)],
    }


def printed_table(table: ReportTable) -> Mapping[str, Any]:
    """Return a table as the templates print it: title, headings, rows of texts, and for HTML the widths."""
    widths = paper_widths(table.columns)
    return {
        "标题": table.title,
        "栏目": list(table.headings),
        "各行": table.texts(),
        "明细行数": len(table) - table.totals,
        "列宽": [f"{100 * width / sum(widths):.2f}%" for width in widths],
        "文字栏": [number for number, column in enumerate(table.columns, start=1) if column.kind == "text"],
    }


def chinese_date(text: str) -> str:
    """Return a date as papers print it (2026年3月31日); a blank one leaves room for the pen."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text or BLANK_DATE
    return f"{day.year}年{day.month}月{day.day}日"
