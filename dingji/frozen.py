"""The rounds frozen in a workspace (定稿), as they are found there; without pandas, for reading looks here too.

An archive is itself a workspace; 清单.json names every file with its SHA-256 and holds what papers printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from dingji.workspace import Workspace

FOLDER: Final = "archive"
INVENTORY: Final = "清单.json"
STAGING: Final = ".staging"

Figures = Mapping[str, Mapping[str, str]]
"""By 党组织编码: what papers print of a branch, by heading."""


@dataclass(frozen=True)
class Archive:
    """A frozen round. `order`: the how-manieth of its workspace; `files`: SHA-256 by path."""

    folder: Path
    order: int
    round: str
    figures: Figures
    files: Mapping[str, str]

    @property
    def name(self) -> str:
        """Return the name given to it."""
        return self.folder.name


class Inventory(BaseModel):
    """清单.json as it is written."""

    order: int
    round: str
    figures: dict[str, dict[str, str]]
    files: dict[str, str]


def archives(workspace: Workspace) -> list[Archive]:
    """Return the archives of a workspace that can be read, in the order in which they were made.

    Those of an archive, which is a workspace too, are the ones beside it that were there before.
    """
    itself = read_archive(workspace.root) if workspace.root.parent.name == FOLDER else None
    folders = _folders(Workspace(workspace.root.parents[1])) if itself else _folders(workspace)
    found = [archive for folder in folders if (archive := read_archive(folder))]
    before = [archive for archive in found if itself is None or archive.order < itself.order]
    return sorted(before, key=lambda archive: archive.order)


def unreadable(workspace: Workspace) -> list[str]:
    """Return the names of the archives of which 清单.json cannot be read, or is gone from beside the settings."""
    bare = {path.parent for path in (workspace.root / FOLDER).glob("*/config.toml") if path.parent.name != STAGING}
    folders = sorted({*_folders(workspace), *bare})
    return [folder.name for folder in folders if read_archive(folder) is None]


def _folders(workspace: Workspace) -> list[Path]:
    folder = workspace.root / FOLDER
    found = sorted(path.parent for path in folder.glob(f"*/{INVENTORY}")) if folder.is_dir() else []
    return [path for path in found if path.name != STAGING]


def read_archive(folder: Path) -> Archive | None:
    """Return an archive; None where its inventory is damaged, or cannot be read."""
    try:
        told = Inventory.model_validate_json((folder / INVENTORY).read_bytes())
    except (OSError, ValueError):
        return None
    return Archive(folder, told.order, told.round, told.figures, told.files)


def last_of_round(workspace: Workspace, label: str) -> Archive | None:
    """Return the last archive of a round (`2026 年初`), if there is one."""
    return next((archive for archive in reversed(archives(workspace)) if archive.round == label), None)


def hashes(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the path and the SHA-256 of every file below a folder but its inventory."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != INVENTORY:
            with path.open("rb") as file:
                yield path.relative_to(folder).as_posix(), file_digest(file, "sha256").hexdigest()


def touched(archive: Archive) -> list[str]:
    """Return the archive's files that are no longer as they were frozen, that are gone, or that were added."""
    now = dict(hashes(archive.folder))
    paths = dict.fromkeys((*archive.files, *now))
    return [path for path in paths if archive.files.get(path) != now.get(path)]
