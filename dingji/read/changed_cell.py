"""Which cell of a table was changed since its 数据校验码 was printed: the one change that gives the code again.

Of some million texts that may have stood there, one alone has the code, forty bits as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from itertools import product
from typing import Final

from dingji.checkcode import GRADES, NO_FIGURE, WORDS, columns_told, digest_of, figures

MEMBERS: Final = "党员数"
CODE: Final = "党组织编码"
COMPOSITE: Final = "综合得分"
MOST_COUNTED: Final = 2_000
"""More members than any branch has."""
MOST_HASHED: Final = 1 << 30
"""So many bytes are looked through at most: a second or so, far from where a file that takes too long is given up."""
EACH: Final = 2_500
"""Bytes that could be looked through in the time that a trial takes beside its own."""
MOST_ROWS: Final = 2_000

Cells = tuple[tuple[int, int, str], ...]
"""Cells by row and column from 0, each with the text that stood there."""


@dataclass(frozen=True)
class Table:
    """A table by its printed texts."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @cached_property
    def graded(self) -> tuple[int, ...]:
        """Return the columns of grades, of which the first that is filled counts."""
        return tuple(self.headings.index(heading) for heading in GRADES if heading in self.headings)


def changed_cells(table: Table, stated: str, grades: Sequence[str]) -> Cells:
    """Return the cell that was changed with what it said, or a figure and its grade; nothing where it can't be told."""
    wanted = digest_of(stated)
    if not wanted or len(table.rows) > MOST_ROWS:
        return ()
    trial = Trial(table, wanted)
    for row, guesses in _guesses(table, grades):
        for guess in guesses:
            if trial.gives(row, guess):
                return tuple((row, column, text) for column, text in guess.items())
            if trial.hashed > MOST_HASHED:
                return ()
    return ()


Guess = Mapping[int, str]
"""Texts of a row by column."""


def _guesses(table: Table, grades: Sequence[str]) -> Iterator[tuple[int, Iterable[Guess]]]:
    """Yield row by row what may have stood there, the likeliest first: a grade, a composite, both, any other figure."""
    height = range(len(table.rows))
    graded = table.graded[0] if table.graded else None
    figure = table.headings.index(COMPOSITE) if COMPOSITE in table.headings else None
    fixed = {*table.graded, figure}
    others = [index for index, name in enumerate(table.headings) if index not in fixed and name not in {*WORDS, CODE}]
    if graded is not None:
        yield from ((row, [{graded: grade} for grade in grades]) for row in height)
    if figure is not None:
        texts = _texts(table, figure)
        yield from ((row, ({figure: text} for text in texts)) for row in height)
    for column in others:
        texts = _texts(table, column)
        yield from ((row, _alone(column, texts)) for row in height)
    if graded is not None and figure is not None:
        texts = _texts(table, figure)
        yield from ((row, _both(figure, texts, graded, grades)) for row in height)


def _alone(column: int, texts: Sequence[str]) -> Iterator[Guess]:
    return ({column: text} for text in texts)


def _both(figure: int, texts: Sequence[str], graded: int, grades: Sequence[str]) -> Iterator[Guess]:
    return ({figure: text, graded: grade} for grade, text in product(grades, texts))


def _texts(table: Table, column: int) -> Sequence[str]:
    """Return what a figure of a column may have been, by what the column is; nothing where it holds no figures."""
    filled = [row[column] for row in table.rows if row[column] not in NO_FIGURE]
    if table.headings[column] == MEMBERS:
        return (*map(str, range(MOST_COUNTED)), *NO_FIGURE)
    sign = "%" if any(text.endswith("%") for text in filled) else ""
    steps = _steps(sign) if sign or any(map(_is_figure, filled)) else ()
    return (*steps, *NO_FIGURE, *dict.fromkeys(text for text in filled if not _is_figure(text)))


@cache
def _steps(sign: str) -> tuple[str, ...]:
    """Return what a figure with two decimals may be, up to 100; made when first wanted, as hardly any run does."""
    return tuple(f"{number // 100}.{number % 100:02d}{sign}" for number in range(10_000, -1, -1))


def _is_figure(text: str) -> bool:
    return text.removesuffix("%").replace(".", "", 1).isdecimal()


class Trial:
    """A table of which one row is changed again and again; what stands above and below is looked at once a row."""

    def __init__(self, table: Table, wanted: bytes) -> None:
        """Keep the table, and the digest that is wanted."""
        self.table, self.wanted, self.hashed = table, wanted, 0
        self.at: tuple[int, tuple[int, ...]] = (-1, ())

    def gives(self, row: int, guess: Guess) -> bool:
        """Say whether a row with other texts gives the digest."""
        if (row, (*guess,)) != self.at:
            self._take(row, (*guess,))
        told = (self.form % tuple([guess[column] for column in self.slots])).encode()
        digest = self.above.copy()
        digest.update(told + self.below)
        self.hashed += len(told) + len(self.below) + EACH
        return digest.digest().startswith(self.wanted)

    def _take(self, row: int, columns: tuple[int, ...]) -> None:
        """Look once at all that stays while these columns of a row are guessed: a text with a slot for each of them."""
        self.at = row, columns
        line = [cell.strip() for cell in self.table.rows[row]]
        graded = next((at for at in self.table.graded if at in columns or line[at]), None)
        told = [*self.kept, *([] if graded is None else [graded])]
        self.slots = [column for column in told if column in columns]
        texts = ["%s" if column in columns else line[column].replace("%", "%%") for column in told]
        self.form = "\t".join([*texts, ""] if self.table.graded and graded is None else texts)
        before, after = self.lines[:row], self.lines[row + 1 :]
        self.above = sha256("".join(f"{line}\n" for line in before).encode())
        self.below = "".join(f"\n{line}" for line in after).encode()

    @cached_property
    def lines(self) -> list[str]:
        """Return what the code covers of each row."""
        told = figures(self.table.headings, self.table.rows)
        return ["\t".join(cell.strip() for cell in row) for row in told]

    @cached_property
    def kept(self) -> list[int]:
        """Return the columns that the code covers, but for those of grades."""
        return columns_told(self.table.headings, self.table.rows)
