"""栏目对照: what the columns of the superior's own form are, as the officer confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dingji.forms.declare import ROUND_HEAD, Column, Form, Sheet
from dingji.forms.questionnaire_form import CONFIRM, LETTER

if TYPE_CHECKING:  # what reads forms loads no models
    from dingji.scheme.model import Scheme

KIND: Final = "columns"
TITLE: Final = "栏目对照"
UNUSED: Final = "不填"
"""What a column is that the program leaves to a person, or to the form's own formulas."""

NOTE: Final = (
    "“识别为”是程序按栏目的文字猜的，须逐行核对：不对的从下拉框改选，程序没有的选“不填”，对的在“确认”栏选“是”。"
    "核对完把本表放进 input，再填写一次。表的栏目不变，下次不用再核对。"
)


def columns_form(scheme: Scheme, targets: tuple[str, ...] = ()) -> Form:
    """Declare 栏目对照. `targets`: what a column may be, where that is known."""
    columns = (
        Column("表", "number", "printed", 11, key=True),
        Column("工作表", "page", "printed", 20, key=True),
        LETTER,
        Column("上级表的栏目", "heading", "printed", 38),
        Column("识别为", "target", "choice", 26, choices=(*targets, UNUSED) if targets else ()),
        CONFIRM,
    )
    sheet = Sheet(TITLE, "records", columns, note=NOTE, complete=True)
    return Form(KIND, TITLE, scheme.id, scheme.title, "", "", "office", ROUND_HEAD, (sheet,), work=scheme.work_name)
