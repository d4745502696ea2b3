"""邮件/发送清单.xlsx: a line a message, and a line for each that could not be written, with what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dingji.forms.palette import new_book
from dingji.mail.journal import BEGUN, SENT
from dingji.mail.message import Attachment
from dingji.mail.plan import Item
from dingji.problems import describe, shown
from dingji.reports.columns import Cell, ReportColumn, build
from dingji.reports.flat import flat_sheet
from dingji.reports.sheet import Layout, put_sheet
from dingji.reports.styles import Styles

SEND_LIST: Final = "发送清单.xlsx"
SHEET: Final = "发送清单"
READY, UNWRITTEN, UNSURE = "未发送", "没有写", "发没发出不清楚"
STATES: Final = {SENT: SENT, BEGUN: UNSURE}
"""How a message stands, by its last step in 发送记录."""
NOTES: Final = (
    "草稿用邮件程序打开就能发；打不开草稿的，照这张清单逐个发送。内部、上会两个文件夹里的文件不外发（退回件除外）。",
)


@dataclass(frozen=True)
class _Line:
    number: int
    item: Item
    state: str


def state_of(item: Item, steps: Mapping[str, str]) -> str:
    """Return how a message stands by what 发送记录 says."""
    return STATES.get(steps.get(item.message.mark, ""), READY) if item.message else UNWRITTEN


def draft_path(item: Item) -> str:
    """Return where a draft lies below 邮件/."""
    return f"{item.kind}/{item.stem}.eml"


def _remark(line: _Line) -> str:
    problem = line.item.problem
    told = [describe(each) for each in ([problem] if problem else line.item.notes)]
    own = [f"{each.code} {each.words}。{each.mend}" for each in told]
    return "\n".join(own if problem else [each.text for each in told])


def _place(line: _Line) -> str:
    """Return who gets it; the file where nobody is known."""
    return line.item.name or (line.item.problem.file if line.item.problem else "")


Column = ReportColumn[_Line, Cell]
COLUMNS: tuple[Column, ...] = (
    Column("序号", 6, "count", lambda line: line.number),
    Column("种类", 8, "text", lambda line: line.item.kind),
    Column("编码", 12, "text", lambda line: line.item.code),
    Column("收件人", 26, "text", _place),
    Column("邮箱", 28, "text", lambda line: shown(line.item.address, 80)),
    Column("主题", 40, "text", lambda line: line.item.message.subject if line.item.message else ""),
    Column("附件", 44, "text", lambda line: "\n".join(file.name for file in _files(line))),
    Column("附件在", 30, "text", lambda line: "\n".join(sorted({_folder(file.path) for file in _files(line)}))),
    Column("草稿", 30, "text", lambda line: draft_path(line.item) if line.item.message else ""),
    Column("状态", 14, "text", lambda line: line.state),
    Column("说明", 50, "text", _remark),
)


def _files(line: _Line) -> Sequence[Attachment]:
    return line.item.message.files if line.item.message else ()


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def send_list(items: Sequence[Item], steps: Mapping[str, str]) -> bytes:
    """Return the list as .xlsx bytes; `steps` are the last ones of each message in 发送记录, by its mark."""
    lines = [_Line(number, item, state_of(item, steps)) for number, item in enumerate(items, start=1)]
    book = new_book(SHEET)
    put_sheet(flat_sheet(book, SHEET), Styles(book), [build(SHEET, COLUMNS, lines, NOTES)], Layout(4))
    return book.sealed()
