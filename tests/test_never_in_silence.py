"""What changed a result, or was lost from it, with status 0 and no word: each on real workbooks."""

from __future__ import annotations

import pytest

from dingji.pipeline import unsettled
from tests.papers import BOOK, FIRST, altered, cells_with, filled, good, outcome_of, with_file
from tests.test_bad_input import password

RECORD = {**FIRST, "日期": "2026-03-02", "规则": "支委集中学习", "数量": 9, "事由": "三月检查"}
SECOND_BOOK = "平时记录二.xlsx"


def records(*rows: dict[str, object]) -> bytes:
    return filled("records", [{**RECORD, **row} for row in rows])  # type: ignore[dict-item]


# --- a whole file that was not taken ----------------------------------------------------------------------


def without_rules(raw: bytes) -> bytes:
    return altered(raw, lambda book: cells_with(book["平时记录"], "规则")[0].__setattr__("value", "条款"))


@pytest.mark.parametrize(
    ("path", "raw", "asked"),
    [
        (SECOND_BOOK, password(), True),
        (SECOND_BOOK, without_rules(records({"事由": "四月检查"})), True),
        ("扫描件.xlsx", b"\x89PNG", True),
        ("全部.zip", b"PK\x05\x06" + b"\0" * 18, True),
        ("通知.docx", b"PK\x05\x06" + b"\0" * 18, False),
        ("照片.jpg", b"\xff\xd8\xff", False),
        (f"旧/{BOOK.partition('/')[2]}", good()[BOOK][:5_000], True),
    ],
)
def test_a_refused_workbook_that_nobody_owes_wants_a_person(path: str, raw: bytes, asked: bool) -> None:  # noqa: FBT001
    files = {**with_file("平时记录.xlsx", records({})), path: raw}
    assert unsettled(outcome_of(files)) == asked
