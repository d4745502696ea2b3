"""The folders and files that a command line names."""

from __future__ import annotations

import argparse
from pathlib import Path

from dingji.workspace import Workspace


def workspace_of(chosen: argparse.Namespace, root: Path) -> Workspace:
    """Return the workspace that the command works on."""
    return Workspace((chosen.workspace or root).resolve())


def templates_of(workspace: Workspace) -> Path:
    """Return the workspace's folder of report templates."""
    return workspace.root / "templates" / "reports"


def scheme_path(named: str, root: Path) -> Path:
    """Return the file of a standard that is named by its id, or by its path."""
    path = Path(named)
    return path if path.suffix == ".toml" else root / "schemes" / f"{named}.toml"
