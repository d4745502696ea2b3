"""Commands that begin by reading the input: reading processes start while this program is loaded.

What comes after reading, pandas above all, is loaded while others read.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from dingji.engine.ahead import started_ahead

if TYPE_CHECKING:
    from dingji.pipeline import Run
    from dingji.received import Received
    from dingji.workspace import Workspace

    Then = Callable[[argparse.Namespace, Workspace, Run], int]


def read_first(chosen: argparse.Namespace, root: Path) -> int:
    """Read the input and grade, then do what the command is for."""
    load = partial(resolve_name, f"dingji.cli.{chosen.then}")
    workspace, done = _done(chosen, root, load)
    then: Then = load()
    return then(chosen, workspace, done)


def _done(chosen: argparse.Namespace, root: Path, load: Callable[[], object]) -> tuple[Workspace, Run]:
    """Return the run up to its outcome; here, so that what was read is given up before anything is written."""
    with started_ahead(chosen.workspace or root):
        workspace, received = _received(chosen, root, load)
    from dingji.pipeline import graded  # noqa: PLC0415 - it loads pandas, after others have begun to read

    return workspace, graded(received)


def _received(chosen: argparse.Namespace, root: Path, load: Callable[[], object]) -> tuple[Workspace, Received]:
    from dingji.cli.folders import way_of, workspace_of  # noqa: PLC0415 - loaded while reading processes start
    from dingji.received import receive  # noqa: PLC0415

    workspace = workspace_of(chosen, root)
    way = way_of(workspace, cached=not getattr(chosen, "no_cache", False), meanwhile=load)
    received = receive(workspace, way)
    if way.cache and hasattr(chosen, "alone"):  # others do not keep what they read
        way.cache.make_ready()
    return workspace, received
