"""A faulty workbook as it was sent → its marked copy. Runs in a process apart: what it opens is foreign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from dingji.read.guard import inspect
from dingji.read.open import open_file
from dingji.reports.returned.convert import MOST_CELLS, converted, sheet_names
from dingji.reports.returned.fault import Fault
from dingji.reports.returned.mark import marked
from dingji.reports.returned.own_parts import shed
from dingji.reports.returned.package import Package, UnmarkableError

MARKABLE: Final = (".xlsx", ".xlsm", ".xltx", ".xltm")
BINARY: Final = ".xlsx"
LOST: Final = "原文件是 {what}，本表只保留了各格的内容，格式和公式没有保留。"


class Marked(NamedTuple):
    """A copy: the ending of its name, its bytes, and what is to be said of how it differs from what was sent."""

    suffix: str
    raw: bytes
    lost: str


def marked_copy(raw: bytes, path: str, number: str, faults: Sequence[Fault]) -> Marked | None:
    """Return the copy of a workbook with its faults marked; None where there can be none.

    `path`: its path in the input, for its ending; `number`: its 退回号.
    """
    suffix = PurePosixPath(path).suffix.lower()
    try:
        if raw.startswith(b"PK"):
            ending = suffix if suffix in MARKABLE else ".xlsm" if inspect(raw).macros else BINARY
            package = Package.of(raw)
            lost = shed(package)
            return Marked(ending, marked(package, faults, number, lost), lost)
    except UnmarkableError:
        pass  # made anew of its values
    return _anew(raw, suffix, number, faults)


def _anew(raw: bytes, suffix: str, number: str, faults: Sequence[Fault]) -> Marked | None:
    """Make a workbook of the values of a file that cannot itself be marked."""
    grids, *_ = open_file(raw, suffix)
    if not grids or sum(len(line) for grid in grids for line in grid.rows) > MOST_CELLS:
        return None
    lost = LOST.format(what=suffix.lstrip(".") or "其他格式")
    names = dict(zip((grid.name for grid in grids), sheet_names(grids), strict=True))
    own = [replace(fault, sheet=names.get(fault.sheet, fault.sheet)) for fault in faults]
    return Marked(BINARY, marked(Package.of(converted(grids)), own, number, lost), lost)


@dataclass(frozen=True)
class Order:
    """A copy to be made: the file as it lies there now, what it was when it was read, and where the copy goes."""

    address: Path
    path: str
    sha256: str
    number: str
    faults: tuple[Fault, ...]
    target: Path


def make_copy(order: Order) -> tuple[str, str] | None:
    """Write a copy; return its ending and what is to be said of it, None where there is none.

    A file that is no longer what was read has no copy.
    """
    raw = order.address.read_bytes()
    if sha256(raw).hexdigest() != order.sha256:
        return None
    copy = marked_copy(raw, order.path, order.number, order.faults)
    if copy is None:
        return None
    order.target.write_bytes(copy.raw)
    return copy.suffix, copy.lost
