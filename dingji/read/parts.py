"""The parts of a zipped workbook, inflated under a cap: only those that a reader of cells may look at.

Everything else is left packed; where it could inflate beyond the cap, it is counted, and thrown away as it comes.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from dingji.read.relations import (
    STARTING,
    STARTING_USUALLY,
    USED,
    USUAL,
    Relation,
    main_part,
    plain_name,
    related,
    relations_of,
    relations_with,
    used_for,
)
from dingji.read.zips import Part, zip_of

MAX_INFLATED = 128 * 2**20
_WORST_RATIO = 1032
"""No deflated byte becomes more than so many."""
_CHUNK = 2**20
_LOCAL_HEADER = 30
_HEAD = 4_096
"""Bytes of the main part within which its first element stands."""
_REMEMBERED = 2**16
"""Bytes of relations that are remembered; a hostile workbook's may be as long as the cap."""
BESIDE = ("mimetype", "meta-inf/manifest.xml")
"""Parts by which workbooks of other formats are known."""


SMALL = 2_048
"""Deflated bytes of a part that is worth remembering: styles and relations are the same in all forms handed out."""


@lru_cache(maxsize=64)
def _small(deflated: bytes, checksum: int) -> bytes:
    data = zlib.decompress(deflated, -15)
    if zlib.crc32(data) != checksum:
        raise zipfile.BadZipFile
    return data


class TooBigError(Exception):
    """The parts inflate beyond the cap."""


