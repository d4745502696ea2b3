"""A standard that the roster does not fit: what refuses the run, and what is told beside a result."""

from __future__ import annotations

from pathlib import Path

import pytest

from dingji.pipeline import run
from dingji.workspace import Workspace
from tests.case_books import Unit
from tests.notices import TOTAL, column, marked
from tests.notices import run as run_notice
from tests.papers import good
from tests.small_standard import GRADES, indicator, rules
from tests.workspaces import command, make_workspace


def edited(folder: Path, old: str, new: str) -> Path:
    """Return a workspace of the case in which a line of the standard is another."""
    made = make_workspace(folder / "workspace", good())
    path = made / "schemes" / "five-good.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return made


def test_a_group_of_raters_that_nobody_belongs_to_refuses_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = edited(tmp_path, 'name = "领导班子好"\n', 'name = "领导班子好"\nby = "纪检组"\n')
    assert command(made, "run") == 2
    assert "标准由组别“纪检组”评的指标，名册的评委里没有这个组别" in capsys.readouterr().out
    assert not (made / "output").exists()


def test_a_category_that_no_branch_has_is_told(tmp_path: Path) -> None:
    made = edited(tmp_path, "once = -3 },        # 书记", "once = -3, for = \"类别 != '机关支 部'\" },        # 书记")
    (problem,) = [one for one in run(Workspace(made)).outcome.problems if one.code == "W532"]
    assert "名册上没有一个党组织的类别是“机关支 部”，这一条不起作用" in problem.values["what"]


BY_CLASS = (
    "scaled = true\n"
    + TOTAL
    + indicator("党建", 70, rules('name = "无专干", once = -5, for = "类别 = \'机关\' and 党员数 >= 50"'))
    + indicator("业务", 30, "exempt = \"类别 = '离退休'\"")
    + GRADES
    + '[[quotas]]\ngrade = "好"\nat_most = "50%"\nwithin = "类别"\n'
)


@pytest.mark.parametrize(
    ("members", "told"),
    [
        (60, "“无专干”先按适用计算；“业务”先按不免评计算；“好”的名额先与没有填的合为一组计算"),
        (40, "“业务”先按不免评计算；“好”的名额先与没有填的合为一组计算"),
    ],
)
def test_what_a_blank_of_the_roster_leaves_open_is_told_with_its_branch(
    members: int, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rule is for offices of 50 members and more: of 40 it is known that it is not for them."""
    units = {Unit("A1", "甲支部", category="机关"): "65 28", Unit("B2", "乙支部", members=members): "65 28"}
    found = run_notice(tmp_path, BY_CLASS, marked(BY_CLASS, units))
    assert (found.status, column(found)) == (1, [93, 93])
    assert f"E553 乙支部，名册没有填“类别”，{told}。改法：在名册补填" in capsys.readouterr().out


def test_without_a_class_it_is_not_known_which_standard_is_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = TOTAL + indicator("党建", 100) + GRADES
    units = {Unit("A1", "甲支部", category="机关"): "93", Unit("B2", "乙支部"): "93"}
    found = run_notice(tmp_path, text, marked(text, units))
    assert (found.status, column(found)) == (0, [93, 93])
    other = (tmp_path / "schemes/small.toml").read_text("utf-8").replace('id = "small"', 'id = "other"')
    (tmp_path / "schemes/other.toml").write_text(other, "utf-8")
    config = tmp_path / "config.toml"
    chosen = '[standard]\nby_category = { "学校" = "other" }\n'
    config.write_text(config.read_text("utf-8").replace("[standard]\n", chosen), "utf-8")
    assert command(tmp_path, "run") == 1
    assert "E553 乙支部，名册没有填“类别”，不知道用哪个标准，先用“示例”。" in capsys.readouterr().out
