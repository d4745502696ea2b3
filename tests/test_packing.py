"""`pack`: the program in one file, which runs where it is unpacked and holds nobody's grading."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from dingji.cli.main import main
from tests.workspaces import PROGRAM

START = (
    "import sys; from pathlib import Path; from dingji.cli.main import main; sys.exit(main(sys.argv[1:], Path.cwd()))"
)
"""The program itself, without the environment that its first run would make."""


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pack") / "定级程序.zip"
    assert main(["pack", str(target)], PROGRAM) in (0, 1)
    return target


def test_it_runs_where_it_is_unpacked(packed: Path, tmp_path: Path) -> None:
    """A first round is opened there and its blank roster written, by the unpacked program itself."""
    ZipFile(packed).extractall(tmp_path / "program")
    for words in (["init", str(tmp_path / "new"), "--scheme", "five-good", "--round", "2026 年初"], ["--help"]):
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", START, *words],
            cwd=tmp_path / "program",
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "new/config.toml").is_file()


def test_nothing_of_anybodys_grading_is_in_it(packed: Path) -> None:
    names = ZipFile(packed).namelist()
    assert {"process.py", "运行.bat", "requirements.txt", "schemes/five-good.toml"} <= set(names)
    assert not [
        name
        for name in names
        if name.split("/")[0] in ("input", "output", "archive", "发放", "邮件", ".cache", ".venv")
    ]
    assert not [name for name in names if name == "config.toml" or name.endswith(".pyc")]


def test_the_same_program_gives_the_same_bytes_and_nothing_is_overwritten(
    packed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = tmp_path / "再来.zip"
    assert main(["pack", str(again)], PROGRAM) in (0, 1)
    assert again.read_bytes() == packed.read_bytes()
    assert main(["pack", str(again)], PROGRAM) == 2
    assert main(["pack", str(tmp_path / "程序.rar")], PROGRAM) == 2
    assert "不是 .zip 文件的名称" in "".join(capsys.readouterr())
