"""The forms that the office keeps: roster, records, bonus, situations, receipts, corrections, decisions, results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from dingji.forms.declare import CLAIMED, HINT, OWN, ROUND_HEAD, YES_NO, Column, Form, Reads, Row, Sheet
from dingji.forms.marking_forms import (
    CODE,
    NAME,
    RECORD_ROWS,
    WORK,
    evidence_hint,
    fact_fields,
    rule_choices,
    rule_reference,
    rule_units,
)
from dingji.scheme.marking import typed_rules
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import SOURCE_FORMS, source_heading
from dingji.scheme.own_columns import OwnColumn

STATES = ("正常", "撤销", "合并", "不参加")
RATER_STATES = ("正常", "停用")
NEEDED_NOTE = "深色标题的栏目必填。"


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
    approved = (*columns, replace(APPROVAL, hint="空白＝整张表都不用审", may_lack=True, by_hand=True))
    form = records_sheet("records", "平时记录", scheme, round_label, approved, rule_units(rules))
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
        replace(WORK, width=20, hint="同一件事受多级表彰的，写同样的名称"),
        Column("级别", "option", "choice", 12, choices=options, may_lack=True),
        Column("数量", "value", "number", 8, may_lack=True),
        Column("分值", "amount", "number", 8, hint="只有酌情给分的项目才填", may_lack=True),
        Column("依据", "evidence", width=28, hint=evidence_hint(listed), may_lack=True),
        APPROVAL,
    )
    units = tuple((rule.name, rule.unit) for rule in rules if rule.unit)
    form = records_sheet("bonus", "加分申报", scheme, round_label, columns, units)
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
    return records_sheet("situation", "情形申报", scheme, round_label, columns, complete=True)


def receipt_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 收件登记: when each form came in."""
    titles = [SOURCE_FORMS[source.main_form] for source in sources_of(scheme, round_label) if source.main_form]
    if has_situations(scheme):
        titles.append("情形申报")
    if scheme.bonuses:
        titles.append("加分申报")
    columns = (
        replace(CODE, width=28),
        Column("表类", "rule", "choice", 28, choices=tuple(dict.fromkeys(titles))),
        Column("收到时间", "date", "date", 28),
    )
    form = records_sheet("receipt", "收件登记", scheme, round_label, columns)
    return replace(form, sheets=(replace(form.sheets[0], landscape=False),))


def has_situations(scheme: Scheme) -> bool:
    """Say whether a standard has circumstances that are declared, and not computed."""
    return any(not situation.when for situation in scheme.situations)


def sources_of(scheme: Scheme, round_label: str) -> Sequence[Source]:
    """Return the sources of a round; all of them for a form that serves any round."""
    return scheme.sources_in(round_label.rpartition(" ")[2]) if round_label else scheme.sources


def correction_form(scheme: Scheme, round_label: str) -> Form:
    """Declare 更正表: a typed mark put right, with both figures kept."""
    also = "also"
    columns = (
        CODE,
        NAME,
        Column(
            "来源", "source", "choice", 14, choices=tuple(source.name for source in sources_of(scheme, round_label))
        ),
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
    return records_sheet("correction", "更正表", scheme, round_label, columns)


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


def records_sheet(
    kind: str,
    title: str,
    scheme: Scheme,
    round_label: str,
    columns: tuple[Column, ...],
    units: tuple[tuple[str, str], ...] = (),
    *,
    complete: bool = False,
) -> Form:
    """Declare a form of one sheet with a row a fact or a record."""
    part: Literal["fact", "record"] = "fact" if kind in ("records", "bonus") else "record"
    sheet = Sheet(title, "records", columns, spare=RECORD_ROWS, complete=complete, part=part, units=units)
    return _office_form(kind, title, scheme, round_label, (sheet,))


def _office_form(kind: str, title: str, scheme: Scheme, round_label: str, sheets: tuple[Sheet, ...]) -> Form:
    owner: Literal["office"] = "office"
    return Form(kind, title, scheme.id, scheme.title, round_label, "", owner, ROUND_HEAD, sheets, work=scheme.work_name)
