"""What of a workbook goes back to its owner: the parts of its sheets. Links outwards and foreign parts are left out.

A part belongs to it where relations of known kinds lead to it from the workbook on. Whatever in the XML refers to a
relation that is left out goes too, or the program that opens the copy would call it damaged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from dingji.reports.returned.package import WORKBOOK, Package, R, S, foreign, relations_name, resolved
from dingji.seal import TYPES

MACROS: Final = frozenset({"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"})
_SIGNED: Final = ("vbaProjectSignature", "vbaProjectSignatureAgile", "vbaProjectSignatureV3")
_BOOK: Final = ("officeDocument", "worksheet", "chartsheet", "styles", "sharedStrings", "theme", "calcChain")
_ABOUT: Final = ("core-properties", "extended-properties", "custom-properties", "sheetMetadata", "person")
_SHEET: Final = ("comments", "threadedComment", "vmlDrawing", "drawing", "table", "printerSettings", "image")
_CHART: Final = ("chart", "chartUserShapes", "chartStyle", "chartColorStyle", "themeOverride")
_PIVOT: Final = ("pivotTable", "pivotCacheDefinition", "pivotCacheRecords")
KEPT: Final = MACROS | {*_SIGNED, *_BOOK, *_ABOUT, *_SHEET, *_CHART, *_PIVOT}
"""The last words of the kinds of relations by which a workbook holds what is seen of it (ECMA-376, part 1)."""

LEFT_OUT: Final = "原文件里指向别处的链接和嵌入的其他内容没有保留。"
WITH_MACROS: Final = "原文件带有宏，这一份里原样留着：打开时不要启用，除非确知来源。"
_OUTWARDS = re.compile(r"\[\d+\][^\[\]]*!")
"""A formula that reads another workbook, by its number in the list of links: `[1]Sheet1!A1`."""


def shed(package: Package) -> str:
    """Leave out of a workbook what is not its own; return what is to be said of it, "" where nothing is.

    UnmarkableError where its relations cannot be made out.
    """
    with foreign():
        kinds: set[str] = set()
        reached, cut = _reached(package, kinds)
        strangers = [name for name in package.parts if name not in reached]
        for name in strangers:
            package.remove(name)
        if "externalLink" in kinds:
            _without_outward_formulas(package)
        told = LEFT_OUT if cut or strangers else ""
        return f"{told}{WITH_MACROS if kinds & MACROS else ''}"


def _reached(package: Package, kinds: set[str]) -> tuple[set[str], bool]:
    """Follow the relations that are kept, and cut the others; return the parts, and whether any was cut.

    `kinds` is given the kinds of relations found.
    """
    known = {name.lower(): name for name in package.parts}
    reached, pending, any_cut = {TYPES}, [""], False
    while pending:
        part = pending.pop()
        relations = known.get(relations_name(part).lower())
        if relations is None:
            continue
        reached.add(relations)
        cut = set()
        for relation in package.seen(relations):
            kind = relation.get("Type", "").rpartition("/")[2]
            kinds.add(kind)
            target = known.get(resolved(part, relation.get("Target", "")).lower(), "")
            if relation.get("TargetMode") == "External" or kind not in KEPT:
                cut.add(relation.get("Id", ""))
            elif target and target not in reached:
                reached.add(target)
                pending.append(target)
        if cut:
            _cut(package, part, relations, cut)
            any_cut = True
    return reached, any_cut


def _cut(package: Package, part: str, relations: str, ids: set[str]) -> None:
    """Take relations out of a part, and what refers to them out of its XML."""
    root = package.tree(relations)
    for relation in list(root):
        if relation.get("Id", "") in ids:
            root.remove(relation)
    if part.endswith(".xml"):
        for element in list(package.tree(part).iter()):
            if any(element.get(f"{R}{name}") in ids for name in ("id", "pict", "dm", "lo", "qs", "cs")):
                _remove(element)
            for name in ("link", "embed"):
                if element.get(f"{R}{name}") in ids:
                    del element.attrib[f"{R}{name}"]


def _remove(element: etree._Element) -> None:
    """Take an element out, with those around it that hold nothing else."""
    parent = element.getparent()
    while parent is not None and len(parent) == 1 and parent.getparent() is not None:
        element, parent = parent, parent.getparent()
    if parent is not None:
        parent.remove(element)


def _without_outward_formulas(package: Package) -> None:
    """Leave the figures that formulas read from other workbooks, and take the formulas, names and rules themselves."""
    for part in (WORKBOOK, *package.sheets.values()):
        if b"[" not in package.parts.get(part, b""):
            continue
        root = package.tree(part)
        shared = {each.get("si") for each in _outward(root, "f") if each.get("t") == "shared"}
        gone = [each for each in root.iter(f"{S}f") if each.get("t") == "shared" and each.get("si") in shared]
        for element in {*gone, *_outward(root, "f"), *_outward(root, "definedName")}:
            _remove_alone(element)
        for name in ("formula1", "formula2", "formula"):
            for element in _outward(root, name):
                if (rule := element.getparent()) is not None and rule.getparent() is not None:
                    _remove(rule)


def _outward(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return filter(is_outward, list(root.iter(f"{S}{name}")))


def is_outward(formula: etree._Element) -> bool:
    """Say whether a formula reads another workbook."""
    return bool(_OUTWARDS.search(formula.text or ""))


def _remove_alone(element: etree._Element) -> None:
    """Take an element out of its parent; a list that it leaves empty goes too, a cell does not."""
    parent = element.getparent()
    if parent is not None and parent.tag == f"{S}definedNames":
        _remove(element)
    elif parent is not None:
        parent.remove(element)
