"""Every sentence of the trail: what a step says in Chinese, made of what the step keeps, when somebody reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from dingji.forms.declare import ABSTAIN
from dingji.numbers import fixed, percent, plain, signed
from dingji.scheme.conditions import Value
from dingji.scheme.describe import condition_words, rule_words
from dingji.scheme.indicators import Rule
from dingji.scheme.model import Situation, Source
from dingji.scheme.names import option_score_name

Figure = Fraction | None
Votes = Sequence[tuple[str, int]]
BASES = {"valid": "有效票", "returned": "收回票", "present": "实到人数", "due": "应参加人数"}


# --- marks ------------------------------------------------------------------------------------------------


def _voices(split: Split) -> str:
    return f"，各票平均：{_split(split)}" if split else "，各票平均"


def _mark(
    label: str, full: Fraction, marked: Figure, *, how: tuple[Figure, Figure, Figure] | None = None,
    met: Sequence[tuple[str, bool]] = (), split: Split | None = None, items: Sequence[Reckoned] = (),
) -> str:  # fmt: skip
    """Tell a mark, how rules made it, and which rules count as met because nothing was written under them."""
    names = [name for name, unwritten in met if unwritten]
    taken = f"；没有写的{'、'.join(names)}，按达到标准算" if names else ""
    told = "缺" if marked is None else f"{plain(marked)} 分"
    made = _reckoned(full, marked, how, items) if split is None else _voices(split)
    return f"{marked_thing(label, full)} {told}{made}{taken}"


def marked_thing(label: str, full: Fraction) -> str:
    """Tell what a mark is of."""
    return f"{label}（满分 {plain(full)}）" if full else label


Reckoned = tuple[int | None, Figure, Figure, Figure, bool]
"""What was reckoned in an item: its number, base, points, what these come to within its bounds, whether it counts."""


def _reckoned(
    full: Fraction, marked: Figure, how: tuple[Figure, Figure, Figure] | None, items: Sequence[Reckoned]
) -> str:
    if how is None or marked is None:
        return ""
    base, points, ratio = (part or Fraction(0) for part in how)
    own = [tuple(part or Fraction(0) for part in item[1:4]) for item in items if item[4]]
    by_item = len(own) > 1 and any(start + more != held for start, more, held in own)
    told = _by_item(items) if by_item else f"{plain(base)} {_added(points)}"
    whole = sum((held for *_, held in own), Fraction(0)) if by_item else base + points
    scaled = "" if ratio == 1 else f"，折算为 {plain(full)} 分制 {plain(marked)} 分"
    return f"＝{told}{scaled}{'' if marked == whole * ratio else _bounded(points)}"


def _added(points: Fraction) -> str:
    return f"− {plain(-points)}" if points < 0 else f"＋ {plain(points)}"


def _bounded(points: Fraction) -> str:
    return "，扣完为止" if points < 0 else "，不超满分"


def _by_item(items: Sequence[Reckoned]) -> str:
    """Tell item by item what its rules made of it, those that none touched in one figure."""
    told, rest = [], Fraction(0)
    for number, base, points, held, counts in items:
        start, more, come_to = (part or Fraction(0) for part in (base, points, held))
        if counts and more:
            bounded = "" if start + more == come_to else _bounded(more)
            name = "其他规则" if number is None else f"第{number}项"
            told.append(f"{name} {plain(come_to)}（{plain(start)} {_added(more)}{bounded}）")
        elif counts:
            rest += come_to
    return " ＋ ".join([*told, *([f"其余 {plain(rest)}"] if rest else [])])


def _rule(rule: Rule, points: Figure, read: Value | list[tuple[Figure, str, Figure]], beside: str = "") -> str:
    told = "无法计算" if points is None else f"{signed(points)} 分"
    shown = "、".join(typed_words(rule, *row) for row in read) if isinstance(read, list) else _formula(rule, read)
    shown += f"（{beside}）" if beside else ""
    once = f"（记了{len(read)}次，只计一次）" if rule.told_once and isinstance(read, list) and len(read) > 1 else ""
    return f"{rule.name}：{shown}{'；' if shown else ''}{rule_words(rule)}{once} → {told}"


def typed_words(rule: Rule, figure: Fraction | None, option: str, amount: Fraction | None) -> str:
    """Tell what was typed under a rule: `5项`, `没有记录`, `2分`."""
    shown = "" if figure is None else percent(figure) if rule.unit == "%" else f"{plain(figure)}{rule.unit}"
    points = "" if amount is None else f"{plain(amount)}分"
    return " ".join(part for part in (option, shown, points) if part)


def by_share(rule: Rule) -> bool:
    """Say whether the bounds of a rule are shares (90%): what it reads is then told as one."""
    bounds = [*(band.start for band in rule.bands or []), rule.under, rule.over]
    return any(bound is not None and bound.share for bound in bounds)


def _formula(rule: Rule, value: Value) -> str:
    if value is None:
        said = "缺"
    elif isinstance(value, bool):
        said = "是" if value else "否"
    elif isinstance(value, str):
        said = value
    else:
        said = percent(value) if by_share(rule) else plain(value)
    return f"{condition_words(rule.of)}＝{said}"


def _raters(raters: Source, given: Sequence[Figure]) -> str:
    """Tell how several raters' figures became one; of one alone the figure."""
    figures = [figure for figure in given if figure is not None]
    shown = "、".join(plain(figure) for figure in figures)
    if len(figures) == 1:
        return shown
    trim_from = raters.trim_from if raters.trim_from is not None else 2 * raters.trim + 1
    cut = raters.trim and len(figures) >= trim_from
    how = f"去掉{raters.trim}个最高、{raters.trim}个最低后" if cut else ""
    return f"{len(figures)}名评委（{shown}）{how}{'取中位数' if raters.combine == 'median' else '平均'}"


