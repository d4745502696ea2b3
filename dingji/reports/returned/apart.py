"""Copies made in a process apart, one by one, and kept in files until they are put into output/."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from dingji.content import Content
from dingji.engine.apart import Apart
from dingji.engine.inputs import Inputs
from dingji.reports.returned.copying import Order, make_copy
from dingji.reports.returned.faults import Return


class Copy(NamedTuple):
    """A marked copy: the ending of its name, what it holds, and how it differs from what was sent."""

    suffix: str
    content: Content
    lost: str


Copier = Callable[[Return], Copy | None]
"""Makes the marked copy of a workbook that goes back; None where there can be none."""


@contextmanager
def copier(inputs: Inputs) -> Iterator[Copier]:
    """Give what makes copies of input files; they lie in a folder that goes when this ends."""
    child = Apart(make_copy)
    made: list[Path] = []
    with TemporaryDirectory(prefix="dingji-") as folder:

        def copy(back: Return) -> Copy | None:
            job = inputs.job(back.file.path)
            target = Path(folder, f"{len(made):06}")
            made.append(target)
            with inputs.at_hand([job] if job else []) as jobs:
                orders = [
                    Order(Path(path), shown, back.file.sha256, back.file.number, back.faults, target)
                    for path, shown in jobs
                ]
                answers = child.ask(orders)
            told = answers[0] if answers else None
            return Copy(told[0], target, told[1]) if told else None

        try:
            yield copy
        finally:
            child.leave()
