"""Which form a workbook is: by its stamp, else by its headings; and what its stamp and head say of whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dingji.comparing import normal
from dingji.forms import columns_form
from dingji.forms.declare import Form
from dingji.forms.stamp import PREFIX, ReturnLine, Stamp, is_stamp, read_return_line, read_stamp
from dingji.problems import Problem
from dingji.read.grid import Grid, text_of
from dingji.read.locate import HeadValue, Located, locate_sheets, read_head
from dingji.read.questionnaire import Confirmed

ANY_ROUND = ("roster", "result", "ledger", "honour", columns_form.KIND)
"""Kinds of form that serve every round and standard: roster, earlier results, what is to be mended, stars, 栏目对照."""


@dataclass(frozen=True)
class Plan:
    """What a run expects: the round's label (`2026 年初`) and every form of its standards.

    `questionnaires`: what the office has confirmed of online questionnaires, by their number.
    """

    round: str
    forms: tuple[Form, ...]
    questionnaires: Mapping[str, Confirmed] = field(default_factory=dict)

    @property
    def grades(self) -> tuple[str, ...]:
        """Return the grades that a committee may give by any of the standards."""
        columns = (column for form in self.forms if form.kind == "decision" for column in form.sheets[0].columns)
        return tuple(
            dict.fromkeys(choice for column in columns if column.field == "option" for choice in column.choices)
        )


@dataclass(frozen=True)
class Recognised:
    """A workbook known to be a form; `stamp` is None where it was known by its headings."""

    form: Form
    stamp: Stamp | None
    head: Mapping[str, HeadValue]


def recognise(grids: Sequence[Grid], plan: Plan) -> tuple[Recognised | None, list[Problem]]:
    """Say which form this is; None with the reason, or with no reason where nothing was recognised.

    A form of another version or round is known for what it is, so that the roll-call can say whose it is.
    """
    texts = stamp_texts(grids)
    stamps = [stamp for stamp in map(read_stamp, texts) if stamp]
    if stamps:
        return _by_stamp(stamps[0], grids, plan)
    return _by_headings(grids, plan, damaged=bool(texts))


def stamp_texts(grids: Sequence[Grid]) -> list[str]:
    """Return every text that means to be a stamp."""
    return [text for grid in grids for text in grid.texts if PREFIX in text and is_stamp(text)]


def letters_lost(grids: Sequence[Grid]) -> bool:
    """Say whether Chinese was saved as question marks or as signs for what is unreadable, so that none is left."""
    texts = [text for grid in grids for text in grid.texts]
    lost = sum("??" in text or _UNREADABLE in text for text in texts)
    return lost >= LOST and lost > sum(not text.isascii() and _UNREADABLE not in text for text in texts)


_UNREADABLE = "\ufffd"
LOST = 3
"""So many cells make it plain that it is the saving, and nobody's question."""


def without_lists(grids: Sequence[Grid]) -> tuple[list[Grid], str]:
    """Return the sheets that are the owner's, and the 退回号 that the workbook carries ("" if it never went back)."""
    lines = [return_line(grid) for grid in grids]
    own = [grid for grid, line in zip(grids, lines, strict=True) if line is None]
    stamps = map(read_stamp, stamp_texts(own))
    numbers = [mark.returned for mark in (*stamps, *lines) if mark and mark.returned]
    return own, max(numbers, key=len, default="")


def return_line(grid: Grid) -> ReturnLine | None:
    """Return the line of a list of problems that this program added to a workbook; None on any other sheet."""
    first = grid.value(0, 0)
    return read_return_line(first) if isinstance(first, str) else None


def _by_stamp(stamp: Stamp, grids: Sequence[Grid], plan: Plan) -> tuple[Recognised | None, list[Problem]]:
    same_kind = [form for form in plan.forms if form.kind == stamp.kind]
    own = [
        form
        for form in same_kind
        if stamp.kind in ANY_ROUND or (form.scheme, form.source) == (stamp.scheme, stamp.source)
    ]
    rounds = {"", *(form.round for form in own or plan.forms)}
    other_round = stamp.round not in rounds and stamp.kind not in ANY_ROUND
    wrong_round = Problem("E112", values={"other": stamp.round, "expected": plan.round})
    if not own:
        known = other_round and any(form.scheme == stamp.scheme for form in plan.forms)
        return None, [wrong_round if known else _foreign(stamp, plan)]
    form = _of_round(own, stamp.round or plan.round)
    head = read_head(form, grids)
    if other_round:
        return Recognised(form, stamp, head), [wrong_round]
    if stamp.fingerprint not in form.fingerprints and stamp.kind not in ANY_ROUND:
        values = {"other": stamp.fingerprint, "expected": form.fingerprint}
        return Recognised(form, stamp, head), [Problem("E111", values=values)]
    problems = against_head(stamp, form, head)
    known = not problems or form.owner == "office"  # whose form it is may be open, the office's are nobody else's
    return (Recognised(form, stamp, head) if known else None), problems


