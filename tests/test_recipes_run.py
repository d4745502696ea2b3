"""Recipes of docs/写法举例.md for what goes on through the year, with filled workbooks through the real program."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dingji.forms.catalogue import forms_of
from dingji.forms.filling import Filling
from dingji.forms.write import write_form
from tests.case_books import Books, Files, Run, Setting, Unit, run_case
from tests.make_recipes import loaded, recipes, with_recipe
from tests.paper_reading import page_text
from tests.workspaces import command

UNITS = [Unit("A1", "一支部"), Unit("A2", "二支部")]
GOOD, FAIR = "18 2 0", "10 7 3"
"""Votes of 20: 96 points and 100%, 71 points and 85%."""


def toml_of(words: str) -> str:
    (recipe,) = [recipe for recipe in recipes() if words in recipe.sentence]
    return with_recipe(recipe.toml)


def books_of(words: str, round_name: str = "年终") -> Books:
    return Books(loaded(toml_of(words)), f"2026 {round_name}", date(2026, 6, 1))


def run(folder: Path, words: str, *files: Files, round_name: str = "年终") -> Run:
    """Run the program on a workspace with this recipe's standard and these workbooks."""
    (folder / "schemes").mkdir()
    (folder / "schemes" / "example.toml").write_text(toml_of(words), "utf-8")
    whole = {path: raw for each in files for path, raw in each.items()}
    return run_case(folder, Setting("example", 2026, round_name, ("2026-01-01", "2026-12-31")), whole)


def marks(books: Books, source: str, first: int, second: int) -> Files:
    """Return the book of the one rater of a source."""
    rater = (f"P{source}", f"评委{source}", source)
    return books.book(rater, dict(zip(UNITS, (str(first), str(second)), strict=True)))


def roster(books: Books, *sources: str) -> Files:
    return books.roster(UNITS, [(f"P{source}", f"评委{source}", source) for source in sources])


def both(books: Books, source: str, first: str, second: str) -> Files:
    return books.ballots(UNITS[0], source, first) | books.ballots(UNITS[1], source, second)


def shown(run_: Run, heading: str) -> list[object]:
    return [run_.overview[unit.code][heading] for unit in UNITS]


def test_each_method_of_the_dynamic_check_has_its_place(tmp_path: Path) -> None:
    """(80 + 90 + 100 + 70) ÷ 4 = 85; 30% × 96 + 70% × 85 = 88.3."""
    books = books_of("动态考评按现场观摩")
    methods = {"现场观摩": (80, 90), "组织督导": (90, 90), "群众座谈": (100, 90), "资料查阅": (70, 90)}
    books_of_methods = [marks(books, name, *figures) for name, figures in methods.items()]
    done = run(
        tmp_path, "动态考评按现场观摩", roster(books, *methods), both(books, "测评", GOOD, FAIR), *books_of_methods
    )
    assert shown(done, "动态考评得分") == [85, 90]
    assert shown(done, "综合得分") == [88.3, 84.3]
    details = done.sheet("得分明细", "来源")
    assert set(methods) <= set(details)


def test_the_debrief_of_secretaries_is_a_form_of_its_own_name(tmp_path: Path) -> None:
    """30% × 96 + 50% × 90 + 20% × 80 = 89.8; the form is headed 述职评议表, and is read without its stamp."""
    words = "书记专项述职"
    books = books_of(words)
    form = next(form for form in forms_of(books.scheme, books.label) if form.source == "述职评议")
    rows = [{**unit.identity, "评分": mark} for unit, mark in zip(UNITS, (80, 60), strict=True)]
    raw = write_form(form, Filling("P述职评议", {"评委": "评委述职评议"}, {"评定表": rows}))
    book = load_workbook(BytesIO(raw))
    sheet = book["评定表"]
    assert "述职评议表" in str(sheet["A2"].value)
    sheet["A1"].value = None
    for name in [name for name in book.sheetnames if name.startswith("_")]:
        del book[name]
    out = BytesIO()
    book.save(out)
    done = run(
        tmp_path, words, roster(books, "评定", "述职评议"), both(books, "测评", GOOD, FAIR),
        marks(books, "评定", 90, 90), {"述职.xlsx": out.getvalue()},
    )  # fmt: skip
    assert shown(done, "述职评议得分") == [80, 60]
    assert shown(done, "综合得分") == [89.8, 78.3]


def test_a_form_of_its_own_name_is_asked_for_by_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the roll-call, the calendar, 催报 and the problem, though its day is that of its kind."""
    words = "书记专项述职"
    books = books_of(words)
    folder = run(tmp_path, words, roster(books, "评定", "述职评议"), marks(books, "评定", 90, 90)).folder
    with (folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write('\n[[calendar]]\nround = "年终"\ndue = { "评定表" = "2026-12-20" }\n')
    capsys.readouterr()
    assert command(folder, "check", "--today", "2026-12-25") == 1
    said = capsys.readouterr().out
    assert "（评委） 未报：评委述职评议（述职评议表）" in said
    assert "已过期 5 天：评定表、述职评议表 2026-12-20 截止，还没有收齐：评委述职评议（述职评议表）" in said
    assert "没有收到述职评议表" in page_text((folder / "output/内部/校验报告.html").read_bytes())
    assert command(folder, "mail", "催报") == 0
    reminder = (folder / "邮件/催报.txt").read_text("gbk")
    assert "还没有收到：评委（述职评议表）。请尽快报送（评定表、述职评议表截止日期 2026-12-20）" in reminder


def test_what_is_said_at_the_public_review_is_shown_and_does_not_count(tmp_path: Path) -> None:
    """30% × 96 + 70% × 90 = 91.8, whatever 公开评诺 comes to."""
    words = "公开评诺会议"
    books = books_of(words, "年中")
    done = run(
        tmp_path, words, roster(books, "评定"), both(books, "测评", GOOD, GOOD), marks(books, "评定", 90, 90),
        both(books, "公开评诺", GOOD, FAIR), round_name="年中",
    )  # fmt: skip
    assert shown(done, "公开评诺得分") == [96, 71]
    assert shown(done, "综合得分") == [91.8, 91.8]
    assert shown(done, "测算等次") == ["好", "好"]


@pytest.mark.parametrize(("superior", "grades"), [(GOOD, ["好", "较好"]), (FAIR, ["较好", "较好"])])
def test_both_must_be_content(tmp_path: Path, superior: str, grades: list[str]) -> None:
    """The superior's 85% keeps from 好 whom 100% of the members content; 90.8 points with 85% of the members do too."""
    words = "两满意"
    books = books_of(words)
    done = run(
        tmp_path, words, roster(books, "评定"), both(books, "测评", GOOD, FAIR), marks(books, "评定", 96, 99),
        both(books, "上级评价", superior, GOOD),
    )  # fmt: skip
    assert shown(done, "综合得分") == [96, float(Fraction("90.6"))]
    assert shown(done, "测算等次") == grades
