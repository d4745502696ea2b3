"""What every command shares with the console: exit codes, and lines. Light: `--help` loads it."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dingji.cannot_run import CannotRunError

if TYPE_CHECKING:
    from dingji.cli.progress import Display

SETTLED, ACT, CANNOT_RUN = 0, 1, 2
"""Exit codes: all is done; done, and a person must act; nothing was done."""
SHOWN_NAMES = 10
YES = ("是", "y", "yes")


NEAR = str.maketrans({"▸": "→", "−": "-", "–": "-", "²": "2", "¹": "1", "⁻": "-", "⁶": "6", "½": "1/2"})
"""What stands for signs that a console in GBK, or another old encoding, has not."""
SUBSTITUTE = "□"


def say(text: str) -> None:
    """Print a line on the console, in place of how far the command is."""
    clear_line()
    print(as_shown(text, sys.stdout.encoding or "utf-8"), flush=True)


def as_shown(text: str, encoding: str) -> str:
    """Return text without signs that steer a terminal, as near as the console's encoding comes to it.

    Names in it come from anywhere, even from a standard that somebody else has written.
    """
    if not text.isprintable():
        text = "".join(sign if _is_shown(sign) else SUBSTITUTE for sign in text)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(NEAR)
    return text


def _is_shown(sign: str) -> bool:
    return sign.isprintable() or sign == "\n" or unicodedata.category(sign) == "Zs"


shown: list[Display] = []
"""What shows how far the command is."""


def clear_line() -> None:
    """Take away the line that shows how far the command is."""
    for display in shown:
        display.clear()


def agreed(question: str, refusal: str, *, yes: bool) -> bool:
    """Ask before something is done that cannot be taken back; without a terminal only --yes is an answer."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise CannotRunError([f"{refusal}：不在命令行窗口里，确认的，加 --yes"])
    say(question)
    return sys.stdin.readline().strip().lower() in YES


def listed(names: Sequence[str]) -> str:
    """Return names for one console line, the first ones only where there are many."""
    return "、".join(names[:SHOWN_NAMES]) + ("等" if len(names) > SHOWN_NAMES else "")
