"""问卷对照表: what the columns and answers of an online questionnaire's export are, as the office confirms it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dingji.forms.declare import ABSTAIN, ROUND_HEAD, YES_NO, Column, Form, Sheet

KIND: Final = "questionnaire"
TITLE: Final = "问卷对照表"
OPTIONS: Final = "选项对照"
BRANCHES: Final = "党组织对照"
UNUSED, BRANCH, GROUP = "不用", "党组织", "身份"
"""What a column may be beside a question: nothing that is read, the branch, 身份."""

CONFIRM = Column("确认", "confirmed", "choice", 8, choices=YES_NO, hint="核对无误的选“是”；没有选“是”的不采用")
NUMBER = Column("问卷", "number", "printed", 11, key=True)
LETTER = Column("列", "letter", "printed", 6, key=True)
HEADING = Column("问卷列标题", "heading", "printed", 38)

COLUMNS_NOTE = (
    "“识别为”是程序按文字猜的，须逐行核对：不对的从下拉框改选，对的在“确认”栏选“是”。"
    "核对完把本表放进 input，再运行一次。时间、IP、昵称等个人信息不读取，不用管。"
)
OPTIONS_NOTE = (
    "问卷里的选项与标准的写法不同，或者只有代码（1、2、3）：逐行选定“标准选项”，再在“确认”栏选“是”。空着的程序不猜。"
)
BRANCHES_NOTE = (
    "问卷里写的党组织在名册中找不到，或者整个文件没有写是哪个党组织：选定“党组织”，再在“确认”栏选“是”；"
    "不采用的选“不用”。"
)


@dataclass(frozen=True)
class Target:
    """Something that a survey asks, which a column of an export may be: the form and the column of its 测评票."""

    form: Form
    column: Column


def targets(forms: Iterable[Form]) -> dict[str, Target]:
    """Return what the surveys among these forms ask, by the words of 识别为.

    Where there are several surveys, their sources (and whatever else tells them apart) stand before the question.
    """
    surveys = [form for form in forms if form.kind == "survey"]
    told = [(form.scheme_title, form.round, form.source) for form in surveys]
    differs = [len(set(parts)) > 1 for parts in zip(*told, strict=True)]
    found = {}
    for form, parts in zip(surveys, told, strict=True):
        named = "·".join(part for part, tells in zip(parts, differs, strict=True) if tells)
        for column in form.sheets[0].columns:
            if column.item:
                found[f"{named}：{column.heading}" if named else column.heading] = Target(form, column)
    return found


def questionnaire_forms(forms: Sequence[Form], branches: tuple[str, ...] = ()) -> list[Form]:
    """Declare 问卷对照表 for the surveys among these forms; none where nobody is surveyed.

    `branches`: how the drop-down names them, where the roster is known.
    """
    survey = next((form for form in forms if form.kind == "survey"), None)
    if survey is None:
        return []
    asked = targets(forms)
    sheets = (_columns(tuple(asked)), _options(asked), _branches(branches))
    whose = (survey.scheme, survey.scheme_title, survey.round)
    return [Form(KIND, TITLE, *whose, "", "office", ROUND_HEAD, sheets, work=survey.work)]


def _columns(asked: tuple[str, ...]) -> Sheet:
    columns = (
        NUMBER,
        LETTER,
        HEADING,
        Column("样例", "sample", "printed", 42),
        Column("识别为", "target", "choice", 30, choices=(*asked, BRANCH, GROUP, UNUSED)),
        CONFIRM,
    )
    return Sheet(TITLE, "records", columns, note=COLUMNS_NOTE, complete=True)


def _options(asked: dict[str, Target]) -> Sheet:
    """Declare the sheet of answers in other words; every answer and 身份 that some survey knows is on offer."""
    known = [choice for target in asked.values() for choice in target.column.choices]
    groups = [choice for target in asked.values() for choice in group_column(target.form).choices]
    columns = (
        NUMBER,
        LETTER,
        HEADING,
        Column("问卷选项", "answer", "printed", 26),
        Column("份数", "count", "printed", 8),
        Column("标准选项", "option", "choice", 18, choices=tuple(dict.fromkeys([*known, *groups, ABSTAIN]))),
        CONFIRM,
    )
    return Sheet(OPTIONS, "records", columns, note=OPTIONS_NOTE, optional=True, complete=True)


def _branches(branches: tuple[str, ...]) -> Sheet:
    columns = (
        NUMBER,
        Column("文件", "file", "printed", 34),
        Column("问卷中的写法", "answer", "printed", 26),
        Column("份数", "count", "printed", 8),
        Column("提示", "", "printed", 26, needed=False),
        Column("党组织", "branch", "choice", 28, choices=(*branches, UNUSED) if branches else ()),
        CONFIRM,
    )
    return Sheet(BRANCHES, "records", columns, note=BRANCHES_NOTE, optional=True, complete=True)


def group_column(form: Form) -> Column:
    """Return the column of 身份 of a survey's 测评票."""
    return next(column for column in form.sheets[0].columns if column.field == "group")
