"""公开评诺表: what was pledged and how it was kept, with the vote that counts for nothing; by the real program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from dingji.reports.official.review import reviewing
from tests.case_books import Books, Files, Run, Setting, Unit
from tests.notices import DAY
from tests.paper_reading import word_rows, word_text
from tests.papers import at
from tests.small_standard import GRADES, HEAD, standard
from tests.workspaces import command, make_workspace

SOURCES = """
[[sources]]
name = "评定"
form = "committee"
marks = "indicators"
weight = 100
[[sources]]
name = "公开评诺"
form = "survey"
title = "公开评诺评议票"
marks = "options"
weight = 0
questions = ["承诺事项兑现情况"]
options = { "兑现" = 100, "基本兑现" = 60, "没有兑现" = 0 }
shares = { "兑现率" = ["兑现", "基本兑现"] }
[[indicators]]
name = "班子"
full = 60
[[indicators]]
name = "群众"
full = 40
"""
TEXT = SOURCES + GRADES.replace("from = 60", 'from = 60\npapers = ["承诺书", "公开评诺表"]')
BOOKS = Books(standard(TEXT), "2026 年终", DAY)
JUDGE = ("PW01", "评委一", "评定")
ONE, TWO = Unit("A", "第一支部"), Unit("B", "第二支部")
MARKED: Files = {**BOOKS.roster([ONE, TWO], [JUDGE]), **BOOKS.book(JUDGE, {ONE: "40 25", TWO: "45 30"})}


def run(folder: Path, floor: int = 5, **files: bytes) -> Run:
    """Run the two branches; `files`: what is put into input beside the marks, by its name."""
    make_workspace(folder, {**MARKED, **{f"{name}.xlsx": raw for name, raw in files.items()}})
    (folder / "schemes" / "small.toml").write_text(HEAD + TEXT, encoding="utf-8")
    setting = Setting("small", 2026, "年终", ("2026-01-01", "2026-12-31"), ballots=floor)
    (folder / "config.toml").write_text(setting.toml(), encoding="utf-8")
    return Run(folder, command(folder, "run"))


def paper(done: Run, unit: Unit) -> Path:
    return done.folder / f"output/反馈/公开评诺表_{unit.code}_{unit.name}.docx"


def pledged(done: Run) -> bytes:
    """Return the book that the first branch was given, with its first line kept and its second promised."""
    book = load_workbook(done.folder / "output/反馈/整改台账_A_第一支部.xlsx")
    page = book.worksheets[0]
    told: tuple[Mapping[str, str | date], ...] = (
        {"目标": "按期换届", "措施": "六月换届", "责任人": "书记", "时限": "2026-06-30", "进展": "已换届",
         "完成日期": date(2026, 6, 20), "销号": "是"},
        {"措施": "每季走访", "责任人": "委员", "时限": "2026-12"},
    )  # fmt: skip
    top = [cell.value for cell in page["A"]].index("编号") + 1
    for place, cells in enumerate(told, start=top + 1):
        for heading, value in cells.items():
            at(page, page.cell(place, 1).value, heading).value = value
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def unfilled(done: Run) -> bytes:
    """Return the book that the second branch was given, nothing in it but 联系领导, whom the office names."""
    book = load_workbook(done.folder / "output/反馈/整改台账_B_第二支部.xlsx")
    page = book.worksheets[0]
    top = [cell.value for cell in page["A"]].index("编号") + 1
    at(page, page.cell(top + 1, 1).value, "联系领导").value = "领导一"
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def vote(unit: Unit, votes: str) -> bytes:
    return next(iter(BOOKS.ballots(unit, "公开评诺", votes).values()))


def test_no_paper_before_anything_was_pledged_or_voted(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.folder / "output/反馈/承诺书_A_第一支部.docx").exists()
    assert not list((done.folder / "output").rglob("公开评诺表_*"))


def test_the_paper_tells_what_was_pledged_and_how_it_was_kept(tmp_path: Path) -> None:
    """群众 lost 15 of 40 and 班子 20 of 60: of two pledged one is struck off; the vote of 20 changes no composite."""
    before = run(tmp_path / "before")
    done = run(tmp_path / "after", ledger=pledged(before), vote=vote(ONE, "15 3 2"))
    table = word_rows(paper(done, ONE).read_bytes())
    assert table == [
        ["序号", "承诺整改的问题", "目标和措施", "责任人", "时限", "进展", "完成日期", "销号"],
        ["1", "班子（40/60）", "按期换届；六月换届", "书记", "2026-06-30", "已换届", "2026-06-20", "是"],
        ["2", "群众（25/40）", "每季走访", "委员", "2026-12", "", "", ""],
    ]
    told = word_text(paper(done, ONE).read_bytes())
    assert "承诺整改2项，已销号1项，还有1项没有销号。" in told
    assert "公开评诺（承诺事项兑现情况）：兑现 15 票，基本兑现 3 票，没有兑现 2 票，弃权 0 票。" in told
    assert "有效票 20 张，兑现率 90.00%。" in told
    assert "评议结果只列示，不计入得分" in told
    figures = [[each.overview[unit.code]["综合得分"] for unit in (ONE, TWO)] for each in (before, done)]
    assert figures == [[65, 75], [65, 75]]


def test_who_filled_in_nothing_and_was_not_voted_on_has_room_for_the_pen(tmp_path: Path) -> None:
    before = run(tmp_path / "before")
    done = run(tmp_path / "after", ledger=pledged(before), blank=unfilled(before))
    raw = paper(done, TWO).read_bytes()
    assert [row[1:] for row in word_rows(raw)[1:]] == [
        ["班子（45/60）", "", "", "", "", "", ""],
        ["群众（30/40）", "", "", "", "", "", ""],
    ]
    told = word_text(raw)
    assert "整改台账还没有填" in told
    assert "未公开" not in told
    assert "公开评诺（承诺事项兑现情况）：兑现＿＿票，基本兑现＿＿票，没有兑现＿＿票。" in told


def test_a_vote_of_too_few_is_not_told(tmp_path: Path) -> None:
    done = run(tmp_path, vote=vote(ONE, "2 1 1"), other=vote(TWO, "5 0 0"))
    few, enough = (word_text(paper(done, unit).read_bytes()) for unit in (ONE, TWO))
    assert "公开评诺：未公开。" in few
    assert "有效票少于5张" in few
    assert " 票" not in few
    assert "兑现 5 票" in enough
    assert "未公开" not in enough


def test_a_survey_that_a_condition_reads_or_that_counts_is_no_review() -> None:
    def names(text: str) -> list[str]:
        return [source.name for source in reviewing(standard(text), "年终")]

    assert names(TEXT) == ["公开评诺"]
    assert names(TEXT.replace("from = 90", 'from = 90\nwhen = "兑现率 >= 90%"')) == []
    assert names(TEXT.replace("from = 90", 'from = 90\nwhen = "公开评诺 >= 90"')) == []
    assert names(TEXT.replace("weight = 0", "weight = 50").replace("weight = 100", "weight = 50")) == []
