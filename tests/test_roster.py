"""The roster: finding a branch by code or name and never by a guess, who rates what, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from dingji.intake.rosters import read_roster
from dingji.problems import Problem, describe
from dingji.read.reading import FileReading
from dingji.read.rows import columns_of
from dingji.roster import Directory, Duty, duties, split_names
from dingji.tables import BRANCHES, RATERS, records, table
from tests.drawn import rows
from tests.papers import ROSTER, altered, book_of, cells_with, codes, filled, good, read, shown_at, typed

BRANCH_COLUMNS = {
    "编码": "unit", "名称": "name", "简称": "short_name", "曾用名": "former_names", "上级": "parent",
    "类别": "category", "状态": "state",
}  # fmt: skip
RATER_COLUMNS = {
    "编号": "rater", "评委": "name", "来源": "source", "指标": "items", "范围": "units", "回避": "avoids",
    "状态": "state",
}  # fmt: skip

DRAWN = """
编码   | 名称             | 简称   | 曾用名             | 上级   | 类别 | 状态
ZB01   | 第一党支部       | 一支部 | 内科支部、老一支部 | 临床   | 甲类 | 正常
ZB02   | 第二党支部       | 二支部 | 外科支部           | 临床   | 乙类 |
ZB03   | 机关第一党支部   | 一支部 |                    | 机关   | 乙类 |
001    | 离退休党支部     |        | 外科支部           | 机关   | 丙类 | 撤销
"""


def drawn(text: str, columns: Mapping[str, str], kind: Mapping[str, str]) -> pd.DataFrame:
    return table(kind, [{columns[heading]: cell for heading, cell in row.items()} for row in rows(text)])


def branches(text: str = DRAWN) -> pd.DataFrame:
    return drawn(text, BRANCH_COLUMNS, BRANCHES)


FIND = """
编码     | 名称             | 党组织 | 问题
ZB01     | 第一党支部       | ZB01   |
zb01     |                  | ZB01   |
ＺＢ０１ |                  | ZB01   |
ZB 01    | 第一 党支部      | ZB01   |
001      |                  | 001    |
ZB01     | 内科支部         | ZB01   |
ZB01     | 一支部           | ZB01   |
         | 第一党支部       | ZB01   |
         | 第一党支部　     | ZB01   |
         | 老一支部         | ZB01   |
         | 二支部           | ZB02   |
         | 一支部           |        | E302
         | 外科支部         |        | E302
         | 第三党支部       |        | E301
         | 第一党支         |        | E301
         | 第一党总支部     |        | E301
ZB1      |                  |        | E301
ZB09     | 第一党支部       |        | E301
1        |                  |        | E301
ZB01     | 第二党支部       |        | E303
ZB02     | 第一党支部       |        | E303
ZB01     | 不知名的党支部   |        | E303
"""


@pytest.mark.parametrize("line", rows(FIND), ids=lambda line: f"{line['编码']} {line['名称']}")
def test_finding_a_branch(line: dict[str, str]) -> None:
    unit, problem = Directory.of(branches()).find(line["编码"], line["名称"])
    assert (unit, problem.code if problem else "") == (line["党组织"], line["问题"])


SUGGEST = """
编码 | 名称         | 说
     | 第一党支     | 名册中没有这个党组织；是不是 ZB01 第一党支部
     | 第二党支部？ | 名册中没有这个党组织；是不是 ZB02 第二党支部
     | 第三党支部   | 名册中没有这个党组织；是不是 ZB01 第一党支部 或 ZB02 第二党支部
     | 完全不同     | 名册中没有这个党组织
