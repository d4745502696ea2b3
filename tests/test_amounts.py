"""Amounts through real workbooks: each within the row of points that applies, and what counts once counted once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from dingji.forms.filling import Cells
from dingji.outcome import Outcome
from dingji.pipeline import Prepared, grade, unsettled
from dingji.problems import Problem, describe
from dingji.round_days import Round
from dingji.scheme.model import Scheme
from dingji.tables import records
from dingji.workspace import Settings, StandardChoice
from tests.case_books import Books, Files, Rater, Unit
from tests.drawn import rows as drawn
from tests.papers import read_by
from tests.small_standard import COMMITTEE, GRADES, findings, indicator, rules, standard

UNIT = Unit("A1", "一支部")
DAY = date(2026, 3, 1)
RATERS: Sequence[Rater] = (("PW1", "评委一", "评定"), ("PW2", "评委二", "评定"))


def committee(*drawn_rules: str, keys: str = "", marks: str = "indicators") -> Scheme:
    """Return a standard of one indicator of 100 with these rules, marked by raters, with 平时记录."""
    source = COMMITTEE + f'marks = "{marks}"\n'
    return standard(GRADES + source + indicator("班子", 100, *([keys] if keys else []), rules(*drawn_rules)))


def graded(scheme: Scheme, *books: Files) -> Outcome:
    """Grade the one branch by what was handed in."""
    files: Files = {path: raw for book in books for path, raw in book.items()}
    settings = Settings(round=Round(year=2026, name="年终"), standard=StandardChoice(default="small"))
    prepared = Prepared(settings, {"small": scheme}, ())
    return grade(prepared, [read_by(raw, prepared.plan, path) for path, raw in files.items()])


def run(scheme: Scheme, told: str, raters: Sequence[Rater] = RATERS[:1], marks: str = "") -> Outcome:
    """Grade by rows drawn as 谁 | 规则 | 选项 | 数量 | 分值 | 工作; who is a rater, `平时记录` or `加分申报`.

    `marks`: the mark that each rater types, by number; without one the rules give it.
    """
    books = Books(scheme, "2026 年终", DAY)
    by_who: dict[str, list[Cells]] = {}
    for line in drawn(told):
        by_who.setdefault(line["谁"], []).append(row(line))
    typed = dict(pair.split("=") for pair in marks.split())
    files = [books.roster([UNIT], raters)]
    for rater in raters:
        own = {UNIT: typed[rater[0]]} if rater[0] in typed else {UNIT: ""}
        files.append(books.book(rater, own, by_who.get(rater[0], [])))
    files.append(books.records(by_who["平时记录"]) if "平时记录" in by_who else {})
    files.append(books.bonus(by_who["加分申报"]) if "加分申报" in by_who else {})
    return graded(scheme, *files)


def row(line: dict[str, str]) -> Cells:
    figures = {name: float(line[name]) for name in ("数量", "分值") if line.get(name)}
    own: dict[str, Any] = {**UNIT.identity, **figures, **({"同一工作": line["工作"]} if line.get("工作") else {})}
    if line["谁"] == "加分申报":
        return {**own, "加分项": line["规则"], "级别": line.get("选项") or None, "依据": "文", "审核意见": "同意"}
    own |= {"规则": line["规则"] or None, "选项": line.get("选项") or None, "事由": "检查"}
    return own | ({"日期": DAY} if line["谁"] == "平时记录" else {"已核": "是"})


def composite(outcome: Outcome) -> Fraction | None:
    figure: Fraction | None = records(outcome.results)[0]["composite"]
    return figure


def told_of(outcome: Outcome, *codes: str) -> list[Problem]:
    return [problem for problem in outcome.problems if problem.code in codes]


def words(outcome: Outcome, step: str) -> list[str]:
    return [row["words"] for row in records(outcome.trail.table()) if row["step"] == step]


# --- within their own row -----------------------------------------------------------------------------------

RANGES = (
    'name = "活动率", unit = "%", bands = [{ from = "90%", points = 0 }, { from = "80%", points = [-5, -10] }, '
    '{ from = "70%", points = [-15, -20] }, { points = -30 }]'
)
FEW = 'name = "缺席", unit = "次", over = 3, once = [-2, -6]'
STATE = 'name = "阵地", unit = "处", options = { "缺" = [-1, -3], "差" = -0.5 }'
KINDS = """
规则 | 选项 | 数量 | 分值 | 得分 | 提示 | 在哪
活动率 |    | 85   | 5    | 95  |      |
活动率 |    | 85   | 15   | 缺  | E210 | 分值
活动率 |    | 85   |      | 缺  | E211 | 分值
活动率 |    | 75   | 15   | 85  |      |
活动率 |    | 60   |      | 70  |      |
缺席   |    | 4    | 6    | 94  |      |
缺席   |    | 4    | 7    | 缺  | E210 | 分值
缺席   |    | 3    |      | 100 |      |
阵地   | 缺 | 2    | 2.5  | 95  |      |
阵地   | 缺 | 2    | 3.5  | 缺  | E210 | 分值
阵地   | 缺 |      | 2    | 缺  | E214 | 数量
阵地   | 差 |      |      | 缺  | E214 | 数量
"""


@pytest.mark.parametrize("line", drawn(KINDS), ids=lambda line: "-".join(line.values()))
@pytest.mark.parametrize("who", ["PW1", "平时记录"])
def test_an_amount_lies_within_the_row_that_applies(line: dict[str, str], who: str) -> None:
    """At 85% the notice leaves 5 to 10 to be weighed: 15 is asked about, and the branch waits."""
    scheme = committee(RANGES, FEW, STATE)
    told = f"谁 | 规则 | 选项 | 数量 | 分值\n{who} | {line['规则']} | {line['选项']} | {line['数量']} | {line['分值']}"
    others = "" if line["规则"] == "活动率" or who == "平时记录" else "\nPW1 | 活动率 | | 95 | "
    outcome = run(scheme, told + others, marks="PW1=100" if who == "平时记录" else "")
    assert composite(outcome) == (None if line["得分"] == "缺" else Fraction(line["得分"]))
    found = [problem for problem in outcome.problems if problem.code.startswith("E2")]
    assert [problem.code for problem in found] == ([line["提示"]] if line["提示"] else [])
    assert unsettled(outcome) is bool(found)
    for problem in found:
        assert (problem.subject, problem.unit, bool(problem.cell)) == (line["规则"], "A1", True)
        assert "{" not in describe(problem).text


def test_two_amounts_for_one_telling_are_asked_about() -> None:
    scheme = committee('name = "松懈", once = [-1, -4]')
    outcome = run(scheme, "谁 | 规则 | 选项 | 分值\nPW1 | 松懈 | 是 | 1\nPW1 | 松懈 | 是 | 3")
    assert composite(outcome) is None
    assert [problem.code for problem in told_of(outcome, "E227")] == ["E227"]


def test_points_read_off_a_figure_cannot_be_weighed_by_anybody() -> None:
    rule = 'name = "测评", of = "PW", once = [-1, -4], under = 3'
    found = [finding.text for finding in findings(GRADES + COMMITTEE + indicator("班子", 100, rules(rule)))]
    assert any("分数不能写成范围" in text for text in found)
