"""The calendar of `check`: what is overdue, what is under way, what is due next, and who is late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dingji.deadlines import deadline_lines, deadlines
from dingji.prepare import prepare
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.scheme.year_days import days_of
from dingji.settings import Settings, load_settings
from dingji.workspace import Workspace
from tests.papers import good
from tests.small_standard import COMMITTEE, HEAD, indicator
from tests.workspaces import command, make_workspace

LEAST = HEAD + 'rounds = ["年初", "年终"]\n' + COMMITTEE + indicator("班子", 100)
PLAN = '[[days]]\nname = "报工作方案"\nwho = "各党总支"\nby = "4月27日"\n'
LIFT = '[[days]]\nname = "集中晋位升级"\nbegins = "7月1日"\nby = "8月31日"\nrounds = "年终"\n'
NOTICE = '[[days]]\nname = "月月通报"\nby = "每月末"\n'


def standard(days: str) -> Scheme:
    scheme, found = load_scheme((LEAST + days).encode())
    assert scheme is not None, [finding.text for finding in found]
    return scheme


def settings(calendar: str = "", round_: str = "年初") -> Settings:
    text = f'[round]\nyear = 2026\nname = "{round_}"\n{calendar}[standard]\ndefault = "small"\n'
    loaded, found = load_settings(text.encode())
    assert loaded is not None, [finding.text for finding in found]
    return loaded


FORMS = {"自评表": ["自评表"], "测评表": ["测评表"]}
OWED = {"自评表": [("三支部", "自评表"), ("四支部", "自评表")]}


def told(today: str, days: str, calendar: str = "", round_: str = "年初") -> list[str]:
    found = deadlines(settings(calendar, round_), [standard(days)], FORMS)
    return list(deadline_lines(found, date.fromisoformat(today), OWED))


CALENDAR = '[[calendar]]\nround = "年初"\n'


@pytest.mark.parametrize(
    ("today", "calendar", "lines"),
    [
        ("2026-04-25", "", ["下一件：报工作方案（各党总支） 2026-04-27 截止，还有 2 天"]),
        ("2026-04-27", "", ["下一件：报工作方案（各党总支） 2026-04-27 截止，就是今天"]),
        ("2026-04-28", "", ["已过期 1 天：报工作方案（各党总支） 2026-04-27 截止"]),
        ("2026-04-28", 'done = ["报工作方案"]\n', []),
        ("2026-04-28", 'done = ["报工作方案 2026-04-27"]\n', []),
        ("2026-04-28", 'done = ["报工作方案 2026-05-27"]\n', ["已过期 1 天：报工作方案（各党总支） 2026-04-27 截止"]),
        ("2026-04-28", 'days = { "报工作方案" = "2026.5.8" }\n', ["下一件：报工作方案 2026-05-08 截止，还有 10 天"]),
        ("2026-04-28", 'days = { "报工作方案" = "" }\n', []),
    ],
)  # fmt: skip
def test_the_offices_own_day_stands_for_the_standards(today: str, calendar: str, lines: list[str]) -> None:
    found = told(today, PLAN, CALENDAR + calendar if calendar else "")
    assert [line for line in found if not line.startswith("（已经办好的")] == lines


def test_days_of_another_round_are_not_told() -> None:
    assert told("2026-07-15", LIFT) == []
    assert told("2026-07-15", LIFT, round_="年终") == ["正在办：集中晋位升级 2026-08-31 截止，还有 47 天"]
    assert told("2026-06-30", LIFT, round_="年终") == ["下一件：集中晋位升级 2026-08-31 截止，还有 62 天"]


def test_of_what_comes_every_month_the_last_and_the_next_are_told() -> None:
    first, _, following = told("2026-03-05", NOTICE)
    assert first == "已过期 5 天：月月通报 2026-02-28 截止"
    assert following == "下一件：月月通报 2026-03-31 截止，还有 26 天"


def test_forms_are_overdue_where_somebody_owes_them() -> None:
    """Those that all came are not told, however long ago their day was."""
    due = CALENDAR + 'due = { "自评表" = "2026-03-10", "测评表" = "2026-03-01" }\n'
    assert told("2026-03-12", "", due) == [
        "已过期 2 天：自评表 2026-03-10 截止，还没有收齐：三支部（自评表）、四支部（自评表）"
    ]


def test_nothing_is_told_where_nobody_set_a_day() -> None:
    assert told("2026-03-12", "") == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("4月27日", ["04-27"]),
        (" 4月27 ", ["04-27"]),
        ("2月29日", ["02-28"]),
        ("每季末", ["03-31", "06-30", "09-30", "12-31"]),
        ("每半年末", ["06-30", "12-31"]),
        ("13月1日", []),
        ("4月31日", []),
        ("4月底", []),
    ],
)
def test_days_of_a_year(text: str, days: list[str]) -> None:
    assert [day.isoformat()[5:] for day in days_of(text, 2026)] == days


def test_a_leap_year_has_its_day() -> None:
    assert list(days_of("2月29日", 2028)) == [date(2028, 2, 29)]
    assert len(list(days_of("每月末", 2026))) == 12


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (PLAN.replace("4月27日", "4月底"), "“报工作方案”的“4月底”不是日子"),
        (PLAN + PLAN, "事项“报工作方案”写了两次"),
        (PLAN + 'rounds = "半年"\n', "“报工作方案”写了没有的轮次“半年”"),
        (PLAN.replace('"4月27日"', "[]"), "“报工作方案”没有写哪天以前"),
        (LIFT.replace("7月1日", "12月1日"), "“集中晋位升级”的“12月1日”在"),
        (LIFT.replace("7月1日", "夏天"), "“集中晋位升级”的“夏天”不是日子"),
    ],
)
def test_what_is_no_day_is_an_error(days: str, words: str) -> None:
    scheme, found = load_scheme((LEAST + days).encode())
    assert scheme is None
    assert words in found[0].text


def test_a_day_of_config_that_is_none_is_an_error() -> None:
    text = f'[round]\nyear = 2026\nname = "年初"\n{CALENDAR}days = {{ "公布" = "四月" }}\n[standard]\ndefault = "a"\n'
    loaded, found = load_settings(text.encode())
    assert loaded is None
    assert "日期写成 2026-03-31 的样子" in found[0].text


DUE = 'due = "2026-03-20"'


def asked(tmp_path: Path, calendar: str, without: str = "-") -> Path:
    """Return the worked case in a workspace, without one branch's forms, its calendar with more lines."""
    folder = make_workspace(tmp_path, {path: raw for path, raw in good().items() if without not in path})
    config = folder / "config.toml"
    text = config.read_text("utf-8")
    assert text.count(DUE) == 1
    config.write_text(text.replace(DUE, f"{calendar}\n{DUE}"), "utf-8")
    return folder


