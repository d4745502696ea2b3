"""Answers → the forms that people would hand in: workbooks of one fictional branch, its raters and the office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from dingji.forms import office_forms
from dingji.forms.catalogue import MARKING, forms_of
from dingji.forms.declare import TALLY_MEAN, YES_NO, Form
from dingji.forms.filling import Cells, Filling, Value
from dingji.forms.marking_forms import thing_heading
from dingji.forms.survey_form import COUNTS
from dingji.scheme.marking import typed_rules, typed_things
from dingji.scheme.model import Scheme, Source
from dingji.trial.answers import Cells as Typed
from dingji.trial.slots import (
    AMOUNT,
    BONUS,
    FIGURE,
    LAST_YEAR,
    OPTION,
    PREVIOUS,
    RECORDS,
    ROSTER,
    SITUATIONS,
    WORK,
    Slot,
)

UNIT, NAME, PARENT = "L01", "例子", "上级党组织"
IDENTITY: Final[Cells] = {"党组织编码": UNIT, "党组织名称": NAME}
YEAR: Final = 2026
BALLOTS: Final = 10
"""So many ballots are said to be there where only the mean of their marks is typed."""
PROOF = "例子"
Filled = Mapping[Slot, list[Typed]]
Paper = tuple[Form, Filling]


@dataclass(frozen=True)
class Rater:
    """Who marks: the 评委编号 (of a branch its code), the source, 组别, and which of the typed figures are theirs."""

    number: str
    source: str
    group: str
    place: int


def papers(scheme: Scheme, typed: Mapping[str, Filled], round_name: str, day: date) -> Iterator[Paper]:
    """Yield every form with something in it, the roster first; `day` is one within the round."""
    raters = {name: _raters(scheme, name, answers) for name, answers in typed.items()}
    everyone = {rater.number: rater for of_round in raters.values() for rater in of_round}
    yield _roster(scheme, typed, list(everyone.values()))
    yield from _earlier(scheme, typed.get(round_name, {}), round_name)
    for name, answers in typed.items():
        label = f"{YEAR} {name}"
        for source in scheme.sources_in(name):
            if source.main_form:
                own = {slot: rows for slot, rows in answers.items() if slot.place == source.name}
                yield from _forms(scheme, source, label, own, raters[name])
        yield from _office(scheme, label, answers, day)


# --- who is there -----------------------------------------------------------------------------------------


def _raters(scheme: Scheme, round_name: str, answers: Filled) -> list[Rater]:
    found: list[Rater] = []
    for source in scheme.sources_in(round_name):
        if source.main_form not in ("committee", "peer"):
            continue
        marks = [(slot, len(rows)) for slot, rows in answers.items() if slot.place == source.name]
        if marks:
            several = [count for slot, count in marks if slot.kind == "mark"]
            count = max([*several, source.min_raters, 1])
            groups = sorted({group for slot, _ in marks for group in slot.raters}) or [""]
            found += [
                Rater(
                    f"P{place + 1}" if source.main_form == "peer" else f"{source.name}{group}{place + 1}",
                    source.name,
                    group,
                    place,
                )
                for group in groups
                for place in range(count)
            ]
    return found


def _roster(scheme: Scheme, typed: Mapping[str, Filled], raters: Sequence[Rater]) -> Paper:
    told = {
        slot.key: _value(rows[0], slot) for of in typed.values() for slot, rows in of.items() if slot.place == ROSTER
    }
    own = {**IDENTITY, "排序号": 1, "上级党组织": PARENT, **told}
    peers = [rater.number for rater in raters if _form_of(scheme, rater.source) == "peer"]
    others = [
        {"党组织编码": code, "党组织名称": f"{NAME}{code}", "排序号": place, "上级党组织": own["上级党组织"]}
        for place, code in enumerate(peers, start=2)
    ]
    people = [
        {"评委编号": rater.number, "评委": rater.number, "来源": rater.source, "组别": rater.group}
        for rater in raters
        if rater.number not in peers
    ]
    rows: dict[str, list[Cells]] = {"名册": [own, *others], "评委": [*people]}
    return office_forms.roster_form(scheme, ""), Filling(rows=rows)


def _form_of(scheme: Scheme, source: str) -> str:
    return next(one.main_form for one in scheme.sources if one.name == source)


def _value(cells: Typed, slot: Slot) -> Value:
    """Return what stands in a roster's cell: dates as such."""
    value = cells.get(FIGURE, "")
    is_date = slot.key.endswith(("日期", "时间")) and isinstance(value, str)
    return date.fromisoformat(str(value)) if is_date and value else value


def _earlier(scheme: Scheme, answers: Filled, round_name: str) -> Iterator[Paper]:
    """Yield the results of the round before, and of the same round a year ago; one paper where these are the same."""
    names = list(scheme.rounds) or [round_name]
    place = names.index(round_name) if round_name in names else 0
    before = f"{YEAR} {names[place - 1]}" if place else f"{YEAR - 1} {names[-1]}"
    labels = {PREVIOUS: before, LAST_YEAR: f"{YEAR - 1} {round_name}"}
    grades = {labels[slot.place]: rows[0].get(OPTION, "") for slot, rows in answers.items() if slot.kind == "grade"}
    for label, grade in grades.items():
        row: Cells = {**IDENTITY, "审定等次": grade}
        yield office_forms.result_form(scheme, label), Filling(rows={"一览表": [row]})


# --- forms on which somebody marks ------------------------------------------------------------------------


def _forms(scheme: Scheme, source: Source, label: str, answers: Filled, raters: Sequence[Rater]) -> Iterator[Paper]:
    if not answers:
        return
    form = MARKING[source.main_form](scheme, label, source)
    if source.main_form == "self":
        yield form, _claims(answers)
    elif source.main_form == "survey":
        yield form, _tally(source, answers)
    else:
        for rater in raters:
            if rater.source == source.name:
                yield form, _book(scheme, source, answers, rater)


