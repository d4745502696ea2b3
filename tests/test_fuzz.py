"""Fuzzing, bounded: forms of every kind spoilt at random, and drawn values typed into every kind of cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dingji.forms.declare import Column
from dingji.problems import describe
from dingji.read.grid import CellValue, Grid
from dingji.read.locate import locate_sheet
from dingji.read.open import open_workbook
from dingji.read.reading import FileReading, _read_grids
from tests.papers import prepared
from tests.spoiling import forms, judge, read_spoilt, run_whole, spoilt_form

QUIET = settings(deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("seed", range(4))
def test_spoilt_bytes_cost_their_own_file_only(seed: int) -> None:
    random = Random(seed)
    files = [spoilt_form(random) for _ in range(40)]
    readings = read_spoilt(files)
    assert [reading.path for reading in readings] == [path for path, _ in files]
    for reading in readings[::8]:
        judge(reading)


def test_a_folder_of_spoilt_forms_ends_with_a_known_status() -> None:
    random = Random(99)
    assert run_whole({f"坏/{number}.xlsx": spoilt_form(random)[1] for number in range(30)}) in (0, 1, 2)


# --- drawn cells ------------------------------------------------------------------------------------------

Place = tuple[str, int, int, int]
"""A form's path, the number of its sheet, row and column."""


@cache
def opened(path: str) -> tuple[Grid, ...]:
    grids, problems = open_workbook(forms()[path])
    assert problems == []
    return tuple(grids)


@cache
def places() -> dict[tuple[str, str], list[Place]]:
    """Return cells to type into by form and kind of column: the first rows of every column, and the head."""
    found: dict[tuple[str, str], list[Place]] = {}
    for path in forms():
        grids = opened(path)
        kind = read_again(path, grids).kind
        declared = next(form for form in prepared().plan.forms if form.kind == kind)
        for sheet in declared.sheets:
            located = locate_sheet(sheet, grids)
            for column, place in located.places if located else ():
                number = grids.index(located.grid) if located else 0
                rows = range(located.header + 1, min(located.header + 4, len(located.grid.rows))) if located else ()
                found.setdefault((path, kind_of(column)), []).extend((path, number, row, place) for row in rows)
        head = [(row, column) for row in range(6) for column in range(1, 9)]
        found[path, "head"] = [(path, 0, row, column) for row, column in head]
    return found


def kind_of(column: Column) -> str:
    return f"{column.reads} {column.field}"


def read_again(path: str, grids: Sequence[Grid]) -> FileReading:
    outcome = FileReading(path, "0" * 64)
    found = _read_grids(grids, prepared().plan, outcome)
    outcome.problems = [replace(problem, file=path) for problem in found]
    return outcome


VALUES: st.SearchStrategy[CellValue] = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789.-+/%eE分　０９，, '，²½", max_size=12),
    st.floats(),
    st.integers(-(10**30), 10**30),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.sampled_from(
        ["=1+1", "#REF!", "是", "同意", "好", "ZB01", "ZB02", "PW1", "回避", "弃权", "满意、不满意", "{found}", "%s",
         "\x00\x1f\u202e", "字" * 5_000, "定级表单|self|x", "合计", date(1, 1, 1), datetime(9999, 12, 31),  # noqa: DTZ001
         time(0), timedelta(0), float("nan"), float("inf"), -0.0]
    ),
)  # fmt: skip


def typed(place: Place, value: CellValue) -> list[Grid]:
    path, number, row, column = place
    grids = list(opened(path))
    lines = [list(line) for line in grids[number].rows]
    while len(lines) <= row:
        lines.append([])
    lines[row] += [""] * (column + 1 - len(lines[row]))
    lines[row][column] = value
    grids[number] = replace(grids[number], rows=lines)
    return grids


KINDS = sorted(places())


@pytest.mark.parametrize("path", sorted({path for path, _ in KINDS}))
@QUIET
@given(data=st.data())
def test_whatever_is_typed_is_read_or_told(path: str, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([kind for where, kind in KINDS if where == path]))
    place = data.draw(st.sampled_from(places()[path, kind]))
    reading = read_again(path, typed(place, data.draw(VALUES)))
    for problem in reading.problems:
        line = describe(problem)
        assert line.text.isprintable()
        assert len(line.text) < 1_000


@settings(QUIET, max_examples=40)
@given(data=st.data())
def test_whatever_is_typed_harms_no_other_branch(data: st.DataObject) -> None:
    path, kind = data.draw(st.sampled_from(KINDS))
    place = data.draw(st.sampled_from(places()[path, kind]))
    judge(read_again(path, typed(place, data.draw(VALUES))))
