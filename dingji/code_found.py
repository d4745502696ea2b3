"""Where a 数据校验码 stands: which papers of a round print it, so that a copy on paper is known again."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from dingji.checkcode import PREFIX, digest_of

PACKED = (".xlsx", ".docx")
PLAIN = (".html", ".json")


def code_of(typed: str) -> str:
    """Return the code that somebody typed from a paper, with or without the words before it; "" where it is none."""
    code = "".join(typed.removeprefix(PREFIX).split()).upper()
    return code if digest_of(code) else ""


def papers_with(output: Path, code: str) -> tuple[list[str], list[str]]:
    """Return the papers below a folder of results that print a code, and those that cannot be looked into, by path."""
    found, damaged = [], []
    for path in sorted(output.rglob("*")):
        if path.suffix in (*PACKED, *PLAIN) and path.is_file():
            name = path.relative_to(output).as_posix()
            try:
                if any(code.encode() in part for part in _parts(path)):
                    found.append(name)
            except (OSError, BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
                damaged.append(name)
    return found, damaged


def _parts(path: Path) -> Iterator[bytes]:
    """Yield the texts of a paper as bytes."""
    if path.suffix in PLAIN:
        yield path.read_bytes()
        return
    with ZipFile(path) as archive:
        yield from (archive.read(name) for name in archive.namelist() if name.endswith(".xml"))
