"""Two years of one hospital by commands alone: spring, half-year, year-end, spring again; every workbook typed into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dingji.forms.filling import Cells, Filling
from tests.case_books import Run
from tests.five_good_case import (
    BRANCHES,
    INDICATORS,
    MEETING,
    RATERS,
    Branch,
    book_filling,
    claims_filling,
    roster_filling,
    situations_filling,
    survey_filling,
)
from tests.paper_reading import word_rows
from tests.test_known_beforehand import hinted
from tests.two_years import Office, open_round
from tests.workspaces import scheme

FIRST, SECOND, THIRD, FOURTH, FIFTH = BRANCHES
SPRING = [
    ("ZB01", 95.87, "好"),
    ("ZB02", 90, "较好"),
    ("ZB03", 78.57, "后进"),
    ("ZB04", 73.3, "一般"),
    ("ZB05", 92.9, "好"),
]
"""The worked case; of 二支部, computed 好, the committee thought otherwise."""
WHY = "测评以后有反映，待查"


# --- 2026, spring -------------------------------------------------------------------------------------------------


def spring_2026(folder: Path) -> Office:
    """Open the first round and hand out its forms; all come back but one."""
    office = open_round(folder, "--scheme", "five-good", "--round", "2026 年初")
    office.set('name = ""', 'name = "示范医院党委"')
    office.set('previous = "无"', 'previous = "无"\nbegins = "2026-01-01"\nends = "2026-03-31"')
    assert office.do("forms", "--blank") == 0
    office.hand_in(folder / "templates/forms/five-good/党组织名册.xlsx", roster_filling())
    assert office.do("forms") == 0
    for branch in BRANCHES:
        office.hand_in(office.given(branch, "测评表"), survey_filling(branch))
        if branch != THIRD:
            office.hand_in(office.given(branch, "自评表"), claims_filling(branch))
    for rater in RATERS:
        office.hand_in(office.given(rater, "评定表"), book_filling(rater, mended=True))
    office.hand_in(folder / "发放/办公室/情形申报.xlsx", situations_filling(scheme()))
    return office


# --- 2026, from half-year to year-end -----------------------------------------------------------------------------

LEDGER: Mapping[Branch, Sequence[Cells]] = {
    THIRD: [
        {"编号": "ZB03-2026年初-0475", "措施": "每季度座谈", "责任人": "书记三", "时限": date(2026, 5, 31)},
        {"编号": "ZB03-2026年初-1236", "措施": "逐人谈心", "责任人": "书记三", "时限": "2027-06"},
    ],
    FOURTH: [
        {"编号": "ZB04-2026年初-3199", "措施": "补齐制度", "责任人": "书记四", "时限": "2026-06", "销号": "是"},
        {"党组织编码": "ZB04", "问题": "党费收缴没有公示", "措施": "按月公示", "责任人": "书记四", "时限": "2027-03"},
    ],
}
"""What two branches typed into the books that they were given; one line is overdue, one closed without proof."""
RECORDS: Sequence[Cells] = [
    {**THIRD.identity, "日期": date(2026, 5, 8), "规则": "党员集中学习", "数量": 6, "审核意见": "同意"},
    {**FOURTH.identity, "日期": date(2026, 6, 12), "规则": "未编制党员信息表", "选项": "是", "审核意见": "同意"},
]
SETTINGS = """
[publish]
month = "2026-06"