def _combined(label: str, given: Sequence[Figure], raters: Source, total: Fraction, *, once: bool) -> str:
    """Tell several raters' marks as one; `once`: by rules that count once, in each one's mark."""
    how = "（只计一次的规则，在各评委的分里各计一次，再合成）" if once else ""
    return f"{label}：{_raters(raters, given)} ＝ {plain(total)}{how}"


def _rest(name: str, total: Fraction, given: Sequence[Figure], raters: Source) -> str:
    how = f"：{_raters(raters, given)}" if len(given) > 1 else ""
    return f"{name}不属于各项的规则 {signed(total)} 分{how}"


def _indicator(name: str, full: Decimal | None, held: Fraction, laid: Figure, *, recorded: bool, merged: bool) -> str:
    """Tell an indicator's figure, and what 平时记录 add to it; `merged`: other than they would by themselves."""
    how = "（与评分表里记的合在一起算：只计一次的不重复，合计不超过限额）" if merged else ""
    told = f"，平时记录 {signed(laid or Fraction(0))}{how}" if recorded else ""
    return f"{name} {plain(held)} 分（满分 {plain(Fraction(full or 0))}{told}）"


def over_sources(name: str, full: Decimal | None, held: Figure, terms: Sequence[tuple[str, Figure]]) -> str:
    """Tell an indicator's figure over all sources, and each source's."""
    whole = "" if full is None else f"/{plain(Fraction(full))}"
    given = "，".join(f"{source} {_figure(own)}" for source, own in terms)
    return f"{name} {_figure(held)}{whole}：{given}"


def _figure(figure: Figure) -> str:
    return "缺" if figure is None else plain(figure)


def _source(
    terms: Sequence[tuple[str, Fraction, bool]], summed: Fraction, scaled: Fraction, ratio: Fraction, full: Decimal
) -> str:
    shown = " ＋ ".join(f"{name} {plain(figure)}" for name, figure, applies in terms if applies)
    whole = "" if ratio == 1 else f"，按满分 {plain(Fraction(full))} 折算为 {plain(scaled)}"
    return f"{shown} ＝ {plain(summed)}{whole}"


