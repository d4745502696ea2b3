"""Everything that can be typed for one branch under a standard: each mark, fact, vote, count and declaration a slot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from dingji.branch_facts import NUMBER_FACTS, TEXT_FACTS
from dingji.forms.declare import ABSTAIN, YES_NO
from dingji.forms.marking_forms import rule_choices
from dingji.numbers import plain
from dingji.scheme.describe import condition_words, number_words, rule_words
from dingji.scheme.indicators import Indicator, Rule
from dingji.scheme.lint_conditions import names_read
from dingji.scheme.marking import Thing, things_of, typed_rules, typed_things
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import HEADS
from dingji.scheme.who_marks import groups_within

OPTION, FIGURE, AMOUNT, WORK = "选项", "数量", "分值", "同一工作"
HEADINGS: Final = (OPTION, FIGURE, AMOUNT, WORK)
"""What may be typed in a slot; a mark, a count of votes and what the roster says stand under 数量."""

ROSTER, BONUS, SITUATIONS, RECORDS = "名册", "加分申报", "情形申报", "平时记录"
PREVIOUS, LAST_YEAR = "上期等次", "上年等次"
BRANCH_FACTS: Final = ("类别", "层级", "上级党组织", "书记任职时间", "成立日期", "届满日期", "正式党员", "预备党员")
Kind = Literal["mark", "fact", "read", "votes", "mean", "head", "roster", "situation", "grade"]


@dataclass(frozen=True)
class Slot:
    """Where something is typed: in which place (a source, 名册, 加分申报 …), under which names, and what it takes.

    Of kind `read` is a rule that reads a figure, so that nothing is typed. `key`: the thing, rule, question, option or
    heading that it is about; `group`: 身份 of the votes; `raters`: the 组别 that alone mark it, none for all.
    """

    place: str
    path: tuple[str, ...]
    kind: Kind
    words: str
    key: str
    takes: tuple[str, ...] = (FIGURE,)
    choices: tuple[str, ...] = ()
    question: str = ""
    group: str = ""
    raters: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return how it is called beside its place."""
        return "·".join(self.path)


def slots_of(scheme: Scheme, round_name: str) -> list[Slot]:
    """Return every slot of a round, in the order of the sheet on which they are filled in."""
    found = list(_branch(scheme))
    for source in scheme.sources_in(round_name):
        found += _source(scheme, source)
    found += _records(scheme, round_name)
    found += [_fact(BONUS, indicator, rule) for indicator in scheme.bonuses for rule in indicator.rules if not rule.of]
    found += [
        Slot(SITUATIONS, (one.name,), "situation", "申报，办公室确认", one.name, (OPTION,), YES_NO)
        for one in scheme.situations
        if not one.when
    ]
    return found


def _branch(scheme: Scheme) -> Iterator[Slot]:
    """Yield what the roster and earlier rounds say of the branch."""
    read = set(names_read(scheme))
    wanted = [name for name in (*TEXT_FACTS, *NUMBER_FACTS) if name in BRANCH_FACTS]
    behind = {"党员数": ("正式党员", "预备党员"), "成立月数": ("成立日期",), "书记任职月数": ("书记任职时间",)}
    needed = read | {name for made, names in behind.items() if made in read for name in names}
    for name in wanted:
        told = "标准里的条件读它" if name in needed else "标准里没有条件读它，可以不填"
        yield Slot(ROSTER, (name,), "roster", told, name)
    if scheme.grades:
        labels = tuple(grade.name for grade in scheme.grades)
        for name in (PREVIOUS, LAST_YEAR):
            yield Slot(name, (), "grade", "、".join(labels), name, (OPTION,), labels)


def _source(scheme: Scheme, source: Source) -> Iterator[Slot]:
    kind = source.main_form
    if kind == "survey":
        yield from _survey(scheme, source)
    elif kind:
        things = things_of(scheme, source) if kind == "self" else typed_things(scheme, source)
        yield from (_mark(source, thing) for thing in things)
        yield from (_asked(scheme, source, indicator, rule) for indicator, rule in typed_rules(scheme, source))
    if kind != "self":
        read = ((thing, rule) for thing in things_of(scheme, source) for rule in thing.rules if rule.of)
        yield from (_read(source, thing, rule) for thing, rule in read)
    for label in HEADS.get(kind, ()):
        yield Slot(source.name, (label,), "head", "表头的人数、票数", label)


def _mark(source: Source, thing: Thing) -> Slot:
    full = f"满分 {plain(thing.full)} 分" if thing.full else ""
    words = "；".join([*filter(None, (thing.text, full)), *(f"{one.name}：{rule_words(one)}" for one in thing.rules)])
    path = (thing.indicator, thing.label) if thing.number is not None else (thing.label,)
    return Slot(source.name, path, "mark", words, thing.key, raters=tuple(sorted(thing.groups)))


def _asked(scheme: Scheme, source: Source, indicator: Indicator, rule: Rule) -> Slot:
    item = next((item for item in indicator.items if item.no == rule.item), None)
    groups = groups_within(scheme, source, (item.by if item else []) or indicator.by)
    return _fact(source.name, indicator, rule, tuple(sorted(groups)))


def _fact(place: str, indicator: Indicator, rule: Rule, raters: tuple[str, ...] = ()) -> Slot:
    takes = [heading for heading, there in zip(HEADINGS, _takes(rule), strict=False) if there]
    also = [WORK] if place == BONUS else []
    path = (indicator.name, rule.name)
    return Slot(place, path, "fact", rule_words(rule), rule.name, (*takes, *also), rule_choices(rule), raters=raters)


def _takes(rule: Rule) -> tuple[bool, bool, bool]:
    return bool(rule_choices(rule)), rule.reads_figure, rule.amounts is not None


def _read(source: Source, thing: Thing, rule: Rule) -> Slot:
    """Return the place of a rule that nobody types anything for: what it reads, and the points that it gives."""
    words = f"按 {condition_words(rule.of)} 计：{rule_words(rule)}"
    return Slot(source.name, (thing.indicator, rule.name), "read", words, rule.name, ())


def _survey(scheme: Scheme, source: Source) -> Iterator[Slot]:
    groups, questions = list(source.groups) or [""], list(source.questions)
    options = [*source.options, *source.apart, *([ABSTAIN] if ABSTAIN not in source.apart else [])]
    for group in groups:
        for question in questions:
            for option in options:
                path = tuple(filter(None, (group, question if len(questions) > 1 else "", option)))
                yield Slot(source.name, path, "votes", _worth(source, option), option, question=question, group=group)
        for thing in typed_things(scheme, source):
            path = tuple(filter(None, (group, thing.label)))
            words = f"各票的平均分，满分 {plain(thing.full)} 分"
            yield Slot(source.name, path, "mean", words, thing.label, group=group)


def _worth(source: Source, option: str) -> str:
    if option in source.options:
        return f"票数；每票 {number_words(source.options[option])} 分"
    return "票数；不计入分母" if option in source.apart else "票数"


def _records(scheme: Scheme, round_name: str) -> Iterator[Slot]:
    sources = [source for source in scheme.sources_in(round_name) if "records" in source.form]
    for source in sources[:1]:
        yield from (_fact(RECORDS, indicator, rule) for indicator, rule in typed_rules(scheme, source))
