"""What is to be done by which day of the round: the standard's days, in whose place config's stand, and the forms'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dingji.round_days import RoundDays
from dingji.scheme.finding import nearest
from dingji.scheme.model import Scheme
from dingji.settings import Settings


@dataclass(frozen=True)
class Deadline:
    """By when something is to be done; `begins`: since when it is under way; `forms`: the forms that are due then."""

    day: date
    name: str
    who: str = ""
    begins: date | None = None
    forms: tuple[str, ...] = ()


def deadlines(settings: Settings, schemes: Iterable[Scheme], forms: Mapping[str, Sequence[str]]) -> list[Deadline]:
    """Return what the round being graded has to do, the earliest first; what is done already is left out.

    `forms`: how the forms that are collected are headed, by their kind.
    """
    days = settings.days_of(settings.round.name)
    found = {*_own(days), *_of_standards(settings, days, schemes), *_of_forms(days, forms)}
    left = (one for one in found if not {one.name, f"{one.name} {one.day.isoformat()}"} & {*days.done})
    return sorted(left, key=lambda one: (one.day, one.name, one.who))


def unknown_done(settings: Settings, schemes: Sequence[Scheme]) -> Iterator[tuple[int, str, str]]:
    """Yield what is called done and is nowhere to be done, after the place of its round, with what is likely meant."""
    for place, days in enumerate(settings.calendar):
        named = [*days.days, *(day.name for scheme in schemes for day in scheme.days)]
        for name in days.done:
            if name not in named and name.rpartition(" ")[0] not in named:
                yield place, name, nearest(name, named)


def _own(days: RoundDays) -> Iterator[Deadline]:
    return (Deadline(date.fromisoformat(day), name) for name, day in days.days.items() if day)


def _of_standards(settings: Settings, days: RoundDays, schemes: Iterable[Scheme]) -> Iterator[Deadline]:
    """Yield the days of standards that config does not tell otherwise."""
    year, name = settings.round.year, settings.round.name
    for scheme in schemes:
        for listed in scheme.days:
            if listed.name not in days.days and (not listed.rounds or name in listed.rounds):
                yield from (Deadline(day, listed.name, listed.who, listed.since(year)) for day in listed.dates(year))


def _of_forms(days: RoundDays, forms: Mapping[str, Sequence[str]]) -> Iterator[Deadline]:
    due: dict[str, list[str]] = {}
    for kind in forms:
        if day := days.due_by(kind):
            due.setdefault(day, []).append(kind)
    for day, kinds in due.items():
        titles = [title for kind in kinds for title in forms[kind]]
        yield Deadline(date.fromisoformat(day), "、".join(titles), forms=tuple(kinds))


# --- said -------------------------------------------------------------------------------------------------

Owed = Mapping[str, Sequence[tuple[str, str]]]
"""Kind of form → who has not handed it in, and how that form is called."""
SHOWN = 5
"""So many of what is overdue, and so many names of who owes a form, are told."""


def deadline_lines(found: Sequence[Deadline], today: date, owed: Owed) -> Iterator[str]:
    """Yield what is overdue, what is under way, and what is due next; nothing where no day is told.

    Forms that have all come are not overdue. Of what is no form nobody but the office knows whether it is done.
    """
    open_ = [one for one in found if not one.forms or any(owed.get(kind) for kind in one.forms)]
    last = {one.name: one for one in open_ if one.day < today}  # of several days the last
    over = sorted(last.values(), key=lambda one: one.day)
    coming = [one for one in open_ if one.day >= today]
    under_way = [one for one in coming if one.begins and one.begins <= today]
    following = [one for one in coming if one not in under_way]
    if len(over) > SHOWN:
        yield f"已过期的另有 {len(over) - SHOWN} 件，日子更早"
    yield from (f"已过期 {(today - one.day).days} 天：{_told(one, owed)}" for one in over[-SHOWN:])
    if any(not one.forms for one in over):
        yield "（已经办好的，写进设置“日历”的“已经办好的”，就不再说）"
    yield from (f"正在办：{_told(one, owed)}，还有 {(one.day - today).days} 天" for one in under_way)
    for one in following:
        if one.day == following[0].day:
            left = (one.day - today).days
            yield f"下一件：{_told(one, owed)}，{f'还有 {left} 天' if left else '就是今天'}"


def _told(one: Deadline, owed: Owed) -> str:
    who = f"（{one.who}）" if one.who else ""
    names = [f"{name}（{form}）" for kind in one.forms for name, form in owed.get(kind, ())]
    more = f"等{len(names)}份" if len(names) > SHOWN else ""
    wanting = f"，还没有收齐：{'、'.join(names[:SHOWN])}{more}" if names else ""
    return f"{one.name}{who} {one.day.isoformat()} 截止{wanting}"
