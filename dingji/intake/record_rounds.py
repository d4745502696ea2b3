"""Which round a 平时记录 row belongs to: the one whose calendar days hold its 日期, whatever form it was written on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dingji.round_days import Days
from dingji.scheme.model import Scheme
from dingji.settings import Settings


@dataclass(frozen=True)
class RecordRounds:
    """The rounds that the current figure takes in, and the days of every round that the calendar tells."""

    taken: tuple[str, ...]
    days: Mapping[str, Days]

    @classmethod
    def of(cls, settings: Settings, scheme: Scheme) -> RecordRounds:
        """Gather the rounds that a standard takes when the current one is graded."""
        taken = tuple(name for name, _ in scheme.rounds_taken(settings.round.name))
        named = dict.fromkeys([*taken, *(days.round for days in settings.calendar)])
        return cls(taken, {name: settings.days_of(name) for name in named})

    def round_of(self, day: str, written: str) -> str:
        """Return the round, of those taken, that a row belongs to; "" where it belongs to none.

        A row on the form of a round whose days nobody told belongs there, if no other round's days hold it.
        """
        holding = self._holding(day)
        if holding:
            return holding if holding in self.taken else ""
        home = self.taken[0] if len(self.taken) == 1 else written
        return home if home in self.taken and not self.days[home].told else ""

    def where(self, day: str) -> str:
        """Tell where a row belongs that belongs to no round taken."""
        holding = self._holding(day)
        if holding:
            return f"属于“{holding}”，不在本次测算的轮次"
        return "不在本轮期间" if len(self.taken) == 1 else f"不在“{'、'.join(self.taken)}”各轮期间"

    def _holding(self, day: str) -> str:
        return next((name for name, days in self.days.items() if days.told and days.holds(day)), "")
