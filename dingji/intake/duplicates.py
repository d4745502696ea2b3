"""What came twice: the same counts once, the different not at all until a person decides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

from dingji.forms import columns_form, questionnaire_form
from dingji.problems import Problem
from dingji.read.reading import FileReading
from dingji.scheme.names import RATED

OWN_FORMS = ("self", "survey")
"""Forms of which a branch hands in one (a survey one a session)."""

OWNERLESS_FORMS = (
    *("records", "bonus", "situation", "receipt", "decision", "correction", "result", "ledger"),
    *("nominee", "honour", questionnaire_form.KIND, columns_form.KIND),
)
"""Forms that are no one branch's or rater's: there may be several of each."""

FormKey = tuple[str, str, str, str, str]
"""Kind, standard, source, round label and owner of a form."""

SESSION = 5
"""How much of a key tells the form; after it a survey's session, or a rater."""


@dataclass(frozen=True)
class Settled:
    """A reading with the branch and the rater of every row; None where that could not be told, so the row is out."""

    reading: FileReading
    units: list[str | None]
    raters: list[str | None]


def put_aside(readings: Sequence[FileReading], owners: Mapping[str, str], problems: list[Problem]) -> dict[str, str]:
    """Return the files that do not count, with the code of the reason: whole files, each one owner's."""
    groups: defaultdict[tuple[str, ...], list[FileReading]] = defaultdict(list)
    taken = [reading for reading in readings if reading.taken and reading.kind != "roster"]
    often = Counter(form_key(reading, "") for reading in taken if reading.kind in OWNERLESS_FORMS)
    for reading in taken:
        alone = often[form_key(reading, "")] == 1  # what it says is of interest only beside another
        groups[form_key(reading, "") if alone else _key(reading, owners[reading.path])].append(reading)
    aside: dict[str, str] = {}
    for group in groups.values():
        first, *others = group
        same = [other for other in others if other.columns == first.columns]
        for other in same:
            if aside.setdefault(other.path, "N304") == "N304" and not _is_said(other, problems):
                problems.append(Problem("N304", other.path, values={"other": first.path}))
        different = [reading for reading in group if reading not in same]
        if len(different) > 1 and first.kind not in OWNERLESS_FORMS:
            aside |= {reading.path: "E305" for reading in different}
            problems += [_differs(reading, different, owners[reading.path]) for reading in different]
    return aside


def _is_said(reading: FileReading, problems: Iterable[Problem]) -> bool:
    """Say whether a book of several forms was already told to be a copy."""
    return any(problem.code == "N304" and problem.file == reading.path for problem in problems)


def _key(reading: FileReading, owner: str) -> tuple[str, ...]:
    """Forms are duplicates if kind, source and owner agree; a survey's sessions and its two entries are apart.

    The office's own add up, so only what says the same is a copy, whatever its bytes: saving anew changes them all.
    """
    if reading.kind in OWNERLESS_FORMS:
        # A part of a book of several forms goes by the book: it cannot be put aside alone.
        says = reading.sha256 if reading.many else repr((reading.columns, reading.roster))
        return (*form_key(reading, ""), says)
    session = (reading.head.get("测评场次", ""), reading.head.get("录入", "")) if reading.kind == "survey" else ()
    return (*form_key(reading, owner or reading.sha256), *session)


def form_key(reading: FileReading, owner: str) -> FormKey:
    """Return what tells a form from all others that are owed."""
    return reading.kind, reading.scheme, reading.source, reading.round, owner


def _differs(reading: FileReading, group: Iterable[FileReading], owner: str) -> Problem:
    others = "、".join(dict.fromkeys(other.path for other in group if other is not reading))
    unit = owner if reading.kind != "committee" else ""
    return Problem("E305", reading.path, unit=unit, values={"other": others})


# --- a branch in two books --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Held:
    """What one file says of one branch (and by one rater): the rows, and their content wherever it stands."""

    form: Settled
    rows: tuple[int, ...]
    content: tuple[str, ...]


