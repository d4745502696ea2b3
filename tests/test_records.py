"""平时记录 through real workbooks: what the office approved counts, and the same fact on another form is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from dingji.forms.filling import Cells, Filling, Value
from dingji.forms.office_forms import records_form
from dingji.forms.write import write_form
from dingji.outcome import Outcome
from dingji.paper_settings import Publish, publish_faults
from dingji.scheme.model import Scheme
from dingji.tables import records
from tests.case_books import Books, Files
from tests.drawn import rows as drawn
from tests.paper_reading import word_rows, word_text
from tests.small_standard import GRADES, indicator, rules, standard
from tests.test_amounts import DAY, RATERS, UNIT, composite, graded, told_of
from tests.test_official_papers import papers, published

ONCE, EACH = 'name = "未编制", once = -2', 'name = "缺会", unit = "次", each = -3'
ONE_RULES = GRADES + (
    '[[sources]]\nname = "自评"\nform = "self"\nmarks = "total"\nweight = 0\n'
    '[[sources]]\nname = "评定"\nform = ["committee", "records"]\nmarks = "rules"\nweight = 100\n'
)
BONUS = '[[indicators]]\nname = "加分"\nbonus = true\nrules = [{ name = "受表彰", options = { "市级" = 4 } }]\n'


def scheme() -> Scheme:
    return standard(ONE_RULES + indicator("班子", 100, rules(ONCE, EACH)) + BONUS)


def record(**cells: Value) -> Cells:
    """Return a row of 平时记录; blank texts are blank cells."""
    return {**UNIT.identity, "日期": DAY, **{name: value or None for name, value in cells.items()}}


def run(*recorded: Cells, rated: str = "", claimed: int = 0, **honour: str) -> Outcome:
    """Grade by records, by what the rater notes (`规则 数量 事由`), what the branch claims and applies for."""
    books = Books(scheme(), "2026 年终", DAY)
    notes: list[Cells] = [{**UNIT.identity, "规则": None, "已核": "是"}]
    if rated:
        rule, figure, why = rated.split()
        notes = [{**UNIT.identity, "规则": rule, "数量": float(figure), "事由": why, "已核": "是"}]
    applied: list[Cells] = (
        [{**UNIT.identity, "加分项": "受表彰", "级别": "市级", "审核意见": "同意", **honour}] if honour else []
    )
    files: list[Files] = [
        books.roster([UNIT], RATERS[:1]),
        books.book(RATERS[0], {}, notes),
        books.claim(UNIT, "自评", "90", {"缺会": claimed} if claimed else None),
        books.records(list(recorded)),
        books.bonus(applied) if applied else {},
    ]
    return graded(scheme(), *files)


APPROVED = """
审核                | 得分 | 待审
                    | 91   | 0
