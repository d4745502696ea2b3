"""Fuzzing for a night: `python -m tests.fuzz --minutes 60`; what does not end well is kept in `fuzz-findings`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from random import Random
from time import monotonic

FINDINGS = Path("fuzz-findings")
FORMS = 8
"""Spoilt forms a round: judged one by one, then laid into one folder together."""


def main() -> int:
    """Spoil, run and judge until the time is up; 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0, help="where to begin; every round takes the next")
    chosen = parser.parse_args()
    ends, seed, found = monotonic() + chosen.minutes * 60, chosen.seed, 0
    while monotonic() < ends:
        found += not _round(seed)
        seed += 1
        sys.stderr.write(f"\r{seed - chosen.seed} rounds, {found} findings")
    sys.stderr.write("\n")
    return 1 if found else 0


def _round(seed: int) -> bool:
    """Judge a few spoilt forms; keep them with the reason where they do not end well."""
    # Imported here: the reading process imports this module again, and has no room for all that comes with it.
    from tests.spoiling import judge, read_spoilt, run_whole, spoilt_form  # noqa: PLC0415

    random = Random(seed)
    files = [spoilt_form(random) for _ in range(FORMS)]
    try:
        readings = read_spoilt(files)
        for reading in readings:
            judge(reading)
        if all(problem.code == "E106" for reading in readings for problem in reading.problems):
            raise AssertionError("the reading process does not read")  # noqa: TRY301 - a finding like any other
        run_whole(dict(files))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        folder = FINDINGS / str(seed)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "why.txt").write_text(repr(error), encoding="utf-8")
        for number, (path, raw) in enumerate(files):
            (folder / f"{number}-{Path(path).name}").write_bytes(raw)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
