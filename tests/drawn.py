"""Tables drawn in a test as text → rows, and rows → the entries table that intake would hand to scoring.

Columns stand apart by `|`. In a drawn mark `–` is a cell left blank, `规则` one left to the rules, `?` one that could
not be read; an empty cell is no mark at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from dingji.forms.declare import TALLY_MEAN
from dingji.numbers import micro
from dingji.read.printed import VOTES
from dingji.tables import ENTRIES, table

Row = dict[str, Any]
STATES = {"–": "blank", "规则": "rules", "?": "refused"}


def rows(text: str) -> list[dict[str, str]]:
    """Return a drawn table's rows by heading."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def by_first(text: str) -> dict[str, list[str]]:
    """Return a drawn table's rows by their first cell, without the headings."""
    return {first: rest for first, *rest in (row.values() for row in rows(text))}


def fractions(text: str) -> list[Fraction]:
    """Return the numbers of a line."""
    return [Fraction(word) for word in text.split()]


def number(text: str) -> int | None:
    """Return a drawn figure in millionths, None for an empty cell."""
    return micro(Decimal(text)) if text else None


def entries(*parts: Iterable[Row]) -> pd.DataFrame:
    """Join rows of entries into the table."""
    return table(ENTRIES, [{"file": "表", "sheet": "表", "state": "typed", **row} for part in parts for row in part])


def marks(text: str, source: str, form: str = "committee") -> list[Row]:
    """Return marks drawn a row a branch (支部, 评委) and a column a thing marked."""
    found: list[Row] = []
    for line in rows(text):
        own = {"unit": line.pop("支部"), "rater": line.pop("评委", ""), "form": form, "source": source, "part": "mark"}
        for item, cell in line.items():
            state = STATES.get(cell, "typed")
            value = number(cell) if state == "typed" else None
            found += [{**own, "item": item, "state": state, "value": value}] if cell else []
    return found


FACT_COLUMNS = {"规则": "rule", "选项": "option", "日期": "date", "工作": "work", "状态": "state"}


def facts(text: str, form: str = "committee", source: str = "") -> list[Row]:
    """Return facts drawn a row each: 支部, 评委, 规则, 选项, 数量, 分值, 日期, 工作."""
    return [
        {
            "unit": line["支部"],
            "rater": line.get("评委", ""),
            "form": form,
            "source": source,
            "part": "fact",
            "value": number(line.get("数量", "")),
            "amount": number(line.get("分值", "")),
            **{field: line[heading] for heading, field in FACT_COLUMNS.items() if heading in line},
        }
        for line in rows(text)
    ]


def ballots(text: str, source: str) -> list[Row]:
    """Return ballots drawn as so many alike a row: 支部, 张数, 身份, then a column a thing marked or a question."""
    found: list[Row] = []
    for place, line in enumerate(rows(text)):
        own = {"unit": line.pop("支部"), "group": line.pop("身份", ""), "form": "survey", "source": source}
        for copy in range(int(line.pop("张数", "1"))):
            for item, cell in line.items():
                is_number = cell.replace(".", "").isdigit()
                answer = {"value": number(cell)} if is_number else {"option": cell}
                state = "typed" if cell else "blank"
                found.append(
                    {**own, "part": "mark", "rater": f"{place}-{copy}", "item": item, "state": state, **answer}
                )
    return found


def tally(text: str, source: str, file: str = "汇总") -> list[Row]:
    """Return a tally drawn a row a line: 支部, 项目, 身份, then a column an option, or 平均分."""
    found: list[Row] = []
    for line in rows(text):
        own = {"unit": line.pop("支部"), "item": line.pop("项目"), "group": line.pop("身份", ""), "file": file}
        own |= {"form": "survey", "source": source, "part": "votes"}
        for label, cell in line.items():
            kind = {"rule": TALLY_MEAN} if label == "平均分" else {"rule": VOTES, "option": label}
            found += [{**own, **kind, "value": number(cell)}] if cell else []
    return found


def heads(text: str, source: str, file: str = "汇总") -> list[Row]:
    """Return the head cells of survey forms: 支部, then a column a count."""
    return [
        {"unit": line["支部"], "form": "survey", "source": source, "part": "head", "file": file, "rule": label,
         "value": number(cell)}
        for line in rows(text) for label, cell in line.items() if label != "支部" and cell
    ]  # fmt: skip


def situations(text: str) -> list[Row]:
    """Return situations declared and confirmed: 支部, 情形."""
    return [
        {"unit": line["支部"], "form": "situation", "part": "record", "rule": line["情形"], "option": "是"}
        for line in rows(text)
    ]


def decisions(text: str) -> list[Row]:
    """Return decisions: 支部, 测算等次 as it stood on the form, 审定等次, 理由."""
    found: list[Row] = []
    for place, line in enumerate(rows(text)):
        own = {"unit": line["支部"], "form": "decision", "cell": f"E{place + 2}"}
        found.append({**own, "part": "record", "option": line["审定等次"], "reason": line.get("理由", "")})
        if stood := line.get("测算等次"):
            found.append({**own, "part": "also", "rule": "测算等次", "option": stood, "cell": f"C{place + 2}"})
    return found
