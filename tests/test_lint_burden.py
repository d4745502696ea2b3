"""减负提示: a notice of `scheme lint`, neither error nor warning, and off where config.toml says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from dingji.scheme.lint_burden import burdens
from tests.drawn import rows
from tests.small_standard import COMMITTEE, indicator, rules, standard
from tests.workspaces import command, make_workspace

NAMED = """
规则                     | 涉及
工作获领导批示           | 领导批示
市级媒体报道             | 媒体报道、信息篇数
工作台账缺页             | 留痕、台账、照片的数量
撰写学习笔记             | 学习笔记、心得体会
无故缺会                 |
"""


@pytest.mark.parametrize("line", rows(NAMED), ids=lambda line: line["规则"])
def test_what_is_discouraged_is_noticed(line: dict[str, str]) -> None:
    ruled = rules(f'name = "{line["规则"]}", unit = "次", each = -1', 'name = "信息刊登"')
    found = list(burdens(standard(COMMITTEE + indicator("班子", 100, ruled))))
    assert [one.severity for one in found] == ["notice"] * bool(line["涉及"])
    assert all(f"计分涉及{line['涉及']}；" in one.text for one in found)


def test_notices_are_shown_and_can_be_turned_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = make_workspace(tmp_path / "workspace", {})
    assert command(made, "scheme", "lint", "responsibility") == 0
    *notices, last = capsys.readouterr().out.splitlines()
    assert last == "responsibility：0 个错误，0 个提醒"
    assert notices
    assert all(line.startswith("减负提示 ") for line in notices)
    config = made / "config.toml"
    config.write_text(config.read_text("utf-8").replace("[standard]\n", "[standard]\nburdens = false\n"), "utf-8")
    assert command(made, "scheme", "lint", "responsibility") == 0
    assert capsys.readouterr().out.splitlines() == [last]
