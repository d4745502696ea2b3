"""Faults of what goes on through the year: the ledger that came back, records that wait, who went into whom."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Font

from dingji.demo.faults.handwork import Change, by_hand, heading
from dingji.demo.faults.kit import Alter, Case, Cells, Fault
from dingji.demo.faults.office import RECORDS, is_yes, recorded
from dingji.demo.faults.roster import in_roster
from dingji.forms.filling import Value


def struck(text: str) -> Change:
    """Return what strikes the first cell under a heading through."""

    def change(book: Workbook) -> None:
        top = heading(book.worksheets[0], text)
        top.offset(1).font = Font(strike=True)

    return change


def mended(change: Change | None = None, **cells: Value) -> Alter:
    """Return the fault of one row of 整改台账: something that the branch found itself and mends."""

    def alter(case: Case) -> None:
        day = date(case.desk.stage.settings.round.year, 12, 31)
        row: Cells = {"问题": "公开栏没有更新", "措施": "按月更新", "责任人": "委员", "时限": day.isoformat()}
        paper = case.office("ledger", case.row(**row | cells))
        if change:
            paper.works.append(by_hand(change))

    return alter


def record_struck(case: Case) -> None:
    """Strike the words of a record through, and nothing else of it."""
    recorded(is_yes)(case)
    case.desk.papers[-1].works.append(by_hand(struck("事由")))


LEDGER: Final = ("ledger",)
year = partial(Fault, "整改、记录和沿革")

FAULTS: Final = (
    year("台账划去", ("E240",), "台账里的措施划去了，别的没有", mended(struck("措施")), LEDGER),
    year("台账日期早", ("W664",), "完成日期比发现问题还早", mended(完成日期=date(2019, 3, 2)), LEDGER),
    year("台账时限不明", ("W639",), "时限写了没有的日子", mended(时限="2026-02-30"), LEDGER),
    year("记录划去", ("W663",), "平时记录的事由划去了，仍然计入", record_struck, RECORDS),
    year("记录意见不明", ("E205",), "审核意见写了“同意。”", recorded(is_yes, 审核意见="同意。"), RECORDS),
    year("并入未改", ("E622",), "写了并入谁，状态还是正常", in_roster(并入编码="GZ001", 承继="不承继"), ()),
)  # fmt: skip
