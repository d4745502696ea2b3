"""The goals by number: each yields its rows as they are measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from benchmarks.bench import Bench, inputs, seconds_of
from benchmarks.cluster import cluster_goal
from benchmarks.hostile import hostile_goal
from benchmarks.program import PROGRAM, PYTHON, finished, watched
from benchmarks.rerun import rerun_goal
from benchmarks.row import Row

STARTS = 3
"""Starts for the help in place of one pair: they are short."""
WEIGHINGS = 2
"""So many runs are weighed, apart from those that are timed."""


def reading_goal(bench: Bench) -> Iterator[Row]:
    """Read and validate against the bare reader; inflating alone is what no reader can undercut."""
    folder, pairs = bench.workspace(bench.sizes.branches), bench.sizes.pairs
    yield Row(1, "只解压 ÷ 裸读（底线）", ratios(bench.inside("inflating", folder, pairs)))
    taken = bench.inside("reading", folder, pairs)
    for processes, limit in ((1, 2.0), (2, 1.2)):
        what = f"读表和校验 ÷ 裸读，{processes} 个读表进程（启动另计）"
        yield Row(1, what, tuple(each[processes] / each[0] for each in taken), limit)


def naive_goal(bench: Bench) -> Iterator[Row]:
    """Read and validate against a call of pandas with openpyxl for each sheet."""
    folder, sizes = bench.workspace(bench.sizes.branches), bench.sizes
    for kind, limit in (("自评表", 25), ("测评表", 12)):
        count = min(sizes.sample, len(list(inputs(folder, kind))))
        taken = bench.inside("naive", folder, kind, sizes.sample, sizes.pairs)
        yield Row(2, f"逐表 pandas + openpyxl ÷ 读表和校验，{count} 张{kind}", ratios(taken), limit, at_least=True)


def whole_goal(bench: Bench) -> Iterator[Row]:
    """Take the whole run against the bare read of its input; its parts as the run itself records them."""
    runs = bench.runs
    size = f"{bench.sizes.branches} 个党组织、{bench.sizes.raters} 名评委"
    yield Row(
        3, f"整个 run（反馈另计，见 11）÷ 裸读，{size}", tuple(run.process.seconds / run.bare for run in runs), 3.0
    )
    work = tuple(run.process.processor / run.processor for run in runs)
    yield Row(3, "整个 run ÷ 裸读，所有进程的处理器时间", work)
    yield Row(3, "裸读", tuple(run.bare for run in runs), unit="s")
    yield Row(3, "整个 run", tuple(run.process.seconds for run in runs), unit="s")
    for part, words, limit in (("read", "读表", None), ("grade", "测算", 0.3), ("write", "写出", None)):
        yield Row(3, f"其中{words} ÷ 裸读", tuple(seconds_of(run.record, part) / run.bare for run in runs), limit)


def memory_goal(bench: Bench) -> Iterator[Row]:
    """Look at the reading process alone, with few and with many branches, and at all processes together."""
    few, many = bench.sizes.branches, bench.large
    peaks = [watched("read_once", bench.workspace(branches)).child for branches in (few, many)]
    if not all(peaks):
        yield Row(4, "内存峰值", missing="只在 Linux 上量")
        return
    yield Row(4, f"读表进程的内存峰值，{few} 个党组织", (peaks[0],), 64, "MB")
    yield Row(4, f"读表进程的内存峰值，{many} ÷ {few} 个党组织", (peaks[1] / peaks[0],), 1.1)
    together = tuple(bench.together(bench.workspace(few)) for _ in range(WEIGHINGS))
    yield Row(4, f"run 的全部进程，{few} 个党组织", together, 300, "MB")


def writing_goal(bench: Bench) -> Iterator[Row]:
    """Write the result workbook against plain XlsxWriter of the same cells."""
    taken = bench.inside("writing", bench.workspace(bench.sizes.branches), bench.sizes.pairs)
    yield Row(5, "结果工作簿（格式、链接、图）÷ 同样的格子只用 XlsxWriter 写", ratios(taken), 1.3)


def growth_goal(bench: Bench) -> Iterator[Row]:
    """Take a large run against the usual one: a tenth more than the branches are more is allowed."""
    few, many = bench.sizes.branches, bench.large
    usual, large = bench.runs, bench.large_run
    grown = tuple(large.process.seconds / run.process.seconds for run in usual)
    yield Row(6, f"run 的时间，{many} ÷ {few} 个党组织", grown, 1.1 * many / few)
    work = tuple(large.process.processor / run.process.processor for run in usual)
    yield Row(6, f"run 的处理器时间，{many} ÷ {few} 个党组织", work)
    yield Row(6, f"run 的全部进程，{many} 个党组织", (bench.together(bench.workspace(many)),), unit="MB")


def help_goal(bench: Bench) -> Iterator[Row]:
    """Start for the help, and start an interpreter that does nothing."""
    ways = ([*PYTHON, str(PROGRAM / "process.py"), "--help"], [*PYTHON, "-c", "pass"])
    taken = [[finished(way).seconds for way in ways] for _ in range(STARTS * bench.sizes.pairs)]
    yield Row(8, "process.py --help 比空的解释器多用", tuple(1_000 * (ours - none) for ours, none in taken), 150, "ms")


def feedback_goal(bench: Bench) -> Iterator[Row]:
    """Write every branch's papers, all that they alone need included: answers, receipts, what is withheld."""
    folder, branches = bench.workspace(bench.sizes.branches), bench.sizes.branches
    taken = bench.inside("feedback", folder, bench.sizes.pairs)
    seconds, processor = zip(*taken, strict=True)
    yield Row(11, "反馈页（连通知书），每个党组织", tuple(1_000 * each / branches for each in seconds), 3, "ms")
    work = tuple(1_000 * each / branches for each in processor)
    yield Row(11, "反馈页（连通知书），每个党组织的处理器时间", work, unit="ms")


def ratios(taken: Iterable[tuple[float, float]]) -> tuple[float, ...]:
    """Return how many times the first the second takes, pair by pair."""
    return tuple(second / first for first, second in taken)


GOALS: dict[int, Callable[[Bench], Iterator[Row]]] = {
    1: reading_goal,
    2: naive_goal,
    3: whole_goal,
    4: memory_goal,
    5: writing_goal,
    6: growth_goal,
    7: rerun_goal,
    8: help_goal,
    9: hostile_goal,
    10: cluster_goal,
    11: feedback_goal,
}