[[samples]]
name = "半年抽查"
count = 2
seed = 20260701
"""


def half_year(spring: Office, folder: Path) -> Office:
    """Open the year's end from the spring; the ledger's books come back, and June is checked."""
    office = open_round(folder, "--from", str(spring.folder))
    assert office.inputs() == ["上期结果/2026 年初_分类定级结果.xlsx", "党组织名册.xlsx", "整改台账.xlsx"]
    office.set('name = "年终"', 'name = "年终"\nbegins = "2026-04-01"\nends = "2026-12-31"')
    office.set("", SETTINGS)
    for branch, lines in LEDGER.items():
        book = spring.folder / f"output/反馈/整改台账_{branch.code}_{branch.name}.xlsx"
        office.hand_in(book, Filling(rows={"整改台账": lines}))
    assert office.do("forms") == 0
    office.hand_in(folder / "发放/办公室/平时记录.xlsx", Filling(rows={"平时记录": RECORDS}))
    return office


RENAMED, SIXTH = replace(FIRST, name="急诊支部"), replace(SECOND, code="ZB06", name="六支部")
YEAR_END = {
    RENAMED: ("8 16 16 25", (10, 0, 0)),
    SECOND: ("9 18 18 27", (20, 0, 0)),
    THIRD: ("8 17 16 25", (20, 0, 0)),
    FOURTH: ("8 14 12 22", (20, 0, 0)),
    SIXTH: ("8 17 16 25", (20, 0, 0)),
}
"""By branch: what ballots, peers and raters all give it, and its votes."""
WINTER = [
    ("ZB01", 87.6, "较好"), ("ZB02", 92, "好"), ("ZB03", 86.8, "较好"), ("ZB04", 78.4, "一般"), ("ZB06", 87.2, "较好"),
]  # fmt: skip
"""A fifth of the claim and four of the rest: of 一支部 98, and 65 + 20; a record takes 1 of 四支部's 党委评定."""
RATES = [
    ("好", 1, "—", 0, 1, 0, "—"), ("较好", 1, 1, 0, 0, 0, 1), ("一般", 1, 0, 1, 0, 0, 0), ("后进", 1, 1, 0, 0, 0, 1),
]  # fmt: skip
"""By the grade of spring: how many, risen, kept, fallen, 未定级, and the rate; 五支部 is in none, it is no more."""
LEFT = 36
"""Lines open at the year's end: 18 of the spring, 17 of the year's end, and the one that was found in between."""
WITHHELD = "ZB02"
"""Two raters mark it, too few to tell it what it lost: its lines are the office's alone, and end with the round."""
CHANGED: Sequence[Cells] = [
    {"党组织编码": "ZB01", "党组织名称": "急诊支部", "曾用名": "一支部"},
    {"党组织编码": "ZB05", "状态": "合并", "并入编码": "ZB04", "承继": "不承继"},
    {**SIXTH.identity, "排序号": 6, "上级党组织": "示范医院党委", "层级": "党支部", "类别": "医技", "正式党员": 24},
]


def marked(branches: Sequence[Branch]) -> Filling:
    typed = {branch: zip(INDICATORS, map(float, YEAR_END[branch][0].split()), strict=True) for branch in branches}
    rows: list[Cells] = [{**branch.identity, **dict(marks)} for branch, marks in typed.items()]
    return Filling(head={"填报日期": date(2026, 12, 10)}, rows={"评定表": rows})


def year_end(office: Office) -> None:
    """Write what became of the branches onto the roster; hand out and take in all forms of the year's end."""
    office.hand_in(office.folder / "input/党组织名册.xlsx", Filling(rows={"名册": CHANGED}))
    assert office.do("forms") == 0
    take_in(office, "互评表")


def take_in(office: Office, *peers: str) -> None:
    """Take in all forms; the third rater's without the branch that he is barred from."""
    for branch, (marks, votes) in YEAR_END.items():
        own = replace(branch, means=tuple(marks.split()), votes=votes)
        office.hand_in(office.given(branch, "自评表"), claims_filling(branch))
        office.hand_in(office.given(branch, "测评表"), survey_filling(own))
        for form in peers:
            office.hand_in(office.given(branch, form), marked([other for other in YEAR_END if other != branch]))
    for rater in RATERS:
        barred = SECOND if rater == RATERS[2] else None
        office.hand_in(office.given(rater, "评定表"), marked([branch for branch in YEAR_END if branch != barred]))
    office.hand_in(office.folder / "发放/办公室/情形申报.xlsx", situations_filling(scheme(), tuple(YEAR_END)))


# --- 2027, spring -------------------------------------------------------------------------------------------------

ASKED_SINCE = """
[[situations]]
name = "连续两年一般"
when = "等次 = '一般' and 上年等次 = '一般'"
flag = "两年没有晋位"
"""
WEIGHTS = """
[choices.five-good]
"sources.自评.weight" = { "年初" = 20, "年终" = 20 }
"sources.党委评定.weight" = { "年初" = 50, "年终" = 40 }
"""


def spring_2027(before: Office, folder: Path) -> Office:
    """Open the second year: the standard asks one thing more, and 党委评定 weighs more."""
    office = open_round(folder, "--from", str(before.folder))
    office.set('name = "年初"', 'name = "年初"\nbegins = "2027-01-01"\nends = "2027-03-31"')
    office.set("", WEIGHTS)
    standard = folder / "schemes/five-good.toml"
    text = standard.read_text("utf-8")
    standard.write_text(text.replace("# ---- 年终差额推荐", f"{ASKED_SINCE}\n# ---- 年终差额推荐", 1), "utf-8")
    assert office.do("forms") == 0
    return office


