"""Bytes of a workbook + its faults → the same workbook with tints, notes, the list of problems and the 退回号."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lxml import etree

from dingji.forms.stamp import SEPARATOR, ReturnLine, read_stamp
from dingji.read.grid import Position, position_of
from dingji.reports.returned.cells import SheetCells
from dingji.reports.returned.fault import Fault
from dingji.reports.returned.looks import ASK, MUST, Looks
from dingji.reports.returned.notes import remove_notes, write_notes
from dingji.reports.returned.package import WORKBOOK, Package, S, foreign
from dingji.reports.returned.problem_sheet import earlier_sheet, write_sheet

LONGEST: Final = 2_000
"""Signs of a note."""


def marked(package: Package, faults: Sequence[Fault], number: str, lost: str = "") -> bytes:
    """Return a workbook with its faults marked; `number` is its 退回号, `lost` says what could not be kept of it.

    All parts that need no mark stay as they came. Marks of an earlier return are taken out first. UnmarkableError
    where the workbook's parts are not such as can be marked.
    """
    with foreign():
        looks = Looks(package.tree(package.target(WORKBOOK, "styles")))
        _free_of_marks(package, looks)
        sheets = package.sheets
        for sheet, own in _by_sheet(faults).items():
            if sheet in sheets:
                _mark_sheet(package, sheets[sheet], looks, own)
        _stamp(package, number)
        write_sheet(package, looks, ReturnLine(number, ",".join(looks.covered)), faults, lost)
        return package.packed()


def _free_of_marks(package: Package, looks: Looks) -> None:
    known = earlier_sheet(package)
    looks.uncover(known[1].covered if known else "")
    for part in package.sheets.values():
        remove_notes(package, part)


def _by_sheet(faults: Sequence[Fault]) -> dict[str, list[Fault]]:
    found: defaultdict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        if fault.cells:
            found[fault.sheet].append(fault)
    return found


BY_FORMAT: Final = ("E206", "E225")
"""Faults of a cell's format: whatever is typed into it would become a date or a percentage again."""


def _mark_sheet(package: Package, part: str, looks: Looks, faults: Sequence[Fault]) -> None:
    cells = SheetCells(package.tree(part))
    told: defaultdict[Position, list[Fault]] = defaultdict(list)
    for fault in faults:
        for place in dict.fromkeys(cells.shown_at(position_of(cell)) for cell in fault.cells):
            told[place].append(fault)
    for place, own in told.items():
        cell = cells.cell(place)
        tint = MUST if any(fault.must for fault in own) else ASK
        plain = any(fault.line.code in BY_FORMAT for fault in own)
        cell.set("s", str(looks.tinted(int(cell.get("s", 0)), tint, plain=plain)))
    write_notes(package, part, cells, {place: _note(own) for place, own in told.items()})


def _note(faults: Sequence[Fault]) -> str:
    """Return the words of a note: what is wrong with the cell and how to mend it, as the catalogue says it."""
    lines = (f"{fault.line.title}：{fault.line.words}。\n改法：{fault.line.mend}。" for fault in faults)
    return "\n".join(lines)[:LONGEST]


def _stamp(package: Package, number: str) -> None:
    """Write the 退回号 into the stamp, wherever it stands: in the line of every sheet, and in the hidden one."""
    for part in package.texts_with(SEPARATOR):
        for text in _texts(package.seen(part)):
            stamp = read_stamp("".join(piece.text or "" for piece in text.iter(f"{S}t")))
            if stamp:
                package.changed.add(part)
                for child in list(text):
                    text.remove(child)
                etree.SubElement(text, f"{S}t").text = replace(stamp, returned=number).text()


def _texts(root: etree._Element) -> list[etree._Element]:
    """Return the texts of a part: shared ones, or those that cells hold themselves."""
    return [*root.iter(f"{S}si"), *root.iter(f"{S}is")]
