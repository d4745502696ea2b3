"""How far a run is: true figures on a terminal, few plain lines elsewhere, and no carriage return in a pipe."""

from __future__ import annotations

from pathlib import Path

import pytest

from dingji.cli import progress
from dingji.cli.progress import Display, duration, told
from tests.papers import good
from tests.workspaces import command, make_workspace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return a clock that stands until a test moves it."""
    now = [100.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize(
    ("done", "total", "rate", "text"),
    [
        (0, 0, 0.0, "读取……"),
        (0, 40, 0.0, "读取 0/40"),
        (10, 40, 2.0, "读取 10/40，每秒 2 个，约剩 16 秒"),
        (40, 40, 2.0, "读取 40/40"),
    ],
)
def test_it_says_how_many_how_fast_and_how_long(done: int, total: int, rate: float, text: str) -> None:
    assert told("读取", done, total, rate) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, " 1 秒"), (98.5, " 99 秒"), (99.5, " 2 分钟"), (7140, " 2 小时 0 分钟"), (9000, " 2 小时 31 分钟")],
)
def test_a_length_of_time_is_rounded_up(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_the_rate_leaves_the_start_of_the_readers_out(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    show = Display(terminal=True)
    show("读取", 0, 100)
    clock[0] += 30
    show("读取", 10, 100)
    clock[0] += 5
    show("读取", 60, 100)
    assert capsys.readouterr().out.split("\r")[-1].strip() == "读取 60/100，每秒 10 个，约剩 5 秒"


def test_a_line_is_wiped_before_another(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    show = Display(terminal=True)
    show("读取", 7, 9)
    clock[0] += 1
    show("核对")
    show.clear()
    assert capsys.readouterr().out == "\r读取 7/9\r核对……\r" + " " * 8 + "\r"


def test_elsewhere_a_long_run_says_something_now_and_then(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    show = Display(terminal=False)
    for done in range(41):
        show("读取", done, 40)
        clock[0] += 1
    show("核对")
    show.clear()
    assert capsys.readouterr().out.splitlines() == [
        "读取 10/40，每秒 1 个，约剩 31 秒",
        "读取 20/40，每秒 1 个，约剩 21 秒",
        "读取 30/40，每秒 1 个，约剩 11 秒",
        "读取 40/40",
    ]


def test_a_pipe_gets_no_carriage_return(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert command(make_workspace(tmp_path, good()), "run") == 0
    assert "\r" not in capfd.readouterr().out