def kept(office: Office, later: Office) -> None:
    """Find what was decided and what is open still in the second spring, whatever was renamed, merged and changed."""
    lines = office.ledger().items()
    left = {number for number, row in lines if row["销号"] != "是" and row["党组织编码"] != WITHHELD}
    assert len(left) == LEFT
    assert left <= set(later.ledger())
    frozen = Office(later.folder / "archive/2026年初")
    assert frozen.graded() == SPRING
    assert any(WHY in row for row in frozen.lines("加分与直接定级"))


def test_two_years(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def said() -> str:
        return capsys.readouterr().out

    # Spring: one form is late and named; the committee overrules one grade and says why; the round is frozen.
    spring = spring_2026(tmp_path / "2026年初")
    assert spring.do("check", "--today", "2026-03-15") == 1
    assert "示范医院党委 未报：三支部（自评表）" in said()
    spring.hand_in(spring.given(THIRD, "自评表"), claims_filling(THIRD))
    assert spring.do("run") == 0
    spring.decide({"ZB02": ("较好", WHY)}, 会议名称=MEETING, 会议日期=date(2026, 3, 20))
    assert spring.do("archive", "2026年初") == 0
    assert spring.graded() == SPRING

    # Half-year: one line of the ledger is overdue, one closed without proof; two branches are drawn to be looked at.
    office = half_year(spring, tmp_path / "2026年终")
    said()
    assert office.do("check", "--today", "2026-07-01") == 1
    amiss = [line for line in said().splitlines() if line.startswith(("W633", "W635"))]
    assert [line.split("，")[1].split()[0] for line in amiss] == ["ZB03-2026年初-0475", "ZB04-2026年初-3199"]
    assert office.do("sample") == 0
    assert "种子 20260701，抽2个，总体5个，抽到2个。" in said()

    # Year-end: what became of five branches, from what to what.
    year_end(office)
    assert office.do("run") == 0
    office.decide(会议名称=MEETING, 会议日期=date(2026, 12, 20))
    assert office.do("archive", "2026年终") == 0
    assert office.graded() == WINTER
    assert [row["晋位情况"] for row in office.overview.values()] == ["退位", "晋位", "晋位", "保持", "—"]
    compared = office.lines("晋位对比")
    assert compared[compared.index(("晋位率、转化率",)) + 2 :][:4] == RATES
    notes = " ".join(str(row[0]) for row in compared if row)
    assert "晋位率0÷1＝0.00%；目标不低于95%，未达到" in notes
    assert "转化率1÷1＝100.00%；目标不低于100%，已达到" in notes
    notice = (office.folder / "output/内部/平时记录通报.docx").read_bytes()
    assert [row[1:4] for row in word_rows(notice)[1:]] == [["6月12日", "四支部", "未编制党员信息表"]]
    ledger = office.ledger()
    assert (ledger["ZB03-2026年初-0475"]["措施"], ledger["ZB04-2026年初-3199"]["销号"]) == ("每季度座谈", "是")
    assert {row["党组织名称"] for number, row in ledger.items() if number.startswith("ZB01-2026年初")} == {"急诊支部"}
    assert {row["党组织编码"] for number, row in ledger.items() if number.startswith("ZB05-2026年初")} == {"ZB04"}

    # Spring again: last spring stands in grey; two springs in the same grade are flagged.
    later = spring_2027(office, tmp_path / "2027年初")
    assert hinted(later.given(RENAMED, "自评表"))["自评表"]["群众反映好"] == "2026 年初：20"
    take_in(later)
    assert later.do("run") == 0
    assert [(code, row["综合得分"], row["备注"] or "") for code, row in later.overview.items()] == [
        ("ZB01", 87.6, ""), ("ZB02", 92, ""), ("ZB03", 86.8, ""),
        ("ZB04", 78.8, "两年没有晋位（名册未填书记任职时间）"), ("ZB06", 87.2, ""),
    ]  # fmt: skip
    moved = Run(later.folder, 0).sheet("晋位对比")
    assert [(moved[unit]["上年等次"], moved[unit]["上期等次"]) for unit in ("ZB01", "ZB02", "ZB04", "ZB06")] == [
        ("好", "较好"), ("较好", "好"), ("一般", "一般"), ("—", "较好"),
    ]  # fmt: skip
    said()
    assert later.do("scheme", "show", "five-good") == 0
    assert "现在按：自评：占 年初 20%、年终 20%" in said()

    kept(office, later)
    said()
    assert later.do("verify") == 0
    assert said().splitlines() == ["定稿“2026年初”：一致", "定稿“2026年终”：一致"]
    assert spring.do("run") == 0
    assert "与定稿“2026年初”一致" in said()
    assert spring.graded() == SPRING
