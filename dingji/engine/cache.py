"""What was read before: readings kept in the workspace by content, form and program, so that only changes are read.

One file of records, each a key, the digest of what follows, its length, and a reading as compressed JSON that is held
against the model when it is taken up: nothing in it can be run. Whatever is not as it was written is read again.

A column that several readings have (the items of a form, the cells) is a record of its own, by what it says. In its
place stands its key alone, and they share the list when they are taken up.
"""

from __future__ import annotations

import os
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Any, BinaryIO, Final

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError, from_json, to_json

from dingji.beside import beside
from dingji.engine.ahead import ENOUGH, READINGS
from dingji.engine.inputs import Job
from dingji.engine.program import program_digest
from dingji.read.guard import MAX_FILE
from dingji.read.reading import FileReading
from dingji.read.recognise import Plan
from dingji.read.rows import Columns

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
    columns: dict[str, list[Any]] = field(default_factory=dict)
    """The columns that readings share, as far as they were taken up."""
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
        work = partial(_contents, self.fresh, self.columns.keys())
        self.contents = beside(work) if len(self.fresh) >= ENOUGH else work
        self.fresh = {}

    def _kept(self, jobs: Sequence[Job], prefix: bytes) -> dict[str, FileReading]:
        found = {}
        with self._opened() as file:
            for path, shown in jobs if file else ():
                key = _key(prefix, digest_of(Path(path)), shown)
                reading = self._taken_up(file, key) if file and key in self.places else None
                if reading is not None and reading.path == shown:
                    found[shown] = reading
                    self.used[key] = None
        return found

    def _taken_up(self, file: BinaryIO, key: bytes) -> FileReading | None:
        try:
            reading = readings_model().validate_json(self._json(file, key))
            for columns in (each.columns for each in reading.all):
                for name, values in columns.varied.items():
                    if len(values) != columns.size:
                        columns.varied[name] = self._column(file, columns.size, *values)
        except (OSError, zlib.error, LookupError, TypeError, ValueError):
            return None
        return reading

    def _column(self, file: BinaryIO, size: int, name: str) -> list[Any]:
        """Return a column that readings share; ValueError where it is not the one, or none of so many rows."""
        column = self.columns.get(name)
        if column is None:
            text = self._json(file, key := bytes.fromhex(name))
            if sha256(text).digest() != key:
                raise ValueError
            column = self.columns[name] = from_json(text)
            self.used[key] = None
        if not isinstance(column, list) or len(column) != size:
            raise ValueError
        return column

    def _json(self, file: BinaryIO, key: bytes) -> bytes:
        return zlib.decompress(_content(file, *self.places[key]))

    def save(self) -> None:
        """Keep what this run used, and nothing else; where nothing can be written there is no cache."""
        if self.fresh:
            self.make_ready()
        self.used |= self.contents()
        self.contents = dict  # what it was made of is given up
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
        told = path.stat()
        plain = S_ISREG(told.st_mode) and told.st_size <= MAX_FILE
        return sha256(path.read_bytes()).hexdigest() if plain else ""
    except OSError:
        return ""


def _contents(readings: Mapping[bytes, FileReading], known: AbstractSet[str]) -> dict[bytes, bytes]:
    """Return what is kept of readings, by key: each of them, and each column that several have and none had before."""
    times = Counter(text for reading in readings.values() for text in _texts(reading))
    names = {text: sha256(text).hexdigest() for text in times}
    shared = {text: name for text, name in names.items() if times[text] > 1 or name in known}
    columns = {bytes.fromhex(name): zlib.compress(text, LEVEL) for text, name in shared.items() if name not in known}
    return columns | {key: content for key, reading in readings.items() if (content := _written(reading, shared))}


def _texts(reading: FileReading) -> list[bytes]:
    """Return the columns of a reading as JSON; none where one holds what JSON does not have."""
    try:
        return [to_json(values) for each in reading.all for values in each.columns.varied.values() if len(values) > 1]
    except PydanticSerializationError:
        return []


def _written(reading: FileReading, shared: Mapping[bytes, str]) -> bytes:
    """Return a reading's content in the file; none where it holds what JSON or the model does not have."""
    try:
        return zlib.compress(readings_model().dump_json(_named(reading, shared), warnings="error"), LEVEL)
    except PydanticSerializationError:
        return b""


def _named(reading: FileReading, shared: Mapping[bytes, str]) -> FileReading:
    """Return a reading with the names alone of the columns that it shares with others."""
    own = reading.columns
    varied = {
        name: [shared[text]] if (text := to_json(values)) in shared else values for name, values in own.varied.items()
    }
    parts = [_named(part, shared) for part in reading.parts]
    return replace(reading, columns=Columns(own.size, own.fixed, varied), parts=parts)


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


def _put(file: BinaryIO, key: bytes, content: bytes) -> None:
    file.write(HEAD.pack(key, sha256(content).digest(), len(content)))
    file.write(content)
