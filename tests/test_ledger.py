"""整改台账: rows by what was lost, numbers that stay, what comes back, and its check-up; real workbooks, real runs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from dingji.forms.filling import Cells, Filling, Value
from dingji.forms.ledger_form import TITLE, ledger_form
from dingji.forms.write import write_form
from dingji.ledger.numbers import finding_number, indicator_key, numbers_of, parts_of, situation_key
from dingji.ledger.typed import Cell, Known, Row, merged
from dingji.pipeline import run
from dingji.reports.official.ledger_papers import open_ledger
from dingji.reports.view import OutcomeView
from dingji.workspace import Workspace
from tests.case_books import Run
from tests.five_good_case import ROUND, case_files
from tests.workspaces import command, make_workspace, scheme

NUMBERS = numbers_of(scheme())
Rows = Mapping[str, Mapping[str, Any]]


def number(unit: str, name: str, label: str = "2026年初") -> str:
    return f"{unit}-{label}-{NUMBERS[indicator_key(name)]}"


def book(*rows: Cells) -> bytes:
    """Return a filled 整改台账."""
    return write_form(ledger_form(scheme(), ROUND), Filling(rows={TITLE: rows}))


def line(unit: str, name: str, **cells: Value) -> Cells:
    return {"编号": number(unit, name), "党组织编码": unit, "问题": "照发", **cells}


def run_with(folder: Path, files: Mapping[str, bytes], ends: str = "2026-06-30") -> tuple[Rows, int]:
    """Run the worked case with these files beside it; `ends`: the round's last day."""
    make_workspace(folder, {**case_files(scheme(), mended=True), **files})
    config = folder / "config.toml"
    told = config.read_text("utf-8").replace('ends = "2026-06-30"\n', f'ends = "{ends}"\n' if ends else "")
    config.write_text(told, "utf-8")
    status = command(folder, "run")
    return listed(folder), status


def listed(folder: Path) -> Rows:
    """Return the rows of 整改台账 by 编号, without the notes below."""
    rows = Run(folder, 0).sheet(TITLE, "编号")
    return {number_: row for number_, row in rows.items() if row["党组织编码"]}


