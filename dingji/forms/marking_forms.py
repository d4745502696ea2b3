"""The forms on which somebody marks by name: 自评表, 评定表, 互评表, declared from the standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dingji.forms.declare import CLAIMS, YES_NO, Column, Form, HeadCell, Row, Sheet
from dingji.numbers import plain
from dingji.scheme.describe import rule_words
from dingji.scheme.indicators import Indicator, Item, Rule
from dingji.scheme.marking import Thing, item_key, things_of, typed_rules, typed_things
from dingji.scheme.model import Scheme, Source
from dingji.scheme.unwritten import unwritten_note, unwritten_words

SIGN_OFF = "{signer}（签字）：　（有印章的加盖印章）"
RATER_SIGN_OFF = "评委（签字）："
SELF_NOTE = "应到、实到、赞成填集体讨论自评时的人数，没有集体讨论的不填。自评得分空着不当作0分，得0分请填0。"
RECORD_ROWS = 30
NAMED_RULES = 4
"""So many rules are named in the hint at a cell; a longer one is not read."""

UNIT_HEAD = (HeadCell("党组织名称", prefilled=True), HeadCell("党组织编码", prefilled=True))
COMMON_HEAD = (
    HeadCell("来源", prefilled=True),
    HeadCell("轮次", prefilled=True),
    HeadCell("填报日期", "date"),
    HeadCell("填表人"),
)
CODE = Column("党组织编码", "code", width=14, hint="党组织名册中的编码", instead="党组织名称")
NAME = Column("党组织名称", "name", width=26, hint="党组织名册中的名称", instead="党组织编码")
RATER = Column("评委编号", "rater", width=10, needed=False, hint="名册“评委”表中的编号")


def self_form(scheme: Scheme, round_label: str, source: Source) -> Form:
    """Declare 自评表: a row a mark, and beside it the facts behind the marks."""
    head = (
        *UNIT_HEAD,
        *COMMON_HEAD,
        HeadCell("自评等次", "choice", tuple(grade.name for grade in scheme.grades)),
        HeadCell("应到", "count"),
        HeadCell("实到", "count", at_most="应到"),
        HeadCell("赞成", "count", at_most="实到"),
    )
    sheets = [_claims(scheme, source)]
    if facts := typed_rules(scheme, source):
        sheets.append(_facts(facts))
    if checklist := _listed(scheme):
        sheets.append(_checklist(checklist))
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
        SIGN_OFF.format(signer=scheme.signer),
        work=scheme.work_name,
    )


def _listed(scheme: Scheme) -> list[tuple[Indicator, Item]]:
    """Return the items of indicators that carry no points."""
    checklists = [indicator for indicator in scheme.indicators if indicator.full is None and not indicator.bonus]
    return [(indicator, item) for indicator in checklists for item in indicator.items]


def _claims(scheme: Scheme, source: Source) -> Sheet:
    things = things_of(scheme, source)
    numbered = [thing.number is not None for thing in things]  # where only some are, a row is known by both
    columns = (
        Column("序号", reads="printed", width=6, key=any(numbered)),
        Column("指标", reads="printed", width=12, key=not all(numbered), telling=True),
        Column("考评内容", reads="printed", width=28, telling=True),
        Column("分值", reads="printed", width=12, telling=True),
        Column("评分办法", reads="printed", width=36),
        Column("自评得分", "value", "mark", width=12, hint="空白不当作0分；得0分请填0"),
        Column("情况说明", "reason", width=20, may_lack=True),
    )
    leading = {thing.indicator: thing.key for thing in reversed(things)}
    rows = tuple(_claim_row(scheme, thing, leads=leading[thing.indicator] == thing.key) for thing in things)
    total = ("分值", "自评得分")
    return Sheet(CLAIMS, "printed", columns, rows, total=total, note=SELF_NOTE, landscape=False)


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


WORK = Column(
    "同一工作",
    "work",
    width=16,
    hint="同一件事记在几条规则下的，写同样的名称，只计最重的一次",
    may_lack=True,
    by_hand=True,
)
FACT_COLUMNS = (
    Column("选项", "option", "choice", width=12, may_lack=True),
    Column("数量", "value", "number", width=8, hint="填实际的数，如开展了6次就填6，不是少的次数", may_lack=True),
    Column("分值", "amount", "number", width=8, hint="只有酌情给分的规则才填", may_lack=True),
)


def _facts(facts: Sequence[tuple[Indicator, Rule]]) -> Sheet:
    columns = (
        Column("序号", reads="printed", width=6),
        Column("指标", reads="printed", width=14, telling=True),
        Column("规则", reads="printed", width=34, key=True),
        Column("计量单位", reads="printed", width=9),
        Column("标准", reads="printed", width=46),
        *(replace(column, by_hand=True) for column in FACT_COLUMNS),  # a row printed may be blank: none is missed
        Column("说明", "reason", width=24, may_lack=True),
    )
    rows = tuple(_fact_row(number, indicator, rule) for number, (indicator, rule) in enumerate(facts, start=1))
    note = "有则填，没有可不填；数量填实际的数。"
    return Sheet("扣分加分", "printed", columns, rows, optional=True, note=note, part="fact")


def _checklist(items: Sequence[tuple[Indicator, Item]]) -> Sheet:
    """Declare the sheet on which a branch holds itself against what the standard lists without points."""
    columns = (
        Column("序号", reads="printed", width=6, key=True),
        Column("指标", reads="printed", width=16, telling=True),
        Column("考评内容", reads="printed", width=50, telling=True),
        Column("是否做到", "option", "choice", width=10, choices=YES_NO),
        Column("情况说明", "reason", width=40, may_lack=True),
    )
    rows = tuple(_checklist_row(indicator, item) for indicator, item in items)
    return Sheet("对照检查", "printed", columns, rows, optional=True, note="对照检查用，不计分。")


def _checklist_row(indicator: Indicator, item: Item) -> Row:
    texts = (("序号", str(item.no)), ("指标", indicator.name), ("考评内容", item.text))
    return Row(item_key(item), texts, choices=YES_NO, item=item_key(item), rule=indicator.name)


def _fact_row(number: int, indicator: Indicator, rule: Rule) -> Row:
    texts = zip(("指标", "规则", "计量单位", "标准"), _rule_texts(indicator, rule), strict=True)
    numbered = (("序号", str(number)), *texts)
    return Row(rule.name, numbered, choices=rule_choices(rule), unit=rule.unit, item=indicator.name, rule=rule.name)


def rule_choices(rule: Rule) -> tuple[str, ...]:
    """Return what may stand under 选项 for a rule: its labels, yes or no, or nothing where a figure is typed."""
    if rule.options:
        return tuple(rule.options)
    return () if rule.reads_figure else YES_NO


def mark_columns(things: Sequence[Thing], hint: str) -> tuple[Column, ...]:
    """Return a column a mark, headed by the thing's name, bounded as the standard says."""
    return tuple(
        Column(
            thing_heading(thing),
            "value",
            "mark",
            12,
            thing.key,
            thing.low,
            thing.high,
            hint=hint,
            suffix=f"（{plain(thing.full)}分）" if thing.full > 0 else "",
        )
        for thing in things
    )


