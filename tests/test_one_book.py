"""One book for all: peers' marks, records through the year and totals in 汇总录入, against the separate forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shutil import copyfile

import pytest
from openpyxl.workbook import Workbook

from dingji.forms.catalogue import forms_of
from dingji.forms.declare import PEER, Form
from dingji.forms.filling import Block, Cells, Filling
from dingji.forms.write import write_form
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from tests.drawn import rows
from tests.papers import ROSTER as ROSTER_FILE
from tests.papers import altered, good
from tests.small_standard import GRADES, HEAD, indicator
from tests.test_case_five_good import sheet_rows
from tests.workspaces import PROGRAM, command, make_workspace, scheme

ROUND = "2026 年终"
STANDARD = (
    HEAD.replace("small", "year")
    + 'rounds = ["年初", "年终"]\n'
    + GRADES
    + """
[[sources]]
name = "自评"
form = "self"
marks = "total"
weight = 20
[[sources]]
name = "互评"
form = "peer"
weight = { "年终" = 30 }
[[sources]]
name = "评定"
form = ["committee", "records"]
weight = { "年初" = 80, "年终" = 50 }
"""
    + indicator("班子", 60)
    + indicator("活动", 40, 'rules = [{ name = "少开会", unit = "次", each = -2 }]')
    + '[[indicators]]\nname = "获奖"\nbonus = true\nrules = [{ name = "市级表扬", unit = "次", each = 1 }]\n'
)
CONFIG = (
    '[office]\nname = "某党委"\nmeeting = false\n[round]\nyear = 2026\nname = "年终"\n[standard]\ndefault = "year"\n'
)
BRANCHES = {"A1": "一支部", "A2": "二支部", "A3": "三支部"}
CLAIMS = {"A1": 95, "A2": 88, "A3": 70}
PEERS = """
谁  | 评谁 | 班子 | 活动
A1 | A2  | 50  | 36
A1 | A3  | 40  | 20
A2 | A1  | 58  | 39
A2 | A3  | 41  | 22
A3 | A1  | 55  | 38
A3 | A2  | 49  | 35
"""
MARKS = """
谁  | 评谁 | 班子 | 活动
P1 | A1  | 57  | 40
P1 | A2  | 51  | 37
P1 | A3  | 38  | 24
"""
RECORDS = """
党组织编码 | 规则   | 数量 | 日期
A2       | 少开会 | 3   | 2026-09-01
A3       | 少开会 | 1   | 2026-10-01
"""
BONUS: Cells = {"党组织编码": "A1", "加分项": "市级表扬", "数量": 1, "审核意见": "同意"}


def year() -> Scheme:
    loaded, found = load_scheme(STANDARD.encode())
    assert loaded is not None, [finding.text for finding in found]
    return loaded


def form(kind: str) -> Form:
    return next(each for each in forms_of(year(), ROUND) if each.kind == kind)


def marked(table: str, who: str) -> list[Cells]:
    typed = [line for line in rows(table) if line["谁"] == who]
    whose = [{"党组织编码": line["评谁"], "党组织名称": BRANCHES[line["评谁"]]} for line in typed]
    marks = [{"班子": int(line["班子"]), "活动": int(line["活动"])} for line in typed]
    return [{**branch, **given} for branch, given in zip(whose, marks, strict=True)]


def records() -> list[Cells]:
    return [{**line, "指标": "活动", "数量": int(line["数量"]), "事由": "月查"} for line in rows(RECORDS)]


ROSTER: Mapping[str, Sequence[Cells]] = {
    "名册": [{"党组织编码": code, "党组织名称": name, "正式党员": 9} for code, name in BRANCHES.items()],
    "评委": [{"评委编号": "P1", "评委": "评委一", "来源": "评定"}],
}


def separate() -> dict[str, bytes]:
    """Return what everyone hands in, each on a form of their own."""
    files = {"名册.xlsx": write_form(form("roster"), Filling(rows=ROSTER))}
    for code, name in BRANCHES.items():
        head = {"党组织编码": code, "党组织名称": name}
        claim = {form("self").sheets[0].name: {"总分": {"自评得分": CLAIMS[code]}}}
        files[f"自评{code}.xlsx"] = write_form(form("self"), Filling(code, head, printed=claim))
        files[f"互评{code}.xlsx"] = write_form(form("peer"), Filling(code, head, {"评定表": marked(PEERS, code)}))
    files["评定.xlsx"] = write_form(
        form("committee"), Filling("P1", {"评委": "评委一"}, {"评定表": marked(MARKS, "P1")})
    )
    files["平时记录.xlsx"] = write_form(form("records"), Filling(rows={"平时记录": records()}))
    files["加分.xlsx"] = write_form(form("bonus"), Filling(rows={"加分申报": [BONUS]}))
    return files


def one_book(*, named: Callable[[str], str] = str) -> bytes:
    """Return the same in 汇总录入; `named`: how a branch that gives marks is written."""
    given = [{PEER: named(code), **marks} for code in BRANCHES for marks in marked(PEERS, code)]
    pages = {
        **ROSTER,
        "互评": given,
        "评定": [{"评委编号": "P1", **marks} for marks in marked(MARKS, "P1")],
        "平时记录": records(),
        "加分申报": [BONUS],
    }
    claims = [
        Block({"党组织编码": code, "党组织名称": name}, {"总分": {"自评得分": CLAIMS[code]}})
        for code, name in BRANCHES.items()
    ]
    return write_form(form("small"), Filling(rows=pages, blocks={"自评": claims}))


def graded(folder: Path, files: Mapping[str, bytes]) -> tuple[int, list[list[object]]]:
    """Run the real command; return its status and 一览表."""
    for name, raw in {"config.toml": CONFIG.encode(), "schemes/year.toml": STANDARD.encode()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    (folder / "input").mkdir()
    for name, raw in files.items():
        (folder / "input" / name).write_bytes(raw)
    status = command(folder, "run")
    table = sheet_rows((folder / "output/内部/分类定级结果.xlsx").read_bytes(), "一览表")
    headings = ("自评得分", "互评得分", "评定得分", "加分", "综合得分", "测算等次")
    return status, [[table[code][heading] for heading in headings] for code in BRANCHES]


@pytest.mark.parametrize("named", [str, BRANCHES.__getitem__], ids=["code", "name"])
def test_one_book_gives_what_the_separate_forms_give(tmp_path: Path, named: Callable[[str], str]) -> None:
    many = graded(tmp_path / "many", separate())
    one = graded(tmp_path / "one", {"汇总录入.xlsx": one_book(named=named)})
    assert one == many
    assert one[0] == 0
    assert one[1] == [
        [95, 95, 97, 1, 97, "好"],
        [88, 85, 82, 0, 84.1, "较好"],
        [70, 61.5, 60, 0, 62.45, "一般"],
    ]


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("四支部", "E30", "四支部"),
        ("", "E229", PEER),
    ],
)
def test_who_gave_marks_must_be_known(
    tmp_path: Path, typed: str, code: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Marks of nobody count for nobody, and that is said; who gave them has not handed in."""
    raw = one_book(named=lambda code: typed if code == "A2" else code)
    status, found = graded(tmp_path, {"汇总录入.xlsx": raw})
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith(code) and "互评 ▸" in line]
    assert lines
    assert words in lines[0]
    assert status == 1
    assert found[1][1] == 85  # what the others gave is there
    assert found[0][1] != 95


