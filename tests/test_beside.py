"""Work in a copy of the process: its outcome comes back, and what is wrong is raised here."""

import errno
import os

import pytest

from dingji.beside import COPIES, beside


def test_the_outcome_comes_back_from_another_process() -> None:
    where = beside(os.getpid)()
    assert (where != os.getpid()) is COPIES


def test_a_fault_is_raised_where_the_outcome_is_asked_for() -> None:
    def work() -> int:
        message = "坏了"
        raise ValueError(message)

    outcome = beside(work)
    with pytest.raises(ValueError, match="坏了"):
        outcome()


@pytest.mark.skipif(not COPIES, reason="nothing is copied here")
def test_where_the_system_starts_no_process_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refused)
    assert beside(os.getpid)() == os.getpid()


def test_a_copy_that_dies_costs_only_time() -> None:
    here = os.getpid()

    def work() -> str:
        if os.getpid() != here:
            os._exit(9)
        return "做完了"

    assert beside(work)() == "做完了"
