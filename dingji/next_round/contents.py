"""目录.xlsx of an archive: every file with what it is and its SHA-256, and where it went in the next round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from dingji.forms.palette import new_book
from dingji.frozen import Archive
from dingji.next_round.carry import Taken
from dingji.outcome import Outcome
from dingji.reports.columns import Cell, ReportColumn, build
from dingji.reports.flat import flat_sheet
from dingji.reports.foot import titled
from dingji.reports.sheet import Layout, put_sheet
from dingji.reports.styles import Styles

CONTENTS: Final = "目录.xlsx"
SHEET: Final = "目录"
FOLDERS: Final[Mapping[str, str]] = {
    "config.toml": "这一轮的设置",
    "schemes": "评定用的标准",
    "templates": "打印各种表和公文的模板",
    "output/内部": "内部的结果、校验报告和记录，不外发",
    "output/上会": "上会用的材料，会后收回",
    "output/公示": "公示",
    "output/上报": "上报的表和公文",
    "output/反馈": "给各党组织的反馈",
    "output": "这一轮的结果",
    "input": "收来的其他文件，没有采用",
}
"""What lies in a folder; the longest path that fits."""


@dataclass(frozen=True)
class _Line:
    number: int
    path: PurePosixPath
    what: str
    onward: str
    digest: str


Column = ReportColumn[_Line, Cell]
COLUMNS: tuple[Column, ...] = (
    Column("序号", 6, "count", lambda line: line.number),
    Column("文件夹", 28, "text", lambda line: "" if str(line.path.parent) == "." else str(line.path.parent)),
    Column("文件", 40, "text", lambda line: line.path.name),
    Column("是什么", 34, "text", lambda line: line.what),
    Column("带到新一轮的位置", 40, "text", lambda line: line.onward),
    Column("文件指纹", 34, "text", lambda line: line.digest),
)


def contents(archive: Archive, outcome: Outcome, taken: Sequence[Taken], titles: Mapping[str, str]) -> bytes:
    """Return the list as .xlsx bytes; `titles` are forms by kind."""
    note = "文件指纹用来核对文件有没有动过：python process.py verify 会逐个核对。"
    table = build(
        titled(outcome, f"定稿“{archive.name}”目录"), COLUMNS, _lines(archive, outcome, taken, titles), [note]
    )
    book = new_book(SHEET)
    put_sheet(flat_sheet(book, SHEET), Styles(book), [table], Layout(3))
    return book.sealed()


def _lines(archive: Archive, outcome: Outcome, taken: Sequence[Taken], titles: Mapping[str, str]) -> Iterator[_Line]:
    onward = {one.source: one.path for one in taken}
    kinds = {f"input/{file.path}": titles.get(file.kind, "") for file in outcome.files if file.taken}
    for number, path in enumerate(sorted(archive.files), start=1):
        what = kinds.get(path) or _of_folder(path)
        yield _Line(number, PurePosixPath(path), what, onward.get(path, ""), archive.files[path])


def _of_folder(path: str) -> str:
    return next(words for folder, words in FOLDERS.items() if path == folder or path.startswith(f"{folder}/"))
