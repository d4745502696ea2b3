"""Write docs/sentences.md: `python -m tests.make_sentences`, from the repository's root."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from dingji.book.declare import book_of
from dingji.book.explain import meaning
from dingji.problem_catalogue import CATALOGUE, LEVELS
from dingji.settings import Settings
from tests.sentences import FOR_AUTHORS, PROGRAM, Text, texts

PAGE = PROGRAM / "docs" / "sentences.md"
HEAD = """\
# 程序说的每一句话

由 `python -m tests.make_sentences` 从程序里抄出，供通读和改字；“…”处是填进去的内容。改了说法以后重新生成。"""
MARKS = frozenset("，。；：、（“…")
"""What a text has that is more than a label."""
CATALOGUE_ROOM = "problem_catalogue/"


def page() -> str:
    """Return the whole page."""
    found = [text for text in texts() if not text.module.startswith(CATALOGUE_ROOM)]
    own = [text for text in found if not text.for_authors]
    sections = [HEAD, *_catalogue(), *_settings(), "## 其余各处", *_listed(own), "## 不是给经办人看的"]
    for why in dict.fromkeys(FOR_AUTHORS.values()):
        sections += [f"### {why}", *_listed(text for text in found if text.for_authors == why)]
    return "\n\n".join(sections) + "\n"


def _catalogue() -> Iterator[str]:
    """Yield the table of problems."""
    yield "## 问题"
    rows = [
        f"| {code} | {LEVELS[kind.level]} | {_cell(kind.title)} | {_cell(kind.words)} | {_cell(kind.mend)} |"
        for code, kind in CATALOGUE.items()
    ]
    yield "\n".join(["| 编码 | 级别 | 名称 | 说什么 | 改法 |", "|---|---|---|---|---|", *rows])


def _settings() -> Iterator[str]:
    """Yield what 设置.xlsx says of each setting."""
    yield "## 设置.xlsx"
    book = book_of(Settings)
    rows = [(entry.part, entry.column) for entry in book.entries]
    rows += [(sheet.name, column) for sheet in book.sheets for column in sheet.columns]
    told = [f"| {part} | {column.heading} | {_cell(meaning(column))} |" for part, column in rows]
    yield "\n".join(["| 部分 | 项目 | 说明 |", "|---|---|---|", *told])


def _listed(found: Iterator[Text] | list[Text]) -> Iterator[str]:
    """Yield the texts of each module as a list."""
    for module, own in groupby(found, key=lambda text: text.module):
        listed = [_cell(text.words) for text in own]
        labels = [words for words in listed if not MARKS & set(words)]
        sentences = [f"- {words}" for words in listed if MARKS & set(words)]
        yield "\n".join([f"**{module}**", "", *sentences, *([f"- 词：{' ｜ '.join(labels)}"] if labels else [])])


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ⏎ ").replace("<", "&lt;")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