def test_what_is_called_done_and_is_nowhere_is_warned_of(tmp_path: Path) -> None:
    folder = asked(tmp_path, 'done = ["三查摸低、三定认格", "公开评诺 2026-06-30"]')
    (line,) = [line for line in prepare(Workspace(folder)).warnings if "日程里都没有" in line]
    assert "日历和标准的日程里都没有“三查摸低、三定认格”；是不是“三查摸底、三定认格”" in line


# --- the real program -------------------------------------------------------------------------------------


@pytest.fixture
def checked(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return what `check` says."""

    def check(folder: Path, *more: str) -> str:
        command(folder, "check", *more)
        said = capsys.readouterr()
        return said.out + said.err

    return check


def test_check_tells_from_the_day_that_is_asked_for(tmp_path: Path, checked: Callable[..., str]) -> None:
    folder = asked(tmp_path, 'days = { "上报" = "2026-05-08" }', without="ZB03")
    said = checked(folder, "--today", "2026.5.6")
    assert "今天 2026-05-06（--today 写的）" in said
    assert (
        "已过期 47 天：自评表、测评表、评定表 2026-03-20 截止，还没有收齐：三支部（自评表）、三支部（测评表）" in said
    )
    assert "已过期 6 天：三查摸底、三定认格 2026-04-30 截止" in said
    assert "下一件：上报 2026-05-08 截止，还有 2 天" in said


def test_the_machines_day_is_said_to_be_so_and_goes_into_no_file(tmp_path: Path, checked: Callable[..., str]) -> None:
    folder = asked(tmp_path, 'days = { "上报" = "2126-05-08" }')
    begun, said, done = date.today(), checked(folder), date.today()  # noqa: DTZ011 - as the program
    assert any(f"今天 {day.isoformat()}（电脑上的日期" in said for day in (begun, done))
    files = {path: path.read_bytes() for path in (folder / "output").rglob("*.html")}
    checked(folder, "--today", "2031-01-01")
    assert files == {path: path.read_bytes() for path in (folder / "output").rglob("*.html")} != {}


def test_a_day_that_is_none_is_refused(tmp_path: Path, checked: Callable[..., str]) -> None:
    assert "--today 后面写日期" in checked(asked(tmp_path, ""), "--today", "五月")
