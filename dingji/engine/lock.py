"""One run at a time in a workspace: a lock of the system's, which ends with its process, however that ends."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from dingji.cannot_run import BusyError

LOCK = ".lock"
BUSY = "另一个窗口正在这个文件夹里运行，还没有结束：{}\n这次没有运行。请等它结束，再运行一次。"


@contextmanager
def alone_in(workspace: Path) -> Iterator[None]:
    """Keep other runs out of a workspace; BusyError where one is at work there.

    Where nothing can be written, or the file system knows no locks, it goes without.
    """
    try:
        file = (workspace / LOCK).open("a", encoding="utf-8")
    except OSError:
        yield
        return
    with file:
        if not _taken(file):
            raise BusyError([BUSY.format(workspace)])
        yield


def _taken(file: TextIO) -> bool:
    """Take the lock of a file until it is closed; False where another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists on that system only

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - exists on the others only

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:  # else the file system knows no locks
        return not (sys.platform == "win32" and error.errno in (errno.EACCES, errno.EDEADLK))
    return True
