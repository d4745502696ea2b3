"""What is wrong with the conditions of a standard: unreadable, naming nothing, read too early."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from dingji.numbers import plain
from dingji.scheme.conditions import (
    FUNCTIONS,
    ConditionError,
    Name,
    Node,
    Operation,
    below_in,
    names_in,
    names_of_its_own,
    parse,
)
from dingji.scheme.finding import Finding, Path, error, nearest
from dingji.scheme.indicators import Indicator, Rule
from dingji.scheme.lint_kinds import ONE, Kinds, mixed_up
from dingji.scheme.model import Quota, Scheme, Situation
from dingji.scheme.names import LATE, RANKS, SOURCE_FORMS, UNREPORTED, declared, known_names, roster_names
from dingji.scheme.written import Quantity, Table

CONDITION_KEYS = (("when", "when"), ("for", "only_for"), ("among", "among"), ("exempt", "exempt"), ("of", "of"))
"""Keys that hold conditions, as TOML writes them and as the model names them."""

LATE_NAMES = ("等次", "晋位情况", *RANKS)
"""Names that have a value only after the grades stand: flags and quotas may read them, no other."""

COMPOSED = ("综合得分", "加分")
"""Names that have a value only after the sources are put together: rules that give marks may not read them."""


def readable(scheme: Scheme) -> Iterator[Finding]:
    """Find conditions that cannot be read, and what is wrong with the others."""
    names, roster = known_names(scheme), roster_names(scheme)
    kinds = Kinds.of(scheme)
    composed = {*COMPOSED, *(indicator.name for indicator in scheme.scored), *declared(scheme)}
    computed = {situation.name for situation in scheme.situations} - set(declared(scheme))
    for path, condition, when in all_conditions(scheme):
        try:
            node = parse(condition)
        except ConditionError as fault:
            mend = "；太长，或者括号套得太深，请拆成几条" if fault.tangled else _mend(condition, fault.position)
            yield error(path, f"条件“{condition}”从第 {fault.position + 1} 个字起看不懂{mend}")
            continue
        known = roster if path[-1] in ("for", "exempt") else names
        for part in below_in(node) if path[-1] in ("for", "exempt") else ():
            yield error(path, f"“{part.operator}”发表的时候还不知道；{path[-1]} 里只能读名册上的事项和轮次")
        for name in sorted(names_in(node) & computed):
            yield error(path, f"“{name}”是程序判断的情形，请直接写它的条件")
        yield from _name_findings(path, node, [*known, *computed], names)
        if when != "late":
            yield from _early_findings(path, names_of_its_own(node))
        yield from _needed_forms(path, names_in(node), scheme)
        if when == "mark":
            yield from _unmarked(path, names_of_its_own(node) & composed, {one.name for one in scheme.scored})
        yield from mixed_up(path, node, kinds)


def empty(scheme: Scheme) -> Iterator[Finding]:
    """Find names and conditions that are written and say nothing: a condition left open would hold for all or none."""
    for path, table in _tables(scheme):
        for key, name in (("name", "name"), *CONDITION_KEYS):
            if name in table.model_fields_set and not str(getattr(table, name)).strip():
                yield error((*path, key), "不能是空的；没有的，不写这个键")


# --- what cannot be read ----------------------------------------------------------------------------------

SIGNS: Mapping[str, str] = {
    "≥": ">=", "≤": "<=", "≠": "!=", "＝": "=", "＜": "<", "＞": ">", "（": "(", "）": ")", "，": ",", "、": ",",
    "×": "*", "÷": "/", "％": "%", "＋": "+", "‘": "'", "’": "'",
}  # fmt: skip
COMPARING: Mapping[str, str] = {
    "大于等于": ">=", "不小于": ">=", "不少于": ">=", "不低于": ">=", "小于等于": "<=", "不大于": "<=", "不高于": "<=",
    "不超过": "<=", "不多于": "<=", "大于": ">", "高于": ">", "超过": ">", "多于": ">", "小于": "<", "低于": "<",
    "不足": "<", "少于": "<", "不等于": "!=", "等于": "=", "为": "=", "是": "=",
}  # fmt: skip
JOINING: Mapping[str, str] = {
    "并且": "and", "而且": "and", "且": "and", "同时": "and", "或者": "or", "或": "or", "&&": "and", "&": "and",
    "||": "or", "|": "or", "!": "not", "属于": "in",
}  # fmt: skip
"""What people write for an operator, and the operator."""
TURNED: Mapping[str, str] = {"=>": ">=", "=<": "<=", "<>": "!=", "><": "!="}
OPERATORS = {**COMPARING, **JOINING}
_OPERATOR = re.compile("|".join(map(re.escape, OPERATORS)))
_COMPARED = re.compile(rf"({'|'.join(COMPARING)})\s*[\d'‘“]")
_CALL = re.compile(r"(\w+)\s*\(")
_UNIT = re.compile(r"\d\s*([^\W\d]+)")


def _mend(text: str, position: int) -> str:
    """Return `；…` with the mend for what people write most often instead."""
    return next((f"；{words}" for tell in MENDS if (words := tell(text, position))), "")


def _wrong_sign(text: str, position: int) -> str:
    sign, two = text[position : position + 1], text[max(position - 1, 0) : position + 1]
    if sign in SIGNS:
        return f"“{sign}”请写成英文半角的 {SIGNS[sign]}"
    return f"{two} 请写成 {TURNED[two]}" if two in TURNED else "等于只写一个 =" if two == "==" else ""


def _wrong_word(text: str, position: int) -> str:
    """Tell of a Chinese operator at the fault, or of one that a name and a number have swallowed before it."""
    word = _OPERATOR.match(text, position)
    if call := _CALL.match(text, position):
        return f"没有“{call.group(1)}”这个算法，只有 {'、'.join(FUNCTIONS)}"
    if compared := _COMPARED.search(text):
        return f"“{compared[1]}”请写成 {OPERATORS[compared[1]]}"
    return f"“{word[0]}”请写成 {OPERATORS[word[0]]}" if word else ""


def _unpaired(text: str, _: int) -> str:
    return "单引号不成对" if text.count("'") % 2 else "括号不成对" if text.count("(") != text.count(")") else ""


def _unit(text: str, position: int) -> str:
    unit = _UNIT.search(text)
    return "数字后面不写单位" if unit and unit.start(1) == position else ""


def _chained(text: str, position: int) -> str:
    return "不能连着比较，请用 and 连成两个" if text[position : position + 1] in ("<", ">", "=") else ""


MENDS = (_wrong_sign, _wrong_word, _unpaired, _unit, _chained)
"""What tells the mend of a slip, by the text and the character at which reading stopped; the first that can."""


def _name_findings(path: Path, node: Node, known: Sequence[str], everywhere: Sequence[str]) -> Iterator[Finding]:
    read = names_in(node)
    for name in sorted(read - set(known)):
        if name in everywhere:
            yield error(path, f"“{name}”发表的时候还不知道；{path[-1]} 里只能读名册上的事项和轮次")
            continue
        near = nearest(name, known)
        quoted = f"；如果是文字，要加单引号：'{name}'" if not near and name in _compared(node) else ""
        yield error(path, f"条件中的“{name}”没有出处{near}{quoted}")


def _compared(node: Node) -> set[str]:
    """Return the names that stand where a text may stand: on the right of a comparison."""
    if not isinstance(node, Operation):
        return set()
    own = {part.name for part in node.parts[1:] if isinstance(part, Name)} if node.operator in ("=", "!=", "in") else ()
    return set(own).union(*(_compared(part) for part in node.parts))


def _early_findings(path: Path, read: set[str]) -> Iterator[Finding]:
    for name in sorted(read & set(LATE_NAMES)):
        mend = "；这里请写 名次(综合得分)" if name == "排名" else ""
        yield error(path, f"“{name}”要到审定之后才有，只能用在写 flag 的情形和名额里{mend}")


def _needed_forms(path: Path, read: set[str], scheme: Scheme) -> Iterator[Finding]:
    """Find 未报 of a form that a source needs: without it the branch has no figure, and no condition is asked."""
    needed = {SOURCE_FORMS[source.main_form] for source in scheme.sources if source.main_form and source.indispensable}
    for name in sorted(read):
        form = name.removesuffix(UNREPORTED)
        if name.endswith(UNREPORTED) and form in needed:
            yield error(path, f"“{form}”是来源必需的表，没有它就没有得分，不能读“{name}”；可以读“{form}{LATE}”")


def names_read(scheme: Scheme) -> set[str]:
    """Return every name that the conditions and formulas of a standard without errors read."""
    return set().union(*(names_in(parse(condition)) for _, condition, _ in all_conditions(scheme)))


def _unmarked(path: Path, read: set[str], indicators: set[str]) -> Iterator[Finding]:
    for name in sorted(read):
        mend = f"；要读某一方的分，请写 来源.{name}" if name in indicators else ""
        yield error(path, f"“{name}”要各方合成以后才有，评分的规则不能读{mend}")


# --- where conditions stand -------------------------------------------------------------------------------


def all_conditions(scheme: Scheme) -> Iterator[tuple[Path, str, str]]:
    """Yield every condition and formula with its key path, and when it is read.

    `mark` while sources are scored, `late` after the grades are settled, else "".
    """
    for path, table in _tables(scheme):
        when = _read_when(scheme, path, table)
        for key, attribute in CONDITION_KEYS:
            if text := getattr(table, attribute, ""):
                yield (*path, key), text, when
        for number, text in enumerate(table.tie_keys if isinstance(table, Quota) else ()):
            yield (*path, "ties", number), text, when
        for number, band in enumerate(getattr(table, "bands", None) or []):
            if band.when:
                yield (*path, "bands", number, "when"), band.when, when


def _read_when(scheme: Scheme, path: Path, table: Table) -> str:
    if (isinstance(table, Quota) and table.flag) or (isinstance(table, Situation) and table.effect == "flag"):
        return "late"
    if isinstance(table, Rule):
        return "" if scheme.indicators[int(path[1])].bonus else "mark"
    return ""


def _tables(scheme: Scheme) -> Iterator[tuple[Path, Table]]:
    for kind in ("grades", "situations", "quotas"):
        for index, table in enumerate(getattr(scheme, kind)):
            yield (kind, index), table
    for index, indicator in enumerate(scheme.indicators):
        yield ("indicators", index), indicator
        yield from _inner(index, indicator)


def _inner(index: int, indicator: Indicator) -> Iterator[tuple[Path, Table]]:
    for key in ("items", "rules"):
        for number, part in enumerate(getattr(indicator, key)):
            yield ("indicators", index, key, number), part


def circles(scheme: Scheme) -> Iterator[Finding]:
    """Find rules whose figures are read from each other in a circle."""
    read = {name: _read_by(formula) for name, formula in Kinds.of(scheme).formulas.items()}
    for index, indicator in enumerate(scheme.indicators):
        for number, rule in enumerate(indicator.rules):
            if rule.of and _reaches(rule.name, rule.name, read, set()):
                path = ("indicators", index, "rules", number, "of")
                yield error(path, f"“{rule.name}”读的数绕回到它自己")


def _read_by(formula: str) -> set[str]:
    try:
        return names_in(parse(formula))
    except ConditionError:
        return set()  # told where conditions are read


def _reaches(name: str, goal: str, read: Mapping[str, set[str]], seen: set[str]) -> bool:
    further = read.get(name, set()) - seen
    return goal in further or any(_reaches(other, goal, read, seen | further) for other in further)


# --- bounds of rules --------------------------------------------------------------------------------------


def bounds(scheme: Scheme) -> Iterator[Finding]:
    """Find bounds of rules in the wrong unit: 90 for "90%" where a share is read, "90%" where a number is."""
    kinds = Kinds.of(scheme)
    for index, indicator in enumerate(scheme.indicators):
        for number, rule in enumerate(indicator.rules):
            kind = _read_kind(rule, kinds)
            for path, bound in _bounds_of(rule):
                for words in _bound_faults(rule, kind, bound):
                    yield error(("indicators", index, "rules", number, *path), words)


def _bound_faults(rule: Rule, kind: str, bound: Quantity) -> Iterator[str]:
    if kind == "share" and not bound.share and bound.value > ONE:
        yield f'“{rule.name}”读的是比率，{bound.written} 要写成 "{bound.written}%"'
    elif kind == "number" and bound.share:
        mend = f"；请写成 {plain(bound.value * Fraction(100))}" if bound.written.endswith("%") else ""
        yield f'“{rule.name}”读的不是比率，不能写 "{bound.written}"{mend}'
    elif kind in ("text", "yes"):
        yield f"“{rule.name}”读的不是数，不能有界限"


def _read_kind(rule: Rule, kinds: Kinds) -> str:
    if not rule.of:
        return "share" if rule.unit == "%" else "number" if rule.unit else ""
    try:
        return kinds.kind(parse(rule.of))
    except ConditionError:
        return ""  # told where conditions are read


def _bounds_of(rule: Rule) -> Iterator[tuple[Path, Quantity]]:
    for key in ("under", "over", "per"):
        if bound := getattr(rule, key):
            yield (key,), bound
    for number, band in enumerate(rule.bands or []):
        if band.start:
            yield ("bands", number, "from"), band.start
