"""The demonstration committed in input/ is what the worked case writes today."""

from __future__ import annotations

from pathlib import Path

from dingji.seal import inflated
from tests.five_good_case import BRANCHES, RATERS
from tests.make_demonstration import ROOT, demonstration


def test_input_holds_the_demonstration_as_written_today() -> None:
    files = demonstration()
    assert len(files) == 3 + 2 * len(BRANCHES) + len(RATERS)
    differing = [path for path, raw in files.items() if _parts(ROOT / "input" / path) != inflated(raw)]
    assert differing == [], "python -m tests.make_demonstration writes them anew"


def _parts(path: Path) -> dict[str, bytes]:
    return inflated(path.read_bytes()) if path.is_file() else {}
