"""The outcome table of bad files: whatever is wrong with one file costs one line, and no other branch anything.

Each row is the worked case with one bad thing in it. The line names the code, the place and the value found; the
branches that the bad thing does not concern are graded with the figures of the good case.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Literal, get_args

import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell
from openpyxl.workbook import Workbook

from dingji.cannot_run import CannotRunError
from dingji.comparing import visible
from dingji.forms.filling import Cells
from dingji.forms.stamp import Stamp
from dingji.outcome import Outcome
from dingji.pipeline import run, unsettled
from dingji.problems import Problem, describe, level_of
from dingji.tables import records
from dingji.workspace import Workspace
from tests.papers import (
    BOOK,
    DECISIONS,
    FIRST,
    ROSTER,
    SELF,
    SITUATIONS,
    SURVEY,
    Alter,
    altered,
    at,
    book_of,
    cells_with,
    filled,
    form,
    good,
    in_head,
    outcome_of,
    repacked,
    shown_at,
    typed,
    with_file,
)
from tests.test_engine import KILLER
from tests.workspaces import command, make_workspace

OWN = "ZB01"
"""The branch whose forms are spoilt; a rater's book is spoilt in its row."""

EXPECTED_ANYWAY = {"W221"}
"""What is said of the good case already: a claim of the third branch against its facts."""


Outcomes = Literal["fine", "asks", "waits"]
"""fine: the first branch has its figure, nobody must act; asks: it has, and somebody must; waits: it has none."""

How = bytes | None | Alter
"""The file's bytes, None where it is missing, or what someone did to the good one."""


@dataclass(frozen=True)
class Bad:
    """One bad thing: the file that it is in, what came of it, and each line said of it as `code=value found`."""

    name: str
    path: str
    how: How
    comes_to: Outcomes
    lines: tuple[str, ...]

    def files(self) -> dict[str, bytes]:
        """Return the case with it in; made by the test, for every process that runs tests draws up the whole table."""
        return with_file(self.path, altered(good()[self.path], self.how) if callable(self.how) else self.how)


def bad(comes_to: Outcomes, name: str, path: str, how: How, *lines: str) -> Bad:
    return Bad(name, path, how, comes_to, lines)


fine, asks, waits = (partial(bad, comes_to) for comes_to in get_args(Outcomes))


def stamped(**change: str) -> Alter:
    """Return what puts another stamp on the first branch's 自评表."""
    declared = form("self")
    own = Stamp("self", declared.scheme, declared.fingerprint, declared.round, declared.source, OWN)
    text = replace(own, **change).text()

    def alter(book: Workbook) -> None:
        for page in book.worksheets:
            page["A1"] = text

    return alter


def percent(book: Workbook) -> None:
    mark = at(book["自评表"], "1", "自评得分")
    mark.value, mark.number_format = 0.9, "0%"


def error_cell(book: Workbook) -> None:
    mark = at(book["自评表"], "1", "自评得分")
    mark.value, mark.data_type = "#REF!", "e"


def renamed(book: Workbook) -> None:
    book["自评表"].title = "Sheet1"


def password() -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512


def far_cell(parts: dict[str, bytes]) -> None:
    name = "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[name] = parts[name].replace(b"</sheetData>", far)


def without_stamp(book: Workbook) -> None:
    book.remove(book["_meta"])
    for page in book.worksheets:
        page["A1"] = None


def blank_name(book: Workbook) -> None:
    without_stamp(book)
    in_head("自评表", "党组织编码", None)(book)
    in_head("自评表", "党组织名称", None)(book)


def unknown_branch(book: Workbook) -> None:
    without_stamp(book)
    in_head("自评表", "党组织编码", "ZB99")(book)


def damaged_stamp(book: Workbook) -> None:
    without_stamp(book)
    for page in book.worksheets:
        page["A1"] = "定级表单|x"


def renamed_column(book: Workbook) -> None:
    cells_with(book["自评表"], "自评得分")[-1].value = "改过的标题"


