"""The office's own forms: situations confirmed, corrections laid over marks, earlier grades, decisions as typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import pandas as pd

from dingji.intake.grid import normal
from dingji.numbers import exact, plain
from dingji.problems import Problem
from dingji.scheme.model import Scheme
from dingji.tables import records


def _at(row: Mapping[str, Any], code: str, subject: str = "", found: str = "", **values: str) -> Problem:
    cell = str(row["cell"]).split(" ")[0]
    return Problem(code, row["file"], row["sheet"], cell, subject, found, row["unit"], values)


def check_situations(rows: pd.DataFrame, scheme: Scheme) -> tuple[set[int], list[Problem]]:
    """Return the row labels of situations that do not count, and problems: unknown names, unconfirmed claims."""
    declared = {normal(situation.name): situation.name for situation in scheme.situations if not situation.when}
    drop: set[int] = set()
    problems: list[Problem] = []
    for label, row in zip(rows.index, records(rows), strict=True):
        if row["option"] != "是" or row["verdict"] != "是" or normal(row["rule"]) not in declared:
            drop.add(label)
        if row["option"] == "是":
            problems += _situation_problems(row, declared)
    if rows.empty and declared:
        problems.append(Problem("W512"))
    return drop, problems


def _situation_problems(row: Mapping[str, Any], declared: Mapping[str, str]) -> Iterator[Problem]:
    if normal(row["rule"]) not in declared:
        near = get_close_matches(normal(row["rule"]), declared, n=1)
        suggestion = f"；是不是“{declared[near[0]]}”" if near else ""
        yield _at(row, "E212", "情形", row["rule"], what="情形", suggestion=suggestion)
    elif not row["verdict"]:
        yield _at(row, "E511", "办公室确认", situation=row["rule"])


def apply_corrections(entries: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Lay corrections over the marks they name; the original stays, superseded, for the trail.

    The corrected mark is a new row: the original's place in the standard, the correction's figure and cell.
    """
    corrections = entries[(entries["form"] == "correction") & (entries["part"] == "record")]
    if corrections.empty:
        return entries, []
    problems, added = [], []
    entries = entries.copy()
    for row in records(corrections):
        outcome = _correct(entries, row)
        if isinstance(outcome, Problem):
            problems.append(outcome)
            continue
        entries.loc[outcome, "state"] = "superseded"
        original = records(entries.loc[[outcome]])[0]
        place = {name: row[name] for name in ("value", "file", "sheet", "cell", "reason")}
        added.append({**original, **place, "state": "typed", "cell": str(row["cell"]).split(" ")[0]})
        found, value = (plain(exact(int(row[name]))) for name in ("amount", "value"))
        problems.append(_at(row, "N522", "更正值", value, original=found, value=value))
    if added:
        extra = pd.DataFrame(added).astype(entries.dtypes.to_dict())
        entries = pd.concat([entries, extra], ignore_index=True)
    return entries, problems


def _correct(entries: pd.DataFrame, row: Mapping[str, Any]) -> int | Problem:
    """Return the label of the one mark that a correction names, or why there is none."""
    if pd.isna(row["value"]) or pd.isna(row["amount"]):
        return _at(row, "E521", "更正值", what="缺少原值或更正值")
    named = (entries["unit"] == row["unit"]) & (entries["source"] == row["source"]) & (entries["part"] == "mark")
    named &= (entries["item"] == row["item"]) & (entries["state"] == "typed")
    if row["rater"]:
        named &= entries["rater"] == row["rater"]
    found = entries[named & (entries["value"] == row["amount"]).fillna(value=False)]
    if len(found) == 1:
        return int(found.index[0])
    original = plain(exact(int(row["amount"])))
    what = (
        f"没有找到原值 {original} 的评分"
        if found.empty
        else f"原值 {original} 的评分有 {len(found)} 处，请写明评委编号"
    )
    second = str(row["cell"]).split(" ")[-1]  # 更正值 stands before 原值 in the row's addresses
    return _at({**row, "cell": second}, "E521", "原值", original, what=what)


def previous_grades(entries: pd.DataFrame, schemes: Mapping[str, Scheme]) -> tuple[dict[str, str], list[Problem]]:
    """Return the grade of every branch in the earlier results: the decided one, else the computed."""
    rows = entries[(entries["form"] == "result") & (entries["part"] == "also")]
    labels = {grade.name for scheme in schemes.values() for grade in scheme.grades}
    grades: dict[str, str] = {}
    problems = []
    for heading in ("测算等次", "拟定等次", "审定等次"):
        for row in records(rows[rows["rule"] == heading]):
            if row["option"] in labels:
                grades[row["unit"]] = row["option"]
            elif row["option"] not in ("", "—", "未定级"):
                problems.append(_at(row, "W531", heading, row["option"]))
    return grades, problems


def check_decisions(rows: pd.DataFrame) -> list[Problem]:
    """Return what is wrong with decisions by themselves: a branch decided on twice and differently."""
    problems = []
    decided = rows[(rows["part"] == "record") & (rows["option"] != "")]
    for unit, group in decided.groupby("unit", sort=False):
        if len(set(group["option"])) > 1:
            first, *_, last = records(group)
            problems.append(_at({**last, "unit": unit}, "E305", "审定等次", last["option"], other=first["file"]))
    return problems
