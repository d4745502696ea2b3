"""The whole of intake after reading: readings of files → entries, problems, roll-call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from dingji.intake.combine import Combined, combine, likely_owner
from dingji.intake.fact_duties import unknown_duties
from dingji.intake.hand_in import ByRound, HandIn, handed_in, receipts
from dingji.intake.lower import from_below, told_below
from dingji.intake.office import ThingOf, apply_corrections, check_decisions, check_undecided, check_votes, results_once
from dingji.intake.places import at_rows
from dingji.intake.questionnaire_ballots import head_counts, settle_branches
from dingji.intake.rollcall import call_roll, expected_forms, from_below_rows, unreported
from dingji.intake.scheme_checks import Office, check_scheme
from dingji.intake.superseded import of_other_rounds, other_round_notes, replaced_notes, superseded_by
from dingji.problems import Problem
from dingji.read.reading import FileReading
from dingji.read.rows import Letters, row_of
from dingji.roster import ACTIVE, Directory, Duty, duties
from dingji.scheme.marking import typed_things
from dingji.scheme.model import Scheme
from dingji.scheme.names import SOURCE_FORMS, UNREPORTED
from dingji.settings import Settings
from dingji.tables import ROLLCALL, only, stacked, table, texts_of, without


@dataclass(frozen=True)
class Intake:
    """What came of all the files."""

    entries: pd.DataFrame
    problems: tuple[Problem, ...]
    rollcall: pd.DataFrame
    hand_in: Mapping[str, ByRound]
    """By standard: 迟报 and 未报 by round, name and branch."""
    replaced: frozenset[str] = frozenset()
    """Paths of files whose mended copy, or whose form of this round, came in too."""
    letters: Mapping[tuple[str, str], Letters] = field(default_factory=dict)
    """By file and sheet: where the columns stand."""


def scheme_by_unit(branches: pd.DataFrame, settings: Settings) -> dict[str, str]:
    """Return the standard by which each active branch is graded: its category's, else the default."""
    chosen = settings.standard
    rows = zip(branches["unit"], branches["category"], branches["state"], strict=True)
    return {unit: chosen.by_category.get(category, chosen.default) for unit, category, state in rows if state in ACTIVE}


def collect(received: Sequence[FileReading], raters: pd.DataFrame, office: Office) -> Intake:
    """Turn the readings of all files into the entries table, with every problem in one pass."""
    directory = Directory.of(office.branches)
    people, problems = duties(raters, office.branches)
    problems += unknown_duties(people, office.schemes)

    def owner_of(reading: FileReading) -> str:
        return likely_owner(reading, directory, people)

    replaced = superseded_by(received, owner_of)
    others = of_other_rounds([reading for reading in received if reading.path not in replaced], owner_of)
    readings = [reading for reading in received if reading.path not in {*replaced, *others}]
    problems += [*replaced_notes(replaced), *other_round_notes(others, received)]
    problems += [problem for reading in readings if reading.kind != "roster" for problem in reading.problems]
    readings, found = settle_branches(readings, directory)
    problems += found
    combined = combine(readings, directory, people)
    problems += combined.problems
    entries, found = head_counts(combined.entries, readings, office.schemes, office.branches)
    problems += found
    entries, found = _only_graded(entries, office, directory)
    problems += found
    entries, found = _of_own_standard(entries, readings, office)
    problems += found
    entries, found = results_once(_of_this_round(entries, office.settings.round.name))
    problems += found
    entries, found = apply_corrections(entries, _thing_of(office))
    problems += found
    letters = {(reading.path, sheet): own for reading in readings for sheet, own in reading.letters.items()}
    registered, found = receipts(entries, letters)
    problems += found
    entries, found = _check_all(entries, replace(office, letters=letters, nobodys=combined.nobodys), people, directory)
    problems += found
    named = _with_units(problems, combined, directory)
    current, label = office.settings.round.name, office.settings.round.label
    grades = {grade.name for scheme in office.schemes.values() for grade in scheme.grades}
    below, said = from_below(entries, label, office.branches, grades, told_below(combined.entries, label))
    asked = {unit: scheme_id for unit, scheme_id in office.scheme_of.items() if unit not in below.units}
    hand_in = HandIn(handed_in(combined.entries), registered, office.settings)
    times, late = _times(hand_in, office.schemes, asked)
    owed = list(expected_forms(office.schemes, asked, office.branches, people, current, office.applies))
    _add_unreported(times, office.schemes, asked, lambda: unreported(owed, readings, combined))
    rollcall, missing = call_roll(owed, readings, combined, named)
    rollcall = pd.concat([table(ROLLCALL, from_below_rows(office.branches, below)), rollcall], ignore_index=True)
    return Intake(
        entries, tuple(named + late + said + missing), rollcall, times, frozenset({*replaced, *others}), letters
    )


