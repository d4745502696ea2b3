"""A new workspace for the round after a frozen one; the old workspace is only read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from dingji.cannot_run import CannotRunError
from dingji.frozen import FOLDER, INVENTORY, Archive, Inventory, archives, read_archive, touched, unreadable
from dingji.next_round.carry import Taken, taken_along
from dingji.next_round.contents import CONTENTS, contents
from dingji.next_round.settings import label_after, next_settings
from dingji.outcome import Outcome
from dingji.read.recognise import Plan
from dingji.reports.official.handover import TEMPLATE, handover_context
from dingji.reports.official.ledger_papers import carried_rows
from dingji.reports.rendering import Renderer
from dingji.reports.view import OutcomeView
from dingji.scheme.model import Scheme
from dingji.workspace import Workspace

NAMED: Final = 5
"""So many files are named."""


@dataclass(frozen=True)
class Opened:
    """What the next round is opened from and as: the archive, all archives that go along, the label, the files."""

    archive: Archive
    archives: Sequence[Archive]
    label: str
    settings: bytes
    files: Sequence[Taken]


Standard = tuple[Scheme, bytes]
Frozen = tuple[Archive, Sequence[Archive]]
"""The round that is over, and all archives of its workspace."""


def frozen_round(old: Path) -> Frozen:
    """Return the round that a workspace (or an archive itself) is finished with, and all its archives.

    CannotRunError where there is none, or where a file of it was changed since.
    """
    alone = read_archive(old)
    found = [alone] if alone else archives(Workspace(old))
    damaged = [] if alone else unreadable(Workspace(old))
    if damaged:
        named = "、".join(f"“{name}”" for name in damaged)
        raise CannotRunError([f"{named}定稿的{INVENTORY}缺了或者读不出，不知道哪一轮在最后；用备份恢复再开新一轮"])
    if not found:
        raise CannotRunError([f"{old} 里没有定稿：先在那里定稿（python process.py archive 名称），再开新一轮"])
    last = found[-1]
    changed = touched(last)
    if changed:
        named = "、".join(changed[:NAMED]) + ("等" if len(changed) > NAMED else "")
        raise CannotRunError([f"定稿“{last.name}”的文件与定稿时不同：{named}。用备份恢复后再开新一轮"])
    return last, found


def opened(old: Path, frozen: Frozen, outcome: Outcome, label: str, scheme: Standard | None) -> Opened:
    """Return the next round of a workspace. `label`: "" for the one that follows; `scheme`: a new standard."""
    archive, all_archives = frozen
    before = outcome.settings.round.label
    schemes = [scheme[0]] if scheme else list(outcome.schemes.values())
    names = list(dict.fromkeys(name for one in schemes for name in one.rounds))
    label = label or label_after(before, names)
    _fits(label, before, names)
    raw = (archive.folder / "config.toml").read_bytes()
    settings = next_settings(raw, label, names, scheme[0].id if scheme else "")
    files = taken_along(archive, OutcomeView(outcome), old, label)
    if scheme:
        path = f"schemes/{scheme[0].id}.toml"
        files = [*(one for one in files if one.path != path), Taken(path, scheme[1], "标准", "")]
    return Opened(archive, all_archives, label, settings, files)


def _fits(label: str, before: str, names: Sequence[str]) -> None:
    """CannotRunError where a round is the one that is over, one before it, or none of the standard's."""
    name = label.partition(" ")[2]
    if label == before:
        raise CannotRunError([f"{label} 就是上一轮，请写另一个轮次"])
    if names and name not in names:
        raise CannotRunError([f"标准没有轮次“{name}”，只有：{'、'.join(names)}"])
    if _place(label, names) < _place(before, names):
        raise CannotRunError([f"{label} 在定稿的 {before} 以前，不能从它开出来"])


def _place(label: str, names: Sequence[str]) -> tuple[int, int]:
    """Return where a round stands in time; one that the standard has not, before the others of its year."""
    year, _, name = label.partition(" ")
    return int(year), names.index(name) if name in names else -1


def write_opened(target: Path, round_: Opened, outcome: Outcome, plan: Plan) -> None:
    """Write the new workspace into an empty folder, or one that is not there yet; nothing is left where that fails."""
    existed = target.exists()
    try:
        _write(target, round_, outcome, plan)
    except BaseException:
        for path in list(target.iterdir()) if target.exists() else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if not existed and target.exists():
            target.rmdir()
        raise


def _write(target: Path, round_: Opened, outcome: Outcome, plan: Plan) -> None:
    workspace = Workspace(target)
    for folder in (workspace.inputs, workspace.outputs, workspace.schemes):
        folder.mkdir(parents=True, exist_ok=True)
    workspace.config.write_bytes(round_.settings)
    for one in round_.files:
        path = target / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.content)
    for archive in round_.archives:
        shutil.copytree(archive.folder, target / FOLDER / archive.name)
    _add_papers(target / FOLDER / round_.archive.name, round_, outcome, plan)


def _add_papers(folder: Path, round_: Opened, outcome: Outcome, plan: Plan) -> None:
    """Put 目录 and 交接说明 into the copy of the archive, and both into its inventory."""
    archive = round_.archive
    titles = {form.kind: form.title for form in plan.forms}
    told = [f"{one.what}：{one.path}" for one in round_.files]
    view = OutcomeView(outcome)
    left = len(carried_rows(view))
    papers = {
        CONTENTS: contents(archive, outcome, round_.files, titles),
        TEMPLATE: Renderer(folder / "templates" / "reports").render_word(
            TEMPLATE, handover_context(view, archive.name, round_.label, told, left)
        ),
    }
    for name, raw in papers.items():
        (folder / name).write_bytes(raw)
    digests = {name: sha256(raw).hexdigest() for name, raw in papers.items()}
    write_inventory(folder, archive, {**archive.files, **digests})


def write_inventory(folder: Path, archive: Archive, files: Mapping[str, str]) -> None:
    """Write 清单.json of an archive."""
    figures = {unit: dict(figures) for unit, figures in archive.figures.items()}
    told = Inventory(order=archive.order, round=archive.round, figures=figures, files=dict(files))
    text = json.dumps(told.model_dump(), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / INVENTORY).write_text(text + "\n", "utf-8")
