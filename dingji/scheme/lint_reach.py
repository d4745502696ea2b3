"""What a standard can never give: its full mark, a grade, a row of bands; and what always meets a ceiling or a veto."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby

from dingji.numbers import plain
from dingji.scheme.conditions import Name, names_in, parse
from dingji.scheme.finding import Finding, error, warning
from dingji.scheme.grades import PREVIOUS
from dingji.scheme.indicators import Indicator, Rule
from dingji.scheme.marking import own_limit, things_of
from dingji.scheme.model import Scheme, Situation
from dingji.scheme.names import ROUND
from dingji.scheme.reach import Reach, reaches
from dingji.scheme.reach_grades import by_points, reachable
from dingji.scheme.reach_rounds import graded
from dingji.scheme.reach_rules import HAIR, band_spans
from dingji.scheme.spans import SHARE, Edge, Span, over_all, truth_of
from dingji.scheme.totals import by_parts, total_for
from dingji.scheme.who_marks import full_left, marked_by

ZERO = Fraction(0)


def out_of_reach(scheme: Scheme) -> Iterator[Finding]:
    """Find full marks that cannot be reached or are passed, each by its cause; else what the composite comes to."""
    causes = [*_options_off(scheme), *_marks_off(scheme)]
    yield from causes or _composite_off(scheme)
    if scheme.grades:
        yield from _grades_off(scheme)


def _options_off(scheme: Scheme) -> Iterator[Finding]:
    """Find ballots whose best option is not the full mark that they stand for."""
    for index, source in enumerate(scheme.sources):
        best = max(source.options.values(), default=None) if source.marks == "options" else None
        left = full_left(scheme, source)
        if best is None or best == left or not source.counts:
            continue
        apart = f"（总分 {plain(Fraction(scheme.full))} 减去写了 by 的部分）" if left != scheme.full else ""
        words = (
            f"“{source.name}”的选项最高 {plain(Fraction(best))} 分，它评的满分是 {plain(Fraction(left))} 分{apart}；"
            f"请按满分 {plain(Fraction(left))} 分写各选项的分值（现在综合得分最高 {_highest(scheme)} 分）"
        )
        yield warning(("sources", index, "options"), words)


def _highest(scheme: Scheme) -> str:
    found = [one.composite().high for one in reaches(scheme, plain=True)]
    return _told(max(found, default=ZERO))


def _told(edge: Edge) -> str:
    return plain(edge) if isinstance(edge, Fraction) else "不限"


def _marks_off(scheme: Scheme) -> Iterator[Finding]:
    """Find indicators of which a source that counts cannot give any branch the full mark."""
    found = reaches(scheme, plain=True)
    headings = {indicator.inside for indicator in scheme.scored}
    marking = [one for one in scheme.sources if one.form and one.marks not in ("total", "options")]
    given = {
        source.name: [one.marks(source) for one in found if source in one.sources]
        for source in marking
        if source.counts or any(source.name in indicator.by for indicator in scheme.scored)
    }
    for index, indicator in enumerate(scheme.indicators):
        if indicator not in scheme.scored or indicator.name in headings or any(item.by for item in indicator.items):
            continue
        stated = min(Fraction(indicator.full or 0), own_limit(indicator.maximum, None) or Fraction(indicator.full or 0))
        for name, marks in given.items():
            most = max((own[indicator.name].high for own in marks if indicator.name in own), default=stated)
            if most < stated and not _uneven(indicator):
                words = f"“{indicator.name}”分值 {plain(stated)}，“{name}”最多只能给 {_told(most)} 分"
                yield warning(("indicators", index), f"{words}{_why(indicator)}")


def _why(indicator: Indicator) -> str:
    if indicator.start == 0 and not any(_best(rule) > 0 for rule in indicator.rules):
        return "：start = 0 是从零加起，而规则只有扣分；扣分制不写 start"
    return f"：从 {plain(Fraction(indicator.base))} 分起计，各条规则加满也到不了" if indicator.start is not None else ""


def _best(rule: Rule) -> Fraction:
    rows = [rule.once, rule.each, *(rule.options or {}).values(), *(band.points for band in rule.bands or [])]
    return max((Fraction(high) for _, high in filter(None, rows)), default=ZERO)


def _composite_off(scheme: Scheme) -> Iterator[Finding]:
    """Find the greatest composite where it is not the stated full mark: told is how it comes about."""
    full, told = Fraction(scheme.full), set[Edge]()
    stated = sum((Fraction(one.full or 0) for one in scheme.scored if not one.inside), ZERO)
    partly = by_parts(scheme) and not scheme.scaled
    unlike = stated != full and not any(indicator.only_for for indicator in scheme.scored)
    if partly and (unlike or any(map(_uneven, scheme.scored))):
        return  # told where the full marks are added up
    for one in reaches(scheme, plain=True):
        highest = one.composite().high
        if partly and total_for(scheme, one.branches.applies) != scheme.full:
            continue  # told when the branches are known
        if highest != full and highest not in told:
            told.add(highest)
            parts = "＋".join(
                _told(span.high) + (f"×{plain(weight * 100)}%" if weight != 1 else "") + f"（{name}）"
                for name, span, weight in one.terms()
            )
            where = f"（{one.words}）" if one.words else ""
            yield warning(("full",), f"综合得分最高 {_told(highest)} 分{where}，不是总分 {plain(full)} 分：{parts}")


def _uneven(indicator: Indicator) -> bool:
    """Say whether an indicator's items do not add up to its full mark."""
    fulls = [item.full for item in indicator.items if item.full]
    return bool(fulls) and not indicator.scaled and sum(fulls) != indicator.full


