"""What a file is to hold: bytes, or another file's, so that what is large is never held in memory as a whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

Content = bytes | Path
"""The bytes themselves, or the file in which they lie."""
CHUNK: Final = 1 << 20


def chunks(content: Content) -> Iterator[bytes]:
    """Yield the bytes piece by piece."""
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def digest_of(content: Content) -> str:
    """Return the SHA-256."""
    digest = sha256()
    for piece in chunks(content):
        digest.update(piece)
    return digest.hexdigest()


def write(content: Content, target: Path) -> None:
    """Write the bytes into a file."""
    if isinstance(content, bytes):
        target.write_bytes(content)
    else:
        shutil.copyfile(content, target)


def laid(files: Mapping[str, Content], folder: Path) -> dict[str, Content]:
    """Lay what files are to hold into files of a folder, out of memory; return the same names with where it lies."""
    return {name: content if isinstance(content, Path) else _laid(content, folder) for name, content in files.items()}


def _laid(content: bytes, folder: Path) -> Path:
    with NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(content)
    return Path(file.name)


def is_held_by(content: Content, target: Path) -> bool:
    """Say whether a file holds these very bytes; not where it is missing, or shut to us."""
    try:
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        if target.stat().st_size != size:
            return False
        if isinstance(content, bytes):
            return target.read_bytes() == content
        return digest_of(content) == digest_of(target)
    except OSError:
        return False
