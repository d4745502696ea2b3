"""What a paper is set with on this machine, and which fonts that it names are not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dingji.reports.pdf.faces import FACES, LATIN, WITH_FEET, WITHOUT, Face


def stand_ins(wanted: Iterable[str], installed: Iterable[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the families to set each font with, best first, and which fonts the machine itself lacks."""
    known = {name.casefold(): name for name in installed}
    chosen, lacking = {}, []
    for font in dict.fromkeys(wanted):
        face = FACES.get(font, Face(()))
        own = _there((font, *face.names), known)
        if not own:
            lacking.append(font)
        others = (WITH_FEET + WITHOUT) if face.serif else (WITHOUT + WITH_FEET)
        chosen[font] = own or _there(others if not font.isascii() else LATIN, known)
    return chosen, lacking


def _there(names: Iterable[str], known: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(known[name.casefold()] for name in names if name.casefold() in known))


def told_of(lacking: Iterable[str]) -> str:
    """Return in one line which fonts lack, and where each comes from; "" where none does."""
    by_source: dict[str, list[str]] = {}
    for font in lacking:
        source = FACES[font].source if font in FACES else "请向提供模板的人索取"
        by_source.setdefault(source, []).append(font)
    where = "；".join(f"{'、'.join(fonts)}，{source}" for source, fonts in by_source.items())
    return f"本机缺字体，已用相近的代替，字不会少：{where}。装好后再运行一次" if where else ""
