"""Formulas: what a figure is reckoned from, written as an office program reads it; no number stands in one.

A formula is written once for a column, with signs in place of the row and of the cells where the marks stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from xlsxwriter.utility import xl_col_to_name

from dingji.scoring.worked import Given, Key, Made, Marks, Of, Part, Stated

ROW, CELLS = "\0", "\1"
"""What stands in place of a row's number, and of the cells of the marks."""
YES, NO, UNKNOWN = "是", "否", "不知道"
TRUTHS: Final = frozenset(("and", "or", "not", "in", "yes", "=", "!=", "<", "<=", ">", ">="))
"""Ways that come to yes or no."""
NOISE: Final = Stated("比较和取位之前先取几位（去掉浮点误差）", Fraction(10))
SIGNS: Final[Mapping[str, str]] = {"!=": "<>"}
NAMED: Final[Mapping[str, str]] = {
    "max": "MAX",
    "min": "MIN",
    "and": "AND",
    "or": "OR",
    "not": "NOT",
    "if": "IF",
    "pick": "CHOOSE",
}


@dataclass(frozen=True)
class Writer:
    """Writes formulas for one table: at which columns figures stand, and where what the standard states stands."""

    columns: Mapping[Key, int]
    given: Callable[[Given], int]
    """The column of what is given of each branch."""
    cell: Callable[[Stated], str]

    def column(self, part: Of | Given) -> int:
        """Return at which column a figure stands."""
        return self.columns[part.key] if isinstance(part, Of) else self.given(part)

    def whole(self, part: Part) -> str:
        """Return the formula of a cell; yes and no are words."""
        text = self.text(part)
        truth = isinstance(part, Made) and part.way in TRUTHS
        return f'IF({text},"{YES}","{NO}")' if truth else text

    def text(self, part: Part) -> str:
        """Return a part of a formula."""
        if isinstance(part, Stated):
            return self.cell(part)
        if isinstance(part, Marks):
            return self._marks(part)
        if isinstance(part, Of | Given):
            return f"{xl_col_to_name(self.column(part))}{ROW}"
        return self._made(part)

    def _made(self, part: Made) -> str:
        way, parts = part.way, part.parts
        if way == "sum":
            return f"SUM({self._summands(parts)})"
        if way == "round":
            return f"ROUND(ROUND({self.text(parts[0])},{self.cell(NOISE)}),{self.text(parts[1])})"
        if way in NAMED:
            return f"{NAMED[way]}({','.join(map(self.text, parts))})"
        return self._truth(way, parts) if way in TRUTHS else way.join(map(self._operand, parts))

    def _truth(self, way: str, parts: Sequence[Part]) -> str:
        if way == "yes":
            return f'{self.text(parts[0])}="{YES}"'
        if way == "in":
            return f"OR({','.join(self._compared('=', parts[0], choice) for choice in parts[1:])})"
        return self._compared(way, *parts)

    def _operand(self, part: Part) -> str:
        """Return an operand of a sum or product, in brackets where it is one itself."""
        text = self.text(part)
        return f"({text})" if isinstance(part, Made) and part.way in ("+", "-", "*", "/") else text

    def _compared(self, sign: str, left: Part, right: Part) -> str:
        """Return a comparison; what is reckoned is rounded far behind the last place that can matter.

        Doubles of 0.1 + 0.2 and of 0.3 differ where the figures do not.
        """
        texts = (
            f"ROUND({self.text(part)},{self.cell(NOISE)})" if isinstance(part, Of | Made) else self.text(part)
            for part in (left, right)
        )
        return SIGNS.get(sign, sign).join(texts)

    def _summands(self, parts: Sequence[Part]) -> str:
        """Return what is summed; figures side by side as one range."""
        texts: list[str] = []
        runs: list[list[int]] = []
        for part in parts:
            if not isinstance(part, Of | Given):
                texts.append(self.text(part))
            elif runs and self.column(part) == runs[-1][1] + 1:
                runs[-1][1] += 1
            else:
                runs.append([self.column(part)] * 2)
        ranges = (
            f"{xl_col_to_name(first)}{ROW}" + (f":{xl_col_to_name(last)}{ROW}" if last > first else "")
            for first, last in runs
        )
        return ",".join([*ranges, *texts])

    def _marks(self, marks: Marks) -> str:
        """Return what the raters' marks come to; a median stays the same whoever is left out at both ends."""
        source = marks.source
        if source.combine == "median":
            return f"MEDIAN({CELLS})"
        if not source.trim:
            return f"AVERAGE({CELLS})"
        named = f"{source.name} 去掉最高、最低"
        ranks = [Stated(f"{named}：第几", Fraction(rank)) for rank in range(1, source.trim + 1)]
        least = source.trim_from if source.trim_from is not None else 2 * source.trim + 1
        enough = self.cell(Stated(f"{named}：满几名评委", Fraction(max(least, 2))))
        both = self.cell(Stated(f"{named}：两端共几个", Fraction(2 * source.trim)))
        ends = "".join(f"-{name}({CELLS},{self.cell(rank)})" for rank in ranks for name in ("LARGE", "SMALL"))
        trimmed = f"(SUM({CELLS}){ends})/(COUNT({CELLS})-{both})"
        return f"IF(COUNT({CELLS})>={enough},{trimmed},AVERAGE({CELLS}))"
