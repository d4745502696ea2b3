"""Survey rounds: sessions and ballots that do not count, heads that disagree, and two entries held side by side."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from dingji.forms.catalogue import forms_of
from dingji.forms.filling import Cells, Filling
from dingji.forms.write import write_form
from dingji.outcome import Outcome
from dingji.problems import Problem, describe
from dingji.read.reading import FileReading
from dingji.read.recognise import Plan
from dingji.reports.surveys import surveys
from dingji.reports.view import OutcomeView
from dingji.tables import records
from tests.book_edits import edited
from tests.five_good_case import INDICATORS, QUESTION
from tests.papers import (
    FIRST,
    SURVEY,
    altered,
    form,
    good,
    in_head,
    outcome_of,
    read_by,
    shown_at,
    told,
    typed,
    with_file,
)
from tests.workspaces import scheme

SECOND = "测评表/复录.xlsx"
SHORT = (*INDICATORS, QUESTION)


def ballots(drawn: str) -> list[Cells]:
    """Return ballots drawn a line each: number, four marks, the answer; – for a blank."""
    rows: list[Cells] = []
    for line in drawn.strip().splitlines():
        number, *cells = (cell.strip() for cell in line.split("|"))
        rows.append({"票号": number, **{name: _cell(cell) for name, cell in zip(SHORT, cells, strict=True)}})
    return rows


def _cell(text: str) -> str | float | None:
    if text in ("–", ""):
        return None
    return float(text) if text.replace(".", "").isdigit() else text


def survey(drawn: str, tally: dict[str, Cells] | None = None, **head: Any) -> bytes:  # noqa: ANN401
    filling = Filling("ZB01", {**FIRST, **head}, {"测评票": ballots(drawn)}, {"测评汇总": tally or {}})
    return write_form(form("survey"), filling)


def run(drawn: str, tally: dict[str, Cells] | None = None, **head: Any) -> Outcome:  # noqa: ANN401
    return outcome_of(with_file(SURVEY, survey(drawn, tally, **head)))


def own(outcome: Outcome) -> list[Problem]:
    return [problem for problem in outcome.problems if problem.file in (SURVEY, SECOND)]


def codes(outcome: Outcome) -> list[str]:
    return [problem.code for problem in own(outcome)]


def result(outcome: Outcome, unit: str = "ZB01") -> dict[str, Any]:
    return next(row for row in records(outcome.results) if row["unit"] == unit)


SIX = """
1 | 8 | 16 | 16 | 24 | 满意
2 | 9 | 17 | 17 | 25 | 满意
3 | 10 | 18 | 18 | 26 | 满意
4 | 7 | 15 | 15 | 23 | 基本满意
5 | 6 | 14 | 14 | 22 | 基本满意
6 | 8 | 16 | 16 | 24 | 不满意
"""


def test_proper_ballots_are_counted_without_a_word() -> None:
    outcome = run(SIX)
    assert own(outcome) == []
    assert result(outcome)["shares"] == {"满意率": Fraction(5, 6)}
    assert result(outcome)["survey"] == Fraction(300 + 120, 6)


# --- single ballots ---------------------------------------------------------------------------------------

SEVENTH = [
    # unanswered questions are 弃权: the ballot counts for what it answers
    ("7 | 8 | 16 | 16 | 24 | –", [], Fraction(5, 7), 8),
    ("7 | 8 | 16 | 16 | 24 | 弃权", [], Fraction(5, 7), 8),
    ("7 | – | 16 | 16 | 24 | 满意", [], Fraction(6, 7), 8),
    ("7 | 弃权 | 16 | 16 | 24 | 满意", [], Fraction(6, 7), 8),
    # no proper answer at all
    ("7 | – | – | – | – | –", [], Fraction(5, 6), 8),
    ("7 | – | – | – | – | 弃权", ["N402"], Fraction(5, 6), 8),
    ("7 | 弃权 | – | – | – | –", ["N402"], Fraction(5, 6), 8),
    # two answers, an unknown one, a mark beyond the full one: that answer does not count, the rest does
    ("7 | 8 | 16 | 16 | 24 | 满意、不满意", ["N408"], Fraction(5, 7), 8),
    ("7 | 8 | 16 | 16 | 24 | 满意，基本满意", ["N408"], Fraction(5, 7), 8),
    ("7 | 8 | 16 | 16 | 24 | 还行", ["W414"], Fraction(5, 7), 8),
    ("7 | 8 | 16 | 16 | 24 | 3", ["W414"], Fraction(5, 7), 8),
    ("7 | 11 | 16 | 16 | 24 | 满意", ["W414"], Fraction(6, 7), 8),
    ("7 | -1 | 16 | 16 | 24 | 满意", ["W414"], Fraction(6, 7), 8),
    ("7 | 8、9 | 16 | 16 | 24 | 满意", ["W414"], Fraction(6, 7), 8),
    ("7 | 无效 | 16 | 16 | 24 | 满意", ["N408"], Fraction(6, 7), 8),
    ("7 | 8 | 16 | 16 | 24 | 无效", ["N408"], Fraction(5, 7), 8),
    ("7 | 8 | 16 | 16 | 24 | 满意 不满意", ["N408"], Fraction(5, 7), 8),
    ("7 | 很好 | – | – | – | –", ["W414", "N402"], Fraction(5, 6), 8),
    ("7 | 无效 | 无效 | 无效 | 无效 | 无效", ["N408"] * 5 + ["N402"], Fraction(5, 6), 8),
    ("7 | 1分 | 16 | 16 | 24 | 满意", ["N220"], Fraction(6, 7), 7),
    # numbers are only to tell ballots apart
    (" | 8 | 16 | 16 | 24 | 满意", [], Fraction(6, 7), 8),
    ("6 | 8 | 16 | 16 | 24 | 满意", ["W418"], Fraction(6, 7), 8),
]


@pytest.mark.parametrize(("line", "expected", "share", "mean"), SEVENTH)
def test_one_more_ballot(line: str, expected: list[str], share: Fraction, mean: int) -> None:
    outcome = run(f"{SIX.strip()}\n{line}")
    assert codes(outcome) == expected
    assert result(outcome)["shares"] == {"满意率": share}
    entries = outcome.entries
    mine = entries[(entries["form"] == "survey") & (entries["unit"] == "ZB01") & (entries["state"] == "typed")]
    marks = [Fraction(int(value), 10**6) for value in mine.loc[mine["item"] == "领导班子好", "value"]]
    assert sum(marks, Fraction(0)) / len(marks) == mean


def counted(outcome: Outcome, question: str) -> dict[str, Any]:
    """Return the line of 测评统计 of a question of the first branch, by heading, without what is blank."""
    table = surveys(OutcomeView(outcome))
    rows = [dict(zip(table.headings, row, strict=True)) for row in table.rows]
    line = next(row for row in rows if (row["党组织编码"], row["测评项目"]) == ("ZB01", question))
    return {heading: value for heading, value in line.items() if value is not None}


def test_invalid_answers_and_ballots_are_counted_apart_from_abstentions() -> None:
    drawn = """
