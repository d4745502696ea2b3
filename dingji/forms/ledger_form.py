"""整改台账: what a branch is to mend, a row a problem; declared once to write it, to read it back and to check it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dingji.forms.declare import ROUND_HEAD, YES_NO, Column, Form, Sheet
from dingji.forms.marking_forms import CODE, NAME, RECORD_ROWS
from dingji.scheme.model import Scheme

TITLE: Final = "整改台账"
NUMBER, CODE_HEADING, NAME_HEADING, PROBLEM = "编号", CODE.heading, NAME.heading, "问题"
GIVEN: Final = (NUMBER, CODE_HEADING, NAME_HEADING, PROBLEM)
"""Headings that the program fills for what it found itself."""
GOAL, OWNER, DEMAND, MEASURE, DUE = "目标", "责任人", "要求", "措施", "时限"
PROGRESS, DONE, CLOSED = "进展", "完成日期", "销号"
LEADER, HELP, VISITS, PROOF = "联系领导", "帮扶措施", "走访情况", "佐证材料"
DEMANDS: Final = ("立行立改", "限期")
NOTE: Final = (
    "编号和问题是印好的，请勿改动；一行一个问题，逐项填目标、责任人、要求、措施和时限，做完一项填进展、完成日期和佐证材料，"
    "销号由办公室填。另有问题要整改的，在后面加一行，编号空着，写明问题。"
)


def ledger_columns() -> tuple[Column, ...]:
    """Return the columns of 整改台账, those of the notice first; a hand-made one may lack any but whose it is."""
    also = "also"
    return (
        Column(NUMBER, "item", width=14, may_lack=True),
        replace(CODE, width=9),
        replace(NAME, width=14),
        Column(PROBLEM, "reason", width=24),
        Column(GOAL, also, width=14, may_lack=True),
        Column(OWNER, also, width=9, may_lack=True),
        Column(DEMAND, also, "choice", 9, choices=DEMANDS, may_lack=True),
        Column(MEASURE, also, width=20, may_lack=True),
        Column(DUE, also, width=10, may_lack=True, hint="写到哪一天；写到月的，算到月底"),
        Column(PROGRESS, also, width=16, may_lack=True),
        Column(DONE, also, "date", 11, may_lack=True),
        Column(CLOSED, also, "choice", 6, choices=YES_NO, may_lack=True),
        Column(LEADER, also, width=9, may_lack=True),
        Column(HELP, also, width=14, may_lack=True),
        Column(VISITS, also, width=12, may_lack=True),
        Column(PROOF, also, width=12, may_lack=True),
    )


TYPED: Final = tuple(column.heading for column in ledger_columns() if column.field == "also")
"""Headings under which branch and office type."""


def ledger_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 整改台账."""
    sheet = Sheet(TITLE, "records", ledger_columns(), spare=RECORD_ROWS, note=NOTE)
    return Form("ledger", TITLE, scheme.id, scheme.title, round_label, "", "office", ROUND_HEAD, (sheet,),
                work=scheme.work_name)  # fmt: skip
