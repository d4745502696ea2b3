"""Hand-in: 收件登记 and due dates as names in conditions, and forms that a standard requires beyond its sources'."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from dingji.forms.filling import Cells
from dingji.outcome import Outcome
from dingji.pipeline import grade, unsettled
from dingji.prepare import Prepared
from dingji.problems import Problem, describe
from dingji.round_days import RoundDays
from dingji.scheme.load import load_scheme
from dingji.tables import records
from tests.drawn import rows
from tests.five_good_case import BRANCHES
from tests.papers import SITUATIONS, filled, good, prepared, read, told, with_file
from tests.small_standard import COMMITTEE, findings, indicator
from tests.workspaces import PROGRAM

RECEIPTS = "收件登记.xlsx"
LATE = '\n[[situations]]\nname = "自评迟报"\nwhen = "自评表.迟报"\nflag = "迟报"\n'
ABSENT = '\n[[situations]]\nname = "没有申报"\nwhen = "情形申报.未报"\nflag = "未申报"\n'


@cache
def reading(text: str = "", required: str = "", due: str = "2026-03-20") -> Prepared:
    """Return the program's own workspace with more in the standard, and this due date."""
    raw = (PROGRAM / "schemes" / "five-good.toml").read_text("utf-8")
    raw = raw.replace("version = 1\n", f"version = 1\n{required}\n", 1) + text
    scheme, found = load_scheme(raw.encode())
    assert scheme is not None, [finding.text for finding in found]
    calendar = [RoundDays(round="年初", due=due)]
    settings = prepared().settings.model_copy(update={"calendar": calendar})
    return replace(prepared(), schemes={scheme.id: scheme}, settings=settings)


def run(plan: Prepared, files: dict[str, bytes]) -> Outcome:
    return grade(plan, [read(raw, path) for path, raw in files.items()])


def register(drawn: str) -> bytes:
    """Return 收件登记 drawn as 支部 (its place in the roster), 表类, 收到时间."""
    listed: list[Cells] = [
        {**BRANCHES[int(line["支部"])].identity, "表类": line["表类"], "收到时间": line["收到时间"]}
        for line in rows("支部 | 表类 | 收到时间\n" + drawn)
    ]
    return filled("receipt", [{name: cell for name, cell in row.items() if name != "党组织名称"} for row in listed])


def everyone(day: str, *others: str) -> bytes:
    return register("\n".join([*(f"{place} | 自评表 | {day}" for place in range(len(BRANCHES))), *others]))


def flags(outcome: Outcome, flag: str) -> list[int]:
    return [place for place, row in enumerate(records(outcome.results)) if flag in row["flags"]]


def texts(problems: list[Problem]) -> list[str]:
    return [describe(problem).text for problem in problems]


def test_who_handed_in_after_the_day_is_late_and_named() -> None:
    """What comes again, mended, was in time if it first was; the day itself is in time."""
    assert flags(run(reading(LATE), with_file(RECEIPTS, everyone("2026-03-20"))), "迟报") == []
    drawn = [f"{place} | 自评表 | 2026-03-{day}" for place, day in enumerate(("20", "21", "19", "20", "20"))]
    outcome = run(reading(LATE), with_file(RECEIPTS, register("\n".join([*drawn, "2 | 自评表 | 2026-04-01"]))))
    assert flags(outcome, "迟报") == [1]
    (problem,) = told(outcome.problems, "W317")
    assert problem.unit == BRANCHES[1].code
    assert texts([problem])[0].startswith("W317 收件登记.xlsx ▸ 收件登记 ▸ ")
    assert "2026-03-21，晚于截止日期 2026-03-20" in texts([problem])[0]
    assert not told(outcome.problems, "E315", "E316")
    assert not unsettled(outcome)


def test_a_register_without_a_branch_waits_for_a_person() -> None:
    drawn = "\n".join(f"{place} | 自评表 | 2026-03-10" for place in range(len(BRANCHES) - 1))
    outcome = run(reading(LATE), with_file(RECEIPTS, register(drawn)))
    assert [problem.unit for problem in told(outcome.problems, "E316")] == [BRANCHES[-1].code]
    assert unsettled(outcome)


