"""The stamp by which a form is recognised: one small grey line, doubled in a hidden sheet."""

from __future__ import annotations

import zlib
from dataclasses import astuple, dataclass

PREFIX = "定级表单"
META_SHEET = "_meta"


@dataclass(frozen=True)
class Stamp:
    """What a stamp says. `round` carries the year (2026 年初); `who` is a branch's code, a rater's, or ""."""

    kind: str
    scheme: str
    fingerprint: str
    round: str
    source: str
    who: str

    def text(self) -> str:
        """Return the line as printed, with two check digits at its end."""
        body = "|".join([PREFIX, *(part.replace("|", "／") for part in astuple(self))])
        return f"{body}|{check_digits(body)}"


def check_digits(body: str) -> str:
    """Return two digits by which a changed stamp is told from a whole one."""
    return f"{zlib.crc32(body.encode()) % 97:02d}"


def is_stamp(text: str) -> bool:
    """Say whether a cell's text means to be a stamp."""
    return text.strip().startswith(PREFIX + "|")


def read_stamp(text: str) -> Stamp | None:
    """Read a stamp back; None where it was changed."""
    body, _, digits = text.strip().rpartition("|")
    parts = body.split("|")[1:]
    if len(parts) != len(Stamp.__dataclass_fields__) or digits != check_digits(body):
        return None
    return Stamp(*parts)