def thing_heading(thing: Thing) -> str:
    """Return the heading of a mark's column: 评分 for a total, an item by its number, an indicator by its name."""
    if not thing.indicator:
        return "评分"
    return thing.indicator if thing.number is None else f"{thing.number}．{thing.text or thing.label}"


def committee_form(scheme: Scheme, round_label: str, source: Source) -> Form:
    """Declare 评定表 (or 互评表, where the rater is a branch): a row a branch, with deductions on a second sheet."""
    peer = source.main_form == "peer"
    head = (*(UNIT_HEAD if peer else (HeadCell("评委", prefilled=True),)), *COMMON_HEAD)
    marks = mark_columns(typed_things(scheme, source), "整行空白＝不评；回避、缺席可直接写明")
    columns = (
        RATER,
        CODE,
        NAME,
        *marks,
        *([Column("合计", reads="formula", width=9)] if marks else []),
        Column("说明", "reason", width=24, may_lack=True),
    )
    sheets = [
        Sheet(
            "评定表",
            "wide",
            columns,
            spare=0,
            total=("合计",) if marks else (),
            note=_marking_note(scheme, source),
            excusable=True,
        )
    ]
    rules = typed_rules(scheme, source)
    if rules:
        sheets.append(_deductions(rules))
    return Form(
        "peer" if peer else "committee",
        "互评表" if peer else "评定表",
        scheme.id,
        scheme.title,
        round_label,
        source.name,
        "unit" if peer else "rater",
        head,
        tuple(sheets),
        "" if peer else RATER_SIGN_OFF,
        reference=rule_reference(rules, verified=True),
        work=scheme.work_name,
    )


