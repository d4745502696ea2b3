import subprocess
import sys

HEAVY = ("pandas", "numpy", "xlsxwriter", "docx", "pydantic")


def test_the_reading_process_loads_no_heavy_library() -> None:
    told = f"import sys, dingji.read.child; print([name for name in {HEAVY!r} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
