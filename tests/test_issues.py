"""主要问题: the largest losses first, told by what was found, never against a situation beside it."""

from __future__ import annotations

import pytest

from tests.case_books import Run
from tests.five_good_case import case_files
from tests.workspaces import command, make_workspace, scheme


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """Return 一览表 of the worked case by 党组织编码."""
    folder = make_workspace(tmp_path_factory.mktemp("issues"), case_files(scheme(), mended=True))
    assert command(folder, "run") == 0
    return Run(folder, 0).sheet("一览表")


def test_what_was_found_is_told_without_points_that_are_more_than_was_lost(printed: dict[str, dict[str, str]]) -> None:
    told = str(printed["ZB04"]["主要问题"])
    assert told.startswith("工作机制好（")
    assert "（制度未落实5项、组织生活6次、无年度活动计划等4项）" in told


def test_an_indicator_that_a_situation_reads_is_not_told_by_another_figure(printed: dict[str, dict[str, str]]) -> None:
    """The veto reads the survey's mark; the blend of all sources beside it would contradict it."""
    assert "群众反映好低于12分" in str(printed["ZB03"]["直接定级或限档情形"])
    assert printed["ZB03"]["主要问题"] == "群众反映好（满意率65%）"


def test_a_good_branch_has_none(printed: dict[str, dict[str, str]]) -> None:
    assert not printed["ZB01"]["主要问题"]
