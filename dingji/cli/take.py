"""`take`: filled forms that lie elsewhere go into input/, then the run: what 运行.bat does with dropped files."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from dingji.book.settings import OPENING
from dingji.book.toml import toml_file
from dingji.cannot_run import CannotRunError
from dingji.cli.books import put_settings
from dingji.cli.console import agreed, say
from dingji.cli.folders import workspace_of
from dingji.cli.reading import read_first
from dingji.engine.inputs import Inputs
from dingji.engine.work import local_crew, read_files
from dingji.prepare import Prepared, prepare
from dingji.problems import describe
from dingji.received import NOT_TAKEN
from dingji.reference.places import file_line
from dingji.scheme.load import read_toml
from dingji.settings import Settings, load_settings
from dingji.settings_page import Told, told_otherwise
from dingji.workspace import Workspace

HELD: Final = "~$"
"""How the files begin that a spreadsheet program keeps beside an open one; in input/ nobody reads them."""


@dataclass(frozen=True)
class Move:
    """A file to be copied, and where an older one of its name goes; `same`: it is in input/ already."""

    source: Path
    target: Path
    aside: Path | None = None
    same: bool = False


def take_command(chosen: argparse.Namespace, root: Path) -> int:
    """Say what would be done with the files, ask, do it, and run."""
    workspace = workspace_of(chosen, root)
    prepared = prepare(workspace)
    if prepared.settings.engine.input:
        raise CannotRunError([f"表放在 {prepared.settings.engine.input}（设置的“运行”），请把文件放到那里"])
    moves = [_move(Path(named), workspace) for named in chosen.files]
    if twice := [name for name, often in Counter(move.target.name.casefold() for move in moves).items() if often > 1]:
        raise CannotRunError([f"有两个文件都叫 {twice[0]}，请一个一个地放，或者先改名"])
    told = [one for move in moves for one in _settings_told(move.source, prepared)]
    _say_plan(moves, told)
    idle = not told and all(move.same for move in moves)
    if not (idle or agreed("放进去并运行吗？（是/否）", "没有放入", yes=chosen.yes)):
        raise CannotRunError(["没有放入，也没有运行"])
    if told:
        _change_settings(workspace, told)
    for move in moves:
        _carry_out(move)
    return read_first(argparse.Namespace(**vars(chosen), then="run:run_command", what_if=None), root)


def _move(source: Path, workspace: Workspace) -> Move:
    """Return where a file goes; CannotRunError where it is none."""
    if not source.is_file():
        what = "这是文件夹，请把里面的文件拖上去，或者直接放进 input" if source.is_dir() else "找不到文件"
        raise CannotRunError([f"{what}：{source}"])
    if source.name.startswith(HELD):
        raise CannotRunError(
            [f"这不是表，是别的程序打开表时留下的临时文件；请选名字前面没有“{HELD}”的那一个：{source}"]
        )
    if source.resolve().is_relative_to(workspace.inputs.resolve()):
        return Move(source, source, same=True)
    target = workspace.inputs / source.name
    if not target.is_file():
        return Move(source, target)
    if target.read_bytes() == source.read_bytes():
        return Move(source, target, same=True)
    return Move(source, target, _free(workspace.inputs / NOT_TAKEN, target))


def _free(folder: Path, path: Path) -> Path:
    """Return a name in a folder that no file has."""
    names = (f"{path.stem}({number}){path.suffix}" for number in count(1))
    return next(folder / name for name in names if not (folder / name).exists())


def _settings_told(source: Path, prepared: Prepared) -> list[Told]:
    """Return what a book's page 设置 says otherwise; what on it cannot be taken is printed."""
    inputs = Inputs(str(source.parent))
    with local_crew(1) as crew:
        (reading,) = read_files([(str(source), source.name)], prepared.plan, inputs, crew)
    found, problems = told_otherwise(reading, prepared.settings)
    for problem in problems:
        say(describe(problem).text)
    return found


def _say_plan(moves: Sequence[Move], told: Sequence[Told]) -> None:
    for move in moves:
        say(f"input 里已经有：{move.source.name}" if move.same else f"放进 input（复制一份，原件不动）：{move.source}")
        if move.aside:
            where = f"input/{NOT_TAKEN}/{move.aside.name}"
            say(f"  input 里已有同名、内容不同的 {move.target.name}，那一份移到 {where}，不再计入")
    for one in told:
        say(f"改设置：{one.heading} {one.now or '（空着）'} → {one.value}")


def _change_settings(workspace: Workspace, told: Sequence[Told]) -> None:
    """Write the settings with the changes; CannotRunError, and nothing written, where they would be wrong."""
    data: dict[str, Any] = read_toml(workspace.config.read_bytes())[0]
    for one in told:
        section, key = one.path
        data.setdefault(section, {})[key] = one.value
    text = toml_file(Settings, data, OPENING, explained=True)
    settings, findings = load_settings(text.encode())
    if settings is None:
        raise CannotRunError([file_line(Settings, "“设置”页", finding) for finding in findings])
    put_settings(workspace, text)


def _carry_out(move: Move) -> None:
    """Copy a file; the older one of its name is moved aside first."""
    if move.same:
        return
    if move.aside:
        move.aside.parent.mkdir(parents=True, exist_ok=True)
        move.target.rename(move.aside)
    move.target.parent.mkdir(parents=True, exist_ok=True)
    staged = move.target.with_name(f"{HELD}{move.target.name}")
    staged.write_bytes(move.source.read_bytes())
    staged.replace(move.target)
