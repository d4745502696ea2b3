"""表彰: who is put forward for an honour, whom the committee chose of them, and which stars hang."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from dingji.comparing import normal, suggestion
from dingji.forms.committee_forms import CHOSEN, ORDER, VERDICT
from dingji.numbers import exact
from dingji.problems import Problem, problem_at
from dingji.read.rows import row_of
from dingji.scheme.honours import BRANCHES, LISTED, Honour
from dingji.scheme.model import Scheme
from dingji.tables import records

GRANT: Final = "建议授予"
KEEP: Final = "仍达到，保持"
TAKE: Final = "没有达到，建议摘牌"
WAIT: Final = "还没有定级，待定级后再看"
OFFICE: Final = "由办公室掌握"
"""What is said of a star: of a group or a post nothing is graded here."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Candidate:
    """One that is put forward: a branch, or a member, group or post of it, called `name`; "" where it is the branch.

    `verdict`: the committee's word, "" where it has not spoken; `order`: the how-manieth it is to be of those chosen.
    """

    unit: str
    name: str = ""
    reason: str = ""
    verdict: str = ""
    order: int | None = None


@dataclass(frozen=True)
class Star:
    """A star that hangs, or that is earned: whose, since when, and what this round says to it."""

    unit: str
    name: str
    kind: str
    given: str
    hung: str
    taken: str
    reason: str
    verdict: str


@dataclass(frozen=True)
class Award:
    """An honour with its candidates in order: branches by composite, others as they were handed in."""

    honour: Honour
    scheme: Scheme
    candidates: Sequence[Candidate]
    stars: Sequence[Star] = ()

    @property
    def chosen(self) -> list[Candidate]:
        """Return whom the committee chose, in its order; where it gave none, in that of the candidates."""
        own = [one for one in self.candidates if one.verdict == CHOSEN]
        return sorted(own, key=lambda one: len(self.candidates) if one.order is None else one.order)


def awards(
    schemes: Mapping[str, Scheme], round_name: str, results: Mapping[str, Row], entries: pd.DataFrame
) -> list[Award]:
    """Return every honour of a round; `results` by branch, in roster order."""
    own = records(entries[entries["form"].isin(("nominee", "honour"))])
    return [
        _award(honour, scheme, results, own) for scheme in schemes.values() for honour in scheme.honours_in(round_name)
    ]


def _award(honour: Honour, scheme: Scheme, results: Mapping[str, Row], rows: Sequence[Row]) -> Award:
    flagged = [unit for unit, result in _of(scheme, results) if honour.flag in result["flags"]]
    said = _choices(honour, rows)
    if honour.by == BRANCHES:
        flagged.sort(key=lambda unit: results[unit]["composite"] or Fraction(0), reverse=True)
        return Award(honour, scheme, [said.told(Candidate(unit)) for unit in flagged])
    if honour.by == LISTED:
        named = [row for row, why in _named(honour, scheme, results, rows) if not why]
        listed = [said.told(Candidate(row["unit"], row["work"], row["reason"])) for row in named]
        return Award(honour, scheme, listed, list(_stars(honour, scheme, results, rows, [])))
    stars = list(_stars(honour, scheme, results, rows, flagged))
    return Award(honour, scheme, [Candidate(unit) for unit in flagged], stars)


def _of(scheme: Scheme, results: Mapping[str, Row]) -> Iterator[tuple[str, Row]]:
    return ((unit, result) for unit, result in results.items() if result["scheme"] == scheme.id)


