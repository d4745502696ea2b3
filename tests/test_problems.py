"""The catalogue: every class of problem in words, on one line, at its fixed level."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dingji
from dingji.problem_catalogue import CATALOGUE, LEVELS
from dingji.problems import Problem, describe, level_of, place_of, shown

FAMILIES = {"E": {"refuse", "act"}, "W": {"warning"}, "N": {"note"}}
SOURCES = sorted(Path(dingji.__file__).parent.rglob("*.py"))


def fields(code: str) -> set[str]:
    """Return what the words of a class need beside the value found."""
    kind = CATALOGUE[code]
    named = {name for text in (kind.title, kind.words, kind.mend) for _, name, _, _ in Formatter().parse(text) if name}
    return named - {"found"}


def example(code: str, value: str = "某某") -> Problem:
    return Problem(
        code,
        "表.xlsx",
        "自评表",
        "G9",
        subject="党费缴纳",
        found="2.5",
        unit="ZB01",
        values=dict.fromkeys(fields(code), value),
    )


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_class_is_told_in_words(code: str) -> None:
    line = describe(example(code))
    assert line.text.startswith(f"{code} 表.xlsx ▸ 自评表 ▸ G9（党费缴纳）＝ 2.5，")
    assert "{" not in line.text
    assert "}" not in line.text
    assert line.text.count("改法：") == 1
    assert line.text.endswith("。")
    assert "。。" not in line.text
    assert line.level == LEVELS[level_of(example(code))]
    assert line.title == line.title.strip() != ""


@pytest.mark.parametrize("code", CATALOGUE)
def test_the_letter_tells_the_level(code: str) -> None:
    assert re.fullmatch(r"[EWN][1-6]\d\d", code)
    assert CATALOGUE[code].level in FAMILIES[code[0]]


def test_no_number_means_two_things() -> None:
    numbers = [code[1:] for code in CATALOGUE]
    assert len(numbers) == len(set(numbers))


def test_every_code_in_the_program_is_in_the_catalogue() -> None:
    found = {code for path in SOURCES for code in re.findall(r'"([EWN]\d{3})"', path.read_text("utf-8"))}
    assert found - set(CATALOGUE) == set()


def test_words_as_the_contract_prints_them() -> None:
    problem = Problem(
        "E203", "三支部自评.xlsx", "自评表", "G9", subject="党费缴纳", found="2.5", values={"low": "0", "full": "2"}
    )
    assert describe(problem).text == (
        "E203 三支部自评.xlsx ▸ 自评表 ▸ G9（党费缴纳）＝ 2.5，超过满分 2 分。改法：填 0–2 之间的数。"
    )


PLACES = [
    (Problem("E104", "空.xlsx"), "空.xlsx", "E104 空.xlsx，文件大小为 0。"),
    (Problem("W512"), "", "W512 没有收到情形申报"),
    (Problem("E204", "表.xlsx", "自评表", subject="第3项"), "表.xlsx ▸ 自评表（第3项）", "E204 表.xlsx ▸ "),
]


@pytest.mark.parametrize(("problem", "place", "start"), PLACES)
def test_what_is_not_known_is_left_out(problem: Problem, place: str, start: str) -> None:
    assert place_of(problem) == place
    assert describe(problem).text.startswith(start)


# --- foreign text -----------------------------------------------------------------------------------------

FOREIGN = [
    "第一行\n第二行\r\n\t第三行",
    "\x00\x07\x1b[31m红",
    "\u202e倒着\u2066读",
    "{found} {0} {values[low]} %s",
    '=HYPERLINK("x")',
    "<script>alert(1)</script>",
    "字" * 100_000,
    " " * 100_000 + "末尾",
    "䶮𬱟",
]


@pytest.mark.parametrize("text", FOREIGN, ids=range(len(FOREIGN)))
@pytest.mark.parametrize("code", ["E201", "W109", "E301", "E310", "E113"])
def test_foreign_text_is_inert_short_and_on_one_line(code: str, text: str) -> None:
    values = dict.fromkeys(fields(code), text)
    told = describe(Problem(code, text, text, "G9", subject=text, found=text, unit=text, values=values)).text
    assert len(told) < 2_000
    assert told.isprintable()
    assert "改法：" in told


@given(st.text(), st.integers(5, 80))
def test_shown_is_short_and_printable(text: str, limit: int) -> None:
    result = shown(text, limit)
    assert len(result) <= limit
    assert result.isprintable()
    assert shown(result, limit) == result


def test_a_short_text_is_shown_as_it_is() -> None:
    assert shown("4.5 分") == "4.5 分"
    assert shown("甲" * 41) == "甲" * 39 + "…"


def test_braces_typed_by_someone_are_not_filled_in() -> None:
    line = describe(
        Problem("E203", "表", "表", "A1", subject="x", found="{full}", values={"low": "0", "full": "{found}"})
    )
    assert "＝ {full}，超过满分 {found} 分" in line.text
