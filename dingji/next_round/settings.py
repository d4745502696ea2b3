"""config.toml of the next round: all that holds on, without the days of the round that is over."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dingji.book.toml import toml_file
from dingji.cannot_run import CannotRunError
from dingji.paper_settings import DAYS
from dingji.reference.places import file_line
from dingji.round_days import label_before
from dingji.scheme.load import read_toml
from dingji.scheme.model import Scheme
from dingji.settings import Settings, load_settings

OPENING: Final = ("新一轮的设置，由上一轮的设置转成；轮次的起止日期、公文的日期要重新填写。",)
BOUNDS: Final = ("begins", "ends")


def label_after(label: str, names: Sequence[str]) -> str:
    """Return the round after another: of the same year by the standard's order, else the first of the year after."""
    year, _, name = label.rpartition(" ")
    if name not in names or name == names[-1]:
        return f"{int(year) + 1} {names[0] if names else name}"
    return f"{year} {names[names.index(name) + 1]}"


def next_settings(raw: bytes, label: str, names: Sequence[str], standard: str = "") -> bytes:
    """Return config.toml for the round `label` from that of the round before; `names`: the standard's rounds.

    Days of papers and of the round are left out, and so is another place of the input: forms of last time lie there.
    Within a year the calendar holds on, with the days of the round that is over. `standard` takes the default's place.
    """
    data: dict[str, Any] = dict(read_toml(raw)[0])
    old = data["round"]
    before, (year, _, name) = f"{old['year']} {old['name']}", label.rpartition(" ")
    data["round"] = {"year": int(year), "name": name}
    if label_before(label, names) != before:
        data["round"]["previous"] = before
    data["calendar"] = _calendar(data.get("calendar", []), old) if int(year) == old["year"] else []
    data["publish"] = _without(data.get("publish", {}), DAYS)
    data["office"] = _without(data.get("office", {}), ("date",))
    data["engine"] = _without(data.get("engine", {}), ("input",))
    if standard:
        data["standard"] = {**data["standard"], "default": standard}
    text = toml_file(Settings, {key: value for key, value in data.items() if value}, OPENING).encode()
    findings = load_settings(text)[1]
    if findings:
        raise CannotRunError([file_line(Settings, "config.toml", finding) for finding in findings])
    return text


def _calendar(listed: Sequence[Mapping[str, Any]], old: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the calendar, the days of the round that is over among it wherever they were told."""
    days = {end: old[end] for end in BOUNDS if old.get(end)}
    there = [{**each, **days} if each["round"] == old["name"] else dict(each) for each in listed]
    known = any(each["round"] == old["name"] for each in listed)
    return there if known or not days else [*there, {"round": old["name"], **days}]


def _without(table: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in keys}


def first_settings(scheme: Scheme, label: str) -> str:
    """Return config.toml of an office's first round."""
    year, _, name = label.rpartition(" ")
    quoted = json.dumps(name, ensure_ascii=False)
    return (
        f'[office]\nname = ""\n\n[round]\nyear = {int(year)}\nname = {quoted}\nprevious = "无"\n\n'
        f'[standard]\ndefault = "{scheme.id}"\n'
    )
