"""定稿 on the console: freezing a round, checking an archive, and what has changed since."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dingji.archive import Archive
    from dingji.outcome import Outcome
    from dingji.pipeline import Run
    from dingji.workspace import Workspace

SHOWN = 20
"""So many changes are printed; the others are counted."""


def add_archive_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Declare `archive` and `verify`."""
    archive = add("archive", help="定稿：把这一轮的表、设置、标准和结果原样存进 archive")
    archive.add_argument("name", metavar="名称", help="如 2026年初")
    archive.set_defaults(command=archive_command)
    verify = add("verify", help="核对定稿：文件有没有动过，重新计算是否一致")
    verify.add_argument("name", metavar="名称", nargs="?", default="", help="不写则核对全部定稿")
    verify.set_defaults(command=verify_command)


def archive_command(chosen: argparse.Namespace, root: Path) -> int:
    """Run once more and freeze the round; refused while a person must act."""
    from dingji.archive import ArchiveError, freeze
    from dingji.cli import ACT, SETTLED, files_of, progress_bar, say, say_problems, workspace_of, write_outputs
    from dingji.pipeline import CannotRunError, run, unsettled

    workspace = workspace_of(chosen, root)
    done = run(workspace, progress_bar())
    if unsettled(done.outcome):
        say_problems(done.outcome)
        say("没有定稿：还有事要人处理，办妥后再定稿。")
        return ACT
    done = replace(done, outcome=replace(done.outcome, final=True))
    files = files_of(workspace, done)
    try:
        archive = freeze(workspace, done.outcome, files, chosen.name)
    except ArchiveError as error:
        raise CannotRunError([str(error)]) from error
    for line in (*write_outputs(workspace, files), *_undecided(done.outcome)):
        say(line)
    say(f"已定稿，放在 archive/{archive.name}，共{len(archive.files)}个文件")
    return SETTLED


def _undecided(outcome: Outcome) -> list[str]:
    """Say how many branches the committee has not spoken of: their computed grade is frozen."""
    waiting = sum(outcome.results["decided"] == "")
    graded = any(scheme.grades for scheme in outcome.schemes.values())
    return [f"{waiting}个党组织没有填审定等次，按测算等次定稿"] if waiting and graded else []


def against_archive(workspace: Workspace, done: Run) -> Run:
    """Return the run, marked as final where its figures are the very ones last frozen for this round."""
    from dingji.archive import changes, figures_of, last_of_round

    archive = last_of_round(workspace, done.outcome.settings.round.label)
    final = archive is not None and not changes(archive.figures, figures_of(done.outcome))
    return replace(done, outcome=replace(done.outcome, final=final))


def archive_lines(workspace: Workspace, outcome: Outcome) -> list[str]:
    """Return 变更对照: what differs from the last archive of this round."""
    from dingji.archive import changes, figures_of, last_of_round

    archive = last_of_round(workspace, outcome.settings.round.label)
    if archive is None:
        return []
    found = changes(archive.figures, figures_of(outcome))
    if not found:
        return [f"与定稿“{archive.name}”一致"]
    rest = [f"……另有{len(found) - SHOWN}处"] if len(found) > SHOWN else []
    return [f"与定稿“{archive.name}”相比有{len(found)}处变动：", *(f"  {one.text}" for one in found[:SHOWN]), *rest]


def verify_command(chosen: argparse.Namespace, root: Path) -> int:
    """Check archives: their files' hashes, and a new computation from what they hold."""
    from dingji.archive import archives
    from dingji.cli import ACT, SETTLED, say, workspace_of
    from dingji.pipeline import CannotRunError

    found = archives(workspace_of(chosen, root))
    wanted = [archive for archive in found if chosen.name in ("", archive.name)]
    if not wanted:
        names = "、".join(archive.name for archive in found)
        raise CannotRunError([f"没有这个定稿；现有：{names}" if names else "还没有定稿"])
    different = [line for archive in wanted for line in _differences(archive)]
    for line in different:
        say(line)
    for archive in wanted:
        state = "不一致" if any(line.startswith(f"{archive.name}：") for line in different) else "一致"
        say(f"定稿“{archive.name}”：{state}")
    return ACT if different else SETTLED


def _differences(archive: Archive) -> list[str]:
    from dingji.archive import recomputed, touched
    from dingji.cli import templates_of
    from dingji.pipeline import CannotRunError, run
    from dingji.reports.outputs import outputs
    from dingji.workspace import Workspace

    lines = [f"{archive.name}：{path} 与定稿时不同" for path in touched(archive)]
    workspace = Workspace(archive.folder)
    try:
        outcome = replace(run(workspace).outcome, final=True)
    except CannotRunError as error:
        return [*lines, *(f"{archive.name}：不能重新计算：{line}" for line in error.lines)]
    again = recomputed(archive, outputs(outcome, templates_of(workspace), workspace.read_input))
    return [*lines, *(f"{archive.name}：重新计算的 {path} 与定稿的不同" for path in again)]
