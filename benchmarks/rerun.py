"""Goal 7: run again after one workbook has changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import CACHE, Bench, inputs, record_of, seconds_of
from benchmarks.program import program
from benchmarks.row import Row

TYPED = re.compile(rb"(<c [^>]*><v>)([0-9.]+)(</v></c>(?!.*<c [^>]*><v>[0-9.]+</v></c>))", re.DOTALL)
"""The last figure that was typed on a sheet."""


def rerun_goal(bench: Bench) -> Iterator[Row]:
    """Change a mark, run with what is kept, then with nothing kept (`--no-cache`): the files must be the same."""
    folder = bench.workspace(bench.sizes.branches)
    if not bench.runs or not (folder / CACHE).is_dir():
        yield Row(7, "改一张表后再运行", limit=0.5, missing=f"程序还不留下读过的表（{CACHE}）")
        return
    parts, whole, different = [], [], 0
    for path, _ in zip(inputs(folder, "自评表"), range(bench.sizes.pairs), strict=False):
        change(path)
        warm = program("--workspace", str(folder), "run").seconds
        kept = record_of(folder)
        cold = program("--workspace", str(folder), "run", "--no-cache").seconds
        fresh = record_of(folder)
        whole.append(warm / cold)
        parts.append(seconds_of(kept, "read", "grade") / seconds_of(fresh, "read", "grade"))
        different += kept["outputs"] != fresh["outputs"]
    yield Row(7, "改一张表后再运行：读表和测算 ÷ 从头运行", tuple(parts), 0.15)
    yield Row(7, "改一张表后再运行：全部 ÷ 从头运行", tuple(whole), 0.5)
    yield Row(7, "改一张表后再运行：与从头运行不同的次数", (different,), 0, "次")


def change(path: Path) -> None:
    """Give another figure where the last one was typed on the first sheet."""
    from dingji.seal import inflated, packed

    parts = inflated(path.read_bytes())
    name = "xl/worksheets/sheet1.xml"
    parts[name] = TYPED.sub(lambda found: found[1] + (b"0" if found[2] == b"1" else b"1") + found[3], parts[name])
    path.write_bytes(packed(parts))