def told(folder: Path, codes: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return code, branch and cell of the problems of some codes, in the order in which 问题清单 lists them."""
    return [(row["编码"], row["党组织"], row["单元格"]) for row in problems(folder) if row["编码"] in codes]


def problems(folder: Path) -> list[dict[str, Any]]:
    return list(Run(folder, 0).sheet("问题清单", "问题").values())


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    return run_with(tmp_path_factory.mktemp("plain"), {})[0]


def test_what_cost_most_stands_first_and_a_situation_behind_the_points(plain: Rows) -> None:
    own = [row for row in plain.values() if row["党组织编码"] == "ZB03"]
    assert [row["问题"].partition("（")[0] for row in own] == [
        "群众反映好", "工作业绩好", "工作机制好", "党员队伍好", "领导班子好", "群众反映好低于12分",
    ]  # fmt: skip
    assert {row["等次"] for row in own} == {"后进"}
    assert own[0]["失分"] == 10.5
    assert own[-1]["编号"] == f"ZB03-2026年初-{NUMBERS[situation_key('群众反映好低于12分')]}"


def test_the_fact_is_told_as_the_overview_tells_it(plain: Rows) -> None:
    assert plain[number("ZB04", "工作机制好")]["问题"].endswith("（制度未落实5项、组织生活6次、无年度活动计划等4项）")


def test_headings_are_those_of_the_form_in_its_order(plain: Rows) -> None:
    first = next(iter(plain.values()))
    told = "编号 党组织编码 党组织名称 问题 目标 责任人 要求 措施 时限 进展 完成日期 销号"
    assert " ".join(list(first)[:12]) == told


def test_a_number_is_made_from_what_was_lost_alone() -> None:
    assert len(set(NUMBERS.values())) == len(NUMBERS)
    assert all(len(each) == 4 for each in NUMBERS.values())
    assert finding_number("党费 未公示") == finding_number("党费未公示") != finding_number("党费公示")
    assert len(finding_number("党费未公示")) == 5
    parts = parts_of("A-01-2026 年初-0417")
    assert parts == ("a-01", 2026, "年初", "0417")
    assert parts_of("ZB01-0417") is None


def test_a_mended_loss_leaves_the_numbers_of_the_others(plain: Rows, tmp_path: Path) -> None:
    """Nobody deducted anything of 四支部: its marks are others, its other rows are the same."""
    files = {path: raw for path, raw in case_files(scheme(), mended=True).items() if "ZB04" not in path}
    make_workspace(tmp_path, files)
    command(tmp_path, "run")
    again = listed(tmp_path)
    others = {number_ for number_, row in plain.items() if row["党组织编码"] != "ZB04"}
    assert others <= set(again)


def test_what_came_back_stands_in_its_row_and_a_deleted_row_is_not_lost(plain: Rows, tmp_path: Path) -> None:
    filled = line(
        "ZB03", "群众反映好", 目标="满意率到90%", 责任人="张三", 要求="限期", 措施="每季度开座谈会",
        时限=date(2026, 9, 30), 联系领导="领导乙", 走访情况="4月8日走访",
    )  # fmt: skip
    rows, status = run_with(tmp_path, {"台账.xlsx": book(filled)})
    assert status == 0
    assert set(rows) == set(plain)
    own = rows[number("ZB03", "群众反映好")]
    assert own["问题"] == plain[number("ZB03", "群众反映好")]["问题"]
    assert [own[name] for name in ("目标", "责任人", "要求", "措施", "时限", "联系领导", "走访情况")] == [
        "满意率到90%", "张三", "限期", "每季度开座谈会", "2026-09-30", "领导乙", "4月8日走访",
    ]  # fmt: skip
    assert own["进展"] in ("", None)
    assert own["销号"] in ("", None)


def test_two_copies_of_a_row_are_one_and_what_they_tell_differently_waits(tmp_path: Path) -> None:
    one = line("ZB02", "工作业绩好", 措施="建岗", 责任人="李四", 时限="2026-09")
    other = line("ZB02", "工作业绩好", 措施="建岗", 责任人="王五", 帮扶措施="派指导员")
    rows, status = run_with(tmp_path, {"a.xlsx": book(one), "b.xlsx": book(other)})
    own = rows[number("ZB02", "工作业绩好")]
    assert (own["措施"], own["时限"], own["帮扶措施"]) == ("建岗", "2026-09", "派指导员")
    assert own["责任人"] in ("", None)
    assert status == 1
    assert [each[:2] for each in told(tmp_path, ["E631"])] == [("E631", "二支部")]


STRANGE: Mapping[str, Cells] = {
    "本轮没有这一项": {"编号": "ZB01-2026年初-0001", "党组织编码": "ZB01", "问题": "照发", "措施": "建岗"},
    "不是这个党组织的编号": {"编号": number("ZB01", "工作业绩好"), "党组织编码": "ZB02", "问题": "照发"},
    "写法不对": {"编号": "第3条", "党组织编码": "ZB01", "问题": "照发"},
    "以后的年度": {"编号": number("ZB01", "工作业绩好", "2027年初"), "党组织编码": "ZB01", "问题": "照发"},
    "以后的轮次": {"编号": number("ZB02", "工作业绩好", "2026年终"), "党组织编码": "ZB02", "问题": "照发"},
    "没有写问题": {"编号": number("ZB01", "工作业绩好", "2025年终"), "党组织编码": "ZB01", "措施": "建岗"},
    "没有编号，也没有写问题": {"党组织编码": "ZB01", "措施": "建岗"},
}


def test_a_number_of_nothing_is_named(plain: Rows, tmp_path: Path) -> None:
    rows, status = run_with(tmp_path, {"台账.xlsx": book(*STRANGE.values())})
    assert status == 1
    assert set(rows) == set(plain)
    lines = [row["问题"] for row in problems(tmp_path) if row["编码"] == "E632"]
    assert len(lines) == len(STRANGE)
    assert all(any(what in words for words in lines) for what in STRANGE)


@pytest.mark.parametrize("label", ["2026年初", "2025年终"])
def test_a_column_of_numbers_sorted_alone_fills_no_other_problem(tmp_path: Path, label: str) -> None:
    """Where 编号 says one thing and the printed 问题 another, nobody knows which of them the measure is for."""
    printed = {"群众反映好": "群众反映好低于12分（未改变等次）", "工作业绩好": "党员队伍好（14.53/20）"}
    moved = [{**line("ZB03", own, 措施="建岗"), "编号": number("ZB03", own, label), "问题": other}
             for own, other in printed.items()]  # fmt: skip
    right = {**line("ZB03", "领导班子好", 措施="补选"), "问题": "领导班子好（5/10）"}
    rows, status = run_with(tmp_path, {"台账.xlsx": book(*moved, right)})
    assert status == 1
    assert [each[:2] for each in told(tmp_path, ["E632"])] == [("E632", "三支部")] * 2
    assert {name: row["措施"] for name, row in rows.items() if row["措施"]} == {number("ZB03", "领导班子好"): "补选"}


def test_a_finding_and_what_an_earlier_round_left_open_are_rows_of_their_own(tmp_path: Path) -> None:
    words = "党费收缴没有公示"
    found: Cells = {"党组织编码": "ZB01", "问题": words, "责任人": "张三"}
    known = f"ZB01-2026年初-{finding_number(words)}"
    again: Cells = {**found, "编号": known, "措施": "按月公示", "时限": "2026年7月1日"}
    left = number("ZB01", "工作业绩好", "2025年终")
    old = {
        **line("ZB01", "工作业绩好", 措施="结对", 责任人="李四", 时限="2026.5"),
        "编号": left,
        "问题": "工作业绩好（20/30）",
    }
    rows, status = run_with(tmp_path, {"办公室.xlsx": book(found, old), "支部.xlsx": book(again)})
    assert status == 0
    own = rows[known]
    assert (own["问题"], own["责任人"], own["措施"], own["失分"]) == (words, "张三", "按月公示", "—")
    assert rows[left]["问题"] == "工作业绩好（20/30）"
    assert [each[:2] for each in told(tmp_path, ["W633"])] == [("W633", "一支部")]


def test_the_check_up_names_each_row_that_is_amiss(tmp_path: Path) -> None:
    rows = (
        line("ZB04", "工作业绩好", 措施="建岗", 责任人="张三", 时限="2026-05"),
        line("ZB04", "党员队伍好", 措施="轮训"),
        line("ZB04", "领导班子好", 销号="是"),
        line("ZB01", "群众反映好", 措施="座谈", 责任人="李四", 时限=date(2026, 12, 1)),
    )
    run_with(tmp_path, {"台账.xlsx": book(*rows)})
    codes = ["W633", "W634", "W635", "W636", "W637", "W638"]
    assert sorted({each[:2] for each in told(tmp_path, codes)}) == [
        ("W633", "四支部"), ("W634", "四支部"), ("W635", "四支部"), ("W636", "一支部"), ("W637", "四支部"),
    ]  # fmt: skip


def test_check_says_what_is_overdue_on_its_own_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both are due before the round ends; in the middle of May only one of them is late, on the first of it none."""
    dues = {"工作业绩好": "2026-05-10", "党员队伍好": "2026-06"}
    rows = [line("ZB04", name, 措施="建岗", 责任人="张三", 时限=due) for name, due in dues.items()]
    run_with(tmp_path, {"台账.xlsx": book(*rows)}, ends="2026-07-31")
    assert [each[0] for each in told(tmp_path, ["W633"])] == ["W633", "W633"]
    for day, late in (("2026-05-10", []), ("2026-05-15", ["工作业绩好"]), ("2026-07-01", list(dues))):
        capsys.readouterr()
        command(tmp_path, "check", "--today", day)
        said = [line_ for line_ in capsys.readouterr().out.splitlines() if line_.startswith("W633")]
        assert [number("ZB04", name) in words for name, words in zip(late, said, strict=True)] == [True] * len(late)
        assert all(f"在 {day}（看的这一天）以前" in words for words in said)


def test_without_the_last_day_of_the_round_nothing_is_overdue_and_that_is_said(tmp_path: Path) -> None:
    late = line("ZB04", "工作业绩好", 措施="建岗", 责任人="张三", 时限=date(2020, 5, 1))
    run_with(tmp_path, {"台账.xlsx": book(late)}, ends="")
    assert [each[0] for each in told(tmp_path, ["W633", "W638"])] == ["W638"]


def test_what_is_done_or_struck_off_is_not_overdue(tmp_path: Path) -> None:
    done: Cells = {"措施": "建岗", "责任人": "张三", "时限": "2026-05-01", "完成日期": date(2026, 4, 1)}
    rows = (
        line("ZB04", "工作业绩好", **done),
        line("ZB04", "工作机制好", **done, 销号="是", 佐证材料="会议记录"),
        line("ZB04", "党员队伍好", 措施="轮训", 责任人="张三", 时限="2026-06"),
        line("ZB04", "领导班子好", 措施="补选", 责任人="张三", 时限="尽快"),
    )
    run_with(tmp_path, {"台账.xlsx": book(*rows)})
    assert [each[0] for each in told(tmp_path, ["W633", "W634", "W635", "W639"])] == ["W639"]


def test_open_lines_are_carried_into_the_next_round_and_read_there(plain: Rows, tmp_path: Path) -> None:
    """In the shape that input reads: what is struck off stays behind, a blank stays blank."""
    done = line("ZB04", "工作业绩好", 措施="建岗", 责任人="张三", 进展="已建", 完成日期=date(2026, 4, 1), 销号="是")
    begun = line("ZB04", "党员队伍好", 措施="轮训", 责任人="李四", 时限="2026-09")
    folder = tmp_path / "spring"
    run_with(folder, {"台账.xlsx": book(done, begun)})
    raw = open_ledger(OutcomeView(run(Workspace(folder)).outcome), "2027 年初")
    assert raw is not None
    roster = case_files(scheme())["党组织名册.xlsx"]
    winter = make_workspace(tmp_path / "winter", {"党组织名册.xlsx": roster, "整改台账.xlsx": raw})
    config = winter / "config.toml"
    told_ = re.sub("2026-(..)-(..)", r"2027-\1-\2", config.read_text("utf-8")).replace("year = 2026", "year = 2027")
    config.write_text(told_, "utf-8")
    command(winter, "run")
    rows = listed(winter)
    carried = {number_ for number_ in plain if number_.startswith(("ZB01", "ZB03", "ZB04", "ZB05"))}
    assert set(rows) == carried - {done["编号"]}
    own = rows[str(begun["编号"])]
    assert (own["措施"], own["责任人"], own["时限"], own["进展"]) == ("轮训", "李四", "2026-09", None)
    assert own["问题"] == plain[str(begun["编号"])]["问题"]
    assert [each[:2] for each in told(winter, ["W633", "E632"])] == [("W633", "四支部")]


def test_rows_of_a_merged_branch_are_its_heirs() -> None:
    cells = {"编号": Cell("A-2025年终-0001"), "问题": Cell("旧问题"), "措施": Cell("结对")}
    row = Row("B", cells, cells["编号"])
    known = Known("2026 年初", 2026, {}, {"B": frozenset({"A"})})
    found, problems_ = merged([row], known)
    assert not problems_
    assert found["A-2025年终-0001"].cells["措施"].text == "结对"
    assert [problem.code for problem in merged([row], replace(known, heirs={}))[1]] == ["E632"]


def test_lines_of_merged_branches_stand_with_who_goes_on_however_many_steps(tmp_path: Path) -> None:
    """五支部 went into 四支部, named by its name, and that into 一支部: what was left open of both is 一支部's."""
    left: list[Cells] = [
        {**line(unit, "工作业绩好"), "编号": number(unit, "工作业绩好", "2025年终")} for unit in ("ZB04", "ZB05")
    ]
    make_workspace(tmp_path, {**case_files(scheme(), mended=True), "台账.xlsx": book(*left)})
    roster = load_workbook(tmp_path / "input/党组织名册.xlsx")
    rows = {str(row[1].value): row for row in roster["名册"].iter_rows()}
    places = {cell.value: place for place, cell in enumerate(rows["党组织编码"])}
    for unit, heir in (("ZB05", "四支部"), ("ZB04", "ZB01")):
        for heading, text in (("状态", "合并"), ("并入编码", heir), ("承继", "不承继")):
            rows[unit][places[heading]].value = text
    roster.save(tmp_path / "input/党组织名册.xlsx")
    command(tmp_path, "run")
    found = {key: row["党组织编码"] for key, row in listed(tmp_path).items() if "2025年终" in key}
    assert found == {str(each["编号"]): "ZB01" for each in left}
    back = load_workbook(tmp_path / "output/反馈/整改台账_ZB01_一支部.xlsx").worksheets[0]
    assert set(found) <= {str(cell.value) for cell in back["A"]}


def test_lines_follow_who_carries_on_and_a_branch_that_is_still_there_keeps_its_own(tmp_path: Path) -> None:
    """四支部 names 五支部, gone without 并入编码, by its name; 三支部 is there, whatever it went into."""
    left: list[Cells] = [
        {**line(unit, "工作业绩好"), "编号": number(unit, "工作业绩好", "2025年终")} for unit in ("ZB03", "ZB05")
    ]
    make_workspace(tmp_path, {**case_files(scheme(), mended=True), "台账.xlsx": book(*left)})
    roster = load_workbook(tmp_path / "input/党组织名册.xlsx")
    rows = {str(row[1].value): row for row in roster["名册"].iter_rows()}
    places = {cell.value: place for place, cell in enumerate(rows["党组织编码"])}
    said = {"ZB05": {"状态": "撤销"}, "ZB04": {"承继": "五支部"}, "ZB03": {"并入编码": "ZB01", "承继": "不承继"}}
    for unit, cells in said.items():
        for heading, text in cells.items():
            rows[unit][places[heading]].value = text
    roster.save(tmp_path / "input/党组织名册.xlsx")
    assert command(tmp_path, "run") == 1
    found = {key: row["党组织编码"] for key, row in listed(tmp_path).items() if "2025年终" in key}
    assert found == {str(left[0]["编号"]): "ZB03", str(left[1]["编号"]): "ZB04"}
    assert [each[:2] for each in told(tmp_path, ["E622"])] == [("E622", "三支部")]


# --- cells that a person withdrew, days that cannot be ------------------------------------------------------------


def struck(raw: bytes, *headings: str) -> bytes:
    """Return 整改台账 with cells of its first row struck through."""
    book_ = load_workbook(BytesIO(raw))
    sheet = book_.worksheets[0]
    top = next(row for row in sheet.iter_rows() if any(cell.value == "编号" for cell in row))
    for cell in top:
        if cell.value in headings:
            cell.offset(1).font = Font(strike=True)
    done = BytesIO()
    book_.save(done)
    return done.getvalue()


def test_a_struck_cell_of_the_ledger_is_asked_about_and_does_not_count(tmp_path: Path) -> None:
    begun = line("ZB04", "工作业绩好", 措施="建岗", 责任人="张三", 时限="2026-05-01", 进展="已建")
    rows, status = run_with(tmp_path, {"台账.xlsx": struck(book(begun), "措施", "问题")})
    assert status == 1
    own = rows[number("ZB04", "工作业绩好")]
    assert (own["措施"], own["责任人"], own["进展"]) == (None, "张三", "已建")
    cells = [each[0] + " " + each[2][0] for each in told(tmp_path, ["E240", "W663"])]
    assert cells == ["E240 H", "W663 D"]


def test_days_that_cannot_be_are_named(tmp_path: Path) -> None:
    """Done after the round, before its year, before its first day; due in another age, and on a day that is none."""
    days: Mapping[str, Cells] = {
        "工作业绩好": {"完成日期": date(2026, 12, 31), "时限": "2026-05-01"},
        "党员队伍好": {"完成日期": date(2025, 1, 1)},
        "领导班子好": {"时限": "2206-09-30"},
        "工作机制好": {"时限": "2026-02-30"},
        "群众反映好": {"完成日期": date(2026, 6, 30), "时限": "2026-07"},
    }
    rows = ({**line("ZB04", name, 措施="建岗", 责任人="张三", 时限="2026-06"), **own} for name, own in days.items())
    run_with(tmp_path, {"台账.xlsx": book(*rows)})
    named = {row["单元格"]: row for row in problems(tmp_path) if row["编码"] in ("W633", "W639", "W664")}
    assert {cell: row["编码"] for cell, row in named.items()} == {
        "K6": "W664", "K7": "W664", "I8": "W664", "I9": "W639",
    }  # fmt: skip
    assert "以后" in named["K6"]["问题"]
    assert "以前" in named["K7"]["问题"]


def test_a_row_of_words_that_names_nobody_is_not_lost_and_a_signature_is_none(tmp_path: Path) -> None:
    """Beneath the row of one branch stand two without whose they are, and who filled the sheet in."""
    own = line("ZB04", "工作业绩好", 措施="建岗", 责任人="张三", 时限="2026-09")
    nobodys = {**line("ZB04", "党员队伍好", 措施="轮训"), "党组织编码": None}
    bare: Cells = {"编号": number("ZB04", "领导班子好"), "措施": "补选"}
    signed: Cells = {"编号": "填表人：", "党组织编码": None, "问题": "张三", "措施": "审核人：李四"}
    rows, status = run_with(tmp_path, {"台账.xlsx": book(own, nobodys, bare, signed)})
    assert status == 1
    assert [row["措施"] for row in rows.values() if row["措施"]] == ["建岗"]
    listed_ = Run(tmp_path, 0).sheet("问题清单", "单元格")
    assert {cell for cell, row in listed_.items() if row["编码"] == "E229"} == {"B7", "B8"}
