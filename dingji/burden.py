"""减负计: how many forms a round asked for and how many cells were typed for it, beside those of the round before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dingji.carried import FOLDER
from dingji.carried import RECORD as ARCHIVED_RECORD
from dingji.frozen import archives
from dingji.workspace import Workspace

if TYPE_CHECKING:  # a run begins without pandas
    import pandas as pd

KEY: Final = "burden"
UNASKED: Final = "未识别"
NOT_TYPED: Final = ("result", "ledger")
"""Kinds of form that a program has filled; the ledger is of what follows a grading, and goes on from round to round."""
PRINTED: Final = "测算等次"
"""What the program prints in 审定表 and reads back."""


@dataclass(frozen=True)
class Burden:
    """Forms asked of branches, raters and the office in a round, and cells typed in those that counted."""

    round: str
    forms: int
    cells: int

    @property
    def told(self) -> dict[str, Any]:
        """Return it as a run's record holds it."""
        return {"round": self.round, "forms": self.forms, "cells": self.cells}


def burden_of(label: str, rollcall: pd.DataFrame, entries: pd.DataFrame) -> Burden:
    """Count a round's own forms and cells; what was taken over from rounds before asked nothing of anybody."""
    rows = zip(rollcall["status"], rollcall["files"], strict=True)
    forms = sum(status != UNASKED and not (files and all(map(_is_carried, files))) for status, files in rows)
    carried_files = [file for file in entries["file"].cat.categories if _is_carried(file)]
    own = (entries["state"] != "blank") & ~entries["form"].isin(NOT_TYPED) & ~entries["file"].isin(carried_files)
    own &= ~((entries["form"] == "decision") & (entries["rule"] == PRINTED))
    addresses = entries["cell"][own].value_counts()  # few addresses, however many rows
    cells = sum(len(str(cell).split()) * int(count) for cell, count in addresses.items())
    return Burden(label, forms, cells)


def _is_carried(file: str) -> bool:
    return file.startswith(f"{FOLDER}/")


def burden_before(workspace: Workspace, label: str) -> Burden | None:
    """Return that of the last frozen round that is another; None where there is none, or its record does not say."""
    before = [archive for archive in archives(workspace) if archive.round != label]
    return _in_record(before[-1].folder / ARCHIVED_RECORD) if before else None


def _in_record(path: Path) -> Burden | None:
    try:
        told: Mapping[str, Any] = json.loads(path.read_bytes())[KEY]
        return Burden(str(told["round"]), int(told["forms"]), int(told["cells"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def words(now: Burden, before: Burden | None) -> str:
    """Return 减负计 in a line."""
    line = f"减负计：{now.round}应报的表{now.forms}张，手工填写{now.cells}格"
    if before is None:
        return f"{line}。"
    changes = _change("表", "张", now.forms - before.forms), _change("填写", "格", now.cells - before.cells)
    return f"{line}；{before.round}是{before.forms}张、{before.cells}格，{'，'.join(changes)}。"


def _change(what: str, unit: str, more: int) -> str:
    return f"{what}{'增加' if more > 0 else '减少'}{abs(more)}{unit}" if more else f"{what}不增不减"
