"""What stands in a paragraph of a Word paper: pieces of text of one look, and numbers that Word itself fills in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from dingji.reports.pdf.looks import Styles, W, is_on, name_of, number, own, points, value

FIELDS: Final = ("PAGE", "NUMPAGES")
THROUGH: Final = ("hyperlink", "ins", "smartTag", "sdt", "sdtContent", "moveTo", "customXml")
"""What only stands around paragraphs or runs."""
UNSEEN: Final = (
    *("pPr", "rPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr"),
    *("proofErr", "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak", "permStart", "permEnd", "sectPr"),
    *("del", "delText", "moveFrom", "softHyphen", "commentRangeStart", "commentRangeEnd", "commentReference", ""),
)
"""What prints nothing."""
CALLED: Final = {
    **dict.fromkeys(("drawing", "pict", "AlternateContent", "object"), "图片或图形"),
    **dict.fromkeys(("footnoteReference", "endnoteReference"), "脚注"),
    "numPr": "自动编号",
    "vertAlign": "上标或下标",
    "titlePg": "首页不同的页眉页脚",
    "gridBefore": "各行不齐的表格",
}
"""What cannot be carried over, in words."""
CHINESE, LATIN = "宋体", "Times New Roman"
PAGE_BREAK: Final = "\f"
SIGNS: Final = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "‑"}

Piece = dict[str, Any]
"""A text, or the name of a field, and how it looks."""


@dataclass
class Reading:
    """One paper being read: its parts, its styles, and what of it cannot be carried over."""

    parts: Mapping[str, bytes]
    styles: Styles
    left: dict[str, None] = field(default_factory=dict)
    instruction: str | None = None
    """What a field that Word has written in pieces says so far; None outside of one."""
    shown: bool = True
    """Whether the text is not that of such a field, as it was when Word last saw it."""

    def leave(self, name: str) -> None:
        """Note that an element has no place in what is told, unless it prints nothing."""
        if name not in UNSEEN:
            self.left[CALLED.get(name, f"特殊内容（{name}）")] = None


def pieces(reading: Reading, element: etree._Element, paragraph: Sequence[etree._Element]) -> Iterator[Piece]:
    """Yield the pieces of a paragraph with these properties; a page break is one of its own."""
    for child in element:
        match name_of(child):
            case "r":
                yield from _run(reading, child, reading.styles.run(own(child, "rPr"), paragraph))
            case "fldSimple":
                yield from _simple(reading, child, paragraph)
            case name if name in THROUGH:
                yield from pieces(reading, child, paragraph)
            case name:
                reading.leave(name)


def _simple(reading: Reading, element: etree._Element, paragraph: Sequence[etree._Element]) -> Iterator[Piece]:
    """Yield the number that a field stands for; the text of any other field as it stands."""
    name = _field(element.get(f"{W}instr", ""))
    for piece in pieces(reading, element, paragraph):
        yield {**piece, "field": name, "text": "" if name else piece["text"]}
        if name:
            return


def _field(instruction: str) -> str:
    word = instruction.strip().partition(" ")[0].upper()
    return word if word in FIELDS else ""


def _run(reading: Reading, element: etree._Element, chain: Sequence[etree._Element]) -> Iterator[Piece]:
    if is_on(chain, "vanish"):
        return
    if value(chain, "vertAlign") in ("superscript", "subscript"):
        reading.leave("vertAlign")
    look = _look(chain)
    for child in element:
        match name_of(child):
            case "instrText":
                reading.instruction = (reading.instruction or "") + (child.text or "")
            case "fldChar":
                yield from _mark(reading, child.get(f"{W}fldCharType", ""), look)
            case name if name in SIGNS or name == "t":
                if reading.shown and reading.instruction is None:
                    yield {**look, "text": _text(child)}
            case name:
                reading.leave(name)


def _text(element: etree._Element) -> str:
    if element.get(f"{W}type") == "page":
        return PAGE_BREAK
    return SIGNS.get(name_of(element)) or element.text or ""


def _mark(reading: Reading, kind: str, look: Piece) -> Iterator[Piece]:
    """Go into, through and out of a field that Word has written in pieces."""
    name = _field(reading.instruction or "")
    if kind == "begin":
        reading.instruction = ""
    elif kind == "separate":
        reading.shown, reading.instruction = not name, None
        if name:
            yield {**look, "field": name}
    elif kind == "end":
        if reading.instruction is not None and name:
            yield {**look, "field": name}
        reading.shown, reading.instruction = True, None


def _look(chain: Sequence[etree._Element]) -> Piece:
    return {
        "text": "",
        "field": "",
        "font": value(chain, "rFonts", "eastAsia") or CHINESE,
        "latin": value(chain, "rFonts", "ascii") or LATIN,
        "size": number(chain, "sz", default=20) / 2,
        "tight": points(number(chain, "spacing")),
        "colour": colour(value(chain, "color")),
        "bold": is_on(chain, "b"),
        "slant": is_on(chain, "i"),
        "under": is_on(chain, "u"),
        "struck": is_on(chain, "strike") or is_on(chain, "dstrike"),
    }


def colour(told: str | None) -> str:
    """Return a colour as told, in six figures; black where none is told."""
    return told if told and re.fullmatch("[0-9A-Fa-f]{6}", told) else "000000"
