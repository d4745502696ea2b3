"""The answer first: what decided, what else would hold, how far the next grade is, and a sum that can be worked out."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from dingji.numbers import fixed
from dingji.outcome import Outcome
from dingji.reports.answer import answer
from dingji.reports.answer_words import answer_lines
from dingji.reports.view import OutcomeView
from dingji.reports.weighed import next_bound
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from tests.case_books import Run
from tests.drawn import Row, decisions, entries, facts, marks, situations
from tests.outcome_example import example
from tests.random_standards import UNITS, Branch, Drawn, cases, roster_of, rows_of
from tests.small_standard import COMMITTEE, GRADES, HEAD, Scored, indicator, rules, scored, standard
from tests.worked_out import LINE, worked_out
from tests.workspaces import PROGRAM, command
from tests.workspaces import scheme as scheme_of


def outcome_of(scheme: Scheme, found: Scored) -> Outcome:
    """Return what scoring gave as an outcome."""
    scores = found.scores
    return replace(example(), schemes={scheme.id: scheme}, results=scores.results, trail=scores.trail)


def told(scheme: Scheme, found: Scored, unit: str) -> list[str]:
    return answer_lines(answer(OutcomeView(outcome_of(scheme, found)), unit))


def recomputes(lines: list[str]) -> int:
    """Hold every sum against the figure that it prints; return how many there are."""
    sums = [line for line in lines if line.startswith((LINE, "其中")) and not line.startswith(f"{LINE}因“")]
    for line in sums:
        whole, shown = worked_out(line)
        assert whole == shown, line
    return len(sums)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_any_standard_gives_an_answer_whose_sum_comes_to_the_printed_composite(
    case: tuple[Drawn, tuple[Branch, ...]],
) -> None:
    drawn, branches = case
    scheme, _ = load_scheme((HEAD + drawn.toml()).encode())
    assert scheme is not None
    units = UNITS[: len(branches)]
    found = scored(scheme, entries(rows_of(drawn, branches)), units, roster=roster_of(branches))
    for unit, row in found.by_unit.items():
        lines = told(scheme, found, unit)
        assert lines[0].startswith(f"测算等次：{row['computed'] or '未定级'}　")
        assert recomputes(lines) == 1
        summed = next(line for line in lines if line.startswith(LINE)).split(" → ")[0]
        assert fixed(row["composite"], 2) in (str(worked_out(summed)[1]), summed.rpartition("改为 ")[2]), summed


ROUND = GRADES + COMMITTEE + 'marks = "indicators"\n' + indicator("班子", 100)
"""One mark of a hundred, and the grades."""


def only(text: str, drawn: str, *more: list[Row], **known: Any) -> list[str]:  # noqa: ANN401 - see `scored`
    """Return the answer for 甲 of branches whose 班子 is drawn."""
    return answer_lines(answer(view_of(text, drawn, *more, **known), "甲"))


def view_of(text: str, drawn: str, *more: list[Row], **known: Any) -> OutcomeView:  # noqa: ANN401 - see `scored`
    scheme = standard(text)
    given_ = "\n".join(f"{line} | 一" for line in drawn.split("；"))
    marked = marks(f"支部 | 班子 | 评委\n{given_}", "评定")
    return OutcomeView(outcome_of(scheme, scored(scheme, entries(marked, *more), **known)))


def situation(name: str, effect: str, when: str = "") -> str:
    return f'[[situations]]\nname = "{name}"\n{f"when = {when!r}" if when else ""}\n{effect}\n'


DECLARED = "支部 | 情形\n甲 | 案件"
VETO = ROUND + situation("案件", 'grade = "差"')
CASES: tuple[tuple[str, str, str, tuple[str, str]], ...] = (
    (ROUND, "甲 | 89.65", "", ("测算等次：较好　综合得分 89.65，达到“较好”的 80 分", "差0.35分到“好”（90 分）")),
    (ROUND, "甲 | 95", "", ("测算等次：好　综合得分 95.00，达到“好”的 90 分", "算式：评定 95 ＝ 95.00 → 好")),
    (ROUND, "甲 | 50", "", ("测算等次：差　综合得分 50.00，不到“一般”的 60 分", "差10分到“一般”（60 分）")),
    (
        VETO,
        "甲 | 92",
        DECLARED,
        (
            "测算等次：差　案件（申报，办公室已确认），否决：差",
            "分数已够“好”（综合得分 92.00，达到“好”的 90 分），因“案件”为“差”",
        ),
    ),
    (
        VETO,
        "甲 | 50",
        DECLARED,
        ("测算等次：差　综合得分 50.00，不到“一般”的 60 分", "另有“案件”，没有改变等次"),
    ),
    (
        ROUND + situation("案件", 'at_most = "一般"'),
        "甲 | 70",
        DECLARED,
        ("测算等次：一般　综合得分 70.00，达到“一般”的 60 分", "另有“案件”，没有改变等次"),
    ),
    (
        ROUND + situation("案件", 'at_least = "较好"'),
        "甲 | 70",
        DECLARED,
        (
            "测算等次：较好　案件（申报，办公室已确认），直接定级：较好",
            "只看分数为“一般”：综合得分 70.00，达到“一般”的 60 分",
        ),
    ),
    (
        ROUND + '[[quotas]]\ngrade = "好"\nat_most = 1\n',
        "甲 | 91；乙 | 95",
        "",
        (
            "测算等次：较好　好不超过1个，由“好”降为“较好”",
            "分数已够“好”（综合得分 91.00，达到“好”的 90 分），因名额（好不超过1个）为“较好”",
        ),
    ),
    (
        ROUND + '[[quotas]]\ngrade = "好"\nat_most = 1\n',
        "甲 | 88；乙 | 95",
        "",
        ("测算等次：较好　综合得分 88.00，达到“较好”的 80 分", "差2分到“好”（90 分），另看名额"),
    ),
    (
        ROUND.replace("from = 90", 'from = 90\nwhen = "党员数 >= 5"'),
        "甲 | 93",
        "",
        (
            "测算等次：较好　综合得分 93.00，达到“较好”的 80 分，不符合“好”的条件（党员数 ≥ 5）",
            "分数已够“好”，还要符合党员数 ≥ 5",
        ),
    ),
)


@pytest.mark.parametrize(("text", "drawn", "declared", "lines"), CASES)
def test_two_lines_tell_what_decided_and_what_else_would_hold(
    text: str, drawn: str, declared: str, lines: tuple[str, str]
) -> None:
    members = [Fraction(3)] * (1 + drawn.count("；"))
    view = view_of(text, drawn, situations(declared) if declared else [], roster={"党员数": members})
    told = answer(view, "甲")
    found = answer_lines(told)
    assert told is not None
    assert tuple(found[:2]) == lines
    assert recomputes(found) == 1
    lacking = re.match("差(.+分)到", lines[1])
    if not lines[1].startswith("只看分数"):  # that line has no room for the gap
        assert next_bound(told.gap, borderline=True) == (f"{lacking[1]}，临界" if lacking else "临界")


def test_a_decision_stands_before_the_computed_grade() -> None:
    decided = decisions("支部 | 审定等次 | 理由\n甲 | 好 | 进步明显")
    assert only(VETO, "甲 | 92", situations(DECLARED), decided)[:2] == [
        "审定等次：好　党委研究确定，理由：进步明显",
        "测算等次：差　案件（申报，办公室已确认），否决：差",
    ]
    same = decisions("支部 | 审定等次\n甲 | 好")
    assert only(ROUND, "甲 | 92", same)[0] == "审定等次：好　党委研究确定，与测算等次相同"


def test_what_withholds_a_grade_is_told() -> None:
    """不定等次 is told with its situation; what the composite alone gives stands below."""
    young = situation("未满一年", 'no_grade = "不定等次"', "党员数 < 5")
    found = only(ROUND + young, "甲 | 92", roster={"党员数": [Fraction(3)]})
    assert found[:2] == [
        "测算等次：不定等次　未满一年（党员数 < 5；党员数＝3）",
        "只看分数为“好”：综合得分 92.00，达到“好”的 90 分",
    ]


def test_who_is_waited_for_stands_in_the_first_line() -> None:
    found = only(ROUND, "甲 | –", absent={"甲": ["评定表未报：评委一"]})
    assert found == ["测算等次：未定级　评定表未报：评委一", "指标：班子 缺/100：评定 缺"]


PETITIONS = 'points = -5\nof = "党员数 - 1"'
ADJUSTED = (
    (
        ROUND + situation("系数", "factor = 1.05", "党员数 > 0") + situation("信访", PETITIONS, "党员数 > 0"),
        "（评定 88.5）×系数 1.05 − 信访 5×2 ＝ 82.93（82.925 四舍五入）",
    ),
    (
        "max = 90\n" + ROUND + situation("系数", "factor = 1.05", "党员数 > 0"),
        "（评定 88.5）×系数 1.05 ＝ 90.00（92.925，以 90 为限）",
    ),
    (ROUND + situation("清零", "score = 0", "党员数 > 0"), "评定 88.5 ＝ 88.50；因“清零”改为 0.00"),
)


@pytest.mark.parametrize(("text", "summed"), ADJUSTED)
def test_what_situations_make_of_the_composite_is_in_the_sum(text: str, summed: str) -> None:
    found = only(text, "甲 | 88.5", roster={"党员数": [Fraction(3)]})
    line = next(one for one in found if one.startswith(LINE))
    assert line.removeprefix(LINE).split(" → ")[0] == summed
    assert recomputes(found) == 1


# --- rounds -----------------------------------------------------------------------------------------------

QUARTERS = 'rounds = { "一季" = "%s%%", "二季" = "%s%%", "三季" = "%s%%" }\n'
BONUS = '[[indicators]]\nname = "奖励"\nbonus = true\nmax = 10\n' + rules('name = "表彰", once = 5')
FOUR = 'rounds = { "一季" = "25%", "二季" = "25%", "三季" = "25%", "四季" = "25%" }\n'
YEARS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        QUARTERS % (20, 30, 50),
        "90 80.5 70",
        ("一季 90×20% ＋ 二季 80.5×30% ＋ 三季 70×50% ＝ 77.15", "评定 90 ＝ 90", "评定 80.5 ＝ 80.5", "评定 70 ＝ 70"),
    ),
    (
        FOUR + "drop_lowest = 1\n",
        "90 80 70",
        ("一季 90×50% ＋ 二季 80×50% ＝ 85.00", "评定 90 ＝ 90", "评定 80 ＝ 80", "评定 70 ＝ 70"),
    ),
    (
        FOUR,
        "91 80 70",
        (
            "（一季 91 ＋ 二季 80 ＋ 三季 70）÷3 ＝ 80.33（80.3333… 四舍五入）",
            *("评定 91 ＝ 91", "评定 80 ＝ 80", "评定 70 ＝ 70"),
        ),
    ),
    (
        QUARTERS % (100, 100, 100),
        "30 20 35",
        ("一季 30 ＋ 二季 20 ＋ 三季 40 ＝ 90.00", "评定 30 ＝ 30", "评定 20 ＝ 20", "评定 35 ＋ 加分 5 ＝ 40"),
    ),
    (
        QUARTERS % (20, 30, 50),
        "80 80 80",
        ("一季 80×20% ＋ 二季 80×30% ＋ 三季 80×50% ＋ 三季加分 5 ＝ 85.00", *["评定 80 ＝ 80"] * 3),
    ),
)


@pytest.mark.parametrize(("rounds", "drawn", "sums"), YEARS)
def test_a_year_is_told_round_by_round(rounds: str, drawn: str, sums: tuple[str, ...]) -> None:
    """A mean takes the rounds without their bonus and adds it once; rounds that are summed have it in them."""
    claimed = any("加分" in line for line in sums)
    scheme = standard(rounds + ROUND + (BONUS if claimed else ""))
    rows = [
        {**row, "round": name}
        for name, mark in zip(("一季", "二季", "三季"), drawn.split(), strict=True)
        for row in marks(f"支部 | 评委 | 班子\n甲 | 一 | {mark}", "评定")
    ]
    claims = facts("支部 | 规则 | 选项\n甲 | 表彰 | 是", "bonus") if claimed else []
    rows += [{**row, "round": "三季"} for row in claims]
    found = told(scheme, scored(scheme, entries(rows), round_name="三季"), "甲")
    told_sums = (line.partition("：")[2] for line in found if line.startswith((LINE, "其中")))
    assert tuple(line.rpartition("；")[2].split(" → ")[0] for line in told_sums) == sums
    assert recomputes(found) == len(sums)


# --- shipped standards through the program ----------------------------------------------------------------

SHIPPED = ("five-good", "three-party", "seven-indicators", "responsibility", "service", "star-branch")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_sum_of_every_branch_comes_to_its_composite(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "演示"
    assert command(PROGRAM, "demo", str(folder), "--scheme", name, "--branches", "3") == 0
    assert command(folder, "run") == 0
    for code, row in Run(folder, 0).overview.items():
        capsys.readouterr()
        assert command(folder, "explain", code) == 0
        lines = capsys.readouterr().out.splitlines()
        assert recomputes(lines) >= 1
        summed = next(line for line in lines if line.startswith(LINE))
        assert worked_out(summed)[0] == pytest.approx(Decimal(str(row["综合得分"])))
        assert lines[1].startswith(f"测算等次：{row['测算等次']}　" if scheme_of(name).grades else "综合得分：")
        assert any(line.startswith("计算过程：") for line in lines)


def test_an_indicator_at_face_value_of_a_source_without_weight_has_a_figure_and_conditions_read_it() -> None:
    department = '[[sources]]\nname = "组织科"\nform = "committee"\nmarks = "indicators"\n'
    text = (
        GRADES + department + indicator("阵地", 100, 'by = "组织科"') + situation("欠缺", 'grade = "差"', "阵地 < 95")
    )
    scheme = standard(text)
    found = told(scheme, scored(scheme, entries(marks("支部 | 评委 | 阵地\n甲 | 一 | 92", "组织科"))), "甲")
    assert found[0] == "测算等次：差　欠缺（阵地 < 95），否决：差"
    assert found[2:] == ["算式：阵地 92 ＝ 92.00 → 好", "指标：阵地 92/100：组织科 92"]
