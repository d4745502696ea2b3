"""What a standard does with the scores, in Chinese sentences: situations, quotas, targets, days, honours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from dingji.scheme.describe import ROUNDING, condition_words, number_words, own_words, points_words, quantity_words
from dingji.scheme.grades import ALL, STEPS
from dingji.scheme.honours import BRANCHES, LISTED, STARS, Honour
from dingji.scheme.lint_reach import always_met
from dingji.scheme.model import Quota, Scheme, Situation, Target
from dingji.scheme.written import Quantity
from dingji.scheme.year_days import YearDay


def _times(one: Situation) -> str:
    return f"×（{condition_words(one.of)}）" if one.of else ""


EFFECTS: Mapping[str, Callable[[Situation], str]] = {
    "score": lambda one: f"综合得分定为 {number_words(one.score or Decimal(0))} 分",
    "points": lambda one: f"综合得分{points_words(((one.points or Decimal(0)),) * 2)}{_times(one)}",
    "factor": lambda one: f"综合得分（不含加分）乘以 {number_words(one.factor or Decimal(0))}{_times(one)}",
    "at_least": lambda one: f"不低于“{one.named}”",
    "at_most": lambda one: f"不高于“{one.named}”",
    "grade": lambda one: f"直接定为“{one.named}”",
    "up": lambda one: f"升{one.up}个等次",
    "down": lambda one: f"降{one.down}个等次",
    "no_grade": lambda one: f"不定等次，记“{one.no_grade}”{'，不参加评定，不用交表' if one.excused else ''}",
    "flag": lambda one: f"标注“{one.flag}”",
    "": lambda _: "没有后果",
}


BASES = {"graded": "已定级的", "all": "全部", "previous": "上期已定级的"}


def situations(scheme: Scheme) -> Iterator[str]:
    """Yield what vetoes, lifts or caps a grade."""
    met = always_met(scheme)
    for place, situation in enumerate(scheme.situations):
        how = f"程序判断：{condition_words(situation.when)}" if situation.when else "申报，办公室确认"
        only_for = f"；适用：{condition_words(situation.only_for)}" if situation.only_for else ""
        yield own_words(situation, f"{situation.name}（{how}{only_for}）→ {_effect(situation)}。")
        yield from (f"　　因此，{words}。" for at, _, _, words in met if at == place)


def _effect(situation: Situation) -> str:
    """Tell what follows of a situation, and how far from the grade that it names."""
    beside = situation.shift and situation.effect not in STEPS
    steps = f"之{'下' if situation.shift > 0 else '上'}{abs(situation.shift)}个等次" if beside else ""
    return EFFECTS[situation.effect](situation) + steps


def quotas(scheme: Scheme) -> Iterator[str]:
    """Yield how many may have a grade or a flag."""
    for quota in scheme.quotas:
        name = f"{quota.name}：" if quota.name else ""
        yield own_words(quota, f"{name}{'；'.join(_quota_parts(quota, scheme.unit))}。")


def _quota_parts(quota: Quota, unit: str) -> Iterator[str]:
    together = "合在一起" if len(quota.grade) > 1 else ""
    yield f"“{quota.what}”{together}" if quota.grade else f"标注“{quota.flag}”"
    words = (("at_most", "不超过"), ("at_least", "不少于"), ("about", "大约"), ("top", "取前"), ("bottom", "取后"))
    for key, verb in words:
        bound = getattr(quota, key)
        if bound is not None:
            yield f"{verb}{_bound(bound)}"
    if quota.among:
        yield f"范围：{condition_words(quota.among)}"
    if quota.places is not None:
        yield f"差额，实取 {quota.places} 个"
    within = f"，分{quota.within}计" if quota.within else ""
    rounding = f"，{ROUNDING[quota.round]}" if quota.round else ""
    yield f"以{BASES[quota.out_of]}{unit}为基数{within}{rounding}"
    if quota.minimum:
        yield f"至少 {quota.minimum} 个"
    yield from _ties(quota)


def _ties(quota: Quota) -> Iterator[str]:
    """Tell what becomes of those level across the edge, where the standard says so."""
    if quota.tie_keys:
        yield f"名额边上并列的，依次比{'、'.join(map(condition_words, quota.tie_keys))}，数大的排在前面"
    elif quota.ties == ALL:
        yield "名额边上并列的都算进来"


def _bound(bound: Quantity | Mapping[str, Quantity]) -> str:
    if isinstance(bound, Quantity):
        return quantity_words(bound, "" if bound.share else "个")
    return "、".join(f"{'其他' if key == 'default' else key} {_bound(value)}" for key, value in bound.items())


def targets(scheme: Scheme) -> Iterator[str]:
    """Yield what the branches graded low before are to reach."""
    for target in scheme.targets:
        yield own_words(target, _target(target))


def _target(target: Target) -> str:
    goal = target.at_least
    reached = f"达到{'、'.join(target.to)}的{'不低于' if goal.share else '不少于'} {quantity_words(goal, '个')}"
    when = f"，到{'、'.join(target.rounds)}检查" if target.rounds else ""
    return f"{target.name}：上期{'、'.join(target.out_of)}的，{reached}{when}。"


def year_days(scheme: Scheme) -> Iterator[str]:
    """Yield what is to be done by which days of the year."""
    for day in scheme.days:
        yield own_words(day, _year_day(day))


def _year_day(day: YearDay) -> str:
    begins = f"{day.begins}起，" if day.begins else ""
    who = f"（{day.who}）" if day.who else ""
    when = f"，{'、'.join(day.rounds)}定级时" if day.rounds else ""
    return f"{day.name}{who}：{begins}{'、'.join(day.by)}以前{when}。"


def honours(scheme: Scheme) -> Iterator[str]:
    """Yield what honours there are, who is put forward, and how many."""
    for honour in scheme.honours:
        yield own_words(honour, f"{honour.name}：{'；'.join(_honour(honour, scheme.unit))}。")


def _honour(honour: Honour, unit: str) -> Iterator[str]:
    flagged = f"标注“{honour.flag}”的{unit}" if honour.flag else f"各{unit}"
    yield {
        BRANCHES: f"候选是{flagged}，按综合得分排",
        LISTED: f"候选由{flagged}推荐，照推荐名单",
        STARS: f"{flagged}应当挂，已挂的看星级登记",
    }[honour.by]
    if honour.places is not None:
        yield f"名额 {honour.places} 个"
    if honour.margin is not None:
        yield f"候选比名额至少多 {quantity_words(honour.margin, '' if honour.margin.share else '个')}"
    if honour.rounds:
        yield f"在{'、'.join(honour.rounds)}评选"


def examples(scheme: Scheme) -> Iterator[str]:
    """Yield what each example types, and what comes of it."""
    for example in scheme.examples:
        when = f"（{example.round}）" if example.round else ""
        line = f"{example.name}{when}：{_typed(example.typed)} → {_typed(example.expected)}。"
        yield own_words(example, line)


def _typed(value: object) -> str:
    """Tell what is typed: names with their values, several values in a row."""
    if isinstance(value, Mapping):
        parts = (
            (name, f"（{_typed(part)}）" if isinstance(part, Mapping) else f" {_typed(part)}")
            for name, part in value.items()
        )
        return "，".join(f"{name}{told}" for name, told in parts)
    if isinstance(value, list):
        return "、".join(f"（{_typed(part)}）" if isinstance(part, Mapping) else _typed(part) for part in value)
    return number_words(value) if isinstance(value, Decimal) else str(value)
