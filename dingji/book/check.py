"""What is wrong with a book that was read: the findings of loading and of the linter, each at its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dingji.book.filled import BookReading, CellFinding, Spot
from dingji.book.notation import Text
from dingji.reference.headings import in_names
from dingji.scheme.finding import Finding, Path
from dingji.scheme.load import validated
from dingji.scheme.told import Section

Load = Callable[[bytes], list[Finding]]
"""Reads a file that is right in form, and says what else is wrong with it."""


def checked(reading: BookReading, root: type[Section], raw: bytes, load: Load) -> list[CellFinding]:
    """Return everything that is wrong with a book, in the order of its cells as they were read.

    The linter is asked only where every cell could be read: it would say of what is missing that it is wrong.
    """
    unread = {finding.spot.cell + finding.spot.sheet for finding in reading.findings}
    model, shape = validated(root, reading.data, "")
    found = list(reading.findings)
    for finding in shape:
        spot = spot_of(reading, finding.path)
        if spot.cell + spot.sheet not in unread or not spot.cell:
            found.append(CellFinding("error", spot, _shape_words(finding, spot)))
    if model is not None and not any(finding.severity == "error" for finding in found):
        found += at_cells(reading, load(raw), root)
    return found


def at_cells(reading: BookReading, findings: Iterable[Finding], root: type[Section]) -> list[CellFinding]:
    """Return findings about a file at the cells from which it was read."""
    found = []
    for finding in findings:
        spot = spot_of(reading, finding.path)
        table = spot.column.table if spot.column else root
        found.append(CellFinding(finding.severity, spot, in_names(finding.words, table)))
    return found


def spot_of(reading: BookReading, path: Path) -> Spot:
    """Return the cell of a key path, else of the nearest table above it."""
    while path and path not in reading.spots:
        path = path[:-1]
    return reading.spots.get(path, Spot(""))


def _shape_words(finding: Finding, spot: Spot) -> str:
    """Tell a mistake of form in the book's words: a file's quotes and brackets are none of an officer's business."""
    if spot.column is None or finding.words == "缺少必填的键":
        table = "这张表" if spot.column is None else "这一栏"
        return f"没有填；{table}必填" if not spot.found or spot.column else finding.words
    if type(spot.column.notation) is Text:
        return finding.words
    return f"应是{spot.column.notation.words}"
