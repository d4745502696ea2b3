"""Random standards with random branches, and what they come to by plain loops over fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from hypothesis import strategies as st

from dingji.scheme.conditions import Value
from tests.drawn import Row, facts, marks, situations, tally
from tests.small_standard import rules

UNITS = "甲乙丙丁戊己"
LABELS = ("优", "良", "中", "差")
OPTIONS = {"好": 100, "中": 60, "差": 0}
OFFICE = "机关"
WEIGHTS = ((20, 50, 30), (0, 60, 40), (30, 70, 0), (15, 45, 40))
EFFECTS = {
    "清零": "score = 0", "罚分": "score = 65", "提": 'at_least = "良"', "限": 'at_most = "中"', "否": 'grade = "差"',
    "降": 'grade = "中"', "缓": 'no_grade = "不定等次"', "乘": "factor = 0.9", "减": "points = -4",
    "进一": "up = 1", "退一": "down = 1", "退二": "down = 2",
}  # fmt: skip
STEPS = {"进一": -1, "退一": 1, "退二": 2}
LOWEST = (("差",), ("中", "差"), ("良", "中", "差"))
"""Grades of which there are to be so many at least, together."""


@dataclass(frozen=True)
class Leaf:
    """An indicator that is marked; `each` are the points of its rule for every time recorded."""

    name: str
    full: int
    each: int
    heading: str = ""


@dataclass(frozen=True)
class Drawn:
    """A standard: leaves, weights of 自评, 评定 and 测评, how raters combine, situations, the two quotas.

    `below`: the grades that the second is on; `ties`: how those level across an edge are told apart; `ranked`: whether
    grades are had by number alone, without bounds.
    """

    leaves: tuple[Leaf, ...]
    weights: tuple[int, int, int]
    combine: str
    trim: int
    bounds: tuple[int, int, int]
    effects: tuple[str, ...]
    most: str
    least: str
    below: tuple[str, ...] = ("差",)
    ties: str = ""
    ranked: bool = False
    office: tuple[int, int, int] | None = None
    """The weights of 机关, where they are others."""
    rural: int = 0
    """The points that those have whose 社区 is 农村, a column of the standard's own; 0: there is no such column."""

    def weights_of(self, category: str) -> tuple[int, int, int]:
        return self.office if self.office and category == OFFICE else self.weights

    @property
    def full(self) -> int:
        return sum(leaf.full for leaf in self.leaves)

    def toml(self, more: str = "") -> str:
        """Return the standard as a file; `more` is a further rule of the first leaf."""
        own, given, asked = map(self._weight, range(3))
        text = f"full = {self.full}\n"
        text += '[[roster]]\nname = "社区"\nvalues = ["农村", "城市"]\n' if self.rural else ""
        for label, bound in zip(LABELS, self.bounds, strict=False):
            text += f'[[grades]]\nname = "{label}"\n' + ("" if self.ranked else f"from = {bound}\n")
        text += f'[[grades]]\nname = "{LABELS[-1]}"\n'
        text += f'[[sources]]\nname = "自评"\nform = "self"\nweight = {own}\nmissing = 0\n'
        text += f'[[sources]]\nname = "评定"\nform = ["committee", "records"]\nweight = {given}\n'
        text += f'combine = "{self.combine}"\ntrim = {self.trim}\n'
        options = ", ".join(f'"{option}" = {points}' for option, points in OPTIONS.items())
        text += (
            f'[[sources]]\nname = "测评"\nform = "survey"\nmarks = "options"\nquestions = ["总评"]\nweight = {asked}\n'
        )
        text += f'options = {{ {options} }}\nshares = {{ "好评率" = ["好"] }}\n'
        for place, leaf in enumerate(self.leaves):
            inside = f'in = "{leaf.heading}"\n' if leaf.heading else ""
            drawn = [
                f'name = "{leaf.name}次数", unit = "次", each = {leaf.each}',
                *([more] if more and not place else []),
            ]
            text += f'[[indicators]]\nname = "{leaf.name}"\nfull = {leaf.full}\n{inside}{rules(*drawn)}\n'
        for heading in dict.fromkeys(leaf.heading for leaf in self.leaves if leaf.heading):
            full = sum(leaf.full for leaf in self.leaves if leaf.heading == heading)
            text += f'[[indicators]]\nname = "{heading}"\nfull = {full}\n'
        for effect in self.effects:
            text += f'[[situations]]\nname = "{effect}"\n{EFFECTS[effect]}\n'
        if self.rural:
            text += f'[[situations]]\nname = "农村"\nwhen = "社区 = \'农村\'"\npoints = {self.rural}\n'
        text += '[[situations]]\nname = "好评不足"\nwhen = "好评率 < 1/3"\nat_most = "良"\n'
        ties = f"ties = {self.ties}\n" if self.ties else ""
        for label in LABELS[: 3 if self.ranked else 1]:
            text += f'[[quotas]]\ngrade = "{label}"\nat_most = {self.most}\n{ties}'
        below = ", ".join(f'"{label}"' for label in self.below)
        return text + f"[[quotas]]\ngrade = [{below}]\nat_least = {self.least}\n{ties}"

    def _weight(self, place: int) -> str:
        own = self.weights[place]
        return f'{{ "{OFFICE}" = {self.office[place]}, default = {own} }}' if self.office else str(own)


