"""What came in: every file of the input read, by whoever reads. Without pandas, so that reading can start before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Final, Protocol

from dingji.burden import Burden, burden_before
from dingji.cannot_run import CannotRunError
from dingji.carried import carried
from dingji.engine.cache import Cache
from dingji.engine.cluster import cluster_crew
from dingji.engine.inputs import Inputs, Job
from dingji.engine.work import Crew, idle, local_crew, read_files
from dingji.full_marks import Fulls, full_marks_before
from dingji.intake.questionnaire_mapping import confirm_questionnaires
from dingji.prepare import Prepared, prepare
from dingji.problems import Problem
from dingji.read.questionnaire import Confirmed
from dingji.read.reading import FileReading
from dingji.read.recognise import Plan
from dingji.settings import Engine
from dingji.workspace import Workspace

NOT_TAKEN = "不采用"
"""The folder under `input/` whose files are listed and not read."""


class Progress(Protocol):
    """Is told what is being done now, and how many of how many files are done where they are counted."""

    def __call__(self, what: str, done: int = 0, total: int = 0) -> None:
        """Take note."""


def quiet(what: str, done: int = 0, total: int = 0) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Way:
    """How a run goes about its work: whom it tells how far it is, who reads where, and what was read before.

    `engine` holds in place of config.toml's; where a cluster reads, or a store is read from, nothing is kept.
    `meanwhile` is done while others read.
    """

    progress: Progress = quiet
    engine: Engine | None = None
    cache: Cache | None = None
    meanwhile: Callable[[], object] = idle


PLAINLY: Final = Way()


@dataclass(frozen=True)
class Received:
    """What came in, and how: readings of all files, where they lie, and the seconds until all were read."""

    way: Way
    prepared: Prepared
    readings: Sequence[FileReading]
    inputs: Inputs
    seconds: float
    fulls: Fulls = field(default_factory=dict)
    """The full marks of rounds before, where a standard reads their figures."""
    burden: Burden | None = None
    """What the round before asked."""


def receive(workspace: Workspace, way: Way = PLAINLY) -> Received:
    """Read settings and standards, then every file of the input."""
    started = perf_counter()
    prepared = prepare(workspace)
    readings, inputs = read_inputs(workspace, prepared, way)
    fulls, burden = full_marks_before(workspace, prepared), burden_before(workspace, prepared.settings.round.label)
    return Received(way, prepared, readings, inputs, perf_counter() - started, fulls, burden)


def read_inputs(workspace: Workspace, prepared: Prepared, way: Way = PLAINLY) -> tuple[list[FileReading], Inputs]:
    """Read every file of the input, those under 不采用/ are only listed; return where it lies, too."""
    engine = way.engine or prepared.settings.engine
    before = carried(workspace, prepared)
    inputs = replace(workspace.input_of(engine), also=before.jobs)
    if engine.input and not inputs.found:
        raise CannotRunError([f"找不到设置的“运行”里“表放在哪里”写的地方：{inputs.root}"])
    way.progress("清点")
    aside = [job for job in inputs.jobs if NOT_TAKEN in job[1].split("/")[:-1]]
    wanted = [job for job in inputs.jobs if job not in aside]
    cache = None if inputs.remote or engine.kind == "dask" else way.cache
    with crew_of(engine, len(wanted)) as crew:
        readings = _read(wanted, prepared.plan, Desk(inputs, crew, way, cache))
    unread = [FileReading(shown, "", problems=[Problem("N119", shown)]) for _, shown in aside]
    return before.settled(readings) + unread, inputs


@dataclass(frozen=True)
class Desk:
    """Where files are read at: from where, by whom, how, and what was read before."""

    inputs: Inputs
    crew: Crew
    way: Way
    cache: Cache | None

    def read(self, jobs: Sequence[Job], plan: Plan) -> list[FileReading]:
        """Return the readings of files, in order."""

        def fresh(wanting: Sequence[Job]) -> list[FileReading]:
            def told(done: int) -> None:
                self.way.progress("读取", done, len(wanting))

            told(0)
            return read_files(wanting, plan, self.inputs, self.crew, told, self.way.meanwhile)

        return self.cache.read(jobs, plan, fresh) if self.cache else fresh(jobs)


def _read(jobs: Sequence[Job], plan: Plan, desk: Desk) -> list[FileReading]:
    """Read files, those again of which the office has confirmed what they are."""

    def read_again(confirmed: Mapping[str, Confirmed], paths: Sequence[str]) -> list[FileReading]:
        return desk.read([job for job in jobs if job[1] in paths], replace(plan, questionnaires=confirmed))

    return confirm_questionnaires(desk.read(jobs, plan), plan.forms, read_again)


def crew_of(engine: Engine, files: int) -> AbstractContextManager[Crew]:
    """Return who reads so many files: the workers of a cluster, or processes on this machine."""
    return cluster_crew(engine.scheduler) if engine.kind == "dask" and files else local_crew(files)
