"""How a piece of a Word paper looks: as it says itself, or by its style, by that style's, by the default.

Properties that hold for one piece come as a chain, nearest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from lxml import etree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFF: Final = ("0", "false", "off", "none", "nil")


def name_of(element: etree._Element) -> str:
    """Return an element's name without its namespace; "" of a comment or an instruction."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def value(chain: Sequence[etree._Element], tag: str, attribute: str = "val") -> str | None:
    """Return an attribute of a property (`spacing`, `ind/left`) from the nearest that has it; None where none has."""
    found = (each.get(f"{W}{attribute}") for properties in chain for each in properties.iterfind(f"{W}{tag}"))
    return next((text for text in found if text is not None), None)


def number(chain: Sequence[etree._Element], tag: str, attribute: str = "val", default: float = 0) -> float:
    """Return such an attribute as a number; `default` where it is none."""
    text = value(chain, tag, attribute)
    try:
        return default if text is None else float(text)
    except ValueError:
        return default


def is_on(chain: Sequence[etree._Element], tag: str) -> bool:
    """Say whether a switch is on: it is there, and not said to be off."""
    nearest = next((each for properties in chain for each in properties.iterfind(f"{W}{tag}")), None)
    return nearest is not None and nearest.get(f"{W}val", "1") not in OFF


class Styles:
    """The styles of a document, by what holds for a paragraph, a run and a table."""

    def __init__(self, root: etree._Element | None) -> None:
        """Take the part styles.xml; None where a document has none."""
        self._defaults: dict[str, list[etree._Element]] = {"pPr": [], "rPr": []}
        self._styles: dict[str, etree._Element] = {}
        self._usual = ""
        if root is None:
            return
        for kind in self._defaults:
            self._defaults[kind] = root.findall(f"{W}docDefaults/{W}{kind}Default/{W}{kind}")
        for style in root.iterfind(f"{W}style"):
            self._styles[style.get(f"{W}styleId", "")] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true"):
                self._usual = style.get(f"{W}styleId", "")

    def paragraph(self, own: Sequence[etree._Element]) -> Sequence[etree._Element]:
        """Return what holds for a paragraph with these properties of its own."""
        return [*own, *self._inherited(value(own, "pStyle") or self._usual, "pPr"), *self._defaults["pPr"]]

    def run(self, own: Sequence[etree._Element], paragraph: Sequence[etree._Element]) -> Sequence[etree._Element]:
        """Return what holds for a run: its own, its style's, its paragraph's style's, the default."""
        of_run = self._inherited(value(own, "rStyle") or "", "rPr")
        of_paragraph = self._inherited(value(paragraph, "pStyle") or self._usual, "rPr")
        return [*own, *of_run, *of_paragraph, *self._defaults["rPr"]]

    def table(self, own: Sequence[etree._Element]) -> Sequence[etree._Element]:
        """Return what holds for a table."""
        return [*own, *self._inherited(value(own, "tblStyle") or "", "tblPr")]

    def _inherited(self, style: str, kind: str) -> Iterator[etree._Element]:
        seen: set[str] = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            yield from self._styles[style].iterfind(f"{W}{kind}")
            style = value([self._styles[style]], "basedOn") or ""


def own(element: etree._Element, kind: str) -> list[etree._Element]:
    """Return the properties (`pPr`, `rPr` …) that stand at an element itself."""
    return element.findall(f"{W}{kind}")


def points(twips: float) -> float:
    """Return twentieths of a point as points."""
    return twips / 20


def largest(sizes: Iterable[float], default: float) -> float:
    """Return the largest size of a line; of an empty one the size that it would have."""
    return max(sizes, default=default)