def add_macros(parts: dict[str, bytes]) -> None:
    parts["xl/vbaProject.bin"] = b"x"


def claim(value: object) -> Alter:
    """Return what types the first branch's first claim (4 of 4 in the good case)."""
    return typed("自评表", "1", "自评得分", value)


def in_book(heading: str, value: object) -> Alter:
    """Return what types into the first branch's row of the first rater's book."""
    return typed("评定表", OWN, heading, value)


MISSING = "E310"
NOT_THERE: Cells = {"来源": "自评", "指标": "1", "原值": 2, "更正值": 3}
UNDATED: Cells = {"规则": "未编制党员信息表"}

QUESTION = "对党支部工作的总体评价"
TABLE: list[Bad] = [
    # the container
    waits("password", SELF, password(), "E101", MISSING),
    waits("text named .xlsx", SELF, "见附件".encode(), "E102", MISSING),
    asks("a page named .xls", "自评表/一.xls", b"<html><table/></html>", "E102"),
    waits("half a file", SELF, good()[SELF][:6_000], "E103", MISSING),
    waits("empty", SELF, b"", "E104", MISSING),
    waits("a far cell", SELF, repacked(good()[SELF], far_cell), "E105", MISSING),
    waits("no cell at all", SELF, book_of(), "E107", MISSING),
    fine("macros", SELF, repacked(good()[SELF], add_macros), "N108"),
    waits("not handed in", SELF, None, MISSING),
    fine("an unrelated workbook", "通讯录.xlsx", book_of(["姓名", "电话"], ["甲", 1]), "W109"),
    fine("an archive", "说明.docx", b"PK\x05\x06" + b"\0" * 18, "E102"),
    # the form
    waits("another standard's", SELF, stamped(scheme="other"), "E110", MISSING),
    waits("an old version", SELF, stamped(fingerprint="0" * 8), "E111"),
    waits("another round's", SELF, stamped(round="2025 年终"), "E112"),
    waits("the head against the stamp", SELF, in_head("自评表", "党组织编码", "ZB02"), "E113=ZB02", MISSING),
    fine("no stamp", SELF, without_stamp, "N114"),
    fine("a damaged stamp", SELF, damaged_stamp, "W118"),
    fine("the sheet renamed", SELF, renamed),
    waits("a column renamed", SELF, renamed_column, "E117"),
    waits("the sheet deleted", SELF, lambda book: book.remove(book["自评表"]), "E117"),
    # cells
    fine("4分", SELF, claim("4分"), "N220=4分"),
    fine("full width", SELF, claim("４．０"), "N220=４．０"),
    fine("an apostrophe", SELF, claim("'4"), "N220='4"),
    fine("4/4", SELF, claim("4/4"), "N220=4/4"),
    waits("十分", SELF, claim("十分"), "E201=十分"),
    waits("满分", SELF, claim("满分"), "E201=满分"),
    waits("4-5", SELF, claim("4-5"), "E201=4-5"),
    waits("negative", SELF, claim(-1), "E202=-1"),
    waits("above the full mark", SELF, claim(4.5), "E203=4.5"),
    waits("blank", SELF, claim(None), "E204="),
    waits("white space", SELF, claim("　 "), "E204="),
    waits("a percentage", SELF, percent, "E206=0.9"),
    waits("90%", SELF, claim("90%"), "E206=90%"),
    waits("seven places", SELF, claim(3.1234567), "E208=3.1234567"),
    waits("an error cell", SELF, error_cell, "E209=#REF!"),
    waits("a formula never calculated", SELF, claim("=SUM(A1:A3)"), "E209="),
    waits("a yes", SELF, claim(value=True), "E201=TRUE"),
    waits("a formula as text", SELF, claim("+cmd|' /C calc'!A0"), "E201=+cmd|' /C calc'!A0"),
    waits("a page of text", SELF, claim("字" * 30_000), "E201=" + "字" * 30_000),
    # a rater's book
    waits("a rater's mark", BOOK, in_book("领导班子好", 10.5), "E203=10.5"),
    waits("a rater's blank", BOOK, in_book("领导班子好", None), "E204="),
    asks("an unknown branch", BOOK, in_book("党组织编码", "ZB99"), "E301=ZB99", "E320"),
    asks("another branch's name", BOOK, in_book("党组织名称", "二支部"), "E303=ZB01", "E320"),
    # who it is
    waits("a form of nobody known", SELF, unknown_branch, "N114", "E301=ZB99", MISSING),
    waits("a form of nobody", SELF, blank_name, "N114", "E313", MISSING),
    fine("a copy", "微信/自评表(1).xlsx", good()[SELF], "N304"),
    waits("a differing copy", "微信/自评表(1).xlsx", altered(good()[SELF], claim(3)), "E305", "E305"),
    # ballots
    waits("more returned than issued", SURVEY, in_head("测评票", "收回", 11), "E401=11"),
    fine("two answers", SURVEY, typed("测评票", "1", QUESTION, "满意、不满意"), "N408=满意、不满意"),
    fine("an unknown answer", SURVEY, typed("测评票", "1", QUESTION, "还行"), "W414=还行"),
    fine("a mark beyond the full one", SURVEY, typed("测评票", "1", "领导班子好", 25), "W414=25"),
    fine("an answer told to be invalid", SURVEY, typed("测评票", "1", "领导班子好", "无效"), "N408=无效"),
    waits("more ballots than were returned", SURVEY, in_head("测评票", "收回", 9), "E415=9"),
    asks("a count in words", SURVEY, in_head("测评票", "有效", "十张"), "E201=十张"),
    # the office
    fine("no declarations", SITUATIONS, None, "W512"),
    asks("a declaration to be confirmed", SITUATIONS, typed("情形申报", OWN, "是否存在", "是"), "E511="),
    asks("a decision that is no grade", DECISIONS, filled("decision", [{**FIRST, "审定等次": "优秀"}]), "E205=优秀"),
    asks(
        "more votes than voters", DECISIONS, filled("decision", [{**FIRST, "实到": 9, "同意": 30}]), "W235=30", "E229="
    ),
    asks("a correction of nothing", "更正表.xlsx", filled("correction", [{**FIRST, **NOT_THERE}]), "E521=2"),
    asks("a record without a date", "平时记录.xlsx", filled("records", [{**FIRST, **UNDATED}]), "E229="),
]


