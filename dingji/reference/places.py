"""Where a key stands, as workbooks call it: for who reads a finding and has 设置.xlsx before him, not the text file."""

from __future__ import annotations

from dingji.reference.headings import in_names
from dingji.reference.kinds import keys
from dingji.scheme.finding import Finding, Path
from dingji.scheme.load import inner_model
from dingji.scheme.told import Section

UNKNOWN_TABLES = {"choices": "本单位自定"}
"""Tables of the settings that are laid over a standard, and so are none of its own."""


def place_words(root: type[Section], path: Path) -> str:
    """Return the place of a key by its Chinese names: `“日历”第1行“截止日期”`, `“轮次”的“年度”`; "" of no path."""
    told, model = "", root
    for part in path:
        if isinstance(part, int):
            told += f"第{part + 1}行"
            continue
        heading = next((key.words.heading for key in keys(model) if key.name == part), UNKNOWN_TABLES.get(part, part))
        told += f"{'的' if told.endswith('”') else ''}“{heading}”"
        model = inner_model(model, part) or model
    return told


def file_line(root: type[Section], file: str, finding: Finding) -> str:
    """Return what is wrong with a text file, for who edits that: its keys, and their Chinese names beside them."""
    named = place_words(root, finding.path)
    head, _, words = finding.text.partition("：")
    return f"{file} {head}（{named}）：{words}" if named else f"{file} {finding.text}"


def book_line(root: type[Section], file: str, finding: Finding) -> str:
    """Return what is to be looked at in a file, for who does not edit it: by Chinese names alone."""
    line = f"第{finding.line}行" if finding.line else ""
    place = "，".join(filter(None, (f"{file} {line}".strip(), place_words(root, finding.path))))
    return f"{place}：{in_names(finding.words, root)}"
