"""Quotas, steps and places through workbooks: what the papers say, and when the run asks for a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from dingji.forms import committee_forms, office_forms
from dingji.forms.filling import Cells
from dingji.scheme.load import load_scheme
from tests.case_books import Books, Files, Run, Setting, Unit, run_case
from tests.drawn import rows
from tests.workspaces import command, make_workspace

NOW, BEFORE, OLDER = "2026 年终", "2025 年终", "2024 年终"
DAY = date(2026, 12, 20)
UNITS = {name: Unit(f"ZB0{number}", f"{name}支部") for number, name in enumerate("甲乙丙丁戊", start=1)}
RATER = ("PW1", "评委一", "评定")
HEAD = """
id = "numbers"
title = "按名额定级"
[[sources]]
name = "评定"
form = "committee"
weight = 100
[[indicators]]
name = "班子"
full = 60
[[indicators]]
name = "队伍"
full = 40
"""
BY_SHARE = (
    HEAD
    + """
[[grades]]
name = "一等"
[[grades]]
name = "二等"
[[grades]]
name = "三等"
[[grades]]
name = "四等"
[[quotas]]
grade = "一等"
at_most = "20%"
ties = ["班子"]
[[quotas]]
grade = "二等"
at_most = "40%"
[[quotas]]
grade = "三等"
at_most = "20%"
[[quotas]]
flag = "先进"
top = 1
ties = "all"
[[situations]]
name = "总支第一"
when = "上级党组织内排名 = 1"
flag = "总支第一"
"""
)
BY_BOUND = (
    HEAD
    + """
[[grades]]
name = "好"
from = 90
[[grades]]
name = "较好"
from = 80
[[grades]]
name = "一般"
from = 60
[[grades]]
name = "差"
[[situations]]
name = "受到通报批评"
down = 1
[[situations]]
name = "逐级晋位"
when = "综合得分 >= 0"
at_most = "上期等次"
up = 1
[[quotas]]
grade = "好"
at_most = 1
[[quotas]]
grade = ["一般", "差"]
at_least = "40%"
out_of = "previous"
"""
)
SHARED = """
支部 | 班子 队伍 | 等次 | 排名 | 标注
甲   | 58 37    | 一等 | 1   | 总支第一；先进
乙   | 55 40    | 二等 | 1   | 总支第一；先进
丙   | 50 40    | 二等 | 3   |
丁   | 50 30    | 三等 | 4   |
戊   | 40 30    | 四等 | 5   |
"""
BOUND = """
支部 | 班子 队伍 | 上期 | 等次 | 情形                                      | 晋位
甲   | 58 38    | 好   | 好   | 逐级晋位（未改变等次）                         | 保持
乙   | 56 38    | 好   | 较好  | 逐级晋位（未改变等次）；“好”名额之外，由“好”降为“较好”    | 退位
丙   | 50 35    | 差   | 一般  | 逐级晋位                                   | 晋位
丁   | 50 32    | 较好  | 一般  | 受到通报批评；逐级晋位（未改变等次）                | 退位
戊   | 50 31    | 较好  | 较好  | 逐级晋位（未改变等次）                         | 保持
"""


def setting() -> Setting:
    return Setting("numbers", 2026, "年终", ("2026-01-01", "2026-12-31"))


def books_of(text: str) -> Books:
    scheme, found = load_scheme(text.encode())
    assert scheme is not None, [finding.text for finding in found]
    return Books(scheme, NOW, DAY)


def run(folder: Path, text: str, files: Files) -> Run:
    make_workspace(folder, {})
    (folder / "schemes" / "numbers.toml").write_text(text, encoding="utf-8")
    return run_case(folder, setting(), files)


def given(books: Books, drawn: str, left: str = "") -> Files:
    """Return roster and the rater's book. `left`: the branch that has no row in it."""
    lines = {UNITS[line["支部"]]: line["班子 队伍"] for line in rows(drawn) if line["支部"] != left}
    return books.roster(list(UNITS.values()), [RATER]) | books.book(RATER, lines)


def told(found: Run) -> str:
    return "\n".join(str(list(row.values())) for row in found.sheet("问题清单", "编码").values())