@dataclass(frozen=True)
class Branch:
    """What was typed for a branch: claims and raters' marks by leaf, votes, times recorded, situations declared.

    Of one that is not `handed` there is no 自评表.
    """

    claims: tuple[int, ...]
    books: tuple[tuple[int, ...], ...]
    votes: tuple[int, int, int]
    times: tuple[int, ...]
    declared: frozenset[str]
    category: str = "业务"
    handed: bool = True
    rural: bool = False

    @property
    def claimed(self) -> Fraction:
        """Return the total of 自评, 0 where the form never came."""
        return Fraction(sum(self.claims) if self.handed else 0)


def roster_of(branches: Sequence[Branch]) -> dict[str, list[Value]]:
    """Return what is known of branches before they are scored."""
    return {
        "类别": [branch.category for branch in branches],
        "自评.未报": [not branch.handed for branch in branches],
        "社区": ["农村" if branch.rural else "城市" for branch in branches],
    }


def _leaves(draw: st.DrawFn) -> tuple[Leaf, ...]:
    numbers = count(1)
    found: list[Leaf] = []
    for top in range(draw(st.integers(1, 3))):
        parts = draw(st.sampled_from((1, 1, 2, 3)))
        for _ in range(parts):
            name = f"指标{next(numbers)}"
            heading = f"大项{top + 1}" if parts > 1 else ""
            found.append(Leaf(name, draw(st.integers(5, 40)), draw(st.sampled_from((-3, -1, 2))), heading))
    return tuple(found)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Drawn, tuple[Branch, ...]]:
    """Draw a standard with its branches."""
    leaves = _leaves(draw)
    weights = draw(st.sampled_from(WEIGHTS))
    best = (sum(leaf.full for leaf in leaves) * (100 - weights[2]) + OPTIONS["好"] * weights[2]) // 100
    standard = Drawn(
        leaves,
        weights,
        draw(st.sampled_from(("mean", "median"))),
        draw(st.integers(0, 1)),
        (best * 9 // 10, best * 7 // 10, best // 2),
        tuple(draw(st.permutations(list(EFFECTS)))[: draw(st.integers(0, 4))]),
        draw(st.sampled_from(('"40%"', '"1/3"', "1", "0"))),
        draw(st.sampled_from(('"20%"', '"50%"', "1", "3", "0"))),
        draw(st.sampled_from(LOWEST)),
        draw(st.sampled_from(("", '"all"', '["好评率"]', '["0 - 好评率", "自评"]'))),
        draw(st.booleans()),
        draw(st.one_of(st.none(), st.sampled_from(WEIGHTS))),
        draw(st.sampled_from((0, 0, 2, -3))),
    )
    size = draw(st.integers(2, len(UNITS)))
    return standard, tuple(draw(_branches(standard)) for _ in range(size))


def _branches(standard: Drawn) -> st.SearchStrategy[Branch]:
    def mark(leaf: Leaf) -> st.SearchStrategy[int]:
        return st.one_of(st.integers(leaf.full * 2 // 3, leaf.full), st.integers(0, leaf.full))

    marked = st.tuples(*(mark(leaf) for leaf in standard.leaves))
    return st.builds(
        Branch,
        marked,
        st.lists(marked, min_size=1, max_size=4).map(tuple),
        st.tuples(st.integers(1, 9), st.integers(0, 4), st.integers(0, 4)),
        st.tuples(*(st.sampled_from((0, 0, 0, 1, 4, 30)) for _ in standard.leaves)),
        st.frozensets(st.sampled_from(standard.effects), max_size=2) if standard.effects else st.just(frozenset()),
        st.sampled_from((OFFICE, "业务")),
        st.sampled_from((True, True, True, False)),
        st.booleans(),
    )


# --- the same as entries ----------------------------------------------------------------------------------


def rows_of(standard: Drawn, branches: Sequence[Branch]) -> list[Row]:
    """Return the entries that intake would hand over."""
    found: list[Row] = []
    head = " | ".join(leaf.name for leaf in standard.leaves)
    for unit, branch in zip(UNITS, branches, strict=False):
        if branch.handed:
            found += marks(f"支部 | {head}\n{unit} | {' | '.join(map(str, branch.claims))}", "自评", "self")
        for place, book in enumerate(branch.books):
            drawn = " | ".join(map(str, book))
            found += marks(f"支部 | 评委 | {head}\n{unit} | 评委{place} | {drawn}", "评定")
        votes = " | ".join(map(str, branch.votes))
        found += tally(f"支部 | 项目 | {' | '.join(OPTIONS)}\n{unit} | 总评 | {votes}", "测评", f"{unit}测评")
        for leaf, times in zip(standard.leaves, branch.times, strict=True):
            if times:
                found += facts(f"支部 | 规则 | 数量\n{unit} | {leaf.name}次数 | {times}", "records")
        for name in sorted(branch.declared):
            found += situations(f"支部 | 情形\n{unit} | {name}")
    return found


# --- worked out by plain loops ----------------------------------------------------------------------------


def combined(standard: Drawn, given: Sequence[int]) -> Fraction:
    """Combine raters' marks."""
    ordered = sorted(given)
    if standard.trim and len(ordered) >= 3:
        ordered = ordered[1:-1]
    if standard.combine == "mean":
        return Fraction(sum(ordered), len(ordered))
    middle = len(ordered) // 2
    return Fraction(ordered[middle] if len(ordered) % 2 else Fraction(ordered[middle - 1] + ordered[middle], 2))


def composite(standard: Drawn, branch: Branch) -> Fraction:
    """Return the composite, rounded half up to two places, away from nought."""
    whole = unrounded(standard, branch)
    cents = int(abs(whole) * 100 + Fraction(1, 2))
    return Fraction(cents if whole > 0 else -cents, 100)


def unrounded(standard: Drawn, branch: Branch) -> Fraction:
    """Return the weighted sum, with the factor and the points of what was declared."""
    given = Fraction(0)
    for place, leaf in enumerate(standard.leaves):
        figure = combined(standard, [book[place] for book in branch.books]) + leaf.each * branch.times[place]
        given += min(max(figure, Fraction(0)), Fraction(leaf.full))
    good, fair, poor = branch.votes
    asked = Fraction(100 * good + 60 * fair, good + fair + poor)
    parts = zip(standard.weights_of(branch.category), (branch.claimed, given, asked), strict=True)
    whole = sum((weight * figure for weight, figure in parts), Fraction(0)) / 100
    whole *= Fraction(9, 10) if "乘" in branch.declared else 1
    return whole - (4 if "减" in branch.declared else 0) + (standard.rural if branch.rural else 0)


@dataclass
class Expected:
    """What a branch should come to; `fixed`: a situation graded it, `tied`: it waits for the committee."""

    score: Fraction
    place: int = len(LABELS)
    fixed: bool = False
    floor: int = len(LABELS)
    keys: tuple[Fraction, ...] = ()
    tied: bool = False
    withheld: bool = False

    @property
    def grade(self) -> str:
        return "不定等次" if self.withheld else "" if self.tied else LABELS[self.place]


def before_quotas(standard: Drawn, branch: Branch) -> Expected:
    """Grade by points and situations, in the fixed order."""
    set_to = [score for name, score in (("清零", 0), ("罚分", 65)) if name in branch.declared]
    score = Fraction(min(set_to)) if set_to else composite(standard, branch)
    reached = [place for place, bound in enumerate(standard.bounds) if standard.ranked or score >= bound]
    one = Expected(score, min(reached, default=len(LABELS) - 1), keys=_keys(standard, branch))
    good, fair, poor = branch.votes
    one.floor = 1 if "提" in branch.declared else one.floor
    moves = [("提" in branch.declared and one.place > 1, 1)]
    _to(one, moves)
    for name in ("进一", "退一", "退二"):
        step = one.place + STEPS[name] if name in branch.declared else one.place
        _to(one, [(step != one.place and 0 <= min(max(step, 0), 3) != one.place, min(max(step, 0), 3))])
    _to(one, [("限" in branch.declared and one.place < 2, 2)])
    _to(one, [(3 * good < good + fair + poor and one.place < 1, 1)])
    _to(one, [("降" in branch.declared, 2), ("否" in branch.declared, 3)])
    one.withheld = "缓" in branch.declared
    return one


def _to(one: Expected, moves: Sequence[tuple[bool, int]]) -> None:
    for holds, target in moves:
        if holds:
            one.place, one.fixed = target, True


def _keys(standard: Drawn, branch: Branch) -> tuple[Fraction, ...]:
    """Return the figures that settle a tie, the greater the better."""
    rate = Fraction(branch.votes[0], sum(branch.votes))
    own = {'["好评率"]': (rate,), '["0 - 好评率", "自评"]': (-rate, branch.claimed)}
    return own.get(standard.ties, ())


def expected(standard: Drawn, branches: Sequence[Branch]) -> list[Expected]:
    """Return what every branch should come to, quotas held until nobody moves any more."""
    found = [before_quotas(standard, branch) for branch in branches]
    graded = [one for one in found if not one.withheld]
    most = _number(standard.most, len(graded), up=False)
    least = _number(standard.least, len(graded), up=True)
    first = LABELS.index(standard.below[0])
    for _ in LABELS:
        for label in range(3 if standard.ranked else 1):
            holders = [one for one in graded if one.place == label]
            _fall(standard, holders, len(holders) - most, label + 1, falls_out=True)
        above = [one for one in graded if one.place < first]
        _fall(standard, above, least - (len(graded) - len(above)), first, falls_out=False)
    return found


def _number(bound: str, base: int, *, up: bool) -> int:
    text = bound.strip('"')
    share = Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text) if "/" in text else None
    if share is None:
        return int(text)
    exact = share * base
    return -(-exact.numerator // exact.denominator) if up else exact.numerator // exact.denominator


def _fall(standard: Drawn, among: Sequence[Expected], number: int, to: int, *, falls_out: bool) -> None:
    """Let so many of the lowest that may be moved fall; those level across the edge are all in, or wait."""
    movable = [one for one in among if not one.fixed and one.floor >= to]
    movable.sort(key=lambda one: (-one.place, one.score, one.keys))
    number = min(max(number, 0), len(movable))
    if not number:
        return
    last = movable[number - 1]
    everybody = standard.ties == '"all"'
    alike = [one for one in movable if (one.place, one.score, one.keys) == (last.place, last.score, last.keys)]
    below = [one for one in movable[:number] if one not in alike]
    cut = len(below) + len(alike) > number
    if cut and everybody:
        falling = below if falls_out else below + alike
    else:
        falling = movable[:number]
        for one in alike if cut else ():
            one.tied = True
    for one in falling:
        one.place = to
