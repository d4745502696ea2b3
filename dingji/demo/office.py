"""The office's own forms in a demonstration: records through the year, bonus, situations, the earlier round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from dingji.branch_facts import Applies
from dingji.demo.facts import Stated, state
from dingji.demo.people import FINDINGS, Branch, Marking
from dingji.forms.declare import Form
from dingji.forms.filling import Cells, Filling, Value
from dingji.forms.office_forms import result_form
from dingji.round_days import label_before
from dingji.scheme.indicators import Rule
from dingji.scheme.lint_conditions import names_read
from dingji.scheme.marking import things_of, typed_rules
from dingji.scheme.model import Scheme, Source
from dingji.settings import Settings

RECORDED: Final = 0.15
"""Share of the branches with something recorded, where records only add to what raters mark."""

COMMENDED: Final = 0.4
APPROVED: Final = 0.95
WRITTEN_DATE: Final = 0.05


def demo_day(settings: Settings, rng: Random) -> date | str:
    """Return a day of the round's first three months, now and then written out in Chinese."""
    day = round_day(settings, rng)
    return f"{day.year}年{day.month}月{day.day}日" if rng.random() < WRITTEN_DATE else day


def round_day(settings: Settings, rng: Random) -> date:
    """Return a day within the round's bounds."""
    chosen = settings.round
    first = date.fromisoformat(chosen.begins or f"{chosen.year}-01-01")
    last = min(chosen.last_day or first + timedelta(days=90), first + timedelta(days=90))
    return first + timedelta(days=rng.randint(0, max((last - first).days, 0)))


def records(
    form: Form, scheme: Scheme, settings: Settings, branches: Sequence[Branch], applies: Applies, rng: Random
) -> Filling:
    """Return 平时记录: a few rows beside raters' marks; all that is to say where nobody else marks."""
    source = next(source for source in scheme.sources if "records" in source.form)
    rows: list[Cells] = []
    for branch in branches:
        for rule, cells in _recorded(Marking(scheme, source, applies), branch, rng):
            named = {**branch.identity, "指标": _indicator_of(scheme, source, rule), "规则": rule.name}
            why: dict[str, Value] = {"事由": rng.choice(FINDINGS), "依据": f"检查记录第{len(rows) + 1}号"}
            rows.append({"日期": round_day(settings, rng), **named, **cells, **why})
    return Filling(rows={form.sheets[0].name: rows})


def _recorded(marking: Marking, branch: Branch, rng: Random) -> Iterator[tuple[Rule, Cells]]:
    if not marking.source.main_form:
        for thing in things_of(marking.scheme, marking.source):
            for fact in marking.facts(thing, branch, branch.quality, rng):
                yield fact.rule, fact.cells
        return
    typed = typed_rules(marking.scheme, marking.source)
    rules = [rule for _, rule in typed if rule.way and marking.applies(rule.only_for, branch.code)]
    if rules and rng.random() < RECORDED:
        recorded = state(rng.choice(rules), rng, good=rng.random() < branch.quality)
        if recorded:
            yield recorded.rule, recorded.cells


def _indicator_of(scheme: Scheme, source: Source, wanted: Rule) -> str:
    return next(indicator.name for indicator, rule in typed_rules(scheme, source) if rule.name == wanted.name)


def bonus(form: Form, scheme: Scheme, branches: Sequence[Branch], applies: Applies, rng: Random) -> Filling:
    """Return 加分申报: mostly the better branches', nearly all approved."""
    rules = [rule for indicator in scheme.bonuses for rule in indicator.rules if rule.way and not rule.of]
    rows: list[Cells] = []
    for branch in branches:
        own = [rule for rule in rules if applies(rule.only_for, branch.code)]
        if own and rng.random() < COMMENDED * branch.quality:
            fact = state(rng.choice(own), rng, good=rng.random() < branch.quality)
            if fact:
                rows.append(_application(branch, fact, len(rows) + 1, rng))
    return Filling(rows={form.sheets[0].name: rows})


def _application(branch: Branch, fact: Stated, number: int, rng: Random) -> Cells:
    cells: dict[str, Value] = {"级别" if heading == "选项" else heading: value for heading, value in fact.cells.items()}
    verdict = "同意" if rng.random() < APPROVED else "不同意"
    why: dict[str, Value] = {"同一工作": f"工作{number}", "依据": f"证明材料第{number}号", "审核意见": verdict}
    return {**branch.identity, "加分项": fact.rule.name, **cells, **why}


def situations(form: Form, scheme: Scheme, branches: Sequence[Branch], applies: Applies) -> Filling:
    """Return 情形申报: every circumstance answered, and none the case."""
    declared = [situation for situation in scheme.situations if not situation.when]
    rows: list[Cells] = [
        {**branch.identity, "情形": situation.name, "是否存在": "否"}
        for branch in branches
        for situation in declared
        if applies(situation.only_for, branch.code)
    ]
    return Filling(rows={form.sheets[0].name: rows})


def earlier_rounds(scheme: Scheme, settings: Settings) -> dict[str, str]:
    """Return the rounds whose results lie there, by the title of their file: the one before, and the year before's."""
    before, names = label_before(settings.round.label, list(scheme.rounds)), names_read(scheme)
    year_before = f"{settings.round.year - 1} {settings.round.name}"
    also = {"上年结果": year_before} if any(name.startswith("上年") for name in names) and year_before != before else {}
    return {"上期结果": before, **also}


def earlier_result(scheme: Scheme, label: str, branches: Sequence[Branch], rng: Random) -> tuple[Form, Filling]:
    """Return an earlier round's result: the grade that a branch deserves, or one beside it."""
    last = len(scheme.grades) - 1
    rows: list[Cells] = []
    for branch in branches:
        index = min(max(branch.grade + rng.choice((-1, 0, 0, 1, 1)), 0), last)
        rows.append({**branch.identity, "审定等次": scheme.grades[index].name})
    return result_form(scheme, label), Filling(rows={"一览表": rows})
