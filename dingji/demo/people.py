"""How fictional people fill a form: marks that follow a branch's quality, ballots, tallies, ways of typing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Final

from dingji.branch_facts import Applies
from dingji.demo.facts import Stated, facts_read, facts_toward, state
from dingji.forms.declare import ABSTAIN, EXCUSED
from dingji.forms.filling import Cells, Value
from dingji.forms.marking_forms import thing_heading
from dingji.numbers import half_up, mean, plain
from dingji.scheme.marking import Thing, things_of, typed_rules, typed_things
from dingji.scheme.model import Scheme, Source

ODD_TYPING: Final = 0.03
UNANSWERED: Final = 0.01
SET_APART: Final = 0.02
LEFT_TO_RULES: Final = 0.02
FULL_WIDTH: Final = str.maketrans("0123456789.", "０１２３４５６７８９．")
PERSONS: Final = ("党员", "群众")
WITH_FACTS: Final = 0.15
REMARKED: Final = 0.12
REMARKS: Final = ("见支部工作手册", "按年度计划开展", "材料另附", "对照标准还有差距", "正在整改")
FINDINGS: Final = ("查阅资料时发现", "日常检查", "实地查看", "座谈了解")


@dataclass(frozen=True)
class Branch:
    """A fictional branch. `quality`: the share of full marks that it deserves; `grade`: the place of its grade."""

    code: str
    name: str
    parent: str
    category: str
    members: tuple[int, int]
    quality: float
    grade: int

    @property
    def identity(self) -> dict[str, Value]:
        """Return the cells by which a row or head names the branch."""
        return {"党组织编码": self.code, "党组织名称": self.name}

    @property
    def owner(self) -> tuple[str, str]:
        """Return code and name, as a file's name tells them."""
        return self.code, self.name


@dataclass(frozen=True)
class Marking:
    """A source that marks, and which of the standard's conditions hold for whom."""

    scheme: Scheme
    source: Source
    applies: Applies

    def typed(self, branch: Branch) -> list[Thing]:
        """Return what is marked for a branch by typing a figure."""
        return [thing for thing in typed_things(self.scheme, self.source) if self.applies(thing.only_for, branch.code)]

    def by_rules(self, branch: Branch) -> list[Thing]:
        """Return what is marked for a branch by stating facts."""
        things = things_of(self.scheme, self.source) if self.source.marks == "rules" else []
        return [thing for thing in things if thing.ruled and self.applies(thing.only_for, branch.code)]

    def base(self, thing: Thing) -> Fraction:
        """Return the points that a thing has before any rule."""
        indicator = next(indicator for indicator in self.scheme.indicators if indicator.name == thing.indicator)
        numbered = [item for item in indicator.items if item.no == thing.number]
        return Fraction(numbered[0].base if numbered else indicator.base)

    def must_tell(self, thing: Thing) -> bool:
        """Say whether a condition of the standard reads a fact of a thing, so that nobody may leave it out."""
        read = facts_read(self.scheme)
        return any(rule.name in read for rule in thing.rules)

    def facts(self, thing: Thing, branch: Branch, share: float, rng: Random) -> list[Stated]:
        """Return facts by which a thing comes to about this share of its full mark."""
        rules = [rule for rule in thing.rules if self.applies(rule.only_for, branch.code)]
        points = thing.full * Fraction(round(share * 100), 100) - self.base(thing)
        return facts_toward(rules, points, facts_read(self.scheme), rng)


# --- figures ----------------------------------------------------------------------------------------------


def mark(thing: Thing, share: float, rng: Random) -> Fraction:
    """Return a mark of about this share of the full mark, in the steps that people use."""
    step = step_of(thing.full)
    return held(thing, step * round((share + wobble(rng, 0.08)) * float(thing.full / step)))


def step_of(full: Fraction) -> Fraction:
    """Return the steps in which people mark: half points, tenths of a small mark, whole points of a large one."""
    if full > 50:  # noqa: PLR2004 - totals of a hundred are marked in whole points
        return Fraction(1)
    return Fraction(1, 2) if full > 1 else Fraction(1, 10)


