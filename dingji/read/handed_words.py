"""Headings and words of a result that came in, which 数据校验码 leaves out: held against what its stamp tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dingji.checkcode import GRADES, NO_FIGURE, TAKEN_WORDS, WORDS, column_code, headings_code
from dingji.comparing import most_like
from dingji.problems import Problem
from dingji.read.changed_cell import CODE, MEMBERS
from dingji.read.grid import address, text_of
from dingji.read.locate import Located
from dingji.read.rows import Columns, lines_of_branches

MOST_TRIED: Final = 500
"""Rows of a table in which the changed cell is looked for."""


def heading_problems(located: Located, told: Sequence[str], grades: Sequence[str]) -> list[Problem]:
    """Return a problem where a column was renamed or taken out, or where there is none with a grade.

    `told`: the codes that the result's stamp tells (`told_codes`); `grades` are the standards' labels.
    """
    found = _headings(located)
    known = {column.heading for column in located.sheet.columns} | {MEMBERS, CODE} | WORDS
    strange = [heading for heading in found if heading not in known]
    ungraded = grades and not set(found) & set(GRADES)
    if not ungraded and (not told or told[0] in map(headings_code, _as_written(found, known))):
        return []
    absent = GRADES if ungraded else [*(known - set(found))]
    named = "、".join(f"“{heading}”{_meant(heading, absent)}" for heading in strange)
    what = f"没有等次的栏目（{'、'.join(GRADES)}）" if ungraded else "栏目改过名称，或者删去了一栏"
    cell = address(located.header, _places(located)[strange[0]]) if strange else ""
    values = {"what": f"{what}，那一栏没有读" + (f"；不认得的栏目：{named}" if named else "")}
    return [Problem("E667", sheet=located.grid.name, cell=cell, values=values)]


def _meant(heading: str, absent: Sequence[str]) -> str:
    near = most_like(heading, absent)
    return f"（是不是“{near}”）" if near else ""


def _as_written(found: Sequence[str], known: set[str]) -> Iterator[Sequence[str]]:
    """Yield what the headings may have been without what somebody put beside or between them."""
    yield from (found[:count] for count in range(len(found), 0, -1))
    yield [heading for heading in found if heading in known]
    yield from ([*found[:place], *found[place + 1 :]] for place in range(len(found)))


def word_problems(located: Located, columns: Columns, told: Sequence[str], grades: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem for each column of words that says something else than when it was handed up.

    `columns` is what was read of the sheet, by which its rows are known.
    """
    codes = told[1:]
    places = _places(located)
    lines = lines_of_branches(columns, located.grid.name)
    for heading in TAKEN_WORDS if codes else ():
        texts = [text_of(located.grid.value(row, places[heading])) for row in lines] if heading in places else []
        if heading not in places or column_code(heading, texts) in codes:
            continue
        place, before = _changed(heading, texts, codes, grades)
        where = "" if place is None else address(lines[place], places[heading])
        what = f"“{heading}”这一栏的字" if place is None else f"“{heading}”这一格原来是 {before or '空白'}"
        text = "" if place is None else texts[place]
        yield Problem("W666", sheet=located.grid.name, cell=where, subject=heading, found=text, values={"what": what})


def _changed(heading: str, texts: Sequence[str], codes: Sequence[str], grades: Sequence[str]) -> tuple[int | None, str]:
    """Return which text was changed and what it was; None where no other one of the column gives the code again."""
    guesses = dict.fromkeys((*NO_FIGURE, *grades, *texts))
    for place in range(len(texts)) if len(texts) <= MOST_TRIED else ():
        for guess in guesses:
            if column_code(heading, [*texts[:place], guess, *texts[place + 1 :]]) in codes:
                return place, guess
    return None, ""


def _headings(located: Located) -> list[str]:
    return [text for value in located.grid.rows[located.header] if (text := "".join(text_of(value).split()))]


def _places(located: Located) -> dict[str, int]:
    """Return the places of the headings, by what they say without blanks; of two alike the first."""
    line = [*enumerate(located.grid.rows[located.header])]
    return {"".join(text_of(value).split()): place for place, value in reversed(line)}