def _claims(answers: Filled) -> Filling:
    marks = {slot.key: {"自评得分": rows[0].get(FIGURE)} for slot, rows in answers.items() if slot.kind == "mark"}
    facts = {slot.key: _fact(rows[0]) for slot, rows in answers.items() if slot.kind == "fact"}
    head = {slot.key: rows[0].get(FIGURE) for slot, rows in answers.items() if slot.kind == "head"}
    return Filling(UNIT, {**IDENTITY, **head}, printed={"自评表": marks} | ({"扣分加分": facts} if facts else {}))


def _fact(cells: Typed) -> Cells:
    return {heading: cells[heading] for heading in (OPTION, FIGURE, AMOUNT) if heading in cells}


def _tally(source: Source, answers: Filled) -> Filling:
    rows: dict[str, dict[str, Value]] = {}
    for slot, typed in answers.items():
        if slot.kind == "votes":
            rows.setdefault(f"{slot.question}|{slot.group}", {})[slot.key] = typed[0].get(FIGURE)
        elif slot.kind == "mean":
            rows[f"{slot.key}|{slot.group}"] = {TALLY_MEAN: typed[0].get(FIGURE)}
    given = {slot.key: typed[0].get(FIGURE) for slot, typed in answers.items() if slot.kind == "head"}
    first = next(iter(source.questions), "")
    votes = [typed[0].get(FIGURE) for slot, typed in answers.items() if slot.kind == "votes" and slot.question == first]
    cast = sum((vote for vote in votes if isinstance(vote, Decimal)), Decimal(0))
    count = given.get("收回") or cast or max(BALLOTS, source.min_ballots)
    counts = {**dict.fromkeys((*COUNTS,), count), "无效": 0, **given}
    return Filling(UNIT, {**IDENTITY, **counts}, printed={"测评汇总": rows})


def _book(scheme: Scheme, source: Source, answers: Filled, rater: Rater) -> Filling:
    """Return one rater's book: marks as typed, facts verified; a row without a rule where nothing happened."""
    own = {slot: rows for slot, rows in answers.items() if not slot.raters or rater.group in slot.raters}
    headings = {thing.key: thing_heading(thing) for thing in typed_things(scheme, source)}
    marks = {
        headings[slot.key]: rows[rater.place if len(rows) > 1 else 0].get(FIGURE)
        for slot, rows in own.items()
        if slot.kind == "mark" and (len(rows) == 1 or rater.place < len(rows))
    }
    facts = [
        {**IDENTITY, "指标": slot.path[0], "规则": slot.key, "事由": proof, "已核": YES_NO[0], **_fact(row)}
        for slot, rows in own.items()
        if slot.kind == "fact"
        for row, proof in _with_proofs(rows)
    ]
    if typed_rules(scheme, source) and len(marks) < len(headings) + (source.marks == "rules"):
        facts.append({**IDENTITY, "已核": YES_NO[0]})  # what is left blank and has no row of its own is in order
    sheets: dict[str, Sequence[Cells]] = {"评定表": [{**IDENTITY, **marks}]}
    head = (
        {"评委": rater.number}
        if source.main_form == "committee"
        else {"党组织编码": rater.number, "党组织名称": f"{NAME}{rater.number}"}
    )
    return Filling(rater.number, head, sheets | ({"评定扣分": facts} if facts else {}))


# --- the office's forms -----------------------------------------------------------------------------------


def _office(scheme: Scheme, label: str, answers: Filled, day: date) -> Iterator[Paper]:
    forms = {form.title: form for form in forms_of(scheme, label) if not form.source}
    rows: dict[str, list[Cells]] = {title: [] for title in (RECORDS, BONUS, SITUATIONS)}
    for slot, typed in answers.items():
        if slot.place == RECORDS:
            named = {**IDENTITY, "日期": day, "指标": slot.path[0], "规则": slot.key, "依据": PROOF}
            rows[RECORDS] += [{**named, "事由": proof, **_fact(row)} for row, proof in _with_proofs(typed)]
        elif slot.place == BONUS:
            rows[BONUS] += [_applied(slot, row, proof) for row, proof in _with_proofs(typed)]
    rows[SITUATIONS] = [*_declared(scheme, answers)]
    for title, lines in rows.items():
        if lines:
            yield forms[title], Filling(rows={title: lines})


def _with_proofs(rows: Sequence[Typed]) -> Iterator[tuple[Typed, str]]:
    """Yield what was typed of one rule with a proof of its own: each row is another event, and none stands twice."""
    for place, row in enumerate(rows):
        yield row, f"{PROOF}{place + 1}" if place else PROOF


def _applied(slot: Slot, cells: Typed, proof: str) -> Cells:
    renamed = {"级别" if heading == OPTION else heading: value for heading, value in _fact(cells).items()}
    return {**IDENTITY, "加分项": slot.key, WORK: cells.get(WORK, ""), "依据": proof, "审核意见": "同意", **renamed}


def _declared(scheme: Scheme, answers: Filled) -> Iterator[Cells]:
    """Yield a row for every circumstance: those not spoken of do not exist."""
    said = {slot.key: rows[0].get(OPTION, "") for slot, rows in answers.items() if slot.place == SITUATIONS}
    for situation in scheme.situations:
        if not situation.when:
            answer = said.get(situation.name) or YES_NO[1]
            confirmed = {"办公室确认": answer} if answer == YES_NO[0] else {}
            yield {**IDENTITY, "情形": situation.name, "是否存在": answer, **confirmed}
