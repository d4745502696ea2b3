"""The folders and files that a command line names, and how a command goes about them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from dingji.cli.console import shown
from dingji.cli.progress import Display
from dingji.engine.cache import Cache
from dingji.engine.work import idle
from dingji.received import Way
from dingji.workspace import Workspace


def workspace_of(chosen: argparse.Namespace, root: Path) -> Workspace:
    """Return the workspace that the command works on."""
    return Workspace((chosen.workspace or root).resolve())


def way_of(workspace: Workspace, *, cached: bool = True, meanwhile: Callable[[], object] = idle) -> Way:
    """Return how a command runs: it shows how far it is, and takes what was read before where that may be."""
    shown[:] = [Display()]
    return Way(shown[0], cache=Cache.of(workspace.root) if cached else None, meanwhile=meanwhile)


def finish_reading(way: Way) -> None:
    """Keep what was read for the next run, and turn to writing."""
    if way.cache:
        way.cache.save()
    way.progress("写出")


def templates_of(workspace: Workspace) -> Path:
    """Return the workspace's folder of report templates."""
    return workspace.root / "templates" / "reports"


def scheme_path(named: str, root: Path) -> Path:
    """Return the file of a standard that is named by its id, or by its path."""
    path = Path(named)
    return path if path.suffix == ".toml" else root / "schemes" / f"{named}.toml"
