"""Handing out: who gets which workbook, under which name, with what already printed in it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dingji.forms.blanks import blank_forms
from dingji.forms.handout import handouts, in_scope
from dingji.forms.stamp import read_stamp
from dingji.naming import safe_name, unique
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.tables import BRANCHES, RATERS, table

BRANCH_ROWS = [
    {"unit": "001", "name": "一支部", "parent": "机关总支", "category": "行政"},
    {"unit": "002", "name": "A/B:支部", "parent": "后勤总支", "category": "后勤", "state": "正常"},
    {"unit": "003", "name": "三支部", "parent": "", "category": "后勤"},
    {"unit": "004", "name": "四支部", "state": "撤销"},
    {"unit": "005", "name": "五支部", "state": "不参加"},
]
RATER_ROWS = [
    {"rater": "P1", "name": "评委甲"},
    {
        "rater": "P2",
        "name": "评委乙",
        "source": "党委评定",
        "units": "机关总支、003",
        "items": "领导班子好，工作业绩好",
    },
    {"rater": "P3", "name": "评委丙", "source": "别的来源"},
    {"rater": "P4", "name": "评委丁", "state": "停用"},
    {"rater": "P5", "name": "评委戊", "units": "行政", "avoids": "一支部"},
]


def five_good(document: bytes | None = None) -> Scheme:
    scheme, findings = load_scheme(document or Path("schemes/five-good.toml").read_bytes())
    assert scheme is not None, findings
    return scheme


def handed_out(round_label: str, by: str = "") -> dict[str, bytes]:
    branches, raters = table(BRANCHES, BRANCH_ROWS), table(RATERS, RATER_ROWS)
    listed = list(handouts(five_good(), round_label, branches, raters, by))
    assert len({path for path, _ in listed}) == len(listed)
    return dict(listed)


def column(raw: bytes, heading: str) -> list[object]:
    """Return what stands below a heading of the first sheet."""
    cells = list(openpyxl.load_workbook(BytesIO(raw)).worksheets[0].iter_rows(values_only=True))
    top = max(number for number, row in enumerate(cells) if heading in row)
    index = cells[top].index(heading)
    return [row[index] for row in cells[top + 1 :] if row[index] is not None]


def test_each_branch_rater_and_the_office_get_their_forms() -> None:
    branches = ("001_一支部", "002_A＿B＿支部", "003_三支部")
    titles = ("自评表", "情形申报", "测评表", "测评票（打印）")
    assert set(handed_out("2026 年初")) == {
        *(f"{branch}/{branch}_{title}.xlsx" for branch in branches for title in titles),
        "评委/P1_评委甲/P1_评委甲_评定表.xlsx",
        "评委/P2_评委乙/P2_评委乙_评定表.xlsx",
        *(f"办公室/{title}.xlsx" for title in ("平时记录", "情形申报", "更正表", "收件登记", "整改台账", "汇总录入")),
    }


def test_peer_forms_list_the_other_branches_in_the_round_that_has_them() -> None:
    files = handed_out("2026 年终")
    assert column(files["001_一支部/001_一支部_互评表.xlsx"], "党组织名称") == ["A/B:支部", "三支部"]
    assert not any("互评表" in path for path in handed_out("2026 年初"))


def test_heads_and_stamps_name_whose_form_it_is() -> None:
    raw = handed_out("2026 年初")["002_A＿B＿支部/002_A＿B＿支部_自评表.xlsx"]
    sheet = openpyxl.load_workbook(BytesIO(raw)).worksheets[0]
    stamp = read_stamp(str(sheet["A1"].value))
    assert stamp is not None
    assert (stamp.who, stamp.round, stamp.source) == ("002", "2026 年初", "自评")
    texts = [cell.value for row in sheet["A3:G6"] for cell in row if cell.value]
    assert texts[texts.index("党组织名称") + 1] == "A/B:支部"
    assert texts[texts.index("党组织编码") + 1] == "002"


def test_a_rater_gets_the_branches_in_scope_and_only_own_indicators_open() -> None:
    files = handed_out("2026 年初")
    assert column(files["评委/P1_评委甲/P1_评委甲_评定表.xlsx"], "党组织编码") == ["001", "002", "003"]
    raw = files["评委/P2_评委乙/P2_评委乙_评定表.xlsx"]
    assert column(raw, "党组织编码") == ["001", "003"]
    sheet = openpyxl.load_workbook(BytesIO(raw)).worksheets[0]
    locked = [cell.protection.locked for cell in sheet[sheet.max_row]]
    assert locked == [True, True, False, True, True, False, True, False]


def test_situations_are_listed_for_every_branch() -> None:
    raw = handed_out("2026 年初")["办公室/情形申报.xlsx"]
    assert column(raw, "党组织编码") == ["001"] * 3 + ["002"] * 3 + ["003"] * 3
    assert column(raw, "情形")[1:3] == ["支部班子不团结", "一年以上没有开展活动"]
    assert column(raw, "是否存在") == []


def test_each_branch_gets_the_situations_to_declare_of_its_own() -> None:
    raw = handed_out("2026 年初")["001_一支部/001_一支部_情形申报.xlsx"]
    assert column(raw, "党组织编码") == ["001"] * 3
    assert column(raw, "情形")[1:] == ["支部班子不团结", "一年以上没有开展活动"]
    assert column(raw, "是否存在") == column(raw, "办公室确认") == []


def test_a_standard_without_declared_situations_hands_none_out() -> None:
    computed = five_good().model_copy(update={"situations": [one for one in five_good().situations if one.when]})
    branches = table(BRANCHES, [{"unit": "1", "name": "甲"}])
    assert not any("情形申报" in path for path, _ in handouts(computed, "2026 年初", branches, table(RATERS, [])))


def test_one_book_for_all_has_the_situations_too() -> None:
    book = openpyxl.load_workbook(BytesIO(handed_out("2026 年初")["办公室/汇总录入.xlsx"]))
    told = [cell.value for line in book["情形申报"].iter_rows() for cell in line]
    assert told.count("支部班子不团结") == 3


def test_folders_by_parent_never_meet_the_office_folder() -> None:
    files = handed_out("2026 年初", by="上级党组织")
    folders = {path.split("/")[0] for path in files}
    assert folders == {"机关总支", "后勤总支", "未填", "评委", "办公室"}
    branches = table(BRANCHES, [{"unit": "1", "name": "甲", "parent": "办公室"}])
    raters = table(RATERS, [])
    paths = [path for path, _ in handouts(five_good(), "2026 年初", branches, raters, "上级党组织")]
    assert paths[0] == "办公室(2)/1_甲/1_甲_自评表.xlsx"


def test_a_survey_has_rows_for_the_members_and_for_others() -> None:
    branches = table(BRANCHES, [{"unit": "1", "name": "甲", "members": 80}, {"unit": "2", "name": "乙", "members": 9}])
    files = dict(handouts(five_good(), "2026 年初", branches, table(RATERS, [])))
    drawn = []
    for name in ("1_甲", "2_乙"):
        sheet = openpyxl.load_workbook(BytesIO(files[f"{name}/{name}_测评表.xlsx"]))["测评票"]
        first = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 1).value == "票号") + 1
        below = [sheet.cell(row, 1) for row in range(first, sheet.max_row + 1)]
        drawn.append(sum(cell.border.left.style is not None for cell in below))
        assert sum(not cell.protection.locked for cell in below) == 200
    assert drawn == [90, 60]


@pytest.mark.parametrize(
    ("units", "avoids", "expected"),
    [
        ("", "", True),
        ("001", "", True),
        ("一 支部", "", True),
        ("机关总支；002", "", True),
        ("行政", "", True),
        ("002、003", "", False),
        ("", "001", False),
        ("001", "一支部", False),
    ],
)
def test_scope(units: str, avoids: str, expected: bool) -> None:  # noqa: FBT001 - the table's last column
    rater = table(RATERS, [{"units": units, "avoids": avoids}]).to_dict("records")[0]
    branch = table(BRANCHES, BRANCH_ROWS).to_dict("records")[0]
    assert in_scope(rater, branch) is expected


def test_sources_that_share_a_form_are_told_apart_by_name() -> None:
    text = Path("schemes/five-good.toml").read_text("utf-8")
    more = '[[sources]]\nname = "考核/组"\nform = "committee"\nweight = 0\n\n'
    scheme = five_good(text.replace("[[indicators]]", f"{more}[[indicators]]", 1).encode())
    names = [name for name, _ in blank_forms(scheme, ["年初"])]
    assert {"评定表_党委评定.xlsx", "评定表_考核＿组.xlsx", "自评表.xlsx"} <= set(names)
    raters = table(RATERS, [{"rater": "P1", "name": "甲", "source": "考核/组"}])
    paths = [path for path, _ in handouts(scheme, "2026 年初", _one_branch(), raters)]
    assert [path for path in paths if path.startswith("评委/")] == ["评委/P1_甲/P1_甲_评定表_考核＿组.xlsx"]


def _one_branch() -> pd.DataFrame:
    return table(BRANCHES, BRANCH_ROWS[:1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('001_A\\/:*?"<>|B', "001_A＿＿＿＿＿＿＿＿＿B"),
        ("一\n支\u202e部", "一＿支＿部"),
        ("名称. ", "名称"),
        ("..", "＿"),
        ("", "＿"),
        ("con", "＿con"),
        ("NUL.xlsx", "＿NUL.xlsx"),
    ],
)
def test_safe_names(text: str, expected: str) -> None:
    assert safe_name(text) == expected


def test_names_are_short_and_never_cut_through_a_character() -> None:
    assert len(safe_name("党" * 50).encode()) == 78
    assert safe_name("a" * 79 + "党") == "a" * 79


def test_unique_names() -> None:
    assert unique(["甲", "甲", "A", "a", "甲(2)"]) == ["甲", "甲(2)", "A", "a(2)", "甲(2)(2)"]
    long = unique(["党" * 26] * 2)
    assert long[1].endswith("(2)")
    assert all(len(name.encode()) <= 80 for name in long)