7 | 25 | 16 | 16 | 24 | 满意、不满意
8 | 8 | 16 | 16 | 24 | –
9 | 无效 | 无效 | 无效 | 无效 | 无效
"""
    outcome = run(SIX.strip() + drawn)
    line = counted(outcome, QUESTION)
    assert (line["弃权"], line["无效答案"], line["有效"], line["无效"]) == (1, 1, 8, 1)
    assert counted(outcome, "领导班子好")["无效答案"] == 1
    words = [step["words"] for step in records(outcome.trail.table()) if step["unit"] == "ZB01"]
    assert any("弃权1票，无效答案1票" in each for each in words)


def test_what_is_said_of_an_invalid_answer_names_the_ballot_and_asks_nobody_to_change_it() -> None:
    outcome = run(f"{SIX.strip()}\n47 | 25 | 16 | 16 | 24 | 满意")
    (line,) = (describe(problem) for problem in told(outcome.problems, "W414"))
    assert line.subject == "票号 47 领导班子好"
    assert "不在 0–10 之间，这一项计为无效答案" in line.words
    assert "按票号核对原票" in line.mend
    assert codes(outcome) == ["W414"]


def test_answers_entered_in_another_way_throughout_are_asked_about() -> None:
    coded = "".join(f"{number} | 8 | 16 | 16 | 24 | {number % 3 + 1}\n" for number in range(1, 7))
    outcome = run(coded)
    assert codes(outcome) == ["W414"] * 6 + ["E417"]
    assert result(outcome)["composite"] is None


# --- counts that cannot be --------------------------------------------------------------------------------

MEANS: dict[str, Cells] = {f"{name}|": {"平均分": 9} for name in INDICATORS}
TALLIES = [
    ({"满意": 8, "不满意": 2}, {"有效": 10}, []),
    ({"满意": 6, "弃权": 4}, {"有效": 10}, []),
    ({"满意": 6, "不满意": 2}, {"有效": 10}, ["E416"]),
    ({"满意": 6, "不满意": 2}, {"收回": 12, "无效": 2}, ["E416"]),
    ({"满意": 6, "不满意": 2}, {"收回": 12}, ["E416"]),
    ({"满意": 6, "不满意": 2, "弃权": 0}, {"收回": 12}, []),
    ({"满意": 6, "不满意": 2, "弃权": 0}, {"有效": 10}, ["E415"]),
    ({"满意": 9, "不满意": 2, "弃权": 0}, {"有效": 10}, ["E415"]),
    ({"满意": 9, "不满意": 2}, {"收回": 10}, ["E415", "E415"]),
]


@pytest.mark.parametrize(("votes", "head", "expected"), TALLIES)
def test_votes_of_a_tally_are_the_ballots_that_its_head_tells_of(
    votes: Cells, head: dict[str, Any], expected: list[str]
) -> None:
    outcome = run("", {**MEANS, f"{QUESTION}|": votes}, **head)
    assert codes(outcome) == expected
    assert (result(outcome)["shares"].get("满意率") is None) == bool(expected)


@pytest.mark.parametrize(
    ("head", "waits"),
    [({"收回": 5}, True), ({"收回": 6, "有效": 7}, False), ({"收回": 6, "有效": 6, "无效": 1}, False)],
)
def test_more_valid_ballots_than_were_returned_go_back_to_the_counters(
    head: dict[str, Any],
    waits: bool,  # noqa: FBT001 - a table's cell
) -> None:
    outcome = run(SIX, **head)
    (problem,) = told(outcome.problems, "E415")
    assert (problem.file, problem.subject) == (SURVEY, "收回")
    assert "不要改动票上的答案" in describe(problem).mend
    assert (result(outcome)["composite"] is None) == waits


def test_subtotals_below_the_ballots_are_asked_about_and_signatures_are_no_ballots() -> None:
    below = "平均 | 8 | 16 | 16 | 24 | –"
    outcome = run(f"{SIX.strip()}\n{below}\n监票人： | – | – | – | – | –")
    assert codes(outcome) == ["E245"]
    assert not result(outcome)["shares"].get("满意率"), "what may be a ballot waits"
    assert own(run(f"{SIX.strip()}\n监票人： | – | – | – | – | –")) == []
    assert own(run(f"{SIX.strip()}\n合 计 | 48 | 96 | 96 | 144 | –")) == [], "sums above every full mark are no ballot"


# --- the head ---------------------------------------------------------------------------------------------

HEADS = [
    ({"发出": 6, "收回": 6, "有效": 6, "应参加": 8}, []),
    ({"发出": 6, "收回": 7}, ["E401"]),
    ({"收回": 7}, []),
    ({"有效": 5}, ["W407"]),
    ({"有效": "6张"}, ["N220"]),
    ({"有效": "六张"}, ["E201"]),
    ({"应参加": 5}, ["W403"]),
    ({"应参加": 5.5}, ["E201"]),
    ({"测评日期": "三月三日"}, ["E213"]),
    ({"录入": "三录"}, ["E205"]),
]


@pytest.mark.parametrize(("head", "expected"), HEADS)
def test_counts_of_the_head(head: dict[str, Any], expected: list[str]) -> None:
    raw = survey(SIX, **head)
    outcome = outcome_of(with_file(SURVEY, raw))
    assert codes(outcome) == expected
    for problem in own(outcome):
        assert (problem.unit, problem.sheet) == ("ZB01", "测评票")
        assert shown_at(raw, problem.sheet, problem.cell) == problem.found
    assert (result(outcome)["composite"] is None) == (expected == ["E401"])


def test_more_returned_than_issued_makes_the_session_invalid() -> None:
    outcome = outcome_of(with_file(SURVEY, altered(good()[SURVEY], in_head("测评票", "收回", 11))))
    (problem,) = told(outcome.problems, "E401")
    assert describe(problem).words == "收回 11 张，多于发出 10 张，本场测评无效"
    assert result(outcome)["computed"] == ""
    assert result(outcome, "ZB02")["composite"] == 90


def test_few_ballots_and_ballots_all_alike_are_warned_of() -> None:
    four = "\n".join(SIX.strip().splitlines()[:4])
    assert codes(run(four)) == ["W404"]
    alike = "\n".join(f"{number} | 8 | 16 | 16 | 24 | 满意" for number in range(1, 7))
    assert codes(run(alike)) == ["W406"]
    assert codes(run("\n".join(alike.splitlines()[:4]))) == ["W404"]


# --- a tally ----------------------------------------------------------------------------------------------

TALLY: dict[str, Cells] = {
    f"{QUESTION}|": {"满意": 8, "基本满意": 1, "不满意": 1, "弃权": 2},
    **{f"{name}|": {"平均分": full} for name, full in zip(INDICATORS, (9, 18, 18, 27), strict=True)},
}


def test_a_tally_instead_of_ballots() -> None:
    outcome = run("", TALLY, 有效=12, 发出=12, 收回=12)
    assert own(outcome) == []
    assert result(outcome)["composite"] is not None
    assert result(outcome)["survey"] == Fraction(800 + 60, 10)


def test_ballots_and_a_tally_of_them_are_not_both_counted() -> None:
    outcome = run(SIX, TALLY)
    assert codes(outcome) == ["W410"]
    assert result(outcome)["shares"] == {"满意率": Fraction(5, 6)}


@pytest.mark.parametrize(("key", "heading", "value"), [(QUESTION, "满意", "八"), ("领导班子好", "平均分", "九分")])
def test_a_tally_that_cannot_be_read_waits(key: str, heading: str, value: str) -> None:
    """A share of the votes that could be read would be a wrong one."""
    raw = altered(survey("", TALLY, 有效=12), typed("测评汇总", key, heading, value))
    outcome = outcome_of(with_file(SURVEY, raw))
    assert codes(outcome) == ["E201"]
    assert shown_at(raw, own(outcome)[0].sheet, own(outcome)[0].cell) == value
    assert result(outcome)["composite"] is None


@pytest.mark.parametrize("name", [None, "班子"])
@pytest.mark.parametrize("key", [QUESTION, "领导班子好"])
def test_a_line_of_a_tally_that_is_not_there_is_missing(key: str, name: str | None) -> None:
    """Its row was cleared, or goes by another name: the figure waits, and the officer is told which."""
    raw = edited(survey("", TALLY, 有效=12), {("测评汇总", address_of_line(key)): name})
    outcome = outcome_of(with_file(SURVEY, raw))
    assert [(problem.code, problem.sheet, problem.subject) for problem in own(outcome) if problem.code == "E219"] == [
        ("E219", "测评汇总", key)
    ]
    assert result(outcome)["composite"] is None


def address_of_line(key: str) -> str:
    return f"A{5 + (QUESTION, *INDICATORS).index(key)}"


@pytest.mark.parametrize(("head", "expected"), [({"有效": 12}, []), ({}, ["E413"])])
def test_the_means_of_two_sessions_are_weighed_by_their_ballots(head: dict[str, int], expected: list[str]) -> None:
    """A tally of one session needs no number to stand for itself; beside another one it does."""
    alone = outcome_of(with_file(SURVEY, survey("", TALLY, 测评场次="甲", **head)))
    assert (codes(alone), result(alone)["composite"] is None) == ([], False)
    files = {
        SURVEY: survey("", TALLY, 测评场次="甲", **head),
        "测评表/乙.xlsx": survey("", TALLY, 测评场次="乙", 有效=12),
    }
    outcome = outcome_of({**good(), **files})
    assert (codes(outcome), result(outcome)["composite"] is None) == (expected, bool(expected))


# --- two entries ------------------------------------------------------------------------------------------


def entered_twice(again: str, **head: Any) -> Outcome:  # noqa: ANN401
    """Return the outcome of a first entry and a second."""
    once, twice = survey(SIX, 录入="初录", **head), survey(again, 录入="复录", **head)
    return outcome_of(with_file(SURVEY, once) | {SECOND: twice})


def test_two_entries_that_agree_count_once() -> None:
    outcome = entered_twice(SIX)
    assert own(outcome) == []
    assert result(outcome)["shares"] == {"满意率": Fraction(5, 6)}


DIFFERENCES = [
    (SIX.replace("4 | 7 |", "4 | 8 |"), "领导班子好", "7", "初录为“7”，复录（测评表/复录.xlsx）为“8”"),
    (SIX.replace("24 | 不满意", "24 | 满意"), QUESTION, "不满意", "初录为“不满意”，复录（测评表/复录.xlsx）为“满意”"),
    (SIX.replace("4 | 7 |", "4 | – |"), "领导班子好", "7", "初录为“7”，复录（测评表/复录.xlsx）为“空白”"),
]


@pytest.mark.parametrize(("again", "item", "found", "words"), DIFFERENCES)
def test_two_entries_that_differ_make_that_figure_wait(again: str, item: str, found: str, words: str) -> None:
    outcome = entered_twice(again)
    (problem,) = own(outcome)
    assert (problem.code, problem.unit, problem.subject, problem.found) == ("E409", "ZB01", item, found)
    assert describe(problem).words.startswith(words)
    assert shown_at(survey(SIX, 录入="初录"), problem.sheet, problem.cell) == found
    assert result(outcome)["composite"] is None
    assert result(outcome, "ZB02")["composite"] == 90


@pytest.mark.parametrize("drop", ["first", "second"])
def test_a_ballot_entered_only_once_is_told(drop: str) -> None:
    """Five ballots in one entry and six in the other: nothing says which is right."""
    five = "\n".join(SIX.strip().splitlines()[:5])
    once, twice = (five, SIX) if drop == "first" else (SIX, five)
    files = {SURVEY: survey(once, 录入="初录"), SECOND: survey(twice, 录入="复录")}
    outcome = outcome_of({**good(), **files})
    assert set(codes(outcome)) == {"E409"}
    assert len(own(outcome)) == 5
    for problem in own(outcome):
        assert shown_at(files[problem.file], problem.sheet, problem.cell) == problem.found
    assert result(outcome)["composite"] is None


def test_a_second_entry_alone_counts_as_the_first_would() -> None:
    outcome = outcome_of(with_file(SURVEY, survey(SIX, 录入="复录", 有效=5)))
    assert codes(outcome) == ["W407"]
    assert result(outcome)["shares"] == {"满意率": Fraction(5, 6)}


def test_each_session_has_its_own_second_entry() -> None:
    """The second entry of one session is not held against the first entry of another."""
    other = SIX.replace("| 满意", "| 不满意")
    files = {
        SURVEY: survey(SIX, 录入="初录", 测评场次="甲"),
        "测评表/乙.xlsx": survey(other, 录入="初录", 测评场次="乙"),
        SECOND: survey(SIX, 录入="复录", 测评场次="甲"),
        "测评表/乙复.xlsx": survey(other, 录入="复录", 测评场次="乙"),
    }
    outcome = outcome_of({**good(), **files})
    assert told(outcome.problems, "E409", "E305") == []
    assert result(outcome)["shares"] == {"满意率": Fraction(5 + 2, 12)}


def test_a_book_of_many_branches_has_no_counts_of_one() -> None:
    """A head over several branches' ballots says nothing of any one of them."""
    rows: list[Cells] = [{**who, **row} for who in (FIRST, {"党组织编码": "ZB02"}) for row in ballots(SIX)]
    raw = write_form(form("survey"), Filling("", {"发出": 8, "收回": 12, "有效": 12}, {"测评票": rows}))
    rest = {path: other for path, other in good().items() if not path.startswith(("测评表/ZB01", "测评表/ZB02"))}
    outcome = outcome_of({**rest, "测评表/汇总.xlsx": raw})
    assert [problem for problem in outcome.problems if problem.file == "测评表/汇总.xlsx"] == []


