"""Goal 10: one cluster worker against two, on the large workspace."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from time import sleep

from benchmarks.bench import CACHE, Bench, record_of, seconds_of
from benchmarks.program import PROGRAM, program
from benchmarks.row import Row

SCHEDULER = "tcp://127.0.0.1:8799"
SETTING = f'\n[engine]\nkind = "dask"\nscheduler = "{SCHEDULER}"\n'
START_SECONDS = 5.0


def cluster_goal(bench: Bench) -> Iterator[Row]:
    """Run by one worker, by two, and here; reading and scoring are timed, the files must be the same."""
    what = f"读表和测算，1 ÷ 2 个计算节点，{bench.large} 个党组织"
    if not (PROGRAM / "docs" / "cluster.md").is_file():
        yield Row(10, what, limit=1.7, at_least=True, missing="程序还不能分到几台机器上运行")
        return
    if not find_spec("distributed"):
        yield Row(10, what, limit=1.7, at_least=True, missing="没有安装 dingji[cluster]")
        return
    folder = bench.workspace(bench.large)
    local = bench.large_run.record["outputs"]
    config = folder / "config.toml"
    usual = config.read_text(encoding="utf-8")
    config.write_text(usual + SETTING, encoding="utf-8")
    seconds, same = [], []
    for workers in (1, 2):
        with _cluster(workers):
            shutil.rmtree(folder / CACHE, ignore_errors=True)
            program("--workspace", str(folder), "run")
        seconds.append(seconds_of(record_of(folder), "read", "grade"))
        same.append(record_of(folder)["outputs"] == local)
    config.write_text(usual, encoding="utf-8")
    yield Row(10, what, (seconds[0] / seconds[1],), 1.7, at_least=True)
    yield Row(10, "与本机运行不同的次数", (same.count(False),), 0, "次")


@contextmanager
def _cluster(workers: int) -> Iterator[None]:
    """Keep a scheduler and so many workers of one thread on this machine."""
    address = SCHEDULER.rpartition(":")[2]
    commands: list[tuple[str, ...]] = [("scheduler", "--host", "127.0.0.1", "--port", address, "--no-dashboard")]
    commands += [("worker", SCHEDULER, "--nthreads", "1", "--no-dashboard")] * workers
    started = [
        subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_" + name, *rest], cwd=PROGRAM)  # noqa: S603
        for name, *rest in commands
    ]
    try:
        sleep(START_SECONDS)
        yield
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()
