"""Workbooks that go back and come again: what a run gives back, what a person does to it, what is seen in it."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

from dingji.outcome import Outcome
from dingji.reports.rendering import Renderer
from dingji.reports.returned.apart import Copy
from dingji.reports.returned.build import FOLDER, returned
from dingji.reports.returned.copying import marked_copy
from dingji.reports.returned.faults import Return
from tests.papers import Alter, outcome_of

LIST = "问题清单"
OWN_COPY = "ZB01_一支部_自评表.xlsx"
LETTER = "ZB01_一支部_自评表.txt"


@dataclass(frozen=True)
class Marks:
    """What a person sees in a cell of a workbook given back: the colour behind it, and the note."""

    value: object
    colour: str
    note: str


def opened(raw: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(raw))


def seen(raw: bytes, sheet: str, cell: str) -> Marks:
    found = opened(raw)[sheet][cell]
    colour = str(found.fill.fgColor.rgb) if found.fill.patternType == "solid" else ""
    return Marks(found.value, colour, found.comment.text if found.comment else "")


def is_tinted(marks: Marks) -> bool:
    return marks.colour.startswith(("FFF8B4B", "FFFFE08"))


def listed(raw: bytes) -> list[dict[str, str]]:
    """Return the lines of 问题清单 by heading, the link's goal under 链接."""
    page = opened(raw)[LIST]
    rows = list(page.iter_rows(min_row=4))
    headings = [str(cell.value) for cell in rows[0]]
    return [
        {
            **{heading: str(cell.value or "") for heading, cell in zip(headings, row, strict=True)},
            "链接": str(row[3].hyperlink.location) if row[3].hyperlink else "",
        }
        for row in rows[1:]
    ]


def given_back(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what lies in 退回/ after a run on these files, by name; the letters in Word, which say the same, apart."""
    return given_back_by(outcome_of(files), files)


def given_back_by(outcome: Outcome, files: Mapping[str, bytes]) -> dict[str, bytes]:
    def copy(back: Return) -> Copy | None:
        made = marked_copy(files[back.file.path], back.file.path, back.file.number, back.faults)
        return Copy(*made) if made else None

    _, made = returned(outcome, copy, Renderer())
    given = {name.removeprefix(f"{FOLDER}/"): raw for name, raw in made.items() if isinstance(raw, bytes)}
    return {name: raw for name, raw in given.items() if not name.endswith(".docx")}


def several(*alters: Alter) -> Alter:
    """Return what does one thing after the other."""

    def alter(book: Workbook) -> None:
        for each in alters:
            each(book)

    return alter


def resaved(raw: bytes, folder: Path, office: Path, ending: str = "xlsx", source: str = "xlsx") -> bytes:
    """Return a workbook as an office suite saves it again."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"book.{source}").write_bytes(raw)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(office), profile, "--headless", "--convert-to", ending, "--outdir", str(folder / "saved")]
    subprocess.run([*command, str(folder / f"book.{source}")], check=True, capture_output=True, timeout=180)
    return (folder / "saved" / f"book.{ending.partition(':')[0]}").read_bytes()
