"""Worked cases as filled workbooks: compact tables in, the workbooks that people would hand in out; a run read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from dingji.forms import office_forms
from dingji.forms.catalogue import MARKING
from dingji.forms.declare import Form
from dingji.forms.filling import Cells, Filling, Value
from dingji.forms.handout import file_name
from dingji.forms.marking_forms import thing_heading
from dingji.forms.write import write_form
from dingji.naming import safe_name
from dingji.scheme.marking import things_of, typed_things
from dingji.scheme.model import Scheme, Source
from tests.five_good_case import spread
from tests.test_case_five_good import sheet_rows
from tests.workspaces import command, make_workspace

RESULTS: Final = "内部/分类定级结果.xlsx"
Files = dict[str, bytes]
Rater = tuple[str, str, str]
"""编号, name and 来源."""


@dataclass(frozen=True)
class Unit:
    """A branch of a case. `members`: 正式党员."""

    code: str
    name: str
    parent: str = "示范医院党委"
    members: int = 40
    category: str = ""

    @property
    def identity(self) -> dict[str, Value]:
        """Return the two cells by which a row names its branch."""
        return {"党组织编码": self.code, "党组织名称": self.name}


@dataclass(frozen=True)
class Setting:
    """What a case's config.toml says. `bounds`: the first and last day of the round; `previous`: the one before."""

    standard: str
    year: int
    round: str
    bounds: tuple[str, str]
    shares: str = "plain"
    ballots: int = 1
    raters: int = 1
    previous: str = ""

    def toml(self) -> str:
        """Return the file's text."""
        begins, ends = self.bounds
        return (
            f'[office]\nname = "示范医院党委"\n\n'
            f'[round]\nyear = {self.year}\nname = "{self.round}"\nbegins = "{begins}"\nends = "{ends}"\n'
            f'previous = "{self.previous}"\n\n'
            f'[standard]\ndefault = "{self.standard}"\n\n'
            f'[summary]\nby = "上级党组织"\nshares = "{self.shares}"\n\n'
            f"[privacy]\nballots = {self.ballots}\nraters = {self.raters}\n"
        )


def numbers(text: str) -> list[Fraction]:
    """Return the figures of a line."""
    return [Fraction(word) for word in text.split()]


