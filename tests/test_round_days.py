"""The calendar: whose record is whose, dates that contradict each other, by when a form is due."""

from __future__ import annotations

import pytest

from dingji.intake.record_rounds import RecordRounds
from dingji.round_days import RoundDays
from dingji.scheme.load import load_scheme
from dingji.settings import Settings, load_settings
from tests.drawn import rows
from tests.small_standard import COMMITTEE, GRADES, HEAD, indicator, standard

HALVES = '\nrounds = { "半年" = 40, "年终" = 60 }\n' + COMMITTEE + GRADES + indicator("班子", 100)
YEAR = 'year = 2026\nname = "年终"\nbegins = "2026-07-01"\nends = "2026-12-31"\n'
HALF = '[[calendar]]\nround = "半年"\nbegins = "2026-01-01"\nends = "2026-06-30"\n'
NEXT = '[[calendar]]\nround = "补考"\nbegins = "2027-01-01"\nends = "2027-02-01"\n'


def settings(calendar: str, round_: str = YEAR) -> Settings:
    loaded, found = load_settings(f'[round]\n{round_}{calendar}[standard]\ndefault = "small"\n'.encode())
    assert loaded is not None, [finding.text for finding in found]
    return loaded


def told(calendar: str, round_: str = YEAR) -> list[str]:
    _, found = load_settings(f'[round]\n{round_}{calendar}[standard]\ndefault = "small"\n'.encode())
    return [finding.text for finding in found]


BELONGING = """
日历  | 日期        | 写在  | 轮次 | 说明
半年  | 2026-06-30 | 年终 | 半年 |
半年  | 2026-07-01 | 半年 | 年终 |
半年  | 2025-12-31 | 半年 |      | 不在“半年、年终”各轮期间
补考  | 2027-01-15 | 年终 |      | 属于“补考”，不在本次测算的轮次
-    | 2026-03-01 | 半年 | 半年 |
-    | 2026-03-01 | 年终 |      | 不在“半年、年终”各轮期间
-    | 2026-08-01 | 半年 | 年终 |
"""


@pytest.mark.parametrize("line", rows(BELONGING), ids=lambda line: "-".join(line.values()))
def test_a_record_belongs_to_the_round_whose_days_hold_it(line: dict[str, str]) -> None:
    """Whatever form it is written on; a round whose days nobody told takes the rows of its own form."""
    calendar = {"半年": HALF, "补考": HALF + NEXT, "-": ""}[line["日历"]]
    rounds = RecordRounds.of(settings(calendar), standard(HALVES))
    assert rounds.taken == ("半年", "年终")
    found = rounds.round_of(line["日期"], line["写在"])
    assert found == line["轮次"]
    assert found or rounds.where(line["日期"]) == line["说明"]


def test_one_round_without_days_takes_every_record() -> None:
    rounds = RecordRounds.of(settings("", 'year = 2026\nname = "年终"\n'), standard(COMMITTEE + indicator("班子", 100)))
    assert rounds.round_of("1999-01-01", "") == "年终"


CONTRADICTIONS = (
    (HALF + HALF, ["错误 第11行 calendar[2].round：轮次“半年”写了两次"]),
    (
        HALF.replace("06-30", "07-01"),
        ["错误 第6行 calendar[1]：“半年”和本轮“年终”有重叠的日期，一条记录会属于两个轮次"],
    ),
    (
        HALF + '[[calendar]]\nround = "补考"\nbegins = "2026-06-30"\nends = "2026-06-30"\n',
        ["错误 第10行 calendar[2]：“半年”和“补考”有重叠的日期，一条记录会属于两个轮次"],
    ),
    (
        '[[calendar]]\nround = "年终"\nends = "2026-12-30"\n',
        ["错误 第8行 calendar[1].ends：与“轮次”里的 2026-12-31 不一致；写一处就可以"],
    ),
    (HALF.replace("2026-06-30", "六月底"), ["错误 第9行 calendar[1].ends：日期写成 2026-03-31 的样子"]),
    (
        HALF.replace("2026-01-01", "2026-07-30"),
        ["错误 第9行 calendar[1].ends：最后一天 2026-06-30 早于第一天 2026-07-30"],
    ),
    (HALF + 'due = "6月20日"\n', ["错误 第10行 calendar[1].due：日期写成 2026-03-31 的样子"]),
    (
        HALF + 'due = { "自评" = "2026-06-20" }\n',
        ["错误 第10行 calendar[1].due.自评：没有“自评”这种表；是不是“自评表”；其余各表写 default"],
    ),
)


@pytest.mark.parametrize(("calendar", "expected"), CONTRADICTIONS, ids=[texts[0] for _, texts in CONTRADICTIONS])
def test_a_calendar_that_contradicts_itself_is_told(calendar: str, expected: list[str]) -> None:
    assert told(calendar) == expected


def test_by_when_a_form_is_due() -> None:
    one = RoundDays(round="年终", due="2026-12-10")
    several = RoundDays(round="年终", due={"自评表": "2026-12-01", "default": "2026-12-10"})
    assert [one.due_by("自评表"), several.due_by("自评表"), several.due_by("测评表")] == [
        "2026-12-10",
        "2026-12-01",
        "2026-12-10",
    ]
    assert RoundDays(round="年终").due_by("自评表") == ""


def test_the_current_rounds_days_may_stand_in_either_place() -> None:
    here = settings("", YEAR).days_of("年终")
    there = settings('[[calendar]]\nround = "年终"\nbegins = "2026-07-01"\n', 'year = 2026\nname = "年终"\n')
    assert (here.begins, here.ends) == ("2026-07-01", "2026-12-31")
    assert there.days_of("年终").begins == "2026-07-01"
    assert not there.days_of("半年").told
    assert load_scheme((HEAD + HALVES).encode())[0] is not None


PREVIOUS: tuple[tuple[str, list[str]], ...] = (
    ("2025 年终", []),
    ("无", []),
    ("2025年终", ["写成 2025 年终 的样子（年度、空格、轮次），没有上期的写“无”"]),
    ("年终", ["写成 2025 年终 的样子（年度、空格、轮次），没有上期的写“无”"]),
    ("2026 年终", ["这是本轮自己"]),
)


@pytest.mark.parametrize(("written", "expected"), PREVIOUS)
def test_the_round_before_is_written_as_stamps_print_it(written: str, expected: list[str]) -> None:
    found = told("", f'{YEAR}previous = "{written}"\n')
    assert [one.partition("：")[2] for one in found] == expected