class Parts:
    """The archive's parts by plain name (small letters, forward slashes), inflated once when asked for."""

    def __init__(self, raw: bytes, listed: Sequence[Part]) -> None:
        self._raw = raw
        self._infos = {plain_name(part.name): part for part in listed}
        self._left = MAX_INFLATED
        self._inflated: dict[str, bytes] = {}

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self._raw))

    @property
    def names(self) -> Mapping[str, Part]:
        """Return what the directory says of every part."""
        return self._infos

    def get(self, name: str) -> bytes:
        """Return a part, b"" where there is none; BadZipFile or zlib.error where it is damaged."""
        if name not in self._infos:
            return b""
        if name not in self._inflated:
            data = self._inflate(self._infos[name])
            self._left -= len(data)
            if self._left < 0:
                raise TooBigError
            self._inflated[name] = data
        return self._inflated[name]

    def _inflate(self, info: Part) -> bytes:
        if info.size > self._left:  # what a bomb states costs nothing to refuse; what it hides is counted below
            raise TooBigError
        if info.method != zipfile.ZIP_DEFLATED:
            with self._archive.open(info.name) as part:
                return part.read(self._left + 1)
        start, packed = info.start, self._raw
        start += _LOCAL_HEADER + int.from_bytes(packed[start + 26 : start + 28], "little") + int.from_bytes(
            packed[start + 28 : start + 30], "little"
        )  # fmt: skip
        deflated = packed[start : start + info.packed]
        if len(deflated) <= SMALL:
            return _small(deflated, info.checksum)
        if len(deflated) * _WORST_RATIO <= self._left:  # room is made for what is stated, and never more than the cap
            data = zlib.decompress(deflated, -15, min(info.size, len(deflated) * _WORST_RATIO) + 1)
        else:
            data = zlib.decompressobj(-15).decompress(deflated, self._left + 1)
        if len(data) <= self._left and zlib.crc32(data) != info.checksum:
            raise zipfile.BadZipFile
        return data

    def count_the_rest(self) -> None:
        """Inflate what was not asked for, if it could exceed the cap, and keep none of it; TooBigError if it does."""
        rest = [info for name, info in self._infos.items() if name not in self._inflated]
        if sum(info.packed for info in rest) * _WORST_RATIO <= self._left:
            return
        for info in rest:
            with self._archive.open(info.name) as part:
                while chunk := part.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise TooBigError

    @property
    def inflated(self) -> int:
        """Return how many bytes were inflated so far."""
        return MAX_INFLATED - self._left

    @cached_property
    def workbook(self) -> str:
        """Return the name of the part that lists the sheets: where the relations say, whatever it is called."""
        return main_part(self._starting)

    @property
    def _starting(self) -> bytes:
        try:
            return self.get(STARTING)
        except (zipfile.BadZipFile, zlib.error):
            return b""

    @property
    def is_workbook(self) -> bool:
        """Say whether that part is one of a workbook."""
        return self.workbook in self._infos and b"workbook" in self.get(self.workbook)[:_HEAD]

    @cached_property
    def relations(self) -> str:
        """Return the name of the part that tells which parts the workbook uses."""
        return relations_of(self.workbook)

    def used_for(self, kind: str) -> str:
        """Return the name of the part that the workbook uses for something (styles): as told, else as usual."""
        told = used_for(self._related, kind)
        return told if told in self._infos else f"xl/{kind.lower()}.xml"

    @cached_property
    def folder(self) -> str:
        """Return the folder in which the names of the workbook's relations begin."""
        return self.workbook.rpartition("/")[0]

    def zip_again(self, instead: Mapping[str, bytes]) -> bytes:
        """Return a zip of the parts that were asked for, some as given here, others empty; b"" where none can be."""
        if not self._starting:
            return b""
        own = {**self._inflated, **instead}
        if self.is_usual:
            return zip_of(((part.name, own.get(name, b"")) for name, part in self._infos.items()), self._checksums(own))
        names = self._usual_names
        own |= {STARTING: STARTING_USUALLY, self.relations: relations_with(self._related, names)}
        free = [name for name in self._infos if name in names or name not in names.values()]
        return zip_of((names.get(name, name), own.get(name, b"")) for name in free)

    def _checksums(self, own: Mapping[str, bytes]) -> Mapping[str, int]:
        """Return the checksums of the parts that are as they came, by name: they were held against these then."""
        came = ((self._infos[name], part is own[name]) for name, part in self._inflated.items())
        return {info.name: info.checksum for info, unchanged in came if unchanged}

    @cached_property
    def _related(self) -> Sequence[Relation]:
        return related(self.get(self.relations), self.folder)

    @cached_property
    def is_usual(self) -> bool:
        """Say whether the main part and its texts and styles are where the reader looks for them."""
        return self.workbook == USUAL and all(self.used_for(kind) == f"xl/{kind.lower()}.xml" for kind in USED)

    @property
    def _usual_names(self) -> Mapping[str, str]:
        """Return what the parts that the workbook uses are called where all is in its place."""
        moved = {each.target: f"xl/{each.target.removeprefix('xl/')}" for each in self._related}
        moved |= {self.used_for(kind): f"xl/{kind.lower()}.xml" for kind in USED}
        return moved | {self.workbook: USUAL, self.relations: relations_of(USUAL)}

    def read_cells(self) -> dict[str, bytes]:
        """Return every part that may be a sheet: named by the workbook's relations, whatever they call it."""
        relations = self.get(self.relations).lower()
        others = {self.workbook, self.relations, *map(self.used_for, USED), *BESIDE}
        if any(sign in relations for sign in (b"&", b"%", b"\0")):  # a name may be written in another way
            return {name: self.get(name) for name in self._infos if name not in others}
        named = _named if len(relations) <= _REMEMBERED else _named.__wrapped__
        return {name: self.get(name) for name in named(tuple(self._infos), relations) if name not in others}


@lru_cache(maxsize=32)
def _named(names: tuple[str, ...], relations: bytes) -> Sequence[str]:
    """Return the names that relations tell. Remembered: forms handed out have the same parts."""
    return [name for name in names if _is_named(name, relations)]


def _is_named(name: str, relations: bytes) -> bool:
    return not name.isascii() or name.rpartition("/")[2].encode() in relations
