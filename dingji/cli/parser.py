"""The parser of the command line: its few English words put into Chinese."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Mapping
from unicodedata import east_asian_width

from dingji.cli.console import CANNOT_RUN
from dingji.comparing import most_like


class ChineseParser(argparse.ArgumentParser):
    """Says in Chinese what is wrong with the arguments, and heads its help in Chinese."""

    def format_help(self) -> str:
        """Return the help with argparse's own few English words put into Chinese."""
        text = super().format_help()
        for english, chinese in HELP_WORDS.items():
            text = text.replace(english, chinese)
        text = re.sub("^命令:\n  命令$", "命令：", text, flags=re.MULTILINE)
        return "\n\n".join("\n".join(_aligned(block.split("\n"))) for block in text.split("\n\n"))

    def error(self, message: str) -> None:  # type: ignore[override]
        """Print the mistake and how to get help; exit with 2."""
        for english, chinese in MISTAKES.items():
            message = re.sub(english, chinese, message, flags=re.DOTALL)
        self.exit(CANNOT_RUN, f"命令写错了：{message}。用法见：python process.py --help\n")


def _aligned(lines: list[str]) -> Iterator[str]:
    """Yield the lines of a block with what each thing means below each other: a Chinese sign is two wide."""
    parts = [ITEM.fullmatch(line) for line in lines]
    column = max((_width(part[1]) for part in parts if part), default=0) + 2
    for line, part in zip(lines, parts, strict=True):
        if part:
            yield f"{part[1]}{' ' * (column - _width(part[1]))}{part[2]}"
        else:
            yield f"{' ' * column}{line.strip()}" if column > len(FURTHER) and line.startswith(FURTHER) else line


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _no_choice(match: re.Match[str]) -> str:
    """Tell what may stand there, and what is likely meant."""
    typed, choices = match[1], re.findall(r"[^\s,']+", match[2])
    near = most_like(typed, choices)
    return f"没有“{typed}”{f'，是不是“{near}”' if near else ''}（可选：{'、'.join(choices)}）"


ITEM = re.compile(r"( {2,10}\S.*?) {2,}(\S.*)")
"""A line of help: what is typed, and what it means."""
FURTHER = " " * 12
"""How a line begins that goes on with the meaning of the line above."""
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
