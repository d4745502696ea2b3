"""A finding about a standard or a config file: how grave, where, and the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]
"""The keys that lead to a value in a TOML file."""


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
        where = f"第{self.line}行 " if self.line else ""
        return f"{'错误' if self.severity == 'error' else '提醒'} {where}{place}：{self.words}"
