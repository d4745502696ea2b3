"""One measured figure and the goal that it is held against, as a line and as a row of the page."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

HEADINGS = ("目标", "量的是什么", "中位数（最小–最大）", "要求", "结论")


@dataclass(frozen=True)
class Row:
    """Figures of one kind; `limit` None is a figure for comparison only, `missing` says why there is none."""

    goal: int
    what: str
    figures: tuple[float, ...] = ()
    limit: float | None = None
    unit: str = "×"
    at_least: bool = False
    missing: str = ""

    @property
    def verdict(self) -> str:
        """Say whether the median keeps to the goal."""
        if self.missing:
            return f"尚无：{self.missing}"
        if self.limit is None:
            return "对照"
        middle = median(self.figures)
        return "达到" if (middle >= self.limit if self.at_least else middle <= self.limit) else "未达"

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """Return its texts, in the order of the headings."""
        wanted = "" if self.limit is None else f"{'≥' if self.at_least else '≤'} {self._told(self.limit)}"
        return str(self.goal), self.what, self._measured(), wanted, self.verdict

    @property
    def line(self) -> str:
        """Return it as a line of the console."""
        goal, *others = self.cells
        return "  ".join([f"{goal:>2}", *filter(None, others)])

    def _measured(self) -> str:
        if not self.figures:
            return ""
        spread = f"（{self._number(min(self.figures))}–{self._number(max(self.figures))}）"
        return self._told(median(self.figures)) + (spread if len(self.figures) > 1 else "")

    def _told(self, figure: float) -> str:
        return f"{self._number(figure)}{self.unit if self.unit == '×' else f' {self.unit}'}"

    def _number(self, figure: float) -> str:
        return f"{figure:.2f}" if abs(figure) < 10 and self.unit in ("×", "s") else f"{figure:.0f}"  # noqa: PLR2004 - three digits tell enough
