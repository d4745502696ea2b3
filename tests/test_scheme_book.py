"""A standard as a workbook and back: nothing is lost, every key has its column, all is explained in Chinese."""

from __future__ import annotations

import importlib
import io
import pkgutil
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook, load_workbook

import tests
from dingji.book.compound import Several
from dingji.book.declare import CHECK, GUIDE, LABELS, SPLIT, book_of, columns_of
from dingji.book.draw import drawn
from dingji.book.explain import does
from dingji.book.kinds import Anything
from dingji.book.notation import Choice
from dingji.book.read import read_book
from dingji.book.standard import read_standard, write_standard
from dingji.book.toml import toml_file
from dingji.book.write import HEAD_ROW, write_book
from dingji.read.open import open_workbook
from dingji.reference.headings import in_names
from dingji.reference.kinds import keys, tables
from dingji.scheme.load import load_scheme, read_toml, validated
from dingji.scheme.model import Scheme
from dingji.scheme.told import Section
from dingji.settings import Settings
from tests.any_standard import table
from tests.small_standard import COMMITTEE, GRADES, HEAD, indicator, rules
from tests.test_scheme_reference import EXAMPLES, framed, with_example
from tests.workspaces import PROGRAM

ROOTS: tuple[type[Section], ...] = (Scheme, Settings)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FIVE_GOOD = (PROGRAM / "schemes" / "five-good.toml").read_bytes()

# --- nothing is lost ----------------------------------------------------------------------------------------


def small_standards() -> Mapping[bytes, str]:
    """Return every standard that stands in a test module as a text, and where; asked by the test, for it takes long."""
    found: dict[bytes, str] = {}
    for each in pkgutil.iter_modules(tests.__path__):
        module = importlib.import_module(f"tests.{each.name}") if each.name.startswith("test_") else None
        for name, text in vars(module).items() if module and each.name != Path(__file__).stem else ():
            if isinstance(text, str) and "[[indicators]]" in text:
                found |= {whole.encode(): f"{each.name}.{name}" for whole in (text, HEAD + text)}
    return {raw: name for raw, name in found.items() if load_scheme(raw)[0] is not None}


ODD = (
    "scaled = true\n"
    + COMMITTEE
    + GRADES
    + """
[[sources]]
name = "测评"
form = "survey"
weight = 0
questions = { "班子、队伍；怎么样" = 60, "总体=评价" = 40.50 }
options = { "满意" = 100, "不满意" = 0 }
shares = { "满意率" = ["满意"], "不满意+率" = ["不满意"] }
apart = ["弃权", "不；了解"]
groups = { "党员" = 60, "群众" = 40 }
min_turnout = "2/3"
[[quotas]]
grade = "好"
at_most = { "机关" = "30%", default = "1/3" }
within = "类别"
[[quotas]]
flag = "帮扶"
bottom = 2
"""
    + indicator(
        "班子",
        100,
        'by = ["评定"]',
        'min = "none"',
        "max = 120.00",
        'exempt = "党员数 < 7"\nfor = "类别 != \'离退休\'"',
        rules(
            'name = "规则、一", unit = "%", under = "95%", per = 0.5, round = "ceil", each = -0.5, max = "none"',
            'name = "规则=二", options = { "国家级；一等" = 8, "其他" = [1, 2.50] }, unit = "次"',
            'name = "规则三", unit = "次", '
            'bands = [{ from = 8.0, when = "党员数 > 3", points = [-1, -4] }, { points = 0 }]',
            'name = "\\"规则四\\"", evidence = true, choice = "本单位\\n自定"',
        ),
    )
)


@pytest.mark.parametrize(
    "raw",
    [
        *(pytest.param(path.read_bytes(), id=path.stem) for path in sorted((PROGRAM / "schemes").glob("*.toml"))),
        pytest.param((HEAD + ODD).encode(), id="odd"),
    ],
)
def test_a_standard_comes_back_equal(raw: bytes) -> None:
    comes_back_equal(raw)


def test_every_standard_of_these_tests_comes_back_equal() -> None:
    found = small_standards()
    assert len(found) > 60
    for raw, name in found.items():
        comes_back_equal(raw, name)