# --- surveys ----------------------------------------------------------------------------------------------


Split = Sequence[tuple[str, Fraction, Sequence[tuple[str, Fraction, Figure, Figure]]]]
"""A figure by group and question: the part of each, and the two numbers that make the figure."""


def _share(name: str, options: Sequence[str], asked: Source, share: Figure, votes: Votes, split: Split) -> str:
    base = BASES[asked.out_of]
    base = f"（{base}－{'－'.join(asked.apart)}）" if asked.apart else base
    printed = "无法计算" if share is None else percent(share)
    return f"{name}＝（{'＋'.join(options)}）÷{base}＝{_split(split)}＝{printed}（{_votes(asked, votes)}）"


def _option_score(asked: Source, score: Fraction, votes: Votes, split: Split, *, alone: bool) -> str:
    counted, name = dict(votes), option_score_name([asked.name])
    if not alone:
        return f"{name}＝分值之和÷票数＝{_split(split)}＝{plain(score)}（{_votes(asked, votes)}）"
    terms = "＋".join(
        f"{option}{counted[option]}票×{plain(Fraction(value))}" for option, value in asked.options.items()
    )
    return f"{name}＝（{terms}）÷{sum(counted[option] for option in asked.options)}票＝{plain(score)}"


def _split(split: Split) -> str:
    """Tell the quotients that make a figure, by group and question, each by its weight."""
    return " ＋ ".join(
        f"{group and f'{group} '}{_questions(cells, whole=part == 1)}{_part(part)}" for group, part, cells in split
    )


def _questions(cells: Sequence[tuple[str, Fraction, Figure, Figure]], *, whole: bool) -> str:
    several = len(cells) > 1
    told = " ＋ ".join(
        f"{f'{name} ' if several else ''}{_figure(top)}÷{_figure(base)}{_part(part)}" for name, part, top, base in cells
    )
    return f"（{told}）" if several and not whole else told


def _part(part: Fraction) -> str:
    """Tell a part of one as a weight; one without an end in percent as a ratio."""
    if part == 1:
        return ""
    percents = part * 100
    return f"×{percents}%" if percents.denominator == 1 else f"×{part.numerator}÷{part.denominator}"


def _votes(asked: Source, votes: Votes) -> str:
    counted = dict(votes)
    told = [*asked.options, *asked.apart, *([ABSTAIN] if ABSTAIN not in asked.apart else [])]
    told += [name for name, number in votes if name not in told and number]  # 无效答案
    return "，".join(f"{option}{counted[option]}票" for option in told)


# --- composite --------------------------------------------------------------------------------------------


def weighted(terms: Sequence[tuple[str, Figure, Figure]]) -> str:
    """Tell a weighted sum, or what it lacks; what has no weight is left out."""
    counting = [(name, figure, weight) for name, figure, weight in terms if weight != 0]
    missing = [
        name if figure is None else f"{name}的权重" for name, figure, weight in counting if None in (figure, weight)
    ]
    if missing:
        return f"缺 {'、'.join(missing)}"
    shown = ((name, figure or Fraction(0), weight or Fraction(0)) for name, figure, weight in counting)
    return " ＋ ".join(f"{name} {plain(figure)}×{plain(weight)}%" for name, figure, weight in shown)


def _nested(terms: Sequence[tuple[str, Figure, Figure]], whole: Figure) -> str:
    return weighted(terms) if whole is None else f"{weighted(terms)} ＝ {plain(whole)}"


Claim = tuple[Rule, Figure, str, Figure, Fraction, str, bool]
"""A claim's rule, what was typed, its points by itself, its work, and whether it counts."""


