"""Faults of a survey: single ballots, counts that do not agree, tallies half filled."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from dingji.demo.faults.kit import Alter, Case, Cells, Fault, Paper
from dingji.demo.people import Ballot, ballot_rows, cast, tally
from dingji.forms.filling import Value

SIZE: Final = 12


def entered(case: Case, size: int = SIZE, *, as_tally: bool = False) -> Paper:
    """Return the branch's survey with so many ballots in it, plainly entered one by one or tallied."""
    paper, stage = case.own("survey"), case.desk.stage
    marking, rng = stage.marking(paper.form), stage.rng("练习", case.branch.code)
    size = max(size, marking.source.min_ballots) if size == SIZE else size
    ballots = cast(marking, case.branch, size, rng)
    paper.head |= dict.fromkeys(("应参加", "实到", "发出", "收回", "有效"), size)
    paper.rows.clear()
    paper.printed.clear()
    if as_tally:
        paper.printed["测评汇总"] = {key: dict(cells) for key, cells in tally(marking, ballots).items()}
    else:
        rows = [dict(row) for row in ballot_rows(marking, ballots, rng)]
        paper.rows["测评票"] = [_plain(row, paper, ballot) for row, ballot in zip(rows, ballots, strict=True)]
    return paper


def _plain(row: Cells, paper: Paper, ballot: Ballot) -> Cells:
    """Return a ballot's row with its marks as plain figures."""
    columns = {column.item: column.heading for column in paper.form.sheets[0].columns if column.reads == "mark"}
    return row | {columns[key]: figure for key, figure in ballot.marks.items() if figure is not None}


def counts(**head: int) -> Alter:
    """Return the fault that counts of the head are not those of the ballots; each is so many more than them."""

    def alter(case: Case) -> None:
        paper = entered(case)
        size = len(paper.rows["测评票"])
        paper.head |= {label: size + more for label, more in head.items()}

    return alter


def ballot(change: Callable[[Cells, Paper], object], index: int = -1) -> Alter:
    """Return the fault of one ballot."""

    def alter(case: Case) -> None:
        paper = entered(case)
        change(paper.rows["测评票"][index], paper)

    return alter


def questions_of(paper: Paper) -> list[str]:
    """Return the headings of the columns of a survey's questions."""
    return [column.heading for column in paper.form.sheets[0].columns if column.item and column.reads == "choice"]


def answers(value: Callable[[Paper], Value]) -> Alter:
    """Return the fault of one answer."""
    return ballot(lambda row, paper: row.update({questions_of(paper)[0]: value(paper)}))


def _two(paper: Paper) -> str:
    column = next(column for column in paper.form.sheets[0].columns if column.reads == "choice" and column.item)
    return "、".join(column.choices[:2])


def nothing_on_it(row: Cells, paper: Paper) -> None:
    """Let a ballot be one of abstentions only."""
    for column in paper.form.sheets[0].columns:
        if column.item:
            row[column.heading] = "弃权"


def spoilt(case: Case) -> None:
    """Let the last ballot be no valid one, and the head say so."""
    paper = entered(case)
    nothing_on_it(paper.rows["测评票"][-1], paper)
    paper.head |= {"有效": len(paper.rows["测评票"]) - 1, "无效": 1}


def alike(case: Case) -> None:
    """Let all ballots say the same."""
    paper = entered(case)
    first = paper.rows["测评票"][0]
    paper.rows["测评票"] = [first | {"票号": str(number)} for number in range(1, len(paper.rows["测评票"]) + 1)]


def twice_entered(case: Case) -> None:
    """Enter the ballots a second time, one answer differently."""
    paper = entered(case)
    paper.head["录入"] = "初录"
    again = case.copied(f"{case.branch.name}_测评表_复录.xlsx", paper)
    again.head["录入"] = "复录"
    question = questions_of(paper)[0]
    column = next(column for column in paper.form.sheets[0].columns if column.heading == question)
    last = again.rows["测评票"][-1]
    last[question] = next(choice for choice in column.choices if choice != last[question])


