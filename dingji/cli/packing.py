"""`pack`: the program as one file, for a computer without a network."""

from __future__ import annotations

import argparse
from pathlib import Path

from dingji.cannot_run import CannotRunError
from dingji.cli.console import ACT, SETTLED, say
from dingji.packing import has_wheels, pack, parts_of

ENDING = ".zip"
NO_WHEELS = (
    "没有 wheels 文件夹，不能上网的电脑装不上组件：请先运行 pip download -r requirements.txt -d wheels，再打包一次"
)


def pack_command(chosen: argparse.Namespace, root: Path) -> int:
    """Write the .zip; 1 where the packages that the program needs are not in it."""
    target: Path = chosen.file
    if target.suffix.lower() != ENDING:
        raise CannotRunError([f"{target} 不是 {ENDING} 文件的名称，请写成 定级程序{ENDING}"])
    if target.exists():
        raise CannotRunError([f"{target} 已经有了，请换一个名称，或者先移走"])
    paths = parts_of(root)
    pack(root, target, paths)
    say(f"已写出 {target}：程序、标准、模板和说明；input、output、archive、发放、邮件和设置都不在里面")
    if not has_wheels(paths):
        say(NO_WHEELS)
        return ACT
    say("在新电脑上解压，用 python process.py init 开一轮")
    return SETTLED