def _bonus(name: str, claims: Sequence[Claim], points: Fraction) -> str:
    """Tell a bonus claim by claim; of a rule whose rows are added up first, the figures and the rule."""
    told = []
    for rule, figure, option, amount, alone, work, counts in claims:
        typed = typed_words(rule, figure, "" if option == "是" else option, amount)
        added = rule.under or rule.over or rule.round or rule.way == "bands"
        given = f"（{rule_words(rule)}，各次合计）" if added else f" {signed(alone)}"
        own = "" if counts else f"（与“{work}”同一工作，只计最高的一次，不计）"
        told.append(f"{rule.name}{typed}{given}{own}")
    return f"{name}：{'；'.join(told)} → {signed(points)} 分"


def _composite(
    terms: Sequence[tuple[str, Figure, Figure]], faces: Sequence[tuple[str, Fraction]], bonus: Fraction,
    total: Fraction, limit: Fraction, rounded: Fraction, places: int,
) -> str:  # fmt: skip
    own = [*(f"{name} {plain(figure)}" for name, figure in faces), f"加分 {plain(bonus)}" if bonus else ""]
    told = " ＋ ".join(term for term in (weighted(terms), *own) if term)
    told += "" if limit == total else f" ＝ {plain(total)}，以 {plain(limit)} 为限"
    return f"{told} → {_rounded(limit, rounded, places)}"


def _rounded(figure: Fraction, rounded: Fraction, places: int) -> str:
    return fixed(rounded, places) + ("" if rounded == figure else f"（{plain(figure)} 四舍五入）")


def _rounds(
    parts: Sequence[tuple[str, Fraction, Fraction, bool]], bonuses: Sequence[tuple[str, Fraction]], total: Fraction,
    whole: Fraction, rounded: Fraction, places: int,
) -> str:  # fmt: skip
    """Tell the rounds' figures by weight, and beside them each round's bonus as it stands."""
    dropped = "、".join(f"{name} {plain(figure)}" for name, figure, _, counts in parts if not counts)
    if dropped:
        kept = [f"{name} {plain(figure)}" for name, figure, _, counts in parts if counts]
        terms = f"去掉 {dropped}；（{' ＋ '.join(kept)}）÷{len(kept)}"
    else:
        terms = " ＋ ".join(f"{name} {plain(figure)}×{plain(weight * 100)}%" for name, figure, weight, _ in parts)
    added = "".join(f" ＋ {name}加分 {plain(bonus)}" for name, bonus in bonuses if bonus)
    without = "（各轮先不含加分）" if added else ""
    limit = "" if whole == total else f" ＝ {plain(total)}，以 {plain(whole)} 为限"
    return f"各轮合成{without}：{terms}{added}{limit} → {_rounded(whole, rounded, places)}"


# --- grades -----------------------------------------------------------------------------------------------


def _situation(situation: Situation, outcome: str, read: str) -> str:
    return f"{situation_words(situation, read)} → {outcome}"


def situation_words(situation: Situation, read: str) -> str:
    """Tell a situation with its condition, and what that read of the roster and of earlier rounds."""
    if not situation.when:
        return f"{situation.name}（申报，办公室已确认）"
    return f"{situation.name}（{condition_words(situation.when)}{f'；{read}' if read else ''}）"


def _adjusted(
    situation: Situation, before: Fraction, bonus: Fraction, times: Fraction, after: Fraction, read: str
) -> str:
    """Tell a factor on what stands without the bonus, or points, each as a sum that can be worked out again."""
    why = situation_words(situation, read)
    figure = "" if not situation.of else f"×{plain(times)}（{condition_words(situation.of)}）"
    if situation.factor is not None:
        core = f"（{plain(before)} − 加分 {plain(bonus)}）" if bonus else plain(before)
        added = f" ＋ 加分 {plain(bonus)}" if bonus else ""
        return f"{why} → {core}×{plain(Fraction(situation.factor))}{figure}{added} ＝ {plain(after)}"
    points = Fraction(situation.points or 0)
    sign = "−" if points < 0 else "＋"
    return f"{why} → {plain(before)} {sign} {plain(abs(points))}{figure} ＝ {plain(after)}"


