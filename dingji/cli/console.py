"""What every command shares with the console: exit codes, lines, progress. Light: `--help` loads it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

SETTLED, ACT, CANNOT_RUN = 0, 1, 2
"""Exit codes: all is done; done, and a person must act; nothing was done."""
SHOWN_NAMES = 10


def say(text: str) -> None:
    """Print a line on the console."""
    print(text, flush=True)


def progress_bar() -> Callable[[int, int], None]:
    """Return a progress report: a line rewritten on a terminal, nothing elsewhere."""
    if not sys.stdout.isatty():
        return lambda _done, _all: None

    def show(done: int, total: int) -> None:
        print(f"\r正在读取 {done}/{total}", end="\n" if done == total else "", flush=True)

    return show


def listed(names: Sequence[str]) -> str:
    """Return names for one console line, the first ones only where there are many."""
    return "、".join(names[:SHOWN_NAMES]) + ("等" if len(names) > SHOWN_NAMES else "")
