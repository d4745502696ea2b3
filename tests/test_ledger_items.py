"""整改台账 by item: where whoever counts marks the items one by one, a row is an item, the largest loss first."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from dingji.forms.filling import Cells, Value
from dingji.forms.ledger_form import TITLE, ledger_form
from dingji.ledger.numbers import item_key_of, numbers_of
from tests.case_books import Books, Files, Rater, Run, Setting, Unit
from tests.notices import DAY
from tests.paper_reading import word_text
from tests.small_standard import GRADES, HEAD, standard
from tests.workspaces import command, make_workspace

SOURCES = """
[[sources]]
name = "自评"
form = "self"
marks = "items"
weight = 20
[[sources]]
name = "考评"
form = ["committee", "records"]
marks = "items"
weight = 80
"""
INDICATORS = """
[[indicators]]
name = "班子"
full = 60
items = [{ no = 1, full = 40, text = "按期换届" }, { no = 2, full = 20, text = "按月开会" }]
rules = [{ name = "拖延", item = 2, unit = "次", each = -2 }, { name = "通报批评", once = -4 }]
[[indicators]]
name = "群众"
full = 40
"""
GIVEN = GRADES.replace("from = 60", 'from = 60\npapers = ["承诺书"]\nrectify = true\nfollow_up = "整改"')
TEXT = SOURCES + INDICATORS + GIVEN
BOOKS = Books(standard(TEXT), "2026 年终", DAY)
JUDGES: tuple[Rater, ...] = (("PW01", "评委一", "考评"), ("PW02", "评委二", "考评"))
UNIT = Unit("A", "第一支部")
NUMBERS = numbers_of(BOOKS.scheme)


def number(no: int) -> str:
    return f"A-2026年终-{NUMBERS[item_key_of('班子', no)]}"


def run(folder: Path, files: Files | None = None, raters: int = 1) -> Run:
    """Run the branch: it claims 40, 18 and 40; the raters give 20 and 24, 10 and 14, 30 and 30."""
    books = BOOKS.claim(UNIT, "自评", "40 18 40")
    for judge, marks in zip(JUDGES, ("20 10 30", "24 14 30"), strict=True):
        books |= BOOKS.book(judge, {UNIT: marks})
    make_workspace(folder, {**BOOKS.roster([UNIT], JUDGES), **books, **(files or {})})
    (folder / "schemes" / "small.toml").write_text(HEAD + TEXT, encoding="utf-8")
    setting = Setting("small", 2026, "年终", ("2026-01-01", "2026-12-31"), raters=raters)
    (folder / "config.toml").write_text(setting.toml(), encoding="utf-8")
    return Run(folder, command(folder, "run"))


def rows(done: Run) -> list[tuple[str, str, Any]]:
    """Return 编号, 问题 and 失分 of the lines, in their order."""
    listed = done.sheet(TITLE, "编号").values()
    return [(row["编号"], row["问题"], row["失分"]) for row in listed if row["党组织编码"]]


def paper(done: Run, name: str) -> str:
    return word_text((done.folder / f"output/反馈/{name}_A_第一支部.docx").read_bytes())


ITEM_1 = (number(1), "班子第1项（25.6/40）按期换届（考评扣分）", 14.4)


def test_a_row_is_an_item_and_the_largest_loss_stands_first(tmp_path: Path) -> None:
    """By weight 20 : 80 item 1 lost 0 and 18, item 2 lost 2 and 8; nobody divides 群众, which lost 0 and 10."""
    done = run(tmp_path)
    assert done.status == 0
    assert rows(done) == [
        ITEM_1,
        (f"A-2026年终-{NUMBERS['指标 群众']}", "群众（32/40）", 8),
        (number(2), "班子第2项（13.2/20）按月开会（自评、考评扣分）", 6.8),
    ]
    for name in ("承诺书", "限期整改通知书"):
        told = paper(done, name)
        places = [told.index(words) for _, words, _ in rows(done)]
        assert places == sorted(places)


def test_records_go_to_the_item_of_their_rule_and_what_belongs_to_none_stands_apart(tmp_path: Path) -> None:
    """Twice late takes 4 off item 2 and a reprimand 4 off 班子: 0.8 × 12 + 0.2 × 2, and 0.8 × 4."""
    what: tuple[dict[str, Value], ...] = ({"规则": "拖延", "数量": 2}, {"规则": "通报批评", "数量": 1})
    given = [
        {**UNIT.identity, "日期": date(2026, 5, 6), "指标": "班子", **each, "事由": "检查", "依据": f"记录{place}"}
        for place, each in enumerate(what)
    ]
    done = run(tmp_path, BOOKS.records(given))
    assert done.status == 0
    assert rows(done) == [
        ITEM_1,
        (number(2), "班子第2项（10/20）按月开会（自评、考评：拖延2次扣4分）", 10),
        (f"A-2026年终-{NUMBERS['指标 群众']}", "群众（32/40）", 8),
        (f"A-2026年终-{NUMBERS['指标 班子']}", "班子（32.4/60）（不属于各项的3.2分）", 3.2),
    ]


def test_what_is_filled_in_for_an_item_comes_back_to_it(tmp_path: Path) -> None:
    filled: Cells = {"编号": number(1), **UNIT.identity, "问题": ITEM_1[1], "措施": "六月换届", "责任人": "张三"}
    wrong: Cells = {"编号": number(2), **UNIT.identity, "问题": ITEM_1[1], "措施": "换届"}
    done = run(tmp_path, BOOKS.office(ledger_form(BOOKS.scheme, BOOKS.label), {TITLE: [filled, wrong]}))
    assert done.status == 1
    assert [row["编码"] for row in done.sheet("问题清单", "编码").values() if row["编码"] == "E632"] == ["E632"]
    line = done.sheet(TITLE, "编号")[number(1)]
    assert (line["措施"], line["责任人"]) == ("六月换届", "张三")
    assert not done.sheet(TITLE, "编号")[number(2)]["措施"]


def test_where_a_figure_is_withheld_items_are_named_alone_in_the_standards_order(tmp_path: Path) -> None:
    """Two raters are fewer than three: 班子 is named, and of its items those far below, without a mark."""
    told = paper(run(tmp_path, raters=3), "承诺书")
    assert told.index("班子第1项") < told.index("班子第2项")
    assert not any(words in told for words in ("25.6", "13.2", "32/40", "考评扣分"))
