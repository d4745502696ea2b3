"""Outcome + the bytes of the input files → what lies in 内部/退回/: marked workbooks, and the letters beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, Final

from dingji.outcome import Outcome
from dingji.read.guard import inspect
from dingji.read.open import open_csv, open_workbook
from dingji.reports.documents import chinese_date
from dingji.reports.rendering import Renderer
from dingji.reports.returned.convert import MOST_CELLS, converted, sheet_names
from dingji.reports.returned.faults import Fault, GivenBack, Return, returns
from dingji.reports.returned.mark import marked
from dingji.reports.returned.package import UnmarkableError

FOLDER: Final = "内部/退回"
ENDING: Final = ".txt"
"""Of a letter: every file that goes back has one."""
LETTER: Final = "报表退回修改通知.txt.j2"
MARKABLE: Final = (".xlsx", ".xlsm", ".xltx", ".xltm")
BINARY: Final = ".xlsx"
LOST: Final = "原文件是 {what}，本表只保留了各格的内容，格式和公式没有保留。"

Read = Callable[[str], bytes]
"""The bytes of an input file by its path there; none where it cannot be read any more."""


def returned(outcome: Outcome, read: Read, renderer: Renderer) -> tuple[list[GivenBack], dict[str, bytes]]:
    """Return what goes back, and its files by path in output/."""
    given, files = [], {}
    for back in returns(outcome):
        raw = read(back.file.path) if back.opened else b""
        suffix, copy, lost = _copy(raw, back) if sha256(raw).hexdigest() == back.file.sha256 else ("", b"", "")
        each = GivenBack(back, f"{back.stem}{suffix}" if copy else "", f"{back.stem}{ENDING}")
        if copy:
            files[f"{FOLDER}/{each.copy}"] = copy
        files[f"{FOLDER}/{each.letter}"] = renderer.render_text(LETTER, _context(outcome, each, lost))
        given.append(each)
    return given, files


def _copy(raw: bytes, back: Return) -> tuple[str, bytes, str]:
    """Return the ending, the bytes and what could not be kept of a marked copy; no bytes where there is none."""
    suffix = PurePosixPath(back.file.path).suffix.lower()
    try:
        copy = marked(raw, back.faults, back.file.number) if raw.startswith(b"PK") else b""
    except UnmarkableError:
        copy = b""
    if copy:
        return (suffix if suffix in MARKABLE else ".xlsm" if inspect(raw).macros else BINARY), copy, ""
    return _anew(raw, suffix, back)


def _anew(raw: bytes, suffix: str, back: Return) -> tuple[str, bytes, str]:
    """Make a workbook of the values of a file that cannot itself be marked."""
    grids, _ = (open_csv if suffix == ".csv" else open_workbook)(raw)
    if not grids or sum(len(line) for grid in grids for line in grid.rows) > MOST_CELLS:
        return "", b"", ""
    lost = LOST.format(what=suffix.lstrip(".") or "其他格式")
    names = dict(zip((grid.name for grid in grids), sheet_names(grids), strict=True))
    faults = [replace(fault, sheet=names.get(fault.sheet, fault.sheet)) for fault in back.faults]
    return BINARY, marked(converted(grids), faults, back.file.number, lost), lost


def _context(outcome: Outcome, each: GivenBack, lost: str) -> Mapping[str, Any]:
    """Return the fields that the letter may print, under Chinese names for the officer."""
    office, back = outcome.settings.office, each.back
    return {
        "主送": back.owner,
        "表名": back.title,
        "轮次": outcome.settings.round.label,
        "原文件": PurePosixPath(back.file.path).name,
        "退回件": each.copy,
        "退回号": back.file.number.rpartition("-")[2] if each.copy else "",
        "须改正": _lines(fault for fault in back.faults if fault.must),
        "请核对": _lines(fault for fault in back.faults if not fault.must),
        "未保留": lost,
        "填报单位": office.name,
        "联系电话": office.phone,
        "日期": chinese_date(office.date),
    }


def _lines(faults: Iterable[Fault]) -> list[Mapping[str, str]]:
    return [
        {"位置": fault.line.place, "填的是": fault.line.found, "问题": fault.line.words, "改法": fault.line.mend}
        for fault in faults
    ]