def test_a_peers_own_form_beside_the_book_counts_once(tmp_path: Path) -> None:
    whole = {"汇总录入.xlsx": one_book(), "互评A1.xlsx": separate()["互评A1.xlsx"]}
    assert graded(tmp_path, whole) == graded(tmp_path / "one", {"汇总录入.xlsx": one_book()})


def test_a_row_of_peers_left_blank_is_no_form_handed_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The book is handed out with a row for every pair: a branch whose rows are all blank gave no marks."""
    given = [{PEER: code, **marks} for code in ("A1", "A3") for marks in marked(PEERS, code)]
    blank = [{PEER: "A2", "党组织编码": code, "党组织名称": BRANCHES[code]} for code in ("A1", "A3")]
    files = separate()
    book = write_form(form("small"), Filling(rows={"互评": [*given, *blank]}))
    kept = {name: raw for name, raw in files.items() if not name.startswith("互评")}
    status, _ = graded(tmp_path, {**kept, "汇总录入.xlsx": book})
    assert status == 1
    command(tmp_path, "check", "--today", "2026-12-01")
    assert "未报：二支部（互评表）" in capsys.readouterr().out


# --- totals alone -------------------------------------------------------------------------------------------

TOTALS = {"sources.自评.marks": "total", "sources.党委评定.form": "committee", "sources.党委评定.marks": "total"}


def test_an_office_may_type_totals_alone() -> None:
    """By the places that the standard leaves open: fifteen cells of marks for five branches and three raters."""
    raw = (PROGRAM / "schemes/five-good.toml").read_bytes()
    loaded, found = load_scheme(raw, TOTALS)
    assert loaded is not None, [finding.text for finding in found]
    small = next(each for each in forms_of(loaded, "2026 年初") if each.kind == "small")
    pages = {sheet.name: sheet for sheet in small.sheets}
    assert [row.key for row in pages["自评"].rows] == ["总分"]
    assert [column.heading for column in pages["评定"].columns if column.reads == "mark"] == ["评分"]
    by_items = next(each for each in forms_of(scheme(), "2026 年初") if each.kind == "small")
    assert len({sheet.name: sheet for sheet in by_items.sheets}["自评"].rows) == 19
    indicators, _ = load_scheme(raw, {"sources.自评.marks": "indicators"})
    assert indicators is not None
    several = next(each for each in forms_of(indicators, "2026 年初") if each.kind == "small")
    assert len({sheet.name: sheet for sheet in several.sheets}["自评"].rows) == 5


def handed_out(folder: Path) -> Path:
    """Return the book that `forms` makes for a workspace with a roster and nothing else."""
    make_workspace(folder, {ROSTER_FILE: good()[ROSTER_FILE]})
    assert command(folder, "forms") == 0
    return folder / "发放/办公室/汇总录入.xlsx"


def test_pages_that_list_names_alone_are_not_filled_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copyfile(handed_out(tmp_path), tmp_path / "input/汇总录入.xlsx")
    assert command(tmp_path, "check") == 1
    told = capsys.readouterr().out
    assert "W234" not in told
    assert "未报" in told


def test_settings_are_no_head_where_the_roster_page_was_deleted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def alter(book: Workbook) -> None:
        del book["名册"]
        page = book["评定"]
        page["D6"] = 5

    raw = altered(handed_out(tmp_path).read_bytes(), alter)
    (tmp_path / "input/汇总录入.xlsx").write_bytes(raw)
    assert command(tmp_path, "check") == 1
    assert "E113" not in capsys.readouterr().out
