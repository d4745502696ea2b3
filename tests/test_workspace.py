"""config.toml → Settings: everything wrong with it is told at once, and the folders stand where they should."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dingji.round_days import Round
from dingji.settings import Settings, load_settings
from dingji.workspace import Workspace

LEAST = '[round]\nyear = 2026\nname = "年初"\n[standard]\ndefault = "five-good"\n'


def loaded(text: str) -> Settings:
    settings, found = load_settings(text.encode())
    assert settings is not None, found
    return settings


def told(text: str) -> list[str]:
    settings, found = load_settings(text.encode())
    assert settings is None
    return [finding.text for finding in found]


def test_the_config_that_ships_is_right() -> None:
    settings, found = load_settings((Path(__file__).parents[1] / "config.toml").read_bytes())
    assert found == []
    assert settings is not None
    assert settings.round.label == "2026 年初"


def test_the_least_that_must_be_said_and_what_holds_otherwise() -> None:
    settings = loaded(LEAST)
    assert (settings.privacy.ballots, settings.privacy.raters) == (5, 3)
    assert (settings.summary.by, settings.summary.shares) == ("上级党组织", "plain")
    assert settings.report.places is False
    assert settings.choices == {}


def test_choices_and_categories_are_kept_as_written() -> None:
    settings = loaded(
        LEAST + '[standard.by_category]\n"机关" = "other"\n[choices.five-good]\n"sources.自评.weight" = 30\n'
    )
    assert settings.standard.by_category == {"机关": "other"}
    assert settings.choices == {"five-good": {"sources.自评.weight": 30}}


WRONG = """
[round]
year = "2026"
nam = "年初"
begins = "2026年1月1日"
[standard]
default = "five-good"
[summary]
by = "支部"
[privacy]
balots = 5
[extra]
"""


def test_every_mistake_is_told_with_its_line() -> None:
    assert sorted(told(WRONG)) == [
        "错误 第11行 privacy.balots：没有这个键；是不是 ballots",
        "错误 第12行 extra：没有这个键",
        "错误 第2行 round.name：缺少必填的键",
        "错误 第3行 round.year：应是整数",
        "错误 第4行 round.nam：没有这个键；是不是 name",
        "错误 第9行 summary.by：只能是 '上级党组织'、'类别'、'层级' 之一",
    ]


@pytest.mark.parametrize("day", ["2026-13-01", "2026-W05-1", "2026年2月", "2026-02-30", " "])
def test_a_date_that_is_none_keeps_the_config_from_being_used(day: str) -> None:
    text = LEAST.replace('name = "年初"\n', f'name = "年初"\nbegins = "2026-01-01"\nends = "{day}"\n')
    assert told(text) == ["错误 第5行 round.ends：日期写成 2026-03-31 的样子"]


@pytest.mark.parametrize("day", ["2026-02-01", "2026-2-1", "20260201", "2026年2月1日"])
def test_a_date_is_read_however_an_office_writes_it(day: str) -> None:
    text = LEAST.replace('name = "年初"\n', f'name = "年初"\nbegins = "2026-01-01"\nends = "{day}"\n')
    assert loaded(text).round.ends == "2026-02-01"


@pytest.mark.parametrize(
    ("begins", "ends", "day", "holds"),
    [
        ("2026-01-01", "2026-06-30", "2026-01-01", True),
        ("2026-01-01", "2026-06-30", "2026-06-30", True),
        ("2026-01-01", "2026-06-30", "2025-12-31", False),
        ("2026-01-01", "2026-06-30", "2026-07-01", False),
        ("", "2026-06-30", "1999-01-01", True),
        ("2026-01-01", "", "2099-01-01", True),
        ("", "", "2026-01-01", True),
    ],
)
def test_a_record_belongs_to_the_round_whose_days_hold_it(begins: str, ends: str, day: str, *, holds: bool) -> None:
    assert Round(year=2026, name="年初", begins=begins, ends=ends).holds(day) is holds


def test_the_last_day_of_a_round() -> None:
    assert Round(year=2026, name="年初", ends="2026-06-30").last_day == date(2026, 6, 30)
    assert Round(year=2026, name="年初").last_day is None


def test_the_folders_stand_beside_config_toml(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    folders = (workspace.config, workspace.inputs, workspace.outputs, workspace.handouts, workspace.schemes)
    assert [folder.relative_to(tmp_path).as_posix() for folder in folders] == [
        "config.toml",
        "input",
        "output",
        "发放",
        "schemes",
    ]


def test_the_current_rounds_days_may_stand_in_the_calendar() -> None:
    """成立月数 is counted by them as by those under [round]."""
    text = LEAST + '[[calendar]]\nround = "年初"\nends = "2026-06-30"\n'
    settings, found = load_settings(text.encode())
    assert settings is not None, [finding.text for finding in found]
    assert settings.current.last_day == date(2026, 6, 30)
    assert settings.round.last_day is None
