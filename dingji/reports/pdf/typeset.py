"""Papers set by typst, which comes with the extra `pdf`.

The words of a paper reach typst as data (`sys.inputs`), never as its source. PDF/UA is asked for, because then a
character that no font can show is an error and not a square; no date and no clock: the same paper gives the same bytes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

from lxml.etree import XMLSyntaxError

from dingji.engine.extras import wanted_extra
from dingji.reports.pdf.paper import read_paper
from dingji.reports.pdf.stand_in import stand_ins

if TYPE_CHECKING:
    import typst

PAGE: Final = Path(__file__).with_name("page.typ")
STANDARD: Final = "ua-1"
NOT_SHOWN: Final = re.compile(r'the text `"(.*?)"`')
NO_PAPER: Final = "不是 Word 文档（.docx），或者已损坏"


@dataclass
class Press:
    """What sets papers: the machine's fonts are looked through once. CannotRunError where the extra is missing."""

    lacking: dict[str, None] = field(default_factory=dict)
    """Fonts named by papers so far that this machine lacks."""

    def __post_init__(self) -> None:
        """Load typst."""
        with wanted_extra("pdf"):
            import typst  # noqa: PLC0415 - an extra: there only where PDF is asked for
        self._failure = typst.TypstError
        fonts = typst.Fonts()
        self._families = fonts.families()
        self._source = PAGE.read_bytes()
        self._compiler: typst.Compiler = typst.Compiler(self._source, font_paths=fonts)

    def pdf(self, raw: bytes, title: str) -> tuple[bytes, str]:
        """Return a .docx as PDF, and "" or why it cannot be one: no bytes then. `title`: of one that has none."""
        try:
            paper, left = read_paper(raw)
        except (BadZipFile, XMLSyntaxError, KeyError, StopIteration):
            return b"", NO_PAPER
        if left:
            return b"", f"里有{'、'.join(left)}，PDF 里放不进去；请用 Word 或 WPS 打开，另存为 PDF"
        faces, lacking = stand_ins(_fonts(paper), self._families)
        self.lacking |= dict.fromkeys(lacking)
        told = json.dumps(
            {**paper, "title": paper["title"] or title, "faces": faces}, ensure_ascii=False, sort_keys=True
        )
        try:
            made = self._compiler.compile(
                self._source, format="pdf", sys_inputs={"paper": told}, pdf_standards=STANDARD, timestamp=0
            )
        except self._failure as error:
            return b"", _why(error.message)
        return b"" if made is None else b"".join(made) if isinstance(made, list) else made, ""


def _fonts(block: Any) -> list[str]:  # noqa: ANN401 - what a paper holds, at any depth
    """Return every font that a paper names, the Chinese ones first in each run."""
    if isinstance(block, dict):
        own = [block["font"], block["latin"]] if "font" in block else []
        return own + [font for each in block.values() for font in _fonts(each)]
    return [font for each in block for font in _fonts(each)] if isinstance(block, list) else []


def _why(message: str) -> str:
    """Return typst's refusal in Chinese."""
    shown = NOT_SHOWN.search(message)
    if shown:
        return f"里的“{shown[1]}”本机没有字体能印出；装上有这个字的中文字体再做"
    return f"排版没有成功（{message}）"
