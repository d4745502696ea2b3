"""What papers are called comes from the standard: nothing of Party branches on the papers of a village."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from tests.small_standard import GRADES
from tests.workspaces import command, scheme

VILLAGE = """
id = "village"
title = "和美乡村评星标准（试行）"
unit = "村"
signer = "村委会主任"
[[sources]]
name = "自报"
form = "self"
weight = 30
[[sources]]
name = "评价"
form = "survey"
questions = ["对本村的评价"]
options = { "好" = 100, "不好" = 0 }
marks = "options"
weight = 20
[[sources]]
name = "核查"
form = "committee"
weight = 50
[[indicators]]
name = "产业"
full = 60
rules = [{ name = "撂荒", unit = "亩", each = -1 }]
[[indicators]]
name = "环境"
full = 40
[[situations]]
name = "发生安全事故"
at_most = "一般"
"""
ALIEN = ("支部", "分类定级")


def village() -> Scheme:
    """Return the standard of a village."""
    loaded, findings = load_scheme((VILLAGE + GRADES).encode())
    assert loaded is not None, findings
    return loaded


def texts_of(raw: bytes) -> list[str]:
    """Return every text of a workbook, or of a page."""
    if raw[:2] != b"PK":
        return raw.decode("utf-8").splitlines()
    with ZipFile(BytesIO(raw)) as package:
        if "word/document.xml" in package.namelist():
            return package.read("word/document.xml").decode("utf-8").split("<")
    book = openpyxl.load_workbook(BytesIO(raw))
    return [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]


def titles(raw: bytes) -> list[str]:
    """Return the title of each sheet of a workbook."""
    book = openpyxl.load_workbook(BytesIO(raw))
    return [str(sheet["A2"].value) for sheet in book if sheet.sheet_state == "visible"]


@pytest.mark.parametrize(
    ("title", "work", "name"),
    [
        ("党支部分类定级标准（五个好）", "", "党支部分类定级"),
        ("和美乡村评星标准（试行）", "", "和美乡村评星"),
        ("民主评议党员(2026)", "", "民主评议党员"),
        ("村级考核办法", "", "村级考核办法"),
        ("标准", "", "标准"),
        ("任意", "村评星", "村评星"),
    ],
)
def test_what_the_grading_is_called(title: str, work: str, name: str) -> None:
    assert village().model_copy(update={"work": work, "title": title}).work_name == name


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a demonstration of villages that has been run."""
    root = tmp_path_factory.mktemp("village")
    (root / "village.toml").write_text(VILLAGE + GRADES, encoding="utf-8")
    made = root / "made"
    assert command(root, "demo", str(made), "--scheme", str(root / "village.toml"), "--branches", "5") == 0
    assert command(made, "run") in (0, 1)
    return made


def test_no_paper_of_a_village_speaks_of_branches(folder: Path) -> None:
    found = []
    for path in sorted((folder / "output").rglob("*")):
        if path.suffix in (".xlsx", ".docx", ".html"):
            for text in texts_of(path.read_bytes()):
                told = text.replace("分类定级结果", "")  # the file's own name, in the list of files
                found += [f"{path.name}: {text.strip()[:80]}" for word in ALIEN if word in told]
    assert found == []


def test_blanks_of_an_own_standard_are_written_without_a_roster(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "schemes").mkdir()
    (tmp_path / "schemes" / "village.toml").write_text(VILLAGE + GRADES, encoding="utf-8")
    assert command(tmp_path, "forms", "--blank", "village") == 0
    written = tmp_path / "templates" / "forms" / "village"
    assert {path.stem for path in written.glob("*.xlsx")} >= {"自评表", "测评表", "评定表", "党组织名册", "情形申报"}
    assert titles((written / "自评表.xlsx").read_bytes())[0] == "和美乡村评星　自评表"
    texts = texts_of((written / "自评表.xlsx").read_bytes())
    assert "村委会主任（签字）：　（有印章的加盖印章）" in texts
    assert not [text for text in texts if "支部" in text or "分类定级" in text]
    filled = written / "自评表.xlsx"
    book = openpyxl.load_workbook(filled)
    book.save(filled)
    before = filled.read_bytes()
    capsys.readouterr()
    assert command(tmp_path, "forms", "--blank", "village") == 0
    assert "1 个文件与新的不同，可能有人填写过，保留原样：自评表.xlsx" in capsys.readouterr().out
    assert filled.read_bytes() == before


def test_the_five_keep_what_their_papers_are_called() -> None:
    assert scheme("five-good").work_name == "党支部分类定级"
    assert scheme("seven-indicators").work_name == "基层党组织分类定级"
    five = ("five-good", "three-party", "seven-indicators", "responsibility")
    assert {scheme(name).signer for name in five} == {"党支部书记"}


def test_papers_and_practice_folders_call_what_is_graded_as_the_standard_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A village is no 党支部: in its name, its ballot, the rater's note and the base of a quota."""
    text = (Path(__file__).parents[1] / "schemes/star-branch.toml").read_text("utf-8")
    text = text.replace('unit = "党支部"', 'unit = "村"').replace('id = "star-branch"', 'id = "villages"')
    written = tmp_path / "villages.toml"
    written.write_text(text, "utf-8")
    made = tmp_path / "村"
    assert command(tmp_path, "demo", str(made), "--scheme", str(written), "--branches", "3") == 0
    names = {path.name.split("_")[1] for path in (made / "input").rglob("*_自评表.xlsx")}
    assert names == {"第一村", "第二村", "第三村"}
    capsys.readouterr()
    assert command(made, "scheme", "show", "villages") == 0
    told = capsys.readouterr().out
    assert "以已定级的村为基数" in told
    assert "已定级的党" not in told
    assert command(made, "run") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "结果已放在 output 文件夹，共3个村，3个已测算"
    summary = openpyxl.load_workbook(made / "output/上报/上报.xlsx")["汇总表"]
    assert [cell.value for cell in summary[2]][:2] == ["单位", "村总数"]
