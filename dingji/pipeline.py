"""The run as one walk through the house: workspace → readings → intake → scores → outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import pandas as pd

from dingji.branch_facts import applies_to, branch_columns
from dingji.engine import find_files, read_files
from dingji.forms.catalogue import forms_of
from dingji.forms.questionnaire_form import questionnaire_forms
from dingji.forms.stamp import BETWEEN_NUMBERS
from dingji.intake.collect import Intake, collect, scheme_by_unit
from dingji.intake.duplicates import OWNERLESS_FORMS
from dingji.intake.earlier import Earlier, earlier_grades
from dingji.intake.questionnaire_mapping import confirm_questionnaires, typed_lines
from dingji.intake.rosters import read_roster
from dingji.intake.scheme_checks import Office
from dingji.outcome import InputFile, Outcome, Questionnaires
from dingji.problems import Problem, describe, level_of
from dingji.read.questionnaire import Confirmed
from dingji.read.reading import FileReading, all_forms
from dingji.read.recognise import Plan
from dingji.scheme.finding import Finding, nearest
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.scoring.claims import compare_amounts, compare_marks
from dingji.scoring.score import Group, Scores, score
from dingji.tables import records
from dingji.workspace import Settings, Workspace, load_settings

NOT_TAKEN = "不采用"
"""The folder under `input/` whose files are listed and not read."""

SETTLED_STATUSES = ("已报", "未识别")
Progress = Callable[[int, int], None]


class CannotRunError(Exception):
    """The run cannot start: config, standard or roster is wrong. `lines` say what, in Chinese."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Keep the lines for the console."""
        super().__init__("\n".join(lines))
        self.lines = list(lines)


@dataclass(frozen=True)
class Prepared:
    """Settings and standards, read and found right; warnings about them beside."""

    settings: Settings
    schemes: Mapping[str, Scheme]
    warnings: tuple[str, ...]

    @property
    def plan(self) -> Plan:
        """Return every form that this round expects."""
        round_ = self.settings.round
        schemes = list(self.schemes.values())
        taken = [(scheme, name) for scheme in schemes for name, _ in scheme.rounds_taken(round_.name)]
        forms = [form for scheme, name in taken for form in forms_of(scheme, f"{round_.year} {name}")]
        return Plan(round_.label, (*forms, *questionnaire_forms(forms)))


def prepare(workspace: Workspace) -> Prepared:
    """Read config.toml and the standards that it names; CannotRunError where one is missing or wrong."""
    if not workspace.config.is_file():
        raise CannotRunError([f"找不到 config.toml：{workspace.root}"])
    settings, findings = load_settings(workspace.config.read_bytes())
    if settings is None:
        raise CannotRunError([f"config.toml {finding.text}" for finding in findings])
    schemes, warnings = {}, []
    for scheme_id in dict.fromkeys([settings.standard.default, *settings.standard.by_category.values()]):
        schemes[scheme_id], found = _read_scheme(workspace, settings, scheme_id)
        warnings += found
    warnings += _strange_rounds(settings, schemes.values())
    return Prepared(settings, schemes, tuple(warnings))


def _strange_rounds(settings: Settings, schemes: Iterable[Scheme]) -> Iterator[str]:
    """Yield a line for every round of the calendar that no standard has; it does nothing."""
    named = [settings.round.name, *dict.fromkeys(name for scheme in schemes for name in scheme.rounds)]
    for place, days in enumerate(settings.calendar):
        if days.round not in named:
            words = f"标准没有轮次“{days.round}”，这张表不起作用{nearest(days.round, named)}"
            yield f"config.toml {Finding('warning', ('calendar', place, 'round'), words).text}"


def _read_scheme(workspace: Workspace, settings: Settings, scheme_id: str) -> tuple[Scheme, list[str]]:
    path = workspace.schemes / f"{scheme_id}.toml"
    if not path.is_file():
        raise CannotRunError([f"找不到标准：schemes/{scheme_id}.toml"])
    scheme, findings = load_scheme(path.read_bytes(), settings.choices.get(scheme_id))
    lines = [f"schemes/{path.name} {finding.text}" for finding in findings]
    if scheme is None:
        raise CannotRunError(lines)
    if scheme.id != scheme_id:
        raise CannotRunError([f"schemes/{path.name} 的 id 是“{scheme.id}”，应与文件名相同"])
    if scheme.rounds and settings.round.name not in scheme.rounds:
        raise CannotRunError([_wrong_round(settings, scheme)])
    return scheme, lines


def _wrong_round(settings: Settings, scheme: Scheme) -> str:
    names = "、".join(scheme.rounds)
    words = f"标准“{scheme.title}”没有轮次“{settings.round.name}”，只有：{names}"
    return f"config.toml {Finding('error', ('round', 'name'), words).text}"


def read_inputs(
    workspace: Workspace, prepared: Prepared, progress: Progress = lambda _done, _all: None
) -> list[FileReading]:
    """Read every file in `input/`; those under 不采用/ are only listed."""
    jobs = find_files(workspace.inputs) if workspace.inputs.is_dir() else []
    aside = [job for job in jobs if NOT_TAKEN in job[1].split("/")[:-1]]
    wanted = [job for job in jobs if job not in aside]
    plan = prepared.plan
    readings = read_files(wanted, plan, lambda done: progress(done, len(wanted)))

    def read_again(confirmed: Mapping[str, Confirmed], paths: Sequence[str]) -> list[FileReading]:
        return read_files([job for job in wanted if job[1] in paths], replace(plan, questionnaires=confirmed))

    readings = confirm_questionnaires(readings, plan.forms, read_again)
    unread = [FileReading(shown, "", problems=[Problem("N119", shown)]) for _, shown in aside]
    return readings + unread