def _settled(total: Fraction, limit: Fraction, rounded: Fraction, places: int) -> str:
    told = "" if limit == total else f" ＝ {plain(total)}，以 {plain(limit)} 为限"
    return f"综合得分{told} → {_rounded(limit, rounded, places)}"


def _points(shown: str, start: Decimal | None, grade: str) -> str:
    bound = "" if start is None else f"≥ {plain(Fraction(start))} "
    return f"综合得分 {shown} {bound}→ {grade}"


def said(value: Value) -> str:
    """Tell a value as papers print it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return plain(value) if isinstance(value, Fraction) else value or "不知道"


Looked = tuple[str, str, str, Sequence[tuple[str, Value]]]
"""A condition's name, itself ("" where it is declared), how it came out ("" as settled), and what it read."""


NOT_HELD, NOT_KNOWN = "不成立", "判断不了"
"""How a condition came out that did not take effect."""


def _as_in(when: str, value: Value) -> str:
    """Tell a value as a condition speaks of it: a part of a whole in percent."""
    share = isinstance(value, Fraction) and "%" in when and 0 <= value <= 1
    return percent(value) if share and isinstance(value, Fraction) else "缺" if value is None else said(value)


def _looked(looked: Sequence[Looked]) -> str:
    """Tell what was looked at and did not take effect: each computed condition with what it read, the rest by name."""
    computed = [one for one in looked if one[1]]
    kinds = {how: [_condition(*one) for one in computed if one[2] == how] for how in (NOT_HELD, NOT_KNOWN)}
    kinds["没有确认发生"] = [name for name, when, came_out, _ in looked if not when and came_out]
    return "；".join(f"{how}：{'、'.join(names)}" for how, names in kinds.items() if names)


def _condition(name: str, when: str, _: str, read: Sequence[tuple[str, Value]]) -> str:
    values = "，".join(f"{each}＝{_as_in(when, value)}" for each, value in read)
    return f"{name}（{condition_words(when)}{'；' if values else ''}{values}）"


def _decision(grade: str, computed: str, reason: str, meeting: str) -> str:
    told = "，".join(filter(None, (f"测算等次 {computed}", reason and f"理由：{reason}", meeting)))
    return f"党委研究确定 {grade}（{told}）"


def _lower(grade: str, composite: str) -> str:
    return f"下级上报：{grade or '未定级'}" + (f"，综合得分 {composite}" if composite else "")


SENTENCES: Mapping[str, Callable[..., str]] = {
    "mark": _mark,
    "rule": _rule,
    "combined": _combined,
    "rest": _rest,
    "indicator": _indicator,
    "over_sources": over_sources,
    "source": _source,
    "nested": _nested,
    "unreported": lambda form, points: f"{form}没有交，标准规定按 {plain(points)} 分计",
    "share": _share,
    "option_score": _option_score,
    "uncounted": lambda name, why: f"{name} 不计：{why}",
    "ballots": lambda label, number: f"{label} {number}",
    "votes": lambda question, option, number: f"{question}：{option} {number} 票",
    "bonus": _bonus,
    "composite": _composite,
    "rounds": _rounds,
    "situation": _situation,
    "adjusted": _adjusted,
    "settled": _settled,
    "points": _points,
    "quota": lambda told, outcome: f"{told} → {outcome}",
    "fall": lambda told, before, after: f"{told}：{before} → {after}",
    "told": lambda told: told,
    "looked": _looked,
    "decision": _decision,
    "movement": lambda before, now, movement: f"上期 {before}，本期 {now} → {movement}",
    "lower": _lower,
    "missing": lambda why: f"未定级：{'；'.join(why)}",
}
"""By name; the parameters are what the step keeps, in one row."""
