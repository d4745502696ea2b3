"""What it means that a rater who verified a branch wrote nothing under a rule: one answer for scoring and forms.

Nothing written is nothing to give or take, whatever the way in which points are given. Where every row of a rule gives
points there is no such row as nothing: the figure has to be written.
"""

from __future__ import annotations

from collections.abc import Sequence

from dingji.scheme.indicators import Rule

NAMED = 4
"""So many rules are named in the note of a sheet; of more, the page of rules tells which."""


def must_be_written(rule: Rule) -> bool:
    """Say whether a rule needs a row of every branch: bands of which each gives points, so that none says nothing."""
    bands = rule.bands or []
    leaves_rest = not any(band.start is None and not band.when for band in bands)
    return rule.way == "bands" and not leaves_rest and all(any(band.points) for band in bands)


def taken_as_met(rule: Rule) -> bool:
    """Say whether a rule takes points by a figure and takes none where it was not written: it counts as met."""
    points = [rule.once, rule.each, *(band.points for band in rule.bands or [])]
    takes = all(end <= 0 for ends in points if ends for end in ends)
    return not rule.of and bool(rule.under or rule.bands) and takes and not must_be_written(rule)


def unwritten_words(rule: Rule) -> str:
    """Return what the page of rules says where nothing is written under a rule; "" where that needs no words."""
    if must_be_written(rule):
        return "（必须写数量，没有写的等补填）"
    return "（没有写的，按达到标准，不扣不加）" if taken_as_met(rule) else ""


def unwritten_note(rules: Sequence[Rule]) -> str:
    """Return what the sheet of deductions says of rules under which nothing is written."""
    must = [rule.name for rule in rules if must_be_written(rule)]
    met = any(taken_as_met(rule) for rule in rules)
    said = "没有写到的规则不扣也不加" + ("，要看数量的按达到标准算" if met else "")
    asked = f"；必须写数量的：{'、'.join(must)}" if 0 < len(must) <= NAMED else ""
    asked = "；“评分办法”页注明必须写数量的，都要写" if len(must) > NAMED else asked
    return f"{said}{asked}。"
