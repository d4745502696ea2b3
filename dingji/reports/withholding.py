"""Withhold figures of too few ballots or raters from what leaves the office, and sums that would tell them.

The floors are config's `[privacy]`. A branch's own claim (自评) is nobody's secret; of a source that nests
others only the figure of all together is printed, so it is withheld when every part but 自评 is below the
floor. Where a source of a branch is withheld, 综合得分 would tell it by subtraction and 排名 would narrow it:
both are withheld too, as is in 主要问题 all but the names (points add up to what is missing from the full mark)
and, in 汇总表, the highest, lowest and mean figure of every group that holds the branch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any, Final

from dingji.outcome import Outcome
from dingji.reports.checkcode import PREFIX, code_of
from dingji.reports.columns import Cells, ReportTable
from dingji.reports.foot import code_line
from dingji.reports.issues import told
from dingji.reports.overview import SATISFACTION, SURVEY, overview, source_headings
from dingji.reports.summary import FIELDS, UNNAMED, summary
from dingji.reports.view import OutcomeView
from dingji.scheme.model import Scheme, Source
from dingji.scoring.trail import Steps

WITHHELD: Final = "未公开"
CODE: Final = "党组织编码"
TOTALS: Final = frozenset({"综合得分", "排名"})
EXTREMES: Final = frozenset({"最高分", "最低分", "平均分"})
ISSUES: Final = "主要问题"
MAIN_RATERS: Final = frozenset({"committee", "peer"})


@dataclass(frozen=True)
class Voices:
    """How many stand behind figures: ballots and raters by (branch, source), the fewest of any round."""

    ballots: Mapping[tuple[str, str], int]
    raters: Mapping[tuple[str, str], int]


Hidden = Mapping[str, frozenset[str]]
"""By branch the headings of what is withheld."""

Round = tuple[str, str, str]
"""Branch, source and round."""


@dataclass(frozen=True)
class Given:
    """What the superior gets: 一览表 and 汇总表, without what is withheld."""

    overview: ReportTable
    summary: Sequence[ReportTable]


def give(view: OutcomeView, hidden: Hidden) -> Given:
    """Return the superior's tables; `hidden` is what `hidden_headings` tells of the whole."""
    return Given(upward_overview(view, hidden), upward_summary(view, hidden))


def upward_overview(view: OutcomeView, hidden: Hidden) -> ReportTable:
    """Return 一览表 with figures below a floor replaced by 未公开, its check code that of what it shows."""
    table = overview(view, "upward")
    place = table.headings.index(CODE)
    covers = [hidden.get(str(unit), frozenset()) for unit in table.values[place]]
    return _bare(view, _noted(view.outcome, [table], [covers])[0], hidden)


def _bare(view: OutcomeView, table: ReportTable, hidden: Hidden) -> ReportTable:
    """Leave only names in 主要问题 of a branch of which a figure is withheld: points and facts would tell it."""
    units, place = table.values[table.headings.index(CODE)], table.headings.index(ISSUES)
    issues = [
        told(view.issues.of(view.results[unit]), bare=True) if unit in hidden else cell
        for unit, cell in zip(map(str, units), table.values[place], strict=True)
    ]
    return replace(table, values=(*table.values[:place], issues, *table.values[place + 1 :]))


def upward_summary(view: OutcomeView, hidden: Hidden) -> list[ReportTable]:
    """Return 汇总表 with the extremes and means that would tell a withheld 综合得分 replaced by 未公开."""
    field = FIELDS[view.outcome.settings.summary.by]
    units = {unit for unit, headings in hidden.items() if TOTALS & headings}
    groups = {branch[field] or UNNAMED for branch in view.branches if branch["unit"] in units}
    tables = summary(view)
    return _noted(view.outcome, tables, [_covers(table, groups) for table in tables])


def hidden_headings(view: OutcomeView) -> dict[str, frozenset[str]]:
    """Return, for each branch with a figure below a floor, the headings that are withheld.

    What a lower unit handed up it has handed out already: it withheld its own.
    """
    outcome, voices = view.outcome, count_voices(view)
    handed_up = set(view.listed({"lower"}).unit)
    hidden = {
        unit: _hidden_of(outcome, outcome.schemes[result["scheme"]], result, voices)
        for unit, result in view.results.items()
        if unit not in handed_up
    }
    return {unit: headings for unit, headings in hidden.items() if headings}


def count_voices(view: OutcomeView) -> Voices:
    """Count valid ballots and distinct raters from the trail; a mark left blank stands behind no figure."""
    counted = view.listed({"ballots"}, quiet={"ballots"})
    ballots: Counter[Round] = Counter()
    rows = zip(counted.unit, counted.source, counted.round, counted.item, counted.figure, strict=True)
    for unit, source, round_name, item, figure in rows:
        if item == "有效" and figure is not None:
            ballots[unit, source, round_name] += int(figure)
    spoken = {*_spoken(view.marks), *_spoken(view.listed({"rule"}, quiet={"rule"}))}
    raters = Counter((unit, source, round_name) for unit, source, round_name, rater in spoken if rater)
    return Voices(_fewest(ballots.items()), _fewest(raters.items()))


def _spoken(steps: Steps) -> Iterator[tuple[str, str, str, str]]:
    """Yield branch, source, round and rater of every figure."""
    voices = zip(steps.unit, steps.source, steps.round, steps.rater, strict=True)
    return compress(voices, (figure is not None for figure in steps.figure))


def _fewest(counts: Iterable[tuple[Round, int]]) -> dict[tuple[str, str], int]:
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


def _covers(table: ReportTable, groups: set[str]) -> list[frozenset[str]]:
    """Return what is covered in the rows of groups that hold a withheld branch, and in the sums, which hold it too."""
    sums = len(table) - table.totals
    names = table.values[0]
    return [
        EXTREMES if groups and (number >= sums or name in groups) else frozenset() for number, name in enumerate(names)
    ]


def _noted(
    outcome: Outcome, tables: Sequence[ReportTable], covers: Sequence[Sequence[frozenset[str]]]
) -> list[ReportTable]:
    """Cover what the rows hide; say below the last table why, and print the code of what is now shown."""
    new = [_covered(table, rows) if any(rows) else table for table, rows in zip(tables, covers, strict=True)]
    if all(table.values == old.values for table, old in zip(new, tables, strict=True)):
        return list(tables)
    code = code_line(code_of(new))
    notes = (_reason(outcome), *(code if line.startswith(PREFIX) else line for line in new[-1].notes))
    return [*new[:-1], replace(new[-1], notes=notes)]


def _covered(table: ReportTable, covers: Sequence[frozenset[str]]) -> ReportTable:
    columns = zip(table.headings, table.values, strict=True)
    return replace(table, values=tuple(_cover(heading, cells, covers) for heading, cells in columns))


def _cover(heading: str, cells: Cells, covers: Sequence[frozenset[str]]) -> Cells:
    pairs = list(zip(cells, covers, strict=True))
    return [WITHHELD if heading in hidden and cell is not None else cell for cell, hidden in pairs]


def _reason(outcome: Outcome) -> str:
    privacy = outcome.settings.privacy
    few = f"有效票少于{privacy.ballots}张或评委少于{privacy.raters}人的数"
    return f"注：“{WITHHELD}”为{few}，以及由它可以推算的数，不对外列出。"
