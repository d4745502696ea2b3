"""A workbook with a sheet a branch, or a rater: the same form several times over, each under a head of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dingji.comparing import normal
from dingji.forms.declare import Form
from dingji.forms.stamp import read_stamp
from dingji.problems import Problem
from dingji.read.grid import Grid, text_of
from dingji.read.heads import read_head_values
from dingji.read.locate import HeadValue, Located, locate_sheet, read_head
from dingji.read.recognise import against_head, stamp_texts
from dingji.read.rows import Reading

WHO = {"unit": ("党组织编码", "党组织名称"), "rater": ("评委",)}
"""The head cells that say whose a form is, by its kind of owner."""
NOT_SO = ("peer",)
"""Kinds of form whose rows name branches and whose head names another."""


@dataclass(frozen=True)
class OwnSheets:
    """The sheets of one owner: where the form's sheets are in them, and their head."""

    located: Sequence[Located]
    head: Mapping[str, HeadValue]

    def whose(self, label: str) -> str:
        """Return what a head cell says of the owner."""
        return text_of(self.head[label].value) if label in self.head else ""


def sheets_of_each(form: Form, grids: Sequence[Grid]) -> list[OwnSheets]:
    """Return the sheets of each owner where a workbook has those of several; none where all are one's.

    A sheet without a head of its own belongs to the one before it that has one.
    """
    if form.owner not in WHO or form.parts or form.kind in NOT_SO:
        return []
    own: list[OwnSheets] = []
    for grid in grids:
        sheet = next(
            (found for each in form.sheets if (found := locate_sheet(each, [grid])) and not found.missing), None
        )
        head = read_head(form, [grid])
        if sheet and any(label in head for label in WHO[form.owner]):
            own.append(OwnSheets([sheet], head))
        elif sheet and own:
            own[-1] = replace(own[-1], located=[*own[-1].located, sheet])
    owners = {tuple(normal(each.whose(label)) for label in WHO[form.owner]) for each in own}
    return own if len(owners) > 1 else []


def wrong_stamps(form: Form, own: OwnSheets) -> list[Problem]:
    """Return where the stamp in a sheet is another owner's than its head says."""
    stamps = dict.fromkeys(map(read_stamp, stamp_texts([found.grid for found in own.located])))
    return [problem for stamp in stamps if stamp for problem in against_head(stamp, form, own.head)]


def named(form: Form, own: OwnSheets, readings: Sequence[Reading]) -> Iterator[Reading]:
    """Yield the readings of an owner's head and sheets, with whose every row is."""
    label = next(label for label in WHO[form.owner] if label in own.head)
    cell = own.head[label].cell
    for reading in (read_head_values(form, own.head), *readings):
        for row in reading.rows:
            if form.owner == "rater" and not row.rater:
                row.rater, row.rater_cell = own.whose("评委"), cell
            elif form.owner == "unit" and not (row.code or row.name):
                row.code, row.name, row.who_cell = own.whose("党组织编码"), own.whose("党组织名称"), cell
        yield reading
