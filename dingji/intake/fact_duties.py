"""评定扣分 rows of raters who are not asked do not count; a computed mark is asked only of who is to give it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dingji.comparing import normal, suggestion
from dingji.intake.marks import Marking, outside_code
from dingji.problems import Problem, problem_at
from dingji.roster import Directory, Duty, called_in_papers
from dingji.scheme.model import Scheme
from dingji.scheme.who_marks import rater_groups

Fact = Mapping[str, Any]


@dataclass
class Asked:
    """What came of a source's verified rows: those that do not count, the marks left to the rules, problems."""

    drop: set[int] = field(default_factory=set)
    rows: list[dict[str, Any]] = field(default_factory=list)
    """Entries of state `rules`: one for each mark that a rater with a limited duty leaves to the program."""
    problems: list[Problem] = field(default_factory=list)


def asked(
    facts: Sequence[Fact],
    marking: Marking,
    raters: Mapping[str, Duty],
    directory: Directory,
    recused: Mapping[tuple[str, str], str] | None = None,
) -> Asked:
    """Judge the verified rows of a committee or peer source. `raters`: duties, none for a source rated by branches.

    `recused`: who says 回避 of which branch, by rater and branch; their rows do not count.
    """
    outcome = Asked()
    counted: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        duty = raters.get(fact["rater"])
        if said := (recused or {}).get((fact["rater"], fact["unit"])):
            outcome.drop.add(fact["label"])
            called = called_in_papers(fact["rater"], raters, directory)
            outcome.problems.append(_not_asked(fact, "W321", called, said=said))
            continue
        if fact["rater"] == fact["unit"] or (duty is not None and not _may_judge(fact, marking, duty)):
            outcome.drop.add(fact["label"])
            barred = fact["rater"] == fact["unit"] or (duty is not None and fact["unit"] in duty.avoids)
            called = called_in_papers(fact["rater"], raters, directory)
            outcome.problems.append(_not_asked(fact, "W308" if barred else outside_code(marking.source), called))
        else:
            counted.setdefault((fact["rater"], fact["unit"]), fact)
    if marking.source.marks == "rules":
        for (rater, _), fact in counted.items():
            outcome.rows += _left_to_rules(fact, marking, raters.get(rater))
    return outcome


def _may_judge(fact: Fact, marking: Marking, duty: Duty) -> bool:
    if fact["state"] == "refused":  # whatever it should have said waits for its rater
        return fact["unit"] not in duty.avoids
    things = [thing for thing in marking.all_things if not fact["item"] or thing.indicator in (fact["item"], "")]
    within = not things or any(duty.belongs(thing.groups) for thing in things)
    return within and duty.marks(fact["unit"], marking.source.name, fact["item"])


def _left_to_rules(fact: Fact, marking: Marking, duty: Duty | None) -> Iterator[dict[str, Any]]:
    """Yield the marks that a rater leaves to the rules, where the duty does not reach over all of them."""
    things = [thing for thing in marking.all_things if thing.ruled and not thing.filled]
    own = [
        thing
        for thing in things
        if duty is None
        or (duty.marks(fact["unit"], marking.source.name, thing.indicator) and duty.belongs(thing.groups))
    ]
    for thing in own if len(own) < len(things) else ():
        named = {key: fact[key] for key in ("unit", "round", "form", "source", "rater", "file", "sheet", "cell")}
        yield {**named, "part": "mark", "item": thing.key, "state": "rules"}


def _not_asked(fact: Fact, code: str, called: str, **values: str) -> Problem:
    return problem_at(fact, code, fact["rule"], cell=str(fact["cell"]).split(" ")[0], rater=called, **values)


# --- the roster's raters against the standards --------------------------------------------------------------


def unknown_duties(raters: Mapping[str, Duty], schemes: Mapping[str, Scheme]) -> list[Problem]:
    """Return a problem for every 负责指标 that no standard has, and every 组别 of a standard that no rater has."""
    return [*_unknown_indicators(raters, schemes), *_unknown_groups(raters, schemes)]


def _unknown_indicators(raters: Mapping[str, Duty], schemes: Mapping[str, Scheme]) -> list[Problem]:
    """Return a problem for every 负责指标 that no standard has: its rater would be asked for nothing."""
    names = {indicator.name for scheme in schemes.values() for indicator in scheme.indicators}
    known = {"", *(normal(name) for name in names)}
    unknown = ((rater, item) for rater, duty in raters.items() for item in sorted(duty.items) if item not in known)
    problems = []
    for rater, item in unknown:
        what = f"评委 {rater} 的负责指标“{item}”在标准中没有{suggestion(item, names)}"
        problems.append(Problem("E309", values={"what": what}))
    return problems


def _unknown_groups(raters: Mapping[str, Duty], schemes: Mapping[str, Scheme]) -> list[Problem]:
    """Return a problem for every 组别 that a standard names and no rater has: nobody would mark that part."""
    problems = []
    known = {duty.group for duty in raters.values()}
    for scheme in schemes.values():
        parts = [part for indicator in scheme.scored for part in (indicator, *indicator.items)]
        named = dict.fromkeys(group for part in parts for group in rater_groups(scheme, part.by))
        for group in (group for group in named if normal(group) not in known):
            near = suggestion(group, {duty.group for duty in raters.values() if duty.group})
            lacking = f"名册的评委里没有这个组别{near}" if raters else "名册里没有评委"
            what = f"标准由组别“{group}”评的指标，{lacking}"
            problems.append(Problem("E309", values={"what": what}))
    return problems
