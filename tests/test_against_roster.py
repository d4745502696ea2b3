"""A standard that the roster does not fit: what refuses the run, and what is told beside a result."""

from __future__ import annotations

from pathlib import Path

import pytest

from dingji.pipeline import run
from dingji.workspace import Workspace
from tests.papers import good
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
