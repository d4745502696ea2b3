"""`scheme show|lint|diff`: what an officer reads beside the notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workspaces import PROGRAM, command, make_workspace

FILE = PROGRAM / "schemes" / "five-good.toml"


def test_show_tells_every_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every name and text of the standard is told once; what the office settled itself is marked with its reason."""
    assert command(make_workspace(tmp_path, {}), "scheme", "show", "five-good") == 0
    told = capsys.readouterr().out
    for line in FILE.read_text("utf-8").splitlines():
        name = line.split('name = "')[1].split('"')[0] if 'name = "' in line else ""
        assert name in told, line
    assert "支委集中学习（第2项）：不足8学时，每少1学时−1分" in told
    assert "【本单位自定：通知写“扣5–15分”，分档由本单位自定；照这样分档，满意率低于80%的一律“后进”】" in told


def test_lint_tells_errors_before_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A weight that does not fit is an error with status 1, items that do not add up a warning with status 0."""
    folder = make_workspace(tmp_path, {})
    text = FILE.read_text("utf-8").partition("[[examples]]")[0]  # which would not come out as they say
    (folder / "schemes/warned.toml").write_text(text.replace("no = 1, full = 4", "no = 1, full = 3"), "utf-8")
    (folder / "schemes/wrong.toml").write_text(text.replace("weight = 40", "weight = 41"), "utf-8")
    (folder / "schemes/unreadable.toml").write_text("年 = 1", "utf-8")
    assert command(folder, "scheme", "lint", "warned") == 0
    assert "0 个错误，1 个提醒" in capsys.readouterr().out
    assert command(folder, "scheme", "lint", "wrong") == 1
    assert "权重合计 101" in capsys.readouterr().out
    assert command(folder, "scheme", "lint", "unreadable") == 2


def test_diff_sets_old_beside_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only what changed is told, old and new beside each other."""
    folder = make_workspace(tmp_path, {})
    text = FILE.read_text("utf-8").replace("under = 8, each = -1", "under = 12, each = -1")
    (folder / "schemes/next.toml").write_text(text, "utf-8")
    assert command(folder, "scheme", "diff", "five-good", "next") == 0
    out = capsys.readouterr().out.splitlines()
    assert out == [
        "【指标、考评内容和评分办法】修改",
        "  原规定：· 支委集中学习（第2项）：不足8学时，每少1学时−1分",
        "  新规定：· 支委集中学习（第2项）：不足12学时，每少1学时−1分",
        "共 1 处变化",
    ]


def test_show_tells_the_standard_as_the_settings_settle_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By its name it is the workspace's, by its path the file as it is written."""
    folder = make_workspace(tmp_path, {})
    weights = '[choices.five-good]\n"sources.自评.weight" = { "年初" = 20, "年终" = 20 }\n'
    weights += '"sources.党群评分.weight" = { "年初" = 40, "年终" = 20 }\n'
    with (folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write(f"\n{weights}")
    assert command(folder, "scheme", "show", "five-good") == 0
    told = capsys.readouterr().out
    body, _, changed = told.partition("设置的“本单位自定”改了的\n")
    assert "自评：占 年初 20%、年终 20%" in body
    assert [line.partition("；")[0].strip() for line in changed.splitlines()] == [
        "标准写的：自评：占 年初 30%、年终 20%",
        "现在按：自评：占 年初 20%、年终 20%",
        "标准写的：党群评分：占 年初 30%、年终 20%",
        "现在按：党群评分：占 年初 40%、年终 20%",
    ]
    assert command(folder, "scheme", "show", str(folder / "schemes/five-good.toml")) == 0
    told = capsys.readouterr().out
    assert "自评：占 年初 30%" in told
    assert "改了的" not in told
