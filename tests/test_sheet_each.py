"""A workbook with a sheet a branch, or a rater: read for each, and nobody in it is chased."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from dingji.outcome import Outcome
from dingji.pipeline import unsettled
from dingji.tables import records
from tests.papers import good, outcome_of, told


def of_kind(folder: str) -> list[str]:
    return sorted(path for path in good() if path.startswith(f"{folder}/"))


def together(paths: list[str]) -> bytes:
    """Put the sheets of some workbooks into the first of them, each named after its owner."""
    books = [openpyxl.load_workbook(io.BytesIO(good()[path])) for path in paths]
    whole: Workbook = books[0]
    for path, book in zip(paths[1:], books[1:], strict=True):
        for page in (page for page in book.worksheets if page.sheet_state == "visible"):
            copy = whole.create_sheet(f"{path.split('_')[1]}{page.title}")
            for cell in (cell for line in page.iter_rows() for cell in line if cell.value is not None):
                copy[cell.coordinate] = cell.value
    whole.worksheets[0].title = paths[0].split("_")[1]
    buffer = io.BytesIO()
    whole.save(buffer)
    return buffer.getvalue()


def in_one(folder: str) -> Outcome:
    """Return the outcome where all forms of a folder came as sheets of one workbook."""
    paths = of_kind(folder)
    rest = {path: raw for path, raw in good().items() if path not in paths}
    return outcome_of({**rest, f"{folder}.xlsx": together(paths)})


@pytest.mark.parametrize("folder", ["自评表", "测评表", "评定表"])
def test_the_sheets_of_all_are_read_as_their_own_workbooks_would_be(folder: str) -> None:
    outcome, apart = in_one(folder), outcome_of(good())
    for column in ("composite", "computed", "shares"):
        assert list(outcome.results[column]) == list(apart.results[column])
    assert told(outcome.problems, "E310") == told(outcome.problems, "W234") == []
    rows = [row for row in records(outcome.rollcall) if row["form"] == folder]
    assert {(row["status"], row["files"]) for row in rows} == {("已报", (f"{folder}.xlsx",))}
    assert unsettled(outcome) == unsettled(apart)


def test_a_sheet_whose_stamp_is_anothers_is_told_and_the_others_are_read() -> None:
    paths = of_kind("自评表")[:3]
    book = openpyxl.load_workbook(io.BytesIO(together(paths)))
    other: dict[str, Any] = {"ZB02": "ZB05", "二支部": "五支部"}
    for line in book["二支部自评表"].iter_rows():
        for cell in line:
            cell.value = other.get(str(cell.value), cell.value)
    buffer = io.BytesIO()
    book.save(buffer)
    rest = {path: raw for path, raw in good().items() if path not in paths}
    outcome = outcome_of({**rest, "总支.xlsx": buffer.getvalue()})
    (problem,) = told(outcome.problems, "E113")
    assert (problem.file, problem.sheet, problem.found) == ("总支.xlsx", "二支部自评表", "ZB05")
    assert [row["composite"] is not None for row in records(outcome.results)] == [True, False, True, True, True]


def test_a_form_that_stands_in_such_a_book_and_alone_too_is_a_duplicate() -> None:
    outcome = outcome_of({**good(), "总支.xlsx": together(of_kind("自评表")[:2])})
    assert len(told(outcome.problems, "N304")) == 2
    assert list(outcome.results["composite"]) == list(outcome_of(good()).results["composite"])
