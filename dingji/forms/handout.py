"""What to hand out in a round: a folder a branch, a folder a rater, and the office's own forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from dingji.drawing import drawn_to_rate
from dingji.forms.ballots import write_ballots
from dingji.forms.blanks import file_titles
from dingji.forms.catalogue import forms_of
from dingji.forms.declare import Form
from dingji.forms.filling import Cells, Filling
from dingji.forms.office_forms import with_claims
from dingji.forms.small_fill import identity, situation_rows, small_filling
from dingji.forms.small_form import SMALL
from dingji.forms.survey_form import BALLOT_ROWS
from dingji.forms.write import write_form
from dingji.naming import LIMIT, safe_name, unique
from dingji.scheme.marking import Thing, typed_things
from dingji.scheme.model import Scheme, Source

OFFICE_FOLDER = "办公室"
RATERS_FOLDER = "评委"
BALLOT_TITLE = "测评票（打印）"
NO_GROUP = "未填"
MORE_BALLOTS = 10
"""So many ballots more than a branch has members are expected: others take part in its survey."""
OFFICE_KINDS = ("records", "situation", "bonus", "correction", "receipt", "ledger", "nominee", "honour")
ACTIVE = ("", "正常")
GROUPED_BY: Final[Mapping[str, str]] = {"上级党组织": "parent", "类别": "category", "层级": "level"}

Record = Mapping[Any, Any]


@dataclass(frozen=True)
class Plan:
    """A round's forms and the branches and raters that take part; `roster` is all of both, whoever takes part."""

    scheme: Scheme
    round_label: str
    forms: Sequence[Form]
    branches: Sequence[Record]
    raters: Sequence[Record]
    roster: tuple[Sequence[Record], Sequence[Record]]
    office: str = ""

    @property
    def asked(self) -> list[Record]:
        """Return the branches that are graded."""
        return [branch for branch in self.branches if _is_asked(branch)]

    def source(self, form: Form) -> Source:
        """Return the source that a form is for."""
        return next(source for source in self.scheme.sources if source.name == form.source)

    def named(self, owner: str) -> list[tuple[Form, str]]:
        """Return the forms of an owner, each with a title of its own."""
        forms = [form for form in self.forms if form.owner == owner]
        return list(zip(forms, file_titles(forms), strict=True))


def handouts(
    scheme: Scheme,
    round_label: str,
    branches: pd.DataFrame,
    raters: pd.DataFrame,
    by: str = "",
    *,
    alone: bool = True,
    office: str = "",
) -> Iterator[tuple[str, bytes]]:
    """Yield the path below 发放/ and the bytes of every workbook to hand out in a round (`2026 年初`).

    `branches` and `raters` are the roster's two tables; who is dissolved, merged, out of the round or retired
    gets nothing. `by` (上级党组织, 类别, 层级) puts the branches' folders under a folder each. `alone`: no other
    standard grades branches of this roster, so that one book may hold all of it. `office`: printed on every paper.
    A column `asked` of `branches` may say who is graded; who is not marks others, if branches do, and is not marked.
    A column `hints` may say by source what is known already of the rows of a branch's own form, a column `claimed` what
    it asked points for the time before: 加分项 and the rest in words.
    """
    forms = [form for form in forms_of(scheme, round_label) if form.kind != "small" or alone]
    roster = branches.to_dict("records"), raters.to_dict("records")
    plan = Plan(scheme, round_label, forms, _active(branches), _active(raters), roster, office)
    yield from _for_branches(plan, GROUPED_BY[by] if by else "")
    yield from _for_raters(plan)
    yield from _for_office(plan)


def _active(table: pd.DataFrame) -> list[Record]:
    return [record for record in table.to_dict("records") if record["state"] in ACTIVE]


def _is_asked(branch: Record) -> bool:
    return bool(branch.get("asked", True))


def _for_branches(plan: Plan, grouped_by: str) -> Iterator[tuple[str, bytes]]:
    named = plan.named("unit")
    ballots = [form for form, _ in named if form.kind == "survey"]
    for branch, folder in zip(plan.branches, _branch_folders(plan.branches, grouped_by), strict=True):
        owner, asked = (branch["unit"], branch["name"]), _is_asked(branch)
        for form, title in named if asked else [(form, title) for form, title in named if form.kind == "peer"]:
            path = f"{folder}/{file_name(owner, title)}"
            yield path, write_form(form, replace(_branch_filling(plan, form, branch), office=plan.office))
        for form, title in plan.named("office") if asked else ():
            if form.kind == "situation":  # each branch declares its own; the office confirms
                rows = {form.sheets[0].name: situation_rows(form, [branch])}
                yield f"{folder}/{file_name(owner, title)}", write_form(form, Filling(rows=rows, office=plan.office))
        for form in ballots if asked else ():
            title = BALLOT_TITLE + (f"_{form.source}" if len(ballots) > 1 else "")
            printed = write_ballots(plan.scheme, plan.source(form), plan.round_label, branch["name"], plan.office)
            yield f"{folder}/{file_name(owner, title)}", printed


