"""Work done beside other work, in a copy of this process, where the system makes one cheaply."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from ctypes import CDLL
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Final, TypeVar

T = TypeVar("T")
COPIES: Final = sys.platform == "linux" and (os.cpu_count() or 1) > 1
"""Windows cannot copy a process, macOS not safely, and one processor gains nothing."""


def beside(work: Callable[[], T]) -> Callable[[], T]:
    """Start work in a copy of this process; return what waits for its outcome, which must pickle.

    Where there are no copies, or this one came to nothing, the work is done here when its outcome is asked for: what
    is wrong is then raised here.
    """
    if not COPIES:
        return work
    _give_back()
    ours, theirs = get_context("fork").Pipe(duplex=False)
    with warnings.catch_warnings(action="ignore"):  # no other thread of this program holds anything that it needs
        process = get_context("fork").Process(target=_answer, args=(work, theirs), daemon=True)
        try:
            process.start()
        except OSError:
            return work
    theirs.close()

    def outcome() -> T:
        try:
            answer: T = ours.recv()
        except EOFError:
            return work()
        finally:
            ours.close()
            process.join()
        return answer

    return outcome


def _give_back() -> None:
    """Give memory that lies idle back to the system: what one process fills again, the other would hold as it was."""
    with suppress(AttributeError):  # not every C library has it
        CDLL(None).malloc_trim(0)


def _answer(work: Callable[[], object], connection: Connection) -> None:
    try:
        connection.send(work())
    except BaseException:  # noqa: BLE001 - told by the other process, which does the work again
        os._exit(1)
