"""docs/使用手册.md and docs/得分怎么来的.md name what there is, and tell the figures of a real run."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dingji.cli.main import make_parser
from tests.five_good_case import small_book
from tests.mailing import PARENT, drafts, office, set_mail
from tests.make_demonstration import demonstration
from tests.make_manual_pictures import FOLDER, LARGEST, MOST, PICTURES, png, spoilt
from tests.papers import filled
from tests.test_hand_in import RECEIPTS
from tests.workspaces import PROGRAM, command, decide, make_workspace, scheme

DOCS = PROGRAM / "docs"
MANUAL, FIGURES = ((DOCS / name).read_text("utf-8") for name in ("使用手册.md", "得分怎么来的.md"))
BOTH = MANUAL + FIGURES
COMMANDS = (DOCS / "命令.md").read_text("utf-8")
RESULTS = "output/内部/分类定级结果.xlsx"
LIST, BOOK = "output/内部/抽查名单.xlsx", "汇总录入.xlsx"
Shown = pytest.CaptureFixture[str]


def fenced(text: str, kind: str) -> list[str]:
    """Return the lines of the blocks of a kind."""
    blocks = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    return [line.strip() for named, block in blocks if named == kind for line in block.splitlines()]


def ticked(text: str) -> list[str]:
    """Return what stands between single ticks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demonstration gone through to its 定稿."""
    folder = make_workspace(tmp_path_factory.mktemp("手册"), demonstration())
    decide(folder)
    for words in (("run",), ("forms",), ("mail",), ("config", "export"), ("archive", "2026年初"), ("run", "--what-if")):
        assert command(folder, *words) == 0, words
    return folder


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demonstration as it is, run once."""
    folder = make_workspace(tmp_path_factory.mktemp("例子"), demonstration())
    assert command(folder, "run") == 0
    return folder


@pytest.fixture(scope="module")
def coming_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demonstration while forms come in, called and checked."""
    folder = make_workspace(tmp_path_factory.mktemp("收表"), spoilt())
    assert command(folder, "check") == 1
    return folder


@pytest.fixture(scope="module")
def following(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the round opened after it."""
    folder = tmp_path_factory.mktemp("下一轮") / "年终"
    assert command(whole, "init", str(folder), "--from", str(whole)) == 0
    return folder


@pytest.fixture(scope="module")
def honoured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a demonstration whose standard has honours, drawn from and taken down into one book."""
    folder = tmp_path_factory.mktemp("表彰") / "示范"
    assert command(folder.parent, "demo", str(folder), "--scheme", "service") == 0
    for words in ("run", "forms", "sample"):
        assert command(folder, words) == 0, words
    return folder


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace into which one book was taken in place of an older one, and run."""
    folder = make_workspace(tmp_path_factory.mktemp("一本") / "w", {BOOK: small_book(scheme())})
    (folder.parent / BOOK).write_bytes(small_book(scheme(), mended=True))
    assert command(folder, "take", "--yes", str(folder.parent / BOOK)) == 0
    return folder


# --- what is named is there --------------------------------------------------------------------------------


def commands() -> list[str]:
    named = [*fenced(BOTH, ""), *(text for text in ticked(BOTH + COMMANDS) if text.startswith("python "))]
    before_dingji = ("python process.py --help", "python process.py test")
    return list(dict.fromkeys(line for line in named if line and line not in before_dingji))


@pytest.mark.parametrize("line", commands())
def test_every_command_can_be_typed(line: str) -> None:
    assert line.startswith("python process.py")
    chosen = make_parser().parse_args(line.split()[2:] or ["run"])
    assert chosen.command


def test_every_command_is_told_of() -> None:
    parts = next(action for action in make_parser()._actions if isinstance(action.choices, Mapping))
    told = set(re.findall(r"python process\.py (?:--workspace \S+ )?([a-z-]+)", BOTH + COMMANDS))
    assert set(parts.choices or ()) - told == set()


