"""上会材料's bars: as long as the figures beside them, in any standard, and still there as PDF."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from io import BytesIO

import pytest
from docx import Document

from dingji.numbers import half_up, percent
from dingji.outcome import Outcome
from dingji.reports.answer import answers
from dingji.reports.official.build import official
from dingji.reports.pdf.paper import read_paper
from dingji.reports.rendering import Renderer
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import give, hidden_headings
from tests.paper_reading import opened, word_text
from tests.papers import good, outcome_of

Bars = dict[str, tuple[int, str]]
"""By name: how many units a bar is long, and what stands beside it."""
UNITS = 40


def meeting(outcome: Outcome) -> bytes:
    """Return the paper."""
    view = OutcomeView(outcome)
    hidden = hidden_headings(view)
    return official(view, Renderer(), give(view, hidden), hidden)["上会/上会材料.docx"]


def bars(raw: bytes) -> list[Bars]:
    """Return the pictures of a paper: tables that have a shaded cell."""
    tables = Document(BytesIO(raw)).element.body.xpath("./w:tbl[.//w:shd]")
    return [dict(_bar(row) for row in table.xpath("./w:tr[.//w:t]")) for table in tables]


def _bar(row: object) -> tuple[str, tuple[int, str]]:
    cells = row.xpath("./w:tc")  # type: ignore[attr-defined]
    spans = [int((cell.xpath("./w:tcPr/w:gridSpan/@w:val") or [1])[0]) for cell in cells]
    assert sum(spans) == 1 + UNITS + 1 + 1  # name, the longest bar with a unit free behind it, figure
    shaded = [span for cell, span in zip(cells, spans, strict=True) if cell.xpath("./w:tcPr/w:shd")]
    name, figure = ("".join(cells[place].xpath(".//w:t/text()")) for place in (0, -1))
    return name, (sum(shaded), figure)


@pytest.fixture(scope="module")
def worked() -> Outcome:
    """Return the worked case."""
    return outcome_of(good())


def test_grades_are_as_long_as_their_share() -> None:
    """Of the branches that have one; a grade that nobody has is a line without a bar."""
    (grades,) = bars(meeting(opened()))
    assert grades == {
        "好": (24, "3个，60.00%"), "较好": (8, "1个，20.00%"), "一般": (0, "0个，0.00%"), "后进": (8, "1个，20.00%"),
    }  # fmt: skip


def test_rates_are_the_mean_of_what_each_branch_is_told_and_the_weakest_is_named(worked: Outcome) -> None:
    given: defaultdict[str, list[Fraction]] = defaultdict(list)
    for told in answers(OutcomeView(worked)).values():
        for one in told.indicators:
            if one.figure is not None and one.full is not None:
                given[one.name].append(one.figure / Fraction(one.full))
    means = {name: sum(own, Fraction(0)) / len(own) for name, own in given.items()}
    raw = meeting(worked)
    _, rates = bars(raw)
    assert rates == {name: (int(half_up(rate * UNITS, 0)), percent(rate)) for name, rate in means.items()}
    weakest = min(means, key=lambda name: means[name])
    assert f"全部党组织得分率最低的指标：{weakest}（平均 {percent(means[weakest])}）。" in word_text(raw)


def test_each_standard_has_a_picture_of_its_own() -> None:
    """Its branches alone are counted, though the labels are the same."""
    one = opened()
    (name, scheme), *_ = one.schemes.items()
    results = one.results.assign(scheme=[name, name, name, "other", "other", "other"])
    other = scheme.model_copy(update={"id": "other", "title": "另一标准"})
    raw = meeting(replace(one, schemes={name: scheme, "other": other}, results=results))
    first, second = bars(raw)
    assert {label: figure for label, (_, figure) in first.items()} == {
        "好": "2个，66.67%", "较好": "0个，0.00%", "一般": "0个，0.00%", "后进": "1个，33.33%",
    }  # fmt: skip
    assert {label: length for label, (length, _) in second.items()} == {"好": 20, "较好": 20, "一般": 0, "后进": 0}
    assert "各等次个数　另一标准" in word_text(raw)


def test_each_standard_is_counted_for_itself_and_all_of_them_together() -> None:
    one = opened()
    (name, scheme), *_ = one.schemes.items()
    results = one.results.assign(scheme=[name, name, "other", "other", "other", "other"])
    other = scheme.model_copy(update={"id": "other", "title": "另一标准"})
    text = word_text(meeting(replace(one, schemes={name: scheme, "other": other}, results=results)))
    heads = ("", f"{scheme.title}：", "另一标准：")
    told = [text.count(f"{head}共有党支部{count}个") for head, count in zip(heads, (6, 2, 4), strict=True)]
    assert told == [1, 1, 1]


def test_without_grades_or_marks_nothing_is_drawn() -> None:
    empty = opened()
    results = empty.results.assign(computed="", decided="")
    raw = meeting(replace(empty, results=results))
    assert bars(raw) == []
    text = word_text(raw)
    assert "各等次个数" not in text
    assert "得分率最低" not in text


def test_its_pdf_has_the_same_bars(worked: Outcome) -> None:
    """Nothing of them is left out: they are cells, not drawings."""
    raw = meeting(worked)
    told, left = read_paper(raw)
    assert left == []
    drawn = [
        [cell["across"] for row in block["rows"] for cell in row if cell["fill"]]
        for block in told["sheets"][0]["body"]
        if block["is"] == "table"
    ]
    assert [lengths for lengths in drawn if lengths] == [
        [length for length, _ in picture.values() if length] for picture in bars(raw)
    ]
