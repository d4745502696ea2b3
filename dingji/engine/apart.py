"""Work on foreign files, done apart: a long-lived child process under limits of memory and of time for each task."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import RawValue
from typing import Generic, TypeVar

from dingji.read.child import READY, Shared, serve

Task = TypeVar("Task")
Answer = TypeVar("Answer")

TASK_SECONDS = 10.0
"""What a task may take: a file to be read, a copy to be made of it."""
LOOKS = 10
"""How often it is looked, in that time, whether another task was begun."""
START_SECONDS = 120.0
"""What a child may take to start: no file's fault, and long where every program is looked at for viruses."""


@dataclass(eq=False)
class Apart(Generic[Task, Answer]):
    """A spawned child that does `work`, a function that pickles; started when it is first asked, and anew when it died.

    A task that kills or hangs it loses only its own answer.
    """

    work: Callable[[Task], Answer]
    process: SpawnProcess | None = None
    connection: Connection | None = None
    closed: bool = False
    begun: Shared = field(default_factory=partial(RawValue, "i", 0))
    """The number of the task that the child began last."""

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
        self.begun.value = 0
        try:
            connection = self.started()
            connection.send(list(tasks))
            if self._is_answered(connection):
                answers: list[Answer | None] = connection.recv()
                return answers, 0, False
            hung = True
        except (EOFError, OSError):
            pass  # the child died: `begun` tells of what
        self.stop()
        return [], self.begun.value, hung

    def _is_answered(self, connection: Connection) -> bool:
        """Wait for the answers; False where one task takes too long, known by looking at its number now and then."""
        looks, last = 0, 0
        while not connection.poll(TASK_SECONDS / LOOKS):
            looks, last = (looks + 1 if self.begun.value == last else 0), self.begun.value
            if looks >= LOOKS:
                return False
        return True

    def started(self) -> Connection:
        """Return the connection to the child, which is started where there is none."""
        if self.closed:
            raise EOFError
        if self.connection is None:
            _allow_children()
            context = multiprocessing.get_context("spawn")
            self.connection, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs, self.begun, self.work), daemon=True)
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
