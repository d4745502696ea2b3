"""The stamp by which a form is recognised: one small grey line, doubled in a hidden sheet.

A workbook given back to be mended (退回) carries 退回号 in its stamp: one number for each time it went back, the
newest last. By them the mended copy is told to stand in the place of the files that it was made from.
"""

from __future__ import annotations

import zlib
from dataclasses import astuple, dataclass
from hashlib import sha256

PREFIX = "定级表单"
META_SHEET = "_meta"
RETURN_PREFIX = "定级退回"
SEPARATOR = "|"
BETWEEN_NUMBERS = "-"


@dataclass(frozen=True)
class Stamp:
    """What a stamp says. `round` carries the year (2026 年初); `who` is a branch's code, a rater's, or "".

    `returned`: 退回号, "" in a form that never went back; the stamp is then a part shorter.
    """

    kind: str
    scheme: str
    fingerprint: str
    round: str
    source: str
    who: str
    returned: str = ""

    def text(self) -> str:
        """Return the line as printed, with two check digits at its end."""
        parts = astuple(self) if self.returned else astuple(self)[:-1]
        return _line(PREFIX, *parts)


def _line(*parts: str) -> str:
    body = SEPARATOR.join(part.replace(SEPARATOR, "／") for part in parts)
    return f"{body}{SEPARATOR}{check_digits(body)}"


def check_digits(body: str) -> str:
    """Return two digits by which a changed stamp is told from a whole one."""
    return f"{zlib.crc32(body.encode()) % 97:02d}"


def is_stamp(text: str) -> bool:
    """Say whether a cell's text means to be a stamp."""
    return text.strip().startswith(PREFIX + SEPARATOR)


def read_stamp(text: str) -> Stamp | None:
    """Read a stamp back; None where it was changed."""
    body, _, digits = text.strip().rpartition(SEPARATOR)
    parts = body.split(SEPARATOR)[1:]
    most = len(Stamp.__dataclass_fields__)
    return Stamp(*parts) if len(parts) in (most - 1, most) and digits == check_digits(body) else None


def return_number(digest: str, owner: str) -> str:
    """Return the 退回号 of a file: ten signs from its SHA-256 and from what it says of whose it is."""
    return sha256(f"{digest}|{owner}".encode()).hexdigest()[:10].upper()


@dataclass(frozen=True)
class ReturnLine:
    """The line on the list of problems of a workbook given back: its 退回号, and the fills that its tints cover."""

    returned: str
    covered: str = ""

    def text(self) -> str:
        """Return the line as printed, with two check digits at its end."""
        return _line(RETURN_PREFIX, self.returned, self.covered)


def read_return_line(text: str) -> ReturnLine | None:
    """Read the line of a list of problems back; None where the text is none or was changed."""
    body, _, digits = text.strip().rpartition(SEPARATOR)
    parts = body.split(SEPARATOR)
    known = parts[0] == RETURN_PREFIX and len(parts) == 1 + len(ReturnLine.__dataclass_fields__)
    return ReturnLine(*parts[1:]) if known and digits == check_digits(body) else None
