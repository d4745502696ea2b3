"""The Chinese name of every key, and texts about keys put into those names, for who never sees a TOML file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel

from dingji.reference import words_headings
from dingji.reference.words import VALUES
from dingji.round_days import Days, RoundDays
from dingji.scheme.indicators import Band, Indicator, Item, Marked, Rule
from dingji.scheme.model import Grade, Quota, Rounding, Scheme, Situation, Source, Target
from dingji.scheme.written import Table
from dingji.workspace import Office, Privacy, ReportChoice, Round, Settings, StandardChoice, Summary


def _names(text: str) -> Mapping[str, str]:
    return dict(line.split(" ", 1) for line in text.strip().splitlines())


HEADINGS: Mapping[type[BaseModel], Mapping[str, str]] = {
    Scheme: _names(words_headings.STANDARD),
    Table: _names(words_headings.EVERY_TABLE),
    Rounding: _names(words_headings.ROUNDING),
    Grade: _names(words_headings.GRADE),
    Source: _names(words_headings.SOURCE),
    Marked: _names(words_headings.MARKED),
    Indicator: _names(words_headings.INDICATOR),
    Item: _names(words_headings.ITEM),
    Rule: _names(words_headings.RULE),
    Band: _names(words_headings.BAND),
    Situation: _names(words_headings.SITUATION),
    Quota: _names(words_headings.QUOTA),
    Target: _names(words_headings.TARGET),
    Settings: _names(words_headings.SETTINGS),
    Office: _names(words_headings.OFFICE),
    Days: _names(words_headings.DAYS),
    Round: _names(words_headings.ROUND),
    RoundDays: _names(words_headings.ROUND_DAYS),
    StandardChoice: _names(words_headings.STANDARD_CHOICE),
    Summary: _names(words_headings.SUMMARY),
    Privacy: _names(words_headings.PRIVACY),
    ReportChoice: _names(words_headings.REPORT),
}
"""By the class that declares the keys, as in `words.TABLES`."""


def heading(declared_in: type[BaseModel], key: str) -> str:
    """Return a key's Chinese name, the key itself where it has none yet."""
    return HEADINGS.get(declared_in, {}).get(key, key)


_OTHERS = {key: name for names in reversed(list(HEADINGS.values())) for key, name in names.items()} | {
    "true": "是",
    "false": "否",
    "default": "其余",
    "none": "不限",
}
_FILE = re.compile(r" ?config\.toml( 的 \[choices\])? ?")
_TWICE = re.compile(r"([\u4e00-\u9fff]+)“\1”")
_WORD = re.compile(r"“[^”]*”| ?\"?(?<![A-Za-z_.])([a-z_]+)(?![A-Za-z_.])\"? ?")


def in_names(text: str, table: type[BaseModel]) -> str:
    """Return what is said about a table's keys with their Chinese names; what stands between “” is a user's own."""
    own = {key: name for owner in table.__mro__ for key, name in HEADINGS.get(owner, {}).items()}

    def named(match: re.Match[str]) -> str:
        word = match.group(1) or ""
        name = own.get(word) or VALUES.get(word) or _OTHERS.get(word)
        return f"“{name}”" if name else match.group()

    return _TWICE.sub(r"“\1”", _WORD.sub(named, _FILE.sub("设置", text)))
