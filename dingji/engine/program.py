"""Which program this is: a digest by which a worker elsewhere, or a reading kept from before, is known to fit."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
READER: Final = "python-calamine"


@cache
def program_digest() -> str:
    """Return a digest of this program's sources and of the version of the library that opens workbooks."""
    digest = sha256(version(READER).encode())
    for path in sorted(ROOT.rglob("*.py")):
        digest.update(f"\n{path.relative_to(ROOT).as_posix()}\n".encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