@dataclass(frozen=True)
class Books:
    """Writes the workbooks of one round (`2026 年初`) of a standard, by path below input/."""

    scheme: Scheme
    label: str
    day: date

    def at(self, label: str, day: date) -> Books:
        """Return the books of another round."""
        return replace(self, label=label, day=day)

    def source(self, name: str) -> Source:
        """Return a source by name."""
        return next(source for source in self.scheme.sources if source.name == name)

    def _form(self, source: str) -> Form:
        declared = self.source(source)
        return MARKING[declared.main_form](self.scheme, self.label, declared)

    def _path(self, form: Form, owner: tuple[str, str]) -> str:
        return f"{self.label}/{safe_name(f'{form.title}_{form.source}')}/{file_name(owner, form.title)}"

    # --- roster and the office's own forms --------------------------------------------------------------------

    def roster(self, units: Sequence[Unit], raters: Sequence[Rater]) -> Files:
        """Return 党组织名册."""
        rows: list[Cells] = [
            {
                **unit.identity,
                "排序号": order,
                "上级党组织": unit.parent,
                "层级": "党支部",
                "正式党员": unit.members,
                "类别": unit.category,
            }
            for order, unit in enumerate(units, start=1)
        ]
        people: list[Cells] = [dict(zip(("评委编号", "评委", "来源"), rater, strict=True)) for rater in raters]
        return self.office(office_forms.roster_form(self.scheme, self.label), {"名册": rows, "评委": people})

    def situations(self, units: Sequence[Unit]) -> Files:
        """Return 情形申报: every circumstance answered, and none the case."""
        names = [situation.name for situation in self.scheme.situations if not situation.when]
        rows: list[Cells] = [{**unit.identity, "情形": name, "是否存在": "否"} for unit in units for name in names]
        return self.office(office_forms.situation_form(self.scheme, self.label), {"情形申报": rows})

    def records(self, rows: Sequence[Cells]) -> Files:
        """Return 平时记录."""
        return self.office(office_forms.records_form(self.scheme, self.label), {"平时记录": rows})

    def bonus(self, rows: Sequence[Cells]) -> Files:
        """Return 加分申报."""
        return self.office(office_forms.bonus_form(self.scheme, self.label), {"加分申报": rows})

    def result(self, grades: Mapping[Unit, str]) -> Files:
        """Return 上期结果 of this round: the decided grades."""
        rows: list[Cells] = [{**unit.identity, "审定等次": grade} for unit, grade in grades.items()]
        return self.office(office_forms.result_form(self.scheme, self.label), {"一览表": rows})

    def office(self, form: Form, rows: Mapping[str, Sequence[Cells]]) -> Files:
        """Return one of the office's forms with these rows by sheet."""
        return {f"{self.label}/{form.title}.xlsx": write_form(form, Filling(rows=rows))}

    # --- forms of branches ------------------------------------------------------------------------------------

    def claim(self, unit: Unit, source: str, marks: str, facts: Mapping[str, int] | None = None) -> Files:
        """Return 自评表: a mark a row in the standard's order, the one total where it is marked as a whole.

        `facts`: figures by rule, for 扣分加分.
        """
        things = things_of(self.scheme, self.source(source))
        rows = {thing.key: {"自评得分": mark} for thing, mark in zip(things, numbers(marks), strict=True)}
        counts = {"应到": unit.members, "实到": unit.members, "赞成": unit.members}
        head = {**unit.identity, "填报日期": self.day, "填表人": "组织委员", **counts}
        form, told = self._form(source), {rule: {"数量": figure} for rule, figure in (facts or {}).items()}
        raw = write_form(
            form, Filling(unit.code, head, printed={"自评表": rows, **({"扣分加分": told} if told else {})})
        )
        return {self._path(form, (unit.code, unit.name)): raw}

    def ballots(self, unit: Unit, source: str, votes: str, means: str = "") -> Files:
        """Return 测评表 ballot by ballot: `votes` by option, `means` of what ballots give points for."""
        declared = self.source(source)
        counts = [int(word) for word in votes.split()]
        size = sum(counts)
        answers = [option for option, n in zip(declared.options, counts, strict=True) for _ in range(n)]
        columns: dict[str, Sequence[Value]] = dict.fromkeys(declared.questions, answers)
        for thing, mean in zip(typed_things(self.scheme, declared), numbers(means), strict=True):
            columns[thing_heading(thing)] = spread(mean, int(thing.full), size)
        rows = [
            {"票号": str(place + 1), **{heading: column[place] for heading, column in columns.items()}}
            for place in range(size)
        ]
        return self.survey(unit, source, size, Filling(rows={"测评票": rows}))

    def tally(self, unit: Unit, source: str, votes: str) -> Files:
        """Return 测评表 as a tally of votes by option."""
        declared = self.source(source)
        counts = [int(word) for word in votes.split()]
        row = dict(zip(declared.options, counts, strict=True))
        printed = {f"{question}|": row for question in declared.questions}
        return self.survey(unit, source, sum(counts), Filling(printed={"测评汇总": printed}))

    def survey(self, unit: Unit, source: str, size: int, body: Filling) -> Files:
        counts = dict.fromkeys(("应参加", "实到", "发出", "收回", "有效"), size)
        people = {"计票人": "计票员", "监票人": "监票员"}
        head = {**unit.identity, "填报日期": self.day, "测评日期": self.day, **counts, "无效": 0, **people}
        form = self._form(source)
        raw = write_form(form, replace(body, who=unit.code, head=head))
        return {self._path(form, (unit.code, unit.name)): raw}

    # --- books of raters --------------------------------------------------------------------------------------

    def book(self, rater: Rater, marks: Mapping[Unit, str], facts: Sequence[Cells] = ()) -> Files:
        """Return a rater's 评定表: marks by branch in the standard's order ("": left blank), and rows of 评定扣分."""
        headings = [thing_heading(thing) for thing in typed_things(self.scheme, self.source(rater[2]))]
        rows: list[Cells] = [
            {**unit.identity, **dict(zip(headings, numbers(line), strict=bool(line)))} for unit, line in marks.items()
        ]
        return self.marked(rater, rows, facts)

    def marked(self, rater: Rater, rows: Sequence[Cells], facts: Sequence[Cells] = ()) -> Files:
        """Return a rater's 评定表 with these rows, and rows of 评定扣分."""
        number, name, source = rater
        form = self._form(source)
        sheets: dict[str, Sequence[Cells]] = {"评定表": rows, **({"评定扣分": facts} if facts else {})}
        raw = write_form(form, Filling(number, {"评委": name, "填报日期": self.day}, sheets))
        return {self._path(form, (number, name)): raw}


# --- a run, and what it left --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """A case that has been run: its folder and the exit status."""

    folder: Path
    status: int

    def sheet(self, name: str, key: str = "党组织编码", file: str = RESULTS) -> dict[str, dict[str, Any]]:
        """Return the rows of a sheet of an output workbook by heading, keyed by one of them."""
        return sheet_rows((self.folder / "output" / file).read_bytes(), name, key)

    @property
    def overview(self) -> dict[str, dict[str, Any]]:
        """Return 一览表 by 党组织编码."""
        return self.sheet("一览表")

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """Return 汇总表 by 单位."""
        return self.sheet("汇总表", "单位")


def run_case(folder: Path, setting: Setting, files: Files) -> Run:
    """Put a case into a workspace and run the program on it."""
    make_workspace(folder, files)
    (folder / "config.toml").write_text(setting.toml(), encoding="utf-8")
    return Run(folder, command(folder, "run"))


def shown(row: Mapping[str, Any], headings: Sequence[str]) -> list[Any]:
    """Return the cells of a row under some headings, an empty one as —."""
    return [row[heading] if row[heading] not in (None, "") else "—" for heading in headings]
