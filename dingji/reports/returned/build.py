"""Outcome → what lies in 内部/退回/: marked workbooks, and the letters beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from dingji.content import Content
from dingji.outcome import Outcome
from dingji.reports.documents import chinese_date
from dingji.reports.rendering import Renderer
from dingji.reports.returned.apart import Copier
from dingji.reports.returned.fault import Fault
from dingji.reports.returned.faults import GivenBack, returns

FOLDER: Final = "内部/退回"
ENDING: Final = ".txt"
"""Of a letter: every file that goes back has one."""
LETTER: Final = "报表退回修改通知.txt.j2"
WORD, WORD_LETTER = ".docx", "报表退回修改通知.docx"
"""The same letter in Word: how its name ends, and its template."""


def returned(outcome: Outcome, copier: Copier, renderer: Renderer) -> tuple[list[GivenBack], dict[str, Content]]:
    """Return what goes back, and its files by path in output/."""
    given: list[GivenBack] = []
    files: dict[str, Content] = {}
    for back in returns(outcome):
        copy = copier(back) if back.opened else None
        each = GivenBack(back, f"{back.stem}{copy.suffix}" if copy else "", f"{back.stem}{ENDING}")
        if copy:
            files[f"{FOLDER}/{each.copy}"] = copy.content
        context = letter_context(outcome, each, copy.lost if copy else "")
        files[f"{FOLDER}/{each.letter}"] = renderer.render_text(LETTER, context)
        files[f"{FOLDER}/{back.stem}{WORD}"] = renderer.render_word(WORD_LETTER, context)
        given.append(each)
    return given, files


def letter_context(outcome: Outcome, each: GivenBack, lost: str) -> Mapping[str, Any]:
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
