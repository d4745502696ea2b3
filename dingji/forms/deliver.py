"""Putting forms into the folder to hand out: what someone has filled in since is never written over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from pydantic import TypeAdapter, ValidationError

RECORD: Final = ".清单.json"
"""Below the folder: what the program wrote last, SHA-256 by name."""

_RECORD = TypeAdapter(dict[str, str])


@dataclass
class Delivered:
    """How many files were written and removed; `kept` names those left alone since they are someone's work."""

    written: int = 0
    kept: list[str] = field(default_factory=list)
    removed: int = 0


def deliver(folder: Path, files: Iterable[tuple[str, bytes]]) -> Delivered:
    """Bring a folder to these files (paths relative to it, `/` between), all that it is to hold.

    A file is replaced, or removed where it is no longer among them, only while it is as the program wrote it. The
    record is kept even where the disk fails half-way. OSError where a file cannot be read or written.
    """
    before = _recorded(folder)
    after = dict(before)
    delivered = Delivered()
    names: set[str] = set()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for name, raw in files:
            names.add(name.casefold())  # on some systems a name in another case is the same file
            _put(folder / _inside(name), name, raw, after, delivered)
        for name in sorted(name for name in before if name.casefold() not in names):
            _retire(folder, name, after, delivered)
    finally:
        text = json.dumps(after, ensure_ascii=False, indent=1, sort_keys=True)
        _write(folder / RECORD, f"{text}\n".encode())
    return delivered


def _put(target: Path, name: str, raw: bytes, record: dict[str, str], delivered: Delivered) -> None:
    """Write a file where there is none, or where the one there is the program's own."""
    there = _digest(target)
    own = _sha256(raw)
    if there not in ("", own, record.get(name)):
        delivered.kept.append(name)
        return
    if there != own:
        _write(target, raw)
        delivered.written += 1
    record[name] = own


def _retire(folder: Path, name: str, record: dict[str, str], delivered: Delivered) -> None:
    """Remove a file that is no longer handed out, with the folders it leaves empty; a changed one stays."""
    target = folder / name
    there = _digest(target)
    if there not in ("", record[name]):
        delivered.kept.append(name)
        return
    del record[name]
    if there:
        target.unlink()
        delivered.removed += 1
        for parent in (folder / above for above in PurePosixPath(name).parents if above.name):
            if any(parent.iterdir()):
                break
            parent.rmdir()


def _recorded(folder: Path) -> Mapping[str, str]:
    """Return what was written last; of a broken record nothing, so that every file there is taken for filled in."""
    path = folder / RECORD
    if not path.is_file():
        return {}
    try:
        record = _RECORD.validate_json(path.read_bytes())
    except ValidationError:
        return {}
    return {name: digest for name, digest in record.items() if _stays_inside(name)}


def _inside(name: str) -> str:
    if not _stays_inside(name):
        raise ValueError(f"unsafe path: {name!r}")
    return name


def _stays_inside(name: str) -> bool:
    """Say whether a relative path stays inside its folder on every system."""
    return all(part.strip(". ") and not set(part) & set("\\:\0") for part in name.split("/"))


def _digest(target: Path) -> str:
    """Return the SHA-256 of a file, "" where there is none."""
    return _sha256(target.read_bytes()) if target.is_file() else ""


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _write(target: Path, raw: bytes) -> None:
    """Write a file whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f"{target.name}.part")
    try:
        staged.write_bytes(raw)
        staged.replace(target)
    except OSError:
        staged.unlink(missing_ok=True)  # a full disk stays full with half a file on it
        raise
