"""Drop a folder of foreign files beside good forms: what came of each, how long it took, how much memory.

    python -m benchmarks hostile_folder 文件夹 [--one-by-one] [--list]

A demonstration is made and run; the files of the folder are laid into its `input/` and it is run again. Printed are
the outcomes by code, the slow files, the reading process's peak memory, and whether the good forms were graded the
same. The exit status is 1 where a file was taken, was told of in no line or in several, or a good form suffered.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

from dingji.demo import write_demo
from dingji.engine.inputs import Job, find_files
from dingji.engine.readers import FILE_SECONDS, ReadingProcess
from dingji.outcome import Outcome
from dingji.pipeline import prepare, run
from dingji.problems import Problem, describe
from dingji.workspace import Workspace

PROGRAM = Path(__file__).resolve().parent.parent
FOREIGN = "外来"
BRANCHES, RATERS, SEED = 20, 3, 1
SLOW = 1.0
"""Seconds that a bad file may cost."""


def main(arguments: Sequence[str]) -> int:
    """Run the measurement of the folder that the command line names."""
    parser = argparse.ArgumentParser(description="坏文件与好表放在一起")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--one-by-one", action="store_true", help="time every file alone, and watch the memory")
    parser.add_argument("--list", action="store_true", help="print every file's line")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        return measure(Workspace(Path(folder) / "工作"), chosen.folder, one_by_one=chosen.one_by_one, lines=chosen.list)


def measure(workspace: Workspace, hostile: Path, *, one_by_one: bool, lines: bool) -> int:
    """Run with and without the foreign files, print what came of them, and return the exit status."""
    write_demo(workspace.root, PROGRAM / "schemes" / "five-good.toml", BRANCHES, RATERS, SEED)
    before = run(workspace).outcome
    shutil.copytree(hostile, workspace.inputs / FOREIGN, symlinks=True, copy_function=_copy)
    if one_by_one:
        _print_costs(workspace)
    started = perf_counter()
    after = run(workspace).outcome
    told = _told(after)
    print(f"{len(told)} files, the whole run {perf_counter() - started:.1f} s")
    _print_groups(told, lines=lines)
    faults = [*_wrongly_told(told), *_taken(after), *_suffered(before, after)]
    print(*faults, sep="\n")
    return 1 if faults else 0


def _copy(source: str, target: str) -> None:
    if Path(source).is_fifo():
        os.mkfifo(target)  # what is no file must be named too
    else:
        shutil.copy2(source, target)


def _told(outcome: Outcome) -> dict[str, list[Problem]]:
    """Return the problems of every foreign file by its path."""
    told: dict[str, list[Problem]] = {file.path: [] for file in outcome.files if file.path.startswith(f"{FOREIGN}/")}
    for problem in outcome.problems:
        if problem.file in told:
            told[problem.file].append(problem)
    return told


def _print_groups(told: dict[str, list[Problem]], *, lines: bool) -> None:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for path, problems in told.items():
        outcome = " + ".join(f"{problem.code} {describe(problem).words}" for problem in problems)
        groups[outcome or "nothing said"].append(path)
    for outcome, paths in sorted(groups.items(), key=lambda group: -len(group[1])):
        print(f"{len(paths):6}  {outcome}")
        for path in paths if lines else ():
            print(f"            {path}")


def _wrongly_told(told: dict[str, list[Problem]]) -> Iterator[str]:
    for path, problems in told.items():
        if len(problems) != 1:
            yield f"told of in {len(problems)} lines: {path} {' '.join(problem.code for problem in problems)}"


def _taken(outcome: Outcome) -> Iterator[str]:
    for file in outcome.files:
        if file.path.startswith(f"{FOREIGN}/") and (file.taken or file.kind):
            yield f"taken for a form ({file.kind}): {file.path}"


def _suffered(before: Outcome, after: Outcome) -> Iterator[str]:
    """Compare results and roll-call of the good forms."""
    if not before.results.equals(after.results):
        yield "the results are not the same"
    if not before.entries.equals(after.entries):
        yield "the entries are not the same"
    known = after.rollcall[after.rollcall["status"] != "未识别"].reset_index(drop=True)
    if not before.rollcall.equals(known):
        yield "the roll-call is not the same"


def _print_costs(workspace: Workspace) -> None:
    """Read every foreign file alone in one reading process, and print the slow ones and the peak of its memory."""
    jobs = [job for job in find_files(workspace.inputs) if job[1].startswith(f"{FOREIGN}/")]
    child = ReadingProcess(prepare(workspace).plan)
    costs, peak = [], 0
    child.ask([], FILE_SECONDS)
    for job in jobs:
        seconds = _seconds(child.ask, job)
        if child.process is not None:
            now = _peak(child.process.pid)
            if now > peak:
                print(f"memory {now:5} MB after {job[1]}")
            peak = max(peak, now)
        else:
            child.ask([], FILE_SECONDS)
        costs.append((seconds, job[1]))
    child.stop()
    costs.sort(reverse=True)
    slow = [cost for cost in costs if cost[0] > SLOW]
    print(f"read one by one: {sum(cost[0] for cost in costs):.1f} s, {len(slow)} over {SLOW:.0f} s, peak {peak} MB")
    for seconds, path in costs[: max(10, len(slow))]:
        print(f"  {seconds:6.2f} s {path}")


def _seconds(ask: Callable[[Sequence[Job], float], object], job: Job) -> float:
    started = perf_counter()
    ask([job], FILE_SECONDS)
    return perf_counter() - started


def _peak(process: int | None) -> int:
    """Return the most memory that a process has had, in MB; 0 where the system does not tell."""
    status = Path(f"/proc/{process}/status")
    if not status.is_file():
        return 0
    lines = dict(line.partition(":")[::2] for line in status.read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) // 1024
