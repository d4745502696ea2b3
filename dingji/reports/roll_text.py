"""The roll-call as lines of text: a small table by parent unit and who owes what; and 催报, to paste into a chat.

Names come from users' files: each is one line, without signs that steer a terminal, and in GBK.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dingji.forms.layout import text_width
from dingji.outcome import Outcome
from dingji.problems import shown
from dingji.reports.submission import ABSENT, RATERS, RETURNED, UNKNOWN, OwnerLine, by_parent, late_forms, owner_lines
from dingji.reports.view import OutcomeView
from dingji.scheme.names import FORMS, SOURCE_FORMS

NAMES_SHOWN, PARENTS_SHOWN = 10, 15
"""So many owners of a parent unit, and so many parent units, are named on the console."""

NAME_SIGNS = 30
UNFILED = "（未填上级）"
WANTING = (ABSENT, *RETURNED)
REMINDER = "催报.txt"
RATER = "评委"
"""What every rater is called where all can read it."""


@dataclass
class _Parent:
    """What is wanting under one parent unit: by state, the forms of each owner."""

    wanting: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def add(self, line: OwnerLine) -> None:
        """Take an owner's forms that are not in."""
        for form, states in line.states.items():
            for state in states:
                if state in WANTING:
                    self.wanting.setdefault(state, {}).setdefault(line.name, []).append(form)


def plain_text(text: str) -> str:
    """Return foreign text for a plain file: one line, no signs that steer, what GBK lacks as `?`."""
    return shown(text, NAME_SIGNS).encode("gbk", errors="replace").decode("gbk")


def console_lines(outcome: Outcome) -> list[str]:
    """Return the roll-call for the console: counts by parent unit, then who owes what, at most so many of each."""
    view = OutcomeView(outcome)
    owners = owner_lines(view)
    if not owners:
        return []
    parents = _parents(owners)
    told = [name for name, parent in parents.items() if parent.wanting]
    lines = [*_table(view, owners), *(line for name in told[:PARENTS_SHOWN] for line in _wanting_lines(name, parents))]
    if len(told) > PARENTS_SHOWN:
        lines.append(f"……另有{len(told) - PARENTS_SHOWN}个单位没有报齐，见校验报告")
    lines += due_words(outcome) if told else []
    if late := len(late_forms(outcome)):
        lines.append(f"迟报 {late} 份（按收件登记），见校验报告")
    if strange := sum(UNKNOWN in line.states for line in owners):
        lines.append(f"未识别的文件 {strange} 个，不影响测算，见校验报告")
    return lines


def _parents(owners: Sequence[OwnerLine]) -> dict[str, _Parent]:
    parents: dict[str, _Parent] = {}
    for line in owners:
        parents.setdefault(line.parent or UNFILED, _Parent()).add(line)
    return parents


