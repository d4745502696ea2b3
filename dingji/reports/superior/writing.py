"""A copy of the superior's workbook with figures in its cells. Runs in a process apart: what it opens is foreign.

Formats, merged blocks, formulas and print settings stay as they came. A formula's stored value would be one of before;
it goes, and whatever opens the copy works it out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from lxml import etree

from dingji.read.cell_styles import is_percent
from dingji.read.grid import Position
from dingji.reports.returned.cells import SheetCells
from dingji.reports.returned.looks import ASK, Looks
from dingji.reports.returned.own_parts import is_outward
from dingji.reports.returned.package import WORKBOOK, Package, S, foreign

PERCENT: Final = ("9", "10")
"""Excel's own number formats of percentages."""
TWO_PLACES: Final = "10"
SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
BEFORE_CALCULATION: Final = (
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets"),
    *("functionGroups", "externalReferences", "definedNames"),
)
"""What stands before `calcPr` in a workbook's part (ECMA-376, part 1, 18.2.27)."""


@dataclass(frozen=True)
class Write:
    """A cell to be written. `share`: the figure is a share of 1, told in points where `points` says so.

    `like`: the row whose format a new row takes; -1 where the row is there.
    """

    place: Position
    value: str | float
    share: bool = False
    points: bool = False
    like: int = -1


@dataclass(frozen=True)
class Order:
    """A copy to be made: the file as it was looked at, by sheet what is written and tinted, and where it goes."""

    address: Path
    sha256: str
    writes: Mapping[str, Sequence[Write]]
    tints: Mapping[str, Sequence[Position]]
    target: Path


def fill_in(order: Order) -> bool:
    """Write the filled copy; False where the file is no longer what was looked at."""
    raw = order.address.read_bytes()
    if sha256(raw).hexdigest() != order.sha256:
        return False
    with foreign():
        package = Package.of(raw)
        styles = package.tree(package.target(WORKBOOK, "styles"))
        for sheet in dict.fromkeys((*order.writes, *order.tints)):
            writer = _Writer(SheetCells(package.tree(package.sheets[sheet])), Looks(styles), _percents(styles))
            writer.write(order.writes.get(sheet, ()))
            writer.tint(order.tints.get(sheet, ()))
        _to_be_calculated(package)
    order.target.write_bytes(package.packed())
    return True


def _percents(styles: etree._Element) -> frozenset[str]:
    """Return the numbers of the number formats that show a percentage."""
    own = styles.iterfind(f"{S}numFmts/{S}numFmt")
    return frozenset((*PERCENT, *(each.get("numFmtId", "") for each in own if is_percent(each.get("formatCode", "")))))


class _Writer:
    """Writes into the cells of one sheet."""

    def __init__(self, cells: SheetCells, looks: Looks, percents: frozenset[str]) -> None:
        self.cells, self.looks, self.percents = cells, looks, percents
        self._shares: dict[int, int] = {}

    def write(self, writes: Iterable[Write]) -> None:
        """Write texts as texts, never as formulas or links, and figures as numbers."""
        rows: defaultdict[int, list[Write]] = defaultdict(list)
        for each in writes:
            rows[each.place[0]].append(each)
        for row, own in sorted(rows.items()):
            if own[0].like >= 0:
                self._row_like(row, own[0].like)
            for each in own:
                self._put(self.cells.cell(each.place), each)

    def _row_like(self, row: int, model: int) -> None:
        """Make a row that looks like another one: its height, and the format of each of its cells."""
        columns = range(max(self.cells.columns_of(model), default=-1) + 1)
        for column in columns:
            style = self.cells.cell((model, column)).get("s")
            new = self.cells.cell((row, column))
            if style:
                new.set("s", style)
        for name in ("ht", "customHeight"):
            if value := self.cells.rows[model].get(name):
                self.cells.rows[row].set(name, value)

    def _put(self, cell: etree._Element, each: Write) -> None:
        for child in list(cell):
            cell.remove(child)
        _untyped(cell)
        if isinstance(each.value, str):
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, f"{S}is"), f"{S}t")
            text.set(SPACE, "preserve")
            text.text = legal(each.value)
            return
        value = each.value
        if each.share and not self._is_percent(cell):
            if each.points:
                value = float(f"{value * 100:.15g}")
            else:
                cell.set("s", str(self._as_share(int(cell.get("s", 0)))))
        etree.SubElement(cell, f"{S}v").text = repr(value)

    def _is_percent(self, cell: etree._Element) -> bool:
        return self._format(int(cell.get("s", 0))).get("numFmtId", "0") in self.percents

    def _format(self, style: int) -> etree._Element:
        return self.looks.formats.findall(f"{S}xf")[style]

    def _as_share(self, style: int) -> int:
        """Return a format like another one that shows percentages: as a bare number a share would be misread."""
        if style not in self._shares:
            look = deepcopy(self._format(style))
            look.attrib.update({"numFmtId": TWO_PLACES, "applyNumberFormat": "1"})
            self._shares[style] = self.looks.added(look)
        return self._shares[style]

    def tint(self, places: Iterable[Position]) -> None:
        """Tint cells that a person has to fill in."""
        for place in places:
            cell = self.cells.cell(place)
            cell.set("s", str(self.looks.tinted(int(cell.get("s", 0)), ASK)))


def _untyped(cell: etree._Element) -> None:
    if "t" in cell.attrib:
        del cell.attrib["t"]


def legal(text: str) -> str:
    """Return a text without the signs that XML cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff"))


def _to_be_calculated(package: Package) -> None:
    """Take the stored values of formulas away, but of those that read other workbooks; ask for all to be worked out."""
    for part in package.sheets.values():
        if next(package.seen(part).iter(f"{S}f"), None) is not None:
            for formula in package.tree(part).iter(f"{S}f"):
                _forget(formula)
    root = package.tree(WORKBOOK)
    found = root.find(f"{S}calcPr")
    if found is None:
        found = etree.Element(f"{S}calcPr")
        names = [f"{S}{name}" for name in BEFORE_CALCULATION]
        root.insert(sum(child.tag in names for child in root), found)
    found.set("fullCalcOnLoad", "1")


def _forget(formula: etree._Element) -> None:
    cell = formula.getparent()
    value = cell.find(f"{S}v") if cell is not None else None
    if cell is not None and value is not None and not is_outward(formula):
        cell.remove(value)
        _untyped(cell)
