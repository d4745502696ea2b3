"""Goal 10: one cluster worker against two, on the large workspace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

from benchmarks.bench import Bench, record_of, seconds_of
from benchmarks.program import program
from benchmarks.row import Row

SETTING = """
[engine]
kind = "dask"
scheduler = "{}"
"""


def cluster_goal(bench: Bench) -> Iterator[Row]:
    """Run by one worker, by two, and here; reading and scoring are timed, the files must be the same."""
    what = f"读表和测算，1 ÷ 2 个工作节点，{bench.large} 个党组织"
    if not find_spec("distributed"):
        yield Row(10, what, limit=1.7, at_least=True, missing="没有安装 dingji[cluster]")
        return
    local = bench.large_run.record["outputs"]
    folder = bench.workspace(bench.large)
    config = folder / "config.toml"
    usual = config.read_text("utf-8")
    seconds, different = [], 0
    for workers in (1, 2):
        with _cluster(bench.folder / f"{workers}", workers) as address:
            config.write_text(usual + SETTING.format(address), "utf-8")
            program("--workspace", str(folder), "run")
        seconds.append(seconds_of(record_of(folder), "read", "grade"))
        different += record_of(folder)["outputs"] != local
    config.write_text(usual, "utf-8")
    yield Row(10, what, (seconds[0] / seconds[1],), 1.7, at_least=True)
    yield Row(10, "与本机运行不同的次数", (different,), 0, "次")


@contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[str]:
    """Keep a scheduler and so many workers of one thread on this machine; give its address."""
    from tests.machines import scheduler, worker

    folder.mkdir()
    with ExitStack() as stack:
        file = stack.enter_context(scheduler(folder))
        for _ in range(workers):
            stack.enter_context(worker(file, {}))
        yield json.loads(file.read_text("utf-8"))["address"]
