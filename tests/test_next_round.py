"""A year by commands alone: half-year frozen, the year's end opened from it, and the year after from that."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dingji.carried import Carried
from dingji.forms.filling import Filling
from dingji.read.reading import FileReading
from dingji.read.rows import Row, columns_of
from dingji.settings import load_settings
from tests.case_books import Books, Files, Rater, Run, Unit
from tests.paper_reading import word_text
from tests.small_standard import COMMITTEE, GRADES, HEAD, indicator, standard
from tests.two_years import type_into
from tests.workspaces import PROGRAM, command, decide

UNITS = [Unit("A1", "一支部"), Unit("A2", "二支部")]
RATER: Rater = ("PW1", "评委一", "评定")
TEXT = 'rounds = { "半年" = 40, "年终" = 60 }\n' + GRADES + COMMITTEE + indicator("班子", 100)
CONFIG = """\
[office]
name = "示范单位党委"
date = "2026-07-10"

[round]
year = 2026
name = "半年"
begins = "2026-01-01"
ends = "2026-06-30"
previous = "无"

[standard]
default = "small"

[publish]
date = "2026-07-10"
department = "示范科"

[privacy]
ballots = 1
raters = 1
"""


def books(label: str, day: date) -> Books:
    return Books(standard(TEXT), label, day)


def put(folder: Path, files: Files) -> None:
    for name, raw in files.items():
        path = folder / "input" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def half_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace whose half-year is decided and frozen: 80 and 95."""
    folder = tmp_path_factory.mktemp("year") / "半年"
    (folder / "schemes").mkdir(parents=True)
    (folder / "schemes/small.toml").write_text(HEAD + TEXT, "utf-8")
    (folder / "config.toml").write_text(CONFIG, "utf-8")
    own = books("2026 半年", date(2026, 6, 1))
    put(folder, own.roster(UNITS, [RATER]) | own.book(RATER, dict(zip(UNITS, ("80", "95"), strict=True))))
    decide(folder)
    assert command(folder, "archive", "2026半年") == 0
    return folder


@pytest.fixture
def half(half_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(half_once, tmp_path / "半年"))


def at_end(folder: Path, marks: tuple[str, str] = ("90", "90")) -> Path:
    """Put the rater's book of the year's end into a workspace."""
    put(folder, books("2026 年终", date(2026, 12, 1)).book(RATER, dict(zip(UNITS, marks, strict=True))))
    return folder


def next_of(old: Path, *more: str) -> Path:
    new = old.parent / f"{old.name}以后"
    assert command(PROGRAM, "init", str(new), "--from", str(old), *more) == 0
    return new


