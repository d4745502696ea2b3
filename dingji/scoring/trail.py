"""The trail: a row a step, from the typed cell to the grade; every explanation is a view of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from dingji.tables import TRAIL, from_columns

STEPS: Mapping[str, str] = {
    "mark": "评分",  # one rater's (branch's, tally's) mark of one thing; source, rater, item
    "rule": "扣分加分",  # one rule's points; source, rater, item = the rule's name
    "ballots": "票数",  # a count of ballots; source, item = 发出, 收回, 有效, 无效 …
    "votes": "得票",  # votes for an option; source, item = question, text = option
    "share": "比率",  # a survey's share; source, item = its name
    "option_score": "测评得分",  # mean of the option points; source
    "combined": "指标得分",  # a source's mark of an indicator or item over its raters; source, item
    "source": "来源得分",  # a source's figure; source
    "bonus": "加分",  # a bonus indicator's points; item
    "composite": "综合得分",
    "score": "情形定分",  # a situation that sets the composite; item = its name
    "points": "按得分定等次",
    "at_least": "直接定级",
    "at_most": "限档",
    "grade": "否决",
    "no_grade": "不定等次",
    "quota": "名额",
    "decision": "审定",
    "movement": "晋位情况",
    "flag": "标注",
    "lower": "下级结果",  # figures and grade as a lower unit handed them up
    "missing": "未定级",  # why there is no grade
}
"""Every kind of step in the order in which a branch's grade comes about, with its Chinese name."""


@dataclass
class Trail:
    """Collects steps; `table` gives them as the trail table."""

    rows: list[tuple[object, ...]] = field(default_factory=list)
    round: str = ""
    """The round whose steps are being added."""

    def add(  # noqa: PLR0913 - a row of the table has these columns
        self,
        unit: str,
        step: str,
        *,
        words: str,
        source: str = "",
        rater: str = "",
        item: str = "",
        figure: Fraction | None = None,
        text: str = "",
        entries: Iterable[int] = (),
    ) -> None:
        """Add one step of a branch; `entries` are row numbers of the entries table."""
        self.rows.append((unit, self.round, step, source, rater, item, figure, text, words, tuple(entries)))

    def table(self) -> pd.DataFrame:
        """Return the steps as a table, branch by branch kept in the order in which they were added."""
        columns = list(zip(*self.rows, strict=True)) or [() for _ in TRAIL]
        return from_columns(TRAIL, dict(zip(TRAIL, columns, strict=True)))
