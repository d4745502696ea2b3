"""The parser of the command line: its few English words put into Chinese."""

from __future__ import annotations

import argparse

from dingji.cli.console import CANNOT_RUN


class ChineseParser(argparse.ArgumentParser):
    """Says in Chinese what is wrong with the arguments, and heads its help in Chinese."""

    def format_help(self) -> str:
        """Return the help with argparse's own few English words put into Chinese."""
        text = super().format_help()
        for english, chinese in HELP_WORDS.items():
            text = text.replace(english, chinese)
        return text

    def error(self, message: str) -> None:  # type: ignore[override]
        """Print the mistake and how to get help; exit with 2."""
        for english, chinese in MISTAKES.items():
            message = message.replace(english, chinese)
        self.exit(CANNOT_RUN, f"命令写错了：{message}。用法见：python process.py --help\n")


HELP_WORDS = {
    "usage: ": "用法：",
    "positional arguments:": "参数：",
    "options:": "选项：",
    "show this help message and exit": "显示这份说明",
}
MISTAKES = {
    "the following arguments are required:": "还缺",
    "unrecognized arguments:": "看不懂",
    "invalid choice:": "没有这一项：",
    "(choose from": "（可选",
    "expected one argument": "后面要写一个值",
    "invalid int value:": "应是整数：",
    "argument ": "参数 ",
}
