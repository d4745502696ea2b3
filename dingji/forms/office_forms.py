"""The forms that the office keeps: roster, records, bonus, situations, receipts, corrections, decisions, results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from dingji.forms.declare import CLAIMED, HINT, OWN, ROUND_HEAD, YES_NO, Column, Form, HeadCell, Reads, Row, Sheet
from dingji.forms.layout import text_width
from dingji.forms.marking_forms import (
    CODE,
    NAME,
    RECORD_ROWS,
    evidence_hint,
    fact_fields,
    rule_choices,
    rule_reference,
    rule_units,
)
from dingji.scheme.honours import BRANCHES, LISTED, STARS, Honour
from dingji.scheme.marking import typed_rules
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import SOURCE_FORMS, source_heading, source_headings
from dingji.scheme.own_columns import OwnColumn

STATES = ("正常", "撤销", "合并", "不参加")
RATER_STATES = ("正常", "停用")
VOTERS = {"应到": "", "实到": "应到", "同意": "实到", "不同意": "实到", "弃权": "实到"}
"""Who took part in a meeting and how they voted, and which other count each cannot exceed."""
NEEDED_NOTE = "深色标题的栏目必填。"
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


def roster_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 党组织名册: the branches on one sheet, the raters on another."""
    sheets = (_branches(scheme), _raters(scheme))
    return _office_form("roster", "党组织名册", scheme, round_label, sheets)


def _branches(scheme: Scheme) -> Sheet:
    columns = (
        Column("排序号", "order", "number", 7, needed=False),
        Column("党组织编码", "code", width=12, hint="一个党组织一个编码，不重复，以后不改"),
        Column("党组织名称", "name", width=24),
        Column("规范简称", "short_name", width=12, needed=False),
        Column("曾用名", "former_names", width=12, needed=False, hint="多个用顿号隔开"),
        Column("上级党组织", "parent", width=18, needed=False),
        Column("层级", "level", width=8, needed=False, hint="如党总支、党支部、村，写什么就按什么分"),
        Column("类别", "category", width=10, needed=False),
        Column("书记", "secretary", width=9, needed=False),
        Column("书记任职时间", "secretary_since", "date", 12, needed=False, month_enough=True),
        Column("主持工作人", "acting", width=9, needed=False),
        Column("联系领导", "leader", width=9, needed=False),
        Column("正式党员", "full_members", "count", 7, needed=False),
        Column("预备党员", "probationary_members", "count", 7, needed=False),
        Column("成立日期", "founded", "date", 12, needed=False, month_enough=True),
        Column("届满日期", "term_ends", "date", 12, needed=False),
        Column("联络员", "contact", width=9, needed=False),
        Column("联系电话", "phone", width=14, needed=False),
        Column("邮箱", "mail", width=18, needed=False),
        Column("状态", "state", "choice", 8, choices=STATES, needed=False),
        Column("并入编码", "merged_into", width=10, needed=False),
        Column("承继", "successor_of", width=10, needed=False),
        *map(own_column, scheme.roster),
    )
    return Sheet("名册", "records", columns, spare=40, note=NEEDED_NOTE, paper="A3", stressed=True)


def own_column(column: OwnColumn) -> Column:
    """Declare a column that the standard adds to the roster; without it the roster is not read."""
    reads: Reads = "number" if column.unit else "choice" if column.values else "text"
    hint = f"填数（{column.unit}）" if column.unit else ""
    return Column(column.name, f"{OWN}{column.name}", reads, 12, choices=tuple(column.values), hint=hint)


def _raters(scheme: Scheme) -> Sheet:
    sources = tuple(source.name for source in scheme.sources if source.main_form == "committee")
    columns = (
        Column("评委编号", "rater", width=10),
        Column("评委", "name", width=12),
        Column("来源", "source", "choice", 14, choices=sources, needed=False),
        Column("组别", "group", width=12, needed=False),
        Column("负责指标", "items", width=26, needed=False, hint="空白＝全部；多个用顿号隔开"),
        Column(
            "评定范围",
            "units",
            width=26,
            needed=False,
            hint="空白＝全部；填编码、上级党组织或类别，多个用顿号隔开",
        ),
        Column("回避党组织", "avoids", width=20, needed=False, hint="填编码或名称，多个用顿号隔开"),
        Column("状态", "state", "choice", 9, choices=RATER_STATES, needed=False),
        Column("邮箱", "mail", width=22, needed=False),
    )
    return Sheet("评委", "records", columns, spare=20, note=NEEDED_NOTE, optional=True, stressed=True)


