"""Counted ballots → means, shares and option scores, exactly; one third is 1/3."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from itertools import product

import numpy as np

from dingji.exact import Exact, Mask, total
from dingji.forms.declare import ABSTAIN
from dingji.scheme.model import OutOf, Source
from dingji.scheme.names import option_score_name
from dingji.scoring.ballots import VALID, VOID, Counts, Survey
from dingji.scoring.board import Board
from dingji.scoring.worked import OPTIONS, SHARE, Given, Part, Stated, over, summed, times

INVALID = "无效答案"
"""How papers name the answers that are none, beside the options."""
HEAD_COUNTS: Mapping[OutOf, str] = {"returned": "收回", "present": "实到", "due": "应参加"}


def pooled(parts: Mapping[str, Exact], weights: Mapping[str, Fraction]) -> Exact:
    """Return the weighted mean of figures by name; missing where a weighted one is."""
    size = max(len(part) for part in parts.values()) if parts else 1
    figures = (parts.get(name, Exact.constant(None, size)) * weight for name, weight in weights.items())
    return total(figures, size) / sum(weights.values(), Fraction(0))


def group_weights(source: Source) -> dict[str, Fraction]:
    """Return the weight of each group; one pool where the standard weighs none."""
    return {group: Fraction(weight) for group, weight in source.groups.items()} or {"": Fraction(1)}


def question_weights(source: Source) -> dict[str, Fraction]:
    """Return the weight of each question; equal where the standard gives none."""
    if isinstance(source.questions, dict):
        return {question: Fraction(weight) for question, weight in source.questions.items()}
    return dict.fromkeys(source.questions, Fraction(1))


Cell = tuple[str, Fraction, Exact, Exact]
"""A question, its part of the mean over questions, and the two numbers of its figure in one group."""
Split = tuple[tuple[str, Fraction, tuple[Cell, ...]], ...]
"""A figure by group, with each group's part in it; "" where the standard weighs none."""


