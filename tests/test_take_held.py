"""`take` of what a spreadsheet program keeps beside an open book: it is no form, and nobody would read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.papers import ROSTER, SITUATIONS, good
from tests.workspaces import command, make_workspace


def test_a_file_kept_beside_an_open_book_is_not_put_into_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_workspace(tmp_path / "work", {ROSTER: good()[ROSTER]})
    held = tmp_path / f"~${SITUATIONS}"
    held.write_bytes(b"held")
    assert command(folder, "take", str(held), "--yes") == 2
    assert "临时文件" in capsys.readouterr().out
    assert [path.name for path in (folder / "input").iterdir()] == [ROSTER]
