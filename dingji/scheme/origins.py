"""Where a name that conditions read comes from: on which form it is typed, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dingji.scheme.indicators import Rule
from dingji.scheme.marking import typed_rules
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import EARLIER, FURTHER, HEADS, LAST, LATE, UNREPORTED, form_title, roster_names

FACT_SHEETS = {"self": "扣分加分", "committee": "评定扣分", "peer": "评定扣分"}
"""The sheet of a source's form on which facts are typed."""
FILLED_BY = {"self": "{unit}", "survey": "计票人", "committee": "评委", "peer": "评分的{unit}"}
RECORDS, BONUS = "平时记录（党办填写）", "加分申报（党办审核）"


Placed = Callable[[str, str, Rule], str | None]
"""Where a fact of a branch would stand, by form, source and rule; "" where the form is not there, None: not known."""


def nowhere(_form: str, _source: str, _rule: Rule) -> None:
    """Know of no files."""


def origin(scheme: Scheme, name: str, round_name: str, placed: Placed = nowhere) -> str:
    """Return where a name is typed and by whom: `自评表的“扣分加分”（支部填写）`; "" where nobody types it."""
    if name in roster_names(scheme):
        return "名册（党办填写）"
    if name.endswith((LATE, UNREPORTED)):
        return "收件登记（党办填写）"
    if name in (*EARLIER, *FURTHER):
        when = LAST if name.startswith(LAST) else f"{name.removesuffix(name[-2:])}那一轮"
        return f"{when}的分类定级结果.xlsx（党办放进 input）"
    return "、".join(dict.fromkeys(_typed(scheme, name, round_name, placed)))


def _typed(scheme: Scheme, name: str, round_name: str, placed: Placed) -> Iterator[str]:
    whose, _, own = name.rpartition(".")
    for source in scheme.sources_in(round_name):
        if whose in ("", source.name):
            yield from _within(scheme, source, own, placed)
        if own == source.name and source.main_form:
            yield _told(scheme, source)
    if not whose and any(rule.name == own for indicator in scheme.bonuses for rule in indicator.rules):
        yield BONUS


def _within(scheme: Scheme, source: Source, own: str, placed: Placed) -> Iterator[str]:
    if own in source.shares or own in HEADS.get(source.main_form, ()):
        yield _told(scheme, source)
    for rule in (rule for _, rule in typed_rules(scheme, source) if rule.name == own):
        if source.main_form in FACT_SHEETS:
            place = placed(source.main_form, source.name, rule)
            there = f"：{place}" if place else ""
            lacking = "，还没有收到" if place == "" else ""
            yield _told(scheme, source, f"的“{FACT_SHEETS[source.main_form]}”{there}", lacking)
        if "records" in source.form:
            yield RECORDS
    if source.main_form and any(indicator.name == own for indicator in scheme.scored):
        yield _told(scheme, source)


def _told(scheme: Scheme, source: Source, sheet: str = "", lacking: str = "") -> str:
    whose = FILLED_BY[source.main_form].format(unit=scheme.unit)
    return f"{form_title(source)}{sheet}（{whose}填写{lacking}）"
