"""A file that could not be read and has a branch's name is told beside the form that the branch owes."""

from __future__ import annotations

import pytest

from dingji.intake.likely_files import likely_files
from dingji.problems import describe
from tests.drawn import rows
from tests.papers import SELF, good, outcome_of, told

WANTING = (("一支部", "自评表"), ("一支部", "测评表"), ("十一支部", "自评表"))
FILES = """
文件                       | 可能是
自评表/ZB01_一支部_自评表.xlsx | 一支部自评表
一 支部的自评表.xlsx          | 一支部自评表
一支部.rar                   | 一支部自评表 一支部测评表
十一支部 自评表.xlsx          | 十一支部自评表
十一支部 测评表.xlsx          |
二支部 自评表.xlsx            |
二十一支部 自评表.xlsx        |
通讯录.xlsx                  |
全部测评表.xlsx               |
"""


@pytest.mark.parametrize("line", rows(FILES), ids=lambda line: line["文件"])
def test_whose_form_a_file_may_be(line: dict[str, str]) -> None:
    found = likely_files(WANTING, [line["文件"]], [*WANTING, ("二十一支部", "自评表")])
    assert [f"{owner}{title}" for owner, title in found] == line["可能是"].split()
    assert all(paths == [line["文件"]] for paths in found.values())


@pytest.mark.parametrize(
    ("file", "expected"), [("全部测评表.xlsx", ["一支部"]), ("二支部 测评表.xlsx", []), ("通讯录.xlsx", [])]
)
def test_a_file_too_large_may_be_everybodys(file: str, expected: list[str]) -> None:
    known = [*WANTING, ("二支部", "测评表")]
    assert [owner for owner, _ in likely_files(WANTING, [file], known, {file})] == expected


def test_the_file_is_told_beside_what_is_wanting() -> None:
    (problem,) = told(outcome_of({**good(), SELF: b"no workbook at all"}).problems, "E310")
    assert describe(problem).words == f"没有收到自评表；没有读进来的“{SELF}”可能就是，先看它为什么没读进来"
