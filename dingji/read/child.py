"""The reading process: fed batches of paths, it answers with what the files say. Imports no pandas."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from dingji.problems import Problem
from dingji.read.reading import FileReading, read_file
from dingji.read.recognise import Plan

MEMORY_LIMIT = 480 << 20
"""Bytes of address space that a reading process may take, where the system can hold it to that."""


READY = "ready"
GARBAGE = 20_000
"""So many objects more than went lie about before any is looked for that holds itself; a reader makes hardly one."""


def serve(connection: Connection, plan: Plan) -> None:
    """Say that it is ready, then answer batches of (path, shown path) until the connection closes."""
    _limit_memory()
    _keep_quiet()
    gc.freeze()
    gc.set_threshold(GARBAGE)
    connection.send(READY)
    while True:
        try:
            batch = connection.recv()
        except EOFError:
            return
        connection.send(read_batch(batch, plan))


def read_batch(jobs: Sequence[tuple[str, str]], plan: Plan) -> list[FileReading]:
    """Read files, each by its path and its path for people; whatever runs it, here or on another machine."""
    return [read_or_refuse(Path(path), shown, plan) for path, shown in jobs]


def read_or_refuse(path: Path, shown: str, plan: Plan) -> FileReading:
    """Read a file; a reader that gives up, runs out of memory or panics costs one problem, not the batch."""
    try:
        return read_file(path, shown, plan)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - a panic of the compiled reader is no Exception
        return FileReading(shown, "", problems=[Problem("E106", shown)])


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
