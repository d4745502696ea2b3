"""A small outcome made by hand, as scoring would hand it over: six branches under the five-good standard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from dingji.outcome import InputFile, Outcome
from dingji.problems import Problem
from dingji.round_days import Round
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.settings import Office, Settings, StandardChoice, Summary
from dingji.tables import BRANCHES, ENTRIES, RATERS, RESULTS, ROLLCALL, records, table
from tests.drawn_trail import trail_of

SCHEMES = Path(__file__).parents[1] / "schemes"
INDICATORS = ("领导班子好", "党员队伍好", "工作机制好", "工作业绩好")
QUESTION = "对党支部工作的总体评价"
MISSING = "缺党委评定：评委1未评工作机制好"
VETO = "群众反映好低于12分"
BALLOTS = 20


@dataclass(frozen=True)
class Drawn:
    """A branch as the table below draws it; figures as text, "" for none."""

    unit: str
    name: str
    parent: str
    sources: tuple[str, str, str]
    share: str
    composite: str
    place: int | None
    computed: str
    decided: str = ""
    previous: str = ""
    movement: str = ""
    borderline: bool = False


OFFICES, CLINICS = "机关党总支", "临床党总支"
DRAWN = (
    Drawn(
        "D001",
        "第一党支部",
        OFFICES,
        ("98", "95.8", "283/3"),
        "9/10",
        "95.87",
        1,
        "好",
        "",
        "较好",
        "晋位",
    ),
    Drawn(
        "D002",
        "第二党支部",
        OFFICES,
        ("92", "88.65", "89.5"),
        "19/20",
        "90",
        2,
        "好",
        "",
        "好",
        "保持",
        True,
    ),
    Drawn(
        "D003",
        "第三党支部",
        CLINICS,
        ("90", "71", "227/3"),
        "13/20",
        "78.57",
        4,
        "后进",
        "",
        "一般",
        "退位",
    ),
    Drawn(
        "D004",
        "第四党支部",
        CLINICS,
        ("90", "77", "58"),
        "17/20",
        "73.3",
        5,
        "一般",
        "较好",
        "一般",
        "晋位",
    ),
    Drawn("D005", "第五党支部", CLINICS, ("95", "92", ""), "1", "", None, "", "", "一般"),
    Drawn("D006", "第六党支部", OFFICES, ("92", "88.65", "89.5"), "19/20", "90", 2, "好", "", "", "", True),
)

WEAK = (("工作机制好", Fraction(10), Fraction(20)), ("群众反映好", Fraction(5), Fraction(20)))


def fraction(text: str) -> Fraction | None:
    """Read a drawn figure."""
    return Fraction(text) if text else None


@cache
def five_good() -> Scheme:
    """Return the five-good standard as it ships."""
    scheme, findings = load_scheme((SCHEMES / "five-good.toml").read_bytes())
    assert scheme is not None, findings
    return scheme


def settings(summary: Summary | None = None) -> Settings:
    """Return an office's settings for the round 2026 年初."""
    return Settings(
        office=Office(name="示范医院党委", reviewer="审核员", preparer="填表员", phone="0000-123", date="2026-03-31"),
        round=Round(year=2026, name="年初"),
        standard=StandardChoice(default="five-good"),
        summary=summary or Summary(),
    )


def _branch(number: int, drawn: Drawn) -> dict[str, Any]:
    return {
        "unit": drawn.unit,
        "name": drawn.name,
        "parent": drawn.parent,
        "category": "机关" if drawn.parent == OFFICES else "临床",
        "level": "党支部",
        "secretary": f"书记{number}",
        "leader": f"领导{number % 3 + 1}",
        "full_members": 20 + number,
        "probationary_members": 1,
        "members": 21 + number,
        "state": "正常",
    }