# --- what a dropped session said of itself ----------------------------------------------------------------


def heads_of(outcome: Outcome) -> dict[str, Fraction]:
    steps = [row for row in records(outcome.trail.table()) if (row["unit"], row["step"]) == ("ZB01", "ballots")]
    return {row["item"]: row["figure"] for row in steps}


def test_a_second_entry_does_not_count_its_head_again() -> None:
    assert heads_of(entered_twice(SIX, 应参加=8, 收回=6))["应参加"] == 8


def test_the_head_of_an_invalid_session_counts_no_more_than_its_ballots() -> None:
    """Of two sessions one is invalid: the other's figure stands, and a person must act."""
    files = {
        SURVEY: survey(SIX, 测评场次="甲", 发出=6, 收回=6, 应参加=8),
        "测评表/乙.xlsx": survey(SIX.replace("不满意", "满意"), 测评场次="乙", 发出=5, 收回=6, 应参加=9),
    }
    outcome = outcome_of({**good(), **files})
    assert codes(outcome) == []
    assert [problem.file for problem in told(outcome.problems, "E401")] == ["测评表/乙.xlsx"]
    assert heads_of(outcome)["应参加"] == 8
    assert result(outcome)["shares"] == {"满意率": Fraction(5, 6)}


def test_the_counts_of_sessions_add_up() -> None:
    files = {
        SURVEY: survey(SIX, 测评场次="甲", 应参加=8, 收回=6),
        "测评表/乙.xlsx": survey(SIX, 测评场次="乙", 应参加=9, 收回=7),
    }
    outcome = outcome_of({**good(), **files})
    assert {label: heads_of(outcome)[label] for label in ("应参加", "收回", "有效")} == {
        "应参加": 17,
        "收回": 13,
        "有效": 12,
    }


