"""A trail written down step by step, for tests of what reads one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from dingji.exact import Exact
from dingji.scoring.trail import Groups, Trail


def trail_of(rows: Iterable[Mapping[str, Any]], sources: Sequence[str] = ()) -> Trail:
    """Return a trail of steps given as rows of `tables.TRAIL`; what a row leaves out is empty.

    `sources`: the order of the sources in the standard.
    """
    listed = list(rows)
    trail = Trail(list(dict.fromkeys(row["unit"] for row in listed)))
    for row in listed:
        figure: Fraction | None = row.get("figure")
        trail.round = row.get("round", "")
        texts = {name: row.get(name, "") for name in ("source", "item", "rater", "text")}
        behind = Groups(np.array(row.get("entries", ()), np.intp), np.array([0, len(row.get("entries", ()))]))
        place = np.array([trail.units.index(row["unit"])])
        trail.add(
            row["step"],
            np.zeros(1, np.intp),
            place,
            "told",
            order=sources.index(row["source"]) if row.get("source") in sources else len(sources),
            figure=Exact.of([figure]),
            behind=behind,
            told=row.get("words", ""),
            **texts,
        )
    return trail