def test_every_file_and_folder_is_there(
    whole: Path, coming_in: Path, following: Path, honoured: Path, taken: Path
) -> None:
    """Those of the program stand in its folder, the others in a workspace gone through to its end."""
    names = [name for name in ticked(BOTH) if not name.startswith("python ")]
    places = (whole, coming_in, following, honoured, taken, PROGRAM)
    missing = [name for name in names if not any((place / name).exists() for place in places)]
    assert len(names) > 40
    assert missing == []


def test_every_file_of_a_run_is_listed(whole: Path, honoured: Path) -> None:
    """Each stands in the table of results, by its name with 编码 and 名称 in the places of a branch's own."""
    table = (DOCS / "结果文件.md").read_text("utf-8").partition("## 结果放在哪里")[2].partition("\n## ")[0]
    listed = [name for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE) for name in ticked(row)]
    parts = {"编码": "[^/_]+", "名称": "[^/_]+", "…": ".+"}
    patterns = [
        re.sub("|".join(parts), lambda found: parts[found[0]], re.escape(name))
        + (r"\.\w+" if not name.endswith("/") and "." not in name and "…" not in name else "")
        + (".+" if name.endswith("/") else "")
        for name in listed
    ]
    left = {
        path.relative_to(folder / "output").as_posix()
        for folder in (whole, honoured)
        for path in (folder / "output").rglob("*")
        if path.is_file()
    }
    assert len(left) > 60
    assert [name for name in sorted(left) if not any(re.fullmatch(pattern, name) for pattern in patterns)] == []


def test_every_setting_stands_in_the_settings(whole: Path) -> None:
    book = load_workbook(whole / "设置.xlsx")
    told = {str(row[0]) for row in book.worksheets[0].iter_rows(values_only=True)} | set(book.sheetnames)
    named = set(re.findall(r"设置的“(.*?)”", BOTH))
    assert named == {"填报单位", "轮次", "标准", "公文", "日历", "抽查", "邮件", "本单位自定"}
    assert named <= told


def test_every_sheet_is_there(whole: Path) -> None:
    sheets = load_workbook(whole / RESULTS).sheetnames
    named = set(re.findall(r"分类定级结果\.xlsx` 的“(.*?)”", BOTH))
    assert named <= set(sheets)
    assert {"临界提示", "指标得分", "晋位对比", "报送情况", "核算"} <= named


def test_every_link_leads_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", BOTH)
    assert [target for target in targets if not (DOCS / target).exists()] == []


def test_the_pictures_are_those_of_the_manual_and_small() -> None:
    named = re.findall(r"!\[(.*?)\]\(图/(.*?)\.png\)", MANUAL)
    assert [words for words, name in named if words != name] == []
    assert sorted(name for _, name in named) == sorted(PICTURES)
    files = sorted(FOLDER.iterdir())
    assert [path.stem for path in files] == sorted(PICTURES)
    assert len(files) <= MOST
    assert [path.name for path in files if path.stat().st_size > LARGEST] == []


def test_a_picture_keeps_its_points() -> None:
    raw = png(2, bytes((255, 255, 255, 204, 204, 255, 0, 0, 0, 250, 40, 10)))
    packed = zlib.decompress(raw[raw.index(b"IDAT") + 4 : raw.index(b"IEND") - 8])
    assert packed == bytes((0, 215, 4 * 36 + 4 * 6 + 5, 0, 0, 5 * 36 + 1 * 6))
    assert raw[16:24] == bytes((0, 0, 0, 2, 0, 0, 0, 2))


def test_sections_are_few_and_short() -> None:
    sections = re.split(r"^## ", MANUAL, flags=re.MULTILINE)[1:]
    assert len(sections) <= 20
    assert [one.splitlines()[0] for one in sections if len(one.splitlines()) > 40] == []


# --- what is told is so ------------------------------------------------------------------------------------


