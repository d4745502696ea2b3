"""The menu of 运行.bat: the daily commands by number, and after each what comes next."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from dingji.cannot_run import CannotRunError
from dingji.cli.books import SETTINGS_BOOK
from dingji.cli.console import SETTLED, say
from dingji.cli.folders import workspace_of
from dingji.cli.main import MAIL_KINDS, main
from dingji.engine.ahead import children_kept
from dingji.next_step import next_line
from dingji.workspace import Workspace

Typed = Callable[[str], str]
"""Asks a question and returns what was typed, "" where nothing was."""
Step = Callable[[Workspace, Typed], Sequence[str]]
"""Returns the arguments of the command to run; none where there is nothing to run."""


def menu_command(chosen: argparse.Namespace, root: Path) -> int:
    """Offer the commands until 0 is typed, or nothing more can be."""
    with children_kept():
        return _offered(workspace_of(chosen, root), root)


def _offered(workspace: Workspace, root: Path) -> int:
    named = [] if workspace.root == root.resolve() else ["--workspace", str(workspace.root)]
    while True:
        say(f"\n  ===== 党组织分类定级 =====\n{MENU}")
        say(f"接下来：{_next(workspace)}")
        number = _typed("请输入数字，再按回车：")
        if number in ("0", None):
            return SETTLED
        if number not in STEPS:
            say("请输入菜单上的一个数字。")
            continue
        if arguments := STEPS[number][1](workspace, lambda question: _typed(question) or ""):
            main([*named, *arguments], root)


def _next(workspace: Workspace) -> str:
    try:
        return next_line(workspace)
    except CannotRunError:
        return "设置或标准有错，选“查收情况”看是哪里"


def _typed(question: str) -> str | None:
    """Return what was typed; None where nobody can type any more."""
    say(question)
    line = sys.stdin.readline()
    return line.strip().strip('"').strip() if line else None


def _asked(command: str, question: str) -> Step:
    def step(_workspace: Workspace, ask: Typed) -> Sequence[str]:
        name = ask(question)
        return [command, "--", name] if name else []

    return step


def _always(*arguments: str) -> Step:
    return lambda _workspace, _ask: arguments


def _mail(workspace: Workspace, ask: Typed) -> Sequence[str]:
    main(["--workspace", str(workspace.root), "mail"], workspace.root)
    kind = ask(f"由程序发出的，请输入种类（{'、'.join(MAIL_KINDS)}）；不发的直接按回车：")
    return ["mail", kind, "--send"] if kind else []


def _settings(workspace: Workspace, ask: Typed) -> Sequence[str]:
    """Write the settings as a workbook and show it; or read back the one that was mended."""
    book = workspace.root / SETTINGS_BOOK
    answer = ask("1 写成工作簿来改，2 把改好的读回（直接按回车，不改）：")
    if answer == "1":
        main(["--workspace", str(workspace.root), "config", "export"], workspace.root)
        show(book)
    return ["config", "import", str(book)] if answer == "2" else []


def _results(workspace: Workspace, _ask: Typed) -> Sequence[str]:
    show(workspace.outputs)
    return []


STEPS: dict[str, tuple[str, Step]] = {
    "1": ("查收情况", _always("check")),
    "2": ("测算定级", _always("run")),
    "3": ("生成表格", _always("forms")),
    "4": ("查看定级依据", _asked("explain", "请输入党组织的编码或名称：")),
    "5": ("定稿", _asked("archive", "请输入定稿的名称（如 2026年上半年）：")),
    "6": ("核对定稿", _always("verify")),
    "7": ("设置", _settings),
    "8": ("发邮件", _mail),
    "9": ("打开结果文件夹", _results),
}
"""By the number that is typed: what it is called, and what it does."""
MENU = "\n".join([*(f"  {number} {name}" for number, (name, _) in STEPS.items()), "  0 退出"])


def show(path: Path) -> None:
    """Say where a file or folder lies, and on Windows open it."""
    if not path.exists():
        say(f"还没有：{path}")
        return
    say(f"在这里：{path}")
    if start := getattr(os, "startfile", None):  # Windows alone has it
        start(path)