def _result(drawn: Drawn) -> dict[str, Any]:
    composite = fraction(drawn.composite)
    scores = (fraction(text) for text in drawn.sources)
    return {
        "unit": drawn.unit,
        "scheme": "five-good",
        "scores": dict(zip(("自评", "党群评分", "党委评定"), scores, strict=True)),
        "shares": {"满意率": fraction(drawn.share)},
        "survey": Fraction(730, 9),
        "bonus": Fraction(0),
        "composite": composite,
        "unrounded": composite,
        "place": drawn.place,
        "computed": drawn.computed,
        "decided": drawn.decided,
        "previous": drawn.previous,
        "movement": drawn.movement,
        "situations": (VETO,) if drawn.unit == "D003" else (),
        "flags": (),
        "issues": WEAK if drawn.unit in ("D003", "D004") else (),
        "missing": () if drawn.composite else (MISSING,),
        "settled": bool(drawn.composite),
        "borderline": drawn.borderline,
    }


def _entries() -> list[dict[str, Any]]:
    """Return an entry a committee mark and a mark of each of two ballots, then the decision on D004."""
    marks: list[dict[str, Any]] = []
    for line, drawn in enumerate(DRAWN, start=5):
        for column, item in zip("DEFG", INDICATORS, strict=True):
            common = {"unit": drawn.unit, "round": "年初", "part": "mark", "item": item, "state": "typed"}
            committee = {"form": "committee", "source": "党委评定", "rater": "P01"}
            book = {"file": "评定/评定表_评委1.xlsx", "sheet": "评定表", "cell": f"{column}{line}"}
            marks.append({**common, **committee, **book})
            for ballot in (1, 2):
                survey = {"form": "survey", "source": "党群评分", "rater": str(ballot)}
                box = {
                    "file": f"测评/{drawn.name}.xlsx",
                    "sheet": "测评票",
                    "cell": f"{column}{8 + ballot}",
                }
                marks.append({**common, **survey, **box})
    place = {
        "unit": "D004",
        "form": "decision",
        "file": "审定表.xlsx",
        "sheet": "审定表",
        "state": "typed",
    }
    decision = {
        "part": "record",
        "option": "较好",
        "reason": "整改成效明显",
        "cell": "E8 F8",
    }
    meeting = {"part": "also", "rule": "会议名称", "option": "党委会", "cell": "G8"}
    day = {"part": "also", "rule": "会议日期", "option": "2026-03-30", "cell": "H8"}
    due = {"part": "also", "rule": "应到", "value": 9_000_000, "cell": "I8"}
    return [*marks, *({**place, **row} for row in (decision, meeting, day, due))]