def _times(
    hand_in: HandIn, schemes: Mapping[str, Scheme], asked: Mapping[str, str]
) -> tuple[dict[str, ByRound], list[Problem]]:
    """Return 迟报 and 未报 of every standard's branches, with what is to be said about the hand-in."""
    times: dict[str, ByRound] = {}
    problems: list[Problem] = []
    for scheme_id, scheme in schemes.items():
        units = [unit for unit, graded_by in asked.items() if graded_by == scheme_id]
        times[scheme_id] = hand_in.values(scheme, units)
        problems += hand_in.problems(scheme, units)
    return times, problems


def _add_unreported(
    times: dict[str, ByRound],
    schemes: Mapping[str, Scheme],
    asked: Mapping[str, str],
    found: Callable[[], set[tuple[str, str, str, str]]],
) -> None:
    """Add by round, as `自评.未报`, who handed in no form of the sources that count a figure for it (`missing`)."""
    absent = found() if any(one.missing is not None for scheme in schemes.values() for one in scheme.sources) else set()
    for scheme_id, by_round in times.items():
        units = [unit for unit, graded_by in asked.items() if graded_by == scheme_id]
        counting = [source.name for source in schemes[scheme_id].sources if source.missing is not None]
        times[scheme_id] = {
            round_name: {
                **told,
                **{
                    f"{name}{UNREPORTED}": {unit: (scheme_id, round_name, name, unit) in absent for unit in units}
                    for name in counting
                },
            }
            for round_name, told in by_round.items()
        }


def _thing_of(office: Office) -> ThingOf:
    """Return a function that tells what a branch's mark is for, by its source and item."""
    things = {
        (scheme.id, source.name, thing.key): thing
        for scheme in office.schemes.values()
        for source in scheme.sources
        for thing in typed_things(scheme, source)
    }
    return lambda unit, source, item: things.get((office.scheme_of.get(unit, ""), source, item))


def _with_units(problems: Sequence[Problem], combined: Combined, directory: Directory) -> list[Problem]:
    """Name the branch of every problem found in a branch's own form, or in a branch's row of another form."""
    wanted = {(problem.file, row_of(problem.cell)) for problem in problems if problem.cell and not problem.unit}
    meetings = (combined.entries["form"] == "decision") & (combined.entries["part"] == "head")  # no one branch's
    entries = at_rows(only(combined.entries, ~meetings), wanted)
    places = zip(*(texts_of(entries[name]) for name in ("file", "sheet", "cell", "unit")), strict=True)
    units = {(file, sheet, row_of(cell)): unit for file, sheet, cell, unit in places}
    owners = {file: owner for file, owner in combined.owners.items() if owner in directory.names}
    found = (units.get((problem.file, problem.sheet, row_of(problem.cell)), "") for problem in problems)
    named = (unit or owners.get(problem.file, "") for problem, unit in zip(problems, found, strict=True))
    pairs = zip(problems, named, strict=True)
    told = (problem if problem.unit or not unit else problem.of(unit) for problem, unit in pairs)
    return [problem if problem.file in owners else _with_name(problem, directory) for problem in told]


