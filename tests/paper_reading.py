"""Read the papers back as a person would see them; shared by the tests of the reports."""

import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from docx import Document
from lxml import etree, html

from dingji.outcome import Outcome
from dingji.reports.check_report import CHECK_REPORT, check_report
from dingji.reports.documents import papers
from dingji.reports.rendering import Renderer
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import give, hidden_headings
from dingji.settings import Privacy
from tests.conftest import demand_program
from tests.outcome_example import example

OPEN = Privacy(ballots=1, raters=1)

Grid = list[list[str]]


def with_floors(privacy: Privacy, outcome: Outcome | None = None) -> Outcome:
    """Return the example, or another outcome, with other floors."""
    chosen = outcome or example()
    return replace(chosen, settings=chosen.settings.model_copy(update={"privacy": privacy}))


def opened() -> Outcome:
    """Return the example with floors that withhold nothing."""
    return with_floors(OPEN)


def word_rows(raw: bytes, number: int = 1) -> Grid:
    rows = Document(BytesIO(raw)).element.body.xpath(f"./w:tbl[{number}]/w:tr")
    return [["".join(cell.xpath(".//w:t/text()")) for cell in row.xpath("./w:tc")] for row in rows]


def text_of(node: etree._Element) -> str:
    return "".join(str(text) for text in node.itertext())


def html_tables(raw: bytes) -> list[Grid]:
    page = html.document_fromstring(raw.decode())
    return [[[text_of(cell) for cell in row] for row in grid.iter("tr")] for grid in page.iter("table")]


def page_text(raw: bytes) -> str:
    return text_of(html.document_fromstring(raw.decode()))


def word_text(raw: bytes) -> str:
    document = Document(BytesIO(raw))
    return "\n".join("".join(part.xpath(".//w:t/text()")) for part in document.element.body)


def column(grid: Grid, heading: str) -> list[str]:
    return [row[grid[0].index(heading)] for row in grid[1:]]


def pdf_pages(path: Path, order: str = "-layout") -> list[str]:
    """Return the text of each page of a PDF."""
    program = demand_program("pdf")
    done = subprocess.run([program, order, str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def raw_pdf_pages(path: Path) -> list[str]:
    """Return likewise, in the order in which it was set: a cell's lines stay together."""
    return pdf_pages(path, "-raw")


def documents(outcome: Outcome, templates: Path | None = None) -> dict[str, bytes]:
    """Return the superior's papers and the check report, by path below `output/`."""
    view, renderer = OutcomeView(outcome), Renderer(templates)
    given = give(view, hidden_headings(view))
    upward = {f"上报/{name}": raw for name, raw in papers(outcome, given, renderer).items()}
    return {**upward, CHECK_REPORT: check_report(view, renderer)}
