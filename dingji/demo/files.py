"""Fictional forms of any number for any standard, filled as people fill them; same seed, same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from dingji.branch_facts import Applies, applies_to
from dingji.demo.office import bonus, demo_day, earlier_result, earlier_rounds, records, situations
from dingji.demo.people import Branch, Marking, ballot_rows, cast, fill_book, fill_claims, tally
from dingji.demo.roster import branch_rows, kind_of, make_branches, own_values, rater_rows
from dingji.drawing import drawn_to_rate
from dingji.forms.blanks import file_titles
from dingji.forms.catalogue import forms_of
from dingji.forms.declare import Form
from dingji.forms.filling import Filling, Value
from dingji.forms.handout import file_name
from dingji.forms.write import write_form
from dingji.numbers import chinese
from dingji.scheme.model import Scheme
from dingji.settings import Settings
from dingji.tables import BRANCHES, table

TALLIED: Final = 0.15
"""Share of the branches whose survey comes as a tally."""


@dataclass(frozen=True)
class Stage:
    """What the forms of a demonstration are filled from. `guests` are branches that only hand in forms of their own."""

    scheme: Scheme
    settings: Settings
    branches: Sequence[Branch]
    raters: Sequence[tuple[str, str]]
    applies: Applies
    seed: int
    guests: Sequence[Branch] = field(default=())

    @property
    def everyone(self) -> list[Branch]:
        """Return all branches of the roster."""
        return [*self.branches, *self.guests]

    def rng(self, *what: str) -> Random:
        """Return the dice for one form, whatever other forms there are."""
        return Random("|".join([str(self.seed), *what]))

    def marking(self, form: Form) -> Marking:
        """Return the source that a form is for, with whom its conditions apply to."""
        source = next(source for source in self.scheme.sources if source.name == form.source)
        return Marking(self.scheme, source, self.applies)


Paper = tuple[str, Form, Filling]
"""Path below input/, the form, and what was filled in."""


def demo_files(
    scheme: Scheme, settings: Settings, branches: int, raters: int, seed: int
) -> Iterator[tuple[str, bytes]]:
    """Yield path below input/ and bytes of every workbook of a round in which all hand in and all are graded.

    There are at least as many raters as the standard wants.
    """
    for path, form, filling in papers(set_stage(scheme, settings, branches, raters, seed)):
        yield path, write_form(form, filling)


def papers(stage: Stage) -> Iterator[Paper]:
    """Yield every form of the round, filled."""
    forms = forms_of(stage.scheme, stage.settings.round.label)
    marking = [form for form in forms if form.source]
    for form, title in zip(marking, file_titles(marking), strict=True):
        for owner, filling in _fillings(stage, form):
            yield f"{title}/{file_name(owner, title)}", form, filling
    for form in forms:
        office = _office_filling(stage, form)
        if office is not None:
            yield f"{form.title}.xlsx", form, office
    if stage.scheme.grades:
        for title, label in earlier_rounds(stage.scheme, stage.settings).items():
            form, filling = earlier_result(stage.scheme, label, stage.branches, stage.rng(title[:2]))
            yield f"{title}.xlsx", form, filling


def set_stage(
    scheme: Scheme, settings: Settings, branches: int, raters: int, seed: int, guests: Sequence[Branch] = ()
) -> Stage:
    """Make the branches and raters of a round; guests are given and come after the others."""
    made = make_branches(scheme, settings, branches, Random(seed))
    judged = [source for source in scheme.sources_in(settings.round.name) if source.main_form == "committee"]
    wanted = max([raters, *(source.min_raters for source in judged)]) if judged else 0
    people = [(f"PW{number:02d}", f"评委{chinese(number)}") for number in range(1, wanted + 1)]
    facts = [
        {
            "unit": branch.code,
            "name": branch.name,
            "parent": branch.parent,
            "level": kind_of(scheme),
            "category": branch.category,
            "full_members": branch.members[0],
            "probationary_members": branch.members[1],
            "members": sum(branch.members),
            "own": own_values(scheme, order),
        }
        for order, branch in enumerate((*made, *guests), start=1)
    ]
    applies = applies_to(table(BRANCHES, facts), settings.round)
    return Stage(scheme, settings, made, people, applies, seed, guests)


def _office_filling(stage: Stage, form: Form) -> Filling | None:
    """Return the rows of an office form; None for one that the demonstration leaves out."""
    rng = stage.rng(form.kind)
    match form.kind:
        case "roster":
            rows = list(branch_rows(stage.everyone, stage.scheme, stage.settings.round.year, rng))
            return Filling(rows={"名册": rows, "评委": rater_rows(stage.raters)})
        case "records":
            return records(form, stage.scheme, stage.settings, stage.branches, stage.applies, rng)
        case "bonus":
            return bonus(form, stage.scheme, stage.branches, stage.applies, rng)
        case "situation":
            return situations(form, stage.scheme, stage.everyone, stage.applies)
    return None


def _fillings(stage: Stage, form: Form) -> Iterator[tuple[tuple[str, str], Filling]]:
    """Yield owner (code, name) and filling of every copy of a form on which somebody marks."""
    fill = {"self": _self_filling, "survey": _survey_filling, "peer": _peer_filling}
    if form.kind in fill:
        for branch in stage.everyone:
            rng = stage.rng(form.kind, form.source, branch.code)
            yield branch.owner, fill[form.kind](stage, form, branch, rng)
        return
    for rater in stage.raters:
        yield rater, _rater_filling(stage, form, rater)


def _head(stage: Stage, branch: Branch, rng: Random) -> dict[str, Value]:
    return {**branch.identity, "填报日期": demo_day(stage.settings, rng), "填表人": "组织委员"}


def _self_filling(stage: Stage, form: Form, branch: Branch, rng: Random) -> Filling:
    grades = stage.scheme.grades
    present = branch.members[0] - rng.randint(0, 1)
    own = {"自评等次": grades[branch.grade].name} if grades else {}
    counts: dict[str, Value] = {"应到": branch.members[0], "实到": present, "赞成": present - rng.randint(0, 1)}
    claims, facts = fill_claims(stage.marking(form), branch, rng)
    printed = {"自评表": claims} | ({"扣分加分": facts} if facts else {})
    return Filling(branch.code, _head(stage, branch, rng) | own | counts, printed=printed)


def _survey_filling(stage: Stage, form: Form, branch: Branch, rng: Random) -> Filling:
    marking = stage.marking(form)
    due = max(sum(branch.members) + rng.randint(0, 6), marking.source.min_ballots + 2, 5 * len(marking.source.groups))
    size = max(due - rng.randint(0, due // 20), marking.source.min_ballots)
    ballots = cast(marking, branch, size, rng)
    counts: dict[str, Value] = {"应参加": due, "实到": size, "发出": size, "收回": size, "有效": size, "无效": 0}
    head = _head(stage, branch, rng) | counts
    head |= {"测评日期": demo_day(stage.settings, rng), "计票人": "计票员", "监票人": "监票员"}
    if rng.random() < TALLIED:
        return Filling(branch.code, head, printed={"测评汇总": tally(marking, ballots)})
    return Filling(branch.code, head, {"测评票": list(ballot_rows(marking, ballots, rng))})


def _peer_filling(stage: Stage, form: Form, branch: Branch, rng: Random) -> Filling:
    """Return a branch's marks for the others under the same parent, or for those drawn for it."""
    source, everyone = stage.marking(form).source, stage.everyone
    others = [other for other in everyone if other.parent == branch.parent and other != branch]
    if source.rates and source.seed is not None:
        codes = [each.code for each in everyone]
        own = drawn_to_rate(codes, codes, source.rates, source.seed)[branch.code]
        others = [other for other in everyone if other.code in own]
    book = fill_book(stage.marking(form), others, rng)
    return Filling(branch.code, _head(stage, branch, rng), book.sheets)


def _rater_filling(stage: Stage, form: Form, rater: tuple[str, str]) -> Filling:
    """Return a rater's marks for all branches; the last of many raters writes 回避 for one."""
    number, name = rater
    rng, source = stage.rng(form.source, number), stage.marking(form).source
    spare = len(stage.raters) > max(source.min_raters, source.trim_from or 0, 2 * source.trim + 2)
    excused = {stage.branches[0].code} if spare and rater == stage.raters[-1] else set()
    book = fill_book(stage.marking(form), stage.everyone, rng, excused=frozenset(excused))
    return Filling(number, {"评委": name, "填报日期": demo_day(stage.settings, rng)}, book.sheets)
