"""Where the time of a run goes: every function's own time, added up by room or library."""

from __future__ import annotations

import cProfile
import pstats
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

ROOMS, FUNCTIONS = 12, 15
PROGRAM = Path(__file__).resolve().parent.parent
LIBRARIES = Path(sysconfig.get_path("purelib"))
Place = tuple[str, int, str]


def profile_lines(folder: Path) -> list[str]:
    """Profile reading all files, then a run (whose reading is done elsewhere), and return both as Markdown."""
    return [
        *_profiled("读表（在本进程内）", lambda: _read(folder)),
        "",
        *_profiled("run 的主进程", lambda: _run(folder)),
    ]


def _read(folder: Path) -> None:
    from dingji.engine import find_files
    from dingji.pipeline import prepare
    from dingji.read.reading import read_file
    from dingji.workspace import Workspace

    workspace = Workspace(folder)
    plan = prepare(workspace).plan
    for path, shown in find_files(workspace.inputs):
        read_file(Path(path), shown, plan)


def _run(folder: Path) -> None:
    from dingji.cli import main

    with redirect_stdout(StringIO()):
        main(["--workspace", str(folder), "run"], PROGRAM)


def _profiled(title: str, work: Callable[[], None]) -> Iterator[str]:
    recorder = cProfile.Profile()
    recorder.runcall(work)
    stats = pstats.Stats(recorder)
    told: dict[Place, tuple[int, int, float, float, object]] = stats.stats  # type: ignore[attr-defined]
    own = {place: figures[2] for place, figures in told.items()}
    rooms: Counter[str] = Counter()
    for (file, _, _), seconds in own.items():
        rooms[_room(file)] += seconds  # type: ignore[assignment]
    total, calls = sum(own.values()), sum(figures[1] for figures in told.values())
    yield f"**{title}**：{total:.1f} s（带着记录，比平时慢），{calls / 1e6:.1f} 百万次调用。"
    yield from ("", "| 房间或库 | s | 占 |", "|---|---|---|")
    for room, seconds in rooms.most_common(ROOMS):
        yield f"| {room} | {seconds:.1f} | {seconds / total:.0%} |"
    yield from ("", "| 函数 | 调用次数 | 自身 s |", "|---|---|---|")
    for place in sorted(own, key=lambda place: -own[place])[:FUNCTIONS]:
        yield f"| `{_shown(place)}` | {told[place][1]:,} | {own[place]:.1f} |"


def _room(file: str) -> str:
    path = Path(file)
    if path.is_relative_to(PROGRAM):
        parts = path.relative_to(PROGRAM).parts
        return "/".join(parts[:2]) if len(parts) > 1 else parts[0]
    if path.is_relative_to(LIBRARIES):
        return path.relative_to(LIBRARIES).parts[0]
    if path.is_absolute():
        return f"Python 的 {path.stem if path.stem != '__init__' else path.parent.name}"
    return "内建函数"


def _shown(place: Place) -> str:
    file, _, name = place
    path = Path(file)
    for root in (PROGRAM, LIBRARIES):
        if path.is_relative_to(root):
            return f"{path.relative_to(root)}: {name}"
    return f"{path.name}: {name}" if path.is_absolute() else name
