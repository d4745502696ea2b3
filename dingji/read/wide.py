"""Wide sheets: a row a branch or a ballot, a column a mark or question; and which rows are neither."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dingji.numbers import exact, plain
from dingji.problems import Problem
from dingji.read import cells
from dingji.read.answers import of_ballot
from dingji.read.lines import Cell, data_rows, odd_identity, says, set_identity, text_in
from dingji.read.locate import WHO, Located
from dingji.read.row_kinds import (
    are_codes,
    are_computed,
    exceeds,
    first_filled,
    is_average,
    is_ballot_number,
    is_bound,
    is_coded,
    is_labelled,
    is_lonely,
    is_mark,
    is_named,
    leads,
    may_count,
    micro,
    sums_up,
)
from dingji.read.rows import Reading, Row
from dingji.read.sheets import BALLOTS, read_marks
from dingji.read.sight import out_of_sight
from dingji.read.void_rows import noted_rows, void_in


def read_wide(located: Located) -> Reading:
    """Read a row a branch, or a ballot of the head's branch, with a column a mark or question."""
    reading = Reading()
    single = not any(column.field in ("code", "name") for column, _ in located.places)
    ballots = located.sheet.name == BALLOTS
    seen = _Seen(are_codes(located, "code"), single)
    for row, line in data_rows(located):
        marks = [cell for cell in line.values() if cell.column.item]
        if ballots:
            _read_ballot(row, line, marks, seen, reading)
        else:
            _read_branch(row, line, marks, seen, reading)
    reading.problems += [*noted_rows(located, seen.counted), *out_of_sight(located, reading.problems, seen.counted)]
    return reading


def _read_branch(row: int, line: Line, marks: Sequence[Cell], seen: _Seen, reading: Reading) -> None:
    """Read a branch's row; one that is nobody's is asked about where it has a mark, one that sums up is told."""
    named, marked = seen.single or is_named(line, coded=seen.coded), any(map(is_mark, marks))
    typed = [cell for cell in marks if not cell.blank]
    if not marked and (is_lonely(line) or (not named and (not typed or _is_signature(line)))):
        return
    if void := void_in(row, line):
        reading.problems.append(void.problem("W243"))
    elif marked and not is_coded(says(line, "code")) and _sums_up(marks, seen.aside, named=named):
        seen.aside.add(row)
        if named or not is_labelled(line):
            reading.problems.append(_first_mark(marks).problem("W233", row=leads(line)))
    elif not named:
        reading.problems.append(_first_mark(marks).problem("E229", what="党组织编码"))
    elif typed and not marked and not says(line, "code") and _is_signature(line):
        reading.problems.append(typed[0].problem("W233", row=leads(line)))
    else:
        taken = Reading()
        base = _base(line)
        odd = odd_identity(line, taken)
        read_marks(base, list(marks), taken, ballots=False)
        if total := _typed_total(line, marks):
            reading.problems.append(total.problem("E237"))
        elif wrong := _wrong_total(line, taken.rows):
            reading.problems.append(wrong)
        _take(taken, reading, refused=odd or bool(total))


def _read_ballot(row: int, line: Line, marks: Sequence[Cell], seen: _Seen, reading: Reading) -> None:
    """Read a ballot; a void one is counted apart, and what may be none is asked about."""
    number = text_in(line, "rater")
    silent = _is_blank if number and is_ballot_number(number) else _is_no_answer
    if all(map(silent, marks)) or not (seen.single or is_named(line, coded=seen.coded) or _marked(marks)):
        return
    if not (seen.single or is_named(line, coded=seen.coded)):
        reading.problems.append(_first_mark(marks).problem("E229", what="党组织编码"))
        return
    void = void_in(row, line)
    if not void and seen.is_total(row, number, marks):
        return
    base, taken = _base(line), Reading()
    doubt = "" if void else seen.doubt(line, marks)
    base.rater, twice = seen.number(number, row, base)
    odd = odd_identity(line, taken)
    read_marks(base, list(marks), taken, ballots=True)
    taken.problems = [of_ballot(problem, base.rater) for problem in taken.problems]
    if void or doubt:
        taken.problems = [void.problem("W243") if void else first_filled(line).problem("E245", why=doubt)]
    elif not _settle_group(line, taken):
        odd = True
    elif twice:
        taken.problems.append(line["rater"].problem("W418"))
    if void:
        taken.rows = [replace(each, value=None, option="", state="invalid") for each in taken.rows]
    refused = not void and (odd or bool(doubt))
    seen.counted += [] if void or refused else [row]
    _take(taken, reading, refused=refused)


Line = Mapping[str, Cell]


def _take(taken: Reading, reading: Reading, *, refused: bool) -> None:
    if refused:
        taken.rows = [replace(each, value=None, option="", state="refused") for each in taken.rows]
    reading.add(taken)


def _base(line: Line) -> Row:
    base = Row(group=says(line, "group"), reason=text_in(line, "reason"), sheet=first_filled(line).located.grid.name)
    set_identity(base, line)
    return base


def _is_signature(line: Line) -> bool:
    """Say whether words or a date are all that stands in a row, but for whose it may be: an office and a name."""
    words = [cell for cell in line.values() if not cell.blank and cell.column.field not in WHO]
    return len(words) == 1 and words[0].fault is None and not is_mark(words[0])


