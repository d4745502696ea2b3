"""One sandboxed Jinja environment for HTML pages and Word documents made from `templates/reports/`.

Foreign text is inert: everything printed is escaped, and signs that XML forbids (or that turn a line round)
are shown as □. A template is an officer's file: what is wrong with it becomes a `TemplateFault` in Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from jinja2 import (
    ChoiceLoader,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from lxml import etree

from dingji.cannot_run import TemplateFault
from dingji.reports.columns import ReportTable
from dingji.reports.sandbox import EndlessError, Sandbox
from dingji.reports.word_paper import WordPaper, paragraphs

PROGRAM_TEMPLATES: Final = Path(__file__).resolve().parents[2] / "templates" / "reports"
_RANGES = ((0x00, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), (0x7F, 0x9F), (0x202A, 0x202E), (0x2066, 0x2069))
_BEYOND = ((0xD800, 0xDFFF), (0xFFFE, 0xFFFF))
FORBIDDEN: Final = {sign: "□" for low, high in (*_RANGES, *_BEYOND) for sign in range(low, high + 1)}
"""Control signs, halves of surrogate pairs and marks of writing direction, with the sign shown instead."""

FORBIDDEN_SIGN: Final = re.compile(f"[{''.join(map(re.escape, map(chr, FORBIDDEN)))}]")
"""Searching for one takes a sixteenth of writing a text anew without them, and few texts have any."""
FULL_WIDTH: Final = re.compile(r"[{｛][｛%％#＃{]|[｝%％#＃}][}｝]")
WORD: Final = ".docx"
PLAIN: Final = frozenset({"{{", "}}", "{%", "%}", "{#", "#}"})


class Missing(StrictUndefined):
    """A field that the program does not fill: printing or testing it is an error that names it."""

    @property
    def _undefined_message(self) -> str:
        return f"没有“{self._undefined_name}”这个字段"


def shown_text(value: object) -> object:
    """Return what a template prints of a value: nothing for None, a text without forbidden signs."""
    if value is None:
        return ""
    if isinstance(value, str) and not value.isprintable() and FORBIDDEN_SIGN.search(value):
        return value.translate(FORBIDDEN)
    return value


class Renderer:
    """Renders the templates of one workspace; one that its folder lacks comes from the program's own."""

    def __init__(self, folder: Path | None = None) -> None:
        folders = [folder, PROGRAM_TEMPLATES] if folder else [PROGRAM_TEMPLATES]
        self.folders: Sequence[Path] = folders
        self.environment = Sandbox(
            shown_text,
            autoescape=True,
            undefined=Missing,
            trim_blocks=True,
            lstrip_blocks=True,
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        )
        self.plain = self.environment.overlay(autoescape=False)
        self._papers: dict[str, WordPaper] = {}

    def render_html(self, name: str, context: Mapping[str, Any]) -> bytes:
        """Render an HTML template to UTF-8 bytes."""
        with self._told(name):
            _check_braces(self._raw(name).decode("utf-8", "replace"), name)
            return self.environment.get_template(name).render(context).encode()

    def render_text(self, name: str, context: Mapping[str, Any]) -> bytes:
        """Render a template of plain text, where nothing is to be escaped: UTF-8 that Notepad knows, its line ends."""
        with self._told(name):
            _check_braces(self._raw(name).decode("utf-8", "replace"), name)
            text = self.plain.get_template(name).render(context)
            return f"{text.strip()}\n".replace("\n", "\r\n").encode("utf-8-sig")

    def text_of(self, name: str) -> str:
        """Return a file that pages carry as it stands, its lines ended as browsers read them."""
        with self._told(name):
            return self._raw(name).decode("utf-8-sig").replace("\r\n", "\n")

    def render_word(self, name: str, context: Mapping[str, Any], tables: Sequence[ReportTable] = ()) -> bytes:
        """Render a Word template to sealed bytes; its tables with these headings get their column widths."""
        with self._told(name):
            try:
                return self._paper(name).render(context, tables)
            except (BadZipFile, KeyError) as error:
                raise TemplateFault(f"模板“{name}”不是 Word 文档（.docx），或者已损坏") from error

    def unknown(self, name: str, known: Collection[str]) -> list[str]:
        """Return the fields that a template names and the program does not fill, wherever they stand in it."""
        with self._told(name):
            sources = self._paper(name).sources if name.endswith(WORD) else [self._raw(name).decode("utf-8", "replace")]
            parsed = [self.environment.parse(source) for source in sources]
            named = {field for each in parsed for field in find_undeclared_variables(each) - _own_names(each)}
        return sorted(named - set(known) - set(self.environment.globals))

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """Render within what one paper may take; TemplateFault where the template is at fault."""
        self.environment.budget.begin()
        try:
            yield
        except (
            TemplateError,
            EndlessError,
            RecursionError,
            MemoryError,
            TypeError,
            ValueError,
            ArithmeticError,
            etree.XMLSyntaxError,
        ) as error:
            raise TemplateFault(_told(name, error)) from error

    def _paper(self, name: str) -> WordPaper:
        if name not in self._papers:
            raw = self._raw(name)
            for text in paragraphs(raw):
                _check_braces(text, name)
            self._papers[name] = WordPaper(raw, self.environment)
        return self._papers[name]

    def _raw(self, name: str) -> bytes:
        found = next((folder / name for folder in self.folders if (folder / name).is_file()), None)
        if found is None:
            raise TemplateFault(f"找不到模板“{name}”")
        return found.read_bytes()


