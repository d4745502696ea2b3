"""Amounts through real workbooks: each within the row of points that applies, and what counts once counted once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from dingji.forms.filling import Cells
from dingji.forms.marking_forms import committee_form
from dingji.outcome import Outcome
from dingji.pipeline import grade, unsettled
from dingji.prepare import Prepared
from dingji.problems import Problem, describe
from dingji.round_days import Round
from dingji.scheme.model import Scheme
from dingji.settings import Settings, StandardChoice
from dingji.tables import records
from tests.case_books import Books, Files, Rater, Unit
from tests.drawn import rows as drawn
from tests.papers import read_by
from tests.small_standard import COMMITTEE, GRADES, findings, indicator, rules, standard

UNIT = Unit("A1", "一支部")
DAY = date(2026, 3, 1)
RATERS: Sequence[Rater] = (("PW1", "评委一", "评定"), ("PW2", "评委二", "评定"))


def committee(*drawn_rules: str, keys: str = "", marks: str = "indicators") -> Scheme:
    """Return a standard of one indicator of 100 with these rules, marked by raters, with 平时记录."""
    source = COMMITTEE + f'marks = "{marks}"\n'
    return standard(GRADES + source + indicator("班子", 100, *([keys] if keys else []), rules(*drawn_rules)))


def graded(scheme: Scheme, *books: Files) -> Outcome:
    """Grade the one branch by what was handed in."""
    files: Files = {path: raw for book in books for path, raw in book.items()}
    settings = Settings(round=Round(year=2026, name="年终"), standard=StandardChoice(default="small"))
    prepared = Prepared(settings, {"small": scheme}, ())
    return grade(prepared, [read_by(raw, prepared.plan, path) for path, raw in files.items()])


def run(scheme: Scheme, told: str, raters: Sequence[Rater] = RATERS[:1], marks: str = "") -> Outcome:
    """Grade by rows drawn as 谁 | 规则 | 选项 | 数量 | 分值 | 工作; who is a rater, `平时记录` or `加分申报`.

    `marks`: the mark that each rater types, by number; without one the rules give it.
    """
    books = Books(scheme, "2026 年终", DAY)
    by_who: dict[str, list[Cells]] = {}
    for number, line in enumerate(drawn(told), start=1):
        by_who.setdefault(line["谁"], []).append(row(line, number))
    typed = dict(pair.split("=") for pair in marks.split())
    files = [books.roster([UNIT], raters)]
    for rater in raters:
        own = {UNIT: typed[rater[0]]} if rater[0] in typed else {UNIT: ""}
        files.append(books.book(rater, own, by_who.get(rater[0], [])))
    files.append(books.records(by_who["平时记录"]) if "平时记录" in by_who else {})
    files.append(books.bonus(by_who["加分申报"]) if "加分申报" in by_who else {})
    return graded(scheme, *files)


def row(line: dict[str, str], number: int = 1) -> Cells:
    """Return a row that tells an event of its own: nothing here was pasted twice."""
    figures = {name: float(line[name]) for name in ("数量", "分值") if line.get(name)}
    own: dict[str, Any] = {**UNIT.identity, **figures, **({"同一工作": line["工作"]} if line.get("工作") else {})}
    if line["谁"] == "加分申报":
        return {
            **own,
            "加分项": line["规则"],
            "级别": line.get("选项") or None,
            "依据": f"文{number}",
            "审核意见": "同意",
        }
    own |= {"规则": line["规则"] or None, "选项": line.get("选项") or None, "事由": f"检查{number}"}
    return own | ({"日期": DAY} if line["谁"] == "平时记录" else {"已核": "是"})


def composite(outcome: Outcome) -> Fraction | None:
    figure: Fraction | None = records(outcome.results)[0]["composite"]
    return figure


def told_of(outcome: Outcome, *codes: str) -> list[Problem]:
    return [problem for problem in outcome.problems if problem.code in codes]


def words(outcome: Outcome, step: str) -> list[str]:
    return [row["words"] for row in records(outcome.trail.table()) if row["step"] == step]


# --- within their own row -----------------------------------------------------------------------------------

RANGES = (
    'name = "活动率", unit = "%", bands = [{ from = "90%", points = 0 }, { from = "80%", points = [-5, -10] }, '
    '{ from = "70%", points = [-15, -20] }, { points = -30 }]'
)
FEW = 'name = "缺席", unit = "次", over = 3, once = [-2, -6]'
STATE = 'name = "阵地", unit = "处", options = { "缺" = [-1, -3], "差" = -0.5 }'
KINDS = """
规则 | 选项 | 数量 | 分值 | 得分 | 提示 | 在哪
活动率 |    | 85   | 5    | 95  |      |
活动率 |    | 85   | 15   | 缺  | E210 | 分值
活动率 |    | 85   |      | 缺  | E211 | 分值
活动率 |    | 75   | 15   | 85  |      |
活动率 |    | 60   |      | 70  |      |
缺席   |    | 4    | 6    | 94  |      |
缺席   |    | 4    | 7    | 缺  | E210 | 分值
缺席   |    | 3    |      | 100 |      |
阵地   | 缺 | 2    | 2.5  | 95  |      |
阵地   | 缺 | 2    | 3.5  | 缺  | E210 | 分值
阵地   | 缺 |      | 2    | 缺  | E214 | 数量
阵地   | 差 |      |      | 缺  | E214 | 数量
"""


@pytest.mark.parametrize("line", drawn(KINDS), ids=lambda line: "-".join(line.values()))
@pytest.mark.parametrize("who", ["PW1", "平时记录"])
def test_an_amount_lies_within_the_row_that_applies(line: dict[str, str], who: str) -> None:
    """At 85% the notice leaves 5 to 10 to be weighed: 15 is asked about, and the branch waits."""
    scheme = committee(RANGES, FEW, STATE)
    told = f"谁 | 规则 | 选项 | 数量 | 分值\n{who} | {line['规则']} | {line['选项']} | {line['数量']} | {line['分值']}"
    others = "" if line["规则"] == "活动率" or who == "平时记录" else "\nPW1 | 活动率 | | 95 | "
    outcome = run(scheme, told + others, marks="PW1=100" if who == "平时记录" else "")
    assert composite(outcome) == (None if line["得分"] == "缺" else Fraction(line["得分"]))
    found = [problem for problem in outcome.problems if problem.code.startswith("E2")]
    assert [problem.code for problem in found] == ([line["提示"]] if line["提示"] else [])
    assert unsettled(outcome) is bool(found)
    for problem in found:
        assert (problem.subject, problem.unit, bool(problem.cell)) == (line["规则"], "A1", True)
        assert "{" not in describe(problem).text


def test_two_amounts_for_one_telling_are_asked_about() -> None:
    scheme = committee('name = "松懈", once = [-1, -4]')
    outcome = run(scheme, "谁 | 规则 | 选项 | 分值\nPW1 | 松懈 | 是 | 1\nPW1 | 松懈 | 是 | 3")
    assert composite(outcome) is None
    assert [problem.code for problem in told_of(outcome, "E227")] == ["E227"]


def test_points_read_off_a_figure_cannot_be_weighed_by_anybody() -> None:
    rule = 'name = "测评", of = "PW", once = [-1, -4], under = 3'
    found = [finding.text for finding in findings(GRADES + COMMITTEE + indicator("班子", 100, rules(rule)))]
    assert any("分数不能写成范围" in text for text in found)


# --- the same work, and rows of one rule ------------------------------------------------------------------------

BONUS = """
[[indicators]]
name = "加分"
bonus = true
rules = [
  { name = "表彰", options = { "国家级" = 8, "省级" = 6 } },
  { name = "推广", once = 4 },
  { name = "信息", unit = "篇", over = 3, each = 1 },
  { name = "活动", unit = "次", per = 2, round = "floor", each = 1 },
  { name = "通报", options = { "省级" = -8, "市级" = -5 } },
]
"""
WHOLE = standard(GRADES + COMMITTEE + 'marks = "total"\n' + indicator("班子", 100) + BONUS)
CLAIMED = """
规则,选项,数量,工作; … | 加分
信息,,3,; 信息,,3, | 3
信息,,6, | 3
信息,,3,甲; 信息,,3,乙 | 3
信息,,6,甲; 信息,,5,甲 | 3
活动,,1,; 活动,,1, | 1
表彰,国家级,,创建1; 推广,是,,创建１ | 8
表彰,省级,,创 建1; 表彰,国家级,,创建1 | 8
表彰,省级,,创建1; 表彰,国家级,,创建2 | 14
推广,是,,; 推广,是,, | 8
通报,市级,,甲; 通报,省级,,甲 | -8
通报,市级,,甲; 推广,是,,甲 | -5
"""


@pytest.mark.parametrize("line", CLAIMED.strip().splitlines()[1:])
def test_claims_are_added_up_before_a_bound_and_one_work_counts_once(line: str) -> None:
    """3 and 3 over 3 are a single 6; 创建1 and 创建１ are one work, of which the greatest counts, added or taken."""
    claims, bonus = (part.strip() for part in line.split("|"))
    told = "谁 | 规则 | 选项 | 数量 | 工作\n" + "\n".join(
        "加分申报 | " + " | ".join(cell.strip() for cell in claim.split(",")) for claim in claims.split(";")
    )
    outcome = run(WHOLE, told, marks="PW1=80")
    assert (records(outcome.results)[0]["bonus"], composite(outcome)) == (Fraction(bonus), 80 + Fraction(bonus))


def test_what_was_dropped_of_the_same_work_is_told() -> None:
    told = """
        谁 | 规则 | 选项 | 数量 | 工作
        加分申报 | 表彰 | 省级 | | 创建
        加分申报 | 推广 | 是 | | 创建
        加分申报 | 信息 | | 5 |
    """
    (found,) = words(run(WHOLE, told, marks="PW1=80"), "bonus")
    assert found == (
        "加分：表彰省级 +6；推广 +4（与“创建”同一工作，只计最高的一次，不计）；"
        "信息5篇（超过3篇，每多1篇+1分，各次合计） → +8 分"
    )


TWICE = ('name = "市局通报", once = -5', 'name = "院内通报", once = -3', 'name = "缺会", unit = "次", each = -1')
EVENTS = """
PW1 市局通报 甲; PW1 院内通报 甲 | 95
PW1 市局通报 甲; PW1 院内通报 乙 | 92
PW1 院内通报 甲１; PW1 市局通报 甲1 | 95
PW1 院内通报; PW1 市局通报 | 92
PW1 市局通报 甲; 平时记录 院内通报 甲 | 95
PW1 院内通报 甲; 平时记录 市局通报 甲 | 95
平时记录 市局通报 甲; 平时记录 院内通报 甲 | 95
"""


@pytest.mark.parametrize("line", EVENTS.strip().splitlines())
def test_one_event_among_deductions_counts_at_its_heaviest(line: str) -> None:
    events, figure = line.split("|")
    told = "谁 | 规则 | 选项 | 工作\n" + "\n".join(
        f"{who} | {rule} | 是 | {' '.join(work)}" for who, rule, *work in map(str.split, events.split(";"))
    )
    scheme = committee(*TWICE, keys='same_work = "highest"')
    assert composite(run(scheme, told, marks="" if "PW1" in line else "PW1=100")) == Fraction(figure)


# --- once for a branch, and limits over all forms -------------------------------------------------------------

ITEMS = 'items = [{ no = 1, full = 10, text = "甲" }, { no = 2, full = 90, text = "乙" }]\nbounded = "item"'
CAPPED = (
    'name = "未编制", item = 1, once = -2',
    'name = "缺会", item = 2, unit = "次", each = -3, min = -9',
    'name = "学习", item = 2, unit = "次", under = 6, each = -1',
    'name = "迟交", item = 2, unit = "次", over = 3, each = -2',
    'name = "大事", item = 1, unit = "件", each = -45',
)
OVER_ALL = """
PW1 未编制; PW1 未编制 | 98 | 98
PW1 未编制; 平时记录 未编制 | 98 | 98
平时记录 未编制; 平时记录 未编制 | 98 | 98
平时记录 大事 1 | 90 | 90
PW1 大事 1 | 90 | 90
PW1 大事 1; 平时记录 大事 1 | 90 | 90
PW1 未编制; 平时记录 大事 1 | 90 | 90
PW1 缺会 2; 平时记录 缺会 2 | 91 | 91
平时记录 缺会 2; 平时记录 缺会 2 | 91 | 91
PW1 缺会 1; 平时记录 缺会 1 | 94 | 94
PW1 学习 2; 平时记录 学习 3 | 99 | 99
PW1 迟交 2; 平时记录 迟交 2 | 98 | 98
平时记录 迟交 3 | 100 | 100
"""


@pytest.mark.parametrize("line", OVER_ALL.strip().splitlines())
@pytest.mark.parametrize("marks", ["indicators", "items"])
def test_what_holds_over_all_forms(line: str, marks: str) -> None:
    """−45 on an item of 10 costs 10 whatever form carries it; a rule's least holds for 各次合计; once is once."""
    events, *figures = line.split("|")
    told = "谁 | 规则 | 选项 | 数量\n" + "\n".join(
        f"{who} | {rule} | {'' if figure else '是'} | {' '.join(figure)}"
        for who, rule, *figure in map(str.split, events.split(";"))
    )
    told += "" if "PW1" in line else "\nPW1 | | |"
    outcome = run(committee(*CAPPED, keys=ITEMS, marks=marks), told)
    assert composite(outcome) == Fraction(figures[marks == "items"])


