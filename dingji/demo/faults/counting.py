"""Faults of those who count ballots: invalid answers, sums that cannot be, options entered as numbers."""

from __future__ import annotations

from typing import Final

from dingji.demo.faults.kit import Case
from dingji.demo.faults.surveys import SIZE, answers, counts, entered, questions_of, survey


def fewer_votes(case: Case) -> None:
    """Let a question of a tally have three votes fewer than there were valid ballots, and say nothing of 弃权."""
    paper = entered(case, as_tally=True)
    sheet = next(sheet for sheet in paper.form.sheets if sheet.name == "测评汇总")
    key = next(row.key for row in sheet.rows if row.unit)
    options = [column.heading for column in sheet.columns if column.field == "votes"]
    paper.printed["测评汇总"][key] = {options[0]: SIZE - 3}


def coded(case: Case) -> None:
    """Enter all answers to the first question as numbers of its options."""
    paper = entered(case)
    for row in paper.rows["测评票"]:
        row[questions_of(paper)[0]] = 2


FAULTS: Final = (
    survey("票上无效", ("N408",), "一题写明无效，单独统计", answers(lambda _: "无效")),
    survey("票数超收", ("E415",), "录入的票比收回的多，退给计票人", counts(发出=0, 收回=-1)),
    survey("汇总差票", ("E416",), "汇总的一题比有效票少，没有写弃权", fewer_votes),
    survey("写法不同", ("W414", "E417"), "一题的选项都录成了编号", coded),
)  # fmt: skip
