"""Counted ballots → means, shares and option scores, exactly; one third is 1/3."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from fractions import Fraction

from dingji.forms.declare import ABSTAIN
from dingji.numbers import percent, plain
from dingji.scheme.model import OutOf, Source
from dingji.scoring.ballots import Survey
from dingji.scoring.board import Board, Figures

HEAD_COUNTS: Mapping[OutOf, str] = {"returned": "收回", "present": "实到", "due": "应参加"}


def pooled(parts: Mapping[str, Fraction | None], weights: Mapping[str, Fraction]) -> Fraction | None:
    """Return the weighted mean of the groups' figures; missing where a weighted group has none."""
    figures = {group: parts.get(group) for group in weights}
    if any(figure is None for figure in figures.values()):
        return None
    total = sum(weights.values(), Fraction(0))
    weighted = [figure * weights[group] for group, figure in figures.items() if figure is not None]
    return sum(weighted, Fraction(0)) / total if total else None


def group_weights(source: Source) -> dict[str, Fraction]:
    """Return the weight of each group; one pool where the standard weighs none."""
    return {group: Fraction(weight) for group, weight in source.groups.items()} or {"": Fraction(1)}


def question_weights(source: Source) -> dict[str, Fraction]:
    """Return the weight of each question; equal where the standard gives none."""
    if isinstance(source.questions, dict):
        return {question: Fraction(weight) for question, weight in source.questions.items()}
    return dict.fromkeys(source.questions, Fraction(1))


def mark_mean(survey: Survey, unit: str, thing: str, groups: Collection[str] = ()) -> Fraction | None:
    """Return the mean of the ballots' marks over those who answered, groups weighted as the standard says.

    `groups`: those 身份 that alone mark the thing; none named means all.
    """
    if not survey.counts_for(unit, thing):
        return None
    means: dict[str, Fraction | None] = {}
    for group, count in survey.counts[unit].items():
        total, size = count.sums.get(thing, (Fraction(0), 0))
        means[group] = total / size if size else None
    weights = group_weights(survey.source)
    return pooled(means, {group: weight for group, weight in weights.items() if not groups or group in groups})


def share(survey: Survey, unit: str, options: Iterable[str]) -> Fraction | None:
    """Return a share over all questions: votes for the options ÷ the standard's denominator (`out_of`)."""
    return _over_questions(survey, unit, lambda votes: sum(votes.get(option, 0) for option in options), None)


def option_score(survey: Survey, unit: str) -> Fraction | None:
    """Return the mean of the option points over those who chose an option (测评得分)."""
    points = {option: Fraction(value) for option, value in survey.source.options.items()}
    return _over_questions(
        survey,
        unit,
        lambda votes: sum((points[option] * votes.get(option, 0) for option in points), Fraction(0)),
        points,
    )


def _over_questions(
    survey: Survey,
    unit: str,
    top: Callable[[Mapping[str, int]], Fraction | int],
    answered: Collection[str] | None,
) -> Fraction | None:
    """Weigh questions within groups, then groups.

    `top` gives the numerator of a question's votes; `answered` the options that make the denominator, None for the
    standard's own (`out_of`).
    """
    if not survey.counts_for(unit, *survey.source.questions):
        return None
    groups = {}
    for group in survey.counts[unit]:
        parts: dict[str, Fraction | None] = {}
        for question in question_weights(survey.source):
            votes = survey.votes(unit, group, question)
            if not votes and not survey.counts[unit][group].ballots:  # a tally that says nothing of this question
                parts[question] = None
                continue
            chosen = sum(votes.get(option, 0) for option in answered or ())
            below = chosen if answered else denominator(survey, unit, group, question)
            parts[question] = Fraction(top(votes)) / below if below else None
        groups[group] = pooled(parts, question_weights(survey.source))
    return pooled(groups, group_weights(survey.source))


def denominator(survey: Survey, unit: str, group: str, question: str) -> int:
    """Return the ballots of which a share is taken; options set apart (弃权, 不了解) are in no denominator.

    The head's counts know no 身份: where groups are weighted, each has its own valid ballots below the line.
    """
    label = "" if survey.source.groups else HEAD_COUNTS.get(survey.source.out_of, "")
    base = survey.heads.get(unit, {}).get(label, 0) if label else survey.valid(unit, group, question)
    votes = survey.votes(unit, group, question)
    apart = sum(votes.get(option, 0) for option in survey.source.apart)
    return base - apart - (survey.counts[unit][group].unanswered(question) if ABSTAIN in survey.source.apart else 0)


# --- onto the board ---------------------------------------------------------------------------------------