def test_grades_by_share_alone_with_ties_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One, two, one and the rest of five, without a bound; 甲 and 乙 have 95, 班子 tells them apart."""
    books = books_of(BY_SHARE)
    found = run(tmp_path, BY_SHARE, given(books, SHARED))
    assert found.status == 0
    for line in rows(SHARED):
        row = found.overview[UNITS[line["支部"]].code]
        assert (row["测算等次"], str(row["排名"]), row["备注"] or "") == (line["等次"], line["排名"], line["标注"])
        assert not row["直接定级或限档情形"]
    capsys.readouterr()
    command(tmp_path, "explain", "乙支部")
    assert "一等不超过20% × 5 → 1个，综合得分并列的依次比班子：一等 → 二等" in capsys.readouterr().out


def test_while_a_branch_waits_seats_and_awards_are_provisional(tmp_path: Path) -> None:
    text = BY_SHARE.replace('%"\n', '%"\nout_of = "all"\n')
    books = books_of(text)
    found = run(tmp_path, text, given(books, SHARED, left="丁"))
    assert found.status == 1
    why = "丁支部还没有定级，定级以后可能变动"
    expected = f"“一等”名额暂定，{why}；总支第一（暂定，{why}）；先进（暂定，{why}）"
    assert found.overview["ZB01"]["备注"] == expected
    assert f"“先进”的名额暂定：{why}" in told(found)
    decisions = found.sheet("审定表", file="上会/审定表.xlsx")
    assert "“一等”名额暂定" in decisions["ZB01"]["直接定级或限档情形"]


def situations_of(books: Books, criticised: str) -> Files:
    answers: Mapping[bool, Cells] = {True: {"是否存在": "是", "办公室确认": "是"}, False: {"是否存在": "否"}}
    told_of: list[Cells] = [
        {**unit.identity, "情形": "受到通报批评", **answers[name == criticised]} for name, unit in UNITS.items()
    ]
    return books.office(office_forms.situation_form(books.scheme, NOW), {"情形申报": told_of})


def bounded(books: Books, last: str = BEFORE) -> Files:
    earlier = {UNITS[line["支部"]]: line["上期"] for line in rows(BOUND)}
    result = books.at(last, DAY).result(earlier)
    return given(books, BOUND) | situations_of(books, "丁") | result


def test_steps_one_grade_above_last_time_and_a_number_out_of_last_times(tmp_path: Path) -> None:
    """Two of the five graded last time are to be 一般 or 差: 丙 and 丁 are; 乙 falls out of the one seat of 好."""
    books = books_of(BY_BOUND)
    found = run(tmp_path, BY_BOUND, bounded(books))
    assert found.status == 0
    for line in rows(BOUND):
        row = found.overview[UNITS[line["支部"]].code]
        assert (row["测算等次"], row["晋位情况"]) == (line["等次"], line["晋位"])
        assert row["直接定级或限档情形"] == line["情形"]
    decisions = found.sheet("审定表", file="上会/审定表.xlsx")
    assert "由“好”降为“较好”" in decisions["ZB02"]["直接定级或限档情形"]


@pytest.mark.parametrize(("decided", "status"), [({"乙": "好"}, 1), ({"乙": "好", "甲": "较好"}, 0)])
def test_a_decision_beyond_a_number_ends_with_a_question(
    tmp_path: Path, decided: Mapping[str, str], status: int
) -> None:
    books = books_of(BY_BOUND)
    computed = {line["支部"]: line["等次"] for line in rows(BOUND)}
    lines: list[Cells] = [
        {**UNITS[name].identity, "测算等次": computed[name], "审定等次": grade, "理由": "会议研究"}
        for name, grade in decided.items()
    ]
    form = committee_forms.decision_form(books.scheme, NOW)
    files = bounded(books) | books.office(form, {form.sheets[0].name: lines})
    found = run(tmp_path, BY_BOUND, files)
    assert found.status == status
    assert ("好不超过1个，现有2个；审定改变的：乙支部" in told(found)) == bool(status)


def test_an_older_result_is_no_last_time_and_asked_about(tmp_path: Path) -> None:
    books = books_of(BY_BOUND)
    found = run(tmp_path, BY_BOUND, bounded(books, OLDER))
    assert found.status == 1
    assert {row["上期等次"] for row in found.overview.values()} <= {None, "", "—"}
    assert "放着的上期结果是 2024 年终 的，不是上一轮（2025 年终）的，没有采用" in told(found)
    assert "以上期已定级的党组织为基数，没有上期结果" in told(found)