def _named(
    honour: Honour, scheme: Scheme, results: Mapping[str, Row], rows: Sequence[Row]
) -> Iterator[tuple[Row, str]]:
    """Yield the rows of 推荐名单 for an honour, each with why it is not taken, "" where it is; in roster order.

    Another file that names somebody again, as the one from the committee does, says nothing new, and is left out.
    """
    graded = dict(_of(scheme, results))
    order = {unit: place for place, unit in enumerate(results)}
    own = [row for row in rows if row["form"] == "nominee" and _is_for(row, honour)]
    said: dict[tuple[str, str], str] = {}
    for row in sorted(own, key=lambda row: order.get(row["unit"], len(order))):
        who = _who(row)
        if row["unit"] not in graded:
            yield row, "这个党组织本轮不参加评定，不能推荐"
        elif honour.by == LISTED and not row["work"]:
            yield row, "没有写姓名（名称）"
        elif honour.by == BRANCHES and row["work"]:
            yield row, f"“{honour.name}”评的是党组织，不写姓名（名称）"
        elif said.get(who) == row["file"]:
            yield row, "推荐了两次，只算一次"
        elif honour.flag and honour.flag not in graded[row["unit"]]["flags"]:
            yield row, f"这个党组织没有“{honour.flag}”的标注，不能推荐“{honour.name}”"
        elif who not in said:
            yield row, ""
        said.setdefault(who, row["file"])


def _who(row: Row) -> tuple[str, str]:
    return row["unit"], normal(row["work"])


@dataclass(frozen=True)
class _Choices:
    """What the committee said of each, by branch and name: its word and its order, with the row where it stands."""

    words: Mapping[tuple[str, str], Sequence[tuple[str, int | None, Row]]]

    def told(self, one: Candidate) -> Candidate:
        """Return a candidate with the committee's word; two different words are none."""
        said = self.words.get((one.unit, normal(one.name)), ())
        if len({(word, order) for word, order, _ in said}) != 1:
            return one
        return replace(one, verdict=said[0][0], order=said[0][1])

    def unlike(self) -> Iterator[Row]:
        """Yield the rows in which the committee says something else than in another one."""
        for said in self.words.values():
            yield from (row for word, order, row in said[1:] if (word, order) != said[0][:2])


def _choices(honour: Honour, rows: Sequence[Row]) -> _Choices:
    beside = {_place(row, row["rule"]): row for row in rows if row["form"] == "nominee" and row["part"] == "also"}
    words: defaultdict[tuple[str, str], list[tuple[str, int | None, Row]]] = defaultdict(list)
    for row in rows:
        if row["form"] == "nominee" and _is_for(row, honour) and (word := beside.get(_place(row, VERDICT))):
            order = beside.get(_place(row, ORDER))
            place = None if order is None or pd.isna(order["value"]) else int(exact(int(order["value"])))
            words[_who(row)].append((word["option"], place, word))
    return _Choices(words)


def _stars(
    honour: Honour, scheme: Scheme, results: Mapping[str, Row], rows: Sequence[Row], flagged: Sequence[str]
) -> Iterator[Star]:
    """Yield the stars of 星级登记, then those that branches have earned and none hangs of."""
    days = _hung(rows)
    own = {unit for unit, _ in _of(scheme, results)}
    hanging = set()
    for row, twice in _registered(honour, rows, days):
        if twice or (row["unit"] in results and row["unit"] not in own):
            continue
        hung, taken = (days.get(_place(row, heading), "") for heading in (UP, DOWN))
        theirs = bool(row["work"]) or honour.by == LISTED
        if not (taken or theirs):
            hanging.add(row["unit"])
        result, earned = results.get(row["unit"]), row["unit"] in flagged
        verdict = "" if taken else OFFICE if theirs else _verdict(result, earned=earned)
        yield Star(row["unit"], row["work"], row["option"], row["date"], hung, taken, row["reason"], verdict)
    for unit in flagged:
        if unit not in hanging:
            yield Star(unit, "", "", "", "", "", "", GRANT)


Hung = Mapping[tuple[str, str, str, str], str]
"""When a star of 星级登记 was hung up and taken down, by its place and the heading."""


def _hung(rows: Sequence[Row]) -> Hung:
    return {_place(row, row["rule"]): row["option"] or row["date"] for row in rows if row["part"] == "also"}


