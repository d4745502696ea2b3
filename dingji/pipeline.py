"""The run as one walk through the house: what was received → intake → scores → outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import pandas as pd

from dingji.branch_facts import applies_to, branch_columns
from dingji.cannot_run import CannotRunError
from dingji.engine.inputs import Inputs
from dingji.forms.stamp import BETWEEN_NUMBERS
from dingji.full_marks import Fulls, scales_of
from dingji.intake.collect import Intake, collect, scheme_by_unit
from dingji.intake.column_mapping import confirmed_columns
from dingji.intake.earlier import Earlier, earlier_grades
from dingji.intake.questionnaire_mapping import typed_lines
from dingji.intake.rosters import read_roster
from dingji.intake.scheme_checks import Office
from dingji.intake.succession import succession_of
from dingji.ledger.check_up import check_up
from dingji.outcome import InputFile, Outcome, Questionnaires
from dingji.paper_settings import left_to_the_pen
from dingji.prepare import Prepared
from dingji.problems import Problem, describe, level_of
from dingji.read.reading import FileReading, all_forms
from dingji.received import PLAINLY, Progress, Received, Way, quiet, receive
from dingji.reference.places import book_line
from dingji.scheme.conditions import Value
from dingji.scheme.lint_roster import left_blank, strange_values
from dingji.scheme.model import Scheme
from dingji.scheme.names import CATEGORY, WITHINS
from dingji.scoring.basis import Basis
from dingji.scoring.claims import compare_amounts, compare_marks, told_again
from dingji.scoring.commending import award_problems
from dingji.scoring.score import Group
from dingji.settings_page import page_problems
from dingji.tables import records
from dingji.unexplained import unexplained
from dingji.workspace import Workspace

UNKNOWN = "未识别"
SETTLED_STATUSES = ("已报", UNKNOWN)
NO_WORKBOOK = ("E102", "E104")
"""What is said of pictures, letters and the like, which lie in many an input folder."""
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".zip", ".rar", ".7z")
"""How what is called a workbook ends, or what workbooks are sent packed in."""


def branches_of(
    readings: Sequence[FileReading], schemes: Iterable[Scheme]
) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """Return branches and raters; CannotRunError where the roster is missing or cannot be relied on."""
    awaited = any(source.main_form == "committee" for scheme in schemes for source in scheme.sources)
    branches, raters, problems = read_roster(all_forms(readings), awaited=awaited)
    _relied_on(problems)
    if branches.empty:
        raise CannotRunError(["名册里没有党组织"])
    return branches, raters, problems


def _relied_on(problems: Iterable[Problem]) -> None:
    """Refuse to run on a roster that cannot be relied on, or that does not fit the standard."""
    if fatal := [describe(problem).text for problem in problems if problem.code == "E309"]:
        raise CannotRunError(fatal)


@dataclass
class Run:
    """A run's outcome, how long its parts took in seconds, where its input lies, and how it went about its work."""

    outcome: Outcome
    timings: dict[str, float]
    inputs: Inputs
    way: Way


def run(workspace: Workspace, way: Way = PLAINLY) -> Run:
    """Do the main job up to the outcome; writing the reports is the caller's."""
    return graded(receive(workspace, way))


def graded(received: Received) -> Run:
    """Turn what was received into a run."""
    started = perf_counter()
    outcome = grade(received.prepared, received.readings, received.way.progress, received.fulls)
    problems = (*outcome.problems, *check_up(outcome), *_blanks_of_papers(outcome))
    outcome = replace(outcome, problems=problems, burden_before=received.burden)
    return Run(outcome, {"read": received.seconds, "grade": perf_counter() - started}, received.inputs, received.way)


