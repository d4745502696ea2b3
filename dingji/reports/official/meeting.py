"""上会材料: what a committee has before it when it decides: counts, what is open, figures, and each branch's answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from dingji.numbers import fixed, plain
from dingji.reports.answer import Answer, IndicatorFigure, answers
from dingji.reports.answer_words import first_line, second_line, sum_lines
from dingji.reports.columns import NOTHING, ReportTable
from dingji.reports.documents import printed_table
from dingji.reports.foot import titled
from dingji.reports.official.bars import grade_bars, rate_bars
from dingji.reports.official.common import common, joined, whole_round
from dingji.reports.official.notices import counts
from dingji.reports.overview import BranchLine, branch_lines, inside_overview
from dingji.reports.standing import flag_words, graded, moving, waiting_words
from dingji.reports.summary import summary
from dingji.reports.view import OutcomeView
from dingji.scheme.marking import things_of

LEFT_OUT: Final = (
    "党组织编码",
    "上级党组织",
    "类别",
    "书记",
    "党员数",
    "主要问题",
    "联系领导",
    "备注",
    "直接定级或限档情形",
)
"""Columns of 一览表 that the committee's own table of figures goes without: it stands on an upright page."""
MOST: Final = 200
"""So many branches are told one by one; more are no matter for one meeting, and have their row."""
ACROSS: Final = 10
"""So many raters stand beside each other."""
PLACES: Final = 2
Grid = Mapping[str, Any]
"""A table as templates print it: 栏目 and 各行."""
Marks = Mapping[str, Mapping[str, Mapping[str, Mapping[str, Fraction | None]]]]
"""By branch, source, what is marked, and rater."""


def meeting_context(view: OutcomeView, scores: ReportTable) -> dict[str, Any]:
    """Return the fields of 上会材料; `scores` is what `meeting_scores` gives."""
    outcome, lines = view.outcome, list(branch_lines(view))
    used = [scheme for scheme in outcome.schemes.values() if any(line.scheme.id == scheme.id for line in lines)]
    many = len(lines) > MOST
    pictures = list(rate_bars(view, used))
    left = f"党组织超过{MOST}个，不逐个列出；各自的得分和评委打分见分类定级结果的得分明细、计算过程。"
    return {
        **common(outcome),
        "标题": whole_round(titled(outcome, "上会材料")),
        "结果": list(counts(summary(view), used)),
        "最弱": [told for _, told in pictures],
        "图": [*grade_bars(lines, used), *(chart for chart, _ in pictures)],
        "待研究": list(_open_matters(lines)),
        "得分": [printed_table(scores)],
        "略去": left if many else "",
        "各党组织": [] if many else list(_branches(view, lines, view.once(answers))),
    }


def _open_matters(lines: Sequence[BranchLine]) -> Iterator[str]:
    """Yield what the committee has to look at, kind by kind, with the branches that it is about."""
    waiting = [line for line in lines if line.scheme.grades and not graded(line.result, line.scheme)]
    kinds: dict[str, list[str]] = {
        "没有测算等次的": [f"{line.branch['name']}（{waiting_words(line.result)}）" for line in waiting],
        "临界的": [f"{line.branch['name']}（{_composite(line)}）" for line in lines if line.result["borderline"]],
        "有直接定级、限档等情形或因名额变动的": [
            f"{line.branch['name']}（{'；'.join(moving(line.result))}）" for line in lines if moving(line.result)
        ],
        "名额或标注要研究的": [
            f"{line.branch['name']}（{'；'.join(told)}）"
            for line in lines
            if (told := [*line.result["notes"], *flag_words(line.result)])
        ],
    }
    yield from (f"{kind}：{joined(names)}。" for kind, names in kinds.items() if names)


def _composite(line: BranchLine) -> str:
    figure = line.result["composite"]
    return NOTHING if figure is None else fixed(figure, max(PLACES, line.scheme.rounding.places))


def meeting_scores(view: OutcomeView) -> ReportTable:
    """Return 一览表 with what is weighed alone; where nobody takes part it has its headings, and no row."""
    table = view.once(inside_overview)
    kept = [
        (column, values)
        for column, values in zip(table.columns, table.values, strict=True)
        if column.heading not in LEFT_OUT and (not values or any(cell not in (None, "") for cell in values))
    ]
    columns, values = zip(*kept, strict=True)
    return replace(table, columns=columns, values=values, notes=())


# --- branch by branch ---------------------------------------------------------------------------------------


def _branches(
    view: OutcomeView, lines: Sequence[BranchLine], answered: Mapping[str, Answer]
) -> Iterator[Mapping[str, Any]]:
    marks, called = _marks(view), _raters(view)
    for line in lines:
        unit = line.branch["unit"]
        told = answered[unit]
        said = [first_line(told), second_line(told), view.lifts.get(unit, ""), *sum_lines(told)]
        yield {
            "序号": line.number,
            "名称": line.branch["name"],
            "结论": [f"{words}。" for words in said if words],
            "评分": [*_by_source(told.indicators), *_by_rater(line, marks.get(unit, {}), called)],
        }


def _by_source(figures: Sequence[IndicatorFigure]) -> Iterator[Grid]:
    """Yield the table of what each source gave for each indicator, of the last round."""
    own = [one for one in figures if one.round == figures[-1].round]
    names = list(dict.fromkeys(name for one in own for name, _ in one.sources))
    if own:
        yield {"栏目": ["指标", "满分", *names, "合成"], "各行": [_indicator_row(one, names) for one in own]}


def _indicator_row(one: IndicatorFigure, names: Sequence[str]) -> list[str]:
    given = dict(one.sources)
    full = NOTHING if one.full is None else plain(Fraction(one.full))
    return [one.name, full, *(_shown(given.get(name)) for name in names), _shown(one.figure)]


def _shown(figure: Fraction | None) -> str:
    return NOTHING if figure is None else fixed(figure, PLACES)


def _by_rater(line: BranchLine, marks: Mapping[str, Any], called: Mapping[str, str]) -> Iterator[Grid]:
    """Yield what each rater gave, at most so many beside each other; they are called 评委1 and so on."""
    for source in line.scheme.sources:
        given = marks.get(source.name, {})
        labels = {thing.key: thing.label for thing in things_of(line.scheme, source)} if given else {}
        raters = [rater for rater in called if any(rater in own for own in given.values())]
        for start in range(0, len(raters), ACROSS):
            shown = raters[start : start + ACROSS]
            rows = [[labels.get(key, key), *(_shown(own.get(rater)) for rater in shown)] for key, own in given.items()]
            yield {"栏目": [source.name, *(called[rater] for rater in shown)], "各行": rows}


def _raters(view: OutcomeView) -> dict[str, str]:
    """Return what each rater of the roster is called, in its order."""
    listed: list[str] = view.outcome.raters["rater"].tolist()
    return {rater: f"评委{number}" for number, rater in enumerate(listed, start=1)}


def _marks(view: OutcomeView) -> Marks:
    marks, round_name = view.marks, view.outcome.settings.round.name
    found: defaultdict[str, defaultdict[str, defaultdict[str, dict[str, Fraction | None]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(dict))
    )
    columns = (marks.unit, marks.round, marks.source, marks.item, marks.rater, marks.figure)
    for unit, round_, source, item, rater, figure in zip(*columns, strict=True):
        if rater and round_ == round_name:
            found[unit][source][item][rater] = figure
    return found
