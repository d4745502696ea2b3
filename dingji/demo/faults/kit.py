"""What a fault is made with: the forms of its own branch, before they are written, and the folder they go into."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from dingji.demo.files import Stage, papers
from dingji.demo.people import Branch, fill_book
from dingji.forms.catalogue import forms_of
from dingji.forms.declare import Form
from dingji.forms.filling import Filling, Value
from dingji.forms.handout import file_name
from dingji.forms.office_forms import result_form
from dingji.forms.write import write_form
from dingji.numbers import exact
from dingji.read.cells import read_mark

FOLDER: Final = "练习"
"""The folder below input/ for what is in no form's own folder."""

MARKS: Final = "marks"
"""What a fault needs that is in a mark typed by raters: not every standard has any."""

Cells = dict[str, Value]
Work = Callable[[bytes], bytes]
"""What somebody, or some program, did to a finished workbook."""


@dataclass
class Paper:
    """A form on its way into input/: `head` by label, `rows` and `printed` by sheet, and what is done to it then."""

    path: str
    form: Form
    who: str
    head: dict[str, Value]
    rows: dict[str, list[Cells]]
    printed: dict[str, dict[str, Cells]]
    works: list[Work] = field(default_factory=list)
    owner: str = ""
    """Whose form it is, whatever its stamp and head come to say."""

    @classmethod
    def of(cls, path: str, form: Form, filling: Filling) -> Paper:
        """Return a paper of a filling, open to change."""
        rows = {name: [dict(row) for row in given] for name, given in filling.rows.items()}
        printed = {name: {key: dict(cells) for key, cells in given.items()} for name, given in filling.printed.items()}
        return cls(path, form, filling.who, dict(filling.head), rows, printed, owner=filling.who)

    def row(self, sheet: str, code: str) -> Cells:
        """Return a branch's or a rater's row of a sheet."""
        return next(row for row in self.rows[sheet] if code in (row.get("党组织编码"), row.get("评委编号")))

    def written(self) -> bytes:
        """Return the workbook, with everything done to it."""
        raw = write_form(self.form, Filling(self.who, self.head, self.rows, self.printed))
        for work in self.works:
            raw = work(raw)
        return raw


@dataclass
class Desk:
    """Everything that goes into input/ of a folder of faults: papers, and files that are none."""

    stage: Stage
    papers: list[Paper]
    files: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, stage: Stage) -> Desk:
        """Fill every form of the round; the guests' marks are all plain figures, so that only the faults are told."""
        desk = cls(stage, [Paper.of(*paper) for paper in papers(stage)])
        guests = {branch.code for branch in stage.guests}
        for paper in desk.papers:
            if paper.who in guests:
                paper.printed.pop("扣分加分", None)
                for lines in paper.printed.values():
                    _tidy(paper.form, list(lines.values()))
            for rows in paper.rows.values():
                _tidy(paper.form, [row for row in rows if paper.who in guests or row.get("党组织编码") in guests])
        return desk

    @property
    def forms(self) -> list[Form]:
        """Return the forms of the round."""
        return forms_of(self.stage.scheme, self.stage.settings.round.label)

    def form(self, kind: str) -> Form:
        """Return a form of the round; StopIteration where the standard has none of the kind."""
        return next(form for form in self.forms if form.kind == kind)

    def without(self, code: str) -> None:
        """Take a branch off the desk, with all its forms and rows."""
        self.papers = [paper for paper in self.papers if paper.owner != code]
        for paper in self.papers:
            for name, rows in paper.rows.items():
                own = ((row.get("党组织编码"), row.get("评委编号")) for row in rows)
                paper.rows[name] = [
                    row for row, who in zip(rows, own, strict=True) if not {code, f"PW-{code}"} & {*who}
                ]

    def written(self) -> dict[str, bytes]:
        """Return every file by its path below input/."""
        return {**{paper.path: paper.written() for paper in self.papers}, **self.files}


def _tidy(form: Form, lines: Sequence[Cells]) -> None:
    """Turn marks that were typed in an odd way into plain figures."""
    marks = {column.heading for sheet in form.sheets for column in sheet.columns if column.reads == "mark"}
    for line in lines:
        for heading, value in line.items():
            if (
                heading in marks
                and isinstance(value, str)
                and (number := read_mark(value, None, None).number) is not None
            ):
                line[heading] = exact(number)


