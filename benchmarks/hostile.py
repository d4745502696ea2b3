"""Goal 9: a folder of files that are no good forms, laid beside good ones."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench, record_of
from benchmarks.program import program
from benchmarks.row import Row

FOREIGN = "外来"
BRANCHES = 20
INNER = ("内部/", "退回/")
"""Here the bad files themselves are told of; everything else must stay as it was."""


def hostile_goal(bench: Bench) -> Iterator[Row]:
    """Run without and with the bad files: those of the folder given, else of `demo --faults`."""
    good = bench.workspace(min(BRANCHES, bench.sizes.branches))
    program("--workspace", str(good), "run")
    before = record_of(good)
    folder = bench.folder / "坏文件"
    shutil.copytree(good, folder)
    lay_bad_files(bench, folder / "input" / FOREIGN)
    process = program("--workspace", str(folder), "run", weigh=True)
    after = record_of(folder)
    bad = {path for path in after["inputs"] if path.startswith(f"{FOREIGN}/")}
    taken = [path for path in bad if after["inputs"][path]["taken"]]
    size = f"{len(bad)} 个坏文件"
    yield Row(9, f"{size}中没有说到的", (len(bad - told_of(folder)),), 0, "个")
    yield Row(9, f"{size}中当作表收下的", (len(taken),), 0, "个")
    yield Row(9, "没有收下的好表和变了的上报材料", (len(suffered(before, after)),), 0, "个")
    yield Row(9, f"run 的全部进程，{size}", (process.together,), 512, "MB")
    yield Row(9, "最慢的坏文件", (max(bench.inside("one_by_one", folder, FOREIGN)),), 1, "s")


def lay_bad_files(bench: Bench, target: Path) -> None:
    """Copy the files of the folder given; where there is none, what cannot be opened out of a folder of faults."""
    if bench.hostile:
        shutil.copytree(bench.hostile, target, symlinks=True, copy_function=_copy)
        return
    faults = bench.workspace(1, "--faults")
    for number, (name, codes) in enumerate(_listed(faults / "故障清单.xlsx")):
        source = faults / "input" / name
        if codes.startswith("E1") and source.is_file():
            place = target / f"{number:03d}" / source.name
            place.parent.mkdir(parents=True)
            shutil.copy2(source, place)


def _listed(guide: Path) -> Iterator[tuple[str, str]]:
    """Yield every file of the list of faults and the codes of what is said about it."""
    for row in _rows(guide, "故障清单"):
        for name in str(row[2]).splitlines():
            yield name, str(row[3])


def told_of(folder: Path) -> set[str]:
    """Return every file that 问题清单 has a line for."""
    rows = _rows(folder / "output" / "内部" / "分类定级结果.xlsx", "问题清单")
    return {str(value) for row in rows for value in row}


def _rows(book: Path, sheet: str) -> list[list[Any]]:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(book).get_sheet_by_name(sheet).to_python()


def suffered(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return good forms that are not taken as before, and papers that are not as before."""
    forms = [path for path, file in before["inputs"].items() if after["inputs"].get(path) != file]
    papers = {path: digest for path, digest in before["outputs"].items() if not path.startswith(INNER)}
    return forms + [path for path, digest in papers.items() if after["outputs"].get(path) != digest]


def _copy(source: str, target: str) -> None:
    if Path(source).is_fifo():
        os.mkfifo(target)  # what is no file must be named too
    else:
        shutil.copy2(source, target)
