"""The commands as an officer types them: what they print, leave and return."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dingji.cli.main import make_parser
from tests.five_good_case import case_files
from tests.workspaces import PROGRAM, command, make_workspace, scheme


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with the mended case."""
    return make_workspace(tmp_path_factory.mktemp("cli"), case_files(scheme(), mended=True, decided=False))


def test_check_writes_the_report_only(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` calls the roll on the console and leaves 校验报告 alone."""
    shutil.rmtree(workspace / "output", ignore_errors=True)
    assert command(workspace, "check") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines if "100.00%" in line] == [
        ["示范医院党委", "10", "10", "0", "0", "100.00%"],
        ["（评委）", "3", "3", "0", "0", "100.00%"],
        ["合计", "13", "13", "0", "0", "100.00%"],
    ]
    left = [path.name for path in (workspace / "output").rglob("*") if path.is_file()]
    assert left == ["校验报告.html"]


def test_check_names_who_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A form not handed in is named, and the status says that somebody must act; the branch waits, named."""
    files = case_files(scheme(), mended=True, decided=False)
    gone = next(name for name in files if "ZB02" in name and "自评表" in name)
    folder = make_workspace(tmp_path, {name: raw for name, raw in files.items() if name != gone})
    assert command(folder, "check") == 1
    assert "示范医院党委 未报：二支部（自评表）" in capsys.readouterr().out.splitlines()
    assert command(folder, "run") == 1
    out = capsys.readouterr().out
    assert "E310" in out
    assert out.splitlines()[-1] == "结果已放在 output 文件夹，共5个党组织，4个已测算，1个待补（二支部）"


def test_forms_are_what_is_read_back(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`forms` writes a folder a branch and rater."""
    assert command(workspace, "forms") == 0
    files = list((workspace / "发放").rglob("*.xlsx"))
    assert f"已生成 {len(files)} 个文件" in capsys.readouterr().out
    assert len([path for path in files if path.name.endswith("_自评表.xlsx")]) == 5
    assert len([path for path in files if path.name.endswith("_评定表.xlsx")]) == 3


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (lambda folder: (folder / "config.toml").unlink(), "找不到 config.toml"),
        (lambda folder: shutil.rmtree(folder / "schemes"), "找不到标准：schemes/five-good.toml"),
        (lambda folder: (folder / "input/党组织名册.xlsx").unlink(), "input 中没有党组织名册"),
        (lambda folder: (folder / "config.toml").write_text("[round]\n年 = 1\n", "utf-8"), "中文键名要加英文双引号"),
    ],
)
def test_cannot_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], break_it: Callable[[Path], object], words: str
) -> None:
    """Config, standard or roster wrong: one Chinese line each, status 2, nothing written."""
    folder = make_workspace(tmp_path, case_files(scheme(), mended=True, decided=False))
    break_it(folder)
    assert command(folder, "run") == 2
    assert words in capsys.readouterr().out
    assert not (folder / "output").exists()


def test_unknown_branch_is_suggested(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`explain` with a near-miss name suggests and does not guess."""
    assert command(workspace, "explain", "三支布") == 2
    assert "是不是" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("explian", "没有“explian”，是不是“explain”（可选：run、check、forms、"),
        ("scheme 打印", "没有“打印”（可选：show、lint、try、diff、table、import）"),
        ("scheme", "还缺 命令"),
        ("demo", "还缺 文件夹"),
        ("forms --by 类别", "--by 没有“类别”（可选：上级党组织）"),
        ("run --now", "看不懂 --now"),
        ("--workspace", "--workspace 后面要写一个值"),
        ("demo 练习 --branches 十", "--branches 应是整数，写的是“十”"),
        ("demo 练习 --faults=3", "--faults 后面不带值，写了“3”"),
        ("demo 练习 --s 3", "--s 说得不明确，可以是 --scheme, --seed"),
    ],
)
def test_mistakes_in_the_command_are_told_in_chinese(capsys: pytest.CaptureFixture[str], typed: str, told: str) -> None:
    """Every sentence that argparse can say of these commands is Chinese, with status 2."""
    with pytest.raises(SystemExit) as exit_:
        make_parser().parse_args(typed.split())
    assert exit_.value.code == 2
    assert f"命令写错了：{told}" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["demo", "--help"], ["mail", "--help"]])
def test_what_the_help_says_stands_below_each_other(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """On the screen, where a Chinese sign is two wide; and a command's own help says what it does."""
    with pytest.raises(SystemExit):
        make_parser().parse_args(words)
    _, first, *blocks = capsys.readouterr().out.split("\n\n")
    assert first.endswith("。")
    for block in blocks:
        found = [re.fullmatch(r"( {2,4}\S.*? {2,})\S.*", line) for line in block.split("\n")[1:]]
        assert len({len(line[1].encode("gbk")) for line in found if line}) <= 1, block


def test_help_lists_every_command() -> None:
    """The help names each command, and imports nothing that has to be installed."""
    script = "import sys, dingji.cli.main as cli; print(cli.make_parser().format_help()); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, encoding="utf-8",
                          cwd=PROGRAM, env={"PYTHONUTF8": "1"}, check=True)  # fmt: skip
    for name in ("run", "check", "forms", "explain", "demo"):
        assert name in done.stdout
    assert "'pandas'" not in done.stdout
    assert "'pydantic'" not in done.stdout


def test_a_pipe_with_another_encoding_never_raises(workspace: Path) -> None:
    """Output piped on a GBK machine is GBK; characters that it lacks are replaced."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM / "process.py"), "--workspace", str(workspace), "check"],
        capture_output=True, cwd=PROGRAM, check=False, env={"PYTHONIOENCODING": "gbk:replace", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    assert "应报" in done.stdout.decode("gbk")
