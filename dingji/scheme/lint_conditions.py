"""What is wrong with the conditions of a standard: unreadable, naming nothing, read too early, shares mixed up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from dingji.numbers import plain
from dingji.scheme.conditions import ConditionError, Constant, Name, Node, Operation, names_in, parse
from dingji.scheme.finding import Finding, Path, error, nearest
from dingji.scheme.model import Indicator, Quantity, Rule, Scheme, Situation, Table
from dingji.scheme.names import LATE, SOURCE_FORMS, UNREPORTED, known_names, roster_names

CONDITION_KEYS = (("when", "when"), ("for", "only_for"), ("among", "among"), ("exempt", "exempt"), ("of", "of"))
"""Keys that hold conditions, as TOML writes them and as the model names them."""

LATE_NAMES = ("等次", "晋位情况")
"""Names that have a value only after the committee's decision: flags and quotas may read them, no other."""

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=", "in")
ONE = Fraction(1)


def readable(scheme: Scheme) -> Iterator[Finding]:
    """Find conditions that cannot be read, and what is wrong with the others."""
    names, roster = known_names(scheme), roster_names()
    shares = share_names(scheme)
    for path, condition, late in _all_conditions(scheme):
        known = roster if path[-1] in ("for", "exempt") else names
        try:
            node = parse(condition)
        except ConditionError as fault:
            yield error(path, f"条件“{condition}”从第 {fault.position + 1} 个字起看不懂")
            continue
        yield from _name_findings(path, names_in(node), known)
        if not late:
            yield from _early_findings(path, names_in(node))
        yield from _mixed_up(path, node, shares)
        yield from _needed_forms(path, names_in(node), scheme)


def _name_findings(path: Path, read: set[str], known: Sequence[str]) -> Iterator[Finding]:
    for name in sorted(read - set(known)):
        yield error(path, f"条件中的“{name}”没有出处{nearest(name, known)}")


def _early_findings(path: Path, read: set[str]) -> Iterator[Finding]:
    for name in sorted(read & set(LATE_NAMES)):
        yield error(path, f"“{name}”要到审定之后才有，只能用在写 flag 的情形和名额里")


def _needed_forms(path: Path, read: set[str], scheme: Scheme) -> Iterator[Finding]:
    """Find 未报 of a form that a source needs: without it the branch has no figure, and no condition is asked."""
    needed = {SOURCE_FORMS[source.main_form] for source in scheme.sources if source.required and source.main_form}
    for name in sorted(read):
        form = name.removesuffix(UNREPORTED)
        if name.endswith(UNREPORTED) and form in needed:
            yield error(path, f"“{form}”是来源必需的表，没有它就没有得分，不能读“{name}”；可以读“{form}{LATE}”")


def names_read(scheme: Scheme) -> set[str]:
    """Return every name that the conditions and formulas of a standard without errors read."""
    return set().union(*(names_in(parse(condition)) for _, condition, _ in _all_conditions(scheme)))


def _all_conditions(scheme: Scheme) -> Iterator[tuple[Path, str, bool]]:
    """Yield every condition and formula with its key path, and whether it is read after the grades are settled."""
    for path, table in _tables(scheme):
        late = path[0] == "quotas" or (isinstance(table, Situation) and table.effect == "flag")
        for key, attribute in CONDITION_KEYS:
            if text := getattr(table, attribute, ""):
                yield (*path, key), text, late
        for number, band in enumerate(getattr(table, "bands", None) or []):
            if band.when:
                yield (*path, "bands", number, "when"), band.when, late


def _tables(scheme: Scheme) -> Iterator[tuple[Path, Table]]:
    for kind in ("grades", "situations", "quotas"):
        for place, table in enumerate(getattr(scheme, kind)):
            yield (kind, place), table
    for place, indicator in enumerate(scheme.indicators):
        yield ("indicators", place), indicator
        yield from _inner(place, indicator)


def _inner(place: int, indicator: Indicator) -> Iterator[tuple[Path, Table]]:
    for key in ("items", "rules"):
        for number, part in enumerate(getattr(indicator, key)):
            yield ("indicators", place, key, number), part


# --- shares against plain numbers -------------------------------------------------------------------------


def share_names(scheme: Scheme) -> frozenset[str]:
    """Return the names whose figures are shares: those of surveys, and facts typed in percent."""
    surveys = {share for source in scheme.sources for share in source.shares}
    rates = {rule.name for indicator in scheme.indicators for rule in indicator.rules if rule.unit == "%"}
    return frozenset(surveys | rates)


def _is_share(node: Node, shares: frozenset[str]) -> bool:
    if isinstance(node, Name):
        return node.name.rpartition(".")[2] in shares
    return isinstance(node, Operation) and node.operator in ("最高", "最低") and _is_share(node.parts[0], shares)


def _mixed_up(path: Path, node: Node, shares: frozenset[str]) -> Iterator[Finding]:
    """Find comparisons of a share with a bare number above 1, which no share can reach."""
    if not isinstance(node, Operation):
        return
    for part in node.parts:
        yield from _mixed_up(path, part, shares)
    if node.operator in COMPARISONS and any(_is_share(part, shares) for part in node.parts):
        numbers = [part.value for part in node.parts if isinstance(part, Constant) and not part.share]
        for number in numbers:
            if isinstance(number, Fraction) and number > ONE:
                yield error(path, f"比率不能与 {plain(number)} 比较；请写成 {plain(number)}%")


def bounds(scheme: Scheme) -> Iterator[Finding]:
    """Find bounds of rules that read a share and are written as bare numbers: 90 for "90%"."""
    shares = share_names(scheme)
    for place, indicator in enumerate(scheme.indicators):
        for number, rule in enumerate(indicator.rules):
            if _reads_share(rule, shares):
                for path, bound in _bounds_of(rule):
                    if not bound.share and bound.value > ONE:
                        words = f'“{rule.name}”读的是比率，{bound.written} 要写成 "{bound.written}%"'
                        yield error(("indicators", place, "rules", number, *path), words)


def _reads_share(rule: Rule, shares: frozenset[str]) -> bool:
    if not rule.of:
        return rule.unit == "%"
    try:
        return _is_share(parse(rule.of), shares)
    except ConditionError:
        return False  # told where conditions are read


def _bounds_of(rule: Rule) -> Iterator[tuple[Path, Quantity]]:
    for key in ("under", "over", "per"):
        if bound := getattr(rule, key):
            yield (key,), bound
    for number, band in enumerate(rule.bands or []):
        if band.start:
            yield ("bands", number, "from"), band.start
