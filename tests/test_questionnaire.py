"""An online questionnaire's export, from the platform's file to the same grades that a typed 测评表 gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dingji.forms.catalogue import forms_of
from dingji.forms.declare import Form
from dingji.forms.questionnaire_form import questionnaire_forms
from dingji.outcome import Outcome
from dingji.pipeline import run, unsettled
from dingji.problems import Problem, describe
from dingji.read.child import read_job
from dingji.reports.questionnaires import questionnaire_book
from dingji.tables import records
from dingji.workspace import Workspace
from tests.five_good_case import BRANCHES, INDICATORS, QUESTION
from tests.online import (
    AFTER,
    BEFORE,
    MAPPING,
    SECRETS,
    WHERE,
    Rows,
    assert_secret,
    confirm,
    csv_text,
    exported,
    lines,
    respondent,
    texts,
    without,
    workbook,
)
from tests.papers import good, outcome_of, prepared, read_by
from tests.workspaces import command, make_workspace, scheme

EXPORT = "线上测评/导出.xlsx"
FIGURES = ("unit", "scores", "shares", "survey", "composite", "unrounded", "place", "computed", "movement", "issues")


@cache
def others() -> Mapping[str, bytes]:
    """Return the case without its typed survey forms."""
    return {name: raw for name, raw in good().items() if not name.startswith("测评表/")}


def workspace(folder: Path, rows: Rows) -> Path:
    return make_workspace(folder, {**others(), EXPORT: workbook(rows)})


def outcome(folder: Path) -> Outcome:
    return run(Workspace(folder)).outcome


def told(found: Outcome, *wanted: str) -> list[Problem]:
    codes = wanted or ("E13", "W13", "N13")
    return [problem for problem in found.problems if problem.code.startswith(codes)]


def figures(found: Outcome) -> list[dict[str, Any]]:
    return [{name: row[name] for name in FIGURES} for row in records(found.results)]


def statuses(found: Outcome) -> dict[str, str]:
    return {row["unit"]: row["status"] for row in records(found.rollcall) if row["form"] == "测评表"}


def confirmed(folder: Path, changed: Mapping[str, str] | None = None, *sheets: str) -> Outcome:
    """Return the outcome after the officer went through the proposal, the one paper of a run that is wanted here."""
    for name, raw in questionnaire_book(outcome(folder)).items():
        (folder / "output" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "output" / name).write_bytes(raw)
    confirm(folder, changed, ("问卷对照表", *sheets))
    return outcome(folder)


# --- before anything is confirmed -------------------------------------------------------------------------


def test_an_export_is_known_for_one_and_waits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = workspace(tmp_path, exported())
    assert command(folder, "run") == 1
    assert capsys.readouterr().out.splitlines()[0].startswith(f"E130 {EXPORT} ▸ Sheet1（问卷 WJ")
    found = outcome(folder)
    (problem,) = told(found)
    assert "80 份答卷" in describe(problem).text
    assert "问卷对照表.xlsx" in describe(problem).mend
    assert statuses(found) == dict.fromkeys((branch.code for branch in BRANCHES), "待改")
    assert found.entries[found.entries["form"] == "survey"].empty
    assert not {"未识别"} & set(found.rollcall["status"])


def test_the_proposal_lists_every_column_with_the_best_guess(tmp_path: Path) -> None:
    folder = workspace(tmp_path, exported())
    command(folder, "run")
    proposed = {line["问卷列标题"]: (line["识别为"], line["确认"], line["样例"]) for line in lines(folder)}
    unread = dict.fromkeys((*BEFORE, *AFTER), ("不用", "是", "（不读取）"))
    assert {heading: line for heading, line in proposed.items() if heading in unread} == unread
    taken = {heading: target for heading, (target, done, _) in proposed.items() if done is None}
    assert list(taken.values()) == ["党组织", *INDICATORS, QUESTION]
    assert proposed["Q7:您对党支部工作的总体评价是(单选题)"][2] == "满意（50份）、基本满意（18份）、不满意（12份）"
    assert lines(folder, "选项对照") == []
    assert lines(folder, "党组织对照") == []


def test_what_a_column_is_is_chosen_from_what_the_survey_asks(tmp_path: Path) -> None:
    folder = workspace(tmp_path, exported())
    command(folder, "run")
    book = openpyxl.load_workbook(folder / MAPPING)
    rules = {rule.promptTitle or rule.errorTitle: rule for rule in book["问卷对照表"].data_validations.dataValidation}
    rule = rules["请检查：识别为"]
    assert rule.type == "list"
    assert rule.formula1 == f'"{",".join([*INDICATORS, QUESTION, "党组织", "身份", "不用"])}"'


def test_a_half_confirmed_proposal_is_not_taken_and_names_the_rest(tmp_path: Path) -> None:
    folder = workspace(tmp_path, exported())
    command(folder, "run")
    confirm(folder, {"3、请评价—领导班子好": ""})
    (problem,) = told(outcome(folder))
    assert (problem.code, problem.values["what"]) == ("E130", "还有 1 列没有确认（H）")


# --- confirmed --------------------------------------------------------------------------------------------


def test_a_confirmed_export_gives_the_figures_of_the_typed_forms(tmp_path: Path) -> None:
    folder = workspace(tmp_path, exported())
    found = confirmed(folder)
    assert figures(found) == figures(outcome_of(good()))
    assert [problem.code for problem in told(found)] == ["N138"]
    assert not unsettled(found)
    assert command(folder, "run") == 0
    assert set(statuses(found).values()) == {"已报"}
    first = records(found.entries[(found.entries["file"] == EXPORT) & (found.entries["part"] == "mark")])[0]
    assert (first["sheet"], first["cell"], first["rater"], first["unit"]) == ("Sheet1", "H2", "第2行", "ZB01")


def test_returned_ballots_are_the_answers(tmp_path: Path) -> None:
    found = confirmed(workspace(tmp_path, exported()))
    heads = found.entries[(found.entries["file"] == EXPORT) & (found.entries["part"] == "head")]
    counted = dict(zip(heads["unit"], heads["value"] // 1_000_000, strict=True))
    assert counted == {branch.code: sum(branch.votes) for branch in BRANCHES}
    assert set(heads["rule"]) == {"收回"}


def test_members_stand_for_those_due_only_where_the_standard_asks_for_a_turnout(tmp_path: Path) -> None:
    folder = workspace(tmp_path, exported())
    standard = folder / "schemes" / "five-good.toml"
    text = standard.read_text("utf-8")
    standard.write_text(text.replace("questions = [", 'min_turnout = "50%"\nquestions = [', 1), "utf-8")
    found = confirmed(folder)
    assert [problem.code for problem in told(found)] == ["N138", "N139"]
    heads = found.entries[(found.entries["part"] == "head") & (found.entries["rule"] == "应参加")]
    due = dict(zip(heads["unit"], heads["value"] // 1_000_000, strict=True))
    assert {branch.code: due[branch.code] for branch in BRANCHES} == {b.code: sum(b.members) for b in BRANCHES}
    assert figures(found)[0]["composite"] == figures(outcome_of(good()))[0]["composite"]


def test_a_csv_in_gb18030_a_file_a_branch(tmp_path: Path) -> None:
    rows = {branch.code: without(exported([branch]), WHERE) for branch in BRANCHES}
    folder = make_workspace(
        tmp_path, {**others(), **{f"线上/{code}.csv": csv_text(listed) for code, listed in rows.items()}}
    )
    command(folder, "run")
    asked = {line["文件"]: line["提示"] for line in lines(folder, "党组织对照")}
    assert asked == {f"线上/{branch.code}.csv": f"是不是 {branch.code} {branch.name}" for branch in BRANCHES}
    assert len({line["问卷"] for line in lines(folder)}) == 1
    confirm(folder)
    assert [problem.code for problem in told(outcome(folder))] == ["E135"] * 5
    whole = {branch.code: f"{branch.code} {branch.name}" for branch in BRANCHES}
    confirm(folder, {f"线上/{code}.csv": name for code, name in whole.items()}, ("问卷对照表", "党组织对照"))
    assert figures(outcome(folder)) == figures(outcome_of(good()))


def test_the_branch_may_be_written_by_code_or_by_both(tmp_path: Path) -> None:
    rows = exported(where=lambda branch: branch.code if branch.code < "ZB03" else f"{branch.code} {branch.name}")
    assert figures(confirmed(workspace(tmp_path, rows))) == figures(outcome_of(good()))


# --- options ----------------------------------------------------------------------------------------------

CODES = {"满意": 1, "基本满意": 2, "不满意": 3}


def test_codes_are_never_guessed(tmp_path: Path) -> None:
    folder = workspace(tmp_path, exported(said=CODES))
    found = confirmed(folder)
    assert [(problem.code, problem.cell, problem.found, problem.values) for problem in told(found)] == [
        ("E131", "L1", "1", {"count": "50"}),
        ("E131", "L1", "2", {"count": "18"}),
        ("E131", "L1", "3", {"count": "12"}),
    ]
    assert found.entries[found.entries["form"] == "survey"].empty
    assert set(statuses(found).values()) == {"待改"}
    command(folder, "run")
    assert [(line["问卷选项"], line["份数"], line["标准选项"]) for line in lines(folder, "选项对照")] == [
        ("1", 50, None),
        ("2", 18, None),
        ("3", 12, None),
    ]
    confirm(folder, {"1": "满意", "2": "基本满意", "3": "不满意"}, ("选项对照",))
    assert figures(outcome(folder)) == figures(outcome_of(good()))


def test_one_code_left_open_keeps_the_whole_export_out(tmp_path: Path) -> None:
    found = confirmed(workspace(tmp_path, exported(said=CODES)), {"1": "满意", "2": "基本满意"}, "选项对照")
    assert [(problem.code, problem.found) for problem in told(found)] == [("E131", "3")]
    assert found.entries[found.entries["form"] == "survey"].empty


def test_other_words_are_asked_about_and_equal_ones_taken(tmp_path: Path) -> None:
    folder = workspace(tmp_path, exported(said={"满意": "很满意", "基本满意": "基本 满意　"}))
    found = confirmed(folder)
    assert [(problem.code, problem.found) for problem in told(found)] == [("E131", "很满意")]
    command(folder, "run")
    confirm(folder, {"很满意": "满意"}, ("选项对照",))
    assert figures(outcome(folder)) == figures(outcome_of(good()))
    command(folder, "run")
    assert [(line["问卷选项"], line["标准选项"], line["确认"]) for line in lines(folder, "选项对照")] == [
        ("很满意", "满意", "是")
    ]


def test_two_answers_void_a_question_and_a_skipped_one_abstains(tmp_path: Path) -> None:
    rows = exported()
    rows[1][11], rows[2][11] = "满意┋不满意", "(跳过)"
    found = confirmed(workspace(tmp_path, rows))
    own = found.entries[(found.entries["file"] == EXPORT) & (found.entries["item"] == QUESTION)]
    assert list(own["state"])[:3] == ["invalid", "blank", "typed"]
    assert [problem.cell for problem in found.problems if problem.code == "N408"] == ["L2"]


def test_a_code_that_a_mark_was_skipped_is_asked_about_and_then_no_answer(tmp_path: Path) -> None:
    """An export by numbers writes -3 where a question was skipped; a mark below nought cannot be one."""
    rows = exported()
    for number in range(1, len(rows), 5):
        rows[number][7] = -3
    folder = workspace(tmp_path, rows)
    found = confirmed(folder)
    assert [(problem.code, problem.found) for problem in told(found)] == [("E131", "-3")]
    command(folder, "run")
    assert [(line["问卷选项"], line["标准选项"]) for line in lines(folder, "选项对照")] == [("-3", "弃权")]
    confirm(folder, {}, ("选项对照",))
    settled = outcome(folder)
    assert [problem.code for problem in told(settled)] == ["N138"]
    own = settled.entries[(settled.entries["file"] == EXPORT) & (settled.entries["item"] == INDICATORS[0])]
    assert list(own["state"])[:7] == ["blank", *["typed"] * 4, "blank", "typed"]


# --- branches ---------------------------------------------------------------------------------------------


def test_answers_of_an_unknown_branch_are_counted_and_left_out(tmp_path: Path) -> None:
    rows = exported(where=lambda branch: "三支部党员" if branch.code == "ZB03" else branch.name)
    folder = workspace(tmp_path, rows)
    found = confirmed(folder)
    (problem,) = told(found, "E136")
    assert (problem.found, problem.cell, problem.values["count"]) == ("三支部党员", "G1", "20")
    assert problem.values["suggestion"] == "；是不是 ZB03 三支部"
    assert statuses(found)["ZB03"] == "未报"
    right = {row["unit"]: row for row in figures(outcome_of(good()))}
    assert figures(found)[0] | {"place": 0} == right["ZB01"] | {"place": 0}
    command(folder, "run")
    confirm(folder, {"三支部党员": "ZB03 三支部"}, ("党组织对照",))
    assert figures(outcome(folder)) == figures(outcome_of(good()))


def test_answers_put_aside_by_the_officer_need_nobody(tmp_path: Path) -> None:
    rows = exported()
    rows.append(respondent(99, ["试填", 1, 1, 1, 1, "不满意"]))
    rows.append(respondent(100, ["", 1, 1, 1, 1, "不满意"]))
    folder = workspace(tmp_path, rows)
    found = confirmed(folder, {"试填": "不用"}, "党组织对照")
    assert [(problem.code, problem.found, problem.values["what"]) for problem in told(found, "E")] == [
        ("E136", "", "没有填写")
    ]
    assert figures(found) == figures(outcome_of(good()))


def test_a_coded_branch_is_not_taken_for_a_code_of_the_roster(tmp_path: Path) -> None:
    number = {branch.code: str(place) for place, branch in enumerate(BRANCHES, start=1)}
    folder = workspace(tmp_path, exported(where=lambda branch: number[branch.code]))
    found = confirmed(folder)
    assert [(problem.code, problem.values["what"]) for problem in told(found)] == [
        ("E136", "是代码，不知道指哪一个")
    ] * 5
    command(folder, "run")
    names = {number[branch.code]: f"{branch.code} {branch.name}" for branch in BRANCHES}
    confirm(folder, names, ("党组织对照",))
    assert figures(outcome(folder)) == figures(outcome_of(good()))


# --- what cannot be ---------------------------------------------------------------------------------------


def test_a_changed_export_is_not_read_by_the_old_mapping(tmp_path: Path) -> None:
    folder = workspace(tmp_path, exported())
    confirmed(folder)
    rows = exported()
    rows[0][7], rows[0][8] = "4、请评价—党员队伍好", "3、请评价—领导班子好"
    (folder / "input" / EXPORT).write_bytes(workbook(rows))
    found = outcome(folder)
    assert sorted((problem.code, problem.file) for problem in told(found)) == [
        ("E130", EXPORT),
        ("W137", "问卷对照表.xlsx"),
    ]
    assert found.entries[found.entries["form"] == "survey"].empty


@pytest.mark.parametrize(
    ("changed", "code", "what"),
    [
        ({"3、请评价—领导班子好": "不用"}, "E132", "领导班子好"),
        ({"3、请评价—领导班子好": "党员队伍好"}, "E133", "H、I 列都认作“党员队伍好”"),
        ({"8、您的手机号": "身份"}, "E134", ""),
        ({"Q7:您对党支部工作的总体评价是(单选题)": "领导班子好", "3、请评价—领导班子好": QUESTION}, "E131", ""),
        ({"1、您所在的党支部(单选题)": "不用"}, "E135", ""),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(tmp_path: Path, changed: Mapping[str, str], code: str, what: str) -> None:
    found = confirmed(workspace(tmp_path, exported()), changed)
    problems = told(found, "E13")
    assert code in [problem.code for problem in problems]
    assert what in [problem.values.get("what", "") for problem in problems if problem.code == code]
    assert found.entries[found.entries["form"] == "survey"].empty
    assert unsettled(found)


def test_two_mappings_that_disagree_count_in_neither_place(tmp_path: Path) -> None:
    folder = workspace(tmp_path, exported())
    command(folder, "run")
    confirm(folder)
    (folder / "input" / "问卷对照表.xlsx").rename(folder / "input" / "旧对照表.xlsx")
    confirm(folder, {"3、请评价—领导班子好": "不用"})
    found = outcome(folder)
    assert {problem.code for problem in told(found)} == {"E130", "E133"}
    (problem,) = told(found, "E133")
    assert problem.values["what"] == "旧对照表.xlsx 确认为“领导班子好”，这里确认为“不用”"


def test_typed_and_online_ballots_of_one_branch_wait_for_a_person(tmp_path: Path) -> None:
    folder = workspace(tmp_path, exported())
    name = next(name for name in good() if name.startswith("测评表/ZB01"))
    (folder / "input" / "一支部.xlsx").write_bytes(good()[name])
    found = confirmed(folder)
    assert {problem.file for problem in found.problems if problem.code == "E305"} == {EXPORT, "一支部.xlsx"}
    assert statuses(found)["ZB01"] == "重复"
    right = figures(outcome_of(good()))
    assert [row["composite"] for row in figures(found)] == [None, *(row["composite"] for row in right[1:])]


# --- secrecy ----------------------------------------------------------------------------------------------


def test_no_output_tells_who_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = workspace(tmp_path, exported(said=CODES))
    for answer in ({}, {"1": "满意"}, {"1": "满意", "2": "基本满意", "3": "不满意"}):
        command(folder, "run")
        assert_secret([*texts(folder / "output"), capsys.readouterr().out])
        confirm(folder, answer, ("问卷对照表", "选项对照"))
    assert command(folder, "run") == 0
    command(folder, "explain", "ZB01")
    assert_secret([*texts(folder / "output"), capsys.readouterr().out])


def test_nothing_of_a_respondent_leaves_the_reading_process(tmp_path: Path) -> None:
    path = tmp_path / "导出.xlsx"
    path.write_bytes(workbook(exported()))
    reading = read_job((str(path), path.name), prepared().plan)
    assert reading.questionnaire is not None
    assert [secret for secret in SECRETS if secret in repr(reading)] == []
    assert "满意" in repr(reading)


@pytest.mark.parametrize(
    "answer", ["电话13900001111", "203.0.113.7", "某人@example.com", "2026-03-03", "身份证11010119900101123X"]
)
def test_a_column_whose_answers_tell_who_is_private_whatever_its_heading(answer: str) -> None:
    rows = exported()
    rows[5][11] = answer
    reading = read_by(workbook(rows), prepared().plan)
    assert reading.questionnaire is not None
    assert answer not in repr(reading)
    assert next(column for column in reading.questionnaire.columns if column.letter == "L").private


def test_own_words_are_no_options(tmp_path: Path) -> None:
    rows = exported()
    for row in rows[1:]:
        row[11] = f"我想说的话很多，第{row[0]}条是这样的"
    found = confirmed(workspace(tmp_path, rows), {"Q7:您对党支部工作的总体评价是(单选题)": QUESTION})
    assert [problem.code for problem in told(found)] == ["E134"]
    assert "我想说" not in "".join(texts(tmp_path / "output"))


def test_foreign_text_in_headings_and_options_is_inert(tmp_path: Path) -> None:
    rows = exported(said={"满意": '=HYPERLINK("http://example.com","满意")'})
    rows[0][7] = "+cmd|' /C calc'!A0 3、请评价—领导班子好"
    folder = workspace(tmp_path, rows)
    command(folder, "run")
    book = openpyxl.load_workbook(folder / MAPPING)
    formulas = [cell.value for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == []


# --- other surveys ----------------------------------------------------------------------------------------


def test_several_surveys_are_told_apart_by_their_source() -> None:
    forms = questionnaire_forms(_plan_of("three-party"))
    choices = next(column.choices for column in forms[0].sheets[0].columns if column.heading == "识别为")
    questions = [choice for choice in choices if "：" in choice]
    assert len(questions) == len(set(questions)) > 1


def _plan_of(name: str) -> list[Form]:
    standard = scheme(name)
    rounds = list(standard.rounds) or ["年度"]
    return [form for name in rounds for form in forms_of(standard, f"2026 {name}")]


def test_ballots_with_no_survey_in_the_standard_are_not_recognised() -> None:
    rows: Rows = [["序号", "提交答卷时间", "1、您对党支部工作的总体评价"], [1, "2026/3/3", "满意"]]
    plan = prepared().plan
    bare = replace(plan, forms=tuple(form for form in plan.forms if form.kind not in ("survey", "questionnaire")))
    assert [problem.code for problem in read_by(workbook(rows), bare).problems] == ["W109"]


def test_the_same_export_gives_the_same_proposal(tmp_path: Path) -> None:
    made = []
    for name in ("一", "二"):
        folder = workspace(tmp_path / name, exported())
        command(folder, "run")
        made.append((folder / MAPPING).read_bytes())
    assert made[0] == made[1]


def test_an_export_of_one_branch_alone_lists_the_others_as_missing(tmp_path: Path) -> None:
    found = confirmed(workspace(tmp_path, exported(BRANCHES[:1])))
    assert statuses(found) == {"ZB01": "已报", **dict.fromkeys(("ZB02", "ZB03", "ZB04", "ZB05"), "未报")}
