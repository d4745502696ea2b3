"""Reading a standard: the one that ships is right; of a wrong one every mistake is told at once, with its line."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from dingji.scheme.finding import Finding
from dingji.scheme.load import load_scheme, read_toml
from dingji.scheme.positions import line_of
from tests.drawn import rows
from tests.small_standard import HEAD, findings, five_good, standard

SCHEMES = Path(__file__).parents[1] / "schemes"

RIGHT = """
[[sources]]
name = "评定"
form = "committee"
weight = 100
[[indicators]]
name = "班子"
full = 100
"""


@pytest.mark.parametrize("path", sorted(SCHEMES.glob("*.toml")), ids=lambda path: path.stem)
def test_a_standard_that_ships_is_read_without_a_finding(path: Path) -> None:
    scheme, found = load_scheme(path.read_bytes())
    assert [finding.text for finding in found] == []
    assert scheme is not None
    assert scheme.id == path.stem


def test_five_good_is_as_the_notice_has_it() -> None:
    scheme = five_good()
    assert [int(indicator.full or 0) for indicator in scheme.indicators] == [10, 20, 20, 30, 20]
    items = [[int(item.full or 0) for item in indicator.items] for indicator in scheme.indicators]
    assert items == [[4, 2, 2, 2], [5, 5, 4, 4, 2], [5, 3, 5, 5, 2], [5, 10, 5, 10], [20]]
    assert [source.name for source in scheme.sources_in("年初")] == ["自评", "党群评分", "党委评定"]
    assert [source.weight_in("年终") for source in scheme.sources_in("年终")] == [30 - 10, 20, 20, 40]
    assert [situation.effect for situation in scheme.situations] == ["grade"] * 4


def test_numbers_are_read_as_written() -> None:
    scheme, found = load_scheme((HEAD + RIGHT.replace("100", "100.1", 1)).encode())
    assert scheme is None
    assert "权重合计 100.1，" in found[0].text
    data, _, _ = read_toml(b"a = 0.1")
    assert data["a"] == Decimal("0.1")


def test_a_notepad_mark_and_windows_line_ends_do_no_harm() -> None:
    raw = (HEAD + RIGHT).replace("\n", "\r\n").encode("utf-8-sig")
    scheme, found = load_scheme(raw)
    assert found == []
    assert scheme is not None


def test_another_encoding_is_told() -> None:
    scheme, found = load_scheme((HEAD + RIGHT).encode("gb18030"))
    assert scheme is None
    assert [finding.text for finding in found] == ["错误：文件不是 UTF-8 编码；请另存为 UTF-8"]


KEY, WORD = '中文键名要加英文双引号，如 "年初" = 30', '文字要加英文双引号，如 name = "好"'
WIDE, OTHER = "用了全角引号或符号；请改成英文半角", "写法不对：检查引号、逗号和括号是否成对"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("年初 = 30", KEY),
        ("weight = { 年初 = 30 }", KEY),
        ('weight = { "年初" = 30, 年终 = 70 }', KEY),
        ("[指标]", KEY),
        ("[[指标]]", KEY),
        ("name = 好", WORD),
        ('apart = ["弃权", 不了解]', WORD),
        ("name = “好”", WIDE),
        ("name ＝ 3", WIDE),
        ("weight = ｛ a = 1 ｝", WIDE),
        ('a = ["甲"，"乙"]', WIDE),
        ('text = "甲，乙“丙”" 丁', OTHER),
        ("a = 1 # 说明，说明\na = 2", "同一个键或表写了两次"),
        ("a = = 2", OTHER),
        ("a = [1, 2", OTHER),
        ('a = "好', "英文双引号不成对"),
        ("scaled = True", "是与否写成小写的 true 或 false"),
        ("scaled = 是", "是与否写成小写的 true 或 false"),
        ("weight = 20%", '比率要加英文双引号，如 "90%"'),
        ("weight = 1/3", '比率要加英文双引号，如 "90%"'),
        ("from = 90分", "数字后面不写单位"),
        ("from = ９０", WIDE),
        ("rules = [{ once = －5 }]", WIDE),
        ('a = ["甲"、"乙"]', WIDE),
        ("【【grades】】", WIDE),
        ("from 90", "键和值之间要写英文等号 ="),
        ("from: 90", "键和值之间要写英文等号 ="),
        ("from = 90;", "行末不写分号"),
        ("from = 090", "数字前面不写 0；电话、编码要加英文双引号"),
        ("phone = 0771-5555", WORD),
        ("year = 2026年", "数字后面不写单位"),
        ("from = 89,5", "小数点要写成英文句点"),
        ('options = { "甲" = 1,', "花括号里的内容要写在同一行里"),
        ('when = "类别 = "机关""', "双引号之内的文字用英文单引号，如 \"类别 = '机关'\""),
        ('[grades]\nname = "好"\n[[grades]]', "可以有几张的表，表头都要写两层方括号：[[grades]]"),
        ("rules = [\n{ once = -1 }\n{ once = -2 },\n]", "这一行末尾少了英文逗号"),
        ("rules = [\n[[grades]]", "这一行的括号没有配上另一半"),
    ],
)
def test_a_slip_of_the_pen_is_told_with_its_line(line: str, words: str) -> None:
    found = findings(f"{line}\nb = 1\n")
    assert [finding.words for finding in found] == [words]
    assert found[0].text == f"错误 第{found[0].line}行：{words}" if found[0].line else f"错误：{words}"
    assert found[0].line in (0, 3, 4)


SLIPS = """
[[grades]]
name = “好”
from = 90分
[[sources]]
权重 = 20
weight = 30%
apart = ["弃权"，"不了解"]
rules = [
  { name = 缺席, once = -1 },
  { name = "迟到", once = －1 },
]
scaled = True
[[grades]]
name = "差"
name = "较差"
"""


def test_slips_of_the_pen_are_told_together() -> None:
    _, _, found = read_toml(SLIPS.encode())
    assert [finding.line for finding in found] == [3, 4, 6, 7, 8, 10, 11, 13, 16]
    assert len({finding.words for finding in found}) == 7


def test_what_cannot_be_passed_over_ends_the_list() -> None:
    _, _, found = read_toml("a = 全\nb = [\n[c]\nd = 全\n".encode())
    assert [(finding.line, finding.words) for finding in found] == [(1, WORD), (2, "这一行的括号没有配上另一半")]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ('[quotas]\ngrade = "好"', "可以有几张的表，表头都要写两层方括号：[[quotas]]"),
        ('[[quotas]]\nrounds = ["年初"]', "没有这个键；它要写在文件最前面，任何 [表] 之前"),
        ("[[sources]]\ntrim = -1", "不能小于 0"),
    ],
)
def test_a_thing_in_the_wrong_place_is_told_where_it_belongs(wrong: str, words: str) -> None:
    assert words in [finding.words for finding in findings(wrong)]


WRONG = """
rounding = { places = 9 }
[[sources]]  # 自评
name = "自评"
form = "selff"
weight = "三十"
trim = "2"
required = "yes"
[[sources]]
form = ["committee"]
weight = { "年初" = 30, "年终" = "七十" }
[[indicators]]
name = 5
full = "10"
items = [
  { no = "1", full = 4 },
  # 说明 { 假的 = 1 }
  { no = 2, ful = 4, text = "甲，{ 乙 } = [丙]" },
]
rules = [
  { name = "不按期换届", onec = -2 },
  { name = "换届", once = [-2] },
  { name = "学时", under = "八", each = true },
  { name = "满意率", bands = [
    { from = "90%", points = 0 },
    { form = "80%", points = 5 },
  ] },
]
[[indicators]]
name = "队伍"
full = nan
start = 1
[[grades]]
name = "好"
start = 90
"""

TOLD = """
行  | 位置                                | 说明
4  | rounding.places                    | 不能大于 6
7  | sources[1].form[1]                 | 只能是 'self'、'survey'、'committee'、'peer'、'records' 之一
8  | sources[1].weight                  | 应是数字，或写成 "90%"、"1/3" 的比率；或应是表，写在花括号里
9  | sources[1].trim                    | 应是整数
10  | sources[1].required                | 应是 true 或 false
11 | sources[2].name                    | 缺少必填的键
13 | sources[2].weight.年终              | 应是数字，或写成 "90%"、"1/3" 的比率
15 | indicators[1].name                 | 应是加引号的文字
16 | indicators[1].full                 | 应是数字，不加引号
18 | indicators[1].items[1].no          | 应是整数
20 | indicators[1].items[2].ful         | 没有这个键；是不是 full
23 | indicators[1].rules[1].onec        | 没有这个键；是不是 once
24 | indicators[1].rules[2].once        | 应是数字，不加引号
25 | indicators[1].rules[3].each        | 应是数字，不加引号
25 | indicators[1].rules[3].under       | 应是数字，或写成 "90%"、"1/3" 的比率
28 | indicators[1].rules[4].bands[2].form | 没有这个键；是不是 from
33 | indicators[2].full                 | 应是数字，不加引号
37 | grades[1].start                    | 没有这个键
"""


def test_every_mistake_is_told_at_once_with_path_and_line() -> None:
    found = findings(WRONG)
    told = {(finding.line, finding.text.split("：", 1)[0].split(" ")[-1]): finding.words for finding in found}
    assert told == {(int(row["行"]), row["位置"]): row["说明"] for row in rows(TOLD)}
    assert {finding.severity for finding in found} == {"error"}


def test_a_finding_reads_as_one_line() -> None:
    finding = Finding("error", ("sources", 0, "weight"), "应是数字", 7)
    assert finding.text == "错误 第7行 sources[1].weight：应是数字"
    assert Finding("warning", (), "序号跳过了 3").text == "提醒：序号跳过了 3"


POSITIONS = '''a = 1
b.c = """
two lines"""
[table] # 说明
"年初" = [1,
  2, # [
  { x = { y = "]" } },
]
[[list]]
x = '#'
[[list.inner]]
x = 2026-01-01 08:00:00
[[list.inner]]
x = -0.5
[[list]]
x = 3
[list.sub]
y = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 1),
        (("b", "c"), 2),
        (("table",), 4),
        (("table", "年初"), 5),
        (("table", "年初", 0), 5),
        (("table", "年初", 1), 6),
        (("table", "年初", 2, "x", "y"), 7),
        (("list", 0), 9),
        (("list", 0, "x"), 10),
        (("list", 0, "inner", 0, "x"), 12),
        (("list", 0, "inner", 1), 13),
        (("list", 0, "inner", 1, "x"), 14),
        (("list", 1, "x"), 16),
        (("list", 1, "sub", "y"), 18),
        (("list", 1, "sub", "z"), 17),
        (("list", 0, "missing"), 9),
        (("nowhere", 3), 0),
        ((), 0),
    ],
)
def test_every_value_has_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert line_of(POSITIONS, path) == line


@pytest.mark.parametrize(
    ("written", "value", "is_share"),
    [
        ('"90%"', "9/10", True),
        ('"1/3"', "1/3", True),
        ('" 12.5% "', "1/8", True),
        ("8", "8", False),
        ("0.5", "1/2", False),
    ],
)
def test_a_bound_is_a_number_or_a_share(written: str, value: str, *, is_share: bool) -> None:
    unit = "%" if is_share else "次"
    bound = standard(RIGHT + f'rules = [{{ name = "规则", unit = "{unit}", under = {written}, each = -1 }}]')
    read = bound.indicators[0].rules[0].under
    assert read is not None
    assert (read.value, read.share) == (Fraction(value), is_share)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        *(
            (text, '应是数字，或写成 "90%"、"1/3" 的比率')
            for text in ('"90"', '"九成"', '"1/0"', '"1/x"', '"%"', '"9 0%"')
        ),
        *((other, "应是数字，不加引号") for other in ("true", "inf", "nan", "[1]")),
    ],
)
def test_nothing_else_is_a_bound(written: str, words: str) -> None:
    rule = f'{{ name = "规则", unit = "次", under = {written}, each = -1 }}'
    found = findings(RIGHT + f"rules = [{rule}]")
    assert [(finding.path[-1], finding.words) for finding in found] == [("under", words)]
