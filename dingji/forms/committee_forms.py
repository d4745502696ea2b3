"""The forms on which the committee has the last word: 审定表, 推荐名单, 星级登记."""

from __future__ import annotations

from dataclasses import replace

from dingji.forms.declare import ROUND_HEAD, Column, Form, HeadCell, Sheet
from dingji.forms.layout import text_width
from dingji.forms.marking_forms import (
    CODE,
    NAME,
    RECORD_ROWS,
)
from dingji.forms.office_forms import records_sheet, sources_of
from dingji.scheme.honours import BRANCHES, LISTED, STARS, Honour
from dingji.scheme.model import Scheme
from dingji.scheme.names import source_headings

VOTERS = {"应到": "", "实到": "应到", "同意": "实到", "不同意": "实到", "弃权": "实到"}
"""Who took part in a meeting and how they voted, and which other count each cannot exceed."""
DECISION_NOTE = "内部资料，会后收回。审定等次与测算等次不同的，写明理由。"
MEETING_NOTE = f"{DECISION_NOTE}会议填在上面，各行不再填；个别党组织在另一次会议上研究的，单独填一份审定表。"
MEETING = (
    HeadCell("会议名称", of_rows=True),
    HeadCell("会议日期", "date", of_rows=True),
    HeadCell("应到", "count", of_rows=True),
    HeadCell("实到", "count", at_most=VOTERS["实到"], of_rows=True),
    HeadCell("依据文号", of_rows=True),
)
"""Which meeting decided, told once for all branches."""
MOVING = Column("直接定级或限档情形", reads="printed", width=15)
CHOSEN, NOT_CHOSEN = CHOICES = ("入选", "不入选")
VERDICT, ORDER = "审定", "顺序"
"""Headings of 推荐名单 under which the committee's choice stands."""
NOMINEE_NOTE = (
    "称号由党组织推荐的，一行一个推荐对象；“审定”“顺序”由党委研究后填，推荐时空着。"
    "程序写的 上会/推荐名单.xlsx 已列出全部候选，审定后整份放进 input。"
)


def nominee_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 推荐名单: members, groups and posts that branches put forward, and whom the committee chose.

    It was handed out without the committee's choice, and such a one is read still.
    """
    named = [one.name for by in (LISTED, BRANCHES) for one in _honours(scheme, round_label, by)]
    columns = (
        Column("称号", "rule", "choice", 18, choices=tuple(named)),
        CODE,
        NAME,
        Column("姓名（名称）", "work", width=16, hint="党员姓名，或党小组、岗位的名称；党组织的空着", may_lack=True),
        Column("事迹", "reason", width=50, may_lack=True),
    )
    choice = (
        Column(VERDICT, "also", "choice", 9, choices=CHOICES, may_lack=True, by_hand=True),
        Column(ORDER, "also", "count", 7, hint="入选的排第几", may_lack=True, by_hand=True),
    )
    form = records_sheet("nominee", "推荐名单", scheme, round_label, (*columns, *choice))
    sheet = replace(form.sheets[0], note=NOMINEE_NOTE)
    return replace(form, sheets=(sheet,), earlier=(replace(sheet, columns=columns),))


def honour_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 星级登记: which stars were given, hung and taken down, a row a star."""
    hung = [*_honours(scheme, round_label, STARS), *_honours(scheme, round_label, LISTED)]
    columns = (
        Column("对象类型", "option", width=12, hint="党支部、党小组、岗位", may_lack=True),
        CODE,
        NAME,
        Column("对象名称", "work", width=18, hint="党小组、岗位的名称；党支部的不填", may_lack=True),
        Column("星级", "rule", "choice", 18, choices=tuple(one.name for one in hung)),
        Column("授予日期", "date", "date", 12),
        Column("挂牌日期", "also", "date", 12, may_lack=True, by_hand=True),
        Column("摘牌日期", "also", "date", 12, may_lack=True, by_hand=True),
        Column("事由", "reason", width=26, may_lack=True),
    )
    return records_sheet("honour", "星级登记", scheme, round_label, columns)