def many(drawn: dict[str, str], **head: Any) -> bytes:  # noqa: ANN401
    rows: list[Cells] = [{"党组织编码": code, **row} for code, text in drawn.items() for row in ballots(text)]
    return write_form(form("survey"), Filling("", head, {"测评票": rows}))


def test_two_entries_of_a_book_of_many_branches_are_held_side_by_side() -> None:
    """录入 in the head tells of every branch in the book; each branch's ballots are compared with its own."""
    rest = {path: raw for path, raw in good().items() if not path.startswith(("测评表/ZB01", "测评表/ZB02"))}
    once = many({"ZB01": SIX, "ZB02": SIX}, 录入="初录")
    again = many({"ZB01": SIX.replace("24 | 不满意", "24 | 满意"), "ZB02": SIX}, 录入="复录")
    outcome = outcome_of({**rest, "测评表/初录.xlsx": once, "测评表/复录.xlsx": again})
    (problem,) = told(outcome.problems, "E409", "E305")
    assert (problem.code, problem.unit, problem.subject, problem.found) == ("E409", "ZB01", QUESTION, "不满意")
    assert shown_at(once, problem.sheet, problem.cell) == "不满意"
    assert result(outcome)["composite"] is None
    assert result(outcome, "ZB02")["shares"] == {"满意率": Fraction(5, 6)}


