"""A standard read back: every key that it may have is told, so that nothing differs from the notice unseen."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

import pytest

from dingji.scheme.load import known_keys, load_scheme
from dingji.scheme.model import Scheme
from dingji.scheme.sentences import as_lines

BASE = """
id = "plain"
title = "定级标准"
rounds = ["年初", "年终"]
[[roster]]
name = "社区类型"
[rounding]
[[grades]]
name = "好"
from = 90
[[grades]]
name = "差"
[[sources]]
name = "测评"
form = "survey"
marks = "options"
questions = ["总体", "作风"]
options = { "满意" = 100, "不满意" = 0 }
shares = { "满意率" = ["满意"] }
weight = 50
[[sources]]
name = "评定"
form = "committee"
weight = 50
[[indicators]]
name = "组织"
full = 100
items = [{ no = 1, full = 100 }]
rules = [
  { name = "缺席", unit = "次", each = -1 },
  { name = "迟到", unit = "次" },
  { name = "早退", unit = "次", each = -1 },
  { name = "反映", of = "满意率", bands = [{ from = "90%", points = 0 }, { points = -5 }] },
]
[[indicators]]
name = "奖励"
bonus = true
rules = [{ name = "表彰", options = { "省级" = 2 } }]
[[situations]]
name = "违纪"
for = "社区类型 = '城市'"
grade = "差"
[[situations]]
name = "表扬"
flag = "宣传"
[[situations]]
name = "通报"
points = -5
[[situations]]
name = "退休"
when = "社区类型 = '退休'"
no_grade = "不评"
[[quotas]]
grade = "好"
at_most = "40%"
[[quotas]]
flag = "推荐"
top = 2
[[honours]]
name = "先进"
by = "list"
[[targets]]
name = "晋位率"
out_of = "差"
to = "好"
at_least = "95%"
[[days]]
name = "报方案"
by = "4月27日"
[[examples]]
name = "一般"
typed = { "评定" = { "组织" = 90 } }
expected = { "评定" = 90 }
"""

EDITS = """
[""]
id = "other"
version = 2
title = "另一个"
work = "评星"
unit = "村"
signer = "书记"
document = "附件"
procedure = "会议研究"
full = 90
bounded = "item"
scaled = true
min = 0
max = 110
rounds = { "年初" = 40, "年终" = 60 }
drop_lowest = 1
drop_highest = 1
required = "收件登记"
choice = "自定"
["rounding"]
places = 1
before_grading = false
choice = "自定"
["grades.0"]
name = "优"
from = 85
when = "满意率 > 90%"
follow_up = "总结"
rectify = true
papers = "承诺书"
visits = "每季一次"
choice = "自定"
["roster.0"]
name = "类型"
values = ["城市", "农村"]
unit = "人"
choice = "自定"
["sources.0"]
questions = { "总体" = 60, "作风" = 40 }
options = { "满意" = 90, "不满意" = 0 }
apart = ["弃权"]
shares = { "满意率" = ["不满意"] }
out_of = "due"
groups = { "党员" = 60, "群众" = 40 }
min_ballots = 3
min_turnout = "1/2"
["sources.1"]
name = "评审"
title = "述职评议表"
form = "peer"
marks = "items"
weight = 40
combine = "median"
trim = 1
min_raters = 3
rates = 4
in = "测评"
required = false
missing = 0
choice = "自定"
["indicators.0"]
name = "班子"
full = 90
text = "配齐配强"
for = "类别 = '机关'"
by = "评定"
exempt = "党员数 < 7"
start = 0
min = "none"
max = "none"
bounded = "item"
scaled = true
in = "奖励"
bonus = true
choice = "自定"
["indicators.0.items.0"]
no = 2
full = 90
text = "配齐"
for = "类别 = '机关'"
by = "评定"
exempt = "党员数 < 7"
start = 0
min = 5
max = 95
choice = "自定"
["indicators.0.rules.0"]
name = "旷会"
item = 1
of = "满意率"
unit = "人"
each = -2
under = 4
over = 5
per = 2
round = "ceil"
min = -5
max = 5
for = "类别 = '机关'"
evidence = true
missing = 0
choice = "自定"
["indicators.0.rules.1"]
unit = "人次"
once = -1
options = { "多" = -2 }
bands = [{ points = -2 }]
["indicators.0.rules.3.bands.0"]
from = "80%"
when = "类别 = '机关'"
points = 1
choice = "自定"
["indicators.1"]
text = "以文件为准"
same_work = "sum"
min = -5
max = 5
for = "类别 = '机关'"
["situations.0"]
name = "违法"
when = "满意率 < 60%"
for = "类别 = '机关'"
grade = "好"
choice = "自定"
["situations.1"]
score = 0
points = -5
factor = 1.05
at_least = "好"
at_most = "好"
grade = "差"
no_grade = "不定"
up = 2
down = 2
flag = "约谈"
["situations.2"]
of = "迟到"
["situations.3"]
excused = true
["quotas.0"]
name = "名额"
grade = "差"
at_most = "30%"
at_least = 1
about = "30%"
out_of = "all"
within = "类别"
round = "ceil"
ties = "all"
min = 1
choice = "自定"
["quotas.1"]
flag = "表彰"
top = 3
bottom = 2
among = "满意率 > 90%"
places = 1
["targets.0"]
name = "率"
out_of = "好"
to = "差"
at_least = 1
rounds = "年终"
choice = "自定"
["days.0"]
name = "报总结"
by = ["4月27日", "9月5日"]
begins = "4月1日"
who = "各党总支"
rounds = "年终"
choice = "自定"
["honours.0"]
name = "优秀"
by = "stars"
flag = "宣传"
places = 2
margin = "20%"
rounds = "年终"
choice = "自定"
["examples.0"]
name = "满分"
round = "年终"
typed = { "评定" = { "组织" = [90, 80] } }
expected = { "评定" = 85 }
choice = "自定"
"""
"""Keys and values that differ from the base, by the table in which they stand."""

TABLES = {
    "roster",
    "rounding",
    "grades",
    "sources",
    "indicators",
    "situations",
    "quotas",
    "targets",
    "days",
    "honours",
    "examples",
    "items",
    "rules",
}
BESIDE = {"trim_from", "seed"}
"""What is told only beside another key."""


def base() -> dict[str, Any]:
    """Return the base standard's data."""
    return tomllib.loads(BASE, parse_float=Decimal)


