"""What starts a run, and what reads, is light: pandas is loaded while others read."""

import subprocess
import sys

import pytest

HEAVY = ("pandas", "numpy", "xlsxwriter", "docx", "pydantic")


@pytest.mark.parametrize(
    ("modules", "heavy"),
    [
        ("dingji.read.child", HEAVY),
        ("dingji.cli.reading, dingji.reports.publish", HEAVY),
        ("dingji.cli.folders, dingji.received", HEAVY[:-1]),
    ],
)
def test_no_heavy_library_is_loaded(modules: str, heavy: tuple[str, ...]) -> None:
    told = f"import sys, {modules}; print([name for name in {heavy!r} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
