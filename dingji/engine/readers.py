"""The one who reads: a process apart, kept from one task to the next."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from dingji.engine.apart import Apart
from dingji.engine.inputs import Job
from dingji.problems import Problem
from dingji.read.child import read_job
from dingji.read.reading import FileReading
from dingji.read.recognise import Plan

BATCH = 32
MOST_BYTES = 1 << 18
"""Bytes of the files whose readings a child may hold together; one that is larger goes alone."""


class ReadingProcess(Apart[Job, FileReading]):
    """A child that reads files by what a run expects."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(partial(read_job, plan=plan))
        self.plan = plan

    def read(self, jobs: Sequence[Job]) -> list[FileReading]:
        """Read files in order; one that kills or hangs the reader is refused, its neighbours are not."""
        readings: list[FileReading] = []
        for batch in _batches(jobs):
            readings += [answer or refused(job) for answer, job in zip(self.ask(batch), batch, strict=True)]
        return readings


def _batches(jobs: Sequence[Job]) -> Iterator[Sequence[Job]]:
    """Split files so that neither many of them nor large ones come together, and a child stays small."""
    batch: list[Job] = []
    weight = 0
    for job in jobs:
        size = 0
        with suppress(OSError):  # whoever reads it says what is wrong
            size = Path(job[0]).stat().st_size
        if batch and (len(batch) == BATCH or weight + size > MOST_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(job)
        weight += size
    if batch:
        yield batch


def refused(job: Job) -> FileReading:
    """Return what is known of a file that no reader got through."""
    return FileReading(job[1], "", problems=[Problem("E106", job[1])])


_waiting: deque[ReadingProcess] = deque()
_lent: set[ReadingProcess] = set()


@contextmanager
def reader(plan: Plan) -> Iterator[ReadingProcess]:
    """Lend a reading process of this machine's, one that waits or a new one; it waits again afterwards."""
    child = _fitting(plan)
    _lent.add(child)
    try:
        yield child
        _waiting.append(child)
    except BaseException:
        child.stop()
        raise
    finally:
        _lent.discard(child)


def _fitting(plan: Plan) -> ReadingProcess:
    while _waiting:
        try:
            child = _waiting.pop()
        except IndexError:  # another thread took it
            break
        if child.plan == plan:
            return child
        child.leave()
    return ReadingProcess(plan)


def dismiss_readers() -> None:
    """Need no reading process any longer: those at work end without an answer, the others unless they are kept."""
    for child in list(_lent):
        child.close()
    while _waiting:
        _waiting.pop().leave()
