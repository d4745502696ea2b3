"""The catalogue of problems: a code, one fixed level, and the words for what, why and how to mend it.

A module a family of numbers, in their order. Levels: `refuse` (the file or cell is not taken), `act` (a person must
decide or mend), `warning`, `note`.
"""

from __future__ import annotations

from collections.abc import Mapping

from dingji.problem_catalogue.ballots import BALLOTS
from dingji.problem_catalogue.basis import BASIS
from dingji.problem_catalogue.cells import CELLS
from dingji.problem_catalogue.files import FILES
from dingji.problem_catalogue.kind import LEVELS, Kind, Level
from dingji.problem_catalogue.output import OUTPUT
from dingji.problem_catalogue.roll_call import ROLL_CALL
from dingji.problem_catalogue.year import YEAR

__all__ = ["CATALOGUE", "LEVELS", "Kind", "Level"]

CATALOGUE: Mapping[str, Kind] = {**FILES, **CELLS, **ROLL_CALL, **BALLOTS, **BASIS, **OUTPUT, **YEAR}
