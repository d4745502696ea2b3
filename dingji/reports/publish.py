"""Put a run's files into `output/`: all of them or none.

They are staged completely first; then a journal of the moves is written, and the moves are made. Where one cannot be
made they are all taken back; where the process is cut off, the next start finishes them by the journal. A file that
another program holds open is left as it is, and the new one is put beside it. Only files that the last 运行记录.json
names are ever removed: what an officer keeps in `output/` stays. So does what somebody typed into a file after it was
written: before the new one takes its place, it is kept beside it under a name of its own.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from dingji.cannot_run import CannotRunError
from dingji.content import Content, digest_of, is_held_by, write
from dingji.problems import Problem
from dingji.reports.run_record import RECORD, held, named
from dingji.reports.typed_into import typed_into, written_there

STAGING: Final = ".staging"
JOURNAL: Final = "moves.json"
NO_FOLDER: Final = "output/{} 不是文件夹，或者是指向别处的链接；请把它改名或移走"


class Move(NamedTuple):
    """One file of output/: `number` of the staged file that takes its place; -1 where it only goes."""

    name: str
    number: int


def publish(output: Path, files: Mapping[str, Content]) -> list[Problem]:
    """Bring `output` to these files (paths relative to it); return a problem for each file held open or typed into.

    A file that the last record names is removed when the new record, being among `files`, names it no more. OSError
    or CannotRunError where that cannot be done: then everything is as it was.
    """
    finish(output)
    _refuse_unsafe(output, files)
    staging = output / STAGING
    try:
        kept = typed_into(output, files, _leaving(output, files))
        moves = _stage(output, {**{other: output / name for name, other in kept.items()}, **files})
        _write_journal(staging, moves)
    except BaseException:
        _discard(staging)
        raise
    told = [Problem("W616", file=name, values={"other": other}) for name, other in kept.items()]
    return [*told, *_carry_out(output, moves, back=True)]


def finish(output: Path) -> bool:
    """Finish what a run that was cut off had begun to put in place; say whether there was anything."""
    staging = output / STAGING
    moves = _journal(output) if staging.is_dir() and not staging.is_symlink() else []
    if moves:
        _carry_out(output, moves, back=False)
    _discard(staging)
    return bool(moves)


def is_safe(name: str) -> bool:
    """Say whether a relative path stays inside its folder on every system."""
    parts = name.split("/")
    return all(part.strip(". ") and not set(part) & set('\\:*?"<>|\0') for part in parts)


def _refuse_unsafe(output: Path, names: Iterable[str]) -> None:
    for name in names:
        if not is_safe(name):
            raise ValueError(f"unsafe output path: {name!r}")
        for folder in _folders(name):
            place = output / folder
            if os.path.lexists(place) and not (place.is_dir() and _is_inside(output, place)):
                raise CannotRunError([NO_FOLDER.format(folder)])


def _is_inside(output: Path, place: Path) -> bool:
    try:
        return place.resolve().is_relative_to(output.resolve())
    except (OSError, RuntimeError):  # a link that leads to itself
        return False


def _named_in(output: Path) -> set[str]:
    """Return what the last record names, without names that a tampered record would lead astray."""
    record = output / RECORD
    names = named(record.read_bytes()) if record.is_file() else set()
    return {name for name in names if is_safe(name) and _is_inside(output, (output / name).parent)}


def _leaving(output: Path, files: Mapping[str, Content]) -> set[str]:
    """Return the program's own files that the new record names no more."""
    return _named_in(output) - named(_bytes(files[RECORD])) - set(files) if RECORD in files else set()


# --- what is to be done --------------------------------------------------------------------------------------


def _stage(output: Path, files: Mapping[str, Content]) -> list[Move]:
    """Write the files that differ from those in place into the staging folder; return the moves, the record's last."""
    staging = output / STAGING
    staging.mkdir(parents=True)
    changed = [name for name, content in files.items() if not is_held_by(content, output / name)]
    changed.sort(key=lambda name: name == RECORD)
    for number, name in enumerate(changed):
        write(files[name], staging / f"{number:06}")
    put = [Move(name, number) for number, name in enumerate(changed) if name != RECORD]
    if RECORD not in files:
        return put
    moves = [*put, *(Move(name, -1) for name in sorted(_leaving(output, files)))]
    if moves and RECORD not in changed:  # what cannot be put in place is told in it
        changed.append(RECORD)
        write(files[RECORD], staging / f"{len(changed) - 1:06}")
    return [*moves, Move(RECORD, len(changed) - 1)] if RECORD in changed else moves


def _bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()


def _write_journal(staging: Path, moves: Sequence[Move]) -> None:
    """Write the moves; from here on they are made, whatever happens."""
    written = staging / f"{JOURNAL}.part"
    written.write_text(json.dumps(moves, ensure_ascii=False), "utf-8")
    written.replace(staging / JOURNAL)


