"""反馈: one page a branch, of what concerns it alone; and 限期整改通知书 for the grades that a standard says get it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from dingji.naming import safe_name, unique
from dingji.numbers import fixed, half_up, plain
from dingji.reports.answer import IndicatorFigure, answers
from dingji.reports.columns import NOTHING
from dingji.reports.foot import of_work
from dingji.reports.issues import Issue, issue_words, shown
from dingji.reports.ledger_sheet import problem_texts
from dingji.reports.official.closed import closed_sources
from dingji.reports.official.common import common, paper_date, whole_round
from dingji.reports.official.conclusion import Told, conclusion, deciding_situation
from dingji.reports.official.mending import Mend, printed_rows, told_lines
from dingji.reports.official.receipts import receipts
from dingji.reports.overview import SATISFACTION, SURVEY, source_headings, upward_heading
from dingji.reports.rendering import Renderer
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import COMPOSITE, WITHHELD, Given, Hidden, why_withheld, without
from dingji.scheme.model import Scheme

FEEDBACK, LETTER = "反馈", "限期整改通知书"
STEM: Final = 74
"""Bytes that a name may have without its ending."""
PLACES: Final = 2
BEYOND_SOURCES: Final = (SATISFACTION, SURVEY, "加分", COMPOSITE)
Context = dict[str, Any]


@dataclass(frozen=True)
class Pages:
    """Makes the fields of each branch's papers; what all of them need is made once."""

    view: OutcomeView
    given: Given
    hidden: Hidden

    @cached_property
    def common(self) -> Context:
        """Return the fields that all have."""
        return common(self.view.outcome)

    @property
    def units(self) -> list[str]:
        """Return the branches that have papers, in roster order."""
        return [branch["unit"] for branch in self.view.branches if branch["unit"] in self.view.results]

    @cached_property
    def rows(self) -> dict[str, dict[str, str]]:
        """Return the rows of the superior's 一览表 as printed, by branch and heading."""
        table = self.given.overview
        listed = (dict(zip(table.headings, row, strict=True)) for row in table.texts())
        return {row["党组织编码"]: row for row in listed}

    @cached_property
    def closed(self) -> dict[str, frozenset[str]]:
        """Return whose indicators are not told, by branch."""
        return closed_sources(self.view)

    @cached_property
    def receipts(self) -> dict[str, str]:
        """Return what each branch's own form said."""
        return receipts(self.view)

    @cached_property
    def headings(self) -> dict[str, frozenset[str]]:
        """Return the columns of figures, by standard."""
        outcome = self.view.outcome
        schemes = outcome.schemes.values()
        return {one.id: frozenset((*source_headings(outcome, one), *BEYOND_SOURCES)) for one in schemes}

    def told(self, unit: str) -> Told:
        """Return what may be told of a branch."""
        withheld, result = self.hidden.get(unit), self.view.results[unit]
        heading, closed = upward_heading(self.view.outcome), self.closed.get(unit, frozenset())
        given = without(self.view, result, withheld)
        return Told(self.view.once(answers)[unit], given, self.rows[unit], heading, withheld, closed)

    def context(self, unit: str) -> Context:
        """Return the fields of a branch's 反馈."""
        told, outcome = self.told(unit), self.view.outcome
        scores = {name: text for name, text in told.row.items() if name in self.headings[told.result["scheme"]]}
        scores = {name: text for name, text in scores.items() if text not in ("", NOTHING)} or {COMPOSITE: NOTHING}
        return {
            **self.common,
            "标题": whole_round(f"{of_work(outcome, '') or '分类定级'}情况反馈（{outcome.settings.round.label}）"),
            "主送": self.view.name(unit),
            "结论": conclusion(told),
            "得分": {"栏目": list(scores), "各行": [list(scores.values())]},
            "指标": list(self._indicators(told)),
            "附注": [] if told.open else [why_withheld(outcome)],
            "主要问题": self._issues(unit, told),
            "要求": "" if told.grade == WITHHELD else told.result["follow_up"],
            "回执": self.receipts.get(unit, ""),
        }

    def _indicators(self, told: Told) -> Iterator[Mapping[str, str]]:
        """Yield the indicators of the last round; where not all may be told, what the branch claimed itself alone."""
        scheme = self.view.outcome.schemes[told.result["scheme"]]
        own = {source.name for source in scheme.sources if source.main_form == "self"}
        last = told.answer.indicators[-1].round if told.answer.indicators else ""
        for one in told.answer.indicators:
            if one.round == last:
                given = [(name, figure) for name, figure in one.sources if told.open or name in own]
                if told.open or given:
                    yield _indicator(one, given, told=told.open)

    def _issues(self, unit: str, told: Told) -> str:
        """Return 主要问题 as in 一览表; only what they are called where not every figure may be told."""
        if not told.closed:
            return told.row.get("主要问题", "").replace(NOTHING, "")
        kept = shown(self.view.issues.of(self.view.results[unit]), told.result["issues"])
        return issue_words([Issue(issue.indicator, None, issue.full) for issue in kept])

    # --- 整改台账 -------------------------------------------------------------------------------------------

    @cached_property
    def _problems(self) -> dict[str, str]:
        return problem_texts(self.view)

    def branch(self, unit: str) -> Mapping[str, Any]:
        """Return a branch's row of the roster."""
        return self.view.branches[self.view.position(unit)]

    def mending(self, unit: str) -> list[Mend]:
        """Return what a branch is to mend, as it may be told."""
        return told_lines(self.view, unit, self.told(unit), self._problems)

    def mending_rows(self, unit: str) -> list[Mapping[str, str]]:
        """Return the same as papers print it."""
        return printed_rows(self.mending(unit))

    # --- 限期整改通知书 --------------------------------------------------------------------------------------

    def is_rectified(self, unit: str) -> bool:
        """Say whether a branch's grade, as it may be told, is one that gets the letter."""
        told = self.told(unit)
        return told.grade in self.view.outcome.schemes[told.result["scheme"]].rectified

    def letter(self, unit: str) -> Context:
        """Return the fields of a branch's 限期整改通知书."""
        told, outcome = self.told(unit), self.view.outcome
        scheme: Scheme = outcome.schemes[told.result["scheme"]]
        return {
            **self.common,
            "程序": [scheme.procedure] if scheme.procedure else [],
            "标题": LETTER,
            "主送": self.view.name(unit),
            "等次": told.grade,
            "主要问题": self._issues(unit, told),
            "情形": deciding_situation(told),
            "要求": told.result["follow_up"],
            "整改期限": paper_date(outcome.settings.publish.rectify_by),
            "台账": self.mending_rows(unit),
            "走访": next((grade.visits for grade in scheme.grades if grade.name == told.grade), ""),
        }


