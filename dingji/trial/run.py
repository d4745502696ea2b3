"""One branch through the program: forms written, read, taken in and scored as in any run; and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from dingji.forms.write import write_form
from dingji.numbers import plain
from dingji.outcome import Outcome
from dingji.pipeline import grade
from dingji.prepare import Prepared
from dingji.problems import describe, level_of
from dingji.read.reading import FileReading, read_file
from dingji.round_days import Round, RoundDays
from dingji.scheme.model import Scheme
from dingji.settings import Settings, StandardChoice
from dingji.tables import records
from dingji.trial.papers import UNIT, YEAR, Filled, papers

NOT_GRADED: Final = "未定级"
YES, NO = "是", "否"


def marked(source: str, key: str) -> str:
    """Return how a source's mark of an indicator or an item is called."""
    return f"{source}.第{key}项" if key.isdigit() else f"{source}.{key}"


def settings_of(scheme: Scheme, round_name: str) -> Settings:
    """Return settings under which the rounds of a year follow each other, each as long as the others."""
    names = list(scheme.rounds) or [round_name]
    first, length = date(YEAR, 1, 1), 365 // len(names)
    days = []
    for place, name in enumerate(names):
        begins = first + timedelta(days=place * length)
        ends = date(YEAR, 12, 31) if place == len(names) - 1 else begins + timedelta(days=length - 1)
        days.append(RoundDays(round=name, begins=begins.isoformat(), ends=ends.isoformat()))
    standard = StandardChoice(default=scheme.id)
    return Settings(round=Round(year=YEAR, name=round_name), calendar=days, standard=standard)


@dataclass(frozen=True)
class Trial:
    """What came of one branch's figures."""

    scheme: Scheme
    outcome: Outcome

    @property
    def result(self) -> Mapping[str, Any]:
        """Return the branch's row of `tables.RESULTS`."""
        return next(row for row in records(self.outcome.results) if row["unit"] == UNIT)

    @property
    def grade(self) -> str:
        """Return the grade, or what stands in its place."""
        return str(self.result["computed"]) or NOT_GRADED

    def figures(self) -> dict[str, Fraction | str | None]:
        """Return everything that an example may expect, by name; a figure that is missing is None."""
        result, scheme = self.result, self.scheme
        found: dict[str, Fraction | str | None] = {"综合得分": result["composite"]}
        if scheme.grades:
            found = {"等次": self.grade, **found}
        found |= self._marks()
        found |= {name: share for name, share in result["shares"].items() if share is not None}
        found |= {"测评得分": result["survey"]} if result["survey"] is not None else {}
        found |= {"加分": result["bonus"]} if scheme.bonuses else {}
        held = "、".join(result["situations"])
        found |= {one.name: YES if one.name in held else NO for one in scheme.situations if not one.flag}
        return found | ({"标注": "、".join(result["flags"])} if result["flags"] else {"标注": ""})

    def _marks(self) -> dict[str, Fraction | None]:
        """Return the figures of sources, and those that they give to indicators and items, of the last round."""
        kinds = ("mark", "combined", "source")  # a mark of one voice, what several came to, and the source's
        steps = self.outcome.trail.listed(kinds, [UNIT])
        told = zip(steps.step, steps.source, steps.item, steps.figure, strict=True)
        found: dict[str, Fraction | None] = dict(self.result["scores"])
        for step, source, item, figure in sorted(told, key=lambda one: kinds.index(one[0])):
            found[source if step == "source" else marked(source, item)] = figure
        found.update(self.result["scores"])
        return found

    def points(self) -> dict[tuple[str, str, str], Fraction | None]:
        """Return by round, place and rule the points that it gave, those of the first rater."""
        steps = self.outcome.trail.listed({"rule"}, [UNIT])
        found: dict[tuple[str, str, str], Fraction | None] = {}
        for name, source, item, figure in zip(steps.round, steps.source, steps.item, steps.figure, strict=True):
            found.setdefault((name, source, item), figure)
        return found

    def said(self) -> list[str]:
        """Return what the run would tell a person about these figures, and why there is no grade."""
        told = [describe(one).text for one in self.outcome.problems if level_of(one) != "note"]
        return [*dict.fromkeys(told), *(f"{NOT_GRADED}：{why}" for why in self.result["missing"])]


def tried(scheme: Scheme, round_name: str, typed: Mapping[str, Filled]) -> Trial:
    """Put one branch's figures through the program; quotas on a grade and draws need other branches, and are left out.

    Whoever rates it is given, drawn or not.
    """
    sources = [source.model_copy(update={"rates": 0, "seed": None}) for source in scheme.sources]
    quotas = [quota for quota in scheme.quotas if not quota.grade]
    alone = scheme.model_copy(update={"quotas": quotas, "sources": sources})
    prepared = Prepared(settings_of(alone, round_name), {alone.id: alone}, ())
    day = prepared.settings.days_of(round_name).last_day or date(YEAR, 12, 31)
    with TemporaryDirectory() as folder:
        readings = [*_readings(Path(folder), prepared, papers(alone, typed, round_name, day))]
    return Trial(alone, grade(prepared, readings))


def _readings(folder: Path, prepared: Prepared, written: Iterator[Any]) -> Iterator[FileReading]:
    plan = prepared.plan
    for number, (form, filling) in enumerate(written):
        path = folder / f"{number}.xlsx"
        path.write_bytes(write_form(form, filling))
        yield read_file(path, f"{form.title}{filling.who}.xlsx", plan)


def shown(value: Fraction | str | None) -> str:
    """Return a figure as printed."""
    return "没有得出" if value is None else value if isinstance(value, str) else plain(value)