@dataclass
class Case:
    """One fault's branch, its forms on the desk, and the paths of the files that the fault is in."""

    desk: Desk
    branch: Branch
    paths: list[str] = field(default_factory=list)

    def own(self, kind: str = "self") -> Paper:
        """Return the branch's own form of a kind, which the fault is in."""
        paper = self._paper(kind, self.branch.code)
        self._mark(paper.path)
        return paper

    def _paper(self, kind: str, who: str) -> Paper:
        return next(paper for paper in self.desk.papers if paper.form.kind == kind and paper.owner == who)

    def _mark(self, path: str) -> None:
        if path not in self.paths:
            self.paths.append(path)

    def renamed(self, ending: str, kind: str = "self") -> None:
        """Give the branch's form another file name's ending."""
        paper = self.own(kind)
        self.paths.remove(paper.path)
        paper.path = paper.path.removesuffix(".xlsx") + ending
        self._mark(paper.path)

    def withheld(self, kind: str = "self") -> Paper:
        """Take the branch's form off the desk and return it."""
        paper = self._paper(kind, self.branch.code)
        self.desk.papers.remove(paper)
        return paper

    def added(self, name: str, raw: bytes) -> None:
        """Add a file to the folder that is no paper."""
        self.desk.files[f"{FOLDER}/{name}"] = raw
        self._mark(f"{FOLDER}/{name}")

    def copied(self, name: str, paper: Paper) -> Paper:
        """Put a second copy of a paper on the desk, under another name."""
        copied = Filling(paper.who, paper.head, paper.rows, paper.printed)
        copy = Paper.of(f"{FOLDER}/{name}", paper.form, copied)
        copy.owner = "copy"
        self.desk.papers.append(copy)
        self._mark(copy.path)
        return copy

    # --- the office's forms -------------------------------------------------------------------------------

    @property
    def roster(self) -> Cells:
        """Return the branch's row of the roster."""
        return self._paper("roster", "").row("名册", self.branch.code)

    def row(self, **cells: Value) -> Cells:
        """Return a row that names the branch."""
        return {**self.branch.identity, **cells}

    def office(self, kind: str, *rows: Mapping[str, Value]) -> Paper:
        """Put an office form with these rows on the desk, in a file of its own."""
        form = self.desk.form(kind)
        paper = Paper.of(f"{FOLDER}/{form.title}_{self.branch.name}.xlsx", form, Filling())
        paper.rows[form.sheets[0].name] = [dict(row) for row in rows]
        paper.owner = self.branch.code
        self.desk.papers.append(paper)
        self._mark(paper.path)
        return paper

    def earlier(self, *rows: Mapping[str, Value]) -> None:
        """Put another result of the round before on the desk."""
        known = self._paper("result", "")
        paper = self.office("result", *rows)
        paper.form = replace(result_form(self.desk.stage.scheme, ""), round=known.form.round)

    # --- a rater who marks this branch alone --------------------------------------------------------------

    @property
    def rater(self) -> tuple[str, str]:
        """Return number and name of the rater who comes with the fault."""
        return f"PW-{self.branch.code}", f"{self.branch.name}的评委"

    def appointed(self, **cells: Value) -> None:
        """Put the rater into the roster; for this branch alone unless the cells say otherwise."""
        number, name = self.rater
        source = self.desk.form("committee").source
        row: Cells = {"评委编号": number, "评委": name, "来源": source, "评定范围": self.branch.code, **cells}
        self._paper("roster", "").rows["评委"].append(row)

    def book(self, number: str = "") -> Paper:
        """Put the rater's book on the desk, this branch marked in it."""
        form, number = self.desk.form("committee"), number or self.rater[0]
        rng = self.desk.stage.rng("练习", self.branch.code)
        book = fill_book(self.desk.stage.marking(form), [self.branch], rng)
        path = f"{FOLDER}/{file_name((number, self.branch.name), form.title)}"
        paper = Paper.of(path, form, Filling(number, {"评委": self.rater[1]}, {"评定表": book.marks}))
        paper.owner = self.branch.code
        _tidy(form, paper.rows["评定表"])
        self.desk.papers.append(paper)
        self._mark(path)
        return paper

    @property
    def marks(self) -> list[str]:
        """Return the headings under which raters type marks."""
        return [column.heading for column in self.desk.form("committee").sheets[0].columns if column.item]


Alter = Callable[[Case], Any]


@dataclass(frozen=True)
class Fault:
    """A way to go wrong: its class, the branch named after it, the codes that it is told by, and how to see it.

    A standard without the form that a fault is in goes without the fault; `needs` names the kinds of form.
    """

    group: str
    name: str
    codes: tuple[str, ...]
    look: str
    alter: Alter
    needs: tuple[str, ...] = ("self",)

    @property
    def branch(self) -> str:
        """Return the name of the fault's branch."""
        return f"{self.name}支部"
