"""A standard as a workbook, and back: `write_standard` and `read_standard`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from dingji.book.check import checked
from dingji.book.declare import book_of
from dingji.book.draw import drawn, place_findings
from dingji.book.filled import CellFinding, Spot
from dingji.book.read import read_book
from dingji.book.toml import toml_file
from dingji.book.write import Offers, write_book
from dingji.problems import describe, level_of
from dingji.read.open import open_workbook
from dingji.scheme.finding import Finding
from dingji.scheme.lint import lint
from dingji.scheme.load import load_scheme, read_toml, validated
from dingji.scheme.model import Scheme

OPENING: Final = (
    "{title}",
    "由工作簿转成（scheme import）。键的意思见 docs/scheme-reference.md。",
    "标着 choice（理由）的地方，可以在设置的“本单位自定”里改；其他地方，改动就是改标准。",
)
OFFERS: Final[Offers] = {(Scheme, "required"): ("情形申报", "加分申报")}


@dataclass(frozen=True)
class Imported:
    """What a workbook gave: the file's text, "" where there is an error, and everything found on the way."""

    text: str
    data: dict[str, Any]
    findings: tuple[CellFinding, ...]

    @property
    def right(self) -> bool:
        """Say whether the file may be used."""
        return bool(self.text)


def write_standard(raw: bytes) -> tuple[bytes, list[Finding]]:
    """Return a standard, given as the bytes of its TOML file, as .xlsx bytes, the linter's findings in it.

    No bytes, and the reasons, where the file is not right in form: there is no saying then what it holds.
    """
    data, text, findings = read_toml(raw)
    scheme, faults = validated(Scheme, data, text) if not findings else (None, findings)
    if scheme is None:
        return b"", faults
    book = book_of(Scheme)
    drawings = drawn(book, data)
    found = lint(scheme)
    place_findings(drawings, found, book)
    return write_book(scheme.title, drawings, OFFERS), found


def read_standard(raw: bytes) -> Imported:
    """Read a standard from a workbook's bytes; all mistakes at once, each at its cell."""
    grids, problems = open_workbook(raw)
    if not grids:
        return Imported("", {}, tuple(opening_findings(problems)))
    reading = read_book(grids, book_of(Scheme))
    title = str(reading.data.get("title", ""))
    text = toml_file(Scheme, reading.data, [line.format(title=" ".join(title.split())) for line in OPENING])
    findings = checked(reading, Scheme, text.encode(), lambda file: load_scheme(file)[1])
    fatal = any(finding.severity == "error" for finding in findings)
    return Imported("" if fatal else text, reading.data, tuple(findings))


def opening_findings(problems: list[Any]) -> list[CellFinding]:
    """Return what kept a workbook from being opened."""
    return [
        CellFinding("error", Spot(""), describe(problem).words) for problem in problems if level_of(problem) == "refuse"
    ]
