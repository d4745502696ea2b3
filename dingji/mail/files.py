"""The files that lie ready to be sent: as the program wrote them, in the folders that are open, no link among them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from dingji.content import digest_of
from dingji.mail.message import Attachment, is_open
from dingji.problems import Problem


def lying(root: Path, recorded: Mapping[str, str]) -> Iterator[tuple[str, Attachment | Problem]]:
    """Yield every file that may travel, by its path in the workspace, or why it is left out; others are passed over.

    `recorded`: SHA-256 by path, of what the program wrote last.
    """
    for path in sorted(filter(is_open, recorded)):
        yield path, _one(root, path, recorded[path])


def _one(root: Path, path: str, digest: str) -> Attachment | Problem:
    target = root / path
    try:
        inside = target.resolve().relative_to(root.resolve()).as_posix() == path
        if not inside:
            return Problem("E603", path)
        same = digest_of(target) == digest
    except (OSError, ValueError, RuntimeError):  # gone, shut, a link outwards, or one to itself
        return Problem("E603", path)
    return Attachment(path, target) if same else Problem("W612", path)


def handed_out(folder: Path, name: str) -> dict[str, str]:
    """Return what a delivered folder's record tells, by path in the workspace; nothing where there is none."""
    try:
        record = json.loads(folder.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return {f"{name}/{path}": str(digest) for path, digest in record.items()} if isinstance(record, dict) else {}