def explained(folder: Path, branch: str, shown: Shown) -> list[str]:
    shown.readouterr()
    assert command(folder, "explain", branch) == 0
    return [re.sub(r"^\d+\. ", "", line).strip() for line in shown.readouterr().out.splitlines()]


def test_the_figures_are_those_of_a_run(computed: Path, capsys: Shown) -> None:
    told = [*explained(computed, "二支部", capsys), *explained(computed, "三支部", capsys)]
    lines = fenced(FIGURES, "text")
    assert len(lines) == 11
    assert [line for line in lines if line not in told] == []


def test_the_cells_hold_what_is_told(computed: Path) -> None:
    rows = re.findall(r"^\| \S+ \| (\d+) \| (\S+) ▸ (\S+) \| (\w+) \|$", FIGURES, re.MULTILINE)
    assert len(rows) == 5
    for value, file, sheet, cell in rows:
        assert load_workbook(computed / "input" / file)[sheet][cell].value == int(value), (file, cell)


def test_the_call_of_the_roll_is_as_shown(coming_in: Path, capsys: Shown) -> None:
    assert command(coming_in, "check") == 1
    told = capsys.readouterr().out.splitlines()
    assert [line for line in fenced(MANUAL, "text") if line not in told] == []


def test_a_draw_is_told_by_its_seed(honoured: Path, capsys: Shown) -> None:
    before = (honoured / LIST).read_bytes()
    capsys.readouterr()
    assert command(honoured, "sample") == 0
    assert "种子 20260410，抽2个，总体12个，抽到2个" in capsys.readouterr().out
    assert (honoured / LIST).read_bytes() == before
    headings = {cell for row in load_workbook(honoured / LIST)["抽查1"].values for cell in row}
    assert {"检查日期", "检查人", "检查情况"} <= headings


def test_candidates_are_for_the_office_and_names_for_everybody(honoured: Path) -> None:
    inside, outside = (
        "".join(one.text for one in Document(str(honoured / "output" / name)).paragraphs)
        for name in ("内部/示范星级名单.docx", "公示/推荐对象公示.docx")
    )
    assert "建议授予" in inside
    assert "示范党支部" in outside
    assert "建议" not in outside


def handed_up(folder: Path, raw: bytes) -> Path:
    """Return an upper unit's workspace: its roster, and what the lower one handed up."""
    roster = {name: content for name, content in demonstration().items() if "名册" in name}
    return make_workspace(folder, {**roster, "下级/上报.xlsx": raw})


def test_what_a_lower_unit_hands_up_is_taken_or_its_changed_cell_named(
    computed: Path, tmp_path: Path, capsys: Shown
) -> None:
    book = load_workbook(computed / "output/上报/上报.xlsx")
    upper = handed_up(tmp_path / "照原样", (computed / "output/上报/上报.xlsx").read_bytes())
    assert command(upper, "run") == 0
    figures = {"一支部": 95.87, "二支部": 90, "三支部": 78.57, "四支部": 73.3, "五支部": 92.9}
    assert column(sheet(upper, "一览表"), "综合得分") == figures
    page = book["一览表"]
    headings = next(row for row in page.iter_rows() if any(cell.value == "综合得分" for cell in row))
    place = next(cell.column for cell in headings if cell.value == "综合得分")
    cell = next(row[place - 1] for row in page.iter_rows() if any(one.value == "三支部" for one in row))
    was, cell.value = cell.value, 91
    book.save(tmp_path / "改过.xlsx")
    changed = handed_up(tmp_path / "改过", (tmp_path / "改过.xlsx").read_bytes())
    capsys.readouterr()
    assert command(changed, "run") == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("E651")]
    assert f"一览表 ▸ {cell.coordinate}" in line
    assert str(was) in line


def test_one_book_is_taken_after_it_was_agreed_to(taken: Path) -> None:
    assert (taken / "input/汇总录入.xlsx").is_file()
    assert (taken / "input/不采用/汇总录入(1).xlsx").is_file()
    assert (taken / RESULTS).is_file()


# --- fifteen questions --------------------------------------------------------------------------------------


