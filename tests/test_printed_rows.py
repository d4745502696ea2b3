"""Rows of a form as people write them by hand: numbered, summed up and signed in their own way, and none lost by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from dingji.numbers import chinese
from dingji.pipeline import run, unsettled
from dingji.tables import records
from dingji.workspace import Workspace
from tests.case_books import Run
from tests.test_handmade_tables import book, handmade
from tests.workspaces import command, make_workspace, scheme

Line = list[Any]
Change = Callable[[list[Line]], Sequence[Line]]
HEADINGS = ["序号", "指标", "考评内容", "分值", "自评得分", "情况说明"]
NAME = "一支部"


def claims() -> list[Line]:
    """Return the rows of a whole 自评表, with all that the standard prints."""
    rows = [(indicator, item) for indicator in scheme().indicators for item in indicator.items]
    return [
        [number, indicator.name, item.text, float(item.full or 0), float(item.full or 0), None]
        for number, (indicator, item) in enumerate(rows, start=1)
    ]


UNIT, OWN = "ZB0", f"自评{NAME}.xlsx"


def filled(folder: Path, change: Change) -> Path:
    """Return a workspace in which one branch's 自评表 is typed by hand."""
    form = book({"自评表": [("党组织名称", NAME), HEADINGS, *change(claims())]})
    return make_workspace(folder, handmade() | {OWN: form})


def told(folder: Path, change: Change) -> tuple[list[str], object]:
    """Return the codes that are told of one branch's 自评表, notes aside, and its 自评得分."""
    outcome = run(Workspace(filled(folder, change))).outcome
    codes = {problem.code for problem in outcome.problems if problem.file == OWN}
    (row,) = (row for row in records(outcome.results) if row["unit"] == UNIT)
    return sorted(code for code in codes if not code.startswith("N")), row["scores"]["自评"]


def below(*line: object) -> Change:
    """Return a change that adds a row under the table."""
    return lambda rows: [*rows, list(line)]


def test_a_run_prints_what_it_comes_to(tmp_path: Path) -> None:
    """The tests below look at what a run comes to, and not at its workbook."""
    change = below("特色", None, None, 2, 2)
    root = filled(tmp_path / "印出", change)
    ran = Run(root, command(root, "run"))
    lines = ran.sheet("问题清单", "编码").items()
    printed = [code for code, line in lines if line["文件"] == OWN and not code.startswith("N")]
    score = ran.sheet("一览表", "党组织名称")[NAME]["自评得分"]
    assert (printed, score) == told(tmp_path / "算出", change) == (["W233"], 100)


def each(place: int, words: Callable[[Any], Any]) -> Change:
    """Return a change of one cell in every row."""
    return lambda rows: [[*row[:place], words(row[place]), *row[place + 1 :]] for row in rows]


def repeated(rows: list[Line]) -> Sequence[Line]:
    """Say beside each row what its whole indicator comes to."""
    sums = {name: sum(row[3] for row in rows if row[1] == name) for name in {row[1] for row in rows}}
    return each(1, str)([[*row[:3], sums[row[1]], *row[4:]] for row in rows])


@pytest.mark.parametrize(
    "change",
    [
        each(0, lambda number: f"{number:02d}"),
        each(0, lambda number: f"（{number}）"),
        each(0, lambda number: f"{chinese(number)}、"),
        each(1, lambda name: f"一、{name}"),
        each(1, lambda name: f"{name}\n（10分）"),
        each(2, lambda text: f"1.{text}。"),
        each(2, lambda text: text.replace("，", "、")),
        each(3, lambda full: f"{full}分"),
        repeated,
        *(below(words, None, None, 100, 100) for words in ("总  分", "自评总分", "得分合计", "合计（分）", "平均得分")),
        below("自评等次", None, None, None, "好"),
        below("党支部书记签字", None, None, None, "2026年1月5日"),
        below("支部意见", None, None, None, None, "同意"),
    ],
)
def test_what_people_write_by_hand_is_no_fault(tmp_path: Path, change: Change) -> None:
    """Numbers, points, full marks, totals and signatures in other words change nothing and need no word."""
    assert told(tmp_path, change) == ([], 100)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (below("特色", None, None, 2, 2), ["W233"]),
        (below(None, "群众反映好", "小计", 10, 10), ["W233"]),  # figures that the rows do not come to
        (below(None, "群众反映好小计", None, 10, 10), ["W233"]),
        (below("特色", None, None, None, "4-5"), ["W233"]),
        (each(2, lambda text: text[:4]), ["W232"]),
        (lambda rows: [*rows[:-1], [*rows[-1][:3], 99, *rows[-1][4:]]], ["E217"]),
        (lambda rows: [[*rows[0][:2], rows[1][2], *rows[0][3:]], *rows[1:]], ["E217"]),
    ],
)
def test_what_is_another_row_is_still_told(tmp_path: Path, change: Change, codes: list[str]) -> None:
    """A row of its own, texts cut short, another figure in the last row, another row's text."""
    assert told(tmp_path, change)[0] == codes


@pytest.mark.parametrize("words", ["平均得分", "总分", "得分合计", "满分", "自评总分"])
def test_a_total_is_no_ballot_and_no_branch(tmp_path: Path, words: str) -> None:
    """Totals below ballots and marks, or full marks above them, are none of them: whoever typed them is asked."""
    files = handmade()
    votes = [[number, 9, 18, 18, 27, "满意"] for number in range(1, 21)]
    heads = ["票号", "领导班子好", "党员队伍好", "工作机制好", "工作业绩好", "对党支部工作的总体评价"]
    ballots = [("党组织名称", NAME), ("发出", 20, "收回", 20, "有效", 20), heads, *votes, [words, 1, 1, 1, 1, "满意"]]
    marks = [("评委编号", "党组织名称", *heads[1:5]), (None, words, 10, 20, 20, 30)]
    marks += [(rater, name, 9, 19, 18, 28) for rater in ("PW1", "PW2") for name in ("一支部", "二支部", "三支部")]
    files |= {f"测评{NAME}.xlsx": book({"测评票": ballots}), "评委.xlsx": book({"评定表": marks})}
    outcome = run(Workspace(make_workspace(tmp_path, files))).outcome
    assert unsettled(outcome)
    assert {"E245", "E301"} <= {problem.code for problem in outcome.problems}


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ((None, None, None, "评委签字"), 0),
        ((None, None, None, "2026年1月5日"), 0),
        ((None, "审核人", "某同志"), 0),
        (("评委签字", None, None, "2026年1月5日"), 0),
        ((None, "权重", 0.1, 0.2, 0.2, 0.3), 1),
        ((None, None, None, 18), 1),
        ((None, None, None, "回避"), 1),
        ((None, None, "十分", "二十分"), 1),
    ],
)
def test_a_signature_below_the_marks_is_no_mark_of_nobody(tmp_path: Path, line: Sequence[object], status: int) -> None:
    """A mark without a branch waits for a person, a signature among the marks does not."""
    marks: list[Sequence[object]] = [("评委编号", "党组织名称", "领导班子好", "党员队伍好", "工作机制好", "工作业绩好")]
    marks += [(rater, name, 9, 19, 18, 28) for rater in ("PW1", "PW2") for name in ("一支部", "二支部", "三支部")]
    root = make_workspace(tmp_path, handmade() | {"评委.xlsx": book({"评定表": [*marks, line]})})
    assert unsettled(run(Workspace(root)).outcome) == bool(status)
