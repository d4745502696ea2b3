"""What the superior gets as data: 上报.xlsx holds values alone, and 结果.json the same, withheld figures included."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from dingji.outcome import Outcome
from dingji.reports.machine_copy import machine_copy
from dingji.reports.overview import part_of
from dingji.reports.rendering import Renderer
from dingji.reports.upward import parts_by_parent, upward
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import WITHHELD, give, hidden_headings, uncut_overview
from dingji.seal import inflated
from tests.outcome_example import example
from tests.papers import good, outcome_of


def all_open() -> Outcome:
    """Return the worked case's outcome."""
    return outcome_of(good())


OUTCOMES = {"few raters": example, "all open": all_open}


@pytest.fixture(scope="module", params=list(OUTCOMES))
def outcome(request: pytest.FixtureRequest) -> Outcome:
    """Return an outcome with figures withheld, and one where all is open."""
    return OUTCOMES[request.param]()


@pytest.fixture(scope="module")
def files(outcome: Outcome) -> dict[str, bytes]:
    """Return what goes upward."""
    return upward(OutcomeView(outcome), Renderer())


def test_every_workbook_that_goes_upward_holds_values_alone(files: dict[str, bytes]) -> None:
    """No hidden sheet, row or column, no formula, link, name, comment or macro; nothing that tells who made it."""
    books = {path: raw for path, raw in files.items() if path.startswith("上报/") and path.endswith(".xlsx")}
    assert "上报/上报.xlsx" in books
    for raw in books.values():
        parts = inflated(raw)
        odd = re.compile(r"externalLink|vba|comments|drawing|connections|customXml|custom\.xml|calcChain")
        assert [name for name in parts if odd.search(name)] == []
        text = "".join(part.decode() for name, part in parts.items() if name.startswith("xl/w"))
        text = re.sub(r'<definedName name="_xlnm\._FilterDatabase"[^>]*>', "", text)  # the filter of the headings
        assert (
            re.findall(r"<f[ >/]|<hyperlink|hidden=|veryHidden|state=\"hidden|<oleObject|<dataValidation", text) == []
        )
        book = openpyxl.load_workbook(BytesIO(raw))
        assert book.sheetnames == ["一览表", "汇总表"]
        assert {sheet.sheet_state for sheet in book.worksheets} == {"visible"}
        assert not [name for name in book.defined_names if not name.startswith("_xlnm")]


def sheet_rows(raw: bytes, name: str, headings: list[str]) -> list[list[Any]]:
    """Return the rows below the headings, as many as there are until one is empty."""
    rows = [list(row) for row in openpyxl.load_workbook(BytesIO(raw))[name].iter_rows(values_only=True)]
    top = next(number for number, row in enumerate(rows) if row[: len(headings)] == headings)
    return [row[: len(headings)] for row in rows[top + 1 :]]


def test_the_copy_for_programs_has_every_cell_of_the_workbook(outcome: Outcome, files: dict[str, bytes]) -> None:
    data = json.loads(files["上报/结果.json"])
    assert data["轮次"] == outcome.settings.round.label
    for name, table in (("一览表", data["一览表"]), *(("汇总表", table) for table in data["汇总表"])):
        headings = [column["名称"] for column in table["栏目"]]
        written = sheet_rows(files["上报/上报.xlsx"], name, headings)[: len(table["行"])]
        told = [["—" if cell is None else cell for cell in row] for row in table["行"]]
        assert told == [["—" if cell in (None, "") else cell for cell in row] for row in written]


def test_every_column_has_a_type_that_its_values_are_of(files: dict[str, bytes]) -> None:
    data = json.loads(files["上报/结果.json"])
    kinds = {"文字": str, "整数": int, "数": int | float, "比率": int | float}
    for table in (data["一览表"], *data["汇总表"]):
        for place, column in enumerate(table["栏目"]):
            values = [row[place] for row in table["行"] if row[place] not in (None, WITHHELD, "—")]
            assert all(isinstance(value, kinds[column["类型"]]) for value in values), column


def test_what_is_withheld_is_withheld_here_too() -> None:
    view = OutcomeView(example())
    data = json.loads(machine_copy(view.outcome, give(view, hidden_headings(view))))
    place = [column["名称"] for column in data["一览表"]["栏目"]].index("党委评定得分")
    assert [row[place] for row in data["一览表"]["行"]] == [WITHHELD] * 4 + [None, WITHHELD]


def test_nobody_who_rates_is_in_it(files: dict[str, bytes]) -> None:
    raters = outcome_of(good()).raters["name"]
    assert not [name for name in raters if name in files["上报/结果.json"].decode()]


def test_every_column_is_told_in_a_sentence_for_each_parent_too(files: dict[str, bytes]) -> None:
    copies = {path: json.loads(raw) for path, raw in files.items() if path.endswith("结果.json")}
    books = {path.rpartition("/")[0] for path in files if path.endswith("上报.xlsx")}
    assert {path.rpartition("/")[0] for path in copies} == books
    columns = [
        column for data in copies.values() for table in (data["一览表"], *data["汇总表"]) for column in table["栏目"]
    ]
    assert [column for column in columns if len(column["含义"]) < 4] == []
    told = {column["名称"]: column["含义"] for column in columns}
    assert told["好占比"] == "定为“好”的占已定级的比率"
    assert told["党组织编码"] == "名册里的编码，一个党组织一个，不重复"


def test_a_parent_units_rows_of_the_whole_are_what_its_branches_alone_give() -> None:
    view = OutcomeView(example())
    hidden = hidden_headings(view)
    whole, parts = uncut_overview(view, hidden), [part for _, part in parts_by_parent(view)]
    assert len(parts) > 1
    for part in parts:
        alone, picked = uncut_overview(part, hidden), part_of(whole, part)
        assert [*map(list, picked.values)] == [*map(list, alone.values)]
        assert picked.texts() == alone.texts()
