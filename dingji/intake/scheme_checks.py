"""The checks that need a whole standard: which facts, marks, ballots and situations of its branches count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dingji.branch_facts import Applies
from dingji.comparing import normal
from dingji.drawing import drawn_to_rate
from dingji.intake.ballots import check_ballots
from dingji.intake.fact_duties import asked
from dingji.intake.facts import Fact, check_facts
from dingji.intake.marks import Marking, Verified, check_claims, check_marks, recused, rows_lacking
from dingji.intake.office import check_situations
from dingji.intake.record_rounds import RecordRounds
from dingji.problems import Problem
from dingji.read.rows import Letters
from dingji.roster import Directory, Duty, drawn_duties
from dingji.scheme.marking import excused
from dingji.scheme.model import Scheme
from dingji.settings import Settings
from dingji.tables import ENTRIES, restated, stacked, table, texts_of

SETTLED = ("round", "item", "rule", "state")
"""What checking a fact settles: the round that its date is in, its rule and indicator as the standard names them."""

FIRST_ADDED = 1 << 40
"""The label of the first row that was not typed: behind all that were, of whichever standard."""


@dataclass(frozen=True)
class Office:
    """What intake knows before it looks at a form: settings, standards, who is graded by which, who rates."""

    settings: Settings
    schemes: Mapping[str, Scheme]
    branches: pd.DataFrame
    scheme_of: Mapping[str, str]
    applies: Mapping[str, Applies]
    """By round: whether a condition over roster facts and 轮次 holds for a branch."""
    letters: Mapping[tuple[str, str], Letters] = field(default_factory=dict)
    """By file and sheet: where the columns stand."""
    nobodys: frozenset[str] = frozenset()
    """Files with rows of which could not be told whose they are."""


@dataclass
class _Verdict:
    """What the checks come to: new states and rows that do not count, by label; rows to add; problems."""

    states: dict[int, str] = field(default_factory=dict)
    drop: set[int] = field(default_factory=set)
    added: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def laid_on(self, entries: pd.DataFrame) -> pd.DataFrame:
        """Return the entries in their new states, without what does not count, and with what is added behind."""
        entries = entries.copy(deep=False)
        entries["state"] = entries["state"].copy()
        entries.loc[list(self.states), "state"] = list(self.states.values())
        entries = entries.drop(index=sorted(self.drop))
        if not self.added:
            return entries
        more = table(ENTRIES, self.added)
        more.index = pd.RangeIndex(FIRST_ADDED, FIRST_ADDED + len(more))
        return stacked([entries, more])


@dataclass(frozen=True)
class _SourceCheck:
    """Checks what came in for one source of one round."""

    round_name: str
    marking: Marking
    office: Office
    raters: Mapping[str, Duty]
    directory: Directory
    verdict: _Verdict

    def of_this(self, rows: pd.DataFrame, form: str) -> pd.DataFrame:
        """Return the rows that are this source's, of this round, on this kind of form."""
        own = rows[(rows["form"] == form) & (rows["source"] == self.marking.source.name)]
        return own[own["round"] == self.round_name]

    def claims(self, marks: pd.DataFrame) -> None:
        """Check a branch's own marks."""
        keep, found = check_claims(marks, self.marking)
        self.verdict.drop.update(marks.index[~keep])
        self.verdict.problems += found

    def ballots(self, rows: pd.DataFrame) -> None:
        """Check ballots, tallies and the counts of their heads."""
        checked = check_ballots(rows, self.office.settings.privacy.ballots, self.marking.asks)
        self.verdict.drop |= checked.drop
        self.verdict.states |= dict.fromkeys(checked.disputed, "disputed") | dict.fromkeys(checked.invalid, "void")
        self.verdict.problems += checked.problems

    def _drawn(self) -> dict[str, Duty]:
        """Return whom each branch rates where that is drawn; nothing where all rate all others."""
        source, without = self.marking.source, excused(self.marking.scheme)
        if not source.rates or source.seed is None:
            return {}
        units = sorted(self.directory.active)
        rated = [unit for unit in units if not without or self.marking.applies(f"not ({without})", unit)]
        return drawn_duties(drawn_to_rate(units, rated, source.rates, source.seed), self.directory)

    def rated(self, marks: pd.DataFrame, facts: Sequence[Fact]) -> None:
        """Check the marks and verified facts of raters: of those who are named, or of branches that mark each other."""
        source = self.marking.source
        people = self.raters if source.main_form == "committee" else self._drawn()
        here = [fact for fact in facts if (fact["round"], fact["source"]) == (self.round_name, source.name)]
        verified = [fact for fact in here if fact["form"] == source.main_form]
        away = recused(marks, self.marking, people)
        judged = asked(verified, self.marking, people, self.directory, away)
        proven = Verified.of([fact for fact in here if fact["label"] not in judged.drop], source.name)
        states, drop, found = check_marks(marks, self.marking, people, self.directory, proven, self.office.nobodys)
        counted = [fact for fact in verified if fact["label"] not in judged.drop]
        lacking, told = rows_lacking(counted, marks, self.marking, people, self.directory)
        self.verdict.states |= states
        self.verdict.drop |= drop | judged.drop
        self.verdict.added += judged.rows + lacking
        self.verdict.problems += judged.problems + found + told


