"""The whole of intake after reading: readings of files → entries, problems, roll-call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dingji.intake.ballots import check_ballots
from dingji.intake.combine import Combined, combine
from dingji.intake.facts import check_facts
from dingji.intake.marks import Applies, Marking, Verified, check_claims, check_marks
from dingji.intake.office import apply_corrections, check_decisions, check_situations
from dingji.intake.reading import FileReading
from dingji.intake.rollcall import call_roll, expected_forms
from dingji.problems import Problem
from dingji.roster import ACTIVE, Directory, Duty, duties
from dingji.scheme.model import Scheme
from dingji.tables import ENTRIES, from_columns
from dingji.workspace import Settings


@dataclass(frozen=True)
class Office:
    """What intake knows before it looks at a form: settings, standards, who is graded by which, who rates."""

    settings: Settings
    schemes: Mapping[str, Scheme]
    branches: pd.DataFrame
    scheme_of: Mapping[str, str]
    applies: Mapping[str, Applies]
    """By standard: whether a condition over roster facts holds for a branch."""


@dataclass(frozen=True)
class Intake:
    """What came of all the files."""

    entries: pd.DataFrame
    problems: tuple[Problem, ...]
    rollcall: pd.DataFrame


def scheme_by_unit(branches: pd.DataFrame, settings: Settings) -> dict[str, str]:
    """Return the standard by which each active branch is graded: its category's, else the default."""
    chosen = settings.standard
    rows = zip(branches["unit"], branches["category"], branches["state"], strict=True)
    return {unit: chosen.by_category.get(category, chosen.default) for unit, category, state in rows if state in ACTIVE}


def collect(readings: Sequence[FileReading], raters: pd.DataFrame, office: Office) -> Intake:
    """Turn the readings of all files into the entries table, with every problem in one pass."""
    directory = Directory.of(office.branches)
    people, problems = duties(raters, office.branches)
    problems += [problem for reading in readings if reading.kind != "roster" for problem in reading.problems]
    combined = combine(readings, directory, people, office.settings.round.name)
    problems += combined.problems
    entries, found = _only_graded(combined.entries, office, directory)
    problems += found
    entries, found = apply_corrections(entries)
    problems += found
    entries, found = _check_all(entries, office, people, directory)
    problems += found
    named = [_with_unit(problem, combined) for problem in problems]
    round_name = office.settings.round.name
    owed = list(expected_forms(office.schemes, office.scheme_of, office.branches, people, round_name))
    rollcall, missing = call_roll(owed, readings, combined, named)
    return Intake(entries, tuple(named + missing), rollcall)


def _with_unit(problem: Problem, combined: Combined) -> Problem:
    """Name the branch of a problem found in a branch's own form."""
    if problem.unit or problem.file not in combined.owners:
        return problem
    return replace(problem, unit=combined.owners[problem.file])


def _only_graded(entries: pd.DataFrame, office: Office, directory: Directory) -> tuple[pd.DataFrame, list[Problem]]:
    """Leave out forms of branches that take no part (撤销, 合并), saying so once a file."""
    states = dict(zip(office.branches["unit"], office.branches["state"], strict=True))
    out = entries["unit"].isin([unit for unit in states if unit not in directory.active])
    out &= entries["form"] != "result"
    pairs = entries.loc[out, ["file", "unit"]].drop_duplicates()
    problems = [
        Problem("N311", file, unit=unit, subject=directory.names[unit], values={"status": states[unit]})
        for file, unit in zip(pairs["file"], pairs["unit"], strict=True)
    ]
    return entries[~out].reset_index(drop=True), problems


def _check_all(
    entries: pd.DataFrame, office: Office, raters: Mapping[str, Duty], directory: Directory
) -> tuple[pd.DataFrame, list[Problem]]:
    """Run the checks that need the whole standard, one standard after the other."""
    problems: list[Problem] = []
    parts = [entries[~entries["unit"].isin(list(office.scheme_of))]]
    for scheme_id, scheme in office.schemes.items():
        units = [unit for unit, graded_by in office.scheme_of.items() if graded_by == scheme_id]
        own, found = _check_scheme(entries[entries["unit"].isin(units)], scheme, office, raters, directory)
        parts.append(own)
        problems += found
    problems += check_decisions(entries[entries["form"] == "decision"])
    return pd.concat(parts).sort_index().reset_index(drop=True), problems


def _check_scheme(
    entries: pd.DataFrame, scheme: Scheme, office: Office, raters: Mapping[str, Duty], directory: Directory
) -> tuple[pd.DataFrame, list[Problem]]:
    settings, applies = office.settings, office.applies[scheme.id]
    entries, facts, problems = _check_fact_rows(entries, scheme, office)
    drop: set[int] = set()
    states: dict[int, str] = {}
    marks = entries[(entries["part"] == "mark") & (entries["state"] != "superseded")]
    for source in scheme.sources_in(settings.round.name):
        own = marks[(marks["source"] == source.name) & (marks["form"] == source.main_form)]
        marking = Marking.of(scheme, source, applies)
        match source.main_form:
            case "self":
                keep, found = check_claims(own, marking)
                drop.update(own.index[~keep])
            case "survey":
                rows = entries[(entries["form"] == "survey") & (entries["source"] == source.name)]
                checked = check_ballots(rows, settings.privacy.ballots)
                drop |= checked.drop
                states |= dict.fromkeys(checked.disputed, "disputed")
                found = checked.problems
            case _:
                verified = Verified.of(facts, source.name)
                people = raters if source.main_form == "committee" else {}
                new, dropped, found = check_marks(own, marking, people, directory, verified)
                states |= new
                drop |= dropped
        problems += found
    situations = entries[(entries["form"] == "situation") & (entries["part"] == "record")]
    dropped, found = check_situations(situations, scheme)
    drop |= dropped
    entries = entries.copy()
    entries["state"] = [states.get(label, state) for label, state in zip(entries.index, entries["state"], strict=True)]
    return entries.drop(index=sorted(drop)), problems + found


def _check_fact_rows(
    entries: pd.DataFrame, scheme: Scheme, office: Office
) -> tuple[pd.DataFrame, list[dict[str, Any]], list[Problem]]:
    """Check the facts; those that do not count leave the table, the others are as the standard names them."""
    is_fact = entries["part"] == "fact"
    facts = entries[is_fact]
    kept, problems = check_facts(facts.assign(label=facts.index), scheme, office.settings.round)
    labels = [fact["label"] for fact in kept]
    checked = from_columns(ENTRIES, {name: [fact[name] for fact in kept] for name in ENTRIES})
    checked.index = pd.Index(labels, dtype=entries.index.dtype)
    return pd.concat([entries[~is_fact], checked]).sort_index(), kept, problems
