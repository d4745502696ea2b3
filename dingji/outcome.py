"""The outcome of one run: everything that the reports are views of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from dingji.burden import Burden, burden_of
from dingji.intake.column_mapping import ConfirmedColumns
from dingji.intake.questionnaire_mapping import Typed
from dingji.problems import Problem
from dingji.read.questionnaire import Questionnaire
from dingji.scheme.model import UNIT, Scheme
from dingji.scoring.basis import Basis
from dingji.scoring.trail import Trail
from dingji.settings import Settings


@dataclass(frozen=True)
class InputFile:
    """A file found in `input/`: its path there, SHA-256, kind of form ("" unrecognised) and whether it was taken.

    `number`: the 退回号 that it carries when it goes back to its owner, after those it has carried before.
    """

    path: str
    sha256: str
    kind: str
    taken: bool
    number: str = ""


@dataclass(frozen=True)
class Questionnaires:
    """The exports of online questionnaires in `input/` by path, and what the office has said of them."""

    exports: tuple[tuple[str, Questionnaire], ...] = ()
    typed: Typed = field(default_factory=Typed)


@dataclass(frozen=True)
class Outcome:
    """Settings, standards (in the order of config), the tables of `tables.py`, and what was found in `input/`."""

    settings: Settings
    schemes: Mapping[str, Scheme]
    branches: pd.DataFrame
    raters: pd.DataFrame
    entries: pd.DataFrame
    problems: tuple[Problem, ...]
    results: pd.DataFrame
    trail: Trail
    rollcall: pd.DataFrame
    files: tuple[InputFile, ...]
    final: bool = False
    """Whether these very figures have been frozen (定稿): the grade is then printed as 审定等次."""
    questionnaires: Questionnaires = field(default_factory=Questionnaires)
    confirmed_columns: ConfirmedColumns = field(default_factory=ConfirmedColumns)
    """What the office has said of the columns of the superior's form."""
    basis: Basis | None = None
    """What scoring started from; None where the outcome was not scored here."""
    burden_before: Burden | None = None
    """What the round before asked of everybody, as far as that is known."""

    @cached_property
    def burden(self) -> Burden:
        """Return what this round asks of everybody."""
        return burden_of(self.settings.round.label, self.rollcall, self.entries)

    @property
    def counted(self) -> str:
        """Return what is counted, in the standards' word; 党组织 where they have several."""
        words = {scheme.counted for scheme in self.schemes.values()}
        return words.pop() if len(words) == 1 else UNIT
