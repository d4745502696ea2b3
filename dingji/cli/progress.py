"""How far a command is, on the console: a line rewritten on a terminal, now and then a plain line elsewhere."""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import dataclass, field
from time import monotonic

EVERY = 0.1
"""Seconds between two looks of the line on a terminal."""
PLAIN_EVERY = 10.0
"""Seconds between two lines where every line stays: a short run has none."""


@dataclass
class Display:
    """What is being done now; it is called with what, how many, of how many."""

    terminal: bool = field(default_factory=lambda: sys.stdout.isatty())  # noqa: PLW0108 - the stream of that moment
    what: str = ""
    first: tuple[int, float] | None = None
    """How many were done when the first were, and when: what goes before is the start of those who do it."""
    printed: float = field(default_factory=lambda: monotonic())  # noqa: PLW0108 - likewise the clock
    width: int = 0

    def __call__(self, what: str, done: int = 0, total: int = 0) -> None:
        """Show how far it is, unless that was shown a moment ago."""
        now = monotonic()
        begins = what != self.what
        if begins:
            self.what, self.first = what, None
        if done and not self.first:
            self.first = done, now
        if now - self.printed < (EVERY if self.terminal else PLAIN_EVERY) and not (self.terminal and begins):
            return
        self.printed = now
        before, since = self.first or (0, now)
        text = told(what, done, total, (done - before) / max(now - since, EVERY))
        if self.terminal:
            self.rewrite(text)
        else:
            print(text, flush=True)

    def rewrite(self, text: str) -> None:
        """Put a text in place of the line; signs that are wide in some consoles count as wide."""
        width = sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)
        print(f"\r{text}{' ' * (self.width - width)}", end="", flush=True)
        self.width = width

    def clear(self) -> None:
        """Take the line away, for what is printed next."""
        if self.width:
            self.rewrite("")
            print("\r", end="", flush=True)


def told(what: str, done: int, total: int, rate: float) -> str:
    """Return how far it is, in words: files done, files a second and the time left, as far as that is known."""
    if not total:
        return f"{what}……"
    counted = f"{what} {done}/{total}"
    return f"{counted}，每秒 {rate:.0f} 个，约剩{duration((total - done) / rate)}" if rate and done < total else counted


def duration(seconds: float) -> str:
    """Return a length of time as people say it, rounded up."""
    whole = int(seconds) + 1
    if whole < 100:  # noqa: PLR2004 - up to here seconds say more
        return f" {whole} 秒"
    minutes = -(-whole // 60)
    return f" {minutes} 分钟" if minutes < 120 else f" {minutes // 60} 小时 {minutes % 60} 分钟"  # noqa: PLR2004
