"""Standards of other notices: surveys and their denominators, by drawn votes."""

from __future__ import annotations

from fractions import Fraction

from tests.drawn import ballots, facts, heads, marks, rows, tally
from tests.other_standards import figures, grades, run, with_round

# --- surveys: questions and groups weighed, several denominators, turnout, rounds ------------------------------

PEER_VOTES = """
支部 | 项目 | 身份    | 优秀 | 称职 | 基本称职 | 不称职 | 不了解
甲   | 班子 | 分管领导 | 1   | 1   | 0      | 0     | 0
甲   | 队伍 | 分管领导 | 2   | 0   | 0      | 0     | 0
甲   | 实绩 | 分管领导 | 0   | 2   | 0      | 0     | 0
甲   | 班子 | 干部职工 | 8   | 1   | 0      | 1     | 0
甲   | 队伍 | 干部职工 | 9   | 0   | 1      | 0     | 0
甲   | 实绩 | 干部职工 | 9   | 0   | 0      | 0     | 1
甲   | 班子 | 考核组  | 3   | 0   | 0      | 0     | 0
甲   | 队伍 | 考核组  | 3   | 0   | 0      | 0     | 0
甲   | 实绩 | 考核组  | 3   | 0   | 0      | 0     | 0
"""


def test_peers_questions_and_groups_are_weighed_and_what_is_set_apart_counts_nowhere() -> None:
    """分管领导 (90 × 30 + 100 × 30 + 80 × 40) ÷ 100 = 89; 干部职工 92 × 0.3 + 96 × 0.3 + 100 × 0.4 = 96.4; 考核组 100.

    测评 89 × 0.2 + 96.4 × 0.4 + 100 × 0.4 = 96.36. 优秀率 0.2 × (0.5 × 0.3 + 0.3) + 0.4 × (0.24 + 0.27 + 0.4) + 0.4.
    互评 80, 90, 95, 100 without both ends 92.5. 67.452 + 27.75 + 2.5 = 97.702.
    """
    more = "\n".join(f"甲 | {place} | {mark}" for place, mark in enumerate((80, 90, 95, 100)))
    claims = "支部 | 规则 | 选项 | 数量 | 工作\n甲 | 荣誉 | 省级 | | 创建\n甲 | 经验材料 | | 1 | 创建"
    found = run("peers", tally(PEER_VOTES, "测评"), heads("支部 | 应参加 | 收回\n甲 | 30 | 15", "测评"),
                marks(f"支部 | 评委 | 总分\n{more}", "互评", "peer"), facts(claims, "bonus"))  # fmt: skip
    assert found.column("survey") == [Fraction("96.36")]
    assert found.column("shares")[0]["优秀率"] == Fraction("0.854")
    assert found.source("互评") == [Fraction("92.5")]
    assert figures(found) == "97.70"
    assert grades(found) == "良好"  # one third of one branch is none
    assert found.told("甲", "quota") == ["优秀不超过1/3 × 1 → 0个：优秀 → 良好"]


def test_peers_half_of_those_due_is_enough_and_less_is_not() -> None:
    peers = marks("支部 | 评委 | 总分\n甲 | 一 | 90", "互评", "peer")
    votes = tally(PEER_VOTES, "测评")
    turnouts = {
        turnout: run("peers", votes, peers, heads(f"支部 | 应参加 | 收回\n甲 | {turnout}", "测评"))
        for turnout in ("30 | 15", "31 | 15")
    }
    assert [figures(found) for found in turnouts.values()] == ["94.45", "—"]


SATISFACTION = """
支部 | 很满意 | 满意 | 基本满意 | 不太满意 | 不满意 | 应参加 | 群满意 | 群一般 | 群差 | 群弃权 | 收回
甲   | 5    | 3   | 1      | 1      | 0     | 10   | 7     | 1     | 2   | 1    | 11
乙   | 2    | 2   | 4      | 2      | 0     | 12   | 9     | 0     | 0   | 1    | 12
丙   | 3    | 1   | 4      | 2      | 2     | 15   | 10    | 0     | 0   | 0    | 10
"""


