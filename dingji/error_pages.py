"""A page for every code, and their index, written from the catalogue; `python -m tests.make_error_pages` does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import Final

from dingji.problem_catalogue import CATALOGUE, LEVELS, Kind, Level
from dingji.problems import Line

INDEX: Final = "README.md"
ORDER: Final[Sequence[Level]] = ("refuse", "act", "warning", "note")
EFFECTS: Final[Mapping[Level, str]] = {
    "refuse": "这个文件或这个格没有采用。缺了它，这个党组织可能暂时不能定级；其他党组织照常测算。"
    "改好以后放回 input，再运行一次。",
    "act": "程序不替人作决定，等人处理。处理以前，命令的退出码是 1。",
    "warning": "照常测算，但有一处值得看一看。不影响退出码。",
    "note": "只是说明程序是怎样读的，不必处理。不影响退出码。",
}
FAMILIES: Final[Mapping[str, str]] = {
    "1": "整个文件",
    "2": "一个单元格",
    "3": "是谁的表，交齐没有",
    "4": "测评票",
    "5": "情形、加分、更正、审定、名额",
    "6": "写出结果时",
}


def pages(examples: Mapping[str, Line]) -> dict[str, str]:
    """Return every page by its file name. `examples`: a line as printed, by code."""
    ordered = sorted(CATALOGUE, key=lambda code: code[1:])
    return {INDEX: _index(ordered), **{f"{code}.md": _page(code, examples[code]) for code in ordered}}


def _page(code: str, example: Line) -> str:
    kind = CATALOGUE[code]
    return "\n".join(
        [
            f"# {code} {_general(kind.title)}",
            "",
            f"程度：**{LEVELS[kind.level]}**　　类别：{FAMILIES[code[1]]}",
            "",
            "## 是什么意思",
            "",
            f"{_general(kind.words)}。",
            "",
            EFFECTS[kind.level],
            "",
            "## 例子",
            "",
            "```",
            example.text,
            "```",
            "",
            "## 改法",
            "",
            f"{_general(kind.mend)}。",
            "",
            f"[全部编码]({INDEX})",
            "",
        ]
    )


def _general(text: str) -> str:
    """Return the catalogue's words with what changes from case to case as …."""
    return "".join(before + ("" if name is None else "…") for before, name, _, _ in Formatter().parse(text))


def _index(codes: Sequence[str]) -> str:
    return "\n".join(_index_lines(codes)) + "\n"


def _index_lines(codes: Sequence[str]) -> Iterator[str]:
    yield "# 问题编码"
    yield ""
    yield "校验报告、问题清单和屏幕上的每一条，开头都是编码。编码的意思固定不变。本页和各编码的说明由程序的目录生成。"
    yield ""
    yield (
        "想练习怎么看，运行 `python process.py demo 文件夹 --faults`："
        "里面每一种毛病各有一个支部，`故障清单.xlsx` 逐一说明。"
    )
    for level in ORDER:
        yield from (
            "",
            f"## {LEVELS[level]}",
            "",
            EFFECTS[level],
            "",
            "| 编码 | 名称 | 类别 | 改法 |",
            "|---|---|---|---|",
        )
        for code in codes:
            kind = CATALOGUE[code]
            if kind.level == level:
                yield _row(code, kind)


def _row(code: str, kind: Kind) -> str:
    cells = (f"[{code}]({code}.md)", _general(kind.title), FAMILIES[code[1]], _general(kind.mend))
    return f"| {' | '.join(cell.replace('|', '／') for cell in cells)} |"
