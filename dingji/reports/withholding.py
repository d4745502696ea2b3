"""Withhold figures of too few ballots or raters from what leaves the office, and sums that would tell them.

The floors are config's `[privacy]`. A branch's own claim (自评) is nobody's secret; of a source that nests
others only the figure of all together is printed, so it is withheld when every part but 自评 is below the
floor. Where a source of a branch is withheld, 综合得分 would tell it by subtraction and 排名 would narrow it:
both are withheld too, as are the points in 主要问题 (they add up to what is missing from the full mark)
and, in 汇总表, the highest, lowest and mean figure of every group that holds the branch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from dingji.outcome import Outcome
from dingji.reports.checkcode import PREFIX, code_of
from dingji.reports.columns import Cell, ReportTable
from dingji.reports.foot import code_line
from dingji.reports.overview import SATISFACTION, SURVEY, overview, source_headings
from dingji.reports.summary import FIELDS, UNNAMED, summary
from dingji.scheme.model import Scheme, Source
from dingji.tables import records

WITHHELD: Final = "未公开"
CODE: Final = "党组织编码"
TOTALS: Final = frozenset({"综合得分", "排名"})
EXTREMES: Final = frozenset({"最高分", "最低分", "平均分"})
ISSUES: Final = "主要问题"
POINTS: Final = re.compile(r"（[\d.]+/[\d.]+）|\s*[失扣+−-]\d+(\.\d+)?分?")
MAIN_RATERS: Final = frozenset({"committee", "peer"})


@dataclass(frozen=True)
class Voices:
    """How many stand behind figures: ballots and raters by (branch, source), the fewest of any round."""

    ballots: Mapping[tuple[str, str], int]
    raters: Mapping[tuple[str, str], int]


def upward_overview(outcome: Outcome) -> ReportTable:
    """Return 一览表 as the superior gets it."""
    return withheld_overview(outcome, overview(outcome, "upward"))


def upward_summary(outcome: Outcome) -> list[ReportTable]:
    """Return 汇总表 as the superior gets it."""
    return withheld_summary(outcome, summary(outcome))


def withheld_overview(outcome: Outcome, table: ReportTable) -> ReportTable:
    """Return 一览表 with figures below a floor replaced by 未公开, its check code that of what it shows."""
    hidden = hidden_headings(outcome)
    place = table.headings.index(CODE)
    rows = [_cover(table.headings, row, hidden.get(str(row[place]), frozenset())) for row in table.rows]
    return _noted(outcome, [table], [rows])[0]


def withheld_summary(outcome: Outcome, tables: Sequence[ReportTable]) -> list[ReportTable]:
    """Return 汇总表 with the extremes and means that would tell a withheld 综合得分 replaced by 未公开."""
    hidden = {unit for unit, headings in hidden_headings(outcome).items() if TOTALS & headings}
    field = FIELDS[outcome.settings.summary.by]
    branches = records(outcome.branches)
    groups = {branch[field] or UNNAMED for branch in branches if branch["unit"] in hidden}
    return _noted(outcome, tables, [_cover_groups(table, groups) for table in tables])


def hidden_headings(outcome: Outcome) -> dict[str, frozenset[str]]:
    """Return, for each branch with a figure below a floor, the headings that are withheld.

    What a lower unit handed up it has handed out already: it withheld its own.
    """
    voices = count_voices(outcome)
    handed_up = set(outcome.trail.loc[outcome.trail["step"] == "lower", "unit"])
    hidden = {
        result["unit"]: _hidden_of(outcome, outcome.schemes[result["scheme"]], result, voices)
        for result in records(outcome.results)
        if result["unit"] not in handed_up
    }
    return {unit: headings for unit, headings in hidden.items() if headings}


def count_voices(outcome: Outcome) -> Voices:
    """Count valid ballots and distinct raters from the trail."""
    columns = ("unit", "source", "round", "step", "rater", "item", "figure")
    ballots: dict[tuple[str, str, str], int] = {}
    raters: dict[tuple[str, str, str], set[str]] = {}
    for unit, source, round_name, step, rater, item, figure in zip(
        *(outcome.trail[name].tolist() for name in columns), strict=True
    ):
        key = (unit, source, round_name)
        if figure is None:
            continue  # a mark left blank stands behind no figure
        if step == "ballots" and item == "有效":
            ballots[key] = ballots.get(key, 0) + int(figure)
        elif step in {"mark", "rule"} and rater:
            raters.setdefault(key, set()).add(rater)
    return Voices(_fewest(ballots.items()), _fewest((key, len(names)) for key, names in raters.items()))


def _fewest(counts: Iterable[tuple[tuple[str, str, str], int]]) -> dict[tuple[str, str], int]:
    fewest: dict[tuple[str, str], int] = {}
    for (unit, source, _), number in counts:
        fewest[unit, source] = min(number, fewest.get((unit, source), number))
    return fewest


def _hidden_of(outcome: Outcome, scheme: Scheme, result: Mapping[str, Any], voices: Voices) -> frozenset[str]:
    sources = scheme.sources_in(outcome.settings.round.name)
    thin = {source.name for source in sources if _is_thin(outcome, source, result["unit"], voices)}

    def below(source: Source) -> bool:
        parts = [part for part in sources if part.inside == source.name and part.main_form != "self"]
        return source.name in thin or (bool(parts) and all(below(part) for part in parts))

    top = source_headings(outcome, scheme)
    scored = {heading for heading, source in top.items() if result["scores"].get(source.name) is not None}
    headings = {heading for heading in scored if below(top[heading])}
    counting = {heading for heading in headings if _counts(top[heading], outcome.settings.round.name)}
    return frozenset(headings | (TOTALS if counting else set()) | _hidden_survey(sources, thin))


def _is_thin(outcome: Outcome, source: Source, unit: str, voices: Voices) -> bool:
    """Say whether fewer than the floor are known to stand behind a source's figure of a branch."""
    privacy = outcome.settings.privacy
    if source.main_form == "survey":
        return voices.ballots.get((unit, source.name), 0) < privacy.ballots
    return source.main_form in MAIN_RATERS and voices.raters.get((unit, source.name), 0) < privacy.raters


