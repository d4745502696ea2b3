"""What conditions read and no form collects: facts, marks, counts and times of forms that this standard has not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dingji.scheme.conditions import names_in, parse
from dingji.scheme.finding import Finding, error, warning
from dingji.scheme.lint_conditions import all_conditions
from dingji.scheme.marking import formulas_of, things_of, typed_rules
from dingji.scheme.model import Scheme, Source
from dingji.scheme.names import LATE, SOURCE_FORMS, UNREPORTED
from dingji.scheme.who_marks import marked_by


def collected(scheme: Scheme) -> Iterator[Finding]:
    """Find names in conditions that never have a value, and rules that stand on no form."""
    facts = {source.name: _facts(scheme, source) for source in scheme.sources}
    everywhere = set().union(*facts.values(), (rule.name for one in scheme.bonuses for rule in one.rules))
    read = set[str]()
    for path, condition, _ in all_conditions(scheme):
        for name in sorted(names_in(parse(condition))):
            read.add(name.rpartition(".")[2])
            if why := _never(scheme, name, facts, everywhere):
                yield error(path, f"条件读“{name}”，可是{why}，永远不知道")
    for index, indicator in enumerate(scheme.indicators):
        for number, rule in enumerate(indicator.rules):
            if not rule.of and rule.name not in everywhere | read:
                words = f"“{rule.name}”不在任何一张表上，没有人填得到{_nowhere(scheme, rule.name)}"
                yield warning(("indicators", index, "rules", number), words)


def _facts(scheme: Scheme, source: Source) -> set[str]:
    """Return the names of the rules that are on a source's forms."""
    return {rule.name for _, rule in typed_rules(scheme, source)} if source.form else set()


def _never(scheme: Scheme, name: str, facts: Mapping[str, set[str]], everywhere: set[str]) -> str:
    """Return why a name never has a value, or ""."""
    owner, _, own = name.partition(".")
    if name.endswith((LATE, UNREPORTED)):
        return "" if owner in _forms(scheme) else f"这个标准没有{owner}"
    sources = {source.name: source for source in scheme.sources}
    rules = {rule.name: rule for indicator in scheme.indicators for rule in indicator.rules if not rule.of}
    if name in rules and name not in everywhere:
        return f"它不在任何一张表上{_nowhere(scheme, name)}"
    if own in rules and owner in sources and own not in facts[owner]:
        return f"“{owner}”的表上没有它"
    return _no_mark(scheme, name, sources)


def _nowhere(scheme: Scheme, rule: str) -> str:
    """Return why a rule stands on no form."""
    unscored = any(one.full is None and rule in {own.name for own in one.rules} for one in scheme.indicators)
    return "（指标没有写 full，只有自评表列出它的规则）" if unscored else "（没有一方填它所在的指标）"


def _forms(scheme: Scheme) -> set[str]:
    """Return the forms that the standard has, of those whose times conditions may read."""
    forms = {SOURCE_FORMS[source.main_form] for source in scheme.sources if source.main_form}
    forms |= {"情形申报"} if any(not situation.when for situation in scheme.situations) else set()
    return forms | ({"加分申报"} if scheme.bonuses else set())


def _no_mark(scheme: Scheme, name: str, sources: Mapping[str, Source]) -> str:
    """Return why an indicator has no mark: it carries no points, or whoever is meant gives one total."""
    owner, _, own = name.partition(".")
    meant = name if name in {one.name for one in scheme.indicators} else own if owner in sources else ""
    indicator = next((one for one in scheme.indicators if one.name == meant), None)
    if indicator is None:
        return ""
    if indicator not in scheme.scored:
        return "它不计分，没有得分" if not indicator.bonus else "加分要读“加分”"
    asked = [sources[owner]] if owner in sources and own else list(sources.values())
    if any(_marks(scheme, source, meant) for source in asked):
        return ""
    return f"{'、'.join(source.name for source in asked if source.form)}都不按指标打分"


def _marks(scheme: Scheme, source: Source, indicator: str) -> bool:
    parts = {one.name for one in scheme.scored if one.inside == indicator}
    if not source.form or source.marks in ("total", "options"):
        return False
    return any(thing.indicator == indicator for thing in things_of(scheme, source)) or any(
        _marks(scheme, source, part) for part in parts
    )


def own_circle(scheme: Scheme) -> Iterator[Finding]:
    """Find rules that read what their own source gives, which is not known before they do."""
    for index, indicator in enumerate(scheme.indicators):
        for number, rule in enumerate(indicator.rules):
            texts = formulas_of(rule) if not indicator.bonus else []
            read = {name for text in texts for name in names_in(parse(text))}
            for source in scheme.sources:
                own = {source.name, *(f"{source.name}.{one.name}" for one in scheme.scored)}
                judges = source.main_form != "self" and source.form and source.marks not in ("total", "options")
                if judges and own & read and marked_by(scheme, source, indicator.by):
                    words = (
                        f"“{rule.name}”读“{source.name}”的得分，而它自己就是“{source.name}”得分的一部分，永远算不出来"
                    )
                    mend = f"；请写 by，由别的一方来评（不能是“{source.name}”），或把它改成情形"
                    yield error(("indicators", index, "rules", number), words + mend)
