"""Work on foreign files, done apart: a long-lived child process under limits of memory and of time for each task."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import RawValue
from typing import Any, Final, Generic, TypeVar

from dingji.read.child import READY, Shared, serve

Task = TypeVar("Task")
Answer = TypeVar("Answer")

TASK_SECONDS = 10.0
"""What a task may take: a file to be read, a copy to be made of it."""
LOOKS = 10
"""How often it is looked, in that time, whether another task was begun."""
START_SECONDS = 120.0
"""What a child may take to start: no file's fault, and long where every program is looked at for viruses."""
MOST_KEPT: Final = 1
"""So many children wait for the next command, where one process runs several."""


@dataclass(frozen=True, eq=False)
class Child:
    """A spawned process that does what work it is sent; `begun` is the number of the task that it began last."""

    process: SpawnProcess
    connection: Connection
    begun: Shared

    def begin(self, work: Callable[[Any], object]) -> None:
        """Send it what to do with tasks, and wait until it has loaded that; EOFError where it comes to nothing."""
        self.connection.send(work)
        if not self.connection.poll(START_SECONDS) or self.connection.recv() != READY:
            raise EOFError

    def end(self) -> None:
        """End it, whatever it is at."""
        self.connection.close()
        self.process.kill()
        self.process.join()


_kept: Final[deque[Child]] = deque()
_keepers: Final[list[object]] = []


@dataclass(eq=False)
class Apart(Generic[Task, Answer]):
    """A child that does `work`, a function that pickles; started when it is first asked, and anew when it died.

    A task that kills or hangs it loses only its own answer.
    """

    work: Callable[[Task], Answer]
    child: Child | None = None
    closed: bool = False
    sound: bool = True
    """Whether it answered every task: one that did not may have lost its memory to it, and works for nobody else."""

    def ask(self, tasks: Sequence[Task]) -> list[Answer | None]:
        """Return the answers in order; None for a task that raised, died, or took too long."""
        answers: list[Answer | None] = []
        while rest := tasks[len(answers) :]:
            done, begun, hung = self._batch(rest)
            if not done:  # what was done before the one at fault is done again
                done = [*self.ask(rest[:begun]), None if hung else self._alone(rest[begun])]
            answers += done
        return answers

    def _alone(self, task: Task) -> Answer | None:
        """Try a task once more in a new child: what was done before it may have taken the memory."""
        done, _, _ = self._batch([task])
        return done[0] if done else None

    def _batch(self, tasks: Sequence[Task]) -> tuple[list[Answer | None], int, bool]:
        """Return the answers; none where the child died or hung, with the number of the task at fault, and which."""
        hung = False
        try:
            child = self.started()
            child.begun.value = 0
            child.connection.send(list(tasks))
            if _is_answered(child):
                answers: list[Answer | None] = child.connection.recv()
                self.sound = self.sound and None not in answers
                return answers, 0, False
            hung = True
        except (EOFError, OSError):
            pass  # the child died: `begun` tells of what
        begun = self.child.begun.value if self.child else 0
        self.stop()
        return [], begun, hung

    def started(self) -> Child:
        """Return the child, one that waited or a new one where there is none."""
        if self.closed:
            raise EOFError
        if self.child is None:
            self.child, self.sound = _waiting() or _spawned(), True
            self.child.begin(self.work)
        return self.child

    def stop(self) -> None:
        """End the child; the next question starts a new one."""
        child, self.child = self.child, None
        if child is not None:
            child.end()

    def leave(self) -> None:
        """Need the child no longer: it ends, unless it is sound and children are kept for the next command."""
        if _keepers and self.sound and self.child is not None and len(_kept) < MOST_KEPT:
            _kept.append(self.child)
            self.child = None
        self.stop()

    def close(self) -> None:
        """End the child for good, whoever may be waiting for its answer."""
        self.closed = True
        if self.child is not None:
            self.child.process.kill()


@contextmanager
def children_kept() -> Iterator[None]:
    """Let a child wait for the next command, where one process runs several: a start takes longer than a few files."""
    _keepers.append(None)
    try:
        yield
    finally:
        _keepers.pop()
        while not _keepers and (child := _waiting()):
            child.end()


def _waiting() -> Child | None:
    """Return a child that waits and lives."""
    while _kept:
        child = _kept.pop()
        if child.process.is_alive():
            return child
        child.end()
    return None


def _spawned() -> Child:
    _allow_children()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    begun: Shared = RawValue("i", 0)
    process = context.Process(target=serve, args=(theirs, begun), daemon=True)
    process.start()
    theirs.close()
    return Child(process, ours, begun)


def _is_answered(child: Child) -> bool:
    """Wait for the answers; False where one task takes too long, known by looking at its number now and then."""
    looks, last = 0, 0
    while not child.connection.poll(TASK_SECONDS / LOOKS):
        looks, last = (looks + 1 if child.begun.value == last else 0), child.begun.value
        if looks >= LOOKS:
            return False
    return True


def _allow_children() -> None:
    """Let this process have children where it is itself a child, as a worker of a cluster is: ours end with it."""
    own = multiprocessing.current_process()
    if own.daemon:
        own.daemon = False