def held(thing: Thing, figure: Fraction) -> Fraction:
    """Hold a figure within a thing's bounds, and within its full mark."""
    top = thing.full if thing.high is None else min(thing.high, thing.full)
    return max(min(figure, top), thing.low or Fraction(0))


def wobble(rng: Random, width: float) -> float:
    """Return a small deviation either way, mostly near 0."""
    return (rng.random() + rng.random() - 1) * width


def as_typed(figure: Fraction, rng: Random) -> Value:
    """Return a figure as people type it: nearly always a number, now and then a text that still reads as one."""
    if rng.random() >= ODD_TYPING:
        return figure
    text = plain(figure)
    return rng.choice((f"{text}分", text.translate(FULL_WIDTH), f" {text} ", f"'{text}"))


# --- ballots ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ballot:
    """One ballot: 身份, marks by thing (None: left blank) and answers by question ("": left blank)."""

    group: str
    marks: Mapping[str, Fraction | None]
    answers: Mapping[str, str]


def cast(marking: Marking, branch: Branch, size: int, rng: Random) -> list[Ballot]:
    """Return `size` ballots on a branch; the first of every group leaves nothing blank."""
    source, things = marking.source, marking.typed(branch)
    groups = list(source.groups) or [""]
    several = len(things) + len(source.questions) > 1
    ballots = []
    for index in range(size):
        careful = index < len(groups) or not several
        gap = rng.randrange(len(things) + len(source.questions)) if not careful and rng.random() < UNANSWERED else -1
        marks = {
            thing.key: None if gap == number else mark(thing, branch.quality + wobble(rng, 0.1), rng)
            for number, thing in enumerate(things)
        }
        answers = {
            question: "" if gap == number else answer(source, branch.quality, rng, careful=careful)
            for number, question in enumerate(source.questions, start=len(things))
        }
        ballots.append(Ballot(groups[index % len(groups)], marks, answers))
    return ballots


def answer(source: Source, quality: float, rng: Random, *, careful: bool) -> str:
    """Return an option: the better the branch, the better the answer; seldom one that is set apart."""
    apart = [option for option in source.apart if option != ABSTAIN]
    if apart and not careful and rng.random() < SET_APART:
        return rng.choice(apart)
    options = sorted(source.options, key=lambda option: -source.options[option])
    discontent = max(0.0, 1 - quality + wobble(rng, 0.55))
    bounds = [0.3 + 0.32 * index / max(len(options) - 2, 1) for index in range(len(options) - 1)]
    return options[sum(discontent > bound for bound in bounds)]


def ballot_rows(marking: Marking, ballots: Sequence[Ballot], rng: Random) -> Iterator[Cells]:
    """Yield the rows of 测评票."""
    headings = {thing.key: thing_heading(thing) for thing in typed_things(marking.scheme, marking.source)}
    for number, ballot in enumerate(ballots, start=1):
        marks = {headings[key]: as_typed(given, rng) for key, given in ballot.marks.items() if given is not None}
        group = ballot.group or rng.choice((*PERSONS, ""))
        yield {"票号": str(number), "身份": group, **marks, **ballot.answers}


def tally(marking: Marking, ballots: Sequence[Ballot]) -> dict[str, Cells]:
    """Return the rows of 测评汇总 that the same ballots come to, by key."""
    labels = {thing.key: thing.label for thing in typed_things(marking.scheme, marking.source)}
    rows: dict[str, Cells] = {}
    for group in dict.fromkeys(ballot.group for ballot in ballots):
        own = [ballot for ballot in ballots if ballot.group == group]
        for question in marking.source.questions:
            votes = Counter(ballot.answers[question] or ABSTAIN for ballot in own)
            rows[f"{question}|{group}"] = dict(votes)
        for key in own[0].marks:
            given = [figure for ballot in own if (figure := ballot.marks[key]) is not None]
            rows[f"{labels[key]}|{group}"] = {"平均分": half_up(mean(given), 2)}
    return rows


