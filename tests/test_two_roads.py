"""The straight and the careful road of reading: whatever is done to a form, both read the same from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from dingji.demo.write import write_demo
from dingji.forms.declare import Form
from dingji.prepare import prepare
from dingji.problems import Problem
from dingji.read import reading as road
from dingji.read import sheets
from dingji.read.grid import NOT_COMPUTED, CellValue, Grid
from dingji.read.locate import Located
from dingji.read.open import open_workbook
from dingji.read.reading import FileReading
from dingji.read.recognise import Plan
from dingji.read.rows import Reading
from dingji.read.straight import layout_of
from dingji.workspace import Workspace
from tests.workspaces import PROGRAM

STANDARDS = sorted(path.stem for path in (PROGRAM / "schemes").glob("*.toml"))
DRAWN = 500
Book = tuple[Grid, ...]


@dataclass(frozen=True)
class Forms:
    """The forms of a demonstration as they were opened, and what a run expects."""

    plan: Plan
    books: Sequence[Book]

    def read(self, book: Sequence[Grid]) -> tuple[FileReading, list[Problem]]:
        """Read a workbook by whichever road is open."""
        outcome = FileReading("表.xlsx", "0" * 64)
        return outcome, road._read_grids(book, self.plan, outcome)


def forms(standard: str) -> Forms:
    """Return all forms, after each was read once, so that their layouts are known: nobody else's are."""
    with TemporaryDirectory() as folder:
        write_demo(Path(folder), PROGRAM / "schemes" / f"{standard}.toml", 4, 3, 1)
        workspace = Workspace(Path(folder))
        plan = prepare(workspace).plan
        paths = sorted(workspace.inputs.rglob("*.xlsx"))
        found = Forms(plan, [tuple(open_workbook(path.read_bytes())[0]) for path in paths])
    for book in found.books:
        found.read(book)
    return found


# --- damages ------------------------------------------------------------------------------------------------

VALUES: Sequence[CellValue] = (
    "", "", "好", "满意", "合计", "应到", "收回：5", "来源", "轮次", "自评得分", "票号", "4.5分",
    "'4", "４", "回避", "弃权",
    "是", "否", "1", "备注：见附件", " 一 ", "二\u200b", "定级表单|self|x", "定级退回|A|B",
    "0", "第3项", "领导签字", "90%", "作废", " ", "#REF!", "党组织编码", "合计（5分）",
    0.0, -0.0, 1.0, 3.0, 4.5, 5.0, 99.0, 1e9, -1.0, 0.1234567, 46112.0, True, date(2026, 3, 1),
)  # fmt: skip


def _spot(grid: Grid, random: Random) -> tuple[int, int]:
    row = random.randrange(len(grid.rows))
    return row, random.randrange(max(len(grid.rows[row]), 1))


def _put(grid: Grid, spot: tuple[int, int], value: CellValue) -> Grid:
    rows = [list(line) for line in grid.rows]
    rows[spot[0]][spot[1] : spot[1] + 1] = [value]
    return replace(grid, rows=rows)


def typed(grid: Grid, random: Random) -> Grid:
    return _put(grid, _spot(grid, random), random.choice(VALUES))


def answered(grid: Grid, random: Random) -> Grid:
    """Type something where a figure stands: most often into a mark, a count or a line of votes."""
    spots = [(row, at) for row, line in enumerate(grid.rows) for at, value in enumerate(line) if type(value) is float]
    return _put(grid, random.choice(spots), random.choice(VALUES)) if spots else grid


def copied(grid: Grid, random: Random) -> Grid:
    return _put(grid, _spot(grid, random), grid.value(*_spot(grid, random)))


def swapped(grid: Grid, random: Random) -> Grid:
    one, other = _spot(grid, random), _spot(grid, random)
    return _put(_put(grid, one, grid.value(*other)), other, grid.value(*one))


def without_row(grid: Grid, random: Random) -> Grid:
    rows = list(grid.rows)
    del rows[random.randrange(len(rows))]
    return replace(grid, rows=rows)


def with_row(grid: Grid, random: Random) -> Grid:
    rows = list(grid.rows)
    line: Sequence[CellValue] = random.choice(rows) if random.random() < 0.5 else [""] * len(rows[0])
    rows.insert(random.randrange(len(rows) + 1), line)
    return replace(grid, rows=rows)


def rows_swapped(grid: Grid, random: Random) -> Grid:
    rows = list(grid.rows)
    one, other = random.randrange(len(rows)), random.randrange(len(rows))
    rows[one], rows[other] = rows[other], rows[one]
    return replace(grid, rows=rows)


def column_moved(grid: Grid, random: Random) -> Grid:
    place, width = random.randrange(max(map(len, grid.rows))), max(map(len, grid.rows))
    order = [each for each in range(width) if each != place]
    order.insert(random.randrange(width), place)
    return replace(grid, rows=[[line[each] for each in order] for line in grid.rows])


def with_column(grid: Grid, random: Random) -> Grid:
    place, value = random.randrange(max(map(len, grid.rows)) + 1), random.choice(VALUES)
    return replace(
        grid, rows=[[*line[:place], value if row > 20 else "", *line[place:]] for row, line in enumerate(grid.rows)]
    )


def faulty(grid: Grid, random: Random) -> Grid:
    return replace(grid, faults={_spot(grid, random): random.choice(("", "#REF!"))})


def in_percent(grid: Grid, random: Random) -> Grid:
    return replace(grid, percent=frozenset([_spot(grid, random)]))


def merged(grid: Grid, random: Random) -> Grid:
    row, place = _spot(grid, random)
    return replace(grid, spans={(row + 1, place): grid.value(row, place)})


