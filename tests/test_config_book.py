"""Settings as a workbook and back, with what the standards leave to the office; mistakes at their cell."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from dingji.book.called import Called
from dingji.book.choices import SHEET
from dingji.book.declare import book_of
from dingji.book.draw import drawn
from dingji.book.read import read_book
from dingji.book.settings import read_settings, write_settings
from dingji.book.toml import toml_file
from dingji.book.write import write_book
from dingji.read.open import open_workbook
from dingji.scheme.load import load_scheme, read_toml, validated
from dingji.settings import Settings, load_settings
from tests.any_standard import table
from tests.book_edits import Cell, edited
from tests.workspaces import PROGRAM

STANDARDS = {path.stem: path.read_bytes() for path in sorted((PROGRAM / "schemes").glob("*.toml"))}
PLAIN = (PROGRAM / "config.toml").read_bytes()
CHOSEN = PLAIN.replace(
    b'default = "five-good"', b'default = "five-good"\nby_category = { "\xe5\xad\xa6\xe7\x94\x9f" = "service" }'
)
CHOSEN += """
[choices.five-good]
"sources.自评.weight" = { "年初" = 40, "年终" = 30 }
"sources.党群评分.weight" = { "年初" = 20, "年终" = 10 }
"rounding.places" = 1
"indicators.群众反映好.rules.满意率低于90%.bands" = [{ from = "90%", points = 0 }, { points = -6 }]
[choices.service]
"grades.好.from" = 88.5
[choices.gone]
"sources.甲.weight" = 10
"sources.甲.form" = ["self", "survey"]
""".encode()
BOOK = write_settings(PLAIN, STANDARDS)[0]
FIVE = "党支部分类定级标准（五个好）"


@pytest.mark.parametrize("raw", [PLAIN, CHOSEN], ids=["plain", "chosen"])
def test_settings_come_back_equal(raw: bytes) -> None:
    written, findings = write_settings(raw, STANDARDS)
    assert findings == []
    assert written == write_settings(raw, STANDARDS)[0]
    imported = read_settings(written, STANDARDS)
    assert [finding.text for finding in imported.findings] == []
    before, after = load_settings(raw)[0], load_settings(imported.text.encode())[0]
    assert before is not None
    assert after == before


@given(table(Settings))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_anything_that_the_model_takes_comes_back(data: Mapping[str, Any]) -> None:
    grids, _ = open_workbook(write_book("示例", drawn(book_of(Settings), data), {}))
    reading = read_book(grids, book_of(Settings))
    assert [finding.text for finding in reading.findings] == []
    back, _, faults = read_toml(toml_file(Settings, reading.data, ["示例"], explained=True).encode())
    assert faults == []
    assert validated(Settings, back, "")[0] == validated(Settings, data, "")[0] is not None


@pytest.mark.parametrize("written", ["service", "基层服务型党组织考评标准（六强）", "基层服务型党组织考评标准(六强)"])
def test_a_standard_is_shown_by_its_title_and_read_by_title_or_id(written: str) -> None:
    assert load_workbook(io.BytesIO(write_settings(CHOSEN, STANDARDS)[0]))["设置"]["C16"].value == FIVE
    imported = read_settings(edited(BOOK, {("设置", "C16"): written, ("设置", "C17"): f"学生={written}"}), STANDARDS)
    assert imported.data["standard"]["default"] == "service"
    assert imported.data["standard"]["by_category"] == {"学生": "service"}


def test_titles_that_tell_no_standard_from_another_give_way_to_ids() -> None:
    known = {name: read_toml(raw)[0] for name, raw in STANDARDS.items()}
    twins = {**known, "twin": {**known["service"]}, "odd": {"title": "甲=乙；丙"}, "bare": {}}
    called = Called.of(twins)
    assert [called.shown(name) for name in ("five-good", "service", "twin", "odd", "bare")] == [
        FIVE,
        "service",
        "twin",
        "odd",
        "bare",
    ]


def test_what_is_left_blank_is_written_as_what_holds_then() -> None:
    imported = read_settings(edited(BOOK, {("设置", "C19"): None}), STANDARDS)
    assert (
        'shares = "plain"  # 占比怎样取两位小数。"plain" 各自四舍五入；"forced" 凑足 100.00%。'
        in imported.text.splitlines()
    )


@pytest.mark.office
def test_settings_saved_again_by_an_office_suite_read_the_same(tmp_path: Path, office_program: Path) -> None:
    source = tmp_path / "设置.xlsx"
    source.write_bytes(write_settings(CHOSEN, STANDARDS)[0])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        str(office_program),
        profile,
        "--headless",
        "--convert-to",
        "ods",
        "--outdir",
        str(tmp_path),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    imported = read_settings((tmp_path / "设置.ods").read_bytes(), STANDARDS)
    assert [finding.text for finding in imported.findings] == []
    assert load_settings(imported.text.encode())[0] == load_settings(CHOSEN)[0]


# --- the sheet 本单位自定 ------------------------------------------------------------------------------------


def lines(raw: bytes) -> dict[tuple[str, str, str], list[Any]]:
    """Return the rows of the sheet by standard, place and key."""
    sheet = load_workbook(io.BytesIO(raw))[SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_col=6)]
    return {(str(row[0]), str(row[1]), str(row[2])): row[3:] for row in rows if row[0]}


def test_open_places_stand_with_their_value_and_reason() -> None:
    told = lines(write_settings(CHOSEN, STANDARDS)[0])
    assert told[FIVE, "来源 ▸ 自评", "权重"] == [
        "年初=40；年终=30",
        "年初=30；年终=20",
        "通知没有写各方权重，由本单位自定",
    ]
    assert told[FIVE, "来源 ▸ 互评", "权重"] == [None, "年终=20", "通知没有写互评权重，由本单位自定"]
    assert told["基层服务型党组织考评标准（六强）", "等次 ▸ 好", "达到"] == [88.5, "90", "通知写明四个等次，没有写界限"]
    bands = told[FIVE, "指标 ▸ 群众反映好 ▸ 规则 ▸ 满意率低于90%", "分档"]
    assert bands[0] == "达到=90%，给分=0\n给分=-6"
    assert (FIVE, "等次 ▸ 好", "达到") not in told


def test_every_place_that_a_standard_opens_is_listed() -> None:
    """All but those without a name, which config.toml cannot name either."""
    for name, raw in STANDARDS.items():
        text = PLAIN.decode().replace("five-good", name)
        places = {place for _, place, _ in lines(write_settings(text.encode(), STANDARDS)[0])}
        data = read_toml(raw)[0]
        nameless = sum("choice" in quota and "name" not in quota for quota in data.get("quotas", []))
        assert len(places) == raw.decode().count("choice = ") - nameless, name


def test_what_is_typed_there_is_taken_into_the_standard() -> None:
    book = BOOK
    row = next(number for number, key in enumerate(lines(book), start=4) if key[1:] == ("取位", "小数位数"))
    imported = read_settings(edited(book, {(SHEET, f"D{row}"): "1"}), STANDARDS)
    assert imported.data["choices"] == {"five-good": {"rounding.places": 1}}
    scheme, _ = load_scheme(STANDARDS["five-good"], imported.data["choices"]["five-good"])
    assert scheme is not None
    assert scheme.rounding.places == 1


# --- mistakes -----------------------------------------------------------------------------------------------

MISTAKES: Mapping[Cell, tuple[str | float | date | None, str]] = {
    ("设置", "C10"): ("年未", "错误 表“设置” ▸ C10 ＝ 年未：标准没有这个轮次，只有：年初、年终"),
    ("设置", "C11"): ("今年", "错误 表“设置” ▸ C11 ＝ 今年：应是整数"),
    ("设置", "C12"): ("3月", "错误 表“设置” ▸ C12 ＝ 3月：日期写成 2026-03-31 的样子"),
    ("设置", "C16"): ("five", "schemes 文件夹里没有这个标准；有："),
    ("设置", "C17"): ("学生=six", "错误 表“设置” ▸ C17 ＝ 学生=six：schemes 文件夹里没有标准“six”"),
    ("设置", "C19"): ("街道", "错误 表“设置” ▸ C19 ＝ 街道：应是“上级党组织”、“类别”、“层级”"),
    ("设置", "C23"): ("印", "错误 表“设置” ▸ C23 ＝ 印：应是“是”或“否”"),
    (SHEET, "D4"): (9, "这样改了以后，标准“党支部分类定级标准（五个好）”有错：不能大于 6"),
    (SHEET, "D8"): (
        "年初=50",
        "这样改了以后，标准“党支部分类定级标准（五个好）”有错：各来源在“年初”的权重合计 120，应为 100",
    ),
    (SHEET, "B5"): ("取位位", "标准没有把这里留给本单位自定；是不是“取位”"),
    (SHEET, "C6"): ("什么表", "这里没有这一项；是不是“用什么表”"),
}


@pytest.mark.parametrize("cell", MISTAKES, ids=" ".join)
def test_a_mistake_is_told_at_its_cell(cell: Cell) -> None:
    typed, expected = MISTAKES[cell]
    own = {(SHEET, "D5"): "是", (SHEET, "D6"): "自评表"} if cell[0] == SHEET else {}
    imported = read_settings(edited(BOOK, {**own, cell: typed}), STANDARDS)
    assert not imported.right
    assert any(expected in finding.text for finding in imported.findings), [one.text for one in imported.findings]


@pytest.mark.parametrize(
    "typed", ["2012.4.28", "2012年4月28日", "2012-4-28", "2012/4/28", "20120428", date(2012, 4, 28)]
)
def test_a_date_may_be_written_as_offices_write_it(typed: str | date) -> None:
    """Of the round, of the office's report, and by when forms are due."""
    cells: dict[Cell, Any] = {
        ("设置", "C8"): typed,
        ("设置", "C12"): typed,
        ("日历", "B4"): typed,
        ("日历", "D4"): typed,
    }
    imported = read_settings(edited(BOOK, cells), STANDARDS)
    assert [finding.text for finding in imported.findings] == []
    settings, _ = load_settings(imported.text.encode())
    assert settings is not None
    days = (settings.office.date, settings.round.begins, settings.calendar[0].begins, settings.calendar[0].due)
    assert days == ("2012-04-28",) * 4


def test_a_date_typed_as_one_is_a_date() -> None:
    imported = read_settings(edited(BOOK, {("设置", "C12"): date(2026, 3, 31)}), STANDARDS)
    assert imported.data["round"]["begins"] == "2026-03-31"


def test_one_place_settled_twice_is_told() -> None:
    book = write_settings(CHOSEN, STANDARDS)[0]
    row = len(lines(book)) + 4
    again: dict[str, str | int] = {"A": "five-good", "B": "rounding", "C": "places", "D": 0}
    imported = read_settings(
        edited(book, {(SHEET, f"{letter}{row}"): cell for letter, cell in again.items()}), STANDARDS
    )
    assert [finding.text for finding in imported.findings] == [
        f"错误 表“本单位自定” ▸ D{row} ＝ 0：同一处写了两行（D4）"
    ]


def test_settings_with_a_mistake_make_no_book() -> None:
    written, findings = write_settings(PLAIN.replace(b"2026\n", b'"2026"\n'), STANDARDS)
    assert written == b""
    assert [finding.path for finding in findings] == [("round", "year")]
