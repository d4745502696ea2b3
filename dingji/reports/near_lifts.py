"""差多少升一档 for the branches that a committee weighs: near a bound, or held down by something other than points.

Every try scores branches again, so it is not sought for all: of 1,000 branches most are settled by their points, and
nobody asks what would have lifted them; `explain` tells it of any one.
"""

from __future__ import annotations

from typing import Final

from dingji.outcome import Outcome
from dingji.reports.lift_words import lift_line
from dingji.reports.standing import moving
from dingji.supposing.lifts import lifts_of
from dingji.tables import records

MOST: Final = 40
"""Branches that it is sought for, those near a bound first: more are no matter for one meeting.

Measured on 1,000 branches, of which 169 are weighed: 1 s of processor time for 40 on a busy machine,
where it had been 2.3 s (1.6 s on a quiet one, and 5.5 s for all of them) before fewer amounts were tried.
"""


def near_lifts(outcome: Outcome) -> dict[str, str]:
    """Return the line of each branch that is weighed and that something would have lifted, by branch."""
    if outcome.basis is None:
        return {}
    results = [result for result in records(outcome.results) if result["computed"]]
    near = [result["unit"] for result in results if result["borderline"]]
    held = [result["unit"] for result in results if not result["borderline"] and moving(result)]
    computed = {result["unit"]: result["computed"] for result in results}
    found = lifts_of(outcome.basis, [*near, *held][:MOST], computed)
    return {unit: line for unit, lifts in found.items() if (line := lift_line(lifts))}