def _registered(honour: Honour, rows: Sequence[Row], days: Hung) -> Iterator[tuple[Row, bool]]:
    """Yield the rows of 星级登记 for an honour, each with whether the same star hangs already by an earlier row."""
    there = set[tuple[str, str]]()
    for row in rows:
        if row["form"] == "honour" and _is_for(row, honour):
            star = (row["unit"], normal(row["work"]))
            hangs = not days.get(_place(row, DOWN))
            yield row, hangs and star in there
            there |= {star} if hangs else set()


def _odd_stars(honour: Honour, rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield the rows of 星级登记 that tell a star twice, or days that cannot follow each other."""
    days = _hung(rows)
    for row, twice in _registered(honour, rows, days):
        dates = {"授予日期": row["date"], **{heading: days.get(_place(row, heading), "") for heading in (UP, DOWN)}}
        told = [heading for heading, day in dates.items() if day]
        wrong = (f"{later}在{before}以前" for before, later in pairwise(told) if dates[later] < dates[before])
        for what in (*(["同一个星级登记了两次，只算一次"] if twice else []), *wrong):
            yield problem_at(row, "W665", "星级", row["rule"], what=what)


UP: Final = "挂牌日期"
DOWN: Final = "摘牌日期"


def _is_for(row: Row, honour: Honour) -> bool:
    return row["part"] == "record" and normal(row["rule"]) == normal(honour.name)


def _place(row: Row, heading: str) -> tuple[str, str, str, str]:
    return row["file"], row["sheet"], row_of(row["cell"]), heading


def _verdict(result: Row | None, *, earned: bool) -> str:
    if earned:
        return KEEP
    return WAIT if result is None or not result["settled"] else TAKE


def award_problems(
    schemes: Mapping[str, Scheme], round_name: str, results: Mapping[str, Row], entries: pd.DataFrame
) -> Iterator[Problem]:
    """Yield what is not taken of 推荐名单, and which honours have too few candidates to choose from."""
    rows = records(entries[entries["form"].isin(("nominee", "honour"))])
    yield from _unknown(schemes, round_name, rows)
    given = {normal(one.name): one for scheme in schemes.values() for one in scheme.honours_in(round_name)}
    for honour in given.values():
        yield from _odd_stars(honour, rows)
    for award in awards(schemes, round_name, results, entries):
        honour = award.honour
        if honour.by in (LISTED, BRANCHES):
            for row, why in _named(honour, award.scheme, results, rows):
                if why:
                    yield problem_at(row, "E658", "称号", row["rule"], what=f"{row['work'] or '这一行'}：{why}")
        begun = any(result["settled"] for _, result in _of(award.scheme, results))
        if begun and len(award.candidates) < honour.wanted:
            counts = {"places": str(honour.places), "wanted": str(honour.wanted), "found": str(len(award.candidates))}
            yield Problem("W659", values={"name": honour.name, **counts})
        yield from _choice_problems(award, _choices(honour, rows))


def _choice_problems(award: Award, said: _Choices) -> Iterator[Problem]:
    """Yield what is wrong with the committee's choice: two words on one, too many or few, one order twice."""
    for row in said.unlike():
        yield problem_at(row, "E681", VERDICT, row["option"])
    honour, chosen = award.honour, award.chosen
    if chosen and honour.places is not None and len(chosen) != honour.places:
        counts = {"name": honour.name, "places": str(honour.places), "found": str(len(chosen))}
        yield Problem("E682" if len(chosen) > honour.places else "W683", values=counts)
    orders = [one.order for one in chosen if one.order is not None]
    if twice := [order for order, count in Counter(orders).items() if count > 1]:
        yield Problem("W684", values={"name": honour.name, "what": "、".join(map(str, sorted(twice)))})


def _unknown(schemes: Mapping[str, Scheme], round_name: str, rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield the rows for an honour that is not given in this round."""
    names = {normal(one.name): one.name for scheme in schemes.values() for one in scheme.honours_in(round_name)}
    for row in rows:
        if row["part"] == "record" and normal(row["rule"]) not in names:
            what = f"本轮没有“{row['rule']}”这个称号{suggestion(row['rule'], names.values())}"
            yield problem_at(row, "E658", "称号", row["rule"], what=what)
