"""定稿: a round frozen as it stands, with everything that it came from; compared with later, and recomputed.

An archive is itself a workspace (settings, standards, templates, `input/`, `output/`), so that the program runs on it
as on any other. 清单.json names every file with its SHA-256 and holds the figures that later runs are compared with.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Final

from dingji.content import Content, is_held_by, write
from dingji.frozen import FOLDER, INVENTORY, STAGING, Archive, Figures, Inventory, archives, hashes
from dingji.naming import safe_name
from dingji.numbers import plain
from dingji.outcome import Outcome
from dingji.reports.rendering import PROGRAM_TEMPLATES
from dingji.tables import records
from dingji.workspace import Workspace

RUN_RECORD: Final = "output/内部/运行记录.json"
"""The one output that differs from run to run, by its timings."""

Read = Callable[[str], bytes]
"""The bytes of an input file by its path there; none where it cannot be read."""


class ArchiveError(Exception):
    """A round can't be frozen under this name; the message says why, in Chinese."""


def figures_of(outcome: Outcome) -> dict[str, dict[str, str]]:
    """Return what a later run is compared with: name, composite and grades of each branch."""
    names = dict(zip(outcome.branches["unit"], outcome.branches["name"], strict=True))
    return {
        row["unit"]: {
            "党组织名称": names[row["unit"]],
            "综合得分": "" if row["composite"] is None else plain(row["composite"]),
            "测算等次": row["computed"],
            "审定等次": row["decided"],
        }
        for row in records(outcome.results)
    }


def freeze(workspace: Workspace, outcome: Outcome, read: Read, outputs: Mapping[str, Content], name: str) -> Archive:
    """Keep the workspace's inputs, settings, standards, templates, and the run's outputs; ArchiveError if it can't.

    `read` returns an input file's bytes by its path; `outputs`: path in output/ → content. The name becomes the
    folder's, with what no folder may be called replaced.
    """
    if not name.strip():
        raise ArchiveError("定稿要有一个名称，如：2026年初")
    target = workspace.root / FOLDER / safe_name(name)
    if target.exists():
        raise ArchiveError(f"已有定稿“{target.name}”，请换一个名称")
    order = max((archive.order for archive in archives(workspace)), default=0) + 1
    staging = workspace.root / FOLDER / STAGING
    _clear(staging)  # left by one that was cut off
    try:
        made = ((f"output/{path}", content) for path, content in outputs.items())
        for path, content in chain(_sources(workspace, outcome), _inputs(outcome, read), made):
            (staging / path).parent.mkdir(parents=True, exist_ok=True)
            write(content, staging / path)
        told = Inventory(
            order=order, round=outcome.settings.round.label, figures=figures_of(outcome), files=dict(hashes(staging))
        )
        text = json.dumps(told.model_dump(), ensure_ascii=False, indent=1, sort_keys=True)
        (staging / INVENTORY).write_text(text + "\n", "utf-8")
        staging.rename(target)
    except BaseException:
        _clear(staging)
        raise
    return Archive(target, told.order, told.round, told.figures, told.files)


def _clear(staging: Path) -> None:
    if staging.is_symlink() or staging.is_file():
        staging.unlink()
    elif staging.exists():
        shutil.rmtree(staging)


def _sources(workspace: Workspace, outcome: Outcome) -> Iterator[tuple[str, bytes]]:
    """Yield settings, standards and templates by their paths in the archive."""
    yield workspace.config.name, workspace.config.read_bytes()
    for scheme_id in outcome.schemes:
        yield f"schemes/{scheme_id}.toml", (workspace.schemes / f"{scheme_id}.toml").read_bytes()
    for folder in (PROGRAM_TEMPLATES, workspace.root / "templates" / "reports"):  # its own go over the program's
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file():
                yield f"templates/reports/{path.relative_to(folder).as_posix()}", path.read_bytes()


def _inputs(outcome: Outcome, read: Read) -> Iterator[tuple[str, bytes]]:
    """Yield the input files by their shown paths, as they were read; ArchiveError where one is so no longer."""
    for file in outcome.files:
        raw = read(file.path)
        if file.sha256 and sha256(raw).hexdigest() != file.sha256:
            raise ArchiveError(f"{file.path} 在运行中变动了，请再运行一次")
        if raw:  # a link to nowhere, and what the system does not let read, cannot be kept
            yield f"input/{file.path}", raw


@dataclass(frozen=True)
class Change:
    """A figure that is no longer what was frozen; "" stands for nothing."""

    unit: str
    name: str
    what: str
    was: str
    now: str

    @property
    def text(self) -> str:
        """Return the change as a line."""
        return f"{self.name}（{self.unit}）{self.what}：定稿 {self.was or '—'}，现在 {self.now or '—'}"


def changes(before: Figures, now: Figures) -> list[Change]:
    """Return every figure that differs, branch by branch."""
    found = []
    for unit in dict.fromkeys((*before, *now)):
        was, is_now = before.get(unit, {}), now.get(unit, {})
        name = is_now.get("党组织名称") or was["党组织名称"]
        headings = dict.fromkeys((*was, *is_now))
        differing = [heading for heading in headings if was.get(heading, "") != is_now.get(heading, "")]
        found += [Change(unit, name, heading, was.get(heading, ""), is_now.get(heading, "")) for heading in differing]
    return found


def recomputed(archive: Archive, outputs: Mapping[str, Content]) -> list[str]:
    """Return the frozen outputs that a new computation (path in output/ → content) does not give again."""
    frozen = {path for path in archive.files if path.startswith("output/") and path != RUN_RECORD}
    made = {f"output/{path}": raw for path, raw in outputs.items()}
    names = sorted(frozen | (set(made) - {RUN_RECORD}))
    return [
        path
        for path in names
        if path not in made or path not in frozen or not is_held_by(made[path], archive.folder / path)
    ]
