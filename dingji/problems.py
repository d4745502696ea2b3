"""Problems as data, and the one place that turns them into words.

A problem is raised anywhere as data (`Problem`); only this module turns it into words, by the catalogue, so the
console, the result workbook, the check report and the error pages say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from dingji.problem_catalogue import CATALOGUE, LEVELS, Level

BETWEEN = " ▸ "
"""What stands between file, sheet and cell of a place."""


@dataclass(frozen=True)
class Problem:
    """One problem at one place. `values` fills the catalogue's words; `found` is the value as typed."""

    code: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    _: KW_ONLY
    subject: str = ""
    found: str = ""
    unit: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def at(self, cell: str) -> Problem:
        """Return the same at another cell of its sheet; quicker than `replace`, as there are thousands."""
        own = {"subject": self.subject, "found": self.found, "unit": self.unit}
        return Problem(self.code, self.file, self.sheet, cell, **own, values=self.values)

    def of(self, unit: str) -> Problem:
        """Return the same of a branch."""
        own = {"subject": self.subject, "found": self.found, "unit": unit}
        return Problem(self.code, self.file, self.sheet, self.cell, **own, values=self.values)

    def in_file(self, file: str) -> Problem:
        """Return the same of a file."""
        own = {"subject": self.subject, "found": self.found, "unit": self.unit}
        return Problem(self.code, file, self.sheet, self.cell, **own, values=self.values)


def problem_at(
    row: Mapping[str, Any], code: str, subject: str = "", found: str = "", *, cell: str | None = None, **values: str
) -> Problem:
    """Return a problem at an entry, of its branch; `cell` where it is not the entry's own."""
    place = (row["file"], row["sheet"], row["cell"] if cell is None else cell)
    return Problem(code, *place, subject=subject, found=found, unit=row["unit"], values=values)


@dataclass(frozen=True)
class Line:
    """A problem in words: place, sentence and mend apart, for tables; `text` is the whole line.

    `subject` is what stands in the cell (党费缴纳); `place` names it too.
    """

    code: str
    level: str
    title: str
    place: str
    found: str
    words: str
    mend: str
    subject: str = ""

    @property
    def text(self) -> str:
        """Return the one line for a console or list."""
        found = f"＝ {self.found}，" if self.found else "，" if self.place else ""
        return f"{self.code} {self.place}{found}{self.words}。改法：{self.mend}。"


def shown(text: str, limit: int = 40) -> str:
    """Return a typed value short and on one line, so that a page of text in a cell costs one line."""
    text = text[: limit * 50]  # whatever fills a cell, no more of it is looked at
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"


def place_of(problem: Problem) -> str:
    """Return file ▸ sheet ▸ cell（subject）, without what is not known; the subject alone where there is no file."""
    place = BETWEEN.join(shown(part, 200) for part in (problem.file, problem.sheet, problem.cell) if part)
    if not problem.subject:
        return place
    return f"{place}（{shown(problem.subject)}）" if place else shown(problem.subject)


def describe(problem: Problem) -> Line:
    """Turn a problem into words by the catalogue; the only place that does."""
    kind = CATALOGUE[problem.code]
    values = {
        "found": shown(problem.found),
        **{key: shown(value, 200) for key, value in problem.values.items()},
    }
    return Line(
        problem.code,
        LEVELS[kind.level],
        kind.title.format_map(values),
        place_of(problem),
        shown(problem.found),
        kind.words.format_map(values),
        kind.mend.format_map(values),
        shown(problem.subject),
    )


def level_of(problem: Problem) -> Level:
    """Return the fixed level of a problem's class."""
    return CATALOGUE[problem.code].level
