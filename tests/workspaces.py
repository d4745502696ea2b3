"""Workspaces for tests: a folder with config, standards and an `input/` of given files."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from dingji.cli.main import main
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme

PROGRAM = Path(__file__).resolve().parent.parent


def scheme(name: str = "five-good") -> Scheme:
    """Return one of the program's own standards."""
    loaded, findings = load_scheme((PROGRAM / "schemes" / f"{name}.toml").read_bytes())
    assert loaded is not None, findings
    return loaded


def make_workspace(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Make a workspace like the program's own, with these files in `input/`."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(PROGRAM / "config.toml", folder)
    shutil.copytree(PROGRAM / "schemes", folder / "schemes", dirs_exist_ok=True)
    for name, raw in files.items():
        target = folder / "input" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)
    return folder


def command(folder: Path, *arguments: str) -> int:
    """Run a command of the program on a workspace, in this process."""
    return main(["--workspace", str(folder), *arguments], PROGRAM)