def _with_name(problem: Problem, directory: Directory) -> Problem:
    """Let the subject name the branch where a file is of many and no cell tells whose it is."""
    name = directory.names.get(problem.unit, "")
    if not problem.file or problem.cell or not name or name in problem.subject:
        return problem
    return replace(problem, subject=f"{name} {problem.subject}".strip())


def _only_graded(entries: pd.DataFrame, office: Office, directory: Directory) -> tuple[pd.DataFrame, list[Problem]]:
    """Leave out forms of branches that take no part (撤销, 合并), saying so once a file."""
    states = dict(zip(office.branches["unit"], office.branches["state"], strict=True))
    out = entries["unit"].isin([unit for unit in states if unit not in directory.active])
    out &= ~entries["form"].isin(("result", "ledger"))  # what a branch left behind is not lost with it
    pairs = entries.loc[out, ["file", "unit"]].drop_duplicates()
    problems = [
        Problem("N311", file, unit=unit, subject=directory.names[unit], values={"status": states[unit]})
        for file, unit in zip(pairs["file"], pairs["unit"], strict=True)
    ]
    return without(entries, out), problems


def _of_own_standard(
    entries: pd.DataFrame, readings: Sequence[FileReading], office: Office
) -> tuple[pd.DataFrame, list[Problem]]:
    """Leave out marks on the form of another standard than a branch is graded by, saying so once a file and branch.

    Two standards may call a source alike, and mean other full marks and rules by it. Answers given online are of no
    form of ours.
    """
    forms = {
        (part.path, part.kind, part.source): part.scheme
        for reading in readings
        for part in reading.all
        if part.kind in SOURCE_FORMS and part.scheme and part.questionnaire is None
    }
    if len(office.schemes) == 1 or not forms:
        return entries, []
    told = zip(*(texts_of(entries[name]) for name in ("file", "form", "source", "unit")), strict=True)
    pairs = [(forms.get((file, form, source), ""), file, unit) for file, form, source, unit in told]
    other = [bool(of and office.scheme_of.get(unit, of) != of) for of, _, unit in pairs]
    titles = {scheme_id: scheme.title for scheme_id, scheme in office.schemes.items()}
    problems = [
        Problem("E110", file, unit=unit, values={"other": titles[of], "expected": titles[office.scheme_of[unit]]})
        for of, file, unit in dict.fromkeys(pair for pair, out in zip(pairs, other, strict=True) if out)
    ]
    return without(entries, pd.Series(other, index=entries.index, dtype=bool)), problems


def _of_this_round(entries: pd.DataFrame, current: str) -> pd.DataFrame:
    """Leave out what the committee decided in an earlier round that this one takes in: that was another grade."""
    return without(entries, (entries["form"] == "decision") & (entries["round"] != current))


def _check_all(
    entries: pd.DataFrame, office: Office, raters: Mapping[str, Duty], directory: Directory
) -> tuple[pd.DataFrame, list[Problem]]:
    """Run the checks that need the whole standard, one standard after the other."""
    problems: list[Problem] = []
    parts = [entries[~entries["unit"].isin(list(office.scheme_of))]]
    for scheme_id, scheme in office.schemes.items():
        units = [unit for unit, graded_by in office.scheme_of.items() if graded_by == scheme_id]
        among = replace(directory, active=frozenset(units))
        own, found = check_scheme(only(entries, entries["unit"].isin(units)), scheme, office, raters, among)
        parts.append(own)
        problems += found
    entries = stacked(parts).sort_index().reset_index(drop=True)
    decisions = entries[entries["form"] == "decision"]
    found = check_decisions(decisions)
    undecided = (entries["form"] == "decision") & entries["unit"].isin([problem.unit for problem in found])
    found += check_undecided(decisions, office.letters)
    return without(entries, undecided), problems + found + check_votes(decisions)