@cache
def before() -> Mapping[str, Fraction | None]:
    return composites(outcome_of(good()))


def composites(outcome: Outcome) -> dict[str, Fraction | None]:
    return dict(zip(outcome.results["unit"], outcome.results["composite"], strict=True))


def new_problems(outcome: Outcome) -> list[Problem]:
    return [problem for problem in outcome.problems if problem.code not in EXPECTED_ANYWAY]


@pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])
def test_one_bad_thing(row: Bad) -> None:
    files = row.files()
    outcome = outcome_of(files)
    problems = new_problems(outcome)
    assert [problem.code for problem in problems] == [line.partition("=")[0] for line in row.lines]
    for problem, line in zip(problems, row.lines, strict=True):
        assert problem.found == line.partition("=")[2]
        assert problem.file == row.path or problem.code in (MISSING, "E305", "N304", "W512")
    _stands_where_it_is_said_to(problems, files)
    _others_are_unharmed(outcome, row.comes_to)
    assert unsettled(outcome) == (row.comes_to != "fine")


def _stands_where_it_is_said_to(problems: list[Problem], files: Mapping[str, bytes]) -> None:
    """Open every cell that a problem names and find there what it says."""
    for problem in problems:
        text = describe(problem).text
        assert text.isprintable()
        assert len(text) < 400
        if problem.cell:
            found = "" if problem.code == "E241" else problem.found  # a merged block is shown over what stands there
            assert visible(shown_at(files[problem.file], problem.sheet, problem.cell)).strip() == found
        elif problem.sheet:
            assert problem.sheet in openpyxl.load_workbook(io.BytesIO(files[problem.file])).sheetnames


