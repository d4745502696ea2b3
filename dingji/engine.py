"""Where work runs: the one long-lived reading process, restarted when a file kills or hangs it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from dingji.problems import Problem
from dingji.read.child import READY, serve
from dingji.read.reading import FileReading
from dingji.read.recognise import Plan

BATCH = 32
BATCH_SECONDS = 60.0
FILE_SECONDS = 10.0
START_SECONDS = 120.0
"""What a child may take to start: no file's fault, and long where every program is looked at for viruses."""

Job = tuple[str, str]
"""A file's path, and the path shown to people."""


@dataclass
class ReadingProcess:
    """A spawned child that reads batches; `ask` returns None where it died or hung, and the next starts a new one."""

    plan: Plan
    process: SpawnProcess | None = None
    connection: Connection | None = None

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
        if self.connection is None:
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
        if self.connection is not None:
            self.connection.close()
        if self.process is not None:
            self.process.kill()
            self.process.join()
        self.connection = self.process = None


def read_files(jobs: Sequence[Job], plan: Plan, progress: Callable[[int], None] = lambda _: None) -> list[FileReading]:
    """Read files in one child, in order; a file that kills or hangs the reader is refused, its neighbours are not."""
    child = ReadingProcess(plan)
    readings: list[FileReading] = []
    try:
        for start in range(0, len(jobs), BATCH):
            batch = jobs[start : start + BATCH]
            answer = child.ask(batch, BATCH_SECONDS)
            readings += answer if answer is not None else [_read_alone(child, job) for job in batch]
            progress(len(readings))
    finally:
        child.stop()
    return readings


def _read_alone(child: ReadingProcess, job: Job) -> FileReading:
    answer = child.ask([job], FILE_SECONDS)
    shown = job[1]
    return answer[0] if answer else FileReading(shown, "", problems=[Problem("E106", shown)])


def find_files(folder: Path) -> list[Job]:
    """Return whatever lies below a folder and is no folder, in the order of its shown path.

    Lock files of office programs are skipped; links to nowhere, folders that are shut to us and the like are not, so
    that they are named.
    """
    shut: list[Path] = []
    found = [
        Path(place, name)
        for place, folders, files in os.walk(folder, onerror=lambda error: shut.append(Path(error.filename)))
        for name in (*files, *(each for each in folders if Path(place, each).is_symlink()))
        if not _is_left_by_programs(name)
    ]
    found += shut
    return sorted(((str(path), _shown(path.relative_to(folder))) for path in found), key=lambda job: job[1])


def _shown(path: Path) -> str:
    """Return a path as people read it: a name that is not in the system's encoding is most likely in GB18030."""
    return "/".join(_readable(part) for part in path.parts)


def _readable(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("gb18030", "replace")
    return "".join(sign if sign.isprintable() else "�" for sign in name)


def _is_left_by_programs(name: str) -> bool:
    return name.startswith(("~$", ".")) or name.lower() in ("thumbs.db", "desktop.ini")