def test_a_typed_mark_stands_and_records_take_what_the_rater_has_not_taken() -> None:
    """The rater took 2 off and says why on 评定扣分; the same thing in 平时记录 takes nothing more."""
    scheme = committee('name = "未编制", once = -2', 'name = "缺会", unit = "次", each = -3')
    told = "谁 | 规则 | 选项 | 数量\nPW1 | 未编制 | 是 |\n平时记录 | 未编制 | 是 |\n平时记录 | 缺会 | | 1"
    assert composite(run(scheme, told, marks="PW1=98")) == 95


def test_of_several_raters_each_counts_once_and_they_are_averaged() -> None:
    """One of two saw it: the mean loses half; where 平时记录 have it too, both have lost it."""
    scheme = committee('name = "未编制", once = -2', 'name = "缺会", unit = "次", each = -3')
    both = "谁 | 规则 | 选项 | 数量\nPW1 | 未编制 | 是 |\nPW2 | 缺会 | | 1"
    assert composite(run(scheme, both, RATERS)) == Fraction("97.5")
    assert composite(run(scheme, f"{both}\n平时记录 | 未编制 | 是 |", RATERS)) == Fraction("96.5")


def test_that_several_told_it_is_a_note_with_all_cells() -> None:
    scheme = committee('name = "未编制", once = -2')
    told = """
        谁 | 规则 | 选项
        PW1 | 未编制 | 是
        PW1 | 未编制 | 是
        PW2 | 未编制 | 是
        平时记录 | 未编制 | 是
        平时记录 | 未编制 | 否
    """
    outcome = run(scheme, told, RATERS)
    assert composite(outcome) == 98
    (note,) = told_of(outcome, "N238")
    assert (note.unit, note.subject) == ("A1", "未编制")
    assert describe(note).level == "说明"
    assert note.values["other"].count("▸") == 6, "three more places, each file ▸ sheet ▸ cell"
    assert not unsettled(outcome)
    assert any("只计一次" in line for line in words(outcome, "combined"))


