"""A standard read back in Chinese sentences, to be held beside the notice line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from dingji.numbers import plain
from dingji.scheme.conditions import Operation, parse
from dingji.scheme.describe import quantity_words, rule_words
from dingji.scheme.model import Grade, Indicator, Item, Quantity, Quota, Rule, Scheme, Situation, Source, Table, Target
from dingji.scheme.names import RATED

Section = tuple[str, list[str]]
"""A heading and its sentences."""

COMBINE = {"mean": "取平均", "median": "取中位数"}
OUT_OF = {"valid": "有效票", "returned": "收回票", "present": "实到人数", "due": "应参加人数"}
MARKS = {
    "total": "打一个总分",
    "indicators": "按指标打分",
    "items": "按考评内容逐项打分",
    "rules": "只填事实，由程序按规则计算",
    "options": "按选项评价",
}
FORMS = {"self": "自评表", "survey": "测评表", "committee": "评定表", "peer": "互评表", "records": "平时记录"}
BOUNDED = {"indicator": "每个指标", "item": "每项考评内容"}
ROUNDING = {"floor": "舍去零头", "ceil": "进一", "half_up": "四舍五入", "": ""}


def sentences(scheme: Scheme) -> list[Section]:
    """Tell a whole standard, section by section; what the office settled for itself is marked 本单位自定."""
    return [(title, lines) for title, tell in SECTIONS if (lines := list(tell(scheme)))]


def as_lines(scheme: Scheme) -> Iterator[str]:
    """Yield the standard as numbered lines for a console."""
    yield f"{scheme.title}（{scheme.id}，第{scheme.version}版）"
    for number, (title, lines) in enumerate(sentences(scheme), start=1):
        yield f"{NUMERALS[number - 1]}、{title}"
        yield from (f"  {line}" for line in lines)


NUMERALS = "一二三四五六七八九十"


def _own(table: Table, line: str) -> str:
    return f"{line}【本单位自定：{table.choice}】" if table.choice else line


def _number(number: Decimal) -> str:
    return plain(Fraction(number))


def _basics(scheme: Scheme) -> Iterator[str]:
    if scheme.document:
        yield f"出处：{scheme.document}。"
    if scheme.procedure:
        yield f"程序：{scheme.procedure}。"
    yield _own(scheme, f"总分 {_number(scheme.full)} 分；{BOUNDED[scheme.bounded]}扣完为止，不超过满分。")
    if limits := _limits(scheme.minimum, scheme.maximum):
        yield f"综合得分（含加分）{limits}。"
    if scheme.scaled:
        yield f"有的指标不适用于某些党组织的，按适用的指标折算到 {_number(scheme.full)} 分。"
    rounding = scheme.rounding
    when = "先取位再定等次" if rounding.before_grading else "按取位前的得分定等次"
    yield _own(rounding, f"综合得分四舍五入，取 {rounding.places} 位小数，{when}。")
    yield from _rounds(scheme)
    if scheme.required:
        yield f"除各来源的表外，必须交：{'、'.join(scheme.required)}。"


def _rounds(scheme: Scheme) -> Iterator[str]:
    if isinstance(scheme.rounds, dict):
        mean = sum((weight.of_hundred for weight in scheme.rounds.values()), Fraction(0)) == Fraction(100)
        how = "加权平均" if mean else "相加"
        weights = "、".join(f"{name} {_part(weight)}" if mean else name for name, weight in scheme.rounds.items())
        yield f"各轮次得分{how}：{weights}。"
    elif scheme.rounds:
        yield f"轮次：{'、'.join(scheme.rounds)}，各自定级。"


def _grades(scheme: Scheme) -> Iterator[str]:
    for grade in scheme.grades:
        yield _own(grade, f"{grade.name}：{_grade_condition(grade)}。")
        if grade.follow_up:
            yield f"　　定为{grade.name}的：{grade.follow_up}。"
    if not scheme.grades:
        yield "本标准不分等次，只计总分和名次。"


def _grade_condition(grade: Grade) -> str:
    if grade.start is None:
        return grade.when or "其余"
    return f"{_number(grade.start)} 分及以上{f'，且 {_as_one(grade.when)}' if grade.when else ''}"


def _as_one(condition: str) -> str:
    """Return a condition that stands beside another: one whose last step is `or` in brackets."""
    node = parse(condition)
    return f"（{condition}）" if isinstance(node, Operation) and node.operator == "or" else condition


def _sources(scheme: Scheme) -> Iterator[str]:
    for source in scheme.sources:
        yield _own(source, f"{source.name}：{'；'.join(_source_parts(source))}。")


def _source_parts(source: Source) -> Iterator[str]:
    if source.inside:
        yield f"计入“{source.inside}”"
    yield _weight(source)
    if source.form:
        yield f"用{'、'.join(FORMS[form] for form in source.form)}，{MARKS[source.marks]}"
    if source.main_form in RATED:
        yield _combining(source)
    yield from _survey_parts(source)
    if not source.required:
        yield "可以没有"


def _survey_parts(source: Source) -> Iterator[str]:
    if source.questions:
        yield f"问：{'、'.join(_questions(source))}"
    if source.options:
        yield "选项：" + "、".join(f"{label} {_number(points)} 分" for label, points in source.options.items())
    for name, options in source.shares.items():
        yield f"{name}＝（{'＋'.join(options)}）÷{OUT_OF[source.out_of]}"
    if source.apart:
        yield f"{'、'.join(source.apart)}不计入分母"
    if source.groups:
        yield "分组：" + "、".join(f"{group} {_number(weight)}%" for group, weight in source.groups.items())
    if source.min_ballots:
        yield f"有效票不少于 {source.min_ballots} 张"
    if source.min_turnout:
        yield f"参评率不低于 {source.min_turnout.written}"


def _questions(source: Source) -> Iterator[str]:
    for question in source.questions:
        weight = source.questions[question] if isinstance(source.questions, dict) else None
        yield question if weight is None else f"{question}（权重 {_number(weight)}）"


def _weight(source: Source) -> str:
    if isinstance(source.weight, dict):
        return "占 " + "、".join(f"{name} {_part(weight)}" for name, weight in source.weight.items())
    if source.weight is None:
        return "按各指标分值直接计入"
    return f"占 {_part(source.weight)}" if source.weight.value else "只列示，不计入"


def _part(weight: Quantity) -> str:
    return weight.written if weight.share else f"{plain(weight.value)}%"


def _combining(source: Source) -> str:
    start = source.trim_from if source.trim_from is not None else 2 * source.trim + 1
    trim = f"{start} 名评委及以上去掉 {source.trim} 个最高、{source.trim} 个最低后" if source.trim else "各评委"
    least = f"，至少 {source.min_raters} 名" if source.min_raters > 1 else ""
    return f"{trim}{COMBINE[source.combine]}{least}"


def _indicators(scheme: Scheme) -> Iterator[str]:
    for indicator in (indicator for indicator in scheme.indicators if not indicator.bonus):
        yield from _indicator(indicator)


def _indicator(indicator: Indicator) -> Iterator[str]:
    yield _own(indicator, f"{indicator.name}（{_full(indicator)}）{_asides(indicator)}")
    if indicator.text:
        yield f"　{indicator.text}"
    for item in indicator.items:
        full = f"（{_full(item)}）" if item.full is not None else ""
        yield _own(item, f"　{item.no}．{item.text}{full}{_asides(item)}")
    for rule in indicator.rules:
        yield _rule(rule)


def _full(marked: Indicator | Item) -> str:
    if marked.full is None:
        return "清单，不计分"
    start = "" if marked.start is None else f"，从 {_number(marked.start)} 分起计"
    return f"{_number(marked.full)} 分{start}"


def _asides(marked: Indicator | Item) -> str:
    """Tell whom a part is for, who marks it and its own limits."""
    inside, bounded = getattr(marked, "inside", ""), getattr(marked, "bounded", None)
    asides = [
        f"计入“{inside}”" if inside else "",
        f"适用：{marked.only_for}" if marked.only_for else "",
        f"由{'、'.join(marked.by)}评" if marked.by else "",
        f"免评计满分：{marked.exempt}" if marked.exempt else "",
        f"折算到 {_number(marked.full or Decimal(0))} 分" if getattr(marked, "scaled", False) else "",
        f"{BOUNDED[bounded]}扣完为止" if bounded else "",
        _limits(marked.minimum, marked.maximum),
    ]
    told = "；".join(aside for aside in asides if aside)
    return f"［{told}］" if told else ""


def _limits(low: Decimal | str | None, high: Decimal | str | None) -> str:
    parts = [
        "可以为负" if low == "none" else f"最低 {_number(low)} 分" if isinstance(low, Decimal) else "",
        "上不封顶" if high == "none" else f"最高 {_number(high)} 分" if isinstance(high, Decimal) else "",
    ]
    return "，".join(part for part in parts if part)


def _rule(rule: Rule) -> str:
    where = f"（第{rule.item}项）" if rule.item is not None else ""
    read = f"按 {rule.of} 计：" if rule.of else ""
    asides = [
        f"适用：{rule.only_for}" if rule.only_for else "",
        f"单位：{rule.unit}" if rule.unit and rule.unit not in rule_words(rule) else "",
        _limits(rule.minimum, rule.maximum),
        "须有依据" if rule.evidence else "",
        f"{ROUNDING[rule.round]}取整" if rule.round else "",
    ]
    told = "；".join(aside for aside in asides if aside)
    line = f"　· {rule.name}{where}：{read}{rule_words(rule)}{f'［{told}］' if told else ''}"
    for table in (rule, *(rule.bands or [])):
        line = _own(table, line)
    return line


def _bonuses(scheme: Scheme) -> Iterator[str]:
    for indicator in scheme.bonuses:
        only_text = f"；{indicator.text}" if indicator.text else ""
        same = "同一工作按最高分计" if indicator.same_work == "highest" else "同一工作累计"
        yield _own(indicator, f"{indicator.name}：{same}{only_text}{_asides(indicator)}")
        yield from (_rule(rule) for rule in indicator.rules)


EFFECTS: Mapping[str, Callable[[Situation], str]] = {
    "score": lambda one: f"综合得分定为 {_number(one.score or Decimal(0))} 分",
    "at_least": lambda one: f"不低于“{one.at_least}”",
    "at_most": lambda one: f"不高于“{one.at_most}”",
    "grade": lambda one: f"直接定为“{one.grade}”",
    "no_grade": lambda one: f"不定等次，记“{one.no_grade}”",
    "flag": lambda one: f"标注“{one.flag}”",
    "": lambda _: "没有后果",
}


def _situations(scheme: Scheme) -> Iterator[str]:
    for situation in scheme.situations:
        how = f"程序判断：{situation.when}" if situation.when else "申报，办公室确认"
        only_for = f"；适用：{situation.only_for}" if situation.only_for else ""
        yield _own(situation, f"{situation.name}（{how}{only_for}）→ {EFFECTS[situation.effect](situation)}。")


def _quotas(scheme: Scheme) -> Iterator[str]:
    for quota in scheme.quotas:
        name = f"{quota.name}：" if quota.name else ""
        yield _own(quota, f"{name}{'；'.join(_quota_parts(quota))}。")


def _quota_parts(quota: Quota) -> Iterator[str]:
    yield f"“{quota.grade}”" if quota.grade else f"标注“{quota.flag}”"
    words = (("at_most", "不超过"), ("at_least", "不少于"), ("about", "大约"), ("top", "取前"), ("bottom", "取后"))
    for key, verb in words:
        bound = getattr(quota, key)
        if bound is not None:
            yield f"{verb}{_bound(bound)}"
    if quota.among:
        yield f"范围：{quota.among}"
    if quota.places is not None:
        yield f"差额，实取 {quota.places} 个"
    base = "已定级的党组织" if quota.out_of == "graded" else "全部党组织"
    within = f"，分{quota.within}计" if quota.within else ""
    rounding = f"，{ROUNDING[quota.round]}" if quota.round else ""
    yield f"以{base}为基数{within}{rounding}"
    if quota.minimum:
        yield f"至少 {quota.minimum} 个"


def _bound(bound: Quantity | Mapping[str, Quantity]) -> str:
    if isinstance(bound, Quantity):
        return quantity_words(bound, "" if bound.share else "个")
    return "、".join(f"{'其他' if key == 'default' else key} {_bound(value)}" for key, value in bound.items())


def _targets(scheme: Scheme) -> Iterator[str]:
    for target in scheme.targets:
        yield _own(target, _target(target))


def _target(target: Target) -> str:
    goal = target.at_least
    reached = f"达到{'、'.join(target.to)}的{'不低于' if goal.share else '不少于'} {quantity_words(goal, '个')}"
    when = f"，到{'、'.join(target.rounds)}检查" if target.rounds else ""
    return f"{target.name}：上期{'、'.join(target.out_of)}的，{reached}{when}。"


SECTIONS: Sequence[tuple[str, Callable[[Scheme], Iterator[str]]]] = (
    ("总则", _basics),
    ("等次", _grades),
    ("来源和权重", _sources),
    ("指标、考评内容和评分办法", _indicators),
    ("加分", _bonuses),
    ("情形", _situations),
    ("名额", _quotas),
    ("目标", _targets),
)
"""What is told, in this order; a section with nothing to say is left out.."""
