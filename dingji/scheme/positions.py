"""Where in a TOML file each value stands: key path → line, so that a finding can name its line."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from dingji.scheme.finding import Path

_TOKEN = re.compile(
    r"""(?P<skip>[ \t\r]+|\#[^\n]*)|(?P<text>\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
    r"""|(?P<mark>[\[\]{},=\n])|(?P<bare>[^\s\[\]{},="'\#]+)""",
    re.DOTALL,
)


DEEPEST = 16
"""Keys and brackets within each other; no table of ours has half as many."""


def too_deep(text: str) -> int:
    """Return the line at which keys or brackets go deeper than any file of ours does; 0 where none do."""
    line, brackets, keys = 1, 0, 0
    for match in _TOKEN.finditer(text):
        word, kind = match.group(), match.lastgroup
        if kind == "mark":
            brackets += (word in "[{") - (word in "]}")
            keys = 0
        elif kind == "bare":
            keys += word.count(".")
        if max(brackets, keys) > DEEPEST:
            return line
        line += word.count("\n")
    return 0


def line_of(text: str, path: Path) -> int:
    """Return the line at which a key path stands, else its nearest table's; 0 where neither is in the file."""
    found = _positions(text)
    while path and path not in found:
        path = path[:-1]
    return found.get(path, 0)


@lru_cache(maxsize=4)
def _positions(text: str) -> dict[Path, int]:
    return _Scan(text).found


class _Scan:
    """One pass over a file that `tomllib` has found right; keys are told apart from values by their place alone."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, int]] = []
        line = 1
        for match in _TOKEN.finditer(text):
            if match.lastgroup != "skip":
                self.tokens.append((match.group(), line))
            line += match.group().count("\n")
        self.at = 0
        self.found: dict[Path, int] = {}
        self.sizes: Counter[Path] = Counter()
        self._document()

    @property
    def word(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    @property
    def line(self) -> int:
        return self.tokens[min(self.at, len(self.tokens) - 1)][1]

    def _take(self, *texts: str) -> bool:
        taken = self.word in texts
        self.at += taken
        return taken

    def _document(self) -> None:
        table: Path = ()
        while self.word:
            if self._take("\n"):
                continue
            table = self._header() if self.word == "[" else self._pair(table)

    def _header(self) -> Path:
        line = self.line
        self._take("[")
        doubled = self._take("[")
        path: Path = ()
        for part in self._key():
            path = (*self._last(path), part)
        while self._take("]"):
            continue
        if doubled:
            self.sizes[path] += 1
        self.found.setdefault(path, line)
        path = self._last(path)
        self.found.setdefault(path, line)
        return path

    def _last(self, path: Path) -> Path:
        """Return the table last begun in an array of tables; any other path as it is."""
        return (*path, self.sizes[path] - 1) if self.sizes[path] else path

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while self.word not in ("", "=", "]", "\n"):
            body = self.word
            parts += [body[1:-1]] if body[0] in "\"'" else [part for part in body.split(".") if part]
            self.at += 1
        return tuple(parts)

    def _pair(self, table: Path) -> Path:
        line, path = self.line, (*table, *self._key())
        self.found.setdefault(path, line)
        self._take("=")
        self._value(path)
        return table

    def _value(self, path: Path) -> None:
        if self._take("["):
            self._array(path)
        elif self._take("{"):
            while not self._take("}", ""):
                if not self._take(",", "\n"):
                    self._pair(path)
        else:
            while self.word not in ("", ",", "]", "}", "\n"):
                self.at += 1

    def _array(self, path: Path) -> None:
        index = 0
        while not self._take("]", ""):
            if not self._take(",", "\n"):
                self.found.setdefault((*path, index), self.line)
                self._value((*path, index))
                index += 1
