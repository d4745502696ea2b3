"""Every Chinese text that the program can print, from its source: which module says it, and whom it is for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROGRAM: Final = Path(__file__).parents[1]
CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
GAP: Final = "…"
"""What stands for whatever is filled in."""
PATTERNS: Final = ("compile", "sub", "match", "fullmatch", "search", "findall", "finditer", "split")
"""Functions of `re`, whose first argument is no sentence."""

FOR_AUTHORS: Final[Mapping[str, str]] = {
    "scheme/": "写标准的人看的：说的是标准文件里的键；进问题清单和工作簿时换成中文名称",
    "reference/": "写标准的人看的：标准写法大全",
    "book/toml.py": "写标准的人看的：写进标准文件和设置文件的注释",
    "book/standard.py": "写标准的人看的：写进标准文件的注释",
    "trial/": "写标准的人看的：试算",
    "error_pages.py": "写进 docs/errors 的说明",
    "demo/": "虚构的练习材料",
}
"""Parts of the program whose texts are not for an officer, and what they are."""


@dataclass(frozen=True)
class Text:
    """A text with gaps where something is filled in, and the module that says it."""

    module: str
    words: str

    @property
    def for_authors(self) -> str:
        """Return why it is not for an officer, "" where it is."""
        return next((why for part, why in FOR_AUTHORS.items() if self.module.startswith(part)), "")


def texts() -> list[Text]:
    """Return every Chinese text of the program once a module, in the order in which it stands there."""
    found: dict[Text, None] = {}
    for path in sorted((PROGRAM / "dingji").rglob("*.py")):
        module = path.relative_to(PROGRAM / "dingji").as_posix()
        for words in spoken(ast.parse(path.read_text("utf-8"))):
            found.setdefault(Text(module, words))
    return list(found)


def spoken(tree: ast.AST) -> Iterator[str]:
    """Yield the Chinese texts of a piece of source: no docstrings, no patterns, no examples of keys."""
    if isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant):
        return
    if isinstance(tree, ast.Constant | ast.JoinedStr):
        words = shown(tree)
        if CHINESE.search(words):
            yield words
    for child in _within(tree):
        yield from spoken(child)


def _within(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a piece of source in which texts may stand."""
    if isinstance(tree, ast.JoinedStr):
        yield from (part for part in tree.values if isinstance(part, ast.FormattedValue))
    elif isinstance(tree, ast.Call) and _called(tree) == "key":
        yield from tree.args[:2]
    elif isinstance(tree, ast.Call) and _called(tree) in PATTERNS and _is_of_re(tree):
        yield from tree.args[1:]
    else:
        yield from ast.iter_child_nodes(tree)


def _called(call: ast.Call) -> str:
    named = call.func
    return named.attr if isinstance(named, ast.Attribute) else named.id if isinstance(named, ast.Name) else ""


def _is_of_re(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == "re"


def shown(text: ast.Constant | ast.JoinedStr) -> str:
    """Return a text with gaps where something is filled in; "" for what is no text."""
    if isinstance(text, ast.JoinedStr):
        parts = (shown(part) if isinstance(part, ast.Constant) else GAP for part in text.values)
        return "".join(parts)
    return re.sub(r"\{[^{}]*\}", GAP, text.value) if isinstance(text.value, str) else ""
