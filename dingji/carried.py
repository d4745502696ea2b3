"""Forms of earlier rounds that the current figure takes in, read from where those rounds were frozen.

They need not lie in `input/` again: of each round taken but the current one the last archive is looked into, and what
was taken there is shown below 前轮/. What lies in `input/` goes before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from dingji.comparing import normal
from dingji.engine.inputs import Job
from dingji.forms import questionnaire_form
from dingji.frozen import Archive, last_of_round
from dingji.prepare import Prepared
from dingji.problems import Problem
from dingji.read.reading import FileReading
from dingji.read.recognise import ANY_ROUND
from dingji.workspace import Workspace

FOLDER: Final = "前轮"
RECORD: Final = "output/内部/运行记录.json"
OF_EVERY_ROUND: Final = ANY_ROUND
"""Kinds of form that are told anew in every round, or taken along by it."""


@dataclass(frozen=True)
class Carried:
    """The forms of earlier rounds: as jobs, and the SHA-256 that each was frozen with, by its shown path."""

    jobs: tuple[Job, ...] = ()
    frozen: Mapping[str, str] = field(default_factory=dict)

    def settled(self, readings: Sequence[FileReading]) -> list[FileReading]:
        """Return readings without what is not taken of the earlier rounds, and say what about it a person must know."""
        readings = list(map(_apart, readings))
        own = [reading for reading in readings if reading.path not in self.frozen]
        known = {_key(each): each for reading in own for each in reading.all if each.taken}
        hashes = {reading.sha256 for reading in own}
        kept: list[FileReading] = []
        for reading in readings:
            if reading.path not in self.frozen:
                kept.append(reading)
            elif reading.sha256 not in hashes and (left := _without(reading, known)):
                as_frozen = reading.sha256 == self.frozen[reading.path]
                kept.append(left if as_frozen else _changed(reading))
        return kept


def carried(workspace: Workspace, prepared: Prepared) -> Carried:
    """Return the forms of the rounds before this one that a standard's figure takes in, wherever these are frozen."""
    round_ = prepared.settings.round
    names = {name for scheme in prepared.schemes.values() for name, _ in scheme.rounds_taken(round_.name)}
    labels = [f"{round_.year} {name}" for name in sorted(names - {round_.name})]
    found = [archive for label in labels if (archive := last_of_round(workspace, label))]
    listed = [(*job, digest) for archive in found for job, digest in _forms(archive)]
    jobs = tuple((address, shown) for address, shown, _ in listed)
    return Carried(jobs, {shown: digest for _, shown, digest in listed})


def _forms(archive: Archive) -> Iterator[tuple[Job, str]]:
    """Yield what was taken of a frozen round, and the SHA-256 that it was frozen with."""
    for path, told in _inputs(archive.folder / RECORD).items():
        digest = archive.files.get(f"input/{path}", "")
        if (
            digest
            and told.get("taken")
            and told.get("kind") not in OF_EVERY_ROUND
            and not path.startswith(f"{FOLDER}/")
        ):
            yield (str(archive.folder / "input" / path), f"{FOLDER}/{archive.name}/{path}"), digest


def _inputs(record: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return what a run's record says of its input files; nothing where it cannot be read."""
    try:
        inputs = json.loads(record.read_bytes())["inputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return inputs if isinstance(inputs, dict) else {}


def _changed(reading: FileReading) -> FileReading:
    return FileReading(reading.path, reading.sha256, problems=[Problem("E621", reading.path)])


def _apart(reading: FileReading) -> FileReading:
    """Return a reading of which more may be said than was read: what was read is kept as it is for the next run."""
    return replace(reading, problems=[*reading.problems], parts=list(map(_apart, reading.parts)))


def _without(reading: FileReading, known: Mapping[tuple[str, ...], FileReading]) -> FileReading | None:
    """Return a reading without what is told anew, or lies in `input/` too; None where nothing of it is left.

    What is there in another wording is said of the file that counts.
    """
    if reading.parts:
        parts = [part for each in reading.parts if (part := _without(each, known))]
        return replace(reading, parts=parts) if parts else None
    if reading.kind in OF_EVERY_ROUND:
        return None
    other = known.get(_key(reading)) if reading.kind != questionnaire_form.KIND else None
    if other is None:
        return reading
    if other.columns != reading.columns:
        other.problems.append(Problem("W625", other.path, values={"other": reading.path}))
    return None


def _key(reading: FileReading) -> tuple[str, ...]:
    """Return what tells a form from all others: its kind and round, whose it is, and of a survey the session."""
    whose = normal(reading.code or reading.name or reading.rater)
    session = [reading.head.get(label, "") for label in ("测评场次", "录入")] if reading.kind == "survey" else []
    return reading.kind, reading.scheme, reading.source, reading.round, whose, *session
