"""`scheme try`: one branch's figures on one sheet, each beside its sentence; written, read back, told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final
from unicodedata import normalize

from xlsxwriter.worksheet import Worksheet

from dingji.comparing import normal
from dingji.forms.declare import EXCUSED
from dingji.forms.layout import height
from dingji.forms.palette import TEXT_FORMAT, Palette, new_book, set_up_print
from dingji.forms.validation import ChoiceLists
from dingji.numbers import decimal_of, half_up, percent, plain, signed
from dingji.read.grid import Grid, address, text_of
from dingji.scheme.model import Scheme
from dingji.trial.answers import Answers, Cells, last_round, rounds_typed
from dingji.trial.run import Trial, marked, shown
from dingji.trial.slots import AMOUNT, FIGURE, OPTION, WORK, Slot, slots_of

TRY: Final = "试算"
ROUND, PLACE, NAME, WORDS, POINTS = "轮次", "谁填", "项目", "规定", "算得"
HEADINGS: Final = (ROUND, PLACE, NAME, WORDS, OPTION, FIGURE, AMOUNT, WORK, POINTS)
WIDTHS: Final = (7, 13, 26, 46, 14, 14, 9, 12, 12)
OPENS: Final = (OPTION, FIGURE, AMOUNT, WORK)
NOTE: Final = (
    "填黄色的格子：数量一栏填得分、次数、人数、票数；几名评委或者同一条几次的，写在一格里，用顿号隔开，如 9、8.5、9。"
    "填好存盘，再用 scheme try 读回，算得的分写在最后一栏。"
)
TOP: Final = 2
"""The row of the headings; title and note stand above."""
RESULTS: Final = "结果"


def title_of(scheme: Scheme, round_name: str) -> str:
    """Return what stands above the sheet; the round is read from it again."""
    return f"{scheme.title}　{TRY}　{round_name}"


def write_try(scheme: Scheme, round_name: str, answers: Answers | None = None, trial: Trial | None = None) -> bytes:
    """Return the workbook: empty to be filled in, or with what was typed and what came of it beside."""
    book = new_book(TRY)
    target, palette = book.add_worksheet(TRY), Palette(book)
    _write_top(target, palette, title_of(scheme, round_name))
    for row, line in enumerate(_lines(scheme, round_name, answers, trial), start=TOP + 1):
        _write(target, palette, row, line)
    return book.sealed()


def _write_top(target: Worksheet, palette: Palette, title: str) -> None:
    last = len(HEADINGS) - 1
    for index, width in enumerate(WIDTHS):
        target.set_column(index, index, width)
    set_up_print(target, landscape=True)
    target.repeat_rows(TOP)
    for row, (text, look) in enumerate(((title, "title"), (NOTE, "note"))):
        target.merge_range(row, 0, row, last, "", palette.look(look))
        target.write_string(row, 0, text, palette.look(look))
        target.set_row(row, 32)
    for index, heading in enumerate(HEADINGS):
        target.write_string(TOP, index, heading, palette.look("heading"))
    target.freeze_panes(TOP + 1, HEADINGS.index(WORDS))


@dataclass(frozen=True)
class Line:
    """A row of the sheet: its texts by heading, and the slot that is filled in there."""

    texts: Mapping[str, str]
    slot: Slot | None = None


def _write(target: Worksheet, palette: Palette, row: int, line: Line) -> None:
    takes = line.slot.takes if line.slot else ()
    for index, heading in enumerate(HEADINGS):
        shut = heading in OPENS and heading not in takes
        look = palette.look("shut" if shut else "text", fillable=heading in takes, number_format=TEXT_FORMAT)
        target.write_string(row, index, line.texts.get(heading, ""), look)
    texts = zip((line.texts.get(heading, "") for heading in HEADINGS), WIDTHS, strict=True)
    target.set_row(row, height(list(texts)))
    source = ChoiceLists().source(line.slot.choices) if line.slot and line.slot.choices else ""
    if isinstance(source, list):  # a longer one does not fit into a drop-down: the sentence beside names the labels
        place = HEADINGS.index(OPTION)
        rule = {"validate": "list", "source": source, "show_error": False}
        target.data_validation(row, place, row, place, rule)


def _lines(scheme: Scheme, round_name: str, answers: Answers | None, trial: Trial | None) -> Iterator[Line]:
    """Yield the rows: first what came of it all where that is known, then every slot with what it gave."""
    figures, points = (trial.figures(), trial.points()) if trial else ({}, {})
    for name, figure in figures.items():
        if "." not in name and figure != "":
            yield Line({PLACE: RESULTS, NAME: name, POINTS: _short(name, figure, trial)})
    for said in trial.said() if trial else ():
        yield Line({PLACE: RESULTS, NAME: "说明", WORDS: said})
    for name in rounds_typed(scheme, round_name):
        for slot in slots_of(scheme, name):
            rows = answers.typed.get(name, {}).get(slot, []) if answers else []
            typed = {heading: _joined(rows, heading) for heading in slot.takes}
            texts = {ROUND: name, PLACE: slot.place, NAME: slot.name or slot.place, WORDS: slot.words, **typed}
            given = points.get((name, slot.place, slot.key))
            if slot.kind == "mark" and name == round_name:
                mark = figures.get(marked(slot.place, slot.key))
                texts[POINTS] = plain(half_up(mark, 4)) if isinstance(mark, Fraction) else ""
            elif slot.kind in ("fact", "read") and given is not None:
                texts[POINTS] = signed(half_up(given, 4))
            yield Line(texts, slot)


def _joined(rows: Sequence[Cells], heading: str) -> str:
    cells = [row.get(heading, "") for row in rows]
    texts = [plain(Fraction(cell)) if isinstance(cell, Decimal) else cell for cell in cells]
    return "、".join(texts) if any(texts) else ""


def _short(name: str, figure: Fraction | str | None, trial: Trial | None) -> str:
    if isinstance(figure, Fraction):
        return percent(figure) if trial and name in trial.result["shares"] else plain(half_up(figure, 4))
    return shown(figure)


# --- read back --------------------------------------------------------------------------------------------


@dataclass
class Filled:
    """What a filled sheet says: of which round, the answers, and what cannot be understood, with its cell."""

    round: str = ""
    answers: Answers = field(default_factory=Answers)
    faults: list[str] = field(default_factory=list)


def read_try(scheme: Scheme, grids: Sequence[Grid]) -> Filled:
    """Read what was filled in; rows of 结果 are passed over, any other row must be one of the sheet's own."""
    filled = Filled()
    for grid in grids:
        place = next((row for row, line in enumerate(grid.rows) if {PLACE, NAME, FIGURE} <= _texts(line)), None)
        if place is not None:
            heads = {normal(text_of(value)): index for index, value in enumerate(grid.rows[place])}
            _read_rows(scheme, grid, (place, heads), filled)
            return filled
    filled.faults.append(f"没有找到试算表：要有 {PLACE}、{NAME}、{FIGURE} 几栏")
    return filled


