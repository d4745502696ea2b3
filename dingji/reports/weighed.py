"""What a committee weighs of each branch before it decides, as cells of 审定表 by heading."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from dingji.forms.filling import Cells
from dingji.numbers import half_up, percent, plain
from dingji.outcome import Outcome
from dingji.reports.answer import Gap, conclusions
from dingji.reports.issues import issue_words
from dingji.reports.lift_words import HEADING
from dingji.reports.overview import SEPARATOR, BranchLine, source_headings
from dingji.reports.standing import UNGRADED, WAITING, flag_words, grade_of, graded, moving, waiting_for
from dingji.reports.view import OutcomeView
from dingji.scheme.model import Scheme
from dingji.tables import records

OWN_GRADE = "自评等次"


def weighed_of(view: OutcomeView, scheme: Scheme) -> Callable[[BranchLine], Cells]:
    """Return what reads a branch's cells: figures by source, shares, grades told before, and what moved its grade."""
    outcome = view.outcome
    headings = {heading: source.name for heading, source in source_headings(outcome, scheme).items()}
    claimed, told = own_grades(outcome), view.once(conclusions)

    def cells(line: BranchLine) -> Cells:
        result = line.result
        shares = {name: percent(share) for name, share in result["shares"].items() if share is not None}
        return {
            **shares,
            **{heading: _rounded(result["scores"].get(name), scheme) for heading, name in headings.items()},
            "综合得分": result["composite"],
            OWN_GRADE: claimed.get(line.branch["unit"], ""),
            "上期等次": result["previous"],
            "距上一等次": next_bound(told[line.branch["unit"]].gap, borderline=result["borderline"]),
            HEADING: view.lifts.get(line.branch["unit"], "").removeprefix(f"{HEADING}："),
            "主要问题": issue_words(line.issues),
            "直接定级或限档情形": SEPARATOR.join(_moved(line)),
            "测算等次": result["computed"],
            "拟定等次": grade_of(result) or UNGRADED,
        }

    return cells


def _rounded(score: Fraction | None, scheme: Scheme) -> Fraction | None:
    return None if score is None else half_up(score, max(2, scheme.rounding.places))


def own_grades(outcome: Outcome) -> dict[str, str]:
    """Return the grades that branches claim for themselves in the heads of this round's 自评表."""
    entries = outcome.entries
    told = (entries["form"] == "self") & (entries["part"] == "head") & (entries["rule"] == OWN_GRADE)
    rows = entries[told & (entries["round"] == outcome.settings.round.name)]
    return {row["unit"]: row["option"] for row in records(rows) if row["option"]}


def next_bound(gap: Gap | None, *, borderline: bool) -> str:
    """Return how many points a branch lacks to the next better grade; "" where points are not what it lacks."""
    lacking = f"{plain(gap.lacking)}分" if gap and gap.lacking else ""
    return "，".join(filter(None, (lacking, "临界" if borderline else "")))


def _moved(line: BranchLine) -> list[str]:
    """Tell what other than points settles a grade: situations, quotas, ties, places; no rater is named."""
    result = line.result
    told = [*moving(result), *result["notes"], *flag_words(result)]
    if graded(result, line.scheme):
        return told
    signs = dict(WAITING)["待研究"]
    ties = [why for why in result["missing"] if any(sign in why for sign in signs)]
    return [*told, *(ties or [waiting_for(result)])]
