"""How the cells of a result workbook look: formats made once a workbook, and tints by a grade's rank."""

from __future__ import annotations

from collections.abc import Iterable

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from dingji.forms.palette import LOOKS
from dingji.reports.columns import Kind
from dingji.reports.standing import UNGRADED
from dingji.scheme.model import Scheme

LIGHT = ((0xC6, 0xE0, 0xB4), (0xFF, 0xF2, 0xCC), (0xF8, 0xCB, 0xAD))
"""Cell tints from the best grade over the middle to the lowest."""
STRONG = ((0x70, 0xAD, 0x47), (0xED, 0xB5, 0x2E), (0xC9, 0x4F, 0x3D))
"""The same for a chart's columns."""
GREY = "#E7E6E6"

OWN_LOOKS = {**LOOKS, "total_centred": LOOKS["total"], "total_text": {**LOOKS["total"], "align": "left"}}
CENTRED: frozenset[Kind] = frozenset(("count", "score", "exact", "share", "grade", "number"))


class Styles:
    """The formats of one workbook, made when first asked for."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str, str], Format] = {}

    def look(self, name: str, number_format: str = "", tint: str = "") -> Format:
        """Return the format of a look of the forms' palette with a number format and a fill."""
        key = (name, number_format, tint)
        if key not in self._made:
            numbers = {"num_format": number_format} if number_format else {}
            fill = {"bg_color": tint} if tint else {}
            self._made[key] = self._book.add_format({**OWN_LOOKS[name], **numbers, **fill})
        return self._made[key]

    def cell(self, kind: Kind, places: int = 2, *, total: bool = False, tint: str = "") -> Format:
        """Return the format of a table's cell by its kind."""
        name = "centred" if kind in CENTRED else "text"
        return self.look(f"total_{name}" if total else name, number_format(kind, places), tint)


def number_format(kind: Kind, places: int = 2) -> str:
    """Return the number format of a kind of value: what is shown is what papers print."""
    formats: dict[Kind, str] = {
        "count": "0",
        "score": f"0.{'0' * places}",
        "exact": f"0.{'0' * places}",
        "share": "0.00%",
    }
    return formats.get(kind, "")


def grade_tints(schemes: Iterable[Scheme], scale: tuple[tuple[int, int, int], ...] = LIGHT) -> dict[str, str]:
    """Return a colour for each grade label by its rank; where two standards differ, the first one's."""
    tints: dict[str, str] = {UNGRADED: GREY}
    for scheme in schemes:
        last = max(len(scheme.grades) - 1, 1)
        for rank, grade in enumerate(scheme.grades):
            tints.setdefault(grade.name, _between(scale, 2 * rank / last))
    return tints


def _between(scale: tuple[tuple[int, int, int], ...], position: float) -> str:
    """Return the colour at a position from 0 (best) over 1 to 2 (lowest) of a scale of three."""
    start = min(int(position), 1)
    part = position - start
    channels = (low + (high - low) * part for low, high in zip(scale[start], scale[start + 1], strict=True))
    return "#" + "".join(f"{round(channel):02X}" for channel in channels)
