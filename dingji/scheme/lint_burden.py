"""减负提示: what a standard scores that rules on lightening burdens discourage; a notice, never a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dingji.scheme.finding import Finding, Path, notice
from dingji.scheme.model import Scheme

DISCOURAGED: Mapping[str, re.Pattern[str]] = {
    "领导批示": re.compile(r"批示"),
    "媒体报道、信息篇数": re.compile(
        r"(?:媒体|报刊|报纸|新闻|网站|公众号|信息|稿件).*(?:报道|刊登|刊发|录用|采用|篇|报送)"
    ),
    "留痕、台账、照片的数量": re.compile(r"留痕|痕迹|台账|照片|图片|截图"),
    "学习笔记、心得体会": re.compile(r"(?:学习|读书)?笔记|心得(?:体会)?"),
}
"""What is discouraged, and how standards write it."""


def burdens(scheme: Scheme) -> Iterator[Finding]:
    """Yield a notice for every rule or item with points that counts what is discouraged."""
    for path, text in _scored(scheme):
        for what, pattern in DISCOURAGED.items():
            if pattern.search(text):
                yield notice(path, f"“{text}”计分涉及{what}；减负的规定一般不提倡，请对照现行规定")
                break


def _scored(scheme: Scheme) -> Iterator[tuple[Path, str]]:
    for index, indicator in enumerate(scheme.indicators):
        for number, rule in enumerate(indicator.rules if indicator.full is not None or indicator.bonus else ()):
            if rule.way:
                yield ("indicators", index, "rules", number), f"{rule.name}{f'（{rule.unit}）' if rule.unit else ''}"
        for number, item in enumerate(indicator.items):
            if item.full is not None:
                yield ("indicators", index, "items", number), item.text
