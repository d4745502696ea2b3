"""The worked five-good case as filled workbooks: five fictional branches, three raters, 2026 年初."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from dingji.forms.catalogue import MARKING
from dingji.forms.committee_forms import decision_form
from dingji.forms.declare import Form
from dingji.forms.filling import Block, Cells, Filling, Value
from dingji.forms.handout import file_name
from dingji.forms.office_forms import result_form, roster_form, situation_form
from dingji.forms.small_form import small_form
from dingji.forms.write import write_form
from dingji.scheme.model import Scheme

ROUND: Final = "2026 年初"
EARLIER_ROUND: Final = "2025 年终"
PARENT: Final = "示范医院党委"
HANDED_IN: Final = date(2026, 3, 5)
SURVEYED: Final = date(2026, 3, 3)
DECIDED_ON: Final = date(2026, 3, 20)
MEETING: Final = "党委会2026年第3次会议"
INDICATORS: Final = ("领导班子好", "党员队伍好", "工作机制好", "工作业绩好")
FULL_MARKS: Final = (10, 20, 20, 30)
QUESTION: Final = "对党支部工作的总体评价"
OPTIONS: Final = ("满意", "基本满意", "不满意")
BARRED: Final = "ZB02"
"""Two raters mark this branch: the third is barred from it on the roster (回避)."""


@dataclass(frozen=True)
class Branch:
    """A branch. `items`: self-scores 1–19; `means`: of its ballots, indicators 1–4; `votes`: by option."""

    code: str
    name: str
    category: str
    members: tuple[int, int]
    items: tuple[str, ...]
    means: tuple[str, ...]
    votes: tuple[int, int, int]
    previous: str
    computed: str

    @property
    def identity(self) -> dict[str, Value]:
        """Return the two cells by which a row names its branch."""
        return {"党组织编码": self.code, "党组织名称": self.name}

    @property
    def owner(self) -> tuple[str, str]:
        """Return code and name, as a file's name tells them."""
        return self.code, self.name


def _items(text: str) -> tuple[str, ...]:
    return tuple(text.replace("|", " ").split())


BRANCHES: Final = (
    Branch(
        "ZB01", "一支部", "临床", (14, 1), _items("4 2 2 2 | 5 5 4 4 2 | 5 3 5 4 2 | 5 10 5 9 | 20"),
        ("9.6", "19.1", "18.8", "28.3"), (7, 2, 1), "较好", "好",
    ),
    Branch(
        "ZB02", "二支部", "临床", (24, 2), _items("4 2 2 1 | 5 4 4 3 2 | 4 3 5 4 2 | 5 9 5 9 | 19"),
        ("8.5", "17.15", "17", "26"), (15, 4, 1), "好", "好",
    ),
    Branch(
        "ZB03", "三支部", "医技", (22, 1), _items("3 1 2 2 | 5 4 4 3 2 | 4 3 4 4 2 | 4 9 5 9 | 20"),
        ("8", "17", "16", "25"), (8, 5, 7), "一般", "后进",
    ),
    Branch(
        "ZB04", "四支部", "后勤", (23, 0), _items("4 2 2 2 | 4 5 4 3 2 | 4 2 4 4 2 | 4 9 4 9 | 20"),
        ("9", "17", "12", "24"), (10, 7, 3), "一般", "一般",
    ),
    Branch(
        "ZB05", "五支部", "机关", (12, 1), _items("4 2 2 2 | 5 4 4 4 2 | 4 3 5 4 2 | 5 9 5 9 | 20"),
        ("9", "18", "18", "27"), (10, 0, 0), "一般", "未定级",
    ),
)  # fmt: skip

RATERS: Final = (("PW1", "评委一"), ("PW2", "评委二"), ("PW3", "评委三"))

MARKS: Final[Mapping[str, tuple[str, str, str]]] = {
    "ZB01": ("10 19 18 28", "9.5 18.5 18 28", "9 19 19 27"),
    "ZB02": ("9 17 17 26", "9 18 17 26", ""),
    "ZB03": ("9 18 17 26", "9 17 18 26", "9 18 18 27"),
    "ZB04": ("8 14 – 20", "8 13 – 21", "8 15 – 22"),
    "ZB05": ("9 18 18 27", "9 18 18 –", "9 18 18 27"),
}
"""Marks of indicators 1–4 by branch and rater; – is a blank cell, "" a branch not in the rater's book."""
MENDED: Final = ("ZB05", "PW2", "9 18 18 27")

LEFT_TO_RULES: Final = "ZB04"
DEDUCTIONS: Final[Sequence[Cells]] = (
    {"规则": "制度未落实", "数量": 5, "事由": "检查时五项制度没有落实"},
    {"规则": "组织生活", "数量": 6, "事由": "全年6次"},
    {"规则": "无年度活动计划", "选项": "是", "事由": "未见计划"},
    {"规则": "支部活动记录", "选项": "没有记录", "事由": "未见记录"},
)


