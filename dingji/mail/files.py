"""The files that lie ready to be sent: in the folders that are open, no link among them, as the program wrote them.

Papers are there to be completed by hand (文号, 落款), and so is the superior's form: these go as they lie, and it is
told that they do. What holds figures that others count with goes only as it was written.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import BadZipFile, ZipFile

from dingji.content import digest_of
from dingji.mail.message import Attachment, is_open
from dingji.problems import Problem
from dingji.reports.upward import FILLED

TEXT: Final = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
"""The part by which a file is known to be what its name says."""
PAPER: Final = ".docx"
LARGEST: Final = 1 << 26
"""Bytes of a part that is looked through."""
_TAG: Final = re.compile(rb"<[^<>]*>")


def lying(
    root: Path, recorded: Mapping[str, str], made_of: Mapping[str, str] | None = None
) -> Iterator[tuple[str, Attachment | Problem]]:
    """Yield every file that may travel, by its path in the workspace, or why it is left out; others are passed over.

    `recorded`: SHA-256 by path, of what the program wrote last; `made_of`: of the paper that each PDF was made of.
    """
    for path in sorted(filter(is_open, recorded)):
        yield path, _one(root, path, recorded, made_of or {})


def _one(root: Path, path: str, recorded: Mapping[str, str], made_of: Mapping[str, str]) -> Attachment | Problem:
    target = root / path
    try:
        inside = target.resolve().relative_to(root.resolve()).as_posix() == path
        if not inside:
            return Problem("E603", path)
        same = digest_of(target) == recorded[path]
        if same and path in made_of and _overtaken(root, path, recorded, made_of[path]):
            return Problem("W648", path)
    except (OSError, ValueError, RuntimeError):  # gone, shut, a link outwards, or one to itself
        return Problem("E603", path)
    if same:
        return Attachment(path, target)
    to_be_completed = path.startswith("output/") and (path.endswith(PAPER) or path == f"output/{FILLED}")
    return Attachment(path, target, changed=True) if to_be_completed and words_in(target) else Problem("W612", path)


def _overtaken(root: Path, path: str, recorded: Mapping[str, str], made_of: str) -> bool:
    """Say whether the paper beside a PDF was changed after the PDF was made of it."""
    paper = str(PurePosixPath(path).with_suffix(PAPER))
    return paper in recorded and (root / paper).is_file() and digest_of(root / paper) != made_of


def words_in(file: Path) -> str:
    """Return the words of a paper or workbook without its layout; "" where it is none, or damaged."""
    try:
        with ZipFile(file) as archive:
            if TEXT[file.suffix] not in archive.namelist():
                return ""
            parts = [
                each for each in archive.infolist() if each.filename.endswith(".xml") and each.file_size <= LARGEST
            ]
            return "".join(_TAG.sub(b"", archive.read(each)).decode(errors="replace") for each in parts)
    except (OSError, BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return ""


def handed_out(folder: Path, name: str) -> dict[str, str]:
    """Return what a delivered folder's record tells, by path in the workspace; nothing where there is none."""
    try:
        record = json.loads(folder.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return {f"{name}/{path}": str(digest) for path, digest in record.items()} if isinstance(record, dict) else {}
