"""Withhold figures of too few ballots or raters from what leaves the office, and whatever was made of them.

The floors are config's `[privacy]`; of raters those count whose marks remain after trimming. A branch's own claim
(自评) is nobody's secret; of a source that nests others only the figure of all together is printed, so it is withheld
when every part but 自评 is. What read a withheld figure goes with it: other sources, situations, flags, ranks, the
points in 主要问题. 综合得分 and 拟定等次 are what the superior must have: they are withheld only where config says so,
and then the ranks of all, between which a missing one would show, and in 汇总表 the highest, lowest and mean figure of
every group that holds the branch. Where 综合得分 is printed, one withheld source could be told by subtraction: another
goes with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress, repeat
from typing import Any, Final

import numpy as np

from dingji.checkcode import DECIDED, PREFIX, PROPOSED, code_of
from dingji.outcome import Outcome
from dingji.reports.columns import Cells, ReportTable, without_empty
from dingji.reports.foot import code_line
from dingji.reports.made_of import Made, counts, made_of
from dingji.reports.overview import (
    ALWAYS,
    SATISFACTION,
    SURVEY,
    noted,
    part_of,
    source_headings,
    whole_overview,
)
from dingji.reports.summary import FIELDS, UNNAMED, summary
from dingji.reports.view import OutcomeView
from dingji.scheme.model import Scheme, Source
from dingji.scoring.trail import Step

WITHHELD: Final = "未公开"
REASON_SIGN: Final = "注："
"""How every remark on the figures of a table begins."""
CODE: Final = "党组织编码"
COMPOSITE: Final = "综合得分"
PLACE: Final = "排名"
GRADES: Final = frozenset({PROPOSED, DECIDED, "晋位情况"})
EXTREMES: Final = frozenset({"最高分", "最低分", "平均分"})
SPOKEN: Final = frozenset({"mark", "rule"})
"""Steps that are a rater's own word."""
MAIN_RATERS: Final = frozenset({"committee", "peer"})


@dataclass(frozen=True)
class Voices:
    """How many stand behind figures: ballots and raters by (branch, source), the fewest of any round."""

    ballots: Mapping[tuple[str, str], int]
    raters: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Withheld:
    """What is withheld of a branch: the headings of figures, and what was made of them."""

    headings: frozenset[str]
    made: Made


Hidden = Mapping[str, Withheld]
"""By branch what is withheld."""

Round = tuple[str, str, str]
"""Branch, source and round."""


@dataclass(frozen=True)
class Given:
    """What the superior gets: 一览表 and 汇总表, without what is withheld."""

    overview: ReportTable
    summary: Sequence[ReportTable]


def give(view: OutcomeView, hidden: Hidden) -> Given:
    """Return the superior's tables; `hidden` is what `hidden_headings` tells of the whole."""
    return given_of(view, hidden, uncut_overview(view, hidden))


def given_of(view: OutcomeView, hidden: Hidden, uncut: ReportTable) -> Given:
    """Return the tables of the whole or of a part; `uncut` is what `uncut_overview` gives of the whole."""
    table = part_of(uncut, view) if view.whole else uncut
    return Given(
        _upward_overview(view, hidden, noted(view.outcome, without_empty(table, ALWAYS))), upward_summary(view, hidden)
    )


def uncut_overview(view: OutcomeView, hidden: Hidden) -> ReportTable:
    """Return 一览表 with every column, without what would tell what is withheld; its figures are covered later."""
    return whole_overview(view, "upward", lambda result: without(view, result, hidden.get(result["unit"])))


def _upward_overview(view: OutcomeView, hidden: Hidden, table: ReportTable) -> ReportTable:
    """Return 一览表 with figures below a floor replaced by 未公开, its check code that of what it shows."""
    units, schemes = (
        table.values[table.headings.index(CODE)],
        {unit: row["scheme"] for unit, row in view.results.items()},
    )
    gaps = {schemes[unit] for unit, each in hidden.items() if COMPOSITE in each.headings}
    covers = [_headings(hidden, str(unit), gap=schemes[str(unit)] in gaps) for unit in units]
    return _noted(view.outcome, [table], [covers])[0]


def _headings(hidden: Hidden, unit: str, *, gap: bool) -> frozenset[str]:
    """Return the headings that are covered in a branch's row: 排名, too, where a composite of its standard is."""
    own = hidden[unit].headings if unit in hidden else frozenset()
    return own | {PLACE} if gap else own