# --- a branch's own claims --------------------------------------------------------------------------------


def fill_claims(marking: Marking, branch: Branch, rng: Random) -> tuple[dict[str, Cells], dict[str, Cells]]:
    """Return the rows of 自评表 and of 扣分加分, by key; where facts are stated, the claim agrees with them."""
    claims: dict[str, Cells] = {}
    facts: dict[str, Cells] = {}
    generous = wobble(rng, 0.04) + 0.03
    for thing in marking.typed(branch):
        share = branch.quality + generous
        some = bool(thing.rules) and (rng.random() < WITH_FACTS or marking.must_tell(thing))
        stated = marking.facts(thing, branch, share, rng) if some else []
        counted = (
            marking.base(thing) + sum((fact.points for fact in stated), Fraction(0)) if stated and thing.ruled else None
        )
        claim = mark(thing, share, rng) if counted is None else held(thing, counted)
        remark = rng.choice(REMARKS) if rng.random() < REMARKED else ""
        claims[thing.key] = {"自评得分": as_typed(claim, rng), "情况说明": remark}
        facts |= {fact.rule.name: {**fact.cells, "说明": rng.choice(FINDINGS)} for fact in stated}
    return claims, facts | _also_asked(marking, branch, facts, rng)


def _also_asked(marking: Marking, branch: Branch, told: Collection[str], rng: Random) -> dict[str, Cells]:
    """Return the facts that belong to no mark here, and that a condition reads: nobody may leave them out."""
    read = facts_read(marking.scheme) - set(told)
    rules = [rule for _, rule in typed_rules(marking.scheme, marking.source) if rule.name in read]
    asked = [rule for rule in rules if marking.applies(rule.only_for, branch.code)]
    stated = [state(rule, rng, good=rng.random() < branch.quality) for rule in asked]
    return {fact.rule.name: fact.cells for fact in stated if fact}


# --- a rater's book ---------------------------------------------------------------------------------------


@dataclass
class RaterBook:
    """The rows of 评定表 and 评定扣分 of one rater."""

    marks: list[Cells]
    facts: list[Cells]

    @property
    def sheets(self) -> dict[str, Sequence[Cells]]:
        """Return the rows by sheet; a standard without rules has no sheet for facts."""
        marked: dict[str, Sequence[Cells]] = {"评定表": self.marks}
        return marked | ({"评定扣分": self.facts} if self.facts else {})


def fill_book(
    marking: Marking, branches: Sequence[Branch], rng: Random, *, excused: frozenset[str] = frozenset()
) -> RaterBook:
    """Return a rater's book with every branch marked; `excused`: codes of branches where 回避 is written instead."""
    book, lean = RaterBook([], []), wobble(rng, 0.06)
    by_rules = LEFT_TO_RULES if marking.source.main_form == "committee" else 0
    for branch in branches:
        share = branch.quality + lean
        things = marking.typed(branch)
        left = [thing for thing in things if thing.ruled and rng.random() < by_rules]
        own = [thing for thing in things if thing not in left]
        typed = {thing_heading(thing): as_typed(mark(thing, share, rng), rng) for thing in own}
        if branch.code in excused and things:
            typed, left = {thing_heading(thing): EXCUSED[0] for thing in things}, []
        book.marks.append({**branch.identity, **typed})
        book.facts += deductions(marking, branch, [*left, *marking.by_rules(branch)], share, rng)
    return book


def deductions(marking: Marking, branch: Branch, things: Sequence[Thing], share: float, rng: Random) -> Iterator[Cells]:
    """Yield the verified rows from which marks are computed; one row without a rule where nothing happened."""
    named = {**branch.identity, "已核": "是"}
    stated = [(thing, fact) for thing in things for fact in marking.facts(thing, branch, share, rng)]
    for thing, fact in stated:
        rule = {"指标": thing.indicator, "规则": fact.rule.name, "事由": rng.choice(FINDINGS)}
        yield {**named, **rule, **fact.cells}
    if {thing.indicator for thing in things} - {thing.indicator for thing, _ in stated}:
        yield named