def test_the_year_is_made_of_what_was_frozen(half: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """40 % of 80 and 60 % of 90 are 86; the half-year's book lies in the archive alone, and is the trail."""
    before = contents(half)
    new = at_end(next_of(half))
    assert contents(half) == before
    assert sorted(path for path in contents(new / "input") if not path.startswith("2026 年终")) == [
        "上期结果/2026 半年_分类定级结果.xlsx",
        "党组织名册.xlsx",
        "整改台账.xlsx",
    ]
    capsys.readouterr()
    assert command(new, "run") == 0
    out = capsys.readouterr().out
    assert not [code for code in ("W234", "W531", "E533", "W625", "N304") if code in out]
    assert "接下来：看过 output/内部/上报前自查.html" in out, "forms taken from an archive are no change of input"
    rows = Run(new, 0).overview
    assert [(row["综合得分"], row["上期等次"], row["晋位情况"]) for row in rows.values()] == [
        (86, "较好", "保持"),
        (92, "好", "保持"),
    ]
    assert command(new, "explain", "A1") == 0
    told = capsys.readouterr().out
    assert "前轮/2026半年/2026 半年/评定表_评定/PW1_评委一_评定表.xlsx" in told
    decide(new)
    assert command(new, "archive", "2026年终") == 0
    assert command(new, "verify") == 0
    page = (new / "output/内部/校验报告.html").read_text("utf-8")
    assert "减负计：2026 年终应报的表1张，手工填写4格；2026 半年是1张、4格，表不增不减，填写不增不减。" in page
    later = next_of(new)
    assert sorted(contents(later / "input")) == [
        "上期结果/2026 半年_分类定级结果.xlsx",
        "上期结果/2026 年终_分类定级结果.xlsx",
        "党组织名册.xlsx",
        "整改台账.xlsx",
    ]
    assert sorted(path.name for path in (later / "archive").iterdir()) == ["2026半年", "2026年终"]
    settings, _ = load_settings((later / "config.toml").read_bytes())
    assert settings is not None
    assert (settings.round.label, settings.calendar) == ("2027 半年", [])


def test_the_settings_hold_on_without_their_days(half: Path) -> None:
    settings, findings = load_settings((next_of(half) / "config.toml").read_bytes())
    assert findings == []
    assert settings is not None
    assert (settings.round.label, settings.round.begins, settings.round.previous) == ("2026 年终", "", "")
    assert [(days.round, days.begins, days.ends) for days in settings.calendar] == [
        ("半年", "2026-01-01", "2026-06-30")
    ]
    assert (settings.office.name, settings.office.date) == ("示范单位党委", "")
    assert (settings.publish.department, settings.publish.date) == ("示范科", "")


def test_what_came_in_since_the_archive_is_named_and_not_lost(half: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(half / "input/2026 半年/党组织名册.xlsx", half / "input/名册的副本.xlsx")
    next_of(half)
    assert "没有带去" not in capsys.readouterr().out
    assert command(half, "forms") == 0
    ledger = Path(shutil.copy(half / "发放/办公室/整改台账.xlsx", half / "input/台账.xlsx"))
    type_into(ledger, Filling(rows={"整改台账": [{**UNITS[0].identity, "问题": "党费没有公示"}]}))
    put(half, books("2026 半年", date(2026, 6, 1)).book(RATER, dict(zip(UNITS, ("81", "95"), strict=True))))
    assert command(PROGRAM, "init", str(half.parent / "新"), "--from", str(half)) == 1
    named = "没有带去：2026 半年/评定表_评定/PW1_评委一_评定表.xlsx、台账.xlsx"
    assert f"定稿“2026半年”以后放进 input 或者改动过的，{named}" in capsys.readouterr().out
    assert command(half, "archive", "2026半年，七月") == 0
    again = half.parent / "再开"
    assert command(PROGRAM, "init", str(again), "--from", str(half)) == 0
    rows = load_workbook(again / "input/整改台账.xlsx").worksheets[0].iter_rows(values_only=True)
    assert [row[3] for row in rows if row[1] == "A1" and row[0]] == ["班子（81/100）", "党费没有公示"]
    assert command(PROGRAM, "init", str(half.parent / "从定稿"), "--from", str(half / "archive/2026半年")) == 0


def test_the_archive_gets_its_list_and_a_paper_for_the_successor(half: Path) -> None:
    new = next_of(half)
    archive = new / "archive/2026半年"
    sheet = load_workbook(archive / "目录.xlsx").active
    assert sheet is not None
    rows = {row[2]: row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)}
    assert rows["党组织名册.xlsx"][3:5] == ("党组织名册", "input/党组织名册.xlsx")
    assert rows["分类定级结果.xlsx"][4] == "input/上期结果/2026 半年_分类定级结果.xlsx"
    told = word_text((archive / "交接说明.docx").read_bytes())
    assert "“好”1个，占50.00%，“较好”1个" in told
    assert "三、已带到2026 年终的" in told
    assert "整改台账还有2条没有销号，已带到新一轮。" in told
    ledger = load_workbook(new / "input/整改台账.xlsx").worksheets[0]
    texts = [str(cell.value) for row in ledger.iter_rows() for cell in row if cell.value]
    assert [text for text in texts if text in ("A1", "A2")] == ["A1", "A2"]
    assert command(new, "verify") == 0
    (archive / "交接说明.docx").write_bytes(b"")
    assert command(new, "verify") == 1


def test_a_form_that_lies_in_input_too_goes_before_the_frozen_one(
    half: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = at_end(next_of(half))
    put(new, books("2026 半年", date(2026, 6, 1)).book(RATER, dict(zip(UNITS, ("80", "95"), strict=True))))
    assert command(new, "run") == 0
    assert "W625" not in capsys.readouterr().out
    put(new, books("2026 半年", date(2026, 6, 1)).book(RATER, dict(zip(UNITS, ("70", "95"), strict=True))))
    assert command(new, "run") == 0
    assert "W625" in capsys.readouterr().out
    assert Run(new, 0).overview["A1"]["综合得分"] == 82
    decide(new)
    assert command(new, "archive", "2026年终") == 0
    assert command(new, "verify") == 0


def test_a_frozen_form_that_was_changed_since_is_not_taken(half: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = at_end(next_of(half))
    (book,) = (new / "archive/2026半年/input").rglob("*评定表.xlsx")
    book.write_bytes(next(iter(books("2026 半年", date(2026, 6, 1)).book(RATER, {UNITS[0]: "100"}).values())))
    assert command(new, "run") == 1
    out = capsys.readouterr().out
    assert "E621 前轮/2026半年/2026 半年/评定表_评定/PW1_评委一_评定表.xlsx，定稿以后这个文件改动过" in out
    assert "2个待补（一支部、二支部）" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["半年/里面", "--from", "半年"], "不能放在上一轮的文件夹里面"),
        (["半年", "--from", "半年"], "文件夹不是空的"),
        (["新", "--from", "没有"], "找不到上一轮的文件夹"),
        (["新", "--from", "空"], "里没有定稿"),
        (["新", "--from", "半年", "--round", "年终"], "轮次写成 2026 年终 的样子"),
        (["新", "--from", "半年", "--round", "2026 半年"], "就是上一轮"),
        (["新", "--from", "半年", "--round", "２０２６ 半年"], "2026 半年 就是上一轮"),
        (["新", "--from", "半年", "--round", "2025 年终"], "2025 年终 在定稿的 2026 半年 以前"),
        (["新", "--from", "半年", "--round", "2026 年初"], "标准没有轮次“年初”，只有：半年、年终"),
        (["新"], "写明标准和轮次"),
        (["新", "--scheme", "five-good", "--round", "2026 半年"], "没有这个轮次，只有：年初、年终"),
    ],
)
def test_what_cannot_be_opened(
    half: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    (half.parent / "空").mkdir()
    here = [str(half.parent / each) if not each.startswith("--") and place in (0, 2) else each
            for place, each in enumerate(arguments)]  # fmt: skip
    if here[1:2] == ["--scheme"]:
        here[2] = "five-good"
    assert command(PROGRAM, "init", *here) == 2
    assert words in capsys.readouterr().out
    assert not (half.parent / "新").exists()


def test_a_touched_archive_opens_nothing(half: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (half / "archive/2026半年/config.toml").write_text(CONFIG + "\n", "utf-8")
    assert command(PROGRAM, "init", str(half.parent / "新"), "--from", str(half)) == 2
    assert "的文件与定稿时不同：config.toml" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["{", None])
def test_the_round_before_the_last_does_not_stand_for_one_that_cannot_be_read(
    half: Path, capsys: pytest.CaptureFixture[str], damage: str | None
) -> None:
    """The last archive has lost its 清单.json: what follows the one before it is a round that was graded already."""
    last = shutil.copytree(half / "archive/2026半年", half / "archive/2026年终") / "清单.json"
    last.write_text(damage, "utf-8") if damage else last.unlink()
    assert command(PROGRAM, "init", str(half.parent / "新"), "--from", str(half)) == 2
    assert "“2026年终”定稿的清单.json缺了或者读不出" in capsys.readouterr().out
    assert not (half.parent / "新").exists()
    assert command(half, "verify") == 1
    assert "2026年终" in capsys.readouterr().out


def test_an_office_opens_its_first_round(tmp_path: Path) -> None:
    new = tmp_path / "新"
    assert command(PROGRAM, "init", str(new), "--scheme", "five-good", "--round", "2026 年初") == 0
    settings, findings = load_settings((new / "config.toml").read_bytes())
    assert (findings, settings is not None) == ([], True)
    assert command(new, "forms", "--blank") == 0


# --- the committee's word ----------------------------------------------------------------------------------------


def overrule(folder: Path, reason: str) -> None:
    """Let the committee decide otherwise than computed on 一支部, and say why."""
    decide(folder)
    book = load_workbook(folder / "input/审定表.xlsx")
    sheet = book.worksheets[0]
    places = {cell.value: cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    row = places["A1"].row
    sheet.cell(row, places["审定等次"].column).value = "一般"
    sheet.cell(row, places["理由"].column).value = reason
    book.save(folder / "input/审定表.xlsx")


def with_names(folder: Path, names: dict[str, str]) -> None:
    """Give 一支部 other cells on the roster, by heading."""
    book = load_workbook(folder / "input/党组织名册.xlsx")
    sheet = book["名册"]
    places = {cell.value: cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    row = places["A1"].row
    for heading, text in names.items():
        sheet.cell(row, places[heading].column).value = text
    book.save(folder / "input/党组织名册.xlsx")


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ({}, "A1"),
        ({"党组织名称": "新一支部", "曾用名": "一支部"}, "A1"),
        ({"党组织编码": "B1", "承继": "A1"}, "B1"),
    ],
    ids=["as it was", "another name", "another code"],
)
def test_a_decision_holds_through_runs_rounds_and_names(half: Path, names: dict[str, str], code: str) -> None:
    """一支部 was computed 较好 and decided 一般 at the year's end; so it is compared with in the year after."""
    new = at_end(next_of(half))
    overrule(new, "研究")
    with_names(new, names)
    for _ in range(2):
        assert command(new, "run") == 0
        assert Run(new, 0).overview[code]["审定等次"] == "一般"
    assert command(new, "archive", "2026年终") == 0
    later = next_of(new)
    marked = Unit(code, names.get("党组织名称", "一支部"))
    put(later, books("2027 半年", date(2027, 6, 1)).book(RATER, {marked: "85", UNITS[1]: "85"}))
    assert command(later, "run") == 0
    rows = Run(later, 0).overview
    assert [(rows[unit]["上期等次"], rows[unit]["晋位情况"]) for unit in (code, "A2")] == [
        ("一般", "晋位"),
        ("好", "退位"),
    ]


def test_a_decision_without_a_reason_is_a_problem(half: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = at_end(next_of(half))
    overrule(new, "")
    capsys.readouterr()
    assert command(new, "run") == 1
    assert "E504" in capsys.readouterr().out
    assert command(new, "archive", "2026年终") == 1


def test_what_is_said_of_a_frozen_form_is_not_kept_with_what_was_read() -> None:
    """Else a run that takes up what was read before would say it twice, and of a form that is gone."""

    def read(path: str, mark: str) -> FileReading:
        columns = columns_of([Row("mark", "A1", option=mark)])
        return FileReading(path, mark, "committee", rater="PW1", round="2026 半年", columns=columns)

    frozen = read("前轮/评定表.xlsx", "80")
    book = FileReading("汇总录入.xlsx", "1", parts=[read("汇总录入.xlsx", "70")])
    (kept,) = Carried(frozen={frozen.path: frozen.sha256}).settled([book, frozen])
    assert [problem.code for problem in kept.parts[0].problems] == ["W625"]
    assert not book.parts[0].problems
