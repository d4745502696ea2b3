"""The looks that a workbook given back gets on top of its own: tinted cells, and those of the list of problems.

A tint takes the place of the cell's fill in a copy of its format; all else of the format stays. The last sign of the
tint's colour numbers the fill that it covers, and the list's first line tells what that was: a mended copy that goes
back once more is first freed of its old tints, whatever program has saved it in between.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Final

from lxml import etree

from dingji.reports.returned.package import S, UnmarkableError

MUST: Final = "FFF8B4B"
ASK: Final = "FFFFE08"
"""Tints of cells to be mended and of cells to be looked at again, without their last sign."""

MOST_COVERED: Final = 15
_COLOUR = ("rgb", "theme", "indexed", "tint")
_KNOWN = re.compile(r"(?:(?:rgb|theme|indexed|tint)=[0-9A-Fa-f.eE+-]+&?)+")


class Looks:
    """The formats of one workbook (its styles part), to which looks are added."""

    def __init__(self, root: etree._Element) -> None:
        self.formats = self._part(root, "cellXfs")
        self.fills = self._part(root, "fills")
        self.fonts = self._part(root, "fonts")
        self.borders = self._part(root, "borders")
        self.covered: list[str] = []
        self._tinted: dict[tuple[int, str, bool], int] = {}

    @staticmethod
    def _part(root: etree._Element, name: str) -> etree._Element:
        found = root.find(f"{S}{name}")
        if found is None:
            raise UnmarkableError(name)
        return found

    def tinted(self, style: int, tint: str, *, plain: bool = False) -> int:
        """Return the number of a format like another one but for its fill. `tint`: MUST or ASK.

        `plain`: as 常规, so that a figure typed into it becomes neither a date nor a percentage.
        """
        if (style, tint, plain) not in self._tinted:
            listed = self.formats.findall(f"{S}xf")
            if not 0 <= style < len(listed):
                raise UnmarkableError(f"cellXfs {style}")
            look = deepcopy(listed[style])
            look.set("fillId", str(self._fill(f"{tint}{self._cover(int(look.get('fillId', 0))):X}")))
            look.set("applyFill", "1")
            if plain:
                look.attrib.update({"numFmtId": "0", "applyNumberFormat": "1"})
            self._tinted[style, tint, plain] = _appended(self.formats, look)
        return self._tinted[style, tint, plain]

    def added(self, look: etree._Element) -> int:
        """Add a format; return its number."""
        return _appended(self.formats, look)

    def _fill(self, colour: str) -> int:
        return _appended(self.fills, _solid({"rgb": colour}))

    def _cover(self, fill: int) -> int:
        """Return the number under which a fill is remembered; 0 for none, or one that cannot be told in a line."""
        code = _code(self.fills[fill]) if 0 <= fill < len(self.fills) else ""
        if not code:
            return 0
        if code not in self.covered:
            if len(self.covered) == MOST_COVERED:
                return 0
            self.covered.append(code)
        return self.covered.index(code) + 1

    def uncover(self, covered: str) -> None:
        """Give cells that an earlier return tinted the fill back that the tint covered."""
        codes = [code if _KNOWN.fullmatch(code) else "" for code in covered.split(",")]
        for fill in list(self.fills):
            colour = fill.find(f"{S}patternFill/{S}fgColor")
            told = colour.get("rgb", "").upper() if colour is not None else ""
            if told[:-1] in (MUST, ASK):
                number = int(told[-1], 16)
                code = codes[number - 1] if 0 < number <= len(codes) else ""
                self.fills.replace(fill, _solid(_attributes(code)) if code else _none())

    def add(self, font: str, *, fill: str = "", border: bool = False, wrap: bool = True) -> int:
        """Return the number of a new format. `font`: the XML of its font's properties, in the schema's order."""
        made = etree.fromstring(f'<font xmlns="{S[1:-1]}">{font}</font>')
        wrapped = "1" if wrap else "0"
        look = etree.Element(f"{S}xf", xfId="0", numFmtId="49", fontId=str(_appended(self.fonts, made)), applyFont="1")
        look.set("fillId", str(self._fill(fill)) if fill else "0")
        look.set("borderId", str(self._thin() if border else 0))
        look.attrib.update({"applyFill": "1", "applyBorder": "1", "applyAlignment": "1", "applyNumberFormat": "1"})
        etree.SubElement(look, f"{S}alignment", vertical="center", wrapText=wrapped)
        return _appended(self.formats, look)

    def _thin(self) -> int:
        border = etree.Element(f"{S}border")
        for side in ("left", "right", "top", "bottom"):
            edge = etree.SubElement(border, f"{S}{side}", style="thin")
            etree.SubElement(edge, f"{S}color", rgb="FF8C8C8C")
        etree.SubElement(border, f"{S}diagonal")
        return _appended(self.borders, border)


def _appended(parent: etree._Element, child: etree._Element) -> int:
    """Append to a counted list; return the child's number."""
    parent.append(child)
    parent.set("count", str(len(parent)))
    return len(parent) - 1


def _solid(colour: dict[str, str]) -> etree._Element:
    fill = etree.Element(f"{S}fill")
    pattern = etree.SubElement(fill, f"{S}patternFill", patternType="solid")
    etree.SubElement(pattern, f"{S}fgColor", colour)
    etree.SubElement(pattern, f"{S}bgColor", indexed="64")
    return fill


def _none() -> etree._Element:
    fill = etree.Element(f"{S}fill")
    etree.SubElement(fill, f"{S}patternFill", patternType="none")
    return fill


def _code(fill: etree._Element) -> str:
    """Return a solid fill's colour in a line; "" for any other fill."""
    pattern = fill.find(f"{S}patternFill")
    colour = pattern.find(f"{S}fgColor") if pattern is not None and pattern.get("patternType") == "solid" else None
    told = [f"{name}={colour.get(name)}" for name in _COLOUR if colour.get(name)] if colour is not None else []
    return "&".join(told)


def _attributes(code: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in code.split("&") if part)
