"""Any standard: its figures and grades equal plain loops, and what must not matter does not."""

from __future__ import annotations

import random
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dingji.scheme.load import load_scheme
from dingji.scheme.reach import reaches
from dingji.scheme.reach_grades import reachable
from dingji.scheme.reach_rounds import graded
from dingji.tables import records
from tests.drawn import Row, entries
from tests.random_standards import (
    LABELS,
    OFFICE,
    UNITS,
    Branch,
    Drawn,
    Leaf,
    cases,
    composite,
    expected,
    roster_of,
    rows_of,
)
from tests.small_standard import HEAD, Scored, five_good, scored

BOUNDED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEWER = settings(BOUNDED, max_examples=12)
Case = tuple[Drawn, tuple[Branch, ...]]


def run(standard: Drawn, branches: tuple[Branch, ...], drawn: list[Row], more: str = "") -> Scored:
    scheme, found = load_scheme((HEAD + standard.toml(more)).encode())
    assert scheme is not None, [finding.text for finding in found]
    return scored(scheme, entries(drawn), UNITS[: len(branches)], roster=roster_of(branches))


def told(found: Scored) -> list[dict[str, object]]:
    return records(found.scores.results)


@BOUNDED
@given(cases())
def test_figures_and_grades_equal_plain_loops(case: Case) -> None:
    standard, branches = case
    found = run(standard, branches, rows_of(standard, branches))
    wanted = expected(standard, branches)
    assert found.column("composite") == [one.score for one in wanted]
    assert found.column("computed") == [one.grade for one in wanted]
    assert found.column("settled") == [not one.tied for one in wanted]


@BOUNDED
@given(cases())
def test_no_branch_gets_less_or_more_than_the_linter_says_can_be_reached(case: Case) -> None:
    standard, branches = case
    found = run(standard, branches, rows_of(standard, branches))
    scheme = load_scheme((HEAD + standard.toml()).encode())[0] or five_good()
    spans = {one.branches.answers.get(f"类别 = '{OFFICE}'", False): graded(one) for one in reaches(scheme)}
    for branch, figure in zip(branches, found.column("composite"), strict=True):
        span = spans[branch.category == OFFICE and standard.office is not None]
        assert span.low <= figure <= span.high
    may = {LABELS[rank] for own in spans.values() for rank in reachable(scheme, own)}
    assert set(found.column("computed")) - {"", "不定等次"} <= may


@FEWER
@given(cases(), st.integers(0, 2**16))
def test_neither_the_order_of_rows_nor_the_files_they_stand_in_matter(case: Case, seed: int) -> None:
    standard, branches = case
    drawn = rows_of(standard, branches)
    rng = random.Random(seed)
    shuffled = [{**row, "file": row.get("file") or f"表{rng.randint(1, 9)}"} for row in rng.sample(drawn, len(drawn))]
    assert told(run(standard, branches, drawn)) == told(run(standard, branches, shuffled))


@FEWER
@given(cases())
def test_a_rule_that_nobody_uses_changes_nothing(case: Case) -> None:
    standard, branches = case
    drawn = rows_of(standard, branches)
    with_it = run(standard, branches, drawn, 'name = "从未发生", unit = "次", over = 99, each = -30')
    without = run(standard, branches, drawn)
    assert told(with_it) == told(without)
    assert records(with_it.scores.trail.table()) == records(without.scores.trail.table())


@FEWER
@given(cases())
def test_every_score_lies_within_its_stated_bounds(case: Case) -> None:
    standard, branches = case
    found = run(standard, branches, rows_of(standard, branches))
    fulls = {leaf.name: leaf.full for leaf in standard.leaves}
    for leaf in standard.leaves:
        if leaf.heading:
            fulls[leaf.heading] = fulls.get(leaf.heading, 0) + leaf.full
    marked = [
        row
        for row in records(found.scores.trail.table())
        if row["step"] in ("mark", "combined") and row["item"] in fulls
    ]
    assert marked
    assert all(0 <= row["figure"] <= fulls[row["item"]] for row in marked)
    assert all(
        0 <= one["自评"] <= standard.full and 0 <= one["评定"] <= standard.full for one in found.column("scores")
    )
    assert all(0 <= share <= 1 for one in found.column("shares") for share in one.values())
    least = (-4 if "减" in standard.effects else 0) + min(standard.rural, 0)
    most = max(standard.full, 100) + max(standard.rural, 0)
    assert all(least <= figure <= most for figure in found.column("composite"))


@FEWER
@given(cases())
def test_a_branch_more_moves_no_figure_of_another(case: Case) -> None:
    """Grades may move by a quota; what a branch comes to by its own marks does not."""
    standard, branches = case
    alone = run(standard, branches[:1], rows_of(standard, branches[:1]))
    among = run(standard, branches, rows_of(standard, branches))
    assert alone.column("scores") == among.column("scores")[:1]
    assert alone.column("composite") == among.column("composite")[:1]


@FEWER
@given(cases())
def test_a_blank_of_the_own_column_raises_no_grade_in_silence(case: Case) -> None:
    standard, branches = case
    drawn, scheme = rows_of(standard, branches), load_scheme((HEAD + standard.toml()).encode())[0] or five_good()
    told = roster_of(branches) | {"社区": [None, *roster_of(branches)["社区"][1:]]}
    whole = run(standard, branches, drawn)
    blank = scored(scheme, entries(drawn), UNITS[: len(branches)], roster=told)
    before, after = (found.column("computed")[0] for found in (whole, blank))
    asked = any(problem.unit == UNITS[0] for problem in blank.scores.problems)
    if after in LABELS and before in LABELS and not asked:
        assert LABELS.index(after) >= LABELS.index(before)
    assert standard.rural or (before, blank.column("composite")) == (after, whole.column("composite"))


def test_the_loops_themselves_on_a_case_by_hand() -> None:
    """Claims 60, raters 50 and 70 less 3 × 1, nine good votes of ten: 0.2 × 60 + 0.5 × 57 + 0.3 × 90."""
    standard = Drawn((_leaf(),), (20, 50, 30), "mean", 1, (90, 70, 50), (), '"40%"', "0")
    branch = Branch((60,), ((50,), (70,)), (9, 0, 1), (1,), frozenset())
    assert composite(standard, branch) == Fraction("67.5")


def _leaf() -> Leaf:
    return Leaf("指标1", 100, -3)
