"""The parts of docs/performance.md that are measured; they stand between marks and are rewritten, never typed."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.row import HEADINGS, Row

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


def write_rows(page: Path, rows: Sequence[Row], sizes: str) -> None:
    """Renew the table; rows of goals that were not measured now stay, with their date."""
    measured = {str(row.goal) for row in rows}
    before = [line for line in _between(page, "table") if re.match(r"\| \d", line)]
    kept = [line for line in before if line.split("|")[1].strip() not in measured]
    today = date.today().isoformat()  # noqa: DTZ011 - the day as it is here
    fresh = [f"| {' | '.join((*row.cells, sizes, today))} |" for row in rows]
    lines = sorted([*kept, *fresh], key=lambda line: int(line.split("|")[1]))
    head = [f"| {' | '.join((*HEADINGS, '规模', '日期'))} |", "|---" * (len(HEADINGS) + 2) + "|"]
    _put(page, "table", [f"机器：{machine()}。", "", *head, *lines])


def write_profile(page: Path, lines: Sequence[str]) -> None:
    """Renew the profile."""
    _put(page, "profile", lines)


def machine() -> str:
    """Return what this machine is."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    return f"{processor}，{os.cpu_count()} 核，{platform.system()}，Python {platform.python_version()}"


def _between(page: Path, name: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return text[text.index(_mark(name)) : text.index(_mark(f"/{name}"))].splitlines()[1:]


def _put(page: Path, name: str, lines: Sequence[str]) -> None:
    text = page.read_text(encoding="utf-8")
    head, tail = text[: text.index(_mark(name))], text[text.index(_mark(f"/{name}")) :]
    page.write_text("\n".join([f"{head}{_mark(name)}", *lines, tail]), encoding="utf-8")


def _mark(name: str) -> str:
    return f"<!-- {name} -->"