def leave_out_twice_named(forms: Sequence[Settled], problems: list[Problem]) -> dict[FormKey, tuple[str, ...]]:
    """Leave out what two files say of one branch, as where a book of many names it again.

    The same content counts once, with a note a file. Returns the files of every branch's form of which two differ.
    """
    held = _held_twice(forms)
    twice: dict[FormKey, tuple[str, ...]] = {}
    copies: dict[tuple[str, str], None] = {}
    for key, found in held.items():
        first, *others = found
        if not others or not (first.form.reading.kind in OWN_FORMS or any(map(_states_facts, found))):
            continue
        if all(other.content == first.content for other in others):
            copies |= {(other.form.reading.path, first.form.reading.path): None for other in others}
            _leave_out(others)
            continue
        _leave_out(found)
        twice[form_key(first.form.reading, key[SESSION - 1])] = tuple(each.form.reading.path for each in found)
        problems += [_differs_for(each, found, *key[SESSION - 1 : SESSION + 1]) for each in found]
    problems += [Problem("N304", path, values={"other": other}) for path, other in copies]
    return twice


def _held_twice(forms: Sequence[Settled]) -> Mapping[tuple[str, ...], list[_Held]]:
    """Return by branch what several files hold of it; of a rater's only rows that say something."""
    named = [(_named(form), form) for form in forms]
    often = Counter(key for keys, _ in named for key in keys.values())
    held: defaultdict[tuple[str, ...], list[_Held]] = defaultdict(list)
    for keys, form in named:
        twice = {who: key for who, key in keys.items() if often[key] > 1}
        for who, rows in _rows_by_branch(form, twice).items():
            if form.reading.kind not in RATED or _says_something(form, rows):
                held[twice[who]].append(_Held(form, tuple(rows), _content(form.reading, rows)))
    return held


def _says_something(form: Settled, rows: Iterable[int]) -> bool:
    states = form.reading.columns["state"]
    return any(states[row] != "blank" for row in rows)


_Who = tuple[str | None, str | None]
"""The branch of some rows, and the rater where it is a book of marks."""


def _whose(form: Settled) -> Iterable[_Who]:
    """Return whose each row is."""
    people: Iterable[str | None] = form.raters if form.reading.kind in RATED else repeat("")
    return zip(form.units, people, strict=False)


def _people(form: Settled) -> Iterable[_Who]:
    """Return whose rows a form holds, each once."""
    rated = form.reading.kind in RATED
    return dict.fromkeys(_whose(form)) if rated else zip(dict.fromkeys(form.units), repeat(""), strict=False)


def _named(form: Settled) -> dict[_Who, tuple[str, ...]]:
    """Return whose rows a file holds, with what tells a branch's form (of a rater's marks) from all others."""
    reading = form.reading
    if reading.kind not in (*RATED, *OWN_FORMS):
        return {}
    session = _key(reading, "")[SESSION:]
    return {
        (unit, person): (*form_key(reading, unit), person, *session)
        for unit, person in _people(form)
        if unit and person is not None
    }


def _rows_by_branch(form: Settled, wanted: Container[_Who]) -> Mapping[_Who, list[int]]:
    """Return the rows of each branch, or branch and rater, that is wanted."""
    found: defaultdict[_Who, list[int]] = defaultdict(list)
    for index, who in enumerate(_whose(form)) if wanted else ():
        if who in wanted and form.raters[index] is not None:
            found[who].append(index)
    return found


CONTENT = ("part", "group", "rule", "option", "value", "amount", "reason", "verdict", "state")


def _content(reading: FileReading, rows: Iterable[int]) -> tuple[str, ...]:
    """Return what rows say, in an order of its own; a rule tells its indicator, and a ballot's number is its own."""
    columns, survey = dict(reading.columns), reading.kind == "survey"
    return tuple(
        sorted(
            repr(
                (
                    *(columns[name][row] for name in CONTENT),
                    "" if columns["rule"][row] else columns["item"][row],
                    columns["rater"][row] if survey else "",
                )
            )
            for row in rows
        )
    )


def _states_facts(held: _Held) -> bool:
    parts = held.form.reading.columns["part"]
    return any(parts[row] == "fact" for row in held.rows)


def _leave_out(held: Iterable[_Held]) -> None:
    for each in held:
        for row in each.rows:
            each.form.units[row] = None


def _differs_for(held: _Held, found: Iterable[_Held], unit: str, rater: str) -> Problem:
    problem = _differs(held.form.reading, [each.form.reading for each in found], "")
    subject = f"评委 {rater}" if rater else ""
    return Problem(problem.code, problem.file, subject=subject, unit=unit, values=problem.values)
