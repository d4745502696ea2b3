"""Facts and head counts on the board, under the names by which conditions and formulas read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pandas as pd

from dingji.numbers import exact, mean
from dingji.scheme.conditions import Value
from dingji.scheme.indicators import Rule
from dingji.scheme.model import Scheme, Source
from dingji.scoring.board import Board
from dingji.scoring.facts import FactRow, Facts
from dingji.scoring.reckoning import RECORDS
from dingji.scoring.sources import Scorer


def put_facts(scheme: Scheme, board: Board, scorer: Scorer, round_name: str) -> None:
    """Put every rule's fact on the board as `来源.规则`, and under its bare name that of the last source that has it.

    A figure is the sum of a rater's rows (of a rate the latest), the mean over raters, and 平时记录 added; a label is
    the last one typed; yes or no is whether it was said. Nothing typed is missing.
    """
    for source in scheme.sources_in(round_name):
        typed = scorer.rows(source.main_form, source=source.name) if source.main_form else scorer.entries.iloc[0:0]
        facts = Facts.of(typed[typed["part"] == "fact"], scorer.rules)
        recorded = scorer.rows("records") if "records" in source.form else scorer.entries.iloc[0:0]
        records = Facts.of(recorded[recorded["part"] == "fact"], scorer.rules)
        for _, rule in scorer.rules.values():
            _put(board, source, rule, [_fact(unit, rule, facts, records) for unit in board.units])
        _put_heads(board, source, typed)
    bonus = Facts.of(scorer.rows("bonus"), scorer.rules)
    for _, rule in ((indicator, rule) for indicator in scheme.bonuses for rule in indicator.rules):
        board.set(rule.name, [_fact(unit, rule, bonus, Facts()) for unit in board.units])


def _put(board: Board, source: Source, rule: Rule, column: Sequence[Value]) -> None:
    if any(value is not None for value in column):
        board.set(f"{source.name}.{rule.name}", column)
        board.set(rule.name, column)


def _fact(unit: str, rule: Rule, facts: Facts, records: Facts) -> Value:
    raters = [rater for known, rater in facts.verified if known == unit]
    given = [_value(rule, facts.typed(unit, rater, rule)) for rater in raters]
    given = [value for value in given if value is not None]
    recorded = _value(rule, records.typed(unit, RECORDS, rule))
    if not rule.reads_figure or rule.options:
        return recorded if recorded is not None else given[-1] if given else None
    figures = [value for value in given if isinstance(value, Fraction)]
    total = mean(figures) if figures else None
    if not isinstance(recorded, Fraction):
        return total
    return recorded if total is None or rule.unit == "%" else total + recorded


def _value(rule: Rule, rows: Sequence[FactRow]) -> Value:
    """Return what the rows of one rater say under a rule."""
    if not rows:
        return None
    if rule.options:
        return rows[-1].typed.option or None
    if not rule.reads_figure:
        return any(row.typed.option != "否" for row in rows)
    figures = [row.typed.figure for row in rows if row.typed.figure is not None]
    return sum(figures, Fraction(0)) if figures else None


def _put_heads(board: Board, source: Source, rows: pd.DataFrame) -> None:
    """Put the counts of a form's head on the board (`自评.赞成`), several sessions added up."""
    heads = rows[(rows["part"] == "head") & rows["value"].notna()]
    counts: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for unit, label, value in zip(heads["unit"], heads["rule"], heads["value"], strict=True):
        counts[label][unit] += exact(int(value))
    for label, by_unit in counts.items():
        board.set(f"{source.name}.{label}", _column(board, by_unit))


def _column(board: Board, by_unit: Mapping[str, Fraction]) -> list[Value]:
    return [by_unit.get(unit) for unit in board.units]
