"""Where the filled workbooks lie, a folder or an object store: what there is, how it is shown, and its bytes."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from dingji.engine.extras import wanted_extra
from dingji.read.guard import MAX_FILE

if TYPE_CHECKING:
    from fsspec.spec import AbstractFileSystem

Job = tuple[str, str]
"""A file's path (or its address in a store), and the path shown to people: no two are shown alike."""

REMOTE = "://"
"""What the address of a store has and no folder's path."""


@dataclass(frozen=True)
class Inputs:
    """The place of the input: `root` is a folder's path, or an address that fsspec knows (`s3://bucket/2026`).

    `also`: files of this machine that are read with it, wherever they lie.
    """

    root: str
    also: tuple[Job, ...] = ()

    @property
    def remote(self) -> bool:
        """Say whether it lies in a store, so that files must be fetched before they are read."""
        return REMOTE in self.root

    @property
    def found(self) -> bool:
        """Say whether there is such a folder; of a store that is known only when it is asked."""
        return self.remote or Path(self.root).is_dir()

    @cached_property
    def jobs(self) -> list[Job]:
        """Return every file there, in the order of the shown paths; found once."""
        found = self._there()
        taken = {shown for _, shown in found}
        return sorted([*found, *(job for job in self.also if job[1] not in taken)], key=lambda job: job[1])

    def _there(self) -> list[Job]:
        if self.remote:
            store, path = _store(self.root)
            return _shown_jobs((each, PurePosixPath(each).relative_to(path).parts) for each in store.find(path))
        return find_files(Path(self.root)) if self.found else []

    def read(self, shown: str) -> bytes:
        """Return a file's bytes by its shown path; none where it is gone, or shut to us.

        Of a file too large to be read only as much as shows that it is.
        """
        job = self.job(shown) or ("", "")
        address = job[0]
        try:
            if not self.remote or job in self.also:
                return _beginning(Path(address)) if address else b""
            content: bytes = _store(self.root)[0].cat_file(address, end=MAX_FILE + 1)
            return content
        except OSError:
            return b""

    def job(self, shown: str) -> Job | None:
        """Return a file by its shown path; None where there is no such file."""
        return self._by_path.get(shown)

    @cached_property
    def _by_path(self) -> dict[str, Job]:
        return {job[1]: job for job in self.jobs}

    @contextmanager
    def at_hand(self, jobs: Sequence[Job]) -> Iterator[Sequence[Job]]:
        """Give the jobs as files of this machine: those of a store are fetched, and gone again afterwards."""
        if not self.remote:
            yield jobs
            return
        with TemporaryDirectory(prefix="dingji-") as folder:
            far = [job for job in jobs if job not in self.also]
            fetched = {job: str(Path(folder, f"{number:06}")) for number, job in enumerate(far)}
            if fetched:
                _store(self.root)[0].get([address for address, _ in fetched], list(fetched.values()))
            yield [(fetched.get(job, job[0]), job[1]) for job in jobs]


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(min(os.fstat(file.fileno()).st_size, MAX_FILE) + 1)


def _store(address: str) -> tuple[AbstractFileSystem, str]:
    """Return the file system of an address, and the path in it."""
    with wanted_extra("s3"):
        from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra, installed where it is asked for

        store, path = url_to_fs(address)
    store.invalidate_cache()
    return store, path


def find_files(folder: Path) -> list[Job]:
    """Return whatever lies below a folder and is no folder, in the order of its shown path.

    Lock files of office programs are skipped; links to nowhere, folders that are shut to us and the like are not, so
    that they are named.
    """
    shut: list[Path] = []
    found = [
        Path(place, name)
        for place, folders, files in os.walk(folder, onerror=lambda error: shut.append(Path(error.filename)))
        for name in (*files, *(each for each in folders if Path(place, each).is_symlink()))
    ]
    return _shown_jobs((str(path), path.relative_to(folder).parts) for path in found + shut)


def _shown_jobs(found: Iterable[tuple[str, Sequence[str]]]) -> list[Job]:
    """Return addresses with the parts of their paths as jobs; of two shown alike the second gets a number."""
    kept = ((address, parts) for address, parts in found if not (parts and _is_left_by_programs(parts[-1])))
    listed = sorted(("/".join(map(_readable, parts)), parts, address) for address, parts in kept)
    taken = {shown for shown, *_ in listed}
    used: set[str] = set()
    jobs = []
    for shown, _, address in listed:
        name = shown if shown not in used else _numbered(shown, taken)
        used.add(name)
        taken.add(name)
        jobs.append((address, name))
    return sorted(jobs, key=lambda job: job[1])


def _numbered(shown: str, taken: set[str]) -> str:
    """Return the first free path like this one: `测评表(2).xlsx`."""
    path = PurePosixPath(shown)
    names = (str(path.with_name(f"{path.stem}({number}){path.suffix}")) for number in range(2, len(taken) + 3))
    return next(name for name in names if name not in taken)


def _readable(name: str) -> str:
    """Return a name as people read it: one that is not in the system's encoding is most likely in GB18030."""
    if name.isprintable():  # nearly every one
        return name
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("gb18030", "replace")
    return "".join(sign if sign.isprintable() or unicodedata.category(sign) == "Zs" else "�" for sign in name)


def _is_left_by_programs(name: str) -> bool:
    return name.startswith(("~$", ".")) or name.lower() in ("thumbs.db", "desktop.ini")
