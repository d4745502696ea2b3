"""Measure every goal and print each as it is measured: `python -m benchmarks`, `python -m benchmarks 1 3 --quick`.

Ratios are of interleaved pairs on the same files in one run: absolute times drift from machine to machine and from
hour to hour. The workspaces are demonstrations in a temporary folder and are deleted afterwards.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.bench import Bench, Sizes
from benchmarks.goals import GOALS
from benchmarks.page import PAGE, write_profile, write_rows

QUICK = Sizes(branches=6, large=12, raters=2, sample=2, pairs=1)


def main() -> None:
    """Measure what the command line asks for."""
    chosen = parse()
    given = {name: value for name in vars(QUICK) if (value := getattr(chosen, name)) is not None}
    basis = vars(QUICK) if chosen.quick else {"large": 10 * (chosen.branches or Sizes.branches)}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), Sizes(**{**basis, **given}), chosen.hostile)
        if chosen.profile:
            lines = bench.inside("profile", bench.workspace(bench.sizes.branches))
            sys.stdout.write("\n".join(lines) + "\n")
            write_profile(PAGE, lines)
            return
        for number in chosen.goals or GOALS:
            rows = []
            for row in GOALS[number](bench):
                rows.append(row)
                print(row.line, flush=True)
            if chosen.markdown:
                write_rows(PAGE, rows, bench.sizes.words)


def parse() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="每个目标量一遍：比值、要求、达到或未达")
    parser.add_argument(
        "goals", nargs="*", type=int, metavar="目标", help=f"只量这几个目标（{min(GOALS)}–{max(GOALS)}）"
    )
    parser.add_argument("--quick", action="store_true", help="只用很少的表，看命令能不能跑通")
    parser.add_argument("--branches", type=int, metavar="个数", help=f"党组织个数（默认 {Sizes.branches}）")
    parser.add_argument("--large", type=int, metavar="个数", help="大的一份有多少党组织（默认 10 倍）")
    parser.add_argument("--raters", type=int, metavar="人数", help=f"评委人数（默认 {Sizes.raters}）")
    parser.add_argument("--sample", type=int, metavar="个数", help=f"与逐表脚本相比时取多少张表（默认 {Sizes.sample}）")
    parser.add_argument("--pairs", type=int, metavar="次数", help=f"每个比值量几对（默认 {Sizes.pairs}）")
    parser.add_argument(
        "--hostile", type=Path, metavar="文件夹", help="目标 9 用这里的坏文件（默认用 demo --faults 的）"
    )
    parser.add_argument("--markdown", action="store_true", help="把量到的各行写进 docs/performance.md 的表")
    parser.add_argument("--profile", action="store_true", help="不量目标，只看时间花在哪里，写进 docs/performance.md")
    chosen = parser.parse_args()
    if strange := [number for number in chosen.goals if number not in GOALS]:
        parser.error(f"没有目标 {strange[0]}")
    return chosen


if __name__ == "__main__":
    main()
