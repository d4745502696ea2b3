"""Faults of the office's own forms: records, situations, corrections, decisions, earlier results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Final

from dingji.demo.faults.kit import Alter, Case, Cells, Fault
from dingji.demo.faults.typed import claim
from dingji.forms.filling import Value
from dingji.scheme.indicators import Indicator, Rule
from dingji.scheme.marking import typed_rules


def listed(case: Case) -> Iterator[tuple[Indicator, Rule]]:
    """Yield what may be recorded through the year."""
    scheme = case.desk.stage.scheme
    yield from typed_rules(scheme, next(source for source in scheme.sources if "records" in source.form))


def recorded(choose: Callable[[Rule], bool], **cells: Value) -> Alter:
    """Return the fault of one row of 平时记录 under the first rule that fits."""

    def alter(case: Case) -> None:
        rule = next(rule for _, rule in listed(case) if choose(rule))
        year = case.desk.stage.settings.round.year
        row: Cells = {"日期": date(year, 3, 2), "规则": rule.name, "事由": "日常检查", "依据": "检查记录第1号"}
        case.office("records", case.row(**row | cells))

    return alter


def is_yes(rule: Rule) -> bool:
    """Say whether nothing but a yes is asked."""
    return rule.once is not None and not rule.amounts and not rule.unit


def is_count(rule: Rule) -> bool:
    """Say whether a number is asked."""
    return bool(rule.unit) and rule.each is not None and not rule.amounts


def is_rate(rule: Rule) -> bool:
    """Say whether a rate is asked."""
    return rule.unit == "%" and not rule.of


def recorded_twice(case: Case) -> None:
    """Record the same thing twice."""
    recorded(is_count, 数量=99)(case)
    rows = case.desk.papers[-1].rows["平时记录"]
    rows.append(dict(rows[0]))


def recorded_void(case: Case) -> None:
    """Record two things, the second of them void."""
    recorded(is_count, 数量=99)(case)
    rows = case.desk.papers[-1].rows["平时记录"]
    rows.append({**rows[0], "事由": "作废"})


def wrong_place(case: Case) -> None:
    """Record a rule under another rule's indicator."""
    simple = [pair for pair in listed(case) if is_yes(pair[1])]
    first = next(indicator for indicator, _ in simple)
    rule = next(rule for indicator, rule in simple if indicator is not first)
    row: Cells = {"日期": date(case.desk.stage.settings.round.year, 3, 2), "指标": first.name, "规则": rule.name}
    case.office("records", case.row(**row, 事由="日常检查"))


def unnamed(case: Case) -> None:
    """Record something of a branch that is not named."""
    rule = next(rule for _, rule in listed(case) if is_yes(rule))
    day = date(case.desk.stage.settings.round.year, 3, 2)
    case.office("records", {"日期": day, "规则": rule.name, "事由": "日常检查"})


def situation(**cells: Value) -> Alter:
    """Return the fault of one row of 情形申报."""

    def alter(case: Case) -> None:
        name = next(each.name for each in case.desk.stage.scheme.situations if not each.when)
        case.office("situation", case.row(**{"情形": name, "是否存在": "是"} | cells))

    return alter


def decided(*, fall: bool = True, **cells: Value) -> Alter:
    """Return the fault of a decision. `fall`: the lowest grade was decided, which is not the computed one."""

    def alter(case: Case) -> None:
        grades = case.desk.stage.scheme.grades
        grade = grades[-1].name if fall else grades[0].name
        case.office("decision", case.row(**{"审定等次": grade} | cells))

    return alter


def ungraded(case: Case) -> None:
    """Decide on a branch that could not be graded, a mark being left out."""
    claim(None)(case)
    decided(fall=False, 理由="党委会研究认为情况清楚")(case)


def twice_decided(case: Case) -> None:
    """Decide twice, and differently."""
    first, second = (grade.name for grade in case.desk.stage.scheme.grades[:2])
    case.office("decision", case.row(审定等次=first), case.row(审定等次=second, 理由="复议"))


def correction(**cells: Value) -> Alter:
    """Return the fault of one row of 更正表 for the first mark of 自评表."""

    def alter(case: Case) -> None:
        paper = case.own()
        key, line = next(iter(paper.printed["自评表"].items()))
        case.paths.clear()
        own: Cells = {"来源": paper.form.source, "指标": key, "原值": line["自评得分"], "更正值": 1, "理由": "抄错"}
        case.office("correction", case.row(**own | cells))

    return alter


def unknown_grade(case: Case) -> None:
    """Tell an earlier grade that the standard does not have."""
    case.earlier(case.row(审定等次="五星"))


RECORDS: Final = ("records",)
SITUATION: Final = ("situation",)
DECISION: Final = ("decision",)

office = partial(Fault, "办公室的表")

FAULTS: Final = (
    office("记录无日期", ("E229",), "平时记录没有填日期", recorded(is_yes, 日期=None), RECORDS),
    office("记录日期不明", ("E213",), "日期填了“三月初”", recorded(is_yes, 日期="三月初"), RECORDS),
    office("记录旧日期", ("W228",), "日期不在本轮里", recorded(is_yes, 日期=date(2019, 3, 2)), RECORDS),
    office("记录无编码", ("E229",), "平时记录没有写是谁", unnamed, RECORDS),
    office("记录规则不明", ("E212",), "规则不是标准里的", recorded(is_yes, 规则="迟到早退"), RECORDS),
    office("记录指标不符", ("E212",), "规则与指标对不上", wrong_place, RECORDS),
    office("记录缺数量", ("E214",), "按次计算的没有填数量", recorded(is_count), RECORDS),
    office("记录比率不明", ("E207",), "“率”填了 0.9", recorded(is_rate, 数量=0.9), RECORDS),
    office("记录缺依据", ("E216",), "标准要求有依据的没有填", recorded(lambda rule: rule.evidence and is_yes(rule), 依据=None), RECORDS),
    office("记录两遍", ("E246",), "同一条记录贴了两遍", recorded_twice, RECORDS),
    office("记录作废", ("W243",), "事由里写了“作废”，没有计入", recorded_void, RECORDS),
    office("情形待认", ("E511",), "申报了情形，办公室还没确认", situation(), SITUATION),
    office("情形不明", ("E212",), "申报的情形不是标准里的", situation(情形="迟到早退", 办公室确认="是"), SITUATION),
    office("审定无理由", ("E504",), "审定与测算不同，没有写理由", decided(), DECISION),
    office("测算已变", ("E501",), "审定表上的测算等次与现在不同", decided(测算等次="旧等次", 理由="会议研究"), DECISION),
    office("审定等次写错", ("E205",), "审定等次不是标准里的", decided(审定等次="优秀"), DECISION),
    office("审定未定级", ("E204", "W502"), "没测算出来的，会议定了等次", ungraded, ("self", "decision")),
    office("审定两次", ("E305",), "同一党组织审定了两个等次", twice_decided, DECISION),
    office("更正找不到", ("E521",), "更正表的原值对不上", correction(原值=77), ("self", "correction")),
    office("更正超分", ("E521",), "更正值超过满分", correction(更正值=1000), ("self", "correction")),
    office("更正好了", ("N522",), "更正表对得上，已按更正值算", correction(), ("self", "correction")),
    office("上期等次不明", ("W531",), "上期结果里的等次不是标准里的", unknown_grade, ("result",)),
)  # fmt: skip