def without(view: OutcomeView, result: Mapping[str, Any], withheld: Withheld | None) -> Mapping[str, Any]:
    """Return a result without the situations, flags and problems that would tell what is withheld.

    未公开 stands for those that hold and those that do not alike.
    """
    if withheld is None:
        return result
    scheme, made = view.outcome.schemes[result["scheme"]], withheld.made
    situations = [name for name in result["situations"] if not _is_one_of(name, made.situations)]
    issues = [issue for issue in result["issues"] if issue[0] not in made.fed]
    counting = any(heading in withheld.headings for heading in source_headings(view.outcome, scheme))
    return {
        **result,
        "lowered": "" if COMPOSITE in withheld.headings else result["lowered"],
        "situations": (*situations, *_stands_for(made.situations)),
        "overruled": "" if made.situations else result["overruled"],
        "flags": (*(flag for flag in result["flags"] if flag not in made.flags), *_stands_for(made.flags)),
        "issues": tuple((name, None if counting else figure, full) for name, figure, full in issues),
    }


def _stands_for(names: Collection[str]) -> tuple[str, ...]:
    return (WITHHELD,) if names else ()


def _is_one_of(printed: str, situations: Collection[str]) -> bool:
    """Say whether a situation is one of these, whatever stands in brackets behind its name."""
    return any(printed == name or printed.startswith(f"{name}（") for name in situations)


def upward_summary(view: OutcomeView, hidden: Hidden) -> list[ReportTable]:
    """Return 汇总表 with the extremes and means that would tell a withheld 综合得分 replaced by 未公开."""
    field = FIELDS[view.outcome.settings.summary.by]
    units = {unit for unit, each in hidden.items() if COMPOSITE in each.headings}
    groups = {branch[field] or UNNAMED for branch in view.branches if branch["unit"] in units}
    tables = summary(view)
    return _noted(view.outcome, tables, [_covers(table, groups) for table in tables])


def hidden_headings(view: OutcomeView) -> dict[str, Withheld]:
    """Return, for each branch with a figure below a floor, what is withheld.

    What a lower unit handed up it has handed out already: it withheld its own.
    """
    outcome, voices = view.outcome, count_voices(view)
    handed_up = set(view.listed({"lower"}).unit)
    known: dict[tuple[str, frozenset[str]], Made] = {}
    hidden: dict[str, Withheld] = {}
    given = {flag for result in view.results.values() for flag in result["flags"]}
    for unit, result in view.results.items():
        scheme = outcome.schemes[result["scheme"]]
        thin = thin_sources(outcome, scheme, unit, voices) if unit not in handed_up else frozenset()
        if thin:
            made = known.get((scheme.id, thin)) or _made(outcome, scheme, thin, given)
            known[scheme.id, thin] = made
            headings = _hidden_of(outcome, scheme, result, thin, made)
            hidden |= {unit: Withheld(headings, made)} if headings else {}
    return hidden


def thin_sources(outcome: Outcome, scheme: Scheme, unit: str, voices: Voices) -> frozenset[str]:
    """Return the sources whose figures of a branch come from fewer than the floor."""
    sources = scheme.sources_in(outcome.settings.round.name)
    return frozenset(source.name for source in sources if _is_thin(outcome, source, unit, voices))


def _made(outcome: Outcome, scheme: Scheme, thin: frozenset[str], given: Collection[str]) -> Made:
    return made_of(scheme, outcome.settings.round.name, thin, given, totals=outcome.settings.privacy.composite)


def count_voices(view: OutcomeView) -> Voices:
    """Count valid ballots and distinct raters from the trail; a mark left blank stands behind no figure."""
    counted = view.listed({"ballots"}, quiet={"ballots"})
    ballots: Counter[Round] = Counter()
    rows = zip(counted.unit, counted.source, counted.round, counted.item, counted.figure, strict=True)
    for unit, source, round_name, item, figure in rows:
        if item == "有效" and figure is not None:
            ballots[unit, source, round_name] += int(figure)
    units = view.outcome.trail.units
    spoken = {voice for step in view.outcome.trail.steps if step.step in SPOKEN for voice in _spoken(step)}
    raters = Counter((units[branch], source, round_name) for branch, source, round_name, rater in spoken if rater)
    return Voices(_fewest(ballots.items()), _fewest(raters.items()))