def case_files(
    scheme: Scheme, *, mended: bool = False, decided: bool = True, previous: bool = True
) -> dict[str, bytes]:
    """Return the case's workbooks by path below input/.

    `mended`: the one blank mark is typed, so that every branch is graded. `decided`: with 审定表.
    `previous`: with the earlier round's result.
    """
    files = {"党组织名册.xlsx": write_form(roster_form(scheme, ROUND), roster_filling())}
    for branch in BRANCHES:
        files |= _branch_files(scheme, branch)
    form = _marking_form(scheme, "党委评定")
    for rater in RATERS:
        files[f"评定表/{file_name(rater, form.title)}"] = write_form(form, book_filling(rater, mended=mended))
    files["情形申报.xlsx"] = write_form(situation_form(scheme, ROUND), situations_filling(scheme))
    if previous:
        files["上期结果.xlsx"] = write_form(result_form(scheme, EARLIER_ROUND), _result())
    if decided:
        files["审定表.xlsx"] = write_form(decision_form(scheme, ROUND), _decisions(mended=mended))
    return files


def _marking_form(scheme: Scheme, name: str) -> Form:
    source = next(source for source in scheme.sources if source.name == name)
    return MARKING[source.main_form](scheme, ROUND, source)


def roster_filling() -> Filling:
    """Return 党组织名册 with its branches and raters."""
    rows: list[Cells] = [
        {
            **branch.identity,
            "排序号": order,
            "上级党组织": PARENT,
            "层级": "党支部",
            "类别": branch.category,
            "书记": f"书记{branch.name[0]}",
            "联系领导": f"领导{branch.name[0]}",
            "正式党员": branch.members[0],
            "预备党员": branch.members[1],
        }
        for order, branch in enumerate(BRANCHES, start=1)
    ]
    return Filling(rows={"名册": rows, "评委": [_rater(*rater) for rater in RATERS]})


def _rater(number: str, name: str) -> Cells:
    barred = BARRED if not MARKS[BARRED][_place(number)] else ""
    return {"评委编号": number, "评委": name, "来源": "党委评定", "回避党组织": barred}


def _place(rater: str) -> int:
    return [number for number, _ in RATERS].index(rater)


# --- a branch's own forms ---------------------------------------------------------------------------------


def _branch_files(scheme: Scheme, branch: Branch) -> Iterator[tuple[str, bytes]]:
    own, survey = _marking_form(scheme, "自评"), _marking_form(scheme, "党群评分")
    yield f"自评表/{file_name(branch.owner, own.title)}", write_form(own, claims_filling(branch))
    yield f"测评表/{file_name(branch.owner, survey.title)}", write_form(survey, survey_filling(branch))


def claims_filling(branch: Branch) -> Filling:
    """Return a self form; 三支部 states a fact that its claim for item 2 does not agree with."""
    scores = {str(number): {"自评得分": Fraction(item)} for number, item in enumerate(branch.items, start=1)}
    facts: dict[str, Cells] = {"支委集中学习": {"数量": 6}} if branch.code == "ZB03" else {}
    grade = {"ZB01": "好", "ZB02": "好", "ZB05": "好"}.get(branch.code, "较好")
    present = branch.members[0] - 1
    counts = {"应到": branch.members[0], "实到": present, "赞成": present}
    head = {**branch.identity, "填报日期": HANDED_IN, "填表人": "组织委员", "自评等次": grade, **counts}
    return Filling(branch.code, head, printed={"自评表": scores, "扣分加分": facts})


def survey_filling(branch: Branch) -> Filling:
    """Return a survey form, ballot by ballot; the happier ballots carry the better answers."""
    size = sum(branch.votes)
    means = zip(branch.means, FULL_MARKS, strict=True)
    columns = [spread(Fraction(mean), full, size) for mean, full in means]
    ballots = list(zip(*columns, strict=True))
    answers = [option for option, votes in zip(OPTIONS, branch.votes, strict=True) for _ in range(votes)]
    best_first = sorted(range(size), key=lambda place: -sum(ballots[place]))
    answer = dict(zip(best_first, answers, strict=True))
    rows = [
        {"票号": str(place + 1), **dict(zip(INDICATORS, ballot, strict=True)), QUESTION: answer[place]}
        for place, ballot in enumerate(ballots)
    ]
    counts = {"应参加": size + 2, "实到": size, "发出": size, "收回": size, "有效": size, "无效": 0}
    dates = {"填报日期": HANDED_IN, "测评日期": SURVEYED}
    head = {**branch.identity, **dates, **counts, "计票人": "计票员", "监票人": "监票员"}
    return Filling(branch.code, head, {"测评票": rows})


def spread(mean: Fraction, full: int, size: int) -> list[Fraction]:
    """Return `size` marks in half points, 0 to `full`, that differ a little and have exactly this mean."""
    halves = mean * size * 2
    if halves.denominator != 1:
        message = f"{size} ballots in half points cannot have the mean {mean}"
        raise ValueError(message)
    level, more = divmod(int(halves), size)
    marks = [level + (place < more) for place in range(size)]
    for place in range(0, size - 1, 2):
        step = min(place % 3 + 1, 2 * full - marks[place], marks[place + 1])
        marks[place] += step
        marks[place + 1] -= step
    return [Fraction(mark, 2) for mark in marks]


