"""公开评诺表: what a branch pledged and how it was kept, with the vote on it; read out at the meeting, then posted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from dingji.forms.ledger_form import CLOSED, DEMAND, DONE, DUE, GOAL, MEASURE, OWNER, PROGRESS
from dingji.ledger.ledger import Line
from dingji.numbers import fixed, percent, plain
from dingji.reports.columns import NOTHING
from dingji.reports.made_of import counts
from dingji.reports.official.feedback import PLACES, Pages
from dingji.reports.official.mending import Mend, printed_rows
from dingji.reports.surveys import SurveyLine, survey_lines
from dingji.reports.view import OutcomeView
from dingji.reports.withholding import WITHHELD, why_withheld
from dingji.scheme.grades import Paper
from dingji.scheme.lint_conditions import names_read
from dingji.scheme.model import Scheme, Source

REVIEW: Final[Paper] = "公开评诺表"
AIM: Final = "目标和措施"
NOT_FILLED: Final = "整改台账还没有填，下列各项的措施和进展请当场说明"
PLEDGED: Final = (GOAL, OWNER, DEMAND, MEASURE, DUE, PROGRESS, DONE, CLOSED)
PEN_VOTES: Final = "＿＿票"
VALID: Final = "有效"
Votes = Mapping[tuple[str, str], list[SurveyLine]]
"""By branch and source, a line a question."""


def reviewing(scheme: Scheme, round_name: str) -> list[Source]:
    """Return the surveys of a round that count for nothing: without weight, and no condition reads them."""
    read = {name.partition(".")[0] for name in names_read(scheme)}
    surveys = [source for source in scheme.sources_in(round_name) if source.main_form == "survey"]
    return [source for source in surveys if not counts(source, round_name) and read.isdisjoint(_names(source))]


def _names(source: Source) -> set[str]:
    return {source.name, *source.shares}


@dataclass(frozen=True)
class Reviews:
    """Makes the fields of each branch's paper; what all of them need is made once."""

    pages: Pages

    @cached_property
    def sources(self) -> dict[str, list[Source]]:
        """Return the votes that a standard has, by standard."""
        outcome = self.pages.view.outcome
        return {one.id: reviewing(one, outcome.settings.round.name) for one in outcome.schemes.values()}

    @cached_property
    def votes(self) -> Votes:
        """Return what was voted; nothing else than these votes."""
        asked = {source.name for sources in self.sources.values() for source in sources}
        return {key: lines for key, lines in votes_of(self.pages.view).items() if key[1] in asked} if asked else {}

    @cached_property
    def begun(self) -> bool:
        """Say whether there is anything to review: a line of 整改台账 came back, from anybody, or a vote was held."""
        lines = (line for lines in self.pages.view.ledger.lines.values() for line in lines)
        return any(line.cells for line in lines) or bool(self.votes)

    def context(self, unit: str) -> dict[str, Any]:
        """Return the fields that the paper has beside those of 承诺书."""
        mends = self.pages.mending(unit)
        pledged = [mend for mend in mends if _is_pledged(mend.line)]
        rows, said = printed_rows(pledged or mends), list(self._said(unit))
        return {
            "小结": _summed(pledged) if pledged else NOT_FILLED if mends else "",
            "承诺": [{**row, AIM: "；".join(filter(None, (row[GOAL], row[MEASURE])))} for row in rows],
            "评议": said,
            "评议附注": [why_withheld(self.pages.view.outcome)] if any(WITHHELD in line for line in said) else [],
        }

    def _said(self, unit: str) -> Iterator[str]:
        """Yield a sentence a question of each vote; room for the pen where it was not held."""
        view = self.pages.view
        for source in self.sources[view.results[unit]["scheme"]]:
            if source.name in self.pages.closed.get(unit, frozenset()) and (unit, source.name) in self.votes:
                yield f"{source.name}：{WITHHELD}"
            elif lines := self.votes.get((unit, source.name)):
                voted = [f"{_asked(source, line.question)}：{_voted(line)}" for line in lines if line.votes]
                yield from voted or [f"{source.name}：得分 {_score(view, unit, source)}"]
                yield from filter(None, [_whole(lines[0])])
            else:
                options = "，".join(f"{option}{PEN_VOTES}" for option in source.options) or PEN_VOTES
                yield from (f"{_asked(source, question)}：{options}" for question in source.questions or [""])


def votes_of(view: OutcomeView) -> Votes:
    """Return the votes of all surveys."""
    found: dict[tuple[str, str], list[SurveyLine]] = {}
    for line in survey_lines(view):
        found.setdefault((line.unit, line.source), []).append(line)
    return found


def _is_pledged(line: Line) -> bool:
    """Say whether a branch has spoken of a line; whom the roster names as 联系领导 stands there before it has."""
    return line.loss is None or any(line.text(heading) for heading in PLEDGED)


def _summed(pledged: list[Mend]) -> str:
    closed = sum(mend.line.closed for mend in pledged)
    left = len(pledged) - closed
    return f"承诺整改{len(pledged)}项，已销号{closed}项" + (f"，还有{left}项没有销号" if left else "")


def _asked(source: Source, question: str) -> str:
    return f"{source.name}（{question}）" if question else source.name


def _score(view: OutcomeView, unit: str, source: Source) -> str:
    score = view.results[unit]["scores"].get(source.name)
    return NOTHING if score is None else fixed(score, PLACES)


def _voted(line: SurveyLine) -> str:
    return "，".join(f"{option} {plain(figure)} 票" for option, figure in line.votes.items() if figure is not None)


def _whole(line: SurveyLine) -> str:
    """Return what holds of all ballots together: how many were valid, and the shares."""
    valid = line.ballots.get(VALID)
    shares = [f"{name} {percent(share)}" for name, share in line.shares.items() if share is not None]
    return "，".join([*([] if valid is None else [f"有效票 {plain(valid)} 张"]), *shares])
