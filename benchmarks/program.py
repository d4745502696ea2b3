"""The program and the measuring processes, each started as one of its own; their memory is watched from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

PROGRAM = Path(__file__).resolve().parent.parent
START = "import sys; from process import hand_over; sys.exit(hand_over(sys.argv[1:]))"
"""What `process.py` does once its environment stands, which is not to be measured."""

PYTHON = (sys.executable, "-X", "utf8")
USUAL = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
"""Modules are compiled once, as in an office, and not at every start."""
BETWEEN_LOOKS, BETWEEN_WEIGHINGS = 0.01, 0.05
"""Seconds. Weighing walks through all pages of a process, so it is not done where time is measured."""
MB = 1024
DONE = (0, 1)
"""Exit states of a command that ran to its end; 1 says that a person must act."""


@dataclass(frozen=True)
class Finished:
    """A process that came to its end: seconds, memory in MB, and what it printed."""

    seconds: float
    processor: float
    """Seconds of the processor that it and those which it started took together."""
    together: float
    """The most that all processes held at one moment, where they were weighed; a shared page counts once."""
    child: float
    """The highest peak of a process that it started."""
    output: str


def program(*arguments: str, weigh: bool = False) -> Finished:
    """Run a command of the program; `weigh` its processes, which takes time."""
    return finished([*PYTHON, "-c", START, *arguments], weigh=weigh)


def inside(name: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever JSON has
    """Measure inside a new process: what the function of `benchmarks.inside` with that name returns."""
    return json.loads(watched(name, *arguments).output)


def watched(name: str, *arguments: object) -> Finished:
    """Run a function of `benchmarks.inside`, and watch its memory."""
    return finished([*PYTHON, "-m", "benchmarks.inside", name, json.dumps(arguments, default=str)])


def finished(command: list[str], *, weigh: bool = False) -> Finished:
    """Run a command to its end; RuntimeError with what it said where it did not do its work."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        started, before = perf_counter(), _processor()
        process = subprocess.Popen(command, cwd=PROGRAM, env=USUAL, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603 - ours
        together, child = 0.0, 0.0
        while process.poll() is None:
            child = max(child, *[*_peaks(process.pid)][1:], 0.0)
            together = max(together, sum(_weights(process.pid))) if weigh else together
            sleep(BETWEEN_WEIGHINGS if weigh else BETWEEN_LOOKS)
        seconds, processor = perf_counter() - started, _processor() - before
        output.seek(0)
        said = output.read()
    if process.returncode not in DONE:
        raise RuntimeError(said)
    return Finished(seconds, processor, together, child, said)


def _processor() -> float:
    """Return what all processes that came to their end have taken of the processor."""
    times = os.times()
    return times.children_user + times.children_system


def _peaks(process: int, parent: str = "") -> Iterator[float]:
    """Yield the peak of a process and those of all below it, in MB; none where the system does not tell.

    A copy of its parent, and for a moment a child that is being started, has the parent's memory and command line; it
    is left out.
    """
    command, status = (_told(process, name) for name in ("cmdline", "status"))
    if "VmHWM" in status and command != parent:  # it has none where it has ended and nobody asked how
        yield _kilobytes(status, "VmHWM") / MB
    for child in _children(process):
        yield from _peaks(child, command)


def _weights(process: int) -> Iterator[float]:
    """Yield what a process and all below it hold, copies too, in MB: its own pages, and its part of shared ones."""
    told = _told(process, "smaps_rollup")
    if "Pss" in told:
        yield _kilobytes(told, "Pss") / MB
    for child in _children(process):
        yield from _weights(child)


def _kilobytes(told: str, name: str) -> int:
    lines = dict(line.partition(":")[::2] for line in told.splitlines())
    return int(lines[name].split()[0])


def _told(process: int, name: str) -> str:
    """Return what the system tells of a process; "" where it has just ended, or this is no Linux."""
    try:
        return Path(f"/proc/{process}/{name}").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _children(process: int) -> list[int]:
    try:
        homes = [*Path(f"/proc/{process}").glob("task/*/children")]
        return [int(child) for each in homes for child in each.read_text("ascii").split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
