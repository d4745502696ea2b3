"""定稿 on the console: freezing a round, checking an archive, and what has changed since."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from dingji.archive import ArchiveError, changes, figures_of, freeze, recomputed
from dingji.cannot_run import CannotRunError
from dingji.cli.console import ACT, SETTLED, listed, say
from dingji.cli.folders import templates_of, way_of, workspace_of
from dingji.cli.outcomes import files_of, say_problems, write_outputs
from dingji.code_found import code_of, papers_with
from dingji.frozen import Archive, archives, last_of_round, touched, unreadable
from dingji.outcome import Outcome
from dingji.pipeline import Run, run, unsettled
from dingji.received import Way
from dingji.reports.outputs import outputs
from dingji.reports.returned.apart import copier
from dingji.reports.standing import by_meeting, graded
from dingji.settings import Engine
from dingji.tables import records
from dingji.workspace import Workspace

SHOWN = 20
"""So many changes are printed; the others are counted."""
NAMED = 5
"""So many branches without the committee's word are named; the others are counted."""
WITHOUT_MEETING = "等次不开会审定的，在设置的“填报单位”里把“等次要开会审定”改成“否”。"


def archive_command(chosen: argparse.Namespace, root: Path) -> int:
    """Run once more and freeze the round; refused while a person must act."""
    workspace = workspace_of(chosen, root)
    done = run(workspace, way_of(workspace, cached=False))  # what is frozen comes from the files themselves
    if unsettled(done.outcome):
        say_problems(done.outcome)
        say("没有定稿：还有事要人处理，办妥后再定稿。")
        return ACT
    lacking = _undecided(done.outcome)
    if lacking:
        for line in lacking:
            say(line)
        return ACT
    done = replace(done, outcome=replace(done.outcome, final=True))
    with files_of(workspace, done) as files:
        try:
            archive = freeze(workspace, done.outcome, done.inputs.read, files, chosen.name)
        except ArchiveError as error:
            raise CannotRunError([str(error)]) from error
        held = write_outputs(workspace, files)
    for line in held:
        say(line)
    say(f"已定稿，放在 archive/{archive.name}，共{len(archive.files)}个文件")
    return SETTLED


def _undecided(outcome: Outcome) -> list[str]:
    """Say which graded branches the committee has not spoken of; none where the office grades without a meeting."""
    rows = [row for row in records(outcome.results) if graded(row, outcome.schemes[row["scheme"]])]
    waiting = [row["unit"] for row in rows if not row["decided"]]
    if not by_meeting(outcome) or not waiting:
        return []
    names = outcome.branches.set_index("unit")["name"]
    listed = "、".join(names[unit] for unit in waiting[:NAMED])
    others = f"等{len(waiting)}个{outcome.counted}" if len(waiting) > NAMED else ""
    return [f"没有定稿：{listed}{others}在审定表上没有审定等次，填好后放进 input 再定稿。", WITHOUT_MEETING]


def against_archive(workspace: Workspace, done: Run) -> Run:
    """Return the run, marked as final where its figures are the very ones last frozen for this round."""
    archive = last_of_round(workspace, done.outcome.settings.round.label)
    final = archive is not None and not changes(archive.figures, figures_of(done.outcome))
    return replace(done, outcome=replace(done.outcome, final=final))


def archive_lines(workspace: Workspace, outcome: Outcome) -> list[str]:
    """Return 变更对照: what differs from the last archive of this round."""
    archive, damaged = last_of_round(workspace, outcome.settings.round.label), damaged_lines(workspace)
    if archive is None:
        return damaged
    found = changes(archive.figures, figures_of(outcome))
    if not found:
        return [*damaged, f"与定稿“{archive.name}”一致"]
    rest = [f"……另有{len(found) - SHOWN}处"] if len(found) > SHOWN else []
    return [
        *damaged,
        f"与定稿“{archive.name}”相比有{len(found)}处变动：",
        *(f"  {one.text}" for one in found[:SHOWN]),
        *rest,
    ]


def damaged_lines(workspace: Workspace) -> list[str]:
    """Return a line where archives cannot be read; nothing is compared with them."""
    names = unreadable(workspace)
    words = f"定稿“{listed(names)}”的清单.json 读不出来，没有与它比较；请用备份恢复，或把那个文件夹移出 archive"
    return [words] if names else []


def _say_where(workspace: Workspace, typed: str) -> int:
    """Say which papers of which round print a 数据校验码; 1 where none does."""
    code = code_of(typed)
    if not code:
        raise CannotRunError([f"“{typed}”不是数据校验码：它是表脚的八个字母和数字"])
    rounds = [(f"定稿“{archive.name}”", archive.folder / "output") for archive in archives(workspace)]
    found = {name: papers_with(output, code) for name, output in (*rounds, ("现在的结果", workspace.outputs))}
    for name, (papers, damaged) in found.items():
        if papers:
            say(f"数据校验码 {code} 在{name}里：{listed(papers)}")
        if damaged:
            say(f"{name}里打不开、没有查的：{listed(damaged)}；定稿的用备份恢复，现在的结果再运行一次")
    there, unread = (any(each[place] for each in found.values()) for place in (0, 1))
    if not there:
        where = "打得开的表" if unread else "各份定稿和现在的结果"
        say(f"{where}里都没有数据校验码 {code}：数字改动过，或者不是这里出的表")
    return SETTLED if there and not unread else ACT


def verify_command(chosen: argparse.Namespace, root: Path) -> int:
    """Check archives: their files' hashes, and a new computation from what they hold."""
    workspace = workspace_of(chosen, root)
    if chosen.code:
        return _say_where(workspace, chosen.code)
    found, damaged = archives(workspace), damaged_lines(workspace)
    wanted = [archive for archive in found if chosen.name in ("", archive.name)]
    for line in damaged:
        say(line)
    if not wanted and not damaged:
        names = "、".join(archive.name for archive in found)
        raise CannotRunError([f"没有这个定稿；现有：{names}" if names else "还没有定稿"])
    different = [line for archive in wanted for line in _differences(archive)]
    for line in different:
        say(line)
    for archive in wanted:
        state = "不一致" if any(line.startswith(f"{archive.name}：") for line in different) else "一致"
        say(f"定稿“{archive.name}”：{state}")
    return ACT if different or damaged else SETTLED


def _differences(archive: Archive) -> list[str]:
    lines = [f"{archive.name}：{path} 与定稿时不同" for path in touched(archive)]
    workspace = Workspace(archive.folder)
    try:
        done = run(workspace, Way(engine=Engine()))  # by what lies in the archive, whatever its settings say
    except CannotRunError as error:
        return [*lines, *(f"{archive.name}：不能重新计算：{line}" for line in error.lines)]
    outcome = replace(done.outcome, final=True)
    with TemporaryDirectory(prefix="dingji-") as folder, copier(done.inputs) as copy:
        again = recomputed(archive, outputs(outcome, templates_of(workspace), copy, Path(folder)))
    return [*lines, *(f"{archive.name}：重新计算的 {path} 与定稿的不同" for path in again)]
