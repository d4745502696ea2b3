"""Which figures below a source's own a branch may not see: marks of an indicator or item from fewer than the floor.

A source may be told as a whole and its parts not: enough people stand behind it, too few behind one indicator. Then no
indicator of it is told, since the last one would be the difference; nor what all sources make of an indicator.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from dingji.reports.view import OutcomeView
from dingji.reports.withholding import MAIN_RATERS, Voices, count_voices, remaining, thin_sources
from dingji.scheme.model import Source

Fewest = Mapping[str, Mapping[str, int]]
"""By branch and source, how many stand behind the mark that has the fewest."""


def closed_sources(view: OutcomeView) -> dict[str, frozenset[str]]:
    """Return by branch the sources whose indicators are not told; only branches that have such."""
    voices, fewest = count_voices(view), _fewest(view)
    found = {unit: _closed(view, unit, voices, fewest.get(unit, {})) for unit in view.results}
    return {unit: closed for unit, closed in found.items() if closed}


def _fewest(view: OutcomeView) -> Fewest:
    marks = view.marks
    columns = (marks.unit, marks.source, marks.round, marks.item, marks.rater)
    rows = zip(*columns, marks.figure, strict=True)
    spoken = {tuple(key) for *key, figure in rows if key[-1] and figure is not None}
    counts = Counter(key[:-1] for key in spoken)
    fewest: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (unit, source, *_), number in counts.items():
        fewest[unit][source] = min(number, fewest[unit].get(source, number))
    return fewest


def _closed(view: OutcomeView, unit: str, voices: Voices, fewest: Mapping[str, int]) -> frozenset[str]:
    scheme = view.outcome.schemes[view.results[unit]["scheme"]]
    sources = scheme.sources_in(view.outcome.settings.round.name)
    thin = thin_sources(view.outcome, scheme, unit, voices) | {
        source.name for source in sources if source.name in fewest and _is_few(view, source, fewest[source.name])
    }
    silent = {source.name for source in sources if _is_silent(view, source, unit, voices)}
    return frozenset(source.name for source in sources if _holds(source, sources, thin - silent))


def _is_silent(view: OutcomeView, source: Source, unit: str, voices: Voices) -> bool:
    """Say whether a source has said nothing of a branch: a vote not held yet has no figure that could be told."""
    heard = (unit, source.name) in voices.ballots or (unit, source.name) in voices.raters
    return not heard and view.results[unit]["scores"].get(source.name) is None


def _is_few(view: OutcomeView, source: Source, voices: int) -> bool:
    privacy = view.outcome.settings.privacy
    if source.main_form == "survey":
        return voices < privacy.ballots
    return source.main_form in MAIN_RATERS and remaining(source, voices) < privacy.raters


def _holds(source: Source, sources: Sequence[Source], thin: frozenset[str]) -> bool:
    """Say whether a source is thin, or made of one that is."""
    parts = (part for part in sources if part.inside == source.name)
    return source.name in thin or any(_holds(part, sources, thin) for part in parts)