ZB011 |             | 名册中没有这个党组织；是不是 ZB01
ZB09 |              | 名册中没有这个党组织
XX   |              | 名册中没有这个党组织
ZB9  | 第二党支部   | 名册中没有这个党组织；是不是 ZB02 第二党支部
"""


@pytest.mark.parametrize("line", rows(SUGGEST), ids=lambda line: f"{line['编码']} {line['名称']}")
def test_a_near_miss_is_suggested_and_never_taken(line: dict[str, str]) -> None:
    unit, problem = Directory.of(branches()).find(line["编码"], line["名称"])
    assert unit == ""
    assert problem is not None
    assert describe(problem).words == line["说"]


def test_an_ambiguous_name_names_the_candidates() -> None:
    _, problem = Directory.of(branches()).find("", "一支部")
    assert problem is not None
    assert "（ZB01 第一党支部、ZB03 机关第一党支部）" in describe(problem).words


def test_a_branch_of_no_part_is_known_and_not_active() -> None:
    directory = Directory.of(branches())
    assert directory.find("001", "")[0] == "001"
    assert directory.active == {"ZB01", "ZB02", "ZB03"}


@pytest.mark.parametrize(
    ("text", "names"),
    [("甲、乙", ["甲", "乙"]), ("甲，乙；丙,丁;戊\n己", list("甲乙丙丁戊己")), (" 、 ", []), ("", []), ("甲", ["甲"])],
)
def test_names_in_one_cell(text: str, names: list[str]) -> None:
    assert split_names(text) == names


# --- who rates what ---------------------------------------------------------------------------------------

DUTIES = """
编号 | 评委 | 来源               | 指标               | 范围               | 回避       | 状态 | 评
P1   | 甲   |                    |                    |                    |            |      | ZB01 ZB02 ZB03
P2   | 乙   | 党委评定           |                    |                    | ZB02       |      | ZB01 ZB03
P3   | 丙   | 党委评定、部门评定 |                    | 临床               |            |      | ZB01 ZB02
P4   | 丁   |                    |                    | 乙 类              | 第三党支部 |      | ZB02 ZB03
P5   | 戊   |                    |                    | zb01、第二党支部   |            |      | ZB01 ZB02
P6   | 己   |                    |                    | 临床               | 老一支部   |      | ZB02
P7   | 庚   | 部门评定           |                    |                    |            |      |
P8   | 辛   |                    | 领导班子好         |                    |            | 停用 | ZB01 ZB02 ZB03
"""


def duty_of(number: str) -> Duty:
    line = next(row for row in rows(DUTIES) if row["编号"] == number)
    people = table(RATERS, [{RATER_COLUMNS[key]: cell for key, cell in line.items() if key in RATER_COLUMNS}])
    return duties(people, branches())[0][number]


@pytest.mark.parametrize("line", rows(DUTIES), ids=lambda line: line["编号"])
def test_whom_a_rater_marks(line: dict[str, str]) -> None:
    duty = duty_of(line["编号"])
    asked = [unit for unit in ("ZB01", "ZB02", "ZB03") if duty.marks(unit, "党委评定", "领导班子好")]
    assert " ".join(asked) == line["评"]


def test_what_a_rater_marks() -> None:
    duty = duty_of("P8")
    assert duty.marks("ZB01", "党委评定", "领导班子好")
    assert not duty.marks("ZB01", "党委评定", "党员队伍好")
    assert duty.marks("ZB01", "党委评定", "")
    assert not duty.active


@pytest.mark.parametrize("spelt", ["领导 班子好", "领导班子好；党员队伍好"])
def test_indicators_of_a_rater_are_compared_as_texts_are(spelt: str) -> None:
    people = table(RATERS, [{"rater": "P1", "items": spelt}])
    assert duties(people, branches())[0]["P1"].marks("ZB01", "党委评定", "领导班子好")


@pytest.mark.parametrize("word", ["内科", "一支部", "ZB99", "外科支部"])
def test_a_scope_that_nobody_or_more_than_one_has_is_no_guess(word: str) -> None:
    """Which of two branches of a name is barred, no set's order may decide."""
    people = table(RATERS, [{"rater": "P1", "units": f"ZB01、{word}", "avoids": word}])
    found, problems = duties(people, branches())
    assert found["P1"].units == {"ZB01"}
    assert found["P1"].avoids == frozenset()
    assert codes(problems) == ["E309", "E309"]
    assert all(f"“{word}”" in describe(problem).words for problem in problems)


# --- the roster's own workbook ----------------------------------------------------------------------------


def roster(*lines: Iterable[Any], raters: Iterable[Mapping[str, Any]] = ()) -> FileReading:
    """Return a roster of branches drawn by code and name."""
    named = [{"排序号": order, "党组织编码": code, "党组织名称": name} for order, code, name in lines]
    return read(filled("roster", named, 评委=raters), ROSTER)


def shown(problems: Iterable[Problem]) -> list[tuple[str, str, str]]:
    """Return problems in short: code, column and words."""
    return [(problem.code, problem.cell.rstrip("0123456789"), describe(problem).words) for problem in problems]


def test_branches_come_in_the_order_of_their_number() -> None:
    found, _, problems = read_roster([roster((3, "C", "丙"), ("", "D", "丁"), (1, "A", "甲"), (2, "B", "乙"))])
    assert list(found["unit"]) == ["A", "B", "C", "D"]
    assert problems == []


def test_the_case_as_it_is_read() -> None:
    found, raters, problems = read_roster([read(good()[ROSTER], ROSTER)])
    first = records(found)[0]
    assert problems == []
    assert (first["unit"], first["name"], first["full_members"], first["members"]) == ("ZB01", "一支部", 14, 15)
    assert list(raters["rater"]) == ["PW1", "PW2", "PW3"]


