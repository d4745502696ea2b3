"""Where the time of a run goes: every function's own time, added up by room or library."""

from __future__ import annotations

import cProfile
import pstats
import sysconfig
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

ROOMS, FUNCTIONS = 12, 15
WAITING = ("select.poll", "'acquire' of '_thread")
"""What waits for another process does nothing."""
PROGRAM = Path(__file__).resolve().parent.parent
LIBRARIES = Path(sysconfig.get_path("purelib"))
Place = tuple[str, int, str]
Figures = tuple[int, int, float, float, dict[Place, tuple[int, int, float, float]]]
"""Calls, first calls apart and all; own seconds and with those called; the same by caller."""


def profile_lines(folder: Path) -> list[str]:
    """Profile reading all files, then a run (whose reading is done elsewhere), and return both as Markdown."""
    return [
        *_profiled("读表（在本进程内）", lambda: _read(folder)),
        "",
        *_profiled("run 的主进程", lambda: _run(folder)),
    ]


def _read(folder: Path) -> None:
    from dingji.engine.inputs import find_files
    from dingji.prepare import prepare
    from dingji.read.reading import read_file
    from dingji.workspace import Workspace

    workspace = Workspace(folder)
    plan = prepare(workspace).plan
    for path, shown in find_files(workspace.inputs):
        read_file(Path(path), shown, plan)


def _run(folder: Path) -> None:
    from process import hand_over

    with redirect_stdout(StringIO()):
        hand_over(["--workspace", str(folder), "run"])


def _profiled(title: str, work: Callable[[], None]) -> Iterator[str]:
    recorder = cProfile.Profile()
    recorder.runcall(work)
    stats = pstats.Stats(recorder)
    told: dict[Place, Figures] = stats.stats  # type: ignore[attr-defined]
    for place in [place for place in told if any(name in place[2] for name in WAITING)]:
        del told[place]
    rooms = _by_room(told)
    total, calls = sum(rooms.values()), sum(figures[1] for figures in told.values())
    yield f"**{title}**：{total:.1f} s（带着记录，比平时慢），{calls / 1e6:.1f} 百万次调用。"
    yield from ("", "| 房间或库 | s | 占 |", "|---|---|---|")
    for room, seconds in sorted(rooms.items(), key=lambda item: -item[1])[:ROOMS]:
        yield f"| {room} | {seconds:.1f} | {seconds / total:.0%} |"
    yield from ("", "| 函数 | 调用次数 | 自身 s |", "|---|---|---|")
    for place in sorted(told, key=lambda place: -told[place][2])[:FUNCTIONS]:
        yield f"| `{_shown(place)}` | {told[place][1]:,} | {told[place][2]:.1f} |"


def _by_room(told: Mapping[Place, Figures]) -> dict[str, float]:
    """Add up the time of functions by room; that of a compiled one belongs to whoever calls it."""
    rooms: defaultdict[str, float] = defaultdict(float)
    for place, (_, _, own, _, callers) in told.items():
        if Path(place[0]).is_absolute():
            rooms[_room(place[0])] += own
        for caller, (_, _, share, _) in callers.items() if not Path(place[0]).is_absolute() else ():
            rooms[_room(caller[0])] += share
    return dict(rooms)


def _room(file: str) -> str:
    path = Path(file)
    if path.is_relative_to(PROGRAM):
        parts = path.relative_to(PROGRAM).parts
        return "/".join(parts[:2]) if len(parts) > 1 else parts[0]
    if path.is_relative_to(LIBRARIES):
        return path.relative_to(LIBRARIES).parts[0]
    if "importlib" in file:
        return "导入模块"
    return "Python 自带" if path.is_absolute() else "生成的代码"


def _shown(place: Place) -> str:
    file, _, name = place
    path = Path(file)
    for root in (PROGRAM, LIBRARIES):
        if path.is_relative_to(root):
            return f"{path.relative_to(root)}: {name}"
    return f"{path.name}: {name}" if path.is_absolute() else name
