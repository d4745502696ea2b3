"""What the linter says of candidates and places, and of targets."""

from __future__ import annotations

import pytest

from tests.drawn import rows
from tests.small_standard import COMMITTEE, GRADES, findings, five_good, indicator

BASE = 'rounds = ["年初", "年终"]\n' + COMMITTEE + GRADES + indicator("班子", 100)

CANDIDATES = """
写法                                      | 说的是
grade = "好"; at_most = "40%"             |
flag = "推荐"; bottom = 3; places = 1     | 错误 places 是差额推荐的实际名额，要与 top（取几个作候选）同写
flag = "推荐"; top = 2; places = 2        | 提醒 候选 2 个，不多于名额 2 个，不是差额推荐
flag = "推荐"; top = "30%"; places = 2    |
flag = "推荐"; top = 3; places = 2        |
"""


@pytest.mark.parametrize("line", rows(CANDIDATES), ids=lambda line: line["写法"])
def test_candidates(line: dict[str, str]) -> None:
    text = BASE + "[[quotas]]\n" + line["写法"].replace("; ", "\n") + "\n"
    words = {"error": "错误", "warning": "提醒"}
    assert [f"{words[one.severity]} {one.words}" for one in findings(text)] == [line["说的是"]] * bool(line["说的是"])


TARGETS = """
写法                        | 说的是
at_least = "95%"            |
at_least = 3                |
at_least = "95%"; rounds = "年终" |
at_least = "95%"; rounds = "年底" | “目标”写了没有的轮次“年底”；是不是“年终”
at_least = "950%"           | “目标”的下限 950% 超过 100%
"""


@pytest.mark.parametrize("line", rows(TARGETS), ids=lambda line: line["写法"])
def test_targets(line: dict[str, str]) -> None:
    text = BASE + '[[targets]]\nname = "目标"\nout_of = "一般"\nto = "好"\n' + line["写法"].replace("; ", "\n") + "\n"
    assert [one.words for one in findings(text)] == [line["说的是"]] * bool(line["说的是"])


def test_the_five_good_recommend_more_candidates_than_places() -> None:
    (quota,) = five_good().quotas
    assert quota.top is not None
    assert quota.places == 2
