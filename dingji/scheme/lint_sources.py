"""What is wrong with the sources of a standard: weights, nesting, surveys, trimming."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from dingji.numbers import plain
from dingji.scheme.finding import Finding, Path, error, nearest, warning
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import FORMS, OFFICE_FORMS, RATED
from dingji.scheme.sources import OTHERS
from dingji.scheme.who_marks import named_sources, rater_groups

HUNDRED = Fraction(100)


def weights(scheme: Scheme) -> Iterator[Finding]:
    """Find weights that do not total 100 among the sources of a round that stand side by side."""
    yield from _of_rounds(scheme)
    if scheme.scored and all(indicator.by for indicator in scheme.scored):
        return
    for round_name in list(scheme.rounds) or [""]:
        for parent in dict.fromkeys(["", *(source.inside for source in scheme.sources)]):
            inner = [source for source in scheme.sources_in(round_name) if source.inside == parent]
            for category in dict.fromkeys(["", *(name for source in inner for name in source.by_class)]):
                total = sum((source.weight_in(round_name, category) or Fraction(0) for source in inner), Fraction(0))
                if inner and total != HUNDRED:
                    where = f"“{parent}”之内" if parent else "各来源"
                    when = f"在“{round_name}”" if round_name else ""
                    whose = f"（类别为“{category}”的）" if category else ""
                    yield error(("sources",), f"{where}{when}的权重{whose}合计 {plain(total)}，应为 100")


def _of_rounds(scheme: Scheme) -> Iterator[Finding]:
    if isinstance(scheme.rounds, dict):
        parts = [weight.of_hundred for weight in scheme.rounds.values()]
        total = sum(parts, Fraction(0))
        if total != HUNDRED and set(parts) != {HUNDRED}:
            words = f"各轮次的权重合计 {plain(total)}，应为 100（取加权平均），或者每个都是 100（相加）"
            yield error(("rounds",), words)


def sources(scheme: Scheme) -> Iterator[Finding]:
    """Find what is wrong with each source."""
    for index, source in enumerate(scheme.sources):
        path = ("sources", index)
        yield from _rounds(path, scheme, source)
        yield from _place(path, scheme, source)
        yield from _survey(path, source)
        yield from _unread(path, scheme, source)
        yield from _missing((*path, "missing"), source)
        yield from _drawn(path, source)
        if source.trim_from is not None and source.trim_from <= 2 * source.trim:
            words = f"“{source.name}”从 {source.trim_from} 名评委起去掉两头各 {source.trim} 个，就一个也不剩了"
            yield error((*path, "trim_from"), words)


def required(scheme: Scheme) -> Iterator[Finding]:
    """Find required forms that are none, that a source has (its own `required` says so), or that do not exist here."""
    declared = any(not situation.when for situation in scheme.situations)
    there = {"收件登记"} | ({"情形申报"} if declared else set()) | ({"加分申报"} if scheme.bonuses else set())
    there |= {"平时记录"} if any("records" in source.form for source in scheme.sources) else set()
    for index, title in enumerate(scheme.required):
        path = ("required", index)
        if title in FORMS and title not in OFFICE_FORMS:
            yield error(path, f"“{title}”是来源的表，要不要交由那个来源的 required 决定")
        elif title not in OFFICE_FORMS:
            yield error(path, f"没有“{title}”这种表{nearest(title, list(OFFICE_FORMS))}")
        elif title not in there:
            yield error(path, f"按这个标准没有“{title}”：{MISSING_FORMS[title]}")


def _missing(path: Path, source: Source) -> Iterator[Finding]:
    """Find a figure for forms that never come where no branch hands one in, or where it cannot be told of parts."""
    if source.missing is None:
        return
    if source.main_form not in ("self", "survey"):
        yield error(path, f"“{source.name}”不是各党组织自己交的表；missing 只用于自评表和测评表")
    elif source.missing and source.marks not in ("total", "options"):
        yield error(path, f"“{source.name}”分项打分，没有交的只能按 0 分计（missing = 0）")


def _drawn(path: Path, source: Source) -> Iterator[Finding]:
    """Find a draw without a seed or of too few, and one of a source in which branches do not rate each other."""
    if source.main_form != "peer":
        for key in (key for key in ("rates", "seed") if getattr(source, key)):
            yield error((*path, key), f'{key} 只用于互评表（form = "peer"）')
    elif source.rates and source.seed is None:
        yield error((*path, "rates"), f"“{source.name}”由抽签定谁评谁，要写抽签的种子 seed（任写一个数）")
    elif source.seed is not None and not source.rates:
        yield error((*path, "seed"), f"“{source.name}”没有写每个评几个（rates），seed 用不上")
    elif 0 < source.rates < source.min_raters:
        words = f"“{source.name}”每个只由 {source.rates} 个来评，至少要 {source.min_raters} 个（min_raters），都不会够"
        yield error((*path, "rates"), words)


def dropped_rounds(scheme: Scheme) -> Iterator[Finding]:
    """Find rounds that are to be left out where there is no mean of equal ones, or where none would remain."""
    for key in ("drop_lowest", "drop_highest"):
        weights = set(scheme.rounds.values()) if isinstance(scheme.rounds, dict) else set()
        if not getattr(scheme, key):
            continue
        if not scheme.averaged or len({weight.of_hundred for weight in weights}) > 1:
            words = "只用在各轮次权重一样、取平均的标准（rounds 的权重都写一样，合计 100）"
            yield error((key,), f"{key} {words}")
        elif scheme.drop_lowest + scheme.drop_highest >= len(scheme.rounds):
            yield error((key,), f"一共 {len(scheme.rounds)} 轮，去掉以后一轮也不剩")


def who_marks(scheme: Scheme) -> Iterator[Finding]:
    """Find parts whose `by` names nobody, a group that is likely a source misspelt, or a source that marks no items."""
    for index, indicator in enumerate(scheme.indicators):
        yield from _by(("indicators", index, "by"), scheme, indicator.by)
        for number, item in enumerate(indicator.items):
            path = ("indicators", index, "items", number, "by")
            yield from _by(path, scheme, item.by)
            for source in named_sources(scheme, item.by):
                if source.marks != "items":
                    words = f"第 {item.no} 项单独由“{source.name}”评，“{source.name}”的 marks 要写 items"
                    yield error(path, words)


def _by(path: Path, scheme: Scheme, by: Sequence[str]) -> Iterator[Finding]:
    names = [source.name for source in scheme.sources]
    for group in rater_groups(scheme, by):
        near = nearest(group, names)
        if not any(source.main_form == "committee" for source in scheme.sources):
            yield error(path, f"没有来源“{group}”{near}；也没有评委可以分组别")
        elif near:
            yield warning(path, f"“{group}”不是来源，按评委的组别对待{near}")
    for source in named_sources(scheme, by):
        if source.marks in ("total", "options"):
            yield error(path, f"“{source.name}”只给一个总分，不分指标打分，评不了这一部分；{_instead(source)}")


def _instead(source: Source) -> str:
    """Tell how a part is marked by a source that gives one figure only."""
    if source.main_form == "survey":
        share = f'of = "{source.name} / 100"'
        return f'可以写一条读它的规则：{{ name = "测评折算", {share}, each = 分值 }}，指标写 start = 0，by 写评定的来源'
    return f"“{source.name}”的 marks 要写 indicators 或 items"


MISSING_FORMS = {
    "情形申报": "没有要申报的情形",
    "加分申报": "没有加分指标",
    "平时记录": "没有一个来源的 form 写了 records",
}
"""Why a standard has no such form."""


def _rounds(path: Path, scheme: Scheme, source: Source) -> Iterator[Finding]:
    named = list(source.weight) if isinstance(source.weight, dict) and OTHERS not in source.weight else []
    if named and not scheme.rounds:
        yield error((*path, "weight"), f"“{source.name}”的权重按类别写的，其余的类别要写 {OTHERS}（标准没有轮次）")
        return
    for round_name in named:
        if round_name not in scheme.rounds:
            near = nearest(round_name, list(scheme.rounds))
            yield error((*path, "weight"), f"“{source.name}”的权重写了没有的轮次“{round_name}”{near}")


def _place(path: Path, scheme: Scheme, source: Source) -> Iterator[Finding]:
    """Find a source inside nothing or itself, and one without a form that nothing is inside of."""
    inside = {other.name: other.inside for other in scheme.sources}
    above, way = source.inside, [source.name]
    while above and above in inside and above not in way:
        way.append(above)
        above = inside[above]
    if above and above not in inside:
        yield error((*path, "in"), f"没有来源“{above}”{nearest(above, list(inside))}")
    elif above == source.name:
        yield error((*path, "in"), f"来源“{source.name}”绕回到自己之内")
    if source.form and source.name in inside.values():
        yield error((*path, "form"), f"来源“{source.name}”由别的来源合成，不能又有自己的表")
    for round_name in [] if source.form or source.weight is None else list(scheme.rounds) or [""]:
        inner = [other for other in scheme.sources_in(round_name) if other.inside == source.name]
        if source.weight_in(round_name) is not None and not inner:
            when = f"在“{round_name}”" if round_name else ""
            yield error(path, f"来源“{source.name}”{when}没有表（form），也没有别的来源在它之内（in）")


SURVEY_KEYS = ("questions", "options", "apart", "shares", "groups", "min_ballots", "min_turnout")
RATER_KEYS = ("trim", "trim_from", "min_raters")


def _unread(path: Path, scheme: Scheme, source: Source) -> Iterator[Finding]:
    """Find a way of marking that the form does not have, and keys that only another form reads."""
    kind = source.main_form
    if source.form and kind != "survey":
        for key in SURVEY_KEYS:
            if getattr(source, key):
                yield error((*path, key), f'{key} 只用于测评表（form = "survey"）')
        if source.marks == "options":
            words = '按选项评价只能用测评表；评委按选项评的，写成 marks = "rules"，把选项写进规则的 options'
            yield error((*path, "marks"), words)
    if kind == "survey" and source.marks == "options" and not (source.questions and source.options):
        yield error(path, f"“{source.name}”按选项评价，要写题目 questions 和选项 options")
    if kind not in RATED:
        for key in (key for key in RATER_KEYS if getattr(source, key) != Source.model_fields[key].default):
            yield error((*path, key), f"{key} 只用于有几名评委的表（评定表、互评表）")
    giving = any(rule.way for indicator in scheme.scored for rule in indicator.rules if not rule.of)
    if "records" in source.form and source.marks in ("total", "options") and giving:
        words = f"“{source.name}”不按指标打分，平时记录里的扣分加分计不进去；marks 请写 indicators 或 items"
        yield error((*path, "form"), words)
    if kind == "self" and source.marks == "rules":
        yield error((*path, "marks"), "自评表填的是自评得分；marks 请写 indicators、items 或 total")


def _survey(path: Path, source: Source) -> Iterator[Finding]:
    options = [*source.options, *source.apart]
    for share, counted in source.shares.items():
        for option in counted:
            if option not in options:
                words = f"“{share}”里的选项“{option}”不在 options 里{nearest(option, options)}"
                yield error((*path, "shares", share), words)
    if source.groups and source.out_of != "valid":
        words = f"“{source.name}”按身份分组加权；表头的数不分身份，各组的比率以该组有效票为分母"
        yield warning((*path, "out_of"), words)
    if source.min_turnout and source.min_turnout.value > 1:
        meant = f"{plain(source.min_turnout.value)}%"
        yield error((*path, "min_turnout"), f'参评率不会超过 100%；请写成 "{meant}"')
    parts = sum((Fraction(weight) for weight in source.groups.values()), Fraction(0))
    if source.groups and parts != HUNDRED:
        yield warning((*path, "groups"), f"“{source.name}”各身份的权重合计 {plain(parts)}，不是 100；按各占的份额折算")