def questions() -> list[str]:
    """Return the questions of the manual's table."""
    table = MANUAL.partition("| 问 | 看哪里 |\n|---|---|\n")[2]
    return [row.split("|")[1].strip() for row in table.splitlines() if row.startswith("|")]


def sheet(folder: Path, name: str, book: str = RESULTS) -> Worksheet:
    found = load_workbook(folder / book)[name]
    assert isinstance(found, Worksheet)
    return found


def column(page: Worksheet, heading: str, beside: str = "党组织名称") -> dict[str, Any]:
    """Return a column below its heading, by branch; the first table of a sheet that has both."""
    rows = [list(row) for row in page.iter_rows(values_only=True)]
    top = next(number for number, row in enumerate(rows) if heading in row and beside in row)
    key, place = rows[top].index(beside), rows[top].index(heading)
    below = rows[top + 1 :]
    return {str(row[key]): row[place] for row in below if str(row[key]).endswith("支部")}


def nearest(folder: Path, _shown: Shown) -> None:
    page = load_workbook(folder / "output/上会/审定表.xlsx").worksheets[0]
    assert column(page, "距上一等次") == {
        "一支部": None,
        "二支部": "临界",
        "三支部": None,
        "四支部": "6.7分",
        "五支部": None,
    }
    assert column(sheet(folder, "临界提示"), "距界限")["二支部"] == "正好在“好”的线上"


def weakest(folder: Path, _shown: Shown) -> None:
    head = str(sheet(folder, "指标得分")["A1"].value)
    assert head.endswith("全部党组织得分率最低的指标：工作机制好（平均 79.34%）")


def supposed(folder: Path, shown: Shown, rows: Sequence[tuple[str, str, str, str, str]]) -> list[str]:
    """Fill 预演表 as an officer would, and return what is said of it."""
    blank = folder / "预演.xlsx"
    blank.unlink(missing_ok=True)
    assert command(folder, "run", "--what-if") == 0
    book = load_workbook(blank)
    for kind, source, whose, option, number in rows:
        free = next(
            row
            for row in book.worksheets[0].iter_rows(min_row=4)
            if row[0].value == kind and (row[1].value or "") in ("", source) and not row[5].value and not row[2].value
        )
        for cell, text in zip((free[1], free[2], free[3], free[5]), (source, whose, option, number), strict=True):
            if text:
                cell.value = text
    book.save(blank)
    shown.readouterr()
    assert command(folder, "run", "--what-if", str(blank)) == 0
    return shown.readouterr().out.splitlines()


def without_rater(folder: Path, shown: Shown) -> None:
    told = supposed(folder, shown, [("不计评委", "", "PW2", "", "")])
    assert "  二支部（ZB02）：由“好”变为“较好”，综合得分 90→89.8（党委评定 89.5→89）" in told


def other_weights(folder: Path, shown: Shown) -> None:
    told = supposed(folder, shown, [("占比", "自评", "", "", "25"), ("占比", "党群评分", "", "", "35")])
    assert "  二支部（ZB02）：由“好”变为“较好”，综合得分 90→89.83" in told


def one_more_ballot(folder: Path, shown: Shown) -> None:
    told = supposed(folder, shown, [("增加选票", "党群评分", "一支部", "不满意", "1")])
    assert told[1].startswith("  一支部（ZB01）：等次不变，综合得分 95.87→92.37（党群评分 95.8→90.8，")
    assert told[-1] == "以上只是预演，output 没有改动"


def disagreement(folder: Path, _shown: Shown) -> None:
    tables = Document(str(folder / "output/上会/上会材料.docx")).tables
    marks = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
    assert ["党委评定", "评委1", "评委2", "评委3"] in marks
    assert ["领导班子好", "10.00", "9.50", "9.00"] in marks


def inflated(folder: Path, _shown: Shown) -> None:
    told = column(sheet(folder, "临界提示"), "自评与他评")
    assert {name for name, text in told.items() if text} == {"三支部", "四支部"}
    assert str(told["三支部"]).startswith("自评得分明显高于测评、评定得分（90.00，其他各方平均73.67）")


