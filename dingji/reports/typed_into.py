"""Files in `output/` that somebody typed into after they were written: they stay beside the new ones."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from dingji.content import Content, digest_of, is_held_by
from dingji.reports.run_record import RECORD, written_last


def written_there(output: Path) -> dict[str, str]:
    """Return the SHA-256 of what was written last into each file of `output`; nothing where no record tells."""
    record = output / RECORD
    return written_last(record.read_bytes()) if record.is_file() else {}


def typed_into(output: Path, files: Mapping[str, Content], leaving: Iterable[str]) -> dict[str, str]:
    """Return the files that somebody changed since they were written, and the name that each is kept under.

    `files` take the place of theirs, `leaving` only go. Without a record nobody can tell; then there are none.
    """
    written = written_there(output)
    going = sorted({*files, *leaving} - {RECORD}) if written else []
    changed = [name for name in going if _is_changed(output / name, written.get(name, ""), files.get(name))]
    return {name: _free(output, name) for name in changed}


def _is_changed(place: Path, written: str, new: Content | None) -> bool:
    """Say whether a file holds neither what was written last nor what comes now.

    One that another program keeps shut cannot be replaced either: it stays, and the new one is put beside it.
    """
    if not place.is_file() or (new is not None and is_held_by(new, place)):
        return False
    try:
        return digest_of(place) != written
    except PermissionError:
        return False


def _free(output: Path, name: str) -> str:
    """Return the first name for a changed file that nothing in the folder has."""
    path = PurePosixPath(name)
    names = (str(path.with_name(f"{path.stem}(手改{number}){path.suffix}")) for number in ("", *range(2, 1000)))
    return next(other for other in names if not os.path.lexists(output / other))