def _others_are_unharmed(outcome: Outcome, comes_to: Outcomes) -> None:
    others = {unit: figure for unit, figure in composites(outcome).items() if unit != OWN}
    assert others == {unit: figure for unit, figure in before().items() if unit != OWN}
    own = next(row for row in records(outcome.results) if row["unit"] == OWN)
    assert (own["composite"] is None) == (comes_to == "waits")
    assert bool(own["missing"]) == (comes_to == "waits"), "why there is no grade must be said"


def test_the_table_has_a_line_for_every_class_of_the_first_three_hundreds() -> None:
    """Codes that only a hundred forms or another standard can raise are tested in their own rooms."""
    covered = {line.partition("=")[0] for row in TABLE for line in row.lines}
    assert {"E101", "E102", "E103", "E104", "E105", "E107", "N108", "W109"} <= covered
    assert {"E110", "E111", "E112", "E113", "N114", "E117", "W118"} <= covered
    assert {"E201", "E202", "E203", "E204", "E205", "E206", "E208", "E209", "N220"} <= covered
    assert {"E301", "E303", "N304", "E305", "E310", "E313"} <= covered


# --- a zero is a mark -------------------------------------------------------------------------------------


@pytest.mark.parametrize("zero", [0, "0", "０", "0分"])
def test_a_typed_zero_is_a_mark(zero: object) -> None:
    """Four points less in 自评, at three tenths: 1.2 off the composite; and no line but a note on how it was read."""
    outcome = outcome_of(with_file(SELF, altered(good()[SELF], claim(zero))))
    own, was = composites(outcome)[OWN], before()[OWN]
    assert own is not None
    assert was is not None
    assert was - own == Fraction(6, 5)
    assert [problem.code for problem in new_problems(outcome)] == ([] if zero == 0 else ["N220"])


# --- the whole run, files and all -------------------------------------------------------------------------


def test_a_folder_full_of_bad_files(tmp_path: Path) -> None:
    """Every file that nobody can open, at once, through the reading process: each costs its line, the run goes on."""
    bad = {
        "坏/有密码.xlsx": password(),
        "坏/文本.xlsx": b"hello",
        "坏/空.xlsx": b"",
        "坏/截断.xlsx": good()[SELF][:5_000],
        "坏/远.xlsx": repacked(good()[SELF], far_cell),
        "坏/杀手.xlsx": KILLER,
        "坏/图.png": b"\x89PNG",
        "坏/炸弹.xlsx": bomb(),
        "坏/~$锁.xlsx": b"x",
        "坏/名录.xlsx": book_of(["姓名"], ["甲"]),
    }
    folder = make_workspace(tmp_path / "工作", {**good(), **bad})
    outcome = run(Workspace(folder)).outcome
    codes = {problem.file: problem.code for problem in new_problems(outcome) if problem.file}
    assert codes == {
        "坏/有密码.xlsx": "E101",
        "坏/文本.xlsx": "E102",
        "坏/空.xlsx": "E104",
        "坏/截断.xlsx": "E103",
        "坏/远.xlsx": "E105",
        "坏/杀手.xlsx": "E106",
        "坏/图.png": "E102",
        "坏/炸弹.xlsx": "E105",
        "坏/名录.xlsx": "W109",
    }
    assert composites(outcome) == before()
    assert unsettled(outcome)
    assert command(folder, "run") == 1


def bomb() -> bytes:
    """Return 300 KB that become 300 MB."""
    buffer = io.BytesIO(good()[SELF])
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/x.xml", "w") as part:
        for _ in range(300):
            part.write(b"\0" * 2**20)
    return buffer.getvalue()


def test_reading_changes_no_file(tmp_path: Path) -> None:
    files = {**good(), "坏.xlsx": password()}
    folder = make_workspace(tmp_path / "工作", files)
    run(Workspace(folder))
    assert {path: (folder / "input" / path).read_bytes() for path in files} == files