# --- grades -----------------------------------------------------------------------------------------------


def _grades_off(scheme: Scheme) -> Iterator[Finding]:
    """Find grades that no figure comes to."""
    classes = _all(scheme)
    if not classes:
        yield warning((), "适用范围的条件太多，没有检查各党组织最高能得几分、最低能得几分")
        return
    span = over_all(map(graded, classes))
    pointed, reached = by_points(scheme, span), reachable(scheme, span)
    high = span.high
    for index, grade in enumerate(scheme.grades):
        path = ("grades", index)
        if grade.start is not None and grade.start > span.high:
            most = f"综合得分最高只有 {_told(span.high)} 分"
            words = f"“{grade.name}”要 {plain(Fraction(grade.start))} 分，{most}，谁也达不到"
            yield (warning if index in reached else error)((*path, "from"), words)
        elif index not in pointed | reached:
            yield warning(path, f"“{grade.name}”不会出现：综合得分最低也有 {_told(span.low)} 分，够上面的等次")
        if grade.start is not None:
            own = Span(Fraction(grade.start), high)
            if own.low <= own.high:
                yield from _moved_away(scheme, index, own)
            high = high if grade.when else min(high, Fraction(grade.start) - HAIR)


def _all(scheme: Scheme) -> list[Reach]:
    return reaches(scheme) or reaches(scheme, plain=True)


def _moved_away(scheme: Scheme, index: int, own: Span) -> Iterator[Finding]:
    """Find a grade whose own condition fails over all of it, and one that a ceiling or a veto always takes away."""
    grade, labels = scheme.grades[index], [one.name for one in scheme.grades]
    spans = {"综合得分": own}
    if grade.when and _truth(scheme, grade.when, spans) is False:
        yield error(("grades", index, "when"), f"“{grade.name}”的 from 和 when 不能同时满足，谁也达不到")
    for number, situation in enumerate(scheme.situations):
        to = _lowered_to(situation, index, labels)
        if to > index and not situation.only_for and situation.when and _truth(scheme, situation.when, spans) is True:
            effect = {"grade": "定为", "at_most": "降到"}.get(situation.effect, f"降{situation.down}个等次，到")
            words = f"综合得分够“{grade.name}”的，都符合“{situation.name}”，一律{effect}“{labels[to]}”"
            yield warning(("situations", number, "when"), f"{words}；“{grade.name}”不会出现")


def _lowered_to(situation: Situation, index: int, labels: Sequence[str]) -> int:
    """Return the rank of the grade to which a situation lowers a grade; that of the grade where it does not."""
    if situation.effect == "down":
        return min(index + (situation.down or 0), len(labels) - 1)
    to = situation.grade or situation.at_most
    return labels.index(to) if to in labels else index


def _truth(scheme: Scheme, condition: str, spans: Mapping[str, Span]) -> bool | None:
    """Say whether a condition holds wherever the named figures lie within their spans."""
    reach = _all(scheme)[0]
    return truth_of(parse(condition), lambda name: spans.get(name) or reach.figure(name), {})


# --- rows of bands that always meet a ceiling or a veto ---------------------------------------------------


def always_met(scheme: Scheme) -> list[tuple[int, int, int, str]]:
    """Return rows of bands whose points bring a ceiling or a veto with them.

    Each as the place of the situation, of the indicator and of the rule, and a sentence: 满意率低于80%的一律“后进”.
    """
    found = []
    for place, indicator in enumerate(scheme.indicators):
        for number, rule in enumerate(indicator.rules):
            share = rule.of.rpartition(".")[2] if rule.of and isinstance(parse(rule.of), Name) else ""
            for at, situation in enumerate(scheme.situations if share and rule.bands else ()):
                found += [(at, place, number, words) for words in _sentences(scheme, rule, share, situation)]
    return found


