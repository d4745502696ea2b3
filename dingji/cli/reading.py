"""Commands that begin by reading the input: the rest of the program, pandas above all, is loaded while others read."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from dingji.cli.folders import way_of, workspace_of
from dingji.received import Way, receive
from dingji.workspace import Workspace

if TYPE_CHECKING:
    from dingji.pipeline import Run

    Then = Callable[[argparse.Namespace, Workspace, Run], int]


def read_first(chosen: argparse.Namespace, root: Path) -> int:
    """Read the input and grade, then do what the command is for."""
    workspace = workspace_of(chosen, root)
    load = partial(resolve_name, f"dingji.cli.{chosen.then}")
    way = way_of(workspace, cached=not getattr(chosen, "no_cache", False), meanwhile=load)
    done = _done(workspace, way)
    then: Then = load()
    return then(chosen, workspace, done)


def _done(workspace: Workspace, way: Way) -> Run:
    """Return the run up to its outcome; here, so that what was read is given up before anything is written."""
    received = receive(workspace, way)
    from dingji.pipeline import graded  # noqa: PLC0415 - it loads pandas, after others have begun to read

    return graded(received)
