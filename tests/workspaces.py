"""Workspaces for tests: a folder with config, standards and an `input/` of given files."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from openpyxl import load_workbook

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


def decide(folder: Path) -> None:
    """Let the committee agree with every computed grade that it has not spoken of: its paper, filled, goes into input.

    The paper is the one that a run leaves in 上会.
    """
    assert command(folder, "run") in (0, 1)
    book = load_workbook(folder / "output/上会/审定表.xlsx")
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows())
    top = next(number for number, row in enumerate(rows) if any(cell.value == "审定等次" for cell in row))
    headings = [cell.value for cell in rows[top]]
    computed, decided = headings.index("测算等次"), headings.index("审定等次")
    for row in rows[top + 1 :]:
        if row[computed].value and not row[decided].value:
            row[decided].value = row[computed].value
    book.save(folder / "input/审定表.xlsx")


def without_meeting(folder: Path) -> None:
    """Let the settings say that grades need no meeting of the committee."""
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace("[office]\n", "[office]\nmeeting = false\n"), "utf-8")


def command(folder: Path, *arguments: str) -> int:
    """Run a command of the program on a workspace, in this process."""
    return main(["--workspace", str(folder), *arguments], PROGRAM)