def test_satisfaction_each_survey_has_its_own_denominator() -> None:
    """甲: 党员 8 ÷ 10, 群众 8 ÷ (11 − 1) = 80% exactly, no ceiling; 乙: 4 ÷ 12 = 1/3 exactly, no veto.

    9 ÷ 11 is above 80%; 丙: 4 ÷ 15 is below one third.
    """
    parts = []
    for line in rows(SATISFACTION):
        unit = line["支部"]
        votes = " | ".join(list(line.values())[1:6])
        others = " | ".join(list(line.values())[7:11])
        parts += [
            tally(f"支部 | 项目 | 很满意 | 满意 | 基本满意 | 不太满意 | 不满意\n{unit} | 满意度 | {votes}", "党员测评"),
            heads(f"支部 | 应参加\n{unit} | {line['应参加']}", "党员测评"),
            tally(f"支部 | 项目 | 满意 | 一般 | 差 | 弃权\n{unit} | 满意度评价 | {others}", "群众测评"),
            heads(f"支部 | 收回\n{unit} | {line['收回']}", "群众测评"),
            marks(f"支部 | 评委 | 总分\n{unit} | 一 | 90", "检查"),
        ]
    found = run(
        "satisfaction", *(with_round(part, "半年") for part in parts), round_name="半年", previous={"甲": "补课单位"}
    )
    shares = found.column("shares")
    assert [one["党员满意率"] for one in shares] == [Fraction(4, 5), Fraction(1, 3), Fraction(4, 15)]
    assert [one["不低于基本满意"] for one in shares] == [Fraction(9, 10), Fraction(2, 3), Fraction(8, 15)]
    assert [one["满意率"] for one in shares] == [Fraction(4, 5), Fraction(9, 11), Fraction(1)]
    assert found.column("situations") == [(), (), ("党员满意率不足1/3",)]
    assert figures(found) == "83.00 83.40 79.67"
    assert grades(found) == "合格单位 合格单位 补课单位"


def test_satisfaction_below_80_percent_nobody_rises() -> None:
    """甲 comes to 满意单位 by points and stays 合格单位 as last time; 乙, without a last time, keeps its grade."""
    parts = []
    for unit in "甲乙":
        parts += [
            ballots(f"支部 | 张数 | 满意度\n{unit} | 10 | 很满意", "党员测评"),
            heads(f"支部 | 应参加\n{unit} | 10", "党员测评"),
            ballots(f"支部 | 张数 | 满意度评价\n{unit} | 79 | 满意\n{unit} | 21 | 差", "群众测评"),
            heads(f"支部 | 收回\n{unit} | 100", "群众测评"),
            marks(f"支部 | 评委 | 总分\n{unit} | 一 | 100", "检查"),
        ]
    found = run(
        "satisfaction", *(with_round(part, "半年") for part in parts), round_name="半年", previous={"甲": "合格单位"}
    )
    assert figures(found) == "93.70 93.70"
    assert grades(found) == "合格单位 满意单位"
    assert found.column("movement") == ["保持", ""]


RATINGS = """
支部 | 上级优秀 | 上级称职 | 党员优秀 | 党员称职 | 等次
甲   | 3     | 0      | 3     | 0      | 优秀
乙   | 3     | 0      | 2     | 1      | 优秀
丙   | 2     | 1      | 2     | 1      | 称职
丁   | 2     | 1      | 2     | 1      | 称职
戊   | 0     | 3      | 0     | 3      | 称职
己   | 3     | 0      | 2     | 0      | —
"""


def test_ratings_two_meetings_and_a_third_at_most() -> None:
    """5 ÷ 3 is 1.67, half up 2 of the four above 90 keep 优秀; 己 has two ballots where three are wanted."""
    parts = []
    for line in rows(RATINGS):
        unit, *votes = list(line.values())[:5]
        for source, question, (best, good) in zip(
            ("上级评议", "党员评议"), ("上级意见", "党员意见"), (votes[:2], votes[2:]), strict=True
        ):
            parts.append(tally(f"支部 | 项目 | 优秀 | 称职\n{unit} | {question} | {best} | {good}", source))
    found = run("ratings", *parts)
    assert grades(found) == " ".join(line["等次"] for line in rows(RATINGS))
    assert figures(found) == "100.00 97.50 95.00 95.00 85.00 —"
