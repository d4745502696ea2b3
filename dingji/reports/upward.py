"""What a superior gets as files of its own: 上报.xlsx, which it can read as 下级结果, and each parent unit's tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from dingji.forms.palette import new_book
from dingji.forms.stamp import Stamp
from dingji.naming import safe_name
from dingji.outcome import Outcome
from dingji.reports.columns import ReportTable
from dingji.reports.documents import papers
from dingji.reports.sheet import A3, Layout, freeze, prepare, write_table
from dingji.reports.styles import Styles, grade_tints
from dingji.reports.widths import widths_of
from dingji.reports.withholding import upward_overview, upward_summary
from dingji.seal import seal

BOOK = "上报.xlsx"
BY_PARENT = "上报/按上级"


def upward(outcome: Outcome, templates: Path | None) -> dict[str, bytes]:
    """Return the superior's workbook and papers, and each parent unit's own where there are several."""
    files = {f"上报/{name}": raw for name, raw in _own(outcome, templates).items()}
    for folder, part in parts_by_parent(outcome):
        files |= {f"{folder}/{name}": raw for name, raw in _own(part, templates).items()}
    return files


def _own(outcome: Outcome, templates: Path | None) -> dict[str, bytes]:
    return {BOOK: write_upward(outcome), **papers(outcome, templates)}


def parts_by_parent(outcome: Outcome) -> Iterator[tuple[str, Outcome]]:
    """Yield folder and outcome for each parent unit; none where all branches stand under one."""
    parents = list(dict.fromkeys(outcome.branches["parent"]))
    codes = dict(zip(outcome.branches["name"], outcome.branches["unit"], strict=True))
    if len(parents) < 2:  # noqa: PLR2004 - one parent's tables are the whole's
        return
    for parent in parents:
        units = set(outcome.branches.loc[outcome.branches["parent"] == parent, "unit"])
        if any(unit in units for unit in outcome.results["unit"]):
            name = safe_name("_".join(part for part in (codes.get(parent, ""), parent or "未填") if part))
            yield f"{BY_PARENT}/{name}", part_of(outcome, units)


def part_of(outcome: Outcome, units: set[str]) -> Outcome:
    """Return the outcome of some branches only; their places stay those of the whole."""
    tables = {name: getattr(outcome, name) for name in ("branches", "results", "trail", "rollcall")}
    return replace(outcome, **{name: table[table["unit"].isin(units)] for name, table in tables.items()})


def write_upward(outcome: Outcome) -> bytes:
    """Return 上报.xlsx: sheets 一览表 and 汇总表, values only, no hidden sheet, one visible stamp line."""
    stream = BytesIO()
    workbook = new_book(stream, "上报")
    styles, tints = Styles(workbook), grade_tints(outcome.schemes.values())
    stamp = Stamp("result", next(iter(outcome.schemes)), "", outcome.settings.round.label, "", "")
    sheets: Sequence[tuple[str, Sequence[ReportTable], Layout]] = (
        ("一览表", [upward_overview(outcome)], Layout(A3, 3, tints)),
        ("汇总表", upward_summary(outcome), Layout(frozen=1)),
    )
    for name, tables, layout in sheets:
        sheet, widths, row = workbook.add_worksheet(name), widths_of(tables), 0
        prepare(sheet, widths, layout)
        placed = []
        for table in tables:
            placed.append(write_table(sheet, styles, table, widths, layout, row))
            row = placed[-1].end + 1
        freeze(sheet, placed[0], layout)
        if name == "一览表":
            sheet.write_string(placed[-1].end, 0, stamp.text(), styles.look("stamp"))
    workbook.close()
    return seal(stream.getvalue())
