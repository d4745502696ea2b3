"""Every sentence of 临界提示: what may be read to a committee, as advice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from dingji.numbers import fixed, plain
from dingji.steadiness.blocs import Bloc
from dingji.steadiness.hangs import Hang
from dingji.steadiness.places import Interval
from dingji.steadiness.ratings import SEVERE_POINTS, RaterNote
from dingji.steadiness.steady import Above, Near

ADVICE = "本表供内部研究时参考，不改变任何分数和等次，不对外提供。"
NOTES = (
    ADVICE,
    "名次范围：各方占比在加减5分之间随机变动200次、每一方占比单独变动5分、每次不计一名评委，名次所到的最好和最差。",
    "等次取决于：只改这一处、其他不变，重新测算，等次就不同。一票是指改一张票；占比是指一方多5分、另一方少5分。",
)
RATER_NOTES = (
    ADVICE,
    f"偏宽、偏严：与其他评委对同一批党组织的评分相比，平均高（低）{SEVERE_POINTS:g}分以上，且明显大于偶然的出入；分数按百分制。",
    "拉不开：各党组织之间的差别不到其他评委的三分之一。离得远：扣除宽严以后，与其他评委的出入是一般评委的两倍以上。",
)
AGREEMENT_NOTES = (
    "一致程度为克里彭多夫α系数（等距数据）：1为完全一致，0相当于随意打分；一般认为0.67以上可以采用。",
    "互评中有没有相互打高分的，200个党组织以内的才查。",
)
BLOC_NOTES = ("互评中彼此的打分，比按各方评价和各自宽严推算的明显要高；只是提示，是否属实请另行了解。",)


def untried_words(title: str) -> str:
    """Tell that it could not be tried on what grades hang under a standard."""
    return f"“{title}”要把各党组织互相比较，“等次取决于”一栏没有推算。"


def near_words(near: Near | None) -> str:
    """Tell a bound that is near."""
    if near is None:
        return ""
    if not near.above:
        return f"正好在“{near.grade}”的线上"
    return f"{'高于' if near.above > 0 else '低于'}“{near.grade}”{plain(abs(near.above))}分"


def range_words(interval: Interval | None) -> str:
    """Tell between which places a branch stands."""
    if interval is None:
        return ""
    return str(interval.best) if interval.best == interval.worst else f"{interval.best}—{interval.worst}"


def driver_words(interval: Interval | None, named: Callable[[str], str]) -> str:
    """Tell which choice moves a branch's place most."""
    if interval is None or not interval.kind:
        return ""
    if interval.kind == "weight":
        return f"{interval.source}的占比"
    return f"{interval.source}中{named(interval.rater)}的评分"


def hang_words(hang: Hang, named: Callable[[str], str]) -> str:
    """Tell on what a grade hangs, and what it would be."""
    return f"{HANGS[hang.kind](hang, named)}，为“{hang.grade}”"


HANGS: Mapping[str, Callable[[Hang, Callable[[str], str]], str]] = {
    "rounding": lambda _hang, _named: "取位（先取位再定等次，还是先定等次）",
    "rater": lambda hang, named: f"不计{hang.source}中{named(hang.what)}的评分",
    "ballot": lambda hang, _: f"{hang.source}有{hang.what}",
    "weight": lambda hang, _: f"{hang.source}占比多5分、{hang.what}少5分",
}
"""By kind."""


def above_words(above: Above | None) -> str:
    """Tell that 自评 is clearly above what others gave."""
    if above is None:
        return ""
    own, others = fixed(above.own, 2), fixed(above.others, 2)
    return f"自评得分明显高于测评、评定得分（{own}，其他各方平均{others}）"


def rater_words(note: RaterNote) -> str:
    """Tell what stands out of a rater."""
    return RATERS[note.kind].format(fixed(Fraction(note.figure), 1))


RATERS: Mapping[str, str] = {
    "severe": "偏严：平均比其他评委低{}分",
    "mild": "偏宽：平均比其他评委高{}分",
    "flat": "拉不开：各党组织得分的标准差只有{}分",
    "far": "离得远：与其他评委的出入是一般评委的{}倍",
}
"""By kind."""


def bloc_words(bloc: Bloc, named: Callable[[str], str]) -> str:
    """Tell which branches rate each other high."""
    return f"{'、'.join(map(named, bloc.units))}相互打分，平均比推算的高{fixed(Fraction(bloc.points), 1)}分"