# --- recused ----------------------------------------------------------------------------------------------------

TWO = standard(
    GRADES
    + COMMITTEE
    + 'marks = "indicators"\n'
    + indicator("班子", 60, rules('name = "未编制", once = -30'))
    + indicator("队伍", 40, rules('name = "缺会", unit = "次", each = -3'))
)
AWAY = """
一       | 扣分        | 得分 | 提示
回避,回避 |            | 100 |
回避,回避 | 未编制      | 100 | W321
回避,回避 | 未编制 缺会  | 100 | W321 W321
回避,    | 未编制      | 100 | W321
回避,    |            | 100 |
缺席,缺席 | 缺会       | 100 | W321
回避,40  |            | 缺  | E322
回避,40  | 未编制      | 缺  | E322
40,缺席  | 缺会       | 缺  | E322
30,      | 缺会       | 83.5 |
"""


@pytest.mark.parametrize("line", drawn(AWAY), ids=lambda line: "-".join(line.values()))
def test_who_is_recused_gives_nothing(line: dict[str, str]) -> None:
    """His 已核 rows do not count and it is told; 回避 beside a figure is asked about, and the branch waits."""
    books = Books(TWO, "2026 年终", DAY)
    cells = [cell.strip() for cell in line["一"].split(",")]
    own: dict[str, Any] = {**UNIT.identity}
    for heading, cell in zip(("班子", "队伍"), cells, strict=True):
        own |= {heading: float(cell) if cell.isdigit() else cell or None}
    facts = [row({"谁": "PW1", "规则": rule, "数量": "1"}) for rule in line["扣分"].split()]
    book = books.marked(RATERS[0], [own], facts)
    outcome = graded(TWO, books.roster([UNIT], RATERS), book, books.book(RATERS[1], {UNIT: "60 40"}))
    assert composite(outcome) == (None if line["得分"] == "缺" else Fraction(line["得分"]))
    told = told_of(outcome, "W321", "E322", "E204", "W223")
    assert [problem.code for problem in told] == line["提示"].split()
    assert all(problem.unit == "A1" and problem.cell and "{" not in describe(problem).text for problem in told)


