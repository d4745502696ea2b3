"""Demonstrations: deterministic, filled like real forms, and graded to the last branch."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from openpyxl import load_workbook

from dingji.demo import DemoError, demo_files, write_demo
from dingji.demo.facts import state
from dingji.demo.roster import named
from dingji.forms.marking_forms import rule_choices
from dingji.numbers import chinese
from dingji.pipeline import run
from dingji.problems import level_of
from dingji.scheme.indicators import Rule
from dingji.scheme.load import load_scheme
from dingji.settings import load_settings
from dingji.workspace import Workspace
from tests.outcome_example import SCHEMES, five_good, settings

FIVE_GOOD = SCHEMES / "five-good.toml"

OTHER_STANDARD = """
id = "other"
title = "虚构标准"
rounds = { "半年" = 40, "年终" = 60 }
grades = [{ name = "优", from = 85 }, { name = "良", from = 60 }, { name = "差" }]
[[sources]]
name = "群众"
form = "survey"
marks = "options"
weight = 30
questions = ["工作", "作风"]
options = { "好" = 100, "中" = 70, "差" = 30 }
apart = ["弃权", "不了解"]
out_of = "returned"
groups = { "党员" = 60, "群众" = 40 }
min_ballots = 8
min_turnout = "80%"
[[sources]]
name = "述职"
form = "committee"
marks = "total"
weight = 30
trim = 1
min_raters = 3
[[sources]]
name = "组织"
form = ["committee", "records"]
marks = "rules"
weight = 40
[[indicators]]
name = "阵地"
full = 50
rules = [
  { name = "活动室", options = { "有" = 0, "简陋" = [-1, -4], "没有" = -8 } },
  { name = "制度缺失", unit = "项", each = -2 },
  { name = "党费收缴率", unit = "%", under = "95%", per = "1%", each = -0.5 },
]
[[indicators]]
name = "活动"
full = 50
start = 0
rules = [
  { name = "实事", unit = "件", each = 4, max = 30 },
  { name = "特色", once = [4, 8] },
  { name = "资料", options = { "完整" = 12, "不完整" = 0 } },
  { name = "窗口", once = 2, for = "类别 = '窗口'" },
]
[[indicators]]
name = "荣誉"
bonus = true
max = 6
rules = [{ name = "表彰", options = { "省级" = 6, "市级" = [2, 4] } }, { name = "信息", unit = "篇", each = 0.5 }]
[[situations]]
name = "事故"
grade = "差"
"""


def small(seed: int) -> dict[str, bytes]:
    return dict(demo_files(five_good(), settings(), 3, 2, seed))


def test_same_seed_gives_same_bytes_and_another_seed_others() -> None:
    first = small(1)
    assert small(1) == first
    other = small(2)
    assert other.keys() == first.keys()
    assert all(other[path] != raw for path, raw in first.items() if path.startswith(("自评表/", "测评表/", "评定表/")))


def test_every_form_of_the_round_is_there() -> None:
    counts = Counter(path.split("/")[0].removesuffix(".xlsx") for path in small(1))
    office = {"党组织名册": 1, "平时记录": 1, "情形申报": 1, "上期结果": 1}
    assert counts == {"自评表": 3, "测评表": 3, "评定表": 2, **office}


def test_self_form_is_filled() -> None:
    book = load_workbook(BytesIO(small(1)["自评表/DZ0001_第一党支部_自评表.xlsx"]))
    rows = [list(row) for row in book["自评表"].iter_rows(values_only=True)]
    texts = [value for row in rows for value in row if isinstance(value, str)]
    assert {"第一党支部", "DZ0001", "组织委员"} <= set(texts)
    heading = next(row for row in rows if "自评得分" in row)
    place = heading.index("自评得分")
    claims = [row[place] for row in rows[rows.index(heading) + 1 :][:19]]
    assert all(claim not in (None, "") for claim in claims)
    assert sum(isinstance(claim, int | float) for claim in claims) >= 15


@pytest.mark.parametrize("good", [True, False])
def test_facts_fill_only_the_cells_that_their_rule_opens(good: bool) -> None:  # noqa: FBT001
    rules = [rule for indicator in five_good().indicators for rule in indicator.rules if not rule.of]
    for rule in rules:
        for seed in range(20):
            stated = state(rule, Random(seed), good=good)
            assert stated is not None
            assert_obeys(rule, stated.cells)


def assert_obeys(rule: Rule, cells: Mapping[str, object]) -> None:
    assert ("数量" in cells) == bool(rule.unit)
    assert cells["选项"] in rule_choices(rule) if rule_choices(rule) else "选项" not in cells
    if "分值" in cells:
        assert rule.amounts is not None
        low, high = sorted(abs(end) for end in rule.amounts)
        assert low <= cells["分值"] <= high  # type: ignore[operator]


def test_workspace_is_whole_and_holds_no_program(tmp_path: Path) -> None:
    target = tmp_path / "演示 资料"
    lines = write_demo(target, FIVE_GOOD, 3, 2, 1)
    assert "3 个党组织" in lines[0]
    assert sorted(path.name for path in target.iterdir()) == ["config.toml", "input", "output", "schemes"]
    assert list((target / "output").iterdir()) == []
    assert (target / "schemes" / "five-good.toml").read_bytes() == FIVE_GOOD.read_bytes()
    written, findings = load_settings((target / "config.toml").read_bytes())
    assert findings == []
    assert written is not None
    assert written.round.label == "2026 年初"


def test_folder_that_is_not_empty_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "报表.txt").write_text("旧", encoding="utf-8")
    with pytest.raises(DemoError, match="不是空的"):
        write_demo(tmp_path, FIVE_GOOD, 3, 2, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["报表.txt"]


def test_faults_without_the_test_requirements_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Openpyxl is no part of a plain installation: the officer is told what to install, in one line."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(DemoError, match=r"process\.py test"):
        write_demo(tmp_path / "演示", FIVE_GOOD, 3, 3, 1, faults=True)
    assert not (tmp_path / "演示").exists()


def test_no_branches_or_a_faulty_standard_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    target, faulty = tmp_path / "演示", tmp_path / "标准.toml"
    faulty.write_text("id = 3", encoding="utf-8")
    with pytest.raises(DemoError, match="个数"):
        write_demo(target, FIVE_GOOD, 0, 2, 1)
    with pytest.raises(DemoError, match=r"标准\.toml 错误"):
        write_demo(target, faulty, 3, 2, 1)
    assert not target.exists()


@pytest.mark.parametrize("standard", ["five-good", "other"])
def test_every_branch_is_graded_and_every_grade_occurs(tmp_path: Path, standard: str) -> None:
    source = tmp_path / f"{standard}.toml"
    source.write_bytes(FIVE_GOOD.read_bytes() if standard == "five-good" else OTHER_STANDARD.encode())
    write_demo(tmp_path / "demo", source, 24, 4, 1)
    outcome = run(Workspace(tmp_path / "demo")).outcome
    assert len(outcome.results) == 24
    assert all(outcome.results["settled"])
    assert set(outcome.rollcall["status"]) == {"已报"}
    assert set(outcome.results["computed"]) == {grade.name for grade in outcome.schemes[standard].grades}
    levels = {level_of(problem) for problem in outcome.problems}
    assert levels <= {"note", "warning"}
    assert "N220" in {problem.code for problem in outcome.problems}, "some values are typed as people do"


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (101, "一百零一"), (110, "一百一十"), (1010, "一千零一十")],
)
def test_numbers_in_chinese(number: int, words: str) -> None:
    assert chinese(number) == words


def test_numbers_in_chinese_are_all_different() -> None:
    assert len({chinese(number) for number in range(1, 10_000)}) == 9_999


def test_persons_are_called_by_a_number_and_units_by_their_place() -> None:
    files = {path.stem: load_scheme(path.read_bytes())[0] for path in SCHEMES.glob("*.toml")}
    called = {name: named(found, 3) for name, found in files.items() if found}
    assert (called["member-review"], called["five-good"], called["service"]) == ("党员0003", "第三党支部", "第三党支部")
