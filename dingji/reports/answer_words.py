"""Every sentence of the answer: what decided, what else would hold, how far the next grade is, how it adds up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from dingji.numbers import fixed, plain
from dingji.reports.answer import Answer, Gap, IndicatorFigure, Reason
from dingji.reports.arithmetic import line
from dingji.reports.standing import UNGRADED
from dingji.scheme.describe import condition_words
from dingji.scheme.grades import Grade, Situation
from dingji.scoring.sentences import over_sources, situation_words
from dingji.scoring.trail import STEPS

ABSENT = "不参加本次测算。"


def answer_lines(told: Answer | None, lift: str = "") -> list[str]:
    """Return the answer in lines: two that say what and why, what would lift it, the sum, then the indicators."""
    if told is None:
        return [ABSENT]
    return [
        *filter(None, (first_line(told), second_line(told), lift)),
        *sum_lines(told),
        *indicator_lines(told.indicators),
    ]


# --- what and why -----------------------------------------------------------------------------------------


def first_line(told: Answer) -> str:
    """Tell the grade that counts and what decided on it; without grades, the composite and the place."""
    if not told.graded:
        return _total(told)
    if told.decided:
        return _headed("审定等次", told.decided, told.decision)
    return _headed("测算等次", told.computed, told.why)


def second_line(told: Answer) -> str:
    """Tell the computed grade beside a decision; else what the composite alone gives, or lacks of the next grade."""
    if told.decided:
        return _headed("测算等次", told.computed, told.why)
    beside = "".join(f"“{one.name}”" for one in told.beside)
    parts = [_by_points(told) or gap_words(told.gap), beside and f"另有{beside}，没有改变等次"]
    return "；".join(filter(None, parts))


def _headed(heading: str, grade: str, why: Reason | None) -> str:
    return f"{heading}：{grade or UNGRADED}" + (f"　{words}" if (words := reason_words(why)) else "")


def _total(told: Answer) -> str:
    if told.composite is None:
        return "综合得分：未测算" + (f"　{words}" if (words := reason_words(told.why)) else "")
    place = f"　第{told.place}名" if told.place else ""
    return f"综合得分：{fixed(told.composite, told.places)}{place}"


def reason_words(why: Reason | None) -> str:
    """Tell a reason."""
    return REASONS[why.kind](**why.values) if why else ""


def _points(grade: Grade, shown: str, better: Grade | None, lacks: str) -> str:
    """Tell in which band a composite lies: which bound and condition it reaches, or which of the next it does not."""
    score = f"综合得分 {shown}"
    reached = [f"达到“{grade.name}”的 {plain(Fraction(grade.start))} 分"] if grade.start is not None else []
    reached += [f"符合“{grade.name}”的条件（{condition_words(grade.when)}）"] if grade.when else []
    if better is not None and lacks:
        reached.append(f"不符合“{better.name}”的条件（{condition_words(lacks)}）")
    elif better is not None and not reached and better.start is not None:
        reached.append(f"不到“{better.name}”的 {plain(Fraction(better.start))} 分")
    return "，".join([score, *(reached or ["这个等次不设分数线，按名额取"])])


def _situation(situation: Situation, outcome: str, read: str) -> str:
    told = situation_words(situation, read)
    return told if situation.effect == "no_grade" else f"{told}，{STEPS[situation.effect]}：{outcome}"


def _missing(missing: Sequence[str]) -> str:
    return "；".join(missing)


def _decision(grade: str, computed: str, reason: str, meeting: str) -> str:
    decided = "党委研究确定，与测算等次相同" if grade == computed else "党委研究确定"
    return "，".join(filter(None, (decided, reason and f"理由：{reason}", meeting)))


REASONS: Mapping[str, Callable[..., str]] = {
    "points": _points,
    "situation": _situation,
    "fall": lambda told, before, after: f"{told}，由“{before}”降为“{after}”",
    "decision": _decision,
    "lower": lambda composite, **_: f"下级上报{f'，综合得分 {composite}' if composite else ''}",
    "waiting": _missing,
    "total": _missing,
    "told": lambda: "",
}
"""By kind of reason."""
CAUSES: Mapping[str, Callable[..., str]] = {
    "situation": lambda situation, **_: f"“{situation.name}”",
    "fall": lambda told, **_: f"名额（{told}）",
}
"""What else than the composite decided, in short."""


def _by_points(told: Answer) -> str:
    """Tell the grade that the composite alone gives, where it is another than the computed one."""
    points, why = told.by_points, told.why
    if points is None or why is None or points.values["grade"].name == told.computed:
        return ""
    grade, words = points.values["grade"], reason_words(points)
    if grade.start is None and not grade.when and not points.values["better"]:
        return ""  # such a grade is had by number alone
    if why.kind in CAUSES and told.better_by_points:
        return f"分数已够“{grade.name}”（{words}），因{CAUSES[why.kind](**why.values)}为“{told.computed}”"
    return f"只看分数为“{grade.name}”：{words}"


def gap_words(gap: Gap | None) -> str:
    """Tell what lies between a branch and the next better grade."""
    if gap is None or gap.lacking is None:
        return ""
    besides = f"，还要符合{condition_words(gap.condition)}" if gap.condition else ""
    besides += "，另看名额" if gap.quota else ""
    if not gap.lacking:
        return f"分数已够“{gap.grade}”{besides}" if besides else ""
    return f"差{plain(gap.lacking)}分到“{gap.grade}”（{plain(gap.bound or Fraction(0))} 分）{besides}"


# --- how it adds up ---------------------------------------------------------------------------------------


def sum_lines(told: Answer) -> list[str]:
    """Return the sum in one line, and one for each round that it takes in."""
    parts = [f"其中{one.round}：{line(one)}" for one in told.rounds]
    summed = line(told.arithmetic) if told.arithmetic else ""
    if told.set_to:
        name, figure = told.set_to
        summed += f"{'；' if summed else ''}因“{name}”改为 {fixed(figure, told.places)}"
    grade = told.by_points.values["grade"].name if told.by_points else ""
    return [f"算式：{summed}{f' → {grade}' if grade else ''}", *parts] if summed else parts


def indicator_lines(figures: Iterable[IndicatorFigure]) -> list[str]:
    """Return a line an indicator: its figure of its full mark, and what each source gave."""
    listed = list(figures)
    several = len({one.round for one in listed}) > 1
    told = (over_sources(one.name, one.full, one.figure, one.sources) for one in listed)
    rounds = (f"{one.round}　" if several else "" for one in listed)
    return [f"指标：{round_}{words}" for round_, words in zip(rounds, told, strict=True)]
