"""The workspaces to measure on, made once, and the runs that several goals look at."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.program import Finished, inside, program

RECORD = "output/内部/运行记录.json"
CACHE = ".cache"
MOST_BRANCHES = 9_999
"""More than that `demo` does not make."""

WITHOUT_EXTRAS = "\n[checks]\nformulas = false\n"
"""What a plain installation does not do, and the one with the tests' packages would."""


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    branches: int = 1_000
    large: int = 10_000
    raters: int = 9
    sample: int = 40
    pairs: int = 5

    @property
    def words(self) -> str:
        """Say how much that is."""
        return f"{self.branches} 个党组织、{self.raters} 名评委，{self.pairs} 对"


@dataclass(frozen=True)
class Run:
    """A run of the program with nothing kept from before, and the bare read of its input just before it."""

    bare: float
    processor: float
    """Seconds of the processor that the bare read took."""
    process: Finished
    record: dict[str, Any]


@dataclass
class Bench:
    """Where and how much is measured; workspaces and runs are made when they are first asked for."""

    folder: Path
    sizes: Sizes
    hostile: Path | None = None
    inside = staticmethod(inside)
    made: dict[str, Path] = field(default_factory=dict)

    def workspace(self, branches: int, *further: str) -> Path:
        """Return a demonstration of so many branches; feedback is measured apart, and no run there writes it."""
        name = f"{branches}{''.join(further)}"
        if name not in self.made:
            folder = self.made[name] = self.folder / name
            sizes = ("--branches", str(branches), "--raters", str(self.sizes.raters))
            program("demo", str(folder), *sizes, *further)
            _without_extras(folder / "config.toml")
        return self.made[name]

    @cached_property
    def runs(self) -> list[Run]:
        """Return paired runs on the usual workspace."""
        folder = self.workspace(self.sizes.branches)
        return [self.cold(folder) for _ in range(self.sizes.pairs)]

    @cached_property
    def large(self) -> int:
        """Return how many branches the large workspace has."""
        return min(self.sizes.large, MOST_BRANCHES)

    @cached_property
    def large_run(self) -> Run:
        """Return a run on the large workspace; one, for it takes long."""
        return self.cold(self.workspace(self.large))

    @staticmethod
    def cold(folder: Path) -> Run:
        """Read barely, then run as for the first time."""
        shutil.rmtree(folder / CACHE, ignore_errors=True)
        bare, processor = inside("bare", folder)
        process = program("--workspace", str(folder), "run")
        return Run(bare, processor, process, record_of(folder))

    @staticmethod
    def together(folder: Path) -> float:
        """Return what all processes of a cold run hold at the most, in MB."""
        shutil.rmtree(folder / CACHE, ignore_errors=True)
        return program("--workspace", str(folder), "run", weigh=True).together


def _without_extras(config: Path) -> None:
    """Let the settings say that a run writes no feedback, and works no formula out again."""
    told = config.read_text("utf-8").replace("[publish]\n", "[publish]\nfeedback = false\n")
    config.write_text(told + WITHOUT_EXTRAS, "utf-8")


def record_of(folder: Path) -> dict[str, Any]:
    """Return what the last run there says of itself."""
    record: dict[str, Any] = json.loads((folder / RECORD).read_bytes())
    return record


def seconds_of(record: dict[str, Any], *parts: str) -> float:
    """Return what these parts of a run took together."""
    return float(sum(record["timings"][part] for part in parts))


def inputs(folder: Path, kind: str = "") -> Iterator[Path]:
    """Yield the files of an input, or those in one of its folders."""
    return (path for path in sorted((folder / "input" / kind).rglob("*")) if path.is_file())
