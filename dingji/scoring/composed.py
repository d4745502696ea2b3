"""What a round comes to."""

from __future__ import annotations

from dataclasses import dataclass, field

from dingji.exact import Exact
from dingji.scoring.sources import SourceMarks


@dataclass
class Composite:
    """A round's figures by branch: every source, the bonus, the composite before and after rounding."""

    sources: dict[str, SourceMarks]
    bonus: Exact
    unrounded: Exact
    rounded: Exact
    faces: dict[str, Exact] = field(default_factory=dict)
    """What counts at face value, by the name of the indicator or the key of the item."""
    summed: Exact | None = None
    """The composite before the standard's own `min` and `max`; None where rounds are added up, and not held."""
    plain: Exact | None = None
    """The composite before rounding as it would be without the bonus."""