def comes_back_equal(raw: bytes, name: str = "") -> None:
    written, _ = write_standard(raw)
    imported = read_standard(written)
    assert [finding.text for finding in imported.findings if finding.severity == "error"] == [], name
    before, after = load_scheme(raw)[0], load_scheme(imported.text.encode())[0]
    assert before is not None
    assert after == before, name


@pytest.mark.parametrize(("root", "place", "example"), [one for one in EXAMPLES if one.values[0] is Scheme])
def test_every_key_with_its_example_comes_back(root: type[Section], place: Any, example: str) -> None:  # noqa: ANN401
    """An example need not make a standard without errors, so the models are compared as they are."""
    data = with_example(root, place, example)
    assert round_trip(data) == validated(root, data, "")[0]


@given(table(Scheme))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_anything_that_the_model_takes_comes_back(data: Mapping[str, Any]) -> None:
    model, faults = validated(Scheme, data, "")
    assert [fault.text for fault in faults] == []
    assert round_trip(data) == model


def round_trip(data: Mapping[str, Any]) -> Section | None:
    """Send a standard's data through a workbook and a TOML file."""
    grids, _ = open_workbook(write_book("示例", drawn(book_of(Scheme), data), {}))
    reading = read_book(grids, book_of(Scheme))
    assert [finding.text for finding in reading.findings] == []
    back, _, faults = read_toml(toml_file(Scheme, reading.data, ["示例"]).encode())
    assert faults == []
    return validated(Scheme, back, "")[0]


def test_the_same_standard_gives_the_same_bytes() -> None:
    assert write_standard(FIVE_GOOD) == write_standard(FIVE_GOOD)


def test_a_file_that_is_not_right_in_form_makes_no_book() -> None:
    written, findings = write_standard(b'id = "x"')
    assert written == b""
    assert {finding.words for finding in findings} == {"缺少必填的键"}


# --- every key has its column -------------------------------------------------------------------------------


@pytest.mark.parametrize("root", ROOTS)
def test_every_key_of_every_table_has_its_place(root: type[Section]) -> None:
    """A new key appears by itself: as a row of the first sheet, a column, or a sheet of its own."""
    book = book_of(root)
    here = {(entry.column.table, entry.column.key) for entry in book.entries}
    here |= {(column.table, column.key) for sheet in book.sheets for column in sheet.columns}
    inner = {(place.inside.model, place.key) for place in tables(root) if place.inside}
    own = {(Settings, "choices")}  # the sheet 本单位自定
    wanted = {(place.model, key.name) for place in tables(root) for key in keys(place.model)}
    assert wanted - here - inner - own == set()
    assert (here | inner) - wanted == set()


@pytest.mark.parametrize("root", ROOTS)
def test_every_key_is_called_by_a_chinese_name_of_its_own(root: type[Section]) -> None:
    for place in tables(root):
        columns = columns_of(place.model)
        assert [column.key for column in columns if not CHINESE.search(column.heading)] == []
        names = [column.heading for column in columns]
        assert len(set(names)) == len(names), place.model


@pytest.mark.parametrize("root", ROOTS)
def test_every_key_has_a_notation_of_its_kind(root: type[Section]) -> None:
    """A type that the book does not know would be written as TOML writes it."""
    columns = [column for place in tables(root) for column in columns_of(place.model)]
    assert {column.key for column in columns if isinstance(column.notation, Anything)} == set()


def test_what_is_declared_beside_the_model_is_in_the_model() -> None:
    for model, (_, _, split_keys) in SPLIT.items():
        assert set(split_keys) <= {column.key for column in columns_of(model)}
    for model, key in LABELS:
        assert key in {column.key for column in columns_of(model)}


def test_sheets_are_called_differently() -> None:
    names = [book_of(Scheme).name, GUIDE, *(sheet.name for sheet in book_of(Scheme).sheets)]
    assert len(set(names)) == len(names)


# --- how it looks -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book() -> Workbook:
    return load_workbook(io.BytesIO(write_standard(FIVE_GOOD)[0]))


