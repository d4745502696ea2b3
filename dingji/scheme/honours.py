"""表彰: who may be put forward for what, out of how many, and which stars are hung; words and bounds alone are data."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from dingji.scheme.told import TableWords, key
from dingji.scheme.written import Bound, Names, Table

BRANCHES: Final = "branches"
LISTED: Final = "list"
STARS: Final = "stars"


class Honour(Table):
    """An honour: who is put forward, for how many places, and how many more than these there are to be."""

    words: ClassVar = TableWords("表彰", "评选表彰和挂星，一个称号一张表；只出候选名单，由党委研究。")
    name: Annotated[str, key("称号", "称号，照通知写；推荐名单、星级登记里照着选。", 'name = "先进基层党组织"')]
    by: Annotated[
        Literal["branches", "list", "stars"],
        key(
            "候选从哪里来",
            "branches：有 flag 标注的党组织，按综合得分排；list：各党组织报来的推荐名单（党员、党小组、岗位）；"
            "stars：星级，本轮有 flag 标注的应当挂，已挂的看星级登记。",
            'name = "优秀共产党员"',
            'by = "list"',
        ),
    ] = BRANCHES
    flag: Annotated[
        str,
        key(
            "要有哪个标注",
            "要有哪个标注（名额或情形写的 flag）：by 是 list 的，只有这样的党组织才能推荐；不写就都能推荐。",
            'name = "先进基层党组织"',
            'flag = "标注"',
        ),
    ] = ""
    places: Annotated[
        int | None, Field(ge=1), key("名额", "名额，取几个。", 'name = "优秀共产党员"', 'by = "list"', "places = 3")
    ] = None
    margin: Annotated[
        Bound | None,
        key(
            "差额比例",
            "候选要比名额多几成（不足一个的算一个），少了提醒。",
            'name = "优秀共产党员"',
            'by = "list"',
            "places = 5",
            'margin = "20%"',
        ),
    ] = None
    rounds: Annotated[
        Names, key("哪几轮评选", "哪几轮评选；不写就每一轮都评。", 'name = "先进基层党组织"', 'rounds = "年终"')
    ] = []

    def given_in(self, round_name: str) -> bool:
        """Say whether it is given in a round; a form that serves any round has a blank name."""
        return not self.rounds or not round_name or round_name in self.rounds

    @property
    def wanted(self) -> int:
        """Return how many candidates there are to be at least, 0 where the standard says nothing of it."""
        if self.places is None or self.margin is None:
            return 0
        more = self.margin.value * self.places if self.margin.share else self.margin.value
        return self.places + ceil(Fraction(more))
