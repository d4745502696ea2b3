"""What an example types, as TOML has it → answers: rows of cells by slot, and what could not be placed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dingji.forms.declare import EXCUSED, YES_NO
from dingji.round_days import ONLY_ROUND
from dingji.scheme.finding import nearest
from dingji.scheme.model import Scheme
from dingji.trial.slots import AMOUNT, FIGURE, HEADINGS, OPTION, Slot, slots_of

Cells = dict[str, Decimal | str]
"""What stands in a slot by heading."""
Path = tuple[str, ...]


@dataclass
class Answers:
    """What was typed, by round and slot: one cell a rater, or one row each time that something happened."""

    typed: dict[str, dict[Slot, list[Cells]]] = field(default_factory=dict)
    faults: list[tuple[Path, str]] = field(default_factory=list)
    """What could not be placed: where in the example it stands, and why."""

    def put(self, round_name: str, slot: Slot, rows: list[Cells]) -> None:
        """Take what stands in a slot; blank rows say nothing, but keep the place of a rater."""
        if any(rows):
            self.typed.setdefault(round_name, {})[slot] = rows


def rounds_typed(scheme: Scheme, round_name: str) -> list[str]:
    """Return the rounds whose figures make that of a round, the last one itself."""
    return [name for name, _ in scheme.rounds_taken(round_name)]


def last_round(scheme: Scheme) -> str:
    """Return the round that is meant where none is named: of several that make one figure the last, else the first."""
    names = list(scheme.rounds)
    return (names[-1] if isinstance(scheme.rounds, dict) else names[0]) if names else ONLY_ROUND


def answers_of(scheme: Scheme, round_name: str, typed: Mapping[str, Any]) -> Answers:
    """Place everything that an example types; where several rounds make one figure, rounds are named first."""
    answers, rounds = Answers(), rounds_typed(scheme, round_name)
    for name, value in typed.items():
        if len(rounds) > 1 and name in rounds and isinstance(value, Mapping):
            _place_round(scheme, name, value, (name,), answers)
    others = {name: value for name, value in typed.items() if len(rounds) == 1 or name not in rounds}
    _place_round(scheme, round_name, others, (), answers)
    return answers


def _place_round(scheme: Scheme, name: str, typed: Mapping[str, Any], at: Path, answers: Answers) -> None:
    slots = slots_of(scheme, name)
    places = list(dict.fromkeys(slot.place for slot in slots))
    for place, value in typed.items():
        own = [slot for slot in slots if slot.place == place]
        if own:
            _place(name, own, (), value, ((*at, place), answers))
        else:
            answers.faults.append(((*at, place), f"没有“{place}”，可以写 {'、'.join(places)}{nearest(place, places)}"))


Note = tuple[Path, Answers]
"""Where in the example a value stands, and where it is put."""


def _place(name: str, slots: Sequence[Slot], path: Path, value: Any, note: Note) -> None:  # noqa: ANN401 - TOML
    """Put a value into the slot that it is for, or its parts into theirs."""
    at, answers = note
    if isinstance(value, Mapping) and not set(value) <= set(HEADINGS):
        for key, part in value.items():
            _place(name, slots, (*path, key), part, ((*at, key), answers))
        return
    found = [slot for slot in slots if _is_called(slot, path)]
    marks = [slot for slot in slots if slot.kind == "mark" and slot.path[: len(path)] == path]
    if not found and len(marks) == 1:
        found = marks
    if len(found) != 1 and isinstance(value, list) and len(marks) == len(value):
        found = []
        for slot, part in zip(marks, value, strict=True):
            _fill(name, slot, part, note)
    elif len(found) == 1:
        _fill(name, found[0], value, note)
    else:
        answers.faults.append((at, _lost(slots, path, len(found) or len(marks))))


def _is_called(slot: Slot, path: Path) -> bool:
    """Say whether names are those of a slot, the leading ones left out or not."""
    short = slot.path[len(slot.path) - len(path) :]
    return path == short or (slot.kind == "mark" and path == (slot.key,)) if path else not slot.path


def _lost(slots: Sequence[Slot], path: Path, found: int) -> str:
    shown = "·".join(path)
    if found:
        return f"{f'“{shown}”' if shown else '这里'}有 {found} 处可填，请写全名称，或按表上的顺序写 {found} 个数"
    names = list(dict.fromkeys(name for slot in slots for name in slot.path))
    return f"没有“{shown}”{nearest(path[-1] if path else '', names)}"


def _fill(name: str, slot: Slot, value: Any, note: Note) -> None:  # noqa: ANN401 - TOML
    at, answers = note
    rows = [cells_of(slot, part) for part in (value if isinstance(value, list) else [value])]
    if None in rows:
        wrong = "要写数" if slot.takes == (FIGURE,) else "这样写不成"
        answers.faults.append((at, f"“{slot.name or slot.place}”填的是{'、'.join(slot.takes)}，{wrong}"))
        return
    answers.put(name, slot, [row for row in rows if row is not None])


def cells_of(slot: Slot, value: Any) -> Cells | None:  # noqa: ANN401 - TOML
    """Return the cells that one value stands for; None where the slot takes no such thing."""
    if isinstance(value, Mapping):
        return dict(value) if set(value) <= set(slot.takes) else None
    if isinstance(value, str):
        heading = OPTION if OPTION in slot.takes else FIGURE
        worded = heading == OPTION or slot.kind == "roster" or value in EXCUSED
        return ({heading: value} if value else {}) if heading in slot.takes and (worded or not value) else None
    if not isinstance(value, Decimal):
        return None
    if FIGURE in slot.takes:
        return {FIGURE: value}
    yes = {OPTION: YES_NO[0]} if slot.choices == YES_NO else {}
    return {**yes, AMOUNT: value} if AMOUNT in slot.takes else None


def in_order(answers: Mapping[Slot, list[Cells]], place: str) -> Iterator[tuple[Slot, list[Cells]]]:
    """Yield what was typed in one place."""
    return ((slot, rows) for slot, rows in answers.items() if slot.place == place)