def _blanks_of_papers(outcome: Outcome) -> Iterator[Problem]:
    """Yield one problem that names whatever papers leave blank for the pen, where there are any papers."""
    rows = records(outcome.results)
    schemes = [outcome.schemes[row["scheme"]] for row in rows]
    told = [row["decided"] or row["computed"] for row in rows]
    rectified = any(grade in scheme.rectified for grade, scheme in zip(told, schemes, strict=True))
    graded_any = any(scheme.grades for scheme in schemes)
    if blanks := left_to_the_pen(outcome.settings.publish, graded=graded_any, rectified=rectified):
        yield Problem("W585", values={"what": "、".join(blanks)})


def grade(
    prepared: Prepared, readings: Sequence[FileReading], progress: Progress = quiet, fulls: Fulls | None = None
) -> Outcome:
    """Turn readings into the outcome: intake, scoring, and everything there is to say.

    `fulls`: the full marks of rounds before, as far as they are known.
    """
    progress("核对")
    settings = prepared.settings
    branches, raters, problems = branches_of(readings, prepared.schemes.values())
    scheme_of = scheme_by_unit(branches, settings)
    rounds = {name for scheme in prepared.schemes.values() for name, _ in scheme.rounds_taken(settings.round.name)}
    named = {name: settings.current.model_copy(update={"name": name}) for name in sorted(rounds)}
    applies = {name: applies_to(branches, round_) for name, round_ in named.items()}
    office = Office(settings, prepared.schemes, branches, scheme_of, applies)
    intake = collect(all_forms(readings), raters, office)
    _relied_on(intake.problems)
    progress("测算")
    succession, found = succession_of(branches)
    scales = scales_of(prepared, scheme_of, fulls or {})
    earlier, asked = earlier_grades(intake.entries, prepared.schemes, settings.round, succession, scales)
    found += asked
    basis = _basis(prepared, branches, scheme_of, intake, earlier)
    scores = basis.scored()
    claims = [
        problem
        for group in basis.groups
        for problem in (
            *compare_marks(intake.entries, group.scheme, group.units, settings.round.name),
            *compare_amounts(intake.entries, group.scheme, group.units),
            *told_again(intake.entries, group.scheme, group.units),
        )
    ]
    by_unit = {row["unit"]: row for row in records(scores.results)}
    in_order = {unit: by_unit[unit] for unit in branches["unit"] if unit in by_unit}
    claims += award_problems(prepared.schemes, settings.round.name, in_order, intake.entries)
    doubts = [Problem("W532", values={"what": line}) for line in (*prepared.warnings, *_strange(basis.groups))]
    doubts += _left_blank(basis.groups, by_category=bool(settings.standard.by_category))
    doubts += page_problems(readings, settings)
    said = (*doubts, *problems, *intake.problems, *found, *claims, *scores.problems)
    forms = {reading.path for reading in all_forms(readings) if reading.kind}
    return Outcome(
        settings,
        prepared.schemes,
        branches,
        raters,
        intake.entries,
        (*said, *unexplained(records(scores.results), said, forms)),
        scores.results,
        scores.trail,
        intake.rollcall,
        tuple(_input_file(reading, intake) for reading in readings),
        questionnaires=Questionnaires(
            tuple((reading.path, reading.questionnaire) for reading in readings if reading.questionnaire),
            typed_lines(readings)[0],
        ),
        confirmed_columns=confirmed_columns(readings),
        basis=basis,
    )


def _input_file(reading: FileReading, intake: Intake) -> InputFile:
    taken = any(each.taken for each in reading.all) and reading.path not in intake.replaced
    number = BETWEEN_NUMBERS.join(filter(None, (reading.returned, reading.number)))
    return InputFile(reading.path, reading.sha256, reading.kind, taken, number)


def _strange(groups: Iterable[Group]) -> Iterator[str]:
    """Yield a line for every value of the roster's columns that a standard names and none of its branches has."""
    for group in groups:
        for finding in strange_values(group.scheme, group.facts):
            yield book_line(Scheme, f"schemes/{group.scheme.id}.toml", finding)


