"""Standards of other notices end to end: forms made and filled, the program run; several standards in one run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dingji.forms.filling import Cells, Filling
from dingji.forms.office_forms import roster_form
from dingji.forms.write import write_form
from dingji.scheme.load import load_scheme
from tests.case_books import RESULTS, Books, Files, Run, Setting, Unit
from tests.drawn import rows
from tests.other_standards import FOLDER, NAMES, standard
from tests.workspaces import PROGRAM, command, make_workspace


@pytest.mark.parametrize("name", NAMES)
def test_forms_of_each_standard_are_filled_and_graded_to_the_last_branch(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`demo` fills every form by the standard alone; nothing of them is refused and every branch is settled."""
    folder = tmp_path / "演示"
    assert command(PROGRAM, "scheme", "show", str(FOLDER / f"{name}.toml")) == 0
    demo = ("demo", str(folder), "--scheme", str(FOLDER / f"{name}.toml"), "--branches", "6", "--raters", "5")
    assert command(PROGRAM, *demo) == 0
    assert command(folder, "run") == 0
    assert command(folder, "forms") == 0
    overview = Run(folder, 0).overview
    labels = {grade.name for grade in standard(name).grades} or {"—"}
    assert len(overview) == 6
    assert {row["测算等次"] for row in overview.values()} <= labels
    assert all(row["综合得分"] is not None for row in overview.values())
    capsys.readouterr()
    assert command(folder, "explain", next(iter(overview))) == 0
    assert ("测算等次：" in capsys.readouterr().out) is bool(standard(name).grades)


# --- several standards in one run --------------------------------------------------------------------------------

EQUAL = """
id = "equal"
title = "机关支部标准"
[[grades]]
name = "优"
from = 85
[[grades]]
name = "良"
from = 70
[[grades]]
name = "中"
from = 60
[[grades]]
name = "差"
[[sources]]
name = "述职"
form = "committee"
marks = "total"
weight = 100
[[indicators]]
name = "述职情况"
full = 100
"""
"""The labels of faculty, with other bounds, indicators and sources."""

OTHER = (
    EQUAL.replace("equal", "unlike").replace("机关支部", "学生支部").replace('"优"', '"先进"').replace('"中"', '"一般"')
)
OTHER = OTHER.replace('"差"', '"后进"')
BRANCHES = """
编码 | 名称  | 类别 | 标准    | 得分              | 综合    | 等次 | 名次
A1  | 院一 | 学院 | faculty | 18 11 18         | 90.38 | 优  | 1
A2  | 院二 | 学院 | faculty | 10 6 11          | 51.92 | 差  | 2
B1  | 处一 | 机关 | equal   | 85               | 85.00 | 优  | 1
B2  | 处二 | 机关 | equal   | 84.9             | 84.90 | 良  | 2
C1  | 学一 | 学生 | unlike  | 90               | 90.00 | 先进 | 1
C2  | 学二 | 学生 | unlike  | 59.9             | 59.90 | 后进 | 2
"""
DAY = date(2026, 12, 1)
LABEL = "2026 年终"
RATER = ("PW1", "评委一")
TITLES = {"faculty": "学院和机关党建评分细则", "equal": "机关支部标准", "unlike": "学生支部标准"}


def several(folder: Path, standards: list[str], source: str = "述职") -> Run:
    """Run the branches of some standards by 类别, the first standard being the default."""
    texts = {"faculty": (FOLDER / "faculty.toml").read_text("utf-8"), "equal": EQUAL, "unlike": OTHER}
    lines = [line for line in rows(BRANCHES) if line["标准"] in standards]
    make_workspace(folder, {})
    for name in standards:
        (folder / "schemes" / f"{name}.toml").write_text(texts[name].replace("述职", source), "utf-8")
    chosen = dict.fromkeys((line["类别"], line["标准"]) for line in lines if line["标准"] != standards[0])
    by_category = "".join(f'"{category}" = "{name}"\n' for category, name in chosen)
    config = Setting(standards[0], 2026, "年终", ("2026-01-01", "2026-12-31")).toml()
    (folder / "config.toml").write_text(f"{config}\n[standard.by_category]\n{by_category}", "utf-8")
    for path, raw in _books(folder, standards, lines).items():
        (folder / "input" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "input" / path).write_bytes(raw)
    return Run(folder, command(folder, "run"))


def _books(folder: Path, standards: list[str], lines: list[dict[str, str]]) -> Files:
    files: Files = {}
    for name in standards:
        scheme, found = load_scheme((folder / "schemes" / f"{name}.toml").read_bytes())
        assert scheme is not None, found
        books = Books(scheme, LABEL, DAY)
        own = [line for line in lines if line["标准"] == name]
        source = scheme.sources[0].name
        marks = {Unit(line["编码"], line["名称"]): line["得分"] for line in own}
        files |= {f"{name}/{path}": raw for path, raw in books.book((*RATER, source), marks).items()}
        if name == standards[0]:
            files |= roster(books, lines)
    return files


