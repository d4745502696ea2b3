"""The roll-call on the console, and the text that reminds who has not handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dingji.forms.layout import text_width
from dingji.outcome import Outcome
from dingji.problems import Problem
from dingji.reports.roll_text import NAMES_SHOWN, PARENTS_SHOWN, console_lines, due_words, reminder
from dingji.reports.submission import late_forms, submission
from dingji.reports.view import OutcomeView
from dingji.round_days import RoundDays
from dingji.tables import ROLLCALL, table
from tests.outcome_example import example
from tests.papers import SELF, SURVEY, good, outcome_of, with_file
from tests.workspaces import command, make_workspace


def called(*rows: Sequence[str]) -> Outcome:
    """Return an outcome whose roll-call has these rows: code, name, parent, form, status."""
    names = ("unit", "owner", "parent", "form", "status")
    told = [dict(zip(names, row, strict=True)) for row in rows]
    roll = table(ROLLCALL, [{**row, "kind": row["form"], "title": row["form"], "files": ()} for row in told])
    return replace(example(), rollcall=roll)


THREE = (
    ("A1", "一支部", "甲党委", "自评表", "已报"),
    ("A1", "一支部", "甲党委", "测评表", "未报"),
    ("A2", "二支部", "甲党委", "自评表", "待改"),
    ("A2", "二支部", "甲党委", "测评表", "未报"),
    ("B1", "三支部", "乙总支", "自评表", "旧版"),
    ("B1", "三支部", "乙总支", "测评表", "重复"),
)


def test_a_small_table_then_who_owes_what() -> None:
    assert console_lines(called(*THREE)) == [
        "上级党组织  应报  已报  退回  未报  报送率",
        "甲党委         4     1     1     2  25.00%",
        "乙总支         2     0     2     0   0.00%",
        "合计           6     1     3     2  16.67%",
        "甲党委 未报：一支部（测评表）、二支部（测评表）",
        "甲党委 待改：二支部（自评表）",
        "乙总支 重复：三支部（测评表）",
        "乙总支 旧版：三支部（自评表）",
    ]


def test_columns_stand_below_each_other_in_half_width_signs() -> None:
    table_lines = console_lines(called(*THREE, ("C1", "四支部", "很长很长的上级党组织", "自评表", "已报")))[:5]
    assert len({text_width(line) for line in table_lines}) == 1


def test_many_branches_and_units_are_only_counted() -> None:
    rows = [
        (f"{parent}-{place}", f"{place}支部", f"第{parent}党委", "自评表", "未报")
        for parent in range(40)
        for place in range(30)
    ]
    lines = console_lines(called(*rows))
    assert len(lines) < 45
    assert all(text_width(line) < 400 for line in lines)
    assert f"……等{40}个单位" in lines[PARENTS_SHOWN + 1]
    assert lines[-1] == f"……另有{40 - PARENTS_SHOWN}个单位没有报齐，见校验报告"
    assert sum(line.endswith("等30个") and line.count("（自评表）") == NAMES_SHOWN for line in lines) == PARENTS_SHOWN


def test_nothing_is_said_of_who_owes_where_all_is_in() -> None:
    lines = console_lines(outcome_of(good()))
    assert lines[0].split() == ["上级党组织", "应报", "已报", "退回", "未报", "报送率"]
    assert [line.split()[0] for line in lines[1:]] == ["示范医院党委", "（评委）", "合计"]


def test_a_file_that_is_no_form_is_counted() -> None:
    assert "未识别的文件 1 个，不影响测算，见校验报告" in console_lines(
        called(*THREE, ("", "杂.xlsx", "", "", "未识别"))
    )


LATE = Problem("W317", subject="自评表", unit="A1")


def test_what_came_late_is_marked_beside_its_status() -> None:
    outcome = replace(called(*THREE), problems=(LATE,))
    assert late_forms(outcome) == {("A1", "自评表")}
    matrix = submission(OutcomeView(outcome))[0]
    row = next(row for row in matrix.texts() if "一支部" in row)
    assert row[matrix.headings.index("自评表")] == "已报（迟）"
    assert row[matrix.headings.index("测评表")] == "未报"
    assert "迟报 1 份（按收件登记），见校验报告" in console_lines(outcome)


# --- 催报 -------------------------------------------------------------------------------------------------


def words(outcome: Outcome) -> str:
    return reminder(outcome).decode("gbk").replace("\r\n", "\n")


def test_a_paragraph_a_parent_unit() -> None:
    first, second = words(called(*THREE)).strip().split("\n\n")
    assert first.startswith("【甲党委】")
    assert "还没有收到：一支部（测评表）、二支部（测评表）；已收到、要改好重报：二支部（自评表）。请尽快报送" in first
    assert second.startswith("【乙总支】")
    assert "收到两份不同的、请确认用哪一份：三支部（测评表）；用的是旧表、请换新表重报：三支部（自评表）" in second


def test_due_dates_of_the_calendar_are_told() -> None:
    """By form, the earliest first; no date is read from the clock."""
    outcome = called(*THREE)
    due = {"自评表": "2026-03-10", "default": "2026-03-05"}
    days = RoundDays(round=outcome.settings.round.name, due=due)
    outcome = replace(outcome, settings=outcome.settings.model_copy(update={"calendar": [days]}))
    told = ["测评表截止日期 2026-03-05", "自评表截止日期 2026-03-10"]
    assert due_words(outcome) == told
    assert f"请尽快报送（{'，'.join(told)}）" in words(outcome)
    assert set(told) <= set(console_lines(outcome))
    assert due_words(called(*THREE)) == []


def test_no_rater_is_named_where_all_can_read_it() -> None:
    gone = {path: raw for path, raw in good().items() if not path.startswith("评定表/")}
    text = words(outcome_of(gone))
    assert "【评委】" in text
    assert "还没有收到：评委（评定表3份）" in text
    raters = outcome_of(good()).raters
    assert not any(name in text for name in (*raters["rater"], *raters["name"]))


def test_where_all_is_in_it_says_so() -> None:
    assert words(outcome_of(good())) == "应报的表都已收齐，没有要催的。\n"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a\nb\x1b[31m", "a b [31m"), ("=1+1", "=1+1"), ("𠮷支部", "?支部"), ("<b>{{7*7}}", "<b>{{7*7}}")],
)
def test_names_are_one_line_and_in_gbk(name: str, shown: str) -> None:
    outcome = called(("A1", name, name, "自评表", "未报"))
    assert words(outcome).startswith(f"【{shown}】")
    assert words(outcome).count("\n") == 1
    assert all(line.encode("gbk") for line in console_lines(outcome))
    assert f"{shown}（自评表）" in words(outcome)


def test_check_and_mail_say_who_owes_what(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = {path: raw for path, raw in with_file(SURVEY, None).items() if path != SELF}
    folder = make_workspace(tmp_path, kept)
    assert command(folder, "check") == 1
    out = capsys.readouterr().out
    assert "示范医院党委 未报：一支部（自评表、测评表）" in out.splitlines()
    assert "python process.py mail" in out
    assert command(folder, "mail") == 0
    text = (folder / "邮件/催报.txt").read_bytes()
    assert text.decode("gbk").startswith("【示范医院党委】2026 年初定级报表，还没有收到：一支部（自评表、测评表）")
    assert command(folder, "mail") == 0
    assert (folder / "邮件/催报.txt").read_bytes() == text
    assert not (folder / "output/邮件").exists()


def test_a_reminder_that_someone_changed_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_workspace(tmp_path, with_file(SURVEY, None))
    command(folder, "mail")
    (folder / "邮件/催报.txt").write_text("改过的话", encoding="gbk")
    capsys.readouterr()
    command(folder, "mail")
    assert (folder / "邮件/催报.txt").read_text(encoding="gbk") == "改过的话"
    assert "保留原样" in capsys.readouterr().out