def _left_blank(groups: Iterable[Group], *, by_category: bool) -> Iterator[Problem]:
    """Yield a problem for whatever the roster leaves blank and a standard, or the choice of one, goes by."""
    for group in groups:
        for place, what in left_blank(group.scheme, group.facts).items():
            yield Problem("E553", unit=group.units[place], values={"what": "；".join(what)})
        for unit, category in zip(group.units, group.facts[CATEGORY], strict=True) if by_category else ():
            if category is None:
                named = f"名册没有填“{CATEGORY}”，不知道用哪个标准，先用“{group.scheme.title}”"
                yield Problem("E553", unit=unit, values={"what": named})


def _basis(
    prepared: Prepared,
    branches: pd.DataFrame,
    scheme_of: Mapping[str, str],
    intake: Intake,
    earlier: Earlier,
) -> Basis:
    round_ = prepared.settings.round
    columns = branch_columns(branches, prepared.settings.current)
    units: list[str] = list(branches["unit"])
    groups = []
    for scheme_id, scheme in prepared.schemes.items():
        places = [place for place, unit in enumerate(units) if scheme_of.get(unit) == scheme_id]
        facts = {name: [column[place] for place in places] for name, column in columns.items()}
        own = [units[place] for place in places]
        left = _left(prepared, branches, scheme_of, scheme_id)
        groups.append(Group(scheme, own, facts, intake.hand_in[scheme_id], left))
    absent = _absent(intake.rollcall)
    return Basis(intake.entries, groups, round_.name, round_.label, earlier, absent, intake.letters)


def _left(
    prepared: Prepared, branches: pd.DataFrame, scheme_of: Mapping[str, str], scheme_id: str
) -> dict[str, dict[str, Value]]:
    """Return the roster facts of branches that a standard would grade, were they not gone (撤销, 合并)."""
    chosen = prepared.settings.standard
    gone = branches[
        [
            unit not in scheme_of and chosen.by_category.get(category, chosen.default) == scheme_id
            for unit, category in zip(branches["unit"], branches["category"], strict=True)
        ]
    ]
    columns = branch_columns(gone, prepared.settings.current)
    return {unit: {name: columns[name][place] for name in WITHINS} for place, unit in enumerate(gone["unit"])}


def _absent(rollcall: pd.DataFrame) -> dict[str, list[str]]:
    """Return by branch which of its own forms are wanting, in words."""
    absent: defaultdict[str, list[str]] = defaultdict(list)
    for row in records(rollcall):
        if row["unit"] and row["status"] not in SETTLED_STATUSES:
            absent[row["unit"]].append(f"{row['form']}{row['status']}")
    return absent


def unsettled(outcome: Outcome) -> bool:
    """Say whether a person must act.

    That is: a branch without a grade, a form wanting, a problem of level `act`, something refused in a form that was
    taken, or a whole file refused of which nothing else tells.
    """
    taken = {file.path for file in outcome.files if file.taken}
    called = {path for row in records(outcome.rollcall) if row["status"] != UNKNOWN for path in row["files"]}
    return (
        any(row["status"] not in SETTLED_STATUSES for row in records(outcome.rollcall))
        or not all(outcome.results["settled"])
        or any(_needs_a_person(one, taken, called) for one in outcome.problems)
    )


def _needs_a_person(problem: Problem, taken: Container[str], called: Container[str]) -> bool:
    """Say whether somebody must act on a problem. `called`: the files of which the roll-call says whose they are.

    A file that was refused may be a form of which nobody knows that it came, unless it is plainly no workbook.
    """
    level = level_of(problem)
    if level != "refuse" or problem.file in taken:
        return level in ("act", "refuse")
    mere = problem.code in NO_WORKBOOK and not problem.file.lower().endswith(WORKBOOKS)
    return not (mere or problem.unit or problem.file in called)


def waiting(outcome: Outcome) -> list[str]:
    """Return the names of the branches that are not graded yet, in roster order."""
    names = dict(zip(outcome.branches["unit"], outcome.branches["name"], strict=True))
    rows: list[dict[str, Any]] = records(outcome.results)
    return [names[row["unit"]] for row in rows if not row["settled"]]