def _table(view: OutcomeView, owners: Sequence[OwnerLine]) -> Iterator[str]:
    """Yield the counts by parent unit, columns below each other where Chinese signs take two places."""
    table = by_parent(view, owners)
    rows = [[plain_text(name), *counts] for name, *counts in table.texts()]
    *body, total = [row for row in rows if row[1] != "0"] or rows
    if len(body) > PARENTS_SHOWN:
        body = [*body[:PARENTS_SHOWN], [f"……等{len(body)}个单位", *[""] * (len(total) - 1)]]
    grid = [list(table.headings), *body, *([total] if len(body) > 1 else [])]
    widths = [max(text_width(row[index]) for row in grid) for index in range(len(total))]
    for row in grid:
        first, *others = row
        counts = (_padded(cell, width, before=True) for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join([_padded(first, widths[0]), *counts]).rstrip()


def _padded(text: str, width: int, *, before: bool = False) -> str:
    space = " " * (width - text_width(text))
    return space + text if before else text + space


def _wanting_lines(name: str, parents: Mapping[str, _Parent]) -> Iterator[str]:
    for state in WANTING:
        if owed := parents[name].wanting.get(state):
            yield f"{plain_text(name)} {state}：{_owed(owed, NAMES_SHOWN)}"


def _owed(owed: Mapping[str, Sequence[str]], limit: int) -> str:
    """Return `一支部（自评表、测评表）、二支部（自评表）等9个`."""
    named = [f"{plain_text(owner)}（{_counted(forms)}）" for owner, forms in owed.items()]
    return "、".join(named[:limit]) + (f"等{len(named)}个" if len(named) > limit else "")


def _counted(forms: Sequence[str]) -> str:
    """Return the forms, those that are owed more than once with how often: `评定表2份`."""
    told = (plain_text(form) + (f"{count}份" if count > 1 else "") for form, count in Counter(forms).items())
    return "、".join(told)


# --- 催报 -------------------------------------------------------------------------------------------------

HOW = {
    "未报": "还没有收到",
    "待改": "已收到、要改好重报",
    "重复": "收到两份不同的、请确认用哪一份",
    "旧版": "用的是旧表、请换新表重报",
}


def reminder(outcome: Outcome) -> bytes:
    """Return 催报.txt, in GBK with Windows line ends: a paragraph a parent unit, which branch owes what."""
    settings = outcome.settings
    paragraphs = []
    lines = owner_lines(OutcomeView(outcome))
    unnamed = [replace(line, name=RATER) if line.parent == RATERS else line for line in lines]
    for name, parent in _parents(unnamed).items():
        wanting = {state: parent.wanting[state] for state in WANTING if state in parent.wanting}
        if wanting:
            told = "；".join(f"{HOW[state]}：{_owed(owed, len(owed))}" for state, owed in wanting.items())
            paragraphs.append(f"【{plain_text(name.strip('（）'))}】{settings.round.label}定级报表，{told}。")
    closing = _closing(outcome)
    text = "\n\n".join([f"{paragraph}{closing}" for paragraph in paragraphs] or ["应报的表都已收齐，没有要催的。"])
    return f"{text}\n".replace("\n", "\r\n").encode("gbk", errors="replace")


@dataclass(frozen=True)
class Owing:
    """Who owes forms: a branch, or a rater (`is_rater`), by code; and which, in one sentence."""

    code: str
    name: str
    is_rater: bool
    words: str


def owing(outcome: Outcome) -> Iterator[Owing]:
    """Yield everybody but the office that owes a form, in the order of the roll-call, with what to ask for."""
    closing = _closing(outcome)
    for line in owner_lines(OutcomeView(outcome)):
        alone = _Parent()
        alone.add(line)
        told = [
            f"{HOW[state]}：{_counted(alone.wanting[state][line.name])}" for state in WANTING if state in alone.wanting
        ]
        if told and line.code:
            is_rater = line.parent == RATERS
            words = f"{outcome.settings.round.label}定级报表，{'；'.join(told)}。{closing}"
            yield Owing(line.code, RATER if is_rater else line.name, is_rater, words)


def _closing(outcome: Outcome) -> str:
    office = plain_text(outcome.settings.office.name)
    phone = plain_text(outcome.settings.office.phone)
    due = f"（{'，'.join(told)}）" if (told := due_words(outcome)) else ""
    asked = f"，联系电话{phone}" if phone else ""
    return f"请尽快报送{due}{asked}。{office}"


def titles_by_kind(outcome: Outcome) -> dict[str, list[str]]:
    """Return how the forms that are owed are headed, by their kind, as settings name it and in their order."""
    found = dict.fromkeys(zip(outcome.rollcall["kind"], outcome.rollcall["title"], strict=True))
    told = {kind: [title for one, title in found if one == kind] for kind in FORMS}
    return {kind: listed for kind, listed in told.items() if listed}


def due_words(outcome: Outcome) -> list[str]:
    """Return by when the branches' and raters' forms are due, as config's calendar says; none where it does not."""
    settings = outcome.settings
    days = settings.days_of(settings.round.name)
    forms: dict[str, list[str]] = {}
    for kind, titles in titles_by_kind(outcome).items():
        if kind in SOURCE_FORMS.values() and (day := days.due_by(kind)):
            forms.setdefault(day, []).extend(titles)
    return [f"{'、'.join(titles)}截止日期 {day}" for day, titles in sorted(forms.items())]
