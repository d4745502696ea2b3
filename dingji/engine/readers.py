"""The one who reads: a long-lived child process, started anew when a file kills or hangs it."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from dingji.engine.inputs import Job
from dingji.problems import Problem
from dingji.read.child import READY, serve
from dingji.read.reading import FileReading
from dingji.read.recognise import Plan

BATCH = 32
BATCH_SECONDS = 60.0
FILE_SECONDS = 10.0
START_SECONDS = 120.0
"""What a child may take to start: no file's fault, and long where every program is looked at for viruses."""


@dataclass(eq=False)
class ReadingProcess:
    """A spawned child that reads batches; `ask` returns None where it died or hung, and the next starts a new one."""

    plan: Plan
    process: SpawnProcess | None = None
    connection: Connection | None = None
    closed: bool = False

    def read(self, jobs: Sequence[Job]) -> list[FileReading]:
        """Read files in order; one that kills or hangs the reader is refused, its neighbours are not."""
        readings: list[FileReading] = []
        for start in range(0, len(jobs), BATCH):
            batch = jobs[start : start + BATCH]
            answer = self.ask(batch, BATCH_SECONDS)
            readings += answer if answer is not None else [self._read_alone(job) for job in batch]
        return readings

    def _read_alone(self, job: Job) -> FileReading:
        answer = self.ask([job], FILE_SECONDS)
        shown = job[1]
        return answer[0] if answer else FileReading(shown, "", problems=[Problem("E106", shown)])

    def ask(self, jobs: Sequence[Job], seconds: float) -> list[FileReading] | None:
        """Read a batch within a time limit."""
        try:
            connection = self._started()
            connection.send(list(jobs))
            if connection.poll(seconds):
                answer: list[FileReading] = connection.recv()
                return answer
        except (EOFError, OSError):
            pass  # the child died: the caller retries file by file
        self.stop()
        return None

    def _started(self) -> Connection:
        if self.closed:
            raise EOFError
        if self.connection is None:
            _allow_children()
            context = multiprocessing.get_context("spawn")
            self.connection, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs, self.plan), daemon=True)
            process.start()
            self.process = process
            theirs.close()
            if not self.connection.poll(START_SECONDS) or self.connection.recv() != READY:
                raise EOFError
        return self.connection

    def stop(self) -> None:
        """End the child; the next question starts a new one."""
        connection, process, self.connection, self.process = self.connection, self.process, None, None
        if connection is not None:
            connection.close()
        if process is not None:
            process.kill()
            process.join()

    def close(self) -> None:
        """End the child for good, whoever may be waiting for its answer."""
        self.closed = True
        if self.process is not None:
            self.process.kill()


def _allow_children() -> None:
    """Let this process have children where it is itself a child, as a worker of a cluster is: ours end with it."""
    own = multiprocessing.current_process()
    if own.daemon:
        own.daemon = False


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
        child.stop()
    return ReadingProcess(plan)


def dismiss_readers() -> None:
    """End all reading processes that this process started; those at work end without an answer."""
    for child in list(_lent):
        child.close()
    while _waiting:
        _waiting.pop().stop()