def test_without_a_register_or_a_due_date_one_line_says_so() -> None:
    (problem,) = told(run(reading(LATE), dict(good())).problems, "E316")
    assert texts([problem]) == [
        "E316 自评表，标准要看“自评表”是否迟报，收件登记里没有收到时间。改法：在收件登记里补上这张表的收到时间。"
    ]
    outcome = run(reading(LATE, due=""), with_file(RECEIPTS, everyone("2026-03-10")))
    assert [problem.code for problem in told(outcome.problems, "E315", "E316")] == ["E315"]
    assert unsettled(outcome)


def test_a_standard_that_does_not_ask_wants_no_register() -> None:
    assert not told(run(reading(), dict(good())).problems, "E315", "E316", "W317")


REGISTER_FAULTS = """
表类   | 收到时间       | code
自评   | 2026-03-10 | E212
自评表  |            | E229
      | 2026-03-10 | E229
自评表  | 三月        | E213
"""


@pytest.mark.parametrize("line", rows(REGISTER_FAULTS), ids=lambda line: "-".join(line.values()))
def test_a_row_of_the_register_that_does_not_suffice_is_told(line: dict[str, str]) -> None:
    outcome = run(reading(), with_file(RECEIPTS, register(f"0 | {line['表类']} | {line['收到时间']}")))
    assert [problem.code for problem in outcome.problems if problem.file == RECEIPTS] == [line["code"]]


def test_a_branch_that_declared_nothing_may_be_read() -> None:
    only_first = [
        {**BRANCHES[0].identity, "情形": "支部班子不团结", "是否存在": "否"},
        {**BRANCHES[1].identity, "情形": "支部班子不团结"},
    ]
    outcome = run(reading(ABSENT), with_file(SITUATIONS, filled("situation", only_first)))
    assert flags(outcome, "未申报") == [1, 2, 3, 4]


def test_a_form_that_a_source_needs_cannot_be_read_as_absent() -> None:
    text = COMMITTEE + indicator("班子", 100) + '[[situations]]\nname = "甲"\nwhen = "{0}.未报"\nflag = "甲"\n'
    assert [one.words for one in findings(text.format("评定表"))] == [
        "“评定表”是来源必需的表，没有它就没有得分，不能读“评定表.未报”；可以读“评定表.迟报”"
    ]
    (nowhere,) = findings(text.format("情形申报"))
    assert nowhere.words == "条件读“情形申报.未报”，可是这个标准没有情形申报，永远不知道"
    assert findings(text.format("情形申报") + '[[situations]]\nname = "乙"\nflag = "乙"\n') == []


# --- forms required beyond the sources' --------------------------------------------------------------------------


def absent(outcome: Outcome) -> list[tuple[str, str]]:
    return [(row["owner"], row["form"]) for row in records(outcome.rollcall) if row["status"] == "未报"]


def test_a_required_declaration_is_owed_by_every_branch() -> None:
    plan = reading(required='required = "情形申报"')
    assert absent(run(plan, dict(good()))) == []
    outcome = run(plan, with_file(SITUATIONS, None))
    assert absent(outcome) == [(branch.name, "情形申报") for branch in BRANCHES]
    assert [problem.unit for problem in told(outcome.problems, "E310")] == [branch.code for branch in BRANCHES]
    assert not told(outcome.problems, "W512")
    assert unsettled(outcome)


def test_required_records_are_owed_by_the_office() -> None:
    plan = reading(required='required = ["平时记录", "收件登记"]')
    outcome = run(plan, dict(good()))
    assert absent(outcome) == [("办公室", "平时记录"), ("办公室", "收件登记")]
    assert unsettled(outcome)
    outcome = run(plan, with_file("平时记录.xlsx", filled("records", [])) | {RECEIPTS: everyone("2026-03-01")})
    assert absent(outcome) == []
    assert not unsettled(outcome)


REQUIRED = """
写的是      | 说的是
自评表      | “自评表”是来源的表，要不要交由那个来源的 required 决定
情况申报     | 没有“情况申报”这种表；是不是“情形申报”
情形申报     | 按这个标准没有“情形申报”：没有要申报的情形
加分申报     | 按这个标准没有“加分申报”：没有加分指标
"""


@pytest.mark.parametrize("line", rows(REQUIRED), ids=lambda line: line["写的是"])
def test_what_a_standard_cannot_require(line: dict[str, str]) -> None:
    text = f'required = "{line["写的是"]}"\n' + COMMITTEE + indicator("班子", 100)
    assert [one.words for one in findings(text)] == [line["说的是"]]
