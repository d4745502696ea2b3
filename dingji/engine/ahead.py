"""Processes that wait to be told their work: started before it is known, for their start takes as long as our own.

Hardly anything is imported here: what the work needs, the process itself loads.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes import c_int
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import Final, NamedTuple

GARBAGE: Final = 20_000
"""So many objects more than went lie about before any is looked for that holds itself; a reader makes hardly one."""
ENOUGH: Final = 256
"""Files from which a second reading process is worth its start."""
MOST_READERS: Final = 2
INPUT: Final = "input"
"""Where the files of nearly everybody lie; whatever the settings say of that is not known yet."""
READINGS: Final = Path(".cache", "readings")
"""What was read before, in a workspace."""
MOST_KEPT: Final = 1
"""So many processes wait for the next command, where one process runs several."""


class Started(NamedTuple):
    """A process that waits to be told its work; `begun`: the number of the task that it began last."""

    process: SpawnProcess
    connection: Connection
    begun: c_int


_waiting: Final[deque[Started]] = deque()
_keepers: Final[list[object]] = []


def worth(files: int) -> int:
    """Return by how many processes so many files are best read on this machine."""
    return min(MOST_READERS, os.cpu_count() or 1) if files >= ENOUGH else 1


@contextmanager
def started_ahead(workspace: Path) -> Iterator[None]:
    """Have as many processes started as the input is worth; those that nobody took end with this.

    Where readings are kept, one will mostly do for what has changed since.
    """
    files = sum(len(names) for _, _, names in os.walk(workspace / INPUT))
    wanted = min(files, 1 if (workspace / READINGS).exists() else worth(files))
    _waiting.extend(filter(None, (start() for _ in range(wanted - len(_waiting)))))
    try:
        yield
    finally:
        _end_all_but(MOST_KEPT if _keepers else 0)


@contextmanager
def children_kept() -> Iterator[None]:
    """Let one process wait for the next command, where several are run: a start takes longer than a few files."""
    _keepers.append(None)
    try:
        yield
    finally:
        _keepers.pop()
        _end_all_but(MOST_KEPT if _keepers else 0)


def one_waiting() -> Started | None:
    """Return a process that waits and lives; a new one where there is none, and none where the system starts none."""
    while started := _taken():
        if started.process.is_alive():
            return started
        end(started)
    return start()


def give_back(started: Started) -> None:
    """Need a process no longer: it ends, unless it is kept for the next command."""
    if _keepers and len(_waiting) < MOST_KEPT:
        _waiting.append(started)
    else:
        end(started)


def _end_all_but(kept: int) -> None:
    while len(_waiting) > kept and (started := _taken()):
        end(started)


def _taken() -> Started | None:
    with suppress(IndexError):  # several threads take them
        return _waiting.popleft()
    return None


def start() -> Started | None:
    """Start a process, which says READY once it was told its work; None where the system does not let us."""
    _allow_children()
    context = multiprocessing.get_context("spawn")
    begun: c_int = RawValue("i", 0)
    try:
        ours, theirs = context.Pipe()
        with theirs:
            process = context.Process(target=_serve, args=(theirs, begun), daemon=True)
            process.start()
    except OSError:  # too many processes or open files, no memory, or something that guards the machine
        return None
    return Started(process, ours, begun)


def end(started: Started) -> None:
    """End a process."""
    started.connection.close()
    started.process.kill()
    started.process.join()


def _serve(connection: Connection, begun: c_int) -> None:
    gc.set_threshold(GARBAGE)
    from dingji.read.child import serve  # noqa: PLC0415 - loaded in the new process, while the old one goes on

    serve(connection, begun)


def _allow_children() -> None:
    """Let this process have children where it is itself a child, as a worker of a cluster is: ours end with it."""
    own = multiprocessing.current_process()
    if own.daemon:
        own.daemon = False
