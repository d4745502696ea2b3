"""Work on foreign files, done apart: a long-lived child process under limits of memory and of time for each task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from threading import Lock
from typing import Final, Generic, TypeVar

from dingji.engine.ahead import Started, end, give_back, one_waiting
from dingji.read.child import READY, answer_or_none

Task = TypeVar("Task")
Answer = TypeVar("Answer")

TASK_SECONDS = 10.0
"""What a task may take: a file to be read, a copy to be made of it."""
LOOKS = 10
"""How often it is looked, in that time, whether another task was begun."""
START_SECONDS = 120.0
"""What a child may take to start: no file's fault, and long where every program is looked at for viruses."""
_WORKS_HERE: Final = Lock()


@dataclass(eq=False)
class Apart(Generic[Task, Answer]):
    """A spawned child that does `work`, a function that pickles; taken when it is first asked, and anew when it died.

    A task that kills or hangs it loses only its own answer.
    """

    work: Callable[[Task], Answer]
    child: Started | None = None
    closed: bool = False
    sound: bool = True
    """Whether it answered every task: one that did not may have lost its memory to it, and works for nobody else."""

    @property
    def process(self) -> SpawnProcess | None:
        """Return the process of the child, where there is one."""
        return self.child.process if self.child else None

    def ask(self, tasks: Sequence[Task]) -> list[Answer | None]:
        """Return the answers in order; None for a task that raised, died, or took too long."""
        answers: list[Answer | None] = []
        while rest := tasks[len(answers) :]:
            child = self.started()
            if child is None:
                return answers + self._here(rest)
            done, begun, hung = self._batch(child, rest)
            if not done:  # what was done before the one at fault is done again
                done = [*self.ask(rest[:begun]), None if hung else self._alone(rest[begun])]
            answers += done
        return answers

    def _alone(self, task: Task) -> Answer | None:
        """Try a task once more in a new child: what was done before it may have taken the memory."""
        child = self.started()
        done = self._batch(child, [task])[0] if child else []  # never here, what may have killed a child
        return done[0] if done else None

    def _here(self, tasks: Sequence[Task]) -> list[Answer | None]:
        """Do tasks in this process, without limits, where the system lets us have no other; nobody waits when closed.

        One at a time, for what works knows no threads.
        """
        answers: list[Answer | None] = []
        for task in tasks:
            with _WORKS_HERE:
                answers.append(None if self.closed else answer_or_none(self.work, task))
        return answers

    def _batch(self, child: Started, tasks: Sequence[Task]) -> tuple[list[Answer | None], int, bool]:
        """Return the answers; none where the child died or hung, with the number of the task at fault, and which."""
        hung = False
        try:
            child.begun.value = 0
            child.connection.send(list(tasks))
            if _is_answered(child):
                answers: list[Answer | None] = child.connection.recv()
                self.sound = self.sound and None not in answers
                return answers, 0, False
            hung = True
        except (EOFError, OSError):
            pass  # the child died: `begun` tells of what
        self.stop()
        return [], child.begun.value, hung

    def started(self) -> Started | None:
        """Return the child, which is told its work where there was none; None where there can be none."""
        if self.child is None and not self.closed:
            self.child = one_waiting()
            self.sound = True
            if self.child and not _takes(self.child, self.work):
                self.stop()
        return self.child

    def stop(self) -> None:
        """End the child; the next question takes a new one."""
        child, self.child = self.child, None
        if child is not None:
            end(child)

    def leave(self) -> None:
        """Need the child no longer: it ends, unless it is sound and kept for the next command."""
        if self.sound and self.child is not None:
            child, self.child = self.child, None
            give_back(child)
        self.stop()

    def close(self) -> None:
        """End the child for good, whoever may be waiting for its answer."""
        self.closed = True
        if child := self.child:
            child.process.kill()


def _takes(child: Started, work: object) -> bool:
    """Tell a child its work; False where it died of no task's fault, or does not come to it."""
    try:
        child.connection.send(work)
        return child.connection.poll(START_SECONDS) and child.connection.recv() == READY
    except (EOFError, OSError):
        return False


def _is_answered(child: Started) -> bool:
    """Wait for the answers; False where one task takes too long, known by looking at its number now and then."""
    looks, last = 0, 0
    while not child.connection.poll(TASK_SECONDS / LOOKS):
        looks, last = (looks + 1 if child.begun.value == last else 0), child.begun.value
        if looks >= LOOKS:
            return False
    return True
