"""Hand-in: which branch handed in what, and when by 收件登记; 迟报 and 未报 as names that conditions read.

Hand-in time comes only from 收件登记, never from a file's date. By when a form is due stands in config's calendar.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dingji.comparing import normal, suggestion
from dingji.problems import Problem
from dingji.read.rows import Letters, beside
from dingji.scheme.conditions import Value
from dingji.scheme.lint_conditions import names_read
from dingji.scheme.model import Scheme
from dingji.scheme.names import FORMS, LATE, SOURCE_FORMS, UNREPORTED
from dingji.settings import Settings
from dingji.tables import records, texts_of

TITLES: Mapping[str, str] = {**SOURCE_FORMS, "situation": "情形申报", "bonus": "加分申报"}
"""How 收件登记 calls the forms that it lists, by kind."""

Key = tuple[str, str, str]
"""Round, title of the form, branch."""

ByRound = Mapping[str, Mapping[str, Mapping[str, Value]]]
"""Round → name (自评表.迟报) → branch → value; a branch that is not there is missing."""


def handed_in(entries: pd.DataFrame) -> set[Key]:
    """Return what each branch handed in; 情形申报, which is printed with every row, only where one is answered."""
    rows = entries[entries["form"].isin([*TITLES]) & ((entries["form"] != "situation") | (entries["option"] != ""))]
    peer = rows["form"] == "peer"  # of 互评表 the rater is the branch
    owners = ((rows[~peer], "unit"), (rows[peer], "rater"))
    told = [own[["round", "form", owner]].drop_duplicates() for own, owner in owners]  # a survey has a row an answer
    keys = [key for own in told for key in zip(*(texts_of(own[name]) for name in own), strict=True)]
    return {(round_name, TITLES[form], owner) for round_name, form, owner in keys}


def receipts(
    entries: pd.DataFrame, letters: Mapping[tuple[str, str], Letters]
) -> tuple[dict[Key, Mapping[str, Any]], list[Problem]]:
    """Return the earliest row of 收件登记 by form and branch: what comes again, mended, was in time if it first was."""
    titles = {normal(title): title for title in FORMS}
    found: dict[Key, Mapping[str, Any]] = {}
    problems: list[Problem] = []
    for row in records(entries[(entries["form"] == "receipt") & (entries["part"] == "record")]):
        title = titles.get(normal(row["rule"]), "")
        if not title or not row["date"]:
            problems += _incomplete(row, title, letters.get((row["file"], row["sheet"]), {}))
            continue
        key = (row["round"], title, row["unit"])
        if key not in found or row["date"] < found[key]["date"]:
            found[key] = row
    return found, problems


def _incomplete(row: Mapping[str, Any], title: str, letters: Letters) -> Iterator[Problem]:
    """Yield what is wrong with a row that names no known form, or no day; a day not to be understood was told."""
    field, label = ("date", "收到时间") if title else ("rule", "表类")
    place = (row["file"], row["sheet"], beside(str(row["cell"]).split(" ")[0], field, letters))
    if title and row["state"] == "typed":
        yield Problem("E229", *place, subject=label, unit=row["unit"], values={"what": label})
    elif not title and row["rule"]:
        values = {"what": "表类", "suggestion": suggestion(row["rule"], FORMS)}
        yield Problem("E212", *place, subject=label, found=row["rule"], unit=row["unit"], values=values)
    elif not title:
        yield Problem("E229", *place, subject=label, unit=row["unit"], values={"what": label})


@dataclass(frozen=True)
class HandIn:
    """What is known of the hand-in of all branches."""

    handed: set[Key]
    received: Mapping[Key, Mapping[str, Any]]
    settings: Settings

    def values(self, scheme: Scheme, units: Sequence[str]) -> ByRound:
        """Return 迟报 and 未报 of the forms whose names the standard reads, by round."""
        read = forms_read(scheme)
        found: dict[str, dict[str, dict[str, Value]]] = {}
        for name, _ in scheme.rounds_taken(self.settings.round.name):
            late = {f"{title}{LATE}": self._late(name, title, units) for title in read[LATE]}
            absent: dict[str, dict[str, Value]] = {
                f"{title}{UNREPORTED}": {unit: (name, title, unit) not in self.handed for unit in units}
                for title in read[UNREPORTED]
            }
            found[name] = {**late, **absent}
        return found

    def _late(self, round_name: str, title: str, units: Sequence[str]) -> dict[str, Value]:
        """Return whether each branch was late; nothing of who is not registered or has no day to keep.

        What never came is 未报, and not late beside.
        """
        due = self.settings.days_of(round_name).due_by(title)
        keys = {unit: (round_name, title, unit) for unit in units}
        days = {unit: self.received[key]["date"] for unit, key in keys.items() if key in self.received}
        absent: dict[str, Value] = {unit: False for unit, key in keys.items() if key not in self.handed}
        return absent | {unit: day > due for unit, day in days.items() if due}

    def problems(self, scheme: Scheme, units: Sequence[str]) -> Iterator[Problem]:
        """Yield who was late, and what is wanting for the standard to tell who was."""
        own = set(units)
        for (round_name, title, unit), row in self.received.items():
            due = self.settings.days_of(round_name).due_by(title)
            if unit in own and due and row["date"] > due:
                place = (row["file"], row["sheet"], row["cell"].split(" ")[0])
                yield Problem("W317", *place, subject=title, found=row["date"], unit=unit, values={"due": due})
        for round_name, _ in scheme.rounds_taken(self.settings.round.name):
            for title in forms_read(scheme)[LATE]:
                yield from self._unknown(round_name, title, units)

    def _unknown(self, round_name: str, title: str, units: Sequence[str]) -> Iterator[Problem]:
        if not self.settings.days_of(round_name).due_by(title):
            yield Problem("E315", subject=title, values={"form": title, "round": round_name})
            return
        here = [unit for unit in units if (round_name, title, unit) in self.handed]
        wanting = [unit for unit in here if (round_name, title, unit) not in self.received]
        if wanting and len(wanting) == len(here):  # nobody is registered: one line says it
            yield Problem("E316", subject=title, values={"form": title, "who": ""})
            return
        yield from (
            Problem("E316", subject=title, unit=one, values={"form": title, "who": f"（{one}）"}) for one in wanting
        )


def forms_read(scheme: Scheme) -> Mapping[str, list[str]]:
    """Return the forms whose 迟报, and those whose 未报, a standard reads."""
    read: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names_read(scheme)):
        for ending in (LATE, UNREPORTED):
            if name.endswith(ending):
                read[ending].append(name.removesuffix(ending))
    return read