def _branch_folders(branches: Sequence[Record], grouped_by: str) -> list[str]:
    own = unique([safe_name(f"{branch['unit']}_{branch['name']}") for branch in branches])
    if not grouped_by:
        return own
    groups = list(dict.fromkeys(branch[grouped_by] for branch in branches))
    names = unique([OFFICE_FOLDER, RATERS_FOLDER, *(safe_name(group or NO_GROUP) for group in groups)])
    folder_of = dict(zip(groups, names[2:], strict=True))
    return [f"{folder_of[branch[grouped_by]]}/{name}" for branch, name in zip(branches, own, strict=True)]


def file_name(owner: tuple[str, str], title: str) -> str:
    """Return `编码_名称_表名.xlsx`: as told apart in one folder when it comes back by chat or mail."""
    ending = f"_{title}.xlsx"
    return safe_name("_".join(owner), LIMIT - len(ending.encode())) + ending


def _branch_filling(plan: Plan, form: Form, branch: Record) -> Filling:
    head = {"党组织名称": branch["name"], "党组织编码": branch["unit"]}
    others = _rated_by(plan, form, branch) if form.kind == "peer" else []
    rows = {form.sheets[0].name: [identity(other) for other in others]} if form.kind == "peer" else {}
    spare = _ballot_rows(branch) if form.kind == "survey" else {}
    hints = branch.get("hints", {}).get(form.source, {}) if form.kind == "self" else {}
    return Filling(branch["unit"], head, rows, spare=spare, hints=hints)


def _rated_by(plan: Plan, form: Form, branch: Record) -> list[Record]:
    """Return the branches that a branch rates: all others, or those drawn for it."""
    source, others = plan.source(form), [other for other in plan.asked if other["unit"] != branch["unit"]]
    if not source.rates or source.seed is None:
        return others
    raters, rated = ([str(each["unit"]) for each in group] for group in (plan.branches, plan.asked))
    own = drawn_to_rate(raters, rated, source.rates, source.seed)[branch["unit"]]
    return [other for other in others if other["unit"] in own]


def _ballot_rows(branch: Record) -> dict[str, int]:
    """Return the rows to draw for a branch's ballots, by sheet."""
    members = branch["members"] if isinstance(branch["members"], int) else 0
    return {"测评票": max(members + MORE_BALLOTS, BALLOT_ROWS)}


def _for_raters(plan: Plan) -> Iterator[tuple[str, bytes]]:
    folders = unique([safe_name(f"{rater['rater']}_{rater['name']}") for rater in plan.raters])
    named = plan.named("rater")
    for rater, folder in zip(plan.raters, folders, strict=True):
        marked = [identity(branch) for branch in plan.asked if in_scope(rater, branch)]
        for form, title in named:
            if marked and rater["source"] in ("", form.source):
                filling = replace(_rater_filling(plan, form, rater, marked), office=plan.office)
                path = f"{RATERS_FOLDER}/{folder}/{file_name((rater['rater'], rater['name']), title)}"
                yield path, write_form(form, filling)


def _rater_filling(plan: Plan, form: Form, rater: Record, marked: Sequence[Cells]) -> Filling:
    """Return what is printed in a rater's form; indicators that are not the rater's to mark are shut."""
    own, sheet = _parts(rater["items"]), form.sheets[0]
    things = {thing.key: thing for thing in typed_things(plan.scheme, plan.source(form))}

    def is_asked(thing: Thing) -> bool:
        groups = {_plain(group) for group in thing.groups}
        within = not groups or _plain(rater["group"]) in groups
        return within and (not own or bool(own & {_plain(thing.key), _plain(thing.indicator)}))

    marks = [column for column in sheet.columns if column.reads == "mark"]
    shut = frozenset(column.heading for column in marks if not is_asked(things[column.item]))
    return Filling(rater["rater"], {"评委": rater["name"]}, {sheet.name: marked}, shut=shut)


def in_scope(rater: Record, branch: Record) -> bool:
    """Say whether a rater marks a branch: within 评定范围 (blank is all), and not among 回避党组织."""
    names = {_plain(branch[key]) for key in ("unit", "name", "short_name")} - {""}
    wider = names | {_plain(branch["parent"]), _plain(branch["category"])}
    scope = _parts(rater["units"])
    return (not scope or bool(scope & wider)) and not names & _parts(rater["avoids"])


def _parts(text: str) -> set[str]:
    """Return the names that an officer typed one after another."""
    return {_plain(part) for part in re.split(r"[、,，;；\n]", text)} - {""}


def _plain(text: str) -> str:
    """Return a name as it is compared: one form for each sign, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _for_office(plan: Plan) -> Iterator[tuple[str, bytes]]:
    for declared, title in plan.named("office"):
        form = with_claims(declared, plan.asked) if declared.kind in ("bonus", "small") else declared
        if form.kind in OFFICE_KINDS:
            rows = {form.sheets[0].name: situation_rows(form, plan.asked)} if form.kind == "situation" else {}
            yield f"{OFFICE_FOLDER}/{safe_name(title)}.xlsx", write_form(form, Filling(rows=rows))
        if form.kind == "small" and len(plan.branches) <= SMALL:
            marking = [source.name for source in plan.scheme.sources_in(plan.round_label.rpartition(" ")[2])]
            filling = small_filling(form, plan.roster, plan.asked, in_scope, marking)
            yield f"{OFFICE_FOLDER}/{safe_name(title)}.xlsx", write_form(form, filling)