def _of_one(weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return weights as parts of one."""
    whole = sum(weights.values(), Fraction(0))
    return {name: weight / whole for name, weight in weights.items()}


def mark_split(survey: Survey, thing: str, groups: Collection[str] = ()) -> Split:
    """Return what `mark_means` takes the mean of: by group the sum of the marks and how many they are."""
    if thing not in survey.sums:
        return ()
    own = {group: weight for group, weight in group_weights(survey.source).items() if not groups or group in groups}
    cells = {
        group: (("", Fraction(1), survey.sums[thing][place], Exact.parts(survey.sizes[thing][:, place], 1)),)
        for place, group in enumerate(survey.groups)
    }
    return tuple((group, part, cells[group]) for group, part in _of_one(own).items() if group in cells)


def mark_means(survey: Survey, thing: str, groups: Collection[str] = ()) -> Exact:
    """Return the mean of the ballots' marks of a thing over those who answered, groups weighted as the standard says.

    `groups`: those 身份 that alone mark the thing; none named means all.
    """
    means = {}
    for place, group in enumerate(survey.groups if thing in survey.sums else ()):
        means[group] = survey.sums[thing][place] / Exact.parts(survey.sizes[thing][:, place], 1)
    weights = group_weights(survey.source)
    own = {group: weight for group, weight in weights.items() if not groups or group in groups}
    return pooled(means, own).wide(len(survey.ballots)).where(survey.counts_for(thing), None)


def share(survey: Survey, options: Sequence[str]) -> Exact:
    """Return a share over all questions: votes for the options ÷ the standard's denominator (`out_of`)."""
    return _over_questions(survey, share_split(survey, options))


def share_split(survey: Survey, options: Sequence[str]) -> Split:
    """Return the two numbers of a share by group and question."""
    chosen = survey.votes[..., _places(survey, options)].sum(axis=3)
    return _split(survey, [Exact.parts(column, 1) for column in _flat(chosen)], denominators(survey))


def option_scores(survey: Survey) -> Exact:
    """Return the mean of the option points over those who chose an option (测评得分)."""
    return _over_questions(survey, option_split(survey))


def option_split(survey: Survey) -> Split:
    """Return the sum of the option points and the votes for options by group and question."""
    points = {option: Fraction(value) for option, value in survey.source.options.items()}
    votes = {option: survey.votes[..., survey.options.index(option)] for option in points}
    chosen = sum(votes.values(), np.zeros_like(survey.tallied))
    by_option = [[Exact.parts(column, 1) * points[option] for column in _flat(votes[option])] for option in points]
    tops = [total(columns, len(survey.ballots)) for columns in zip(*by_option, strict=True)]
    return _split(survey, tops, chosen)


def _places(survey: Survey, options: Sequence[str]) -> list[int]:
    return [survey.options.index(option) for option in options if option in survey.options]


def _flat(counts: Counts) -> list[Counts]:
    """Return the columns of [branch, group, question], question by question within each group."""
    return list(counts.reshape(len(counts), counts.shape[1] * counts.shape[2]).T)


def _split(survey: Survey, tops: Sequence[Exact], below: Counts) -> Split:
    """Put numerators and denominators together by group and question. `tops`: question by question in each group."""
    asked = survey.named.any(axis=3) | (survey.ballots > 0)[:, :, None]  # else a tally says nothing of a question
    bases = [Exact.parts(base, 1) for base in _flat(np.where(asked, below, 0))]
    parts = dict(zip(product(survey.groups, survey.questions), zip(tops, bases, strict=True), strict=True))
    none = (Exact.constant(None, len(below)), Exact.constant(None, len(below)))
    groups, questions = _of_one(group_weights(survey.source)), _of_one(question_weights(survey.source))
    return tuple(
        (group, part, tuple((name, own, *parts.get((group, name), none)) for name, own in questions.items()))
        for group, part in groups.items()
    )


def _over_questions(survey: Survey, split: Split) -> Exact:
    """Weigh questions within groups, then groups."""
    size = len(survey.ballots)
    groups = (total((top / base * own for _, own, top, base in cells), size) * part for _, part, cells in split)
    return total(groups, size).where(survey.counts_for(*survey.questions), None)


def denominators(survey: Survey) -> Counts:
    """Return the ballots of which a share is taken; options set apart (弃权, 不了解) are in no denominator.

    The head's counts know no 身份: where groups are weighted, each has its own valid ballots below the line.
    """
    label = "" if survey.source.groups else HEAD_COUNTS.get(survey.source.out_of, "")
    base = np.broadcast_to(survey.head(label)[0][:, None, None], survey.tallied.shape) if label else survey.valid
    apart = survey.votes[..., _places(survey, survey.source.apart)].sum(axis=3)
    unanswered = survey.unanswered if ABSTAIN in survey.source.apart else np.zeros_like(base)
    return np.asarray(base - apart - unanswered)


# --- onto the board ---------------------------------------------------------------------------------------


def put_survey(board: Board, survey: Survey) -> Exact:
    """Put a survey's shares on the board, with its counts in the trail; return the option scores by branch."""
    source, behind, votes = survey.source, survey.behind(*survey.questions), _tally(survey)
    alone = _one_count(survey)
    for name, options in source.shares.items():
        split = share_split(survey, options)
        column = _over_questions(survey, split)
        made = _worked(f"{source.name} {name}", split, "选这些的票数", "分母")
        board.work(board.key(SHARE, source.name, name), f"{source.name} {name}", column, (None, made))
        board.set(name, column)
        board.set(f"{source.name}.{name}", column)
        board.trace(
            "share", survey.counted, "share", source.name, item=name, figure=column, behind=behind, name=name,
            options=tuple(options), asked=source, share=column, votes=votes, split=split,
        )  # fmt: skip
    scores = Exact.constant(None, len(board))
    if source.options and survey.questions:
        scores, label = option_scores(survey), f"{source.name} {option_score_name([source.name])}"
        made = _worked(label, option_split(survey), "各票分值之和", "票数")
        board.work(board.key(OPTIONS, source.name), label, scores, (None, made))
    _trace_counts(board, survey)
    short = list(survey.short)
    reasons = [survey.short.get(place, "") for place in range(len(board))]
    board.trace("source", short, "uncounted", source.name, name=source.name, why=reasons)
    board.trace(
        "option_score", scores.known, "option_score", source.name, figure=scores, behind=behind, asked=source,
        score=scores, alone=alone, votes=votes, split=option_split(survey) if source.options else (),
    )  # fmt: skip
    return scores


def _worked(label: str, split: Split, top: str, base: str) -> Part:
    """Tell a figure by its numerators and denominators, questions weighed within groups, then groups."""
    terms = []
    for group, part, cells in split:
        of_group = []
        for question, own, above, below in cells:
            named = " ".join(filter(None, (label, group, question if len(cells) > 1 else "")))
            quotient = over(Given(f"{named} {top}", above), Given(f"{named} {base}", below))
            weight = Stated(f"{label} {question} 在各题中占", own)
            of_group.append(quotient if own == 1 else times(quotient, weight))
        whole = summed(of_group)
        terms.append(whole if part == 1 else times(whole, Stated(f"{label} {group} 在各身份中占", part)))
    return summed(terms)


def _tally(survey: Survey) -> tuple[tuple[str, Counts], ...]:
    """Count the votes by option over all questions and groups; unanswered questions are abstentions."""
    votes = survey.votes.sum(axis=(1, 2))
    found = {option: votes[:, place] for place, option in enumerate(survey.options)}
    found[ABSTAIN] = found[ABSTAIN] + (survey.unanswered - survey.spoilt).sum(axis=(1, 2))
    return (*found.items(), (INVALID, survey.spoilt.sum(axis=(1, 2))))


def _one_count(survey: Survey) -> Mask:
    """Say where there is one question and one group, so that a figure's own two numbers can be told."""
    alone: Mask = survey.there.sum(axis=1) == 1
    return alone & (len(survey.questions) == 1)


def _trace_counts(board: Board, survey: Survey) -> None:
    turn, name = board.trail.turn(), survey.source.name
    labels = list(dict.fromkeys([*survey.heads, VALID, VOID]))
    for label in labels:
        numbers, stated = survey.head(label)
        if label == VALID:
            numbers, stated = survey.cast, survey.counted
        elif label == VOID:
            numbers, stated = np.where(stated, numbers, survey.void), stated | (survey.void > 0)
        stated = stated & survey.counted
        figure = Exact.parts(numbers, 1)
        board.trace(
            "ballots", stated, "ballots", name, item=label, figure=figure, turn=turn, label=label, number=figure
        )
    turn = board.trail.turn()
    for place, question in enumerate(survey.questions):
        blank = (survey.unanswered - survey.spoilt)[:, :, place].sum(axis=1)
        for choice, option in enumerate(survey.options):
            numbers = survey.votes[:, :, place, choice].sum(axis=1)
            named = survey.named[:, :, place, choice].any(axis=1)
            if option == ABSTAIN:
                numbers, named = numbers + blank, named | (blank != 0)
            figure = Exact.parts(numbers, 1)
            board.trace(
                "votes", named & survey.counted, "votes", name, item=question, text=option, figure=figure, turn=turn,
                question=question, option=option, number=figure,
            )  # fmt: skip
    for thing, numbers in survey.invalid.items():
        figure = Exact.parts(numbers.sum(axis=1), 1)
        board.trace(
            "votes", (numbers.sum(axis=1) > 0) & survey.counted, "votes", name, item=thing, text=INVALID,
            figure=figure, turn=turn, question=thing, option=INVALID, number=figure,
        )  # fmt: skip