def _counts(source: Source, round_name: str) -> bool:
    """Say whether a source enters 综合得分; a weight of 0 shows it without counting."""
    return source.weight is None or source.weight_in(round_name) != 0


def _hidden_survey(sources: Sequence[Source], thin: set[str]) -> set[str]:
    surveys = [source for source in sources if source.main_form == "survey"]
    score = {SURVEY} if surveys and surveys[0].name in thin else set()
    shared = any(source.name in thin and SATISFACTION in source.shares for source in surveys)
    return score | ({SATISFACTION} if shared else set())


def _cover(headings: Sequence[str], row: list[Cell], hidden: frozenset[str]) -> list[Cell]:
    if not hidden:
        return row
    return [_covered(heading, cell, hidden) for heading, cell in zip(headings, row, strict=True)]


def _covered(heading: str, cell: Cell, hidden: frozenset[str]) -> Cell:
    if heading == ISSUES and hidden >= TOTALS:
        return POINTS.sub("", str(cell or ""))
    return WITHHELD if heading in hidden and cell is not None else cell


def _cover_groups(table: ReportTable, groups: set[str]) -> list[list[Cell]]:
    """Cover the rows of groups that hold a withheld branch, and the sums, which hold it too."""
    sums = len(table.rows) - table.totals
    holds = [bool(groups) and (number >= sums or row[0] in groups) for number, row in enumerate(table.rows)]
    return [
        _cover(table.headings, row, EXTREMES if held else frozenset())
        for row, held in zip(table.rows, holds, strict=True)
    ]


def _noted(outcome: Outcome, tables: Sequence[ReportTable], covered: Sequence[list[list[Cell]]]) -> list[ReportTable]:
    """Put covered rows into tables; say below the last why, and print the code of what is now shown."""
    new = [replace(table, rows=rows) for table, rows in zip(tables, covered, strict=True)]
    if all(table.rows == old.rows for table, old in zip(new, tables, strict=True)):
        return list(tables)
    code = code_line(code_of(new))
    notes = (_reason(outcome), *(code if line.startswith(PREFIX) else line for line in new[-1].notes))
    return [*new[:-1], replace(new[-1], notes=notes)]


def _reason(outcome: Outcome) -> str:
    privacy = outcome.settings.privacy
    few = f"有效票少于{privacy.ballots}张或评委少于{privacy.raters}人的数"
    return f"注：“{WITHHELD}”为{few}，以及由它可以推算的数，不对外列出。"