def roster(books: Books, lines: list[dict[str, str]]) -> Files:
    """Return 名册 with 类别, and one rater who marks for every standard."""
    branches: list[Cells] = [
        {"排序号": place, "党组织编码": line["编码"], "党组织名称": line["名称"], "上级党组织": "示范党委",
         "类别": line["类别"], "正式党员": 10}
        for place, line in enumerate(lines, start=1)
    ]  # fmt: skip
    people: list[Cells] = [{"评委编号": RATER[0], "评委": RATER[1]}]
    raw = write_form(roster_form(books.scheme, LABEL), Filling(rows={"名册": branches, "评委": people}))
    return {"党组织名册.xlsx": raw}


def blocks(run: Run) -> list[list[list[object]]]:
    """Return the blocks of 汇总表, each its rows below its title, down to its total."""
    sheet = load_workbook(run.folder / "output" / RESULTS)["汇总表"]
    found: list[list[list[object]]] = []
    for line in sheet.iter_rows(values_only=True):
        cells: list[object] = [cell for cell in line if cell is not None]
        if cells and "汇总表" in str(cells[0]):
            found.append([])
        if found and cells:
            found[-1].append(cells)
    return found


@pytest.mark.parametrize("standards", [["faculty", "equal", "unlike"], ["unlike", "faculty", "equal"]])
def test_each_branch_is_graded_by_the_standard_of_its_category(tmp_path: Path, standards: list[str]) -> None:
    found = several(tmp_path, standards)
    assert found.status == 0
    lines = rows(BRANCHES)
    overview = found.overview
    assert list(overview) == [line["编码"] for line in lines]
    for line in lines:
        row = overview[line["编码"]]
        assert [f"{row['综合得分']:.2f}", row["测算等次"], str(row["排名"])] == [
            line["综合"],
            line["等次"],
            line["名次"],
        ]
    assert [overview[unit]["得分"] for unit in ("B1", "C1")] == ["—", "—"]
    assert [overview[unit]["述职得分"] for unit in ("A1", "B1")] == ["—", 85]


def test_sources_of_one_name_share_a_column_and_each_rater_hands_in_two_books(tmp_path: Path) -> None:
    found = several(tmp_path, ["faculty", "equal"], "评分")
    assert found.status == 0
    assert [row["得分"] for row in found.overview.values()] == [90.38, 51.92, 85, 84.9]
    assert [row["测算等次"] for row in found.overview.values()] == ["优", "差", "优", "良"]


def test_unlike_labels_have_a_block_each_and_no_common_total(tmp_path: Path) -> None:
    found = blocks(several(tmp_path, ["faculty", "unlike"]))
    assert [TITLES["faculty"] in str(found[0][0]), TITLES["unlike"] in str(found[1][0])] == [True, True]
    assert [cell for cell in found[0][1] if cell in ("优", "良", "中", "差", "先进")] == ["优", "良", "中", "差"]
    assert [cell for cell in found[1][1] if cell in ("先进", "良", "一般", "后进")] == ["先进", "良", "一般", "后进"]
    lines = [[line[1:4] for line in block if line[1:4] == [2, 20, 2]] for block in found]
    assert lines == [[[2, 20, 2]], [[2, 20, 2]]]  # a block of one unit is its own sum
    assert not [line for block in found for line in block if line[0] in ("合计", "小计")]


def test_equal_labels_have_a_block_each_and_one_total(tmp_path: Path) -> None:
    """优 of both standards, by their own bounds, are counted together: 2 of 4."""
    found = blocks(several(tmp_path, ["faculty", "equal"]))
    totals = [[line for line in block if line[0] in ("合计", "小计")] for block in found]
    assert [[line[:4] for line in lines] for lines in totals] == [
        [["小计", 2, 20, 2]],
        [["小计", 2, 20, 2], ["合计", 4, 40, 4]],
    ]
    assert totals[1][1][4:12] == [2, 0.5, 1, 0.25, 0, 0, 1, 0.25]


def test_the_committee_decides_on_a_form_of_each_standard(tmp_path: Path) -> None:
    run = several(tmp_path, ["faculty", "unlike"])
    forms = sorted(path.name for path in (run.folder / "output" / "上会").glob("审定表*.xlsx"))
    assert forms == ["审定表.xlsx", "审定表_unlike.xlsx"]
    assert list(run.sheet("审定表", file="上会/审定表.xlsx")) == ["A1", "A2"]
    assert list(run.sheet("审定表", file="上会/审定表_unlike.xlsx")) == ["C1", "C2"]


def test_a_rater_gets_a_book_of_each_standard_with_its_own_branches(tmp_path: Path) -> None:
    run = several(tmp_path, ["faculty", "unlike"])
    assert command(run.folder, "forms") == 0
    books = sorted((run.folder / "发放").glob("**/评委/**/*.xlsx"))
    marked = {book.parts[-4]: sorted(sheet_codes(book)) for book in books}
    assert marked == {"faculty": ["A1", "A2"], "unlike": ["C1", "C2"]}


def sheet_codes(book: Path) -> set[str]:
    sheet = load_workbook(book)["评定表"]
    return {
        str(cell)
        for line in sheet.iter_rows(values_only=True)
        for cell in line
        if str(cell) in ("A1", "A2", "C1", "C2")
    }