def check_scheme(
    entries: pd.DataFrame, scheme: Scheme, office: Office, raters: Mapping[str, Duty], directory: Directory
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return what counts of one standard's entries, with what is wrong; in `directory` only its branches are active."""
    entries, facts, problems = _check_fact_rows(entries, scheme, office)
    verdict = _Verdict(problems=problems)
    marks = entries[(entries["part"] == "mark") & (entries["state"] != "superseded")]
    rounds = [name for name, _ in scheme.rounds_taken(office.settings.round.name)]
    for round_name, source in ((name, source) for name in rounds for source in scheme.sources_in(name)):
        marking = Marking.of(scheme, source, office.applies[round_name])
        check = _SourceCheck(round_name, marking, office, raters, directory, verdict)
        match source.main_form:
            case "self":
                check.claims(check.of_this(marks, "self"))
            case "survey":
                check.ballots(check.of_this(entries, "survey"))
            case form:
                check.rated(check.of_this(marks, form), facts)
    expected = not marks.empty and "情形申报" not in scheme.required
    dropped, found = check_situations(entries[_declared(entries)], scheme, office.letters, expected=expected)
    verdict.drop |= dropped
    return _as_named(verdict.laid_on(entries), scheme), verdict.problems + found


def _declared(entries: pd.DataFrame) -> pd.Series[bool]:
    return (entries["form"] == "situation") & (entries["part"] == "record")


def _as_named(entries: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Return the entries with the situations as the standard writes them."""
    names = {normal(situation.name): situation.name for situation in scheme.situations}
    typed = entries.loc[_declared(entries), "rule"]
    meant = [names[normal(rule)] for rule in texts_of(typed)]
    return entries.assign(rule=restated(entries["rule"], typed.index, meant))


def _check_fact_rows(
    entries: pd.DataFrame, scheme: Scheme, office: Office
) -> tuple[pd.DataFrame, list[Fact], list[Problem]]:
    """Check the facts; those that do not count leave the table, the others are as the standard names them."""
    facts = entries[entries["part"] == "fact"]
    rounds = RecordRounds.of(office.settings, scheme)
    kept, problems = check_facts(facts.assign(label=facts.index), scheme, rounds, office.letters)
    labels = [fact["label"] for fact in kept]
    told = {name: restated(entries[name], labels, [fact[name] for fact in kept]) for name in SETTLED}
    out = facts.index.difference(labels)
    return (entries.assign(**told).drop(index=out) if len(out) else entries.assign(**told)), kept, problems
