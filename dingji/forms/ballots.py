"""Ballots to print: two to a page, told apart by nothing. A vote is secret, so nothing is numbered."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.worksheet import Worksheet

from dingji.forms.layout import line_count
from dingji.forms.marking_forms import thing_heading
from dingji.forms.palette import Palette, new_book, set_up_print
from dingji.numbers import plain
from dingji.scheme.marking import Thing, typed_things
from dingji.scheme.model import Scheme, Source

SHEET = "测评票"
WIDTHS = (32, 8, 24)
GAP = 4
OFFSETS = (0, len(WIDTHS) + 2)
HOW_MARKS = "评分栏填分数，不超过满分；"
HOW_OPTIONS = "在所选项的“□”内打“√”，每题只选一项；"
UNSIGNED = "本票不记名，请勿署名或作记号。"

PaperLine = tuple[str, str, tuple[str, ...], float]
"""A line of a ballot: the looks of its first text and of the others, the texts, the least height."""


def write_ballots(scheme: Scheme, source: Source, round_label: str, branch_name: str, office: str = "") -> bytes:
    """Return one page, as .xlsx bytes: two like ballots side by side, with a line to cut along."""
    book = new_book(SHEET)
    target, palette = book.add_worksheet(SHEET), Palette(book)
    _set_up(target)
    lines = list(_lines(scheme, source, round_label, branch_name, office))
    for row, line in enumerate(lines):
        for offset in OFFSETS:
            _write_line(target, palette, row, offset, line)
        target.write_blank(row, len(WIDTHS), None, palette.look("cut"))
        target.set_row(row, _height(line))
    target.print_area(0, 0, len(lines) - 1, OFFSETS[1] + len(WIDTHS) - 1)
    return book.sealed()


def _set_up(target: Worksheet) -> None:
    for offset in OFFSETS:
        for index, width in enumerate(WIDTHS, start=offset):
            target.set_column(index, index, width)
    target.set_column(len(WIDTHS), OFFSETS[1] - 1, GAP)
    set_up_print(target, landscape=True)
    target.fit_to_pages(1, 1)
    target.center_vertically()
    target.protect()


def _lines(scheme: Scheme, source: Source, round_label: str, branch_name: str, office: str) -> Iterator[PaperLine]:
    things = typed_things(scheme, source)
    groups = "　".join(f"□{group}" for group in source.groups)
    boxes = "　".join(f"□{option}" for option in (*source.options, *source.apart))
    if office:
        yield "title", "", (office,), 36
    yield "title", "", (scheme.work_name,), 42
    yield "title", "", (f"{SHEET}（{round_label}）" if round_label else SHEET,), 36
    yield "ballot_line", "", (f"被测评{scheme.unit}：{branch_name}",), 30
    if groups:
        yield "ballot_line", "", (f"本人身份：{groups}",), 30
    if things:
        yield "ballot_heading", "", ("项目", "满分", "评分"), 33
    for thing in things:
        yield "ballot", "ballot_centred", (_asked(scheme, thing), plain(thing.full), ""), 38
    for question in source.questions:
        yield "ballot", "ballot_centred", (question, boxes), 48
    how = f"{HOW_MARKS if things else ''}{HOW_OPTIONS if boxes or groups else ''}{UNSIGNED}"
    yield "ballot_line", "", (f"填写办法：{how}",), 45


def _asked(scheme: Scheme, thing: Thing) -> str:
    """Return what is marked, and on the next line what the standard says it is, where it says so."""
    if thing.number is not None:
        return thing_heading(thing)
    items = next((one.items for one in scheme.indicators if one.name == thing.indicator), ())
    meaning = thing.text or "；".join(item.text for item in items if item.text)
    return f"{thing_heading(thing)}\n{meaning}" if meaning else thing_heading(thing)


def _write_line(target: Worksheet, palette: Palette, row: int, offset: int, line: PaperLine) -> None:
    first_look, other_look, texts, _ = line
    last = offset + len(WIDTHS) - 1
    for index, text in enumerate(texts, start=offset):
        look = palette.look(first_look if index == offset or not other_look else other_look)
        if index == offset + len(texts) - 1 and index < last:
            target.merge_range(row, index, row, last, "", look)
        target.write_string(row, index, text, look)


def _height(line: PaperLine) -> float:
    """Return a line's height in points; of texts larger than the body's a column holds fewer."""
    look, _, texts, least = line
    scale, step = (0.6, 24.0) if look == "title" else (0.8, 17.0)
    spans = [WIDTHS[index] for index in range(len(texts) - 1)]
    spans.append(sum(WIDTHS[len(texts) - 1 :]))
    most = max(line_count(text, span * scale) for text, span in zip(texts, spans, strict=True))
    return max(least, most * step + 8)
