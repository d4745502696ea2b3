"""What a run says of its standards: where they are other than in the last run of this round, or the round before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dingji.frozen import Archive, archives
from dingji.outcome import Outcome
from dingji.reports.run_record import RECORD, standards_in
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.scheme.told_keys import Told, changed_keys, changes_line, told_keys
from dingji.settings import load_settings
from dingji.workspace import Workspace


def standard_lines(workspace: Workspace, outcome: Outcome) -> list[str]:
    """Return a line a standard that has changed; asked before a run is written, whose record the next one goes by.

    So each change is said once: at the first run of a round those since the last one frozen, then those since the run
    before.
    """
    label, before = outcome.settings.round.label, workspace.outputs / RECORD
    of_round, standards = standards_in(before.read_bytes()) if before.is_file() else ("", {})
    if of_round == label:
        return list(_lines(outcome, "上次运行", standards)) if standards else []
    frozen = archives(workspace)
    return list(_lines(outcome, frozen[-1].round, _of_archive(frozen[-1], outcome))) if frozen else []


def _lines(outcome: Outcome, label: str, before: Mapping[str, Told]) -> Iterator[str]:
    for scheme in outcome.schemes.values():
        if scheme.id not in before:
            yield f"标准“{scheme.title}”，{label}没有用"
        elif changed := changed_keys(before[scheme.id], told_keys(scheme)):
            yield changes_line(scheme.title, label, changed)


def _of_archive(archive: Archive, outcome: Outcome) -> dict[str, Told]:
    config = archive.folder / "config.toml"
    settings = load_settings(config.read_bytes())[0] if config.is_file() else None
    files = {scheme_id: archive.folder / "schemes" / f"{scheme_id}.toml" for scheme_id in outcome.schemes}
    loaded: dict[str, Scheme | None] = {
        scheme_id: load_scheme(path.read_bytes(), settings.choices.get(scheme_id) if settings else None)[0]
        for scheme_id, path in files.items()
        if path.is_file()
    }
    return {scheme_id: told_keys(scheme) for scheme_id, scheme in loaded.items() if scheme}