def put_survey(survey: Survey, board: Board) -> Figures:
    """Put a survey's shares on the board, with its counts in the trail; return the option scores by branch."""
    source = survey.source
    for name, options in source.shares.items():
        column: Figures = [share(survey, unit, options) for unit in board.units]
        board.set(name, column)
        board.set(f"{source.name}.{name}", column)
        for unit, figure in zip(board.units, column, strict=True):
            _trace_share(survey, board, unit, name, options, figure)
    scores: Figures = [option_score(survey, unit) if source.options else None for unit in board.units]
    for unit, figure in zip(board.units, scores, strict=True):
        _trace_counts(survey, board, unit)
        if unit in survey.counts and (why := survey.too_few(unit)):
            board.trail.add(unit, "source", source=source.name, words=f"{source.name} 不计：{why}")
        if figure is not None:
            words = f"测评得分＝{_points_words(survey, unit)}＝{plain(figure)}"
            board.trail.add(
                unit,
                "option_score",
                source=source.name,
                figure=figure,
                words=words,
                entries=_behind(survey, unit),
            )
    return scores


def _behind(survey: Survey, unit: str) -> tuple[int, ...]:
    return tuple(label for question in survey.source.questions for label in survey.entries.get((unit, question), ()))


def _votes_words(survey: Survey, unit: str) -> str:
    votes = _votes(survey, unit)
    told = [f"{option}{votes[option]}票" for option in (*survey.source.options, *survey.source.apart)]
    return "，".join((*told, *([f"{ABSTAIN}{votes[ABSTAIN]}票"] if ABSTAIN not in survey.source.apart else [])))


def _votes(survey: Survey, unit: str) -> Mapping[str, int]:
    """Count the votes by option over all questions and groups; unanswered questions are abstentions."""
    votes: defaultdict[str, int] = defaultdict(int)
    for count in survey.counts.get(unit, {}).values():
        for question in survey.source.questions:
            votes[ABSTAIN] += count.unanswered(question)
            for option, number in count.votes.get(question, {}).items():
                votes[option] += number
    return votes


def _points_words(survey: Survey, unit: str) -> str:
    """Tell how votes became points; where questions or groups are weighed one by one, the votes only."""
    votes, points = _votes(survey, unit), survey.source.options
    if not _one_count(survey, unit):
        return f"{_weighing(survey)}（{_votes_words(survey, unit)}）"
    terms = "＋".join(f"{option}{votes[option]}票×{plain(Fraction(points[option]))}" for option in points)
    return f"（{terms}）÷{sum(votes[option] for option in points)}票"


def _one_count(survey: Survey, unit: str) -> bool:
    return len(survey.source.questions) == 1 and len(survey.counts.get(unit, {})) == 1


def _weighing(survey: Survey) -> str:
    questions = "各题按权重合成" if isinstance(survey.source.questions, dict) else "各题平均"
    groups = "各组按权重合成" if survey.source.groups else ""
    return "，".join(filter(None, (questions if len(survey.source.questions) > 1 else "", groups)))


def _trace_share(
    survey: Survey, board: Board, unit: str, name: str, options: Iterable[str], figure: Fraction | None
) -> None:
    if unit not in survey.counts:
        return
    printed = "无法计算" if figure is None else percent(figure)
    formula = f"（{'＋'.join(options)}）÷{_base_words(survey.source)}"
    how = _quotient(survey, unit, options) if _one_count(survey, unit) else f"（{_weighing(survey)}）"
    words = f"{name}＝{formula}{how}＝{printed}（{_votes_words(survey, unit)}）"
    board.trail.add(
        unit,
        "share",
        source=survey.source.name,
        item=name,
        figure=figure,
        words=words,
        entries=_behind(survey, unit),
    )


def _quotient(survey: Survey, unit: str, options: Iterable[str]) -> str:
    """Tell the two numbers of a share: `＝13÷20`."""
    (question,), (group,) = survey.source.questions, survey.counts[unit]
    votes = survey.votes(unit, group, question)
    return f"＝{sum(votes.get(option, 0) for option in options)}÷{denominator(survey, unit, group, question)}"


def _base_words(source: Source) -> str:
    base = {"valid": "有效票", "returned": "收回票", "present": "实到人数", "due": "应参加人数"}[source.out_of]
    return f"（{base}－{'－'.join(source.apart)}）" if source.apart else base


def _trace_counts(survey: Survey, board: Board, unit: str) -> None:
    name, groups = survey.source.name, survey.counts.get(unit, {})
    if not groups:
        return
    heads = survey.heads.get(unit, {})
    question = next(iter(survey.source.questions), "")
    valid = sum(survey.valid(unit, group, question) for group in groups)
    for label, number in {**heads, "有效": valid}.items():
        board.trail.add(unit, "ballots", source=name, item=label, figure=Fraction(number), words=f"{label} {number}")
    for question in survey.source.questions:
        votes: defaultdict[str, int] = defaultdict(int)
        for group in groups:
            for option, number in survey.votes(unit, group, question).items():
                votes[option] += number
        unanswered = sum(survey.counts[unit][group].unanswered(question) for group in groups)
        if unanswered:
            votes[ABSTAIN] += unanswered
        for option, number in votes.items():
            words = f"{question}：{option} {number} 票"
            board.trail.add(
                unit, "votes", source=name, item=question, figure=Fraction(number), text=option, words=words
            )
