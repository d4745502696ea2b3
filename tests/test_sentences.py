"""What an officer reads is plain office Chinese: no keys, no code, no sentence that is too long to be read once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest

from dingji.book.declare import book_of
from dingji.book.explain import meaning
from dingji.problem_catalogue import CATALOGUE
from dingji.settings import Settings
from tests.make_sentences import PAGE, page
from tests.sentences import PROGRAM, Text, texts

LONGEST: Final = 60
"""Signs of a sentence, or of what stands between semicolons."""
COMMAND: Final = re.compile(
    r'python process\.py(?: --workspace "…")?(?: [a-z]+)*(?: --[a-z-]+)?|-m pip install|pip download -r \S+ -d'
)
COMMANDS: Final = re.compile(
    r"(?:scheme|config) (?:show|lint|import|export)"
    r"|（(?:show|lint|try|diff|table、import|export|import)）|--[a-z-]+|不带命令就是 run|默认 five-good"
)
"""Commands as README names them."""
NAMES: Final = re.compile(
    r"(?:templates|schemes|input|output|archive|docs|config|wheels)(?:[/.][\w…（）.()]*)?|[\w…《》]*\.(?:xlsx|xlsb|xls|csv|docx|toml|html|txt|json|sxc|j2|js|md|bat)(?:\.j2)?"
)
"""Folders and files that an officer has before him."""
ENGLISH: Final = {
    "Excel": "程序的名称",
    "WPS": "程序的名称",
    "Word": "程序的名称",
    "OpenOffice": "程序的名称",
    "Numbers": "程序的名称",
    "Lotus": "程序的名称",
    "Works": "程序的名称",
    "PDF": "文件格式的名称",
    "XML": "文件格式的名称",
    "ODF": "文件格式的名称",
    "SYLK": "文件格式的名称",
    "DIF": "文件格式的名称",
    "gzip": "文件格式的名称",
    "zip": "文件格式的名称",
    "UTF": "编码的名称（UTF-8）",
    "MB": "计量单位",
    "IP": "问卷平台的栏目",
    "ZZ": "表格的列号",
}
"""English words that stay, and why."""
NO_SENTENCES: Final = {
    "dates.py": "日期的写法",
    "read/questionnaire_headings.py": "问卷平台的栏目",
    "read/questionnaire.py": "问卷平台的写法",
    "cli/parser.py": "命令行的英文，换成中文",
    "reports/official_wording.py": "公文模板的措辞和字段，照模板的写法",
    "reports/official/template_check.py": "字体的名称",
    "reports/pdf/faces.py": "字体的名称",
    "next_round/settings.py": "设置文件的原文",
}
"""Modules with texts that are looked for in what others wrote, not printed."""
TOLD_OTHERWISE: Final = ("settings.py", "round_days.py", "paper_settings.py")
"""What these say of keys is told by their Chinese names in 设置.xlsx, and looked at there."""


OWN: Final = re.compile(r"“.*?”|＝ .*?，|[A-Z]+-?[\dA-Z]*\d+|[\da-f]{8}|Sheet1|\S*/\S*")
"""What is a user's own in a line, or a code: typed values, numbers of branches and forms, sheets, paths."""


def english(words: str) -> list[str]:
    """Return the English words in a text that are neither commands, nor names of files, nor allowed."""
    for pattern in (COMMAND, COMMANDS, NAMES):
        words = pattern.sub("", words)
    words = re.sub(r"&[A-Z]", "", words)  # of a page's foot: page and pages
    return [word for word in re.findall(r"[A-Za-z][A-Za-z_]+", words) if word not in ENGLISH]


def printed() -> Iterator[Text]:
    """Yield every text that is printed for an officer, 设置.xlsx as it tells its settings."""
    for text in texts():
        if not text.for_authors and text.module not in NO_SENTENCES and text.module not in TOLD_OTHERWISE:
            yield text
    book = book_of(Settings)
    for column in (
        *(entry.column for entry in book.entries),
        *(column for sheet in book.sheets for column in sheet.columns),
    ):
        yield Text("设置.xlsx", meaning(column).partition("例：")[0])


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tests.make_sentences"


@pytest.mark.parametrize("words", ["在标准里写 scaled = true", "改名额的 out_of", "见 [round]", "min_raters 太大"])
def test_keys_are_seen(words: str) -> None:
    assert english(words)


def test_no_text_has_keys_or_english() -> None:
    assert [(text.module, text.words, found) for text in printed() if (found := english(text.words))] == []


def test_no_sentence_is_too_long() -> None:
    parts = [(text, part) for text in printed() for part in re.split(r"[。；\n：！？]|⏎", text.words)]
    assert [(text.module, part) for text, part in parts if len(re.sub(r"[!-~]+", "字", part)) > LONGEST] == []


def test_catalogue_ends_its_sentences_itself() -> None:
    """The line adds the full stops: none is written twice."""
    texts_ = [text for kind in CATALOGUE.values() for text in (kind.title, kind.words, kind.mend)]
    assert [text for text in texts_ if text.endswith(("。", "；", "，")) or "," in text or ";" in text] == []


def test_examples_in_the_error_pages_are_chinese_too() -> None:
    """They are lines of real runs, with what is filled in."""
    told = []
    for path in sorted((PROGRAM / "docs/errors").glob("[EWN]*.md")):
        line = next(line for line in path.read_text("utf-8").splitlines() if line.startswith(path.stem))
        words = OWN.sub("", line)
        told.append((path.stem, line, english(words)))
    assert [one for one in told if one[2]] == []
