"""A branch that another standard grades now: what was filled in on forms of the one before counts for nothing."""

from __future__ import annotations

from pathlib import Path

from dingji.pipeline import run
from dingji.problems import describe
from dingji.settings import StandardChoice
from dingji.tables import records
from dingji.workspace import Workspace
from tests.make_demonstration import demonstration
from tests.workspaces import PROGRAM, make_workspace

MOVED = "机关"


def test_forms_of_the_standard_before_are_named_and_not_counted(tmp_path: Path) -> None:
    """The other standard calls its sources and indicators alike, so nothing else would tell."""
    folder = make_workspace(tmp_path / "w", demonstration())
    before = run(Workspace(folder)).outcome
    moved = before.branches.loc[before.branches["category"] == MOVED, "unit"].tolist()
    assert 0 < len(moved) < len(before.branches)
    own = (PROGRAM / "schemes/five-good.toml").read_text("utf-8")
    (folder / "schemes/other.toml").write_text(own.replace('id = "five-good"', 'id = "other"'), "utf-8")
    config = folder / "config.toml"
    told = config.read_text("utf-8")
    config.write_text(told.replace("[standard]\n", f'[standard]\nby_category = {{ "{MOVED}" = "other" }}\n'), "utf-8")

    outcome = run(Workspace(folder)).outcome

    assert outcome.settings.standard == StandardChoice(default="five-good", by_category={MOVED: "other"})
    graded = {row["unit"]: row["computed"] for row in records(outcome.results)}
    assert [graded[unit] for unit in moved] == [""] * len(moved)
    alone = {row["unit"]: row["computed"] for row in records(before.results) if row["unit"] not in moved}
    assert {unit: grade for unit, grade in graded.items() if unit not in moved} == alone
    named = {(problem.file.partition("/")[0], problem.unit) for problem in outcome.problems if problem.code == "E110"}
    assert {unit for _, unit in named} == set(moved)
    assert {kind for kind, _ in named} >= {"自评表", "测评表", "评定表"}
    assert all("换用本次发放的表" in describe(problem).mend for problem in outcome.problems if problem.code == "E110")