def _indicator(one: IndicatorFigure, given: Sequence[tuple[str, Fraction | None]], *, told: bool) -> Mapping[str, str]:
    full = None if one.full is None else Fraction(one.full)
    lost = None if full is None or one.figure is None else full - half_up(one.figure, PLACES)
    return {
        "指标": one.name,
        "满分": NOTHING if full is None else plain(full),
        "得分": _shown(one.figure) if told else WITHHELD,
        "失分": _shown(lost) if told else WITHHELD,
        "各方": "，".join(f"{name} {_shown(figure)}" for name, figure in given),
    }


def _shown(figure: Fraction | None) -> str:
    return NOTHING if figure is None else fixed(figure, PLACES)


def stem_of(unit: str, name: str, paper: str = "") -> str:
    """Return how a branch's own paper is called, without ending; `paper` is "" for 反馈 itself."""
    return safe_name("_".join(part for part in (paper, unit, name) if part), STEM)


def feedback(pages: Pages, renderer: Renderer) -> dict[str, bytes]:
    """Return each branch's papers by path below output/."""
    units = pages.units
    letters = [unit for unit in units if pages.is_rectified(unit)]
    names = [stem_of(unit, pages.view.name(unit)) for unit in units]
    warned = [stem_of(unit, pages.view.name(unit), LETTER) for unit in letters]
    stems = unique([*names, *warned], STEM)
    made = [renderer.render_word(f"{FEEDBACK}.docx", pages.context(unit)) for unit in units]
    made += [renderer.render_word(f"{LETTER}.docx", pages.letter(unit)) for unit in letters]
    return {f"{FEEDBACK}/{stem}.docx": raw for stem, raw in zip(stems, made, strict=True)}