def both_ways(case: Case) -> None:
    """Enter the ballots one by one and as a tally too."""
    tallied = entered(case, as_tally=True).printed["测评汇总"]
    entered(case).printed["测评汇总"] = tallied


def half_a_tally(is_question: bool) -> Alter:  # noqa: FBT001 - which half
    """Return the fault of a tally in which the votes of a question, or an average, were left out."""

    def alter(case: Case) -> None:
        paper = entered(case, as_tally=True)
        sheet = next(sheet for sheet in paper.form.sheets if sheet.name == "测评汇总")
        if len(sheet.rows) == 1:
            raise StopIteration  # without its one row nothing is tallied at all
        key = next(row.key for row in sheet.rows if bool(row.unit) == is_question)
        paper.printed["测评汇总"].pop(key)

    return alter


def nothing(case: Case) -> None:
    """Hand the survey in with its head only."""
    entered(case).rows.clear()


def few(case: Case) -> None:
    """Let fewer ballots be cast than may be published."""
    entered(case, 3)


def too_few(case: Case) -> None:
    """Let fewer ballots be cast than the standard asks for; StopIteration where it asks for none."""
    source = next(
        source for source in case.desk.stage.scheme.sources if source.main_form == "survey" and source.min_ballots > 1
    )
    entered(case, source.min_ballots - 1)


def below(**cells: Value) -> Alter:
    """Return the fault of a row below the ballots that is none, its marks as the first one's."""

    def alter(case: Case) -> None:
        paper = entered(case)
        rows = paper.rows["测评票"]
        rows.append(rows[0] | cells)
        paper.head |= dict.fromkeys(("应参加", "实到", "发出", "收回", "有效"), len(rows))

    return alter


def void(case: Case) -> None:
    """Let the counters mark the last ballot void, and the head say so."""
    paper = entered(case)
    paper.rows["测评票"][-1]["票号"] = f"{len(paper.rows['测评票'])}（作废）"
    paper.head |= {"有效": len(paper.rows["测评票"]) - 1, "无效": 1}


survey = partial(Fault, "测评表", needs=("survey",))

FAULTS: Final = (
    survey("多收测评票", ("E401",), "收回的票比发出的多，这一场无效", counts(收回=1)),
    survey("票数偏多", ("W235", "W403"), "有效票比应参加的人多", counts(应参加=-2)),
    survey("票数不符", ("W407", "E415"), "表头写的有效票数与录入的不同", counts(有效=1)),
    survey("票数写字", ("E201",), "“有效”填了文字", lambda case: entered(case).head.update({"有效": "全部"})),
    survey("两个选项", ("N408",), "一题选了两项，这一题作废", answers(_two)),
    survey("自造选项", ("W414",), "填了表上没有的选项，计为无效答案", answers(lambda _: "还行")),
    survey("一题没选", (), "一题空着，算弃权", answers(lambda _: "")),
    survey("整张弃权", ("N402",), "一张票全部弃权，不算有效票", spoilt),
    survey("平均一行", ("E245",), "票的下面多了一行平均，不是票", below(票号="各项平均")),
    survey("同号同票", ("E245",), "同一张票录了两遍", below()),
    survey("作废的票", ("N402", "W243"), "票号后面写了作废，单独统计", void),
    survey("票面相同", ("W406",), "所有的票一模一样", alike),
    survey("测评票少", ("W404",), "票太少，数字不公开", few),
    survey("测评不足", ("E405",), "有效票达不到标准要求的数", too_few),
    survey("两次录入", ("E409",), "初录与复录不同，等人核对", twice_entered),
    survey("两处填写", ("W410",), "逐票录入和汇总都填了", both_ways),
    survey("汇总缺均分", ("E204",), "汇总里漏填一个平均分", half_a_tally(is_question=False)),
    survey("汇总缺票数", ("E204",), "汇总里漏填一题的票数", half_a_tally(is_question=True)),
    survey("空白测评", ("E411",), "只填了表头，一张票也没有录", nothing),
)  # fmt: skip
