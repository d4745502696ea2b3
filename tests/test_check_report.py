"""The check report: the roll-call first, then every problem with its mend."""

import re
from dataclasses import replace

from dingji.outcome import Outcome
from dingji.problems import Problem
from dingji.reports.check_report import check_context, check_report
from dingji.reports.rendering import Renderer
from dingji.reports.view import OutcomeView
from dingji.tables import ROLLCALL, STATUSES, table
from tests.outcome_example import example
from tests.paper_reading import html_tables, page_text


def report_of(outcome: Outcome) -> bytes:
    return check_report(OutcomeView(outcome), Renderer())


def test_check_report_lists_what_is_missing_before_all_else() -> None:
    text = page_text(report_of(example()))
    assert "没有收到评定表" in text
    assert text.index("尚未报送") < text.index("报送情况") < text.index("四、问题")
    assert text.index("须处理（1）") < text.index("拒收（1）") < text.index("提醒（1）")
    assert "E203" in text
    assert "自评/第三党支部.xlsx ▸ 自评表 ▸ F7（第3项）" in text
    assert "超过满分" in text


def test_check_report_calls_the_roll() -> None:
    grids = html_tables(report_of(example()))
    roll = next(grid for grid in grids if grid[0][0] == "党组织编码")
    assert roll[0] == ["党组织编码", "党组织名称", "自评表", "测评表"]
    assert roll[3] == ["D003", "第三党支部", "！ 待改", "√ 已报"]
    raters = next(grid for grid in grids if grid[0][0] == "评委编号")
    assert raters[2] == ["P02", "评委2", "评定表", "党委评定", "× 未报"]
    rates = next(grid for grid in grids if grid[0][-1] == "报送率")
    assert rates[0] == ["上级党组织", "应报", "已报", "退回", "未报", "报送率"]
    assert rates[2] == ["临床党总支", "6", "5", "1", "0", "83.33%"]
    assert (rates[3][0], rates[4][0], rates[4][-1]) == ("（评委）", "合计", "85.71%")


def test_check_report_counts() -> None:
    counted = dict(check_context(OutcomeView(example()))["总数"])
    assert (counted["党组织"], counted["应报"], counted["已报"], counted["未报"], counted["待改"]) == (
        6,
        14,
        12,
        1,
        1,
    )


def test_forms_of_several_names_have_a_column_each() -> None:
    rows = [
        {
            "unit": "D001",
            "owner": "第一党支部",
            "parent": "",
            "form": f"测评表（{source}）",
            "source": source,
            "status": status,
            "files": (),
        }
        for source, status in (("群众", "已报"), ("党员", "未报"))
    ]
    roll = next(
        grid
        for grid in html_tables(report_of(replace(example(), rollcall=table(ROLLCALL, rows))))
        if grid[0][0] == "党组织编码"
    )
    assert roll == [
        ["党组织编码", "党组织名称", "测评表（群众）", "测评表（党员）"],
        ["D001", "第一党支部", "√ 已报", "× 未报"],
    ]


def test_an_unrecognised_file_is_listed_but_not_due() -> None:
    rows = [{"owner": "杂/<图>.xlsx", "status": "未识别", "files": ("杂/<图>.xlsx",)}]
    outcome = replace(example(), rollcall=table(ROLLCALL, rows))
    assert dict(check_context(OutcomeView(outcome))["总数"])["应报"] == 0
    assert "杂/<图>.xlsx" in page_text(report_of(outcome))


def test_legend_can_be_read_without_colours() -> None:
    text = page_text(report_of(example()))
    for status in STATUSES:
        assert re.search(rf"[√×！≡△？] {status}", text)


def test_check_report_without_any_problem() -> None:
    text = page_text(report_of(replace(example(), problems=(), rollcall=table(ROLLCALL, []))))
    assert "没有发现问题。" in text
    assert "应报的表都已收到。" in text


def test_check_report_with_thousands_of_problems() -> None:
    problems = tuple(
        Problem(
            "E204",
            file=f"自评/{number}.xlsx",
            sheet="自评表",
            cell=f"F{number}",
            unit="D001",
            found="<b>x</b>",
        )
        for number in range(3000)
    )
    grid = html_tables(report_of(replace(example(), problems=problems)))[-1]
    assert len(grid) == 3001
    assert grid[3000][:4] == ["E204", "第一党支部", "自评/2999.xlsx ▸ 自评表 ▸ F2999", "<b>x</b>"]


def test_who_owes_a_form_is_named_branch_or_rater() -> None:
    form = {"form": "自评表", "hint": ""}
    owing = (Problem("E310", unit="D002", values=form), Problem("E310", subject="评委2", values=form))
    names = [told.branch for told in check_context(OutcomeView(replace(example(), problems=owing)))["未报"]]
    assert names == ["第二党支部", "评委2"]
