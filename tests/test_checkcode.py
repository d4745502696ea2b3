"""数据校验码: the same for the same figures, whatever the names and the paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingji.checkcode import ALPHABET, check_code, code_of, figures
from dingji.outcome import Outcome
from dingji.read.changed_cell import Table, Trial, changed_cells
from dingji.reports.overview import overview
from dingji.reports.summary import summary
from dingji.reports.view import OutcomeView
from tests.outcome_example import WEAK, changed, example, renamed

ROWS = [("D001", "95.87", "好"), ("D002", "90.00", "好")]


def code(outcome: Outcome) -> str:
    return code_of([overview(OutcomeView(outcome), "internal")])


def test_the_code_of_known_rows_never_changes() -> None:
    assert check_code(ROWS) == "FX8EU688"
    assert check_code([]) == "WGSEAJNS"


@given(st.lists(st.lists(st.text(max_size=6), min_size=1, max_size=4), max_size=5))
def test_a_code_is_eight_signs_that_nobody_misreads(rows: list[list[str]]) -> None:
    made = check_code(rows)
    assert len(made) == 8
    assert set(made) <= set(ALPHABET)
    assert not set(ALPHABET) & set("0O1I")


def test_blanks_around_a_figure_do_not_matter_and_order_does() -> None:
    assert check_code([(" D001", "95.87 ", "好"), ROWS[1]]) == check_code(ROWS)
    assert check_code(reversed(ROWS)) != check_code(ROWS)


def test_inside_and_upward_copies_have_the_same_code() -> None:
    outcome = example()
    assert code(outcome) == code_of([overview(OutcomeView(outcome), "upward")])
    assert overview(OutcomeView(outcome), "internal").notes[-1] == f"数据校验码：{code(outcome)}"


@pytest.mark.parametrize(
    "values",
    [
        {"composite": Fraction("95.88")},
        {"decided": "较好"},
        {"computed": "一般"},
        {"survey": Fraction(97)},
        {"shares": {"满意率": Fraction(91, 100)}},
        {"scores": {"自评": Fraction(97)}},
    ],
)
def test_any_changed_figure_changes_the_code(values: dict[str, object]) -> None:
    assert code(changed(example(), "D001", **values)) != code(example())


def test_names_remarks_and_invisible_digits_do_not_change_the_code() -> None:
    outcome = renamed(example(), "D001", name="改名后的党支部", secretary="另一人", leader="", parent="别的")
    outcome = changed(outcome, "D001", issues=WEAK, composite=Fraction("95.8701"), borderline=True)
    assert code(outcome) == code(example())


def test_a_copy_read_back_gives_the_same_code() -> None:
    table = overview(OutcomeView(example()), "upward")
    without_words = [heading for heading in table.headings if heading not in ("备注", "主要问题")]
    places = [table.headings.index(heading) for heading in without_words]
    rows = [[texts[place] for place in places] for texts in table.texts()]
    assert check_code(figures(without_words, rows)) == code_of([table])


def test_the_summary_has_a_code_of_its_own_over_its_counts() -> None:
    tables = summary(OutcomeView(example()))
    assert tables[-1].notes[-1] == f"数据校验码：{code_of(tables)}"
    assert code_of(tables) != code_of(summary(OutcomeView(changed(example(), "D001", computed="一般"))))


HEADINGS = ("党组织编码", "党员数", "自评得分", "满意率", "综合得分", "拟定等次")
CAME = (("A1", "21", "75.00", "100.00%", "77.14", "一般"), ("A2", "8", "", "85.19%", "69.39", ""))


@pytest.mark.parametrize(
    "change",
    [{4: "95.00"}, {5: "好"}, {3: "90.00%"}, {1: "22"}, {4: "95.00", 5: "好"}],
)
def test_the_one_change_is_found_by_the_code(change: Mapping[int, str]) -> None:
    altered = tuple(change.get(column, text) for column, text in enumerate(CAME[0]))
    was = tuple((0, column, CAME[0][column]) for column in change)
    table = Table(HEADINGS, (altered, CAME[1]))
    assert changed_cells(table, check_code(figures(HEADINGS, CAME)), ("好", "较好", "一般")) == was


@pytest.mark.parametrize("branches", [10, 40, 400])
def test_where_no_one_change_gives_the_code_the_search_ends_soon(
    branches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that takes too long to read is given up with all its branches: the search may not come near that."""
    tried: Counter[int] = Counter()
    gives = Trial.gives

    def counted(trial: Trial, row: int, guess: Mapping[int, str]) -> bool:
        tried[row] += 1
        return gives(trial, row, guess)

    monkeypatch.setattr(Trial, "gives", counted)
    assert changed_cells(Table(HEADINGS, CAME[:1] * branches), "ABCDEFGH", ("好", "较好", "一般")) == ()
    assert 0 < tried.total() < 450_000
