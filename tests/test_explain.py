"""How a branch's grade came about, in lines: what it came to stands second."""

from dingji.reports.explain import explain
from tests.outcome_example import changed, example


def test_the_second_line_says_what_a_branch_came_to() -> None:
    outcome = example()
    assert explain(outcome, "D001")[1].startswith("测算等次：好")
    assert explain(changed(outcome, "D001", computed=""), "D001")[1] == "测算等次：未定级"
    assert explain(changed(outcome, "D001", decided="较好"), "D001")[1] == "测算等次：好　审定等次：较好"