def _honours(scheme: Scheme, round_label: str, by: str) -> list[Honour]:
    return [honour for honour in scheme.honours_in(round_label.rpartition(" ")[2]) if honour.by == by]


def honour_forms(scheme: Scheme, round_label: str) -> list[Form]:
    """Return the forms that the honours of a round want."""
    wanted = (((LISTED, BRANCHES), nominee_form), ((STARS,), honour_form))
    return [
        declare(scheme, round_label)
        for each, declare in wanted
        if any(_honours(scheme, round_label, by) for by in each)
    ]


def decision_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 审定表: the committee's word on every branch, beside the computed grade and what it rests on.

    The meeting stands once in the head; where a branch was decided on in another one, its row tells which.
    """
    meeting = {cell.label for cell in MEETING}
    own = (replace(column, needed=column.heading not in meeting) for column in _decided(scheme))
    columns = (replace(CODE, width=10), replace(NAME, width=16), *_weighed(scheme, round_label), *own)
    form = records_sheet("decision", "审定表", scheme, round_label, columns, complete=True)
    sheet = replace(form.sheets[0], note=MEETING_NOTE, sparing=True)
    head = (*ROUND_HEAD[:1], *MEETING, *ROUND_HEAD[1:])
    return replace(form, head=head, sheets=(sheet,), earlier=(decisions_by_row(scheme),))


def decisions_by_row(scheme: Scheme) -> Sheet:
    """Return 审定表 with the meeting in every row: the page of 汇总录入, and how the form was laid out before."""
    columns = (replace(CODE, width=12), replace(NAME, width=22), _composite(scheme), MOVING, *_decided(scheme))
    sheet = Sheet("审定表", "records", columns, spare=RECORD_ROWS, complete=True)
    return replace(sheet, paper="A3", note=DECISION_NOTE)


def _weighed(scheme: Scheme, round_label: str) -> tuple[Column, ...]:
    """Return what the committee weighs: figures and facts that are printed, where any branch has them."""
    fixed = (
        _composite(scheme),
        Column("自评等次", reads="printed", width=7, needed=False),
        Column("上期等次", reads="printed", width=7, needed=False),
        Column("距上一等次", reads="printed", width=9, needed=False),
        Column("差多少升一档", reads="printed", width=22, needed=False),
        Column("主要问题", reads="printed", width=20, needed=False),
        replace(MOVING, needed=False),
    )
    sources = sources_of(scheme, round_label)
    top = source_headings(source.name for source in sources if not source.inside)
    scores = {heading: _score(heading, scheme) for heading in top}
    names = [share for source in sources for share in source.shares]
    shares = {name: Column(name, reads="printed", width=8, needed=False) for name in names}
    taken = {column.heading for column in fixed}
    figures = {**scores, **shares}
    return (*(column for heading, column in figures.items() if heading not in taken), *fixed)


def _composite(scheme: Scheme) -> Column:
    return replace(_score("综合得分", scheme), needed=True)


def _score(heading: str, scheme: Scheme) -> Column:
    width = max(8, min(text_width(heading) + 1, 13))  # a heading broken before its last sign is hard to read
    return Column(heading, reads="printed", width=width, places=max(2, scheme.rounding.places), needed=False)


def _decided(scheme: Scheme) -> tuple[Column, ...]:
    """Return what is decided of a branch, in which meeting and by how many, and what the superior says to it."""
    also = "also"
    return (
        Column("测算等次", also, width=7, may_lack=True),
        Column("拟定等次", "", "printed", 7),
        Column("审定等次", "option", "choice", 7, choices=tuple(grade.name for grade in scheme.grades)),
        Column("理由", "reason", width=17, may_lack=True),
        Column("会议名称", also, width=16, may_lack=True),
        Column("会议日期", also, "date", 12, may_lack=True),
        *(Column(label, also, "count", 5, may_lack=True, at_most=other) for label, other in VOTERS.items()),
        Column("依据文号", also, width=13, may_lack=True),
        Column("上级审查意见", also, width=12, may_lack=True),
        Column("审查日期", also, "date", 11, may_lack=True),
    )