同意、同意、同意    | 91   | 0
同意、不同意、同意  | 94   | 0
同意、、同意        | 94   | 1
不同意、、          | 100  | 2
"""


@pytest.mark.parametrize("line", drawn(APPROVED), ids=lambda line: line["审核"])
def test_once_the_office_judges_a_book_only_what_it_agreed_with_counts(line: dict[str, str]) -> None:
    """Nobody judged: all three count. One judged: a row left blank waits, and is named."""
    said = line["审核"].split("、") if line["审核"] else ["", "", ""]
    rows = [record(规则="缺会", 数量=1.0, 事由=f"{n}月", 审核意见=word) for n, word in enumerate(said, start=1)]
    outcome = run(*rows)
    assert composite(outcome) == Fraction(line["得分"])
    assert len(told_of(outcome, "W642")) == int(line["待审"])


def test_a_book_handed_out_before_there_was_a_column_for_approval_is_read_still() -> None:
    form = records_form(scheme(), "2026 年终")
    before = replace(form, sheets=form.earlier, earlier=())
    raw = write_form(before, Filling(rows={"平时记录": [record(规则="缺会", 数量=2.0, 事由="两次")]}))
    books = Books(scheme(), "2026 年终", DAY)
    notes: list[Cells] = [{**UNIT.identity, "规则": None, "已核": "是"}]
    own = [books.roster([UNIT], RATERS[:1]), books.book(RATERS[0], {}, notes), books.claim(UNIT, "自评", "90")]
    outcome = graded(scheme(), *own, {"平时记录.xlsx": raw})
    assert composite(outcome) == 94
    assert not told_of(outcome, "E111")


TWICE = """
记录      | 评委          | 自报 | 依据 | 说
2 例会    | 缺会 2 例会   | 0    |      | W641
2 例会    | 缺会 2 党课   | 0    |      |
2 例会    | 缺会 1 例会   | 0    |      |
2 例会    |               | 2    |      | N643
2 例会    |               | 1    |      |
2 例会    |               | 0    | 文5  | W641
2 例会    |               | 0    | 文6  |
"""


@pytest.mark.parametrize("line", drawn(TWICE), ids=lambda line: "-".join(line.values()))
def test_the_same_fact_on_another_form_is_named_with_its_place(line: dict[str, str]) -> None:
    figure, why = line["记录"].split()
    honour = {"依据": line["依据"]} if line["依据"] else {}
    row = record(规则="缺会", 数量=float(figure), 事由=why, 依据="文5")
    outcome = run(row, rated=line["评委"], claimed=int(line["自报"]), **honour)
    found = told_of(outcome, "W641", "N643")
    assert [problem.code for problem in found] == ([line["说"]] if line["说"] else [])
    assert all("▸" in problem.values["other"] for problem in found)


def test_every_record_that_counts_stands_in_the_trail_with_its_place() -> None:
    rows = [record(规则="缺会", 数量=float(n), 事由=f"第{n}回") for n in (1, 2)]
    outcome = run(*rows)
    entries = records(outcome.entries)
    behind = {
        (entries[number]["form"], entries[number]["reason"])
        for step in records(outcome.trail.table())
        for number in step["entries"]
    }
    assert {("records", "第1回"), ("records", "第2回")} <= behind
    assert composite(outcome) == 91


# --- 平时记录通报 ----------------------------------------------------------------------------------------------

NOTICE = "内部/平时记录通报.docx"
EVENTS = """
日期       | 规则   | 数量 | 选项 | 事由     | 依据
2026-04-20 | 缺会   | 1    |      | 党课     | 签到表
2026-03-02 | 缺会   | 2    |      | 例会     |
2026-04-03 | 未编制 |      | 是   | 没有计划 | 检查记录
2026-04-09 | 没有的 | 1    |      | 写错     |
"""


def events() -> list[Cells]:
    found = []
    for line in drawn(EVENTS):
        told: dict[str, Value] = {name: line[name] for name in ("规则", "选项", "事由", "依据")}
        told |= {"数量": float(line["数量"]) if line["数量"] else None, "日期": date.fromisoformat(line["日期"])}
        found.append(record(**told))
    return found


APRIL = [
    ["序号", "日期", "党组织名称", "事项", "情况", "事由", "依据"],
    ["1", "4月3日", "一支部", "未编制", "是", "没有计划", "检查记录"],
    ["2", "4月20日", "一支部", "缺会", "1次", "党课", "签到表"],
]


def test_the_last_month_with_a_record_is_told_by_day_and_what_waits_is_counted_apart() -> None:
    raw = papers(published(run(*events()), Publish(date="2026-05-06")))[NOTICE]
    text = word_text(raw)
    assert word_rows(raw) == APRIL
    for piece in (
        "关于2026年4月平时检查情况的通报",
        "共2件，涉及1个党组织：一支部2件。",
        "另有1件填写有误",
        "2026年5月6日",
    ):
        assert piece in text


@pytest.mark.parametrize(("written", "rows"), [("2026年3月", 1), ("2026.4", 2), ("2026-05", 0)])
def test_the_month_of_the_settings_is_told(written: str, rows: int) -> None:
    raw = papers(published(run(*events()), Publish(month=written)))[NOTICE]
    assert len(word_rows(raw)[1:]) == rows
    assert ("这个月没有平时记录" in word_text(raw)) is (rows == 0)


def test_without_records_there_is_no_notice_and_a_month_that_is_none_is_a_fault() -> None:
    assert NOTICE not in papers(published(run()))
    assert [path for path, _ in publish_faults(Publish(month="四月"))] == [("publish", "month")]
