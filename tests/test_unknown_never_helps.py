"""A fact taken away never raises a grade in silence, whatever reads it."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.drawn import Row, entries, facts, marks
from tests.small_standard import GRADES, indicator, rules, scored, standard

BOUNDED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LABELS = ("好", "较好", "一般", "差")
UNIT = "甲"
SOURCE = """
[[sources]]
name = "评定"
form = "committee"
weight = 100
"""
ASKED = indicator("业绩", 100, rules('name = "有证明"', 'name = "培训", unit = "次"'))
ATOMS = ("有证明", "not 有证明", "培训 >= 3", "培训 < 3", "培训 = 0")
EFFECTS = ('grade = "差"', 'at_most = "较好"', "factor = 0.9", "points = -8", "down = 1", "up = 1", "points = 6")


@st.composite
def conditions(draw: st.DrawFn) -> str:
    first, second = draw(st.sampled_from(ATOMS)), draw(st.sampled_from(ATOMS))
    both, either = f"{first} and {second}", f"{first} or {second}"
    return draw(st.sampled_from((first, both, either, f"not ({both})")))


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, list[Row]]:
    """Draw a standard whose grade, or a situation, hangs on two facts, and what was typed for one branch."""
    best = GRADES.replace("from = 90", f'from = 90\nwhen = "{draw(conditions())}"')
    effect = draw(st.sampled_from(EFFECTS))
    named = f'\n[[situations]]\nname = "情形"\nwhen = "{draw(conditions())}"\n{effect}\n'
    text = SOURCE + ASKED + draw(st.sampled_from((best, GRADES + named, best + named)))
    proof = draw(st.sampled_from(("是", "否")))
    typed = [
        *marks(f"支部 | 评委 | 业绩\n{UNIT} | 一 | {draw(st.integers(50, 100))}", "评定"),
        *facts(f"支部 | 评委 | 规则 | 选项\n{UNIT} | 一 | 有证明 | {proof}", source="评定"),
        *facts(f"支部 | 评委 | 规则 | 数量\n{UNIT} | 一 | 培训 | {draw(st.integers(0, 5))}", source="评定"),
    ]
    return text, typed


@BOUNDED
@given(cases(), st.integers(1, 2))
def test_a_fact_taken_away_raises_no_grade_in_silence(case: tuple[str, list[Row]], place: int) -> None:
    text, typed = case
    scheme = standard(text)
    whole = scored(scheme, entries(typed), [UNIT])
    fewer = scored(scheme, entries([row for at, row in enumerate(typed) if at != place]), [UNIT])
    before, after = (found.column("computed")[0] for found in (whole, fewer))
    assert before in LABELS
    assert not whole.scores.problems
    if after != before:
        assert any(problem.unit == UNIT for problem in fewer.scores.problems), (before, after)
    if after in LABELS:
        assert LABELS.index(after) >= LABELS.index(before)
