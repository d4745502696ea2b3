"""The parser of the command line: its few English words put into Chinese."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping

from dingji.cli.console import CANNOT_RUN
from dingji.comparing import most_like


class ChineseParser(argparse.ArgumentParser):
    """Says in Chinese what is wrong with the arguments, and heads its help in Chinese."""

    def format_help(self) -> str:
        """Return the help with argparse's own few English words put into Chinese."""
        text = super().format_help()
        for english, chinese in HELP_WORDS.items():
            text = text.replace(english, chinese)
        return re.sub("^(命令):$", r"\1：", text, flags=re.MULTILINE)

    def error(self, message: str) -> None:  # type: ignore[override]
        """Print the mistake and how to get help; exit with 2."""
        for english, chinese in MISTAKES.items():
            message = re.sub(english, chinese, message, flags=re.DOTALL)
        self.exit(CANNOT_RUN, f"命令写错了：{message}。用法见：python process.py --help\n")


def _no_choice(match: re.Match[str]) -> str:
    """Tell what may stand there, and what is likely meant."""
    typed, choices = match[1], re.findall(r"[^\s,']+", match[2])
    near = most_like(typed, choices)
    return f"没有“{typed}”{f'，是不是“{near}”' if near else ''}（可选：{'、'.join(choices)}）"


HELP_WORDS = {
    "usage: ": "用法：",
    "positional arguments:": "参数：",
    "options:": "选项：",
    "show this help message and exit": "显示这份说明",
}
MISTAKES: Mapping[str, str | Callable[[re.Match[str]], str]] = {
    "^argument 命令: ": "",
    "^argument (.+?): ": r"\1 ",
    r"invalid choice: '(.*)' \(.*choose from (.*)\)$": _no_choice,
    "^the following arguments are required:": "还缺",
    "^unrecognized arguments:": "看不懂",
    "expected one argument$": "后面要写一个值",
    "invalid int value: '(.*)'$": r"应是整数，写的是“\1”",
    "ignored explicit argument '(.*)'$": r"后面不带值，写了“\1”",
    "^ambiguous option: (.*) could match (.*)$": r"\1 说得不明确，可以是 \2",
}
"""argparse's sentences as patterns, and what stands for them; a test makes each of these mistakes."""
