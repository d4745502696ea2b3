"""The relations between the parts of a zipped workbook: which part is the workbook, and which it uses for what."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from dingji.read.extent import TAG

WITHIN = rb"""((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>"""
"""The attributes of a tag up to its end, whatever stands in quotes."""
_RELATION = re.compile(TAG + rb"Relationship\s" + WITHIN)
_ATTRIBUTE = re.compile(rb"""(?<![\w.:-])([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
STARTING = "_rels/.rels"
"""The part that says which part is the workbook."""
USUAL = "xl/workbook.xml"
"""What nearly every program calls it."""


STARTING_USUALLY = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="xl/workbook.xml"/></Relationships>'
)


class Relation(NamedTuple):
    """A relation: its name, what kind of part it leads to (the last word of its type), and that part's plain name."""

    name: str
    kind: str
    target: str


@lru_cache(maxsize=256)
def plain_name(name: str) -> str:
    """Return a part's name as readers look it up: whatever its case and its slashes."""
    return name.replace("\\", "/").lower()


def attributes(tag: bytes) -> dict[str, str]:
    """Return a tag's attributes by name without prefix."""
    pairs = ((name, double or single) for name, double, single in _ATTRIBUTE.findall(tag))
    return {name.decode().rpartition(":")[2]: html.unescape(value.decode()) for name, value in pairs}


@lru_cache(maxsize=32)
def related(relations: bytes, folder: str) -> Sequence[Relation]:
    """Return the relations that a part tells; names begin in its folder. Remembered: most workbooks have the same."""
    found = []
    for match in _RELATION.finditer(relations):
        each = attributes(match.group(1))
        target = plain_name(each.get("Target", ""))
        whole = target.lstrip("/") if target.startswith(("/", f"{folder}/")) else posixpath.join(folder, target)
        found.append(Relation(each.get("Id", ""), each.get("Type", "").rpartition("/")[2], posixpath.normpath(whole)))
    return found


@lru_cache(maxsize=32)
def main_part(starting: bytes) -> str:
    """Return the name of the part with which everything begins, the usual one where nothing is said."""
    return next((each.target for each in related(starting, "") if each.kind == "officeDocument"), USUAL)


@lru_cache(maxsize=256)
def relations_of(part: str) -> str:
    """Return the name of the part that tells the relations of another."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def used_for(relations: Sequence[Relation], kind: str) -> str:
    """Return the part that is used for something, "" where there is none."""
    return next((each.target for each in relations if each.kind == kind), "")


USED = ("styles", "sharedStrings")
"""What a workbook uses a part of its own for, beside its sheets."""


def relations_with(relations: Sequence[Relation], names: Mapping[str, str]) -> bytes:
    """Return relations as a part tells them, where the parts have other names."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    told = "".join(
        f'<Relationship Id="{html.escape(each.name)}" Type="{kinds}/{html.escape(each.kind)}" '
        f'Target="/{html.escape(names.get(each.target, each.target))}"/>'
        for each in relations
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<?xml version="1.0"?><Relationships xmlns="{package}">{told}</Relationships>'.encode()