def _of_round(forms: Sequence[Form], label: str) -> Form:
    """Return the form of a round, where a figure takes in several; else the one that there is."""
    return next((form for form in forms if normal(form.round).endswith(normal(label))), forms[-1])


def _foreign(stamp: Stamp, plan: Plan) -> Problem:
    expected = "、".join(dict.fromkeys(form.scheme_title for form in plan.forms))
    known = {form.scheme for form in plan.forms}
    other = f"{stamp.scheme} {stamp.source}".strip() if stamp.scheme in known else stamp.scheme
    return Problem("E110", values={"other": other, "expected": expected})


def against_head(stamp: Stamp, form: Form, head: Mapping[str, HeadValue]) -> list[Problem]:
    """Compare what the stamp and the head say; both are named where they differ."""
    said = {
        "党组织编码": stamp.who if form.owner == "unit" else "",
        "来源": stamp.source,
        "轮次": stamp.round,
    }
    problems = []
    for label, stamped in said.items():
        typed = head.get(label)
        found = text_of(typed.value) if typed else ""
        if stamped and typed and found and not _agree(label, found, stamped):
            values = {"other": stamped, "expected": found}
            problems.append(
                Problem("E113", sheet=typed.sheet, cell=typed.cell, subject=label, found=found, values=values)
            )
    return problems


def _agree(label: str, typed: str, stamped: str) -> bool:
    """Say whether head and stamp agree; a round may be typed without its year."""
    return normal(stamped) == normal(typed) or (label == "轮次" and normal(stamped).endswith(normal(typed)))


def _by_headings(grids: Sequence[Grid], plan: Plan, *, damaged: bool) -> tuple[Recognised | None, list[Problem]]:
    """Take the form with the most headings found, provided that all its sheets but the optional ones are there."""
    scored = [(score, form) for form in plan.forms if (score := _score(form, grids))]
    if not scored:
        return None, []
    best = max(score for score, _ in scored)
    forms = [form for score, form in scored if score == best]
    if len({form.round for form in forms}) > 1:
        head = read_head(forms[0], grids)
        label = text_of(head["轮次"].value) if "轮次" in head else plan.round
        forms = [form for form in forms if form.round == _of_round(forms, label).round]
    if len(forms) > 1:
        head = read_head(forms[0], grids)
        source = text_of(head["来源"].value) if "来源" in head else ""
        forms = [form for form in forms if normal(form.source) == normal(source)]
        if len(forms) != 1:
            return None, [Problem("E312")]
    form = forms[0]
    head = read_head(form, grids)
    problems = [Problem("W118" if damaged else "N114", values={"kind": form.title})]
    return Recognised(form, None, head), problems + (_other_round(head, plan) if form.kind not in ANY_ROUND else [])


def _other_round(head: Mapping[str, HeadValue], plan: Plan) -> list[Problem]:
    typed = head.get("轮次")
    label = normal(text_of(typed.value)) if typed else ""
    if typed is None or any(label in normal(form.round) for form in plan.forms):
        return []
    values = {"other": text_of(typed.value), "expected": plan.round}
    return [Problem("E112", sheet=typed.sheet, cell=typed.cell, subject="轮次", found=values["other"], values=values)]


Score = tuple[int, bool, int]
"""How well a form fits: sheets of its names, its title near the top, headings found; the first counts most."""


def _score(form: Form, grids: Sequence[Grid]) -> Score | None:
    """Weigh a form against a workbook; None where a sheet that it must have is not there.

    A roster or result needs its title or sheet name too: a code and a name head many a list that is neither.
    """
    located = locate_sheets(form, grids)
    absent = [sheet for sheet, found in zip(form.sheets, located, strict=True) if found is None and not sheet.optional]
    if absent and not _survey_tally(form, located):
        return None
    top = (text_of(value) for grid in grids for line in grid.rows[:6] for value in line if value)
    titled = any(form.title in text or form.heading in text for text in top)
    named = sum(found is not None and normal(found.grid.name) == normal(found.sheet.name) for found in located)
    if form.kind in ANY_ROUND and not titled and not named:
        return None
    return named, titled, sum(len(found.places) for found in located if found)


def _survey_tally(form: Form, located: Sequence[Located | None]) -> bool:
    """Say whether this is a survey that came as a tally alone."""
    return form.kind == "survey" and any(found is not None for found in located)
