"""The full marks that rounds before were graded by, as far as these rounds are frozen in the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from dingji.frozen import Archive, archives
from dingji.intake.scales import FIGURE, Scales
from dingji.prepare import Prepared
from dingji.scheme.conditions import names_in, parse
from dingji.scheme.lint_conditions import all_conditions
from dingji.scheme.load import load_scheme
from dingji.scheme.names import EARLIER, FURTHER
from dingji.settings import load_settings
from dingji.workspace import Workspace

Fulls = Mapping[str, Mapping[str, Fraction]]
"""Full marks by label of the round and id of the standard."""


def full_marks_before(workspace: Workspace, prepared: Prepared) -> Fulls:
    """Return the full marks of the frozen rounds, where a standard reads their figures.

    Of a round frozen twice it is those of the last time.
    """
    wanted = any(name.endswith(FIGURE) for name in _names_read(prepared) & {*EARLIER, *FURTHER})
    return {archive.round: _of_archive(archive) for archive in archives(workspace)} if wanted else {}


def _names_read(prepared: Prepared) -> frozenset[str]:
    """Return every name that a condition or formula of a standard reads."""
    texts = (text for scheme in prepared.schemes.values() for _, text, _ in all_conditions(scheme))
    return frozenset(name for text in texts for name in names_in(parse(text)))


def _of_archive(archive: Archive) -> dict[str, Fraction]:
    config = archive.folder / "config.toml"
    settings = load_settings(config.read_bytes())[0] if config.is_file() else None
    choices = settings.choices if settings else {}
    files = (path for path in sorted((archive.folder / "schemes").glob("*.toml")))
    schemes = (load_scheme(path.read_bytes(), choices.get(path.stem))[0] for path in files)
    return {scheme.id: Fraction(scheme.full) for scheme in schemes if scheme}


def scales_of(prepared: Prepared, scheme_of: Mapping[str, str], before: Fulls) -> Scales:
    """Return what figures of earlier rounds are measured by, and which of them a standard reads.

    A branch whose standard is another one now was graded by the only one of that round, where there was only one.
    """
    now = {unit: Fraction(prepared.schemes[scheme_id].full) for unit, scheme_id in scheme_of.items()}
    then = {
        label: {unit: full for unit, scheme_id in scheme_of.items() if (full := _full(scheme_id, fulls)) is not None}
        for label, fulls in before.items()
    }
    return Scales(now, then, _names_read(prepared) if before else frozenset(), prepared.settings.round.other_full)


def _full(scheme_id: str, fulls: Mapping[str, Fraction]) -> Fraction | None:
    return fulls.get(scheme_id) or (next(iter(fulls.values())) if len(fulls) == 1 else None)
