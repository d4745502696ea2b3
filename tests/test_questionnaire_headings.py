"""Which columns of an export are the platform's, which are private, and which are taken for what we ask."""

from __future__ import annotations

import pytest

from dingji.read.questionnaire_headings import bare, heading_row, is_numbered, is_private, likeness, propose
from tests.five_good_case import INDICATORS, OPTIONS, QUESTION

ASKED = {QUESTION: OPTIONS, **dict.fromkeys(INDICATORS, ())}


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("1、您对党支部工作的总体评价", "您对党支部工作的总体评价"),
        ("Q3：您对党支部工作的总体评价（单选题）", "您对党支部工作的总体评价"),
        ("Q2_1.领导班子好", "领导班子好"),
        ("第5题：请评价—领导班子", "请评价—领导班子"),
        ("12. 满意吗【必填】", "满意吗"),
        ("３．工作机制好［矩阵单选题］", "工作机制好"),
    ],
)
def test_number_and_kind_of_a_question_are_no_part_of_it(heading: str, question: str) -> None:
    assert bare(heading) == question
    assert is_numbered(heading)


@pytest.mark.parametrize("heading", ["党组织名称", "2026年满意率", "3.5分以上", "对党支部工作的总体评价"])
def test_what_is_not_numbered(heading: str) -> None:
    assert not is_numbered(heading)
    assert bare(heading) == heading


@pytest.mark.parametrize(
    "heading",
    [
        "序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", "IP", "微信昵称", "总分", "用户ID", "UA",
        "2、您的手机号", "Q9：您的姓名（填空题）", "联系电话", "E-mail",
    ],
)  # fmt: skip
def test_who_and_when_is_private(heading: str) -> None:
    assert is_private(heading)


def test_questions_are_not_private() -> None:
    assert not any(
        is_private(heading) for heading in (QUESTION, *INDICATORS, "您所在的党支部", "您的身份", "开展活动的次数")
    )


def test_a_matrix_question_is_told_by_its_last_part() -> None:
    assert likeness("领导班子好", "5、请对党支部逐项评价—领导班子") > 0.9
    assert likeness("领导班子好", "5、请对党支部逐项评价(领导班子好)") == 1
    assert likeness("党员队伍好", "5、请对党支部逐项评价—领导班子") < 0.6


def test_every_question_is_proposed_once_and_the_rest_unused() -> None:
    headings = {
        "A": "来自IP",
        "B": "1、您所在的党支部",
        "C": "2、您的身份是",
        "D": "3、请评价—工作机制好",
        "E": "4、您对所在党支部工作的总体评价",
        "F": "5、您对党支部工作的总体评价还有什么要说的（填空题）",
        "G": "6、食堂饭菜如何",
    }
    proposed = propose(headings, {"E": OPTIONS}, ASKED)
    assert proposed == {
        "A": "不用",
        "B": "党组织",
        "C": "身份",
        "D": "工作机制好",
        "E": QUESTION,
        "F": "不用",
        "G": "不用",
    }


def test_answers_as_the_standard_words_them_speak_for_a_question() -> None:
    headings = {"A": "1、总的说来支部的工作怎么样", "B": "2、食堂总体怎么样"}
    assert propose(headings, {"A": ["满意", "不满意"], "B": ["好吃"]}, {QUESTION: OPTIONS}) == {
        "A": QUESTION,
        "B": "不用",
    }
    assert propose(headings, {"A": ["还行"], "B": ["好吃"]}, {QUESTION: OPTIONS}) == {"A": "不用", "B": "不用"}


@pytest.mark.parametrize(
    ("rows", "certain", "found"),
    [
        ([["序号", "提交答卷时间", "1、您的支部", "2、满意吗"]], True, 0),
        ([["支部测评（共3份）"], ["编号", "开始答题时间", "Q1.满意吗"]], True, 1),
        ([["提交人", "提交时间", "您对党支部工作的总体评价"]], True, 0),
        ([["提交人", "提交时间", "文件"]], True, None),
        ([["1、您的支部", "2、您对党支部工作的总体评价"]], True, None),
        ([["1、您的支部", "2、您对党支部工作的总体评价"]], False, 0),
        ([["1、检查内容", "2、检查结果"]], False, None),
        ([["党组织名称", "领导班子好"]], False, None),
    ],
)
def test_an_export_is_told_by_its_headings(rows: list[list[str]], certain: bool, found: int | None) -> None:  # noqa: FBT001
    assert heading_row(rows, list(ASKED), certain=certain) == found
