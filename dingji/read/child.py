"""The process in which foreign files are opened: fed tasks, it answers each under limits. Imports no pandas."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from ctypes import c_int
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from dingji.read.reading import FileReading, read_file
from dingji.read.recognise import Plan

MEMORY_LIMIT = 480 << 20
"""Bytes of address space that such a process may take, where the system can hold it to that."""


READY = "ready"
T = TypeVar("T")


def serve(connection: Connection, begun: c_int) -> None:
    """Answer batches of tasks by the work that was sent last, until the connection closes; READY tells that it came.

    `begun` is the number of the task that was begun last, so that whoever asks knows which one kills or hangs the
    process, and need not be woken for it; after the last, the answers are sent: None for a task that raised.
    """
    _limit_memory()
    _keep_quiet()
    work: Callable[[Any], object] = answer_nothing
    while True:
        try:
            batch = connection.recv()
        except EOFError:
            return
        if callable(batch):
            work = batch
            gc.freeze()
            connection.send(READY)
            continue
        answers = []
        for number, task in enumerate(batch):
            begun.value = number
            answers.append(answer_or_none(work, task))
        connection.send(answers)


def answer_nothing(_task: object) -> None:
    """Be no work yet."""


def answer_or_none(work: Callable[[Any], T], task: object) -> T | None:
    """Do a task; one for which memory runs out, or that makes compiled code panic, costs its own answer only."""
    try:
        return work(task)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - a panic of the compiled reader is no Exception
        return None


def read_job(job: tuple[str, str], plan: Plan) -> FileReading:
    """Read a file by its path and its path for people."""
    path, shown = job
    return read_file(Path(path), shown, plan)


def _keep_quiet() -> None:
    """Let nothing that the compiled reader writes while it dies reach the officer's console."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - exists on POSIX systems only

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
