"""What indicators over all sources, nested sources and the composite are reckoned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from dingji.exact import Exact, Mask
from dingji.scheme.indicators import Indicator
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import source_heading
from dingji.scheme.who_marks import items_apart
from dingji.scoring.board import Board
from dingji.scoring.composed import Composite
from dingji.scoring.ruled import Ground
from dingji.scoring.weights import effective_weights, idle, weight_of
from dingji.scoring.worked import (
    BONUS,
    COMPOSITE,
    INDICATOR,
    MARK,
    ONE,
    OVER,
    PLAIN,
    SOURCE,
    SUMMED,
    UNROUNDED,
    Given,
    Of,
    Part,
    Stated,
    added,
    bound,
    held,
    less,
    over,
    per_hundred,
    rounded,
    stated,
    summed,
    times,
    weighted,
)


def work_nested(board: Board, source: Source, figure: Exact, weights: Mapping[str, Exact]) -> None:
    """Tell a source made of others by their figures and weights."""
    parts = [
        (Of(board.key(SOURCE, name)), _weight(name, weight)) for name, weight in weights.items() if not idle(weight)
    ]
    made = per_hundred(weighted(parts))
    board.work(board.key(SOURCE, source.name), source_heading(source.name), figure, (None, made))


def _weight(name: str, weight: Exact) -> Part:
    """Tell a source's weight: the standard's, or by branch where it goes by 类别."""
    return stated(f"{name} 权重（%）", weight)


def work_over(ground: Ground, indicator: Indicator, column: Exact, weights: Mapping[str, Exact], applies: Mask) -> None:
    """Tell an indicator's composite mark by its sources' marks; what counts at face value is not weighed here."""
    board, counting = ground.board, {name: weight for name, weight in weights.items() if not idle(weight)}
    if not counting or indicator.by or items_apart(indicator):
        return
    parts = [(Of(board.key(INDICATOR, name, indicator.name)), _in_whole(name, own)) for name, own in counting.items()]
    made = over(weighted(parts), summed([weight for _, weight in parts]))
    board.work(board.key(OVER, indicator.name), f"各方合成 {indicator.name}", column, (None, made), blank=~applies)


def _in_whole(name: str, weight: Exact) -> Part:
    return stated(f"{name} 在综合得分中的权重（%）", weight)


def work_composite(ground: Ground, outcome: Composite, sources: Sequence[Source], round_name: str) -> None:
    """Tell the composite by its sources, by what counts at face value and by the bonus."""
    scheme, board = ground.scheme, ground.board
    terms = []
    for source in (source for source in sources if not source.inside and source.counts):
        if not idle(weight := weight_of(board, source, round_name)):
            own = less(Of(board.key(SOURCE, source.name)), _work_apart(board, source, sources, outcome, round_name))
            terms.append((own, _weight(source.name, weight)))
    faces = [_work_face(board, outcome, key, sources, round_name) for key in outcome.faces]
    plain = summed([*([per_hundred(weighted(terms))] if terms else []), *faces])
    low, high = bounds_of(scheme)
    if outcome.plain is not None:
        board.work(board.key(PLAIN), "综合得分（不含加分，未取位）", outcome.plain, (None, held(plain, low, high)))
    bonus = work_bonus(board, outcome.bonus) if scheme.bonuses else []
    made = summed([plain, *bonus])
    if outcome.summed is not None and (low or high):
        made = board.work(board.key(SUMMED), "综合得分（限额之前）", outcome.summed, (None, made))
    board.work(board.key(UNROUNDED), "综合得分（未取位）", outcome.unrounded, (None, held(made, low, high)))
    made = rounded(Of(board.key(UNROUNDED)), scheme.rounding.places)
    board.work(board.key(COMPOSITE), "综合得分（情形之前）", outcome.rounded, (None, made))


def bounds_of(scheme: Scheme) -> tuple[Part | None, Part | None]:
    """Tell between which points a standard holds its composite."""
    limits = ((name, limit) for name, limit in (("最低分", scheme.minimum), ("最高分", scheme.maximum)))
    low, high = (
        bound(f"综合得分 {name}", Fraction(limit) if isinstance(limit, Decimal) else None) for name, limit in limits
    )
    return low, high


def work_bonus(board: Board, bonus: Exact) -> list[Part]:
    """Tell a round's bonus: what was approved, by the rules."""
    key = board.key(BONUS)
    return [board.work(key, "加分", bonus, (None, Given("加分（按申报和规则）", bonus)))]


def _work_face(board: Board, outcome: Composite, key: str, sources: Sequence[Source], round_name: str) -> Part:
    """Tell what counts at face value: the mean of its sources' marks by weight, equal where none has one."""
    weights = effective_weights(board, sources, round_name)
    giving = {name: weights[name] for name, marks in outcome.sources.items() if marks.own(key) is not None}
    none = all(idle(weight) for weight in giving.values())
    parts = [
        (_own(board, outcome, name, key), Stated("各方同等", ONE) if none else _in_whole(name, weight))
        for name, weight in giving.items()
        if none or not idle(weight)
    ]
    if len(parts) < 2:  # noqa: PLR2004 - a mean of one
        return parts[0][0] if parts else summed([])
    return over(weighted(parts), summed([weight for _, weight in parts]))


def _own(board: Board, outcome: Composite, source: str, key: str) -> Part:
    """Tell a source's marks of an indicator or item, 平时记录 laid on."""
    marks = outcome.sources[source]
    if key in marks.indicators:
        return Of(board.key(INDICATOR, source, key))
    laid = added(f"{source} 第{key}项 平时记录", marks.laid[key])
    return summed([Of(board.key(MARK, source, key)), *laid])


def _work_apart(
    board: Board, source: Source, sources: Sequence[Source], outcome: Composite, round_name: str
) -> Part | None:
    """Tell how much of a source's total counts at face value; None where nothing does."""
    own: list[Part] = [
        _own(board, outcome, source.name, key)
        for key in outcome.faces
        if outcome.sources[source.name].own(key) is not None
    ]
    for part in (part for part in sources if part.inside == source.name):
        inner = _work_apart(board, part, sources, outcome, round_name)
        if inner is not None:
            own.append(per_hundred(times(inner, _weight(part.name, weight_of(board, part, round_name)))))
    return summed(own) if own else None
