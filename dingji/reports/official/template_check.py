"""What is wrong with an officer's template: fields, braces, fonts, each with where it stands; and whether it prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from lxml import etree

from dingji.cannot_run import TemplateFault
from dingji.comparing import suggestion
from dingji.reports.official.template_data import Paper
from dingji.reports.rendering import FULL_WIDTH, PLAIN, WORD, Renderer
from dingji.reports.word_tables import W
from dingji.seal import inflated

TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
LEFT: Final = re.compile(r"[{}｛｝]+")
CHINESE: Final = re.compile(r"[\u3400-\u9fff]|\{\{")
FONTS: Final = frozenset({
    "宋体", "SimSun", "新宋体", "NSimSun", "黑体", "SimHei", "楷体", "KaiTi", "仿宋", "FangSong", "仿宋_GB2312",
    "楷体_GB2312", "方正小标宋简体", "方正小标宋_GBK", "微软雅黑", "Microsoft YaHei", "等线", "DengXian",
    "华文仿宋", "华文中宋", "华文宋体", "华文楷体",
})  # fmt: skip
"""Chinese fonts that come with Windows or WPS, or that every office which writes official papers has."""
PLACES: Final = {"header": "页眉", "footer": "页脚", "footnotes": "脚注"}
SHOWN: Final = 30


class Spot(NamedTuple):
    """A paragraph of a document, with where it stands."""

    where: str
    element: etree._Element

    @property
    def text(self) -> str:
        """Return what it says, its runs joined."""
        return "".join(text.text or "" for text in self.element.iter(f"{W}t"))

    @property
    def shown(self) -> str:
        """Return where it stands, and how it begins."""
        return f"{self.where}（{self.text.strip()[:SHOWN]}）"


def check_template(path: Path, name: str, papers: Sequence[Paper]) -> list[str]:
    """Return what is wrong with a template, in lines; it is tried with all papers of a run that are made of it.

    `name`: the template in whose place it stands. TemplateFault where it is none at all.
    """
    renderer = Renderer(path.parent)
    spots = list(_spots(path.read_bytes())) if name.endswith(WORD) else []
    found = [*_braces(spots), *_fonts(path, spots)]
    if any("全角" in line for line in found):
        return found
    try:
        unknown = renderer.unknown(path.name, papers[0].fields)
    except TemplateFault as fault:
        return [*found, str(fault)]
    found += [_unknown(field, papers[0], spots) for field in unknown]
    return [*found, *(_printed(renderer, path.name, papers) if not unknown else ())]


def _printed(renderer: Renderer, name: str, papers: Sequence[Paper]) -> list[str]:
    """Print every paper, and return each fault once."""
    faults: dict[str, None] = {}
    for paper in papers:
        try:
            if name.endswith(WORD):
                renderer.render_word(name, paper.fields, paper.tables)
            elif name.endswith(".txt.j2"):
                renderer.render_text(name, paper.fields)
            else:
                renderer.render_html(name, paper.fields)
        except TemplateFault as fault:
            faults[str(fault)] = None
    return list(faults)


def _unknown(field: str, paper: Paper, spots: Sequence[Spot]) -> str:
    where = "、".join(spot.shown for spot in spots if field in spot.text)
    return f"{f'{where}：' if where else ''}没有“{field}”这个字段{suggestion(field, paper.fields)}"


def _spots(raw: bytes) -> Iterator[Spot]:
    """Yield the paragraphs of a document, its headers and footers; a table's by row and cell."""
    for name, part in inflated(raw).items():
        kind = re.fullmatch(r"word/(document|header|footer|footnotes)\d*\.xml", name)
        if kind:
            root = etree.fromstring(part)
            tables = {table: number for number, table in enumerate(root.iter(f"{W}tbl"), start=1)}
            for number, paragraph in enumerate(root.iter(f"{W}p"), start=1):
                yield Spot(_place(paragraph, tables) or PLACES.get(kind[1], f"第{number}段"), paragraph)


def _place(paragraph: etree._Element, tables: dict[etree._Element, int]) -> str:
    """Return in which cell of which table a paragraph stands, "" where in none."""
    cell = next(paragraph.iterancestors(f"{W}tc"), None)
    if cell is None:
        return ""
    row = next(cell.iterancestors(f"{W}tr"))
    table = next(row.iterancestors(f"{W}tbl"))
    line, column = (owner.findall(tag).index(one) + 1 for owner, tag, one in (
        (table, f"{W}tr", row), (row, f"{W}tc", cell)))  # fmt: skip
    return f"第{tables[table]}个表第{line}行第{column}格"


def _braces(spots: Sequence[Spot]) -> Iterator[str]:
    """Yield braces that are no tag: full-width ones, and those that have lost their other half."""
    for spot in spots:
        full = [mark for mark in FULL_WIDTH.findall(spot.text) if mark not in PLAIN]
        rest = LEFT.findall(TAG.sub("", spot.text))
        if full:
            yield f"{spot.shown}：有全角的“{full[0]}”，字段的括号和百分号须用半角，如 {{{{ 标题 }}}}"
        elif rest:
            yield f"{spot.shown}：有不成对的“{rest[0]}”，字段写成 {{{{ 标题 }}}} 的样子"


def _fonts(path: Path, spots: Sequence[Spot]) -> Iterator[str]:
    """Yield runs with Chinese words and no Chinese font, and fonts that other machines have not."""
    settled = _has_default(inflated(path.read_bytes()).get("word/styles.xml", b"")) if spots else True
    rare: dict[str, str] = {}
    for spot in spots:
        for run in spot.element.iter(f"{W}r"):
            text = "".join(part.text or "" for part in run.iter(f"{W}t"))
            font = next((each.get(f"{W}eastAsia", "") for each in run.iter(f"{W}rFonts")), "")
            if CHINESE.search(text) and not font and not settled:
                yield f"{spot.shown}：“{text.strip()[:SHOWN]}”没有指定中文字体"
            elif font and font not in FONTS:
                rare.setdefault(font, spot.shown)
    yield from (f"{where}：字体“{font}”许多电脑没有，打开时会换成别的字体" for font, where in rare.items())


def _has_default(styles: bytes) -> bool:
    """Say whether the document sets a Chinese font for all text."""
    if not styles:
        return False
    root = etree.fromstring(styles)
    defaults = [
        *root.iter(f"{W}rPrDefault"),
        *(each for each in root.iter(f"{W}style") if each.get(f"{W}default") == "1"),
    ]
    return any(fonts.get(f"{W}eastAsia") for one in defaults for fonts in one.iter(f"{W}rFonts"))
