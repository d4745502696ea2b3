"""A Word template made ready once: for each paper only the parts that hold fields are rendered.

docxtpl finds the tags in the XML that Word has scattered over runs; the papers themselves are put together
here, for it would open, copy and pack the whole document anew each time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final

from docxtpl import DocxTemplate
from jinja2 import Environment, Template, TemplateSyntaxError
from lxml import etree

from dingji.reports.columns import ReportTable
from dingji.reports.word_rows import folded, unfolded
from dingji.reports.word_tables import W, complete_grid, lay_out
from dingji.seal import CORE, core, deflated, inflated, zipped

TEXT_PARTS: Final = re.compile(r"(word/(document|header\d*|footer\d*|footnotes)|docProps/core)\.xml")
PARAGRAPH: Final = re.compile(r"<w:p([ >])")
LITERAL: Final = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}
"""How a template says braces that are no tag."""

PARSER: Final = etree.XMLParser(remove_blank_text=True, resolve_entities=False)
FIRST_PICTURE: Final = 1001


class WordPaper:
    """A template of a paper; `render` may be called for any number of papers."""

    def __init__(self, raw: bytes, environment: Environment) -> None:
        """Read a template; what is wrong with it raises as jinja2, zipfile and lxml do."""
        self._tool = DocxTemplate(BytesIO(raw))
        self._tool.render_init()
        document, saved = self._tool.docx, BytesIO()
        document.save(saved)
        parts = inflated(saved.getvalue())
        self._name = str(document.part.partname).lstrip("/")
        self._document = self._compiled(_text(parts.pop(self._name)), environment)
        texts = {name: parts.pop(name) for name in list(parts) if TEXT_PARTS.fullmatch(name)}
        self._texts = {name: self._compiled(_text(part), environment) for name, part in texts.items()}
        self._fixed = {name: deflated(part) for name, part in parts.items()}

    def _compiled(self, xml: str, environment: Environment) -> Template:
        source = self._tool.patch_xml(xml)
        try:
            return environment.from_string(source)
        except TemplateSyntaxError:  # once more with a line a paragraph, so that the error names the faulty one
            return environment.from_string(PARAGRAPH.sub(r"\n<w:p\1", source))

    def _rendered(self, template: Template, context: Mapping[str, Any]) -> str:
        xml = template.render(context)
        for said, meant in LITERAL.items() if "{_" in xml or "_}" in xml else ():
            xml = xml.replace(said, meant)
        # Line breaks and tabs of values become Word's own; searching for them takes long.
        return str(self._tool.resolve_listing(xml)) if "\n" in xml or "\t" in xml else xml

    def render(self, context: Mapping[str, Any], tables: Sequence[ReportTable]) -> bytes:
        """Return a paper, sealed; tags put where they break a table raise instead of losing text in silence."""
        bounds = {1, *(1 + len(table) - table.totals for table in tables)}
        xml, words = folded(self._rendered(self._document, context), bounds)
        document = etree.fromstring(xml.encode())
        for table in document.iter(f"{W}tbl"):
            complete_grid(table)
        for number, picture in enumerate(document.iter("{*}docPr"), start=FIRST_PICTURE):
            picture.set("id", str(number))
        lay_out(document[-1], tables)
        parts = {self._name: unfolded(_bytes(document).decode(), words).encode()}
        for name, template in self._texts.items():
            part = _bytes(etree.fromstring(self._rendered(template, context).encode(), PARSER))
            parts[name] = core(part) if name == CORE else part
        return zipped({**self._fixed, **{name: deflated(part) for name, part in parts.items()}})


def _text(part: bytes) -> str:
    text: str = etree.tostring(etree.fromstring(part, PARSER), encoding="unicode")
    return text


def _bytes(root: etree._Element) -> bytes:
    raw: bytes = etree.tostring(root, encoding="UTF-8", standalone=True)
    return raw


def paragraphs(raw: bytes) -> list[str]:
    """Return the text of each paragraph of a .docx, its runs joined; a brace may be split between runs."""
    parts = {name: part for name, part in inflated(raw).items() if TEXT_PARTS.fullmatch(name)}
    found = (paragraph for part in parts.values() for paragraph in etree.fromstring(part).iter(f"{W}p"))
    return ["".join(text.text or "" for text in paragraph.iter(f"{W}t")) for paragraph in found]
