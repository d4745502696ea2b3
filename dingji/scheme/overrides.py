"""What an office may settle for itself: keys of tables that the standard marks with `choice`, set in config.toml."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from dingji.scheme.finding import Finding


def override(data: Mapping[str, Any], choices: Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """Set the keys of `[choices.<standard>]` in a standard's data, as `"sources.自评.weight" = 30`.

    A path goes through tables by key and through lists by the name (an item's number) of their tables. Only
    tables with `choice` are open; anything else is an error.
    """
    changed = deepcopy(dict(data))
    findings = [finding for path, value in choices.items() if (finding := _set(changed, path, value))]
    return changed, findings


def _set(data: dict[str, Any], path: str, value: object) -> Finding | None:
    *way, key = path.split(".")
    table = _follow(data, way)
    where = ("choices", path)
    if table is None:
        return Finding("error", where, "标准中没有这个位置")
    if "choice" not in table:
        return Finding("error", where, "标准没有把这里留给本单位自定（没有写理由），不能在设置里改")
    if key == "choice":
        return Finding("error", where, "choice 是自定的理由，不能改")
    table[key] = value
    return None


def _follow(data: dict[str, Any], way: list[str]) -> dict[str, Any] | None:
    found: Any = data
    for step in way:
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list):
            tables = [part for part in found if isinstance(part, dict)]
            found = next((part for part in tables if step == part.get("name", str(part.get("no")))), None)
        if found is None:
            return None
    return found if isinstance(found, dict) else None