def _texts(line: Sequence[object]) -> set[str]:
    return {normal(value) for value in line if isinstance(value, str)}


def _read_rows(scheme: Scheme, grid: Grid, table: tuple[int, Mapping[str, int]], filled: Filled) -> None:
    top, heads = table
    rounds = [normal(text_of(grid.value(row, heads.get(ROUND, 0)))) for row in range(top + 1, len(grid.rows))]
    known = reversed([*scheme.rounds])
    filled.round = next((name for name in known if normal(name) in rounds), last_round(scheme))
    slots = {
        (normal(name), normal(slot.place), normal(slot.name or slot.place)): (name, slot)
        for name in rounds_typed(scheme, filled.round)
        for slot in slots_of(scheme, name)
    }
    for row, round_name in enumerate(rounds, start=top + 1):
        place, name = (normal(text_of(grid.value(row, heads[heading]))) for heading in (PLACE, NAME))
        cells = {heading: _parts(grid, row, heads[heading], filled) for heading in OPENS if heading in heads}
        if place == RESULTS or not any(cells.values()):
            continue
        found = slots.get((round_name, place, name))
        if found is None:
            filled.faults.append(f"第{row + 1}行 不认得这一行：{place} {name}")
            continue
        _take(found, cells, (row, heads), filled)


def _parts(grid: Grid, row: int, column: int, filled: Filled) -> list[str]:
    """Return what stands in a cell, several values apart by 、; a percentage in percent points."""
    value = grid.value(row, column)
    if (row, column) in grid.faults:
        filled.faults.append(f"{address(row, column)} 是错误值或没有算过的公式")
        return []
    if isinstance(value, float | int) and not isinstance(value, bool) and (row, column) in grid.percent:
        value = float(Decimal(text_of(value)) * 100)
    text = normalize("NFKC", text_of(value)).replace(",", "、").replace(";", "、").replace("\n", "、")
    return [part.strip().removesuffix("%") for part in text.split("、")] if text.strip() else []


def _take(
    found: tuple[str, Slot], cells: Mapping[str, list[str]], at: tuple[int, Mapping[str, int]], filled: Filled
) -> None:
    name, slot = found
    row, heads = at
    count = max(map(len, cells.values()))
    rows: list[Cells] = [{} for _ in range(count)]
    for heading, parts in cells.items():
        cell = address(row, heads[heading])
        if parts and heading not in slot.takes:
            filled.faults.append(f"{cell} 这一格不填：{slot.place} {slot.name}只填 {'、'.join(slot.takes)}")
        if parts and len(parts) not in (1, count):
            filled.faults.append(f"{cell} 写了 {len(parts)} 个，同一行别的格写了 {count} 个")
        for place, part in enumerate(parts * count if len(parts) == 1 else parts):
            value = _meant(slot, heading, part)
            if value is None:
                filled.faults.append(f"{cell} “{part}”不是数")
            elif value != "":
                rows[place][heading] = value
    filled.answers.put(name, slot, rows)


def _meant(slot: Slot, heading: str, part: str) -> Decimal | str | None:
    """Return what was meant: a label, a figure, what a rater writes in place of one; None where it is none of these."""
    number = decimal_of(part)
    if heading in (OPTION, WORK) or not part:
        return part
    if number is None and heading == FIGURE and (slot.kind == "roster" or part in EXCUSED):
        return part
    return number


def told(scheme: Scheme, filled: Filled, trial: Trial) -> Iterator[str]:
    """Yield for a console what came of it all, then what was typed, with the points that it gave."""
    for line in _lines(scheme, filled.round, filled.answers, trial):
        typed = "　".join(filter(None, (line.texts.get(heading, "") for heading in OPENS)))
        points = line.texts.get(POINTS, "")
        if line.slot is None or typed or points:
            words = "" if line.slot else line.texts.get(WORDS, "")
            parts = (line.texts[PLACE], line.texts[NAME], typed, words, points and f"→ {points}")
            yield "　".join(filter(None, parts))
