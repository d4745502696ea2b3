"""How long every file of the folder of faults takes to read, and how much memory: `python -m benchmarks.faults`.

Each file is read alone in the reading process, started beforehand; one that ends the process is asked for once more by
the run, which is counted too. The goal: no file above a second, all processes of a run below 512 MB.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
SLOWEST = 10
PEAK = """
import resource, sys
from pathlib import Path
from dingji.cli.main import main
main(["--workspace", sys.argv[1]], Path.cwd())
for name, who in (("主进程", resource.RUSAGE_SELF), ("读表进程", resource.RUSAGE_CHILDREN)):
    print(f"{name} 内存峰值 {resource.getrusage(who).ru_maxrss / 1024:.0f} MB")
"""


def main() -> None:
    """Make the folder, time each file, run the whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scheme", default="five-good")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder) / "练习", ROOT / "schemes" / f"{chosen.scheme}.toml")


def measure(target: Path, scheme: Path) -> None:
    """Print the slowest files, and the peak memory of a run on all of them."""
    # Imported here: the reading process imports this module again.
    from dingji.demo import write_demo

    say(write_demo(target, scheme, 5, 3, 1, faults=True)[0])
    times = sorted(read_one_by_one(target), reverse=True)
    say(f"共 {len(times)} 个文件；最慢的 {SLOWEST} 个：")
    for seconds, path in times[:SLOWEST]:
        say(f"{seconds * 1000:8.1f} ms  {path}")
    if sys.platform != "win32":
        arguments = [sys.executable, "-X", "utf8", "-c", PEAK, str(target)]
        done = subprocess.run(arguments, cwd=ROOT, check=True, capture_output=True, encoding="utf-8")  # noqa: S603
        say("\n".join(done.stdout.splitlines()[-2:]))


def read_one_by_one(target: Path) -> list[tuple[float, str]]:
    """Return the seconds that every file takes, and its path."""
    from dingji.engine.inputs import find_files
    from dingji.engine.readers import FILE_SECONDS, ReadingProcess
    from dingji.pipeline import prepare
    from dingji.workspace import Workspace

    workspace = Workspace(target)
    child = ReadingProcess(prepare(workspace).plan)
    jobs = find_files(workspace.inputs)
    times = []
    child.ask(jobs[:1], FILE_SECONDS)
    for job in jobs:
        started = perf_counter()
        answer = child.ask([job], FILE_SECONDS)
        times.append((perf_counter() - started, job[1]))
        if answer is None:
            child.ask(jobs[:1], FILE_SECONDS)  # starts another, for the next file
    child.stop()
    return times


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
