"""What was read before: readings kept in the workspace by content, form and program, so that only changes are read.

One file of records, each a key, the digest of what follows, its length, and a reading as compressed JSON that is held
against the model when it is taken up: nothing in it can be run. Whatever is not as it was written is read again.
"""

from __future__ import annotations

import os
import struct
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from dingji.beside import beside
from dingji.engine.ahead import ENOUGH, READINGS
from dingji.engine.inputs import Job
from dingji.engine.program import program_digest
from dingji.read.guard import MAX_FILE
from dingji.read.reading import FileReading
from dingji.read.recognise import Plan

HEAD: Final = struct.Struct("<32s32sI")
LEVEL: Final = 1

Read = Callable[[Sequence[Job]], list[FileReading]]


@dataclass
class Cache:
    """The readings kept in a file. `places`: where a record's content stands, by its key; `used`: those of this run.

    Only the run that holds the workspace may save.
    """

    path: Path
    places: dict[bytes, tuple[int, int, bytes]] = field(default_factory=dict)
    used: dict[bytes, bytes | None] = field(default_factory=dict)
    """New content, or None for what stands in the file."""
    fresh: dict[bytes, FileReading] = field(default_factory=dict)
    """What was read in this run and is still to be made content."""
    contents: Callable[[], dict[bytes, bytes]] = dict
    """Waits for the content of what was fresh."""

    @classmethod
    def of(cls, workspace: Path) -> Cache:
        """Open the readings of a workspace: none where there are none, or none that can be read."""
        cache = cls(workspace / READINGS)
        with cache._opened() as file:
            if file:
                cache.places = dict(_records(file))
        return cache

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO | None]:
        try:
            file = self.path.open("rb")
        except OSError:
            yield None
            return
        with file:
            yield file

    def read(self, jobs: Sequence[Job], plan: Plan, read: Read) -> list[FileReading]:
        """Return the readings of files in order: those that are kept, the others as `read` gives them."""
        prefix = _prefix(plan)
        found = self._kept(jobs, prefix) if self.places else {}
        fresh = iter(read([job for job in jobs if job[1] not in found]))
        readings = [found.get(shown) or next(fresh) for _, shown in jobs]
        for reading in readings:
            if reading.path not in found and reading.sha256:
                self.fresh[_key(prefix, reading.sha256, reading.path)] = reading
        return readings

    def make_ready(self) -> None:
        """Begin to make content of what was read, beside what comes next where it is much."""
        work = partial(_contents, self.fresh)
        self.contents = beside(work) if len(self.fresh) >= ENOUGH else work
        self.fresh = {}

    def _kept(self, jobs: Sequence[Job], prefix: bytes) -> dict[str, FileReading]:
        found = {}
        with self._opened() as file:
            for path, shown in jobs if file else ():
                key = _key(prefix, digest_of(Path(path)), shown)
                reading = _taken_up(file, *self.places[key]) if file and key in self.places else None
                if reading is not None and reading.path == shown:
                    found[shown] = reading
                    self.used[key] = None
        return found

    def save(self) -> None:
        """Keep what this run used, and nothing else; where nothing can be written there is no cache."""
        if self.fresh:
            self.make_ready()
        self.used |= self.contents()
        if self.used.keys() == self.places.keys() and not any(self.used.values()):
            return
        new = self.path.with_suffix(".new")
        with suppress(OSError):
            try:
                new.parent.mkdir(exist_ok=True)
                self._write(new)
                new.replace(self.path)
            except OSError:
                new.unlink(missing_ok=True)

    def _write(self, place: Path) -> None:
        with self._opened() as old, place.open("wb") as file:
            for key, content in self.used.items():
                _put(file, key, _content(old, *self.places[key]) if old and content is None else content or b"")


@cache
def readings_model() -> TypeAdapter[FileReading]:
    """Return what writes readings and holds them against the model; made when first wanted, while others read."""
    return TypeAdapter(FileReading)


def _prefix(plan: Plan) -> bytes:
    """Return what a reading depends on beside its file: program, Python, and the forms that are expected."""
    return sha256(f"{program_digest()}\n{sys.version}\n{plan!r}".encode()).digest()


def _key(prefix: bytes, digest: str, shown: str) -> bytes:
    return sha256(prefix + f"{digest}\n{shown}".encode()).digest()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's content; "" of what is no plain file, or too large to be read."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_FILE:
            return ""
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _contents(readings: Mapping[bytes, FileReading]) -> dict[bytes, bytes]:
    return {key: content for key, reading in readings.items() if (content := _written(reading))}


def _written(reading: FileReading) -> bytes:
    """Return a reading's content in the file; none where it holds what JSON or the model does not have."""
    try:
        return zlib.compress(readings_model().dump_json(reading, warnings="error"), LEVEL)
    except PydanticSerializationError:
        return b""


def _records(file: BinaryIO) -> Iterator[tuple[bytes, tuple[int, int, bytes]]]:
    """Yield key, offset, length and digest of every record; what follows a broken one is lost."""
    size = file.seek(0, os.SEEK_END)
    place = file.seek(0)
    while len(head := file.read(HEAD.size)) == HEAD.size:
        key, digest, length = HEAD.unpack(head)
        place += HEAD.size + length
        if place > size:
            return
        yield key, (place - length, length, digest)
        file.seek(place)


def _content(file: BinaryIO, place: int, length: int, digest: bytes) -> bytes:
    """Return a record's content; none where it is not what was written."""
    file.seek(place)
    content = file.read(length)
    return content if sha256(content).digest() == digest else b""


def _taken_up(file: BinaryIO, place: int, length: int, digest: bytes) -> FileReading | None:
    try:
        return readings_model().validate_json(zlib.decompress(_content(file, place, length, digest)))
    except (OSError, zlib.error, ValidationError):
        return None


def _put(file: BinaryIO, key: bytes, content: bytes) -> None:
    file.write(HEAD.pack(key, sha256(content).digest(), len(content)))
    file.write(content)
