"""Run a measurement by its name: `python -m benchmarks hostile_folder 文件夹`, `python -m benchmarks reading`.

Nothing is imported before it is known what to measure: a reading process begins by importing what started the
program, and its memory is measured.
"""

from __future__ import annotations

import sys
from importlib import import_module

NAMES = ("hostile_folder", "reading")

if __name__ == "__main__":
    if sys.argv[1:2] not in [[name] for name in NAMES]:
        sys.exit(f"python -m benchmarks {'|'.join(NAMES)}")
    sys.exit(import_module(f"benchmarks.{sys.argv[1]}").main(sys.argv[2:]))
