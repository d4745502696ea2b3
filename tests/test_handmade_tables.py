"""Tables made by hand, without stamps: found by sheet name and headings, read with no more columns than they need."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from tests.case_books import Run
from tests.workspaces import command, make_workspace, scheme

Lines = Sequence[Sequence[Any]]
UNITS = ("一支部", "二支部", "三支部")
MARKED = ("领导班子好", "党员队伍好", "工作机制好", "工作业绩好")
FULL = (10, 20, 20, 30)
QUESTION = "对党支部工作的总体评价"


def book(sheets: Mapping[str, Lines]) -> bytes:
    """Return a workbook as somebody types it: no stamp, no style, no hidden sheet."""
    workbook = openpyxl.Workbook()
    del workbook["Sheet"]
    for name, lines in sheets.items():
        sheet = workbook.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def handmade() -> dict[str, bytes]:
    """Return the least that makes a graded run: three branches, two raters."""
    codes = [f"ZB{place}" for place in range(len(UNITS))]
    roster = [
        ("党组织编码", "党组织名称", "正式党员"),
        *((code, name, 20) for code, name in zip(codes, UNITS, strict=True)),
    ]
    raters = [("评委编号", "评委"), ("PW1", "评委一"), ("PW2", "评委二")]
    marks: list[tuple[Any, ...]] = [(rater, name, 9, 19, 18, 28) for rater in ("PW1", "PW2") for name in UNITS]
    marks[0] = ("PW1", "一支部", 9, 19, None, 28)
    files = {
        "名册.xlsx": book({"名册": roster, "评委": raters}),
        "评委.xlsx": book(
            {
                "评定表": [("评委编号", "党组织名称", *MARKED), *marks],
                "评定扣分": [
                    ("评委编号", "党组织名称", "规则", "选项", "已核"),
                    ("PW1", "一支部", "无年度活动计划", "是", "是"),
                ],
            }
        ),
        "平时.xlsx": book(
            {"平时记录": [("日期", "党组织名称", "规则", "数量"), ("2026-03-04", "二支部", "制度未落实", 1)]}
        ),
        "情形.xlsx": book(
            {"情形申报": [("党组织名称", "情形", "是否存在", "办公室确认"), ("三支部", "支部班子不团结", "是", "是")]}
        ),
        "审定.xlsx": book({"审定表": [("党组织名称", "审定等次", "理由"), ("三支部", "一般", "研究")]}),
        "上期.xlsx": book({"一览表": [("党组织名称", "测算等次"), ("一支部", "一般"), ("二支部", "好")]}),
    }
    for name in UNITS:
        files[f"自评{name}.xlsx"] = book({"自评表": _claim(name)})
        files[f"测评{name}.xlsx"] = book({"测评汇总": _tally(name)} if name == "二支部" else {"测评票": _ballots(name)})
    return files


def _claim(name: str) -> list[tuple[Any, ...]]:
    items = [item for indicator in scheme().indicators for item in indicator.items]
    rows = [(number, item.full) for number, item in enumerate(items, start=1)]
    return [("党组织名称", name), ("序号", "自评得分"), *((number, str(full)) for number, full in rows)]


def _ballots(name: str) -> list[tuple[Any, ...]]:
    votes = ("满意",) * 15 + ("基本满意",) * 3 + ("不满意",) * 2
    head = [("党组织名称", name), ("发出", 20, "收回", 20, "有效", 20)]
    return [*head, (*MARKED, QUESTION), *((9, 18, 18, 27, vote) for vote in votes)]


def _tally(name: str) -> list[tuple[Any, ...]]:
    head = [
        ("党组织名称", name),
        ("发出", 20, "收回", 20, "有效", 20),
        ("项目", "满意", "基本满意", "不满意", "平均分"),
    ]
    means = [(thing, None, None, None, full * 0.9) for thing, full in zip(MARKED, FULL, strict=True)]
    return [*head, (QUESTION, 15, 3, 2, None), *means]


def test_the_least_that_people_type_is_read(tmp_path: Path) -> None:
    """Words, details and 身份 may lack, of code and name one is enough; ballots without numbers are as many as rows."""
    root = make_workspace(tmp_path, handmade())
    assert command(root, "run") == 0
    rows = Run(root, 0).sheet("一览表", "党组织名称")
    told = [(row["自评得分"], row["党群得分"], row["满意率"], row["综合得分"]) for row in rows.values()]
    assert told == [(100, 92, 0.9, 95.2), (100, 92, 0.9, 94), (100, 92, 0.9, 95.2)]
    assert [(row["测算等次"], row["审定等次"], row["上期等次"]) for row in rows.values()] == [
        ("好", None, "一般"),
        ("好", None, "好"),
        ("后进", "一般", "—"),
    ]


def test_a_sheet_of_the_right_name_is_never_passed_over(tmp_path: Path) -> None:
    """A table that lacks what it can't be read without is refused with the headings named."""
    lines = [("党组织名称", "来源", "评委编号", "指标", "更正值"), ("三支部", "党委评定", "PW1", "领导班子好", 10)]
    root = make_workspace(tmp_path, {**handmade(), "更正.xlsx": book({"更正表": lines})})
    assert command(root, "run") == 1
    refused = Run(root, 1).sheet("问题清单", "编码")["E117"]
    assert (refused["文件"], refused["问题"]) == ("更正.xlsx", "缺少工作表或栏目：更正表：原值")
