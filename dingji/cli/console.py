"""What every command shares with the console: exit codes, and lines. Light: `--help` loads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dingji.cli.progress import Display

SETTLED, ACT, CANNOT_RUN = 0, 1, 2
"""Exit codes: all is done; done, and a person must act; nothing was done."""
SHOWN_NAMES = 10


def say(text: str) -> None:
    """Print a line on the console, in place of how far the command is."""
    clear_line()
    print(text, flush=True)


shown: list[Display] = []
"""What shows how far the command is."""


def clear_line() -> None:
    """Take away the line that shows how far the command is."""
    for display in shown:
        display.clear()


def listed(names: Sequence[str]) -> str:
    """Return names for one console line, the first ones only where there are many."""
    return "、".join(names[:SHOWN_NAMES]) + ("等" if len(names) > SHOWN_NAMES else "")