APPROVAL = Column("审核意见", "verdict", "choice", 10, choices=("同意", "不同意"))
"""The office's word on what was handed to it."""
RECORDS_NOTE = (
    "审核意见：整张表都不填的，都计入；填了的，“同意”的才计入，空着的算待审。"
    "数量填实际的数（开展了几次就填几），不填少的次数。"
)


def records_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 平时记录: what happened through the year, a row an event; approved where the office says so.

    It was handed out without 审核意见, and such a one is read still.
    """
    rules = typed_rules(scheme, next(source for source in scheme.sources if "records" in source.form))
    columns = (
        Column("日期", "date", "date", 12),
        CODE,
        NAME,
        *fact_fields(rules),
        Column("事由", "reason", width=30, may_lack=True),
        Column("依据", "evidence", width=22, hint=evidence_hint(rules), may_lack=True),
    )
    approved = (*columns, replace(APPROVAL, hint="空白＝整张表都不用审", may_lack=True))
    form = _records_sheet("records", "平时记录", scheme, round_label, approved, rule_units(rules))
    sheet = replace(form.sheets[0], note=RECORDS_NOTE)
    earlier = (replace(sheet, columns=columns),)
    return replace(form, sheets=(sheet,), reference=rule_reference(rules), earlier=earlier)


def bonus_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 加分申报: honours and the like, counted when approved."""
    listed = [(indicator, rule) for indicator in scheme.bonuses for rule in indicator.rules]
    rules = [rule for _, rule in listed]
    options = tuple(dict.fromkeys(choice for rule in rules for choice in rule_choices(rule)))
    columns = (
        CODE,
        NAME,
        Column("加分项", "rule", "choice", 24, choices=tuple(rule.name for rule in rules)),
        Column("同一工作", "work", width=20, hint="同一件事受多级表彰的，写同样的名称", may_lack=True),
        Column("级别", "option", "choice", 12, choices=options, may_lack=True),
        Column("数量", "value", "number", 8, may_lack=True),
        Column("分值", "amount", "number", 8, hint="只有酌情给分的项目才填", may_lack=True),
        Column("依据", "evidence", width=28, hint=evidence_hint(listed), may_lack=True),
        APPROVAL,
    )
    units = tuple((rule.name, rule.unit) for rule in rules if rule.unit)
    form = _records_sheet("bonus", "加分申报", scheme, round_label, columns, units)
    return replace(form, reference=rule_reference(listed))


def with_claims(form: Form, branches: Sequence[Mapping[Any, Any]]) -> Form:
    """Return a form with a locked page of what branches asked points for the time before, in grey; never read back."""
    columns = (replace(CODE, reads="printed"), replace(NAME, reads="printed"),
               Column("加分项", reads="printed", width=26), Column(HINT, reads="printed", width=48))  # fmt: skip
    headings = [column.heading for column in columns]
    listed = [(branch["unit"], branch["name"], *told) for branch in branches for told in branch.get("claimed", ())]
    rows = tuple(
        Row(str(number), tuple(zip(headings, texts, strict=True))) for number, texts in enumerate(listed, start=1)
    )
    page = Sheet(CLAIMED, "printed", columns, rows, note="本页供参考，不用填写，也不计分；今年再报的，填在加分申报里。")
    return replace(form, reference=(*form.reference, page)) if rows else form


def situation_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 情形申报: the standard's circumstances that a branch declares and the office confirms."""
    names = tuple(situation.name for situation in scheme.situations if not situation.when)
    columns = (
        CODE,
        NAME,
        Column("情形", "rule", "choice", 46, choices=names),
        Column("是否存在", "option", "choice", 10, choices=YES_NO),
        Column("说明", "reason", width=34, may_lack=True),
        Column("办公室确认", "verdict", "choice", 11, choices=YES_NO),
    )
    return _records_sheet("situation", "情形申报", scheme, round_label, columns, complete=True)


