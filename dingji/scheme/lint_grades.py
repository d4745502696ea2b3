"""What is wrong with grades and with the situations that move them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from dingji.scheme.conditions import ConditionError, names_in, parse
from dingji.scheme.finding import Finding, Path, error, nearest, warning
from dingji.scheme.grades import PREVIOUS, STEPS
from dingji.scheme.lint_rules import Row, row_faults
from dingji.scheme.marking import joined
from dingji.scheme.model import Scheme, Situation
from dingji.scheme.names import roster_names
from dingji.scheme.reach_grades import by_rank


def grades(scheme: Scheme) -> Iterator[Finding]:
    """Find grades out of order, written twice, or with a gap below the last."""
    ranked = by_rank(scheme)
    rows = [Row.of(grade.start, grade.when) for grade in scheme.grades]
    for words in row_faults([row for row, grade in zip(rows, scheme.grades, strict=True) if grade.name not in ranked]):
        mend = "；只按比例取、不定分数的等次，另写一条 at_most 的名额" if "没有条件" in words else ""
        yield error(("grades",), f"等次{words}{mend}")
    yield from _after_ranked(scheme, ranked)
    counts = Counter(grade.name for grade in scheme.grades)
    for index, grade in enumerate(scheme.grades):
        if counts[grade.name] > 1:
            counts[grade.name] = 1
            words = f"等次“{grade.name}”写了不止一次；同一等次的几种条件写在一个 when 里，用 or 连起来"
            yield error(("grades", index, "name"), words)
    if rows and not rows[-1].rest:
        words = f"最后一个等次“{scheme.grades[-1].name}”之下留有空档；最后一个等次不写 from 和 when"
        yield error(("grades", len(rows) - 1), words)


def _after_ranked(scheme: Scheme, ranked: Sequence[str]) -> Iterator[Finding]:
    """Find bounds below a grade that is had by rank: whoever falls out of it is held to none."""
    above = ""
    for index, grade in enumerate(scheme.grades):
        if above and (grade.start is not None or grade.when):
            words = f"“{above}”只按名额取，超出的落到“{grade.name}”，不再看它的 from 和 when"
            yield error(("grades", index), f"{words}；“{grade.name}”也只按名额取的，不写 from 和 when")
        above = grade.name if grade.name in ranked else above


def situations(scheme: Scheme) -> Iterator[Finding]:
    """Find situations with no effect or more than one, and numbers that change nothing."""
    for index, situation in enumerate(scheme.situations):
        effects = situation.effects
        steps = [effect for effect in effects if effect in STEPS]
        beside = situation.named == PREVIOUS and len(steps) == 1 and effects[1:] == steps
        if len(effects) != 1 and not beside:
            now = f"只能写一个后果，现有 {'、'.join(effects)}" if effects else "没有写后果"
            mend = f'；{"、".join(steps)} 只能单独写，或与 "{PREVIOUS}" 同写' if effects[1:] and steps else ""
            yield error(("situations", index), f"情形“{situation.name}”{now}{mend}")
        if situation.excused:
            yield from _excused(("situations", index, "excused"), scheme, situation)
        if situation.of and situation.effect not in ("points", "factor"):
            yield error(("situations", index, "of"), "of 只与 points 或 factor 同写：综合得分加减或乘以的数")
        if situation.factor is not None and situation.factor <= 0:
            yield error(("situations", index, "factor"), "系数要大于 0；清零请写 score = 0")
        if situation.points == 0 or (situation.factor == 1 and not situation.of):
            yield warning(("situations", index), f"情形“{situation.name}”不改变综合得分，不起作用")


def _excused(path: Path, scheme: Scheme, situation: Situation) -> Iterator[Finding]:
    """Find those who are to hand in nothing where they would be graded, or where nobody knows yet who they are."""
    if not situation.no_grade or not situation.when:
        yield error(path, "excused 与 when 和 no_grade 同写：不参加评定的，记什么字")
        return
    try:
        read = names_in(parse(joined(situation.only_for, situation.when)))
    except ConditionError:
        return  # told where conditions are read
    for name in sorted(read - set(roster_names(scheme))):
        yield error(path, f"“{name}”发表的时候还不知道；不用交表的，条件里只能读名册上的事项和轮次")


def labels(scheme: Scheme) -> Iterator[Finding]:
    """Find grades that are named somewhere and are not among the standard's."""
    labels = [grade.name for grade in scheme.grades]
    for path, label in _labels_named(scheme):
        if label not in labels:
            yield error(path, f"没有等次“{label}”{nearest(label, labels)}")


def _labels_named(scheme: Scheme) -> Iterator[tuple[Path, str]]:
    for index, situation in enumerate(scheme.situations):
        for key in ("at_least", "at_most", "grade"):
            label = getattr(situation, key)
            if label and label != PREVIOUS:
                yield ("situations", index, key), label
    for index, quota in enumerate(scheme.quotas):
        yield from ((("quotas", index, "grade"), label) for label in quota.grade)
    for index, target in enumerate(scheme.targets):
        for key in ("out_of", "to"):
            yield from ((("targets", index, key), label) for label in getattr(target, key))
