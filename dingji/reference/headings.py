"""What is said about keys put into their Chinese names, for who never sees a TOML file."""

from __future__ import annotations

import re
from functools import cache

from dingji.reference.kinds import keys, tables
from dingji.reference.words import VALUES
from dingji.scheme.model import Scheme
from dingji.scheme.told import Section
from dingji.settings import Settings

_PLAIN = {"true": "是", "false": "否", "default": "其余", "none": "不限"}
_FILE = re.compile(r" ?config\.toml( 的 \[choices\])? ?")
_TWICE = re.compile(r"([\u4e00-\u9fff]+)“\1”")
_WORD = re.compile(r"“[^”]*”| ?\"?(?<![A-Za-z_.])([a-z_]+)(?![A-Za-z_.])\"? ?")


@cache
def _others() -> dict[str, str]:
    """Return the names of all keys, of each as the first table has it; made when one is asked for, as few runs do."""
    every = (key for root in (Settings, Scheme) for place in reversed(tables(root)) for key in keys(place.model))
    return {key.name: key.words.heading for key in every} | _PLAIN


def in_names(text: str, table: type[Section]) -> str:
    """Return what is said about a table's keys with their Chinese names; what stands between “” is a user's own."""
    own = {key.name: key.words.heading for key in keys(table)}

    def named(match: re.Match[str]) -> str:
        word = match.group(1) or ""
        name = own.get(word) or VALUES.get(word) or _others().get(word)
        return f"“{name}”" if name else match.group()

    return _TWICE.sub(r"“\1”", _WORD.sub(named, _FILE.sub("设置", text)))
