"""密级 and 知悉范围 stand at the head of every paper that stays inside or goes to the meeting, and on no other."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl

from dingji.content import chunks
from dingji.outcome import Outcome
from dingji.reports.outputs import outputs
from dingji.reports.rendering import PROGRAM_TEMPLATES
from tests.paper_reading import page_text, word_text
from tests.papers import good, outcome_of

LINE = "密级：内部　　知悉范围：党委委员"


def secret(outcome: Outcome) -> Outcome:
    publish = outcome.settings.publish.model_copy(update={"secrecy": "内部", "readers": "党委委员"})
    return replace(outcome, settings=outcome.settings.model_copy(update={"publish": publish}))


@cache
def files() -> Mapping[str, bytes]:
    written = outputs(secret(outcome_of(good())), PROGRAM_TEMPLATES, lambda _: None, Path())
    return {name: b"".join(chunks(content)) for name, content in written.items()}


def text(name: str) -> str:
    raw = files()[name]
    if name.endswith(".docx"):
        return word_text(raw)
    if name.endswith(".html"):
        return page_text(raw)
    if not name.endswith(".xlsx"):
        return raw.decode()
    book = openpyxl.load_workbook(io.BytesIO(raw))
    return "\n".join(str(value) for page in book for row in page.iter_rows(values_only=True) for value in row if value)


def test_it_heads_what_stays_inside_and_what_goes_to_the_meeting() -> None:
    inside = [name for name in files() if name.startswith(("内部/", "上会/")) and "退回" not in name]
    assert len(inside) >= 7
    assert [name for name in inside if LINE not in text(name)] == []


def test_it_heads_every_sheet_of_the_results() -> None:
    book = openpyxl.load_workbook(io.BytesIO(files()["内部/分类定级结果.xlsx"]))
    assert [page.title for page in book if not str(page["A1"].value).endswith(LINE)] == []


def test_it_stands_nowhere_else() -> None:
    outside = [name for name in files() if not name.startswith(("内部/", "上会/"))]
    assert len(outside) >= 8
    assert [name for name in outside if "密级" in text(name) or "知悉范围" in text(name)] == []


def test_nothing_is_printed_where_nothing_is_told() -> None:
    written = outputs(outcome_of(good()), PROGRAM_TEMPLATES, lambda _: None, Path())
    assert b"\xe5\xaf\x86\xe7\xba\xa7" not in b"".join(chunks(written["内部/校验报告.html"]))


def test_the_committees_form_is_read_back_with_it() -> None:
    found = outcome_of({**good(), "审定表.xlsx": files()["上会/审定表.xlsx"]})
    assert [file.taken for file in found.files if file.path == "审定表.xlsx"] == [True]
