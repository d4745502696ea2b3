"""结果.json of 上报/ and of each parent unit: the tables once more for programs, with what each column is.

Made of what `withholding` gives away alone: it holds not one figure more than 上报.xlsx does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dingji.outcome import Outcome
from dingji.reports.column_dictionary import dictionary
from dingji.reports.columns import Cell, Kind, ReportColumn, ReportTable, Shown
from dingji.reports.sheet import cell_value
from dingji.reports.withholding import WITHHELD, Given

MACHINE_COPY: Final = "结果.json"
TYPES: Final[Mapping[Kind, str]] = {
    "text": "文字",
    "grade": "文字",
    "count": "整数",
    "number": "数",
    "score": "数",
    "exact": "数",
    "share": "比率",
}
WORDS: Final = (
    "一行是一组值，次序同“栏目”；没有的值是空值；比率 1 就是 100%。"
    f"“{WITHHELD}”是人数太少、不对外印出的数；合计行数是末尾几行合计。与 上报.xlsx 是同样的内容。"
)


def machine_copy(outcome: Outcome, given: Given) -> bytes:
    """Return the tables as JSON in UTF-8; the same tables give the same bytes."""
    settings = outcome.settings
    data = {
        "说明": WORDS,
        "填报单位": settings.office.name,
        "轮次": settings.round.label,
        "标准": [{"代号": scheme.id, "名称": scheme.title} for scheme in outcome.schemes.values()],
        "一览表": _table(outcome, given.overview),
        "汇总表": [_table(outcome, table) for table in given.summary],
    }
    return f"{json.dumps(data, ensure_ascii=False, indent=1)}\n".encode()


def _table(outcome: Outcome, table: ReportTable) -> Mapping[str, Any]:
    meant = dictionary(outcome, table.headings)
    return {
        "标题": table.title,
        "栏目": [{**_told(column), "含义": meant[column.heading]} for column in table.columns],
        "行": [_row(table.columns, row) for row in table.rows],
        "合计行数": table.totals,
        "附注": list(table.notes),
    }


def _told(column: ReportColumn[Any, Any]) -> Mapping[str, Any]:
    places = {"小数位": column.places} if column.kind == "score" else {}
    return {"名称": column.heading, "类型": TYPES[column.kind], **places}


def _row(columns: Sequence[ReportColumn[Any, Any]], row: Sequence[Cell]) -> list[str | float | None]:
    return [_value(column, cell) for column, cell in zip(columns, row, strict=True)]


def _value(column: ReportColumn[Any, Any], cell: Cell) -> str | float | None:
    """Return what 上报.xlsx has in the cell; None where nothing stands there."""
    if cell is None or cell == "" or (isinstance(cell, Shown) and cell.value is None):
        return None
    return cell_value(cell, cell.kind if isinstance(cell, Shown) else column.kind, column.places)
