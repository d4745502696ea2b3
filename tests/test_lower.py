"""Branches that a lower unit graded: taken over as they stand, until the committee above decides otherwise."""

from __future__ import annotations

import pytest

from dingji.tables import records
from tests.drawn import Row, decisions, entries, marks, rows
from tests.small_standard import ONE_MARK, Scored, scored, standard
from tests.test_grading import totals

HANDED = """
支部 | 综合得分 | 拟定等次
丙   | 85.00   | 较好
丁   | 85.00   | 较好
"""


def handed(text: str) -> list[Row]:
    """Return what a lower unit handed up for this round, a row a branch."""
    return [
        {"unit": line["支部"], "form": "result", "part": "also", "round": "2026 ", "rule": heading, "option": cell}
        for line in rows(text)
        for heading, cell in line.items()
        if heading != "支部"
    ]


def taken(decided: str = "", **previous: str) -> Scored:
    """Grade 甲 and 乙 here by a mark each; take 丙 and 丁 over."""
    parts = [marks(totals("95 70"), "评定"), handed(HANDED)]
    parts += [decisions("支部 | 测算等次 | 审定等次 | 理由\n" + decided)] if decided else []
    return scored(standard(ONE_MARK), entries(*parts), list("甲乙丙丁"), previous=previous)


def test_figures_grades_and_places_stand_with_the_others() -> None:
    found = taken()
    assert found.column("computed") == ["好", "一般", "较好", "较好"]
    assert found.column("place") == [1, 4, 2, 2]
    assert found.told("丙", "lower") == ["下级上报：较好，综合得分 85.00"]


def test_the_committees_decision_stands_over_what_was_handed_up() -> None:
    found = taken("丙 | 较好 | 好 | 党委研究\n丁 | 较好 | | ")
    assert found.column("decided") == ["", "", "好", ""]
    assert found.column("computed")[2:] == ["较好", "较好"]
    assert found.told("丙", "decision") == ["党委研究确定 好（测算等次 较好，理由：党委研究）"]
    assert found.scores.problems == ()


@pytest.mark.parametrize(
    ("decided", "codes"),
    [("丙 | 较好 | 好 | ", ["E504"]), ("丙 | 一般 | 较好 | ", ["E501"]), ("丙 | 较好 | 较好 | ", [])],
)
def test_such_a_decision_is_held_against_the_grade_handed_up(decided: str, codes: list[str]) -> None:
    assert [problem.code for problem in taken(decided).scores.problems] == codes


def test_movement_is_of_branches_taken_over_too() -> None:
    found = taken("丁 | 较好 | 一般 | 研究", 甲="好", 丙="一般", 丁="较好")
    assert found.column("movement") == ["保持", "", "晋位", "退位"]
    steps = [row for row in records(found.scores.trail.table()) if row["unit"] == "丁"]
    assert [row["step"] for row in steps] == ["lower", "decision", "movement"]


@pytest.mark.parametrize(
    "quota",
    ['[[quotas]]\nname = "示范"\nflag = "示范"\ntop = 1\n', '[[quotas]]\ngrade = "好"\nat_most = "50%"\n'],
)
def test_where_all_were_graded_below_quotas_ask_nothing_of_nobody(quota: str) -> None:
    """A unit that only sums up has no branch of its own to grade; its own quotas must not stop the run."""
    found = scored(standard(ONE_MARK + quota), entries(handed(HANDED)), list("丙丁"))
    assert found.column("computed") == ["较好", "较好"]
    assert found.column("place") == [1, 1]