def _sentences(scheme: Scheme, rule: Rule, share: str, situation: Situation) -> Iterator[str]:
    to = situation.grade or situation.at_most or situation.no_grade
    if (
        not situation.when
        or not to
        or to == PREVIOUS
        or any(share in name.split(".") for name in names_in(parse(situation.when)))
    ):
        return
    rows = band_spans(rule, SHARE if _is_share(scheme, share) else Span(ZERO, float("inf")))
    classes = reaches(scheme)
    met = [bool(classes) and all(_met(one, rule, situation, points) for one in classes) for _, points in rows]
    for holds, group in groupby(range(len(rows)), lambda row: met[row]):
        own = list(group)
        if holds and len(own) < len(rows):
            yield f"{share}{_between(rows, own, share=_is_share(scheme, share))}的一律{_effect(situation, to)}"


def _is_share(scheme: Scheme, name: str) -> bool:
    return any(name in source.shares for source in scheme.sources)


def _effect(situation: Situation, to: str) -> str:
    return f"不高于“{to}”" if situation.effect == "at_most" else f"“{to}”"


def _between(rows: Sequence[tuple[Span, Span]], own: Sequence[int], *, share: bool) -> str:
    def told(edge: Edge) -> str:
        exact = Fraction(edge)
        return f"{plain(exact * 100)}%" if share else plain(exact)

    above = f"低于{told(rows[own[0] - 1][0].low)}" if own[0] else ""
    below = f"{told(rows[own[-1]][0].low)}及以上" if own[-1] + 1 < len(rows) else ""
    return "、".join(filter(None, (below, above)))


def _met(reach: Reach, rule: Rule, situation: Situation, points: Span) -> bool:
    """Say whether a situation holds whenever a rule gives these points."""
    given = replace(reach, given={rule.name: points})
    condition = parse(situation.when)
    asked, alone = names_in(condition), _alone(given)
    marks = {
        f"{source.name}.{name}": span
        for source in given.sources
        if source.form and source.marks not in ("total", "options")
        if alone or any(name.startswith(f"{source.name}.") for name in asked)
        for name, span in given.marks(source).items()
    }
    last = {name.partition(".")[2]: span for name, span in marks.items()} if alone else {}
    spans = {**last, **marks}
    texts = {ROUND: given.round_name}
    return truth_of(condition, lambda name: spans.get(name) or given.figure(name), texts) is True


def _alone(reach: Reach) -> bool:
    """Say whether one source alone marks, so that its marks are the composite ones."""
    return sum(source.counts for source in reach.sources) == 1


def vetoes(scheme: Scheme) -> Iterator[Finding]:
    """Find rows of bands that always meet a ceiling or a veto, unless the standard says so in its `choice`."""
    for at, place, number, words in always_met(scheme):
        tables = (scheme.situations[at], scheme.indicators[place].rules[number])
        if not any(words in table.choice for table in tables):
            mend = f"；确是这样的，把这句话写进 choice“{words}”"
            name = scheme.situations[at].name
            yield warning(("indicators", place, "rules", number), f"照这样分档，{words}（情形“{name}”）{mend}")


# --- parts that nobody marks ------------------------------------------------------------------------------


def unmarked(scheme: Scheme) -> Iterator[Finding]:
    """Find parts at face value that no source can mark, and sources that have nothing to mark."""
    marking = [source for source in scheme.sources if source.form and source.marks not in ("total", "options")]
    for index, indicator in enumerate(scheme.indicators):
        if (
            indicator in scheme.scored
            and indicator.by
            and not any(marked_by(scheme, one, indicator.by) for one in marking)
        ):
            words = f"“{indicator.name}”写了由{'、'.join(indicator.by)}评，可是没有一方按指标打分，谁也评不了"
            yield error(("indicators", index, "by"), f"{words}；来源的 marks 要写 indicators 或 items")
    yield from _kept_by_nobody(scheme)
    for index, source in enumerate(scheme.sources):
        if source.marks == "total" and source.form and not full_left(scheme, source):
            words = f"“{source.name}”打一个总分，可是各指标都写了由谁评，没有剩下的分给它评"
            yield error(("sources", index, "marks"), words)


def _kept_by_nobody(scheme: Scheme) -> Iterator[Finding]:
    """Find parts that only 平时记录 would mark, and of which no rule gives points: a branch would wait for ever."""
    numbers = {indicator.name: number for number, indicator in enumerate(scheme.indicators)}
    for source in scheme.sources:
        if source.form and not source.main_form:
            for thing in things_of(scheme, source):
                if not thing.ruled:
                    words = f"“{source.name}”只有平时记录，“{thing.spoken}”没有给分的规则，谁也评不了"
                    yield error(("indicators", numbers[thing.indicator]), f"{words}；请写规则，或者另写一方来评")
