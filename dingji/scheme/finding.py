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

    severity: Literal["error", "warning"]
    path: Path
    words: str
    line: int = 0

    @property
    def text(self) -> str:
        """Return the line for a console."""
        place = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")
        line = f"第{self.line}行" if self.line else ""
        head = " ".join(part for part in ("错误" if self.severity == "error" else "提醒", line, place) if part)
        return f"{head}：{self.words}"


def error(path: Path, words: str) -> Finding:
    """Return a finding that keeps a standard from being used."""
    return Finding("error", path, words)


def warning(path: Path, words: str) -> Finding:
    """Return a finding with which the run goes on."""
    return Finding("warning", path, words)


def nearest(name: str, names: Sequence[str]) -> str:
    """Return `；是不是“…”` with the name that was likely meant, or ""."""
    near = get_close_matches(name, names, n=1, cutoff=ALIKE)
    return asked(near[0] if near else "")
