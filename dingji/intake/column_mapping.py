"""栏目对照 as the office has filled it in: what the columns of the superior's form were confirmed to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dingji.forms.columns_form import KIND, TITLE
from dingji.intake.questionnaire_mapping import Contradictions, Key, Line, lines_of
from dingji.problems import Problem
from dingji.read.reading import FileReading


@dataclass(frozen=True)
class ConfirmedColumns:
    """What was typed of each column, by the form's number, sheet and letter; and where two books contradict."""

    lines: Mapping[Key, Line] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def confirmed_columns(readings: Iterable[FileReading]) -> ConfirmedColumns:
    """Gather every 栏目对照; what two of them confirm differently does not count."""
    problems: list[Problem] = []
    books = [reading for reading in readings if reading.kind == KIND and reading.taken]
    lines = lines_of(books, TITLE, ("number", "page", "letter"), "target", Contradictions("E673", problems))
    return ConfirmedColumns(lines, tuple(problems))
