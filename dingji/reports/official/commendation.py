"""示范星级名单, for the office alone; 推荐对象公示, names and nothing else: what a committee is to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from dingji.numbers import fixed
from dingji.reports.documents import chinese_date
from dingji.reports.official.common import PEN, common, joined, numeral, public_days, subject
from dingji.reports.standing import grade_of
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import Hidden
from dingji.scheme.honours import BRANCHES, LISTED, STARS
from dingji.scoring.commending import Award, Candidate, Star, awards

INSIDE: Final = "示范星级名单"
PUBLIC: Final = "推荐对象公示"
UNSHOWN: Final = "候选由人数太少的评分、测评得出，公示时没有列出。"
"""What the office is told of an honour whose list would tell a figure that is withheld."""


def awards_of(view: OutcomeView) -> list[Award]:
    """Return the honours of this round that have anything to show."""
    outcome = view.outcome
    results = {
        branch["unit"]: view.results[branch["unit"]] for branch in view.branches if branch["unit"] in view.results
    }
    found = awards(outcome.schemes, outcome.settings.round.name, results, outcome.entries)
    return [award for award in found if award.candidates or award.stars]


def inside_context(view: OutcomeView, given: Sequence[Award], hidden: Hidden) -> dict[str, Any]:
    """Return the fields of 示范星级名单: branches by composite, others as handed in, stars with their days."""
    return {
        **common(view.outcome),
        "标题": subject(view.outcome, INSIDE, head=""),
        "各项": [
            {
                "题": f"{numeral(number)}、{award.honour.name}（{'，'.join(_counts(award))}）",
                "各行": list(_inside_lines(view, award)),
                "附注": UNSHOWN if tells_withheld(award, hidden, view) else "",
            }
            for number, award in enumerate(given, start=1)
        ],
    }


def _counts(award: Award) -> Iterator[str]:
    number, places = len(award.candidates), award.honour.places
    if award.honour.by == STARS:
        hanging = sum(1 for star in award.stars if star.given and not star.taken)
        yield f"本轮达到{number}个，在挂{hanging}个"
        return
    yield f"候选{number}个"
    if places is not None:
        yield f"名额{places}个"
    if award.chosen:
        yield f"入选{len(award.chosen)}个"
    elif places is not None:
        yield f"差额{number - places}个" if number > places else "没有差额"


def _inside_lines(view: OutcomeView, award: Award) -> Iterator[str]:
    candidates = [] if award.honour.by == STARS else award.candidates  # a branch that earned a star stands among these
    chosen = award.chosen
    others = [one for one in candidates if one not in chosen]
    lines = [_candidate_line(view, award, one) + ("，入选" if one in chosen else "") for one in (*chosen, *others)]
    lines += [_star_line(view, star) for star in award.stars]
    return (f"{number}．{line}。" for number, line in enumerate(lines, start=1))


def _candidate_line(view: OutcomeView, award: Award, candidate: Candidate) -> str:
    if award.honour.by == LISTED:
        told = f"：{candidate.reason.strip().rstrip('。')}" if candidate.reason.strip() else ""
        return f"{candidate.name}（{view.name(candidate.unit)}）{told}"
    return "，".join(filter(None, (view.name(candidate.unit), weighed(view, award, candidate))))


def weighed(view: OutcomeView, award: Award, candidate: Candidate) -> str:
    """Return what a branch is put forward for: grade, composite and place."""
    result = view.results[candidate.unit]
    parts = [f"等次{grade_of(result)}" if grade_of(result) else ""]
    if result["composite"] is not None:
        parts.append(f"综合得分{fixed(result['composite'], max(2, award.scheme.rounding.places))}")
    parts.append(f"第{result['place']}名" if result["place"] else "")
    return "，".join(filter(None, parts))


def _star_line(view: OutcomeView, star: Star) -> str:
    whose = view.name(star.unit)
    named = f"{star.name}（{'，'.join(filter(None, (star.kind, whose)))}）" if star.name else whose
    days = ((star.given, "授予"), (star.hung, "挂牌"), (star.taken, "摘牌"))
    told = [f"{chinese_date(day)}{what}" for day, what in days if day]
    return "，".join(filter(None, (named, *told, star.reason, star.verdict)))


# --- 公示 -------------------------------------------------------------------------------------------------


def tells_withheld(award: Award, hidden: Hidden, view: OutcomeView) -> bool:
    """Say whether the list would tell a flag that was made of a withheld figure, of whichever branch."""
    flag = award.honour.flag
    own = (each for unit, each in hidden.items() if view.results[unit]["scheme"] == award.scheme.id)
    return bool(flag) and any(flag in each.made.flags for each in own)


def public_awards(view: OutcomeView, given: Sequence[Award], hidden: Hidden) -> list[Award]:
    """Return the honours whose candidates may be shown."""
    return [award for award in given if award.candidates and not tells_withheld(award, hidden, view)]


def candidates_context(view: OutcomeView, shown: Sequence[Award]) -> dict[str, Any]:
    """Return the fields of 推荐对象公示: names in roster order, which tells no place, and how to object."""
    publish = view.outcome.settings.publish
    return {
        **common(view.outcome),
        "标题": subject(view.outcome, PUBLIC, head=""),
        "各项": [
            {
                "题": f"{numeral(number)}、{award.honour.name}（{len(award.chosen or award.candidates)}个）",
                "名单": joined([_public_name(view, award, one) for one in _shown(view, award)]),
            }
            for number, award in enumerate(shown, start=1)
        ],
        "公示期": public_days(view.outcome),
        "受理部门": publish.department or PEN,
        "受理电话": publish.phone or PEN,
        "受理地址": publish.address or PEN,
    }


def _shown(view: OutcomeView, award: Award) -> list[Candidate]:
    """Return whom the committee chose, in its order; before it has, the candidates as the roster has them."""
    return award.chosen or sorted(award.candidates, key=lambda one: view.position(one.unit))


def _public_name(view: OutcomeView, award: Award, one: Candidate) -> str:
    return view.name(one.unit) if award.honour.by in (BRANCHES, STARS) else f"{one.name}（{view.name(one.unit)}）"


Papers = Mapping[str, tuple[str, dict[str, Any]]]


def commendation(view: OutcomeView, hidden: Hidden) -> Papers:
    """Return by path the template and the fields of each paper; none where no honour has anything to show."""
    given = awards_of(view)
    shown = public_awards(view, given, hidden)
    papers = {f"内部/{INSIDE}.docx": (f"{INSIDE}.docx", inside_context(view, given, hidden))} if given else {}
    if shown:
        papers[f"公示/{PUBLIC}.docx"] = (f"{PUBLIC}.docx", candidates_context(view, shown))
    return papers