ROSTERS: list[tuple[str, str, How, str]] = [
    ("none", ROSTER, None, "没有党组织名册"),
    ("not to be opened", ROSTER, b"PK", "党组织名册.xlsx（E103 工作簿不完整或已损坏，打不开）"),
    ("two that differ", "旧名册.xlsx", typed("名册", OWN, "党组织名称", "六支部"), "只能有一份"),
    ("a code twice", ROSTER, typed("名册", OWN, "党组织编码", "ZB02"), "ZB02 出现两次"),
    ("barred from nobody", ROSTER, typed("评委", "PW1", "回避党组织", "ZB77"), "“ZB77”"),
]


@pytest.mark.parametrize(("path", "how", "words"), [each[1:] for each in ROSTERS], ids=[each[0] for each in ROSTERS])
def test_without_a_roster_to_rely_on_nothing_runs(path: str, how: How, words: str) -> None:
    raw = altered(good()[ROSTER], how) if callable(how) else how
    with pytest.raises(CannotRunError) as error:
        outcome_of(with_file(path, raw))
    assert any(words in line for line in error.value.lines)


def test_every_problem_of_every_workbook_is_told_in_one_pass() -> None:
    """Nothing stops at the first mistake."""

    def alter(book: Workbook) -> None:
        for key, value in (("1", "十分"), ("2", -1), ("3", 99), ("4", None), ("5", "4.5%")):
            at(book["自评表"], key, "自评得分").value = value
        in_head("自评表", "应到", "若干")(book)

    files = {**good(), SELF: altered(good()[SELF], alter), BOOK: altered(good()[BOOK], in_book("领导班子好", "九"))}
    problems = new_problems(outcome_of(files))
    assert sorted(problem.code for problem in problems) == ["E201", "E201", "E201", "E202", "E203", "E204", "E206"]
    _stands_where_it_is_said_to(problems, files)
    assert {problem.unit for problem in problems} == {OWN}
    assert all(level_of(problem) in ("refuse", "act") for problem in problems)


# --- drawn values in drawn cells --------------------------------------------------------------------------

TYPED_BY_SOMEONE = (
    "", None, 0, 1, -1, 0.9, 1e20, "十分", "回避", "弃权", "合 计", "是", "ZB02", "ZB99", "二支部", "评委二", True,
    date(2026, 3, 1), time(4, 30), "2026-03-01", "#REF!", "=1+1", "4.5分", "90%", "满意、不满意", "党组织编码", "复录",
    "自评得分", "定级表单|x", "字" * 5_000, "\u202e", "{found}", "1/0", "4²", "2025 年终",
)  # fmt: skip


def scribbled(raw: bytes, random: Random) -> bytes:
    """Return a workbook into whose cells somebody typed at random, rows and columns put in or taken out."""

    def alter(book: Workbook) -> None:
        for _ in range(random.choice((1, 2, 5, 20))):
            page = random.choice(book.worksheets)
            place = page.cell(random.randint(1, page.max_row), random.randint(1, page.max_column))
            if not isinstance(place, MergedCell):
                place.value = random.choice(TYPED_BY_SOMEONE)
        change = random.choice((page.delete_rows, page.delete_cols, page.insert_rows, page.insert_cols, None))
        if change:
            change(random.randint(1, 12))

    return altered(raw, alter)


@pytest.mark.parametrize("seed", range(24))
def test_whatever_is_typed_wherever_the_run_ends_and_others_are_unharmed(seed: int) -> None:
    random = Random(seed)
    path = random.choice((SELF, SURVEY))
    files = with_file(path, scribbled(good()[path], random))
    outcome = outcome_of(files)
    problems = new_problems(outcome)
    assert "E106" not in {problem.code for problem in problems}
    _stands_where_it_is_said_to(problems, files)
    figures = composites(outcome)
    spared = {unit for unit in figures if unit not in (OWN, "ZB02")}  # it may have become the second branch's form
    assert {unit: figures[unit] for unit in spared} == {unit: before()[unit] for unit in spared}