def _marking_note(scheme: Scheme, source: Source) -> str:
    """Tell what an empty row means, and what is marked elsewhere or by the program, and so is not in 合计."""
    typed = {thing.indicator for thing in typed_things(scheme, source)}
    ruled = {indicator.name for indicator, _ in typed_rules(scheme, source)}
    others = dict.fromkeys(thing.indicator for thing in things_of(scheme, source) if thing.indicator not in typed)
    elsewhere = [name for name in others if name in ruled]
    computed = [name for name in others if name not in ruled]
    told = [
        f"所列的{scheme.unit}由抽签定（种子 {source.seed}），不要另加行。" if source.rates else "",
        f"整行空白视为不评该{scheme.unit}。" if typed else f"本页不用打分，列出由您评定的{scheme.unit}。",
        f"{'、'.join(elsewhere)}的情况逐条写在“评定扣分”页，由程序按规则算分。" if elsewhere else "",
        f"{'、'.join(computed)}由程序按测评等数据计算，不用填，也不在合计里。" if computed else "",
    ]
    return "".join(told)


def rule_reference(rules: Sequence[tuple[Indicator, Rule]], *, verified: bool = False) -> tuple[Sheet, ...]:
    """Return the locked sheet in which rules are looked up, for who fills a form on paper; none without rules.

    `verified`: for who verifies branches, and is told what it means that nothing is written under a rule.
    """
    columns = (
        Column("指标", reads="printed", width=14),
        Column("规则", reads="printed", width=32),
        Column("计量单位", reads="printed", width=10),
        Column("标准", reads="printed", width=56),
    )
    headings = [column.heading for column in columns]
    rows = []
    for indicator, rule in rules:
        *texts, words = _rule_texts(indicator, rule)
        told = (*texts, words + (unwritten_words(rule) if verified else ""))
        rows.append(Row(rule.name, tuple(zip(headings, told, strict=True))))
    note = "本页供查看，不用填写。"
    return (Sheet("评分办法", "printed", columns, tuple(rows), note=note, landscape=False),) if rows else ()


def _rule_texts(indicator: Indicator, rule: Rule) -> tuple[str, str, str, str]:
    proof = "（须有记录为依据）" if rule.evidence else ""
    return indicator.name, rule.name, rule.unit, rule_words(rule) + proof


def fact_fields(rules: Sequence[tuple[Indicator, Rule]]) -> tuple[Column, ...]:
    """Return the columns by which a record names its rule and says what happened."""
    indicators = tuple(dict.fromkeys(indicator.name for indicator, _ in rules))
    works = [WORK] if any(indicator.asks_for_work for indicator, _ in rules) else []
    options = tuple(dict.fromkeys(choice for _, rule in rules for choice in rule_choices(rule)))
    choose, count, amount = FACT_COLUMNS
    return (
        Column("指标", "item", "choice", 14, choices=indicators, may_lack=True),
        Column("规则", "rule", "choice", 30, choices=tuple(rule.name for _, rule in rules)),
        replace(choose, choices=options),
        count,
        amount,
        *works,
    )


def _deductions(rules: Sequence[tuple[Indicator, Rule]]) -> Sheet:
    columns = (
        RATER,
        CODE,
        NAME,
        *fact_fields(rules),
        Column("事由", "reason", width=26, hint=evidence_hint(rules), may_lack=True),
        Column("已核", "verdict", "choice", 8, choices=YES_NO),
    )
    note = (
        f"评定表中分数留空、此处有“已核＝是”的行，按规则计算；{unwritten_note([rule for _, rule in rules])}"
        "没有可扣的，写一行：规则留空，已核填“是”。各条规则怎么扣分，见“评分办法”页。"
    )
    units = rule_units(rules)
    return Sheet("评定扣分", "records", columns, (), RECORD_ROWS, (), note, optional=True, part="fact", units=units)


def evidence_hint(rules: Sequence[tuple[Indicator, Rule]]) -> str:
    """Return what to say at the column of 依据 (on 评定扣分: 事由): which rules do not count without; "" where none."""
    named = [rule.name for _, rule in rules if rule.evidence]
    if not named:
        return ""
    return f"必须写明记录的规则：{'、'.join(named)}" if len(named) <= NAMED_RULES else "多数规则必须写明所依据的记录"


def rule_units(rules: Sequence[tuple[Indicator, Rule]]) -> tuple[tuple[str, str], ...]:
    """Return the unit of measure of each rule that has one."""
    return tuple((rule.name, rule.unit) for _, rule in rules if rule.unit)
