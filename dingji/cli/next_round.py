"""Opening a round: a clean workspace, from a finished one or for an office's first."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from dingji.archive import changes, figures_of
from dingji.cannot_run import CannotRunError
from dingji.cli.console import ACT, SETTLED, listed, say
from dingji.cli.folders import scheme_path
from dingji.frozen import Archive
from dingji.next_round.open import frozen_round, opened, write_opened
from dingji.next_round.settings import first_settings
from dingji.outcome import Outcome
from dingji.pipeline import run
from dingji.prepare import prepare
from dingji.received import Way
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.settings import Engine
from dingji.workspace import Workspace


def init_command(chosen: argparse.Namespace, root: Path) -> int:
    """Open a round in a folder that is empty or new."""
    target, old = chosen.folder.resolve(), chosen.origin.resolve() if chosen.origin else None
    label = _label(chosen.round)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CannotRunError([f"文件夹不是空的：{chosen.folder}。请换一个新文件夹。"])
    scheme = _scheme(chosen.scheme, root) if chosen.scheme else None
    if old is None:
        return _first(target, scheme, label)
    if not old.is_dir():
        raise CannotRunError([f"找不到上一轮的文件夹：{chosen.origin}"])
    if target.is_relative_to(old):
        raise CannotRunError(["新一轮的文件夹不能放在上一轮的文件夹里面"])
    return _from(old, target, scheme, label)


def _label(text: str) -> str:
    """Return a round as papers print it; CannotRunError where it is written in another way."""
    year, space, name = text.strip().partition(" ")
    if text and not (year.isdecimal() and space and name.strip()):
        raise CannotRunError(["轮次写成 2026 年终 的样子（年度、空格、轮次）"])
    return f"{int(year)} {name.strip()}" if text else ""


def _scheme(named: str, root: Path) -> tuple[Scheme, bytes]:
    path = scheme_path(named, root)
    if not path.is_file():
        raise CannotRunError([f"找不到标准：{path}"])
    raw = path.read_bytes()
    scheme, findings = load_scheme(raw)
    if scheme is None:
        raise CannotRunError([f"{named} {finding.text}" for finding in findings])
    return scheme, raw


def _first(target: Path, scheme: tuple[Scheme, bytes] | None, label: str) -> int:
    """Open an office's first round: settings to be filled in, the standard, an empty input."""
    if scheme is None or not label:
        raise CannotRunError(['没有上一轮的，新文件夹后面写明标准和轮次：--scheme 标准 --round "2026 年初"'])
    if scheme[0].rounds and label.partition(" ")[2] not in scheme[0].rounds:
        raise CannotRunError([f"标准“{scheme[0].title}”没有这个轮次，只有：{'、'.join(scheme[0].rounds)}"])
    workspace = Workspace(target)
    for folder in (workspace.inputs, workspace.outputs, workspace.schemes):
        folder.mkdir(parents=True, exist_ok=True)
    workspace.config.write_text(first_settings(scheme[0], label), "utf-8")
    (workspace.schemes / f"{scheme[0].id}.toml").write_bytes(scheme[1])
    say(f"已开好 {label}：{target}")
    say("设置里的单位名称、日期都空着，先填好。")
    say(f'接下来生成空白名册，填好放进 input：python process.py --workspace "{target}" forms --blank')
    return SETTLED


def _from(old: Path, target: Path, scheme: tuple[Scheme, bytes] | None, label: str) -> int:
    frozen = frozen_round(old)
    archive, _ = frozen
    finished = Workspace(archive.folder)
    done = run(finished, Way(engine=Engine()))  # by what lies in the archive, whatever its settings say
    round_ = opened(old, frozen, done.outcome, label, scheme)
    write_opened(target, round_, done.outcome, prepare(finished).plan)
    for change in changes(archive.figures, figures_of(done.outcome)):
        say(f"与定稿时的结果不同，带去的是定稿时的：{change.text}")
    say(f"已从定稿“{archive.name}”（{archive.round}）开好 {round_.label}：{target}")
    for one in round_.files:
        say(f"  {one.what}：{one.path}")
    say(f"交接说明和目录在 {target / 'archive' / archive.name}；设置里的起止日期、截止日期、公文日期要重新填写。")
    say(f'接下来生成表格：python process.py --workspace "{target}" forms')
    return _tell_left_behind(archive, _left_behind(old, archive, done.outcome)) if old != archive.folder else SETTLED


def _left_behind(old: Path, archive: Archive, outcome: Outcome) -> list[str]:
    """Return what lies in the input of an archive's workspace and is not in the archive, whatever it is called."""
    inputs = Workspace(old).input_of(outcome.settings.engine)
    kept = set(archive.files.values())
    read = ((shown, inputs.read(shown)) for _, shown in inputs.jobs)
    return [shown for shown, raw in read if raw and sha256(raw).hexdigest() not in kept]


def _tell_left_behind(archive: Archive, left: Sequence[str]) -> int:
    if not left:
        return SETTLED
    say(f"定稿“{archive.name}”以后放进 input 或者改动过的，没有带去：{listed(left)}")
    say("属于新一轮的（交回的整改台账、平时记录等），也放进新文件夹的 input；属于上一轮的，再定稿一次，重新开新一轮。")
    return ACT
