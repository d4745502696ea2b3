"""A finding about a standard or a config file: how grave, where, and the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from dingji.comparing import asked

Path = tuple[str | int, ...]
"""The keys that lead to a value in a TOML file."""


ALIKE = 0.5
"""How much of a name must agree for it to be suggested: one of two characters (类型 for 类别)."""


@dataclass(frozen=True)
class Finding:
    """Something about a standard or a config file: how grave, where (key path, line), and the words."""

    severity: Literal["error", "warning", "notice"]
    path: Path
    words: str
    line: int = 0

    @property
    def text(self) -> str:
        """Return the line for a console."""
        place = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")
        line = f"第{self.line}行" if self.line else ""
        head = " ".join(part for part in (SEVERITIES[self.severity], line, place) if part)
        return f"{head}：{self.words}"


SEVERITIES = {"error": "错误", "warning": "提醒", "notice": "减负提示"}
"""How a console calls each."""


def error(path: Path, words: str) -> Finding:
    """Return a finding that keeps a standard from being used."""
    return Finding("error", path, words)


def warning(path: Path, words: str) -> Finding:
    """Return a finding with which the run goes on."""
    return Finding("warning", path, words)


def notice(path: Path, words: str) -> Finding:
    """Return what is no fault, and only to be thought of."""
    return Finding("notice", path, words)


def nearest(name: str, names: Sequence[str]) -> str:
    """Return `；是不是“…”` with the name that was likely meant, or ""."""
    near = get_close_matches(name, names, n=1, cutoff=ALIKE)
    return asked(near[0] if near else "")