def test_two_tallies_are_held_side_by_side_line_by_line() -> None:
    once = survey("", TALLY, 录入="初录", 有效=12)
    differing = {**TALLY, f"{QUESTION}|": {"满意": 7, "基本满意": 2, "不满意": 1, "弃权": 2}}
    again = survey("", differing, 录入="复录", 有效=12)
    outcome = outcome_of(with_file(SURVEY, once) | {SECOND: again})
    assert [(problem.code, problem.found) for problem in own(outcome)] == [("E409", "8"), ("E409", "1")]
    for problem in own(outcome):
        assert shown_at(once, problem.sheet, problem.cell) == problem.found
    assert result(outcome)["composite"] is None


# --- 身份 -------------------------------------------------------------------------------------------------


def grouped(group: str | None) -> FileReading:
    """Return what is read of a ballot by someone of a group, where the standard weighs groups."""
    forms = forms_of(scheme("three-party"), "2026 年初")
    declared = next(each for each in forms if each.source == "述职评议")
    questions = [column.heading for column in declared.sheets[0].columns if column.field == "option"]
    options = declared.sheets[0].columns[-1].choices
    ballot: Cells = {"票号": "1", "身份": group, **dict.fromkeys(questions, options[0])}
    raw = write_form(declared, Filling("ZB01", FIRST, {"测评票": [ballot]}))
    return read_by(raw, Plan("2026 年初", tuple(forms)))


@pytest.mark.parametrize("group", ["党员代表", " 党 员代表 "])
def test_a_ballot_counts_in_its_group(group: str) -> None:
    reading = grouped(group)
    rows = [place for place, part in enumerate(reading.columns["part"]) if part == "mark"]
    assert {reading.columns["group"][row] for row in rows} == {"党员代表"}
    assert {reading.columns["state"][row] for row in rows} == {"typed"}
    assert reading.problems == []


@pytest.mark.parametrize(("group", "code"), [("领导", "E205"), (None, "E204")])
def test_a_ballot_of_no_group_is_told_at_its_cell_and_counts_in_none(group: str | None, code: str) -> None:
    reading = grouped(group)
    (problem,) = reading.problems
    assert (problem.code, problem.sheet, problem.subject, problem.found) == (code, "测评票", "身份", group or "")
    rows = [place for place, part in enumerate(reading.columns["part"]) if part == "mark"]
    assert {reading.columns["state"][row] for row in rows} == {"refused"}
