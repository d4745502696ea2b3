"""Titles and the lines below a table: who hands it in, and its 数据校验码."""

from __future__ import annotations

from dingji.checkcode import PREFIX
from dingji.outcome import Outcome

GAP = "　　"


def of_work(outcome: Outcome, name: str) -> str:
    """Return a title after what the grading is called: `党支部分类定级一览表`; bare where there are several."""
    called = dict.fromkeys(scheme.work_name for scheme in outcome.schemes.values())
    return f"{next(iter(called))}{name}" if len(called) == 1 else name


def titled(outcome: Outcome, name: str) -> str:
    """Return a table's title with office and round: `示范医院党委党支部分类定级一览表（2026 年初）`."""
    return f"{outcome.settings.office.name}{of_work(outcome, name)}（{outcome.settings.round.label}）"


def sign_off(outcome: Outcome) -> str:
    """Return the sign-off line; what config leaves blank stays blank, to be written by hand."""
    office = outcome.settings.office
    labelled = (
        ("填报单位（盖章）", office.name),
        ("审核人", office.reviewer),
        ("填表人", office.preparer),
        ("联系电话", office.phone),
        ("填报日期", office.date),
    )
    return GAP.join(f"{label}：{value or GAP * 2}" for label, value in labelled).rstrip()


def code_line(code: str) -> str:
    """Return the line that prints a check code."""
    return f"{PREFIX}{code}"
