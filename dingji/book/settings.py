"""The office's settings as 设置.xlsx, and back: `write_settings` and `read_settings`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dingji.book.called import Called, Standards
from dingji.book.check import checked, spot_of
from dingji.book.choices import SHEET, draw_choices, opened, read_choices
from dingji.book.declare import book_of, columns_of
from dingji.book.draw import drawn
from dingji.book.filled import BookReading, CellFinding
from dingji.book.read import read_book
from dingji.book.standard import Imported, opening_findings
from dingji.book.toml import toml_file
from dingji.book.write import Offers, write_book
from dingji.comparing import normal
from dingji.read.open import open_workbook
from dingji.reference.headings import in_names
from dingji.round_days import Round, RoundDays
from dingji.scheme.finding import Finding
from dingji.scheme.load import load_scheme, read_toml
from dingji.scheme.model import Scheme
from dingji.settings import Settings, StandardChoice, load_settings

OPENING: Final = ("本单位本轮的设置，由 设置.xlsx 转成（config import）。也可以直接改这里：改动后存盘（UTF-8）。",)
TITLE: Final = "本单位的设置"


def write_settings(raw: bytes, standards: Mapping[str, bytes]) -> tuple[bytes, list[Finding]]:
    """Return config.toml as .xlsx bytes, beside the open places of the standards (their TOML bytes by id).

    No bytes, and the reasons, where config.toml is wrong.
    """
    settings, findings = load_settings(raw)
    if settings is None:
        return b"", findings
    data = read_toml(raw)[0]
    known = {name: read_toml(text)[0] for name, text in standards.items()}
    used = _used(settings)
    shown = {name: known[name] for name in used if name in known}
    called = Called.of(known)
    *sheets, _ = drawn(book_of(Settings), called.shown_in(data))  # few columns, each with its note: no guide
    for sheet in sheets:
        sheet.checked = False  # settings with a mistake are not written
    choices = draw_choices(shown, data.get("choices", {}), called)
    rounds = list(known.get(settings.standard.default, {}).get("rounds", []))
    standards_offered = [called.shown(name) for name in sorted(known)]
    offers: Offers = {
        (StandardChoice, "default"): standards_offered,
        (Round, "name"): rounds,
        (RoundDays, "round"): rounds,
    }
    return write_book(TITLE, [*sheets, choices], offers), findings


def _used(settings: Settings) -> list[str]:
    """Return the standards whose open places are shown: those that grade somebody, and those settled before."""
    named = [settings.standard.default, *settings.standard.by_category.values(), *settings.choices]
    return list(dict.fromkeys(named))


def read_settings(raw: bytes, standards: Mapping[str, bytes]) -> Imported:
    """Read the settings from a workbook's bytes; all mistakes at once, each at its cell."""
    grids, problems = open_workbook(raw)
    if not grids:
        return Imported("", {}, tuple(opening_findings(problems)))
    reading = read_book(grids, book_of(Settings), (SHEET,))
    known: Standards = {name: read_toml(text)[0] for name, text in standards.items()}
    reading.data = Called.of(known).meant_in(reading.data)
    for grid in grids:
        if normal(grid.name) == normal(SHEET):
            read_choices(grid, known, reading)
    text = toml_file(Settings, _completed(reading.data), OPENING, explained=True)
    findings = checked(reading, Settings, text.encode(), lambda file: load_settings(file)[1])
    findings += _of_standards(reading, known, standards)
    fatal = any(finding.severity == "error" for finding in findings)
    return Imported("" if fatal else text, reading.data, tuple(findings))


def _completed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data with what holds for blank cells written out, so that a file shows all that can be set."""
    whole: dict[str, Any] = {}
    for entry in book_of(Settings).entries:
        section, key = entry.path
        given = data.get(section, {})
        value = given.get(key, entry.column.default)
        if value is not None and value != {}:
            whole.setdefault(section, {})[key] = value
    lists = [sheet.place.key for sheet in book_of(Settings).sheets]
    return {**whole, **{key: data[key] for key in (*lists, "choices") if data.get(key)}}


def _of_standards(reading: BookReading, known: Standards, standards: Mapping[str, bytes]) -> Iterator[CellFinding]:
    """Yield what the standards say of the settings: an unknown standard or round, a choice that does not fit."""
    chosen = reading.data.get("standard", {})
    default = chosen.get("default")
    if default is not None and default not in known:
        yield _at(reading, ("standard", "default"), f"schemes 文件夹里没有这个标准；有：{_listed(known)}")
    for name in chosen.get("by_category", {}).values():
        if name not in known:
            yield _at(reading, ("standard", "by_category"), f"schemes 文件夹里没有标准“{name}”")
    rounds = list(known.get(str(default), {}).get("rounds", []))
    name = reading.data.get("round", {}).get("name")
    if name is not None and rounds and name not in rounds:
        yield _at(reading, ("round", "name"), f"标准没有这个轮次，只有：{'、'.join(rounds)}")
    for scheme, keys in reading.data.get("choices", {}).items():
        if scheme in known:
            yield from _of_choices(reading, scheme, keys, standards[scheme], known[scheme])


def _listed(known: Standards) -> str:
    """Name the standards that there are, each by its title and its id."""
    called = Called.of(known)
    shown = {name: called.shown(name) for name in sorted(known)}
    return "、".join(title if title == name else f"{title}（{name}）" for name, title in shown.items())


def _at(reading: BookReading, path: tuple[str, ...], words: str) -> CellFinding:
    return CellFinding("error", spot_of(reading, path), words)


def _of_choices(
    reading: BookReading, scheme: str, keys: Mapping[str, Any], raw: bytes, data: Mapping[str, Any]
) -> Iterator[CellFinding]:
    """Yield what becomes wrong in a standard by the office's choices, at the cell of the choice that is nearest."""
    before = {(finding.path, finding.words) for finding in load_scheme(raw)[1]}
    paths = {
        (*table.path, column.key): table.key_of(column)
        for table in opened(scheme, data)
        for column in columns_of(table.model)
        if table.key_of(column) in keys
    }
    for finding in load_scheme(raw, keys)[1]:
        if (finding.path, finding.words) in before:
            continue
        key = next((key for path, key in paths.items() if path == finding.path[: len(path)]), "")
        spot = spot_of(reading, ("choices", scheme, key or str(finding.path[-1:] and finding.path[-1])))
        words = f"这样改了以后，标准“{data.get('title') or scheme}”有错：{in_names(finding.words, Scheme)}"
        yield CellFinding(finding.severity, spot, words)
