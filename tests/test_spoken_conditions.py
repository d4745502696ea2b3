"""Conditions in workbooks: their few words in Chinese, and back to the letter."""

from __future__ import annotations

import pytest

from dingji.book.notation import Spoken

CONDITION = Spoken("条件")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("等次 = '好' and 轮次 = '年终'", "等次 = '好' 并且 轮次 = '年终'"),
        ("not 有证明 or 等次 in ('一般', '差')", "不是 有证明 或者 等次 属于 ('一般', '差')"),
        ("(甲 > 1  and 乙 > 1)or not(丙 > 1)", "(甲 > 1  并且 乙 > 1)或者 不是(丙 > 1)"),
        ("类别 = 'and' and “并且” > 1", "类别 = 'and' 并且 “并且” > 1"),
        ("类别 = ' and", "类别 = ' and"),
    ],
)
def test_the_words_of_a_condition_are_chinese_in_a_cell(written: str, shown: str) -> None:
    assert CONDITION.write(written) == shown
    assert CONDITION.read(shown) == written


def test_a_name_that_is_such_a_word_is_kept_as_the_standard_writes_it() -> None:
    assert CONDITION.read(CONDITION.write("并且 > 1")) == "并且 > 1"


def test_the_standards_own_words_are_read_too() -> None:
    assert CONDITION.read("甲 > 1 and 乙 > 1") == "甲 > 1 and 乙 > 1"