def _journal(output: Path) -> list[Move]:
    """Return the moves that are still to be made; none where there is no journal, or none of ours."""
    try:
        moves = [Move(*each) for each in json.loads((output / STAGING / JOURNAL).read_text("utf-8"))]
        _refuse_unsafe(output, [move.name for move in moves])
    except (OSError, ValueError, TypeError, RecursionError, CannotRunError):
        return []
    return moves


def _discard(staging: Path) -> None:
    """Take the staging folder away, the journal first."""
    if staging.is_symlink() or staging.is_file():
        staging.unlink()
    elif staging.is_dir():
        (staging / JOURNAL).unlink(missing_ok=True)
        shutil.rmtree(staging)


# --- doing it ------------------------------------------------------------------------------------------------


def _carry_out(output: Path, moves: Sequence[Move], *, back: bool) -> list[Problem]:
    """Make the moves, and take the staging folder away. `back`: where one cannot be made, all are taken back."""
    moving = _Moving(output)
    try:
        for place, move in enumerate(moves):
            moving.make(move, place)
    except BaseException:
        if back:
            moving.take_back()
            _remove_empty(output, [move.name for move in moves])
            _discard(output / STAGING)
        raise
    _discard(output / STAGING)
    _remove_empty(output, [move.name for move in moves if move.number < 0])
    return moving.problems


class _Moving:
    """The moves made so far: every file that changed its place, and what is to be told."""

    def __init__(self, output: Path) -> None:
        self.output, self.staging = output, output / STAGING
        self.done: list[tuple[Path, Path]] = []
        self.problems: list[Problem] = []

    def make(self, move: Move, place: int) -> None:
        """Make one move, unless it was made before a run was cut off. `place`: its own among the moves."""
        target, new = self.output / move.name, self.staging / f"{move.number:06}"
        if move.number < 0:
            self._remove(move.name, place)
        elif new.exists():
            if move.name == RECORD:
                self._tell(new)
            target.parent.mkdir(parents=True, exist_ok=True)
            self._put(new, target, move.name, place)

    def _remove(self, name: str, place: int) -> None:
        try:
            self._set_aside(self.output / name, self.staging / f"old-{place:06}")
        except OSError:
            self.problems.append(Problem("W602", file=name))

    def _put(self, new: Path, target: Path, name: str, place: int) -> None:
        """Put a staged file in place, or beside a file that cannot be replaced."""
        beside = (target.with_name(f"{target.stem}(新{number}){target.suffix}") for number in ("", *range(2, 10)))
        for number, goal in enumerate((target, *beside)):
            try:
                self._swap(new, goal, self.staging / f"old-{place:06}-{number}")
            except OSError:
                continue
            if goal != target:
                other = str(PurePosixPath(name).with_name(goal.name))
                self.problems.append(Problem("W601", file=name, values={"other": other}))
            return
        raise PermissionError(errno.EACCES, "not writable", str(target))

    def _swap(self, new: Path, target: Path, old: Path) -> None:
        """Put a file in the place of another, which is set aside; OSError where it cannot be: then nothing changed."""
        moved = self._set_aside(target, old)
        try:
            self._move(new, target)
        except OSError:
            if moved:
                old.replace(target)
                self.done.pop()
            raise

    def _set_aside(self, target: Path, old: Path) -> bool:
        """Move a file away; say whether there was one. OSError where it is held open, or is a folder."""
        if target.is_dir() and not target.is_symlink():
            raise IsADirectoryError(errno.EISDIR, "a folder", str(target))
        if not os.path.lexists(target):
            return False
        self._move(target, old)
        return True

    def _move(self, source: Path, target: Path) -> None:
        source.replace(target)
        self.done.append((source, target))

    def _tell(self, record: Path) -> None:
        """Name in the staged record what was put beside, or could not be removed."""
        before = written_there(self.output)
        others = [other for problem in self.problems if (other := problem.values.get("other"))]
        left = {problem.file: before.get(problem.file, "") for problem in self.problems}
        left |= {other: digest_of(self.output / other) for other in others}
        if left:
            written = record.with_suffix(".part")
            written.write_bytes(held(record.read_bytes(), left))
            written.replace(record)

    def take_back(self) -> None:
        """Put everything back where it was."""
        for source, target in reversed(self.done):
            target.replace(source)
        self.done.clear()


def _remove_empty(output: Path, names: Sequence[str]) -> None:
    """Remove the folders that moving these files left empty."""
    for folder in sorted({folder for name in names for folder in _folders(name)}, reverse=True):
        if (output / folder).is_dir() and not any((output / folder).iterdir()):
            (output / folder).rmdir()


def _folders(name: str) -> Iterator[str]:
    return (str(folder) for folder in PurePosixPath(name).parents if folder.parts)
