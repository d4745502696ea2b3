"""What trials from outside found in files, sheets and formats, each with neighbours of its kind."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from dingji.cannot_run import CannotRunError
from dingji.demo.faults.default_password import packaged
from dingji.demo.faults.old_excel import encrypted
from dingji.outcome import Outcome
from dingji.read.reading import FileReading
from tests.conftest import demand_program
from tests.five_good_case import INDICATORS, QUESTION
from tests.papers import (
    BOOK,
    ROSTER,
    SELF,
    SURVEY,
    altered,
    at,
    codes,
    good,
    outcome_of,
    read,
    repacked,
    told,
    with_file,
)
from tests.workspaces import command, make_workspace

OWN = "ZB01"


def figures(outcome: Outcome) -> dict[str, Fraction | None]:
    return dict(zip(outcome.results["unit"], outcome.results["composite"], strict=True))


def same(outcome: Outcome) -> bool:
    return figures(outcome) == figures(outcome_of(good()))


# --- the roster -----------------------------------------------------------------------------------------------

UNREADABLE: Mapping[str, tuple[str, bytes, str]] = {
    "cut off": (ROSTER, good()[ROSTER][:9_000], "E103"),
    "empty": (ROSTER, b"", "E104"),
    "a web page": (ROSTER, b"<html><table><tr><td>1</td></tr></table></html>", "E102"),
    "under a password": (ROSTER, encrypted(), "E101"),
    "under another name": ("名单.xlsx", encrypted(), "E101"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_roster_that_cannot_be_read_is_named_with_its_reason(name: str) -> None:
    path, raw, code = UNREADABLE[name]
    with pytest.raises(CannotRunError) as stopped:
        outcome_of({**with_file(ROSTER, None), path: raw})
    words = str(stopped.value)
    assert path in words
    assert code in words


def test_a_roster_that_excel_opens_of_itself_is_one() -> None:
    assert same(outcome_of(with_file(ROSTER, packaged(good()[ROSTER]))))


def roster_as_text(book: Workbook) -> None:
    del book["评委"]


@pytest.mark.parametrize("hand", ["without the sheet", "as text", "with its sheet blank"])
def test_what_can_no_longer_be_checked_of_raters_is_told(hand: str) -> None:
    if hand == "as text":
        files = {**with_file(ROSTER, None), "党组织名册.csv": as_text(good()[ROSTER])}
    else:
        change = roster_as_text if hand == "without the sheet" else without_raters
        files = with_file(ROSTER, altered(good()[ROSTER], change))
    outcome = outcome_of({path: raw for path, raw in files.items() if path != BOOK})
    assert told(outcome.problems, "W323")


def without_raters(book: Workbook) -> None:
    book["评委"].delete_rows(at(book["评委"], "PW1", "评委编号").row, 20)


# --- how a file is kept ---------------------------------------------------------------------------------------


def as_text(raw: bytes, sign: str = ",", encoding: str = "gb18030", *, shielded: bool = False) -> bytes:
    """Return the first sheet of a workbook as a text table."""
    page = openpyxl.load_workbook(io.BytesIO(raw), data_only=True).worksheets[0]
    out = io.StringIO(newline="")
    for row in page.iter_rows(values_only=True):
        texts = ["" if value is None else str(value).removesuffix(" 00:00:00") for value in row]
        csv.writer(out, delimiter=sign).writerow([f'="{text}"' if shielded and text else text for text in texts])
    return out.getvalue().encode(encoding)


TEXTS = """
ending | separator | encoding | shielded
.csv   | ,         | gb18030  |
.csv   | \\t       | utf-16   |
.csv   | ;         | gb18030  |
.csv   | |         | utf-8    |
.csv   | ,         | utf-8    | yes
.txt   | \\t       | utf-16   |
.txt   | \\t       | gb18030  |
.xls   | \\t       | gb18030  |
.xlsx  | ,         | utf-8    |
"""


@pytest.mark.parametrize("line", TEXTS.strip().splitlines()[1:])
@pytest.mark.parametrize("path", [SURVEY, BOOK])
def test_a_text_table_is_read_whatever_it_is_called(path: str, line: str) -> None:
    ending, rest = line.split("|", 1)
    sign, encoding, shielded = (part.strip() for part in rest.strip().rsplit("|", 2))
    raw = as_text(good()[path], sign.replace("\\t", "\t"), encoding, shielded=bool(shielded))
    reading, plain = read(raw, path.replace(".xlsx", ending.strip())), read(good()[path])
    assert marks(reading) == marks(plain)
    assert "N121" in codes(reading.problems)
    assert not told(reading.problems, "E102", "E117", "W109")


def marks(reading: FileReading) -> list[tuple[object, ...]]:
    columns = reading.columns
    wanted = [columns[field] for field in ("part", "code", "rater", "item", "value", "option", "state", "cell")]
    return [row for row in zip(*wanted, strict=True) if row[0] == "mark"]


def test_a_text_that_is_nobodys_form_is_told_once() -> None:
    for name in ("说明.txt", "说明.xls", "说明.docx"):
        reading = read("各位：附件见下。\n请查收。".encode("gb18030"), name)
        assert codes(reading.problems) == ["E102"]


def other_strings(parts: dict[str, bytes]) -> None:
    """Keep texts and styles under other names."""
    for old, new in (("sharedStrings", "texts1"), ("styles", "looks")):
        parts[f"xl/{new}.xml"] = parts.pop(f"xl/{old}.xml")
        for part in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
            parts[part] = parts[part].replace(f"{old}.xml".encode(), f"{new}.xml".encode())


@pytest.mark.parametrize("path", [SELF, SURVEY])
def test_texts_and_styles_are_where_the_relations_say(path: str) -> None:
    assert same(outcome_of(with_file(path, repacked(good()[path], other_strings))))


def elsewhere(parts: dict[str, bytes], name: str) -> None:
    """Keep the main part under another name."""
    for part in ("_rels/.rels", "[Content_Types].xml"):
        parts[part] = parts[part].replace(b"xl/workbook.xml", name.encode())
    folder, _, file = name.rpartition("/")
    parts[name] = parts.pop("xl/workbook.xml")
    relations = parts.pop("xl/_rels/workbook.xml.rels")
    parts[f"{folder}/_rels/{file}.rels".lstrip("/")] = relations.replace(b'Target="', b'Target="/xl/').replace(
        b'Target="/xl//xl/', b'Target="/xl/'
    )


@pytest.mark.parametrize("name", ["xl/workbook22.xml", "xl/Workbook.xml", "book/main.xml", "workbook.xml"])
@pytest.mark.parametrize("path", [SELF, ROSTER])
def test_the_main_part_is_where_the_relations_say(name: str, path: str) -> None:
    raw = repacked(good()[path], lambda parts: elsewhere(parts, name))
    assert same(outcome_of(with_file(path, raw)))


# --- sheets ---------------------------------------------------------------------------------------------------


def copied(path: str, sheet: str, *, blank: str = "", hidden: str = "", value: float | None = None) -> Outcome:
    """Return the outcome where a sheet was copied: marks of one of them blanked, one hidden, a mark of the copy new."""
    key, heading = {"自评表": ("1", "自评得分"), "测评票": ("1", INDICATORS[0]), "评定表": (OWN, INDICATORS[0])}[sheet]

    def alter(book: Workbook) -> None:
        copy = book.copy_worksheet(book[sheet])
        copy.title = f"{sheet} (2)"
        if value is not None:
            at(copy, key, heading).value = value
        if hidden:
            book[hidden].sheet_state = "hidden"
        if blank:
            cell = at(book[blank], key, heading)
            for line in book[blank].iter_rows(min_row=cell.row, min_col=3):
                for each in (each for each in line if isinstance(each, Cell)):
                    each.value = None

    return outcome_of(with_file(path, altered(good()[path], alter)))


@pytest.mark.parametrize(("path", "sheet"), [(SURVEY, "测评票"), (BOOK, "评定表")])
def test_of_two_sheets_the_filled_and_visible_one_counts(path: str, sheet: str) -> None:
    blank = copied(path, sheet, blank=sheet)
    assert (same(blank), codes(problem for problem in blank.problems if problem.file == path)) == (True, [])
    two = copied(path, sheet, value=1)
    assert codes(problem for problem in two.problems if problem.file == path) == ["E247"]
    hidden = copied(path, sheet, hidden=f"{sheet} (2)", value=1)
    assert (same(hidden), codes(problem for problem in hidden.problems if problem.file == path)) == (True, ["W234"])


def hide_sheet(sheet: str) -> bytes:
    def alter(book: Workbook) -> None:
        book.create_sheet("说明")
        book[sheet].sheet_state = "veryHidden"
        book.active = book.sheetnames.index("说明")

    return altered(good()[{"自评表": SELF, "测评票": SURVEY, "评定表": BOOK, "名册": ROSTER}[sheet]], alter)


@pytest.mark.parametrize(("path", "sheet"), [(SELF, "自评表"), (SURVEY, "测评票"), (BOOK, "评定表"), (ROSTER, "名册")])
def test_the_only_sheet_is_read_though_hidden_and_that_is_told(path: str, sheet: str) -> None:
    outcome = outcome_of(with_file(path, hide_sheet(sheet)))
    assert same(outcome)
    (problem,) = told(outcome.problems, "W244")
    assert (problem.file, problem.sheet, problem.values["what"]) == (path, sheet, "这张工作表")


def test_hidden_counts_of_a_head_are_told_and_a_hidden_stamp_is_not() -> None:
    def hide(label: str) -> FileReading:
        def alter(book: Workbook) -> None:
            page = book["测评票"]
            found = next(cell for line in page.iter_rows() for cell in line if str(cell.value).startswith(label))
            page.row_dimensions[int(found.row or 0)].hidden = True

        return read(altered(good()[SURVEY], alter))

    assert codes(hide("收回").problems) == ["W244"]
    assert codes(hide("定级表单").problems) == []


# --- six formats ----------------------------------------------------------------------------------------------


def peculiar_claims(book: Workbook) -> None:
    """Put into 自评表 what is more than a value, a mark each; the formula is one that no program has calculated yet."""
    page = book["自评表"]
    percent, error = at(page, "5", "自评得分"), at(page, "6", "自评得分")
    percent.value, percent.number_format = 0.95, "0%"
    error.value = "=NA()"
    at(page, "7", "自评得分").font = Font(strike=True)
    page.row_dimensions[at(page, "9", "自评得分").row].hidden = True
    at(page, "10", "自评得分").value = "=1+1"


def peculiar_ballots(book: Workbook) -> None:
    page = book["测评票"]
    percent = at(page, "2", INDICATORS[0])
    percent.value, percent.number_format = 0.95, "0%"
    at(page, "3", QUESTION).value = "=NA()"
    at(page, "4", INDICATORS[1]).font = Font(strike=True)
    page.row_dimensions[at(page, "5", "票号").row].hidden = True


def peculiar_marks(book: Workbook) -> None:
    page = book["评定表"]
    percent = at(page, "ZB01", INDICATORS[0])
    percent.value, percent.number_format = 0.95, "0%"
    at(page, "ZB02", INDICATORS[0]).value = "=NA()"
    at(page, "ZB03", INDICATORS[0]).font = Font(strike=True)
    merged = at(page, "ZB04", "说明")
    merged.value = "查阅资料"
    page.merge_cells(f"{merged.coordinate}:{merged.offset(1, 0).coordinate}")


PECULIAR = {SELF: peculiar_claims, SURVEY: peculiar_ballots, BOOK: peculiar_marks}
ENDINGS = ("xlsx", "xlsm", "xls", "et", "ods")
TELLING = {"E206", "E209", "E240", "W244"}


KINDS = {"et": "xls", "xlsm": "xlsx"}
""".et is what WPS calls its .xls, .xlsm an .xlsx without macros."""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], bytes]:
    """Return the peculiar forms by path and ending as an office suite saves them: started once a format, for all."""
    program, folder = demand_program("office"), tmp_path_factory.mktemp("saved")
    sources = {path: folder / f"{number}.xlsx" for number, path in enumerate(PECULIAR)}
    for path, source in sources.items():
        source.write_bytes(altered(good()[path], PECULIAR[path]))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for kind in {KINDS.get(ending, ending) for ending in ENDINGS}:
        options = ["--headless", "--convert-to", kind, "--outdir", str(folder / kind), *map(str, sources.values())]
        subprocess.run([str(program), profile, *options], check=True, capture_output=True, timeout=180)
    return {
        (path, ending): (folder / kind / f"{source.stem}.{kind}").read_bytes()
        for path, source in sources.items()
        for ending in ENDINGS
        for kind in [KINDS.get(ending, ending)]
    }


def entries(reading: FileReading) -> list[tuple[object, ...]]:
    fields = ("part", "code", "rater", "item", "rule", "option", "value", "state", "cell", "reason")
    return sorted(zip(*(map(str, reading.columns[field]) for field in fields), strict=True))


def said(reading: FileReading) -> list[tuple[str, str]]:
    return sorted((problem.code, problem.cell) for problem in reading.problems if problem.code in TELLING)


@pytest.mark.office
@pytest.mark.parametrize("path", PECULIAR)
def test_six_formats_give_the_same_entries_and_problems(path: str, saved: Mapping[tuple[str, str], bytes]) -> None:
    first, *others = (read(saved[path, ending], path.replace("xlsx", ending)) for ending in ENDINGS)
    assert {code for code, _ in said(first)} >= {"E206", "E209", "E240"}
    for reading in others:
        assert (entries(reading), said(reading)) == (entries(first), said(first))
    as_plain_text(path, first)


def as_plain_text(path: str, first: FileReading) -> None:
    """Hold the same form as .csv against it: what text cannot tell is told at least, errors and percents are seen."""
    page = openpyxl.load_workbook(io.BytesIO(altered(good()[path], PECULIAR[path]))).worksheets[0]
    rows = [[_shown(cell) for cell in line] for line in page.iter_rows()]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    reading = read(out.getvalue().encode("gb18030"), path.replace("xlsx", "csv"))
    assert "N121" in codes(reading.problems)
    assert [pair for pair in said(reading) if pair[0] in ("E206", "E209")] == [
        pair for pair in said(first) if pair[0] in ("E206", "E209")
    ]


def _shown(cell: Cell | MergedCell) -> str:
    """Return what a spreadsheet shows in a cell, and so saves as text."""
    if cell.value == "=NA()":
        return "#N/A"
    if cell.value is None or str(cell.value).startswith("=IF"):
        return ""
    if cell.value == "=1+1":
        return "2"
    if cell.number_format == "0%":
        return f"{float(str(cell.value)):.0%}"
    return str(cell.value).removesuffix(" 00:00:00")


def test_a_formula_that_nobody_calculated_waits_in_the_first_format() -> None:
    reading = read(altered(good()[SELF], peculiar_claims))
    waits: Sequence[str] = [problem.cell for problem in told(reading.problems, "E209")]
    assert len(waits) == 2


# --- through the real program ---------------------------------------------------------------------------------


def test_the_program_says_what_it_read_all_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {**with_file(SELF, packaged(good()[SELF])), SURVEY: hide_sheet("测评票")}
    files = {path: raw for path, raw in files.items() if path != BOOK}
    files[BOOK.replace(".xlsx", ".txt")] = as_text(good()[BOOK], "\t", "utf-16")
    status = command(make_workspace(tmp_path, files), "run")
    shown = capsys.readouterr().out
    assert status in (0, 1)
    assert "W244" in shown
    assert not any(code in shown for code in ("E101", "E102", "E103", "E310"))
