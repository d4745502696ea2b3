"""The office's own forms: situations confirmed, corrections laid over marks, earlier grades, decisions as typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from dingji.comparing import normal, suggestion
from dingji.forms.committee_forms import MEETING, VOTERS
from dingji.intake.earlier import GRADE_HEADINGS
from dingji.numbers import decimal_of, exact, plain
from dingji.problems import BETWEEN, Problem, problem_at
from dingji.read.rows import Letters, beside
from dingji.scheme.marking import Thing
from dingji.scheme.model import Scheme
from dingji.tables import ENTRIES, records, stacked, table, without


def _at(row: Mapping[str, Any], code: str, subject: str = "", found: str = "", **values: str) -> Problem:
    return problem_at(row, code, subject, found, cell=str(row["cell"]).split(" ")[0], **values)


def check_situations(
    rows: pd.DataFrame,
    scheme: Scheme,
    letters: Mapping[tuple[str, str], Letters] | None = None,
    *,
    expected: bool = True,
) -> tuple[set[int], list[Problem]]:
    """Return the row labels of situations that do not count, and problems: unknown names, unconfirmed claims.

    `letters` tells by file and sheet where the columns stand. `expected`: whether any branch is graded here.
    """
    declared = {normal(situation.name): situation.name for situation in scheme.situations if not situation.when}
    drop: set[int] = set()
    problems: list[Problem] = []
    listed = records(rows)
    for label, row in zip(rows.index, listed, strict=True):
        if not _holds(row) or normal(row["rule"]) not in declared:
            drop.add(label)
        own = (letters or {}).get((row["file"], row["sheet"]), {})
        if row["state"] == "refused":  # that was told at its cell
            continue
        if "是" in (row["option"], row["verdict"]):
            problems += _situation_problems(row, declared, own)
        elif row["reason"] and not (row["option"] or row["verdict"]):
            problems.append(_no_answer(row, "是否存在", own))
    disputed, found = _disputed(listed)
    drop |= set(rows.index[disputed])
    problems += found
    if expected and declared and not any(rows["option"]):  # a form handed out with every row printed and none answered
        problems.append(Problem("W512"))
    return drop, problems


def _holds(row: Mapping[str, Any]) -> bool:
    return (row["option"], row["verdict"]) == ("是", "是")


def _no_answer(row: Mapping[str, Any], heading: str, letters: Letters) -> Problem:
    """Return the problem of a row with words and nothing in the cell that decides: they were typed for something."""
    cell = beside(str(row["cell"]).split(" ")[0], "option", letters)
    return problem_at(row, "E229", heading, cell=cell, unit=row["unit"], what=heading)


def _denied(row: Mapping[str, Any]) -> bool:
    """Say whether a row says no; one that was refused was told at its cell."""
    return row["state"] != "refused" and "否" in (row["option"], row["verdict"])


def _disputed(rows: Sequence[Mapping[str, Any]]) -> tuple[list[int], list[Problem]]:
    """Return the places of situations that one row confirms and another one denies, none of which counts."""
    confirmed = {_key(row): row for row in reversed(rows) if _holds(row) and row["state"] != "refused"}
    units = {unit for _, unit, _ in confirmed}
    both = {_key(row): row for row in rows if row["unit"] in units and _denied(row) and _key(row) in confirmed}
    problems = [_at(row, "E305", row["rule"], "否", other=_place(confirmed[key])) for key, row in both.items()]
    return [at for at, row in enumerate(rows) if row["unit"] in units and _key(row) in both], problems


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["round"], row["unit"], normal(row["rule"])


def _place(row: Mapping[str, Any]) -> str:
    return BETWEEN.join((row["file"], row["sheet"], str(row["cell"]).split(" ")[0]))


def _situation_problems(row: Mapping[str, Any], declared: Mapping[str, str], letters: Letters) -> Iterator[Problem]:
    rule, verdict = (
        {**row, "cell": beside(str(row["cell"]).split(" ")[0], field, letters)} for field in ("rule", "verdict")
    )
    if normal(row["rule"]) not in declared:
        near = suggestion(row["rule"], declared.values())
        yield _at(rule, "E212", "情形", row["rule"], what="情形", suggestion=near)
    elif row["option"] != "是":  # refuted, or the word that nothing is there agreed with: both are written so
        yield _at(verdict, "E686", "办公室确认", row["verdict"], situation=row["rule"], said=row["option"] or "空白")
    elif not row["verdict"]:
        yield _at(verdict, "E511", "办公室确认", situation=row["rule"])


ThingOf = Callable[[str, str, str], Thing | None]
"""What a mark is for, by branch, source and item; None where the standard has no such mark."""


def apply_corrections(
    entries: pd.DataFrame, thing_of: ThingOf = lambda _unit, _source, _item: None
) -> tuple[pd.DataFrame, list[Problem]]:
    """Lay corrections over the marks they name; the original stays, superseded, for the trail.

    The corrected mark is a new row: the original's place in the standard, the correction's figure and cell; its
    `evidence` is where the original stands. `thing_of` tells the bounds of a mark.
    """
    corrections = entries[(entries["form"] == "correction") & (entries["part"] == "record")]
    if corrections.empty:
        return entries, []
    problems, added = [], []
    entries = entries.copy()
    for row in records(corrections):
        outcome = _correct(entries, row, thing_of)
        if isinstance(outcome, Problem):
            problems.append(outcome)
            continue
        entries.loc[outcome, "state"] = "superseded"
        original = records(entries.loc[[outcome]])[0]
        place = {name: row[name] for name in ("value", "file", "sheet", "cell", "reason")}
        place |= {"cell": str(row["cell"]).split(" ")[0], "evidence": BETWEEN.join(original[name] for name in PLACE)}
        added.append({**original, **place, "state": "typed"})
        found, value = (plain(exact(int(row[name]))) for name in ("amount", "value"))
        problems.append(_at(row, "N522", "更正值", value, original=found, value=value))
    if added:
        entries = stacked([entries, table(ENTRIES, added)]).reset_index(drop=True)
    return entries, problems


PLACE = ("file", "sheet", "cell")


def _correct(entries: pd.DataFrame, row: Mapping[str, Any], thing_of: ThingOf) -> int | Problem:
    """Return the label of the one mark that a correction names, or why there is none."""
    if pd.isna(row["value"]) or pd.isna(row["amount"]):
        return _at(row, "E521", "更正值", what="缺少原值或更正值")
    named = (entries["unit"] == row["unit"]) & (entries["part"] == "mark") & (entries["state"] == "typed")
    for name in ("source", "item", "rater") if row["rater"] else ("source", "item"):
        alike = [text for text in entries[name].cat.categories if normal(text) == normal(row[name])]
        named &= entries[name].isin(alike)
    found = entries[named & (entries["value"] == row["amount"]).fillna(value=False)]
    found = found[found["round"] == row["round"]] if row["round"] in set(found["round"]) else found
    if len(found) == 1 and found.iloc[0]["form"] != "survey":
        thing = thing_of(row["unit"], found.iloc[0]["source"], found.iloc[0]["item"])
        return _within(row, thing) or int(found.index[0])
    original = plain(exact(int(row["amount"])))
    what = f"没有找到原值 {original} 的评分"
    if not found.empty:
        several = f"原值 {original} 的评分有 {len(found)} 处，请写明评委编号"
        what = "测评票不在这里更正，请改正测评表后重新放入 input" if "survey" in set(found["form"]) else several
    second = str(row["cell"]).split(" ")[-1]  # 更正值 stands before 原值 in the row's addresses
    return _at({**row, "cell": second}, "E521", "原值", original, what=what)


def _within(row: Mapping[str, Any], thing: Thing | None) -> Problem | None:
    """Return what is wrong with a corrected figure: it must keep the bounds of the mark that it replaces."""
    if thing is None:
        return None
    figure = exact(int(row["value"]))
    below, above = thing.low is not None and figure < thing.low, thing.high is not None and figure > thing.high
    limit = plain((thing.high if above else thing.low) or Fraction(0))
    what = f"更正值超过满分 {limit} 分" if above else f"更正值小于 {limit}"
    return _at(row, "E521", "更正值", plain(figure), what=what) if below or above else None


def check_decisions(rows: pd.DataFrame) -> list[Problem]:
    """Return which branches were decided on twice and differently."""
    problems = []
    decided = rows[(rows["part"] == "record") & (rows["option"] != "")]
    for unit, group in decided.groupby("unit", sort=False):
        if len(set(group["option"])) > 1:
            first, *_, last = records(group)
            problems.append(_at({**last, "unit": unit}, "E305", "审定等次", last["option"], other=_place(first)))
    return problems


NOT_OF_THE_BRANCH = frozenset({"测算等次", *(cell.label for cell in MEETING)})
"""What may stand in the row of a branch of which the committee has not spoken: printed, or told of a whole meeting."""


def check_undecided(rows: pd.DataFrame, letters: Mapping[tuple[str, str], Letters]) -> list[Problem]:
    """Return the branches of which the committee says something (a reason, votes), and no row says which grade."""
    settled = set(
        rows.loc[(rows["part"] == "record") & ((rows["option"] != "") | (rows["state"] == "refused")), "unit"]
    )
    found: dict[str, Problem] = {}
    for row in records(rows[~rows["unit"].isin(settled)]):
        said = row["reason"] if row["part"] == "record" else row["rule"] not in NOT_OF_THE_BRANCH
        if said and row["unit"] not in found:
            found[row["unit"]] = _no_answer(row, "审定等次", letters.get((row["file"], row["sheet"]), {}))
    return list(found.values())


def check_votes(rows: pd.DataFrame) -> list[Problem]:
    """Return the votes on a branch that are more than the head says were there; within a row it is told in reading."""
    counts = rows[rows["part"].isin(("head", "also")) & rows["value"].notna()]
    found = {(row["file"], row["unit"], row["rule"]): row for row in records(counts)}
    problems = []
    for (file, unit, label), row in found.items():
        most = found.get((file, unit, VOTERS.get(label, "")))
        if row["part"] == "also" and most and most["part"] == "head" and row["value"] > most["value"]:
            typed, limit = (plain(exact(int(each["value"]))) for each in (row, most))
            problems.append(_at(row, "W235", label, typed, other=most["rule"], most=limit))
    return problems


COMPOSITE = "综合得分"


def _stated(heading: str, text: str) -> object:
    """Return what a result tells that another of its round must not tell differently: a grade, a figure; else None."""
    if heading == COMPOSITE:
        return decimal_of(text)  # a figure that was withheld (未公开) contradicts none
    return text or None if heading in GRADE_HEADINGS else None


def results_once(entries: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Leave out what results of one round (上期结果, 下级结果) tell differently of a branch: a person decides."""
    results = entries[(entries["form"] == "result") & (entries["part"] == "also")]
    stated = [_stated(heading, text) for heading, text in zip(results["rule"], results["option"], strict=True)]
    told = results.assign(stated=pd.Series(stated, index=results.index, dtype=object)).dropna(subset="stated")
    key = ["round", "unit", "rule"]
    out = pd.Series(data=False, index=entries.index)
    problems = []
    for (round_name, unit, heading), group in told[told.duplicated(key, keep=False)].groupby(key, sort=False):
        if len(set(group["stated"])) > 1:
            first, *_, last = records(group)
            problems.append(_at(last, "E305", str(heading), last["option"], other=_place(first)))
            result = (entries["form"] == "result") & (entries["round"] == round_name) & (entries["unit"] == unit)
            out |= result
    return without(entries, out), problems
