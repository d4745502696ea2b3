"""Commands that begin by reading the input: the rest of the program, pandas above all, is loaded while others read."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from pkgutil import resolve_name

from dingji.cli.folders import way_of, workspace_of
from dingji.received import Received, receive
from dingji.workspace import Workspace

Then = Callable[[argparse.Namespace, Workspace, Received], int]
"""What a command does once everything is read."""


def read_first(chosen: argparse.Namespace, root: Path) -> int:
    """Read the input, then do what the command is for."""
    workspace = workspace_of(chosen, root)
    load = partial(resolve_name, f"dingji.cli.{chosen.then}")
    way = way_of(workspace, cached=not getattr(chosen, "no_cache", False), meanwhile=load)
    received = receive(workspace, way)
    then: Then = load()
    return then(chosen, workspace, received)