def read_back(data: dict[str, Any]) -> str:
    """Return a standard's sentences, whether or not the linter would have it."""
    return "\n".join(as_lines(Scheme.model_validate(data)))


CASES = [
    (table, key, value) for table, edits in tomllib.loads(EDITS, parse_float=Decimal).items()
    for key, value in edits.items()
]  # fmt: skip


def test_the_base_is_a_standard() -> None:
    scheme, found = load_scheme(BASE.encode())
    assert scheme is not None
    assert [finding.text for finding in found] == []


@pytest.mark.parametrize(("table", "key", "value"), CASES, ids=[f"{table}.{key}" for table, key, _ in CASES])
def test_a_key_is_told(table: str, key: str, value: object) -> None:
    data = base()
    target: Any = data
    for part in table.split(".") if table else ():
        target = target[int(part) if part.isdigit() else part]
    target[key] = value
    assert read_back(data) != read_back(base())


def test_no_key_is_left_out() -> None:
    """What a table may have is edited above, or told by what stands beside it."""
    edited: dict[tuple[str, ...], set[str]] = {}
    for table, key, _ in CASES:
        edited.setdefault(tuple(part for part in table.split(".") if part and not part.isdigit()), set()).add(key)
    for path, keys in edited.items():
        assert set(known_keys(Scheme, path)) - keys - TABLES - BESIDE == set(), path