def _own_names(template: nodes.Template) -> set[str]:
    """Return what a template itself names, wherever it does: a block does not see what stands outside of it."""
    macros = {macro.name for macro in template.find_all(nodes.Macro)}
    return macros | {name.name for name in template.find_all(nodes.Name) if name.ctx != "load"}


def _check_braces(text: str, name: str) -> None:
    """Refuse full-width braces, which Jinja and Word templates pass over in silence."""
    wrong = next((mark for mark in FULL_WIDTH.findall(text) if mark not in PLAIN), "")
    if wrong:
        raise TemplateFault(f"模板“{name}”中有全角的“{wrong}”：字段的括号和百分号须用半角，如 {{{{ 标题 }}}}")


_BEYOND_REASON: Final = (
    ((EndlessError, MemoryError), "算得太久，或者印出的内容太多，请核对其中的循环"),
    (UnicodeDecodeError, "不是 UTF-8 编码，请另存为 UTF-8"),
    (RecursionError, "引用了自己，或者一层套一层太多"),
    (SecurityError, "用了不允许的写法，只能引用字段，不能调用程序"),
)


def _told(name: str, error: Exception) -> str:
    """Say in Chinese what is wrong with a template."""
    beyond = next((words for kinds, words in _BEYOND_REASON if isinstance(error, kinds)), "")
    if beyond:
        return f"模板“{name}”{beyond}"
    match error:
        case TemplateNotFound():
            return f"模板“{name}”引用的“{error.name}”找不到"
        case TemplateSyntaxError():
            place = "" if name.endswith(WORD) else f"第 {error.lineno} 行"
            return f"模板“{name}”{place}的标记写错或不成对{_near(error)}"
        case TemplateError():
            return f"模板“{name}”：{error.message}，请核对字段名称"
        case etree.XMLSyntaxError():
            return f"模板“{name}”的循环标记放错了位置，表格或段落不完整：标记须单独占一行、一格或一段"
        case _:
            return f"模板“{name}”里有的算式无法计算，请只引用字段"


def _near(error: TemplateSyntaxError) -> str:
    """Return the faulty line of a template without its XML or HTML tags, for finding it in Word."""
    lines = (error.source or "").splitlines()
    line = re.sub(r"<[^>]+>", "", lines[error.lineno - 1]) if 0 < error.lineno <= len(lines) else ""
    return f"（附近文字：{line.strip()[:60]}）" if line.strip() else ""
