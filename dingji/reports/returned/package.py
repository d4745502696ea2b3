"""A workbook as the parts of its zip: changed one by one, so that everything else stays byte for byte as it came.

Part names, relations and content types are those of ECMA-376 (Office Open XML), parts 1 and 2.
"""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from zipfile import BadZipFile

from lxml import etree

from dingji.seal import TYPES, inflated, packed

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
S: Final = f"{{{MAIN}}}"
R: Final = f"{{{OFFICE}}}"
WORKBOOK: Final = "xl/workbook.xml"


class UnmarkableError(Exception):
    """A workbook whose parts are not such as can be marked: another dialect, or parts missing."""


@contextmanager
def foreign() -> Iterator[None]:
    """Read what others wrote: an address, number or relation that is none makes the workbook unmarkable."""
    try:
        yield
    except (KeyError, ValueError, IndexError, OverflowError) as error:
        raise UnmarkableError(str(error)) from error


@dataclass
class Package:
    """The parts of a workbook by name; a part is parsed once, and written anew only where `tree` gave it out."""

    parts: dict[str, bytes]
    trees: dict[str, etree._Element] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, raw: bytes) -> Package:
        """Open a workbook; UnmarkableError where it is no transitional .xlsx or .xlsm. The guard has seen it before.

        The guard has looked at the parts that are read only: another one may be damaged.
        """
        try:
            package = cls(inflated(raw))
        except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise UnmarkableError(str(error)) from error
        if package.seen(WORKBOOK).tag != f"{S}workbook":
            raise UnmarkableError(WORKBOOK)
        return package

    def tree(self, name: str) -> etree._Element:
        """Return the root element of a part, for changing it."""
        self.changed.add(name)
        return self.seen(name)

    def seen(self, name: str) -> etree._Element:
        """Return the root element of a part, for looking at it."""
        if name not in self.trees:
            if name not in self.parts or b"<!DOCTYPE" in self.parts[name]:
                raise UnmarkableError(name)
            parser = etree.XMLParser(
                resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
            )
            try:
                self.trees[name] = etree.fromstring(self.parts[name], parser)
            except etree.XMLSyntaxError as error:
                raise UnmarkableError(name) from error
        return self.trees[name]

    def packed(self) -> bytes:
        """Return the workbook with all changes."""
        changed = {
            name: etree.tostring(self.trees[name], xml_declaration=True, encoding="UTF-8", standalone=True)
            for name in self.changed
        }
        return packed({**self.parts, **changed})

    def add(self, name: str, root: etree._Element, content_type: str) -> None:
        """Add an XML part with its content type."""
        self.trees[name] = root
        self.changed.add(name)
        types = self.tree(TYPES)
        self._undeclare(name)
        etree.SubElement(types, f"{{{CONTENT}}}Override", PartName=f"/{name}", ContentType=content_type)

    def _undeclare(self, name: str) -> None:
        for known in self.seen(TYPES).findall(f"{{{CONTENT}}}Override"):
            if known.get("PartName", "").lower() == f"/{name}".lower():
                self.tree(TYPES).remove(known)

    def remove(self, name: str) -> None:
        """Take out a part with its content type."""
        self._undeclare(name)
        del self.parts[name]
        self.trees.pop(name, None)
        self.changed.discard(name)

    def declare(self, extension: str, content_type: str) -> None:
        """Give all parts of an extension a content type, unless they have one."""
        types = self.tree(TYPES)
        known = {each.get("Extension", "").lower() for each in types.findall(f"{{{CONTENT}}}Default")}
        if extension not in known:
            element = etree.Element(f"{{{CONTENT}}}Default", Extension=extension, ContentType=content_type)
            types.insert(0, element)

    def free_name(self, pattern: str) -> str:
        """Return the first part name of a pattern (`xl/comments{}.xml`) that is not taken."""
        taken = {name.lower() for name in (*self.parts, *self.trees)}
        return next(
            name for number in range(1, len(taken) + 2) if (name := pattern.format(number)).lower() not in taken
        )

    def targets(self, name: str, kind: str) -> dict[str, str]:
        """Return the parts that a part is related to in a way (the end of the relation's type), by id."""
        relations = relations_name(name)
        if relations not in self.parts and relations not in self.trees:
            return {}
        return {
            relation.get("Id", ""): resolved(name, relation.get("Target", ""))
            for relation in self.seen(relations)
            if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External"
        }

    def target(self, name: str, kind: str) -> str:
        """Return the one part that a part is so related to; UnmarkableError where there is none."""
        found = next(iter(self.targets(name, kind).values()), "")
        if found not in self.parts and found not in self.trees:
            raise UnmarkableError(f"{name} → {kind}")
        return found

    def relate(self, name: str, kind: str, target: str) -> str:
        """Relate a part to another; return the relation's id."""
        relations = relations_name(name)
        if relations not in self.parts:
            self.trees.setdefault(relations, etree.fromstring(f'<Relationships xmlns="{PACKAGE}"/>'))
        root = self.tree(relations)
        taken = {relation.get("Id") for relation in root}
        free = next(known for number in range(1, len(taken) + 2) if (known := f"rId{number}") not in taken)
        attributes = {"Id": free, "Type": f"{OFFICE}/{kind}", "Target": f"/{target}"}
        etree.SubElement(root, f"{{{PACKAGE}}}Relationship", attributes)
        return free

    @property
    def sheets(self) -> dict[str, str]:
        """Return the parts of the worksheets by the sheets' names."""
        targets = self.targets(WORKBOOK, "worksheet")
        listed = self.seen(WORKBOOK).iterfind(f"{S}sheets/{S}sheet")
        found = {sheet.get("name", ""): targets.get(sheet.get(f"{R}id", ""), "") for sheet in listed}
        return {name: part for name, part in found.items() if part in self.parts or part in self.trees}

    def texts_with(self, sign: str) -> list[str]:
        """Return the parts with texts of cells (shared ones, sheets) that hold an ASCII sign."""
        parts = (*self.targets(WORKBOOK, "sharedStrings").values(), *self.sheets.values())
        return [part for part in parts if sign.encode() in self.parts.get(part, b"")]


def relations_name(name: str) -> str:
    """Return the part that holds a part's relations; "" stands for the whole workbook."""
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def resolved(name: str, target: str) -> str:
    """Return the part that a relation of a part leads to."""
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