def test_who_is_recused_gives_nothing_where_rules_make_every_other_mark() -> None:
    parts = indicator("班子", 60, rules('name = "未编制", once = -30')) + indicator("队伍", 40)
    scheme = standard(GRADES + COMMITTEE + 'marks = "rules"\n' + parts)
    books = Books(scheme, "2026 年终", DAY)
    facts = [row({"谁": "PW1", "规则": "未编制"})]
    away = books.marked(RATERS[0], [{**UNIT.identity, "队伍": "回避"}], facts)
    there = books.book(RATERS[1], {UNIT: "40"}, [row({"谁": "PW2", "规则": ""})])
    outcome = graded(scheme, books.roster([UNIT], RATERS), away, there)
    assert composite(outcome) == 100
    assert [problem.code for problem in told_of(outcome, "W321", "E322", "E204")] == ["W321"]


# --- what is not written ----------------------------------------------------------------------------------------

WAYS = {
    "一次": 'name = "一次", once = -2',
    "不足": 'name = "不足", unit = "次", under = 6, each = -1',
    "低于": 'name = "低于", unit = "%", under = "90%", once = -5',
    "超过": 'name = "超过", unit = "次", over = 3, each = -1',
    "选项": 'name = "选项", options = { "好" = 0, "差" = -4 }',
    "分档": 'name = "分档", unit = "%", bands = [{ from = "90%", points = 0 }, { points = -10 }]',
    "几次": 'name = "几次", unit = "次", bands = [{ from = 2, points = -5 }, { from = 1, points = -3 }]',
    "达标": 'name = "达标", unit = "%", bands = [{ from = "90%", points = 3 }, { points = 0 }]',
    "得分": 'name = "得分", unit = "%", bands = [{ from = "90%", points = -1 }, { points = -9 }]',
}


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize("rule", ["", "别的"])
def test_nothing_written_means_the_same_for_every_way(way: str, rule: str) -> None:
    """A row with 规则 blank, or rows of other rules: what is not written gives nothing, as the form says."""
    scheme = committee('name = "别的", once = -1', WAYS[way])
    outcome = run(scheme, f"谁 | 规则\nPW1 | {rule}")
    sheets = committee_form(scheme, "", scheme.sources[0]).sheets
    note = next(sheet.note for sheet in sheets if sheet.name == "评定扣分")
    if way == "得分":
        assert composite(outcome) is None
        (problem,) = told_of(outcome, "E214")
        assert (problem.subject, problem.sheet, problem.unit) == ("得分", "评定扣分", "A1")
        assert "必须写数量的：得分" in note
        return
    assert composite(outcome) == 100 - bool(rule)
    assert not told_of(outcome, "E214")
    assert "没有写到的规则不扣也不加" in note
    by_figure = way in ("不足", "低于", "分档", "几次")
    assert ("要看数量的按达到标准算" in note) is by_figure
    assert any(f"没有写的{way}，按达到标准算" in line for line in words(outcome, "mark")) is by_figure