def test_codes_keep_their_zeros() -> None:
    found, _, _ = read_roster([roster((1, "001", "甲"), (2, "01", "乙"))])
    assert list(found["unit"]) == ["001", "01"]


FAULTS = [
    ([(1, "A", "甲"), (2, "A", "乙")], [("E309", "B", "党组织编码 A 出现两次")]),
    ([(1, "A", "甲"), (2, "ａ", "乙")], [("E309", "B", "党组织编码 ａ 出现两次")]),
    ([(1, "A", "甲"), (2, "", "乙")], [("E309", "B", "这一行没有党组织编码")]),
    ([(1, "A", "甲"), ("", "", "乙")], [("E309", "B", "这一行没有党组织编码")]),
    ([(1, "A", "甲"), (2, "B", "")], [("E309", "C", "这一行没有党组织名称")]),
    ([(1, "A", "甲"), (2, "", "")], []),
    ([(1, "A", "甲"), ("", "", ""), (2, "B", "乙")], []),
]


@pytest.mark.parametrize(("lines", "expected"), FAULTS)
def test_faults_of_branches(lines: list[tuple[object, ...]], expected: list[tuple[str, str, str]]) -> None:
    _, _, problems = read_roster([roster(*lines)])
    assert shown(problems) == expected


RATER_FAULTS = [
    ([{"评委编号": "P1", "评委": "甲"}, {"评委编号": "p1", "评委": "乙"}], "A", "评委编号 p1 出现两次"),
    ([{"评委": "甲"}], "A", "这一行没有评委编号"),
    ([{"评委编号": "P1", "评定范围": "B"}], "F", "评定范围中的“B”在名册中没有，或者不止一个"),
    ([{"评委编号": "P1", "回避党组织": "A、丙"}], "G", "回避党组织中的“丙”在名册中没有，或者不止一个"),
]


@pytest.mark.parametrize(("raters", "column", "what"), RATER_FAULTS)
def test_faults_of_raters_stand_at_their_cell(raters: list[dict[str, str]], column: str, what: str) -> None:
    """A barred branch that nobody finds would be marked by the very rater who must not."""
    _, _, problems = read_roster([roster((1, "A", "甲"), raters=raters)])
    assert shown(problems) == [("E309", column, what)]
    assert problems[0].sheet == "评委"


def test_notes_and_totals_below_the_roster_do_no_harm() -> None:
    def below(book: Workbook) -> None:
        page = book["名册"]
        page["A14"], page["C14"] = "合 计", 5
        page["A15"] = "注：以上数据截至年底。"
        page["B16"] = "填表人：某某"

    raw = altered(good()[ROSTER], below)
    assert shown_at(raw, "名册", "A14") == "合 计"
    found, _, problems = read_roster([read(raw, ROSTER)])
    assert list(found["unit"]) == ["ZB01", "ZB02", "ZB03", "ZB04", "ZB05"]
    assert [(one.code, one.cell) for one in problems] == [("W233", "C14")], "told, for nobody can know whose 5 it is"


def test_no_roster_one_that_could_not_be_read_and_two_that_differ() -> None:
    one, other = roster((1, "A", "甲")), roster((1, "A", "乙"))
    copy = read(good()[ROSTER], "再来一份.xlsx")
    none = read_roster([])[2]
    assert codes(none) == ["E309"]
    assert describe(none[0]).words.startswith("input 中没有党组织名册")
    what = read_roster([one, FileReading("另.xlsx", "", "roster", columns=columns_of([]), roster=other.roster)])[2]
    assert shown(what) == [("E309", "", f"有 2 份内容不同的名册（{ROSTER}、另.xlsx），只能有一份")]
    found, _, problems = read_roster([read(good()[ROSTER], ROSTER), copy])
    assert (len(found), codes(problems)) == (5, ["N304"])


def test_a_roster_that_lacks_a_column_says_so() -> None:
    raw = book_of(["某院党组织名册"], ["党组织名称", "曾用名"], ["一支部", ""], sheet="名册")
    assert codes(read_roster([read(raw)])[2])[-1] == "E309"
    broken = altered(good()[ROSTER], lambda book: setattr(cells_with(book["名册"], "党组织名称")[0], "value", "别"))
    words = describe(read_roster([read(broken, ROSTER)])[2][-1]).words
    assert words.startswith("名册没有读成：E117")
    assert "名册：党组织名称" in words


def test_a_state_that_is_none_is_told_at_its_cell() -> None:
    raw = altered(good()[ROSTER], typed("名册", "ZB05", "状态", "已撤销"))
    _, _, problems = read_roster([read(raw, ROSTER)])
    assert codes(problems) == ["E318"]
    assert problems[0].unit == "ZB05"
    assert shown_at(raw, problems[0].sheet, problems[0].cell) == problems[0].found == "已撤销"
