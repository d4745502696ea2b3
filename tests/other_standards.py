"""The standards of other notices under `tests/standards/`, and what scoring makes of drawn entries under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path

from dingji.numbers import fixed
from dingji.scheme.condition_values import Column
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from tests.drawn import Row, entries, facts, rows
from tests.small_standard import Scored, scored

FOLDER = Path(__file__).parent / "standards"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def standard(name: str) -> Scheme:
    """Load one of the standards, which must have neither errors nor warnings."""
    scheme, found = load_scheme((FOLDER / f"{name}.toml").read_bytes())
    assert scheme is not None
    assert [finding.text for finding in found] == []
    return scheme


def run(name: str, *parts: Iterable[Row], round_name: str = "年终", **more: object) -> Scored:
    """Score drawn entries under one of the standards."""
    return scored(standard(name), entries(*parts), round_name=round_name, **more)  # type: ignore[arg-type]


def roster(line: str, name: str = "类别") -> Mapping[str, Column]:
    """Return a roster column from a line of words; numbers are numbers."""
    return {name: [Fraction(word) if word.isdigit() else word for word in line.split()]}


def figures(found: Scored, places: int = 2) -> str:
    """Return the composites as printed, — where there is none."""
    return " ".join("—" if one is None else fixed(one, places) for one in found.column("composite"))


def grades(found: Scored) -> str:
    """Return the computed grades, — where there is none."""
    return " ".join(one or "—" for one in found.column("computed"))


def recorded(drawn: str, source: str = "") -> list[Row]:
    """Return facts of 平时记录 drawn a row a branch and a column a rule."""
    lines = [
        f"{line['支部']} | {rule} | {figure}"
        for line in rows(drawn)
        for rule, figure in line.items()
        if rule != "支部" and figure
    ]
    return facts("\n".join(("支部 | 规则 | 数量", *lines)), "committee" if source else "records", source)


def with_round(drawn: list[Row], name: str) -> list[Row]:
    """Say of which round entries are."""
    return [{**row, "round": name} for row in drawn]