def by_unit(folder: Path, _shown: Shown) -> None:
    mailed = office(folder / "邮寄")
    set_mail(mailed, f'contacts = {{ "{PARENT}" = "dw@example.cn" }}')
    assert command(mailed, "run") == 0
    assert command(mailed, "mail", "结果") == 0
    assert {str(one["To"]) for one in drafts(mailed).values()} >= {f"zb{number}@example.cn" for number in range(1, 6)}


def why_last(folder: Path, shown: Shown) -> None:
    told = explained(folder, "三支部", shown)
    assert told[1].startswith("测算等次：后进　群众反映好低于12分")


def who_owes(folder: Path, shown: Shown) -> None:
    waiting = make_workspace(folder / "未报", spoilt())
    shown.readouterr()
    assert command(waiting, "check") == 1
    assert "示范医院党委 未报：五支部（测评表）" in shown.readouterr().out


def who_is_late(folder: Path, _shown: Shown) -> None:
    rows = [{"党组织编码": "ZB03", "表类": "自评表", "收到时间": "2026-03-25"}]
    files = {**demonstration(), RECEIPTS: filled("receipt", rows)}
    late = make_workspace(folder / "迟报", files)
    assert command(late, "run") == 0
    told = column(sheet(late, "报送情况"), "自评表", "党组织（评委）")
    assert {name: text for name, text in told.items() if text != "已报"} == {"三支部": "已报（迟）"}


def last_time(folder: Path, _shown: Shown) -> None:
    told = column(sheet(folder, "晋位对比"), "上期等次")
    assert told == {"一支部": "较好", "二支部": "好", "三支部": "一般", "四支部": "一般", "五支部": "一般"}


def reached(folder: Path, _shown: Shown) -> None:
    told = [str(row[0]) for row in sheet(folder, "晋位对比").iter_rows(values_only=True)]
    assert [line for line in told if "晋位率1÷3＝33.33%；目标不低于95%" in line]


def unchanged(folder: Path, shown: Shown) -> None:
    frozen = make_workspace(folder / "定稿", demonstration())
    decide(frozen)
    assert command(frozen, "archive", "2026年初") == 0
    shown.readouterr()
    assert command(frozen, "verify") == 0
    assert "一致" in shown.readouterr().out
    (frozen / "archive/2026年初/output/公示/公示.docx").write_bytes(b"")
    assert command(frozen, "verify") == 1
    assert "公示.docx" in shown.readouterr().out


def lifted(folder: Path, shown: Shown) -> None:
    line = next(line for line in explained(folder, "三支部", shown) if line.startswith("差多少升一档"))
    assert "要升到“较好”，党群评分有3张票由“不满意”改为“满意”" in line


ANSWERS: Mapping[str, Callable[[Path, Shown], None]] = {
    "谁离界限最近，差多少": nearest,
    "全部党组织最弱的是哪项指标": weakest,
    "不计某位评委，结果会怎样": without_rater,
    "各方占比换一换，结果会怎样": other_weights,
    "多一张票，结果会怎样": one_more_ballot,
    "评委之间分歧在哪里": disagreement,
    "谁的自评得分明显偏高": inflated,
    "怎样按单位发邮件": by_unit,
    "为什么定为后进": why_last,
    "谁还没交": who_owes,
    "谁交晚了": who_is_late,
    "上次是什么等次": last_time,
    "晋位率95%达到没有": reached,
    "定稿以后动过没有": unchanged,
    "怎样才能升一档": lifted,
}


def test_there_are_fifteen_questions_each_with_its_answer() -> None:
    assert questions() == list(ANSWERS)


@pytest.mark.parametrize("question", ANSWERS)
def test_a_question_is_answered_where_the_manual_says(question: str, computed: Path, capsys: Shown) -> None:
    ANSWERS[question](computed, capsys)