def test_in_records_alone_nobody_says_that_a_rate_was_met() -> None:
    """平时记录 have no 已核: a rate that decides by bands and was never recorded is not known."""
    records_only = '[[sources]]\nname = "考核"\nform = "records"\nmarks = "rules"\nweight = 100\n'
    scheme = standard(GRADES + records_only + indicator("班子", 100, rules(WAYS["分档"])))
    books = Books(scheme, "2026 年终", DAY)
    told = books.records([row({"谁": "平时记录", "规则": "分档", "数量": "95"})])
    assert composite(graded(scheme, books.roster([UNIT], []), told)) == 100
    assert composite(graded(scheme, books.roster([UNIT], []))) is None


# --- where what is not known would stand ------------------------------------------------------------------------

ASKED = (
    """
[[sources]]
name = "自评"
form = "self"
weight = 0
[[situations]]
name = "没有证明"
when = "not 廉政证明"
at_most = "一般"
[[situations]]
name = "活动太少"
when = "活动率 < 60%"
at_most = "一般"
"""
    + GRADES
    + COMMITTEE.replace('["committee", "records"]', '"committee"')
    + indicator("班子", 100, rules('name = "别的", once = -1'))
)
CHECKLIST = '[[indicators]]\nname = "清单"\nrules = [{ name = "廉政证明" }, { name = "活动率", unit = "%" }]\n'


