"""Forms of an earlier round may stay in input/: beside those of this round they are told, and do nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import five_good_case
from tests.five_good_case import case_files
from tests.workspaces import command, make_workspace, scheme


def files_of(label: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Return the worked case's forms of a round, those that serve every round left out."""
    with monkeypatch.context() as patch:
        patch.setattr(five_good_case, "ROUND", label)
        files = case_files(scheme(), mended=True, decided=False, previous=False)
    return {f"{label}/{path}": raw for path, raw in files.items() if "名册" not in path}


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = files_of("2025 年终", monkeypatch) | files_of("2026 年初", monkeypatch)
    roster = case_files(scheme(), previous=False)["党组织名册.xlsx"]
    return make_workspace(tmp_path / "both", {**files, "党组织名册.xlsx": roster})


def test_an_earlier_rounds_forms_do_nothing_beside_the_right_ones(
    both: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(both, "run") == 0
    out = capsys.readouterr().out
    assert "共5个党组织，5个已测算" in out
    assert "E112" not in out
    assert not list((both / "output" / "内部").glob("退回/*.xlsx"))
    page = (both / "output" / "内部" / "校验报告.html").read_text("utf-8")
    assert page.count("这是“2025 年终”的表，本轮的在 2026 年初/") == len(
        list((both / "input/2025 年终").rglob("*.xlsx"))
    )


def test_one_that_is_there_alone_is_a_mistake(both: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """一支部 handed in last round's form and none of this round: it is refused, and given back."""
    (own,) = (both / "input" / "2026 年初" / "自评表").glob("ZB01*")
    own.unlink()
    assert command(both, "run") == 1
    out = capsys.readouterr().out
    assert out.count("E112") == 1
    assert "1个待补（一支部）" in out
