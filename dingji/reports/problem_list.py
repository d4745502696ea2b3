"""问题清单: every problem in words, the gravest first."""

from __future__ import annotations

from dataclasses import dataclass

from dingji.problem_catalogue import LEVELS
from dingji.problems import Line, Problem, level_of, shown
from dingji.reports.columns import Cell, ReportColumn, ReportTable, build
from dingji.reports.foot import titled
from dingji.reports.view import OutcomeView

RANKS = {level: rank for rank, level in enumerate(LEVELS)}


@dataclass(frozen=True)
class ProblemLine:
    """What the columns of 问题清单 read: the problem as data and in words, and the branch's name."""

    problem: Problem
    words: Line
    name: str


Column = ReportColumn[ProblemLine, Cell]

COLUMNS: tuple[Column, ...] = (
    Column("编码", 8, "text", lambda line: line.words.code),
    Column("程度", 8, "grade", lambda line: line.words.level),
    Column("党组织", 24, "text", lambda line: line.name),
    Column("文件", 30, "text", lambda line: line.problem.file),
    Column("工作表", 14, "text", lambda line: line.problem.sheet),
    Column("单元格", 9, "text", lambda line: line.problem.cell),
    Column("内容", 24, "text", lambda line: shown(line.problem.subject)),
    Column("找到的值", 18, "text", lambda line: line.words.found),
    Column("问题", 46, "text", lambda line: line.words.words),
    Column("改法", 46, "text", lambda line: line.words.mend),
)


def problem_list(view: OutcomeView) -> ReportTable:
    """Return 问题清单, by level, then file, then as found."""
    told = zip(view.outcome.problems, view.lines, strict=True)
    listed = sorted(told, key=lambda each: (RANKS[level_of(each[0])], each[0].file))
    lines = [ProblemLine(problem, words, _name(view, problem)) for problem, words in listed]
    return build(titled(view.outcome, "问题清单"), COLUMNS, lines)


def _name(view: OutcomeView, problem: Problem) -> str:
    return view.name(problem.unit) if problem.unit else ""
