"""Rules told in Chinese, as forms and reports print them."""

from __future__ import annotations

import pytest

from dingji.scheme.describe import condition_words, rule_words
from tests.small_standard import standard


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("once = -2", "−2分"),
        ("once = [-1, -4]", "−1至−4分（酌情）"),
        ("once = [4, 1]", "+1至+4分（酌情）"),
        ("once = [-2, 3]", "−2至+3分（酌情）"),
        ('unit = "%", under = "95%", once = -1', "不足95%−1分"),
        ('unit = "次", over = 3, once = -1', "超过3次−1分"),
        ('unit = "学时", under = 8, each = -1', "不足8学时，每少1学时−1分"),
        ('unit = "次", each = -0.5', "每1次−0.5分"),
        ('unit = "%", over = "30%", per = "10%", each = 1', "超过30%，每多10%+1分"),
        ('unit = "名", over = 1, each = -2', "超过1名，每多1名−2分"),
        ('of = "最低(信访) / 信访", each = 20', "×20分"),
        ('options = { "健全" = 2, "不健全" = 0 }', "健全+2分；不健全0分"),
        ('options = { "未开展" = -4, "效果不好" = [-1, -3] }', "未开展−4分；效果不好−1至−3分（酌情）"),
        ('unit = "篇", options = { "省级" = 2, "市级" = 0.5 }', "省级+2分；市级+0.5分（×篇数）"),
        (
            'of = "满意率", bands = [{ from = "90%", points = 0 }, { from = "1/3", points = -5 }, { points = -15 }]',
            "90%及以上0分；1/3及以上−5分；其余−15分",
        ),
        (
            'unit = "元", bands = [{ from = 4500, when = "类别 = \'机关\'", points = 5 }, { points = 0 }]',
            "4500元及以上且类别 = “机关”：+5分；其余0分",
        ),
        ('unit = "人"', "只填事实，不计分"),
    ],
)
def test_a_rule_is_told_in_short(rule: str, words: str) -> None:
    scheme = standard(
        f"""
[[sources]]
name = "评定"
form = "survey"
questions = ["评价"]
options = {{ "好" = 1 }}
shares = {{ "满意率" = ["好"] }}
weight = 100
[[indicators]]
name = "班子"
full = 100
rules = [{{ name = "信访", unit = "件" }}, {{ name = "规则", {rule} }}]
"""
    )
    assert rule_words(scheme.indicators[0].rules[1]) == words


CONDITIONS = [
    ("等次 = '好' and 轮次 = '年终'", "等次 = “好” 且 轮次 = “年终”", False),
    ("满意率 < 90% or not 类别 in ('机关', '医技')", "满意率 < 90% 或 不是 类别 属于 (“机关”, “医技”)", True),
    ("最高(综合得分) - 综合得分 >= 5", "最高(综合得分) − 综合得分 ≥ 5", False),
    ("“党费 收缴” != 0 and 甲 = 'and'", "“党费 收缴” ≠ 0 且 甲 = “and”", False),
    ("(甲 or 乙) and 1/3 * 丙 <= 2", "(甲 或 乙) 且 1/3 × 丙 ≤ 2", False),
    ("不完整 (", "不完整 (", False),
]


@pytest.mark.parametrize(("condition", "words", "brackets"), CONDITIONS)
def test_a_condition_is_told_as_people_say_it(condition: str, words: str, brackets: bool) -> None:  # noqa: FBT001
    assert condition_words(condition) == words
    assert condition_words(condition, beside=True) == (f"（{words}）" if brackets else words)