def renamed(grid: Grid, random: Random) -> Grid:
    return replace(grid, name=random.choice((f"{grid.name} ", "Sheet1", "测评汇总", "自评表")))


Damage = Callable[[Grid, Random], Grid]
OFTEN: Sequence[Damage] = (answered, answered, answered, answered, typed, typed, copied, swapped)
SELDOM: Sequence[Damage] = (
    without_row, with_row, rows_swapped, column_moved, with_column, faulty, in_percent, merged, renamed,
)  # fmt: skip


def damaged(book: Book, random: Random) -> list[Grid]:
    """Return a book in which one or more cells say something else, and now and then a sheet is no longer whole."""
    grids = list(book)
    for _ in range(random.choice((1, 1, 2, 6))):
        at = random.randrange(len(grids) - 1)
        grids[at] = random.choice((*OFTEN, *OFTEN, *SELDOM))(grids[at], random)
    if random.random() < 0.05:
        del grids[random.randrange(len(grids))]
    return grids


# --- both roads ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("standard", STANDARDS)
def test_plain_rows_are_read_as_the_careful_reader_reads_them(standard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found, random, plain = forms(standard), Random(f"{standard} plain"), 0
    books = [book for book in found.books if {grid.name for grid in book} & RECORDS]
    for _ in range(DRAWN // 2):
        book, taken = damaged(random.choice(books), random), list[int]()
        with monkeypatch.context() as only:
            for name in ("plain_records", "plain_members"):
                only.setattr(sheets, name, _counted(getattr(sheets, name), taken))
            quick = found.read(book)
            plain += sum(taken)
        with monkeypatch.context() as only:
            for name in ("plain_records", "plain_members"):
                only.setattr(sheets, name, lambda *_: {})
            assert found.read(book) == quick, [grid.rows for grid in book]
    assert plain > DRAWN / 2, "hardly a row was plain: nothing was compared"


def _counted(way: Callable[..., Mapping[int, object]], taken: list[int]) -> Callable[..., Mapping[int, object]]:
    def counted(*given: object) -> Mapping[int, object]:
        found = way(*given)
        taken.append(len(found))
        return found

    return counted


RECORDS = {"名册", "评委", "平时记录", "情形申报", "评定扣分", "一览表"}


@pytest.mark.parametrize("standard", STANDARDS)
def test_both_roads_read_the_same(standard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found, random, straight = forms(standard), Random(standard), 0
    for number in range(DRAWN):
        book = damaged(random.choice(found.books), random) if number >= len(found.books) else found.books[number]
        straight += layout_of(book, found.plan) is not None
        quick = found.read(book)
        with monkeypatch.context() as only:
            only.setattr(road, "STRAIGHT", False)
            assert found.read(book) == quick, (number, [grid.rows for grid in book])
    assert straight > DRAWN / 5, "the straight road is hardly taken: nothing was compared"


@pytest.mark.parametrize("standard", STANDARDS)
def test_a_form_in_which_every_cell_was_calculated_takes_the_straight_road(standard: str) -> None:
    """But for results, which are always read with care: their figures are held against their code."""
    found = forms(standard)
    results = [book for book in found.books if book[0].name == "一览表"]
    whole = [book for book in found.books if book not in results and not any(grid.faults for grid in book)]
    assert not any(layout_of(book, found.plan) for book in results)
    assert len(whole) > len(found.books) / 2
    assert all(layout_of(book, found.plan) for book in whole)


def test_a_figure_typed_as_a_text_keeps_a_raters_book_on_the_straight_road(monkeypatch: pytest.MonkeyPatch) -> None:
    """The live total leaves it out, and is no total that somebody typed."""
    found = forms("five-good")
    book = next(book for book in found.books if book[0].name == "评定表" and book[0].computed.any_at_all)
    at = next(iter(sorted(book[0].computed.places)))
    texts = _put(book[0], (at[0], at[1] - 1), "'4")
    careful: list[str] = []
    each = road._read_sheet

    def told(form: Form, sheet: Located, outcome: FileReading) -> Reading:
        careful.append(sheet.grid.name)
        return each(form, sheet, outcome)

    monkeypatch.setattr(road, "_read_sheet", told)
    reading, problems = found.read([texts, *book[1:]])
    assert "评定表" not in careful
    assert [problem.code for problem in problems if problem.cell == f"{'ABCDEFGHIJ'[at[1] - 1]}{at[0] + 1}"] == ["N220"]
    found.read([replace(texts, computed=NOT_COMPUTED), *book[1:]])
    assert "评定表" in careful, "a total typed over the live one is looked at with care"
    assert reading.taken
    _, problems = found.read([_put(book[0], at, "作废"), *book[1:]])
    assert [problem.code for problem in problems if problem.sheet == "评定表"] == ["W243"], "a formula may give words"


def test_a_ballot_with_nothing_but_a_space_for_an_answer_is_none_by_either_road() -> None:
    found = forms("three-party")
    book = next(book for book in found.books if book[0].name == "测评票")
    first = next(row for row, line in enumerate(book[0].rows) if line[0] == "票号") + 1
    typed, blank = (found.read([_put(book[0], (first, 2), text), *book[1:]])[0].columns for text in (" ", ""))
    assert typed == blank


def test_words_that_all_is_void_are_told_of_every_form_laid_out_so() -> None:
    found = forms("five-good")
    book = next(book for book in found.books if book[0].name == "名册")
    for spot in ((1, 4), (2, 6)):  # printed, and typed into the head
        void = [_put(book[0], spot, "作废"), *book[1:]]
        assert [[problem.code for problem in found.read(void)[1]] for _ in range(3)] == [["W566"]] * 3
