"""Mail addresses: as typed in the roster or the settings, taken only where there is no doubt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dingji.comparing import normal
from dingji.outcome import Outcome
from dingji.tables import records

LONGEST: Final = 254
LONGEST_NAME: Final = 64
"""Signs of an address, and of what stands before its @: RFC 5321, 4.5.3.1."""
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
"""The plain form of RFC 5321, without quotes and comments, in ASCII: no sign of it can end a line or a header."""


def is_address(text: str) -> bool:
    """Say whether a text is one plain mail address, nothing before or behind it."""
    return bool(_ADDRESS.fullmatch(text)) and len(text) <= LONGEST and len(text.partition("@")[0]) <= LONGEST_NAME


@dataclass(frozen=True)
class Addresses:
    """The addresses as typed, "" where there is none: of branches and raters by code, of others by name or code."""

    units: Mapping[str, str]
    raters: Mapping[str, str]
    others: Mapping[str, str]
    superior: str
    codes: Mapping[str, str]
    """The code of a branch by its name, where only one branch is called so."""

    @classmethod
    def of(cls, outcome: Outcome) -> Addresses:
        """Gather what roster and settings tell."""
        branches, raters = records(outcome.branches), records(outcome.raters)
        names = Counter(branch["name"] for branch in branches)
        return cls(
            {branch["unit"]: branch["mail"] for branch in branches},
            {rater["rater"]: rater["mail"] for rater in raters},
            {normal(name): address for name, address in outcome.settings.mail.contacts.items()},
            outcome.settings.mail.superior,
            {branch["name"]: branch["unit"] for branch in branches if names[branch["name"]] == 1},
        )

    def of_unit(self, unit: str, name: str) -> str:
        """Return a branch's address: the roster's, else the settings' by code or by name."""
        return self.units.get(unit) or self.others.get(normal(unit)) or self.others.get(normal(name), "")

    def of_rater(self, rater: str) -> str:
        """Return a rater's address; a branch that rates others has the branch's."""
        return self.raters.get(rater) or self.units.get(rater) or self.others.get(normal(rater), "")

    def of_superior(self, name: str) -> str:
        """Return the address of the unit to which results are reported."""
        return self.superior or self.others.get(normal(name), "")

    def of_parent(self, name: str) -> str:
        """Return the address of a parent unit, which may be in the roster itself."""
        return self.of_unit(self.codes.get(name, ""), name)
