"""Read and validate, in one reading process, against the bare reader on the same files: medians of paired runs.

    python -m benchmarks reading [党组织个数]

A demonstration with nine raters is read in turns: every file by the compiled reader alone, then by the reading
process's own function. Start-up of the process is apart. Ratios are of one run; absolute times drift.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

PROGRAM = Path(__file__).resolve().parent.parent
BRANCHES, RATERS, SEED, PAIRS = 200, 9, 1, 7
Job = tuple[str, str]


def main(arguments: Sequence[str]) -> int:
    """Print the ratio for each kind of form and for all of them."""
    from dingji.demo import write_demo
    from dingji.engine.inputs import find_files
    from dingji.pipeline import prepare
    from dingji.read.reading import read_file
    from dingji.workspace import Workspace

    branches = int(arguments[0]) if arguments else BRANCHES
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "工作")
        write_demo(workspace.root, PROGRAM / "schemes" / "five-good.toml", branches, RATERS, SEED)
        plan, jobs = prepare(workspace).plan, find_files(workspace.inputs)
        kinds = {"自评表": "self forms", "测评表": "survey forms", "评定表": "committee books", "": "all"}
        for start, called in kinds.items():
            chosen = [job for job in jobs if job[1].startswith(start)]
            bare, own = _paired(chosen, _read_barely, lambda job: read_file(Path(job[0]), job[1], plan))
            each = 1_000 / len(chosen)
            print(f"{called:16} {len(chosen):5} files, ms a file: bare {bare * each:.2f}, read and validated", end=" ")
            print(f"{own * each:.2f}, ratio {own / bare:.2f}")
    return 0


def _read_barely(job: Job) -> None:
    """Take every value of every sheet, as the bare reader gives them."""
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(Path(job[0]).read_bytes()))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _paired(jobs: Sequence[Job], *ways: Callable[[Job], object]) -> list[float]:
    """Return the median seconds of each way to read these files; the ways take turns."""
    seconds: list[list[float]] = [[] for _ in ways]
    for _ in range(PAIRS):
        for way, taken in zip(ways, seconds, strict=True):
            started = perf_counter()
            for job in jobs:
                way(job)
            taken.append(perf_counter() - started)
    return [median(taken) for taken in seconds]
