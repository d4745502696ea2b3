"""The language of conditions: exact arithmetic, three-valued logic, and where reading stops when it cannot go on."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingji.scheme.condition_values import Column, evaluate, places
from dingji.scheme.conditions import ConditionError, Value, names_in, parse
from tests.drawn import fractions


def one(condition: str, **names: Value) -> Value:
    """Evaluate for a single branch."""
    return evaluate(parse(condition), {name: [value] for name, value in names.items()}.__getitem__, 1)[0]


def column(condition: str, **columns: Column) -> Column:
    """Evaluate for several branches."""
    return evaluate(parse(condition), columns.__getitem__, len(next(iter(columns.values()))))


@pytest.mark.parametrize(
    ("formula", "figure"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("24 / 4 / 2", "3"),
        ("2 * -3", "-6"),
        ("−3 − −5", "2"),
        ("- (1 + 2)", "-3"),
        ("1/3", "1/3"),
        ("90%", "9/10"),
        ("12.5% + 0.5%", "13/100"),
        ("0.1 + 0.2", "3/10"),
        ("1.5", "3/2"),
        ("0 / 0", "1"),
        ("(2 - 2) / (3 - 3)", "1"),
    ],
)
def test_arithmetic_is_exact_and_binds_as_at_school(formula: str, figure: str) -> None:
    assert one(formula) == Fraction(figure)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("2 = 2", True),
        ("2 != 2", False),
        ("2 < 2", False),
        ("2 <= 2", True),
        ("2 > 1", True),
        ("2 >= 3", False),
        ("'好' = '好'", True),
        ("'好' != '差'", True),
        ("'好' in ('好', '较好')", True),
        ("2 in (1, 1 + 1)", True),
        ("'差' in ('好')", False),
        ("1/3 = 1/3", True),
        ("90% = 0.9", True),
        ("not 1 = 2", True),
        ("not not 1 = 2", False),
        ("1 = 1 or 1 = 2 and 1 = 2", True),
        ("(1 = 1 or 1 = 2) and 1 = 2", False),
        ("not 1 = 1 or 1 = 1", True),
        ("not (1 = 1 or 1 = 1)", False),
        ("1 + 1 = 2 and 2 * 2 > 3", True),
        ("'1' = 1", False),
    ],
)
def test_comparisons_and_words(condition: str, *, holds: bool) -> None:
    assert one(condition) is holds


YES, NO, MISSING = True, False, None
SHOWN = {True: "是", False: "否", None: "缺"}


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (YES, YES, YES, YES),
        (YES, NO, NO, YES),
        (YES, MISSING, MISSING, YES),
        (NO, NO, NO, NO),
        (NO, MISSING, NO, MISSING),
        (MISSING, MISSING, MISSING, MISSING),
    ],
    ids=lambda value: SHOWN[value],
)
def test_missing_stays_missing_unless_the_other_side_settles_it(
    left: Value, right: Value, both: Value, either: Value
) -> None:
    assert one("a and b", a=left, b=right) is one("a and b", a=right, b=left) is both
    assert one("a or b", a=left, b=right) is one("a or b", a=right, b=left) is either


@pytest.mark.parametrize(
    "condition",
    ["not x", "x + 1", "1 - x", "x * 0", "0 / x", "-x", "x < 1", "x >= 1", "x = 1", "x != 1", "x in (1, 2)", "x in (x)",
     "3 in (1, x)", "5 / 0", "x / 0", "'字' + 1", "'字' < 1"],
)  # fmt: skip
def test_what_reads_a_missing_figure_is_missing(condition: str) -> None:
    assert one(condition, x=None) is None


def test_a_choice_that_is_found_needs_no_other() -> None:
    assert one("1 in (1, x)", x=None) is True


def test_every_branch_has_its_own_value() -> None:
    assert column("x > 1 and 类别 = '机关'", x=list(map(Fraction, (1, 2, 3))), 类别=["机关", "机关", "临床"]) == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("formula", "figures", "expected"),
    [
        ("最高(x)", "3 7 5", "7 7 7"),
        ("最低(x)", "3 7 5", "3 3 3"),
        ("名次(x)", "3 7 5 7", "4 1 3 1"),
        ("名次(-x)", "3 7 5", "1 3 2"),
        ("x / 最高(x)", "5 10", "1/2 1"),
        ("最高(x) - 最低(x)", "3 7 5", "4 4 4"),
        ("最低(x) / x", "0 4", "1 0"),
        ("平均(x)", "3 7 6", "16/3 16/3 16/3"),
        ("x / 平均(x)", "3 5", "3/4 5/4"),
        ("较大(x, 5)", "3 7 5", "5 7 5"),
        ("较小(x, 5, 2 + 2)", "3 7 5", "3 4 4"),
        ("较大(x, 平均(x))", "3 7 5", "5 7 5"),
    ],
)
def test_functions_look_at_the_whole_group(formula: str, figures: str, expected: str) -> None:
    assert column(formula, x=list(fractions(figures))) == fractions(expected)


@pytest.mark.parametrize("function", ["最高", "最低", "平均", "名次"])
def test_a_figure_over_the_group_is_missing_while_one_branch_has_none(function: str) -> None:
    assert column(f"{function}(x)", x=[Fraction(3), None, Fraction(5)]) == [None] * 3


def test_those_below_are_not_known_where_nobody_tells_who_they_are() -> None:
    assert column("下级平均(x) > 1", x=[Fraction(3)]) == [None]


@pytest.mark.parametrize("function", ["较大", "较小"])
def test_the_greater_of_figures_is_missing_while_one_is(function: str) -> None:
    assert column(f"{function}(x, 1)", x=[Fraction(3), None]) == [Fraction(3 if function == "较大" else 1), None]


def test_places_after_a_tie_are_skipped() -> None:
    assert places(fractions("90 80 80 70")) == [1, 2, 2, 4]


@pytest.mark.parametrize(
    ("condition", "position"),
    [
        ("", 0),
        ("满意率 <", 5),
        ("满意率 < 90 分", 9),
        ("满意率 ＜ 90%", 4),
        ("满意率 ≥ 90%", 4),
        ("x in '好'", 5),
        ("x in ()", 6),
        ("(x + 1", 6),
        ("x + 1)", 5),
        ("x = '好", 4),
        ("合计(x)", 0),
        ("x > 1 合计(x)", 6),
        ("平均(x, y)", 4),
        ("较大(x)", 4),
        ("60 <= x < 90", 8),
        ("and x", 0),
        ("x == 1", 3),
        ("x  “好”", 3),
        ("1..2", 1),
    ],
)
def test_an_error_tells_where_reading_stopped(condition: str, position: int) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(condition)
    assert caught.value.position == position


def test_names_are_found_wherever_they_stand() -> None:
    node = parse("(党群评分.满意率 < 90% or not 类别 in ('机关', 层级)) and 名次(x) / 最高(y) = 1")
    assert names_in(node) == {"党群评分.满意率", "类别", "层级", "x", "y"}


def test_a_name_that_begins_like_a_word_is_a_name() -> None:
    assert names_in(parse("order and android or inner")) == {"order", "android", "inner"}


NUMBERS = st.fractions(0, 100, max_denominator=8).filter(lambda number: (number * 1000).denominator == 1)


def _written(number: Fraction) -> str:
    return f"{float(number):.3f}"


Drawn = tuple[str, Fraction | None]


def _joined(parts: tuple[Drawn, str, Drawn]) -> Drawn:
    """Write a formula in brackets and work it out with fractions."""
    (left_text, left), operator, (right_text, right) = parts
    text = f"({left_text} {operator} {right_text})"
    if left is None or right is None:
        return text, None
    if operator == "/":
        return text, left / right if right else None if left else Fraction(1)
    return text, {"+": left + right, "-": left - right, "*": left * right}[operator]


FORMULAS = st.recursive(
    NUMBERS.map(lambda number: (_written(number), number)),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(_joined),
    max_leaves=12,
)


@given(FORMULAS)
def test_any_arithmetic_equals_fractions(formula: Drawn) -> None:
    text, expected = formula
    assert one(text) == expected


@given(st.lists(st.tuples(st.sampled_from("+-*"), NUMBERS), min_size=1, max_size=8), NUMBERS)
def test_without_brackets_products_come_first_and_the_rest_from_the_left(
    rest: list[tuple[str, Fraction]], first: Fraction
) -> None:
    text, terms = _written(first), [first]
    for operator, number in rest:
        text += f" {operator} {_written(number)}"
        if operator == "*":
            terms[-1] *= number
        else:
            terms.append(number if operator == "+" else -number)
    assert one(text) == sum(terms)
