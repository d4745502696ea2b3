"""Figures of earlier rounds under another full mark: the office says what becomes of them; until then none is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from dingji.numbers import plain
from dingji.problems import Problem
from dingji.round_days import AS_IT_WAS, IN_PROPORTION
from dingji.scheme.conditions import Value

FIGURE: Final = "得分"

Columns = dict[str, Mapping[str, Value]]
"""What rounds before told, by the name that conditions use (上期得分) and branch."""


@dataclass(frozen=True)
class Scales:
    """Full marks now by branch, and of frozen rounds by label and branch; `read`: the names that a standard reads."""

    now: Mapping[str, Fraction] = field(default_factory=dict)
    then: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    read: frozenset[str] = frozenset()
    choice: str = ""

    def applied(self, columns: Columns, labels: Mapping[str, str]) -> tuple[Columns, list[Problem]]:
        """Return the columns with figures of another full mark as the office chose, and what is to be asked.

        `labels`: of the rounds, by what conditions call them.
        """
        found, asked = dict(columns), {}
        for when, label in labels.items():
            name = f"{when}{FIGURE}"
            differing = {unit for unit in columns.get(name, {}) if self._differs(label, unit)}
            if differing:
                found[name] = self._scaled(columns[name], label, differing)
                if name in self.read and not self.choice:
                    asked[label] = self._words(name, label, min(differing))
        return found, [Problem("E624", values={"what": what}) for what in asked.values()]

    def _differs(self, label: str, unit: str) -> bool:
        then, now = self.then.get(label, {}).get(unit), self.now.get(unit)
        return then is not None and now is not None and then != now

    def _scaled(self, own: Mapping[str, Value], label: str, differing: set[str]) -> dict[str, Value]:
        if self.choice == AS_IT_WAS:
            return dict(own)
        kept = {unit: value for unit, value in own.items() if unit not in differing}
        if self.choice == IN_PROPORTION:
            parts = {unit: self.now[unit] / self.then[label][unit] for unit in differing}
            kept |= {unit: value * parts[unit] for unit in differing if isinstance(value := own[unit], Fraction)}
        return kept

    def _words(self, name: str, label: str, unit: str) -> str:
        was, now = plain(self.then[label][unit]), plain(self.now[unit])
        return f"标准要读“{name}”，而 {label} 的总分是{was}分，现在是{now}分"


NO_SCALES: Final = Scales()