# --- raters and the office --------------------------------------------------------------------------------


def book_filling(rater: tuple[str, str], *, mended: bool) -> Filling:
    """Return a rater's 评定表."""
    number, name = rater
    marked = [(branch, _marks(branch.code, number, mended=mended)) for branch in BRANCHES]
    rows: list[Cells] = [{**branch.identity, **marks} for branch, marks in marked if marks]
    fourth = next(branch for branch in BRANCHES if branch.code == LEFT_TO_RULES)
    named = fourth.identity | {"指标": "工作机制好"}
    facts: list[Cells] = [{**named, **fact, "已核": "是"} for fact in DEDUCTIONS]
    head: Cells = {"评委": name, "填报日期": HANDED_IN}
    return Filling(number, head, {"评定表": rows, "评定扣分": facts})


def _marks(unit: str, rater: str, *, mended: bool) -> Cells:
    text = MENDED[2] if mended and (unit, rater) == MENDED[:2] else MARKS[unit][_place(rater)]
    typed = zip(INDICATORS, text.split(), strict=bool(text))
    return {indicator: None if mark == "–" else Fraction(mark) for indicator, mark in typed}


def situations_filling(scheme: Scheme, branches: Sequence[Branch] = BRANCHES) -> Filling:
    """Return 情形申报: every circumstance answered, and none the case."""
    names = [situation.name for situation in scheme.situations if not situation.when]
    answers = [{"情形": name, "是否存在": "否"} for name in names]
    rows: list[Cells] = [{**branch.identity, **answer} for branch in branches for answer in answers]
    return Filling(rows={"情形申报": rows})


def _result() -> Filling:
    rows: list[Cells] = [{**branch.identity, "审定等次": branch.previous} for branch in BRANCHES]
    return Filling(rows={"一览表": rows})


def _decisions(*, mended: bool) -> Filling:
    """Return 审定表: the committee has spoken on one branch only."""
    return Filling(rows={"审定表": [_decision(branch, mended=mended) for branch in BRANCHES]})


def _decision(branch: Branch, *, mended: bool) -> Cells:
    computed = "好" if mended and branch.code == MENDED[0] else branch.computed
    row = {**branch.identity, "测算等次": computed}
    if branch.code != LEFT_TO_RULES:
        return row
    reason = "下半年已补齐制度和记录"
    return {**row, "审定等次": "较好", "理由": reason, "会议名称": MEETING, "会议日期": DECIDED_ON}


# --- the same in one book ---------------------------------------------------------------------------------


def small_filling(*, mended: bool = False, decided: bool = True) -> Filling:
    """Return 汇总录入 with all that the single forms say; the ballots as their tally."""
    roster = roster_filling().rows
    fourth = {**next(branch for branch in BRANCHES if branch.code == LEFT_TO_RULES).identity, "指标": "工作机制好"}
    marks = [
        {"评委编号": number, **branch.identity, **typed}
        for number, _ in RATERS
        for branch in BRANCHES
        if (typed := _marks(branch.code, number, mended=mended))
    ]
    facts = [{"评委编号": number, **fourth, **fact, "已核": "是"} for number, _ in RATERS for fact in DEDUCTIONS]
    third = next(branch for branch in BRANCHES if branch.code == "ZB03")
    stated: Cells = {**third.identity, "规则": "支委集中学习", "数量": 6}
    rows = {**roster, "评定": marks, "评定扣分": facts, "扣分加分": [stated]}
    if decided:
        rows["审定"] = [_decision(branch, mended=mended) for branch in BRANCHES]
    blocks = {"自评": [_claim_block(each) for each in BRANCHES], "测评": [_tally_block(each) for each in BRANCHES]}
    return Filling(rows=rows, blocks=blocks)


def small_book(scheme: Scheme, *, mended: bool = False, decided: bool = True) -> bytes:
    """Return 汇总录入 as a workbook."""
    return write_form(small_form(scheme, ROUND), small_filling(mended=mended, decided=decided))


def _claim_block(branch: Branch) -> Block:
    claims = claims_filling(branch)
    told = {label: claims.head[label] for label in ("自评等次", "应到", "实到", "赞成")}
    return Block({**branch.identity, **told}, claims.printed["自评表"])


def _tally_block(branch: Branch) -> Block:
    ballots = sum(branch.votes)
    counts = {"应参加": ballots + 2, "实到": ballots, "发出": ballots, "收回": ballots, "有效": ballots, "无效": 0}
    votes: dict[str, Cells] = {f"{QUESTION}|": dict(zip(OPTIONS, branch.votes, strict=True))}
    means: dict[str, Cells] = {
        f"{name}|": {"平均分": Fraction(mean)} for name, mean in zip(INDICATORS, branch.means, strict=True)
    }
    return Block({**branch.identity, **counts}, votes | means)