def receipt_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 收件登记: when each form came in."""
    titles = [SOURCE_FORMS[source.main_form] for source in _sources(scheme, round_label) if source.main_form]
    if has_situations(scheme):
        titles.append("情形申报")
    if scheme.bonuses:
        titles.append("加分申报")
    columns = (
        replace(CODE, width=28),
        Column("表类", "rule", "choice", 28, choices=tuple(dict.fromkeys(titles))),
        Column("收到时间", "date", "date", 28),
    )
    form = _records_sheet("receipt", "收件登记", scheme, round_label, columns)
    return replace(form, sheets=(replace(form.sheets[0], landscape=False),))


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
        Column(VERDICT, "also", "choice", 9, choices=CHOICES, may_lack=True),
        Column(ORDER, "also", "count", 7, hint="入选的排第几", may_lack=True),
    )
    form = _records_sheet("nominee", "推荐名单", scheme, round_label, (*columns, *choice))
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
        Column("挂牌日期", "also", "date", 12, may_lack=True),
        Column("摘牌日期", "also", "date", 12, may_lack=True),
        Column("事由", "reason", width=26, may_lack=True),
    )
    return _records_sheet("honour", "星级登记", scheme, round_label, columns)


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


def has_situations(scheme: Scheme) -> bool:
    """Say whether a standard has circumstances that are declared, and not computed."""
    return any(not situation.when for situation in scheme.situations)


def _sources(scheme: Scheme, round_label: str) -> Sequence[Source]:
    """Return the sources of a round; all of them for a form that serves any round."""
    return scheme.sources_in(round_label.rpartition(" ")[2]) if round_label else scheme.sources


def decision_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 审定表: the committee's word on every branch, beside the computed grade and what it rests on.

    The meeting stands once in the head; where a branch was decided on in another one, its row tells which.
    """
    meeting = {cell.label for cell in MEETING}
    own = (replace(column, needed=column.heading not in meeting) for column in _decided(scheme))
    columns = (replace(CODE, width=10), replace(NAME, width=16), *_weighed(scheme, round_label), *own)
    form = _records_sheet("decision", "审定表", scheme, round_label, columns, complete=True)
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
    sources = _sources(scheme, round_label)
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


def correction_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 更正表: a typed mark put right, with both figures kept."""
    also = "also"
    columns = (
        CODE,
        NAME,
        Column("来源", "source", "choice", 14, choices=tuple(source.name for source in _sources(scheme, round_label))),
        Column("评委编号", "rater", width=10),
        Column("指标", "item", width=18, hint="指标名称；逐项评分的填序号"),
        Column("原值", "amount", "number", 9),
        Column("更正值", "value", "number", 9),
        Column("理由", "reason", width=26, may_lack=True),
        Column("依据", also, width=20, may_lack=True),
        Column("经办人", also, width=10, may_lack=True),
        Column("复核人", also, width=10, may_lack=True),
        Column("日期", "date", "date", 12, may_lack=True),
    )
    return _records_sheet("correction", "更正表", scheme, round_label, columns)


def result_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 上期结果: an earlier 一览表, the tool's own or one made by hand."""
    columns = (
        CODE,
        NAME,
        *(Column(heading, "also", width=10, needed=False) for heading in result_headings(scheme)),
    )
    sheet = Sheet("一览表", "records", columns, spare=RECORD_ROWS)
    return _office_form("result", "上期结果", scheme, round_label, (sheet,))


def result_headings(scheme: Scheme) -> tuple[str, ...]:
    """Return what is read of a result, as text: figures by source, shares, sums, grades."""
    sources = [source_heading(source.name) for source in scheme.sources if not source.inside]
    shares = [share for source in scheme.sources for share in source.shares]
    sums = ("测评得分", "加分", "综合得分", "排名", "测算等次", "审定等次", "拟定等次", "直接定级或限档情形")
    rest = (*sums, "上期等次", "备注")
    return tuple(dict.fromkeys((*sources, *shares, *rest)))


def _records_sheet(
    kind: str,
    title: str,
    scheme: Scheme,
    round_label: str,
    columns: tuple[Column, ...],
    units: tuple[tuple[str, str], ...] = (),
    *,
    complete: bool = False,
) -> Form:
    part: Literal["fact", "record"] = "fact" if kind in ("records", "bonus") else "record"
    sheet = Sheet(title, "records", columns, spare=RECORD_ROWS, complete=complete, part=part, units=units)
    return _office_form(kind, title, scheme, round_label, (sheet,))


def _office_form(kind: str, title: str, scheme: Scheme, round_label: str, sheets: tuple[Sheet, ...]) -> Form:
    owner: Literal["office"] = "office"
    return Form(kind, title, scheme.id, scheme.title, round_label, "", owner, ROUND_HEAD, sheets, work=scheme.work_name)