def branches_of(readings: Sequence[FileReading]) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """Return branches and raters; CannotRunError where the roster is missing or cannot be relied on."""
    branches, raters, problems = read_roster(all_forms(readings))
    fatal = [problem for problem in problems if problem.code == "E309"]
    if fatal or branches.empty:
        lines = [describe(problem).text for problem in fatal] or ["名册里没有党组织"]
        raise CannotRunError(lines)
    return branches, raters, problems


@dataclass
class Run:
    """A run's outcome and how long its parts took, in seconds."""

    outcome: Outcome
    timings: dict[str, float]


def run(workspace: Workspace, progress: Progress = lambda _done, _all: None) -> Run:
    """Do the main job up to the outcome; writing the reports is the caller's."""
    started = perf_counter()
    prepared = prepare(workspace)
    readings = read_inputs(workspace, prepared, progress)
    read = perf_counter()
    outcome = grade(prepared, readings)
    return Run(outcome, {"read": read - started, "grade": perf_counter() - read})


def grade(prepared: Prepared, readings: Sequence[FileReading]) -> Outcome:
    """Turn readings into the outcome: intake, scoring, and everything there is to say."""
    settings = prepared.settings
    branches, raters, problems = branches_of(readings)
    scheme_of = scheme_by_unit(branches, settings)
    rounds = {name for scheme in prepared.schemes.values() for name, _ in scheme.rounds_taken(settings.round.name)}
    named = {name: settings.current.model_copy(update={"name": name}) for name in sorted(rounds)}
    applies = {name: applies_to(branches, round_) for name, round_ in named.items()}
    office = Office(settings, prepared.schemes, branches, scheme_of, applies)
    intake = collect(all_forms(readings), raters, office)
    earlier, found = earlier_grades(intake.entries, prepared.schemes, settings.round)
    scores = _score(prepared, branches, scheme_of, intake, earlier)
    units = {scheme_id: [unit for unit, own in scheme_of.items() if own == scheme_id] for scheme_id in prepared.schemes}
    claims = [
        problem
        for scheme in prepared.schemes.values()
        for problem in (
            *compare_marks(intake.entries, scheme, units[scheme.id], settings.round.name),
            *compare_amounts(intake.entries, scheme, units[scheme.id]),
        )
    ]
    doubts = [Problem("W532", values={"what": line}) for line in prepared.warnings]
    return Outcome(
        settings,
        prepared.schemes,
        branches,
        raters,
        intake.entries,
        (*doubts, *problems, *intake.problems, *found, *claims, *scores.problems),
        scores.results,
        scores.trail,
        intake.rollcall,
        tuple(_input_file(reading, intake) for reading in readings),
        questionnaires=Questionnaires(
            tuple((reading.path, reading.questionnaire) for reading in readings if reading.questionnaire),
            typed_lines(readings)[0],
        ),
    )


def _input_file(reading: FileReading, intake: Intake) -> InputFile:
    taken = any(each.taken for each in reading.all) and reading.path not in intake.replaced
    number = BETWEEN_NUMBERS.join(filter(None, (reading.returned, reading.number)))
    return InputFile(reading.path, reading.sha256, reading.kind, taken, number)


def _score(
    prepared: Prepared,
    branches: pd.DataFrame,
    scheme_of: Mapping[str, str],
    intake: Intake,
    earlier: Earlier,
) -> Scores:
    round_ = prepared.settings.round
    columns = branch_columns(branches, prepared.settings.current)
    units: list[str] = list(branches["unit"])
    groups = []
    for scheme_id, scheme in prepared.schemes.items():
        places = [place for place, unit in enumerate(units) if scheme_of.get(unit) == scheme_id]
        facts = {name: [column[place] for place in places] for name, column in columns.items()}
        own = [units[place] for place in places]
        groups.append(Group(scheme, own, facts, intake.hand_in[scheme_id]))
    return score(intake.entries, groups, round_.name, round_.label, earlier, _absent(intake.rollcall))


def _absent(rollcall: pd.DataFrame) -> dict[str, list[str]]:
    """Return by branch which of its own forms are wanting, in words."""
    absent: defaultdict[str, list[str]] = defaultdict(list)
    for row in records(rollcall):
        if row["unit"] and row["status"] not in SETTLED_STATUSES:
            absent[row["unit"]].append(f"{row['form']}{row['status']}")
    return absent


def unsettled(outcome: Outcome) -> bool:
    """Say whether a person must act.

    That is: a branch without a grade, a form wanting, a problem of level `act`, or something refused in a form that was
    taken. Whole files that were refused count by the roll-call, the office's own by kind, and not where the right one
    is there too.
    """
    forms = any(row["status"] not in SETTLED_STATUSES for row in records(outcome.rollcall))
    taken = {file.path for file in outcome.files if file.taken}
    refused = {file.kind for file in outcome.files} - {file.kind for file in outcome.files if file.taken}
    return (
        forms
        or not all(outcome.results["settled"])
        or bool(refused & {*OWNERLESS_FORMS, "small"})
        or any(_needs_a_person(one, taken) for one in outcome.problems)
    )


def _needs_a_person(problem: Problem, taken: set[str]) -> bool:
    level = level_of(problem)
    return level == "act" or (level == "refuse" and problem.file in taken)


def waiting(outcome: Outcome) -> list[str]:
    """Return the names of the branches that are not graded yet, in roster order."""
    names = dict(zip(outcome.branches["unit"], outcome.branches["name"], strict=True))
    rows: list[dict[str, Any]] = records(outcome.results)
    return [names[row["unit"]] for row in rows if not row["settled"]]
