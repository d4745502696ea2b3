"""The same fact told in 平时记录 and on another form: named, since both may count; never put aside by the program."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dingji.comparing import normal, wording
from dingji.problems import BETWEEN, Problem, problem_at
from dingji.scheme.model import Scheme
from dingji.scheme.names import SOURCE_FORMS

Fact = Mapping[str, Any]
SAID = ("option", "value", "amount")
"""What a row says happened under its rule."""


def told_twice(facts: Iterable[Fact], scheme: Scheme) -> Iterator[Problem]:
    """Yield a problem for every record of which another form tells the same: counted in both places, or in each once.

    The same is the same rule and figures, unless a rater's 事由 is another than the record's; beside 加分申报, whose
    rules are others, the same 同一工作 or 依据. What counts once however often it is told is noted elsewhere.
    """
    once = {rule.name for indicator in scheme.indicators for rule in indicator.rules if rule.told_once}
    others: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
    recorded = []
    for fact in facts:
        if fact["state"] == "typed" and fact["rule"]:
            if fact["form"] == "records":
                recorded.append(fact)
            else:
                others[fact["unit"], fact["round"]].append(fact)
    both = {source.name for source in scheme.sources if "records" in source.form}
    for record in recorded:
        found = next((one for one in others[record["unit"], record["round"]] if _same(record, one)), None)
        if found is None or (found["form"] != "self" and record["rule"] in once):
            continue
        place = BETWEEN.join((found["file"], found["sheet"], found["cell"].split(" ")[0]))
        apart = found["form"] == "self" and found["source"] not in both
        values = {"other": place, "form": SOURCE_FORMS["self"]} if apart else {"other": place}
        cell = record["cell"].split(" ")[0]
        yield problem_at(record, "N643" if apart else "W641", record["rule"], cell=cell, **values)


def _same(record: Fact, other: Fact) -> bool:
    if other["form"] == "bonus":
        return any(record[name] and wording(record[name]) == wording(other[name]) for name in ("work", "evidence"))
    said = normal(record["rule"]) == normal(other["rule"]) and all(record[name] == other[name] for name in SAID)
    reasons = {wording(fact["reason"]) for fact in (record, other)} - {""}
    two_things = len(reasons) > 1 and other["form"] != "self"  # a branch says the same thing in words of its own
    return said and any(record[name] not in ("", None) for name in SAID) and not two_things
