"""测评表, on which ballots are entered or tallied, declared from the standard."""

from __future__ import annotations

from fractions import Fraction

from dingji.forms.declare import ABSTAIN, TALLY_MEAN, Column, Form, HeadCell, Row, Sheet
from dingji.forms.marking_forms import COMMON_HEAD, UNIT_HEAD, mark_columns
from dingji.scheme.marking import Thing, typed_things
from dingji.scheme.model import Scheme, Source

BALLOT_ROWS = 60
COUNTS = {"应参加": "", "实到": "应参加", "发出": "应参加", "收回": "", "有效": "", "无效": ""}
"""The counts of a session, and which other each cannot exceed; 收回, 有效 and 无效 are compared apart."""
VOTE = "票"
"""What is counted in a tally's row of a question; a row of a mark takes an average."""
PORTRAIT_WIDTH = 110
"""A sheet up to this width stays legible on an upright page."""


def survey_form(scheme: Scheme, round_label: str, source: Source) -> Form:
    """Declare 测评表: ballots row by row, or a tally of them."""
    head = (
        *UNIT_HEAD,
        *COMMON_HEAD,
        HeadCell("测评场次"),
        HeadCell("测评日期", "date"),
        *(HeadCell(label, "count", at_most=other) for label, other in COUNTS.items()),
        HeadCell("计票人"),
        HeadCell("监票人"),
        HeadCell("录入", "choice", ("初录", "复录")),
    )
    sheets = (_ballots(scheme, source), _tally(scheme, source))
    return Form(
        "survey",
        "测评表",
        scheme.id,
        scheme.title,
        round_label,
        source.name,
        "unit",
        head,
        sheets,
        work=scheme.work_name,
    )


def _ballots(scheme: Scheme, source: Source) -> Sheet:
    group = (
        Column("身份", "group", "choice", 10, choices=tuple(source.groups))
        if source.groups
        else Column("身份", "group", may_lack=True)
    )
    columns = (
        Column("党组织编码", "code", width=14, needed=False),
        Column("党组织名称", "name", width=26, needed=False),
        Column("票号", "rater", width=8, hint="开箱后编号，不能事先编在票上", may_lack=True),
        group,
        *mark_columns(typed_things(scheme, source), "空白算弃权"),
        *(
            Column(question, "option", "choice", 22, question, choices=(*_choices(source), ABSTAIN))
            for question in source.questions
        ),
    )
    note = "一张票一行，表格画的行不够时接着往下填。空着的题算弃权；整行空白不算票。"
    wide = sum(column.width for column in columns if column.needed) > PORTRAIT_WIDTH
    return Sheet("测评票", "wide", columns, spare=BALLOT_ROWS, note=note, landscape=wide)


def _choices(source: Source) -> list[str]:
    """Return what a ballot may choose but 弃权, which every form has a place of its own for."""
    return [label for label in (*source.options, *source.apart) if label != ABSTAIN]


def _tally(scheme: Scheme, source: Source) -> Sheet:
    things = typed_things(scheme, source)
    columns = (
        Column("项目", reads="printed", width=30, key=True),
        Column("身份", reads="printed", width=10, key=True, may_lack=not source.groups),
        *(Column(label, "votes", "count", 10, label) for label in _choices(source)),
        Column(ABSTAIN, "votes", "count", 8, ABSTAIN, may_lack=True),
        *((Column(TALLY_MEAN, "value", "mark", 10),) if things else ()),
    )
    votes = tuple(column.heading for column in columns if column.field == "votes")
    groups = tuple(source.groups) or ("",)
    rows = [_tally_row(question, group, None, None, (TALLY_MEAN,)) for question in source.questions for group in groups]
    rows += [_tally_row(thing.label, group, thing, thing.high, votes) for thing in things for group in groups]
    return Sheet("测评汇总", "printed", columns, tuple(rows), optional=True, note="逐票录入“测评票”的，这一页不填。")


def _tally_row(label: str, group: str, thing: Thing | None, full: Fraction | None, shut: tuple[str, ...] = ()) -> Row:
    """Return a row of the tally: a question takes votes, a thing marked takes the mean of its marks."""
    item = thing.key if thing else label
    low = thing.low if thing else None
    texts = (("项目", label), ("身份", group))
    unit = "" if thing else VOTE
    return Row(f"{label}|{group}", texts, low, full, unit=unit, item=item, group=group, shut=shut)