def test_headings_carry_the_words_of_the_reference(book: Workbook) -> None:
    for sheet in book_of(Scheme).sheets:
        row = {cell.value: cell for cell in book[sheet.name][HEAD_ROW + 1]}
        for column in sheet.columns:
            comment = row[column.heading].comment
            assert comment is not None
            assert does(column) in comment.text


def test_closed_vocabularies_are_offered(book: Workbook) -> None:
    for sheet in book_of(Scheme).sheets:
        offered = {str(rule.formula1) for rule in book[sheet.name].data_validations.dataValidation}
        for column in sheet.columns:
            kind = column.notation.part if isinstance(column.notation, Several) else column.notation
            if isinstance(kind, Choice):
                assert f'"{",".join(kind.shown)}"' in offered, column.heading


def test_names_are_offered_where_another_table_is_meant(book: Workbook) -> None:
    rules_ = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in book["规则"].data_validations.dataValidation}
    assert rules_["A4"] == "'指标'!$A$4:$A$303"
    situations = [str(rule.formula1) for rule in book["情形"].data_validations.dataValidation]
    assert situations.count("'等次'!$A$4:$A$303") == 3


def test_sheets_are_set_up_for_reading_and_printing(book: Workbook) -> None:
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == f"${HEAD_ROW + 1}:${HEAD_ROW + 1}"
        assert str(sheet.freeze_panes).endswith(str(HEAD_ROW + 2))


def test_nothing_english_is_left_to_be_read() -> None:
    """Keys and values of a file go by their Chinese names; what is typed into conditions stays as it is."""
    for sheet in book_of(Scheme).sheets:
        for column in sheet.columns:
            words = re.sub(r"“[^”]*”|scheme show|schemes", "", does(column))
            assert re.findall("[A-Za-z]+", words) == [], (column.heading, words)


def test_names_of_users_are_left_as_they_are() -> None:
    rule = next(place.model for place in tables(Scheme) if place.key == "rules")
    assert in_names("“once”的给分办法只能有一种，现有 once、each", rule) == (
        "“once”的给分办法只能有一种，现有“一次给分”、“每个单位给分”"
    )


def test_findings_stand_beside_the_row_concerned() -> None:
    text = FIVE_GOOD.decode()
    for before, after in (
        ("no = 1, full = 4", "no = 1, full = 3"),
        ("weight = 40", "weight = 41"),
        ("item = 2, unit", "item = 77, unit"),
        ('out_of = ["一般"]', 'out_of = ["一版"]'),
        ('["满意", "基本满意"]', '["满意", "基本满"]'),
    ):
        assert before in text
        text = text.replace(before, after)
    written, findings = write_standard(text.encode())
    told = checks(load_workbook(io.BytesIO(written)))
    assert len(findings) == sum(len(words.splitlines()) for words in told.values())
    assert told == {
        ("来源", 2): "错误：各来源在“年初”的权重合计 101，应为 100\n错误：各来源在“年终”的权重合计 101，应为 100",
        ("测评", 4): "错误：“满意率”里的选项“基本满”不在“选项和分值”里；是不是“基本满意”",
        ("指标", 4): "提醒：“领导班子好”各项分值合计 9，与指标分值 10 不符",
        ("规则", 5): "错误：“支委集中学习”所属的第 77 项不在这个指标里",
        ("目标", 4): "错误：没有等次“一版”；是不是“一般”",
    }


def checks(book: Workbook) -> dict[tuple[str, int], str]:
    """Return what stands in the last column of every sheet, by sheet and row."""
    found = {}
    for sheet in book:
        column = next((cell.column for cell in sheet[HEAD_ROW + 1] if cell.value == CHECK), None)
        for row in range(1, sheet.max_row + 1) if column else ():
            value = sheet.cell(row, column or 1).value
            if value and row != HEAD_ROW + 1:
                found[sheet.title, row] = str(value)
    return found


def test_the_frame_has_every_sheet_filled() -> None:
    """Else the examples above would go through no book."""
    lines = {drawing.name: drawing.lines for drawing in drawn(book_of(Scheme), framed(Scheme))}
    assert [name for name, rows in lines.items() if not rows] == []
