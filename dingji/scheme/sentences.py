"""A standard read back in Chinese sentences, to be held beside the notice line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from dingji.numbers import chinese, plain
from dingji.scheme.describe import ROUNDING, condition_words, number_words, own_words, rule_words
from dingji.scheme.indicators import Indicator, Item, Rule
from dingji.scheme.model import Grade, Scheme, Source
from dingji.scheme.names import CATEGORY, RATED
from dingji.scheme.reach_grades import by_rank
from dingji.scheme.sentences_after import examples, honours, quotas, situations, targets, year_days
from dingji.scheme.sources import OTHERS
from dingji.scheme.written import Quantity

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


def sentences(scheme: Scheme) -> list[Section]:
    """Tell a whole standard, section by section; what the office settled for itself is marked 本单位自定."""
    return [(title, lines) for title, tell in SECTIONS if (lines := list(tell(scheme)))]


def as_lines(scheme: Scheme) -> Iterator[str]:
    """Yield the standard as numbered lines for a console."""
    yield f"{scheme.title}（{scheme.id}，第{scheme.version}版）"
    for number, (title, lines) in enumerate(sentences(scheme), start=1):
        yield f"{chinese(number)}、{title}"
        yield from (f"  {line}" for line in lines)


def _basics(scheme: Scheme) -> Iterator[str]:
    if scheme.document:
        yield f"出处：{scheme.document}。"
    yield f"各种表上称为“{scheme.work_name}”；考评对象是{scheme.unit}；自评表由{scheme.signer}签字。"
    if scheme.procedure:
        yield f"程序：{scheme.procedure}。"
    yield own_words(scheme, f"总分 {number_words(scheme.full)} 分；{BOUNDED[scheme.bounded]}扣完为止，不超过满分。")
    if limits := _limits(scheme.minimum, scheme.maximum):
        yield f"综合得分（含加分）{limits}。"
    if scheme.scaled:
        yield f"有的指标不适用于某些{scheme.unit}的，按适用的指标折算到 {number_words(scheme.full)} 分。"
    rounding = scheme.rounding
    when = "先取位再定等次" if rounding.before_grading else "按取位前的得分定等次"
    yield own_words(rounding, f"综合得分四舍五入，取 {rounding.places} 位小数，{when}。")
    yield from _rounds(scheme)
    for column in scheme.roster:
        how = f"填数，单位：{column.unit}" if column.unit else "、".join(column.values) or "填文字"
        yield own_words(column, f"名册另设“{column.name}”一栏：{how}。")
    if scheme.required:
        yield f"除各来源的表外，必须交：{'、'.join(scheme.required)}。"


def _rounds(scheme: Scheme) -> Iterator[str]:
    if isinstance(scheme.rounds, dict):
        mean = scheme.averaged
        how = "加权平均" if mean else "相加"
        weights = "、".join(f"{name} {_part(weight)}" if mean else name for name, weight in scheme.rounds.items())
        yield f"各轮次得分{how}：{weights}。"
    elif scheme.rounds:
        yield f"轮次：{'、'.join(scheme.rounds)}，各自定级。"
    numbers = ((scheme.drop_highest, "最高"), (scheme.drop_lowest, "最低"))
    if told := "、".join(f"{number} 个{which}的" for number, which in numbers if number):
        yield f"各轮次取平均前，每个{scheme.unit}先去掉{told}轮次。"


def _grades(scheme: Scheme) -> Iterator[str]:
    ranked = by_rank(scheme)
    for grade in scheme.grades:
        taken = "不看分数，按名次取，几个见名额" if grade.name in ranked else _grade_condition(grade)
        yield own_words(grade, f"{grade.name}：{taken}。")
        if grade.follow_up:
            yield f"　　定为{grade.name}的：{grade.follow_up}。"
        if grade.rectify is not None:
            yield f"　　定为{grade.name}的：{'' if grade.rectify else '不'}发整改通知书。"
        if grade.papers:
            yield f"　　定为{grade.name}的：签{'、'.join(grade.papers)}。"
        if grade.visits:
            yield f"　　定为{grade.name}的：联系领导走访，{grade.visits}。"
    if not scheme.grades:
        yield "本标准不分等次，只计总分和名次。"


def _grade_condition(grade: Grade) -> str:
    if grade.start is None:
        return condition_words(grade.when) or "其余"
    also = f"，且 {condition_words(grade.when, beside=True)}" if grade.when else ""
    return f"{number_words(grade.start)} 分及以上{also}"


def _sources(scheme: Scheme) -> Iterator[str]:
    for source in scheme.sources:
        yield own_words(source, f"{source.name}：{'；'.join(_source_parts(source))}。")


def _source_parts(source: Source) -> Iterator[str]:
    if source.inside:
        yield f"计入“{source.inside}”"
    yield _weight(source)
    if source.form:
        called = f"（印作“{source.title}”）" if source.title else ""
        yield f"用{'、'.join(FORMS[form] for form in source.form)}{called}，{MARKS[source.marks]}"
    if source.main_form in RATED:
        yield _combining(source)
    yield from _survey_parts(source)
    if source.missing is not None:
        yield f"没有交的按 {number_words(source.missing)} 分计"
    elif not source.required:
        yield "可以没有"


def _survey_parts(source: Source) -> Iterator[str]:
    if source.questions:
        yield f"问：{'、'.join(_questions(source))}"
    if source.options:
        yield "选项：" + "、".join(f"{label} {number_words(points)} 分" for label, points in source.options.items())
    for name, options in source.shares.items():
        yield f"{name}＝（{'＋'.join(options)}）÷{OUT_OF[source.out_of]}"
    if source.apart:
        yield f"{'、'.join(source.apart)}不计入分母"
    if source.groups:
        yield "分组：" + "、".join(f"{group} {number_words(weight)}%" for group, weight in source.groups.items())
    if source.min_ballots:
        yield f"有效票不少于 {source.min_ballots} 张"
    if source.min_turnout:
        yield f"参评率不低于 {source.min_turnout.written}"


def _questions(source: Source) -> Iterator[str]:
    for question in source.questions:
        weight = source.questions[question] if isinstance(source.questions, dict) else None
        yield question if weight is None else f"{question}（权重 {number_words(weight)}）"


def _weight(source: Source) -> str:
    if isinstance(source.weight, dict):
        told = ((f"其他{CATEGORY}" if name == OTHERS else name, weight) for name, weight in source.weight.items())
        return "占 " + "、".join(f"{name} {_part(weight)}" for name, weight in told)
    if source.weight is None:
        return "按各指标分值直接计入"
    return f"占 {_part(source.weight)}" if source.weight.value else "只列示，不计入"


def _part(weight: Quantity) -> str:
    return weight.written if weight.share else f"{plain(weight.value)}%"


def _combining(source: Source) -> str:
    start = source.trim_from if source.trim_from is not None else 2 * source.trim + 1
    trim = f"{start} 名评委及以上去掉 {source.trim} 个最高、{source.trim} 个最低后" if source.trim else "各评委"
    least = f"，至少 {source.min_raters} 名" if source.min_raters > 1 else ""
    drawn = f"，每个评 {source.rates} 个，由抽签定谁评谁（种子 {source.seed}）" if source.rates else ""
    return f"{trim}{COMBINE[source.combine]}{least}{drawn}"


def _indicators(scheme: Scheme) -> Iterator[str]:
    for indicator in (indicator for indicator in scheme.indicators if not indicator.bonus):
        yield from _indicator(indicator)


def _indicator(indicator: Indicator) -> Iterator[str]:
    yield own_words(indicator, f"{indicator.name}（{_full(indicator)}）{_asides(indicator)}")
    if indicator.text:
        yield f"　{indicator.text}"
    for item in indicator.items:
        full = f"（{_full(item)}）" if item.full is not None else ""
        yield own_words(item, f"　{item.no}．{item.text}{full}{_asides(item)}")
    for rule in indicator.rules:
        yield _rule(rule)


def _full(marked: Indicator | Item) -> str:
    if marked.full is None:
        return "清单，不计分"
    start = "" if marked.start is None else f"，从 {number_words(marked.start)} 分起计"
    return f"{number_words(marked.full)} 分{start}"


def _asides(marked: Indicator | Item) -> str:
    """Tell whom a part is for, who marks it and its own limits."""
    inside, bounded = getattr(marked, "inside", ""), getattr(marked, "bounded", None)
    asides = [
        f"计入“{inside}”" if inside else "",
        f"适用：{condition_words(marked.only_for)}" if marked.only_for else "",
        f"由{'、'.join(marked.by)}评" if marked.by else "",
        f"免评计满分：{condition_words(marked.exempt)}" if marked.exempt else "",
        f"折算到 {number_words(marked.full or Decimal(0))} 分" if getattr(marked, "scaled", False) else "",
        f"{BOUNDED[bounded]}扣完为止" if bounded else "",
        "同一工作只计最重的一次" if getattr(marked, "asks_for_work", False) else "",
        _limits(marked.minimum, marked.maximum),
    ]
    told = "；".join(aside for aside in asides if aside)
    return f"［{told}］" if told else ""


def _limits(low: Decimal | str | None, high: Decimal | str | None) -> str:
    parts = [
        "可以为负" if low == "none" else f"最低 {number_words(low)} 分" if isinstance(low, Decimal) else "",
        "上不封顶" if high == "none" else f"最高 {number_words(high)} 分" if isinstance(high, Decimal) else "",
    ]
    return "，".join(part for part in parts if part)


def _otherwise(missing: Decimal | str) -> str:
    return missing if isinstance(missing, str) else number_words(missing)


def _rule(rule: Rule) -> str:
    where = f"（第{rule.item}项）" if rule.item is not None else ""
    read = f"按 {condition_words(rule.of)} 计：" if rule.of else ""
    asides = [
        f"适用：{condition_words(rule.only_for)}" if rule.only_for else "",
        f"单位：{rule.unit}" if rule.unit and rule.unit not in rule_words(rule) else "",
        _limits(rule.minimum, rule.maximum),
        "须有依据" if rule.evidence else "",
        "" if rule.missing is None else f"没有填的当作“{_otherwise(rule.missing)}”",
        f"{ROUNDING[rule.round]}取整" if rule.round else "",
    ]
    told = "；".join(aside for aside in asides if aside)
    line = f"　· {rule.name}{where}：{read}{rule_words(rule)}{f'［{told}］' if told else ''}"
    for table in (rule, *(rule.bands or [])):
        line = own_words(table, line)
    return line


def _bonuses(scheme: Scheme) -> Iterator[str]:
    for indicator in scheme.bonuses:
        only_text = f"；{indicator.text}" if indicator.text else ""
        same = "同一工作按最高分计" if indicator.same_work == "highest" else "同一工作累计"
        yield own_words(indicator, f"{indicator.name}：{same}{only_text}{_asides(indicator)}")
        yield from (_rule(rule) for rule in indicator.rules)


SECTIONS: Sequence[tuple[str, Callable[[Scheme], Iterator[str]]]] = (
    ("总则", _basics),
    ("等次", _grades),
    ("来源和权重", _sources),
    ("指标、考评内容和评分办法", _indicators),
    ("加分", _bonuses),
    ("情形", situations),
    ("名额", quotas),
    ("目标", targets),
    ("日程", year_days),
    ("表彰", honours),
    ("例子", examples),
)
"""What is told, in this order; a section with nothing to say is left out.."""