def _spoken(step: Step) -> Iterator[tuple[int, str, str, str]]:
    """Yield branch, source, round and rater of every figure of a step."""
    known = step.figure.known[step.rows] if step.figure else np.zeros(len(step.rows), bool)
    voices = zip(step.branches.tolist(), repeat(step.source), repeat(step.round), step.raters, strict=False)
    return compress(voices, known.tolist())


def _fewest(counts: Iterable[tuple[Round, int]]) -> dict[tuple[str, str], int]:
    fewest: dict[tuple[str, str], int] = {}
    for (unit, source, _), number in counts:
        fewest[unit, source] = min(number, fewest.get((unit, source), number))
    return fewest


def _hidden_of(
    outcome: Outcome, scheme: Scheme, result: Mapping[str, Any], thin: frozenset[str], made: Made
) -> frozenset[str]:
    round_name, privacy = outcome.settings.round.name, outcome.settings.privacy
    sources = scheme.sources_in(round_name)

    def below(source: Source) -> bool:
        parts = [part for part in sources if part.inside == source.name and part.main_form != "self"]
        return all(below(part) for part in parts) if parts else source.name in made.sources

    top = source_headings(outcome, scheme)
    scored = [heading for heading, source in top.items() if result["scores"].get(source.name) is not None]
    headings = {heading for heading in scored if below(top[heading])}
    counting = [heading for heading in scored if counts(top[heading], round_name)]
    if headings.isdisjoint(counting):
        return frozenset(headings | _hidden_survey(sources, thin))
    shown = [heading for heading in counting if heading not in headings]
    if not privacy.composite and len(shown) == len(counting) - 1:
        headings |= _by_subtraction([(heading, top[heading]) for heading in shown])
    totals = {COMPOSITE} if privacy.composite else set()
    grades = GRADES if privacy.grade else frozenset()
    return frozenset(headings | {PLACE} | totals | grades | _hidden_survey(sources, thin))


def _by_subtraction(shown: Sequence[tuple[str, Source]]) -> set[str]:
    """Return what goes with the one withheld source, which else could be told: another, not 自评 where it can be."""
    others = [pair for pair in shown if pair[1].main_form != "self"] or shown
    if not others:
        return set()
    heading, source = others[-1]
    return {heading, SURVEY} if source.main_form == "survey" else {heading}


def _is_thin(outcome: Outcome, source: Source, unit: str, voices: Voices) -> bool:
    """Say whether fewer than the floor are known to stand behind a source's figure of a branch."""
    privacy = outcome.settings.privacy
    if source.main_form == "survey":
        return voices.ballots.get((unit, source.name), 0) < privacy.ballots
    raters = voices.raters.get((unit, source.name), 0)
    return source.main_form in MAIN_RATERS and remaining(source, raters) < privacy.raters


def remaining(source: Source, raters: int) -> int:
    """Return of how many raters the marks remain after the highest and lowest were taken away."""
    least = 2 * source.trim + 1 if source.trim_from is None else source.trim_from
    return max(raters - 2 * source.trim, 0) if source.trim and raters >= least else raters


def _hidden_survey(sources: Sequence[Source], thin: Collection[str]) -> set[str]:
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
    if not any(isinstance(cell, str) and WITHHELD in cell for table in new for cells in table.values for cell in cells):
        return list(tables)
    code = code_line(code_of(new))
    notes = (why_withheld(outcome), *(code if line.startswith(PREFIX) else line for line in new[-1].notes))
    return [*new[:-1], replace(new[-1], notes=notes)]


def _covered(table: ReportTable, covers: Sequence[frozenset[str]]) -> ReportTable:
    columns = zip(table.headings, table.values, strict=True)
    return replace(table, values=tuple(_cover(heading, cells, covers) for heading, cells in columns))


def _cover(heading: str, cells: Cells, covers: Sequence[frozenset[str]]) -> Cells:
    if not any(heading in hidden for hidden in covers):
        return cells
    pairs = zip(cells, covers, strict=True)
    return [WITHHELD if heading in hidden and cell is not None else cell for cell, hidden in pairs]


def why_withheld(outcome: Outcome) -> str:
    """Say below a table what 未公开 stands for."""
    privacy = outcome.settings.privacy
    few = f"有效票少于{privacy.ballots}张或评委少于{privacy.raters}人的数"
    return f"{REASON_SIGN}“{WITHHELD}”为{few}，以及由它可以推算的数，不对外列出。"
