"""Conditional formats of an .xlsx by which nobody may see what a cell holds: which cells they are for.

Whether a condition is met is not asked. After ECMA-376, part 1, 18.3.1.18, and [MS-XLSX] for those of Excel 2010.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dingji.read.cell_styles import hides, pieces
from dingji.read.extent import TAG
from dingji.read.grid import Block, position_of
from dingji.read.relations import WITHIN, attributes

MOST = 100
"""So many blocks of cells of a sheet."""
_FORMAT = re.compile(TAG + rb"conditionalFormatting[\s>]")
_END = re.compile(rb"</(?:[\w.-]+:)?conditionalFormatting")
_RULE = re.compile(TAG + rb"cfRule\s" + WITHIN)
_DIFFERENCE = re.compile(TAG + rb"dxf[\s>]")
_AREA = re.compile(rb"""sqref(?:>|\s*=\s*["'])([^"'<>]*)""")
_NO_VALUE = re.compile(rb"""showValue\s*=\s*["'](?:0|false)["']""")
_BLOCK = re.compile(r"([A-Za-z]{1,3}\d{1,7})(?::([A-Za-z]{1,3}\d{1,7}))?")


def veiled(xml: bytes, hiding: Sequence[str]) -> Sequence[Block]:
    """Return the blocks of cells with such a format; `hiding` are the numbers of the styles that hide."""
    if b"onditionalFormatting" not in xml:
        return ()
    own = (_END.split(piece, maxsplit=1)[0] for piece in pieces(xml, _FORMAT))
    found = (block for each in own if _may_hide(each, hiding) for block in _blocks(each))
    return list(dict.fromkeys(found))[:MOST]


def _may_hide(xml: bytes, hiding: Sequence[str]) -> bool:
    named = (attributes(rule.group(1)).get("dxfId") for rule in _RULE.finditer(xml))
    own = any(map(hides, pieces(xml, _DIFFERENCE)))
    return own or _NO_VALUE.search(xml) is not None or any(each in hiding for each in named)


def _blocks(xml: bytes) -> Iterator[Block]:
    for area in _AREA.findall(xml):
        yield from blocks_of(area.decode(errors="replace"))


def blocks_of(area: str) -> Iterator[Block]:
    """Yield the blocks that an area consists of: `C9:C40 E9`."""
    for match in _BLOCK.finditer(area.upper()):
        yield position_of(match[1]), position_of(match[2] or match[1])
