"""The forms on which somebody marks: 自评表, 测评表, 评定表, 互评表, declared from the standard."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dingji.forms.declare import Column, Form, HeadCell, Row, Sheet
from dingji.numbers import plain
from dingji.scheme.describe import rule_words
from dingji.scheme.marking import Thing, things_of, typed_rules, typed_things
from dingji.scheme.model import Indicator, Rule, Scheme, Source

SIGN_OFF = "党支部书记（签字）：　（有印章的加盖印章）"
YES_NO = ("是", "否")
ABSTAIN = "弃权"
EXCUSED = ("回避", "缺席")
RECORD_ROWS = 30
BALLOT_ROWS = 60

UNIT_HEAD = (HeadCell("党组织名称", prefilled=True), HeadCell("党组织编码", prefilled=True))
COMMON_HEAD = (
    HeadCell("来源", prefilled=True),
    HeadCell("轮次", prefilled=True),
    HeadCell("填报日期", "date"),
    HeadCell("填表人"),
)
CODE = Column("党组织编码", "code", width=14, hint="党组织名册中的编码")
NAME = Column("党组织名称", "name", width=26, hint="党组织名册中的名称")
RATER = Column("评委编号", "rater", width=10, needed=False, hint="名册“评委”表中的编号")


def self_form(scheme: Scheme, round_label: str, source: Source) -> Form:
    """Declare 自评表: a row a mark, and beside it the facts behind the marks."""
    head = (
        *UNIT_HEAD,
        *COMMON_HEAD,
        HeadCell("自评等次", "choice", tuple(grade.name for grade in scheme.grades)),
        *(HeadCell(label, "count") for label in ("应到", "实到", "赞成")),
    )
    sheets = [_claims(scheme, source)]
    if facts := typed_rules(scheme, source):
        sheets.append(_facts(facts))
    return Form(
        "self",
        "自评表",
        scheme.id,
        scheme.title,
        round_label,
        source.name,
        "unit",
        head,
        tuple(sheets),
        SIGN_OFF,
    )


def _claims(scheme: Scheme, source: Source) -> Sheet:
    things = things_of(scheme, source)
    numbered = all(thing.number is not None for thing in things)
    columns = (
        Column("序号", reads="printed", width=6, key=numbered),
        Column("指标", reads="printed", width=14, key=not numbered),
        Column("考评内容", reads="printed", width=34),
        Column("分值", reads="printed", width=7),
        Column("评分办法", reads="printed", width=46),
        Column("自评得分", "value", "mark", width=10, hint="空白不当作0分；得0分请填0"),
        Column("情况说明", "reason", width=26),
    )
    leading = {thing.indicator: thing.key for thing in reversed(things)}
    rows = tuple(_claim_row(scheme, thing, leads=leading[thing.indicator] == thing.key) for thing in things)
    return Sheet("自评表", "printed", columns, rows, total=("分值", "自评得分"))


def _claim_row(scheme: Scheme, thing: Thing, *, leads: bool) -> Row:
    """Return the printed row of a mark; the first of an indicator also tells its rules without an item."""
    rules = list(thing.rules)
    if leads and thing.number is not None:
        rules += [rule for rule in _indicator(scheme, thing).rules if rule.item is None]
    texts = (
        ("序号", "" if thing.number is None else str(thing.number)),
        ("指标", thing.indicator or thing.label),
        ("考评内容", thing.text),
        ("分值", plain(thing.full)),
        ("评分办法", "\n".join(f"{rule.name}：{rule_words(rule)}" for rule in rules)),
    )
    return Row(thing.key, texts, thing.low, thing.high, item=thing.key)


def _indicator(scheme: Scheme, thing: Thing) -> Indicator:
    return next(indicator for indicator in scheme.indicators if indicator.name == thing.indicator)


FACT_COLUMNS = (
    Column("选项", "option", "choice", width=12),
    Column("数量", "value", "number", width=8, hint="填实际的数，如开展了6次就填6，不是少的次数"),
    Column("分值", "amount", "number", width=8, hint="只有酌情给分的规则才填"),
)


def _facts(facts: Sequence[tuple[Indicator, Rule]]) -> Sheet:
    columns = (
        Column("序号", reads="printed", width=6),
        Column("指标", reads="printed", width=14),
        Column("规则", reads="printed", width=34, key=True),
        Column("计量单位", reads="printed", width=9),
        Column("标准", reads="printed", width=46),
        *FACT_COLUMNS,
        Column("说明", "reason", width=24),
    )
    rows = tuple(_fact_row(number, indicator, rule) for number, (indicator, rule) in enumerate(facts, start=1))
    return Sheet("扣分加分", "printed", columns, rows, optional=True, note="有则填，没有可不填；数量填实际的数。")


def _fact_row(number: int, indicator: Indicator, rule: Rule) -> Row:
    texts = (
        ("序号", str(number)),
        ("指标", indicator.name),
        ("规则", rule.name),
        ("计量单位", rule.unit),
        ("标准", rule_words(rule)),
    )
    return Row(rule.name, texts, choices=rule_choices(rule), unit=rule.unit, item=indicator.name, rule=rule.name)


def rule_choices(rule: Rule) -> tuple[str, ...]:
    """Return what may stand under 选项 for a rule: its labels, yes or no, or nothing where a figure is typed."""
    if rule.options:
        return tuple(rule.options)
    return () if rule.reads_figure else YES_NO


def mark_columns(things: Sequence[Thing], hint: str) -> tuple[Column, ...]:
    """Return a column a mark, headed by the thing's name, bounded as the standard says."""
    return tuple(
        Column(thing_heading(thing), "value", "mark", 12, thing.key, thing.low, thing.high, hint=hint)
        for thing in things
    )