def _trail(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for drawn in DRAWN:
        for item in INDICATORS:
            yield from _mark(drawn.unit, item, entries)
        yield from ({"unit": drawn.unit, "source": "党群评分", **step} for step in _survey(drawn))
        for source, text in zip(("自评", "党群评分", "党委评定"), drawn.sources, strict=True):
            figure = {"source": source, "figure": fraction(text), "words": f"{source}得分"}
            yield {"unit": drawn.unit, "step": "source", **figure}
        words = "按权重相加，四舍五入取两位"
        yield {"unit": drawn.unit, "step": "composite", "words": words, "figure": fraction(drawn.composite)}
    veto = "群众反映好5分，低于12分，定为后进"
    yield {"unit": "D003", "step": "grade", "words": veto, "item": VETO, "text": "后进"}
    decided = {"words": "党委研究确定为较好", "text": "较好", "entries": (len(entries) - 4,)}
    yield {"unit": "D004", "step": "decision", **decided}
    yield {"unit": "D005", "step": "missing", "words": MISSING}


def _mark(unit: str, item: str, entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a committee mark of 9 and the mean of two ballots; D005's 工作机制好 was left blank by the rater."""
    behind: dict[str, list[int]] = {"committee": [], "survey": []}
    for number, entry in enumerate(entries):
        if (entry["unit"], entry.get("item")) == (unit, item):
            behind[entry["form"]].append(number)
    blank = (unit, item) == ("D005", "工作机制好")
    committee = {"figure": None if blank else Fraction(9), "words": f"{item} {'缺' if blank else '9 分'}"}
    common = {"unit": unit, "step": "mark", "item": item}
    yield {**common, **committee, "source": "党委评定", "rater": "P01", "entries": behind["committee"]}
    survey = {"source": "党群评分", "figure": Fraction(17, 2), "words": f"{item} 8.5 分"}
    yield {**common, **survey, "entries": behind["survey"]}


def _survey(drawn: Drawn) -> Iterator[dict[str, Any]]:
    share = fraction(drawn.share) or Fraction(0)
    votes = {
        "满意": share * BALLOTS,
        "基本满意": Fraction(0),
        "不满意": (1 - share) * BALLOTS,
        "弃权": Fraction(0),
    }
    for item in ("收回", "有效"):
        yield {"step": "ballots", "item": item, "figure": Fraction(BALLOTS)}
    for option, figure in votes.items():
        yield {"step": "votes", "item": QUESTION, "figure": figure, "text": option}
    yield {"step": "share", "words": "满意率", "item": "满意率", "figure": share}
    yield {"step": "option_score", "figure": share * 100}


def _rollcall() -> list[dict[str, Any]]:
    branches = [
        {
            "unit": drawn.unit,
            "owner": drawn.name,
            "parent": drawn.parent,
            "form": form,
            "source": source,
            "status": "待改" if (drawn.unit, form) == ("D003", "自评表") else "已报",
        }
        for drawn in DRAWN
        for form, source in (("自评表", "自评"), ("测评表", "党群评分"))
    ]
    rater = {"form": "评定表", "source": "党委评定"}
    raters = [
        {**rater, "rater": "P01", "owner": "评委1", "status": "已报"},
        {**rater, "rater": "P02", "owner": "评委2", "status": "未报"},
    ]
    return [{**row, "kind": row["form"], "title": row["form"], "files": ()} for row in (*branches, *raters)]


PROBLEMS = (
    Problem("W512", unit="D001"),
    Problem("E204", "评定/评定表_评委1.xlsx", "评定表", "F9", subject="工作机制好", unit="D005"),
    Problem(
        "E203",
        "自评/第三党支部.xlsx",
        "自评表",
        "F7",
        subject="第3项",
        found="25",
        unit="D003",
        values={"full": "2", "low": "0"},
    ),
    Problem("E310", subject="评委2", values={"form": "评定表", "hint": ""}),
)


def example() -> Outcome:
    """Return the example; `dataclasses.replace` and the functions below change it."""
    entries = _entries()
    raters = [{"rater": f"P0{number}", "name": f"评委{number}", "source": "党委评定"} for number in (1, 2)]
    return Outcome(
        settings=settings(),
        schemes={"five-good": five_good()},
        branches=table(BRANCHES, [_branch(number, drawn) for number, drawn in enumerate(DRAWN, start=1)]),
        raters=table(RATERS, raters),
        entries=table(ENTRIES, entries),
        problems=PROBLEMS,
        results=table(RESULTS, [_result(drawn) for drawn in DRAWN]),
        trail=trail_of(_trail(entries), ("自评", "党群评分", "党委评定")),
        rollcall=table(ROLLCALL, _rollcall()),
        files=(InputFile("自评/第三党支部.xlsx", "0" * 64, "self", taken=True),),
    )


def only(outcome: Outcome, *units: str) -> Outcome:
    """Return the outcome with the results of these branches alone; the others left the roster's grading."""
    return replace(outcome, results=outcome.results[outcome.results["unit"].isin(units)])


def changed(outcome: Outcome, unit: str, **values: object) -> Outcome:
    """Return the outcome with other values in the result of one branch."""
    return replace(outcome, results=table(RESULTS, _with(records(outcome.results), unit, values)))


def renamed(outcome: Outcome, unit: str, **values: object) -> Outcome:
    """Return the outcome with other values in the roster's row of one branch."""
    return replace(outcome, branches=table(BRANCHES, _with(records(outcome.branches), unit, values)))


def _with(rows: list[dict[str, Any]], unit: str, values: Mapping[str, object]) -> list[dict[str, Any]]:
    return [{**row, **values} if row["unit"] == unit else row for row in rows]
