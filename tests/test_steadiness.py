"""临界提示: planted cases are named, honest raters are left alone, and every grade said to change does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from dingji.outcome import Outcome
from dingji.reports.steady_sheet import steady_tables
from dingji.reports.view import OutcomeView
from dingji.round_days import Round
from dingji.scheme.model import Source
from dingji.scoring.basis import Basis
from dingji.steadiness.blocs import blocs
from dingji.steadiness.ratings import Floats, Ratings, agreement, rater_notes
from dingji.steadiness.steady import steadiness
from tests.drawn import Row, marks, tally
from tests.drawn_groups import drawn_basis
from tests.outcome_example import example
from tests.small_standard import BOTH, COMMITTEE, GRADES, indicator
from tests.test_lifts import basis_of
from tests.workspaces import PROGRAM, command, scheme

PEERS = [f"甲{number:02}" for number in range(12)]


def ratings(table: Floats, form: str = "committee", raters: Sequence[str] = ()) -> Ratings:
    """Return marks of a hundred, [branch, rater]."""
    units = [f"甲{number:02}" for number in range(len(table))]
    source = Source.model_validate({"name": "评定", "form": form})
    names = list(raters) or [f"评{number}" for number in range(table.shape[1])]
    return Ratings(source, units, names, {"总分": table}, {"总分": 100.0})


def honest(random: np.random.Generator, branches: int, raters: int, noise: float = 3) -> Floats:
    """Draw raters who differ a little in severity and see the same worth."""
    worth, severity = random.normal(85, 5, (branches, 1)), random.normal(0, 1, (1, raters))
    return np.round(2 * (worth + severity + random.normal(0, noise, (branches, raters)))) / 2


def peers(random: np.random.Generator) -> Floats:
    table = honest(random, 12, 12)
    np.fill_diagonal(table, np.nan)  # none rates itself
    return table


def test_planted_raters_are_named() -> None:
    for seed in range(20):
        random = np.random.default_rng(seed)
        table = honest(random, 20, 7)
        table[:, 2] -= 9
        table[:, 4] = 88 + random.integers(0, 2, 20) / 2
        table[:, 5] += random.normal(0, 12, 20)
        told = {note.rater: note.kind for note in rater_notes(ratings(table))}
        assert told["评2"] == "severe"
        assert told["评4"] == "flat"
        assert told["评5"] == "far"
        assert set(told) == {"评2", "评4", "评5"}


def test_a_bloc_of_four_among_twelve_is_named() -> None:
    for seed in range(20):
        table = peers(np.random.default_rng(seed))
        table[np.ix_([1, 4, 7, 10], [1, 4, 7, 10])] += 10
        (found,) = blocs(ratings(table, "peer", PEERS))
        assert set(found.units) == {"甲01", "甲04", "甲07", "甲10"}
        assert 7 < found.points < 13


def test_honest_raters_are_left_alone() -> None:
    """Of 200 honest draws: two of 1,400 raters are named, and no group in 200 rounds of 互评."""
    random = np.random.default_rng(5)
    told = [note for _ in range(200) for note in rater_notes(ratings(honest(random, 12, 7)))]
    groups = [bloc for _ in range(200) for bloc in blocs(ratings(peers(random), "peer", PEERS))]
    assert len(told) <= 2, told
    assert not groups


def test_agreement_of_the_published_example() -> None:
    """K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): four coders, twelve units, interval 0.849."""
    drawn = """
        1 2 3 3 2 1 4 1 2 . . .
        1 2 3 3 2 2 4 1 2 5 . 3
        . 3 3 3 2 3 4 2 2 5 1 .
        1 2 3 3 2 4 4 1 2 5 1 .
    """
    rows = [
        [np.nan if cell == "." else float(cell) for cell in line.split()] for line in drawn.split("\n") if line.strip()
    ]
    assert agreement(np.array(rows).T) == pytest.approx(0.849, abs=0.0005)


# --- outcomes ---------------------------------------------------------------------------------------------


def outcome_of(basis: Basis) -> Outcome:
    scores, base = basis.scored(), example()
    settings = base.settings.model_copy(update={"round": Round(year=2026, name=basis.round_name)})
    schemes = {group.scheme.id: group.scheme for group in basis.groups}
    return replace(base, settings=settings, schemes=schemes, results=scores.results, trail=scores.trail, basis=basis)


@pytest.mark.parametrize("name", ["five-good", "three-party", "seven-indicators", "service"])
def test_intervals_hold_the_printed_place(name: str) -> None:
    basis = drawn_basis(scheme(name), 60, 3)
    outcome = outcome_of(basis)
    found = steadiness(outcome)
    pairs = zip(outcome.results["unit"], outcome.results["place"], strict=True)
    places = {unit: int(place) for unit, place in pairs if place is not None}
    assert set(found.places) == set(places)
    assert all(found.places[unit].best <= place <= found.places[unit].worst for unit, place in places.items())
    assert any(interval.best < interval.worst for interval in found.places.values())
    assert found == steadiness(outcome)


ONE = GRADES + COMMITTEE + 'marks = "indicators"\n' + indicator("班子", 100)


def hung(text: str, *rows: Sequence[Row]) -> dict[str, list[tuple[str, ...]]]:
    found = steadiness(outcome_of(basis_of(text, *rows)))
    return {unit: [tuple(hang) for hang in map(_told, own)] for unit, own in found.hangs.items()}


def _told(hang: object) -> tuple[str, ...]:
    return tuple(str(getattr(hang, name)) for name in ("kind", "source", "what", "grade"))


def test_a_grade_hangs_on_one_rater_or_on_rounding() -> None:
    marked = marks(
        "支部 | 班子 | 评委\n甲 | 91 | 一\n甲 | 91 | 二\n甲 | 87 | 三\n乙 | 95 | 一\n乙 | 96 | 二\n乙 | 94 | 三", "评定"
    )
    assert hung(ONE, marked) == {"甲": [("rater", "评定", "三", "好")]}
    thirds = marks("支部 | 班子 | 评委\n甲 | 89.99 | 一\n甲 | 90 | 二\n甲 | 89.999 | 三", "评定")
    assert ("rounding", "", "", "较好") in hung(ONE, thirds)["甲"]


def test_a_grade_hangs_on_one_ballot_or_on_weights() -> None:
    marked = marks("支部 | 班子 | 评委\n甲 | 83 | 一\n乙 | 80 | 一", "评定")
    votes = tally("支部 | 项目 | 好 | 差\n甲 | 总评 | 19 | 1\n乙 | 总评 | 100 | 0", "测评")
    found = hung(BOTH, marked, votes)
    assert ("ballot", "测评", "1张“差”改为“好”", "好") in found["甲"]
    assert not [one for one in found["甲"] if one[0] == "weight"]  # 83×45% ＋ 95×55% ＝ 89.6
    assert found["乙"] == [("weight", "评定", "测评", "较好"), ("ballot", "测评", "1张“好”改为“差”", "较好")]


def test_the_sheet_stands_in_the_office_s_book_alone(tmp_path: Path) -> None:
    folder = tmp_path / "演示"
    assert command(PROGRAM, "demo", str(folder), "--branches", "8") == 0
    assert command(folder, "run") in (0, 1)
    book = load_workbook(folder / "output/内部/分类定级结果.xlsx", read_only=True)
    told = [str(cell) for row in book["临界提示"].iter_rows(values_only=True) for cell in row if cell is not None]
    assert "名次范围" in told
    assert any("不改变任何分数和等次" in cell for cell in told)
    others = [path for path in folder.glob("output/*/*.xlsx") if path.parent.name != "内部"]
    assert others
    assert not any("临界提示" in load_workbook(path, read_only=True).sheetnames for path in others)


def test_sentences_tell_what_hangs() -> None:
    marked = marks(
        "支部 | 班子 | 评委\n甲 | 91 | 一\n甲 | 91 | 二\n甲 | 87 | 三\n乙 | 95 | 一\n乙 | 96 | 二\n乙 | 94 | 三", "评定"
    )
    outcome = outcome_of(basis_of(ONE, marked))
    branches = example().branches.iloc[:2].assign(unit=["甲", "乙"])
    (table, *_) = steady_tables(OutcomeView(replace(outcome, branches=branches)))
    row = dict(zip(table.headings, table.texts()[0], strict=True))
    assert row["距界限"] == "低于“好”0.33分"
    assert row["等次取决于"] == "不计评定中三的评分，为“好”"