def _marked(marks: Sequence[Cell]) -> bool:
    return any(map(is_mark, marks))


def _first_mark(marks: Sequence[Cell]) -> Cell:
    return next(cell for cell in marks if not cell.blank)


def _sums_up(marks: Sequence[Cell], aside: Collection[int], *, named: bool) -> bool:
    """Say whether marks are none: given by formulas, or what those above come to; of nobody also their mean."""
    return are_computed(marks) or sums_up(marks, aside) or (not named and is_average(marks, alone=True))


def _is_blank(cell: Cell) -> bool:
    return cell.blank


def _is_no_answer(cell: Cell) -> bool:
    """Say whether words stand where an answer is asked that have no likeness to one, as in a line of signatures."""
    return cell.blank or (cell.column.reads == "mark" and cell.fault is None and not is_mark(cell))


@dataclass
class _Seen:
    """What the rows above tell of one: whether branches have codes, or there is but one; which ballots there were."""

    coded: bool
    single: bool
    ballots: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)
    numbers: set[tuple[str, str, str]] = field(default_factory=set)
    of_groups: set[tuple[str, str, str, str]] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    aside: set[int] = field(default_factory=set)
    counted: list[int] = field(default_factory=list)

    def number(self, typed: str, row: int, base: Row) -> tuple[str, bool]:
        """Return a ballot's number, and whether another ballot of its 身份 has it.

        One without a number, or with another's, is told by its row too, so it stays its own.
        """
        place, group = f"第{row + 1}行", (base.code, base.name, typed, base.group)
        number, twice = typed or place, group in self.of_groups
        if (base.code, base.name, number) in self.numbers:
            number = f"{typed}（{place}）"
        self.numbers.add((base.code, base.name, number))
        self.of_groups |= {group} if typed else set()
        return number, twice

    def is_total(self, row: int, number: str, marks: Sequence[Cell]) -> bool:
        """Say whether a row is the total of ballots beyond doubt: words for a number, sums above the full mark."""
        if not number or is_ballot_number(number) or not (sums_up(marks, self.aside) and exceeds(marks)):
            return False
        self.aside.add(row)
        return True

    def doubt(self, line: Line, marks: Sequence[Cell]) -> str:
        """Say why a row is perhaps no ballot; "" where it is one by its form: a number, and answers that were typed."""
        number = text_in(line, "rater")
        if number and not is_ballot_number(number):
            return "票号不是号码"
        if are_computed(marks):
            return "各项是公式算出来的"
        who = (says(line, "code"), says(line, "name"))
        numbered = any(key[:2] == who for key in self.ballots)
        answers = tuple(cell.text for cell in marks)
        figures = [cell for cell in marks if not cell.blank]
        if all(cell.column.reads in cells.FIGURES for cell in figures) and self._is_figure_of_all(
            figures, number, numbered=numbered
        ):
            return "各项正好是上面各行的合计、平均或最高、最低"
        group = says(line, "group")
        if not number and numbered and group and group not in self.groups:
            return "别的票都有票号，这一行只有身份栏写着字"
        self.groups |= {group} if number else set()
        if number and self.ballots.setdefault((*who, number), answers) == answers and (*who, number) in self.numbers:
            return "与上面同号的一行完全相同"
        return ""

    def _is_figure_of_all(self, figures: Sequence[Cell], number: str, *, numbered: bool) -> bool:
        """Say whether a row is all ballots' together: one without a number, or whose number may count them."""
        if not number:
            summed = sums_up(figures, self.aside) or is_average(figures, alone=numbered)
            return summed or (numbered and is_bound(figures))
        return may_count(number) and len(figures) > 1 and is_average(figures, alone=True)


def _typed_total(line: Line, marks: Sequence[Cell]) -> Cell | None:
    """Return the live total of a row where a figure stands in it and no mark does: somebody typed over it."""
    totals = (cell for cell in line.values() if cell.column.reads == "formula" and not cell.blank)
    typed = (cell for cell in totals if cell.fault is None and cells.read_mark(cell.value, None, None).number)
    return next(typed, None) if all(cell.blank for cell in marks) else None


def _wrong_total(line: Line, rows: Sequence[Row]) -> Problem | None:
    """Return a problem where a total was typed over the live one, and the marks come to something else."""
    states = {row.state for row in rows}
    totals = [cell for cell in line.values() if cell.column.reads == "formula" and not (cell.blank or cell.computed)]
    own = next((number for cell in totals if (number := micro(cell.value))), None)
    found = sum(row.value or 0 for row in rows)
    if own is None or own == found or not states <= {"typed", "blank"}:
        return None
    return totals[0].problem("W567", sum=plain(exact(found)))


def _settle_group(line: Line, ballot: Reading) -> bool:
    """Put a ballot into its 身份 as the standard calls it; False, with a problem, where that is blank or unknown."""
    cell = line.get("group")
    if cell is None or not cell.column.choices:
        return True
    outcome = cells.read_choice(says(line, "group"), cell.column.choices)
    for row in ballot.rows:
        row.group = outcome.text
    if outcome.problem:
        code = "E204" if cell.blank else outcome.problem
        ballot.problems.append(cell.problem(code, **outcome.values))
    return not outcome.problem
