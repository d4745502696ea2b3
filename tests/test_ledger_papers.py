"""What goes out from 整改台账: a branch's book, its 承诺书 and 目标责任书, 检查验收表; and what they never tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from dingji.outcome import Outcome
from dingji.reports.official.build import official
from dingji.reports.rendering import Renderer
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import give, hidden_headings
from dingji.scheme.load import load_scheme
from dingji.settings import Privacy
from dingji.tables import records
from tests.outcome_example import SCHEMES, changed
from tests.paper_reading import with_floors, word_rows, word_text
from tests.papers import good, outcome_of

OPEN, SHUT = Privacy(ballots=0, raters=0), Privacy(ballots=1, raters=99)
FIGURE = re.compile(r"\d+(?:\.\d+)?/\d+|扣\d")
MADE = ("整改台账_", "承诺书_", "目标责任书_", "限期整改通知书_", "检查验收表_")


def papers(outcome: Outcome) -> dict[str, bytes]:
    """Return the papers made from the ledger's lines, by path."""
    view = OutcomeView(outcome)
    hidden = hidden_headings(view)
    files = official(view, Renderer(), give(view, hidden), hidden)
    return {path: raw for path, raw in files.items() if path.split("/")[-1].startswith(MADE)}


def told_in(raw: bytes, path: str) -> str:
    """Return every text of a paper, hidden sheets too."""
    if path.endswith(".docx"):
        return word_text(raw)
    book = load_workbook(BytesIO(raw))
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    )


@pytest.fixture(scope="module")
def whole() -> Outcome:
    return outcome_of(good())


@pytest.fixture(scope="module")
def opened(whole: Outcome) -> Mapping[str, bytes]:
    return papers(with_floors(OPEN, whole))


def test_each_branch_whose_grade_asks_for_something_gets_its_book_and_papers(
    whole: Outcome, opened: Mapping[str, bytes]
) -> None:
    units = [f"{unit}_{name}" for unit, name in zip(whole.branches["unit"], whole.branches["name"], strict=True)]
    lost = [unit for unit in units if f"反馈/整改台账_{unit}.xlsx" in opened]
    assert lost
    for unit in lost:
        assert {f"反馈/承诺书_{unit}.docx", f"反馈/目标责任书_{unit}.docx"} <= set(opened)
    assert len([path for path in opened if path.startswith("上报/检查验收表_")]) == len(set(whole.branches["parent"]))


def test_a_book_says_what_the_papers_say(opened: Mapping[str, bytes]) -> None:
    path = next(path for path in opened if "整改台账_" in path)
    told = told_in(opened[path], path)
    pledge = word_rows(opened[path.replace("整改台账_", "承诺书_").replace(".xlsx", ".docx")])
    assert pledge[0] == ["序号", "问题", "目标", "措施", "责任人", "时限"]
    assert all(row[1] in told for row in pledge[1:])
    assert pledge[1][2:] == ["", "", "", ""]


def test_below_the_floor_no_paper_tells_a_figure_and_none_names_a_rater(whole: Outcome) -> None:
    """Of a real run, once with the floor above its raters, once with none."""
    raters = [*whole.raters["name"], *whole.raters["rater"]]
    for privacy in (OPEN, SHUT):
        made = papers(with_floors(privacy, whole))
        assert made
        for path, raw in made.items():
            told = told_in(raw, path)
            assert [name for name in raters if name and name in told] == [], path
            assert "▸" not in told
            assert not (privacy is SHUT and FIGURE.search(told)), path
    assert any(FIGURE.search(told_in(raw, path)) for path, raw in papers(with_floors(OPEN, whole)).items())


def test_a_withheld_branch_gets_its_book_to_write_in_what_it_finds_itself(whole: Outcome) -> None:
    made = papers(with_floors(SHUT, whole))
    path = next(path for path in made if "整改台账_" in path)
    sheet = load_workbook(BytesIO(made[path])).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(number for number, row in enumerate(rows) if row[0] == "编号")
    assert [row[:4] for row in rows[top + 1 :] if row[1]][-1][::3] == [None, None]


def test_which_paper_and_how_often_visited_is_the_standards_data(whole: Outcome) -> None:
    raw = (SCHEMES / "five-good.toml").read_bytes().decode()
    told = re.sub(r"papers = .*\n", "", raw)
    assert told != raw
    lowest = told.replace('name = "后进"\n', 'name = "后进"\nvisits = "每月1次"\npapers = "目标责任书"\n')
    scheme, findings = load_scheme(lowest.encode())
    assert scheme is not None, findings
    unit = str(whole.results["unit"].iloc[0])
    outcome = changed(with_floors(OPEN, whole), unit, decided="后进")
    made = papers(replace(outcome, schemes={scheme.id: scheme}))
    assert not [path for path in made if "承诺书_" in path]
    treaties = [path for path in made if "目标责任书_" in path]
    lowest_ones = [row["unit"] for row in records(outcome.results) if (row["decided"] or row["computed"]) == "后进"]
    assert [path.split("_")[1] for path in treaties] == lowest_ones
    assert unit in lowest_ones
    assert all("走访每月1次" in word_text(made[path]) for path in treaties)
    assert any(f"限期整改通知书_{unit}" in path and "联系领导走访：每月1次" in word_text(made[path]) for path in made)
