"""Two runs in one workspace: the second says so and ends; what cannot be written or locked stops nothing."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dingji.cannot_run import BusyError
from dingji.engine.lock import LOCK, alone_in
from tests.papers import good
from tests.workspaces import PROGRAM, command, make_workspace

HOLDER = """
import sys, time
from pathlib import Path
from dingji.engine.lock import alone_in
with alone_in(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    """Start a process that holds a workspace."""
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], cwd=PROGRAM, stdout=-1, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_the_second_run_says_so_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_workspace(tmp_path, good())
    with hold(folder) as holder:
        for words in (["run"], ["check"], ["archive", "定稿"]):
            assert command(folder, *words) == 2
            said = capsys.readouterr().out.splitlines()
            assert said[0].startswith("另一个窗口正在这个文件夹里运行，还没有结束：")
            assert said[1:] == ["这次没有运行。请等它结束，再运行一次。"]
        assert not (folder / "output").exists()
        holder.kill()
    assert command(folder, "run") == 0, "the lock of a process that was killed is free"


def test_a_lock_that_is_left_lying_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text("left by a run that died", "utf-8")
    with alone_in(tmp_path):
        pass
    with alone_in(tmp_path), pytest.raises(BusyError), alone_in(tmp_path):
        pass


def test_where_there_is_no_folder_there_is_no_lock(tmp_path: Path) -> None:
    with alone_in(tmp_path / "没有"):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="another call there")
def test_a_file_system_without_locks_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(_file: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", no_locks)
    with alone_in(tmp_path), alone_in(tmp_path):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are another matter there")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="nothing is forbidden to this user")
def test_a_workspace_that_cannot_be_written_is_told_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_workspace(tmp_path / "a", good())
    folder.chmod(0o500)
    try:
        assert command(folder, "run") == 2
        assert command(folder, "explain", "一支部") == 0
    finally:
        folder.chmod(0o700)
    said = capsys.readouterr()
    assert "没有运行完：无法读写" in said.out
    assert "Traceback" not in said.err
