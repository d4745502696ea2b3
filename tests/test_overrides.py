"""What an office settles for itself: the keys of tables with `choice`, and nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from dingji.scheme.load import load_scheme
from dingji.scheme.overrides import override
from tests.small_standard import HEAD

STANDARD = """
[rounding]
places = 2
choice = "通知没有写"
[[sources]]
name = "自评"
form = "self"
weight = 40
choice = "通知没有写权重"
[[sources]]
name = "评定"
form = "committee"
weight = 60
[[indicators]]
name = "班子"
full = 100
items = [{ no = 1, full = 40, choice = "分值自定" }, { no = 2, full = 60 }]
rules = [
  { name = "迟报", item = 1, once = -1 },
  { name = "缺会", item = 2, unit = "次", choice = "分档自定", bands = [{ from = 3, points = -5 }, { points = 0 }] },
]
"""


def chosen(**choices: Any) -> tuple[Any, list[str]]:  # noqa: ANN401 - as config.toml has them
    scheme, found = load_scheme((HEAD + STANDARD).encode(), choices)
    return scheme, [finding.text for finding in found]


def test_without_choices_the_standard_stands() -> None:
    scheme, found = chosen()
    assert found == []
    assert scheme.rounding.places == 2


def test_tables_with_a_choice_are_open_by_key_by_name_and_by_number() -> None:
    bands = [{"points": -1}]
    scheme, found = chosen(**{
        "rounding.places": 1,
        "rounding.before_grading": False,
        "sources.自评.weight": 40,
        "indicators.班子.items.1.full": 40,
        "indicators.班子.rules.缺会.bands": bands,
    })  # fmt: skip
    assert found == []
    assert (scheme.rounding.places, scheme.rounding.before_grading) == (1, False)
    assert [int(item.full) for item in scheme.indicators[0].items] == [40, 60]
    assert [band.points for band in scheme.indicators[0].rules[1].bands] == [(Decimal(-1), Decimal(-1))]


CLOSED = "标准没有把这里留给本单位自定（没有写理由），不能在设置里改"
NOWHERE = "标准中没有这个位置"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("sources.评定.weight", CLOSED),
        ("full", CLOSED),
        ("indicators.班子.full", CLOSED),
        ("indicators.班子.items.2.full", CLOSED),
        ("indicators.班子.rules.迟报.once", CLOSED),
        ("sources.互评.weight", NOWHERE),
        ("sources.0.weight", NOWHERE),
        ("sources.自评.weight.年初", NOWHERE),
        ("indicators.班子.rules.缺会.bands.0.points", NOWHERE),
        ("nothing.at.all", NOWHERE),
        ("sources.自评.choice", "choice 是自定的理由，不能改"),
    ],
)
def test_everything_else_is_closed(path: str, words: str) -> None:
    scheme, found = chosen(**{path: 1})
    assert scheme is None
    assert found == [f"错误 choices.{path}：{words}"]


def test_every_wrong_choice_is_told() -> None:
    _, found = chosen(**{"full": 1, "sources.无.weight": 1, "rounding.places": 0})
    assert len(found) == 2


def test_a_choice_is_held_to_what_the_standard_would_be() -> None:
    assert chosen(**{"sources.自评.weigth": 1})[1] == ["错误 第7行 sources[1].weigth：没有这个键；是不是 weight"]
    assert chosen(**{"rounding.places": "一"})[1] == ["错误 第5行 rounding.places：应是整数"]
    assert chosen(**{"sources.自评.weight": 50})[1] == ["错误 第7行 sources：各来源的权重合计 110，应为 100"]


def test_the_standard_read_from_the_file_is_left_as_it_was() -> None:
    data = {"rounding": {"places": 2, "choice": "自定"}}
    changed, found = override(data, {"rounding.places": 1})
    assert found == []
    assert (changed["rounding"]["places"], data["rounding"]["places"]) == (1, 2)
