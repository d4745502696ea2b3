"""Examples that stay with a standard: reckoned through forms and scoring, each difference told."""

from __future__ import annotations

from pathlib import Path

import pytest

from dingji.scheme.load import load_scheme
from dingji.trial.examples import examples
from tests.small_standard import COMMITTEE, GRADES, indicator, rules, standard
from tests.workspaces import PROGRAM, command

STANDARDS = sorted(path.stem for path in (PROGRAM / "schemes").glob("*.toml"))
BODY = (
    COMMITTEE
    + indicator("班子", 60, rules('name = "缺人", unit = "人", each = -5', 'name = "不团结", once = [-1, -8]'))
    + indicator("队伍", 40)
    + GRADES
    + """
[[situations]]
name = "违纪"
at_most = "一般"
[[quotas]]
grade = "好"
at_most = "40%"
"""
)


def told(example: str, body: str = BODY) -> list[str]:
    """Return what is found in one example of a small standard."""
    scheme = standard(f'{body}[[examples]]\nname = "例"\n{example}')
    return [finding.words for finding in examples(scheme)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('{ "评定" = { "班子" = 58, "队伍" = 38 } }', '{ "评定" = 96, "综合得分" = 96, "等次" = "好" }'),
        ('{ "评定" = [58, 38] }', '{ "评定.班子" = 58, "评定.队伍" = 38, "等次" = "好" }'),
        ('{ "评定" = { "班子" = [58, 57, 56], "队伍" = [38, 38, 37] } }', '{ "评定" = 94.67 }'),
        ('{ "评定" = { "缺人" = 2, "队伍" = 40 } }', '{ "评定.班子" = 50, "综合得分" = 90.00 }'),
        ('{ "评定" = { "不团结" = -3, "队伍" = 40 } }', '{ "评定.班子" = 57 }'),
        ('{ "评定" = { "不团结" = { "选项" = "是", "分值" = -3 }, "队伍" = 40 } }', '{ "评定.班子" = 57 }'),
        ('{ "评定" = { "队伍" = 40 } }', '{ "评定.班子" = 60, "违纪" = "否" }'),
        ('{ "评定" = [60, 40], "情形申报" = { "违纪" = "是" } }', '{ "违纪" = "是", "等次" = "一般" }'),
        ('{ "评定" = { "班子" = 58 } }', '{ "等次" = "未定级" }'),
    ],
)
def test_what_is_typed_comes_to_what_is_expected(typed: str, expected: str) -> None:
    """A branch alone is not moved by a share of one; quotas are left out of examples."""
    assert told(f"typed = {typed}\nexpected = {expected}") == []


@pytest.mark.parametrize(
    ("typed", "expected", "words"),
    [
        ('{ "评定" = [58, 38] }', '{ "综合得分" = 96.5 }', "综合得分应为 96.50，算得 96.00"),
        ('{ "评定" = [58, 38] }', '{ "等次" = "较好" }', "等次应为 较好，算得 好"),
        ('{ "评定" = [58, 38] }', '{ "综合分" = 96 }', "没有“综合分”这个结果；是不是“综合得分”"),
        ('{ "评定" = [58, 38] }', '{ "评定" = 96, "违纪" = "是" }', "违纪应为 是，算得 否"),
        (
            '{ "考评" = [58, 38] }',
            "{}",
            "没有“考评”，可以写 名册、上期等次、上年等次、评定、平时记录、情形申报；是不是“评定”",
        ),
        ('{ "评定" = { "班子好" = 58 } }', "{}", "没有“班子好”；是不是“班子”"),
        ('{ "评定" = 58 }', "{}", "这里有 2 处可填，请写全名称，或按表上的顺序写 2 个数"),
        ('{ "评定" = { "缺人" = "是" } }', "{}", "“班子·缺人”填的是数量，要写数"),
        ('{ "评定" = { "不团结" = { "数量" = 1 } } }', "{}", "“班子·不团结”填的是选项、分值，这样写不成"),
    ],
)
def test_a_difference_is_told_with_what_was_expected_and_what_came(typed: str, expected: str, words: str) -> None:
    assert told(f"typed = {typed}\nexpected = {expected}") == [f"例子“例”：{words}"]


def test_why_there_is_no_figure_is_told() -> None:
    (words,) = told('typed = { "评定" = { "班子" = 58 } }\nexpected = { "综合得分" = 96 }')
    assert words.startswith("例子“例”：综合得分应为 96，算得 没有得出（")
    assert "队伍" in words


@pytest.mark.parametrize("name", STANDARDS)
def test_a_shipped_standard_keeps_its_examples(name: str) -> None:
    scheme, findings = load_scheme((PROGRAM / "schemes" / f"{name}.toml").read_bytes())
    assert scheme is not None, findings
    assert scheme.examples
    assert [finding.text for finding in examples(scheme)] == []


def test_lint_reckons_and_says_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (PROGRAM / "schemes" / "three-party.toml").read_text("utf-8").replace('"考评" = 89.67', '"考评" = 86.80')
    (tmp_path / "three-party.toml").write_text(text, encoding="utf-8")
    assert command(tmp_path, "scheme", "lint", str(tmp_path / "three-party.toml")) == 1
    line = next(number for number, row in enumerate(text.splitlines(), start=1) if row.startswith("expected"))
    assert capsys.readouterr().out.splitlines()[0] == (
        f"错误 第{line}行 examples[1].expected.考评：例子“去掉一个最高、一个最低后平均”：考评应为 86.80，算得 89.67"
    )


GROUPS = (
    """
[[sources]]
name = "测评"
form = "survey"
marks = "options"
questions = ["总体", "作风"]
options = { "满意" = 100, "不满意" = 0 }
groups = { "党员" = 60, "群众" = 40 }
shares = { "满意率" = ["满意"] }
weight = 100
[[indicators]]
name = "评价"
full = 100
"""
    + GRADES
)


def test_votes_are_typed_by_person_and_question() -> None:
    """党员 (90 + 100) ÷ 2 = 95, 群众 50: 95 × 60% + 50 × 40% = 77."""
    votes = '"党员" = { "总体" = { "满意" = 9, "不满意" = 1 }, "作风" = { "满意" = 10 } }, '
    votes += '"群众" = { "总体" = { "满意" = 5, "不满意" = 5 }, "作风" = { "满意" = 5, "不满意" = 5 } }'
    assert told(f'typed = {{ "测评" = {{ {votes} }} }}\nexpected = {{ "测评" = 77, "满意率" = "77%" }}', GROUPS) == []


def test_who_alone_marks_a_part_does_so() -> None:
    """The raters of 纪检 mark 队伍, the others the rest: 50 at a hundred percent of what is left, and 40 beside it."""
    body = COMMITTEE + indicator("班子", 60) + indicator("队伍", 40, 'by = "纪检"') + GRADES
    assert told('typed = { "评定" = { "班子" = [50, 52], "队伍" = 40 } }\nexpected = { "综合得分" = 91 }', body) == []
