"""What the next round takes along of a frozen one, by its path in the new workspace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from dingji.forms.office_forms import roster_form
from dingji.forms.small_fill import roster_filling
from dingji.forms.write import write_form
from dingji.frozen import Archive
from dingji.naming import safe_name, unique
from dingji.outcome import InputFile, Outcome
from dingji.reports.official.ledger_papers import open_ledger
from dingji.reports.outputs import RESULTS
from dingji.reports.rendering import PROGRAM_TEMPLATES
from dingji.reports.view import OutcomeView

ROSTER: Final = "党组织名册.xlsx"
LEDGER: Final = "整改台账.xlsx"
EARLIER: Final = "上期结果"
KEPT_UNDER: Final = {"roster": "", "honour": "", "result": EARLIER}
"""Kinds of form that go along, and the folder below input/ where each kind lies then."""


@dataclass(frozen=True)
class Taken:
    """A file of the new workspace: its path there, its content, what it is, and where it was in the archive."""

    path: str
    content: bytes
    what: str
    source: str


def taken_along(archive: Archive, view: OutcomeView, old: Path, label: str) -> list[Taken]:
    """Return the files of the new workspace but for its settings: what holds on, and what earlier rounds told.

    `old`: the workspace, whose own templates go along; in the archive these lie among the program's. `label`: of the
    next round, for which the ledger's open rows are written.
    """
    found = [*_standards(archive), *_templates(old), *_inputs(archive, view.outcome)]
    if ledger := open_ledger(view, label):
        found.append(Taken(f"input/{LEDGER}", ledger, "整改台账中没有销号的", ""))
    names = unique([one.path for one in found], limit=1000)
    return [Taken(name, one.content, one.what, one.source) for name, one in zip(names, found, strict=True)]


def _standards(archive: Archive) -> Iterator[Taken]:
    for path in sorted(archive.files):
        if path.startswith("schemes/"):
            yield Taken(path, (archive.folder / path).read_bytes(), "标准", path)


def _templates(old: Path) -> Iterator[Taken]:
    """Yield the office's own templates: the program's go on as the program has them."""
    folder = old / "templates" / "reports"
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        own = PROGRAM_TEMPLATES / name
        if path.is_file() and not (own.is_file() and own.read_bytes() == path.read_bytes()):
            yield Taken(f"templates/reports/{name}", path.read_bytes(), "本单位改过的模板", f"templates/reports/{name}")


def _inputs(archive: Archive, outcome: Outcome) -> Iterator[Taken]:
    """Yield the roster and the results of rounds before, and this round's own as 上期结果."""
    label = outcome.settings.round.label
    yield _at(archive, f"output/{RESULTS}", f"input/{EARLIER}/{safe_name(label)}_分类定级结果.xlsx", f"{label}的结果")
    earlier = {file for file, round_ in _rounds_told(outcome).items() if round_ not in ("", label)}
    files = [file for file in outcome.files if file.taken and file.kind in KEPT_UNDER]
    for file in files:
        if file.kind != "result" or file.path in earlier:
            yield _at(archive, f"input/{file.path}", _new_path(file), WORDS[file.kind])
    if not any(file.kind == "roster" for file in files):  # it stands in 汇总录入, beside the round's own marks
        yield Taken(f"input/{ROSTER}", _roster(outcome), WORDS["roster"], "output")


WORDS: Final[Mapping[str, str]] = {"roster": "名册", "honour": "星级登记", "result": "更早各轮的结果"}


def _new_path(file: InputFile) -> str:
    folder = KEPT_UNDER[file.kind]
    return "/".join(filter(None, ("input", folder, PurePosixPath(file.path).name)))


def _at(archive: Archive, source: str, path: str, what: str) -> Taken:
    return Taken(path, (archive.folder / source).read_bytes(), what, source)


def _rounds_told(outcome: Outcome) -> dict[str, str]:
    """Return by file the round whose results it tells."""
    rows = outcome.entries[outcome.entries["form"] == "result"]
    return dict(zip(rows["file"], rows["round"], strict=True))


def _roster(outcome: Outcome) -> bytes:
    """Return a roster of its own, written from what was read."""
    form = roster_form(next(iter(outcome.schemes.values())), "")
    roster = outcome.branches.to_dict("records"), outcome.raters.to_dict("records")
    return write_form(form, roster_filling(form, roster))
