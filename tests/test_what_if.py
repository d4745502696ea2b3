"""预演: what would be another, told before anything is written: check against the last run, assumptions in a book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from dingji.read.open import open_workbook
from dingji.reports.preview import differences, told_of
from dingji.supposing.assumed import Assumed, supposed, unfit
from dingji.supposing.book import read_filled, write_blank
from dingji.tables import records
from tests.drawn import marks, tally
from tests.outcome_example import example
from tests.small_standard import BOTH, standard
from tests.test_lifts import basis_of, grades_of
from tests.workspaces import PROGRAM, command

MARKED = marks("支部 | 班子 | 评委\n甲 | 92 | 一\n甲 | 76 | 二\n乙 | 82 | 一", "评定")
VOTES = tally("支部 | 项目 | 好 | 差\n甲 | 总评 | 9 | 1\n乙 | 总评 | 8 | 2", "测评")


def test_assumptions_are_scored_as_if_they_had_been_typed() -> None:
    basis = basis_of(BOTH, MARKED, VOTES)
    assert grades_of(basis) == {"甲": "较好", "乙": "较好"}  # 84 and 90; 82 and 80
    without = supposed(basis, Assumed({}, ["二"]))
    assert grades_of(without) == {"甲": "好", "乙": "较好"}
    from_decimal = {"评定": "40", "测评": "60"}
    weights = supposed(basis, Assumed({name: Decimal(one) for name, one in from_decimal.items()}))
    assert [str(row["composite"]) for row in records(weights.scored().results)] == ["438/5", "404/5"]
    more = supposed(basis, Assumed({}, (), [("乙", "测评", "差", 10)]))
    typed = basis_of(BOTH, MARKED, tally("支部 | 项目 | 好 | 差\n甲 | 总评 | 9 | 1\n乙 | 总评 | 8 | 12", "测评"))
    assert [row["composite"] for row in records(more.scored().results)] == [
        row["composite"] for row in records(typed.scored().results)
    ]


def test_what_cannot_be_supposed_is_said() -> None:
    basis = basis_of(BOTH, MARKED, VOTES)
    assert list(unfit(basis, Assumed({"评定": Decimal(60)}, ["九"], [("丙", "测评", "好", 1)]))) == [
        "各方占比合计是 110，原来是 100；一方多了，别的要相应减少",
        "没有评委“九”的评分",
        "丙 没有“测评”的测评票，不能增加“好”票",
    ]


def filled(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return a blank 预演表 of the small standard with some rows filled in, by what stands in them."""
    book = load_workbook(BytesIO(write_blank([standard(BOTH)], "")))
    sheet = book.worksheets[0]
    heads = [str(cell.value) for cell in sheet[3]]
    for row in rows:
        fits = (
            line
            for line in sheet.iter_rows(min_row=4)
            if (line[0].value, line[1].value or "") in ((row["假设"], row.get("来源")), (row["假设"], ""))
            and not line[2].value
        )
        line = next(fits)
        for name, text in row.items():
            line[heads.index(name)].value = text
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_book_is_read_with_its_mistakes() -> None:
    rows = [
        {"假设": "占比", "来源": "评定", "改为或增加": "40"},
        {"假设": "占比", "来源": "测评", "改为或增加": "60%"},
        {"假设": "不计评委", "党组织或评委": "二"},
        {"假设": "增加选票", "来源": "测评", "党组织或评委": "甲", "选项": "好", "改为或增加": "10"},
    ]
    grids, _ = open_workbook(filled(rows))
    read = read_filled(grids, [standard(BOTH)], lambda text: text if text == "甲" else "")
    assert read.faults == []
    assert read.words == ["评定占40%", "测评占60%", "不计评委二", "甲的测评增加10张“好”票"]
    wrong = [
        {"假设": "增加选票", "来源": "测评", "党组织或评委": "丙", "选项": "好", "改为或增加": "10"},
        {"假设": "增加选票", "来源": "测评", "党组织或评委": "甲", "选项": "满意", "改为或增加": "10"},
        {"假设": "增加选票", "来源": "互评", "党组织或评委": "甲", "选项": "好", "改为或增加": "10"},
        {"假设": "占比", "来源": "评定", "改为或增加": "一半"},
    ]
    grids, _ = open_workbook(filled(wrong))
    read = read_filled(grids, [standard(BOTH)], lambda text: text if text == "甲" else "")
    assert sorted(fault.partition("：")[2] for fault in read.faults) == [
        "“测评”没有选项“满意”",
        "占比要写 0 至 100 的数",
        "名册上没有“丙”",
        "没有来源“互评”",
    ]
    grids, _ = open_workbook(filled([]))
    assert read_filled(grids, [standard(BOTH)], str).faults == ["预演表里没有写任何假设"]


