"""Files split into tasks, and the tasks given to an executor: threads here, each with a reading process, or a cluster.

Whoever reads what, the readings come back in the order of the files, so that the result is the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Final

from dingji.cannot_run import CannotRunError
from dingji.engine.ahead import worth
from dingji.engine.inputs import Inputs, Job
from dingji.engine.program import program_digest
from dingji.engine.readers import BATCH, dismiss_readers, reader
from dingji.read.reading import FileReading, all_forms
from dingji.read.recognise import Plan

FAR_BATCH: Final = 200
"""Files a task at least, where sending a task or fetching its files costs something."""
AHEAD: Final = 12
"""Tasks sent out for each that can run at once: nobody waits for work, and not everything is in memory."""

Done = Callable[[int], None]
"""Is told how many files are read."""


def idle() -> None:
    """Do nothing while others read."""


@dataclass(frozen=True)
class Crew:
    """Who reads: any executor, how many tasks it runs at once, and how many files make a task."""

    executor: Executor
    hands: int
    batch: int


@dataclass(frozen=True)
class Task:
    """Some files to be read by whoever gets this; `program` is the digest of the program that asks."""

    jobs: Sequence[Job]
    plan: Plan
    inputs: Inputs
    program: str


def read_task(task: Task) -> list[FileReading]:
    """Read a task's files in a reading process of this machine; CannotRunError where this machine does not fit."""
    if task.program != program_digest():
        raise CannotRunError(["工作节点上的程序与这里的不是同一版本，请更新后再运行"])
    if not task.inputs.found:
        raise CannotRunError([f"工作节点上看不到输入文件夹 {task.inputs.root}：须是各节点路径相同的共享文件夹"])
    with task.inputs.at_hand(task.jobs) as jobs, reader(task.plan) as child:
        return child.read(jobs)


def read_files(
    jobs: Sequence[Job],
    plan: Plan,
    inputs: Inputs,
    crew: Crew,
    progress: Done = lambda _: None,
    meanwhile: Callable[[], object] = idle,
) -> list[FileReading]:
    """Read files, in order, by whoever is there for it; something else is done `meanwhile`."""
    readings: list[FileReading] = []
    digest = program_digest() if jobs else ""
    tasks = (Task(part, plan, inputs, digest) for part in parts_of(jobs, crew.batch))
    columns: dict[tuple[str, ...], list[str]] = {}
    for done in _in_order(crew, tasks, meanwhile):
        for each in all_forms(done):  # here, where others read and nobody else waits
            each.columns.share(columns)
        readings += done
        progress(len(readings))
    return readings


def read_here(
    jobs: Sequence[Job], plan: Plan, progress: Done = lambda _: None, processes: int = 0
) -> list[FileReading]:
    """Read files of this machine on this machine, in order; by so many processes, or as many as are worth it."""
    with local_crew(len(jobs), processes) as crew:
        return read_files(jobs, plan, Inputs("."), crew, progress)


def _in_order(crew: Crew, tasks: Iterator[Task], meanwhile: Callable[[], object]) -> Iterator[list[FileReading]]:
    first = islice(tasks, AHEAD * crew.hands)
    sent = deque(crew.executor.submit(read_task, task) for task in first)
    meanwhile()
    for task in tasks:
        sent.append(crew.executor.submit(read_task, task))
        yield sent.popleft().result()
    while sent:
        yield sent.popleft().result()


def parts_of(jobs: Sequence[Job], size: int) -> Iterator[Sequence[Job]]:
    """Split files into parts of `size` to 2 × `size`, between two unit folders where possible; the last may be smaller.

    A unit folder is one at the top of the input: each committee's input is its own.
    """
    part: list[Job] = []
    for _, folder in groupby(jobs, key=lambda job: job[1].split("/")[0] if "/" in job[1] else ""):
        part += folder
        while len(part) >= 2 * size:
            yield part[:size]
            part = part[size:]
        if len(part) >= size:
            yield part
            part = []
    if part:
        yield part


@contextmanager
def local_crew(files: int, processes: int = 0) -> Iterator[Crew]:
    """Give reading processes on this machine: so many, or as many as these files are worth."""
    hands = processes or worth(files)
    executor = ThreadPoolExecutor(hands)
    try:
        yield Crew(executor, hands, BATCH)
    finally:
        dismiss_readers()
        executor.shutdown(cancel_futures=True)