@pytest.mark.parametrize("handed", [True, False])
def test_what_is_waited_for_is_named_by_its_very_cell(*, handed: bool) -> None:
    """Where 自评表 was handed in, file, sheet and cell; where not, the form and who fills it."""
    scheme = standard(ASKED + CHECKLIST)
    books = Books(scheme, "2026 年终", DAY)
    claim = books.claim(UNIT, "自评", "95") if handed else {}
    outcome = graded(scheme, books.roster([UNIT], RATERS[:1]), books.book(RATERS[0], {UNIT: "95"}), claim)
    (problem,) = told_of(outcome, "E546")
    if not handed:
        assert "自评表的“扣分加分”（党组织填写，还没有收到）" in problem.values["what"]
        return
    for name, heading in (("廉政证明", "选项"), ("活动率", "数量")):
        cell = cell_of(claim, name, heading)
        assert f"▸ 扣分加分 ▸ {cell}（党组织填写）" in problem.values["what"]


def cell_of(claim: Files, rule: str, heading: str) -> str:
    """Return the cell of a rule's row under a heading, as a person would find it."""
    (raw,) = claim.values()
    grid = CalamineWorkbook.from_filelike(BytesIO(raw)).get_sheet_by_name("扣分加分").to_python()
    column = next(line.index(heading) for line in grid if heading in line)
    row = next(number for number, line in enumerate(grid) if rule in line)
    return f"{'ABCDEFGHIJ'[column]}{row + 1}"
