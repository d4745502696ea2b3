"""A Word template made ready once: for each paper only the parts that hold fields are rendered.

docxtpl finds the tags in the XML that Word has scattered over runs; the papers themselves are put together
here, for it would open, copy and pack the whole document anew each time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any, Final, NamedTuple

from docxtpl import DocxTemplate
from jinja2 import Template, TemplateSyntaxError
from lxml import etree

from dingji.reports.columns import ReportTable
from dingji.reports.sandbox import Sandbox
from dingji.reports.word_rows import MARK, filled, folded, parted, unfolded
from dingji.reports.word_shorthand import full, short
from dingji.reports.word_tables import W, complete_grid, lay_out
from dingji.seal import CORE, Part, core, deflated, inflated, zipped

TEXT_PARTS: Final = re.compile(r"(word/(document|header\d*|footer\d*|footnotes)|docProps/core)\.xml")
PARAGRAPH: Final = re.compile(r"<w:p([ >])")
WHOLE_PARAGRAPH: Final = re.compile(r"<w:p(?: [^>]*)?>.*?</w:p>", re.DOTALL)
BREAKS: Final = ("\n", "\t")
LITERAL: Final = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}
"""How a template says braces that are no tag."""

PARSER: Final = etree.XMLParser(remove_blank_text=True, resolve_entities=False)
FIRST_PICTURE: Final = 1001
MOST_SHAPES: Final = 64
"""So many makes of one paper are kept laid out."""


class _Opened(NamedTuple):
    """What a template holds: the part that is the document, parts with fields as Jinja reads them, and the rest."""

    tool: DocxTemplate
    name: str
    sources: Mapping[str, str]
    fixed: Mapping[str, Part]


@lru_cache(maxsize=32)
def _opened(raw: bytes) -> _Opened:
    tool = DocxTemplate(BytesIO(raw))
    tool.render_init()
    document, saved = tool.docx, BytesIO()
    document.save(saved)
    parts = inflated(saved.getvalue())
    name = str(document.part.partname).lstrip("/")
    texts = {name: parts.pop(name)}
    texts |= {name: parts.pop(name) for name in list(parts) if TEXT_PARTS.fullmatch(name) and b"{" in parts[name]}
    parts |= {name: core(parts[name]) for name in parts if name == CORE}
    sources = {name: tool.patch_xml(_text(part)) for name, part in texts.items()}
    return _Opened(tool, name, sources, {name: deflated(part) for name, part in parts.items()})


def _compiled(source: str, environment: Sandbox) -> Template:
    try:
        return environment.from_string(source)
    except TemplateSyntaxError:  # once more with a line a paragraph, so that the error names the faulty one
        return environment.from_string(PARAGRAPH.sub(r"\n<w:p\1", source))


class WordPaper:
    """A template of a paper; `render` may be called for any number of papers."""

    def __init__(self, raw: bytes, environment: Sandbox) -> None:
        """Read a template; what is wrong with it raises as jinja2, zipfile and lxml do."""
        opened = _opened(raw)
        self._tool, self._name, self._fixed = opened.tool, opened.name, opened.fixed
        self.sources: Sequence[str] = list(opened.sources.values())
        """The parts that hold fields, as Jinja reads them."""
        others = {name: source for name, source in opened.sources.items() if name != self._name}
        self._document = _compiled(opened.sources[self._name], environment.shortened(short))
        self._texts = {name: _compiled(source, environment) for name, source in others.items()}
        self._shapes: dict[str, list[str]] = {}

    def _rendered(self, template: Template, context: Mapping[str, Any]) -> str:
        xml = template.render(context)
        for said, meant in LITERAL.items() if "{_" in xml or "_}" in xml else ():
            xml = xml.replace(said, meant)
        return WHOLE_PARAGRAPH.sub(self._broken, full(xml)) if any(sign in xml for sign in BREAKS) else xml

    def _broken(self, paragraph: re.Match[str]) -> str:
        """Make Word's own of line breaks and tabs of values; where there are none, searching for them takes long."""
        xml = paragraph.group()
        return str(self._tool.resolve_listing(xml)) if any(sign in xml for sign in BREAKS) else xml

    def render(self, context: Mapping[str, Any], tables: Sequence[ReportTable] = ()) -> bytes:
        """Return a paper, sealed; tags put where they break a table raise instead of losing text in silence."""
        parts = {self._name: self._laid_out(self._rendered(self._document, context), tables).encode()}
        for name, template in self._texts.items():
            part = _bytes(etree.fromstring(self._rendered(template, context).encode(), PARSER))
            parts[name] = core(part) if name == CORE else part
        return zipped({**self._fixed, **{name: deflated(part) for name, part in parts.items()}})

    def _laid_out(self, xml: str, tables: Sequence[ReportTable]) -> str:
        """Lay out a paper; of those that have no table of ours, once for all that differ in their words alone."""
        bare, words = ("", []) if tables else parted(xml)
        if not words:
            return _laid_out(xml, tables)
        if bare not in self._shapes:
            if len(self._shapes) == MOST_SHAPES:
                self._shapes.clear()
            self._shapes[bare] = _laid_out(bare, ()).split(MARK)
        pieces = self._shapes[bare]
        return filled(pieces, words) if len(pieces) == len(words) + 1 else _laid_out(xml, tables)


def _laid_out(xml: str, tables: Sequence[ReportTable]) -> str:
    bounds = {1, *(1 + len(table) - table.totals for table in tables)}
    told, words = folded(xml, bounds)
    document = etree.fromstring(full(told).encode())
    for table in document.iter(f"{W}tbl"):
        complete_grid(table)
    for number, picture in enumerate(document.iter("{*}docPr"), start=FIRST_PICTURE):
        picture.set("id", str(number))
    if tables:
        lay_out(document[-1], tables)
    return unfolded(_bytes(document).decode(), words)


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