def test_differences_tell_why() -> None:
    figures = {"综合得分": "88.0000", "评定": "85.0000"}
    was: dict[str, Any] = {
        "名称": "一支部",
        "等次": "较好",
        "综合得分": "88.00",
        "得分": figures,
        "原因": "",
        "情形": [],
    }
    now = {**was, "等次": "好", "综合得分": "90.50", "得分": {"综合得分": "90.5000", "评定": "91.2500"}}
    held = {**was, "等次": "差", "情形": ["案件"]}
    assert differences({"甲": was, "乙": was}, {"甲": now, "丙": held}) == [
        "一支部（甲）：由“较好”变为“好”，综合得分 88→90.5（评定 85→91.25）",
        "一支部（丙）：新参加，为“差”",
        "一支部（乙）：原为“较好”，这次不参加",
    ]
    assert differences({"甲": was}, {"甲": held}) == ["一支部（甲）：由“较好”变为“差”，新有“案件”"]
    beside = {**now, "等次": "较好"}
    assert differences({"甲": was}, {"甲": beside}) == ["一支部（甲）：等次不变，综合得分 88→90.5（评定 85→91.25）"]
    many = dict.fromkeys("甲乙丙丁")
    assert differences(dict.fromkeys(many, was), dict.fromkeys(many, beside)) == ["另有4个党组织得分有变动，等次不变"]


def test_a_rate_is_told_as_a_percentage() -> None:
    rates = {told["得分"]["满意率"] for told in told_of(example()).values()} - {""}
    assert rates
    assert all(rate.endswith("%") for rate in rates)


def test_a_figure_that_moves_no_composite_is_told() -> None:
    was: dict[str, Any] = {"名称": "一支部", "等次": "好", "综合得分": "90.00", "原因": "", "情形": []}
    before, now = ({**was, "得分": {"综合得分": "90.0000", "满意率": rate}} for rate in ("65.00%", "61.90%"))
    assert differences({"甲": before}, {"甲": now}) == ["一支部（甲）：等次不变，满意率 65.00%→61.90%"]


def digests(folder: Path) -> dict[str, str]:
    return {str(path): sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def test_check_and_what_if_tell_the_difference_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "演示"
    assert command(PROGRAM, "demo", str(folder), "--branches", "4", "--raters", "3") == 0
    command(folder, "check")
    assert "与上次运行" not in capsys.readouterr().out
    assert command(folder, "run") == 0
    capsys.readouterr()
    command(folder, "check")
    assert "现在运行，各党组织的等次与上次运行的一样" in capsys.readouterr().out
    before = digests(folder / "output")
    assert command(folder, "run", "--what-if") == 0
    book = load_workbook(folder / "预演.xlsx")
    sheet = book.worksheets[0]
    weights = {line[1].value: line for line in sheet.iter_rows(min_row=4) if line[0].value == "占比"}
    assert [line[4].value for line in weights.values()] == ["30", "30", "40"]
    weights["自评"][5].value, weights["党委评定"][5].value = 70, 0
    book.save(folder / "预演.xlsx")
    capsys.readouterr()
    assert command(folder, "run", "--what-if", "预演.xlsx") == 0
    told = capsys.readouterr().out
    assert "预演，假设：自评占70%；党委评定占0%" in told
    assert "4个党组织得分有变动" in told
    assert "output 没有改动" in told
    assert digests(folder / "output") == before
    weights["党委评定"][5].value = 10
    book.save(folder / "预演.xlsx")
    assert command(folder, "run", "--what-if", "预演.xlsx") == 1
    assert "各方占比合计是 110" in capsys.readouterr().out
    # a rater's book is taken away: the branches that it marks have no grade any more
    gone = next(path for path in (folder / "input").rglob("*评定*.xlsx"))
    gone.unlink()
    capsys.readouterr()
    command(folder, "check")
    told = capsys.readouterr().out
    assert "现在运行，与上次运行的结果相比" in told
    assert "拿走1个" in told