def thing_heading(thing: Thing) -> str:
    """Return the heading of a mark's column: 评分 for a total, an item by its number, an indicator by its name."""
    if not thing.indicator:
        return "评分"
    return thing.indicator if thing.number is None else f"{thing.number}．{thing.text or thing.label}"


def survey_form(scheme: Scheme, round_label: str, source: Source) -> Form:
    """Declare 测评表: ballots row by row, or a tally of them."""
    counts = ("应参加", "实到", "发出", "收回", "有效", "无效")
    head = (
        *UNIT_HEAD,
        *COMMON_HEAD,
        HeadCell("测评场次"),
        HeadCell("测评日期", "date"),
        *(HeadCell(label, "count") for label in counts),
        HeadCell("计票人"),
        HeadCell("监票人"),
        HeadCell("录入", "choice", ("初录", "复录")),
    )
    sheets = (_ballots(scheme, source), _tally(scheme, source))
    return Form("survey", "测评表", scheme.id, scheme.title, round_label, source.name, "unit", head, sheets)


def _ballots(scheme: Scheme, source: Source) -> Sheet:
    group = (
        Column("身份", "group", "choice", 10, choices=tuple(source.groups))
        if source.groups
        else Column("身份", "group")
    )
    columns = (
        Column("党组织编码", "code", width=14, needed=False),
        Column("党组织名称", "name", width=26, needed=False),
        Column("票号", "rater", width=8, hint="开箱后编号，不能事先编在票上"),
        group,
        *mark_columns(typed_things(scheme, source), "空白算弃权"),
        *(
            Column(question, "option", "choice", 22, question, choices=(*source.options, *source.apart, ABSTAIN))
            for question in source.questions
        ),
    )
    return Sheet("测评票", "wide", columns, spare=BALLOT_ROWS, note="一张票一行。空着的题算弃权；整行空白不算票。")


def _tally(scheme: Scheme, source: Source) -> Sheet:
    things = typed_things(scheme, source)
    columns = (
        Column("项目", reads="printed", width=30, key=True),
        Column("身份", reads="printed", width=10, key=True),
        *(Column(label, "votes", "count", 10, label) for label in (*source.options, *source.apart)),
        Column(ABSTAIN, "votes", "count", 8, ABSTAIN),
        *((Column("平均分", "value", "mark", 10),) if things else ()),
    )
    groups = tuple(source.groups) or ("",)
    rows = [_tally_row(question, group, None, None) for question in source.questions for group in groups]
    rows += [_tally_row(thing.label, group, thing, thing.high) for thing in things for group in groups]
    return Sheet("测评汇总", "printed", columns, tuple(rows), optional=True, note="逐票录入“测评票”的，这一页不填。")


def _tally_row(label: str, group: str, thing: Thing | None, full: Fraction | None) -> Row:
    item = thing.key if thing else label
    low = thing.low if thing else None
    return Row(f"{label}|{group}", (("项目", label), ("身份", group)), low, full, item=item, group=group)


def committee_form(scheme: Scheme, round_label: str, source: Source) -> Form:
    """Declare 评定表 (or 互评表, where the rater is a branch): a row a branch, with deductions on a second sheet."""
    peer = source.main_form == "peer"
    head = (*(UNIT_HEAD if peer else (HeadCell("评委", prefilled=True),)), *COMMON_HEAD)
    columns = (
        RATER,
        CODE,
        NAME,
        *mark_columns(typed_things(scheme, source), "整行空白＝不评；回避、缺席可直接写明"),
        Column("合计", reads="formula", width=9),
        Column("说明", "reason", width=24),
    )
    sheets = [Sheet("评定表", "wide", columns, spare=0, total=("合计",), note="整行空白视为不评该党组织。")]
    if rules := typed_rules(scheme, source):
        sheets.append(_deductions(rules))
    title, kind = ("互评表", "peer") if peer else ("评定表", "committee")
    owner = "unit" if peer else "rater"
    return Form(kind, title, scheme.id, scheme.title, round_label, source.name, owner, head, tuple(sheets))  # type: ignore[arg-type]


def fact_fields(rules: Sequence[tuple[Indicator, Rule]]) -> tuple[Column, ...]:
    """Return the columns by which a record names its rule and says what happened."""
    indicators = tuple(dict.fromkeys(indicator.name for indicator, _ in rules))
    options = tuple(dict.fromkeys(choice for _, rule in rules for choice in rule_choices(rule)))
    choose, count, amount = FACT_COLUMNS
    return (
        Column("指标", "item", "choice", 14, choices=indicators),
        Column("规则", "rule", "choice", 30, choices=tuple(rule.name for _, rule in rules)),
        Column(choose.heading, choose.field, choose.reads, choose.width, choices=options),
        count,
        amount,
    )


def _deductions(rules: Sequence[tuple[Indicator, Rule]]) -> Sheet:
    columns = (
        RATER,
        CODE,
        NAME,
        *fact_fields(rules),
        Column("事由", "reason", width=26),
        Column("已核", "verdict", "choice", 8, choices=YES_NO),
    )
    note = "评定表中分数留空、此处有“已核＝是”的行，按规则计算；没有可扣的，写一行：规则留空，已核填“是”。"
    units = rule_units(rules)
    return Sheet("评定扣分", "records", columns, (), RECORD_ROWS, (), note, optional=True, part="fact", units=units)


def rule_units(rules: Sequence[tuple[Indicator, Rule]]) -> tuple[tuple[str, str], ...]:
    """Return the unit of measure of each rule that has one."""
    return tuple((rule.name, rule.unit) for _, rule in rules if rule.unit)
