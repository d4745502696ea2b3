"""The whole folder of faults: healthy branches, a branch a fault beside them, and the list of what to look for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dingji.demo.faults import beside, counting, files, forms, office, roster, rows, surveys, typed, year
from dingji.demo.faults.kit import MARKS, Case, Desk, Fault
from dingji.demo.files import set_stage
from dingji.demo.people import Branch
from dingji.forms.catalogue import forms_of
from dingji.forms.palette import new_book
from dingji.problem_catalogue import CATALOGUE, LEVELS
from dingji.scheme.model import Scheme
from dingji.settings import Settings

FAULTS: Final[Sequence[Fault]] = (
    *files.FAULTS,
    *forms.FAULTS,
    *typed.FAULTS,
    *roster.FAULTS,
    *surveys.FAULTS,
    *office.FAULTS,
    *rows.FAULTS,
    *counting.FAULTS,
    *beside.FAULTS,
    *year.FAULTS,
)
PARENT: Final = "练习党总支"
CATEGORY: Final = "业务"
QUALITY: Final = 0.96
MEMBERS: Final = (20, 0)
GUIDE: Final = "故障清单.xlsx"


@dataclass(frozen=True)
class Made:
    """A fault that is in the folder: its branch's code, and the paths of the files that it is in."""

    fault: Fault
    code: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Kit:
    """Everything for input/ by path, and the faults that are in it."""

    files: dict[str, bytes]
    made: tuple[Made, ...]


def fault_files(scheme: Scheme, settings: Settings, branches: int, raters: int, seed: int) -> Kit:
    """Return the files of a round in which the healthy branches hand in well and every fault's branch does not.

    The healthy branches' forms are those of `demo_files` with the same seed.
    """
    declared = forms_of(scheme, settings.round.label)
    kinds = {form.kind for form in declared}
    raters_mark = any(column.item for form in declared if form.kind == "committee" for column in form.sheets[0].columns)
    kinds |= {MARKS} if raters_mark else set()
    chosen = [fault for fault in FAULTS if kinds.issuperset(fault.needs)]
    guests = [
        Branch(f"GZ{number:03d}", fault.branch, PARENT, CATEGORY, MEMBERS, QUALITY, 0)
        for number, fault in enumerate(chosen, start=1)
    ]
    desk = Desk.of(set_stage(scheme, settings, branches, raters, seed, guests))
    made = tuple(_make(desk, fault, branch) for fault, branch in zip(chosen, guests, strict=True))
    return Kit(desk.written(), tuple(each for each in made if each))


def _make(desk: Desk, fault: Fault, branch: Branch) -> Made | None:
    """Put a fault on the desk; None where the standard has no rule or source that it could be in."""
    case = Case(desk, branch)
    try:
        fault.alter(case)
    except StopIteration:
        desk.without(branch.code)
        return None
    return Made(fault, branch.code, tuple(case.paths))


# --- what to look for -------------------------------------------------------------------------------------

HEADINGS: Final = (("类别", 14), ("党组织", 20), ("文件", 52), ("代码", 14), ("程度", 12), ("怎么看", 52))


def guide(kit: Kit) -> bytes:
    """Return 故障清单.xlsx: file → code → how to see it, for whoever trains with the folder."""
    book = new_book("故障清单")
    page = book.add_worksheet("故障清单")
    bold, plain = book.add_format({"bold": True, "border": 1}), book.add_format({"text_wrap": True, "border": 1})
    for column, (heading, width) in enumerate(HEADINGS):
        page.set_column(column, column, width)
        page.write_string(0, column, heading, bold)
    for row, texts in enumerate(_lines(kit), start=1):
        for column, text in enumerate(texts):
            page.write_string(row, column, text, plain)
    page.freeze_panes(1, 2)
    page.autofilter(0, 0, len(kit.made), len(HEADINGS) - 1)
    return book.sealed()


def _lines(kit: Kit) -> Iterator[tuple[str, ...]]:
    for made in kit.made:
        fault = made.fault
        codes = list(dict.fromkeys(fault.codes))
        levels = "、".join(dict.fromkeys(LEVELS[CATALOGUE[code].level] for code in codes))
        told = "、".join(codes)
        yield fault.group, fault.branch, "\n".join(made.paths), told or "无", levels or "不必处理", fault.look
